package scanner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	if NewRedactor([]string{""}) != nil {
		t.Error("an empty secret is hidden")
	}
	secrets := []string{"correct-horse", "correct-horse-battery", "444455556666"}
	f := rules.Finding{
		Address: "aws_s3_bucket_policy.x",
		Message: "account 444455556666 can now use s3:GetObject on correct-horse-battery.",
		Details: []string{"for correct-horse"},
		Gained: &rules.Gained{
			Principals: []string{"arn:aws:iam::444455556666:root"}, Conditions: []string{"no longer requires k correct-horse-battery"},
		},
		Statement: &rules.Statement{Sid: "For444455556666"},
		Witness: &policy.Request{
			Principal: policy.Principal{Type: policy.PrincipalAWS, ID: "arn:aws:iam::444455556666:role/x"},
			Resource:  "arn:aws:s3:::correct-horse-battery/x", Context: map[string][]string{"k": {"correct-horse-battery"}},
		},
	}
	NewRedactor(secrets).finding(&f)
	text := fmt.Sprintf("%+v %+v %+v %+v", f, f.Gained, f.Statement, f.Witness)
	for _, s := range append(secrets, "battery") {
		if strings.Contains(text, s) {
			t.Errorf("%q is left in %s", s, text)
		}
	}
	if f.Address != "aws_s3_bucket_policy.x" || len(f.Details) != 2 {
		t.Errorf("got %+v", f)
	}
	other := rules.Finding{Message: "nothing to hide"}
	NewRedactor(secrets).finding(&other)
	if other.Message != "nothing to hide" || other.Details != nil {
		t.Errorf("got %+v", other)
	}
}

// TestRedactFields puts the secret in every text of a finding that may hold a value.
func TestRedactFields(t *testing.T) {
	t.Parallel()
	const secret = `ho"rse`
	key := `x["a-ho\"rse"]`
	f := rules.Finding{
		Address: "aws_iam_policy." + key, Attribute: `inline_policy["ho\"rse"].policy`,
		Subject:  rules.Subject{Address: "aws_iam_role." + key, Name: secret},
		Unknowns: []string{"data." + key + ".arn"},
		Sources:  []rules.Source{{Address: key, Attribute: key}},
		Gained:   &rules.Gained{Actions: []string{secret}, Resources: []string{secret}, Description: "all on " + secret},
		Witness:  &policy.Request{Context: map[string][]string{"aws:principaltag/" + secret: {"v"}, "aws:principaltag/(sensitive)": {"w"}}},
	}
	one := &rules.Result{
		Findings:    []rules.Finding{f},
		Unresolved:  []rules.Unresolved{{Address: key, Attribute: key, Reason: secret, References: []string{key}}},
		Diagnostics: []rules.Diagnostic{{Summary: secret, Detail: secret}},
	}
	NewRedactor([]string{secret}).result(one)
	got := one.Findings[0]
	text := fmt.Sprintf("%+v %+v %+v %+v %+v", got, got.Gained, got.Witness, one.Unresolved, one.Diagnostics)
	if strings.Contains(text, "rse") {
		t.Errorf("the secret is left in %s", text)
	}
	if want := `aws_iam_policy.x["a-(sensitive)"]`; got.Address != want {
		t.Errorf("address %s, want %s", got.Address, want)
	}
	if vs := got.Witness.Context["aws:principaltag/(sensitive)"]; len(vs) != 2 {
		t.Errorf("two keys that become one lose a value: %q", got.Witness.Context)
	}
	if f.Gained.Actions[0] != secret {
		t.Error("the caller's finding is changed")
	}
}

// TestRedactDocument: what the language spells out stays, all else goes.
func TestRedactDocument(t *testing.T) {
	t.Parallel()
	text := `{"Version":"2012-10-17","Id":"Allow1","Statement":[{"Sid":"Allow1","Effect":"Allow","Principal":{"AWS":["Allow1"]},` +
		`"Action":["s3:Get"],"Resource":["true"],"Condition":{"Bool":{"aws:PrincipalTag/true":["true"],"aws:PrincipalTag/Allow":["x"]}}}]}`
	doc, _ := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Resource})
	got, err := NewRedactor([]string{"true", "Allow", "Bool", "2012-10-17", "Action"}).Document(doc).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Version":"2012-10-17","Id":"(sensitive)1","Statement":[{"Sid":"(sensitive)1","Effect":"Allow","Principal":{"AWS":["(sensitive)1"]},` +
		`"Action":["s3:Get"],"Resource":["(sensitive)"],"Condition":{"Bool":{"aws:PrincipalTag/(sensitive)":["(sensitive)"],"aws:PrincipalTag/(sensitive) (2)":["x"]}}}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if doc.Statements[0].Sid != "Allow1" {
		t.Error("the caller's document is changed")
	}
}

// TestScrubbedMessage makes sure that the message of a scrubbed finding still says whose
// access it is about, and nothing of the values.
func TestScrubbedMessage(t *testing.T) {
	t.Parallel()
	r := NewRedactor([]string{"arn:aws:iam::444455556666:role/partner", "hunter22"})
	doc := &policy.Document{Statements: []policy.Statement{{Sid: "hunter22"}}}
	for _, tt := range []struct {
		subject rules.Subject
		want    string
	}{
		{rules.Subject{Kind: "bucket", Name: "acme"}, "bucket acme"},
		{rules.Subject{Kind: "role", Name: "arn:aws:iam::444455556666:role/team/deploy"}, "role deploy"},
		{rules.Subject{Kind: "role", Name: "arn:aws:iam::444455556666:role/partner"}, "role (sensitive)"},
		{rules.Subject{Kind: "bucket", Name: "acme-hunter22"}, "bucket acme-(sensitive)"},
		{rules.Subject{Kind: "policy", Address: `aws_iam_policy.p["hunter22"]`}, `aws_iam_policy.p["(sensitive)"]`},
		{rules.Subject{}, "aws_iam_policy.x"},
	} {
		f := rules.Finding{Address: "aws_iam_policy.x", Subject: tt.subject, Statement: &rules.Statement{}, Message: "role partner now allows hunter22."}
		r.scrub(&f, &extractors.Grant{After: extractors.Side{Document: doc}})
		r.finding(&f)
		if want := tt.want + ": statement 0 holds sensitive values, so that what it gives is not told in words."; f.Message != want {
			t.Errorf("message %q, want %q", f.Message, want)
		}
	}
}
