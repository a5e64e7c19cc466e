package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPermissions covers permissions of functions, layers and buses.
func TestPermissions(t *testing.T) {
	t.Parallel()
	const action = "lambda:InvokeFunction"
	tests := []struct {
		name   string
		change m
		refs   map[string][]string
		want   string
	}{
		{"service with source", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::b", "source_account": "111122223333", "qualifier": "", "statement_id": nil}), nil,
			"absent > Allow Service=s3.amazonaws.com lambda:InvokeFunction arn:aws:lambda:*:*:function:f ArnLike aws:SourceArn=arn:aws:s3:::b StringEquals aws:SourceAccount=111122223333"},
		{"service in China", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "s3.amazonaws.com.cn"}), nil,
			"absent > Allow Service=s3.amazonaws.com.cn lambda:InvokeFunction arn:aws:lambda:*:*:function:f"},
		{"account and qualifier", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "111122223333", "qualifier": "live"}), nil,
			"absent > Allow AWS=111122223333 lambda:InvokeFunction arn:aws:lambda:*:*:function:f:live"},
		{"role and function ARN", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "arn:aws:lambda:eu-west-1:111122223333:function:f", "principal": "arn:aws:iam::111122223333:role/apigateway.amazonaws.com"}), nil,
			"absent > Allow AWS=arn:aws:iam::111122223333:role/apigateway.amazonaws.com lambda:InvokeFunction arn:aws:lambda:eu-west-1:111122223333:function:f"},
		{"partial ARN", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "111122223333:function:f", "principal": "*"}), nil,
			"absent > Allow *=* lambda:InvokeFunction arn:aws:lambda:*:111122223333:function:f"},
		{"function URL", rc("aws_lambda_permission.p", "create", nil, m{"action": "lambda:InvokeFunctionUrl", "function_name": "f", "principal": "*", "function_url_auth_type": "NONE"}), nil,
			"absent > Allow *=* lambda:InvokeFunctionUrl arn:aws:lambda:*:*:function:f StringEquals lambda:FunctionUrlAuthType=NONE"},
		{"organization and token", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "*", "principal_org_id": "o-1", "event_source_token": "t"}), nil,
			"absent > Allow *=* lambda:InvokeFunction arn:aws:lambda:*:*:function:f StringEquals aws:PrincipalOrgID=o-1 StringEquals lambda:EventSourceToken=t"},
		{"condition taken away", rc("aws_lambda_permission.p", "delete,create", m{"action": action, "function_name": "f", "principal": "*", "principal_org_id": "o-1"}, m{"action": action, "function_name": "f", "principal": "*"}), nil,
			"Allow *=* lambda:InvokeFunction arn:aws:lambda:*:*:function:f StringEquals aws:PrincipalOrgID=o-1 > Allow *=* lambda:InvokeFunction arn:aws:lambda:*:*:function:f"},
		{"unknown source becomes a symbol", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "s3.amazonaws.com"}, m{"after_unknown": m{"source_arn": true, "id": true}}),
			map[string][]string{"source_arn": {"aws_s3_bucket.b[*].arn", "aws_s3_bucket.b"}},
			"absent > Allow Service=s3.amazonaws.com lambda:InvokeFunction arn:aws:lambda:*:*:function:f ArnLike aws:SourceArn=arn:unknown:unknown:::aws_s3_bucket.b[%2A].arn"},
		{"symbols tell module instances apart", rc(`module.m["a"].aws_lambda_permission.p`, "create", nil, m{"action": action, "function_name": "f", "principal": "s3.amazonaws.com"}, m{"after_unknown": m{"source_account": true}}), nil,
			`absent > Allow Service=s3.amazonaws.com lambda:InvokeFunction arn:aws:lambda:*:*:function:f StringEquals aws:SourceAccount=unknown:module.m["a"].aws_lambda_permission.p.source_account`},
		{"unknown function", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "principal": "*"}, m{"after_unknown": m{"function_name": true}}),
			map[string][]string{"function_name": {"aws_lambda_function.f.function_name", "aws_lambda_function.f"}},
			"absent > Allow *=* lambda:InvokeFunction arn:aws:lambda:*:*:function:unknown:aws_lambda_function.f.function_name"},
		{"unknown principal", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f"}, m{"after_unknown": m{"principal": true}}),
			map[string][]string{"principal": {"aws_iam_role.r.arn", "aws_iam_role.r"}},
			"absent > Allow AWS=unknown:aws_iam_role.r.arn lambda:InvokeFunction arn:aws:lambda:*:*:function:f"},
		{"unknown kind of condition", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": "*"}, m{"after_unknown": m{"function_url_auth_type": true}}),
			map[string][]string{"function_url_auth_type": {"var.auth"}}, "absent > unknown var.auth"},
		{"no principal", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f"}), nil, "absent > unreadable"},
		{"list as field", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": "f", "principal": []string{"*"}}), nil, "absent > unreadable"},
		{"quotes in fields", rc("aws_lambda_permission.p", "create", nil, m{"action": action, "function_name": `f"}],"x":[{"`, "principal": "*"}), nil,
			`absent > Allow *=* lambda:InvokeFunction arn:aws:lambda:*:*:function:f"}],"x":[{"`},

		{"layer version", rc("aws_lambda_layer_version_permission.p", "delete,create", m{"action": "lambda:GetLayerVersion", "layer_name": "l", "version_number": 3, "principal": "*", "organization_id": "o-1"}, m{"action": "lambda:GetLayerVersion", "layer_name": "l", "version_number": 3, "principal": "*", "organization_id": ""}), nil,
			"Allow *=* lambda:GetLayerVersion arn:aws:lambda:*:*:layer:l:3 StringEquals aws:PrincipalOrgID=o-1 > Allow *=* lambda:GetLayerVersion arn:aws:lambda:*:*:layer:l:3"},

		{"event bus", rc("aws_cloudwatch_event_permission.p", "create", nil, m{"principal": "*", "statement_id": "S", "condition": []m{{"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-1"}}}), nil, "absent > S"},
		{"event bus defaults", rc("aws_cloudwatch_event_permission.p", "create", nil, m{"principal": "111122223333", "condition": []m{}}), nil,
			"absent > Allow AWS=111122223333 events:PutEvents arn:aws:events:*:*:event-bus/default"},
		{"event bus condition", rc("aws_cloudwatch_event_permission.p", "create", nil, m{"principal": "*", "event_bus_name": "b", "action": "events:PutRule", "condition": []m{{"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-1"}}}), nil,
			"absent > Allow *=* events:PutRule arn:aws:events:*:*:event-bus/b StringEquals aws:PrincipalOrgID=o-1"},
		{"event bus condition not known", rc("aws_cloudwatch_event_permission.p", "create", nil, m{"principal": "*", "condition": []m{{"type": "StringEquals", "key": "aws:PrincipalOrgID"}}}, m{"after_unknown": m{"condition": []m{{"value": true}}}}), nil,
			"absent > unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var resources []m
			if tt.refs != nil {
				resources = []m{conf(tt.change["type"].(string)+".p", tt.refs)}
			}
			grants := clean(t, plan([]m{tt.change}, resources))
			if len(grants) != 1 {
				t.Fatalf("%d grants, want one", len(grants))
			}
			if diff := cmp.Diff(tt.want, show(grants[0].Before)+" > "+show(grants[0].After)); diff != "" {
				t.Errorf("sides (-want +got):\n%s", diff)
			}
		})
	}
}
