package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestEscalationNamesItsLimits: a condition without which no way is open is named, one that
// another statement does without is not; without it the fingerprint is another one.
func TestEscalationNamesItsLimits(t *testing.T) {
	t.Parallel()
	const (
		ip       = `, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`
		lambda   = `, "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}`
		open     = `{"Effect": "Allow", "Action": "sagemaker:CreatePresignedNotebookInstanceUrl", "Resource": "*"`
		version  = `{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"`
		pass     = `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"`
		function = `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"`
	)
	prints := map[string]string{}
	for _, c := range []struct{ name, after, want string }{
		{"one way", open + ip + "}", "it can open a notebook that has a role, if aws:SourceIp IpAddress 192.0.2.0/24."},
		{"none", open + "}", "it can open a notebook that has a role."},
		{"another statement does without", open + ip + "}," + open + "}", "it can open a notebook that has a role."},
		{"all but some does without", open + ip + `},{"Effect": "Allow", "NotAction": ["iam:*", "sts:*", "lambda:*"], "Resource": "arn:aws:sagemaker:*:*:*"}`, "it can open a notebook that has a role."},
		{"all but it", open + ip + `},{"Effect": "Allow", "NotAction": ["sagemaker:*"], "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/t"}`, "it can open a notebook that has a role, if aws:SourceIp IpAddress 192.0.2.0/24."},
		{"both ways", open + ip + "}," + version + ip + "}", "it can write a new version of a policy, and 1 more known way is open, if aws:SourceIp IpAddress 192.0.2.0/24."},
		{"one of two ways", open + ip + "}," + version + "}", "it can write a new version of a policy, and 1 more known way is open."},
		{"a permission of a way", pass + lambda + "}," + function + "}", "it can make and run a function with a role, if iam:PassedToService StringEquals lambda.amazonaws.com."},
	} {
		found := Run(identityGrant(t, "", c.after), Options{})
		i := slices.IndexFunc(found, func(f Found) bool { return f.Rule == privilegeEscalation.ID })
		if i < 0 || !strings.HasSuffix(found[i].Message, ": "+c.want) {
			t.Errorf("%s: %v, want %s", c.name, found, c.want)
			continue
		}
		prints[c.name] = found[i].Fingerprint
	}
	if prints["one way"] == prints["none"] {
		t.Error("the fingerprint says nothing of the condition")
	}
}

// TestSensitiveLimits: conditions of a sensitive policy are not told beside a way whose other
// permissions another policy gives.
func TestSensitiveLimits(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}`)
	hidden := identityGrant(t, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "larkspur"}}}`, "")
	hidden.After, hidden.Address, hidden.Action = hidden.Before, "aws_iam_role_policy.hidden", extractors.NoOp
	for _, sensitive := range []bool{false, true} {
		hidden.After.Sensitive, hidden.Before.Sensitive = sensitive, sensitive
		sum := Own(g)
		sum.Terms[0].Holdings = append(sum.Terms[0].Holdings, Holding{Grant: hidden, Before: hidden.Before.Document, After: hidden.After.Document})
		told := false
		for _, f := range Check(Pass{Sum: sum}, Options{}) {
			if f.Rule == privilegeEscalation.ID {
				told = true
				if strings.Contains(f.Message, "larkspur") == sensitive {
					t.Errorf("sensitive %v: %s", sensitive, f.Message)
				}
			}
		}
		if !told {
			t.Error("not told")
		}
	}
}
