package sam

import "github.com/grantdiff/grantdiff/extractors/cloudformation/tree"

// onlySAMMachine are the properties of AWS::Serverless::StateMachine that
// AWS::StepFunctions::StateMachine does not have.
var onlySAMMachine = []string{
	"Policies", "Role", "RolePath", "PermissionsBoundary", "Events", "Definition", "DefinitionUri", "AutoPublishAlias",
	"DeploymentPreference", "UseAliasAsEventTarget", "Name", "Type", "Logging", "Tracing", "Tags", "PropagateTags",
}

// stateMachine expands AWS::Serverless::StateMachine.
func (e *expander) stateMachine(s *serverless) {
	properties := s.props
	for _, name := range onlySAMMachine {
		properties = properties.Without(name)
	}
	for to, from := range map[string]string{"StateMachineName": "Name", "StateMachineType": "Type", "LoggingConfiguration": "Logging", "TracingConfiguration": "Tracing"} {
		if v := s.props.Get(from); v != nil {
			properties = properties.With(to, v)
		}
	}
	own := s.props.Get("Role")
	if given(own) {
		if given(s.props.Get("Policies")) {
			e.fail(own.Range, "a state machine has both Role and Policies", "SAM refuses the template. Remove one of them.")
		}
		e.emit(s, s.at, s.id, stateMachineType, properties.With("RoleArn", own))
	} else {
		r := e.machineRole(s)
		e.emit(s, s.at, s.id, stateMachineType, properties.With("RoleArn", r.arn()))
		e.emit(s, s.at, r.id, roleType, r.properties())
	}
	target := s.ref(s.id)
	if alias := s.props.Get("AutoPublishAlias"); given(alias) {
		e.machineAlias(s, alias, &target)
	}
	for _, v := range e.eventsOf(s) {
		e.machineEvent(s, v, target)
	}
}

func (e *expander) machineRole(s *serverless) *role {
	r := &role{builder: s.builder, id: s.id + "Role", trust: s.trust("states.amazonaws.com")}
	r.boundary, r.path = s.props.Get("PermissionsBoundary"), s.props.Get("RolePath")
	e.addPolicies(r, s.props.Get("Policies"))
	if enabled := s.props.Path("Tracing", "Enabled"); given(enabled) {
		if on, ok := enabled.Truth(); ok && on {
			r.attach(e.xray(builder{enabled.Range}))
		}
	}
	return r
}

func (e *expander) machineAlias(s *serverless, alias *tree.Node, target **tree.Node) {
	// Which of several aliases it is changes nothing but its name.
	name, _ := e.resolved(alias).Text()
	if name == "" {
		name, _ = e.defaulted(alias).Text()
	}
	if name == "" {
		e.fail(alias.Range, "AutoPublishAlias is not known", "Expected a text, or a reference to a parameter that has a value. Give the parameter: --param NAME=VALUE.")
		return
	}
	b := builder{alias.Range}
	id := s.id + "Alias" + name
	e.emit(s, b.at, s.id+"Version", "AWS::StepFunctions::StateMachineVersion", b.object(is("StateMachineArn", b.ref(s.id))))
	e.emit(s, b.at, id, "AWS::StepFunctions::StateMachineAlias", b.object(is("Name", b.text(name))))
	if use, _ := s.props.Get("UseAliasAsEventTarget").Truth(); use {
		*target = b.ref(id)
	}
}

// machineEvent expands an event of a state machine: a service starts it with a role of
// its own.
func (e *expander) machineEvent(s *serverless, v *event, target *tree.Node) {
	start := func(b builder, name string) *tree.Node {
		return b.inline(name+"StartExecutionPolicy", b.document(b.permit(target, "states:StartExecution")))
	}
	service := map[string]string{
		"Schedule": "events.amazonaws.com", "CloudWatchEvent": "events.amazonaws.com", "EventBridgeRule": "events.amazonaws.com",
		"Api": "apigateway.amazonaws.com",
	}[v.kind]
	switch {
	case v.kind == "ScheduleV2":
		e.schedule(s, v, target, start(v.builder, v.id))
		return
	case service == "":
		e.unknownEvent(s, v)
		return
	}
	roleARN := v.props.Get("RoleArn")
	if v.kind != "Schedule" || !given(roleARN) {
		r := &role{builder: v.builder, id: v.id + "Role", trust: v.trust(service), boundary: s.props.Get("PermissionsBoundary")}
		r.inline = []*tree.Node{start(v.builder, r.id)}
		e.emit(s, v.at, r.id, roleType, r.properties())
		roleARN = r.arn()
	}
	if v.kind != "Api" {
		e.rule(s, v, target, roleARN)
	}
}
