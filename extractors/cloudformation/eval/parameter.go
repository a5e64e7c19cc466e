package eval

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// maxAllowed bounds the allowed values of a parameter that are all considered.
const maxAllowed = 16

// parameter is the value of a parameter: the one that is given, the one that is chosen,
// its default, or a symbol.
func (s *Scope) parameter(name string, n *tree.Node) *tree.Node {
	decl := s.t.Parameters.Get(name)
	if v, given := s.given(name); given {
		return s.typed(decl, v, n)
	}
	full := s.t.Prefix + name
	if s.t.Kept[name] {
		sym := s.symbols.of("parameter "+full, full)
		s.notesParameter(sym, full, decl)
		return tree.NewString(sym.Text, n.Range)
	}
	if key, ok := decl.Get("Default").Text(); ok && lookedUp(decl) {
		return s.typed(decl, key, n)
	}
	if s.t.Value != nil { // what a parent stack does not pass is at its default
		if v, ok := defaultOf(decl); ok {
			return s.typed(decl, v, n)
		}
	}
	c, chosen := s.choices.at[full]
	if v, ok := valueOf(c, decl); ok {
		return s.typed(decl, v, n)
	}
	if !chosen {
		if options := s.lists(full, decl); len(options) > 0 && !s.expanding {
			s.need = &Need{full, s.leftAlone(full, options...)}
			return tree.NewNull(n.Range)
		}
		if allowed, rest := s.allowed(full, decl); len(allowed) > 0 && (s.deciding || !s.choices.Coarse || s.varies(full)) {
			s.ask(full, allowed, rest, decl)
			return tree.NewNull(n.Range)
		}
		if v, ok := defaultOf(decl); ok {
			if s.deciding {
				s.need = &Need{full, s.leftAlone(full, text(v), Choice{Not: []string{v}})}
				return tree.NewNull(n.Range)
			}
			// An empty default stands for a value that is to be given.
			if len(allowedValues(decl)) == 0 && (v != "" || isList(decl)) {
				return s.typed(decl, v, n)
			}
		}
	}
	key := "parameter " + full
	if chosen && excludes(decl, c) {
		key = "no " + key // it is another value than that of a side that allows it
	}
	sym := s.symbols.of(key, full)
	s.notesParameter(sym, full, decl)
	return tree.NewString(sym.Text, n.Range)
}

// notesParameter keeps with the symbol of a parameter what its value looks like.
func (s *Scope) notesParameter(sym *Symbol, full string, decl *tree.Node) {
	sym.atom, sym.Somebody, sym.literal = full, s.ruledOut(full, decl, mayBeEveryone), s.ruledOut(full, decl, mayHoldWildcard)
	sym.Steady = s.ruledOut(full, decl, mayBeginWild)
	for i, d := range s.t.Declared[full] {
		if d == nil {
			d = decl
		}
		sym.list[i] = isList(d)
	}
	if s.t.Prefix == "" && !lookedUp(decl) {
		sym.Option = "--param " + full + "=VALUE"
	}
}

// given is the value that the user gives, for parameters of the root.
func (s *Scope) given(name string) (string, bool) {
	if s.t.Prefix != "" {
		return "", false
	}
	v, ok := s.o.Parameters[name]
	return v, ok
}

// valueOf is the value that a choice gives a parameter on the side of decl. A value that
// this side does not allow cannot be its value: the default is, if it has one.
func valueOf(c Choice, decl *tree.Node) (string, bool) {
	if c.Default {
		if v, ok := defaultOf(decl); ok {
			return v, true
		}
	}
	switch {
	case c.Value != nil && allows(decl, *c.Value):
		return *c.Value, true
	case c.Value != nil, excludes(decl, c):
		return defaultOf(decl)
	}
	return "", false
}

// allows reports whether a parameter may have a value, as far as AllowedValues say: of a
// list, each element.
func allows(decl *tree.Node, value string) bool {
	list := decl.Get("AllowedValues")
	if list == nil || list.Kind != tree.List || len(list.Items) == 0 {
		return true
	}
	parts := []string{value}
	if isList(decl) {
		parts = strings.Split(value, ",")
	}
	for _, part := range parts {
		if isList(decl) {
			part = strings.TrimSpace(part)
		}
		if !slices.ContainsFunc(list.Items, func(item *tree.Node) bool {
			v, ok := item.Text()
			return !ok || v == part
		}) {
			return false
		}
	}
	return true
}

// excludes reports whether AllowedValues leave a parameter nothing but values that it is
// assumed not to have.
func excludes(decl *tree.Node, c Choice) bool {
	if isList(decl) {
		return c.Beyond && len(elements(decl)) > 0
	}
	list := listed(decl)
	return len(list) > 0 && len(list) == len(decl.Get("AllowedValues").Items) && !slices.ContainsFunc(list, func(v string) bool { return !slices.Contains(c.Not, v) })
}

// lists are the lists that are considered of a parameter with AllowedValues on the side
// before, or that is on one side alone: its default, each element by itself, and all of
// each side. What a list means in a policy is no more than that of any of these, whichever
// elements it has; for a condition others are considered too.
func (s *Scope) lists(full string, decl *tree.Node) []Choice {
	d := s.t.Declared[full]
	for i, one := range d {
		if one == nil {
			d[i] = decl
		}
	}
	if !isList(d[0]) || !isList(d[1]) || lookedUp(d[0]) || lookedUp(d[1]) {
		return nil
	}
	was, is := elements(d[0]), elements(d[1])
	same := slices.Equal(was, is)
	if len(was) == 0 || same && (len(was) > maxAllowed || s.choices.Coarse && !s.deciding && !s.varies(full)) {
		return nil
	}
	var values []string
	add := func(v string) {
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	for _, one := range []*tree.Node{d[1], d[0]} {
		if v, ok := defaultOf(one); ok {
			add(v)
		}
	}
	for i, v := range was {
		if i < maxAllowed {
			add(v)
		}
	}
	for _, v := range is {
		if !slices.Contains(was, v) {
			add(v)
		}
	}
	add(strings.Join(was, ","))
	if len(is) > 0 {
		add(strings.Join(is, ","))
	}
	var options []Choice
	for _, v := range values {
		options = append(options, text(v))
	}
	if s.deciding || !same {
		slices.Sort(values)
		options = append(options, Choice{Not: values, Beyond: len(is) == 0})
	}
	return options
}

// leftAlone adds to the options of a parameter, which hold for both sides, that it is
// left at its default, where the sides have different ones. Where only the side after
// the change has a default, the value before is still one of the options.
func (s *Scope) leftAlone(full string, options ...Choice) []Choice {
	d := s.t.Declared[full]
	if d[0] == nil || d[1] == nil {
		return options
	}
	b, had := defaultOf(d[0])
	a, has := defaultOf(d[1])
	switch {
	case !has || had && a == b:
		return options
	case had:
		return append([]Choice{{Default: true}}, options...)
	}
	out := slices.Clone(options)
	for _, o := range options {
		if o.Value == nil && !excludes(d[0], o) || o.Value != nil && *o.Value != a && allows(d[0], *o.Value) {
			out = append(out, Choice{Value: o.Value, Not: o.Not, Beyond: o.Beyond, Default: true})
		}
	}
	return out
}

// varies reports whether the sides declare other values for a parameter.
func (s *Scope) varies(full string) bool {
	d := s.t.Declared[full]
	if d[0] == nil || d[1] == nil {
		return false
	}
	b, had := defaultOf(d[0])
	a, has := defaultOf(d[1])
	return had != has || a != b || !slices.Equal(listed(d[0]), listed(d[1]))
}

// ask needs one of the allowed values, the default first; rest is whether there are
// values besides.
func (s *Scope) ask(full string, allowed []string, rest bool, decl *tree.Node) {
	var options []Choice
	not := slices.Clone(allowed)
	first, ok := defaultOf(decl)
	if ok && (rest || slices.Contains(allowed, first)) {
		options, not = append(options, text(first)), append(not, first)
	}
	for _, v := range allowed {
		if !ok || v != first {
			options = append(options, text(v))
		}
	}
	if rest {
		slices.Sort(not)
		options = append(options, Choice{Not: slices.Compact(not)})
	}
	s.need = &Need{full, s.leftAlone(full, options...)}
}

// allowed are the values that a parameter may have on either side and that are all
// considered, those from before the change first, and whether there are others. Values
// that the change allows are among them, however many others there are.
func (s *Scope) allowed(full string, decl *tree.Node) (values []string, rest bool) {
	d := s.t.Declared[full]
	if d[0] == nil || d[1] == nil {
		return allowedValues(decl), false
	}
	was, is := listed(d[0]), listed(d[1])
	few, fewNow := allowedValues(d[0]), allowedValues(d[1])
	values = slices.Clone(few)
	for _, v := range is {
		if !slices.Contains(values, v) && (len(fewNow) > 0 || len(was) > 0 && !slices.Contains(was, v)) {
			values = append(values, v)
		}
	}
	return values, len(values) > 0 && (len(is) == 0 || len(few) == 0 && len(fewNow) == 0)
}

// allowedValues are the values that a parameter may have; none where there are more
// than are considered, or the value is looked up.
func allowedValues(decl *tree.Node) []string {
	if list := decl.Get("AllowedValues"); list == nil || len(list.Items) > maxAllowed {
		return nil
	}
	return listed(decl)
}

// listed are the values that a parameter may have, however many; none of a list.
func listed(decl *tree.Node) []string {
	if isList(decl) {
		return nil
	}
	return elements(decl)
}

// elements are the values in AllowedValues, which elements of a list may have.
func elements(decl *tree.Node) []string {
	list := decl.Get("AllowedValues")
	if list == nil || list.Kind != tree.List || lookedUp(decl) {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, item := range list.Items {
		if v, ok := item.Text(); ok && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// defaultOf is the default of a parameter, unless that only names where the value is.
func defaultOf(decl *tree.Node) (string, bool) {
	if lookedUp(decl) {
		return "", false
	}
	d := decl.Get("Default")
	if d != nil && d.Kind == tree.List { // some tools write lists
		var parts []string
		for _, item := range d.Items {
			v, _ := item.Text()
			parts = append(parts, v)
		}
		return strings.Join(parts, ","), true
	}
	if d != nil && d.Kind == tree.Null {
		return "", true
	}
	return d.Text()
}

// lookedUp: the value comes from the parameter store when the stack is changed.
func lookedUp(decl *tree.Node) bool {
	t, _ := decl.Get("Type").Text()
	return strings.HasPrefix(t, "AWS::SSM::Parameter::Value<")
}

func isList(decl *tree.Node) bool {
	t, _ := decl.Get("Type").Text()
	return t == "CommaDelimitedList" || strings.HasPrefix(t, "List<")
}

// typed is a value as the type of the parameter has it: lists are separated by commas.
func (s *Scope) typed(decl *tree.Node, value string, n *tree.Node) *tree.Node {
	switch {
	case lookedUp(decl):
		reference := "resolve:ssm:" + value
		sym := s.symbols.of("dynamic "+reference, reference)
		sym.Reason = "It is read from the parameter store when the stack is changed."
		return tree.NewString(sym.Text, n.Range)
	case strings.Contains(value, "{{resolve:"):
		return tree.NewString(s.dynamic(value), n.Range)
	case !isList(decl):
		return tree.NewString(value, n.Range)
	}
	var items []*tree.Node
	if value != "" {
		for _, part := range strings.Split(value, ",") {
			items = append(items, tree.NewString(strings.TrimSpace(part), n.Range))
		}
	}
	return tree.NewList(n.Range, items...)
}
