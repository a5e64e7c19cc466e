package scanner

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// TestUnseenBoundary: a boundary that the input does not show is said once of what it
// bounds, with the worst finding, and takes no finding away.
func TestUnseenBoundary(t *testing.T) {
	t.Parallel()
	const elsewhere = "arn:aws:iam::111122223333:policy/ceiling"
	for name, c := range map[string]struct {
		before, after []string
		want          int
	}{
		"none":                       {nil, nil, 0},
		"comes":                      {nil, list(elsewhere), 1},
		"stays":                      {list(elsewhere), list(elsewhere), 1},
		"goes, which is told":        {list(elsewhere), nil, 0},
		"another, which is told":     {list("arn:aws:iam::111122223333:policy/b"), list(elsewhere), 0},
		"comes, and is in the input": {nil, list("policy p"), 0},
	} {
		w := &world{t: t, docs: map[string]*policy.Document{}}
		w.grant(extractors.Identity, "role app", "aws_inline.a", "", iam)
		w.grant(extractors.Identity, "role app", "aws_inline.b", "", get)
		w.policy("p", iam+","+get, iam+","+get)
		if c.before != nil || c.after != nil {
			w.link(extractors.Bounded, "role app", "aws_role.app", c.before, c.after)
		}
		found, err := judge(context.Background(), &w.x, rules.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []rules.Level
		gains := 0
		for _, f := range found {
			if f.Gained != nil {
				gains++
			}
			if slices.ContainsFunc(f.Details, func(d string) bool { return strings.Contains(d, "is not in the input and may hold") }) {
				got = append(got, f.Level)
			}
		}
		if len(got) != c.want || c.want == 1 && got[0] != rules.Error {
			t.Errorf("%s: told with %q, want %d of the worst", name, got, c.want)
		}
		if gains < 2 && c.want == 1 {
			t.Errorf("%s: %d findings of access, want both", name, gains)
		}
	}
}
