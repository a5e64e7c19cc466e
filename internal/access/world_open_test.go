package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Scenarios that the engine leaves open are rare. With GRANTDIFF_OPEN=1 TestWorlds asks
// the engine alone, which is fast, and prints those that are open, shrunk, with what
// the world says of them.

// lessWork is a bound beyond which a scenario counts as one of the bound on work.
const lessWork = 2_000_000

// listOpen describes the scenario of a number if the engine leaves it open; "" if not.
func (o *oracle) listOpen(p *pool, seed, i int) string {
	s := p.scenario(seeded{rand.New(rand.NewPCG(uint64(seed), 1<<32+uint64(i)))})
	cause := s.left()
	if cause == "" {
		return ""
	}
	if s.options.Work = lessWork; s.left() != cause { // than this, it takes long to shrink
		s.options.Work = 0
	}
	s = shrink(s, func(smaller scenario) bool { return smaller.left() == cause })
	count := outcomes{}
	world := "no request of the world is wanted"
	if err := o.check(s, seeded{rand.New(rand.NewPCG(1, 1))}, count); err != nil {
		world = err.Error()
	} else if count[undecided+cause+thoughWanted] > 0 {
		world = "a request of the world is wanted"
	}
	return fmt.Sprintf("undetermined: %s; %s\n%v", cause, world, s)
}

// left is the cause for which the engine leaves the scenario open, "" for none.
func (s scenario) left() string {
	var docs [4][]*policy.Document
	for i, layer := range s.layers() {
		var err error
		if docs[i], err = parsed(*layer, s.kind); err != nil {
			return ""
		}
	}
	got, err := s.ask(docs)
	if err != nil || got.Verdict != access.Undetermined {
		return ""
	}
	if i := slices.IndexFunc(causes, func(c string) bool { return strings.Contains(got.Reason, c) }); i >= 0 {
		return causes[i]
	}
	return got.Reason
}
