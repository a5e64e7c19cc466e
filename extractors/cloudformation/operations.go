package cloudformation

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// opening is an operation of an API that everyone may call.
type opening struct {
	op operation
	// calls are what ARNs of its calls end in: METHOD and path, one for each method.
	calls []string
	at    source.Range
}

// openings are those of one property of an API, and the first part of the property that
// is not known.
type openings struct {
	list    []opening
	unknown *tree.Node
}

// operationReader reads which operations of an API everyone may call (Amazon API Gateway
// Developer Guide, "Control and manage access to REST APIs" and "OpenAPI extensions for
// API Gateway"). A key by itself tells nobody from anybody.
type operationReader struct {
	v    *view
	rest bool
	// auth is what SAM adds to a description: Auth of the API.
	auth *tree.Node
	out  openings
}

// callMethods are the methods that an operation for any method takes.
var callMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// operationsOf reads a property of an API: Body, Auth, which is what SAM says, or Target.
func (v *view) operationsOf(r *row) openings {
	n := v.prop(r.Path)
	if n == nil {
		return openings{}
	}
	d := &operationReader{v: v, rest: v.typ == restAPI, auth: v.prop("Auth").Get("Auth")}
	switch r.Path {
	case "Body":
		d.body(n)
	case "Target": // a quick create: one route for all calls
		key, _ := v.prop("RouteKey").Text()
		if key == "" {
			key = "$default"
		}
		method, path, ok := strings.Cut(key, " ")
		if !ok {
			method, path = "", key
		}
		d.add(strings.ToLower(method), path, nil, v.place("Target"))
	default:
		d.serverless(n)
	}
	return d.out
}

const restAPI = "AWS::ApiGateway::RestApi"

// body reads an interface description, also one that is a text.
func (d *operationReader) body(n *tree.Node) {
	if n.Kind == tree.String {
		if p := tree.Parse("", []byte(n.Value), tree.Limits{}); p.Root != nil && p.Root.Kind == tree.Map && !p.Diagnostics.HasErrors() {
			n = moved(p.Root, n)
		}
	}
	if n.Kind != tree.Map || n.Get("Fn::Transform") != nil {
		if !d.rest { // of REST APIs it is the policy that is told as not known (bodyPolicy)
			d.open(n)
		}
		return
	}
	paths := n.Get("paths")
	if d.open(paths) || paths == nil || paths.Kind != tree.Map {
		return
	}
	for _, p := range paths.Fields {
		if d.open(p.Value) || p.Value == nil || p.Value.Kind != tree.Map {
			continue
		}
		var own []string
		for _, f := range p.Value.Fields {
			own = append(own, strings.ToUpper(f.Key))
		}
		for _, f := range p.Value.Fields {
			method := strings.ToLower(f.Key)
			if method != anyMethod && !slices.Contains(callMethods, strings.ToUpper(f.Key)) || d.open(f.Value) || f.Value == nil || f.Value.Kind != tree.Map {
				continue
			}
			if method == "options" && preflight(f.Value) {
				continue
			}
			guarded, set := d.override(method, p.Key)
			if set && guarded || !set && d.guards(n, method, f.Value) {
				continue
			}
			at := f.At
			if end := f.Value.Range.End; f.Value.Range.Path == at.Path && end.Byte > at.End.Byte {
				at.End = end
			}
			d.add(method, p.Key, own, at)
		}
	}
}

// override is whether an event of SAM makes callers of an operation say who they are, and
// whether it sets that.
func (d *operationReader) override(method, path string) (guarded, set bool) {
	all := d.v.prop("Auth").Get("Overrides")
	if all == nil {
		return false, false
	}
	for _, f := range all.Fields {
		p, _ := f.Value.Get("Path").Text()
		m, _ := f.Value.Get("Method").Text()
		own := f.Value.Path("Auth", "Authorizer")
		if m = strings.ToLower(m); p == path && !own.IsNull() && (m == method || m == "any" && method == anyMethod) {
			return d.authorizer(own), true
		}
	}
	return false, false
}

// preflight reports whether an operation answers by itself, as those for browsers do.
func preflight(op *tree.Node) bool {
	typ, known := op.Path("x-amazon-apigateway-integration", "type").Text()
	return op.Get("x-amazon-apigateway-integration") == nil || known && strings.EqualFold(typ, "mock")
}

// open notes a part that is not known, and reports whether it is one.
func (d *operationReader) open(n *tree.Node) bool {
	if n == nil || n.Get("Fn::Transform") == nil && (n.Kind != tree.String || !d.v.scope.Symbols().Holds(n.Value)) {
		return false
	}
	if d.out.unknown == nil {
		d.out.unknown = n
	}
	return true
}

// guards reports whether callers of an operation must say who they are. Requirements at
// the top of a description count for HTTP APIs alone: REST APIs pass over them.
func (d *operationReader) guards(n *tree.Node, method string, op *tree.Node) bool {
	if t, ok := op.Path("x-amazon-apigateway-auth", "type").Text(); ok {
		if strings.EqualFold(t, "NONE") {
			return false
		}
		d.open(op.Path("x-amazon-apigateway-auth", "type"))
		return true
	}
	list := op.Get("security")
	if list == nil && !d.rest {
		list = n.Get("security")
	}
	if d.open(list) {
		return true
	}
	guarded := false
	if list != nil && list.Kind == tree.List {
		for _, need := range list.Items {
			if need.Kind == tree.Map && len(need.Fields) == 0 {
				return false // nothing is one of the ways in
			}
			for _, f := range need.Fields {
				if f.Key == "NONE" {
					return false // of SAM: not the default either
				}
				guarded = guarded || d.tells(n, f.Key)
			}
		}
	}
	return guarded || d.byDefault(method)
}

// tells reports whether a scheme tells who calls.
func (d *operationReader) tells(n *tree.Node, name string) bool {
	schemes := n.Get("securityDefinitions")
	if schemes == nil {
		schemes = n.Path("components", "securitySchemes")
	}
	scheme := schemes.Get(name)
	switch {
	case d.auth != nil && (name == "AWS_IAM" || d.auth.Path("Authorizers", name) != nil):
		return true
	case d.open(schemes), d.open(scheme), d.open(n.Get("components")):
		return true
	case !scheme.Get("x-amazon-apigateway-authorizer").IsNull():
		return true
	}
	t, _ := scheme.Get("x-amazon-apigateway-authtype").Text()
	return strings.EqualFold(t, "awsSigv4")
}

// byDefault reports whether the authorizer that SAM puts in place of none guards an
// operation.
func (d *operationReader) byDefault(method string) bool {
	if d.auth == nil || d.open(d.auth) {
		return d.auth != nil
	}
	if method == "options" {
		if on, ok := d.auth.Get("AddDefaultAuthorizerToCorsPreflight").Truth(); !d.rest || ok && !on {
			return false
		}
	}
	return d.authorizer(d.auth.Get("DefaultAuthorizer"))
}

// authorizer reports whether a value names one. Where that is not known it is taken for
// one, and noted.
func (d *operationReader) authorizer(n *tree.Node) bool {
	if n.IsNull() || n.Scalar() && (n.Value == "" || n.Value == "NONE") {
		return false
	}
	d.open(n)
	return true
}

// serverless reads what SAM makes of events (sam.Authorization).
func (d *operationReader) serverless(n *tree.Node) {
	if n.Kind != tree.Map || n.Get("Fn::Transform") != nil {
		return
	}
	if definition := n.Get("Definition"); definition != nil {
		d.body(definition)
	}
	if socket := n.Get("Socket"); socket != nil {
		if kind := d.auth.Get("AuthType"); !d.open(d.auth) && !d.authorizer(kind) {
			d.add("", "$connect", nil, socket.Range)
		}
	}
	routes := n.Get("Routes")
	if d.open(routes) || routes == nil {
		return
	}
	methods := map[string][]string{} // by path
	for _, f := range routes.Fields {
		path, _ := f.Value.Get("Path").Text()
		method, _ := f.Value.Get("Method").Text()
		methods[path] = append(methods[path], strings.ToUpper(method))
	}
	for _, f := range routes.Fields {
		if f.Value.IsNull() || d.open(f.Value) {
			continue
		}
		path, _ := f.Value.Get("Path").Text()
		method, _ := f.Value.Get("Method").Text()
		method = strings.ToLower(method)
		guarded := false
		switch own := f.Value.Path("Auth", "Authorizer"); {
		case d.open(f.Value.Get("Auth")):
			continue
		case own.IsNull():
			guarded = d.byDefault(method)
		default:
			guarded = d.authorizer(own)
		}
		if !guarded {
			d.add(method, path, methods[path], f.Value.Range)
		}
	}
}

// add notes an operation that everyone may call. One for any method takes those that have
// no operation of their own.
func (d *operationReader) add(method, path string, own []string, at source.Range) {
	o := opening{op: operation{method: method, path: path}, at: at}
	path = plainPath.Replace(path)
	switch {
	case path == "$default" && (method == "" || method == "any" || method == anyMethod), method == "":
		o.calls = []string{path}
	case method == "any" || method == anyMethod:
		for _, m := range callMethods {
			if !slices.Contains(own, m) {
				o.calls = append(o.calls, m+path)
			}
		}
	default:
		o.calls = []string{strings.ToUpper(method) + path}
	}
	if len(o.calls) > 0 && len(d.out.list) < maxPermitTexts {
		d.out.list = append(d.out.list, o)
	}
}

// plainPath keeps a path free of what ARNs in policies give a meaning.
var plainPath = strings.NewReplacer("*", "%2A", "?", "%3F", "${", "%24{")

// operationLeaves are the documents that the operations of a property amount to: one with
// a statement for each operation that everyone may call, and, where unknown is set, one
// that stands for what is not known.
func (v *view) operationLeaves(r *row, unknown bool) []leaf {
	found := v.operationsOf(r)
	var out []leaf
	if len(found.list) > 0 {
		id, _ := v.scope.Attribute(v.id, "", v.node).Text()
		var statements []*tree.Node
		for _, o := range found.list {
			text := func(s string) *tree.Node { return tree.NewString(s, o.at) }
			var on []*tree.Node
			for _, c := range o.calls {
				on = append(on, text("arn:aws:execute-api:*:*:"+id+"/*/"+c))
			}
			statements = append(statements, tree.NewMap(o.at, field(o.at, "Effect", text("Allow")), field(o.at, "Principal", text("*")),
				field(o.at, "Action", tree.NewList(o.at, text("execute-api:Invoke"))), field(o.at, "Resource", tree.NewList(o.at, on...))))
		}
		out = append(out, leaf{r.Path, policyOf(v.place(r.top()), statements...)})
	}
	if n := found.unknown; n != nil && unknown {
		out = append(out, leaf{r.Path + ".paths", n})
	}
	return out
}

// opened are the operations of an API that everyone may call after the change, and could
// not before, as far as that is decided: no resource policy decides in their place.
func (w *world) opened(v [2]*view) map[operation]bool {
	out := map[operation]bool{}
	for i := range v {
		if v[i].exists && w.policyOn(v[i], i) {
			return nil
		}
	}
	for _, i := range []int{after, before} {
		if !v[i].exists {
			continue
		}
		for _, r := range rowsOf[v[i].typ] {
			if r.Permit == nil || !r.Permit.Operations {
				continue
			}
			for _, o := range v[i].operationsOf(r).list {
				if i == after {
					out[o.op] = true
				} else {
					delete(out, o.op)
				}
			}
		}
	}
	return out
}
