package cloudformation

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// guards are what keeps callers off an API: settings by name, and for each operation
// what guards it, "" for nothing.
type guards struct {
	settings   map[string]string
	operations map[operation]string
}

// operation is a method in lower case and a path as it is written. One that is described
// in several places differs by where that is.
type operation struct{ method, path, where string }

// lost reports whether anything that guards is gone or another, or an operation without
// a guard is new where others have one. An operation that is gone takes its guard along,
// unless one without a guard takes its calls. Browsers ask OPTIONS without credentials,
// so that one such is no loss.
func (g guards) lost(a guards) bool {
	for k, s := range a.settings {
		if k == location && g.settings[k] != s {
			return true
		}
	}
	for k, s := range g.settings {
		if a.settings[k] != s {
			return true
		}
	}
	guarded := g.guarded()
	var open []operation
	for k, s := range a.operations {
		if s != "" || k.method == "options" {
			continue
		}
		open = append(open, k)
		if _, was := g.operations[k]; !was && guarded {
			return true
		}
	}
	for k, s := range g.operations {
		now, is := a.operations[k]
		if s != "" && (is && now != s || !is && (len(a.operations) == 0 || slices.ContainsFunc(open, k.takenBy))) {
			return true
		}
	}
	return false
}

// losesGuards reports whether a property of an API loses or changes what guards, other
// than by operations that are found to be open.
func (w *world) losesGuards(v [2]*view, r *row) bool {
	if !v[after].exists {
		return false
	}
	open := w.opened(v)
	if !v[before].exists {
		return w.replacesGuarded(v[after], r, open)
	}
	was, now := r.Told.Guards(v[before].prop(r.Path)), r.Told.Guards(v[after].prop(r.Path))
	if how := r.Told.Compared; how != "" && len(askGuard(v[after].prop(how)).settings) == 0 {
		return false
	}
	return was.lost(now.decided(was, open))
}

// tellsGuards is losesGuards for the row of a property, if it has one.
func (w *world) tellsGuards(v [2]*view, path string) bool {
	return slices.ContainsFunc(rowsOf[v[after].typ], func(r *row) bool {
		return r.Told != nil && r.Told.Guards != nil && r.Path == path && w.losesGuards(v, r)
	})
}

// decided is what guards an API after the change, without what is lost by operations that
// are found to be open: they count as if they had kept what they had.
func (g guards) decided(was guards, open map[operation]bool) guards {
	if len(open) == 0 {
		return g
	}
	out := guards{map[string]string{}, map[operation]string{}}
	for k, s := range g.operations {
		if open[operation{method: k.method, path: k.path}] {
			then, there := was.operations[k]
			if s = then; !there {
				s = "open"
			}
		}
		out.operations[k] = s
	}
	for k, s := range g.settings {
		out.settings[k] = s
	}
	for k, s := range was.settings {
		if _, is := g.settings[k]; !is && g.unused(k, open) {
			out.settings[k] = s
		}
	}
	return out
}

// unused reports whether a setting that is gone guards by operations alone, and none that
// is left needs it.
func (g guards) unused(setting string, open map[operation]bool) bool {
	switch setting = strings.TrimPrefix(setting, "definition "); setting {
	case "DefaultAuthorizer", "security", "preflight", "EnableIamAuthorizer":
		return len(g.operations) > 0
	case "AuthType", "AuthArn", "IdentitySource": // of WebSocket APIs
		return open[operation{path: "$connect"}]
	}
	kind, name, _ := strings.Cut(setting, " ")
	if kind != "authorizer" && kind != "scheme" {
		return false
	}
	for _, s := range g.operations {
		if strings.Contains(s, jsonText(name)) {
			return false
		}
	}
	return true
}

func jsonText(s string) string { return string(tree.NewString(s, source.Range{}).AppendJSON(nil)) }

// location is the setting of a description that is not at hand: where it is.
const location = "location"

// guarded reports whether any operation has a guard, or would have by itself.
func (g guards) guarded() bool {
	for _, s := range g.operations {
		if s != "" {
			return true
		}
	}
	return len(g.operations) == 0 && (g.settings["DefaultAuthorizer"] != "" || g.settings["ApiKeyRequired"] != "" ||
		g.settings["EnableIamAuthorizer"] != "" || g.settings["security"] != "" || g.settings["AuthType"] != "") || g.open(guards{}, false)
}

// open reports whether an operation has no guard, or what guards is not known and is
// another than that of was.
func (g guards) open(was guards, operations bool) bool {
	for k, s := range g.operations {
		if operations && s == "" && k.method != "options" {
			return true
		}
	}
	for k, s := range g.settings {
		switch name := strings.TrimPrefix(k, "definition "); {
		case was.settings[k] == s:
		case name == location, name == "body", name == "auth", name == "paths", name == "routes", strings.HasPrefix(name, "path "):
			return true
		}
	}
	return false
}

// api is an API that leaves the template, with its guards by row.
type api struct {
	view   *view
	guards []guards
}

// guardsOf are those of one side of an API, by row.
func (v *view) guardsOf() (out []guards) {
	for _, r := range rowsOf[v.typ] {
		if r.Told != nil && r.Told.Guards != nil {
			out = append(out, r.Told.Guards(v.prop(r.Path)))
		}
	}
	return out
}

// guardedAPIs are the APIs with guards that leave the template, by type.
func (w *world) guardedAPIs() map[string][]api {
	if w.goneAPIs != nil {
		return w.goneAPIs
	}
	w.goneAPIs = map[string][]api{}
	for _, st := range w.x.stacks {
		for _, u := range st.units {
			v := w.view(u)
			if !v[before].exists || v[after].exists {
				continue
			}
			if g := v[before].guardsOf(); slices.ContainsFunc(g, guards.guarded) {
				w.goneAPIs[v[before].typ] = append(w.goneAPIs[v[before].typ], api{v[before], g})
			}
		}
	}
	return w.goneAPIs
}

// replacesGuarded reports whether an API that is new may be one of its type under
// another logical ID that loses guards: it has operations without one, or the same name.
// Where it is guarded as any that leaves, it is that one. Operations that are found to be
// open are no part of it.
func (w *world) replacesGuarded(v *view, r *row, open map[operation]bool) bool {
	gone := w.guardedAPIs()[v.typ]
	if len(gone) == 0 {
		return false
	}
	now, name, found := v.guardsOf(), jsonOf(v.prop("Name")), false
	for _, old := range gone {
		then := r.Told.Guards(old.view.prop(r.Path))
		here := r.Told.Guards(v.prop(r.Path)).decided(then, open)
		named := name != "" && name == jsonOf(old.view.prop("Name"))
		if !here.open(then, true) && !(named && then.lost(here)) {
			continue
		}
		found = true
		lost := false
		for i, g := range old.guards {
			lost = lost || g.lost(now[i].decided(g, open))
		}
		if !lost {
			return false
		}
	}
	return found
}

const anyMethod = "x-amazon-apigateway-any-method"

// takenBy reports whether the calls of an operation that is gone go to another one: its
// path has variables where the other has none, or takes any rest (Amazon API Gateway
// Developer Guide, "Set up a proxy integration with a proxy resource" and "Create routes
// for HTTP APIs in API Gateway").
func (o operation) takenBy(by operation) bool {
	if by.method != o.method && by.method != "" && by.method != "any" && by.method != "*" && by.method != anyMethod {
		return false
	}
	if strings.Contains(by.path, "$default") || !strings.HasPrefix(by.path, "/") { // any path, or one that is not known
		return true
	}
	theirs, ours := strings.Split(strings.Trim(by.path, "/"), "/"), strings.Split(strings.Trim(o.path, "/"), "/")
	for i, part := range theirs {
		switch {
		case strings.HasSuffix(part, "+}"):
			return i < len(ours) && ours[i] != ""
		case i >= len(ours), !strings.HasPrefix(part, "{") && part != ours[i], strings.HasSuffix(ours[i], "+}"):
			return false
		}
	}
	return len(theirs) == len(ours)
}

// jsonOf is the same for values that differ only in the order of fields.
func jsonOf(n *tree.Node) string {
	if n.IsNull() {
		return ""
	}
	return string(sorted(n).AppendJSON(nil))
}

func sorted(n *tree.Node) *tree.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == tree.Map:
		fields := slices.Clone(n.Fields)
		for i := range fields {
			fields[i].Value = sorted(fields[i].Value)
		}
		slices.SortStableFunc(fields, func(a, b tree.Field) int { return strings.Compare(a.Key, b.Key) })
		return tree.NewMap(n.Range, fields...)
	case n.Kind == tree.List:
		items := make([]*tree.Node, len(n.Items))
		for i, item := range n.Items {
			items[i] = sorted(item)
		}
		return tree.NewList(n.Range, items...)
	}
	return n
}

// each calls f for the fields of a map; what is no map, or not known, is a setting.
func (g guards) each(name string, n *tree.Node, f func(string, *tree.Node)) {
	switch {
	case n.IsNull():
	case n.Kind != tree.Map || n.Get("Fn::Transform") != nil:
		g.settings[name] = jsonOf(n)
	default:
		for _, m := range n.Fields {
			f(m.Key, m.Value)
		}
	}
}

// bodyGuards are those of an interface description (Amazon API Gateway Developer Guide,
// "OpenAPI extensions for API Gateway").
func bodyGuards(n *tree.Node) guards {
	g := guards{map[string]string{}, map[operation]string{}}
	if n != nil && n.Kind == tree.String {
		if d := tree.Parse("", []byte(n.Value), tree.Limits{}); d.Root != nil && d.Root.Kind == tree.Map {
			n = d.Root
		}
	}
	set := func(prefix string) func(string, *tree.Node) {
		return func(k string, v *tree.Node) { g.settings[prefix+k] = jsonOf(v) }
	}
	g.each("body", n, func(string, *tree.Node) {})
	g.each("schemes", n.Get("securityDefinitions"), set("scheme "))
	g.each("schemes", n.Path("components", "securitySchemes"), set("scheme "))
	if s := security(n.Get("security")); s != "" {
		g.settings["security"] = s
	}
	g.each("paths", n.Get("paths"), func(path string, item *tree.Node) {
		g.each("path "+path, item, func(method string, op *tree.Node) {
			if method == "parameters" || method == "servers" || method == "summary" || method == "description" ||
				strings.HasPrefix(method, "x-") && method != anyMethod {
				return
			}
			own := op.Get("security")
			if own == nil {
				own = n.Get("security")
			}
			guard := security(own)
			if auth := op.Get("x-amazon-apigateway-auth"); auth != nil {
				if t, _ := auth.Get("type").Text(); guard != "" || !strings.EqualFold(t, "NONE") {
					guard += jsonOf(auth)
				}
			}
			g.operations[operation{strings.ToLower(method), path, ""}] = guard
		})
	})
	return g
}

// security is a list of requirements; "" for one that asks for nothing.
func security(n *tree.Node) string {
	if s := jsonOf(n); s != "[]" && s != "[{}]" {
		return s
	}
	return ""
}

// serverlessGuards are those that Auth of an API of SAM and of its events set.
func serverlessGuards(n *tree.Node) guards {
	g := guards{map[string]string{}, map[operation]string{}}
	auth := n.Get("Auth")
	value := func(v *tree.Node) string {
		if on, ok := v.Truth(); ok && !on || v != nil && v.Value == "NONE" {
			return ""
		}
		return jsonOf(v)
	}
	g.each("auth", auth, func(k string, v *tree.Node) {
		switch k {
		case "DefaultAuthorizer", "ApiKeyRequired", "EnableIamAuthorizer", "AuthType", "AuthArn", "IdentitySource":
			if s := value(v); s != "" {
				g.settings[k] = s
			}
		case "Authorizers":
			g.each(k, v, func(name string, a *tree.Node) { g.settings["authorizer "+name] = jsonOf(a) })
		}
	})
	if value(auth.Get("DefaultAuthorizer")) != "" {
		if on, ok := auth.Get("AddDefaultAuthorizerToCorsPreflight").Truth(); on || !ok {
			g.settings["preflight"] = "true"
		}
	}
	read := func(route string, r *tree.Node) {
		own, guard := r.Get("Auth"), ""
		for _, keys := range [][2]string{{"Authorizer", "DefaultAuthorizer"}, {"ApiKeyRequired", "ApiKeyRequired"}, {"AuthorizationScopes", ""}} {
			v := own.Get(keys[0])
			if v.IsNull() {
				v = auth.Get(keys[1])
			}
			if s := value(v); s != "" {
				guard += keys[0] + s
			}
		}
		method, _ := r.Get("Method").Text()
		path, _ := r.Get("Path").Text()
		o := operation{method: strings.ToLower(method), path: path}
		if _, twice := g.operations[o]; twice {
			o.where = route
		}
		g.operations[o] = guard
	}
	g.each("routes", n.Get("Routes"), read)
	g.each("routes", n.Get("Overrides"), read)
	if d := n.Get("Definition"); d != nil {
		of := bodyGuards(d)
		for k, s := range of.settings {
			g.settings["definition "+k] = s
		}
		for k, s := range of.operations {
			k.where = "definition"
			g.operations[k] = s
		}
	}
	return g
}

// locationGuards are a description that is not at hand.
func locationGuards(n *tree.Node) guards {
	if n.IsNull() {
		return guards{}
	}
	return guards{settings: map[string]string{location: jsonOf(n)}}
}

// falseGuard is a switch that keeps callers off where it is false, below a property.
func falseGuard(below string) func(*tree.Node) guards {
	return func(n *tree.Node) guards {
		if below != "" && (n == nil || n.Kind == tree.Map && n.Get("Fn::Transform") == nil) {
			n = n.Get(below)
		}
		if on, ok := n.Truth(); n.IsNull() || on && ok {
			return guards{}
		}
		return guards{settings: map[string]string{"off": jsonOf(n)}}
	}
}

// clusterGuard: an endpoint is not reached from the internet, or from some addresses alone.
func clusterGuard(n *tree.Node) guards {
	g := falseGuard("EndpointPublicAccess")(n)
	list := n.Get("PublicAccessCidrs")
	if list.IsNull() {
		return g
	}
	settings := map[string]string{}
	maps.Copy(settings, g.settings)
	// Each family of addresses is open or not. What is no list may be either.
	for family, all := range map[string]string{"IPv4": "0.0.0.0/0", "IPv6": "::/0"} {
		own := slices.DeleteFunc(slices.Clone(list.Items), func(item *tree.Node) bool { return strings.Contains(item.Value, ":") != (family == "IPv6") })
		if slices.ContainsFunc(own, func(item *tree.Node) bool { return item.Value == all }) {
			continue
		}
		var entries []string
		for _, item := range own {
			entries = append(entries, jsonOf(item))
		}
		if settings[family] = "only " + strings.Join(entries, " "); list.Kind != tree.List {
			settings[family] = jsonOf(list)
		}
	}
	return guards{settings: settings}
}

// privateGuard: a private API is reached from networks alone.
func privateGuard(n *tree.Node) guards {
	types := n
	if n != nil && n.Kind == tree.Map && n.Get("Fn::Transform") == nil {
		types = n.Get("Types")
	}
	public := func(item *tree.Node) bool { return item.Value == "REGIONAL" || item.Value == "EDGE" }
	if types.IsNull() || public(types) || types.Kind == tree.List && !slices.ContainsFunc(types.Items, func(item *tree.Node) bool { return !public(item) }) {
		return guards{}
	}
	return guards{settings: map[string]string{"private": jsonOf(types)}}
}

// askGuard: callers of a method or route have to say who they are, in a way that it names,
// to an authorizer, or with a token for one of some scopes.
func askGuard(n *tree.Node) guards {
	if how, ok := n.Text(); n.IsNull() || ok && (how == "" || strings.EqualFold(how, "NONE")) || n.Kind == tree.List && len(n.Items) == 0 {
		return guards{}
	}
	return guards{settings: map[string]string{"asks": jsonOf(n)}}
}

// offGuard is a switch that keeps callers off until it is true; whether it does where it
// is not set is not taken for granted.
func offGuard(n *tree.Node) guards {
	on, ok := n.Truth()
	switch {
	case ok && on:
		return guards{}
	case n.IsNull():
		return guards{settings: map[string]string{"off": "false"}}
	case ok:
		return guards{settings: map[string]string{"off": "false", "said": "false"}}
	}
	return guards{settings: map[string]string{"off": jsonOf(n)}}
}
