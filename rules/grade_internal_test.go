package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestGradingPage holds the table of docs/grading.md to the rows.
func TestGradingPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "grading.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range gradings {
		lower := ""
		if r.lowers {
			lower = "yes"
		}
		if row := fmt.Sprintf("| %s | %s | %.1f | %s |\n", r.name, r.level, r.severity, lower); !strings.Contains(string(page), row) {
			t.Errorf("docs/grading.md has no row %q", row)
		}
	}
	table, _, _ := strings.Cut(string(page), "\n## ")
	if n := strings.Count(table, "\n| ") - 2; n != len(gradings) {
		t.Errorf("docs/grading.md has %d rows, want %d", n, len(gradings))
	}
}

// TestGradings: severities fit their level, and the table goes from worse to better.
func TestGradings(t *testing.T) {
	t.Parallel()
	last := 10.1
	for _, r := range gradings {
		low, high := map[Level]float64{Error: 7, Warning: 4, Note: 0.1}[r.level], map[Level]float64{Error: 10, Warning: 6.9, Note: 3.9}[r.level]
		if r.severity < low || r.severity > high {
			t.Errorf("%s: severity %v is not of level %s", r.name, r.severity, r.level)
		}
		if r.severity > last {
			t.Errorf("%s stands below a milder row", r.name)
		}
		last = r.severity
		if r.lowers {
			if got := lowered(r.severity); got >= r.severity || got <= gradings[len(gradings)-2].severity {
				t.Errorf("%s: lowered to %v, which is no more than what only reads", r.name, got)
			}
		}
	}
}

func TestBroad(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		"*":                                         true,
		"arn:aws:s3:::*":                            true,
		"arn:aws:s3:::logs":                         false,
		"arn:aws:s3:::logs/*":                       false,
		"arn:aws:s3:::*/*":                          true,
		"arn:aws:iam::111122223333:role/*":          true,
		"arn:aws:iam::*:role/app-*":                 false,
		"arn:aws:iam::111122223333:*":               true,
		"arn:aws:dynamodb:*:*:table/*":              true,
		"arn:aws:dynamodb:*:*:table/orders/index/*": false,
		"arn:aws:sqs:*:*:*":                         true,
		"arn:aws:sqs:*:*:jobs":                      false,
		"arn:aws:logs:*:*:log-group:*":              true,
		"arn:aws:sqs":                               true,
		"arn:aws:iam::*:role*":                      true,
		"arn:aws:iam::111122223333:role/?*-*":       true,
		"arn:aws:ssm:*:*:parameter*":                true,
		"arn:aws:sqs:*:*:jobs*":                     false,
	} {
		if got := broad(pattern); got != want {
			t.Errorf("broad(%q) = %v", pattern, got)
		}
	}
}

// TestGradeOfActions: what an action amounts to, where its level or class says too much.
func TestGradeOfActions(t *testing.T) {
	t.Parallel()
	service := func(operator, values string) string {
		return `, "Condition": {"` + operator + `": {"iam:AWSServiceName": ` + values + `}}`
	}
	for _, c := range []struct {
		action, more string
		want         float64
	}{
		{`"iam:CreateServiceLinkedRole"`, "", 8.0},
		{`"iam:CreateServiceLinkedRole"`, service("StringEquals", `"eks.amazonaws.com"`), 5.5},
		{`"iam:CreateServiceLinkedRole"`, service("StringLike", `["eks.amazonaws.com", "elasticloadbalancing.amazonaws.com"]`), 5.5},
		{`"iam:CreateServiceLinkedRole"`, service("StringLike", `"*"`), 8.0},
		{`"iam:CreateServiceLinkedRole"`, service("StringLike", `["eks.amazonaws.com", "e*"]`), 8.0},
		{`"iam:CreateServiceLinkedRole"`, service("StringNotEquals", `"eks.amazonaws.com"`), 8.0},
		{`"iam:CreateServiceLinkedRole"`, service("StringEqualsIfExists", `"eks.amazonaws.com"`), 8.0},
		{`"iam:CreateServiceLinkedRole"`, service("ForAllValues:StringEquals", `"eks.amazonaws.com"`), 8.0},
		{`"iam:CreateServiceLinkedRole"`, `, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`, 8.0},
		{`["iam:CreateServiceLinkedRole", "iam:PassRole"]`, service("StringEquals", `"eks.amazonaws.com"`), 8.0},
		{`"ec2:CreateNetworkInterfacePermission"`, "", 5.5},
		{`"quicksight:DescribeTopicPermissions"`, "", 0.8},
		{`["quicksight:DescribeTopicPermissions", "quicksight:UpdateTopicPermissions"]`, "", 8.0},
		{`"datazone:GetIamPortalLoginUrl"`, "", 8.0},
		{`"iam:GetRole"`, "", 0.8},
		{`"iam:DeleteRolePolicy"`, "", 8.0},
		{`"glue:*"`, "", 8.0},
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": `+c.action+`, "Resource": "*"`+c.more+`}`)
		for _, f := range Run(g, Options{}) {
			if f.Rule == newAccess.ID && f.Severity != c.want {
				t.Errorf("%s%s: %v, want %v", c.action, c.more, f.Severity, c.want)
			}
		}
	}
}

// TestGradeOfResources: a bucket with its objects is one resource, and an action that has no
// effect on what is named counts for nothing.
func TestGradeOfResources(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		actions, resources string
		want               float64
	}{
		{`"s3:*"`, `["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]`, 6.5},
		{`"s3:*"`, `["arn:aws:s3:::logs/a/*", "arn:aws:s3:::logs/b/*", "arn:aws:s3:::logs"]`, 6.5},
		{`"s3:*"`, `["arn:aws:s3:::logs", "arn:aws:s3:::other/*"]`, 8.0},
		{`"s3:*"`, `["arn:aws:s3:::logs*", "arn:aws:s3:::logs"]`, 8.0},
		{`"s3:*"`, `["arn:aws:s3:us-east-1:111122223333:accesspoint/a", "arn:aws:s3:us-east-1:111122223333:accesspoint/b"]`, 8.0},
		{`["s3:PutObjectAcl", "s3:PutObject", "s3:ListBucket"]`, `"arn:aws:s3:::logs"`, 0.5},
		{`["s3:PutObjectAcl", "s3:ListBucket"]`, `["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]`, 6.5},
		{`["s3:PutObjectAcl", "s3:PutObject"]`, `"arn:aws:s3:::logs"`, 6.5}, // none applies
	} {
		g := identityGrant(t, "", `{"Effect": "Allow", "Action": `+c.actions+`, "Resource": `+c.resources+`}`)
		for _, f := range Run(g, Options{}) {
			if f.Rule == newAccess.ID && f.Severity != c.want {
				t.Errorf("%s on %s: %v, want %v", c.actions, c.resources, f.Severity, c.want)
			}
		}
	}
}

// TestGradeOfStrangers: who is not known before the change may be of another account, unless
// the input makes it; of who may be everyone public-access tells that.
func TestGradeOfStrangers(t *testing.T) {
	t.Parallel()
	for principal, want := range map[string]float64{
		"arn:unknown:unknown:::(Partner)":          6.5,
		"arn:aws:iam::(Partner):root":              6.5,
		"arn:unknown:unknown:::(aws_iam_role.own)": 4.0,
		"unknown:(Partner)":                        4.0,
	} {
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:q", "Principal": {"AWS": "`+principal+`"}}}`),
			policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		g := &extractors.Grant{Address: "p", Attribute: "policy", Kind: extractors.Resource, Action: extractors.Create, Subject: extractors.Subject{Kind: "queue", Name: "q"},
			Before: extractors.Side{Absent: true}, After: extractors.Side{Document: d, Symbols: []extractors.Symbol{
				{Text: "(Partner)", Reference: "Partner"}, {Text: "(aws_iam_role.own)", Reference: "aws_iam_role.own.arn"},
			}}}
		for _, f := range Run(g, Options{}) {
			if f.Rule == newAccess.ID && f.Severity != want {
				t.Errorf("%s: %v, want %v", principal, f.Severity, want)
			}
		}
	}
}

// TestRare: ways that few accounts have open are a warning, and what the permission is
// stays an error.
func TestRare(t *testing.T) {
	t.Parallel()
	got := map[string]Level{}
	for _, f := range Run(identityGrant(t, "", `{"Effect": "Allow", "Action": "glue:UpdateDevEndpoint", "Resource": "*"}`), Options{}) {
		got[f.Rule] = f.Level
	}
	if got[privilegeEscalation.ID] != Warning || got[newAccess.ID] != Error {
		t.Error(got)
	}
}
