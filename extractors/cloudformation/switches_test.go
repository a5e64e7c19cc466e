package cloudformation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestSwitches: a property that opens what it is about, alone, is told where it changes;
// that the resource is new is not told twice.
func TestSwitches(t *testing.T) {
	t.Parallel()
	const none = "-" // no such resource
	for _, one := range []struct{ typ, before, after, want string }{
		{"RAM::ResourceShare", "PermissionArns: [a]", "PermissionArns: [b]", "PermissionArns"},
		{"RAM::ResourceShare", "PermissionArns: [a]", "", "PermissionArns"},
		{"RAM::ResourceShare", "PermissionArns: [a]", "PermissionArns: [a], Name: n", ""},
		{"RAM::ResourceShare", none, "PermissionArns: [a], AllowExternalPrincipals: true", ""},
		{"RAM::ResourceShare", "AllowExternalPrincipals: false", "AllowExternalPrincipals: true", "AllowExternalPrincipals"},
		{"RAM::ResourceShare", "AllowExternalPrincipals: false", "", "AllowExternalPrincipals"},
		{"RAM::ResourceShare", "", "AllowExternalPrincipals: true", ""},
		{"RAM::ResourceShare", "", "AllowExternalPrincipals: false", ""},
		{"RolesAnywhere::Profile", "Enabled: false", "Enabled: true", "Enabled"},
		{"RolesAnywhere::Profile", "Enabled: false", "", "Enabled"},
		{"RolesAnywhere::Profile", "", "Enabled: true", "Enabled"},
		{"RolesAnywhere::Profile", "", "Enabled: false", ""},
		{"RolesAnywhere::Profile", "Enabled: true", "Enabled: false", ""},
		{"RolesAnywhere::Profile", none, "Enabled: true", ""},
		{"RolesAnywhere::TrustAnchor", "Enabled: 'false'", "Enabled: 'true'", "Enabled"},
		{"Cognito::IdentityPool", "AllowClassicFlow: false", "AllowClassicFlow: true", "AllowClassicFlow"},
		{"Cognito::IdentityPool", "", "AllowClassicFlow: false", ""},
		{"Cognito::IdentityPool", "", "DeveloperProviderName: d", "DeveloperProviderName"},
		{"Cognito::IdentityPool", "DeveloperProviderName: d", "", ""},
		{"Cognito::IdentityPool", none, "DeveloperProviderName: d, AllowClassicFlow: true", ""},
		{"EKS::Cluster", "ResourcesVpcConfig: {EndpointPublicAccess: false}", "ResourcesVpcConfig: {EndpointPublicAccess: true}", "ResourcesVpcConfig"},
		{"EKS::Cluster", "ResourcesVpcConfig: {EndpointPublicAccess: false}", "ResourcesVpcConfig: {SubnetIds: [s]}", "ResourcesVpcConfig"},
		{"EKS::Cluster", "ResourcesVpcConfig: {SubnetIds: [s]}", "ResourcesVpcConfig: {SubnetIds: [u], EndpointPublicAccess: true}", ""},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24]}", "ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0]}", "ResourcesVpcConfig"},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24]}", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24, 198.51.100.0/24]}", "ResourcesVpcConfig"},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24]}", "ResourcesVpcConfig: {SubnetIds: [s]}", "ResourcesVpcConfig"},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0]}", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24]}", ""},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24]}", "ResourcesVpcConfig: {PublicAccessCidrs: [192.0.2.0/24], EndpointPublicAccess: false}", ""},
		{"EKS::Cluster", "ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0]}", "ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0, '::/0']}", "ResourcesVpcConfig"},
		{"EKS::Cluster", none, "ResourcesVpcConfig: {SubnetIds: [s]}", ""},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [PRIVATE]}", "Name: a, EndpointConfiguration: {Types: [REGIONAL]}", "EndpointConfiguration"},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [PRIVATE], VpcEndpointIds: [v]}", "Name: a", "EndpointConfiguration"},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [PRIVATE], VpcEndpointIds: [v]}", "Name: a, EndpointConfiguration: {Types: [PRIVATE]}", ""},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [!Ref 'AWS::StackName']}", "Name: a, EndpointConfiguration: {Types: [EDGE]}", "EndpointConfiguration"},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [REGIONAL]}", "Name: a, EndpointConfiguration: {Types: [EDGE]}", ""},
		{"ApiGateway::RestApi", "Name: a, EndpointConfiguration: {Types: [REGIONAL]}", "Name: a, EndpointConfiguration: {Types: [PRIVATE]}", ""},
		{"ApiGateway::RestApi", none, "Name: a, EndpointConfiguration: {Types: [REGIONAL]}", ""},
		{"MSK::Cluster", "BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: DISABLED}}}", "BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}}", "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type"},
		{"MSK::Cluster", "", "BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: DISABLED}}}", ""},
		{"MWAA::Environment", "", "WebserverAccessMode: PUBLIC_ONLY", "WebserverAccessMode"},
		{"MWAA::Environment", "WebserverAccessMode: PUBLIC_ONLY", "WebserverAccessMode: PRIVATE_ONLY", ""},
		{"RedshiftServerless::Workgroup", "PubliclyAccessible: false", "PubliclyAccessible: true", "PubliclyAccessible"},
		{"Glue::Catalog", "CreateTableDefaultPermissions: [{Permissions: [SELECT]}]", "CreateTableDefaultPermissions: [{Permissions: [ALL]}]", "CreateTableDefaultPermissions"},
	} {
		template := func(properties string) string {
			if properties == none {
				return "Resources: {U: {Type: AWS::IAM::User}}"
			}
			return "Resources: {X: {Type: AWS::" + one.typ + ", Properties: {" + properties + "}}}"
		}
		x := extract(t, template(one.after), []byte(template(one.before)), cloudformation.Options{})
		var got []string
		for _, g := range x.Grants {
			if g.After.Unknown != nil && g.Action != extractors.NoOp {
				got = append(got, g.Attribute)
			}
		}
		if strings.Join(got, " ") != one.want {
			t.Errorf("%s, from {%s} to {%s}: got %q, want %q", one.typ, one.before, one.after, got, one.want)
		}
	}
}

// TestElsewhere: what stays as it is and holds for another bus, account or network.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	bus := func(properties string) string {
		return "P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: s, Action: events:PutEvents, Principal: '222222222222'" + properties + "}}"
	}
	assignment := func(account string) string {
		return "A: {Type: AWS::SSO::Assignment, Properties: {PermissionSetArn: ps, PrincipalId: p, PrincipalType: USER, TargetId: '" + account + "'}}"
	}
	point := func(typ, network string) string {
		return "Q: {Type: AWS::" + typ + "::AccessPoint, Properties: {Bucket: b, Name: n" + network + "}}"
	}
	secret := func(block string) string {
		return "P: {Type: AWS::SecretsManager::ResourcePolicy, Properties: {SecretId: s, BlockPublicPolicy: " + block + ", ResourcePolicy: {}}}"
	}
	const user = "U: {Type: AWS::IAM::User}"
	const moved = "AWS::S3::AccessPoint access-point n: [vpc_configuration (vpc-1)] > "
	for name, one := range map[string]struct {
		before, after string
		want          []string
	}{
		"to the default bus":   {bus(", EventBusName: q"), bus(""), []string{"event-bus default: absent > there", "event-bus q: there > absent"}},
		"from the default bus": {bus(""), bus(", EventBusName: q"), []string{"event-bus default: there > absent", "event-bus q: absent > there"}},
		"the default by name":  {bus(""), bus(", EventBusName: default"), nil},
		"another account":      {assignment("1"), assignment("2"), []string{"p in account 1: [ps] > []", "p in account 2: [] > [ps]", "p: [p in account 1] > [p in account 2]"}},
		"the same account":     {assignment("1"), assignment("1"), nil},
		"new assignment":       {user, assignment("1"), []string{"p in account 1: [] > [ps]", "p: [] > [p in account 1]"}},
		"no network":           {point("S3", ", VpcConfiguration: {VpcId: vpc-1}"), point("S3", ""), []string{moved + "[]"}},
		"another network":      {point("S3", ", VpcConfiguration: {VpcId: vpc-1}"), point("S3", ", VpcConfiguration: {VpcId: vpc-2}"), []string{moved + "[vpc_configuration (vpc-2)]"}},
		"network of a name":    {point("S3", ", VpcConfiguration: {VpcId: !Ref V}"), point("S3", ""), []string{strings.Replace(moved, "vpc-1", "V", 1) + "[]"}},
		"same network":         {point("S3", ", VpcConfiguration: {VpcId: !Ref V}"), point("S3", ", VpcConfiguration: {VpcId: !Ref V}"), nil},
		"S3 Express":           {point("S3Express", ", VpcConfiguration: {VpcId: vpc-1}"), point("S3Express", ""), []string{"AWS::S3Express::AccessPoint access-point : [vpc_configuration (vpc-1)] > []"}},
		"secret":               {secret("true"), secret("false"), []string{"AWS::SecretsManager::ResourcePolicy secret s: [block_public_policy] > []"}},
		"secret, the same":     {secret("true"), secret("'true'"), nil},
		"secret, by another":   {secret("true"), strings.Replace(secret("false"), "P:", "Q:", 1), []string{"AWS::SecretsManager::ResourcePolicy secret s: [block_public_policy] > []"}},
		"secret without one":   {secret("true"), user, nil},
	} {
		head := "Parameters: {V: {Type: String}}\nResources: {"
		x := extract(t, head+one.after+"}", []byte(head+one.before+"}"), cloudformation.Options{})
		var got []string
		add := func(action extractors.Action, text string) {
			if action != extractors.NoOp {
				got = append(got, text)
			}
		}
		state := func(s extractors.Side) string {
			if s.Absent {
				return "absent"
			}
			return "there"
		}
		targets := func(list []extractors.Target) []string {
			out := []string{}
			for _, to := range list {
				out = append(out, to.Name)
			}
			return out
		}
		for _, g := range x.Grants {
			if g.Type == "AWS::Events::EventBusPolicy" {
				add(g.Action, fmt.Sprintf("event-bus %s: %s > %s", g.Subject.Name, state(g.Before), state(g.After)))
			}
		}
		for _, l := range x.Links {
			add(l.Action, fmt.Sprintf("%s: %v > %v", l.From.Name, targets(l.Before), targets(l.After)))
		}
		for _, b := range x.Blocks {
			if !b.Subject.Gone {
				add(b.Action, fmt.Sprintf("%s %s %s: %v > %v", b.Type, b.Subject.Kind, b.Subject.Name, b.Before, b.After))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: got %q, want %q", name, got, one.want)
		}
	}
}
