package eval

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Settings are what is known of the stack besides its template.
type Settings struct {
	// Parameters are the values that are given; all others are open.
	Parameters map[string]string
	// Account, Region, Partition and StackName are "" where they are not known; the
	// partition is then that of the region, or aws.
	Account, Region, Partition, StackName string
}

// Template is one side: the sections of a template.
type Template struct {
	Parameters, Mappings, Conditions, Resources *tree.Node
	// Names gives, by logical ID, the name that symbols are made from where it is
	// another one: that of the same resource on the other side, or with the path of a
	// nested stack in front.
	Names map[string]string
	// Declared are the parameters of all stacks as both sides declare them, before the
	// change and after it, by name with the Prefix.
	Declared map[string][2]*tree.Node
	// Kept are parameters that keep a value that is not known, whatever their default is.
	Kept map[string]bool
	// Side is the index of this side there.
	Side int
	// Value is a parameter that a parent stack sets, evaluated there, for a condition or
	// not; nil for none. It is nil for the root.
	Value func(name string, deciding bool) *tree.Node
	// Prefix is the path of a nested stack with a slash, "" for the root; the names of
	// open parameters begin with it.
	Prefix string
	// Outputs resolves an output of a nested stack; it may be nil.
	Outputs func(stack, output string) *tree.Node
}

// Scope evaluates one template under one set of choices.
type Scope struct {
	t        *Template
	o        Settings
	symbols  *Symbols
	choices  *Choices
	need     *Need
	refs     map[string]*tree.Node
	truths   map[string]bool
	visiting map[string]bool
	loops    []loop // identifiers of Fn::ForEach around what is evaluated
	turned   int    // entries that loops made
	depth    int
	budget   *Budget
	deciding bool // a condition is evaluated
	// expanding: loops are expanded, which happens once, before any choice.
	expanding bool

	// Diagnostics are about calls that the service would refuse.
	Diagnostics diag.Diagnostics
}

// Budget bounds the work of an extraction.
type Budget struct{ Nodes int }

// DefaultBudget is how many nodes may be made by evaluation.
const DefaultBudget = 20_000_000

// maxDepth bounds calls in calls.
const maxDepth = 400

// NewScope evaluates t. Scopes of both sides share symbols, choices and the budget.
func NewScope(t *Template, o Settings, symbols *Symbols, choices *Choices, budget *Budget) *Scope {
	if o.Partition == "" {
		o.Partition = partitionOf(o.Region)
	}
	return &Scope{
		t: t, o: o, symbols: symbols, choices: choices, budget: budget,
		refs: map[string]*tree.Node{}, truths: map[string]bool{}, visiting: map[string]bool{},
	}
}

// Need is the choice that is missing; what was evaluated is then worth nothing.
func (s *Scope) Need() *Need { return s.need }

// Symbols is the table that symbols are in.
func (s *Scope) Symbols() *Symbols { return s.symbols }

// Attribute is what GetAtt gives of a resource, or Ref for "".
func (s *Scope) Attribute(id, attribute string, n *tree.Node) *tree.Node {
	if attribute == "" {
		return s.resource(id, "", n)
	}
	return s.attribute(id, attribute, n)
}

// Name is the name of a resource that its template gives; "" for none.
func (s *Scope) Name(id string) string {
	r := s.t.Resources.Get(id)
	typ, _ := r.Get("Type").Text()
	if sh := shapes[typ]; sh.name != "" {
		return s.property(id, r, sh.name)
	}
	return ""
}

// Ask makes a choice necessary that evaluation elsewhere needs.
func (s *Scope) Ask(n *Need) {
	if s.need == nil {
		s.need = n
	}
}

// noValue is the result of AWS::NoValue: the entry around it is left out.
var noValue = tree.NewNull(source.Range{})

// Eval is the value of n, a tree without calls. It is nil for AWS::NoValue.
func (s *Scope) Eval(n *tree.Node) *tree.Node {
	v := s.eval(n)
	if v == noValue {
		return nil
	}
	return v
}

// EvalFor is Eval; deciding is whether a condition of another stack asks.
func (s *Scope) EvalFor(n *tree.Node, deciding bool) *tree.Node {
	was := s.deciding
	s.deciding = deciding
	defer func() { s.deciding = was }()
	return s.Eval(n)
}

func (s *Scope) eval(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	s.budget.Nodes--
	if s.need != nil || s.budget.Nodes <= 0 {
		return tree.NewNull(n.Range)
	}
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > maxDepth {
		return s.opaque(n, "nesting", "what nests too deep", "It nests deeper than is evaluated.")
	}
	switch n.Kind {
	case tree.String:
		return s.literal(n)
	case tree.List:
		return s.list(n)
	case tree.Map:
		return s.mapping(n)
	case tree.Invalid:
		return s.opaque(n, fmt.Sprintf("invalid %p", n), "what could not be read", "It could not be read.")
	default:
		return n
	}
}

// literal is a text, in which identifiers of loops and dynamic references are replaced.
func (s *Scope) literal(n *tree.Node) *tree.Node {
	value := s.looped(n.Value)
	if strings.Contains(value, "{{resolve:") {
		value = s.dynamic(value)
	}
	if value == n.Value {
		return n
	}
	return tree.NewString(value, n.Range)
}

func (s *Scope) list(n *tree.Node) *tree.Node {
	items := make([]*tree.Node, 0, len(n.Items))
	same := true
	for _, item := range n.Items {
		v := s.eval(item)
		same = same && v == item
		if v != noValue && v != nil {
			items = append(items, v)
		}
	}
	if same {
		return n
	}
	return tree.NewList(n.Range, items...)
}

func (s *Scope) mapping(n *tree.Node) *tree.Node {
	if name, arg, ok := n.Intrinsic(); ok && !strings.HasPrefix(name, forEach) {
		v := s.call(name, arg, n)
		if v == nil {
			v = tree.NewNull(n.Range)
		}
		return v
	}
	fields := make([]tree.Field, 0, len(n.Fields))
	same := true
	for _, f := range n.Fields {
		switch {
		case strings.HasPrefix(f.Key, forEach):
			same = false
			fields = append(fields, s.forEach(f)...)
			continue
		case f.Key == "Fn::Transform":
			return s.transform(f.Value, n)
		}
		key := s.looped(f.Key)
		v := s.eval(f.Value)
		same = same && v == f.Value && key == f.Key
		if v != noValue && v != nil {
			fields = append(fields, tree.Field{Key: key, At: f.At, Value: v})
		}
	}
	if same {
		return n
	}
	return tree.NewMap(n.Range, fields...)
}

// opaque is the symbol of a key, in place of n.
func (s *Scope) opaque(n *tree.Node, key, reference, reason string) *tree.Node {
	sym := s.symbols.of(key, reference)
	if reason != "" {
		sym.Reason = reason
	}
	return tree.NewString(sym.Text, n.Range)
}

// calls that are not known by their arguments: the same call is the same symbol.
func (s *Scope) opaqueCall(n *tree.Node, name string, args ...*tree.Node) *tree.Node {
	var b []byte
	for _, a := range args {
		b = append(a.AppendJSON(b), ',')
	}
	reference := strings.TrimPrefix(name, "Fn::")
	if refs := s.references(args...); refs != "" {
		reference += " of " + refs
	}
	v := s.opaque(n, "call "+name+" "+string(b), reference, "")
	sym := s.symbols.Whole(v.Value)
	for _, in := range s.symbols.In(string(b)) {
		if sym.Option == "" {
			sym.Option = in.Option
		}
		if sym.Reason == "" {
			sym.Reason = in.Reason
		}
	}
	return v
}

// references names the symbols in values.
func (s *Scope) references(args ...*tree.Node) string {
	var out []string
	for _, a := range args {
		for _, sym := range s.symbols.In(string(a.AppendJSON(nil))) {
			if sym.Reference != "" && len(out) < 4 {
				out = append(out, sym.Reference)
			}
		}
	}
	return strings.Join(out, " and ")
}

// fault reports a call that the service would refuse; its value is not known.
func (s *Scope) fault(n *tree.Node, name, summary, detail string) *tree.Node {
	if len(s.Diagnostics) < 100 {
		s.Diagnostics = append(s.Diagnostics, diag.Diagnostic{Severity: diag.Warning, Summary: summary, Detail: detail, Subject: n.Range})
	}
	key := fmt.Sprintf("fault %s %s", name, n.AppendJSON(nil))
	return s.opaque(n, key, name, "The template could not be evaluated there: "+summary+".")
}

// holds reports whether a value has a symbol anywhere.
func (s *Scope) holds(n *tree.Node) bool {
	switch {
	case n == nil:
		return false
	case n.Kind == tree.String:
		return s.symbols.Holds(n.Value)
	}
	for _, item := range n.Items {
		if s.holds(item) {
			return true
		}
	}
	for _, f := range n.Fields {
		if s.holds(f.Value) || s.symbols.Holds(f.Key) {
			return true
		}
	}
	return false
}

// isSymbol reports whether a value is nothing but a symbol, so that it may be a list or
// a map as well.
func (s *Scope) isSymbol(n *tree.Node) bool {
	return n != nil && n.Kind == tree.String && s.symbols.Whole(n.Value) != nil
}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "us-isob-"):
		return "aws-iso-b"
	case strings.HasPrefix(region, "us-isof-"):
		return "aws-iso-f"
	case strings.HasPrefix(region, "us-iso-"):
		return "aws-iso"
	case strings.HasPrefix(region, "eu-isoe-"):
		return "aws-iso-e"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}

// urlSuffix is the value of AWS::URLSuffix.
func urlSuffix(partition string) string {
	switch partition {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-iso":
		return "c2s.ic.gov"
	case "aws-iso-b":
		return "sc2s.sgov.gov"
	case "aws-iso-e":
		return "cloud.adc-e.uk"
	case "aws-iso-f":
		return "csp.hci.ic.gov"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}
