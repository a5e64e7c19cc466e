package access_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestZ3AgreesOnRandomPolicies holds engine, enumeration and oracle to each other, on
// small policies that use every construct: on two of one world, and on one with
// another part in one statement, which differ by little.
func TestZ3AgreesOnRandomPolicies(t *testing.T) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			s := newSolver(t, 500_000, time.Minute)
			tally := smtTally{}
			rapid.Check(t, func(rt *rapid.T) {
				keys := drawKeys(rt)
				before, after := drawText(rt, "before", kind, keys, 3), ""
				if rapid.IntRange(0, 3).Draw(rt, "apart") == 0 {
					after = drawText(rt, "after", kind, keys, 2)
				} else {
					after = drawChanged(rt, before, kind, keys)
				}
				if rapid.Bool().Draw(rt, "swapped") {
					before, after = after, before
				}
				old, now := parse(rt, before, kind), parse(rt, after, kind)
				if tally.compare(rt, s, "random", old, now) != "PASS" {
					return
				}
				readings := some(rt, "readings", policy.Readings(policy.Questions(slices.Concat(old, now)...)), 2)
				if q, r, found := drawWorld(rt, kind).enumerated(readings, old, now, used(before+after), func(before, after policy.Decision) bool {
					return after == policy.DecisionAllow && before != policy.DecisionAllow
				}); found {
					rt.Fatalf("z3 finds nothing, the enumeration %+v, reading %+v\n%s", q, r, pairText(old, now))
				}
			})
			tally.enough(t, 0.25, 0.3)
		})
	}
}

// drawChanged returns a policy with one part of one statement taken from another
// statement.
func drawChanged(t *rapid.T, text string, kind policy.Kind, keys []string) string {
	var d struct {
		Version   string `json:",omitempty"`
		Statement []map[string]json.RawMessage
	}
	var other map[string]json.RawMessage
	for text, v := range map[string]any{text: &d, drawStatement(t, kind, keys): &other} {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatal(err)
		}
	}
	changed := rapid.SampledFrom(d.Statement).Draw(t, "changed")
	part := rapid.SampledFrom([]string{"Condition", "Condition", "Condition", "Effect", "Action", "Resource", "Principal"}).Draw(t, "part")
	for name := range changed {
		if strings.TrimPrefix(name, "Not") == part {
			delete(changed, name)
		}
	}
	for name, v := range other {
		if strings.TrimPrefix(name, "Not") == part {
			changed[name] = v
		}
	}
	out, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
