package terraform

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// keptData names the types of data sources whose values are kept, with the attributes;
// of others nothing is.
var keptData = map[string][]string{
	"aws_iam_policy": {"arn", "policy", "attachment_count"},
	callerIdentity:   {"account_id", "arn"},
}

// maxData bounds the values of data sources that are kept, in bytes.
const maxData = 64 << 20

// dataSource is an instance of a data source that was read before the plan or during
// it.
type dataSource struct {
	instance
	address   string
	values    jsontext.Value // an object with the kept attributes
	sensitive jsontext.Value // the marks of sensitive values
}

// dataIndex holds the values of data sources.
type dataIndex struct {
	sources   []*dataSource
	byAddress map[string]*dataSource
	size      int
	lost      bool // maxData was reached
}

// readPriorState reads the state that the plan was made from, of which only data
// sources matter: of what is managed, the changes hold the values.
func (x *extraction) readPriorState() error {
	return x.lenientObject(func(name string) error {
		if name != "values" {
			return x.s.skip()
		}
		return x.lenientObject(func(name string) error {
			if name != "root_module" {
				return x.s.skip()
			}
			return x.readPriorModule()
		})
	})
}

func (x *extraction) readPriorModule() error {
	return x.lenientObject(func(name string) error {
		switch name {
		case "resources":
			return x.lenientArray(x.readPriorResource)
		case "child_modules":
			return x.lenientArray(x.readPriorModule)
		}
		return x.s.skip()
	})
}

// readPriorResource keeps a data source. Terraform writes the mode and the type in front
// of the values, so that those of other resources are passed over.
func (x *extraction) readPriorResource() error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	var o object
	skip := false
	x.text = x.text[:0]
	return x.afterObject(x.lenientObject(func(name string) error {
		switch {
		case skip || !slices.Contains(priorMembers, name):
			return x.s.skip()
		}
		v, err := x.s.value()
		if err != nil {
			return err
		}
		switch name {
		case "address":
			x.text = append(x.text[:0], v...) // a text only once it is of interest
		case "mode":
			if skip = string(v) == `"managed"`; skip {
				return nil
			}
			o.mode, _ = str(v)
			skip = o.mode != "data"
		case "type":
			o.typ, _ = str(v)
			skip = keptData[o.typ] == nil && !x.keepsValues(&o) && typeOf("data", o.typ) == ""
		case "name":
			o.name, _ = str(v)
		case "index":
			if o.index = instanceKey(v); !isNull(v) {
				o.key = v.Clone()
			}
		case "values":
			o.before = v.Clone()
		case "sensitive_values":
			o.sensitiveBefore = v.Clone()
		}
		return nil
	}), func() {
		if !skip {
			o.address, _ = str(x.text)
			o.module = moduleOf(o.address)
			x.takeData(&o)
			x.keepPrior(&o)
		}
	})
}

var priorMembers = []string{"address", "mode", "type", "name", "index", "values", "sensitive_values"}

// afterObject calls f when an object was read without trouble.
func (x *extraction) afterObject(err error, f func()) error {
	if err == nil {
		f()
	}
	return err
}

// lenientObject is stream.object for members that nothing depends on: another value in
// its place is passed over.
func (x *extraction) lenientObject(member func(name string) error) error {
	if x.s.peek() != '{' {
		return x.s.skip()
	}
	return x.s.object("the prior state", member)
}

func (x *extraction) lenientArray(element func() error) error {
	if x.s.peek() != '[' {
		return x.s.skip()
	}
	return x.s.array("the prior state", element)
}

// takeData keeps what matters of a data source.
func (x *extraction) takeData(o *object) {
	attrs := keptData[o.typ]
	if o.mode != "data" || attrs == nil || o.address == "" || isNull(o.before) {
		return
	}
	d := &dataSource{
		instance: instance{o.module, o.typ, o.name, o.index}, address: o.address,
		values: keepMembers(o.before, attrs), sensitive: keepMembers(o.sensitiveBefore, attrs),
	}
	ix := &x.data
	if ix.size += len(d.values); ix.size > maxData {
		if !ix.lost {
			ix.lost = true
			x.warn("not all data sources are kept", "The values of data sources in the prior state are too large. Policies that only they show are not known.")
		}
		return
	}
	x.secrets.addMarked(d.values, d.sensitive)
	if ix.byAddress == nil {
		ix.byAddress = map[string]*dataSource{}
	}
	ix.sources = append(ix.sources, d)
	ix.byAddress[d.address] = d
}

// keepMembers copies the named members of an object.
func keepMembers(v jsontext.Value, names []string) jsontext.Value {
	if isTrue(v) {
		return jsontext.Value("true")
	}
	b := []byte{'{'}
	members(v, func(name string, m jsontext.Value) bool {
		if slices.Contains(names, name) {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(name, "\uFFFD"))
			b = append(b, ':')
			b = append(b, bytes.TrimSpace(m)...)
		}
		return true
	})
	return append(b, '}')
}
