package terraform

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// moduleConfig is what is kept of one module of the configuration: the references
// of attributes that carry policies or name subjects, and how values get in and
// out of the module.
type moduleConfig struct {
	resources configBlocks
	calls     map[string]*callConfig
	outputs   map[string][]string
	documents map[string]arguments // by the name of a data source that makes a policy document
	// statements is what is known of the statements of those data sources.
	statements map[string][]refStatement
	sensitive  map[string]bool // variables whose values must not be shown
}

// configBlocks holds what the resource blocks of a module set. They are kept by a hash of their
// type and name, since a plan may have as many as it has resources: its seed is random, so
// that no plan can be made in which two collide.
type configBlocks map[uint64]*arguments

var blockSeed = maphash.MakeSeed()

func blockKey(typ, name string) uint64 {
	var h maphash.Hash
	h.SetSeed(blockSeed)
	_, _ = h.WriteString(typ)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(name)
	return h.Sum64()
}

func (t configBlocks) add(typ, name string, set arguments) {
	if len(set) == 0 {
		t[blockKey(typ, name)] = &noArguments // as of most blocks
		return
	}
	kept := slices.Clone(set)
	t[blockKey(typ, name)] = &kept
}

// of is what a block sets; false where there is none.
func (t configBlocks) of(typ, name string) (set arguments, known bool) {
	if found := t[blockKey(typ, name)]; found != nil {
		return *found, true
	}
	return nil, false
}

var noArguments arguments

// arguments are the attributes that a block sets, each with what it refers to: nothing
// where it is a constant. A block has few of them, and a plan many blocks.
type arguments []argument

type argument struct {
	name string
	refs []string
}

// of is what an attribute refers to; false where it is not set.
func (a arguments) of(name string) (refs []string, set bool) {
	for i := range a {
		if a[i].name == name {
			return a[i].refs, true
		}
	}
	return nil, false
}

// callConfig is a module call.
type callConfig struct {
	source    string
	arguments map[string][]string
	each      []string // references of for_each
	module    *moduleConfig
}

// readConfiguration reads the member of that name.
func (x *extraction) readConfiguration() error {
	return x.s.object("configuration", func(name string) error {
		switch {
		case name == "root_module":
		case name == "provider_config":
			return x.readProviders()
		case x.other != nil:
			return x.other(name)
		default:
			return x.s.skip()
		}
		var err error
		x.config, err = x.readModule("")
		return err
	})
}

// readProviders notes the regions of provider configurations, and what tells whether
// they are in one account.
func (x *extraction) readProviders() error {
	if x.s.peek() != '{' {
		return x.s.skip()
	}
	return x.s.object("provider_config", func(key string) error {
		v, err := x.s.value()
		if err != nil {
			return err
		}
		if name, _ := str(member(v, "name")); name != "aws" && name != "awscc" {
			return nil
		}
		x.accounts.credentials[key] = credentialsOf(v)
		region := member(member(v, "expressions"), "region")
		value, _ := str(member(region, "constant_value"))
		if refs := references(region); value == "" && len(refs) == 1 && member(v, "module_address") == nil {
			if variable, ok := strings.CutPrefix(refs[0], "var."); ok {
				value, _ = str(x.secrets.variables[variable])
			}
		}
		if value != "" {
			x.accounts.regions[key] = value
		}
		return nil
	})
}

// readModule reads a module that the calls named in path lead to.
func (x *extraction) readModule(path string) (*moduleConfig, error) {
	m := &moduleConfig{configBlocks{}, map[string]*callConfig{}, map[string][]string{}, map[string]arguments{}, map[string][]refStatement{}, map[string]bool{}}
	err := x.s.object("a module", func(name string) error {
		switch name {
		case "resources":
			return x.s.array(name, func() error { return x.readResourceConfig(m, path) })
		case "module_calls":
			if x.s.peek() == '[' {
				return x.s.skip() // a list in early forms of the format
			}
			return x.s.object(name, func(call string) error { return x.readCall(m, path, call) })
		case "variables":
			return x.s.object(name, func(variable string) error { return x.readVariableConfig(m, variable) })
		case "outputs":
			return x.s.object(name, func(output string) error {
				v, err := x.s.value()
				if err == nil {
					m.outputs[output] = references(member(v, "expression"))
				}
				return err
			})
		}
		return x.s.skip()
	})
	return m, err
}

func (x *extraction) readCall(m *moduleConfig, path, name string) error {
	c := &callConfig{arguments: map[string][]string{}}
	m.calls[name] = c
	var constants map[string][]string
	err := x.s.object("a module call", func(member string) error {
		var err error
		switch member {
		case "source":
			c.source, err = x.s.text(member)
		case "expressions":
			var v jsontext.Value
			v, err = x.s.value()
			c.arguments = expressions(v)
			constants = constantTexts(v)
		case "for_each_expression":
			var v jsontext.Value
			v, err = x.s.value()
			c.each = references(v)
		case "module":
			c.module, err = x.readModule(path + "." + name)
		default:
			err = x.s.skip()
		}
		return err
	})
	x.passSensitivity(m, c, constants)
	return err
}

// readResourceConfig keeps the expressions of a resource whose type is in the
// table. Terraform writes the type in front of them; where it comes behind, the
// resource is kept whole for the moment.
func (x *extraction) readResourceConfig(m *moduleConfig, path string) error {
	var mode, typ, name, provider string
	var late jsontext.Value
	var exprs arguments
	var made []refStatement
	var each []string
	err := x.s.object("a resource of the configuration", func(member string) error {
		var err error
		switch member {
		case "mode":
			mode, err = x.s.shared(member)
		case "type":
			typ, err = x.s.shared(member)
		case "name":
			name, err = x.s.text(member)
		case "provider_config_key":
			provider, err = x.s.shared(member)
		case "expressions":
			if typ != "" && !keepsConfig(mode, typ) {
				return x.s.skip()
			}
			var v jsontext.Value
			v, err = x.s.value()
			if typ == "" {
				late = v.Clone()
			} else {
				exprs = x.keptExpressions(v, typ)
				if typ == documentType {
					made = refStatements(v)
				}
			}
		case "for_each_expression":
			var v jsontext.Value
			v, err = x.s.value()
			each = references(v)
		default:
			err = x.s.skip()
		}
		return err
	})
	if err == nil {
		x.accounts.configured(path, typeOf(mode, typ), name, provider)
	}
	if err != nil || !keepsConfig(mode, typ) {
		return err
	}
	if late != nil {
		exprs = x.keptExpressions(late, typ)
		if typ == documentType {
			made = refStatements(late)
		}
	}
	if mode == "data" {
		m.documents[name] = exprs
		if made != nil {
			m.statements[name] = made
		}
		return nil
	}
	if len(each) > 0 {
		exprs = append(exprs, argument{forEach, each})
	}
	m.resources.add(typ, name, exprs)
	return nil
}

// forEach is the key of the references of for_each among those of the attributes.
const forEach = "for_each"

// documentSources are the arguments of the data source for documents that name others.
var documentSources = map[string]bool{
	"source_json": true, "override_json": true, "source_policy_documents": true, "override_policy_documents": true,
}

// keepsConfig reports whether the expressions of a type matter: the table has it, or
// it may have a policy that the table does not know.
func keepsConfig(mode, typ string) bool {
	if mode == "data" {
		return typ == documentType
	}
	return wanted[typ] != nil || strings.HasPrefix(typ, "aws")
}

func (x *extraction) keptExpressions(v jsontext.Value, typ string) arguments {
	var list arguments
	only, known := wanted[typ], carriers[typ]
	if typ == documentType {
		only, known = documentSources, true
	}
	for e := membersOf(v); e.next(); {
		if name := unquoted(e.name); only[string(name)] || !known && policyName(string(name)) {
			list = append(list, argument{x.s.share(name), references(e.value)})
		}
	}
	for _, path := range nested[typ] {
		steps := strings.Split(path, ".")
		if _, set := list.of(steps[0]); set {
			list = append(list, argument{path, referencesAt(v, steps)})
		}
	}
	return list
}

// referencesAt collects the references of an attribute in nested blocks. Where a block
// is one expression, such as an object, they are those of the block.
func referencesAt(v jsontext.Value, steps []string) []string {
	var list []string
	var walk func(v jsontext.Value, steps []string)
	walk = func(v jsontext.Value, steps []string) {
		if len(steps) == 0 || member(v, "references") != nil {
			for _, ref := range references(v) {
				if !covered(list, ref) {
					list = append(list, ref)
				}
			}
			return
		}
		for _, e := range elements(v) {
			walk(e, steps)
		}
		if m := member(v, steps[0]); m != nil {
			walk(m, steps[1:])
		}
	}
	walk(v, steps)
	return list
}

// hasConfigResources reports whether the root module has resources.
func (x *extraction) hasConfigResources() bool { return x.config != nil && len(x.config.resources) > 0 }

// expressions collects the references of each attribute.
func expressions(v jsontext.Value) map[string][]string {
	m := map[string][]string{}
	members(v, func(name string, e jsontext.Value) bool {
		m[name] = references(e)
		return true
	})
	return m
}

// references collects the references below an expression, in source order. The
// plan lists after each reference the shorter ones it begins with, which say
// nothing more, so they are left out.
func references(v jsontext.Value) []string {
	var list []string
	var walk func(v jsontext.Value)
	walk = func(v jsontext.Value) {
		for _, e := range elements(v) {
			walk(e)
		}
		for m := membersOf(v); m.next(); {
			switch {
			case m.is("constant_value"):
			case !m.is("references") || m.value[0] != '[':
				walk(m.value)
			default:
				for _, e := range elements(m.value) {
					if ref, ok := str(e); ok && !covered(list, ref) {
						list = append(list, ref)
					}
				}
			}
		}
	}
	walk(v)
	return list
}

func covered(list []string, ref string) bool {
	for _, longer := range list {
		if rest, ok := strings.CutPrefix(longer, ref); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// module finds the configuration of a module; nil when there is none.
func (m *moduleConfig) module(path []step) *moduleConfig {
	for _, s := range path {
		if m == nil || m.calls[s.name] == nil {
			return nil
		}
		m = m.calls[s.name].module
	}
	return m
}

// onlyCalls lets all go that a module and those inside of it hold but their calls.
func (m *moduleConfig) onlyCalls() {
	if m == nil {
		return
	}
	*m = moduleConfig{calls: m.calls}
	for _, c := range m.calls {
		c.arguments, c.each = nil, nil
		c.module.onlyCalls()
	}
}

// references returns what an attribute of a resource refers to.
func (m *moduleConfig) references(path []step, typ, name, attr string) []string {
	if m = m.module(path); m == nil {
		return nil
	}
	set, _ := m.resources.of(typ, name)
	refs, _ := set.of(attr)
	return refs
}

// sets reports whether the configuration sets an attribute. The second result is
// false when the configuration does not hold the resource, as after its removal.
func (m *moduleConfig) sets(path []step, typ, name, attr string) (set, known bool) {
	if m = m.module(path); m == nil {
		return false, false
	}
	exprs, known := m.resources.of(typ, name)
	_, set = exprs.of(attr)
	return set, known
}
