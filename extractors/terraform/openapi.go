package terraform

import (
	"encoding/json"
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
	if doc == nil {
		m.reason = "Its interface description cannot be read, so who may call the API is not compared."
		return
	}
	if doc["x-amazon-apigateway-policy"] != nil {
		m.reason = "Its policy is in an interface description, which is not compared."
		return
	}
	rest := strings.HasSuffix(m.p.Type, "_rest_api")
	id := m.first("id", asText, "*")
	paths, _ := doc["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		operations, _ := paths[path].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			op, ok := operations[name].(map[string]any)
			calls := callsOf(name, path, operations)
			if !ok || len(calls) == 0 || isPreflight(name, op) || tellsCallers(doc, op, rest) {
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

// decodeDescription reads JSON or YAML; nil where it is neither, or no mapping.
func decodeDescription(text string) map[string]any {
	var doc map[string]any
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Unmarshal([]byte(text), &doc) == nil {
		return doc
	}
	doc = nil
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return nil
	}
	return doc
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
	integration, there := op["x-amazon-apigateway-integration"].(map[string]any)
	kind, _ := integration["type"].(string)
	return strings.EqualFold(name, "options") && (!there || strings.EqualFold(kind, "mock"))
}

// tellsCallers reports whether callers of an operation must say who they are.
// Requirements at the top of a description count for HTTP APIs alone: REST APIs pass over
// them.
func tellsCallers(doc, op map[string]any, rest bool) bool {
	if auth, ok := op["x-amazon-apigateway-auth"].(map[string]any); ok {
		kind, _ := auth["type"].(string)
		return !strings.EqualFold(kind, "NONE")
	}
	list, set := op["security"].([]any)
	if !set && !rest {
		list, _ = doc["security"].([]any)
	}
	guarded := false
	for _, one := range list {
		need, _ := one.(map[string]any)
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
	schemes, ok := doc["securityDefinitions"].(map[string]any)
	if !ok {
		components, _ := doc["components"].(map[string]any)
		schemes, _ = components["securitySchemes"].(map[string]any)
	}
	scheme, _ := schemes[name].(map[string]any)
	kind, _ := scheme["x-amazon-apigateway-authtype"].(string)
	return scheme["x-amazon-apigateway-authorizer"] != nil || strings.EqualFold(kind, "awsSigv4")
}
