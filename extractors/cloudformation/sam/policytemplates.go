package sam

import "slices"

// policyTemplate is a policy that a SAM template asks for by name and that SAM fills
// in with the parameters given, as "AWS SAM policy templates" of the AWS SAM Developer
// Guide lists them.
type policyTemplate struct {
	Name string
	// Parameters are the names that must be given; "${Name}" stands for each in the
	// texts below. What is given beyond them is ignored.
	Parameters []string
	Statements []statement
}

// statement allows actions on resources. It is a line of a data table: lists are
// separated by white space.
type statement struct {
	Actions   string
	Resources string // with the substitutions of Fn::Sub
	Condition *condition
}

// condition is the one condition of a statement.
type condition struct{ Operator, Key, Value string }

// policyTemplates are all policy templates, by family.
var policyTemplates = slices.Concat(storageTemplates, messagingTemplates, computeTemplates, insightTemplates)

// policyTemplateOf returns the policy template of a name. Names differ in case, as in
// SAM.
func policyTemplateOf(name string) (policyTemplate, bool) {
	i := slices.IndexFunc(policyTemplates, func(t policyTemplate) bool { return t.Name == name })
	if i < 0 {
		return policyTemplate{}, false
	}
	return policyTemplates[i], true
}
