package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

func indexText(i int) string { return "[" + strconv.Itoa(i) + "]" }

// documentType is the data source that makes policy documents of blocks.
const documentType = "aws_iam_policy_document"

// objects is what TYPE.NAME or data.TYPE.NAME means: one object, a list by count, or
// an object by the keys of for_each.
func (s *scope) objects(mode, typ, name string) cty.Value {
	full := typ + "." + name
	if mode == "data" {
		full = "data." + full
	}
	full = join(s.address, full)
	return s.once(mode+" "+typ+" "+name, full, func() cty.Value {
		block := s.block(mode, typ, name)
		if mode == "data" && typ == documentType && block != nil {
			return s.expand(full, block, func(key cty.Value) cty.Value { return s.documentObject(full, block, name, key) })
		}
		list, all := s.e.plan.Instances(s.address, mode, typ, name)
		return s.instances(full, typ, block, list, all)
	})
}

func (s *scope) block(mode, typ, name string) *config.Block {
	switch {
	case s.dir == nil:
		return nil
	case mode == "data":
		return s.dir.Data(typ, name)
	}
	return s.dir.Resource(typ, name)
}

// instances joins the objects of a block.
func (s *scope) instances(full, typ string, block *config.Block, list []*Instance, all bool) cty.Value {
	if len(list) == 1 && len(list[0].Key) == 0 {
		return s.object(typ, block, list[0])
	}
	repeated := len(list) > 0
	byCount := repeated && list[0].Key[0] != '"'
	if block != nil {
		byCount = block.Attribute("count") != nil
		repeated = byCount || block.Attribute("for_each") != nil
	}
	if !all || !repeated {
		s.m.because("%s is not in the plan", full)
		return cty.DynamicVal
	}
	if len(list) > maxInstances {
		s.m.because("%s has too many instances", full)
		return cty.DynamicVal
	}
	if !byCount {
		fields := map[string]cty.Value{}
		for _, inst := range list {
			key, ok := decode(inst.Key).(string)
			if !ok || hasReserved(key) {
				return cty.DynamicVal
			}
			fields[key] = s.object(typ, block, inst)
		}
		return cty.ObjectVal(fields)
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b *Instance) int { return cmp.Compare(number(a), number(b)) })
	values := make([]cty.Value, len(sorted))
	for i, inst := range sorted {
		if number(inst) != i {
			s.m.because("the plan lacks %s[%d]", full, i)
			return cty.DynamicVal
		}
		values[i] = s.object(typ, block, inst)
	}
	return cty.TupleVal(values)
}

func number(inst *Instance) int {
	n, err := strconv.Atoi(string(inst.Key))
	if err != nil {
		return -1
	}
	return n
}

// object is what is known of one object, with symbols for texts that are not.
func (s *scope) object(typ string, block *config.Block, inst *Instance) cty.Value {
	return s.once("object "+inst.Address, inst.Address, func() cty.Value {
		o := s.open(typ, block, inst)
		if o == nil {
			return cty.DynamicVal
		}
		s.m.partial = s.m.partial || inst.Partial
		// Why attributes stay unknown that nobody may ask for is no reason for anything.
		reasons := slices.Clone(s.m.reasons)
		defer func() { s.m.reasons = reasons }()
		fields := map[string]cty.Value{}
		for name := range o.after {
			fields[name] = o.attribute(name)
		}
		for name, mark := range o.unknown {
			if anyMark(mark) {
				fields[name] = o.attribute(name)
			}
		}
		return cty.ObjectVal(fields)
	})
}

// object is one object of the plan while its attributes are worked out.
type object struct {
	s              *scope
	inst           *Instance
	typ            string
	block          *config.Block
	after, unknown map[string]any
	before         map[string]any
}

func (s *scope) open(typ string, block *config.Block, inst *Instance) *object {
	for _, raw := range [][]byte{inst.After, inst.Before} {
		if hasReserved(string(raw)) || strings.Contains(strings.ToLower(string(raw)), `\ue0`) {
			s.m.because("%s: %v", inst.Address, errReserved)
			return nil
		}
	}
	o := &object{s: s, inst: inst, typ: typ, block: block}
	o.after, _ = decode(inst.After).(map[string]any)
	o.unknown, _ = decode(inst.Unknown).(map[string]any)
	o.before, _ = decode(inst.Before).(map[string]any)
	return o
}

// attribute is the value of one attribute.
func (o *object) attribute(name string) cty.Value {
	return o.s.once("attribute "+o.inst.Address+" "+name, o.inst.Address+"."+name, func() cty.Value {
		if o.unknown[name] != true {
			return toValue(o.after[name], o.unknown[name], func(path []string) cty.Value { return o.leaf(name, path) })
		}
		return o.unknownAttribute(name)
	})
}

// unknownAttribute works out an attribute that is only known after the change: from the
// expression that sets it, from the object that stays, or from the shape that such
// values have. Else it is a symbol if it is a text.
func (o *object) unknownAttribute(name string) cty.Value {
	if v, ok := o.configured(name); ok {
		return v
	}
	if v, ok := o.kept(name); ok {
		return v
	}
	if v, ok := o.shaped(name); ok {
		return v
	}
	if v, ok := nested[o.typ+"."+name]; ok {
		return o.skeleton(name, v)
	}
	if !isText(o.typ, name) {
		o.s.m.because("%s.%s is not known before the change is applied", o.inst.Address, name)
		return cty.DynamicVal
	}
	v := o.symbol(name)
	if front, ok := o.after[name+"_prefix"].(string); ok && front != "" {
		return cty.StringVal(front + v.AsString())
	}
	return v
}

// configured evaluates the expression that sets an attribute.
func (o *object) configured(name string) (cty.Value, bool) {
	if o.block == nil {
		return cty.NilVal, false
	}
	a := o.block.Attribute(name)
	if a == nil {
		return cty.NilVal, false
	}
	v := o.s.valueOf(o.inst.Address+"."+name, a.Expr, o.s.repetitionOf(o.block, o.key()))
	switch {
	case v.IsKnown() && v.IsNull(): // the provider chooses a value
		return cty.NilVal, false
	case v.IsWhollyKnown() || !isText(o.typ, name):
		return v, true
	}
	return cty.NilVal, false
}

// key is the instance key of the object.
func (o *object) key() cty.Value {
	switch k := decode(o.inst.Key).(type) {
	case string:
		return cty.StringVal(k)
	case fmt.Stringer:
		if n, err := cty.ParseNumberVal(k.String()); err == nil {
			return n
		}
	}
	return cty.NilVal
}

// kept is the value from before the change, where it names the object and neither the
// object nor what its name is made of becomes another.
func (o *object) kept(name string) (cty.Value, bool) {
	old, ok := o.before[name].(string)
	if !ok || old == "" || name != "arn" && name != "id" {
		return cty.NilVal, false
	}
	named := false
	for _, n := range namingAttributes {
		was, had := o.before[n].(string)
		if o.unknown[n] == true {
			if had && n != name {
				return cty.NilVal, false
			}
			continue
		}
		now, _ := o.after[n].(string)
		if was != now {
			return cty.NilVal, false
		}
		named = named || had && was != "" && strings.Contains(old, was)
	}
	// An object that is made anew is known by its name, or not at all.
	return cty.StringVal(old), !o.inst.Replaced || named
}

// namingAttributes are those that ARNs and ids are made of.
var namingAttributes = []string{
	"name", "name_prefix", "bucket", "bucket_prefix", "function_name", "path", "identifier", "cluster_identifier",
	"domain_name", "repository_name", "key_id", "queue_name", "topic_name", "alias", "user_name", "domain",
}

// leaf is an unknown value inside of an attribute.
func (o *object) leaf(name string, path []string) cty.Value {
	full := name
	for _, p := range path {
		if strings.HasPrefix(p, "[") {
			full += p
		} else {
			full += "." + p
		}
	}
	last := name
	for _, p := range path {
		if !strings.HasPrefix(p, "[") {
			last = p
		}
	}
	if !isText(o.typ, last) {
		o.s.m.because("%s.%s is not known before the change is applied", o.inst.Address, full)
		return cty.DynamicVal
	}
	return o.symbol(full)
}

// symbol stands for an attribute of the object.
func (o *object) symbol(attribute string) cty.Value {
	name := o.inst.Address + "." + attribute
	return o.s.e.symbol(name, name, solidName(attribute))
}

// skeleton makes the nested blocks that a computed attribute is known to have, with a
// symbol for the text in them.
func (o *object) skeleton(name string, path []string) cty.Value {
	full := name
	for _, p := range path {
		full += "[0]." + p
	}
	v := o.symbol(full)
	for i := len(path) - 1; i >= 0; i-- {
		v = cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{path[i]: v})})
	}
	return v
}

// nested are computed attributes that are lists of one block, and the path to the text
// in them that policies use.
var nested = map[string][]string{
	"aws_eks_cluster.identity": {"oidc", "issuer"},
}
