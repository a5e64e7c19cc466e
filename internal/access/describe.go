package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxAsked bounds the units of a gain that the search is asked about.
const maxAsked = 64

// lists fills in which patterns of the gain's statement bring something new: what the
// terms leave open is asked, as far as the bound allows, and is listed beyond it.
func (x *explainer) lists(c *cutter, g *Gain) {
	asked := 0
	answers := map[*unit]bool{}
	under := func(dim int, e *element, u *unit) bool {
		switch {
		case c.sure[u] && u.satisfiable() && !x.tied(), len(e.units) == 1: // the only one is the witness's
			return true
		case c.exact && !c.failed && !c.any[dim] && !c.sure[u] && c.open[u] == nil:
			return false
		}
		if like := c.open[u]; like != nil && !c.any[dim] {
			// Units that lie alike to all statements can still differ by what ties
			// principals and resources to keys.
			if brings, known := answers[like]; known && !x.tied() {
				return brings
			}
		}
		brings, known := answers[u]
		if !known {
			asked++
			brings = asked > maxAsked || x.brings(g, x.unitLit(e, u))
			answers[u] = brings
		}
		return brings
	}
	for dim, e := range c.asked.elems {
		var out []string
		switch {
		case e == nil:
			continue
		case e.not:
			out = []string{e.allBut()}
		default:
			for _, u := range e.units {
				if under(dim, e, u) {
					out = append(out, e.written(u))
				}
			}
			if len(out) == 0 { // the witness is under one of them
				for _, u := range e.units {
					out = append(out, e.written(u))
				}
			}
		}
		out = onceEach(out, dim == dimAction)
		switch dim {
		case dimPrincipal:
			g.Principals = out
		case dimAction:
			g.Actions = out
		case dimResource:
			g.Resources = out
		}
	}
}

// tied reports whether facts tie dimensions together.
func (x *explainer) tied() bool {
	return slices.ContainsFunc(x.problems, func(p *problem) bool { return len(p.always) > 0 })
}

// brings reports whether the gain's statement brings something inside of a box; also
// where that is not known.
func (x *explainer) brings(g *Gain, in func(int) box) bool {
	for i, p := range x.problems {
		boxes := p.boxes(x.docs)
		if boxes[g.Document][g.Statement] == nil {
			continue
		}
		if !x.b.spend(1) {
			return true
		}
		regions := x.regions(p, *boxes[g.Document][g.Statement], g.Document)
		limited := make([]region, len(regions))
		for j, r := range regions {
			limited[j] = region{r.in.with(in(i)...), r.clauses, r.choices}
		}
		if _, st := p.first(limited); st != unsat {
			return true
		}
	}
	return len(x.problems) == 0
}

// satisfiable reports whether the form of the unit shows that it matches something.
func (u *unit) satisfiable() bool {
	if u.all {
		return true
	}
	service, name, ok := strings.Cut(u.text, ":")
	return ok && service != "" && name != "" && (strings.HasPrefix(u.text, "arn:") && strings.Count(u.text, ":") > 4 || !strings.Contains(name, ":"))
}

// written is the unit as its document writes it.
func (e *element) written(u *unit) string {
	switch p := e.owner.piece; e.dim {
	case dimPrincipal:
		return entryText(p.Principal.List[u.at])
	case dimAction:
		return p.Action.List[u.at].Text
	default:
		return p.Resource.List[u.at].Text
	}
}

// onceEach leaves out what a list has already, as statements may write a value twice.
func onceEach(list []string, fold bool) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(text string) bool {
		if fold {
			text = strings.ToLower(text)
		}
		had := seen[text]
		seen[text] = true
		return had
	})
}

// allBut writes a Not element.
func (e *element) allBut() string {
	if len(e.units) == 0 {
		return "*"
	}
	texts := make([]string, len(e.units))
	for i, u := range e.units {
		texts[i] = e.written(u)
	}
	return "all but " + strings.Join(texts, ", ")
}

// entryText writes a principal entry: AWS entries and "*" bare, others with their
// type.
func entryText(e policy.PrincipalEntry) string {
	switch e.Type {
	case policy.PrincipalAll, policy.PrincipalAWS:
		return e.Text
	default:
		return e.Type.String() + ": " + e.Text
	}
}
