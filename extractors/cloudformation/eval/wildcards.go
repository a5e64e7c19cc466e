package eval

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// mayBeginWild reports whether the value of a parameter, or an element of it, could begin
// with a wildcard.
func mayBeginWild(decl *tree.Node) bool {
	switch {
	case lookedUp(decl):
		return !lookedUpThing(decl)
	case ofThings(decl):
		return false
	}
	if allowed := decl.Get("AllowedValues"); allowed != nil && allowed.Kind == tree.List && len(allowed.Items) > 0 {
		return slices.ContainsFunc(allowed.Items, func(item *tree.Node) bool {
			v, ok := item.Text()
			return !ok || beginsWild(v)
		})
	}
	pattern, ok := decl.Get("AllowedPattern").Text()
	if !ok || len(pattern) > 1000 || isList(decl) {
		return true
	}
	re, err := syntax.Parse(`^(?:`+pattern+`)$`, syntax.Perl)
	if err != nil {
		return true
	}
	prog, err := syntax.Compile(re.Simplify())
	return err != nil || takesFirst(prog, uint32(prog.Start), map[uint32]bool{})
}

func beginsWild(text string) bool { return text != "" && strings.ContainsAny(text[:1], "*?") }

// takesFirst reports whether a pattern may take a wildcard at its beginning.
func takesFirst(p *syntax.Prog, at uint32, seen map[uint32]bool) bool {
	if seen[at] {
		return false
	}
	seen[at] = true
	switch in := &p.Inst[at]; in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return takesFirst(p, in.Out, seen) || takesFirst(p, in.Arg, seen)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return takesFirst(p, in.Out, seen)
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return in.MatchRune('*') || in.MatchRune('?')
	default:
		return false
	}
}
