package sam

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// builder makes nodes that all have one place: what they were expanded from.
type builder struct{ at source.Range }

// entry is an entry of a map to be made; one without a value is left out.
type entry struct {
	key   string
	value *tree.Node
}

func is(key string, value *tree.Node) entry { return entry{key, value} }

func (b builder) text(s string) *tree.Node { return tree.NewString(s, b.at) }

func (b builder) list(items ...*tree.Node) *tree.Node { return tree.NewList(b.at, items...) }

func (b builder) texts(items ...string) *tree.Node {
	nodes := make([]*tree.Node, len(items))
	for i, s := range items {
		nodes[i] = b.text(s)
	}
	return b.list(nodes...)
}

func (b builder) object(entries ...entry) *tree.Node {
	fields := make([]tree.Field, 0, len(entries))
	for _, e := range entries {
		if e.value != nil {
			fields = append(fields, tree.Field{Key: e.key, At: b.at, Value: e.value})
		}
	}
	return tree.NewMap(b.at, fields...)
}

func (b builder) call(function string, arg *tree.Node) *tree.Node {
	return tree.NewCall(b.at, function, arg)
}

func (b builder) ref(id string) *tree.Node { return b.call("Ref", b.text(id)) }

func (b builder) getAtt(id, attribute string) *tree.Node {
	return b.call("Fn::GetAtt", b.texts(id, attribute))
}

func (b builder) either(condition, yes, no *tree.Node) *tree.Node {
	return b.call("Fn::If", b.list(condition, yes, no))
}

// substituted is a text in which "${name}" stands for the values given: the text
// itself, a value alone, or a call of Fn::Sub.
func (b builder) substituted(text string, values ...entry) *tree.Node {
	if !strings.Contains(text, "${") {
		return b.text(text)
	}
	var used []entry
	for _, v := range values {
		if text == "${"+v.key+"}" {
			return v.value
		}
		if strings.Contains(text, "${"+v.key+"}") {
			used = append(used, v)
		}
	}
	if len(used) == 0 {
		return b.call("Fn::Sub", b.text(text))
	}
	return b.call("Fn::Sub", b.list(b.text(text), b.object(used...)))
}

// allow is a statement of a data table.
func (b builder) allow(s statement, values ...entry) *tree.Node {
	return b.object(
		is("Effect", b.text("Allow")),
		is("Action", b.texts(strings.Fields(s.Actions)...)),
		is("Resource", b.substitutedList(s.Resources, values...)),
		is("Condition", b.when(s.Condition, values...)),
	)
}

func (b builder) substitutedList(texts string, values ...entry) *tree.Node {
	var items []*tree.Node
	for text := range strings.FieldsSeq(texts) {
		items = append(items, b.substituted(text, values...))
	}
	return b.list(items...)
}

func (b builder) when(c *condition, values ...entry) *tree.Node {
	if c == nil {
		return nil
	}
	return b.object(is(c.Operator, b.object(is(c.Key, b.substituted(c.Value, values...)))))
}

// permit is a statement that allows one or more actions on a resource that is known as
// a node.
func (b builder) permit(resource *tree.Node, actions ...string) *tree.Node {
	return b.object(is("Effect", b.text("Allow")), is("Action", b.texts(actions...)), is("Resource", resource))
}

// document is a policy document of the statements given.
func (b builder) document(statements ...*tree.Node) *tree.Node {
	return b.object(is("Version", b.text("2012-10-17")), is("Statement", b.list(statements...)))
}

// trust is the trust policy that lets a service assume a role.
func (b builder) trust(service string) *tree.Node {
	return b.document(b.object(
		is("Effect", b.text("Allow")),
		is("Action", b.texts("sts:AssumeRole")),
		is("Principal", b.object(is("Service", b.texts(service)))),
	))
}
