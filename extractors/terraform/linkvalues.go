package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// linkValue is one name or ARN in an attribute.
type linkValue struct {
	text    string
	fault   string // what is wrong with the value, as a sentence; "" for nothing
	unknown bool   // known only after the change is applied
	whole   bool   // unknown together with the list it is in, so that there may be any number
}

// linkValues reads the names at a path. A list mark at its end says that the attribute
// is a list, and the step * stands for every key of a map. What is neither there nor unknown yields nothing; what is no text yields
// a fault.
func linkValues(obj, unknown jsontext.Value, path string) []linkValue {
	var out []linkValue
	list := strings.HasSuffix(path, "[]")
	fault := func(v jsontext.Value, want string) {
		out = append(out, linkValue{fault: fmt.Sprintf("The attribute %s is %s, expected %s. Make the JSON anew.", path, kindName(v.Kind()), want)})
	}
	var walk func(v, unknown jsontext.Value, steps []string, entry bool)
	walk = func(v, unknown jsontext.Value, steps []string, entry bool) {
		if isTrue(unknown) {
			out = append(out, linkValue{unknown: true, whole: len(steps) > 0 || list && !entry})
			return
		}
		if vs, us := elements(v), elements(unknown); len(vs)+len(us) > 0 || len(v) > 0 && v[0] == '[' {
			for i := range max(len(vs), len(us)) {
				walk(at(vs, i), at(us, i), steps, entry || len(steps) == 0)
			}
			return
		}
		if len(steps) > 0 {
			v = objectIn(v)
		}
		switch {
		case len(steps) > 0 && steps[0] == "*":
			for _, name := range memberNames(v, unknown) {
				walk(member(v, name), member(unknown, name), steps[1:], entry)
			}
		case len(steps) > 0 && (len(v) > 0 && v[0] == '{' || isNull(v) && !isNull(unknown)):
			walk(member(v, steps[0]), member(unknown, steps[0]), steps[1:], entry)
		case isNull(v):
			if entry {
				out = append(out, linkValue{fault: fmt.Sprintf("An entry of %s is null, expected a string. Make the JSON anew.", path)})
			}
		case len(steps) > 0:
			fault(v, "a block")
		case v[0] != '"':
			fault(v, "a string")
		default:
			if text := unquote(v); text != "" { // the provider leaves out empty entries
				out = append(out, linkValue{text: text})
			}
		}
	}
	walk(obj, unknown, stepsOf(path), false)
	return out
}

// inside takes the named members of values that are JSON texts.
func inside(values []linkValue, names []string) []linkValue {
	var out []linkValue
	for _, v := range values {
		if v.unknown || v.fault != "" {
			out = append(out, v)
			continue
		}
		text := jsontext.Value(strings.TrimSpace(v.text))
		if !text.IsValid() || len(text) == 0 || text[0] != '{' {
			out = append(out, linkValue{fault: "A JSON text that names what is used cannot be read, expected an object."})
			continue
		}
		for _, name := range names {
			if s, ok := str(member(text, name)); ok && s != "" {
				out = append(out, linkValue{text: s})
			}
		}
	}
	return out
}

// joinValues makes one value of several, such as the namespaces of a scope.
func joinValues(values []linkValue) linkValue {
	var joined linkValue
	var texts []string
	for _, v := range values {
		joined.unknown = joined.unknown || v.unknown
		if v.text != "" {
			texts = append(texts, v.text)
		}
		if v.fault != "" {
			texts = append(texts, "?")
		}
	}
	slices.Sort(texts)
	joined.text = strings.Join(texts, ", ")
	return joined
}

// objectIn is the object that a JSON text holds, as the AWS Cloud Control provider
// writes free-form objects; v itself where it is no such text.
func objectIn(v jsontext.Value) jsontext.Value {
	text, ok := str(v)
	if !ok {
		return v
	}
	inner := jsontext.Value(strings.TrimSpace(text))
	if len(inner) == 0 || inner[0] != '{' || !inner.IsValid() {
		return v
	}
	return inner
}

// memberNames are the names that two objects have, each once and in order.
func memberNames(objects ...jsontext.Value) []string {
	names := map[string]bool{}
	for _, v := range objects {
		members(v, func(name string, _ jsontext.Value) bool {
			names[name] = true
			return true
		})
	}
	return sortedKeys(names)
}

// ownValues are the targets of a row whose target is the object itself: one where the
// attribute is set, or may be.
func ownValues(v, unknown jsontext.Value, r *row) []linkValue {
	for _, l := range (scope{obj: v, unknown: unknown}).leaves(r.steps(), false) {
		switch {
		case l.unknown:
			return []linkValue{{unknown: true, whole: l.whole}}
		case !blankValue(l.value) || anyTrue(l.unknowns):
			return []linkValue{{}}
		}
	}
	return nil
}

// valuesAlong are the names at a path through a list of blocks, each with what stands
// next to it.
func valuesAlong(v, unknown jsontext.Value, r *row) []linkValue {
	block, attr, _ := strings.Cut(r.Path, "[].")
	var out []linkValue
	for _, b := range (scope{obj: v, unknown: unknown}).leaves(stepsOf(block), true) {
		if b.unknown {
			out = append(out, linkValue{unknown: true, whole: b.whole})
			continue
		}
		var texts []string
		for _, next := range split(r.Link.Along) {
			switch n := joinValues(linkValues(b.value, b.unknowns, next)); {
			case n.unknown:
				texts = append(texts, "known after the apply")
			case n.text != "":
				texts = append(texts, n.text)
			}
		}
		for _, n := range linkValues(b.value, b.unknowns, attr) {
			if n.text != "" && len(texts) > 0 {
				n.text += " (" + strings.Join(texts, ": ") + ")"
			}
			out = append(out, n)
		}
	}
	return out
}
