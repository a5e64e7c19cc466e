package rules

import (
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestLeftToAccount: what the policy of a new queue gives the own account is a note that
// says who decides; what it gives anybody else, or the policy of a key gives, says nothing
// of the kind.
func TestLeftToAccount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who, typ string
		old      bool
		want     bool
	}{
		"own account":               {`{"AWS": "arn:aws:iam::111122223333:root"}`, "AWS::SQS::Queue", false, true},
		"own account as a number":   {`{"AWS": "111122223333"}`, "AWS::S3::Bucket", false, true},
		"beside another":            {`{"AWS": ["111122223333", "444455556666"]}`, "AWS::SQS::Queue", false, false},
		"beside a service":          {`{"AWS": "111122223333", "Service": "sns.amazonaws.com"}`, "AWS::SQS::Queue", false, false},
		"a role of the own account": {`{"AWS": "arn:aws:iam::111122223333:role/r"}`, "AWS::SQS::Queue", false, false},
		"everyone":                  {`"*"`, "AWS::SQS::Queue", false, false},
		"a key":                     {`{"AWS": "111122223333"}`, "AWS::KMS::Key", false, false},
		"a queue that is there":     {`{"AWS": "111122223333"}`, "AWS::SQS::Queue", true, false},
		"another account by itself": {`{"AWS": "444455556666"}`, "AWS::SQS::Queue", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": `+c.who+`, "Action": "*", "Resource": "*"}]}`), policy.ParseOptions{Kind: policy.Resource})
			if ds.HasErrors() {
				t.Fatal(ds)
			}
			g := &extractors.Grant{
				Address: "x", Attribute: "policy", Kind: extractors.Resource, ResourceType: c.typ, Action: extractors.Create, Account: "111122223333",
				Subject: extractors.Subject{Kind: "thing", Name: "x", New: !c.old}, Before: extractors.Side{Absent: true}, After: extractors.Side{Document: d},
			}
			seen := false
			for _, f := range Check(Pass{Grant: g, Sum: Own(g)}, Options{}) {
				if f.Rule != newAccess.ID {
					continue
				}
				seen = true
				said := slices.Contains(f.Details, "Policies in the account decide who of it may, as they would without this policy.")
				if said != c.want || c.want && f.Level != Note {
					t.Errorf("%s %q", f.Level, f.Details)
				}
			}
			if !seen {
				t.Error("no new access")
			}
		})
	}
}
