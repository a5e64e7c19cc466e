package eval

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// fakePlan is a plan made by hand. Objects are by block, such as aws_s3_bucket.b or
// module.m[0].data.aws_region.r.
type fakePlan struct {
	variables map[string]string
	objects   map[string][]*Instance
	home      Home
	partial   bool // more objects than these may be there
}

func (p *fakePlan) Variable(name string) (jsontext.Value, bool) {
	v, ok := p.variables[name]
	return jsontext.Value(v), ok
}

func (p *fakePlan) Instances(module, mode, typ, name string) ([]*Instance, bool) {
	block := typ + "." + name
	if mode == "data" {
		block = "data." + block
	}
	list := p.objects[join(module, block)]
	return list, !p.partial && (mode == "managed" || len(list) > 0)
}

func (p *fakePlan) Home(_, _, _, _ string) Home { return p.home }

// add puts an object in the plan. Unknown lists attributes, separated by blanks, or is
// an object of marks.
func (p *fakePlan) add(address, after, unknown string) *Instance {
	block, key, _ := strings.Cut(address, "[")
	if i := strings.LastIndex(address, "["); i > 0 && strings.HasSuffix(address, "]") {
		block, key = address[:i], address[i+1:len(address)-1]
	}
	if !strings.HasPrefix(unknown, "{") {
		marks := map[string]bool{}
		for _, name := range strings.Fields(unknown) {
			marks[name] = true
		}
		b, _ := json.Marshal(marks)
		unknown = string(b)
	}
	inst := &Instance{Address: address, Key: jsontext.Value(key), After: jsontext.Value(after), Unknown: jsontext.Value(unknown)}
	if p.objects == nil {
		p.objects = map[string][]*Instance{}
	}
	p.objects[block] = append(p.objects[block], inst)
	return inst
}

// files makes sources of pairs of name and text.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func evaluator(p Plan, fsys fstest.MapFS) *Evaluator {
	tree := config.New(fsys)
	return New(p, tree, tree.Modules("."))
}

// target asks for an attribute by its address.
func target(address, attribute string) Target {
	t := Target{Address: address, Steps: strings.Split(attribute, ".")}
	rest := address
	if i := strings.LastIndex(address, "aws_"); i > 0 {
		t.Module, rest = strings.TrimSuffix(address[:i], "."), address[i:]
	}
	t.Type, t.Name, _ = strings.Cut(rest, ".")
	t.Name, _, _ = strings.Cut(t.Name, "[")
	return t
}

// value evaluates one expression in the root module, beside the given sources, and
// writes the texts that come of it.
func value(t *testing.T, p *fakePlan, fsys fstest.MapFS, expression string) string {
	t.Helper()
	sources := fstest.MapFS{}
	for name, f := range fsys {
		sources[name] = f
	}
	sources["zz_target.tf"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("resource \"aws_target\" \"t\" {\n  value = %s\n}\n", expression))}
	plan := *p
	plan.objects = map[string][]*Instance{}
	for k, v := range p.objects {
		plan.objects[k] = v
	}
	plan.add("aws_target.t", "{}", "value")
	list, _, err := evaluator(&plan, sources).Texts(target("aws_target.t", "value"))
	if err != nil {
		return "error: " + err.Error()
	}
	return strings.Join(list, " | ")
}
