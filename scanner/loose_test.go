package scanner

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestActsAs: what is said of a role that the input may or may not show.
func TestActsAs(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{
		"":                                    "it now acts as a role that is known only after the apply, so whether the input shows its policies could not be told.",
		"arn:aws:iam::1:role/worker":          "it now acts as arn:aws:iam::1:role/worker, whose policies the input does not show.",
		"worker":                              "it now acts as worker, whose policies the input does not show.",
		"aws_iam_role.worker.arn":             `what it now acts as is the text "aws_iam_role.worker.arn", which is no ARN and no name of a role: a reference was meant, but is written as a text.`,
		"module.a.data.aws_iam_role.w[0].arn": `what it now acts as is the text "module.a.data.aws_iam_role.w[0].arn", which is no ARN and no name of a role: a reference was meant, but is written as a text.`,
	} {
		w := &world{t: t, docs: map[string]*policy.Document{}}
		w.link(extractors.Acts, "function f", "aws_lambda_function.f", nil, list("role worker"))
		target := &w.x.Links[0].After[0]
		target.Name, target.Address = role, ""
		found := w.findings()
		if len(found) != 1 || !strings.HasSuffix(found[0], want) {
			t.Errorf("%q: got %q, want %q", role, found, want)
		}
	}
}

// TestLosesPolicyOfAWS: who loses a policy of AWS that is known to deny nothing gains
// nothing; of another whose text is not at hand that is not known.
func TestLosesPolicyOfAWS(t *testing.T) {
	t.Parallel()
	for policyOf, want := range map[string]int{
		"arn:aws:iam::aws:policy/service-role/AWSConfigRole": 0,
		"arn:aws:iam::aws:policy/service-role/Forgotten":     1,
	} {
		w := &world{t: t, docs: map[string]*policy.Document{}}
		w.link(extractors.Attached, "role r", "aws_iam_role_policy_attachment.a", list("policy p"), nil)
		target := &w.x.Links[0].Before[0]
		target.Name, target.Address = policyOf, ""
		if found := w.findings(); len(found) != want {
			t.Errorf("%s: got %q", policyOf, found)
		}
	}
}
