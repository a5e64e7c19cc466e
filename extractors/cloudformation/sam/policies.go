package sam

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// policyForm is what an entry of Policies is.
type policyForm int

const (
	unknownPolicy  policyForm = iota
	removedPolicy             // AWS::NoValue
	managedPolicy             // the name or ARN of a managed policy, or a function that gives it
	inlinePolicy              // a policy document
	templatePolicy            // a policy template
)

// addPolicies gives a role what the property Policies says: one entry or a list.
func (e *expander) addPolicies(r *role, policies *tree.Node) {
	if !given(policies) {
		return
	}
	entries := []*tree.Node{policies}
	if policies.Kind == tree.List {
		entries = policies.Items
	}
	for i, p := range entries {
		if p == nil {
			continue
		}
		name := r.id + "Policy" + strconv.Itoa(i)
		switch form := formOf(p); form {
		case removedPolicy:
		case managedPolicy:
			r.attach(mapBranches(p, e.managedARN))
		case inlinePolicy, templatePolicy:
			r.inline = append(r.inline, mapBranches(p, func(n *tree.Node) *tree.Node {
				return builder{n.Range}.inline(name, e.policyDocument(n))
			}))
		case unknownPolicy:
			r.inline = append(r.inline, builder{p.Range}.inline(name, e.unreadPolicy(p)))
		}
	}
}

// formOf is what an entry is. Both branches of Fn::If must be of one form; a branch may
// be left out by AWS::NoValue.
func formOf(p *tree.Node) policyForm {
	if noValue(p) {
		return removedPolicy
	}
	if _, yes, no, ok := branches(p); ok {
		a, b := formOf(yes), formOf(no)
		switch {
		case a == removedPolicy:
			return b
		case b == removedPolicy || a == b:
			return a
		}
		return unknownPolicy
	}
	if _, _, ok := p.Intrinsic(); ok || p.Scalar() && p.Value != "" {
		return managedPolicy
	}
	if p.Get("Statement") != nil {
		return inlinePolicy
	}
	if p != nil && p.Kind == tree.Map && len(p.Fields) == 1 {
		if _, ok := policyTemplateOf(p.Fields[0].Key); ok {
			return templatePolicy
		}
	}
	return unknownPolicy
}

// mapBranches replaces a value, or the branches of Fn::If that are not left out.
func mapBranches(n *tree.Node, to func(*tree.Node) *tree.Node) *tree.Node {
	if condition, yes, no, ok := branches(n); ok {
		b := builder{n.Range}
		return b.either(condition, mapBranches(yes, to), mapBranches(no, to))
	}
	if noValue(n) {
		return n
	}
	return to(n)
}

// policyDocument is the document of an entry that is one, or a policy template.
func (e *expander) policyDocument(n *tree.Node) *tree.Node {
	if n.Get("Statement") != nil {
		return n
	}
	f := n.Fields[0]
	t, _ := policyTemplateOf(f.Key)
	return e.fillIn(t, f)
}

// fillIn is the document of a policy template with the parameters that f gives.
func (e *expander) fillIn(t policyTemplate, f tree.Field) *tree.Node {
	b := builder{f.At}
	var values []entry
	var missing []string
	for _, name := range t.Parameters {
		v := f.Value.Get(name)
		if v == nil {
			missing = append(missing, name)
			continue
		}
		values = append(values, is(name, v))
	}
	if len(missing) > 0 {
		return e.unreadTemplate(f.At, b.list(b.text(t.Name), f.Value), fmt.Sprintf("the policy template %s lacks %s", t.Name, strings.Join(missing, " and ")),
			fmt.Sprintf("Expected the parameters %s. SAM refuses the template. Add them under %s.", strings.Join(t.Parameters, ", "), t.Name))
	}
	statements := make([]*tree.Node, len(t.Statements))
	for i, s := range t.Statements {
		statements[i] = b.allow(s, values...)
	}
	return b.object(is("Statement", b.list(statements...)))
}

func (e *expander) unreadPolicy(p *tree.Node) *tree.Node {
	const expected = "Expected the name or ARN of a managed policy, a policy document with Statement, or a policy template such as S3ReadPolicy with its parameters; in Fn::If, two of one form."
	at, summary := p.Range, "an entry of Policies is none of the forms of SAM"
	if p != nil && p.Kind == tree.Map && len(p.Fields) == 1 && !isCall(p) {
		f := p.Fields[0]
		at, summary = f.At, fmt.Sprintf("the policy template %s is not known", quoted(f.Key))
		if near := nearTemplate(f.Key); near != "" {
			return e.unreadTemplate(at, p, summary, fmt.Sprintf("Expected a name of the AWS SAM policy templates, such as %s. %s", near, processed))
		}
		return e.unreadTemplate(at, p, summary, "Expected a name of the AWS SAM policy templates. "+processed)
	}
	if p != nil && p.Kind == tree.Map && !isCall(p) && len(p.Fields) > 0 { // no document: it has no Statement
		return e.unreadTemplate(at, p, summary, expected)
	}
	return e.unread(at, p, summary, expected)
}

// nearTemplate is the policy template that differs from name in case only, or "".
func nearTemplate(name string) string {
	i := slices.IndexFunc(policyTemplates, func(t policyTemplate) bool { return strings.EqualFold(t.Name, name) })
	if i < 0 {
		return ""
	}
	return policyTemplates[i].Name
}

// quoted shows a text of the template in a message, shortened.
func quoted(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strconv.Quote(s)
}

// placed is a builder at the place of a node, or of the one given where there is none.
func placed(n *tree.Node, otherwise source.Range) builder {
	if n == nil || !n.Range.HasLines() {
		return builder{otherwise}
	}
	return builder{n.Range}
}
