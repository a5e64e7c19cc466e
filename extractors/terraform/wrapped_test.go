package terraform_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// onePlan is a plan with one policy, which the key order puts behind its
// configuration: encoding sorts the names.
func onePlan(name string, more ...m) json.RawMessage {
	address := "aws_iam_policy." + name
	return json.RawMessage(plan([]m{rc(address, "create", nil, m{"name": name, "policy": getObject})},
		[]m{conf(address, map[string][]string{"policy": nil})}, more...))
}

func wrap(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestWrapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string // addresses
	}{
		{"one plan", wrap(m{"plan": onePlan("a")}), []string{"aws_iam_policy.a"}},
		{"one plan among other things", wrap(m{"run": m{"id": 1, "complete": "no", "resource_changes": 7}, "tfplan": onePlan("a")}), []string{"aws_iam_policy.a"}},
		{"several plans", wrap(m{"mock": m{"valid": onePlan("a"), "invalid": m{"tfplan": onePlan("a")}}}),
			[]string{"mock.invalid.tfplan: aws_iam_policy.a", "mock.valid: aws_iam_policy.a"}},
		{"list", wrap(m{"plans": []any{onePlan("a"), onePlan("b")}}), []string{"plans[0]: aws_iam_policy.a", "plans[1]: aws_iam_policy.b"}},
		{"odd names", wrap(m{"a.b": onePlan("a"), "c: d\n": onePlan("a"), "": onePlan("b")}),
			[]string{`[""]: aws_iam_policy.b`, `["a.b"]: aws_iam_policy.a`, `["c: d\n"]: aws_iam_policy.a`}},
		{"long name", wrap(m{strings.Repeat("n", 300): onePlan("a"), "b": onePlan("b")}), []string{"b: aws_iam_policy.b", "(plan 2): aws_iam_policy.a"}},
		{"plan below a name of a plan", wrap(m{"configuration": m{"plan": onePlan("a")}}), []string{"aws_iam_policy.a"}},
		{"plan next to a state", wrap(m{"plan": onePlan("a"), "state": json.RawMessage(shownState)}), []string{"aws_iam_policy.a"}},
		{"plan as deep as is read", wrap(m{"a": m{"b": m{"c": m{"d": onePlan("a")}}}}), []string{"aws_iam_policy.a"}},
		{"plan around a plan", `{"x":` + string(onePlan("a", m{"z": strings.Repeat("z", 70_000)})) + `,` + string(onePlan("b")[1:]), []string{"x: aws_iam_policy.a", "(top): aws_iam_policy.b"}},
		{"changes in front of all else", wrap(m{"plan": json.RawMessage(`{"resource_changes":[],"x":{"changes":[]},"format_version":"1.2"}`)}), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terraform.Sniff([]byte(tt.text)); got != terraform.Wrapped {
				t.Fatalf("Sniff is %v", got)
			}
			var got []string
			for _, g := range clean(t, tt.text) {
				got = append(got, g.Address)
				if g.Subject.Address != g.Address {
					t.Errorf("subject %q of %q", g.Subject.Address, g.Address)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWrappedPlansAreSeparate checks that nothing of one plan counts for another.
func TestWrappedPlansAreSeparate(t *testing.T) {
	t.Parallel()
	queue := func(account string) json.RawMessage {
		return json.RawMessage(plan([]m{
			rc("aws_sqs_queue.q", "no-op", m{"arn": "arn:aws:sqs:eu-west-1:" + account + ":q", "url": "u"}, m{"arn": "arn:aws:sqs:eu-west-1:" + account + ":q", "url": "u"}),
			rc("aws_sqs_queue_policy.p", "create", nil, m{"queue_url": "u"}, m{"after_unknown": m{"policy": true}}),
		}, []m{conf("aws_sqs_queue_policy.p", map[string][]string{"policy": {"var." + "p" + account}, "queue_url": {"aws_sqs_queue.q"}})},
			m{"variables": m{"s": m{"value": "secret" + account}}, "errored": account == "111122223333"}))
	}
	x := extract(t, wrap(m{"a": queue("111122223333"), "b": queue("444455556666")}), terraform.Options{Path: "plan.json"})
	var got []string
	for _, g := range x.Grants {
		got = append(got, strings.Join([]string{g.Address, g.Subject.Address, g.Account, g.ARN, show(g.After)}, " | "))
	}
	want := []string{
		"a: aws_sqs_queue_policy.p | a: aws_sqs_queue.q | 111122223333 | arn:aws:sqs:eu-west-1:111122223333:q | unknown var.p111122223333",
		"b: aws_sqs_queue_policy.p | b: aws_sqs_queue.q | 444455556666 | arn:aws:sqs:eu-west-1:444455556666:q | unknown var.p444455556666",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	if len(x.Incomplete) != 1 || !strings.HasPrefix(x.Incomplete[0], "a: Planning failed") {
		t.Errorf("incomplete is %q, want that of plan a", x.Incomplete)
	}
}

// TestWrappedFaults: a plan that is not read is never passed over in silence.
func TestWrappedFaults(t *testing.T) {
	t.Parallel()
	many := m{}
	for i := range 300 {
		many[fmt.Sprintf("p%03d", i)] = m{"resource_changes": []m{}, "format_version": "1.2"}
	}
	two := wrap(m{"a": onePlan("a"), "b": onePlan("b")})
	tests := []struct {
		name, text, diagnostic, incomplete string
		grants                             int
	}{
		{"no plan", `{"plan":{"a":1}}`, "holds no plan", "does not say that it is a plan", 0},
		{"one too deep", wrap(m{"a": onePlan("a"), "b": m{"c": m{"d": m{"e": []any{onePlan("b")}}}}}), "too deep", "too deep", 1},
		{"one in a variable", wrap(m{"a": onePlan("a"), "variables": m{"v": onePlan("b")}}), "too deep", "too deep", 1},
		{"too many", wrap(many), "more than 256 plans", "more plans than are read", 0},
		{"old form", wrap(m{"a": onePlan("a"), "b": onePlan("b", m{"format_version": "2.0"})}), "b: The plan says", "b: The plan is in", 2},
		{"changes that are not those of a plan", wrap(m{"a": onePlan("a"), "b": m{"resource_changes": []int{1}}}), "expected an object", "to its end", 1},
		{"cut in the second plan", two[:len(two)-5], "ends in the middle", "to its end", 2},
		{"more behind", two + "{}", "more JSON follows", "More JSON", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, tt.text, terraform.Options{Path: "plan.json"})
			var all []string
			for _, d := range x.Diagnostics {
				all = append(all, d.String())
			}
			if got := strings.Join(all, "\n"); !x.Diagnostics.HasErrors() || !strings.Contains(got, tt.diagnostic) {
				t.Errorf("diagnostics are %q, want an error %q", got, tt.diagnostic)
			}
			if got := strings.Join(x.Incomplete, "\n"); !strings.Contains(got, tt.incomplete) {
				t.Errorf("incomplete is %q, want %q", got, tt.incomplete)
			}
			if len(x.Grants) != tt.grants {
				t.Errorf("%d grants, want %d: %q", len(x.Grants), tt.grants, lines(x.Grants))
			}
		})
	}
}

func TestWrappedLimitOfGrants(t *testing.T) {
	t.Parallel()
	x := extract(t, wrap(m{"a": onePlan("a"), "b": onePlan("b")}), terraform.Options{MaxGrants: 1})
	if len(x.Grants) != 1 || !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
		t.Errorf("%d grants, diagnostics %v; want one grant and an error", len(x.Grants), x.Diagnostics)
	}
}

func TestSniffWrapped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       terraform.Kind
	}{
		{"start of a plan inside", `{"plan":{"format_version":"1.2","terraform_version":"1.11.4","vari`, terraform.Wrapped},
		{"state inside", `{"state":` + shownState + `}`, terraform.Other},
		{"template with names of a plan", `{"Resources":{"Q":{"Properties":{"variables":{},"complete":true}}}}`, terraform.Other},
		{"changes that are a number", `{"summary":{"resource_changes":3}}`, terraform.Other},
		{"plan too deep", `{"a":{"b":{"c":{"d":{"e":{"resource_changes":[]}}}}}}`, terraform.Other},
		{"configuration in front of a plan", `{"configuration":{"provider_config":{},"root_module":{"resources":[`, terraform.Plan},
		{"configuration of something else", `{"configuration":{"a":{}},"b":`, terraform.Other},
		{"state with a plan in an output", `{"format_version":"1.0","values":{"outputs":{"a":{"value":{"resource_changes":[]}}}}}`, terraform.State},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terraform.Sniff([]byte(tt.text)); got != tt.want {
				t.Errorf("Sniff is %v, want %v", got, tt.want)
			}
		})
	}
}

// TestWrappedTruncation cuts a wrapper at every byte: there is always an error.
func TestWrappedTruncation(t *testing.T) {
	t.Parallel()
	text := wrap(m{"mock": m{"a": onePlan("a"), "b": onePlan("b")}})
	for n := range len(text) {
		x := extract(t, text[:n], terraform.Options{Path: "plan.json"})
		if !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 || len(x.Grants) > 2 {
			t.Fatalf("cut at %d of %d: %d grants, diagnostics %v, incomplete %q; want an error", n, len(text), len(x.Grants), x.Diagnostics, x.Incomplete)
		}
	}
}
