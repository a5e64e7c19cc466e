package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// readState reads either form of a state. The members may come in any order;
// "resources" on the top level is the raw form, "values" the other.
func (x *extraction) readState() error {
	var hasFormat, hasRaw, isPlan bool
	version := ""
	err := x.s.object("the state", func(name string) error {
		var err error
		switch name {
		case "format_version":
			hasFormat = true
			version, err = x.s.text(name)
		case "values":
			hasFormat = true
			err = x.s.object(name, func(name string) error {
				if name != "root_module" {
					return x.s.skip()
				}
				return x.readStateModule("")
			})
		case "version":
			var v jsontext.Value
			if v, err = x.s.value(); err == nil && string(v) != "4" {
				x.failf(x.here(), "unsupported version of the state file",
					"The file says version %s; 4 can be read. Let a current Terraform write it, or give the output of \"terraform show -json\".", limited(string(v)))
				x.incomplete("The state is in a version that is not known.")
			}
		case "resources":
			hasRaw = true
			err = x.s.array(name, x.readRawResource)
		case "serial", "lineage":
			hasRaw = true
			err = x.s.skip()
		case "resource_changes", "planned_values":
			isPlan = true
			err = x.s.skip()
		default:
			err = x.s.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case isPlan || !hasFormat && !hasRaw:
		x.failf(x.here(), "the file is no state", "Expected is a state file or the output of \"terraform show -json\" of a state.")
		x.incomplete("The file is no state.")
	case version != "":
		x.checkVersion(planFacts{hasVersion: true, version: version})
	}
	return nil
}

// readStateModule reads a module of the state as Terraform shows it.
func (x *extraction) readStateModule(module string) error {
	return x.s.object("a module", func(name string) error {
		switch name {
		case "address":
			var err error
			module, err = x.s.text(name)
			return err
		case "resources":
			return x.s.array(name, func() error { return x.readStateResource(module) })
		case "child_modules":
			return x.s.array(name, func() error { return x.readStateModule("") })
		}
		return x.s.skip()
	})
}

func (x *extraction) readStateResource(module string) error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	v, err := x.s.value()
	if err != nil {
		return err
	}
	o := object{module: module}
	members(v, func(name string, m jsontext.Value) bool {
		switch name {
		case "address":
			o.address, _ = str(m)
		case "mode":
			o.mode, _ = str(m)
		case "type":
			o.typ, _ = str(m)
		case "name":
			o.name, _ = str(m)
		case "index":
			o.index = instanceKey(m)
		case "deposed_key":
			o.deposed, _ = str(m)
		case "values":
			o.before = m
		case "sensitive_values":
			o.sensitiveBefore = m
		}
		return true
	})
	if module == "" && o.typ != "" {
		// Modules list their address behind the resources in some versions; the
		// address of the resource has it in any case.
		o.module = moduleOf(o.address)
	}
	x.takeState(&o)
	return nil
}

// moduleOf is the module part of a resource address.
func moduleOf(address string) string {
	if !strings.HasPrefix(address, "module.") {
		return ""
	}
	t, err := parseAddress(address)
	if err != nil {
		return ""
	}
	var path []step
	for i := 0; part(t, i) == "module"; {
		s := step{name: part(t, i+1), key: keyAt(t, i+2)}
		i += 2
		if s.key != "" {
			i++
		}
		path = append(path, s)
	}
	return joinModules(path)
}

// readRawResource reads one resource of a state file with all its instances.
func (x *extraction) readRawResource() error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	v, err := x.s.value()
	if err != nil {
		return err
	}
	var base object
	var instances jsontext.Value
	members(v, func(name string, m jsontext.Value) bool {
		switch name {
		case "module":
			base.module, _ = str(m)
		case "mode":
			base.mode, _ = str(m)
		case "type":
			base.typ, _ = str(m)
		case "name":
			base.name, _ = str(m)
		case "instances":
			instances = m
		}
		return true
	})
	for _, instance := range elements(instances) {
		o := base
		members(instance, func(name string, m jsontext.Value) bool {
			switch name {
			case "index_key":
				o.index = instanceKey(m)
			case "deposed":
				o.deposed, _ = str(m)
			case "attributes":
				o.before = m
			case "sensitive_attributes":
				o.sensitiveBefore = sensitivePaths(m)
			}
			return true
		})
		x.completeAddress(&o)
		x.takeState(&o)
	}
	return nil
}

// sensitivePaths turns the list of paths in a state file into the form that plans
// have. Only the first step is kept: everything below is then marked.
func sensitivePaths(v jsontext.Value) jsontext.Value {
	b := []byte{'{'}
	seen := map[string]bool{}
	for _, path := range elements(v) {
		steps := elements(path)
		if len(steps) == 0 {
			continue
		}
		name, ok := str(member(steps[0], "value"))
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		if len(b) > 1 {
			b = append(b, ',')
		}
		b, _ = jsontext.AppendQuote(b, name)
		b = append(b, ":true"...)
	}
	return append(b, '}')
}

// takeState takes an object that stays as it is.
func (x *extraction) takeState(o *object) {
	if o.typ == "" {
		x.failf(x.here(), "a resource of the state has no type", "The resource %q cannot be read without its type. Make the file anew.", limited(o.address))
		x.incomplete("A resource of the state has no type.")
		return
	}
	o.actions = []string{"no-op"}
	o.after, o.sensitiveAfter = o.before, o.sensitiveBefore
	o.unknown = jsontext.Value("{}")
	x.takeObject(o)
}
