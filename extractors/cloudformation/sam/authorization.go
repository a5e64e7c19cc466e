package sam

import (
	"fmt"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// Authorization is what the APIs of a template say about who may call them, by logical
// ID: Auth of the API, and Routes with Auth of each event; Overrides are those events that
// set Auth of an operation that is described elsewhere; Definition is the description of
// an HTTP API, and Socket tells one of a WebSocket API. None of it is expanded.
func Authorization(template *tree.Node) map[string]*tree.Node {
	out := map[string]*tree.Node{}
	resources := template.Get("Resources")
	if resources == nil || resources.Kind != tree.Map {
		return out
	}
	e := &expander{root: template, byID: map[string]int{}, written: map[string]string{}, apiByID: map[string]*api{}}
	var ours []*serverless
	for i := range resources.Fields {
		f := &resources.Fields[i]
		e.written[f.Key] = typeOf(f.Value)
		if s := e.serverless(f, typeOf(f.Value)); s != nil {
			ours = append(ours, s)
		}
	}
	e.findAPIs(ours)
	routes, overrides := map[*api][]tree.Field{}, map[*api][]tree.Field{}
	for _, s := range ours {
		if s.kind != "Function" && s.kind != "StateMachine" {
			continue
		}
		for _, v := range e.eventsOf(s) {
			if v.kind != "Api" && v.kind != "HttpApi" {
				continue
			}
			a := e.apiOf(v.builder, v.kind == "HttpApi", v.props)
			if a == nil {
				continue
			}
			to := routes
			if !a.managed && !a.merges() {
				to = overrides
			}
			if on, _ := v.props.Path("Auth", "OverrideApiAuth").Truth(); a.managed || a.merges() || on {
				path := v.props.Get("Path")
				if path == nil && v.props.Get("Method") == nil {
					path = v.text("$default") // of HTTP APIs
				}
				key := string(v.props.Get("Method").AppendJSON(nil)) + " " + string(v.props.Get("Path").AppendJSON(nil))
				for _, f := range to[a] {
					if f.Key == key {
						key += fmt.Sprint(" of ", v.id)
						break
					}
				}
				route := v.object(is("Method", v.props.Get("Method")), is("Path", path), is("Auth", v.props.Get("Auth")))
				if condition := s.node.Get("Condition"); condition != nil {
					route = v.either(condition, route, v.ref("AWS::NoValue"))
				}
				to[a] = append(to[a], tree.Field{Key: key, At: v.at, Value: route})
			}
		}
	}
	for _, a := range e.apis {
		b, auth, definition := a.at, (*tree.Node)(nil), (*tree.Node)(nil)
		if a.resource != nil {
			b, auth = a.resource.builder, a.resource.props.Get("Auth")
			if a.http {
				definition = a.resource.props.Get("DefinitionBody")
			}
		} else {
			kind := "Api"
			if a.http {
				kind = "HttpApi"
			}
			auth = e.globals(kind, nil).Get("Auth")
		}
		out[a.id] = b.object(is("Auth", auth), is("Routes", tree.NewMap(b.at, routes[a]...)), is("Overrides", tree.NewMap(b.at, overrides[a]...)), is("Definition", definition))
	}
	for _, s := range ours {
		if s.kind == "WebSocketApi" {
			out[s.id] = s.object(is("Auth", s.props.Get("Auth")), is("Socket", s.text("WEBSOCKET")))
		}
	}
	return out
}
