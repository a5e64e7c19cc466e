package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// bucketGrant is the policy of the bucket logs, or of what resourceType and arn say.
func bucketGrant(t *testing.T, resourceType, arn, before, after string) *extractors.Grant {
	t.Helper()
	side := func(text string) extractors.Side {
		if text == "" {
			return extractors.Side{Absent: true}
		}
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return extractors.Side{Document: d}
	}
	return &extractors.Grant{
		Address: "aws_s3_bucket_policy.logs", Attribute: "policy", Type: "aws_s3_bucket_policy", Kind: extractors.Resource, Action: extractors.Update,
		ResourceType: resourceType, ARN: arn, Subject: extractors.Subject{Kind: "bucket", Address: "aws_s3_bucket.logs"}, Before: side(before), After: side(after),
	}
}

// TestRefusedIsNoAccess: what a service refuses, and never looks at, is told as that alone.
func TestRefusedIsNoAccess(t *testing.T) {
	t.Parallel()
	const (
		bucket, own = "AWS::S3::Bucket", "arn:aws:s3:::logs"
		queue       = "arn:aws:sqs:eu-west-1:111122223333:q"
	)
	allow := func(actions, resources string) string {
		return `{"Effect": "Allow", "Principal": "*", "Action": ` + actions + `, "Resource": ` + resources + `}`
	}
	var strict Options
	strict.StrictOpenWorld = true
	for _, c := range []struct {
		name, typ, arn, before, after string
		o                             Options
		want                          bool // new access
	}{
		{"its own", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::logs/*"`), Options{}, true},
		{"another one", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::other/*"`), Options{}, false},
		{"none", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::/*"`), Options{}, false},
		{"none, and the own one is not known", bucket, "", "", allow(`"s3:GetObject"`, `"arn:aws:s3:::/*"`), Options{}, false},
		{"one that may be it", bucket, "", "", allow(`"s3:GetObject"`, `"arn:aws:s3:::other/*"`), Options{}, true},
		{"one of two", bucket, own, "", allow(`"s3:GetObject"`, `["arn:aws:s3:::other/*", "arn:aws:s3:::lo?s/*"]`), Options{}, true},
		{"of a pattern", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::*/*"`), Options{}, true},
		{"of a variable", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::${aws:PrincipalTag/x}/*"`), Options{}, true},
		{"of another partition", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws-cn:s3:::logs/*"`), Options{}, true},
		{"by an access point", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/*"`), Options{}, true},
		{"all but one", bucket, own, "", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::other/*"}`, Options{}, true},
		{"another one, and nothing is known of AWS", bucket, own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::other/*"`), strict, true},
		{"another one before", bucket, own, allow(`"s3:GetObject"`, `"arn:aws:s3:::other/*"`), allow(`"s3:GetObject"`, `"arn:aws:s3:::logs/*"`), Options{}, true},
		{"of another type", "AWS::S3::AccessPoint", own, "", allow(`"s3:GetObject"`, `"arn:aws:s3:::other/*"`), Options{}, true},
		{"a foreign action", bucket, own, "", allow(`"ec2:*"`, `"arn:aws:s3:::logs/*"`), Options{}, false},
		{"a foreign action of two", bucket, own, "", allow(`["ec2:*", "s3:GetObject"]`, `"arn:aws:s3:::logs/*"`), Options{}, true},
		{"of any service", bucket, own, "", allow(`"*"`, `"arn:aws:s3:::logs/*"`), Options{}, true},
		{"a foreign action of a queue", "AWS::SQS::Queue", queue, "", allow(`"logs:PutLogEvents"`, `"*"`), Options{}, false},
		{"an action of a queue", "AWS::SQS::Queue", queue, "", allow(`"SQS:SendMessage"`, `"*"`), Options{}, true},
		{"a foreign action that has no effect", "AWS::KMS::Key", "", "", allow(`"s3:GetObject"`, `"*"`), Options{}, true},
	} {
		found := Run(bucketGrant(t, c.typ, c.arn, c.before, c.after), c.o)
		has := func(rule string) bool {
			return slices.ContainsFunc(found, func(f Found) bool { return f.Rule == rule })
		}
		if has("new-access") != c.want || has("public-access") && !c.want {
			t.Errorf("%s: new-access %v, public-access %v, want %v", c.name, has("new-access"), has("public-access"), c.want)
		}
		if !c.want && !has("invalid-policy") {
			t.Errorf("%s: nothing is told", c.name)
		}
	}
}

// TestActionWithBlank: no action has a blank in its name, so it neither is access nor
// decides how bad what stands beside it is.
func TestActionWithBlank(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": ["ivs:GetComposition", "osis:GetPipelineB lueprint"], "Resource": "*"}`)
	g.Type = "aws_iam_role_policy"
	for _, f := range Run(g, Options{}) {
		if f.Rule == "new-access" && (f.Level != Note || slices.Contains(f.Gained.Actions, "osis:GetPipelineB lueprint")) {
			t.Errorf("%s: %s", f.Level, f.Message)
		}
	}
	g = identityGrant(t, "", `{"Effect": "Allow", "Action": "osis:GetPipelineB lueprint", "Resource": "*"}`)
	g.Type = "aws_iam_role_policy"
	var told []string
	for _, f := range Run(g, Options{}) {
		told = append(told, f.Rule)
	}
	if !slices.Equal(told, []string{"invalid-policy"}) {
		t.Errorf("got %v", told)
	}
	// At an end it may be cut off, and no lint tells of one behind a pattern of a service.
	for _, action := range []string{"iam:* ", "iam: PassRole", "*:* ", "i?m:Foo Bar", "iam*:* "} {
		g = identityGrant(t, "", `{"Effect": "Allow", "Action": "`+action+`", "Resource": "*"}`)
		if !slices.ContainsFunc(Run(g, Options{}), func(f Found) bool { return f.Rule == "new-access" }) {
			t.Errorf("%q is not told", action)
		}
	}
	g = identityGrant(t, `{"Effect": "Deny", "Action": "*", "Resource": "*"}`, `{"Effect": "Deny", "NotAction": "a: b", "Resource": "*"}`)
	if found := Run(g, Options{StrictOpenWorld: true}); len(found) == 0 {
		t.Error("a Deny counts as it is written")
	}
}

// TestUnknownActionOnce: an action that is not known is told once, as access that may be.
func TestUnknownActionOnce(t *testing.T) {
	t.Parallel()
	var asked Options
	asked.Settings.Levels = map[string]Level{"invalid-policy": Error}
	for name, c := range map[string]struct {
		actions string
		o       Options
		want    []string
	}{
		"alone":         {`"sqs:Read"`, Options{}, []string{"new-access"}},
		"with another":  {`["sqs:Read", "sqs:SendMessage"]`, Options{}, []string{"new-access", "invalid-policy"}},
		"asked for":     {`"sqs:Read"`, asked, []string{"new-access", "invalid-policy"}},
		"of no service": {`"specific:ObscureAction"`, Options{}, []string{"new-access"}},
		"one of AWS's":  {`"ssmmessages:CreateControlChannel"`, Options{}, []string{"new-access"}},
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": `+c.actions+`, "Resource": "*"}`)
		g.Type = "aws_iam_role_policy"
		var told []string
		for _, f := range Merge(Run(g, c.o)) {
			told = append(told, f.Rule)
			if name == "with another" && f.Rule == newAccess.ID && f.Message != "role ci now allows sqs:SendMessage and sqs:Read (not known) on every resource." {
				t.Error(f.Message)
			}
			if name == "alone" && f.Message != "role ci now allows sqs:Read on every resource; no such action was known on "+edition()+"." {
				t.Error(f.Message)
			}
		}
		if !slices.Equal(told, c.want) {
			t.Errorf("%s: got %v, want %v", name, told, c.want)
		}
	}
}

// TestAllButIsKnown: all but some actions are some that are known.
func TestAllButIsKnown(t *testing.T) {
	t.Parallel()
	for _, f := range Run(identityGrant(t, "", `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`), Options{}) {
		if strings.Contains(f.Message, "no such action") {
			t.Error(f.Message)
		}
	}
}

// TestRefusedDenyCounts: a Deny is looked at as it is written.
func TestRefusedDenyCounts(t *testing.T) {
	t.Parallel()
	deny := `{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::logs/*"}`
	foreign := `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}`
	found := Run(bucketGrant(t, "AWS::S3::Bucket", "arn:aws:s3:::logs", deny, foreign), Options{})
	if !slices.ContainsFunc(found, func(f Found) bool { return f.Rule == "guardrail-removed" }) {
		t.Error("the lost Deny is not told")
	}
}

// TestCanonicalUserMayBeAnother: an account that its canonical user names may be another
// one, unless that is of AWS.
func TestCanonicalUserMayBeAnother(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]Level{
		"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be": Warning,
		"6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c": Note,
		"(Identity id)": Note,
	} {
		g := bucketGrant(t, "AWS::S3::Bucket", "arn:aws:s3:::logs", "", `{"Effect": "Allow", "Principal": {"CanonicalUser": "`+id+`"}, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs"}`)
		g.After.Symbols = []extractors.Symbol{{Text: "(Identity id)", Reference: "Identity id"}}
		for _, f := range Run(g, Options{}) {
			if f.Rule == "new-access" && f.Level != want {
				t.Errorf("%s: %s, want %s", id, f.Level, want)
			}
		}
	}
}

// TestOpenAccountMayBeAnother: it is said that an account may be another one where an ARN
// has it from what is not known, but for that of the provider configuration.
func TestOpenAccountMayBeAnother(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]bool{"(Partner)": true, "(account of aws)": false, "111122223333": false} {
		g := bucketGrant(t, "AWS::S3::Bucket", "arn:aws:s3:::logs", "", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::`+account+`:role/app"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`)
		g.Account = "111122223333"
		g.After.Symbols = []extractors.Symbol{{Text: "(Partner)", Reference: "Partner"}, {Text: "(account of aws)", Reference: "account of aws"}}
		for _, f := range Run(g, Options{}) {
			got := slices.ContainsFunc(f.Details, func(d string) bool { return strings.Contains(d, "may be another one") })
			if f.Rule == "new-access" && got != want {
				t.Errorf("%s: told %v, want %v: %q", account, got, want, f.Details)
			}
		}
	}
}
