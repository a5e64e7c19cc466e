package rules_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

func TestReadable(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		"unknown:(Partner) can now use":       "(Partner) can now use",
		"on arn:unknown:unknown:::(Key)/*, b": "on (Key)/*, b",
		"arn:unknown:iam::unknown:account of a.b":                "account of a.b",
		"if aws:SourceArn ArnLike arn:unknown:unknown:::(T.Arn)": "if aws:SourceArn ArnLike (T.Arn)",
		"why it is unknown: nobody says":                         "why it is unknown: nobody says",
		"arn:aws:sns:eu-west-1:1:unknown:x":                      "arn:aws:sns:eu-west-1:1:unknown:x",
		"(unknown:a,unknown:b)":                                  "(a,b)",
	} {
		if got := rules.Readable(in); got != want {
			t.Errorf("Readable(%q) = %q, want %q", in, got, want)
		}
	}
}

// The sentences say what is not known as people do; what programs read keeps the marks.
func TestUnknownARNsInWords(t *testing.T) {
	g := grant(t, extractors.Identity, "", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:unknown:unknown:::(Key)"}}`)
	g.After.Symbols = []extractors.Symbol{{Text: "(Key)", Reference: "Key"}}
	found := rules.Run(g, rules.Options{})
	if len(found) != 1 {
		t.Fatalf("%d findings, want one", len(found))
	}
	f := found[0]
	got := append([]string{f.Message, f.Gained.Description, f.Gained.Resources[0], f.Witness.Resource}, f.Details...)
	want := []string{
		"thing x now allows kms:Decrypt on (Key).",
		"kms:Decrypt on (Key); 1 known action, write",
		"arn:unknown:unknown:::(Key)", "arn:unknown:unknown:::(Key)",
		"There was no such policy before, so all of its access is new.",
		"(Key) is an ARN that is not known before the change.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A variable that does not exist is taken to the side that hides nothing: an Allow with it
// counts, a Deny with it holds nothing back.
func TestStrangeVariables(t *testing.T) {
	const allowed = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}`
	for name, c := range map[string]struct{ before, after string }{
		"Allow": {"", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${Bucket}/*"}`},
		"Deny":  {allowed + `, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`, allowed + `, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::${Bucket}/*"}`},
		"old":   {`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${Bucket}/*"}`, allowed},
	} {
		found := rules.Run(grant(t, extractors.Identity, c.before, c.after), rules.Options{})
		if !slices.ContainsFunc(found, func(f rules.Found) bool { return f.Rule == "new-access" && !f.Undecided }) {
			t.Errorf("%s: no new access in %v", name, found)
		}
	}
}
