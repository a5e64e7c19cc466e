package changeset

import (
	"fmt"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// reader is the state of one reading.
type reader struct {
	set           *ChangeSet
	doc           *tree.Document
	before, after []tree.Field
	parameters    []tree.Field    // of the side after: one for each value that is not known
	opened        map[string]bool // their names
	seen          map[string]bool // logical IDs
}

// finish makes the templates.
func (r *reader) finish(at source.Range) {
	template := func(resources []tree.Field) *tree.Document {
		fields := []tree.Field{{Key: "Resources", At: at, Value: tree.NewMap(at, resources...)}}
		if len(r.parameters) > 0 {
			// Both sides know them, so that a reference is one to something.
			fields = append(fields, tree.Field{Key: "Parameters", At: at, Value: tree.NewMap(at, r.parameters...)})
		}
		return &tree.Document{Path: r.doc.Path, Format: r.doc.Format, Root: tree.NewMap(at, fields...)}
	}
	r.set.Before, r.set.After = template(r.before), template(r.after)
}

// change reads one entry of Changes.
func (r *reader) change(n *tree.Node) {
	c := n.Get("ResourceChange")
	if c == nil || c.Kind != tree.Map {
		if kind, _ := n.Get("Type").Text(); kind != "" && kind != "Resource" {
			r.set.fail(n.Range, fmt.Sprintf("a change of the type %s is not read", quoted(kind)), "Expected changes of resources. Its part of the change is not compared.")
			r.set.incomplete("The change set has changes of a type that is not known: " + shown(kind) + ".")
		}
		return
	}
	id, ok := c.Get("LogicalResourceId").Text()
	typ, ok2 := c.Get("ResourceType").Text()
	if !ok || !ok2 || id == "" {
		r.set.fail(c.Range, "a change names no resource", "Expected LogicalResourceId and ResourceType. Describe the change set again.")
		r.set.incomplete("The change set has a change without a resource.")
		return
	}
	if r.seen[id] {
		r.set.fail(c.Range, fmt.Sprintf("the resource %s occurs twice", quoted(id)), "Expected one change of each resource. Describe the change set again.")
		r.set.incomplete("The change set has two changes of " + shown(id) + ".")
		return
	}
	r.seen[id] = true
	if nested, ok := c.Get("ChangeSetId").Text(); ok {
		r.set.Nested = append(r.set.Nested, Nested{id, nested})
		r.set.incomplete(fmt.Sprintf("The nested stack %s has a change set of its own: scan it, too (aws cloudformation describe-change-set --include-property-values --change-set-name %s).", shown(id), shown(nested)))
	}
	one := &one{reader: r, id: id, typ: typ, node: c}
	one.read()
}

// one is the change of one resource.
type one struct {
	*reader
	id, typ string
	node    *tree.Node
}

// read makes the resource of either side. What an action is missing is not known: a
// resource that is added has no side before, one that is removed none after.
func (o *one) read() {
	action, _ := o.node.Get("Action").Text()
	before, after := o.side("BeforeContext", "before"), o.side("AfterContext", "after")
	switch action {
	case "Add":
		o.add(nil, o.orUnknown(after, "after"))
	case "Modify":
		o.add(o.orUnknown(before, "before"), o.orUnknown(after, "after"))
	case "Remove":
		o.add(o.orUnknown(before, "before"), nil)
	case "Import":
		// The resource is there, and an import leaves it as it is: what its template
		// says is not compared with it.
		now := o.orUnknown(after, "after")
		o.add(now, now)
		o.set.warn(o.node.Range, fmt.Sprintf("the resource %s is imported", o.id),
			"It stays as it is, and what it has is not in the change set. Compare its template with what is there by hand.")
	case "SyncWithActual":
		// What CloudFormation remembers is set to what is there.
		now := o.orUnknown(after, "after")
		o.add(now, now)
	default: // Dynamic, and what is newer than this
		if after == nil && before == nil {
			after = o.unknown("after")
		}
		o.add(before, after)
		o.set.incomplete(fmt.Sprintf("What happens to %s is decided when the change set is executed (%s).", shown(o.id), shown(action)))
	}
}

// add adds the sides. A nil side is not there.
func (o *one) add(before, after *tree.Node) {
	at := o.node.Range
	if before != nil {
		kept := "Delete"
		switch policy, _ := o.node.Get("PolicyAction").Text(); policy {
		case "Retain", "ReplaceAndRetain":
			kept = "Retain"
		}
		o.before = append(o.before, tree.Field{Key: o.id, At: at, Value: before.With("DeletionPolicy", tree.NewString(kept, at))})
	}
	if after != nil {
		o.after = append(o.after, tree.Field{Key: o.id, At: at, Value: after})
	}
}

// resource is a resource with properties.
func (o *one) resource(properties, metadata *tree.Node) *tree.Node {
	at := o.node.Range
	fields := []tree.Field{{Key: "Type", At: at, Value: tree.NewString(o.typ, at)}}
	if properties != nil {
		fields = append(fields, tree.Field{Key: "Properties", At: at, Value: properties})
	}
	if metadata != nil && metadata.Kind == tree.Map {
		fields = append(fields, tree.Field{Key: "Metadata", At: at, Value: metadata})
	}
	return tree.NewMap(at, fields...)
}

// orUnknown is a side, or one whose properties are not known.
func (o *one) orUnknown(side *tree.Node, when string) *tree.Node {
	if side != nil {
		return side
	}
	o.set.fail(o.node.Range, fmt.Sprintf("the properties of %s %s the change are missing", o.id, when),
		"Describe the change set with its values: aws cloudformation describe-change-set --include-property-values.")
	return o.unknown(when)
}

func (o *one) unknown(when string) *tree.Node {
	return o.resource(o.open(o.id+" "+when+" the change", o.node.Range), nil)
}

// side is one context of the resource; nil where there is none.
func (o *one) side(property, when string) *tree.Node {
	n := o.node.Get(property)
	if n.IsNull() {
		return nil
	}
	text, ok := n.Text()
	if !ok && n.Kind != tree.Map {
		o.set.fail(n.Range, fmt.Sprintf("%s of %s is no text", property, o.id), "Expected JSON in a text. Describe the change set again.")
		return o.unknown(when)
	}
	context := n // a tool may have taken the text apart
	if ok {
		doc := tree.Parse(o.doc.Path, []byte(text), tree.Limits{})
		if doc.Format != tree.JSON || doc.Root == nil || doc.Root.Kind != tree.Map || doc.Diagnostics.HasErrors() {
			o.set.fail(n.Range, fmt.Sprintf("%s of %s cannot be read", property, o.id),
				"Expected JSON, and it is another text or was cut off. Describe the change set again with the AWS CLI and give its whole output.")
			return o.unknown(when)
		}
		context = doc.Root
	}
	v := &values{one: o, at: n.Range, when: when}
	properties := context.Get("Properties")
	if properties == nil {
		properties = tree.NewMap(n.Range)
	}
	return o.resource(v.value(properties, o.id), v.plain(context.Get("Metadata")))
}
