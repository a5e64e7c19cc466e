package cloudformation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestGuards: an API that loses what keeps callers off is told.
func TestGuards(t *testing.T) {
	t.Parallel()
	sam := func(globals, api, event string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Globals: {Api: {` + globals + `}}, Resources: {X: {Type: AWS::Serverless::Api, Properties: {StageName: p` + api +
			`}}, F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref X` + event + `}}}}}}}`
	}
	const schemes = `components: {securitySchemes: {a: {type: apiKey, x-amazon-apigateway-authorizer: {type: token}}, b: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4}, k: {type: apiKey, name: x-api-key, in: header}}}, `
	body := func(b string) string {
		if !strings.Contains(b, "components") {
			b = schemes + b
		}
		return `{Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {` + b + `}}}}}`
	}
	socket := func(auth string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Resources: {X: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: $request.body.action` + auth +
			`, Routes: {$connect: {FunctionArn: arn:aws:lambda:us-east-1:123456789012:function:f}}}}}}`
	}
	http := func(properties string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Resources: {X: {Type: AWS::Serverless::HttpApi, Properties: {` + properties + `}}}}`
	}
	routes := func(events ...string) string {
		out := ""
		for i, e := range events {
			out += fmt.Sprintf(", E%d: {Type: HttpApi, Properties: {ApiId: !Ref X%s}}", i, e)
		}
		return `{Transform: AWS::Serverless-2016-10-31, Parameters: {P: {Type: String}}, Resources: {X: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {Authorizers: {J: {IdentitySource: s}}}}},
F: {Type: AWS::Serverless::Function, Properties: {Events: {` + out[2:] + `}}}}}`
	}
	const all, guarded, guardedAll, open = "", ", Path: /a, Method: get, Auth: {Authorizer: J}", ", Auth: {Authorizer: J}", ", Path: !Ref P, Method: get"
	rest := func(properties string) string {
		return `{Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {` + properties + `}}}}`
	}
	named := func(id, name, paths string) string {
		return `{Resources: {` + id + `: {Type: AWS::ApiGateway::RestApi, Properties: {Name: ` + name + `, Body: {` + schemes + `paths: {` + paths + `}}}}}}`
	}
	const shut, wide = `/a: {get: {security: [{a: []}]}}`, `/a: {get: {}}`
	implicit := func(globals, event, more string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Globals: {Api: {` + globals + `}}, Conditions: {C: !Equals [!Ref "AWS::Region", us-east-1]},
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /, Method: get` + event + `}}` + more + `}}}}}`
	}
	const iam = `Auth: {DefaultAuthorizer: AWS_IAM}`
	implicitHTTP := func(globals string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Globals: {HttpApi: {` + globals +
			`}}, Resources: {F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: HttpApi, Properties: {Path: /, Method: get}}}}}}}`
	}
	httpBody := func(paths string) string {
		return `{Resources: {X: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: {` + schemes + `paths: {` + paths + `}}}}}}`
	}
	text := func(call, title, paths string) string {
		return `{Parameters: {T: {Type: String}, U: {Type: String}}, Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {Body: ` + call +
			` '{"openapi": "3.0.1", "info": {"title": "` + title + `"}, "components": {"securitySchemes": {"a": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "token"}}}}, "paths": {` + paths + `}}'}}}}`
	}
	const shutText, wideText = `"/a": {"get": {"security": [{"a": []}]}}`, `"/a": {"get": {}}`
	for name, one := range map[string]struct {
		before, after string
		told          int
		open          string // calls that everyone may make after the change and not before
	}{
		"auth dropped":       {sam("", ", "+iam, ""), sam("", "", ""), 0, "GET/"},
		"globals dropped":    {sam(iam, "", ""), sam("", "", ""), 0, "GET/"},
		"event none":         {sam("", ", "+iam, ""), sam("", ", "+iam, ", Auth: {Authorizer: NONE}"), 0, "GET/"},
		"preflight":          {sam("", ", "+iam, ""), sam("", ", Auth: {DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: false}", ""), 1, ""},
		"auth added":         {sam("", "", ""), sam("", ", "+iam, ""), 0, ""},
		"same":               {sam(iam, "", ""), sam("", ", "+iam, ""), 0, ""},
		"body":               {body(`paths: {/: {get: {security: [{a: []}]}}}`), body(`paths: {/: {get: {}}}`), 0, "GET/"},
		"body global":        {body(`security: [{a: []}], paths: {/: {get: {}}}`), body(`paths: {/: {get: {}}}`), 1, ""},
		"body otherwise":     {body(`security: [{a: []}], paths: {/: {get: {}}}`), body(`security: [{a: []}], info: {title: t}, paths: {/: {get: {summary: s}}}`), 0, ""},
		"operation is gone":  {body(`paths: {/: {get: {security: [{a: []}]}, put: {security: [{a: []}]}}}`), body(`paths: {/: {get: {security: [{a: []}]}}}`), 0, ""},
		"socket none":        {socket(", Auth: {AuthType: AWS_IAM}"), socket(", Auth: {AuthType: NONE}"), 0, "$connect"},
		"socket dropped":     {socket(", Auth: {AuthType: AWS_IAM}"), socket(""), 0, "$connect"},
		"socket function":    {socket(", Auth: {AuthType: CUSTOM, AuthArn: a}"), socket(", Auth: {AuthType: CUSTOM, AuthArn: b}"), 1, ""},
		"socket source":      {socket(", Auth: {AuthType: CUSTOM, AuthArn: a, IdentitySource: [b, c]}"), socket(", Auth: {AuthType: CUSTOM, AuthArn: a, IdentitySource: [b]}"), 1, ""},
		"socket added":       {socket(""), socket(", Auth: {AuthType: AWS_IAM}"), 0, ""},
		"socket same":        {socket(", Auth: {AuthType: AWS_IAM}"), socket(", Auth: {AuthType: AWS_IAM}, Name: n"), 0, ""},
		"http file":          {http("DefinitionUri: s3://b/one.yaml"), http("DefinitionUri: s3://b/two.yaml"), 1, ""},
		"http file in S3":    {http("DefinitionUri: {Bucket: b, Key: k, Version: v}"), http("DefinitionUri: {Bucket: b, Key: k, Version: w}"), 1, ""},
		"http file here":     {http("DefinitionUri: one.yaml"), http("DefinitionUri: two.yaml"), 1, ""},
		"http file dropped":  {http("DefinitionUri: one.yaml"), http("DefinitionBody: {openapi: 3.0.1, paths: {/: {get: {}}}}"), 1, "GET/"},
		"http file, same":    {http("DefinitionUri: one.yaml"), http("DefinitionUri: one.yaml, Name: n"), 0, ""},
		"body order":         {body(`components: {securitySchemes: {a: {type: apiKey, in: header}}}`), body(`components: {securitySchemes: {a: {in: header, type: apiKey}}}`), 0, ""},
		"body requirement":   {body(`security: [{a: []}, {b: []}], paths: {/: {get: {}}}`), body(`security: [{a: []}], paths: {/: {get: {}}}`), 1, ""},
		"taken by a proxy":   {body(`paths: {/a: {get: {security: [{a: []}]}}, "/{p+}": {get: {}}}`), body(`paths: {"/{p+}": {get: {}}}`), 1, ""},
		"any method":         {body(`paths: {/a: {get: {security: [{a: []}]}}, "/{p+}": {x-amazon-apigateway-any-method: {}}}`), body(`paths: {"/{p+}": {x-amazon-apigateway-any-method: {}}}`), 1, ""},
		"another method":     {body(`paths: {/a: {get: {security: [{a: []}]}}, "/{p+}": {put: {}}}`), body(`paths: {"/{p+}": {put: {}}}`), 0, ""},
		"another path":       {body(`paths: {/a/b: {get: {security: [{a: []}]}}, "/c/{p+}": {get: {}}}`), body(`paths: {"/c/{p+}": {get: {}}}`), 0, ""},
		"a variable":         {body(`paths: {/a/b: {get: {security: [{a: []}]}}, "/{p}/b": {get: {}}}`), body(`paths: {"/{p}/b": {get: {}}}`), 1, ""},
		"too short":          {body(`paths: {/a/b: {get: {security: [{a: []}]}}, "/{p}": {get: {}}}`), body(`paths: {"/{p}": {get: {}}}`), 0, ""},
		"proxy is gone":      {body(`paths: {"/{p+}": {get: {security: [{a: []}]}}, /a: {get: {}}}`), body(`paths: {/a: {get: {}}}`), 0, ""},
		"guarded proxy":      {body(`paths: {/a: {get: {security: [{a: []}]}}, "/{p+}": {get: {security: [{a: []}]}}}`), body(`paths: {"/{p+}": {get: {security: [{a: []}]}}}`), 0, ""},
		"$default":           {routes(all, guarded), routes(all), 1, ""},
		"$default, guarded":  {routes(guarded, guardedAll), routes(guardedAll), 0, ""},
		"path is not known":  {routes(guarded, open), routes(open), 1, ""},
		"new operation":      {body(`paths: {/a: {get: {security: [{a: []}]}}}`), body(`paths: {/a: {get: {security: [{a: []}]}}, /b: {get: {}}}`), 0, "GET/b"},
		"new with a guard":   {body(`paths: {/a: {get: {security: [{a: []}]}}}`), body(`paths: {/a: {get: {security: [{a: []}]}, put: {security: [{a: []}]}}}`), 0, ""},
		"new preflight":      {body(`paths: {/a: {get: {security: [{a: []}]}}}`), body(`paths: {/a: {get: {security: [{a: []}]}, options: {}}}`), 0, ""},
		"new of open ones":   {body(`paths: {/a: {get: {}}}`), body(`paths: {/a: {get: {}}, /b: {get: {}}}`), 0, "GET/b"},
		"new, none guarded":  {body(`components: {securitySchemes: {a: {type: apiKey}}}, paths: {/a: {get: {}}}`), body(`components: {securitySchemes: {a: {type: apiKey}}}, paths: {/a: {get: {}}, /b: {get: {}}}`), 0, "GET/b"},
		"new extension":      {body(`paths: {/a: {get: {security: [{a: []}]}}}`), body(`paths: {/a: {get: {security: [{a: []}]}, x-note: {}}}`), 0, ""},
		"new event":          {routes(guarded), routes(guarded, open), 0, "GET(P)"},
		"new guarded event":  {routes(guarded), routes(guarded, guardedAll), 0, ""},
		"file is new":        {rest(""), rest("BodyS3Location: {Bucket: b, Key: k}"), 1, ""},
		"file is another":    {rest("BodyS3Location: {Bucket: b, Key: k}"), rest("BodyS3Location: {Bucket: b, Key: l}"), 1, ""},
		"file is the same":   {rest("BodyS3Location: {Bucket: b, Key: k}"), rest("BodyS3Location: {Key: k, Bucket: b}"), 0, ""},
		"API with a file":    {`{Resources: {U: {Type: AWS::IAM::User}}}`, rest("BodyS3Location: {Bucket: b, Key: k}"), 0, ""},
		"file, body":         {rest("BodyS3Location: {Bucket: b, Key: k}"), body(`paths: {/: {get: {}}}`), 1, "GET/"},
		"body, file":         {body(`paths: {/: {get: {}}}`), rest("BodyS3Location: {Bucket: b, Key: k}"), 1, ""},
		"renamed":            {named("X", "n", shut), named("Y", "n", wide), 0, "GET/a"},
		"renamed, the same":  {named("X", "n", shut), named("Y", "n", shut), 0, ""},
		"renamed, another":   {named("X", "n", shut), named("Y", "n", `/a: {get: {security: [{b: []}]}}`), 1, ""},
		"both names":         {named("X", "n", shut), named("Y", "m", wide), 0, "GET/a"},
		"both, the same":     {named("X", "n", shut), named("Y", "m", shut), 0, ""},
		"both, and an open":  {named("X", "n", shut+`, /o: {get: {}}`), named("Y", "m", shut+`, /o: {get: {}}`), 0, ""},
		"both, preflight":    {named("X", "n", shut), named("Y", "m", shut+`, /o: {options: {}}`), 0, ""},
		"replaced, guarded":  {named("X", "n", shut), named("Y", "m", `/b: {get: {security: [{b: []}]}}`), 0, ""},
		"none was guarded":   {named("X", "n", wide), named("Y", "m", wide+`, /o: {get: {}}`), 0, "GET/o"},
		"to a file":          {named("X", "n", shut), `{Resources: {Y: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}}}`, 1, ""},
		"an implicit API":    {implicit(iam, "", ""), sam("", "", ""), 0, "GET/"},
		"event of implicit":  {implicit("", ", Auth: {Authorizer: AWS_IAM}", ""), implicit("", "", ""), 0, "GET/"},
		"implicit, NONE":     {implicit(iam, "", ""), implicit(iam, ", Auth: {Authorizer: NONE}", ""), 0, "GET/"},
		"implicit, one more": {implicit(iam, "", ""), implicit(iam, "", ", B: {Type: Api, Properties: {Path: /b, Method: get, Auth: {Authorizer: NONE}}}"), 0, "GET/b"},
		"implicit, another":  {implicit(iam, "", ""), implicit(iam, "", ", B: {Type: Api, Properties: {Path: /b, Method: get}}"), 0, ""},
		"implicit, a key":    {implicit("Auth: {ApiKeyRequired: true}", "", ""), implicit("", "", ""), 1, ""},
		"implicit HTTP":      {implicitHTTP("Auth: {EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM}"), implicitHTTP(""), 0, "GET/"},
		"if in Auth":         {implicit(iam, "", ""), implicit(`Auth: {DefaultAuthorizer: !If [C, AWS_IAM, NONE]}`, "", ""), 0, "GET/"},
		"if in Auth, twice":  {implicit(`Auth: {DefaultAuthorizer: !If [C, AWS_IAM, NONE]}`, "", ""), implicit(`Auth: {DefaultAuthorizer: !If [C, AWS_IAM, NONE]}`, "", ", B: {Type: Api, Properties: {Path: /b, Method: get, Auth: {Authorizer: AWS_IAM}}}"), 0, ""},
		"if around Auth":     {implicit(iam, "", ""), implicit(`Auth: !If [C, {DefaultAuthorizer: AWS_IAM}, !Ref "AWS::NoValue"]`, "", ""), 0, "GET/"},
		"if of an event":     {implicit("", ", Auth: {Authorizer: AWS_IAM}", ""), implicit("", ", Auth: {Authorizer: !If [C, AWS_IAM, NONE]}", ""), 0, "GET/"},
		"if, the same":       {implicit("", ", Auth: {Authorizer: !If [C, AWS_IAM, NONE]}", ""), implicit("", ", Auth: {Authorizer: !If [C, AWS_IAM, NONE]}", ""), 0, ""},
		"if of no guard":     {implicit("", "", ""), implicit("", ", Auth: {Authorizer: !If [C, AWS_IAM, NONE]}", ""), 0, ""},
		"HTTP default":       {http("Auth: {DefaultAuthorizer: J, Authorizers: {J: {IdentitySource: s}}}"), http("Auth: {Authorizers: {J: {IdentitySource: s}}}"), 1, ""},
		"HTTP issuer":        {http("Auth: {Authorizers: {J: {JwtConfiguration: {issuer: a}}}}"), http("Auth: {Authorizers: {J: {JwtConfiguration: {issuer: b}}}}"), 1, ""},
		"HTTP scopes":        {routes(", Path: /a, Method: get, Auth: {Authorizer: J, AuthorizationScopes: [s]}"), routes(guarded), 1, ""},
		"HTTP definition":    {http("DefinitionBody: {openapi: 3.0.1, " + schemes + "paths: {/a: {get: {security: [{a: []}]}}}}"), http("DefinitionBody: {openapi: 3.0.1, paths: {/a: {get: {}}}}"), 0, "GET/a"},
		"HTTP body":          {httpBody(shut), httpBody(wide), 0, "GET/a"},
		"HTTP body, same":    {httpBody(shut), httpBody(shut), 0, ""},
		"text":               {text("", "t", shutText), text("", "t", wideText), 0, "GET/a"},
		"text, the same":     {text("", "t", shutText), text("", "u", shutText), 0, ""},
		"text, a symbol":     {text("!Sub", "${T}", shutText), text("!Sub", "${T}", wideText), 0, "GET/a"},
		"text, same symbol":  {text("!Sub", "${T}", shutText), text("!Sub", "u ${T}", shutText), 0, ""},
		"text with a part":   {text("!Sub", "t", `"/a": ${T}`), text("!Sub", "t", `"/a": ${U}`), 1, ""},
		"text, same part":    {text("!Sub", "t", `"/a": ${T}`), text("!Sub", "u", `"/a": ${T}`), 1, ""}, // it cannot be read
		"text to a map":      {text("", "t", shutText), rest("Body: {openapi: 3.0.1, " + schemes + "paths: {/a: {get: {security: [{a: []}]}}}}"), 0, ""},
		"text to open map":   {text("", "t", shutText), rest("Body: {openapi: 3.0.1, paths: {/a: {get: {}}}}"), 0, "GET/a"},
		"to another type":    {named("X", "n", shut), http("Name: n, DefinitionBody: {paths: {/a: {get: {}}}}"), 0, "GET/a"}, // documented
		"SAM renamed":        {sam("", ", "+iam, ""), strings.NewReplacer("{X: ", "{Y: ", "!Ref X", "!Ref Y").Replace(sam("", "", "")), 0, "GET/"},
		"SAM, guarded":       {sam("", ", "+iam, ""), strings.NewReplacer("{X: ", "{Y: ", "!Ref X", "!Ref Y").Replace(sam("", ", "+iam, "")), 0, ""},
		"implicit, guarded":  {implicit(iam, "", ""), sam(iam, "", ""), 0, ""},
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

// toldAndOpen are the grants that only say that an API changes, and the calls of APIs that
// everyone may make after the change and not before, in all variants.
func toldAndOpen(x *extractors.Extraction) (told []string, open string) {
	was, is := map[string]bool{}, map[string]bool{}
	add := func(to map[string]bool, s *extractors.Side) {
		if s.Document == nil {
			return
		}
		for _, st := range s.Document.Statements {
			for _, r := range st.Resource.List {
				_, call, _ := strings.Cut(r.Text, "/*/")
				to[call] = true
			}
		}
	}
	for _, v := range slices.Concat([]extractors.Variant{{Grants: x.Grants}}, x.Variants) { // what holds under some conditions alone, too
		for _, g := range v.Grants {
			switch {
			case strings.HasSuffix(g.Does, " to everyone") && g.After.Unknown == nil:
				add(was, &g.Before)
				add(is, &g.After)
			case g.After.Unknown != nil && g.Action != extractors.NoOp && !strings.Contains(g.Type, "Lambda"):
				told = append(told, fmt.Sprintf("%s %s: %s", g.Address, g.Attribute, g.After.Unknown.Reason))
			}
		}
	}
	var calls []string
	for c := range is {
		if !was[c] {
			calls = append(calls, c)
		}
	}
	slices.Sort(calls)
	return told, strings.Join(calls, " ")
}

// TestAppSyncGuards: an API of AWS AppSync that loses or changes what keeps callers off
// is told.
func TestAppSyncGuards(t *testing.T) {
	t.Parallel()
	of := func(id, typ, properties string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Parameters: {P: {Type: String}}, Resources: {` + id + `: {Type: "AWS::` + typ + `", Properties: {Name: n, ` + properties + `}}}}`
	}
	api := func(properties string) string { return of("X", "AppSync::GraphQLApi", properties) }
	sam := func(auth string) string {
		return of("X", "Serverless::GraphQLApi", "SchemaInline: s, Logging: false, Auth: {"+auth+"}")
	}
	event := func(config string) string { return of("X", "AppSync::Api", "EventConfig: {"+config+"}") }
	space := func(properties string) string { return of("X", "AppSync::ChannelNamespace", properties) }
	const iam, key, pool = "AuthenticationType: AWS_IAM", "AuthenticationType: API_KEY", "AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: p, DefaultAction: "
	const more = ", AdditionalAuthenticationProviders: [{AuthenticationType: OPENID_CONNECT}"
	for name, one := range map[string]struct {
		before, after string
		want          int
	}{
		"to a key":          {api(iam), api(key), 1},
		"to IAM":            {api(key), api(iam), 1},
		"not known":         {api(iam), api("AuthenticationType: !Ref P"), 1},
		"same parameter":    {api("AuthenticationType: !Ref P"), api("AuthenticationType: !Ref P, XrayEnabled: true"), 0},
		"same":              {api(iam), api(iam + ", XrayEnabled: true"), 0},
		"new":               {`{Resources: {}}`, api(key), 0},
		"another pool":      {api(pool + "DENY}"), api(pool + "ALLOW}"), 1},
		"provider added":    {api(iam), api(iam + more + "]"), 1},
		"one more":          {api(iam + more + "]"), api(iam + more + ", {AuthenticationType: API_KEY}]"), 1},
		"provider gone":     {api(iam + more + ", {AuthenticationType: API_KEY}]"), api(iam + more + "]"), 0},
		"order":             {api(iam + more + ", {AuthenticationType: API_KEY}]"), api(iam + ", AdditionalAuthenticationProviders: [{AuthenticationType: API_KEY}, {AuthenticationType: OPENID_CONNECT}]"), 0},
		"providers unknown": {api(iam), api(iam + ", AdditionalAuthenticationProviders: !Ref P"), 1},
		"from private":      {api(iam + ", Visibility: PRIVATE"), api(iam + ", Visibility: GLOBAL"), 1},
		"to private":        {api(iam), api(iam + ", Visibility: PRIVATE"), 0},
		"renamed":           {api(iam), of("Y", "AppSync::GraphQLApi", key), 1},
		"renamed, the same": {api(iam + more + "]"), of("Y", "AppSync::GraphQLApi", iam+more+"]"), 0},
		"SAM":               {sam("Type: AWS_IAM"), sam("Type: API_KEY"), 1},
		"SAM, the same":     {sam("Type: AWS_IAM, Additional: [{Type: API_KEY}]"), sam("Type: AWS_IAM, Additional: [{Type: API_KEY}]"), 0},
		"SAM, one more":     {sam("Type: AWS_IAM"), sam("Type: AWS_IAM, Additional: [{Type: API_KEY}]"), 1},
		"SAM pool":          {sam("Type: AMAZON_COGNITO_USER_POOLS, UserPool: {UserPoolId: p}"), sam("Type: AMAZON_COGNITO_USER_POOLS, UserPool: {UserPoolId: q}"), 1},
		"SAM, not known":    {sam("Type: AWS_IAM"), sam("Fn::If: [C, {Type: AWS_IAM}, {Type: API_KEY}]"), 1},
		"event mode":        {event("DefaultPublishAuthModes: [{AuthType: AWS_IAM}]"), event("DefaultPublishAuthModes: [{AuthType: API_KEY}]"), 1},
		"event provider":    {event("AuthProviders: [{AuthType: AWS_IAM}]"), event("AuthProviders: [{AuthType: AWS_IAM}, {AuthType: API_KEY}]"), 1},
		"event log":         {event("AuthProviders: [{AuthType: AWS_IAM}]"), event("AuthProviders: [{AuthType: AWS_IAM}], LogConfig: {LogLevel: ALL}"), 0},
		"namespace mode":    {space("ApiId: a"), space("ApiId: a, PublishAuthModes: [{AuthType: API_KEY}]"), 1},
		"namespace":         {space("ApiId: a, PublishAuthModes: [{AuthType: API_KEY}]"), space("ApiId: a, PublishAuthModes: [{AuthType: API_KEY}], CodeHandlers: c"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, one.after, []byte(one.before), cloudformation.Options{})
			var got []string
			for _, typ := range []string{"GraphQLApi", "Api", "ChannelNamespace"} {
				got = append(got, sides(&x, "AWS::AppSync::"+typ)...)
			}
			if len(got) != one.want {
				t.Errorf("got %q, want %d; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}

// TestBodyPolicy: the policy in an interface description is compared, also where the
// description is a text with symbols in it.
func TestBodyPolicy(t *testing.T) {
	t.Parallel()
	text := func(call, title, more string) string {
		return `{Parameters: {T: {Type: String}, P: {Type: String}}, Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {Body: ` + call +
			` '{"openapi": "3.0.1", "info": {"title": "` + title + `"}, ` + more + ` "paths": {}}'}}}}`
	}
	policy := func(principal string) string {
		return `"x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "` + principal + `", "Action": "execute-api:Invoke", "Resource": "*"}]},`
	}
	const known = "X resource update: document, document"
	for name, one := range map[string]struct {
		before, after string
		want          []string
	}{
		"text":             {text("", "t", policy("111122223333")), text("", "t", policy("*")), []string{known}},
		"symbol beside":    {text("!Sub", "${T}", policy("111122223333")), text("!Sub", "${T}", policy("*")), []string{known}},
		"symbol is new":    {text("!Sub", "t", policy("111122223333")), text("!Sub", "${T}", policy("*")), []string{known}},
		"dynamic":          {text("", "{{resolve:ssm:/x}}", policy("111122223333")), text("", "{{resolve:ssm:/x}}", policy("*")), []string{known}},
		"policy is gone":   {text("!Sub", "${T}", policy("111122223333")), text("!Sub", "${T}", ""), []string{"X resource update: document, absent"}},
		"no policy":        {text("!Sub", "${T}", ""), text("!Sub", "${T} t", ""), []string{}},
		"fields, the same": {text("!Sub", "t", "${P}"), text("!Sub", "t", "${P}"), []string{"X resource no-op: unknown, unknown"}},
		"fields are new":   {text("!Sub", "t", ""), text("!Sub", "t", "${P}"), []string{"X resource update: absent, unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, one.after, []byte(one.before), cloudformation.Options{})
			got := sides(&x, "AWS::ApiGateway::RestApi")
			if !slices.Equal(got, one.want) {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}
