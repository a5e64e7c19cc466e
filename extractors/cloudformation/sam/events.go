package sam

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// event is an event of a function or a state machine.
type event struct {
	builder        // with the place of its name
	name    string // in the template
	id      string // the logical ID of what is made for it
	kind    string // its Type
	props   *tree.Node
}

// eventsOf are the events of a resource. SAM works through those of functions by their
// path, so that "$default" of an HTTP API comes before other paths.
func (e *expander) eventsOf(s *serverless) []*event {
	events := s.props.Get("Events")
	if !given(events) || events.Kind != tree.Map {
		return nil
	}
	if isCall(events) {
		e.fail(events.Range, "Events is a function", "Expected a map of events. "+processed)
		return nil
	}
	var out []*event
	for i := range events.Fields {
		f := &events.Fields[i]
		kind, ok := f.Value.Get("Type").Text()
		if !ok {
			e.fail(f.At, fmt.Sprintf("the event %s has no type", quoted(f.Key)), "Expected Type, such as Api or S3, as a text.")
			continue
		}
		props := f.Value.Get("Properties")
		if props == nil || props.Kind != tree.Map {
			props = tree.NewMap(f.Value.Range)
		}
		out = append(out, &event{builder{f.At}, f.Key, s.id + f.Key, kind, props})
	}
	return out
}

// events expands the events of a function ("EventSource" of the AWS SAM Developer
// Guide): each lets a service invoke the function, or lets the role read from a source.
func (e *expander) events(f *function) {
	events := e.eventsOf(f.serverless)
	slices.SortStableFunc(events, func(a, b *event) int { return cmp.Compare(a.order(), b.order()) })
	for _, v := range events {
		switch {
		case functionEvents[v.kind] != nil:
			functionEvents[v.kind](e, f, v)
		case pullEvents[v.kind] != nil:
			e.pull(f, v)
		default:
			e.unknownEvent(f.serverless, v)
		}
	}
}

func (v *event) order() string {
	if path, ok := v.props.Get("Path").Text(); ok {
		return path
	}
	return v.name
}

// unknownEvent reports an event of an unknown kind; what it gives is not known.
func (e *expander) unknownEvent(s *serverless, v *event) {
	doc := e.unread(v.at, v.list(v.text(v.kind), v.props), fmt.Sprintf("the type %s of an event is not known", quoted(v.kind)),
		fmt.Sprintf("What it lets %s be invoked by cannot be told. %s", s.id, processed))
	e.emit(s, v.at, v.id+"Permission", permissionType, v.object(
		is("FunctionName", v.ref(s.id)), is("Action", doc), is("Principal", doc)))
}

// functionEvents are the kinds of events in which a service invokes the function.
var functionEvents = map[string]func(*expander, *function, *event){
	"S3":              (*expander).bucketEvent,
	"SNS":             (*expander).topicEvent,
	"Schedule":        (*expander).ruleEvent,
	"CloudWatchEvent": (*expander).ruleEvent,
	"EventBridgeRule": (*expander).ruleEvent,
	"ScheduleV2":      (*expander).scheduleEvent,
	"Api":             (*expander).apiEvent,
	"HttpApi":         (*expander).httpAPIEvent,
	"CloudWatchLogs":  (*expander).logEvent,
	"IoTRule":         (*expander).iotEvent,
	"AlexaSkill":      (*expander).alexaEvent,
	"Cognito":         (*expander).poolEvent,
}

func (e *expander) bucketEvent(f *function, v *event) {
	e.permission(f, v.builder, v.id+"Permission", "s3.amazonaws.com", is("SourceAccount", v.ref("AWS::AccountId")))
}

func (e *expander) alexaEvent(f *function, v *event) {
	e.permission(f, v.builder, v.id+"Permission", "alexa-appkit.amazon.com", is("EventSourceToken", v.props.Get("SkillId")))
}

func (e *expander) poolEvent(f *function, v *event) {
	pool := referred(v.props.Get("UserPool"))
	if pool == "" {
		e.fail(v.at, fmt.Sprintf("the event %s names no user pool", quoted(v.name)), "Expected UserPool, a reference to a user pool of the template.")
	}
	e.permission(f, v.builder, f.target()+"CognitoPermission", "cognito-idp.amazonaws.com", is("SourceArn", v.getAtt(pool, "Arn")))
}

func (e *expander) logEvent(f *function, v *event) {
	group := v.props.Get("LogGroupName")
	e.permission(f, v.builder, v.id+"Permission", "logs.amazonaws.com", is("SourceArn", v.substituted(
		"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupName}:*", is("LogGroupName", orEmpty(v.builder, group)))))
	e.emit(f.serverless, v.at, v.id, "AWS::Logs::SubscriptionFilter", v.object(
		is("LogGroupName", group), is("FilterPattern", v.props.Get("FilterPattern")), is("DestinationArn", f.arn(v.builder))))
}

func (e *expander) iotEvent(f *function, v *event) {
	e.permission(f, v.builder, v.id+"Permission", "iot.amazonaws.com",
		is("SourceArn", v.substituted("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}", is("RuleName", v.ref(v.id)))),
		is("SourceAccount", v.ref("AWS::AccountId")))
	e.emit(f.serverless, v.at, v.id, "AWS::IoT::TopicRule", v.object(is("TopicRulePayload", v.object(
		is("Sql", v.props.Get("Sql")),
		is("Actions", v.list(v.object(is("Lambda", v.object(is("FunctionArn", f.arn(v.builder)))))))))))
}

// ruleEvent expands the events of EventBridge: a rule with the function as its target.
func (e *expander) ruleEvent(f *function, v *event) {
	e.permission(f, v.builder, v.id+"Permission", "events.amazonaws.com", is("SourceArn", v.getAtt(v.id, "Arn")))
	e.rule(f.serverless, v, f.arn(v.builder), nil)
}

// rule makes the rule of an event, and a queue for what cannot be delivered.
func (e *expander) rule(s *serverless, v *event, target, role *tree.Node) {
	dead := e.ruleQueue(s, v, true)
	name := v.props.Get("RuleName")
	if v.kind == "Schedule" {
		name = v.props.Get("Name")
	}
	e.emit(s, v.at, v.id, ruleType, v.object(
		is("Name", name),
		is("ScheduleExpression", v.props.Get("Schedule")),
		is("EventPattern", v.props.Get("Pattern")),
		is("EventBusName", v.props.Get("EventBusName")),
		is("Targets", v.list(v.object(is("Id", v.text("Target")), is("Arn", target), is("RoleArn", role), is("DeadLetterConfig", dead))))))
}

// ruleQueue is the target for events that cannot be delivered: the one given, or a
// queue made for it, to which rules may send.
func (e *expander) ruleQueue(s *serverless, v *event, policy bool) *tree.Node {
	config := v.props.Get("DeadLetterConfig")
	if !given(config) {
		return nil
	}
	b := builder{config.Range}
	if arn := config.Get("Arn"); arn != nil {
		return b.object(is("Arn", arn))
	}
	id := v.id + "Queue"
	if own, ok := config.Get("QueueLogicalId").Text(); ok {
		id = own
	}
	e.emit(s, b.at, id, queueType, b.object())
	if policy {
		e.emit(s, b.at, v.id+"QueuePolicy", "AWS::SQS::QueuePolicy", b.object(
			is("Queues", b.list(b.ref(id))),
			is("PolicyDocument", b.document(b.sender(
				b.object(is("Service", b.text("events.amazonaws.com"))), "sqs:SendMessage", b.getAtt(id, "Arn"), b.getAtt(v.id, "Arn"))))))
	}
	return b.object(is("Arn", b.getAtt(id, "Arn")))
}

// sender is a statement that lets a principal act on a resource on behalf of a source.
func (b builder) sender(principal *tree.Node, action string, resource, source *tree.Node) *tree.Node {
	return b.object(
		is("Effect", b.text("Allow")), is("Principal", principal), is("Action", b.text(action)), is("Resource", resource),
		is("Condition", b.object(is("ArnEquals", b.object(is("aws:SourceArn", source))))))
}

// topicEvent expands SNS: the topic invokes the function, or sends to a queue that the
// function reads.
func (e *expander) topicEvent(f *function, v *event) {
	topic := orEmpty(v.builder, v.props.Get("Topic"))
	queue := v.props.Get("SqsSubscription")
	subscription := func(protocol string, endpoint *tree.Node) {
		e.emit(f.serverless, v.at, v.id, "AWS::SNS::Subscription", v.object(
			is("Protocol", v.text(protocol)), is("Endpoint", endpoint), is("TopicArn", topic), is("Region", v.props.Get("Region"))))
	}
	if !given(queue) {
		e.permission(f, v.builder, v.id+"Permission", "sns.amazonaws.com", is("SourceArn", topic))
		subscription("lambda", f.arn(v.builder))
		return
	}
	b := builder{queue.Range}
	arn, url, policy := queue.Get("QueueArn"), queue.Get("QueueUrl"), v.id+"QueuePolicy"
	if queue.Kind == tree.Bool {
		e.emit(f.serverless, b.at, v.id+"Queue", queueType, b.object())
		arn, url = b.getAtt(v.id+"Queue", "Arn"), b.ref(v.id+"Queue")
	} else if own, ok := queue.Get("QueuePolicyLogicalId").Text(); ok {
		policy = own
	}
	if arn == nil || url == nil {
		e.fail(queue.Range, "SqsSubscription names no queue", "Expected true, or QueueArn and QueueUrl.")
		return
	}
	e.emit(f.serverless, b.at, policy, "AWS::SQS::QueuePolicy", b.object(
		is("Queues", b.list(url)), is("PolicyDocument", b.document(b.sender(b.text("*"), "sqs:SendMessage", arn, topic)))))
	subscription("sqs", arn)
	f.role.attach(e.awsManaged(b, "service-role/AWSLambdaSQSQueueExecutionRole"))
	e.sourceMapping(f, v, v.id+"EventSourceMapping", arn)
}

// scheduleEvent expands ScheduleV2 of a function: EventBridge Scheduler invokes it with
// a role of its own.
func (e *expander) scheduleEvent(f *function, v *event) {
	arn := f.arn(v.builder)
	e.schedule(f.serverless, v, arn, v.inline(v.id+"LambdaPolicy", v.document(v.permit(arn, "lambda:InvokeFunction"))))
}

func (e *expander) schedule(s *serverless, v *event, target, policy *tree.Node) {
	dead := e.ruleQueue(s, v, false)
	roleARN := v.props.Get("RoleArn")
	if !given(roleARN) {
		r := &role{builder: v.builder, id: v.id + "Role", trust: v.trust("scheduler.amazonaws.com"), inline: []*tree.Node{policy}}
		r.boundary = v.props.Get("PermissionsBoundary")
		if dead != nil {
			b := builder{dead.Range}
			r.give(b, v.id+"SQSPolicy", b.document(b.permit(dead.Get("Arn"), "sqs:SendMessage")))
		}
		e.emit(s, v.at, r.id, roleType, r.properties())
		roleARN = r.arn()
	}
	e.emit(s, v.at, v.id, "AWS::Scheduler::Schedule", v.object(
		is("ScheduleExpression", v.props.Get("ScheduleExpression")), is("GroupName", v.props.Get("GroupName")), is("Name", v.props.Get("Name")),
		is("Target", v.object(is("Arn", target), is("RoleArn", roleARN), is("DeadLetterConfig", dead)))))
}

func orEmpty(b builder, n *tree.Node) *tree.Node {
	if n == nil {
		return b.text("")
	}
	return n
}
