package scanner

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
	"github.com/grantdiff/grantdiff/rules"
)

// TestComments covers what a comment accepts: what is gained or lost where it stands, and
// nothing of another subject, statement or document.
func TestComments(t *testing.T) {
	t.Parallel()
	accepts := func(rule string, statement int) []extractors.Ignore {
		return []extractors.Ignore{{Rule: rule, Reason: "reviewed", Statement: statement, Range: source.Range{Path: "main.tf", Start: source.Pos{Line: 1, Column: 1}}}}
	}
	const all = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	const denyIAM = `{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`
	for _, c := range []struct {
		name  string
		build func(w *world)
		want  []string
	}{
		{"one of two attachments", func(w *world) {
			w.policy("p", all, all)
			w.link(extractors.Attached, "role a", "aws_attach.a", nil, list("policy p"))
			w.link(extractors.Attached, "role b", "aws_attach.b", nil, list("policy p"))
			w.x.Links[0].Written = &extractors.Origin{Ignores: accepts("new-access", -1)}
		}, list("new-access role a accepted", "new-access role b")},
		{"a document that stays, and a Deny elsewhere that goes", func(w *world) {
			w.grant(extractors.Identity, "role a", "aws_inline.p", all, all).Written = &extractors.Origin{Ignores: accepts("new-access", -1)}
			w.grant(extractors.Identity, "role a", "aws_inline.d", denyIAM, "")
		}, list("new-access role a")},
		{"the attachment of a Deny that goes", func(w *world) {
			w.policy("d", denyIAM, denyIAM)
			w.policy("e", denyPut, denyPut)
			w.grant(extractors.Identity, "role a", "aws_inline.p", all, all)
			w.link(extractors.Attached, "role a", "aws_attach.d", list("policy d"), list("policy e"))
			w.x.Links[0].Written = &extractors.Origin{Ignores: accepts("new-access", -1)}
		}, list("new-access role a accepted")},
		{"the policy of an attachment that goes", func(w *world) {
			w.policy("d", denyIAM, denyIAM).Written = &extractors.Origin{Ignores: accepts("new-access", -1)}
			w.policy("e", denyPut, denyPut)
			w.grant(extractors.Identity, "role a", "aws_inline.p", all, all)
			w.link(extractors.Attached, "role a", "aws_attach.d", list("policy d"), list("policy e"))
		}, list("new-access role a")},
		{"one of two Deny documents that go", func(w *world) {
			w.grant(extractors.Identity, "role a", "aws_inline.p", all, all)
			w.grant(extractors.Identity, "role a", "aws_inline.d", denyIAM, "").Written = &extractors.Origin{Ignores: accepts("new-access", -1)}
			w.grant(extractors.Identity, "role a", "aws_inline.e", denyIAM+", "+denyPut, denyPut)
		}, list("new-access role a")},
		{"another statement than the Deny that goes", func(w *world) {
			w.grant(extractors.Identity, "role a", "aws_inline.d", denyIAM+", "+denyPut, denyPut).Written = &extractors.Origin{Ignores: accepts("guardrail-removed", 0)}
		}, list("guardrail-removed role a")},
		{"the document of a Deny that goes", func(w *world) {
			w.grant(extractors.Identity, "role a", "aws_inline.d", denyIAM+", "+denyPut, denyPut).Written = &extractors.Origin{Ignores: accepts("guardrail-removed", -1)}
		}, list("guardrail-removed role a accepted")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, docs: map[string]*policy.Document{}}
			w.x.Grants = make([]extractors.Grant, 0, 10)
			c.build(w)
			found, err := judge(context.Background(), &w.x, rules.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := list()
			for _, f := range found {
				line := fmt.Sprintf("%s %s %s", f.Rule, f.Subject.Kind, f.Subject.Name)
				if f.Archived != nil {
					line += " accepted"
				}
				got = append(got, line)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
