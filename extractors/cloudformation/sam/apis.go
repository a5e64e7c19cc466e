package sam

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// restAPI expands AWS::Serverless::Api.
func (e *expander) restAPI(s *serverless) {
	e.emitRESTAPI(e.apiByID[s.id], s)
}

// implicitAPIs expands the APIs that SAM makes for events that name none.
func (e *expander) implicitAPIs() {
	for _, a := range e.apis {
		if a.resource != nil || e.written[a.id] != "" || len(a.paths) == 0 {
			continue
		}
		kind := "Api"
		if a.http {
			kind = "HttpApi"
		}
		s := &serverless{builder: a.at, id: a.id, kind: kind, node: a.at.object(is("Condition", e.apiCondition(a)))}
		local := s.object()
		if !a.http {
			local = s.object(is("StageName", s.text("Prod")))
		}
		s.props = e.merged(e.globals(kind, s.node), local)
		if a.http {
			e.emitHTTPAPI(s)
		} else {
			e.emitRESTAPI(a, s)
		}
	}
}

// apiCondition is the condition of an API that SAM makes: that of any of its events,
// where each has one.
func (e *expander) apiCondition(a *api) *tree.Node {
	for _, c := range a.conditions {
		if c == nil {
			return nil
		}
	}
	if len(a.conditions) == 0 {
		return nil
	}
	return e.anyOf(a.id+"Condition", a.conditions)
}

func (e *expander) emitRESTAPI(a *api, s *serverless) {
	if given(s.props.Get("Cors")) {
		for _, p := range a.paths {
			p.add("options")
		}
	}
	body, own := s.props.Get("DefinitionBody"), s.props.Get("Policy")
	switch policy := e.apiPolicy(a, s, body.Get("x-amazon-apigateway-policy")); {
	case policy == nil:
	case body.Get("Fn::Transform") != nil && own == nil:
		own = policy // a part of what is included, which would hide it
	default:
		body = body.With("x-amazon-apigateway-policy", policy)
	}
	endpoint := s.props.Get("EndpointConfiguration")
	if endpoint.Scalar() || isCallOrNil(endpoint) {
		endpoint = listed(s, endpoint)
	} else if endpoint.Kind == tree.Map {
		endpoint = builder{endpoint.Range}.object(
			is("Types", typesOf(endpoint.Get("Type"))), is("VpcEndpointIds", endpoint.Get("VPCEndpointIds")))
	}
	e.emit(s, s.at, s.id, restAPIType, s.object(
		is("Body", body), is("BodyS3Location", s.props.Get("DefinitionUri")), is("Policy", own),
		is("Name", s.props.Get("Name")), is("EndpointConfiguration", endpoint), is("Mode", s.props.Get("Mode")),
		is("DisableExecuteApiEndpoint", s.props.Get("DisableExecuteApiEndpoint")),
	))
	stage := s.id + "Stage"
	if name, ok := s.props.Get("StageName").Text(); ok {
		stage = suffixed(s.id, name) + "Stage"
	}
	deployment := s.id + "Deployment"
	e.emit(s, s.at, deployment, "AWS::ApiGateway::Deployment", s.object(is("RestApiId", s.ref(s.id))))
	e.emit(s, s.at, stage, "AWS::ApiGateway::Stage", s.object(
		is("RestApiId", s.ref(s.id)), is("DeploymentId", s.ref(deployment)), is("StageName", s.props.Get("StageName"))))
	e.renamed[s.id+".Stage"], e.renamed[s.id+".Deployment"] = s.text(stage), s.text(deployment)
	e.domain(s)
	e.authorizers(s, s.props.Path("Auth", "Authorizers"), func(a *tree.Node) bool {
		return given(a.Get("FunctionArn")) && !given(a.Get("DisableFunctionDefaultPermissions"))
	})
}

func isCallOrNil(n *tree.Node) bool { return n == nil || isCall(n) }

// listed is the endpoint configuration for a type that is given alone.
func listed(s *serverless, endpoint *tree.Node) *tree.Node {
	if endpoint == nil {
		return nil
	}
	return s.object(is("Types", typesOf(endpoint)))
}

func typesOf(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	return tree.NewList(n.Range, n)
}

// domain makes the private domain name of an API, which has a policy of its own.
func (e *expander) domain(s *serverless) {
	d := s.props.Get("Domain")
	if !given(d) {
		return
	}
	b := builder{d.Range}
	private := false
	if t, ok := e.resolved(d.Get("EndpointConfiguration")).Text(); ok {
		private = t == "PRIVATE"
	}
	if !private {
		return
	}
	name := d.Get("DomainName")
	hash := string(e.resolved(name).AppendJSON(nil))
	if text, ok := e.resolved(name).Text(); ok {
		hash = text
	}
	e.emit(s, b.at, hashed("ApiGatewayDomainNameV2", hash), "AWS::ApiGateway::DomainNameV2", b.object(
		is("DomainName", name), is("Policy", d.Get("Policy"))))
}

// httpAPI expands AWS::Serverless::HttpApi.
func (e *expander) httpAPI(s *serverless) { e.emitHTTPAPI(s) }

func (e *expander) emitHTTPAPI(s *serverless) {
	e.emit(s, s.at, s.id, httpAPIType, s.object(is("ProtocolType", s.text("HTTP")), is("Name", s.props.Get("Name")),
		is("BodyS3Location", s.props.Get("DefinitionUri"))))
	stage := s.id + "ApiGatewayDefaultStage"
	name := s.props.Get("StageName")
	if text, ok := name.Text(); ok && text != "$default" {
		stage = suffixed(s.id, text) + "Stage"
	} else if name != nil && !ok {
		stage = s.id + "Stage"
	}
	e.emit(s, s.at, stage, "AWS::ApiGatewayV2::Stage", s.object(is("ApiId", s.ref(s.id)), is("StageName", name)))
	e.renamed[s.id+".Stage"] = s.text(stage)
	e.authorizers(s, s.props.Path("Auth", "Authorizers"), func(a *tree.Node) bool {
		return given(a.Get("FunctionArn")) && given(a.Get("EnableFunctionDefaultPermissions"))
	})
}

// authorizers lets an API invoke the functions of its authorizers.
func (e *expander) authorizers(s *serverless, all *tree.Node, permitted func(*tree.Node) bool) {
	if all == nil || all.Kind != tree.Map {
		return
	}
	for i := range all.Fields {
		f := &all.Fields[i]
		if permitted(f.Value) {
			e.authorizer(s, builder{f.At}, s.id+f.Key+"AuthorizerPermission", f.Value.Get("FunctionArn"))
		}
	}
}

func (e *expander) authorizer(s *serverless, b builder, id string, function *tree.Node) {
	e.emit(s, b.at, id, permissionType, b.object(
		is("Action", b.text("lambda:InvokeFunction")), is("FunctionName", function), is("Principal", b.text("apigateway.amazonaws.com")),
		is("SourceArn", b.substituted("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/authorizers/*", is("ApiId", b.ref(s.id))))))
}

// webSocketAPI expands AWS::Serverless::WebSocketApi: each route may invoke its function.
func (e *expander) webSocketAPI(s *serverless) {
	e.emit(s, s.at, s.id, httpAPIType, s.object(is("ProtocolType", s.text("WEBSOCKET")), is("Name", s.props.Get("Name"))))
	stage := s.props.Get("StageName")
	if stage == nil {
		stage = s.text("default")
	}
	if routes := s.props.Get("Routes"); routes != nil && routes.Kind == tree.Map {
		for i := range routes.Fields {
			f := &routes.Fields[i]
			b := builder{f.At}
			e.emit(s, b.at, s.id+capital(strings.TrimPrefix(f.Key, "$"))+"Permission", permissionType, b.object(
				is("Action", b.text("lambda:InvokeFunction")), is("FunctionName", f.Value.Get("FunctionArn")), is("Principal", b.text("apigateway.amazonaws.com")),
				is("SourceArn", b.substituted("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/${StageName}/"+f.Key,
					is("ApiId", b.getAtt(s.id, "ApiId")), is("StageName", stage)))))
		}
	}
	auth := s.props.Get("Auth")
	kind, _ := auth.Get("AuthType").Text()
	if arn := auth.Get("AuthArn"); kind == "CUSTOM" && arn != nil && !given(auth.Get("InvokeRole")) {
		e.authorizer(s, builder{auth.Range}, s.id+"AuthorizerPermission", arn)
	}
}

// capital is a word with its first letter in upper case and the rest in lower case.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
}
