package cloudformation

import "github.com/grantdiff/grantdiff/extractors/cloudformation/tree"

// toldForm says that what a property does is not compared: that it changes is said.
type toldForm struct {
	// Does completes "It ...".
	Does string
	// Limits: it takes access away, so that losing it gives access.
	Limits bool
	// Default: without it something else holds, so that losing it is a change like others.
	Default bool
	// Except is PROPERTY=VALUE with which it does not do that.
	Except string
	// Stays: only a change of a resource that stays is said.
	Stays bool
	// Together: what the rows of a type that are told together do is said once.
	Together bool
	// Guards reads what keeps callers off; only that it is lost or changes is said, of a
	// resource that stays.
	Guards func(*tree.Node) guards
	// Compared is the property that says how callers are asked who they are. Where they are
	// not asked after the change, another row compares what is open.
	Compared string
}

// toldTable names what gives or limits access in a grammar of its own, or in a way that
// is not compared yet: resource type, property, kind of subject, what it does.
func toldTable() []row {
	return []row{
		told("AWS::IAM::User", "LoginProfile", "user", "gives a user a password"),
		told("AWS::IAM::OIDCProvider", "ClientIdList", "provider", "lets an identity provider vouch for principals"),
		told("AWS::IAM::OIDCProvider", "Url", "provider", "lets an identity provider vouch for principals"),
		told("AWS::IAM::SAMLProvider", "SamlMetadataDocument", "provider", "lets an identity provider vouch for principals"),
		told("AWS::EKS::IdentityProviderConfig", "Oidc", "cluster", "lets an identity provider vouch for users of a cluster"),
		told("AWS::RolesAnywhere::TrustAnchor", "Source", "account", "lets certificates stand for principals"),
		told("AWS::SQS::Queue", "RedriveAllowPolicy", "queue", "says which queues may use it for dead letters"),
		told("AWS::OpenSearchServerless::AccessPolicy", "Policy", "collections", "gives principals access to collections"),
		toldExcept("AWS::OpenSearchServerless::SecurityPolicy", "Policy", "Type=encryption", "collections", "says from where collections are reached"),
		told("AWS::EC2::VerifiedAccessEndpoint", "PolicyDocument", "verified-access", "has a policy in Cedar"),
		told("AWS::EC2::VerifiedAccessGroup", "PolicyDocument", "verified-access", "has a policy in Cedar"),
		told("AWS::VerifiedPermissions::Policy", "Definition", "policy-store", "has a policy in Cedar"),
		told("AWS::VerifiedPermissions::PolicyTemplate", "Statement", "policy-store", "has a policy in Cedar"),
		told("AWS::BedrockAgentCore::Policy", "Definition", "policy-engine", "has a policy in Cedar"),
		told("AWS::NetworkManager::CoreNetwork", "PolicyDocument", "core-network", "has a policy of its own grammar"),
		told("AWS::SSO::PermissionSet", "CustomerManagedPolicyReferences", "permission-set", "attaches managed policies of the accounts"),
		toldLimit("AWS::SSO::PermissionSet", "PermissionsBoundary.CustomerManagedPolicyReference", "permission-set", "drops or changes the permissions boundary of a permission set"),
		told("AWS::SSO::ApplicationAssignment", "PrincipalId", "application", "gives a user or group an application"),
		told("AWS::SSO::InstanceAccessControlAttributeConfiguration", "AccessControlAttributes", "instance", "says by which attributes access is decided"),
		told("AWS::Cognito::IdentityPoolPrincipalTag", "PrincipalTags", "identity-pool", "says by which tags access is decided"),
		told("AWS::Cognito::IdentityPoolRoleAttachment", "RoleMappings", "identity-pool", "gives users roles by rules"),
		told("AWS::EKS::AccessEntry", "AccessPolicies", "cluster", "gives a principal access policies in a cluster"),
		told("AWS::Organizations::Account", "ParentIds", "account", "moves an account, so that other policies of the organization hold"),
		toldLimit("AWS::ControlTower::EnabledControl", "ControlIdentifier", "organization-target", "disables a control of the organization"),
		told("AWS::RAM::Permission", "PolicyTemplate", "shares", "says what shares allow"),
		stays(toldAny("AWS::RAM::ResourceShare", "PermissionArns", "share", "says what a share allows")),
		toldGuards("AWS::RAM::ResourceShare", "AllowExternalPrincipals", "share", "lets accounts outside of the organization into a share", falseGuard("")),
		toldGuards("AWS::RolesAnywhere::Profile", "Enabled", "rolesanywhere-profile", "enables a profile, whose roles certificates can then have", offGuard),
		toldGuards("AWS::RolesAnywhere::TrustAnchor", "Enabled", "account", "enables a trust anchor, whose certificates can then stand for principals", offGuard),
		told("AWS::LakeFormation::DataLakeSettings", "Admins", "data-lake", "makes principals administrators of a data lake"),
		told("AWS::LakeFormation::DataLakeSettings", "CreateDatabaseDefaultPermissions", "data-lake", "sets who has access to new databases"),
		told("AWS::LakeFormation::DataLakeSettings", "CreateTableDefaultPermissions", "data-lake", "sets who has access to new tables"),
		told("AWS::LakeFormation::DataLakeSettings", "TrustedResourceOwners", "data-lake", "trusts accounts with a data lake"),
		told("AWS::LakeFormation::TagAssociation", "LFTags", "data-lake", "sets tags by which access is decided"),
		told("AWS::Glue::Database", "DatabaseInput.CreateTableDefaultPermissions", "database", "sets who has access to new tables"),
		told("AWS::Glue::Catalog", "CreateDatabaseDefaultPermissions", "catalog", "sets who has access to new databases"),
		told("AWS::Glue::Catalog", "CreateTableDefaultPermissions", "catalog", "sets who has access to new tables"),
		told("AWS::DataZone::PolicyGrant", "Principal", "data-zone", "gives a principal a policy"),
		told("AWS::IoTSiteWise::AccessPolicy", "AccessPolicyIdentity", "portal", "gives an identity access to a portal or project"),
		told("AWS::IoTSiteWise::AccessPolicy", "AccessPolicyPermission", "portal", "gives an identity access to a portal or project"),
		told("AWS::QBusiness::DataAccessor", "Principal", "application", "lets a principal read an index"),
		told("AWS::SecurityLake::Subscriber", "SubscriberIdentity", "data-lake", "lets a subscriber read security data"),
		told("AWS::LicenseManager::Grant", "Principals", "license", "lets principals use a licence"),
		told("AWS::RDS::DBInstance", "PubliclyAccessible", "database", "is reached from the internet"),
		told("AWS::Redshift::Cluster", "PubliclyAccessible", "cluster", "is reached from the internet"),
		told("AWS::Neptune::DBInstance", "PubliclyAccessible", "database", "is reached from the internet"),
		told("AWS::DMS::ReplicationInstance", "PubliclyAccessible", "replication", "is reached from the internet"),
		told("AWS::AmazonMQ::Broker", "PubliclyAccessible", "broker", "is reached from the internet"),
		told("AWS::RDS::DBCluster", "PubliclyAccessible", "database", "is reached from the internet"),
		told("AWS::RedshiftServerless::Workgroup", "PubliclyAccessible", "workgroup", "is reached from the internet"),
		stays(toldExcept("AWS::MSK::Cluster", "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type", "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type=DISABLED", "cluster", "is reached from the internet")),
		stays(toldExcept("AWS::MWAA::Environment", "WebserverAccessMode", "WebserverAccessMode=PRIVATE_ONLY", "environment", "is reached from the internet")),
		toldGuards("AWS::EKS::Cluster", "ResourcesVpcConfig", "cluster", "is reached from the internet", clusterGuard),
		toldGuards("AWS::ApiGateway::RestApi", "EndpointConfiguration", "rest-api", "lets a private API be reached from elsewhere", privateGuard),
		together(told("AWS::CloudFormation::StackSet", "TemplateBody", "stack-set", "holds a template for other accounts")),
		together(told("AWS::CloudFormation::StackSet", "TemplateURL", "stack-set", "names a template for other accounts")),
		together(toldAny("AWS::CloudFormation::StackSet", "Parameters", "stack-set", "sets parameters of a template for other accounts")),
		together(told("AWS::CloudFormation::StackSet", "StackInstancesGroup", "stack-set", "says which accounts and regions get a template, with which parameters")),
		together(toldAny("AWS::CloudFormation::StackSet", "ExecutionRoleName", "stack-set", "names the role that makes the resources in other accounts")),
		together(told("AWS::CloudFormation::StackSet", "PermissionModel", "stack-set", "says with whose permissions other accounts are changed")),
		asking(toldGuards("AWS::ApiGateway::Method", "AuthorizationType", "rest-api", "says who may call a method", askGuard)),
		asking(toldGuards("AWS::ApiGateway::Method", "AuthorizerId", "rest-api", "says who may call a method", askGuard)),
		asking(toldGuards("AWS::ApiGateway::Method", "AuthorizationScopes", "rest-api", "says who may call a method", askGuard)),
		asking(toldGuards("AWS::ApiGatewayV2::Route", "AuthorizationType", "api", "says who may call a route", askGuard)),
		asking(toldGuards("AWS::ApiGatewayV2::Route", "AuthorizerId", "api", "says who may call a route", askGuard)),
		asking(toldGuards("AWS::ApiGatewayV2::Route", "AuthorizationScopes", "api", "says who may call a route", askGuard)),
		toldGuards("AWS::ApiGateway::RestApi", "Body", "rest-api", "says who may call an API", bodyGuards),
		toldGuards("AWS::ApiGateway::RestApi", "BodyS3Location", "rest-api", "says who may call an API", locationGuards),
		toldGuards("AWS::ApiGateway::RestApi", "Auth", "rest-api", "says who may call an API of SAM", serverlessGuards),
		toldGuards("AWS::ApiGatewayV2::Api", "Body", "api", "says who may call an API", bodyGuards),
		toldGuards("AWS::ApiGatewayV2::Api", "BodyS3Location", "api", "says who may call an API", locationGuards),
		toldGuards("AWS::ApiGatewayV2::Api", "Auth", "api", "says who may call an API of SAM", serverlessGuards),
		toldGuards("AWS::AppSync::GraphQLApi", "AuthenticationType", "graphql-api", "says who may call an API", graphQLType),
		toldGuards("AWS::AppSync::GraphQLApi", "AdditionalAuthenticationProviders", "graphql-api", "says who may call an API", graphQLProviders),
		toldGuards("AWS::AppSync::GraphQLApi", "UserPoolConfig", "graphql-api", "says who may call an API", wholeGuard),
		toldGuards("AWS::AppSync::GraphQLApi", "OpenIDConnectConfig", "graphql-api", "says who may call an API", wholeGuard),
		toldGuards("AWS::AppSync::GraphQLApi", "LambdaAuthorizerConfig", "graphql-api", "says who may call an API", wholeGuard),
		toldGuards("AWS::AppSync::GraphQLApi", "Visibility", "graphql-api", "says from where an API is reached", graphQLVisibility),
		toldGuards("AWS::Cognito::IdentityPool", "CognitoIdentityProviders", "identity-pool", "says whom an identity pool signs in", wholeGuard),
		toldGuards("AWS::Cognito::IdentityPool", "SupportedLoginProviders", "identity-pool", "says whom an identity pool signs in", wholeGuard),
		toldGuards("AWS::Cognito::IdentityPool", "OpenIdConnectProviderARNs", "identity-pool", "says whom an identity pool signs in", wholeGuard),
		toldGuards("AWS::Cognito::IdentityPool", "SamlProviderARNs", "identity-pool", "says whom an identity pool signs in", wholeGuard),
		stays(told("AWS::Cognito::IdentityPool", "DeveloperProviderName", "identity-pool", "lets a developer sign users of an identity pool in")),
		stays(told("AWS::Cognito::IdentityPool", "AllowClassicFlow", "identity-pool", "lets users of an identity pool choose their role and get credentials without its limits")),
		toldGuards("AWS::AppSync::Api", "EventConfig", "event-api", "says who may call an API", eventGuards),
		toldGuards("AWS::AppSync::ChannelNamespace", "PublishAuthModes", "channel-namespace", "says who may publish or subscribe", wholeGuard),
		toldGuards("AWS::AppSync::ChannelNamespace", "SubscribeAuthModes", "channel-namespace", "says who may publish or subscribe", wholeGuard),
	}
}

func told(typ, path, subject, does string) row {
	return row{Type: typ, Path: path, Kind: resource, Subject: subject, Told: &toldForm{Does: does}}
}

func toldExcept(typ, path, except, subject, does string) row {
	r := told(typ, path, subject, does)
	r.Told.Except = except
	return r
}

// toldAny is a row of which any change is told.
func toldAny(typ, path, subject, does string) row {
	r := told(typ, path, subject, does)
	r.Told.Default = true
	return r
}

// stays is a row of which only a change is told, of a resource that is there on both sides.
func stays(r row) row {
	r.Told.Stays = true
	return r
}

// together is a row that is told with those of its type.
func together(r row) row {
	r.Told.Together = true
	return r
}

func toldLimit(typ, path, subject, does string) row {
	r := told(typ, path, subject, does)
	r.Told.Limits = true
	return r
}

// asking is a row about how the callers of a method or route are asked who they are.
func asking(r row) row {
	r.Told.Compared = "AuthorizationType"
	return r
}

func toldGuards(typ, path, subject, does string, g func(*tree.Node) guards) row {
	r := told(typ, path, subject, does)
	r.Told.Guards = g
	return r
}
