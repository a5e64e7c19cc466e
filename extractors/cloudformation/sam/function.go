package sam

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// function is what is known of a function while its events are expanded.
type function struct {
	*serverless
	role  *role
	alias string // logical ID of the alias that events go to, or ""
}

// target is the logical ID of what events invoke.
func (f *function) target() string {
	if f.alias != "" {
		return f.alias
	}
	return f.id
}

// name is what a permission or an event source mapping names: an alias by its ARN.
func (f *function) name(b builder) *tree.Node { return b.ref(f.target()) }

// arn is the ARN of what events invoke.
func (f *function) arn(b builder) *tree.Node {
	if f.alias != "" {
		return b.ref(f.alias)
	}
	return b.getAtt(f.id, "Arn")
}

// onlySAM are the properties of AWS::Serverless::Function that AWS::Lambda::Function
// does not have.
var onlySAM = []string{
	"Policies", "AssumeRolePolicyDocument", "PermissionsBoundary", "RolePath", "Events", "FunctionUrlConfig",
	"EventInvokeConfig", "AutoPublishAlias", "AutoPublishCodeSha256", "AutoPublishAliasAllProperties",
	"VersionDescription", "VersionDeletionPolicy", "ProvisionedConcurrencyConfig", "DeploymentPreference",
	"DeadLetterQueue", "Tracing", "CodeUri", "ImageUri", "InlineCode", "SourceKMSKeyArn", "Tags", "PropagateTags",
}

// function expands AWS::Serverless::Function ("AWS::Serverless::Function" and
// "AWS CloudFormation resources generated when AWS::Serverless::Function is specified"
// of the AWS SAM Developer Guide).
func (e *expander) function(s *serverless) {
	f := &function{serverless: s, role: e.functionRole(s)}
	properties := s.props
	for _, name := range onlySAM {
		properties = properties.Without(name)
	}
	if target := s.props.Path("DeadLetterQueue", "TargetArn"); target != nil {
		properties = properties.With("DeadLetterConfig", s.object(is("TargetArn", target)))
	}
	e.publish(f)
	e.functionURL(f)
	e.destinations(f)
	e.events(f)
	properties, generated, condition := e.useRole(s, f.role, properties)
	e.emit(s, s.at, s.id, functionType, properties)
	if generated {
		e.emitWhen(s, s.at, f.role.id, roleType, f.role.properties(), condition)
	}
}

// functionRole is the role that SAM makes for a function, before its events add to it.
func (e *expander) functionRole(s *serverless) *role {
	r := &role{builder: s.builder, id: s.id + "Role", trust: s.props.Get("AssumeRolePolicyDocument")}
	if r.trust.IsNull() {
		r.trust = s.builder.trust("lambda.amazonaws.com")
	}
	r.boundary, r.path = s.props.Get("PermissionsBoundary"), s.props.Get("RolePath")
	basic := "service-role/AWSLambdaBasicExecutionRole"
	if given(s.props.Get("DurableConfig")) {
		basic = "service-role/AWSLambdaBasicDurableExecutionRolePolicy"
	}
	r.attach(e.awsManaged(s.builder, basic))
	if t := s.props.Get("Tracing"); given(t) && e.word(t) != "Disabled" {
		r.attach(e.xray(placed(t, s.at)))
	}
	if v := s.props.Get("VpcConfig"); given(v) {
		r.attach(e.awsManaged(placed(v, s.at), "service-role/AWSLambdaVPCAccessExecutionRole"))
	}
	if q := s.props.Get("DeadLetterQueue"); given(q) {
		e.deadLetters(r, q)
	}
	e.addPolicies(r, s.props.Get("Policies"))
	return r
}

// deadLetters lets a role send to the dead letter queue or topic of a function.
func (e *expander) deadLetters(r *role, q *tree.Node) {
	b := builder{q.Range}
	actions := map[string]string{"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}
	kind, _ := q.Get("Type").Text()
	target := q.Get("TargetArn")
	document := b.document(b.permit(target, actions[kind]))
	if actions[kind] == "" || target == nil {
		document = e.unread(q.Range, q, "DeadLetterQueue cannot be read", "Expected Type, SQS or SNS, and TargetArn.")
	}
	r.give(b, "DeadLetterQueuePolicy", document)
}

// useRole sets the role of a function: the one given, the one made, or either by a
// condition, where one branch of Fn::If is AWS::NoValue.
func (e *expander) useRole(s *serverless, r *role, properties *tree.Node) (_ *tree.Node, generated bool, condition *tree.Node) {
	own := s.props.Get("Role")
	condition = s.node.Get("Condition")
	if own.IsNull() {
		return properties.With("Role", r.arn()), true, condition
	}
	when, yes, no, ok := branches(own)
	if !ok || !noValue(yes) && !noValue(no) {
		return properties, false, nil
	}
	name, ok := when.Text()
	switch {
	case noValue(yes) && noValue(no):
		return properties.With("Role", r.arn()), true, condition
	case !ok:
		return properties, false, nil
	case noValue(yes):
		return properties.With("Role", s.either(when, r.arn(), no)), true, when
	}
	not := "NOT" + name
	e.condition(not, s.call("Fn::Not", s.list(s.object(is("Condition", when)))))
	return properties.With("Role", s.either(when, yes, r.arn())), true, s.text(not)
}

const (
	aliasType   = "AWS::Lambda::Alias"
	versionType = "AWS::Lambda::Version"
)

// publish makes the version and the alias of AutoPublishAlias. The logical ID of a
// version ends in a hash of the code in SAM, and here does not.
func (e *expander) publish(f *function) {
	property := f.props.Get("AutoPublishAlias")
	if !given(property) {
		return
	}
	// Which of several aliases it is changes nothing but its name.
	name, _ := e.resolved(property).Text()
	if name == "" {
		name, _ = e.defaulted(property).Text()
	}
	if name == "" {
		e.fail(property.Range, "AutoPublishAlias is not known", "Expected a text, or a reference to a parameter that has a value. Give the parameter: --param NAME=VALUE.")
		return
	}
	b := builder{property.Range}
	version := f.id + "Version"
	f.alias = f.id + "Alias" + strings.NewReplacer("-", "D", "_", "U").Replace(name)
	e.emit(f.serverless, f.at, version, versionType, b.object(is("FunctionName", b.ref(f.id))))
	e.emit(f.serverless, f.at, f.alias, aliasType, b.object(
		is("FunctionName", b.ref(f.id)), is("FunctionVersion", b.getAtt(version, "Version")), is("Name", b.text(name))))
	e.renamed[f.id+".Version"], e.renamed[f.id+".Alias"] = b.text(version), b.text(f.alias)
	if d := f.props.Get("DeploymentPreference"); given(d) {
		e.prefer(f, d)
	}
}

const permissionType = "AWS::Lambda::Permission"

// permission lets a service invoke the function. See "AWS::Lambda::Permission" of the
// AWS CloudFormation User Guide.
func (e *expander) permission(f *function, b builder, id, principal string, more ...entry) {
	entries := append([]entry{
		is("Action", b.text("lambda:InvokeFunction")), is("FunctionName", f.name(b)), is("Principal", b.text(principal)),
	}, more...)
	e.emit(f.serverless, b.at, id, permissionType, b.object(entries...))
}

// functionURL expands FunctionUrlConfig. A URL without authentication gets two
// permissions for everyone; an AuthType that is a function gets none.
func (e *expander) functionURL(f *function) {
	c := f.props.Get("FunctionUrlConfig")
	if !given(c) {
		return
	}
	b := builder{c.Range}
	auth := c.Get("AuthType")
	e.emit(f.serverless, b.at, f.id+"Url", "AWS::Lambda::Url", b.object(
		is("AuthType", auth), is("Cors", c.Get("Cors")), is("InvokeMode", c.Get("InvokeMode")), is("TargetFunctionArn", f.name(b))))
	if text, ok := auth.Text(); !ok || text != "NONE" {
		return
	}
	b = builder{auth.Range}
	e.emit(f.serverless, b.at, f.id+"UrlPublicPermissions", permissionType, b.object(
		is("Action", b.text("lambda:InvokeFunctionUrl")), is("FunctionName", f.name(b)), is("Principal", b.text("*")),
		is("FunctionUrlAuthType", auth)))
	e.emit(f.serverless, b.at, f.id+"URLInvokeAllowPublicAccess", permissionType, b.object(
		is("Action", b.text("lambda:InvokeFunction")), is("FunctionName", f.name(b)), is("Principal", b.text("*")),
		is("InvokedViaFunctionUrl", tree.NewBool(true, b.at))))
}

// destinationActions are what a destination of asynchronous invocations is given.
var destinationActions = map[string]struct{ action, suffix string }{
	"SQS":         {"sqs:SendMessage", "SQSPolicy"},
	"SNS":         {"sns:Publish", "SNSPolicy"},
	"EventBridge": {"events:PutEvents", "EventBridgePolicy"},
	"Lambda":      {"lambda:InvokeFunction", "LambdaPolicy"},
}

// destinations expands EventInvokeConfig: the role may send to the destinations, and a
// queue or topic is made where none is named.
func (e *expander) destinations(f *function) {
	c := f.props.Get("EventInvokeConfig")
	if !given(c) {
		return
	}
	id := f.id + "EventInvokeConfig"
	var config []entry
	for _, name := range []string{"OnSuccess", "OnFailure"} {
		if d := c.Path("DestinationConfig", name); !d.IsNull() {
			config = append(config, is(name, builder{d.Range}.object(is("Destination", e.destination(f, d, id+name, name)))))
		}
	}
	b := builder{c.Range}
	e.emit(f.serverless, b.at, id, "AWS::Lambda::EventInvokeConfig", b.object(
		is("FunctionName", b.ref(f.id)), is("DestinationConfig", b.object(config...))))
}

func (e *expander) destination(f *function, d *tree.Node, id, event string) *tree.Node {
	b := builder{d.Range}
	kind, _ := d.Get("Type").Text()
	target := d.Get("Destination")
	when, other := e.absentWhen(target, f.id+"EventInvokeConfig")
	if target.IsNull() || when != nil {
		made := id + map[string]string{"SQS": "Queue", "SNS": "Topic"}[kind]
		arn := b.ref(made)
		condition := e.both(f, when)
		switch kind {
		case "SQS":
			arn = b.getAtt(made, "Arn")
			e.emitWhen(f.serverless, b.at, made, queueType, b.object(), condition)
			e.renamed[f.id+".DestinationQueue"] = b.text(made)
		case "SNS":
			e.emitWhen(f.serverless, b.at, made, topicType, b.object(), condition)
			e.renamed[f.id+".DestinationTopic"] = b.text(made)
		default:
			e.fail(d.Range, fmt.Sprintf("the destination %s names no target", event), "Expected Destination, which only the types SQS and SNS may leave out.")
			return nil
		}
		target = arn
		if when != nil {
			target = b.either(when, arn, other)
		}
	}
	e.mayDeliver(f.role, b, kind, target, id)
	return target
}

// mayDeliver lets a role send to a destination.
func (e *expander) mayDeliver(r *role, b builder, kind string, target *tree.Node, id string) {
	if kind == "S3Bucket" || kind == "S3" {
		r.give(b, id+"S3Policy", b.document(
			b.permit(b.call("Fn::Join", b.list(b.text("/"), b.list(target, b.text("*")))), "s3:PutObject"),
			b.permit(target, "s3:ListBucket")))
		return
	}
	d, ok := destinationActions[kind]
	if !ok {
		r.give(b, id+"Policy", e.unread(b.at, b.list(b.text(kind), target), fmt.Sprintf("the type %s of a destination is not known", quoted(kind)),
			"Expected SQS, SNS, EventBridge, Lambda or S3Bucket. "+processed))
		return
	}
	r.give(b, id+d.suffix, b.document(b.permit(target, d.action)))
}

// absentWhen takes a destination apart that a condition leaves out: the condition under
// which SAM makes one, and the target otherwise.
func (e *expander) absentWhen(target *tree.Node, id string) (when, other *tree.Node) {
	condition, yes, no, ok := branches(target)
	if !ok || noValue(yes) == noValue(no) {
		return nil, nil
	}
	if noValue(yes) {
		return condition, no
	}
	b := builder{target.Range}
	name := hashed("NOT"+condition.Value, id)
	e.condition(name, b.call("Fn::Not", b.list(b.object(is("Condition", condition)))))
	return b.text(name), yes
}

// both is the condition that holds when that of the function and another do.
func (e *expander) both(f *function, when *tree.Node) *tree.Node {
	own := f.node.Get("Condition")
	if own == nil || when == nil {
		if when == nil {
			return own
		}
		return when
	}
	name := hashed(own.Value+"AND"+when.Value, f.id)
	e.condition(name, f.call("Fn::And", f.list(f.object(is("Condition", own)), f.object(is("Condition", when)))))
	return f.text(name)
}
