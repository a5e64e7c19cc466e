package sam

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// api is a REST API of the template, or the one that SAM makes for events that name
// none, while functions and state machines are expanded.
type api struct {
	id       string
	resource *serverless // nil for the one that SAM makes
	http     bool        // an HTTP API
	managed  bool        // SAM writes its definition from events
	paths    []*apiPath
	byPath   map[string]*apiPath
	// defaults are the functions that have the path $default of an HTTP API: it covers
	// all paths, so that SAM permits no other.
	defaults map[string]bool
	// policies are the resource policies of events, in the order of SAM.
	policies []apiPolicy
	// conditions are those of the functions and state machines with events here; nil
	// for one without a condition.
	conditions []*tree.Node
	at         builder // the first event
}

type apiPath struct {
	path    string
	methods []string
	known   map[string]bool // the methods
}

func (p *apiPath) add(method string) {
	if !p.known[method] {
		p.known[method] = true
		p.methods = append(p.methods, method)
	}
}

func newAPIPath(path string) *apiPath { return &apiPath{path: path, known: map[string]bool{}} }

// apiPolicy is a resource policy of an event and the paths and methods that it is for.
type apiPolicy struct {
	node *tree.Node
	path *apiPath
}

const (
	implicitREST = "ServerlessRestApi"
	implicitHTTP = "ServerlessHttpApi"
	anyMethod    = "x-amazon-apigateway-any-method"
)

// findAPIs notes the APIs of the template with the paths that their definitions have.
func (e *expander) findAPIs(ours []*serverless) {
	for _, s := range ours {
		if s.kind != "Api" && s.kind != "HttpApi" {
			continue
		}
		a := e.newAPI(&api{id: s.id, resource: s, http: s.kind == "HttpApi"})
		body := s.props.Get("DefinitionBody")
		a.managed = body == nil && s.props.Get("DefinitionUri") == nil
		a.read(body)
	}
	// The paths of all events belong to a definition that SAM writes before any event
	// is expanded.
	for _, s := range ours {
		if s.kind != "Function" && s.kind != "StateMachine" {
			continue
		}
		events := s.props.Get("Events")
		if events == nil || events.Kind != tree.Map {
			continue
		}
		for i := range events.Fields {
			f := &events.Fields[i]
			kind, _ := f.Value.Get("Type").Text()
			props := f.Value.Get("Properties")
			if kind == "Api" && given(props) || kind == "HttpApi" {
				e.addPath(s, builder{f.At}, kind == "HttpApi", props)
			}
		}
	}
}

// read notes the paths of a definition.
func (a *api) read(body *tree.Node) {
	paths := body.Get("paths")
	if paths == nil || paths.Kind != tree.Map {
		return
	}
	for i := range paths.Fields {
		p := &paths.Fields[i]
		for _, item := range alternatives(p.Value) {
			for j := range item.Fields {
				a.add(p.Key, item.Fields[j].Key)
			}
		}
	}
}

// alternatives are the values that a call of Fn::If may have, or n itself.
func alternatives(n *tree.Node) []*tree.Node {
	if _, yes, no, ok := branches(n); ok {
		return append(alternatives(yes), alternatives(no)...)
	}
	if n == nil || n.Kind != tree.Map || noValue(n) {
		return nil
	}
	return []*tree.Node{n}
}

func (a *api) add(path, method string) {
	p := a.byPath[path]
	if p == nil {
		p = newAPIPath(path)
		a.byPath[path] = p
		a.paths = append(a.paths, p)
	}
	p.add(method)
}

func (e *expander) newAPI(a *api) *api {
	a.byPath, a.defaults = map[string]*apiPath{}, map[string]bool{}
	e.apis = append(e.apis, a)
	e.apiByID[a.id] = a
	return a
}

// apiOf is the API that an event names, or the one that SAM makes; nil for one that the
// template does not have.
func (e *expander) apiOf(b builder, http bool, props *tree.Node) *api {
	id, property := implicitREST, "RestApiId"
	if http {
		id, property = implicitHTTP, "ApiId"
	}
	named := props.Get(property)
	if named != nil {
		id = referred(named)
		if text, ok := named.Text(); ok {
			id = text
		}
	}
	if a := e.apiByID[id]; a != nil {
		return a
	}
	if named != nil && e.written[id] == "" {
		return nil
	}
	return e.newAPI(&api{id: id, http: http, managed: true, at: b})
}

func (e *expander) addPath(s *serverless, b builder, http bool, props *tree.Node) {
	a := e.apiOf(b, http, props)
	if a == nil {
		return
	}
	path, method := route(http, props)
	if a.managed {
		a.add(path, method)
	}
	a.conditions = append(a.conditions, s.node.Get("Condition"))
	if path == "$default" && method == anyMethod {
		a.defaults[s.id] = true
	}
}

// route is the path and the method of an event, in lower case.
func route(http bool, props *tree.Node) (path, method string) {
	path, _ = props.Get("Path").Text()
	method, _ = props.Get("Method").Text()
	if http && path == "" && method == "" {
		return "$default", anyMethod
	}
	method = strings.ToLower(method)
	if method == "any" {
		method = anyMethod
	}
	return path, method
}

var (
	trailingSlash = regexp.MustCompile(`^(.+)/$`)
	pathVariable  = regexp.MustCompile(`\{[a-zA-Z0-9._-]+\+?\}`)
	// httpVariable leaves greedy variables of other names as they are, as SAM does.
	httpVariable = regexp.MustCompile(`\{(?:[a-zA-Z0-9._-]+|proxy\+)\}`)
)

// callPath is a path as ARNs of calls have it: without a slash at its end, which API
// Gateway removes, and with "*" for its variables.
func callPath(path string, variable *regexp.Regexp) string {
	return variable.ReplaceAllString(trailingSlash.ReplaceAllString(path, "$1"), "*")
}

func callMethod(method string) string {
	if method == anyMethod {
		return "*"
	}
	return strings.ToUpper(method)
}

// calls is the ARN of the calls of an API in all of its stages.
func (b builder) calls(apiID *tree.Node, rest string) *tree.Node {
	return b.substituted("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"+rest, is("ApiId", apiID))
}

// apiEvent expands Api of a function: API Gateway may invoke it for one method and path.
func (e *expander) apiEvent(f *function, v *event) {
	if !given(v.props) {
		return
	}
	a := e.apiOf(v.builder, false, v.props)
	if a == nil {
		e.unknownAPI(v, "RestApiId", prefix+"Api")
		return
	}
	path, method := route(false, v.props)
	apiID := v.props.Get("RestApiId")
	if apiID == nil {
		apiID = v.ref(implicitREST)
	}
	e.permission(f, v.builder, suffixed(v.id+"Permission", a.stageSuffix()), "apigateway.amazonaws.com",
		is("SourceArn", v.calls(apiID, "/"+callMethod(method)+callPath(path, pathVariable))))
	e.eventPolicy(a, v, path)
}

func (e *expander) unknownAPI(v *event, property, typ string) {
	e.fail(v.at, fmt.Sprintf("the event %s names no API of the template", quoted(v.name)),
		fmt.Sprintf("Expected %s to refer to an %s. SAM refuses the template.", property, typ))
}

// stageSuffix is what the logical ID of the permission of an event ends in.
func (a *api) stageSuffix() string {
	if a.resource == nil {
		if a.id == implicitREST {
			return "Prod"
		}
		return "Stage"
	}
	if text, ok := a.resource.props.Get("StageName").Text(); ok {
		return text
	}
	return "Stage"
}

// eventPolicy notes the resource policy of an event. It counts where SAM writes the
// definition, or is told to override one.
func (e *expander) eventPolicy(a *api, v *event, path string) {
	auth := v.props.Get("Auth")
	policy := auth.Get("ResourcePolicy")
	override, _ := auth.Get("OverrideApiAuth").Truth()
	if !given(policy) || !a.managed && !override && !a.merges() {
		return
	}
	p := a.byPath[path]
	if p == nil {
		p = newAPIPath(path)
	}
	if e.spend(len(p.methods)) {
		// Methods that are added later, for CORS, have no part in it.
		a.policies = append(a.policies, apiPolicy{policy, &apiPath{path: p.path, methods: slices.Clone(p.methods)}})
	}
}

// merges reports whether SAM adds events to the definition of the template.
func (a *api) merges() bool {
	return a.resource != nil && given(a.resource.props.Get("MergeDefinitions"))
}

// httpAPIEvent expands HttpApi of a function.
func (e *expander) httpAPIEvent(f *function, v *event) {
	a := e.apiOf(v.builder, true, v.props)
	if a == nil {
		e.unknownAPI(v, "ApiId", prefix+"HttpApi")
		return
	}
	apiID := v.props.Get("ApiId")
	if apiID == nil {
		apiID = v.ref(implicitHTTP)
	}
	path, method := route(true, v.props)
	text := callPath(path, httpVariable)
	switch {
	case trailingSlash.ReplaceAllString(path, "$1") == "$default":
		text = ""
	case a.managed && a.defaults[f.id] && f.alias == "":
		return // the permission for $default covers it; SAM does not see that of an alias
	}
	rest := "/" + callMethod(method) + text
	if method == anyMethod && text == "/$default" {
		rest = text
	}
	e.permission(f, v.builder, v.id+"Permission", "apigateway.amazonaws.com", is("SourceArn", v.calls(apiID, rest)))
}
