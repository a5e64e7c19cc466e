package cloudformation_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestPublicOperations compares which operations of APIs are open in templates of SAM with
// those in what the transform of AWS makes of them.
func TestPublicOperations(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	if shared == "" {
		t.Skip("GRANTDIFF_SHARED is not set")
	}
	inputs, _ := filepath.Glob(filepath.Join(shared, "cloudformation", "sam", "*.input.yaml"))
	if len(inputs) == 0 {
		t.Fatal("no inputs")
	}
	calls := 0
	for _, path := range inputs {
		var open [2]string
		for i, file := range []string{path, strings.TrimSuffix(path, ".input.yaml") + ".expected.json"} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			x := extract(t, string(text), []byte(`{Resources: {}}`), cloudformation.Options{})
			_, open[i] = toldAndOpen(&x)
		}
		calls += len(strings.Fields(open[0]))
		if open[0] != open[1] {
			t.Errorf("%s:\n\tgot  %s\n\twant %s", filepath.Base(path), open[0], open[1])
		}
	}
	t.Logf("%d open calls in %d inputs", calls, len(inputs))
}

// TestOpenOperations: which operations of a new API everyone may call, and what of it is
// not known.
func TestOpenOperations(t *testing.T) {
	t.Parallel()
	const schemes = `components: {securitySchemes: {
  a: {type: apiKey, x-amazon-apigateway-authorizer: {type: token}}, s: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4},
  k: {type: apiKey, name: x-api-key, in: header}, o: {type: oauth2}, c: {type: apiKey, x-amazon-apigateway-authtype: custom}}}, `
	const lambda = `x-amazon-apigateway-integration: {type: aws_proxy}`
	of := func(typ, properties string) string {
		return `{Parameters: {P: {Type: String}}, Conditions: {C: !Equals [!Ref P, x]}, Resources: {X: {Type: "AWS::` + typ + `", Properties: {` + properties + `}}}}`
	}
	rest := func(b string) string { return of("ApiGateway::RestApi", `Body: {`+schemes+b+`}`) }
	http := func(b string) string { return of("ApiGatewayV2::Api", `Body: {`+schemes+b+`}`) }
	get := func(op string) string { return `paths: {/a: {get: {` + op + `}}}` }
	text := func(op string) string {
		return of("ApiGateway::RestApi", "Body: !Sub '{\"info\": {\"title\": \"${P}\"}, \"paths\": {\"/a\": {\"get\": {"+op+"}}}}'")
	}
	policy := func(p string) string { return of("ApiGateway::RestApi", `Body: {`+get("")+`}, Policy: `+p) }
	const document = `{Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*"}]}`
	sam := func(resources string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Parameters: {P: {Type: String}}, Conditions: {C: !Equals [!Ref P, x]}, Resources: {` + resources + `}}`
	}
	api := func(properties string) string {
		return sam(`X: {Type: AWS::Serverless::Api, Properties: {StageName: p, ` + properties + `}}`)
	}
	event := func(typ, auth, event, more string) string {
		return sam(`X: {Type: AWS::Serverless::` + typ + `, Properties: {StageName: p` + auth + `}}, F: {Type: AWS::Serverless::Function` + more + `,
  Properties: {Handler: h, Runtime: python3.12, InlineCode: c, Events: {E: {Type: ` + typ + `, Properties: {RestApiId: !Ref X, ApiId: !Ref X` + event + `}}}}}`)
	}
	const cognito = `, Auth: {DefaultAuthorizer: J, Authorizers: {J: {UserPoolArn: u, JwtConfiguration: {issuer: i}}}`
	const all = "DELETE/a HEAD/a OPTIONS/a PATCH/a POST/a PUT/a"
	for name, one := range map[string]struct {
		after, open string
		told        int
	}{
		"none":                     {rest(get("")), "GET/a", 0},
		"authorizer":               {rest(get("security: [{a: []}]")), "", 0},
		"signature":                {rest(get("security: [{s: []}]")), "", 0},
		"key alone":                {rest(get("security: [{k: []}]")), "GET/a", 0},
		"key and authorizer":       {rest(get("security: [{k: []}, {a: []}]")), "", 0},
		"key with authorizer":      {rest(get("security: [{k: [], a: []}]")), "", 0},
		"nothing is enough":        {rest(get("security: [{}, {a: []}]")), "GET/a", 0},
		"not by API Gateway":       {rest(get("security: [{o: []}]")), "GET/a", 0},
		"type alone":               {rest(get("security: [{c: []}]")), "GET/a", 0},
		"no such scheme":           {rest(get("security: [{z: []}]")), "GET/a", 0},
		"IAM":                      {rest(get("x-amazon-apigateway-auth: {type: AWS_IAM}")), "", 0},
		"IAM, NONE":                {rest(get("security: [{a: []}], x-amazon-apigateway-auth: {type: none}")), "GET/a", 0},
		"Swagger":                  {of("ApiGateway::RestApi", `Body: {swagger: 2.0, securityDefinitions: {a: {x-amazon-apigateway-authorizer: {type: token}}}, paths: {/a: {get: {security: [{a: []}]}, put: {}}}}`), "PUT/a", 0},
		"at the top":               {rest("security: [{a: []}], " + get("")), "GET/a", 0}, // REST APIs pass over it
		"at the top, HTTP":         {http("security: [{a: []}], " + get("")), "", 0},
		"opened again":             {http("security: [{a: []}], " + get("security: []")), "GET/a", 0},
		"HTTP":                     {http(get("")), "GET/a", 0},
		"HTTP default":             {http("paths: {$default: {x-amazon-apigateway-any-method: {}}}"), "$default", 0},
		"any method":               {rest("paths: {/a: {x-amazon-apigateway-any-method: {}, get: {security: [{a: []}]}}}"), all, 0},
		"variables":                {rest("paths: {'/a/{b}': {get: {}}, '/{c+}': {put: {}}}"), "GET/a/{b} PUT/{c+}", 0},
		"wildcards":                {rest("paths: {'/a*': {get: {}}}"), "GET/a%2A", 0},
		"preflight":                {rest("paths: {/a: {options: {x-amazon-apigateway-integration: {type: MOCK}}}, /b: {options: {}}}"), "", 0},
		"OPTIONS":                  {rest("paths: {/a: {options: {" + lambda + "}}}"), "OPTIONS/a", 0},
		"no operations":            {rest("paths: {/a: {parameters: [], summary: s, x-note: {}}}"), "", 0},
		"text":                     {text(""), "GET/a", 0},
		"text, guarded":            {text(`"x-amazon-apigateway-auth": {"type": "AWS_IAM"}`), "", 0},
		"policy":                   {policy(document), "", 0},
		"no policy":                {policy(`""`), "GET/a", 0},
		"policy in the body":       {rest("x-amazon-apigateway-policy: " + document + ", " + get("")), "", 0},
		"private":                  {of("ApiGateway::RestApi", "EndpointConfiguration: {Types: [PRIVATE]}, Body: {"+get("")+"}"), "", 0},
		"private or not":           {of("ApiGateway::RestApi", "EndpointConfiguration: {Types: [!If [C, PRIVATE, REGIONAL]]}, Body: {"+get("")+"}"), "GET/a", 0},
		"private, not known":       {of("ApiGateway::RestApi", "EndpointConfiguration: {Types: [!Ref P]}, Body: {"+get("")+"}"), "GET/a", 0},
		"private, SAM":             {event("Api", ", EndpointConfiguration: {Type: PRIVATE}", ", Path: /a, Method: GET", ""), "", 0},
		"policy is not known":      {policy("!Ref P"), "GET/a", 1},
		"paths are not known":      {rest("paths: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}"), "", 1},
		"a path is not known":      {rest("paths: {/a: {get: {}}, /b: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}}"), "GET/a", 1},
		"schemes are not known":    {of("ApiGateway::RestApi", `Body: {components: {securitySchemes: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}}, `+get("security: [{a: []}]")+`}`), "", 1},
		"body is not known":        {of("ApiGateway::RestApi", "Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}"), "", 1},
		"HTTP body is not known":   {of("ApiGatewayV2::Api", "Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}"), "", 1},
		"under a condition":        {rest(get("security: !If [C, [{a: []}], []]")), "GET/a", 0},
		"quick create":             {of("ApiGatewayV2::Api", "ProtocolType: HTTP, Target: t"), "$default", 0},
		"quick create of a route":  {of("ApiGatewayV2::Api", "ProtocolType: HTTP, Target: t, RouteKey: GET /a"), "GET/a", 0},
		"SAM definition":           {api(`DefinitionBody: {` + get("") + `}`), "GET/a", 0},
		"SAM definition, default":  {api(`DefinitionBody: {` + get("") + `}` + cognito + `}`), "", 0},
		"SAM definition, key":      {api(`DefinitionBody: {` + schemes + get("security: [{k: []}]") + `}` + cognito + `}`), "", 0},
		"SAM definition, named":    {api(`DefinitionBody: {` + get("security: [{J: []}]") + `}, Auth: {Authorizers: {J: {UserPoolArn: u}}}`), "", 0},
		"SAM definition, NONE":     {api(`DefinitionBody: {` + get("security: [{NONE: []}]") + `}` + cognito + `}`), "GET/a", 0},
		"SAM preflight":            {api(`DefinitionBody: {paths: {/a: {options: {` + lambda + `}}}}` + cognito + `, AddDefaultAuthorizerToCorsPreflight: false}`), "OPTIONS/a", 0},
		"event":                    {event("Api", "", ", Path: /a, Method: GET", ""), "GET/a", 0},
		"event, IAM":               {event("Api", "", ", Path: /a, Method: GET, Auth: {Authorizer: AWS_IAM}", ""), "", 0},
		"event, default":           {event("Api", cognito+"}", ", Path: /a, Method: GET", ""), "", 0},
		"event, NONE":              {event("Api", cognito+"}", ", Path: /a, Method: GET, Auth: {Authorizer: NONE}", ""), "GET/a", 0},
		"event, key":               {event("Api", "", ", Path: /a, Method: GET, Auth: {ApiKeyRequired: true}", ""), "GET/a", 0},
		"event, policy":            {event("Api", ", Auth: {ResourcePolicy: {IpRangeWhitelist: [10.0.0.0/8]}}", ", Path: /a, Method: GET", ""), "", 0},
		"event, not known":         {event("Api", ", Auth: {DefaultAuthorizer: !Ref P}", ", Path: /a, Method: GET", ""), "", 1},
		"event, any":               {event("Api", "", ", Path: /a, Method: any", ""), "DELETE/a GET/a HEAD/a OPTIONS/a PATCH/a POST/a PUT/a", 0},
		"event under a condition":  {event("Api", "", ", Path: /a, Method: GET", ", Condition: C"), "GET/a", 0},
		"event of HTTP":            {event("HttpApi", "", "", ""), "$default", 0},
		"event of HTTP, default":   {event("HttpApi", cognito+"}", ", Path: /a, Method: GET", ""), "", 0},
		"event of HTTP, preflight": {event("HttpApi", cognito+"}", ", Path: /a, Method: OPTIONS", ""), "OPTIONS/a", 0},
		"elsewhere":                {event("Api", ", DefinitionBody: {"+get("")+"}"+cognito+"}", ", Path: /a, Method: GET, Auth: {Authorizer: NONE}", ""), "", 0},
		"override":                 {event("Api", ", DefinitionBody: {"+get("")+"}"+cognito+"}", ", Path: /a, Method: GET, Auth: {Authorizer: NONE, OverrideApiAuth: true}", ""), "GET/a", 0},
		"globals":                  {strings.Replace(event("Api", "", ", Path: /a, Method: GET", ""), "Parameters:", "Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}, Parameters:", 1), "", 0},
		"WebSocket":                {sam(`X: {Type: AWS::Serverless::WebSocketApi, Properties: {Routes: {$connect: {FunctionArn: f}, m: {FunctionArn: f}}}}`), "$connect", 0},
		"WebSocket, IAM":           {sam(`X: {Type: AWS::Serverless::WebSocketApi, Properties: {Auth: {AuthType: AWS_IAM}, Routes: {$connect: {FunctionArn: f}}}}`), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, one.after, []byte(`{Resources: {}}`), cloudformation.Options{})
			told, open := toldAndOpen(&x)
			if len(told) != one.told || open != one.open {
				t.Errorf("told %q, want %d; open %q, want %q; %v", told, one.told, open, one.open, x.Diagnostics)
			}
			same := extract(t, one.after, []byte(one.after), cloudformation.Options{})
			if told, open := toldAndOpen(&same); len(told) > 0 || open != "" {
				t.Errorf("unchanged: told %q, open %q", told, open)
			}
		})
	}
}

// TestOperationsChange: what changes at an API is told once, as what everyone may call.
func TestOperationsChange(t *testing.T) {
	t.Parallel()
	api := func(properties string) string {
		return `{Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {` + properties + `}}}}`
	}
	body := func(paths string) string {
		return `Body: {securityDefinitions: {a: {x-amazon-apigateway-authorizer: {type: token}}}, paths: {` + paths + `}}`
	}
	const policy = `, Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: execute-api:Invoke, Resource: "*"}]}`
	const include = `{Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}}`
	const open, shut = `/a: {get: {}}`, `/a: {get: {security: [{a: []}]}}`
	for name, one := range map[string]struct {
		before, after, open string
		told                int
	}{
		"policy is gone":         {api(body(open) + policy), api(body(open)), "GET/a", 0},
		"policy is new":          {api(body(open)), api(body(open) + policy), "", 0},
		"policy and guard":       {api(body(shut) + policy), api(body(open)), "GET/a", 1},
		"guard under a policy":   {api(body(shut) + policy), api(body(open) + policy), "", 1},
		"one of two":             {api(body(shut + `, /b: {get: {security: [{a: []}]}}`)), api(body(open + `, /b: {get: {security: [{a: []}]}}`)), "GET/a", 0},
		"the other changes":      {api(body(shut + `, /b: {get: {security: [{a: []}]}}`)), api(body(open + `, /b: {get: {security: [{c: []}]}}`)), "GET/a GET/b", 0},
		"method to any":          {api(body(`/a: {get: {}}`)), api(body(`/a: {get: {}, x-amazon-apigateway-any-method: {}}`)), "DELETE/a HEAD/a OPTIONS/a PATCH/a POST/a PUT/a", 0},
		"path in a longer one":   {api(body(`/a: {x-amazon-apigateway-any-method: {}}`)), api(body(`/a: {x-amazon-apigateway-any-method: {}}, /b/a: {get: {}}`)), "GET/b/a", 0},
		"paths are not known":    {api(body(open)), api("Body: {paths: " + include + "}"), "", 1},
		"guarded, not known now": {api(body(shut)), api("Body: {paths: " + include + "}"), "", 1},
		"elsewhere":              {api(body(open)), `{Resources: {Y: {Type: AWS::ApiGateway::RestApi, Properties: {` + body(open) + `}}}}`, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, one.after, []byte(one.before), cloudformation.Options{})
			told, open := toldAndOpen(&x)
			if len(told) != one.told || open != one.open {
				t.Errorf("told %q, want %d; open %q, want %q; %v", told, one.told, open, one.open, x.Diagnostics)
			}
		})
	}
}

// TestIncludedDescription: the statements that SAM adds to a description that is included
// are compared, whatever that holds.
func TestIncludedDescription(t *testing.T) {
	t.Parallel()
	text := func(principal string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Resources: {X: {Type: AWS::Serverless::Api, Properties: {StageName: p,
  DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: l}}},
  Auth: {ResourcePolicy: {CustomStatements: [{Effect: Allow, Principal: ` + principal + `, Action: execute-api:Invoke, Resource: "*"}]}}}}}}`
	}
	x := extract(t, text(`"*"`), []byte(text(`{AWS: "111122223333"}`)), cloudformation.Options{})
	want := []string{"X resource no-op: unknown, unknown", "X resource update: document, document"}
	if got := sides(&x, "AWS::ApiGateway::RestApi"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
