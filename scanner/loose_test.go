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
		"arn:aws:lambda:r:1:function:f":       "what it now acts as is arn:aws:lambda:r:1:function:f, which is no ARN of a role.",
		"arn:aws:iam::1:user/u":               "what it now acts as is arn:aws:iam::1:user/u, which is no ARN of a role.",
		"arn:aws:(Service):r:1:x/y":           "it now acts as arn:aws:(Service):r:1:x/y, whose policies the input does not show.",
		"arn:aws:iam::1:(Role)":               "it now acts as arn:aws:iam::1:(Role), whose policies the input does not show.",
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

// TestUnnamedTarget: of a target without a name it is said what is not known, and why.
func TestUnnamedTarget(t *testing.T) {
	t.Parallel()
	faulty := &extractors.Unknown{Reason: "The attribute role is the empty text.", References: []string{"aws_iam_role.r"}, Faulty: true}
	later := &extractors.Unknown{Reason: "What arns will hold is not known."}
	for _, c := range []struct {
		kind    extractors.LinkKind
		unknown *extractors.Unknown
		lost    bool
		want    string
	}{
		{extractors.Acts, faulty, false, "which role it now acts as could not be told: the attribute role is the empty text; it depends on aws_iam_role.r."},
		{extractors.Attached, later, false, "which policy it gets could not be told: what arns will hold is not known."},
		{extractors.Attached, nil, false, "which policy it gets could not be told: it is known only after the apply."},
		{extractors.Attached, later, true, "which policy it loses could not be told: what arns will hold is not known; what that denied is not denied any more."},
		{extractors.Bounded, nil, true, "which permissions boundary it had could not be told: it is known only after the apply; what that held back is not known."},
		{extractors.Member, nil, false, "which group it becomes a member of could not be told: it is known only after the apply."},
	} {
		w := &world{t: t, docs: map[string]*policy.Document{}}
		kind := map[extractors.LinkKind]string{extractors.Acts: "role x", extractors.Member: "group x"}[c.kind]
		if kind == "" {
			kind = "policy x"
		}
		before, after := list(), list(kind)
		if c.lost {
			before, after = after, before
		}
		w.link(c.kind, "function f", "aws_thing.f", before, after)
		l := &w.x.Links[0]
		for _, side := range [][]extractors.Target{l.Before, l.After} {
			for i := range side {
				side[i].Name, side[i].Address, side[i].Unknown = "", "", c.unknown
			}
		}
		if found := w.findings(); len(found) != 1 || !strings.HasSuffix(found[0], c.want) {
			t.Errorf("%v: got %q, want %q", c.kind, found, c.want)
		}
	}
}
