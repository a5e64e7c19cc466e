package sam

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// apiPolicy is the resource policy of a REST API: that of its definition, then those of
// events, then its own for every path ("ResourcePolicyStatement" of the AWS SAM
// Developer Guide); nil where there is none.
func (e *expander) apiPolicy(a *api, s *serverless, written *tree.Node) *tree.Node {
	stage := s.props.Get("StageName")
	if stage == nil {
		stage = s.text("Prod")
	}
	p := &policyWriter{expander: e, stage: stage, known: map[string]bool{}}
	if a.resource != nil || a.id == implicitREST {
		// The suffix stands for the stage in the policies of events.
		for _, event := range a.policies {
			p.stage = s.text(a.stageSuffix())
			p.add(event.node, event.path)
			p.custom(event.node)
		}
	}
	p.stage = stage
	own := s.props.Path("Auth", "ResourcePolicy")
	if given(own) {
		for _, path := range a.paths {
			p.add(own, path)
		}
		p.custom(own)
	}
	if len(p.statements) == 0 {
		return nil
	}
	b := builder{p.at}
	if given(written) {
		if isCall(written) {
			return e.unread(written.Range, written, "the resource policy of an API is a function", "Its statements and those of Auth cannot be put together. "+processed)
		}
		have := written.Get("Statement")
		if have != nil && have.Kind == tree.List {
			p.statements = append(append([]*tree.Node{}, have.Items...), p.statements...)
		} else if have != nil {
			p.statements = append([]*tree.Node{have}, p.statements...)
		}
	}
	return b.document(p.statements...)
}

// policyWriter collects the statements of a resource policy.
type policyWriter struct {
	*expander
	stage      *tree.Node
	statements []*tree.Node
	known      map[string]bool // the statements as JSON
	at         source.Range
}

// add adds what a ResourcePolicy says for the methods of a path. The lists of ranges and
// networks are written as SAM writes them: everyone is allowed, and whoever is not meant
// is denied.
func (p *policyWriter) add(policy *tree.Node, path *apiPath) {
	if policy.Kind != tree.Map || isCall(policy) {
		p.append(p.unread(policy.Range, policy, "ResourcePolicy cannot be read", "Expected a map such as {IpRangeWhitelist: [...]}. "+processed))
		return
	}
	if !p.spend(len(path.methods)) {
		return
	}
	b := builder{policy.Range}
	resources := make([]*tree.Node, 0, len(path.methods))
	for _, m := range path.methods {
		text := "execute-api:/${Stage}/" + callMethod(strings.ToLower(m)) + pathVariable.ReplaceAllString(path.path, "*")
		resources = append(resources, b.substituted(text, is("Stage", p.stage)))
	}
	resource := b.list(resources...)
	p.accounts(policy, "AwsAccountWhitelist", "Allow", resource)
	p.accounts(policy, "AwsAccountBlacklist", "Deny", resource)
	p.ranges(policy, "IpRangeWhitelist", "NotIpAddress", resource)
	p.ranges(policy, "IpRangeBlacklist", "IpAddress", resource)
	p.networks(policy, "Blacklist", "StringEquals", resource)
	p.networks(policy, "Whitelist", "StringNotEquals", resource)
}

// append adds a statement that is not there yet.
func (p *policyWriter) append(statements ...*tree.Node) {
	for _, s := range statements {
		if p.at.IsZero() {
			p.at = s.Range
		}
		if !p.spend(s.Size()) {
			return
		}
		if key := string(s.AppendJSON(nil)); !p.known[key] {
			p.known[key] = true
			p.statements = append(p.statements, s)
		}
	}
}

func (p *policyWriter) accounts(policy *tree.Node, name, effect string, resource *tree.Node) {
	f := policy.Field(name)
	if f == nil || !given(f.Value) {
		return
	}
	b := builder{f.At}
	p.append(b.object(
		is("Effect", b.text(effect)), is("Action", b.text("execute-api:Invoke")), is("Resource", resource),
		is("Principal", b.object(is("AWS", aList(f.Value))))))
}

func aList(n *tree.Node) *tree.Node {
	if n.Kind == tree.List {
		return n
	}
	return tree.NewList(n.Range, n)
}

func (p *policyWriter) ranges(policy *tree.Node, name, operator string, resource *tree.Node) {
	f := policy.Field(name)
	if f == nil || !given(f.Value) {
		return
	}
	b := builder{f.At}
	p.exclude(b, resource, b.object(is(operator, b.object(is("aws:SourceIp", aList(f.Value))))))
}

// exclude allows everyone and denies on a condition.
func (p *policyWriter) exclude(b builder, resource, condition *tree.Node) {
	everyone := func(effect string, condition *tree.Node) *tree.Node {
		return b.object(
			is("Effect", b.text(effect)), is("Action", b.text("execute-api:Invoke")), is("Resource", resource),
			is("Principal", b.text("*")), is("Condition", condition))
	}
	p.append(everyone("Allow", nil), everyone("Deny", condition))
}

func (p *policyWriter) networks(policy *tree.Node, list, operator string, resource *tree.Node) {
	var vpcs, endpoints []*tree.Node
	at := policy.Range
	take := func(name string, to *[]*tree.Node) {
		if f := policy.Field(name); f != nil && given(f.Value) {
			at = f.At
			*to = append(*to, aList(f.Value).Items...)
		}
	}
	if f := policy.Field("SourceVpc" + list); f != nil && given(f.Value) {
		at = f.At
		for _, item := range aList(f.Value).Items {
			text, ok := item.Text()
			switch {
			case strings.HasPrefix(text, "vpce-"):
				endpoints = append(endpoints, item)
			case strings.HasPrefix(text, "vpc-"):
				vpcs = append(vpcs, item)
			case !ok:
				p.append(p.unread(f.At, f.Value, "SourceVpc"+list+" holds a function", "SAM takes texts here. Use IntrinsicVpc"+list+" or IntrinsicVpce"+list+" for functions."))
			}
		}
	}
	take("IntrinsicVpc"+list, &vpcs)
	take("IntrinsicVpce"+list, &endpoints)
	if len(vpcs)+len(endpoints) == 0 {
		return
	}
	b := builder{at}
	var keys []entry
	if len(vpcs) > 0 {
		keys = append(keys, is("aws:SourceVpc", b.list(vpcs...)))
	}
	if len(endpoints) > 0 {
		keys = append(keys, is("aws:SourceVpce", b.list(endpoints...)))
	}
	p.exclude(b, resource, b.object(is(operator, b.object(keys...))))
}

func (p *policyWriter) custom(policy *tree.Node) {
	if policy.Kind != tree.Map {
		return
	}
	if own := policy.Get("CustomStatements"); given(own) {
		p.append(aList(own).Items...)
	}
}
