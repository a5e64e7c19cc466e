package cloudformation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
)

// plainDefault is a default that is a part of a name: no wildcard, ARN, account, address
// or domain.
var plainDefault = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/-]*$`)

// keepValues finds the parameters of the root that get a default and have none before,
// and that are only parts of names: the stack keeps their values, which are not known, as
// an update with UsePreviousValue does. Others are taken to have the default.
func (x *extraction) keepValues(st *stack) {
	b, a := st.sides[before], st.sides[after]
	if b == nil || a == nil || st.prefix != "" || b.template.Parameters == nil || a.template.Parameters == nil || x.o.PriorParameters != nil {
		return
	}
	kept := map[string]bool{}
	for _, f := range a.template.Parameters.Fields {
		was := b.template.Parameters.Get(f.Key)
		if _, given := x.o.Parameters[f.Key]; given || was == nil || was.Get("Default") != nil || !plainString(was) || !plainString(f.Value) {
			continue
		}
		text, _ := f.Value.Get("Default").Text()
		if !plainDefault.MatchString(text) || !b.namesOnly(f.Key) || !a.namesOnly(f.Key) {
			continue
		}
		kept[f.Key] = true
		x.result.Diagnostics = append(x.result.Diagnostics, diag.Diagnostic{
			Severity: diag.Warning, Summary: fmt.Sprintf("the parameter %s has a default now", shown(f.Key)),
			Detail:  fmt.Sprintf("It is a part of names alone, and is taken to keep its value. If it does not, give the one it gets: --param %s=VALUE.", shown(f.Key)),
			Subject: f.At,
		})
	}
	b.template.Kept, a.template.Kept = kept, kept
}

// plainString reports whether a parameter may have any text.
func plainString(decl *tree.Node) bool {
	t, _ := decl.Get("Type").Text()
	return t == "String" && decl.Get("AllowedValues") == nil
}

// namesOnly reports whether a parameter decides nothing on one side but parts of names:
// of resources, in the resources of policies, and in properties that carry no access.
func (s *side) namesOnly(parameter string) bool {
	u := usage{parameter}
	if u.in(s.template.Conditions) || u.in(s.doc.Root.Get("Transform")) || u.in(s.doc.Root.Get("Globals")) || s.resources == nil || s.resources.Kind != tree.Map {
		return false
	}
	for _, f := range s.resources.Fields {
		typ, _ := f.Value.Get("Type").Text()
		if !u.in(f.Value) {
			continue
		}
		for _, part := range f.Value.Fields {
			switch {
			case part.Key == "Metadata" || !u.in(part.Value):
			case part.Key != "Properties" || !u.properties(typ, part.Value):
				return false
			}
		}
	}
	return true
}

// usage is where a parameter is used.
type usage struct{ parameter string }

// in reports whether a value may mention the parameter.
func (u usage) in(n *tree.Node) bool {
	if n == nil {
		return false
	}
	m := eval.NewMentions()
	m.Add(n)
	return m.All || m.Names[u.parameter]
}

func (u usage) properties(typ string, n *tree.Node) bool {
	if _, _, call := n.Intrinsic(); call || n.Kind != tree.Map || hasLoop(n) || strings.HasPrefix(typ, "AWS::CloudFormation::") || strings.HasSuffix(typ, moduleSuffix) {
		return false
	}
	for _, f := range n.Fields {
		if u.in(f.Value) && !u.property(typ, f.Key, f.Value) {
			return false
		}
	}
	return true
}

func (u usage) property(typ, name string, n *tree.Node) bool {
	if name == eval.NameProperty(typ) || typ == "AWS::Lambda::Permission" && name == "SourceArn" {
		return u.name(n)
	}
	for _, r := range rowsOf[typ] {
		plain := r.Link == nil && r.Permit == nil && r.Block == nil && r.Told == nil
		switch {
		case r.Of != "" && strings.Split(strings.TrimSuffix(r.Of, "[]"), ".")[0] == name:
			return u.name(n)
		case strings.TrimSuffix(r.top(), "[]") == name && plain && r.Flags&(accessList|body) == 0:
			return u.policy(n)
		case strings.TrimSuffix(r.top(), "[]") == name && r.Link != nil:
			return u.target(n)
		case strings.TrimSuffix(r.top(), "[]") == name, r.Permit != nil && reads(r.Permit.Text, name):
			return false
		}
	}
	if _, _, call := n.Intrinsic(); call && len(rowsOf[typ]) > 0 && !strings.HasSuffix(name, "Name") && u.bare(n) {
		return false // it may be a word that says what the others mean
	}
	return u.policy(n)
}

// bare reports whether a value may be that of the parameter alone.
func (u usage) bare(n *tree.Node) bool {
	name, arg, _ := n.Intrinsic()
	return name != "Fn::Sub" && name != "Fn::Join" || arg.Scalar() && arg.Value == "${"+u.parameter+"}"
}

// reads reports whether the statements of a row depend on a property.
func reads(text, property string) bool {
	return strings.Contains(text, "{"+property) || strings.Contains(text, "{^"+property) || strings.Contains(text, "when "+property) || strings.Contains(text, "each "+property)
}

// deciding are the elements of statements in which a value decides what they allow.
var deciding = []string{"Principal", "NotPrincipal", "Action", "NotAction", "Effect"}

// policy reports whether the parameter is in no element of a statement that decides.
func (u usage) policy(n *tree.Node) bool {
	if !u.in(n) {
		return true
	}
	name, arg, call := n.Intrinsic()
	switch {
	case call && name == "Fn::If" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 3:
		return u.policy(arg.Items[1]) && u.policy(arg.Items[2])
	case call:
		return u.name(n)
	case n.Kind == tree.List:
		return !slices.ContainsFunc(n.Items, func(item *tree.Node) bool { return !u.policy(item) })
	case n.Kind != tree.Map:
		return true
	}
	return !slices.ContainsFunc(n.Fields, func(f tree.Field) bool {
		if strings.EqualFold(f.Key, "Condition") {
			return !u.inARN(f.Value)
		}
		return u.in(f.Value) && (slices.ContainsFunc(deciding, func(d string) bool { return strings.EqualFold(d, f.Key) }) || !u.policy(f.Value))
	})
}

// inARN reports whether the parameter is in texts alone that begin as ARNs do.
func (u usage) inARN(n *tree.Node) bool {
	if !u.in(n) {
		return true
	}
	if name, arg, call := n.Intrinsic(); call {
		if name == "Fn::Join" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 2 {
			arg = arg.Items[1]
		}
		if arg != nil && arg.Kind == tree.List && len(arg.Items) > 0 {
			arg = arg.Items[0]
		}
		text, _ := arg.Text()
		return strings.HasPrefix(text, "arn:") && u.name(n)
	}
	return !slices.ContainsFunc(n.Items, func(item *tree.Node) bool { return !u.inARN(item) }) &&
		!slices.ContainsFunc(n.Fields, func(f tree.Field) bool { return !u.inARN(f.Value) })
}

// name reports whether a value is put together of texts and references alone, and is no
// policy by itself.
func (u usage) name(n *tree.Node) bool {
	if !u.in(n) {
		return n == nil || !strings.Contains(n.Value, "{")
	}
	name, arg, call := n.Intrinsic()
	switch {
	case !call:
		all := append([]*tree.Node{}, n.Items...)
		for _, f := range n.Fields {
			all = append(all, f.Value)
		}
		return !slices.ContainsFunc(all, func(item *tree.Node) bool { return !u.name(item) })
	case name == "Ref":
		return true
	case name == "Fn::Sub" && arg.Scalar():
		return !strings.Contains(arg.Value, "Statement")
	case name == "Fn::Sub" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 2:
		return !strings.Contains(arg.Items[0].Value, "Statement") && (!u.in(arg.Items[1]) || u.name(arg.Items[1]))
	case name == "Fn::Join" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 2 && arg.Items[0].Scalar():
		return u.name(arg.Items[1])
	case name == "Fn::If" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 3:
		return u.name(arg.Items[1]) && u.name(arg.Items[2])
	}
	return false
}

// target reports whether what is linked to is named by a text around the parameter, and
// not one of the policies of AWS, of which each name gives other access.
func (u usage) target(n *tree.Node) bool {
	switch _, _, call := n.Intrinsic(); {
	case call && u.bare(n):
		return false
	case call:
		return !strings.Contains(string(n.AppendJSON(nil)), "iam::aws") && u.name(n)
	}
	all := append([]*tree.Node{}, n.Items...)
	for _, f := range n.Fields {
		all = append(all, f.Value)
	}
	return !slices.ContainsFunc(all, func(item *tree.Node) bool { return u.in(item) && !u.target(item) })
}
