package sam

import "github.com/grantdiff/grantdiff/extractors/cloudformation/tree"

// deployment is the gradual deployment of a function.
type deployment struct {
	builder
	function  *serverless
	role      *tree.Node // given, or nil
	condition *tree.Node // of the function, or nil
}

// prefer notes the DeploymentPreference of a function unless it is disabled.
func (e *expander) prefer(f *function, d *tree.Node) {
	if enabled, ok := e.resolved(d.Get("Enabled")).Truth(); ok && !enabled {
		return
	}
	one := deployment{builder: builder{d.Range}, function: f.serverless, role: d.Get("Role"), condition: f.node.Get("Condition")}
	if !given(one.role) {
		one.role = nil
	}
	e.deployments = append(e.deployments, one)
}

const codeDeployRole = "CodeDeployServiceRole"

// deploy makes what gradual deployments need: one application and one role, unless each
// brings its own, and a group for each.
func (e *expander) deploy() {
	if len(e.deployments) == 0 {
		return
	}
	b := e.deployments[0].builder
	e.put(tree.Field{Key: "ServerlessDeploymentApplication", At: b.at, Value: b.object(
		is("Type", b.text("AWS::CodeDeploy::Application")), is("Properties", b.object(is("ComputePlatform", b.text("Lambda")))))}, "")
	r := &role{builder: b, id: codeDeployRole, trust: b.trust("codedeploy.amazonaws.com")}
	policy := "service-role/AWSCodeDeployRoleForLambda"
	if e.o.Partition == "aws-iso" || e.o.Partition == "aws-iso-b" {
		policy += "Limited"
	}
	r.attach(e.awsManaged(b, policy))
	shared := false
	for _, d := range e.deployments {
		roleARN := d.role
		if roleARN == nil {
			roleARN, shared = r.arn(), true
		}
		e.emit(d.function, d.at, d.function.id+"DeploymentGroup", "AWS::CodeDeploy::DeploymentGroup", d.object(
			is("ApplicationName", d.ref("ServerlessDeploymentApplication")), is("ServiceRoleArn", roleARN)))
	}
	if shared {
		e.put(tree.Field{Key: r.id, At: b.at, Value: b.object(
			is("Type", b.text(roleType)), is("Condition", e.deployCondition()), is("Properties", r.properties()))}, "")
	}
}

// deployCondition is the condition of the shared role: that of any deployment, where
// each has one.
func (e *expander) deployCondition() *tree.Node {
	var terms []*tree.Node
	for _, d := range e.deployments {
		if d.condition == nil {
			return nil
		}
		terms = append(terms, d.condition)
	}
	return e.anyOf("ServerlessCodeDeployCondition", terms)
}

// anyOf is the condition that any of the conditions given holds: itself where they are
// one, else a new one of the name given.
func (e *expander) anyOf(name string, conditions []*tree.Node) *tree.Node {
	var distinct []*tree.Node
	seen := map[string]bool{}
	for _, c := range conditions {
		if !seen[c.Value] {
			seen[c.Value] = true
			distinct = append(distinct, c)
		}
	}
	if len(distinct) == 1 {
		return distinct[0]
	}
	b := builder{distinct[0].Range}
	// Fn::Or takes ten conditions at most.
	terms := make([]*tree.Node, len(distinct))
	for i, c := range distinct {
		terms[i] = b.object(is("Condition", c))
	}
	for len(terms) > 10 {
		var groups []*tree.Node
		for i := 0; i < len(terms); i += 10 {
			group := terms[i:min(i+10, len(terms))]
			if len(group) == 1 {
				groups = append(groups, group[0])
				continue
			}
			groups = append(groups, b.call("Fn::Or", b.list(group...)))
		}
		terms = groups
	}
	e.condition(name, b.call("Fn::Or", b.list(terms...)))
	return b.text(name)
}
