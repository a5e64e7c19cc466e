package sam

import (
	"strconv"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// graphQLAPI expands AWS::Serverless::GraphQLApi: a role for its log, permissions for
// the functions that authorize, and a role with a connector for each data source.
func (e *expander) graphQLAPI(s *serverless) {
	auth := s.props.Get("Auth")
	entries := append(provider(auth), is("Name", s.props.Get("Name")), is("Visibility", s.props.Get("Visibility")))
	e.emit(s, s.at, s.id, graphQLAPIType, s.object(append(entries, is("AdditionalAuthenticationProviders", providers(auth.Get("Additional"))))...))
	e.graphQLLog(s)
	n := 0
	all := []*tree.Node{auth}
	if more := auth.Get("Additional"); more != nil {
		all = append(all, more.Items...)
	}
	for _, p := range all {
		kind, _ := p.Get("Type").Text()
		arn := p.Path("LambdaAuthorizer", "AuthorizerUri")
		if kind != "AWS_LAMBDA" || arn == nil {
			continue
		}
		n++
		b := builder{p.Range}
		e.connector(&serverless{
			builder: b, id: s.id + "ToLambdaAuthConnector" + strconv.Itoa(n), kind: "Connector", node: b.object(),
			props: b.object(
				is("Source", b.object(is("Type", b.text(graphQLAPIType)), is("Arn", b.ref(s.id)), is("ResourceId", b.getAtt(s.id, "ApiId")))),
				is("Destination", b.object(is("Type", b.text(functionType)), is("Arn", arn))),
				is("Permissions", b.texts("Write"))),
		})
	}
	e.dataSources(s, "DynamoDb", "DynamoDB", "ToTableConnector", tableType)
	e.dataSources(s, "Lambda", "Lambda", "ToLambdaConnector", functionType)
}

// provider is how callers of a GraphQL API show who they are, in the properties of the
// API or of one more provider.
func provider(auth *tree.Node) []entry {
	if auth != nil && auth.Kind == tree.Map {
		if _, _, call := auth.Intrinsic(); !call {
			return []entry{
				is("AuthenticationType", auth.Get("Type")), is("UserPoolConfig", auth.Get("UserPool")),
				is("OpenIDConnectConfig", auth.Get("OpenIDConnect")), is("LambdaAuthorizerConfig", auth.Get("LambdaAuthorizer")),
			}
		}
	}
	return []entry{is("AuthenticationType", auth)} // what the service refuses is compared as it is
}

func providers(list *tree.Node) *tree.Node {
	if list == nil || list.Kind != tree.List {
		return list
	}
	items := make([]*tree.Node, len(list.Items))
	for i, item := range list.Items {
		items[i] = builder{item.Range}.object(provider(item)...)
	}
	return tree.NewList(list.Range, items...)
}

// graphQLLog makes the role that writes the log, unless logging is off or has one.
func (e *expander) graphQLLog(s *serverless) {
	logging := s.props.Get("Logging")
	if on, ok := logging.Truth(); ok && !on || given(logging.Get("CloudWatchLogsRoleArn")) {
		return
	}
	b := placed(logging, s.at)
	r := &role{builder: b, id: s.id + "CloudWatchRole", trust: b.trust("appsync.amazonaws.com")}
	r.attach(e.awsManaged(b, "service-role/AWSAppSyncPushToCloudWatchLogs"))
	e.emit(s, b.at, r.id, roleType, r.properties())
}

// dataSources makes the data sources of one kind.
func (e *expander) dataSources(s *serverless, property, kind, suffix, destination string) {
	all := s.props.Path("DataSources", property)
	if all == nil || all.Kind != tree.Map {
		return
	}
	for i := range all.Fields {
		f := &all.Fields[i]
		b := builder{f.At}
		id := s.id + f.Key + kind + "DataSource"
		r := &role{builder: b, id: id + "Role", trust: b.trust("appsync.amazonaws.com")}
		service := f.Value.Get("ServiceRoleArn")
		arn, permissions := f.Value.Get("FunctionArn"), b.texts("Write")
		if destination == tableType {
			arn, permissions = tableARN(b, f.Value), b.texts("Read", "Write")
			if own := f.Value.Get("Permissions"); given(own) {
				permissions = own
			}
		}
		own := given(service)
		if !own {
			service = r.arn()
			e.emit(s, b.at, r.id, roleType, r.properties())
		}
		e.emit(s, b.at, id, dataSourceType, b.object(is("ServiceRoleArn", service), is("ApiId", b.getAtt(s.id, "ApiId")), is("Name", b.text(f.Key))))
		if own {
			continue
		}
		e.connector(&serverless{
			builder: b, id: id + suffix, kind: "Connector", node: b.object(),
			props: b.object(
				is("Source", b.object(is("Type", b.text(dataSourceType)), is("Arn", b.ref(id)), is("RoleName", b.ref(r.id)))),
				is("Destination", b.object(is("Type", b.text(destination)), is("Arn", arn))),
				is("Permissions", permissions)),
		})
	}
}

func tableARN(b builder, source *tree.Node) *tree.Node {
	if arn := source.Get("TableArn"); given(arn) {
		return arn
	}
	region := source.Get("Region")
	if !given(region) {
		region = b.ref("AWS::Region")
	}
	return b.substituted("arn:${AWS::Partition}:dynamodb:${TableRegion}:${AWS::AccountId}:table/${TableName}",
		is("TableName", orEmpty(b, source.Get("TableName"))), is("TableRegion", region))
}
