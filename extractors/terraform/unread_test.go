package terraform_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestUnread covers what gives access without a policy document: it is said where it
// can give more, and only there.
func TestUnread(t *testing.T) {
	t.Parallel()
	assigned := m{"principal_id": "u", "application_arn": "arn:aws:sso::111122223333:application/i/a"}
	share := func(more m) m {
		side := m{"name": "r"}
		for k, v := range more {
			side[k] = v
		}
		return side
	}
	cluster := func(network m) m { return m{"name": "c", "vpc_config": []m{network}} }
	api := func(typ string) m { return m{"name": "a", "endpoint_configuration": []m{{"types": []string{typ}}}} }
	const setting = "aws_ssm_service_setting.r"
	sharing := func(value string) m {
		return m{"setting_id": "arn:aws:ssm:eu-west-1:111122223333:servicesetting/ssm/documents/console/public-sharing-permission", "setting_value": value}
	}
	const assignment = "aws_ssoadmin_application_assignment.p"
	tests := []struct {
		name      string
		change    m
		resources []m
		want      []string // attributes
	}{
		{"assign", rc(assignment, "create", nil, assigned), nil, []string{"principal_id"}},
		{"withdraw", rc(assignment, "delete", assigned, nil), nil, nil},
		{"stays assigned", rc(assignment, "no-op", assigned, assigned), nil, nil},
		{"only moved", rc(assignment, "no-op", assigned, assigned, m{"previous_address": "aws_ssoadmin_application_assignment.q"}), nil, nil},
		{"another user", rc(assignment, "delete,create", assigned, m{"principal_id": "v", "application_arn": assigned["application_arn"]}), nil, []string{"principal_id"}},
		{"another application", rc(assignment, "delete,create", assigned, m{"principal_id": "u", "application_arn": "other"}), nil, []string{"principal_id"}},
		{"made anew", rc(assignment, "delete,create", assigned, assigned), nil, nil},
		{"unknown user", rc(assignment, "delete,create", assigned, m{"application_arn": assigned["application_arn"]}, m{"after_unknown": m{"principal_id": true}}), nil, []string{"principal_id"}},
		{"control is dropped", rc("aws_controltower_control.p", "delete", m{"control_identifier": "p-1", "target_identifier": "ou-1"}, nil), nil, []string{"control_identifier"}},
		{"account moves to another unit", rc("aws_organizations_account.r", "update", share(m{"parent_id": "ou-1"}), share(m{"parent_id": "ou-2"})), nil, []string{"parent_id"}},
		{"account goes", rc("aws_organizations_account.r", "delete", share(m{"parent_id": "ou-1"}), nil), nil, nil},
		{"callers of an API by key", rc("aws_appsync_graphql_api.r", "update", m{"name": "a", "authentication_type": "AWS_IAM"}, m{"name": "a", "authentication_type": "API_KEY"}), nil, []string{"authentication_type"}},
		{"another way to call an API", rc("aws_appsync_graphql_api.r", "update", m{"name": "a", "authentication_type": "AWS_IAM", "additional_authentication_provider": []m{}},
			m{"name": "a", "authentication_type": "AWS_IAM", "additional_authentication_provider": []m{{"authentication_type": "API_KEY"}}}), nil, []string{"authentication_type"}},
		{"a pool takes another provider", rc("aws_cognito_identity_pool.r", "update", m{"id": "p", "supported_login_providers": m{}}, m{"id": "p", "supported_login_providers": m{"accounts.google.com": "x"}}), nil, []string{"supported_login_providers"}},
		{"a new pool", rc("aws_cognito_identity_pool.r", "create", nil, m{"identity_pool_name": "p", "supported_login_providers": m{"accounts.google.com": "x"}}), nil, nil},
		{"a cluster opens its endpoint", rc("aws_eks_cluster.r", "update", cluster(m{"endpoint_public_access": false, "public_access_cidrs": []string{"0.0.0.0/0"}}), cluster(m{"endpoint_public_access": true, "public_access_cidrs": []string{"0.0.0.0/0"}})), nil, []string{"vpc_config.endpoint_public_access"}},
		{"a cluster opens it to another network", rc("aws_eks_cluster.r", "update", cluster(m{"public_access_cidrs": []string{"192.0.2.0/24"}}), cluster(m{"public_access_cidrs": []string{"192.0.2.0/24", "198.51.100.0/24"}})), nil, []string{"vpc_config.public_access_cidrs"}},
		{"a cluster opens it to all", rc("awscc_eks_cluster.r", "update", m{"name": "c", "resources_vpc_config": m{"public_access_cidrs": []string{"192.0.2.0/24"}}}, m{"name": "c", "resources_vpc_config": m{"public_access_cidrs": []string{"0.0.0.0/0"}}}), nil, []string{"resources_vpc_config.public_access_cidrs"}},
		{"a cluster opens it to all of IPv6", rc("aws_eks_cluster.r", "update", cluster(m{"public_access_cidrs": []string{"0.0.0.0/0"}}), cluster(m{"public_access_cidrs": []string{"0.0.0.0/0", "::/0"}})), nil, []string{"vpc_config.public_access_cidrs"}},
		{"a cluster opens it to all by saying nothing", rc("awscc_eks_cluster.r", "update", m{"name": "c", "resources_vpc_config": m{"public_access_cidrs": []string{"192.0.2.0/24"}}}, m{"name": "c", "resources_vpc_config": m{"public_access_cidrs": []string{}}}), nil, []string{"resources_vpc_config.public_access_cidrs"}},
		{"a cluster that was open to all by saying nothing", rc("aws_eks_cluster.r", "update", cluster(m{"public_access_cidrs": nil}), cluster(m{"public_access_cidrs": []string{"192.0.2.0/24"}})), nil, nil},
		{"a cluster closes it to some", rc("aws_eks_cluster.r", "update", cluster(m{"public_access_cidrs": []string{"0.0.0.0/0"}}), cluster(m{"public_access_cidrs": []string{"192.0.2.0/24"}})), nil, nil},
		{"a cluster closes its endpoint", rc("aws_eks_cluster.r", "update", cluster(m{"endpoint_public_access": true}), cluster(m{"endpoint_public_access": false})), nil, nil},
		{"a new cluster", rc("aws_eks_cluster.r", "create", nil, cluster(m{"endpoint_public_access": true})), nil, nil},
		{"documents may be shared with everyone", rc(setting, "update", sharing("Disable"), sharing("Enable")), nil, []string{"setting_value"}},
		{"documents may be shared with everyone as by default", rc(setting, "delete", sharing("Disable"), nil), nil, []string{"setting_value"}},
		{"documents may not be shared any more", rc(setting, "update", sharing("Enable"), sharing("Disable")), nil, nil},
		{"another setting", rc(setting, "update", m{"setting_id": "/ssm/parameter-store/default-parameter-tier", "setting_value": "Standard"}, m{"setting_id": "/ssm/parameter-store/default-parameter-tier", "setting_value": "Advanced"}), nil, nil},
		{"root sessions", rc("aws_iam_organizations_features.r", "update", m{"id": "o", "enabled_features": []string{"RootCredentialsManagement"}}, m{"id": "o", "enabled_features": []string{"RootCredentialsManagement", "RootSessions"}}), nil, []string{"enabled_features"}},
		{"no root sessions any more", rc("aws_iam_organizations_features.r", "update", m{"id": "o", "enabled_features": []string{"RootCredentialsManagement", "RootSessions"}}, m{"id": "o", "enabled_features": []string{"RootCredentialsManagement"}}), nil, nil},
		{"tokens for outside", rc("aws_iam_outbound_web_identity_federation.r", "create", nil, m{}, m{"after_unknown": m{"id": true, "issuer_identifier": true}}), []m{conf("aws_iam_outbound_web_identity_federation.r", nil)}, []string{"issuer_identifier"}},
		{"connections without being accepted", rc("aws_vpc_endpoint_service.r", "update", m{"id": "s", "acceptance_required": true}, m{"id": "s", "acceptance_required": false}), nil, []string{"acceptance_required"}},
		{"a policy of another scope", rc("aws_ecr_account_setting.r", "update", m{"name": "REGISTRY_POLICY_SCOPE", "value": "V1"}, m{"name": "REGISTRY_POLICY_SCOPE", "value": "V2"}), nil, []string{"value"}},
		{"another kind of scan", rc("aws_ecr_account_setting.r", "update", m{"name": "BASIC_SCAN_TYPE_VERSION", "value": "CLAIR"}, m{"name": "BASIC_SCAN_TYPE_VERSION", "value": "AWS_NATIVE"}), nil, nil},
		{"a private API opens", rc("aws_api_gateway_rest_api.r", "update", api("PRIVATE"), api("REGIONAL")), nil, []string{"endpoint_configuration.types"}},
		{"a private API loses its setting", rc("awscc_apigateway_rest_api.r", "update", m{"name": "a", "endpoint_configuration": m{"types": []string{"PRIVATE"}}}, m{"name": "a"}), nil, []string{"endpoint_configuration.types"}},
		{"an API becomes private", rc("aws_api_gateway_rest_api.r", "update", api("EDGE"), api("PRIVATE")), nil, nil},
		{"an API has another endpoint", rc("aws_api_gateway_rest_api.r", "update", api("EDGE"), api("REGIONAL")), nil, nil},
		{"a private API goes", rc("aws_api_gateway_rest_api.r", "delete", api("PRIVATE"), nil), nil, nil},
		{"API goes", rc("aws_appsync_graphql_api.r", "delete", m{"name": "a", "authentication_type": "AWS_IAM"}, nil), nil, nil},
		{"permissions that are computed", rc("aws_ram_resource_share.r", "create", nil, share(nil), m{"after_unknown": m{"permission_arns": true}}),
			[]m{conf("aws_ram_resource_share.r", map[string][]string{"name": nil})}, nil},
		{"permissions that are set", rc("aws_ram_resource_share.r", "create", nil, share(nil), m{"after_unknown": m{"permission_arns": true}}),
			[]m{conf("aws_ram_resource_share.r", map[string][]string{"permission_arns": {"local.p"}})}, []string{"permission_arns"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			grants := clean(t, plan([]m{tt.change}, tt.resources))
			var got []string
			for _, g := range grants {
				got = append(got, g.Attribute)
				if g.After.Unknown == nil {
					t.Errorf("%s: not unknown", line(g))
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLimitGoesWithSubject makes sure that what guards a bucket may go with it.
func TestLimitGoesWithSubject(t *testing.T) {
	t.Parallel()
	grants := clean(t, plan([]m{
		rc("aws_s3_bucket.b", "delete", m{"bucket": "b", "id": "b"}, nil),
		rc("aws_s3_bucket_public_access_block.p", "delete", m{"bucket": "b", "block_public_acls": true}, nil),
	}, nil))
	if len(grants) > 0 {
		t.Errorf("grants %q, want none", lines(grants))
	}
}

// TestGeneratedBlocks covers blocks of which nothing is known and that only the
// sources tell to be generated.
func TestGeneratedBlocks(t *testing.T) {
	t.Parallel()
	const head = `"assume_role_policy": "x"`
	text := plan([]m{rc("aws_iam_role.r", "create", nil, m{"name": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"inline_policy": true}})},
		[]m{conf("aws_iam_role.r", map[string][]string{"assume_role_policy": nil})})
	for name, tt := range map[string]struct {
		file, source string
		want         int
	}{
		"generated":         {"main.tf", "resource \"aws_iam_role\" \"r\" {\n dynamic \"inline_policy\" {\n for_each = x\n content {}\n }\n}\n", 2},
		"static":            {"main.tf", "resource \"aws_iam_role\" \"r\" {\n}\n", 1},
		"generated in JSON": {"main.tf.json", `{"resource":{"aws_iam_role":{"r":{` + head + `,"dynamic":{"inline_policy":{"for_each":"x","content":{}}}}}}}`, 2},
		"list in JSON":      {"main.tf.json", `{"resource":{"aws_iam_role":{"r":{` + head + `,"dynamic":[{"inline_policy":[{"for_each":"x"}]}]}}}}`, 2},
		"static in JSON":    {"main.tf.json", `{"resource":{"aws_iam_role":{"r":{` + head + `}}}}`, 1},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.source), 0o600); err != nil {
			t.Fatal(err)
		}
		x := extract(t, text, terraform.Options{Path: "plan.json", SourceDir: dir})
		if len(x.Grants) != tt.want {
			t.Errorf("%s: grants %q, want %d", name, lines(x.Grants), tt.want)
		}
	}
}

// TestNewSubjects tells subjects that the change creates from those that are there.
func TestNewSubjects(t *testing.T) {
	t.Parallel()
	role := func(name string) m { return m{"name": name, "assume_role_policy": ec2Trust} }
	policy := func(role string) m { return m{"name": "p", "role": role, "policy": getObject} }
	got := map[string]bool{}
	for _, g := range clean(t, plan([]m{
		rc("aws_iam_role.new", "create", nil, role("new")),
		rc("aws_iam_role.old", "no-op", role("old"), role("old")),
		rc("aws_iam_role_policy.new", "create", nil, policy("new")),
		rc("aws_iam_role_policy.old", "create", nil, policy("old")),
		rc("aws_iam_role_policy.elsewhere", "create", nil, policy("elsewhere")),
	}, nil)) {
		got[g.Address] = g.Subject.New
	}
	want := map[string]bool{"aws_iam_role.new": true, "aws_iam_role.old": false, "aws_iam_role_policy.new": true, "aws_iam_role_policy.old": false, "aws_iam_role_policy.elsewhere": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("new subjects (-want +got):\n%s", diff)
	}
}

// TestTransferUser covers session policies: without one, all that the role gives is
// allowed.
func TestTransferUser(t *testing.T) {
	t.Parallel()
	user := func(policy any) m { return m{"user_name": "u", "policy": policy} }
	got := lines(clean(t, plan([]m{
		rc("aws_transfer_user.a", "update", user(getObject), user(nil)),
		rc("aws_transfer_user.b", "update", user(nil), user(getObject)),
		rc("aws_transfer_user.c", "create", nil, user(getObject)),
		rc("aws_transfer_user.d", "create", nil, user(nil)),
	}, nil)))
	want := []string{
		"aws_transfer_user.a | policy | session | update | transfer-user aws_transfer_user.a u | A > Allow * *",
		"aws_transfer_user.b | policy | session | update | transfer-user aws_transfer_user.b u | Allow * * > A",
		"aws_transfer_user.c | policy | session | create | transfer-user aws_transfer_user.c u | absent > A",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}
