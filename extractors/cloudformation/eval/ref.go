package eval

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// ref is the value of Ref: a loop identifier, a pseudo parameter, a parameter, or what
// the type of a resource gives.
func (s *Scope) ref(arg, n *tree.Node) *tree.Node {
	v := s.eval(arg)
	name, ok := v.Text()
	if !ok || s.isSymbol(v) {
		return s.fault(n, "Ref", "Ref without a name", "Expected the name of a parameter or resource. Write it there.")
	}
	if l := s.loop(name); l != nil {
		return tree.NewString(*l, n.Range)
	}
	if strings.HasPrefix(name, "AWS::") {
		return s.pseudo(name, n)
	}
	key := "ref " + name
	if s.deciding { // a default is not taken for granted
		key = "deciding " + key
	}
	if v, done := s.refs[key]; done {
		return v
	}
	passed := s.passed(name)
	switch {
	case passed != nil:
		v = passed
	case s.t.Parameters.Get(name) != nil:
		v = s.parameter(name, n)
	case s.t.Resources.Get(name) != nil:
		v = s.resource(name, "", n)
	default:
		return s.missing(name, s.fault(n, name, fmt.Sprintf("nothing is called %s", quoted(name)), "Expected the name of a parameter or resource of this template. Correct the name."))
	}
	if s.need == nil {
		s.refs[key] = v
	}
	return v
}

// passed is the value that a parent stack gives a parameter; nil for none.
func (s *Scope) passed(name string) *tree.Node {
	if s.t.Value == nil || s.visiting["passed "+name] {
		return nil
	}
	s.visiting["passed "+name] = true
	defer delete(s.visiting, "passed "+name)
	v := s.t.Value(name, s.deciding)
	if decl := s.t.Parameters.Get(name); v != nil && v.Kind == tree.String && isList(decl) && !s.isSymbol(v) {
		if !s.separable(v.Value, ",") {
			return s.opaqueCall(v, "Fn::Split", v)
		}
		return s.typed(decl, v.Value, v)
	}
	return v
}

// getAtt is the value of Fn::GetAtt.
func (s *Scope) getAtt(arg, n *tree.Node) *tree.Node {
	v := s.eval(arg)
	if v.Kind != tree.List || len(v.Items) < 2 {
		return s.fault(n, "Fn::GetAtt", "GetAtt without a resource and an attribute", "Expected a list of the two, or RESOURCE.ATTRIBUTE. Write them there.")
	}
	name, ok := v.Items[0].Text()
	var parts []string
	for _, item := range v.Items[1:] {
		p, isText := item.Text()
		ok = ok && isText
		parts = append(parts, p)
	}
	if !ok {
		return s.fault(n, "Fn::GetAtt", "GetAtt without a resource and an attribute", "Expected texts. Write the names there.")
	}
	return s.attribute(name, strings.Join(parts, "."), n)
}

// missing notes that v refers to what the template does not have.
func (s *Scope) missing(name string, v *tree.Node) *tree.Node {
	if sym := s.symbols.Whole(v.Value); sym != nil {
		sym.Missing = name
	}
	return v
}

func (s *Scope) attribute(name, attribute string, n *tree.Node) *tree.Node {
	if s.t.Resources.Get(name) == nil {
		return s.missing(name, s.fault(n, name+"."+attribute, fmt.Sprintf("no resource is called %s", quoted(name)), "Expected the logical ID of a resource of this template. Correct the name."))
	}
	key := "att " + name + "." + attribute
	if v, done := s.refs[key]; done {
		return v
	}
	v := s.resource(name, attribute, n)
	if s.need == nil {
		s.refs[key] = v
	}
	return v
}

// pseudo is the value of a pseudo parameter (AWS CloudFormation User Guide, "Get AWS
// values using pseudo parameters").
func (s *Scope) pseudo(name string, n *tree.Node) *tree.Node {
	known := func(v string) *tree.Node { return tree.NewString(v, n.Range) }
	open := func(plain bool) *tree.Node {
		full := name
		if name != "AWS::Region" && name != "AWS::AccountId" {
			full = s.t.Prefix + name
		}
		if c, ok := s.choices.at[full]; ok && c.Value != nil {
			return known(*c.Value)
		}
		sym := s.symbols.of("pseudo "+full, full)
		sym.plain, sym.word, sym.atom = plain, plain, full
		if full == "AWS::Region" {
			sym.Option = "--region REGION"
		}
		return known(sym.Text)
	}
	switch name {
	case "AWS::NoValue":
		return noValue
	case "AWS::AccountId":
		switch c, ok := s.choices.at[name]; {
		case s.o.Account != "":
			return known(s.o.Account)
		case ok && c.Value != nil:
			return known(*c.Value)
		}
		return known(s.symbols.ownAccount().Text)
	case "AWS::Region":
		if s.o.Region != "" {
			return known(s.o.Region)
		}
		return open(true)
	case "AWS::Partition":
		return known(s.o.Partition)
	case "AWS::URLSuffix":
		return known(urlSuffix(s.o.Partition))
	case "AWS::StackName":
		if s.o.StackName != "" && s.t.Prefix == "" {
			return known(s.o.StackName)
		}
		return open(true)
	case "AWS::StackId":
		stack := s.pseudo("AWS::StackName", n).Value
		return known("arn:" + s.o.Partition + ":cloudformation:" + s.pseudo("AWS::Region", n).Value + ":" + s.pseudo("AWS::AccountId", n).Value +
			":stack/" + stack + "/" + s.symbols.of("pseudo id "+s.t.Prefix, s.t.Prefix+"AWS::StackId").Text)
	case "AWS::NotificationARNs":
		return open(false)
	}
	return s.fault(n, name, fmt.Sprintf("there is no pseudo parameter %s", quoted(name)), "Expected one such as AWS::Region. Correct the name.")
}

// dynamic replaces dynamic references, which are read when the stack is changed (AWS
// CloudFormation User Guide, "Get values stored in other services using dynamic
// references").
func (s *Scope) dynamic(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "{{resolve:")
		if i < 0 {
			break
		}
		end := strings.Index(text[i:], "}}")
		if end < 0 {
			break
		}
		reference := text[i+2 : i+end]
		sym := s.symbols.of("dynamic "+reference, reference)
		sym.Reason = "It is read from another service when the stack is changed."
		b.WriteString(text[:i] + sym.Text)
		text = text[i+end+2:]
	}
	return b.String() + text
}

func quoted(s string) string { return fmt.Sprintf("%q", shown(s)) }
