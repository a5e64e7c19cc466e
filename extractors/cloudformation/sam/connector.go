package sam

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// end is one end of a connector.
type end struct {
	typ                      string
	arn, name, id, qualifier *tree.Node
	url                      *tree.Node // of a queue
	role                     *tree.Node // the name of the role that it acts with
}

// embeddedConnectors expands the attribute Connectors of any resource, whose source is
// the resource itself.
func (e *expander) embeddedConnectors(resources []tree.Field) {
	for i := range resources {
		f := &resources[i]
		all := f.Value.Get("Connectors")
		if all == nil {
			continue
		}
		e.current = f.Key
		if all.Kind != tree.Map || isCall(all) {
			e.fail(all.Range, "Connectors is no map", "Expected a map of connectors, each with Properties.")
			continue
		}
		for j := range all.Fields {
			c := &all.Fields[j]
			props := c.Value.Get("Properties")
			if props == nil || props.Kind != tree.Map {
				e.fail(c.At, fmt.Sprintf("the connector %s has no properties", quoted(c.Key)), "Expected Properties with Destination and Permissions.")
				continue
			}
			b := builder{c.At}
			source := b.object(is("Id", b.text(f.Key)))
			if more := props.Get("SourceReference"); more != nil {
				source = e.merged(source, more)
			}
			// A connector has no attributes of the resource that it is written at.
			e.connector(&serverless{
				builder: b, id: f.Key + c.Key, kind: "Connector", node: c.Value, props: props.Without("SourceReference").With("Source", source),
			})
		}
	}
}

// connector expands AWS::Serverless::Connector.
func (e *expander) connector(s *serverless) {
	source, destination := s.props.Get("Source"), s.props.Get("Destination")
	many := destination != nil && destination.Kind == tree.List
	ends := []*tree.Node{destination}
	if many {
		ends = destination.Items
	}
	permissions := s.props.Get("Permissions")
	for i, d := range ends {
		suffix := ""
		if many {
			suffix = "Destination" + strconv.Itoa(i)
		}
		e.connect(s, suffix, source, d, permissions)
	}
}

// connect expands one destination of a connector.
func (e *expander) connect(s *serverless, suffix string, from, to, permissions *tree.Node) {
	b := placed(to, s.at)
	source, ok := e.end(s, from, to, "Source")
	destination, ok2 := e.end(s, to, from, "Destination")
	if !ok || !ok2 {
		return
	}
	i := slices.IndexFunc(connections, func(c connection) bool { return c.Source == source.typ && c.Destination == destination.typ })
	if i < 0 {
		e.fail(b.at, fmt.Sprintf("the connector %s is of no known kind", quoted(s.id)), fmt.Sprintf(
			"There is no connector from %s to %s, or it is newer than this program. %s", quoted(source.typ), quoted(destination.typ), processed))
		return
	}
	c := connections[i]
	statements, ok := e.granted(s, c, permissions)
	if !ok {
		return
	}
	w := &connectorWriter{builder: b, expander: e, s: s, suffix: suffix, source: source, destination: destination}
	w.write(c, statements)
}

// granted are the statements for the permissions of a connector.
func (e *expander) granted(s *serverless, c connection, permissions *tree.Node) ([]statement, bool) {
	b := placed(permissions, s.at)
	read, write := false, false
	if permissions != nil {
		for _, item := range aList(permissions).Items {
			switch text, _ := item.Text(); {
			case text == "Read" && c.Read != nil:
				read = true
			case text == "Write" && c.Write != nil:
				write = true
			default:
				e.fail(b.at, fmt.Sprintf("the permissions of the connector %s are not known", quoted(s.id)), fmt.Sprintf(
					"Expected %s from %s to %s.", validPermissions(c), c.Source, c.Destination))
				return nil, false
			}
		}
	}
	if !read && !write || c.Together == "Write" && !read || c.Together == "both" && read != write {
		e.fail(b.at, fmt.Sprintf("the permissions of the connector %s are not valid", quoted(s.id)), fmt.Sprintf(
			"Expected %s from %s to %s. SAM refuses the template.", validPermissions(c), c.Source, c.Destination))
		return nil, false
	}
	var out []statement
	if read {
		out = append(out, c.Read...)
	}
	if write {
		out = append(out, c.Write...)
	}
	return out, true
}

func validPermissions(c connection) string {
	switch {
	case c.Together == "both":
		return "Read and Write together"
	case c.Together == "Write":
		return "Read, or Read and Write together"
	case c.Read == nil:
		return "Write"
	case c.Write == nil:
		return "Read"
	}
	return "Read, Write or both"
}

// end reads one end of a connector: a resource of the template by its Id, or its
// properties written out.
func (e *expander) end(s *serverless, n, other *tree.Node, which string) (end, bool) {
	b := placed(n, s.at)
	var x end
	id, byID := n.Get("Id").Text()
	if !byID {
		x.typ, _ = n.Get("Type").Text()
		if plain, ok := plainTypes[x.typ]; ok {
			x.typ = plain
		}
		x.arn, x.name, x.id, x.url = n.Get("Arn"), n.Get("Name"), n.Get("ResourceId"), n.Get("QueueUrl")
		x.qualifier, x.role = n.Get("Qualifier"), n.Get("RoleName")
		return x, true
	}
	resource := e.resource(id)
	if resource == nil {
		e.fail(b.at, fmt.Sprintf("the %s of the connector %s is not in the template", strings.ToLower(which), quoted(s.id)),
			fmt.Sprintf("Expected the logical ID of a resource, not %s.", quoted(id)))
		return x, false
	}
	x.typ = typeOf(resource)
	x.arn, x.url, x.qualifier = b.getAtt(id, "Arn"), b.ref(id), n.Get("Qualifier")
	switch x.typ {
	case stateMachineType:
		x.arn, x.name = b.ref(id), b.getAtt(id, "Name")
	case topicType, dataSourceType:
		x.arn = b.ref(id)
	case graphQLAPIType:
		x.arn, x.id = b.ref(id), b.getAtt(id, "ApiId")
	case restAPIType, httpAPIType:
		x.id = b.ref(id)
		if x.qualifier == nil {
			x.qualifier = b.text("*")
		}
	}
	x.role = roleName(b, resource, x.typ, other)
	return x, true
}

// plainTypes are what resources of SAM become.
var plainTypes = map[string]string{
	prefix + "Function": functionType, prefix + "StateMachine": stateMachineType, prefix + "Api": restAPIType,
	prefix + "HttpApi": httpAPIType, prefix + "SimpleTable": tableType,
}

// roleName is the name of the role that a resource acts with, where it refers to one of
// the template.
func roleName(b builder, resource *tree.Node, typ string, other *tree.Node) *tree.Node {
	var role *tree.Node
	switch typ {
	case functionType:
		role = resource.Path("Properties", "Role")
	case stateMachineType:
		role = resource.Path("Properties", "RoleArn")
	case dataSourceType:
		role = resource.Path("Properties", "ServiceRoleArn")
	case ruleType:
		role = targetRole(resource, other)
	}
	if id := referred(role); id != "" {
		return b.ref(id)
	}
	return nil
}

// targetRole is the role of the target of a rule that the other end of a connector is.
func targetRole(rule, other *tree.Node) *tree.Node {
	targets := rule.Path("Properties", "Targets")
	if targets == nil || targets.Kind != tree.List {
		return nil
	}
	id, _ := other.Get("Id").Text()
	for _, t := range targets.Items {
		arn := t.Get("Arn")
		if id != "" && referred(arn) == id || other.Get("Arn") != nil && arn != nil && sameNode(arn, other.Get("Arn")) {
			return t.Get("RoleArn")
		}
	}
	return nil
}

// connectorWriter writes what one destination of a connector becomes.
type connectorWriter struct {
	builder
	*expander
	s                   *serverless
	suffix              string
	source, destination end
}

func (w *connectorWriter) values() []entry {
	return []entry{
		is("SourceArn", w.source.arn), is("SourceId", w.source.id), is("SourceQualifier", w.source.qualifier),
		is("DestinationArn", w.destination.arn), is("DestinationName", w.destination.name),
	}
}

// complete says whether all that a text refers to is known.
func (w *connectorWriter) complete(texts ...string) bool {
	for _, v := range w.values() {
		for _, text := range texts {
			if v.value == nil && strings.Contains(text, "${"+v.key+"}") {
				return false
			}
		}
	}
	return true
}

func (w *connectorWriter) lacks(what string) {
	w.fail(w.at, fmt.Sprintf("the connector %s cannot be expanded", quoted(w.s.id)),
		fmt.Sprintf("Expected %s: give the Id of a resource of the template, or all of its properties.", what))
}

func (w *connectorWriter) write(c connection, statements []statement) {
	texts := []string{c.SourceArn}
	for _, s := range statements {
		texts = append(texts, s.Resources)
	}
	if !w.complete(texts...) {
		w.lacks("the ARN, name or identifier of both ends")
		return
	}
	id := w.s.id
	switch c.Form {
	case sourceRole, destinationRole:
		role := w.source.role
		if c.Form == destinationRole {
			role = w.destination.role
		}
		if role == nil {
			w.lacks("the " + string(c.Form))
			return
		}
		nodes := make([]*tree.Node, len(statements))
		for i, s := range statements {
			nodes[i] = w.allow(s, w.values()...)
		}
		w.emit(w.s, w.at, id+"Policy"+w.suffix, "AWS::IAM::ManagedPolicy", w.object(
			is("PolicyDocument", w.document(nodes...)), is("Roles", w.list(role))))
	case functionPermission:
		w.emit(w.s, w.at, id+"WriteLambdaPermission"+w.suffix, permissionType, w.object(
			is("Action", w.text(statements[0].Actions)), is("FunctionName", w.destination.arn), is("Principal", w.text(c.Principal)),
			is("SourceArn", w.substituted(c.SourceArn, w.values()...)), is("SourceAccount", w.account(c))))
	case queuePolicy:
		if w.destination.url == nil {
			w.lacks("QueueUrl")
			return
		}
		w.emit(w.s, w.at, id+"QueuePolicy"+w.suffix, "AWS::SQS::QueuePolicy", w.object(
			is("Queues", w.list(w.destination.url)), is("PolicyDocument", w.resourcePolicy(c, statements))))
	case topicPolicy:
		w.emit(w.s, w.at, id+"TopicPolicy"+w.suffix, "AWS::SNS::TopicPolicy", w.object(
			is("Topics", w.list(w.destination.arn)), is("PolicyDocument", w.resourcePolicy(c, statements))))
	}
}

func (w *connectorWriter) account(c connection) *tree.Node {
	if c.SourceAccount == "" {
		return nil
	}
	return w.substituted(c.SourceAccount)
}

func (w *connectorWriter) resourcePolicy(c connection, statements []statement) *tree.Node {
	return w.document(w.sender(w.object(is("Service", w.text(c.Principal))), statements[0].Actions, w.destination.arn, w.substituted(c.SourceArn, w.values()...)))
}
