package eval

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// Functions lists the intrinsic functions that are evaluated (AWS CloudFormation User
// Guide, "Intrinsic function reference" and "AWS::LanguageExtensions transform"), besides
// Condition and Fn::ForEach.
var Functions = []string{
	"Ref",
	"Fn::GetAtt",
	"Fn::Sub",
	"Fn::Join",
	"Fn::Select",
	"Fn::Split",
	"Fn::FindInMap",
	"Fn::If",
	"Fn::Equals",
	"Fn::And",
	"Fn::Or",
	"Fn::Not",
	"Fn::ImportValue",
	"Fn::Base64",
	"Fn::Cidr",
	"Fn::GetAZs",
	"Fn::Length",
	"Fn::ToJsonString",
	"Fn::Transform",
	"Fn::GetStackOutput",
}

// call evaluates a call n of a function; arg is as it is written.
func (s *Scope) call(name string, arg, n *tree.Node) *tree.Node {
	switch name {
	case "Ref":
		return s.ref(arg, n)
	case "Fn::GetAtt":
		return s.getAtt(arg, n)
	case "Fn::Sub":
		return s.sub(arg, n)
	case "Fn::Join":
		return s.join(arg, n)
	case "Fn::Select":
		return s.selectOne(arg, n)
	case "Fn::Split":
		return s.split(arg, n)
	case "Fn::FindInMap":
		return s.findInMap(arg, n)
	case "Fn::If":
		return s.ifThen(arg, n)
	case "Fn::ImportValue":
		return s.importValue(arg, n)
	case "Fn::Base64":
		return s.base64(arg, n)
	case "Fn::Cidr":
		return s.cidr(arg, n)
	case "Fn::GetAZs":
		return s.getAZs(arg, n)
	case "Fn::Length":
		return s.length(arg, n)
	case "Fn::ToJsonString":
		return s.toJSON(arg, n)
	case "Fn::Transform":
		return s.transform(arg, n)
	case "Fn::GetStackOutput":
		return s.stackOutput(arg, n)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return s.truthValue(n)
	}
	return s.fault(n, name, fmt.Sprintf("%s is no function that is known", quoted(name)),
		"Expected one of CloudFormation. If a macro or another tool gives it a meaning, give the processed template: aws cloudformation get-template --template-stage Processed.")
}

// value evaluates an argument; AWS::NoValue is null there.
func (s *Scope) value(n *tree.Node) *tree.Node {
	v := s.eval(n)
	if v == nil {
		return tree.NewNull(n0(n))
	}
	return v
}

func (s *Scope) values(arg *tree.Node, least, most int) []*tree.Node {
	if arg == nil || arg.Kind != tree.List || len(arg.Items) < least || len(arg.Items) > most {
		return nil
	}
	return arg.Items
}

// sub is Fn::Sub in both forms. Names in ${} are parameters, resources, attributes or
// the names of the map; ${!Literal} is ${Literal}.
func (s *Scope) sub(arg, n *tree.Node) *tree.Node {
	template, names := arg, (*tree.Node)(nil)
	if arg.Kind == tree.List {
		items := s.values(arg, 1, 2)
		if items == nil {
			return s.fault(n, "Fn::Sub", "Sub has a list of another length", "Expected a text, or a list of a text and a map. Correct it.")
		}
		template = items[0]
		if len(items) == 2 {
			names = items[1]
		}
	}
	template = s.value(template)
	text, ok := template.Text()
	if !ok {
		return s.fault(n, "Fn::Sub", "Sub has no text", "Expected a text with ${NAME} in it. Correct it.")
	}
	var b strings.Builder
	var whole tree.Node // the last value put in, which may be all of it
	known := map[string]*tree.Node{}
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			break
		}
		end := strings.IndexByte(text[i:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:i])
		name := text[i+2 : i+end]
		text = text[i+end+1:]
		if literal, escaped := strings.CutPrefix(name, "!"); escaped {
			b.WriteString("${" + literal + "}")
			continue
		}
		name = strings.TrimSpace(name)
		v := known[name]
		if v == nil {
			v = s.named(name, names, n)
			known[name] = v
		}
		piece, isText := v.Text()
		if !isText {
			return s.opaqueCall(n, "Fn::Sub", template, v)
		}
		b.WriteString(piece)
		s.budget.Nodes -= len(piece) / 64
		whole = *v
		if b.Len() > maxText {
			return s.fault(n, "Fn::Sub", "a text becomes too long", fmt.Sprintf("At most %d bytes are evaluated. Shorten it.", maxText))
		}
	}
	b.WriteString(text)
	if b.String() == template.Value {
		return template // keeps the places of its lines
	}
	out := template.Derived(b.String())
	if whole.Value == out.Value {
		out.Of = whole.Of
	}
	return out
}

// maxText bounds texts that evaluation makes.
const maxText = 4 << 20

// named is the value of a name in a text of Fn::Sub.
func (s *Scope) named(name string, names, n *tree.Node) *tree.Node {
	if v := names.Get(name); v != nil {
		return s.value(v)
	}
	resource, attribute, dotted := strings.Cut(name, ".")
	if dotted && !strings.HasPrefix(name, "AWS::") {
		return s.attribute(s.looped(resource), attribute, n)
	}
	return s.ref(tree.NewString(name, n.Range), n)
}

func (s *Scope) join(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 2, 2)
	if items == nil {
		return s.fault(n, "Fn::Join", "Join without a separator and a list", "Expected a list of the two. Correct it.")
	}
	by, list := s.value(items[0]), s.value(items[1])
	sep, ok := by.Text()
	if list.Kind != tree.List || !ok {
		return s.notesJoin(s.opaqueCall(n, "Fn::Join", by, list), by, list)
	}
	var b strings.Builder
	for i, item := range list.Items {
		piece, isText := item.Text()
		if !isText {
			return s.opaqueCall(n, "Fn::Join", by, list)
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(piece)
		s.budget.Nodes -= len(piece) / 64
		if b.Len() > maxText {
			return s.fault(n, "Fn::Join", "a text becomes too long", fmt.Sprintf("At most %d bytes are evaluated. Shorten it.", maxText))
		}
	}
	return tree.NewString(b.String(), n.Range)
}

func (s *Scope) selectOne(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 2, 2)
	if items == nil {
		return s.fault(n, "Fn::Select", "Select without an index and a list", "Expected a list of the two. Correct it.")
	}
	index, list := s.value(items[0]), s.value(items[1])
	text, _ := index.Text()
	i, err := strconv.Atoi(text)
	if list.Kind != tree.List || err != nil {
		if s.holds(list) || s.holds(index) {
			v := s.opaqueCall(n, "Fn::Select "+shown(text), index, list)
			if of := s.symbols.Whole(list.Value); of != nil && list.Kind == tree.String {
				s.symbols.Whole(v.Value).Steady = of.Steady // of each element
			}
			return v
		}
		return s.fault(n, "Fn::Select", "Select without an index and a list", "Expected a number and a list. Correct it.")
	}
	if i < 0 || i >= len(list.Items) {
		return s.fault(n, "Fn::Select", fmt.Sprintf("the list has no entry %d", i), fmt.Sprintf("It has %d entries, counted from 0. Correct the index.", len(list.Items)))
	}
	return list.Items[i]
}

func (s *Scope) split(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 2, 2)
	if items == nil {
		return s.fault(n, "Fn::Split", "Split without a separator and a text", "Expected a list of the two. Correct it.")
	}
	by, whole := s.value(items[0]), s.value(items[1])
	sep, ok1 := by.Text()
	text, ok2 := whole.Text()
	if !ok1 || !ok2 || sep == "" {
		return s.opaqueCall(n, "Fn::Split", by, whole)
	}
	if !s.separable(text, sep) {
		return s.notesSplit(s.opaqueCall(n, "Fn::Split", by, whole), text, sep)
	}
	var out []*tree.Node
	for _, part := range strings.Split(text, sep) {
		out = append(out, tree.NewString(part, n.Range))
	}
	s.budget.Nodes -= len(out)
	return tree.NewList(n.Range, out...)
}

// separable reports whether the values that symbols in a text stand for cannot hold the
// separator, or a part of it.
func (s *Scope) separable(text, sep string) bool {
	if s.symbols.Holds(sep) {
		return false
	}
	for _, sym := range s.symbols.In(text) {
		switch {
		case sym.plain && (sep == ":" || sep == "/" || sep == ","):
		case sym.word && !strings.ContainsFunc(sep, inWord):
		default:
			return false
		}
	}
	return true
}

// inWord reports whether a character may be in the name of a Region or a stack.
func inWord(r rune) bool { return r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// findInMap looks a value up. A key that is open is asked for where the map has few
// keys; else the value is a symbol that both sides share when the map is the same.
func (s *Scope) findInMap(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 3, 4)
	if items == nil {
		return s.fault(n, "Fn::FindInMap", "FindInMap without a map and two keys", "Expected a list of the three. Correct it.")
	}
	var fallback *tree.Node
	if len(items) == 4 {
		if fallback = items[3].Get("DefaultValue"); fallback == nil {
			fallback = items[3]
		}
	}
	var keys []string
	var at *tree.Node
	for i, item := range items[:3] {
		v := s.value(item)
		key, ok := v.Text()
		if s.need != nil {
			return tree.NewNull(n.Range)
		}
		if !ok {
			return s.opaqueCall(n, "Fn::FindInMap", items[:3]...)
		}
		if i == 0 {
			at = s.t.Mappings.Get(key)
		} else if s.symbols.Holds(key) {
			if key = s.openKey(key, at); s.need != nil {
				return tree.NewNull(n.Range)
			} else if key == "" {
				args := append(keyNodes(n, keys), v, at, items[2])
				if fallback != nil {
					return s.opaqueCall(n, "Fn::FindInMap", append(args, s.value(fallback))...)
				}
				last, _ := s.value(items[2]).Text()
				return s.notesMap(s.opaqueCall(n, "Fn::FindInMap", args...), at, last)
			}
			at = at.Get(key)
		} else {
			at = at.Get(key)
		}
		keys = append(keys, key)
		if at == nil {
			if fallback != nil {
				return s.value(fallback)
			}
			return s.fault(n, strings.Join(keys, "."), fmt.Sprintf("the mappings have no entry %s", quoted(strings.Join(keys, "."))), "Expected keys of the section Mappings. Correct them.")
		}
	}
	return s.value(at)
}

func keyNodes(n *tree.Node, keys []string) []*tree.Node {
	var out []*tree.Node
	for _, k := range keys {
		out = append(out, tree.NewString(k, n.Range))
	}
	return out
}

// maxOpenKeys bounds the keys of a map that are all considered.
const maxOpenKeys = 8

// openKey asks for the key that an open value is; "" where it stays open.
func (s *Scope) openKey(key string, at *tree.Node) string {
	sym := s.symbols.Whole(key)
	if sym == nil || sym.atom == "" || s.choices.Coarse || at == nil || len(at.Fields) > maxOpenKeys || len(at.Fields) == 0 {
		return ""
	}
	c, chosen := s.choices.at[sym.atom]
	if chosen && c.Value != nil {
		if decl := s.t.Declared[sym.atom][s.t.Side]; decl != nil && !allows(decl, *c.Value) {
			return ""
		}
		return *c.Value
	}
	var options []Choice
	for _, f := range at.Fields {
		if !contains(c.Not, f.Key) {
			options = append(options, Choice{Value: &f.Key, Default: c.Default})
		}
	}
	if len(options) == 0 {
		return ""
	}
	if !chosen {
		options = s.leftAlone(sym.atom, options...)
	}
	s.need = &Need{sym.atom, options}
	return ""
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func (s *Scope) ifThen(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 3, 3)
	if items == nil {
		return s.fault(n, "Fn::If", "If without a condition and two values", "Expected a list of the three. Correct it.")
	}
	var holds bool
	if name, ok := items[0].Text(); ok {
		holds = s.Condition(s.looped(name), n)
	} else {
		holds = s.truth(items[0])
	}
	if s.need != nil {
		return tree.NewNull(n.Range)
	}
	if holds {
		return s.eval(items[1])
	}
	return s.eval(items[2])
}

// truthValue is a condition as a value.
func (s *Scope) truthValue(n *tree.Node) *tree.Node {
	return tree.NewBool(s.truth(n), n.Range)
}

func (s *Scope) importValue(arg, n *tree.Node) *tree.Node {
	v := s.value(arg)
	name, ok := v.Text()
	if !ok {
		return s.opaqueCall(n, "Fn::ImportValue", v)
	}
	return s.opaque(n, "import "+name, "ImportValue "+name, "It is an output of another stack.")
}

func (s *Scope) stackOutput(arg, n *tree.Node) *tree.Node {
	return s.opaqueCall(n, "Fn::GetStackOutput", s.value(arg))
}

func (s *Scope) base64(arg, n *tree.Node) *tree.Node {
	v := s.value(arg)
	text, ok := v.Text()
	if !ok || s.holds(v) || len(text) > maxText {
		return s.opaqueCall(n, "Fn::Base64", v)
	}
	return tree.NewString(base64.StdEncoding.EncodeToString([]byte(text)), n.Range)
}

func (s *Scope) getAZs(arg, n *tree.Node) *tree.Node {
	v := s.value(arg)
	if region, _ := v.Text(); region == "" {
		v = s.pseudo("AWS::Region", n)
	}
	return s.opaqueCall(n, "Fn::GetAZs", v)
}

func (s *Scope) length(arg, n *tree.Node) *tree.Node {
	v := s.value(arg)
	if v.Kind != tree.List {
		return s.opaqueCall(n, "Fn::Length", v)
	}
	return tree.NewNumber(len(v.Items), n.Range)
}

// toJSON writes a value as JSON text.
func (s *Scope) toJSON(arg, n *tree.Node) *tree.Node {
	v := s.value(arg)
	if v.Size() > maxText/4 {
		return s.fault(n, "Fn::ToJsonString", "a text becomes too long", "Shorten it.")
	}
	return tree.NewJSON(v, n.Range)
}

// Macros says how to read what only the service can expand.
const Macros = "It is made by a macro when the stack is changed. Give the processed template: aws cloudformation get-template --stack-name NAME --template-stage Processed (or --change-set-name NAME before it is executed)."

// DeniesNothing is a parameter of what stands for a policy template of SAM that cannot be
// filled in. CloudFormation takes no such transform inside of a resource, so that nobody
// who deploys a template writes it.
const DeniesNothing = "DeniesNothing"

// transform is Fn::Transform: a macro, which runs in the account.
func (s *Scope) transform(arg, n *tree.Node) *tree.Node {
	name, _ := arg.Get("Name").Text()
	reference := "Fn::Transform"
	if name != "" {
		reference += " " + name
	}
	out := s.opaque(n, "transform "+string(n.AppendJSON(nil)), reference, Macros)
	if sym := s.symbols.Whole(out.Value); sym != nil && arg.Path("Parameters", DeniesNothing) != nil && strings.HasPrefix(name, "AWS::Serverless-") {
		sym.DeniesNothing = true
	}
	return out
}

// cidr divides a range of addresses (AWS CloudFormation User Guide, "Fn::Cidr").
func (s *Scope) cidr(arg, n *tree.Node) *tree.Node {
	items := s.values(arg, 2, 3)
	if items == nil {
		return s.fault(n, "Fn::Cidr", "Cidr without a range and a number", "Expected a list of these, and the bits of a part. Correct it.")
	}
	args := make([]*tree.Node, len(items))
	for i := range items {
		args[i] = s.value(items[i])
	}
	block, _ := args[0].Text()
	prefix, err := netip.ParsePrefix(block)
	count, ok := number(args[1])
	bits := 8
	if err == nil && prefix.Addr().Is6() {
		bits = 64
	}
	if len(args) == 3 {
		given, isNumber := number(args[2])
		bits, ok = given, ok && isNumber
	}
	if err != nil || !ok || count < 1 || count > 256 {
		return s.opaqueCall(n, "Fn::Cidr", args...)
	}
	list := subnets(prefix.Masked(), count, prefix.Addr().BitLen()-bits)
	if list == nil {
		return s.fault(n, "Fn::Cidr", "the range is too small", "Expected a range that holds as many parts. Correct the numbers.")
	}
	var out []*tree.Node
	for _, p := range list {
		out = append(out, tree.NewString(p.String(), n.Range))
	}
	return tree.NewList(n.Range, out...)
}

func number(n *tree.Node) (int, bool) {
	text, ok := n.Text()
	i, err := strconv.Atoi(text)
	return i, ok && err == nil
}

// subnets are the first parts of a range with the given prefix length; nil where there
// are fewer.
func subnets(p netip.Prefix, count, length int) []netip.Prefix {
	if length < p.Bits() || length > p.Addr().BitLen() {
		return nil
	}
	if room := length - p.Bits(); room < 9 && count > 1<<room {
		return nil
	}
	var out []netip.Prefix
	for i := range count {
		b := p.Addr().AsSlice()
		// Add i at the last bit of the prefix.
		carry := i
		for bit := length - 1; carry > 0 && bit >= 0; bit-- {
			if carry&1 == 1 {
				b[bit/8] |= 1 << (7 - bit%8)
			}
			carry >>= 1
		}
		addr, _ := netip.AddrFromSlice(b)
		out = append(out, netip.PrefixFrom(addr, length))
	}
	return out
}
