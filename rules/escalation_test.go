package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

func TestEscalationsAreKnownActions(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range escalations {
		if seen[e.ID] || e.Does == "" || e.Source == "" || len(e.Needs) == 0 {
			t.Errorf("%s: twice, or without a part", e.ID)
		}
		seen[e.ID] = true
		for _, action := range e.Needs {
			if a, ok := catalog.Lookup(action); !ok || a.String() != action {
				t.Errorf("%s: %s is no action of the catalogue, or not spelled so", e.ID, action)
			}
		}
		if e.Passes != (e.Needs[0] == "iam:PassRole") || e.Passes != strings.HasSuffix(e.To, ".amazonaws.com") {
			t.Errorf("%s: whether it hands a role over", e.ID)
		}
	}
}

func identityGrant(t *testing.T, before, after string) *extractors.Grant {
	t.Helper()
	side := func(text string) extractors.Side {
		if text == "" {
			return extractors.Side{Absent: true}
		}
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), policy.ParseOptions{Kind: policy.Identity})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return extractors.Side{Document: d}
	}
	return &extractors.Grant{
		Address: "aws_iam_role_policy.x", Attribute: "policy", Kind: extractors.Identity, Action: extractors.Update,
		Subject: extractors.Subject{Kind: "role", Name: "ci"}, Before: side(before), After: side(after),
	}
}

// TestEscalationOnAnotherThing: an action on what it never works on is no way.
func TestEscalationOnAnotherThing(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]bool{
		"arn:aws:glue:eu-west-1:111122223333:job/etl":           false,
		"arn:aws:glue:eu-west-1:111122223333:devEndpoint/shell": true,
		"arn:aws:glue:eu-west-1:111122223333:*":                 true,
		"arn:aws:glue:*:*:*/etl":                                true,
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": "glue:*", "Resource": "`+resource+`"}`)
		got := false
		for _, f := range Run(g, Options{}) {
			got = got || f.Rule == "privilege-escalation"
		}
		if got != want {
			t.Errorf("glue:* on %s: %v, want %v", resource, got, want)
		}
	}
}

// TestEscalationOnOtherServices: every action on a thing of one service opens no way
// through another one, also where fields are wildcards.
func TestEscalationOnOtherServices(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]bool{
		"arn:*:quicksight:eu-west-1:111122223333:dataset/*": false,
		"arn:aws:quicksight:*:*:dataset/*":                  false,
		"arn:aws:quicksight:*:111122223333:*":               false,
		"arn:aws:quicksight:*":                              false,
		"arn:aws:*:*:*:*":                                   true,
		"arn:*:*:eu-west-1:111122223333:function:*":         true,
		"arn:aws:lambda:*:*:*":                              true,
		"arn:aws:lambda:*":                                  true,
		"arn:aws:lambda":                                    true,
		"arn:*":                                             true,
		"*":                                                 true,
		"arn:aws:l*:eu-west-1:111122223333:function:*":      true,
		"arn:aws:lambda:eu-west-1:111122223333:*":           true,
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "`+resource+`"}`)
		got := slices.ContainsFunc(Run(g, Options{}), func(f Found) bool { return f.Rule == "privilege-escalation" })
		if got != want {
			t.Errorf("all but IAM on %s: %v, want %v", resource, got, want)
		}
	}
}

// TestEscalationOfOneself: a key or password of one's own is no way to more.
func TestEscalationOfOneself(t *testing.T) {
	t.Parallel()
	const own, path = "arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::*:user/staff/${aws:username}"
	for _, one := range []struct {
		action, resource string
		want             bool
	}{
		{"iam:CreateAccessKey", own, false},
		{"iam:*AccessKey*", own, false},
		{"iam:CreateLoginProfile", path, false},
		{"iam:UpdateLoginProfile", "arn:aws:iam::*:user/*/${aws:username}", false},
		{"iam:CreateAccessKey", "arn:aws:iam::*:user/*${aws:username}", true}, // also of whose name only ends so
		{"iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}-*", true},
		{"iam:CreateAccessKey", "arn:aws:iam::*:user/bob", true},
		{"iam:CreateAccessKey", "arn:aws:iam::*:user/*", true},
		{"iam:CreateAccessKey", "*", true},
		{"iam:AttachUserPolicy", own, true},
		{"iam:PutUserPolicy", own, true},
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": "`+one.action+`", "Resource": "`+one.resource+`"}`)
		got := false
		for _, f := range Run(g, Options{}) {
			got = got || f.Rule == "privilege-escalation"
		}
		if got != one.want {
			t.Errorf("%s on %s: %v, want %v", one.action, one.resource, got, one.want)
		}
	}
}

// TestUsualEscalation: what a policy of AWS has by itself is left to new-access of a new
// role, if it opens no way but one that few accounts can go; a note where the
// configuration wants to know of such ways.
func TestUsualEscalation(t *testing.T) {
	t.Parallel()
	const aws = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
	var asked, pinned Options
	asked.Settings.Levels = map[string]Level{"privilege-escalation": Error}
	pinned.Settings.Levels = map[string]Level{"new-access": Note}
	for name, one := range map[string]struct {
		address, text string
		new           bool
		o             Options
		want          Level // 0: none
	}{
		"of AWS":                       {aws, "glue:*", true, Options{}, 0},
		"of AWS, asked for":            {aws, "glue:*", true, asked, Note}, // which the configuration raises later
		"of AWS, and new access is no": {aws, "glue:*", true, pinned, Note},
		"of AWS, on an old role":       {aws, "glue:*", false, Options{}, Warning},
		"of one's own":                 {"aws_iam_role_policy.x", "glue:*", true, Options{}, Warning},
		"of AWS, and another way":      {aws, `glue:*", "iam:CreateAccessKey`, true, Options{}, Error},
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": ["`+one.text+`"], "Resource": "*"}`)
		g.Address, g.Subject.New = one.address, one.new
		got := Level(0)
		for _, f := range Run(g, one.o) {
			if f.Rule == "privilege-escalation" {
				got = f.Level
			}
		}
		if got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}

// TestUsualEscalationOfAnother: what acts as such a new role is none the further by it.
func TestUsualEscalationOfAnother(t *testing.T) {
	t.Parallel()
	for isNew, want := range map[bool]bool{true: false, false: true} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": "glue:*", "Resource": "*"}`)
		g.Address, g.Subject = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole", extractors.Subject{Kind: "crawler", Address: "c"}
		sum := Own(g)
		sum.Terms[0].Holdings[0].Hubs = []Hub{{Subject: extractors.Subject{Kind: "role", Name: "r", New: isNew}}}
		got := false
		for _, f := range Check(Pass{Sum: sum}, Options{}) {
			got = got || f.Rule == "privilege-escalation"
		}
		if got != want {
			t.Errorf("of a role that is new: %v, told is %v", isNew, got)
		}
	}
}

// TestEscalationWording: who it is about, and which of several inline policies.
func TestEscalationWording(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}`)
	g.Attribute = `inline_policy["keys"].policy`
	g.Address = "aws_iam_role.ci"
	p := identityGrant(t, "", `{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}`)
	p.Subject = extractors.Subject{Kind: "policy", Name: "ops"}
	for want, grant := range map[string]*extractors.Grant{
		"role ci can now get more permissions: it can make an access key of another user. by statement 0 of policy keys of aws_iam_role.ci.":   g,
		"Whoever has policy ops can now get more permissions: by it one can make an access key of another user. by statement 0 of policy ops.": p,
	} {
		for _, f := range Run(grant, Options{}) {
			if f.Rule == "privilege-escalation" {
				_, way, _ := strings.Cut(f.Details[0], "iam:CreateAccessKey ")
				if got := f.Message + " " + way; got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
		}
	}
}

// TestEveryEscalation: each way is told when its last permission comes, whichever that
// is, and not when one is missing.
func TestEveryEscalation(t *testing.T) {
	t.Parallel()
	statement := func(actions []string) string {
		if len(actions) == 0 {
			return ""
		}
		return `{"Effect": "Allow", "Action": ["` + strings.Join(actions, `","`) + `"], "Resource": "*"}`
	}
	tells := func(before, after []string, id string) bool {
		for _, f := range Run(identityGrant(t, statement(before), statement(after)), Options{}) {
			if f.Rule == privilegeEscalation.ID && strings.Contains(strings.Join(f.Details, " "), "("+id+")") {
				return true
			}
		}
		return false
	}
	for _, e := range escalations {
		for last := range e.Needs {
			var others []string
			for i, action := range e.Needs {
				if i != last {
					others = append(others, action)
				}
			}
			if !tells(others, e.Needs, e.ID) {
				t.Errorf("%s: not told when %s comes", e.ID, e.Needs[last])
			}
			if tells(nil, others, e.ID) {
				t.Errorf("%s: told without %s", e.ID, e.Needs[last])
			}
		}
		if tells(e.Needs, append([]string{"s3:GetObject"}, e.Needs...), e.ID) {
			t.Errorf("%s: told although it was open before", e.ID)
		}
	}
}

func TestEscalationNamesAdministrators(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"},
		{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app-*"}`)
	var got []string
	for _, f := range Check(Pass{Sum: Own(g), Roles: []Role{
		{ARN: "arn:aws:iam::111122223333:role/app-admin", Name: "app-admin", Administrator: true},
		{ARN: "arn:aws:iam::111122223333:role/other-admin", Name: "other-admin", Administrator: true},
		{ARN: "arn:aws:iam::111122223333:role/app-reader", Name: "app-reader"},
	}}, Options{}) {
		if f.Rule == privilegeEscalation.ID {
			got = append([]string{f.Message}, f.Details...)
		}
	}
	want := []string{
		"role ci can now get more permissions: it can make and run a function with a role.",
		`It can make and run a function with a role (passrole-lambda-invoke): iam:PassRole by statement "Pass" of aws_iam_role_policy.x, lambda:CreateFunction by statement 0 of aws_iam_role_policy.x, lambda:InvokeFunction by statement 0 of aws_iam_role_policy.x.`,
		"Administrators of the input that it can hand over: app-admin.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestEscalationOfSeveralRoles: what acts as several roles has the way of one of them by
// the statement that gives it.
func TestEscalationOfSeveralRoles(t *testing.T) {
	t.Parallel()
	one := identityGrant(t, "", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`)
	two := identityGrant(t, "", `{"Sid": "Attach", "Effect": "Allow", "Action": "iam:*RolePolicy", "Resource": "*"}`)
	two.Address = "aws_iam_role_policy.y"
	sum := *Own(one)
	sum.Terms = append(sum.Terms[:1:1], Own(one).Terms[0], Own(two).Terms[0])
	var o Options
	o.Settings.Forbidden = []Forbidden{{Access: []access.Access{{Actions: []string{"iam:PutRolePolicy"}}}}}
	told := map[string]string{}
	for _, f := range Check(Pass{Sum: &sum}, o) {
		told[f.Rule] = f.Address
	}
	for _, rule := range []string{privilegeEscalation.ID, forbiddenAccess.ID} {
		if told[rule] != "aws_iam_role_policy.y" {
			t.Errorf("%s: got %v", rule, told)
		}
	}
}

// TestEscalationWithoutType: an action without resource types works on no role.
func TestEscalationWithoutType(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]bool{"*": true, "arn:aws:glue:*:*:*": true, "arn:aws:iam::111122223333:role/x": false} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}, {"Effect": "Allow", "Action": "glue:CreateDevEndpoint", "Resource": "`+resource+`"}`)
		got := false
		for _, f := range Run(g, Options{}) {
			got = got || f.Rule == privilegeEscalation.ID
		}
		if got != want {
			t.Errorf("on %s: told is %v, want %v", resource, got, want)
		}
	}
}

// TestEscalationTargets: a permission counts on resources that it can work on.
func TestEscalationTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		action, resource string
		want             bool
	}{
		{"iam:PutRolePolicy", "*", true},
		{"iam:PutRolePolicy", "arn:aws:iam::111122223333:role/app", true},
		{"iam:PutRolePolicy", "arn:aws:iam::111122223333:role/aws-service-role-like", true},
		{"iam:PutRolePolicy", "arn:aws:iam::*:role/*", true},
		{"iam:PutRolePolicy", "arn:*", true},
		{"iam:PutRolePolicy", "arn:unknown:unknown:::(aws_iam_role.r.arn)", true},
		{"iam:PutRolePolicy", "arn:aws:iam::(Account):role/(Role)", true},
		{"iam:PutRolePolicy", "arn:aws-cn:iam::111122223333:role/app", true},
		{"iam:PutRolePolicy", "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", false},
		{"iam:PutRolePolicy", "arn:aws:iam::*:role/aws-service-role/*", false},
		{"iam:PutRolePolicy", "arn:aws:iam::111122223333:policy/x", false},
		{"iam:PutRolePolicy", "arn:aws:iam::111122223333:user/x", false},
		{"iam:PutRolePolicy", "arn:aws:s3:::x", false},
		{"iam:PutUserPolicy", "arn:aws:iam::111122223333:user/x", true},
		{"iam:PutUserPolicy", "arn:aws:iam::111122223333:role/x", false},
		{"iam:AddUserToGroup", "arn:aws:iam::111122223333:group/x", true},
		{"iam:AddUserToGroup", "arn:aws:iam::111122223333:user/x", false},
		{"iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/x", true},
		{"iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess", false},
		{"iam:CreatePolicyVersion", "arn:aws:iam::111122223333:role/x", false},
		{"lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:x", true},
		{"lambda:UpdateFunctionCode", "arn:unknown:unknown:::(Function.Arn)", true},
		{"lambda:UpdateFunctionCode", "arn:aws:sqs:eu-west-1:111122223333:x", false},
		{"*", "arn:aws:sqs:eu-west-1:111122223333:x", false},
		{"*", "arn:aws:iam::111122223333:policy/x", true},
		{"ssm:StartSession", "arn:aws:ec2:*:*:instance/*", true},
		{"ssm:StartSession", "arn:aws:s3:::x", false},
	} {
		got := false
		for _, f := range Run(identityGrant(t, "", `{"Effect": "Allow", "Action": "`+c.action+`", "Resource": "`+c.resource+`"}`), Options{}) {
			got = got || f.Rule == privilegeEscalation.ID
		}
		if got != c.want {
			t.Errorf("%s on %s: told is %v, want %v", c.action, c.resource, got, c.want)
		}
	}
}

// TestMayAllow: where no statement may name an action, the engine finds that it is not
// allowed, however the actions are written.
func TestMayAllow(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, element := range []string{
		`"Action": "*"`, `"Action": "iam:*"`, `"Action": "IAM:passrole"`, `"Action": "iam:Pass*"`, `"Action": "?am:PassRole"`, `"Action": "i*"`,
		`"Action": "iam:PassRoles"`, `"Action": "iam:PassRol"`, `"Action": " iam:PassRole"`, `"Action": "iam:PassRole "`, `"Action": ""`, `"Action": []`,
		`"Action": "iam:P${*}ssRole"`, `"Action": "iam:${aws:username}"`, `"Action": "s3:*"`, `"Action": ["s3:GetObject", "lambda:Create*"]`,
		`"NotAction": "s3:*"`, `"NotAction": "iam:*"`, `"Action": "lambda:CreateFunction"`, `"Action": "arn:unknown:actions"`, `"Action": "\u0130am:PassRole"`,
	} {
		d, _ := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", `+element+`, "Resource": "*"}]}`), policy.ParseOptions{Kind: policy.Identity})
		for _, action := range []string{"iam:PassRole", "lambda:CreateFunction"} {
			p := &Pass{Sum: &Sum{Kind: extractors.Identity}}
			res := access.Gained(access.Set{}, access.Allowed(d).And(target(action)), p.access())
			if may := mayAllow(d, action); !may && res.Verdict != access.Pass {
				t.Errorf("%s: may not allow %s, and the engine says %v", element, action, res.Verdict)
			} else if !may {
				asked++
			}
		}
	}
	if asked < 10 {
		t.Errorf("only %d of them need no engine", asked)
	}
	deny, _ := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}`), policy.ParseOptions{Kind: policy.Identity})
	if mayAllow(deny, "iam:PassRole") {
		t.Error("a Deny allows")
	}
}
