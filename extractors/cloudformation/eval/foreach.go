package eval

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// forEach begins the keys of loops (AWS CloudFormation User Guide, "Fn::ForEach").
const forEach = "Fn::ForEach::"

// maxLoops bounds what loops make, over all of their entries.
const maxLoops = 10_000

// loop is one identifier and its value in this turn.
type loop struct{ name, value string }

func (s *Scope) loop(name string) *string {
	for i := len(s.loops) - 1; i >= 0; i-- {
		if s.loops[i].name == name {
			return &s.loops[i].value
		}
	}
	return nil
}

// looped replaces ${Identifier} and &{Identifier} of the loops around a text; the
// second without what logical IDs cannot have.
func (s *Scope) looped(text string) string {
	if len(s.loops) == 0 || !strings.Contains(text, "{") {
		return text
	}
	for i := len(s.loops) - 1; i >= 0; i-- {
		l := s.loops[i]
		text = strings.ReplaceAll(text, "${"+l.name+"}", l.value)
		text = strings.ReplaceAll(text, "&{"+l.name+"}", alphanumeric(l.value))
	}
	return text
}

func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}

// forEach expands one loop among the fields of a map, with evaluated values. What cannot
// be expanded is one field whose value is a symbol.
func (s *Scope) forEach(f tree.Field) []tree.Field {
	return s.turns(f, func(key string, value *tree.Node) []tree.Field {
		if strings.HasPrefix(key, forEach) {
			return s.forEach(tree.Field{Key: key, At: f.At, Value: value})
		}
		v := s.eval(value)
		if v == noValue || v == nil {
			return nil
		}
		return []tree.Field{{Key: key, At: f.At, Value: v}}
	}, func(reason string) []tree.Field {
		return []tree.Field{{Key: f.Key, At: f.At, Value: s.opaque(f.Value, "loop "+string(f.Value.AppendJSON(nil)), f.Key, reason)}}
	})
}

// turns runs a loop: body takes each key and value of each turn, with the identifier
// set.
func (s *Scope) turns(f tree.Field, body func(string, *tree.Node) []tree.Field, fail func(reason string) []tree.Field) []tree.Field {
	if f.Value.Kind != tree.List || len(f.Value.Items) != 3 || f.Value.Items[2].Kind != tree.Map {
		s.faultAt(f.At, "a loop without its three parts", "Expected a list of an identifier, a list and a map behind "+shown(f.Key)+". Correct it.")
		return fail("A loop is not in the form that is known.")
	}
	name, ok := f.Value.Items[0].Text()
	list := s.eval(f.Value.Items[1])
	if !ok || s.need != nil || list == nil || list == noValue {
		return fail("A loop is not in the form that is known.")
	}
	if list.Kind != tree.List {
		return fail("The list that a loop runs over is not known before the change.")
	}
	var out []tree.Field
	for _, item := range list.Items {
		value, isText := item.Text()
		if !isText || s.symbols.Holds(value) {
			return fail("The list that a loop runs over is not known before the change.")
		}
		s.loops = append(s.loops, loop{name, value})
		for _, g := range f.Value.Items[2].Fields {
			s.budget.Nodes -= 1 + g.Value.Size()
			if s.turned++; s.turned > maxLoops || s.budget.Nodes <= 0 {
				s.loops = s.loops[:len(s.loops)-1]
				s.faultAt(f.At, "a loop makes too much", fmt.Sprintf("At most %d entries are made. Shorten the list.", maxLoops))
				return fail("A loop makes more than is evaluated.")
			}
			out = append(out, body(s.looped(g.Key), g.Value)...)
		}
		s.loops = s.loops[:len(s.loops)-1]
	}
	return out
}

func (s *Scope) faultAt(at source.Range, summary, detail string) {
	s.fault(tree.NewNull(at), "Fn::ForEach", summary, detail)
}

// Expand is a section of a template with its loops expanded, and nothing else
// evaluated: the values are those that are written, with the identifiers replaced.
// Lost are the keys of loops that could not be expanded, with the reason.
func (s *Scope) Expand(section *tree.Node) (out *tree.Node, lost []Lost) {
	if section == nil || section.Kind != tree.Map {
		return section, nil
	}
	s.expanding = true
	defer func() { s.expanding = false }()
	var fields []tree.Field
	made := map[string]bool{}
	var expand func(f tree.Field)
	expand = func(f tree.Field) {
		if !strings.HasPrefix(f.Key, forEach) {
			made[f.Key] = true
			fields = append(fields, f)
			return
		}
		s.turns(f, func(key string, value *tree.Node) []tree.Field {
			switch {
			case strings.HasPrefix(key, forEach):
				expand(tree.Field{Key: key, At: f.At, Value: value})
			case made[key]:
				lost = append(lost, Lost{f, fmt.Sprintf("It makes %q more than once; each name may be there once.", shown(key))})
			default:
				made[key] = true
				fields = append(fields, tree.Field{Key: key, At: f.At, Value: s.replaced(value)})
			}
			return nil
		}, func(reason string) []tree.Field {
			lost = append(lost, Lost{f, reason})
			return nil
		})
	}
	loops := false
	for _, f := range section.Fields {
		loops = loops || strings.HasPrefix(f.Key, forEach)
		expand(f)
	}
	if !loops {
		return section, nil
	}
	return tree.NewMap(section.Range, fields...), lost
}

// Lost is a loop that could not be expanded.
type Lost struct {
	Field  tree.Field
	Reason string
}

// replaced is a value with the identifiers of the loops around it replaced: in texts,
// and where Ref names one.
func (s *Scope) replaced(n *tree.Node) *tree.Node {
	if n == nil || s.budget.Nodes <= 0 {
		return n
	}
	s.budget.Nodes--
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > maxDepth {
		return n
	}
	if name, arg, ok := n.Intrinsic(); ok && name == "Ref" {
		if id, isText := arg.Text(); isText {
			if v := s.loop(id); v != nil {
				return tree.NewString(*v, n.Range)
			}
		}
	}
	switch n.Kind {
	case tree.String:
		if v := s.looped(n.Value); v != n.Value {
			return n.Derived(v)
		}
	case tree.List:
		items := make([]*tree.Node, len(n.Items))
		for i := range n.Items {
			items[i] = s.replaced(n.Items[i])
		}
		return tree.NewList(n.Range, items...)
	case tree.Map:
		fields := make([]tree.Field, len(n.Fields))
		for i, f := range n.Fields {
			fields[i] = tree.Field{Key: s.looped(f.Key), At: f.At, Value: s.replaced(f.Value)}
		}
		return tree.NewMap(n.Range, fields...)
	default:
	}
	return n
}

func n0(n *tree.Node) source.Range {
	if n == nil {
		return source.Range{}
	}
	return n.Range
}
