package terraform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/grantdiff/grantdiff/extractors"
)

// object is one resource instance of a plan or a state, as far as it matters
// here. Its raw members are valid only while the object is handled.
type object struct {
	address  string // always set: made from the parts when the input has none
	previous string
	module   string // address of the module instance, "" for the root
	mode     string
	typ      string
	name     string
	index    string         // instance key as in an address, such as [0] or ["a"]; ""
	key      jsontext.Value // the same as in the plan; nil
	deposed  string
	regions  [2]string      // before and after, see regionsOf
	raw      jsontext.Value // the member "change"
	parts    []span         // its members
	sides    [2]sideIndex   // of before and after
	carrier  *carrier       // see carrierOf, and for which operation
	carried  operation
	in       *instance // see instance

	change
}

// change is the member of the same name.
type change struct {
	actions                                                 []string
	importing                                               bool
	before, after, unknown, sensitiveBefore, sensitiveAfter jsontext.Value
}

// clear makes room for another object.
func (o *object) clear() {
	sides := o.sides
	*o = object{}
	for i := range sides {
		sides[i].forget()
	}
	o.sides = sides
}

// grantAddress is the address that a grant gets: deposed objects share the
// address of the current one, so it says which object is meant.
func (o *object) grantAddress() string {
	if o.deposed == "" {
		return o.address
	}
	return fmt.Sprintf("%s (deposed object %s)", o.address, o.deposed)
}

// noOp are the actions of most changes.
var noOp = []string{string(tfjson.ActionNoop)}

// decodeChange splits the member "change" into its members. It does not copy.
func decodeChange(raw jsontext.Value, parts []span) change {
	var c change
	for _, p := range parts {
		v := raw[p.value:p.end:p.end]
		switch string(unquoted(raw[p.name:p.nameEnd])) {
		case "actions":
			if string(v) == `["no-op"]` {
				c.actions = noOp
				continue
			}
			for _, e := range elements(v) {
				s, _ := str(e)
				c.actions = append(c.actions, s)
			}
		case "before":
			c.before = v
		case "after":
			c.after = v
		case "after_unknown":
			c.unknown = v
		case "before_sensitive":
			c.sensitiveBefore = v
		case "after_sensitive":
			c.sensitiveAfter = v
		case "importing":
			c.importing = !isNull(v)
		}
	}
	if bytes.Equal(c.before, c.after) && !anyTrue(c.unknown) && bytes.Equal(c.sensitiveBefore, c.sensitiveAfter) {
		c.after, c.sensitiveAfter = c.before, c.sensitiveBefore // see same
	}
	return c
}

// same reports whether two sides are one: nothing changes, as with most objects of most
// plans, so that nothing has to be read twice.
func same(before, after jsontext.Value) bool {
	return len(before) > 0 && len(before) == len(after) && &before[0] == &after[0]
}

// operation is what a list of actions does.
type operation struct {
	action extractors.Action
	// existed and exists say whether the object is there before and after.
	existed, exists bool
	// forgotten: the object that was there stays, unmanaged, next to a new one.
	forgotten bool
}

// operations are those there are, but for what contradicts itself.
var operations = func() (list []operation) {
	for _, a := range []extractors.Action{extractors.NoOp, extractors.Create, extractors.Update, extractors.Delete, extractors.Replace, extractors.Forget, extractors.Read} {
		for bits := range 8 {
			list = append(list, operation{a, bits&1 != 0, bits&2 != 0, bits&4 != 0})
		}
	}
	return list
}()

// shared is the operation for what is kept of many objects. It is not to be changed.
func (op operation) shared() *operation {
	if i := slices.Index(operations, op); i >= 0 {
		return &operations[i]
	}
	other := op
	return &other
}

// writes reports whether the change puts the object in place as it is after it.
func (op operation) writes() bool {
	switch op.action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	return op.exists
}

// operationOf reads the actions of a change. Terraform may come to know more;
// the second result is false for those, and the operation then covers both sides.
func operationOf(actions []string) (operation, bool) {
	has := func(a tfjson.Action) bool { return slices.Contains(actions, string(a)) }
	create, del, forget := has(tfjson.ActionCreate), has(tfjson.ActionDelete), has(tfjson.ActionForget)
	both := operation{action: extractors.Update, existed: true, exists: true}
	switch {
	case len(actions) == 2 && create && del:
		return operation{action: extractors.Replace, existed: true, exists: true}, true
	case len(actions) == 2 && create && forget:
		return operation{action: extractors.Replace, existed: true, exists: true, forgotten: true}, true
	case len(actions) != 1:
		return both, false
	case has(tfjson.ActionNoop):
		return operation{action: extractors.NoOp, existed: true, exists: true}, true
	case create:
		return operation{action: extractors.Create, exists: true}, true
	case has(tfjson.ActionUpdate):
		return both, true
	case del:
		return operation{action: extractors.Delete, existed: true}, true
	case forget:
		return operation{action: extractors.Forget, existed: true, exists: true}, true
	case has(tfjson.ActionRead):
		return operation{action: extractors.Read, existed: true, exists: true}, true
	}
	return both, false
}

// skipped is an operation as the provider carries it out: it leaves an object in place whose
// state says skip_destroy, as for the attachment of a policy of an organization.
func skipped(o *object, op operation) operation {
	if op.action != extractors.Delete && op.action != extractors.Replace || !isTrue(member(o.before, "skip_destroy")) {
		return op
	}
	if op.action == extractors.Delete {
		return operation{action: extractors.Forget, existed: true, exists: true}
	}
	op.forgotten = true
	return op
}

// leaf is one occurrence of an attribute in one side of a change.
type leaf struct {
	key       string         // where the path leads through a list: [0], else ""
	name      string         // "name" of the block the attribute is in, "" when it has none
	value     jsontext.Value // nil when missing
	unknown   bool
	whole     bool // unknown from a block above, so that it is not even known whether there is one
	sensitive bool
}

// blockNames are the attributes that tell nested blocks apart; the last two are those
// of the AWS Cloud Control provider.
var blockNames = []string{"name", "policy_name", "region"}

// leaves finds the occurrences of an attribute: one when no list is on its path.
// A path that leads nowhere yields one leaf without value, unless it leads
// through an empty list.
func leaves(obj, unknown, sensitive jsontext.Value, steps []string) []leaf {
	var out []leaf
	nested := false
	var walk func(obj, unknown, sensitive jsontext.Value, steps []string, l leaf)
	walk = func(obj, unknown, sensitive jsontext.Value, steps []string, l leaf) {
		l.sensitive = l.sensitive || isTrue(sensitive)
		if isTrue(unknown) {
			l.unknown, l.whole = true, len(steps) > 0
			out = append(out, l)
			return
		}
		if len(steps) == 0 {
			l.value = obj
			l.sensitive = l.sensitive || anyTrue(sensitive)
			out = append(out, l)
			return
		}
		objs, unknowns, marks := elements(obj), elements(unknown), elements(sensitive)
		if len(obj) > 0 && obj[0] == '[' || len(unknowns) > 0 {
			for i := range max(len(objs), len(unknowns)) {
				m := l
				m.key += fmt.Sprintf("[%d]", i)
				walk(at(objs, i), at(unknowns, i), at(marks, i), steps, m)
			}
			return
		}
		if nested { // the name of the object itself is not that of a block
			for _, n := range blockNames {
				if name, _ := str(member(obj, n)); name != "" {
					l.name = name
					break
				}
			}
		}
		nested = true
		walk(member(obj, steps[0]), member(unknown, steps[0]), member(sensitive, steps[0]), steps[1:], l)
	}
	if len(obj) == 0 && len(unknown) == 0 {
		return []leaf{{}}
	}
	walk(obj, unknown, sensitive, steps, leaf{})
	return out
}

// firstLeaf is the first of leaves.
func firstLeaf(obj, unknown, sensitive jsontext.Value, steps []string) leaf {
	return (*object)(nil).firstLeaf(obj, unknown, sensitive, steps)
}

func at(list []jsontext.Value, i int) jsontext.Value {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// text returns the policy text in a leaf. Unset strings are null or empty, which
// mean the same; blank is true for them. An object in place of a string, as in
// hand-made plans, is taken as the text.
func (l leaf) text() (text string, blank, ok bool) {
	switch {
	case isNull(l.value):
		return "", true, true
	case l.value[0] == '"':
		s := unquote(l.value)
		return s, strings.TrimSpace(s) == "", true
	case l.value[0] == '{':
		return string(l.value), false, true
	}
	return "", false, false
}
