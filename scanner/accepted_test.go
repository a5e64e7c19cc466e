package scanner_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// What the cases below are made of: resources of a template, one to a line.
const (
	trustedRole = `, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}}}`
	allowIAM    = `{Effect: Allow, Action: "iam:*", Resource: "*"}`
)

func roleNamed(id, rest string) string {
	return "  " + id + ": {Type: AWS::IAM::Role, Properties: {RoleName: " + strings.ToLower(id) + rest + trustedRole + "\n"
}

func inline(statements ...string) string {
	return `, Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [` + strings.Join(statements, ", ") + `]}}]`
}

func bucketPolicy(statements ...string) string {
	return `  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Version: "2012-10-17", Statement: [` + strings.Join(statements, ", ") + "]}}}\n"
}

func queuePolicy(queue string) string {
	return `  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref ` + queue + `], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "sqs:*", Resource: "*"}]}}}` + "\n"
}

// TestAcceptedIsNotMore accepts every finding of a change by its fingerprint. The change
// fails no more then, and does when it gives more, or to somebody else.
func TestAcceptedIsNotMore(t *testing.T) {
	t.Parallel()
	const (
		roles    = "A B C"
		denyIAM  = `{Effect: Deny, Action: ["iam:Create*", "iam:Put*", "iam:Attach*"], Resource: "*"}`
		managed  = `  M: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: m, PolicyDocument: {Version: "2012-10-17", Statement: [` + allowIAM + `]}, Roles: [`
		queues   = "  Dev: {Type: AWS::SQS::Queue, Properties: {QueueName: dev}}\n  Prod: {Type: AWS::SQS::Queue, Properties: {QueueName: prod}}\n"
		bucket   = "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: open}}\n"
		everyone = `{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::open/*"}`
		readOnly = `{Effect: Deny, Principal: "*", Action: ["s3:Put*", "s3:Delete*"], Resource: "arn:aws:s3:::open/*"}`
		bounded  = `  L: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: l, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: `
	)
	var all strings.Builder
	for _, id := range strings.Fields(roles) {
		all.WriteString(roleNamed(id, ""))
	}
	attached := func(to string) string { return all.String() + managed + to + "]}}\n" }
	ofAWS := func(ids string) string {
		out := ""
		for _, id := range strings.Fields(roles) {
			rest := ""
			if strings.Contains(ids, id) {
				rest = ", ManagedPolicyArns: [arn:aws:iam::aws:policy/IAMFullAccess]"
			}
			out += roleNamed(id, rest)
		}
		return out
	}
	limit := func(actions string) string {
		return roleNamed("A", inline(`{Effect: Allow, Action: "*", Resource: "*"}`)+", PermissionsBoundary: !Ref L") + bounded + actions + `, Resource: "*"}]}}}` + "\n"
	}
	inCase := func(resource string) string {
		return strings.Replace(limit(`"s3:Get*"`), `{Effect: Allow, Action: "s3:Get*"`, `{Effect: Allow, Action: "iam:*", Resource: !If [IsProd, `+resource+`, "arn:aws:iam::*:role/b"]}, {Effect: Allow, Action: "s3:Get*"`, 1)
	}
	outsider := func(key string) string {
		return `{Effect: Allow, Principal: {AWS: "444455556666"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::open/` + key + `"}`
	}
	putRole := func(on string) string {
		return `{Effect: Allow, Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::111122223333:` + on + `"}`
	}
	for name, c := range map[string]struct{ before, first, then string }{
		"a further role has the policy":    {all.String(), attached("!Ref A, !Ref B"), attached("!Ref A, !Ref B, !Ref C")},
		"a further role has one of AWS":    {all.String(), ofAWS("A B"), ofAWS("A B C")},
		"another queue":                    {queues, queues + queuePolicy("Dev"), queues + queuePolicy("Prod")},
		"a Deny less":                      {all.String(), roleNamed("A", inline(allowIAM, denyIAM)), roleNamed("A", inline(allowIAM))},
		"a Deny of less":                   {all.String(), roleNamed("A", inline(allowIAM, denyIAM)), roleNamed("A", inline(allowIAM, strings.Replace(denyIAM, `"iam:Put*", `, "", 1)))},
		"the Deny goes further":            {roleNamed("A", inline(allowIAM, denyIAM)), roleNamed("A", inline(allowIAM, strings.Replace(denyIAM, `"iam:Put*", `, "", 1))), roleNamed("A", inline(allowIAM))},
		"a boundary lets more through":     {limit(`"s3:Get*"`), limit(`["s3:Get*", "s3:Put*"]`), limit(`["s3:Get*", "s3:Put*", "iam:*"]`)},
		"anyone may write, too":            {bucket, bucket + bucketPolicy(everyone, readOnly), bucket + bucketPolicy(everyone)},
		"in every case, and not in one":    {all.String(), roleNamed("A", inline("!If [IsProd, "+allowIAM+", !Ref AWS::NoValue]")), roleNamed("A", inline(allowIAM))},
		"in the other case":                {all.String(), roleNamed("A", inline("!If [IsProd, "+allowIAM+", !Ref AWS::NoValue]")), roleNamed("A", inline("!If [IsProd, !Ref AWS::NoValue, "+allowIAM+"]"))},
		"a boundary in one case":           {limit(`"s3:Get*"`), inCase(`"arn:aws:iam::*:role/a"`), inCase(`"*"`)},
		"in one of two cases, and in both": {all.String(), roleNamed("A", inline("!If [IsProd, "+allowIAM+", !Ref AWS::NoValue]")), roleNamed("A", inline("!If [IsEither, "+allowIAM+", !Ref AWS::NoValue]"))},
		"an outsider on more":              {bucket, bucket + bucketPolicy(outsider("x/*")), bucket + bucketPolicy(outsider("x/*"), outsider("*"))},
		"an outsider without a condition":  {bucket, bucket + bucketPolicy(strings.Replace(outsider("*"), "Effect", "Condition: {StringEquals: {s3:ExistingObjectTag/a: b}}, Effect", 1)), bucket + bucketPolicy(outsider("*"))},
		"a second statement of a way":      {all.String(), roleNamed("A", inline(putRole("role/x"))), roleNamed("A", inline(putRole("role/x"), putRole("*")))},
		"a permission of a way on more":    {all.String(), roleNamed("A", inline(`{Effect: Allow, Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::*:role/x"}`)), roleNamed("A", inline(`{Effect: Allow, Action: "iam:PutRolePolicy", Resource: "*"}`))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			scan := func(resources string, archive []rules.ArchiveRule) []rules.Finding {
				head := "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}, Foo: {Type: String, AllowedValues: [y, x, z]}}\nConditions: {IsProd: !Equals [!Ref Env, prod], IsFoo: !Equals [!Ref Foo, x], IsEither: !Or [!Condition IsFoo, !Condition IsProd]}\nResources:\n"
				prior, now := write(t, dir, "before.yaml", head+c.before), write(t, dir, "template.yaml", head+resources)
				return scanAll(t, scanner.Options{Paths: []string{now}, Prior: prior, Config: &scanner.Config{Archive: archive, Settings: rules.Settings{Trust: rules.Trust{Accounts: []string{"111122223333"}}}}}).Findings
			}
			var accept []rules.ArchiveRule
			first := scan(c.first, nil)
			for _, f := range first {
				accept = append(accept, rules.ArchiveRule{Name: "reviewed", Filter: map[string]rules.Criterion{"fingerprint": {Eq: []string{f.Fingerprint}}}})
			}
			open := func(f rules.Finding) bool { return f.Archived == nil && f.Level >= rules.Warning }
			if !slices.ContainsFunc(first, open) || slices.ContainsFunc(scan(c.first, accept), open) {
				t.Fatalf("what was reviewed is not accepted: %s", filepath.Join(dir, "template.yaml"))
			}
			if !slices.ContainsFunc(scan(c.then, accept), open) {
				t.Error("what is more is accepted, too")
			}
		})
	}
}

// TestArchiveRuleOfOne: a rule about one of those whom a finding is about, or about one
// of the names of one, accepts nothing of the others.
func TestArchiveRuleOfOne(t *testing.T) {
	t.Parallel()
	const head = "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\nResources:\n"
	named := strings.Replace(roleNamed("R", inline(allowIAM)), "RoleName: r", "RoleName: !Sub 'r-${Env}'", 1)
	for name, c := range map[string]struct {
		before, after, field string
		one, all             []string
	}{
		"subjects":      {roleNamed("A", "") + roleNamed("B", ""), roleNamed("A", inFull) + roleNamed("B", inFull), "subject.name", []string{"a"}, []string{"a", "b"}},
		"what brings":   {roleNamed("A", "") + roleNamed("B", ""), roleNamed("A", inFull) + roleNamed("B", inFull), "sources", []string{"A"}, []string{"A", "B"}},
		"names of one":  {roleNamed("X", ""), named, "subject.name", []string{"r-dev"}, []string{"r-dev", "r-prod"}},
		"names, others": {roleNamed("X", ""), named, "subject.name", []string{"r-prod"}, []string{"r-prod", "r-dev"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			prior, now := write(t, dir, "before.yaml", head+c.before), write(t, dir, "template.yaml", head+c.after)
			for _, accepted := range []bool{false, true} {
				values := c.one
				if accepted {
					values = c.all
				}
				config := &scanner.Config{Archive: []rules.ArchiveRule{{Name: "one", Filter: map[string]rules.Criterion{c.field: {Eq: values}}}}}
				errors := 0
				for _, f := range scanAll(t, scanner.Options{Paths: []string{now}, Prior: prior, Config: config}).Findings {
					if f.Level < rules.Error {
						continue
					}
					errors++
					if (f.Archived != nil) != accepted {
						t.Errorf("%v: %s", values, f.Message)
					}
				}
				if errors == 0 {
					t.Fatal("no error")
				}
			}
		})
	}
}

// inFull is a policy of AWS that gives all of IAM.
const inFull = ", ManagedPolicyArns: [arn:aws:iam::aws:policy/IAMFullAccess]"
