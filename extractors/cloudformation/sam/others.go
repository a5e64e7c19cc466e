package sam

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// simpleTable expands AWS::Serverless::SimpleTable.
func (e *expander) simpleTable(s *serverless) {
	e.emit(s, s.at, s.id, tableType, s.object(
		is("TableName", s.props.Get("TableName")), is("SSESpecification", s.props.Get("SSESpecification"))))
}

// layerVersion expands AWS::Serverless::LayerVersion. SAM adds a hash of the properties
// to the logical ID, and here it stays.
func (e *expander) layerVersion(s *serverless) {
	name := s.props.Get("LayerName")
	if name == nil {
		name = s.text(s.id)
	}
	e.emit(s, s.at, s.id, "AWS::Lambda::LayerVersion", s.object(is("LayerName", name)))
}

// application expands AWS::Serverless::Application: a nested stack with a template of
// its own, or one of the AWS Serverless Application Repository, which nobody sees here.
func (e *expander) application(s *serverless) {
	location := s.props.Get("Location")
	url := location
	if _, ok := location.Text(); !ok {
		url = e.unread(placed(location, s.at).at, location, "an application of the AWS Serverless Application Repository is not read",
			"What it gives access to cannot be told from the template. Its template is shown by: aws serverlessrepo get-application.")
	}
	e.emit(s, s.at, s.id, "AWS::CloudFormation::Stack", s.object(
		is("TemplateURL", url), is("Parameters", s.props.Get("Parameters"))))
}

// operator makes a role for a service of Lambda itself, unless the property has one,
// and returns the ARN of either.
func (e *expander) operator(s *serverless, property, suffix, policy string) *tree.Node {
	if own := s.props.Get(property); given(own) {
		return own
	}
	r := &role{builder: s.builder, id: s.id + suffix, trust: s.trust("lambda.amazonaws.com")}
	r.attach(e.awsManaged(s.builder, policy))
	e.emit(s, s.at, r.id, roleType, r.properties())
	return r.arn()
}

// capacityProvider expands AWS::Serverless::CapacityProvider.
func (e *expander) capacityProvider(s *serverless) {
	arn := e.operator(s, "OperatorRole", "OperatorRole", "AWSLambdaManagedEC2ResourceOperator")
	e.emit(s, s.at, s.id, "AWS::Lambda::CapacityProvider", s.object(
		is("PermissionsConfig", s.object(is("CapacityProviderOperatorRoleArn", arn))), is("VpcConfig", s.props.Get("VpcConfig"))))
}

// networkConnector expands AWS::Serverless::NetworkConnector.
func (e *expander) networkConnector(s *serverless) {
	arn := e.operator(s, "OperatorRole", "OperatorRole", "AWSLambdaNetworkConnectorOperatorPolicy")
	e.emit(s, s.at, s.id, "AWS::Lambda::NetworkConnector", s.object(is("OperatorRole", arn)))
}

// webFunction expands AWS::Serverless::WebFunction.
func (e *expander) webFunction(s *serverless) {
	arn := e.operator(s, "ExecutionRoleArn", "Role", "service-role/AWSLambdaBasicExecutionRole")
	e.emit(s, s.at, s.id, "AWS::Lambda::WebFunction", s.object(is("FunctionName", s.props.Get("FunctionName"))))
	e.emit(s, s.at, s.id+"Endpoint", "AWS::Lambda::WebFunctionEndpoint", s.object(is("AuthType", s.props.Get("AuthType"))))
	e.emit(s, s.at, s.id+"Revision", "AWS::Lambda::WebFunctionRevision", s.object(is("ServiceConfig", s.object(is("ExecutionRoleArn", arn)))))
}

// microVMImage expands AWS::Serverless::MicroVMImage, whose build role reads the code.
func (e *expander) microVMImage(s *serverless) {
	arn := s.props.Get("BuildRoleArn")
	if !given(arn) {
		r := &role{builder: s.builder, id: s.id + "BuildRole", trust: s.trust("lambda.amazonaws.com")}
		r.give(s.builder, "MicrovmImageBuildPolicy", s.document(
			s.permit(e.codeBucket(s), "s3:GetObject"),
			s.permit(s.text("*"), "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")))
		e.emit(s, s.at, r.id, roleType, r.properties())
		arn = r.arn()
	}
	e.emit(s, s.at, s.id, "AWS::Lambda::MicrovmImage", s.object(is("BuildRoleArn", arn)))
}

// codeBucket is the ARN of the objects in the bucket of CodeUri. The bucket of code in a
// folder is chosen by whoever packages the template.
func (e *expander) codeBucket(s *serverless) *tree.Node {
	uri := s.props.Get("CodeUri")
	b := placed(uri, s.at)
	if text, ok := e.resolved(uri).Text(); ok {
		rest, found := strings.CutPrefix(text, "s3://")
		bucket, _, _ := strings.Cut(rest, "/")
		if !found || bucket == "" {
			return b.unknown(uri)
		}
		return b.substituted("arn:${AWS::Partition}:s3:::" + bucket + "/*")
	}
	parts := b.call("Fn::Split", b.list(b.text("/"), orEmpty(b, uri)))
	return b.substituted("arn:${AWS::Partition}:s3:::${Bucket}/*", is("Bucket", b.call("Fn::Select", b.list(b.text("2"), parts))))
}
