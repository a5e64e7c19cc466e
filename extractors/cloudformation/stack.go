package cloudformation

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Bounds on nested stacks.
const (
	maxStacks     = 200
	maxStackDepth = 8
)

// stack is one template with the one before it: the root, or a nested stack.
type stack struct {
	prefix string // path of logical IDs with a slash, "" for the root
	parent *stack
	id     string // logical ID in the parent
	sides  [2]*side
	units  []*unit
	nested map[string]*stack
	lost   [2][]eval.Lost // loops that could not be expanded
	macros [2][]*tree.Node
	// failures are what of SAM could not be expanded.
	failures [2][]sam.Failure
}

// The sides of a change.
const (
	before = 0
	after  = 1
)

// side is one template.
type side struct {
	doc       *tree.Document
	template  *eval.Template
	resources *tree.Node // with loops expanded
	outputs   *tree.Node
	// serverless are the resources before those of SAM were expanded, and globals the
	// section for these.
	serverless, globals *tree.Node
	dir                 string // of the template, relative to that of the root
}

// unit is one resource, before and after.
type unit struct {
	stack *stack
	// ids are its logical IDs on both sides, "" where it is not there; address that by
	// which it is called.
	ids     [2]string
	nodes   [2]*tree.Node
	types   [2]string
	address string
}

// addStack reads the sections of a template and pairs its resources, and follows the
// nested stacks.
func (x *extraction) addStack(prefix string, now, then *tree.Document, parent *stack, depth int) *stack {
	st := &stack{prefix: prefix, parent: parent, nested: map[string]*stack{}}
	if parent != nil {
		st.id = strings.TrimSuffix(strings.TrimPrefix(prefix, parent.prefix), "/")
	}
	x.stacks = append(x.stacks, st)
	names := map[string]string{}
	for i, d := range [2]*tree.Document{then, now} {
		if d == nil || d.Root == nil {
			continue
		}
		st.sides[i] = x.readSide(st, i, d)
	}
	x.keepValues(st)
	x.pair(st, names)
	x.pairAlike(st, names)
	if s := st.sides[before]; s != nil {
		s.template.Names = names
	}
	if s := st.sides[after]; s != nil && prefix != "" {
		s.template.Names = map[string]string{}
	}
	x.nest(st, depth)
	x.tellMacros(st)
	x.tellServerless(st)
	return st
}

// readSide reads the sections of one template.
func (x *extraction) readSide(st *stack, i int, d *tree.Document) *side {
	root := d.Root
	if root.Kind != tree.Map {
		x.fail(root.Range, "the template is no map", "Expected a map with Resources, and found %s. Give a CloudFormation template.", root.Kind)
		x.incomplete("The template " + d.Path + " could not be read as a whole.")
		root = tree.NewMap(root.Range)
	}
	section := func(name string) *tree.Node {
		n := root.Get(name)
		if n != nil && n.Kind != tree.Map && n.Kind != tree.Null {
			x.fail(n.Range, "the section "+name+" is no map", "Expected a map, and found %s. Correct the section.", n.Kind)
			x.incomplete("The template " + d.Path + " could not be read as a whole.")
			return nil
		}
		return n
	}
	s := &side{doc: d, dir: path.Dir(d.Path), outputs: section("Outputs")}
	s.template = &eval.Template{
		Parameters: section("Parameters"), Mappings: section("Mappings"), Conditions: section("Conditions"),
		Resources: section("Resources"), Prefix: st.prefix,
	}
	if root.Get("Resources") == nil && !d.Diagnostics.HasErrors() {
		x.fail(root.Range, "the template has no Resources", "Expected a map with Resources. Give a CloudFormation template.")
		x.incomplete("The template " + d.Path + " could not be read as a whole.")
	}
	if p := s.template.Parameters; p != nil {
		for _, f := range p.Fields {
			both := x.declared[st.prefix+f.Key]
			both[i] = f.Value
			x.declared[st.prefix+f.Key] = both
		}
	}
	s.template.Declared, s.template.Side = x.declared, i
	st.macros[i] = macros(root)
	if st.parent != nil { // which are looked at with the choices of a world from then on
		s.template.Value = x.newWorld(eval.NewChoices()).parameters(st, i)
	}
	scope := x.newScope(s, i, eval.NewChoices())
	var lost []eval.Lost
	expand := func(section *tree.Node) *tree.Node {
		out, l := scope.Expand(section)
		lost = append(lost, l...)
		return out
	}
	s.template.Conditions = expand(s.template.Conditions)
	s.resources = expand(s.template.Resources)
	s.template.Resources = s.resources
	s.outputs = expand(s.outputs)
	st.lost[i] = lost
	x.serverless(st, i, s, root)
	if transform := root.Path("Resources", "Fn::Transform"); transform != nil {
		st.macros[i] = append(st.macros[i], transform)
	}
	x.result.Diagnostics = append(x.result.Diagnostics, scope.Diagnostics...)
	return s
}

// knownTransforms are those that change nothing that is not evaluated here.
var knownTransforms = map[string]bool{
	"AWS::LanguageExtensions": true, "AWS::Serverless-2016-10-31": true,
	"AWS::SecretsManager-2020-07-23": true, "AWS::SecretsManager-2024-09-16": true, "AWS::CodeDeployBlueGreen": true,
	"AWS::ServiceCatalog": true,
}

// macros are those that run over the whole template and are not known, and includes of
// resources.
func macros(root *tree.Node) []*tree.Node {
	t := root.Get("Transform")
	if t == nil {
		return nil
	}
	list := []*tree.Node{t}
	if t.Kind == tree.List {
		list = t.Items
	}
	var out []*tree.Node
	for _, item := range list {
		if !knownTransforms[macroName(item)] {
			out = append(out, item)
		}
	}
	return out
}

func macroName(n *tree.Node) string {
	name, ok := n.Text()
	if !ok {
		name, _ = n.Get("Name").Text()
	}
	return name
}

// tellMacros tells of what only the service can expand. The template is read as it is
// written; where both sides are written the same, nothing is to be told.
func (x *extraction) tellMacros(st *stack) {
	if b, a := st.sides[before], st.sides[after]; b != nil && a != nil && x.o.PriorParameters == nil && x.sameOutputs(st) && st.parent == nil {
		return
	}
	for i := range st.sides {
		for _, m := range st.macros[i] {
			x.fail(m.Range, fmt.Sprintf("the macro %q is not known", shown(macroName(m))), "It can change the whole template. %s", eval.Macros)
			x.incomplete("The macro " + shown(macroName(m)) + " can change the whole template " + st.sides[i].doc.Path + ", which is read as it is written.")
		}
		for _, l := range st.lost[i] {
			if x.sameLoop(st, l, st.lost[1-i]) {
				continue
			}
			x.fail(l.Field.At, "a loop could not be expanded", "%s Give the values of its parameters with --param, or the processed template: aws cloudformation get-template --template-stage Processed.", l.Reason)
			x.incomplete("A loop of the template could not be expanded: " + l.Reason)
		}
	}
}

// sameLoop reports whether a loop is on the other side too, with all that it depends on.
func (x *extraction) sameLoop(st *stack, l eval.Lost, others []eval.Lost) bool {
	for _, o := range others {
		if o.Field.Key == l.Field.Key && st.sides[before] != nil && st.sides[after] != nil && x.o.PriorParameters == nil {
			return x.sameNode(st, o.Field.Value, l.Field.Value, map[string]bool{}, 0)
		}
	}
	return false
}

func shown(s string) string {
	const most = 100
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

func (x *extraction) newScope(s *side, i int, c *eval.Choices) *eval.Scope {
	settings := eval.Settings{Parameters: x.o.Parameters, Account: x.o.Account, Region: x.o.Region, Partition: x.o.Partition, StackName: x.o.StackName}
	if i == before && x.o.PriorParameters != nil {
		settings.Parameters = x.o.PriorParameters
	}
	return eval.NewScope(s.template, settings, x.symbols, c, x.budget)
}

// pair finds the resources of both sides: by logical ID; else a resource that is gone
// and one that is new of the same type are one when they have the same path in a CDK
// app, or the same name. See pairAlike for others.
func (x *extraction) pair(st *stack, names map[string]string) {
	gone := map[string][]*unit{}
	byID := map[string]*unit{}
	list := func(i int) []tree.Field {
		if st.sides[i] == nil || st.sides[i].resources == nil {
			return nil
		}
		return st.sides[i].resources.Fields
	}
	typeOf := func(n *tree.Node) string { t, _ := n.Get("Type").Text(); return t }
	for _, f := range list(after) {
		u := &unit{stack: st, address: st.prefix + f.Key}
		u.ids[after], u.nodes[after], u.types[after] = f.Key, f.Value, typeOf(f.Value)
		st.units = append(st.units, u)
		byID[f.Key] = u
	}
	for _, f := range list(before) {
		t := typeOf(f.Value)
		if u := byID[f.Key]; u != nil && (u.types[after] == t || t == "") {
			u.ids[before], u.nodes[before], u.types[before] = f.Key, f.Value, t
			continue
		}
		u := &unit{stack: st, address: st.prefix + f.Key}
		u.ids[before], u.nodes[before], u.types[before] = f.Key, f.Value, t
		if byID[f.Key] != nil {
			u.address += " (was " + t + ")"
		}
		st.units = append(st.units, u)
		if policy, _ := f.Value.Get("DeletionPolicy").Text(); inlinePolicies[t] && strings.HasPrefix(policy, "Retain") {
			continue // it stays where it is, unless the other writes the same (overwritten)
		}
		if key := x.pairKey(f.Value, t); key != "" {
			gone[key] = append(gone[key], u)
		}
	}
	made := map[string][]*unit{}
	for _, u := range st.units {
		if u.ids[before] == "" {
			if key := x.pairKey(u.nodes[after], u.types[after]); key != "" {
				made[key] = append(made[key], u)
			}
		}
	}
	drop := map[*unit]bool{}
	for key, old := range gone {
		now := made[key]
		if len(old) != 1 || len(now) != 1 {
			continue
		}
		now[0].ids[before], now[0].nodes[before], now[0].types[before] = old[0].ids[before], old[0].nodes[before], old[0].types[before]
		names[old[0].ids[before]] = now[0].address
		drop[old[0]] = true
	}
	kept := st.units[:0]
	for _, u := range st.units {
		if !drop[u] {
			kept = append(kept, u)
		}
	}
	st.units = kept
}

// pairKey identifies a resource under any logical ID; "" for nothing.
func (x *extraction) pairKey(n *tree.Node, typ string) string {
	if p, ok := n.Path("Metadata", "aws:cdk:path").Text(); ok && p != "" {
		return typ + "\x00path\x00" + p
	}
	if name := eval.NameProperty(typ); name != "" {
		if p := n.Path("Properties", name); p != nil {
			key := typ + "\x00name\x00" + string(p.AppendJSON(nil))
			if inlinePolicies[typ] { // a name that only counts for one principal
				for _, of := range []string{"Roles", "Users", "Groups"} {
					key += "\x00" + string(n.Path("Properties", of).AppendJSON(nil))
				}
			}
			return key
		}
	}
	return ""
}

// nest follows the nested stacks whose templates are files.
func (x *extraction) nest(st *stack, depth int) {
	for _, u := range st.units {
		if u.types[after] != nestedType && u.types[before] != nestedType {
			continue
		}
		var docs [2]*tree.Document
		followed := false
		for i := range docs {
			if u.nodes[i] == nil || u.types[i] != nestedType {
				continue
			}
			docs[i] = x.nestedTemplate(st.sides[i], i, u.nodes[i], depth)
			followed = followed || docs[i] != nil
		}
		// A side that is there and cannot be read leaves nothing to compare with.
		if !followed || u.nodes[after] != nil && docs[after] == nil || u.nodes[before] != nil && docs[before] == nil {
			continue
		}
		child := x.addStack(st.prefix+cmp.Or(u.ids[after], u.ids[before])+"/", docs[after], docs[before], st, depth+1)
		st.nested[child.id] = child
		if u.ids[before] != "" {
			st.nested[u.ids[before]] = child
		}
	}
}

const nestedType = "AWS::CloudFormation::Stack"

// nestedTemplate reads the template of a nested stack; nil when it is not at hand.
func (x *extraction) nestedTemplate(s *side, i int, n *tree.Node, depth int) *tree.Document {
	read := x.o.Read
	if i == before {
		read = x.o.PriorRead
	}
	name, ok := n.Path("Metadata", "aws:asset:path").Text()
	if !ok {
		name, ok = n.Path("Properties", "TemplateURL").Text()
	}
	if read == nil || !ok || strings.Contains(name, "://") || path.IsAbs(name) || len(x.stacks) >= maxStacks || depth >= maxStackDepth {
		return nil
	}
	file := path.Join(s.dir, source.Clean(name))
	text, err := read(file)
	if err != nil {
		return nil
	}
	d := tree.Parse(file, text, tree.Limits{})
	x.diagnose(d)
	if d.Root == nil {
		return nil
	}
	return d
}
