package eval

import (
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// Condition is whether a named condition holds under the choices. One that cannot be
// decided without another choice makes Need.
func (s *Scope) Condition(name string, n *tree.Node) bool {
	if v, done := s.truths[name]; done {
		return v
	}
	c := s.t.Conditions.Get(name)
	switch {
	case c == nil:
		s.fault(n, name, fmt.Sprintf("no condition is called %s", quoted(name)), "Expected the name of a condition of this template. Correct the name.")
		return s.either("condition "+name, "condition "+name+" holds")
	case s.visiting["condition "+name]:
		s.fault(n, name, fmt.Sprintf("condition %s depends on itself", quoted(name)), "Expected conditions without a circle. Break it.")
		return s.either("condition "+name, "condition "+name+" holds")
	}
	s.visiting["condition "+name] = true
	v := s.truth(c)
	delete(s.visiting, "condition "+name)
	if s.need == nil {
		s.truths[name] = v
	}
	return v
}

// truth decides a condition.
func (s *Scope) truth(n *tree.Node) bool {
	if s.need != nil || s.budget.Nodes <= 0 {
		return false
	}
	s.budget.Nodes--
	s.depth++
	defer func() { s.depth-- }()
	if name, ok := n.ConditionRef(); ok {
		return s.Condition(s.looped(name), n)
	}
	if v, ok := n.Truth(); ok {
		return v
	}
	name, arg, ok := n.Intrinsic()
	if !ok || s.depth > maxDepth {
		return s.unclear(n)
	}
	switch name {
	case "Fn::And", "Fn::Or":
		if arg.Kind != tree.List || len(arg.Items) == 0 {
			return s.unclear(n)
		}
		for _, item := range arg.Items {
			v := s.truth(item)
			if s.need != nil || v == (name == "Fn::Or") {
				return v
			}
		}
		return name == "Fn::And"
	case "Fn::Not":
		if arg.Kind != tree.List || len(arg.Items) != 1 {
			return s.unclear(n)
		}
		return !s.truth(arg.Items[0])
	case "Fn::Equals":
		if arg.Kind != tree.List || len(arg.Items) != 2 {
			return s.unclear(n)
		}
		return s.equals(arg.Items[0], arg.Items[1])
	case "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll":
		return s.either(string(n.AppendJSON(nil)), name+" holds")
	}
	v := s.eval(n)
	if b, ok := v.Truth(); ok {
		return b
	}
	return s.unclear(n)
}

// unclear is a condition that is written in no known way: both are considered.
func (s *Scope) unclear(n *tree.Node) bool {
	s.fault(n, "condition", "a condition is in no known form", "Expected Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition. Correct it.")
	return s.either(string(n.AppendJSON(nil)), fmt.Sprintf("the condition on line %d holds", n.Range.Start.Line))
}

// either is the chosen truth of what cannot be decided.
func (s *Scope) either(key, words string) bool {
	name := comparison + words
	if c, ok := s.choices.at[name]; ok {
		return *c.Value == "true"
	}
	_ = key
	s.need = &Need{name, []Choice{text("true"), text("false")}}
	return false
}

// equals compares two values. A parameter that is open is asked for: whether it is the
// value that it is compared with, its default, or another one.
func (s *Scope) equals(a, b *tree.Node) bool {
	was := s.deciding
	s.deciding = true
	defer func() { s.deciding = was }()
	for _, pair := range [][2]*tree.Node{{a, b}, {b, a}} {
		if full, decl := s.openParameter(pair[0]); full != "" {
			if literal := s.eval(pair[1]); literal != noValue && s.need == nil {
				if l, ok := literal.Text(); ok && !s.holds(literal) {
					s.compared(full, decl, l)
				}
			}
			if s.need != nil {
				return false
			}
		}
	}
	joined := ""
	for _, pair := range [][2]*tree.Node{{a, b}, {b, a}} {
		if full, decl := s.joinedParameter(pair[0]); full != "" {
			if l, ok := s.eval(pair[1]).Text(); ok && l == "" && s.need == nil {
				s.compared(full, decl, "")
				joined = full
			}
			if s.need != nil {
				return false
			}
		}
	}
	x, y := s.eval(a), s.eval(b)
	if s.need != nil {
		return false
	}
	if x == noValue || y == noValue || x == nil || y == nil {
		return x == y
	}
	tx, xText := x.Text()
	ty, yText := y.Text()
	if xText && yText && tx == ty || string(x.AppendJSON(nil)) == string(y.AppendJSON(nil)) {
		return true
	}
	switch {
	case !s.holds(x) && !s.holds(y):
		return false
	case joined != "" && slices.Contains(s.choices.at[joined].Not, ""):
		return false
	case !xText || !yText:
		return s.either("", fmt.Sprintf("%s equals %s", shown(string(x.AppendJSON(nil))), shown(string(y.AppendJSON(nil)))))
	}
	return s.equalTexts(tx, ty)
}

// equalTexts compares texts of which one has a symbol and which differ.
func (s *Scope) equalTexts(x, y string) bool {
	for _, pair := range [][2]string{{x, y}, {y, x}} {
		sym := s.symbols.Whole(pair[0])
		if sym == nil || sym.atom == "" || s.symbols.Holds(pair[1]) {
			continue
		}
		if slices.Contains(s.choices.at[sym.atom].Not, pair[1]) {
			return false
		}
		s.compared(sym.atom, nil, pair[1])
		return false
	}
	return s.either("", fmt.Sprintf("%s equals %s", named(x), named(y)))
}

// compared makes a choice about an open value that is compared with a literal.
func (s *Scope) compared(atom string, decl *tree.Node, literal string) {
	c, chosen := s.choices.at[atom]
	switch {
	case chosen && (c.Value != nil || slices.Contains(c.Not, literal)):
	case chosen && c.Default && (len(c.Not) == 0 || hasDefault(decl)):
	case chosen:
		s.need = &Need{atom, []Choice{
			{Value: &literal, Default: c.Default},
			{Not: append(slices.Clone(c.Not), literal), Default: c.Default, Beyond: c.Beyond},
		}}
	default:
		if allowed, rest := s.allowed(atom, decl); len(allowed) > 0 {
			s.ask(atom, allowed, rest, decl)
			return
		}
		options, not := []Choice{}, []string{}
		if d, ok := defaultOf(decl); ok {
			options, not = append(options, text(d)), append(not, d)
		}
		if !slices.Contains(not, literal) {
			options, not = append(options, text(literal)), append(not, literal)
		}
		s.need = &Need{atom, s.leftAlone(atom, append(options, Choice{Not: not})...)}
	}
}

func hasDefault(decl *tree.Node) bool {
	_, ok := defaultOf(decl)
	return ok
}

// openParameter is the parameter that n is a Ref of, if it has no value and is no list.
func (s *Scope) openParameter(n *tree.Node) (full string, decl *tree.Node) {
	if full, decl = s.open(n); full == "" || isList(decl) || lookedUp(decl) {
		return "", nil
	}
	return full, decl
}

// open is the parameter that n is a Ref of, if it has no value.
func (s *Scope) open(n *tree.Node) (full string, decl *tree.Node) {
	name, arg, ok := n.Intrinsic()
	if !ok || name != "Ref" {
		return "", nil
	}
	p, ok := arg.Text()
	if !ok || s.passed(p) != nil || s.t.Parameters.Get(p) == nil || s.loop(p) != nil {
		return "", nil
	}
	if _, given := s.given(p); given {
		return "", nil
	}
	return s.t.Prefix + p, s.t.Parameters.Get(p)
}

// joinedParameter is the parameter, a list without a value, of which n is all elements
// joined. That this is empty is taken to be that the parameter is: elements which are
// empty themselves name nothing.
func (s *Scope) joinedParameter(n *tree.Node) (full string, decl *tree.Node) {
	name, arg, ok := n.Intrinsic()
	if !ok || name != "Fn::Join" || arg.Kind != tree.List || len(arg.Items) != 2 {
		return "", nil
	}
	if _, ok := arg.Items[0].Text(); !ok {
		return "", nil
	}
	full, decl = s.open(arg.Items[1])
	if full == "" || !isList(decl) || lookedUp(decl) {
		return "", nil
	}
	for _, d := range s.t.Declared[full] {
		if d.Get("AllowedValues") != nil {
			return "", nil
		}
	}
	if decl.Get("AllowedValues") != nil {
		return "", nil
	}
	return full, decl
}

// named shows a text in words.
func named(s string) string {
	if s == "" {
		return "the empty text"
	}
	return shown(s)
}
