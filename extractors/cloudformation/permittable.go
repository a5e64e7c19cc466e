package cloudformation

// permitForm says which statements a resource amounts to that gives access without a
// policy document.
type permitForm struct {
	// Does completes "It ...".
	Does string
	// Text holds the statements:
	// [when PROPERTY=VALUE|VALUE[ unless PROPERTY=VALUE and ...]: ]WHO may ACTIONS on RESOURCES[ if OPERATOR KEY VALUE and ...], several separated by "; ". Lists are
	// separated by ", ". {Property} is the value of a property, each entry of a list
	// for itself, {Property~filter} what a filter makes of it, and (...{Property}...)
	// is left out where the property is not set, as is a condition. "each PROPERTY: "
	// in front makes the statements of each entry of a list, with its properties;
	// {^Property} is then one of the resource.
	Text string
	// Operations: a statement for each operation of an API that everyone may call.
	Operations bool
	// Yields: a policy document on the same subject decides in its place, as the resource
	// policy of an API does for methods without authorization.
	Yields bool
}

// permitTable names what gives access without a policy document: permissions, grants,
// shares, open endpoints. To cover one more, add a line: resource type, property without
// which there is none, kind of subject, property that names the subject ("": the
// resource itself), CloudFormation type, what it does, the statements.
func permitTable() []row {
	return []row{
		// AWS Lambda API Reference, "AddPermission" and "AddLayerVersionPermission".
		permit("AWS::Lambda::Permission", "Principal", "function", "FunctionName", "AWS::Lambda::Function", "lets a principal call a function",
			"{Principal} may {Action} on {FunctionName~function} if ArnLike aws:SourceArn {SourceArn} and StringEquals aws:SourceAccount {SourceAccount} and StringEquals aws:PrincipalOrgID {PrincipalOrgID} and StringEquals lambda:FunctionUrlAuthType {FunctionUrlAuthType} and StringEquals lambda:EventSourceToken {EventSourceToken} and Bool lambda:InvokedViaFunctionUrl {InvokedViaFunctionUrl~istrue}"),
		permit("AWS::Lambda::LayerVersionPermission", "Principal", "layer-version", "LayerVersionArn", "AWS::Lambda::LayerVersion", "shares a layer",
			"{Principal} may {Action} on {LayerVersionArn} if StringEquals aws:PrincipalOrgID {OrganizationId}"),
		permit("AWS::Lambda::Url", "AuthType", "function", "TargetFunctionArn", "AWS::Lambda::Function", "opens a function to the internet",
			"when AuthType=NONE: * may lambda:InvokeFunctionUrl on {TargetFunctionArn~function}(:{Qualifier}) if StringEquals lambda:FunctionUrlAuthType NONE"),
		// Amazon EventBridge API Reference, "PutPermission".
		permit("AWS::Events::EventBusPolicy", "Principal", "event-bus", "EventBusName", "AWS::Events::EventBus", "lets a principal put events on a bus",
			"{Principal} may {Action|events:PutEvents} on arn:aws:events:*:*:event-bus/{EventBusName|default} if {Condition.Type} {Condition.Key} {Condition.Value}"),
		permit("AWS::Events::EventBusPolicy", "Statement", "event-bus", "EventBusName", "AWS::Events::EventBus", "", ""),
		permit("AWS::ACMPCA::Permission", "Principal", "certificate-authority", "CertificateAuthorityArn", "AWS::ACMPCA::CertificateAuthority", "lets a service use a certificate authority",
			"{Principal} may acm-pca:{Actions~bare} on {CertificateAuthorityArn} if StringEquals aws:SourceAccount {SourceAccount}"),
		permit("AWS::Signer::ProfilePermission", "Principal", "signing-profile", "ProfileName", "AWS::Signer::SigningProfile", "lets a principal use a signing profile",
			"{Principal} may {Action} on * if StringEquals signer:ProfileVersion {ProfileVersion}"),
		permit("AWS::EntityResolution::PolicyStatement", "Effect", "workflow", "Arn", "AWS::EntityResolution::MatchingWorkflow", "lets principals use a workflow",
			"when Effect=Allow: {Principal} may {Action} on {Arn}"),
		permit("AWS::QBusiness::Permission", "Principal", "application", "ApplicationId", "AWS::QBusiness::Application", "lets a principal use an application",
			"{Principal} may {Actions} on *"),

		// AWS RAM User Guide, "Share your AWS resources".
		permit("AWS::RAM::ResourceShare", "Principals", "share", "", "AWS::RAM::ResourceShare", "shares resources with other accounts",
			"{Principals} may ram:AssociateResourceShare, ram:GetResourceShareAssociations on {ResourceArns|*}"),
		permit("AWS::ServiceCatalog::PortfolioShare", "AccountId", "portfolio", "PortfolioId", "AWS::ServiceCatalog::Portfolio", "shares a portfolio",
			"{AccountId} may servicecatalog:AcceptPortfolioShare, servicecatalog:DescribePortfolio, servicecatalog:ProvisionProduct on *"),
		permit("AWS::ServiceCatalog::PortfolioPrincipalAssociation", "PrincipalARN", "portfolio", "PortfolioId", "AWS::ServiceCatalog::Portfolio", "lets principals launch the products of a portfolio",
			"{PrincipalARN} may servicecatalog:ProvisionProduct, servicecatalog:SearchProducts on *"),
		permit("AWS::Redshift::EndpointAuthorization", "Account", "cluster", "ClusterIdentifier", "AWS::Redshift::Cluster", "lets an account connect to a cluster",
			"{Account} may redshift:CreateEndpointAccess on * if StringEquals aws:SourceVpc {VpcIds}"),
		permit("AWS::Config::AggregationAuthorization", "AuthorizedAccountId", "account", "", "AWS::Config::AggregationAuthorization", "lets an account collect the configuration",
			"{AuthorizedAccountId} may config:Get*, config:List*, config:Describe*, config:BatchGet*, config:Select* on *"),
		permit("AWS::ECR::ReplicationConfiguration", "ReplicationConfiguration", "registry", "", "AWS::ECR::ReplicationConfiguration", "copies images to other registries",
			"{ReplicationConfiguration.Rules[].Destinations[].RegistryId~foreign} may ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on arn:aws:ecr:*:*:repository/*"),
		permit("AWS::GlobalAccelerator::CrossAccountAttachment", "Principals", "attachment", "", "AWS::GlobalAccelerator::CrossAccountAttachment", "shares resources with other accounts",
			"{Principals} may globalaccelerator:AddEndpoints, globalaccelerator:CreateEndpointGroup, globalaccelerator:UpdateEndpointGroup on {Resources[].EndpointId|*}"),
		permit("AWS::CodeBuild::Project", "Visibility", "build-project", "", "AWS::CodeBuild::Project", "makes builds public",
			"when Visibility=PUBLIC_READ: * may codebuild:BatchGetBuilds, codebuild:ListBuildsForProject on *"),
		permit("AWS::CodeGuruProfiler::ProfilingGroup", "AgentPermissions", "profiling-group", "", "AWS::CodeGuruProfiler::ProfilingGroup", "lets principals send profiles",
			"{AgentPermissions.Principals} may codeguru-profiler:ConfigureAgent, codeguru-profiler:PostAgentProfile on *"),
		// Amazon S3 User Guide, "Managing access with S3 Access Grants".
		permit("AWS::S3::AccessGrant", "Grantee", "access-grants-location", "AccessGrantsLocationId", "AWS::S3::AccessGrant", "lets a grantee reach a part of a location",
			"when Grantee.GranteeType=IAM: {Grantee.GranteeIdentifier} may {Permission~s3access} on arn:aws:s3:::{AccessGrantsLocationId}/{AccessGrantsLocationConfiguration.S3SubPrefix|*}; "+
				"when Grantee.GranteeType=DIRECTORY_USER|DIRECTORY_GROUP: directory:{Grantee.GranteeIdentifier} may {Permission~s3access} on arn:aws:s3:::{AccessGrantsLocationId}/{AccessGrantsLocationConfiguration.S3SubPrefix|*}"),

		// Networks. Amazon VPC User Guide, "Configure an endpoint service".
		permit("AWS::EC2::VPCEndpointServicePermissions", "AllowedPrincipals", "endpoint-service", "ServiceId", "AWS::EC2::VPCEndpointService", "lets principals connect to a service",
			"{AllowedPrincipals} may ec2:CreateVpcEndpoint on *"),
		permit("AWS::EC2::NetworkInterfacePermission", "AwsAccountId", "network-interface", "NetworkInterfaceId", "AWS::EC2::NetworkInterface", "shares a network interface",
			"{AwsAccountId} may ec2:AttachNetworkInterface on * if StringEquals ec2:Permission {Permission}"),
		permit("AWS::ImageBuilder::DistributionConfiguration", "Distributions", "images", "", "AWS::ImageBuilder::DistributionConfiguration", "shares the images it makes",
			"each Distributions: {AmiDistributionConfiguration.LaunchPermissionConfiguration.UserIds}, {AmiDistributionConfiguration.LaunchPermissionConfiguration.UserGroups~all}, {AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationArns}, {AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationalUnitArns}, {AmiDistributionConfiguration.TargetAccountIds} may ec2:RunInstances on *"),
		permit("AWS::DLM::LifecyclePolicy", "PolicyDetails", "snapshots", "", "AWS::DLM::LifecyclePolicy", "shares the snapshots it makes",
			"{PolicyDetails.Schedules[].ShareRules[].TargetAccounts} may ec2:CreateVolume, ec2:CopySnapshot on *"),

		// Interfaces. Amazon API Gateway Developer Guide, "Control access to a REST API". What
		// browsers ask first is answered by the API itself ("Enable CORS on a resource").
		yielding(permit("AWS::ApiGateway::Method", "AuthorizationType", "rest-api", "RestApiId", "AWS::ApiGateway::RestApi", "opens a method to everyone",
			"when AuthorizationType=NONE unless HttpMethod=OPTIONS and Integration.Type=MOCK: * may execute-api:Invoke on arn:aws:execute-api:*:*:{RestApiId}/*/{HttpMethod~any}/{ResourceId}")),
		yielding(operating("AWS::ApiGateway::RestApi", "Body", "rest-api")),
		yielding(operating("AWS::ApiGateway::RestApi", "Auth", "rest-api")),
		operating("AWS::ApiGatewayV2::Api", "Body", "api"),
		operating("AWS::ApiGatewayV2::Api", "Auth", "api"),
		operating("AWS::ApiGatewayV2::Api", "Target", "api"),
		permit("AWS::ApiGatewayV2::Route", "RouteKey", "api", "ApiId", "AWS::ApiGatewayV2::Api", "opens a route to everyone",
			"when AuthorizationType=NONE|: * may execute-api:Invoke on arn:aws:execute-api:*:*:{ApiId}/*/{RouteKey~route}"),
		permit("AWS::VpcLattice::Service", "AuthType", "lattice-service", "", "AWS::VpcLattice::Service", "opens a service to its networks",
			"when AuthType=NONE: * may vpc-lattice-svcs:Invoke on * if StringEquals aws:SourceVpc associated-networks"),
		permit("AWS::VpcLattice::ServiceNetwork", "AuthType", "lattice-service", "", "AWS::VpcLattice::ServiceNetwork", "opens the services of a network to its networks",
			"when AuthType=NONE: * may vpc-lattice-svcs:Invoke on * if StringEquals aws:SourceVpc associated-networks"),
		// Amazon Cognito Developer Guide, "Identity pools authentication flow".
		permit("AWS::Cognito::IdentityPool", "AllowUnauthenticatedIdentities", "identity-pool", "", "AWS::Cognito::IdentityPool", "gives guests an identity",
			"when AllowUnauthenticatedIdentities=true: * may cognito-identity:GetId, cognito-identity:GetOpenIdToken, cognito-identity:GetCredentialsForIdentity on *"),
		// Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries".
		permit("AWS::EKS::AccessEntry", "PrincipalArn", "cluster", "ClusterName", "AWS::EKS::Cluster", "lets a principal into a cluster",
			"{PrincipalArn} may eks:AccessKubernetesApi on arn:aws:eks:*:*:cluster/{ClusterName}; {PrincipalArn} may eks:AccessKubernetesApi on arn:aws:eks:*:*:cluster/{ClusterName}/group/{KubernetesGroups}; {PrincipalArn} may eks:AccessKubernetesApi on arn:aws:eks:*:*:cluster/{ClusterName}/user/{Username}"),
		// AWS Lake Formation Developer Guide, "Lake Formation permissions reference". What a
		// permission is about has no ARN; the same description is the same thing.
		permit("AWS::LakeFormation::PrincipalPermissions", "Permissions", "data-lake", "", "", "gives a principal access to a data lake",
			"{Principal.DataLakePrincipalIdentifier} may lakeformation:{Permissions~word} on arn:aws:lakeformation:*:*:{Resource~digest}; "+
				"{Principal.DataLakePrincipalIdentifier} may lakeformation:Grant{PermissionsWithGrantOption~word} on arn:aws:lakeformation:*:*:{Resource~digest}"),
		permit("AWS::LakeFormation::Permissions", "Permissions", "data-lake", "", "", "gives a principal access to a data lake",
			"{DataLakePrincipal.DataLakePrincipalIdentifier} may lakeformation:{Permissions~word} on arn:aws:lakeformation:*:*:{Resource~digest}; "+
				"{DataLakePrincipal.DataLakePrincipalIdentifier} may lakeformation:Grant{PermissionsWithGrantOption~word} on arn:aws:lakeformation:*:*:{Resource~digest}"),
		dashboard("AWS::QuickSight::Analysis", "Permissions"),
		dashboard("AWS::QuickSight::Dashboard", "Permissions"),
		dashboard("AWS::QuickSight::DataSet", "Permissions"),
		dashboard("AWS::QuickSight::DataSource", "Permissions"),
		dashboard("AWS::QuickSight::Folder", "Permissions"),
		dashboard("AWS::QuickSight::Template", "Permissions"),
		dashboard("AWS::QuickSight::Theme", "Permissions"),
		dashboard("AWS::QuickSight::Topic", "Permissions"),

		// IAM User Guide, "Create a service-linked role".
		{Type: "AWS::IAM::ServiceLinkedRole", Path: "AWSServiceName", Kind: trust, Subject: "role", CFN: "AWS::IAM::AssumeRolePolicyDocument",
			Permit: &permitForm{Does: "gives a service a role of its own", Text: "{AWSServiceName} may sts:AssumeRole on nothing"}},
	}
}

func permit(typ, path, subject, of, cfn, does, text string) row {
	return row{Type: typ, Path: path, Kind: resource, Subject: subject, Of: of, CFN: cfn, Permit: &permitForm{Does: does, Text: text}}
}

// operating is a row about a property that describes the operations of an API.
func operating(typ, path, subject string) row {
	r := permit(typ, path, subject, "", typ, "opens operations of an API to everyone", "")
	r.Permit.Operations = true
	return r
}

func yielding(r row) row {
	r.Permit.Yields = true
	return r
}

// dashboard is a row about a resource of Amazon QuickSight (Amazon QuickSight API
// Reference, "ResourcePermission").
func dashboard(typ, path string) row {
	return permit(typ, path, "analysis", "", typ, "shares an analysis or its data", "each "+path+": {Principal} may {Actions} on *")
}
