package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
)

// A Former is a principal that the change deletes while it creates the subject of a sum: the
// subject may be the same under another name, which is new access all the same, since other
// policies may name either.
type Former struct {
	Name string // as a sentence calls it
	Sum  *Sum
}

// others stands for the principals that go where several others gain what they had.
const others = "others"

// maxFormers bounds how many principals that go are compared with one that comes.
const maxFormers = 10

// takeOver finds, among the principals that go, the one that had most of what the subject
// gains, and tells by the index of a gain whether it had all of that.
func (p *Pass) takeOver(c *comparison) (name string, had map[int]bool) {
	for _, f := range p.Sum.Formers[:min(len(p.Sum.Formers), maxFormers)] {
		was := f.Sum.before()
		if len(was.docs) == 0 {
			continue
		}
		res := access.Gained(c.before.set.Or(was.set), c.after.set, p.access())
		if res.Verdict == access.Undetermined || res.Reason != "" {
			continue
		}
		same := map[int]bool{}
		for i := range c.Gains {
			g := &c.Gains[i]
			if len(g.Removed) == 0 && !slices.ContainsFunc(res.Gains, func(more access.Gain) bool { return more.Document == g.Document && more.Statement == g.Statement }) {
				same[i] = true
			}
		}
		if len(same) > len(had) {
			name, had = f.Name, same
		}
	}
	return name, had
}

// sayInstead adds to findings about access that a principal had which goes who that was. They keep their level: what other policies say of either name
// is not known.
func sayInstead(found []Found) {
	for i := range found {
		f := &found[i]
		if f.instead == "" || f.Sensitive || f.Witness == nil {
			continue
		}
		switch text := strings.TrimSuffix(f.Message, "."); {
		case f.instead == others:
			f.Message = text + ", each as one had that goes."
		case f.Grant.Kind == extractors.Trust:
			f.Message = text + "; it could assume " + f.instead + ", which goes."
		default:
			f.Message = text + ", as " + f.instead + " had, which goes."
		}
	}
}
