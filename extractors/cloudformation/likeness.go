package cloudformation

import (
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// maxRenames bounds how often resources are paired that are the same but for references
// to those paired before.
const maxRenames = 20

// pairAlike pairs resources that are gone with new ones of the same type that are written
// the same but for their logical IDs and those of others paired so. Where several are
// alike none is paired, nor one that stays in the account, or of which only a part is
// known to the template.
func (x *extraction) pairAlike(st *stack, names map[string]string) {
	if st.sides[before] == nil || st.sides[after] == nil {
		return
	}
	renamed := map[string]string{}
	for old, now := range names {
		renamed[old] = strings.TrimPrefix(now, st.prefix)
	}
	for range maxRenames {
		gone, made := map[string][]*unit{}, map[string][]*unit{}
		for _, u := range st.units {
			switch {
			case u.ids[after] == "" && x.whole(st, before, u):
				key := likeness(u.nodes[before], u.ids[before], renamed)
				gone[key] = append(gone[key], u)
			case u.ids[before] == "" && x.whole(st, after, u):
				key := likeness(u.nodes[after], u.ids[after], nil)
				made[key] = append(made[key], u)
			}
		}
		drop := map[*unit]bool{}
		for key, old := range gone {
			if now := made[key]; len(old) == 1 && len(now) == 1 {
				now[0].ids[before], now[0].nodes[before], now[0].types[before] = old[0].ids[before], old[0].nodes[before], old[0].types[before]
				names[old[0].ids[before]], renamed[old[0].ids[before]] = now[0].address, now[0].ids[after]
				drop[old[0]] = true
			}
		}
		if len(drop) == 0 {
			return
		}
		kept := st.units[:0]
		for _, u := range st.units {
			if !drop[u] {
				kept = append(kept, u)
			}
		}
		st.units = kept
	}
}

// whole reports whether a resource is replaced by one that is alike.
func (x *extraction) whole(st *stack, i int, u *unit) bool {
	n, typ := u.nodes[i], u.types[i]
	policy := n.Get("DeletionPolicy")
	if text, ok := policy.Text(); policy != nil && (!ok || strings.HasPrefix(text, "Retain")) {
		return false
	}
	p := n.Get("Properties")
	if p == nil || p.Kind != tree.Map || len(p.Fields) == 0 || typ == nestedType || strings.HasPrefix(typ, "AWS::Serverless::") {
		return false
	}
	if strings.HasPrefix(typ, "AWS::IAM::") && strings.Count(typ, "Policy") == 0 && p.Get("Policies") == nil && p.Get("ManagedPolicyArns") == nil {
		return false // whom a role trusts does not tell it from others
	}
	of := st.sides[i].serverless.Get(u.ids[i]) // what SAM makes of it has a part of its properties
	return of == nil || !strings.HasPrefix(typeText(of), "AWS::Serverless::")
}

func typeText(n *tree.Node) string {
	t, _ := n.Get("Type").Text()
	return t
}

// likeness is the same for resources that are written the same, under other logical IDs.
func likeness(n *tree.Node, id string, renamed map[string]string) string {
	to := func(name string) string {
		switch now, is := renamed[name]; {
		case name == id:
			return "\x00" // itself
		case is:
			return now
		}
		return name
	}
	return string(sorted(readdressed(n.Without("Metadata"), to)).AppendJSON(nil))
}

var reference = regexp.MustCompile(`\$\{\s*([A-Za-z0-9]+)\s*([.}])`)

// readdressed is n with the logical IDs that it refers to replaced.
func readdressed(n *tree.Node, to func(string) string) *tree.Node {
	if n == nil || n.Kind != tree.Map && n.Kind != tree.List {
		return n
	}
	text := func(s *tree.Node, f func(string) string) *tree.Node {
		if !s.Scalar() {
			return readdressed(s, to)
		}
		return tree.NewString(f(s.Value), s.Range)
	}
	sub := func(s string) string {
		return reference.ReplaceAllStringFunc(s, func(m string) string {
			parts := reference.FindStringSubmatch(m)
			return "${" + to(parts[1]) + parts[2]
		})
	}
	attribute := func(s string) string {
		name, rest, _ := strings.Cut(s, ".")
		return to(name) + "." + rest
	}
	first := func(l *tree.Node, f func(string) string) *tree.Node {
		if l == nil || l.Kind != tree.List || len(l.Items) == 0 {
			return text(l, f)
		}
		items := []*tree.Node{text(l.Items[0], f)}
		for _, item := range l.Items[1:] {
			items = append(items, readdressed(item, to))
		}
		return tree.NewList(l.Range, items...)
	}
	if name, arg, ok := n.Intrinsic(); ok && arg != nil {
		switch {
		case name == "Ref":
			return tree.NewCall(n.Range, name, text(arg, to))
		case name == "Fn::GetAtt" && arg.Scalar():
			return tree.NewCall(n.Range, name, text(arg, attribute))
		case name == "Fn::GetAtt":
			return tree.NewCall(n.Range, name, first(arg, to))
		case name == "Fn::Sub":
			return tree.NewCall(n.Range, name, first(arg, sub))
		}
	}
	if n.Kind == tree.List {
		items := make([]*tree.Node, len(n.Items))
		for i, item := range n.Items {
			items[i] = readdressed(item, to)
		}
		return tree.NewList(n.Range, items...)
	}
	fields := make([]tree.Field, len(n.Fields))
	for i, f := range n.Fields {
		fields[i] = f
		switch {
		case f.Key == "DependsOn" && f.Value.Scalar():
			fields[i].Value = text(f.Value, to)
		case f.Key == "DependsOn" && f.Value != nil && f.Value.Kind == tree.List:
			var all []*tree.Node
			for _, item := range f.Value.Items {
				all = append(all, text(item, to))
			}
			fields[i].Value = tree.NewList(f.Value.Range, all...)
		default:
			fields[i].Value = readdressed(f.Value, to)
		}
	}
	return tree.NewMap(n.Range, fields...)
}
