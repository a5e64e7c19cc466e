package terraform

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// An interface description opens an API as methods and routes do: an operation whose
// callers need not say who they are (Amazon API Gateway Developer Guide, "Control and
// manage access to REST APIs" and "OpenAPI extensions for API Gateway"). A key by itself
// tells nobody from anybody.

// callMethods are the methods that an operation for any method takes.
var callMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// anyMethod is the name of an operation for any method.
const anyMethod = "x-amazon-apigateway-any-method"

// operations adds a statement for each operation that everyone may call.
func (m *maker) operations() {
	text := m.text1("body")
	if strings.TrimSpace(text) == "" {
		return
	}
	doc := decodeDescription(text)
	switch {
	case doc == nil:
		m.opaque(text, "Its interface description cannot be read, so who may call the API is not compared.")
		return
	case doc["x-amazon-apigateway-policy"] != nil: // it decides
		m.opaque(text, "Its policy is in an interface description, which is not compared.")
		return
	}
	rest := !strings.Contains(m.p.typ, "_apigatewayv2_")
	id := m.first("rest_api_id", asText, "")
	if id == "" {
		id = m.first("id", asText, "*")
	}
	paths := mapOf(doc["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		operations := mapOf(paths[path])
		if operations["$ref"] != nil {
			m.opaque(text, "Its interface description refers to operations elsewhere, so who may call the API is not compared.")
			return
		}
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			op := mapOf(operations[name])
			calls := callsOf(name, path, operations)
			if len(calls) == 0 || isPreflight(name, op) || tellsCallers(doc, op, rest) {
				continue
			}
			var on []string
			for _, c := range calls {
				on = append(on, "arn:aws:execute-api:*:*:"+id+"/*/"+c)
			}
			m.grant(madeStatement{actions: []string{"execute-api:Invoke"}, resources: on}, []string{"*"})
		}
	}
}

// opaque says of a description that it is not compared, unless it is the same before and
// after. What was there before counts as nothing.
func (m *maker) opaque(text, reason string) {
	old, _ := str(member(m.old.obj, "body"))
	if before := m.p.op.existed && m.old.obj == nil; !before && old != text {
		m.reason = reason
	}
	m.list = nil
}

// mapOf is an object by its members; keys that YAML takes for something else are texts. It
// is nil for what is missing or something else.
func mapOf(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case map[any]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[fmt.Sprint(k)] = e
		}
		return out
	}
	return nil
}

// quickRoute adds the route that an HTTP API with a target has: for all calls that no
// other route takes, unless a key says which.
func (m *maker) quickRoute() {
	if m.first("target", asText, "") == "" {
		return
	}
	var on []string
	for _, call := range routePath(m.first("route_key", asText, "$default")) {
		on = append(on, "arn:aws:execute-api:*:*:"+m.first("id", asText, "*")+"/*/"+call)
	}
	if len(on) > 0 {
		m.grant(madeStatement{actions: []string{"execute-api:Invoke"}, resources: on}, []string{"*"})
	}
}

// decodeDescription reads JSON or YAML; nil where it is neither, or no object.
func decodeDescription(text string) map[string]any {
	var doc map[string]any
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Unmarshal([]byte(text), &doc) == nil {
		return doc
	}
	var node any
	if yaml.Unmarshal([]byte(text), &node) != nil {
		return nil
	}
	return mapOf(node)
}

// callsOf is what the ARNs of the calls of an operation end in: METHOD and path. One for
// any method takes those that have no operation of their own.
func callsOf(name, path string, all map[string]any) []string {
	method := strings.ToUpper(name)
	path = plainText.Replace(path)
	switch {
	case slices.Contains(callMethods, method):
		return []string{method + path}
	case !strings.EqualFold(name, anyMethod):
		return nil
	}
	var out []string
	for _, other := range callMethods {
		if _, own := all[strings.ToLower(other)]; !own {
			out = append(out, other+path)
		}
	}
	return out
}

// isPreflight reports whether an operation answers by itself, as those for browsers do.
func isPreflight(name string, op map[string]any) bool {
	integration := op["x-amazon-apigateway-integration"]
	kind, _ := mapOf(integration)["type"].(string)
	return strings.EqualFold(name, "options") && (integration == nil || strings.EqualFold(kind, "mock"))
}

// tellsCallers reports whether callers of an operation must say who they are.
// Requirements at the top of a description count for HTTP APIs alone: REST APIs pass over
// them.
func tellsCallers(doc, op map[string]any, rest bool) bool {
	if kind, ok := mapOf(op["x-amazon-apigateway-auth"])["type"].(string); ok {
		return !strings.EqualFold(kind, "NONE")
	}
	list, set := op["security"].([]any)
	if !set && !rest {
		list, _ = doc["security"].([]any)
	}
	guarded := false
	for _, one := range list {
		need := mapOf(one)
		if len(need) == 0 {
			return false // nothing is one of the ways in
		}
		for name := range need {
			guarded = guarded || schemeTells(doc, name)
		}
	}
	return guarded
}

// schemeTells reports whether a security scheme tells who calls.
func schemeTells(doc map[string]any, name string) bool {
	schemes := mapOf(doc["securityDefinitions"])
	if schemes == nil {
		schemes = mapOf(mapOf(doc["components"])["securitySchemes"])
	}
	scheme := mapOf(schemes[name])
	kind, _ := scheme["x-amazon-apigateway-authtype"].(string)
	return scheme["x-amazon-apigateway-authorizer"] != nil || strings.EqualFold(kind, "awsSigv4")
}
