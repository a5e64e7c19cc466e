package eval

import "strings"

// shape says what Ref and GetAtt give of a type.
type shape struct {
	name       string // property that names a resource, "" for none
	ref        string
	attributes map[string]string
}

// shapes is the table by type.
var shapes = parseShapes()

// ShapeTypes lists the types of the table in its order.
func ShapeTypes() []string {
	var out []string
	for line := range strings.Lines(shapeTable) {
		if typ, _, ok := strings.Cut(line, " | "); ok {
			out = append(out, strings.TrimSpace(typ))
		}
	}
	return out
}

func parseShapes() map[string]shape {
	m := map[string]shape{}
	for line := range strings.Lines(shapeTable) {
		f := strings.Split(strings.TrimSpace(line), " | ")
		if len(f) < 3 {
			continue
		}
		sh := shape{name: f[1], ref: f[2], attributes: map[string]string{}}
		if sh.name == "-" {
			sh.name = ""
		}
		for _, a := range f[3:] {
			name, form, _ := strings.Cut(a, "=")
			sh.attributes[name] = form
		}
		m[f[0]] = sh
	}
	return m
}

// NameProperty is the property that names a resource of a type; "" for none.
func NameProperty(typ string) string { return shapes[typ].name }

// HasAttribute reports whether the table knows an attribute of a type.
func HasAttribute(typ, attribute string) bool {
	_, ok := shapes[typ].attributes[attribute]
	return ok
}
