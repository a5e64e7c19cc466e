package report_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
)

func TestTextHeadline(t *testing.T) {
	finding := rules.Finding{Rule: "new-access", Level: rules.Warning, Subject: rules.Subject{Kind: "role", Name: "r"}}
	tests := []struct {
		name string
		r    rules.Result
		want string
	}{
		{"nothing found", rules.Result{Summary: rules.Summary{Policies: 3, Compared: 3}}, "No findings in the 3 policies compared."},
		{"one policy", rules.Result{Summary: rules.Summary{Policies: 1, Compared: 1}}, "No findings in the one policy compared."},
		{"no policies", rules.Result{}, "No policies found in the input."},
		{"undecided", rules.Result{Summary: rules.Summary{Policies: 3, Compared: 2, Undecided: 1}}, "No findings in what could be decided; not everything could be."},
		{"found", rules.Result{Findings: []rules.Finding{finding}}, "Found 1 warning for 1 subject."},
		{"found and undecided", rules.Result{Findings: []rules.Finding{finding, finding}, Summary: rules.Summary{Undecided: 1}}, "Found 2 warnings for 1 subject. Not everything could be decided."},
		{"only accepted", rules.Result{Findings: []rules.Finding{{Archived: &rules.Archived{}}}, Summary: rules.Summary{Policies: 1, Compared: 1, Archived: 1}}, "No findings in the one policy compared."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, _ := strings.Cut(string(render(t, "text", &tt.r, options())), "\n")
			if got != tt.want {
				t.Errorf("first line %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextTellsEachUnresolvedPolicyOnce(t *testing.T) {
	u := rules.Unresolved{Address: "a.b", Attribute: "policy", Reason: "the queue is new", References: []string{"q.arn"}}
	finding := func(edit func(*rules.Finding)) rules.Finding {
		f := rules.Finding{
			Rule: "unresolved-policy", Level: rules.Warning, Address: "a.b", Attribute: "policy",
			Message: "The policy is not known.", Details: []string{"The cause: the queue is new."}, Unknowns: []string{"q.arn"},
		}
		edit(&f)
		return f
	}
	tests := []struct {
		name string
		edit func(*rules.Finding)
		want bool
	}{
		{"told by the finding", func(*rules.Finding) {}, false},
		{"other attribute", func(f *rules.Finding) { f.Attribute = "assume_role_policy" }, true},
		{"other rule", func(f *rules.Finding) { f.Rule = "new-access" }, true},
		{"reason missing", func(f *rules.Finding) { f.Details = nil }, true},
		{"reference missing", func(f *rules.Finding) { f.Unknowns = nil }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &rules.Result{Findings: []rules.Finding{finding(tt.edit)}, Unresolved: []rules.Unresolved{u}}
			if got := strings.Contains(string(render(t, "text", r, options())), "\nNot decided: "); got != tt.want {
				t.Errorf("listed apart: %t, want %t", got, tt.want)
			}
		})
	}
}

func TestTextWraps(t *testing.T) {
	o := options()
	o.Width = 40
	arn := "arn:aws:s3:::" + strings.Repeat("long", 20)
	r := &rules.Result{Findings: []rules.Finding{{
		Rule: "new-access", Level: rules.Note, Address: "a.b",
		Message: "one two three four five six seven eight nine ten 日本語日本語 日本語日本語日本語",
		Gained:  &rules.Gained{Resources: []string{arn}, Conditions: []string{"no longer requires the key aws:SourceIp"}},
	}}}
	out := string(render(t, "text", r, o))
	want := strings.Join([]string{
		"  one two three four five six seven",
		"  eight nine ten 日本語日本語",
		"  日本語日本語日本語.",
		"  in a.b",
		"",
		"    on           " + arn,
		"    limits lost  no longer requires the",
		"                 key aws:SourceIp",
	}, "\n")
	if !strings.Contains(out, want) {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
