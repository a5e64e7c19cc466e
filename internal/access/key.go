package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Key is equal for gains of the same access, wherever its statements are written and in
// which order, and another one when a statement gives more or something else holds back
// less. It is there with Options.Explain only. Of an outline it covers what it says, which
// is not all: see Set.Key.
func (g *Gain) Key() string {
	var terms []string
	for _, t := range g.Terms {
		terms = append(terms, fmt.Sprintf("%q less %q", pieceKeys(t.In), pieceKeys(t.Except)))
	}
	return fmt.Sprintf("%q", sorted(terms))
}

// Key is equal for sets of the same statements in the same documents.
func (s Set) Key() string {
	var terms []string
	for _, t := range s.terms {
		var layers []string
		for _, l := range t.layers {
			var list []string
			for _, d := range l {
				for i := range d.Statements {
					st := &d.Statements[i]
					list = append(list, fmt.Sprint(st.Effect, " ", d.HasVariables(), " ", elementsKey(st.Principal, &st.Action, st.Resource, st.Conditions)))
				}
			}
			layers = append(layers, fmt.Sprintf("%q", sorted(list)))
		}
		terms = append(terms, fmt.Sprintf("%q", sorted(layers)))
	}
	return fmt.Sprintf("%q", sorted(terms))
}

func pieceKeys(list []Piece) []string {
	var out []string
	for i := range list {
		p := &list[i]
		out = append(out, fmt.Sprint(p.version == policy.Version2012, " ", elementsKey(p.Principal, p.Action, p.Resource, p.Conditions)))
	}
	return sorted(out)
}

// elementsKey writes down elements, an element that is nil as one that matches everything.
func elementsKey(p *policy.Principals, action, resource *policy.Values, conditions []policy.Condition) string {
	var who []string
	if p != nil {
		who = append(who, fmt.Sprint(p.Not))
		for _, e := range p.List {
			who = append(who, fmt.Sprint(e.Type, " ", e.Text))
		}
		who = sorted(who)
	}
	values := func(vs *policy.Values, fold bool) []string {
		if vs == nil {
			return nil
		}
		out := textsIn(vs.List)
		if fold {
			for i := range out {
				out[i] = strings.ToLower(out[i])
			}
		}
		return append(sorted(out), fmt.Sprint(vs.Not))
	}
	var limits []string
	for _, c := range conditions {
		limits = append(limits, fmt.Sprintf("%s %s %q", c.Operator.Name, c.KeyName(), sorted(textsIn(c.Values))))
	}
	return fmt.Sprintf("%q", [][]string{who, values(action, true), values(resource, false), sorted(limits)})
}

func textsIn(list []policy.Value) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, v.Text)
	}
	return out
}

// sorted puts a list in order, each text once.
func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
