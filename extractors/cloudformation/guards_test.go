package cloudformation_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestGuards: an API that loses what keeps callers off is told.
func TestGuards(t *testing.T) {
	t.Parallel()
	sam := func(globals, api, event string) string {
		return `{Transform: AWS::Serverless-2016-10-31, Globals: {Api: {` + globals + `}}, Resources: {X: {Type: AWS::Serverless::Api, Properties: {StageName: p` + api +
			`}}, F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref X` + event + `}}}}}}}`
	}
	body := func(b string) string {
		return `{Resources: {X: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {` + b + `}}}}}`
	}
	const iam = `Auth: {DefaultAuthorizer: AWS_IAM}`
	for name, one := range map[string]struct {
		before, after string
		want          int
	}{
		"auth dropped":      {sam("", ", "+iam, ""), sam("", "", ""), 1},
		"globals dropped":   {sam(iam, "", ""), sam("", "", ""), 1},
		"event none":        {sam("", ", "+iam, ""), sam("", ", "+iam, ", Auth: {Authorizer: NONE}"), 1},
		"preflight":         {sam("", ", "+iam, ""), sam("", ", Auth: {DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: false}", ""), 1},
		"auth added":        {sam("", "", ""), sam("", ", "+iam, ""), 0},
		"same":              {sam(iam, "", ""), sam("", ", "+iam, ""), 0},
		"body":              {body(`paths: {/: {get: {security: [{a: []}]}}}`), body(`paths: {/: {get: {}}}`), 1},
		"body global":       {body(`security: [{a: []}], paths: {/: {get: {}}}`), body(`paths: {/: {get: {}}}`), 1},
		"body otherwise":    {body(`security: [{a: []}], paths: {/: {get: {}}}`), body(`security: [{a: []}], info: {title: t}, paths: {/: {get: {summary: s}}}`), 0},
		"operation is gone": {body(`paths: {/: {get: {security: [{a: []}]}, put: {security: [{a: []}]}}}`), body(`paths: {/: {get: {security: [{a: []}]}}}`), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, one.after, []byte(one.before), cloudformation.Options{})
			if got := sides(&x, "AWS::ApiGateway::RestApi"); len(got) != one.want {
				t.Errorf("got %q, want %d; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}
