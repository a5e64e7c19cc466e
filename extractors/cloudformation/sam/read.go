package sam

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// given reports whether a property has a value that counts: SAM takes an empty list, map
// or text, false and 0 for no value at all.
func given(n *tree.Node) bool {
	if n.IsNull() || n.Kind == tree.Invalid {
		return false
	}
	switch n.Kind {
	case tree.List:
		return len(n.Items) > 0
	case tree.Map:
		return len(n.Fields) > 0
	case tree.Bool:
		v, _ := n.Truth()
		return v
	case tree.Number:
		return n.Value != "0"
	default:
		return n.Value != ""
	}
}

// noValue reports whether n is the reference to AWS::NoValue, which removes what it is
// the value of.
func noValue(n *tree.Node) bool {
	name, arg, ok := n.Intrinsic()
	return ok && name == "Ref" && arg.Scalar() && arg.Value == "AWS::NoValue"
}

// branches takes a call of Fn::If apart.
func branches(n *tree.Node) (condition, yes, no *tree.Node, ok bool) {
	name, arg, ok := n.Intrinsic()
	if !ok || name != "Fn::If" || arg == nil || arg.Kind != tree.List || len(arg.Items) != 3 {
		return nil, nil, nil, false
	}
	return arg.Items[0], arg.Items[1], arg.Items[2], true
}

// referred is the logical ID that a value gets at: of Ref or Fn::GetAtt, or "".
func referred(n *tree.Node) string {
	name, arg, ok := n.Intrinsic()
	switch {
	case !ok || arg == nil:
		return ""
	case name == "Ref" && arg.Scalar():
		return arg.Value
	case name == "Fn::GetAtt" && arg.Kind == tree.List && len(arg.Items) > 0 && arg.Items[0].Scalar():
		return arg.Items[0].Value
	case name == "Fn::GetAtt" && arg.Scalar():
		id, _, _ := strings.Cut(arg.Value, ".")
		return id
	}
	return ""
}

// resolved is n, or the value of the parameter that it refers to: the one given, else
// the default. SAM looks parameters up in the places where this is used, and sees no
// other function.
func (e *expander) resolved(n *tree.Node) *tree.Node {
	name, arg, ok := n.Intrinsic()
	if !ok || name != "Ref" || !arg.Scalar() {
		return n
	}
	if v, ok := e.o.Parameters[arg.Value]; ok {
		return tree.NewString(v, n.Range)
	}
	if e.o.Open[arg.Value] || severalAllowed(e.root.Path("Parameters", arg.Value)) {
		return n
	}
	return e.defaulted(n)
}

// defaulted is n, or the default of the parameter that it refers to.
func (e *expander) defaulted(n *tree.Node) *tree.Node {
	if name, arg, ok := n.Intrinsic(); ok && name == "Ref" && arg.Scalar() {
		if d := e.root.Path("Parameters", arg.Value, "Default"); d.Scalar() {
			return d
		}
	}
	return n
}

// word is the text of a property that may refer to a parameter, or "".
func (e *expander) word(n *tree.Node) string {
	s, _ := e.resolved(n).Text()
	return s
}

// sameNode reports whether two nodes say the same.
func sameNode(a, b *tree.Node) bool {
	return a == b || string(a.AppendJSON(nil)) == string(b.AppendJSON(nil))
}

// severalAllowed reports whether a parameter may have several values.
func severalAllowed(parameter *tree.Node) bool {
	allowed := parameter.Get("AllowedValues")
	return allowed != nil && len(allowed.Items) > 1
}
