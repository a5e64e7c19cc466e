package access

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestCasesKeepWhatTheyKnow: patterns of one text in two cases, of whose values different
// things are known, are two even where both cases have the same outline of the value.
func TestCasesKeepWhatTheyKnow(t *testing.T) {
	g := newGround(&budget{DefaultWork}, policy.Identity, policy.Reading{}, nil)
	within := []form{{policy.StringLike, "ab*cd*", true}}
	compiled := func(head string) *glob {
		p := g.problem(environment{"k:a": {unknown: true, within: within, head: head}})
		return p.in.add(p.text(policy.StringEquals, "x${k:a}", true)[0])
	}
	if whole, rest := compiled(""), compiled("ab"); whole == rest {
		t.Errorf("the letter of a whole value is taken for what follows its beginning")
	}
	if a, b := compiled("ab"), compiled("ab"); a != b {
		t.Errorf("equal patterns have two numbers")
	}
}
