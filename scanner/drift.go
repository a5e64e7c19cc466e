package scanner

import (
	"context"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// driftOf runs the rule for changes made outside of the tool. Everything counts as it
// was found, but for what drifted: that is compared with what the last apply left.
func driftOf(ctx context.Context, x *extractors.Extraction, o rules.Options) ([]rules.Found, error) {
	if len(x.Drift) == 0 {
		return nil, nil
	}
	d := newDriftSides(x)
	own, elsewhere := d.passes()
	found, err := check(ctx, own, o)
	if err != nil {
		return nil, err
	}
	more, err := check(ctx, elsewhere, o)
	if err != nil {
		return nil, err
	}
	// What somebody in the plan gains by a managed policy is told of them.
	for i := range more {
		f := &more[i]
		if !slices.ContainsFunc(found, func(g rules.Found) bool { return f.Grant != nil && g.Grant == f.Grant }) {
			found = append(found, *f)
		}
	}
	return rules.Join(rules.Merge(withoutRepeats(found))), nil
}

// driftSides are the extraction as a change from what the last apply left to what was
// found, and as one to what the plan makes of what drifted.
type driftSides struct {
	found, planned extractors.Extraction
	open           map[[2]string]bool // grants that drifted, and the plan does not tell what becomes of them
}

func newDriftSides(x *extractors.Extraction) *driftSides {
	d := &driftSides{open: map[[2]string]bool{}}
	drifted := map[[2]string]*extractors.Grant{}
	for i := range x.Drift {
		drifted[grantKey(&x.Drift[i])] = &x.Drift[i]
	}
	take := func(g, found, planned extractors.Grant) {
		g.Subject.New = false
		found.Subject, planned.Subject = g.Subject, g.Subject
		d.found.Grants = append(d.found.Grants, found)
		d.planned.Grants = append(d.planned.Grants, planned)
	}
	for _, g := range x.Grants {
		was := drifted[grantKey(&g)]
		if was == nil {
			g.After, g.Action, g.Subject.Gone = g.Before, extractors.NoOp, false
			take(g, g, g)
			continue
		}
		delete(drifted, grantKey(&g))
		planned := *was
		if touched(g.Action) {
			planned.After = g.After
			d.open[grantKey(&g)] = !g.After.Readable()
		}
		take(*was, *was, planned)
	}
	for i := range x.Drift { // attributes that the plan only mirrors
		if g := x.Drift[i]; drifted[grantKey(&g)] != nil {
			take(g, g, g)
		}
	}
	for _, l := range x.Links {
		l.After, l.Action = l.Before, extractors.NoOp
		d.found.Links = append(d.found.Links, l)
	}
	for _, b := range x.Blocks {
		b.After, b.Unknown, b.Action = b.Before, nil, extractors.NoOp
		d.found.Blocks = append(d.found.Blocks, b)
	}
	d.planned.Links, d.planned.Blocks = d.found.Links, d.found.Blocks
	d.found.Kind, d.planned.Kind = x.Kind, x.Kind
	return d
}

func grantKey(g *extractors.Grant) [2]string { return [2]string{g.Address, g.Attribute} }

// passes are the sums that drift changes, and the grants whose text was found to be
// unreadable.
func (d *driftSides) passes() (own, elsewhere []rules.Pass) {
	type sumKey struct {
		subject   extractors.Subject
		kind      extractors.Kind
		elsewhere bool
	}
	planned := map[sumKey]*rules.Sum{}
	of := func(s *rules.Sum) sumKey { return sumKey{s.Subject, s.Kind, s.Elsewhere} }
	c := compose(&d.planned)
	for _, p := range slices.Concat(c.passes, c.elsewhere) {
		if p.Sum != nil {
			planned[of(p.Sum)] = p.Sum
		}
	}
	mark := func(passes []rules.Pass) []rules.Pass {
		var out []rules.Pass
		for _, p := range passes {
			if p.Sum != nil {
				out = append(out, rules.Pass{Sum: p.Sum, Drift: &rules.Drift{Planned: planned[of(p.Sum)], Open: d.isOpen(p.Sum)}})
			}
		}
		return out
	}
	c = compose(&d.found)
	own, elsewhere = mark(c.passes), mark(c.elsewhere)
	for i := range d.found.Grants {
		if g := &d.found.Grants[i]; g.After.Diagnostics.HasErrors() && g.Action != extractors.NoOp {
			own = append(own, rules.Pass{Grant: g, Drift: &rules.Drift{}})
		}
	}
	return own, elsewhere
}

// isOpen reports whether it is not known what the plan makes of a document of a sum.
func (d *driftSides) isOpen(s *rules.Sum) bool {
	return slices.ContainsFunc(s.Terms, func(t rules.Term) bool {
		return slices.ContainsFunc(t.Holdings, func(h rules.Holding) bool { return d.open[grantKey(h.Grant)] })
	})
}
