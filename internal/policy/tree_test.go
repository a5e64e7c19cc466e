package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

func text(s string) policy.Tree { return policy.Tree{Kind: policy.TreeString, Text: s} }

func object(pairs ...any) policy.Tree {
	t := policy.Tree{Kind: policy.TreeObject}
	for i := 0; i < len(pairs); i += 2 {
		t.Members = append(t.Members, policy.TreeMember{Name: pairs[i].(string), Value: pairs[i+1].(policy.Tree)})
	}
	return t
}

func list(items ...policy.Tree) policy.Tree { return policy.Tree{Kind: policy.TreeArray, Items: items} }

// TestParseTree holds a tree to the same policy as text.
func TestParseTree(t *testing.T) {
	t.Parallel()
	where := source.Range{Path: "t.yaml", Start: source.Pos{Line: 7, Column: 3, Byte: 90}, End: source.Pos{Line: 9, Column: 1, Byte: 120}}
	statement := object("Sid", text("One"), "Effect", text("Allow"), "Action", list(text("s3:Get*"), text("s3:PutObject")),
		"Resource", text("arn:aws:s3:::b/*"), "Condition", object("Bool", object("aws:SecureTransport", policy.Tree{Kind: policy.TreeBool, Text: "true"})))
	statement.Range = where
	got, ds := policy.ParseTree(object("Version", text("2012-10-17"), "Statement", list(statement)), policy.ParseOptions{Kind: policy.Identity})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if got.Statements[0].Range() != where {
		t.Errorf("range %v", got.Statements[0].Range())
	}
	want, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"],
		"Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:SecureTransport": true}}}]}`), policy.ParseOptions{Kind: policy.Identity})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	a, err := got.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	b, err := want.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(b), string(a)); diff != "" {
		t.Errorf("(-text +tree)\n%s", diff)
	}
}

func TestParseTreeTrouble(t *testing.T) {
	t.Parallel()
	deep := text("x")
	for range 100 {
		deep = list(deep)
	}
	for _, tt := range []struct {
		name string
		tree policy.Tree
		want string
	}{
		{"deep", object("Statement", deep), "nests too deep"},
		{"long", object("Statement", text(strings.Repeat("x", policy.MaxText+1))), "too long"},
		{"twice", object("Statement", list(), "Statement", list()), "more than once"},
		{"no object", list(), "is a list"},
		{"effect", object("Statement", object("Effect", text("allow"), "Action", text("*"), "Resource", text("*"))), "does not exist"},
	} {
		if _, ds := policy.ParseTree(tt.tree, policy.ParseOptions{Kind: policy.Identity}); !ds.HasErrors() || !strings.Contains(ds.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, ds, tt.want)
		}
	}
}
