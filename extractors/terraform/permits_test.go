package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// sides writes both sides of the grants of a plan, with a bar between statements.
func sides(grants []extractors.Grant) []string {
	var out []string
	for _, g := range grants {
		out = append(out, statements(g.Before)+" > "+statements(g.After))
	}
	return out
}

func statements(s extractors.Side) string {
	if s.Document == nil || s.Diagnostics.HasErrors() {
		return show(s)
	}
	var list []string
	for _, st := range s.Document.Statements {
		list = append(list, showStatement(st))
	}
	return strings.Join(list, " | ")
}

// TestPermits covers the language of the forms: lists, blocks, conditions, tests and
// principals, on both sides.
func TestPermits(t *testing.T) {
	t.Parallel()
	const launch = "ec2:RunInstances *"
	kms := func(more m) m {
		side := m{"key_id": "k", "grantee_principal": "arn:aws:iam::111122223333:role/r", "operations": []string{"Decrypt", "DescribeKey"}}
		for k, v := range more {
			side[k] = v
		}
		return side
	}
	tests := []struct {
		name   string
		change m
		refs   map[string][]string
		want   []string
	}{
		{"grant of a key", rc("aws_kms_grant.p", "create", nil, kms(nil)), nil,
			[]string{"absent > Allow AWS=arn:aws:iam::111122223333:role/r kms:Decrypt * | Allow AWS=arn:aws:iam::111122223333:role/r kms:DescribeKey *"}},
		{"grant under constraints", rc("aws_kms_grant.p", "delete,create", kms(m{"constraints": []m{{"encryption_context_equals": m{"a": "1"}}}}), kms(m{"operations": []string{"Decrypt"}, "constraints": []m{{"encryption_context_subset": m{"a": "1"}}}})), nil,
			[]string{"Allow AWS=arn:aws:iam::111122223333:role/r kms:Decrypt * StringEquals kms:EncryptionContext:a=1 ForAllValues:StringEquals kms:EncryptionContextKeys=a | Allow AWS=arn:aws:iam::111122223333:role/r kms:DescribeKey * > " +
				"Allow AWS=arn:aws:iam::111122223333:role/r kms:Decrypt * StringEquals kms:EncryptionContext:a=1"}},
		{"grant with constraints in several blocks", rc("aws_kms_grant.p", "delete,create", kms(m{"constraints": []m{{"encryption_context_subset": m{"a": "1"}}}}), kms(m{"constraints": []m{{"encryption_context_subset": m{"a": "1"}}, {"encryption_context_equals": m{"b": "2"}}}})), nil,
			[]string{"Allow AWS=arn:aws:iam::111122223333:role/r kms:Decrypt * StringEquals kms:EncryptionContext:a=1 | Allow AWS=arn:aws:iam::111122223333:role/r kms:DescribeKey * > unknown"}},
		{"grant to a role that is not known", rc("aws_kms_grant.p", "create", nil, m{"key_id": "k", "operations": []string{"Decrypt"}}, m{"after_unknown": m{"grantee_principal": true}}), map[string][]string{"grantee_principal": {"aws_iam_role.r.arn", "aws_iam_role.r"}},
			[]string{"absent > Allow AWS=unknown:aws_iam_role.r.arn kms:Decrypt *"}},
		{"operations that are not known", rc("aws_kms_grant.p", "create", nil, m{"key_id": "k", "grantee_principal": "111122223333"}, m{"after_unknown": m{"operations": true}}), map[string][]string{"operations": {"var.operations"}},
			[]string{"absent > unknown var.operations"}},
		{"constraint that is not known", rc("aws_kms_grant.p", "create", nil, kms(m{"operations": []string{"Decrypt"}, "constraints": []m{{"encryption_context_subset": m{"a": nil}}}}), m{"after_unknown": m{"constraints": []m{{"encryption_context_subset": m{"b": true}}}}}), map[string][]string{"constraints": {"var.b"}},
			[]string{"absent > Allow AWS=arn:aws:iam::111122223333:role/r kms:Decrypt * StringEquals kms:EncryptionContext:b=unknown:var.b at constraints[0].encryption_context_subset.b"}},
		{"snapshot", rc("aws_db_snapshot.p", "update", m{"shared_accounts": []string{"111122223333"}}, m{"shared_accounts": []string{"111122223333", "all"}}), nil,
			[]string{"Allow AWS=111122223333 rds:CopyDBSnapshot rds:RestoreDBInstanceFromDBSnapshot * > Allow *=* rds:CopyDBSnapshot rds:RestoreDBInstanceFromDBSnapshot *"}},
		{"snapshot that is not shared", rc("aws_db_snapshot.p", "create", nil, m{"shared_accounts": []string{}}), nil, nil},
		{"snapshot with an account that is not known", rc("aws_db_snapshot.p", "create", nil, m{"shared_accounts": []any{nil, "111122223333"}}, m{"after_unknown": m{"shared_accounts": []bool{true, false}}}), map[string][]string{"shared_accounts": {"var.a", "var.b"}},
			[]string{"absent > Allow AWS=unknown:var.a,var.b at shared_accounts[0] AWS=111122223333 rds:CopyDBSnapshot rds:RestoreDBInstanceFromDBSnapshot *"}},
		{"snapshot with accounts that are not known", rc("aws_db_snapshot.p", "create", nil, m{}, m{"after_unknown": m{"shared_accounts": true}}), map[string][]string{"shared_accounts": {"var.a"}}, []string{"absent > unknown var.a"}},
		{"image for an organization and a unit of another", rc("aws_ami_launch_permission.p", "create", nil, m{"image_id": "ami-1", "organization_arn": "arn:aws:organizations::111122223333:organization/o-abc", "organizational_unit_arn": "arn:aws:organizations::111122223333:ou/o-def/ou-ab12-cd34"}), nil,
			[]string{"absent > Allow *=* " + launch + " StringEquals aws:PrincipalOrgID=o-abc | Allow *=* " + launch + " ForAnyValue:StringLike aws:PrincipalOrgPaths=o-def/*/ou-ab12-cd34/*"}},
		{"image for everyone", rc("aws_ami_launch_permission.p", "delete", m{"image_id": "ami-1", "group": "all"}, nil), nil, []string{"Allow *=* " + launch + " > absent"}},
		{"another user of a cluster", rc("aws_eks_access_entry.p", "update", m{"cluster_name": "c", "principal_arn": "arn:aws:iam::111122223333:role/r", "user_name": "a"},
			m{"cluster_name": "c", "principal_arn": "arn:aws:iam::111122223333:role/r", "user_name": "b"}), nil, []string{"unknown > unknown", "Allow AWS=arn:aws:iam::111122223333:role/r eks:AccessKubernetesApi arn:aws:eks:*:*:cluster/c > Allow AWS=arn:aws:iam::111122223333:role/r eks:AccessKubernetesApi arn:aws:eks:*:*:cluster/c"}},
		{"share with an account", rc("aws_ram_principal_association.p", "create", nil, m{"resource_share_arn": "arn:aws:ram:eu-west-1:111122223333:resource-share/s", "principal": "444455556666"}), nil,
			[]string{"absent > Allow AWS=444455556666 ram:AssociateResourceShare ram:GetResourceShareAssociations *"}},
		{"share with an organization in place of an account", rc("aws_ram_resource_share_associations_exclusive.p", "update", m{"resource_share_arn": "s", "principals": []string{"444455556666"}},
			m{"resource_share_arn": "s", "principals": []string{"arn:aws:organizations::111122223333:organization/o-abc"}}), nil,
			[]string{"Allow AWS=444455556666 ram:AssociateResourceShare ram:GetResourceShareAssociations * > Allow *=* ram:AssociateResourceShare ram:GetResourceShareAssociations * StringEquals aws:PrincipalOrgID=o-abc"}},
		{"images of a pipeline", rc("aws_imagebuilder_distribution_configuration.p", "create", nil, m{"name": "n", "distribution": []m{{"ami_distribution_configuration": []m{{"launch_permission": []m{{"user_ids": []string{"111122223333"}, "user_groups": []string{"all"}}}}}}}}), nil,
			[]string{"absent > Allow *=* " + launch}},
		{"function URL", rc("aws_lambda_function_url.p", "update", m{"function_name": "f", "authorization_type": "AWS_IAM"}, m{"function_name": "f", "authorization_type": "NONE", "qualifier": "live"}), nil,
			[]string{"absent > Allow *=* lambda:InvokeFunctionUrl arn:aws:lambda:*:*:function:f:live StringEquals lambda:FunctionUrlAuthType=NONE"}},
		{"function URL whose setting is not known", rc("aws_lambda_function_url.p", "create", nil, m{"function_name": "f"}, m{"after_unknown": m{"authorization_type": true}}), map[string][]string{"authorization_type": {"var.auth"}}, []string{"absent > unknown var.auth"}},
		{"operations of a description", rc("aws_api_gateway_rest_api.p", "update",
			m{"id": "a", "body": `{"paths": {"/x": {"get": {"security": [{"s": []}]}}}, "securityDefinitions": {"s": {"x-amazon-apigateway-authorizer": {"type": "token"}}}}`},
			m{"id": "a", "body": `{"paths": {"/x": {"get": {"security": [{"s": []}]}, "options": {}, "post": {}}, "/y": {"x-amazon-apigateway-any-method": {"security": [{"k": []}]}, "put": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}}}, "security": [{"s": []}], "securityDefinitions": {"k": {"type": "apiKey"}, "s": {"x-amazon-apigateway-authorizer": {"type": "token"}}}}`}), nil,
			[]string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/POST/x | Allow *=* execute-api:Invoke " +
				"arn:aws:execute-api:*:*:a/*/DELETE/y arn:aws:execute-api:*:*:a/*/GET/y arn:aws:execute-api:*:*:a/*/HEAD/y arn:aws:execute-api:*:*:a/*/OPTIONS/y arn:aws:execute-api:*:*:a/*/PATCH/y arn:aws:execute-api:*:*:a/*/POST/y"}},
		{"operations of an HTTP API in YAML", rc("aws_apigatewayv2_api.p", "create", nil,
			m{"id": "a", "body": "security:\n  - s: []\npaths:\n  /x:\n    get: {}\n    post: {security: []}\n    put: {security: [{s: []}, {}]}\ncomponents: {securitySchemes: {s: {x-amazon-apigateway-authtype: awsSigv4}}}\n"}), nil,
			[]string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/POST/x | Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/PUT/x"}},
		{"a description that is not known", rc("aws_apigatewayv2_api.p", "create", nil, m{"name": "n"}, m{"after_unknown": m{"body": true, "id": true}}), map[string][]string{"body": {"local.api"}}, []string{"absent > unknown local.api"}},
		{"a description that is none", rc("aws_apigatewayv2_api.p", "create", nil, m{"id": "a", "body": "[1"}), nil, []string{"absent > unknown"}},
		{"a description with a policy", rc("aws_api_gateway_rest_api.p", "create", nil, m{"id": "a", "body": `{"paths": {"/x": {"get": {}}}, "x-amazon-apigateway-policy": {}}`}), nil, []string{"absent > unknown"}},
		{"a description with a policy, unchanged", rc("aws_api_gateway_rest_api.p", "update", m{"id": "a", "body": `{"x-amazon-apigateway-policy": {}}`},
			m{"id": "a", "description": "d", "body": `{"x-amazon-apigateway-policy": {}}`}), nil, nil},
		{"a description with another policy", rc("aws_api_gateway_rest_api.p", "update", m{"id": "a", "body": `{"x-amazon-apigateway-policy": {}}`},
			m{"id": "a", "body": `{"x-amazon-apigateway-policy": {"Statement": []}}`}), nil, []string{"absent > unknown"}},
		{"operations beside keys that are no texts", rc("aws_apigatewayv2_api.p", "create", nil, m{"id": "a", "body": "paths:\n  1: {}\n  /x:\n    2: {}\n    get:\n"}), nil,
			[]string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/GET/x"}},
		{"operations elsewhere", rc("aws_apigatewayv2_api.p", "create", nil, m{"id": "a", "body": `{"paths": {"/a": {"get": {}}, "/x": {"$ref": "#/x"}}}`}), nil, []string{"absent > unknown"}},
		{"an administrator that was invited", rc("aws_guardduty_invite_accepter.p", "create", nil, m{"master_account_id": "444455556666", "detector_id": "d"}), nil,
			[]string{"absent > Allow AWS=444455556666 guardduty:* *"}},
		{"a bucket for the response team", rc("aws_shield_drt_access_log_bucket_association.p", "create", nil, m{"log_bucket": "b"}), nil,
			[]string{"absent > Allow Service=drt.shield.amazonaws.com s3:GetBucketLocation s3:ListBucket s3:GetObject arn:aws:s3:::b arn:aws:s3:::b/*"}},
		{"a domain name for another account", rc("aws_api_gateway_domain_name_share.p", "update", m{"domain_name_id": "d", "allowed_accounts": []string{}}, m{"domain_name_id": "d", "allowed_accounts": []string{"444455556666"}}), nil,
			[]string{"absent > Allow AWS=444455556666 apigateway:CreateAccessAssociation *"}},
		{"a quick route", rc("aws_apigatewayv2_api.p", "create", nil, m{"id": "a", "target": "arn:aws:lambda:eu-west-1:111122223333:function:f"}), nil,
			[]string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/%24default"}},
		{"a quick route with a key", rc("aws_apigatewayv2_api.p", "create", nil, m{"id": "a", "target": "https://example.com", "route_key": "GET /x"}), nil,
			[]string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/GET/x"}},
		{"route without an authorizer", rc("aws_apigatewayv2_route.p", "create", nil, m{"api_id": "a", "route_key": "ANY /x"}), nil, []string{"absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/DELETE/x arn:aws:execute-api:*:*:a/*/GET/x arn:aws:execute-api:*:*:a/*/HEAD/x arn:aws:execute-api:*:*:a/*/OPTIONS/x arn:aws:execute-api:*:*:a/*/PATCH/x arn:aws:execute-api:*:*:a/*/POST/x arn:aws:execute-api:*:*:a/*/PUT/x"}},
		{"route of a connection that is open", rc("aws_apigatewayv2_route.p", "create", nil, m{"api_id": "a", "route_key": "$disconnect", "authorization_type": "NONE"}), nil, nil},
		{"route with an authorizer", rc("aws_apigatewayv2_route.p", "create", nil, m{"api_id": "a", "route_key": "GET /x", "authorization_type": "JWT"}), nil, nil},
		{"document", rc("aws_ssm_document.p", "create", nil, m{"name": "d", "permissions": m{"type": "Share", "account_ids": "111122223333, 444455556666"}}), nil,
			[]string{"absent > Allow AWS=111122223333 AWS=444455556666 ssm:DescribeDocument ssm:GetDocument ssm:SendCommand *"}},
		{"document for all", rc("aws_ssm_document.p", "create", nil, m{"name": "d", "permissions": m{"type": "Share", "account_ids": "All"}}), nil,
			[]string{"absent > Allow *=* ssm:DescribeDocument ssm:GetDocument ssm:SendCommand *"}},
		{"administrator of a service", rc("aws_organizations_delegated_administrator.p", "create", nil, m{"account_id": "111122223333", "service_principal": "config-multiaccountsetup.amazonaws.com"}), nil,
			[]string{"absent > Allow AWS=111122223333 config:* *"}},
		{"registry of its own account", rc("aws_ecr_replication_configuration.p", "create", nil, m{"registry_id": "111122223333", "arn": "arn:aws:ecr:eu-west-1:111122223333:x", "replication_configuration": []m{{"rule": []m{{"destination": []m{{"registry_id": "111122223333"}}}}}}}), nil, nil},
		{"registry of another account", rc("aws_ecr_replication_configuration.p", "create", nil, m{"replication_configuration": []m{{"rule": []m{{"destination": []m{{"registry_id": "444455556666"}}}}}}}), nil,
			[]string{"absent > Allow AWS=444455556666 ecr:BatchGetImage ecr:GetDownloadUrlForLayer arn:aws:ecr:*:*:repository/*"}},
		{"access grant", rc("aws_s3control_access_grant.p", "create", nil, m{"access_grants_location_id": "l", "grant_scope": "s3://b/x*", "permission": "READ", "grantee": []m{{"grantee_type": "DIRECTORY_GROUP", "grantee_identifier": "g-1"}}}), nil,
			[]string{"absent > Allow AWS=arn:aws:identitystore:::group/g-1 s3:GetObject s3:GetObjectVersion s3:GetObjectAcl s3:GetObjectVersionAcl s3:ListMultipartUploadParts s3:ListBucket arn:aws:s3:::b/x*"}},
		{"data lake", rc("aws_lakeformation_permissions.p", "create", nil, m{"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": []string{"DESCRIBE"}, "permissions_with_grant_option": []string{}, "database": []m{{"name": "d"}}}), nil,
			[]string{"absent > Allow AWS=arn:unknown:iam::unknown:account of aws_lakeformation_permissions.p glue:GetDatabase glue:GetTable lakeformation:GetLFTag arn:aws:glue:*:*:database/d"}},
		{"data lake with the right to pass it on", rc("aws_lakeformation_permissions.p", "create", nil, m{"principal": "111122223333", "permissions": []string{"DROP"}, "permissions_with_grant_option": []string{"DROP"}, "table": []m{{"database_name": "d", "name": "t"}}}), nil,
			[]string{"absent > Allow AWS=111122223333 glue:DeleteDatabase glue:DeleteTable lakeformation:DeleteLFTag arn:aws:glue:*:*:table/d/t | Allow AWS=111122223333 lakeformation:GrantPermissions arn:aws:lakeformation:*:*:grantable/DROP"}},
		{"lists that nothing sets", rc("aws_lakeformation_permissions.p", "create", nil, m{"principal": "111122223333", "permissions": []string{"CREATE_DATABASE"}, "catalog_resource": true}, m{"after_unknown": m{"permissions_with_grant_option": true}}), map[string][]string{"principal": nil, "permissions": nil},
			[]string{"absent > Allow AWS=111122223333 glue:CreateDatabase arn:aws:glue:*:*:catalog"}},
		{"pattern of principals", rc("aws_servicecatalog_principal_portfolio_association.p", "create", nil, m{"portfolio_id": "p", "principal_arn": "arn:aws:iam:::role/dev*", "principal_type": "IAM_PATTERN"}), nil,
			[]string{"absent > Allow *=* servicecatalog:DescribeProduct servicecatalog:ProvisionProduct * ArnLike aws:PrincipalArn=arn:aws:iam::*:role/dev* StringEquals aws:PrincipalAccount=unknown:account of aws_servicecatalog_principal_portfolio_association.p"}},
		{"guests", rc("aws_cognito_identity_pool.p", "update", m{"id": "i", "allow_unauthenticated_identities": true}, m{"id": "i", "allow_unauthenticated_identities": false}), nil,
			[]string{"Allow *=* cognito-identity:GetId cognito-identity:GetOpenIdToken cognito-identity:GetCredentialsForIdentity * > absent"}},
		{"analysis", rc("aws_quicksight_dashboard.p", "create", nil, m{"name": "d", "permissions": []m{{"principal": "arn:aws:quicksight:eu-west-1:111122223333:user/default/u", "actions": []string{"quicksight:DescribeDashboard"}}}}), nil,
			[]string{"absent > Allow AWS=arn:aws:quicksight:eu-west-1:111122223333:user/default/u quicksight:DescribeDashboard *"}},
		{"analysis with a principal that is not known", rc("aws_quicksight_dashboard.p", "create", nil, m{"name": "d", "permissions": []m{{"actions": []string{"quicksight:DescribeDashboard"}}}}, m{"after_unknown": m{"permissions": []m{{"principal": true}}}}), map[string][]string{"permissions": {"aws_quicksight_user.u.arn"}},
			[]string{"absent > Allow AWS=unknown:aws_quicksight_user.u.arn at permissions[0].principal quicksight:DescribeDashboard *"}},
		{"blocks that are not known", rc("aws_quicksight_dashboard.p", "create", nil, m{"name": "d"}, m{"after_unknown": m{"permissions": true}}), map[string][]string{"permissions": {"var.p"}}, []string{"absent > unknown var.p"}},
		{"role of a service", rc("aws_iam_service_linked_role.p", "create", nil, m{"aws_service_name": "es.amazonaws.com"}), nil, []string{"absent > Allow Service=es.amazonaws.com sts:AssumeRole"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var resources []m
			if tt.refs != nil {
				resources = []m{conf(tt.change["type"].(string)+".p", tt.refs)}
			}
			if diff := cmp.Diff(tt.want, sides(clean(t, plan([]m{tt.change}, resources)))); diff != "" {
				t.Errorf("sides (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPermitSymbols makes sure that every text which stands for an unknown value is
// listed, with the reference it comes from.
func TestPermitSymbols(t *testing.T) {
	t.Parallel()
	grants := clean(t, plan([]m{rc("aws_lambda_permission.p", "create", nil, m{"action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com"}, m{"after_unknown": m{"source_arn": true, "function_name": true}})},
		[]m{conf("aws_lambda_permission.p", map[string][]string{"source_arn": {"aws_s3_bucket.b[*].arn"}, "function_name": {"aws_lambda_function.f.arn"}})}))
	want := []extractors.Symbol{
		{Text: "arn:unknown:unknown:::aws_s3_bucket.b[%2A].arn", Reference: "aws_s3_bucket.b[*].arn"},
		{Text: "unknown:aws_lambda_function.f.arn", Reference: "aws_lambda_function.f.arn"},
	}
	if len(grants) != 1 {
		t.Fatalf("grants %q, want one", lines(grants))
	}
	if diff := cmp.Diff(want, grants[0].After.Symbols); diff != "" {
		t.Errorf("symbols (-want +got):\n%s", diff)
	}
	if grants[0].Does != "lets a principal call a function" {
		t.Errorf("does %q", grants[0].Does)
	}
}

// TestPermitReplaced covers names that are only known again because their resource is
// made anew.
func TestPermitReplaced(t *testing.T) {
	t.Parallel()
	role := func(arn any) m { return m{"name": "r", "arn": arn, "assume_role_policy": ec2Trust} }
	const arn = "arn:aws:iam::111122223333:role/r"
	grant := m{"key_id": "k", "operations": []string{"Decrypt"}, "grantee_principal": arn}
	got := sides(clean(t, plan([]m{
		rc("aws_iam_role.r", "delete,create", role(arn), m{"name": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"arn": true}}),
		rc("aws_kms_grant.p", "delete,create", grant, m{"key_id": "k", "operations": []string{"Decrypt"}}, m{"after_unknown": m{"grantee_principal": true}}),
	}, []m{conf("aws_kms_grant.p", map[string][]string{"grantee_principal": {"aws_iam_role.r.arn", "aws_iam_role.r"}})})))
	want := "Allow AWS=" + arn + " kms:Decrypt *"
	if len(got) != 2 || got[1] != want+" > "+want {
		t.Errorf("got %q, want the same grant on both sides", got)
	}
}

// TestPermitMoved covers a grant that leaves one key for another.
func TestPermitMoved(t *testing.T) {
	t.Parallel()
	grant := func(key string) m {
		return m{"key_id": key, "operations": []string{"Decrypt"}, "grantee_principal": "111122223333"}
	}
	got := lines(clean(t, plan([]m{rc("aws_kms_grant.p", "delete,create", grant("a"), grant("b"))}, nil)))
	want := []string{
		"aws_kms_grant.p | grantee_principal | resource | create | key  b | absent > Allow AWS=111122223333 kms:Decrypt *",
		"aws_kms_grant.p (left a) | grantee_principal | resource | delete | key  a | Allow AWS=111122223333 kms:Decrypt * > absent",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}

// TestPermitForgotten covers an object that stays in place next to a new one.
func TestPermitForgotten(t *testing.T) {
	t.Parallel()
	share := func(account string) m { return m{"snapshot_id": "s", "account_id": account} }
	got := sides(clean(t, plan([]m{rc("aws_snapshot_create_volume_permission.p", "create,forget", share("111122223333"), share("444455556666"))}, nil)))
	const old, now = "Allow AWS=111122223333 ec2:CreateVolume ec2:CopySnapshot *", "Allow AWS=444455556666 ec2:CreateVolume ec2:CopySnapshot *"
	if diff := cmp.Diff([]string{old + " > " + now, old + " > " + old}, got); diff != "" {
		t.Errorf("sides (-want +got):\n%s", diff)
	}
}

// TestPermitOfEndpointService covers what a list shows that other resources manage.
func TestPermitOfEndpointService(t *testing.T) {
	t.Parallel()
	service := m{"id": "vpce-1", "allowed_principals": []string{"arn:aws:iam::111122223333:root"}}
	changes := []m{rc("aws_vpc_endpoint_service.s", "no-op", service, service)}
	conf := []m{conf("aws_vpc_endpoint_service.s", map[string][]string{"acceptance_required": nil})}
	if got := sides(clean(t, plan(changes, conf))); len(got) != 1 {
		t.Errorf("not managed: %q, want one grant", got)
	}
	allowed := m{"vpc_endpoint_service_id": "vpce-1", "principal_arn": "arn:aws:iam::111122223333:root"}
	changes = append(changes, rc("aws_vpc_endpoint_service_allowed_principal.p", "update", allowed, m{"vpc_endpoint_service_id": "vpce-1", "principal_arn": "*"}))
	want := []string{"Allow AWS=arn:aws:iam::111122223333:root ec2:CreateVpcEndpoint * > Allow *=* ec2:CreateVpcEndpoint *"}
	if diff := cmp.Diff(want, sides(clean(t, plan(changes, conf)))); diff != "" {
		t.Errorf("managed (-want +got):\n%s", diff)
	}
}

// TestFunctionByNameOrARN: a function that the plan shows is the same by either.
func TestFunctionByNameOrARN(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:f"
	function := m{"function_name": "f", "arn": arn}
	p := func(name string) m {
		return m{"function_name": name, "principal": "s3.amazonaws.com", "action": "lambda:InvokeFunction"}
	}
	got := sides(clean(t, plan([]m{
		rc("aws_lambda_function.f", "no-op", function, function),
		rc("aws_lambda_permission.p", "delete,create", p(arn), p("f")),
	}, nil)))
	want := []string{"Allow Service=s3.amazonaws.com lambda:InvokeFunction " + arn + " > Allow Service=s3.amazonaws.com lambda:InvokeFunction " + arn}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFileSystemWithoutPolicy: whoever reaches it has all of it.
func TestFileSystemWithoutPolicy(t *testing.T) {
	t.Parallel()
	policy := m{"file_system_id": "fs-1", "policy": openToOne}
	const open = "D > Allow AWS=* elasticfilesystem:ClientMount elasticfilesystem:ClientWrite elasticfilesystem:ClientRootAccess * Bool elasticfilesystem:AccessedViaMountTarget=true"
	gone := m{"id": "fs-1", "arn": "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"}
	for name, tt := range map[string]struct {
		changes []m
		want    []string
	}{
		"the policy goes":      {[]m{rc("aws_efs_file_system_policy.p", "delete", policy, nil)}, []string{open}},
		"the file system does": {[]m{rc("aws_efs_file_system_policy.p", "delete", policy, nil), rc("aws_efs_file_system.f", "delete", gone, nil)}, []string{"D > absent"}},
		"the policy comes":     {[]m{rc("aws_efs_file_system_policy.p", "create", nil, policy)}, []string{"absent > D"}},
		"in the Cloud Control": {[]m{rc("awscc_efs_file_system.f", "update", m{"file_system_id": "fs-1", "file_system_policy": openToOne}, m{"file_system_id": "fs-1", "file_system_policy": nil})}, []string{open}},
	} {
		if diff := cmp.Diff(tt.want, sides(clean(t, plan(tt.changes, nil)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPermitYields covers methods of an API whose policy decides in their place.
func TestPermitYields(t *testing.T) {
	t.Parallel()
	method := m{"rest_api_id": "a", "resource_id": "r", "http_method": "GET", "authorization": "NONE"}
	api := func(policy any) m { return m{"id": "a", "name": "n", "policy": policy} }
	open := "absent > Allow *=* execute-api:Invoke arn:aws:execute-api:*:*:a/*/GET/r"
	for name, tt := range map[string]struct {
		policy any
		want   []string
	}{
		"without a policy": {nil, []string{open}},
		"with a policy":    {openToOne, []string{"D > D"}},
	} {
		got := sides(clean(t, plan([]m{
			rc("aws_api_gateway_rest_api.a", "no-op", api(tt.policy), api(tt.policy)),
			rc("aws_api_gateway_method.m", "create", nil, method),
		}, []m{conf("aws_api_gateway_rest_api.a", map[string][]string{"policy": nil})})))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPermitBounds makes sure that lists which multiply cannot take all memory.
func TestPermitBounds(t *testing.T) {
	t.Parallel()
	var blocks []m
	for i := range 3000 {
		blocks = append(blocks, m{"principal": fmt.Sprintf("%012d", i), "actions": []string{"quicksight:DescribeDashboard", "quicksight:ListDashboards", "quicksight:QueryDashboard"}})
	}
	x := extract(t, plan([]m{rc("aws_quicksight_dashboard.p", "create", nil, m{"name": "d", "permissions": blocks})}, nil), terraform.Options{Path: "plan.json"})
	if len(x.Grants) != 1 || x.Grants[0].After.Unknown == nil {
		t.Errorf("grants %q, want one that is not compared", lines(x.Grants))
	}
	if text := x.Grants[0].After.Unknown.Reason; !strings.Contains(text, "10000") {
		t.Errorf("reason %q, want the limit", text)
	}
}

// TestPermitSensitive makes sure that what is marked stays marked.
func TestPermitSensitive(t *testing.T) {
	t.Parallel()
	grants := clean(t, plan([]m{rc("aws_db_snapshot.p", "create", nil, m{"shared_accounts": []string{"111122223333"}}, m{"after_sensitive": m{"shared_accounts": []bool{true}}})}, nil))
	if len(grants) != 1 || !grants[0].After.Sensitive || grants[0].Before.Sensitive {
		t.Errorf("grants %q, want one with a sensitive side", lines(grants))
	}
}
