package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// linkForm says that an attribute links its subject to something: a role to a managed
// policy, a user to a group, a function to a role.
type linkForm struct {
	Kind extractors.LinkKind
	// Target is the kind of what the attribute names, and Types its resource types,
	// separated by bars; none where no resource of a plan can be it.
	Target, Types string
	// Within tells apart what the subject is in several places, such as a user in one
	// account and in another: a word and an attribute, "account target_id", several
	// separated by bars; what begins with = is a place as it stands. The subject then
	// has no address, and its name ends in the places.
	Within string
	// Bridge: what the subject is outside of these places links to it there.
	Bridge bool
	// When is the value that an attribute must have for the link to hold,
	// "status=Active"; with == it must be set, else its absence counts as the value.
	When string
	// Made lists attributes that make another subject of the object when they change,
	// such as the key of a credential, separated by bars.
	Made string
	// Inside lists the members that name the target where the attribute is a JSON
	// text, separated by bars.
	Inside string
	// Along lists attributes that stand next to the target in its block and tell what it
	// gives apart, such as the scope of a policy, separated by bars: they become part of
	// its name.
	Along string
	// Pathed: next to the name in its block stands the path of a policy of IAM, without
	// which its ARN is another.
	Pathed bool
	// Itself: the attribute names the subjects, and the object is what they are linked
	// to, as a policy with a list of its roles. Where the object is its own subject, the
	// attribute is a part of it that acts as the whole, such as the password of a user.
	Itself bool
}

// attributes are the attributes that the form reads besides those of the row.
func (f *linkForm) attributes() []string {
	var names []string
	for _, place := range split(f.Within) {
		if _, attr, ok := cutPlace(place); ok {
			names = append(names, stepsOf(attr)[0])
		}
	}
	if f.When != "" {
		attr, _, _ := strings.Cut(f.When, "=")
		names = append(names, attr)
	}
	return append(names, split(f.Made)...)
}

// cutPlace takes an entry of Within apart; ok is false for a place as it stands.
func cutPlace(place string) (word, attr string, ok bool) {
	if text, fixed := strings.CutPrefix(place, "="); fixed {
		return text, "", false
	}
	return strings.Cut(place, " ")
}

// holds reports whether the attribute of When has its value on one side.
func (f *linkForm) holds(o *object, side, unknown jsontext.Value) bool {
	if f.When == "" {
		return true
	}
	attr, value, _ := strings.Cut(f.When, "=")
	value, strict := strings.CutPrefix(value, "=")
	text, ok := o.str(side, attr)
	switch {
	case anyTrue(member(unknown, attr)) || isTrue(unknown):
		return true // it may have it
	case !ok || text == "":
		return !strict
	}
	return text == value
}

// remade reports whether the change makes another subject of the object.
func (f *linkForm) remade(o *object, before, after, unknown jsontext.Value) bool {
	return slices.ContainsFunc(split(f.Made), func(attr string) bool {
		return anyTrue(member(unknown, attr)) || !equalValues(o.member(before, attr), o.member(after, attr))
	})
}

// pendingLink are the links that one row makes of an object; as with grants, what they
// lead from and to waits for the whole input.
type pendingLink struct {
	*instance
	row               *row
	address, previous string
	op                *operation
	*linkSides        // several links may share them
	remade            bool
	region            string // as far as its attributes tell
	own               string // name of an object that is its own subject
}

// linkSides are the values before and after: of the attribute, of those that name the
// subject, and of the places of the subject.
type linkSides struct {
	targets, froms, within [2][]linkValue
}

func (l *linkSides) all() [3]*[2][]linkValue {
	return [...]*[2][]linkValue{&l.targets, &l.froms, &l.within}
}

// apart makes the sides the link's own, to change them.
func (l *pendingLink) apart() {
	s := *l.linkSides
	l.linkSides = &s
}

// sharedSides are those of the last link where that has the same, as the many instances have
// that act as one role.
func (x *extraction) sharedSides(s linkSides) *linkSides {
	if n := len(x.links); n > 0 {
		last := x.links[n-1].linkSides
		lasts, equal := last.all(), true
		for i, sides := range s.all() {
			equal = equal && slices.Equal(sides[0], lasts[i][0]) && slices.Equal(sides[1], lasts[i][1])
		}
		if equal {
			return last
		}
	}
	kept := s
	for _, sides := range kept.all() {
		if slices.Equal(sides[0], sides[1]) {
			sides[1] = sides[0] // most objects stay as they are, and need one list only
		}
	}
	return &kept
}

// takeLink takes the links that one row makes of an object.
func (x *extraction) takeLink(o *object, op operation, r *row, before, after, unknown jsontext.Value) {
	var sides linkSides
	if op.existed {
		sides.read(o, r, 0, before, nil)
	}
	switch {
	case op.existed && op.exists && same(before, after):
		sides.targets[1], sides.froms[1], sides.within[1] = sides.targets[0], sides.froms[0], sides.within[0]
	case op.exists:
		sides.read(o, r, 1, after, unknown)
	}
	if len(sides.targets[0])+len(sides.targets[1]) == 0 && r.Flags&exclusive == 0 {
		return // as of most objects
	}
	l := &pendingLink{
		instance: o.instance(), row: r,
		address: o.grantAddress(), previous: o.previous, op: op.shared(),
		linkSides: x.sharedSides(sides),
		region:    cmp.Or(o.regions[1], o.regions[0]),
	}
	if r.self() {
		l.own = subjectNames(o, r, before, after, unknown, op).known()
	}
	if op.existed && op.exists && op.action != extractors.NoOp && op.action != extractors.Forget {
		l.remade = r.Link.remade(o, before, after, unknown)
	}
	if elsewhere := o.regions[0] != "" && o.regions[1] != "" && o.regions[0] != o.regions[1]; elsewhere && l.op.writes() && l.op.existed && !r.self() {
		x.moveLink(l, o)
		return
	}
	x.keepLink(l)
	if op.forgotten {
		x.keepLink(l.forgotten(o))
	}
}

// forgotten is the link of the old object, which stays in place next to the new one.
func (l *pendingLink) forgotten(o *object) *pendingLink {
	old := *l
	old.address, old.previous = fmt.Sprintf("%s (forgotten object)", o.address), ""
	old.op = operation{action: extractors.Forget, existed: true, exists: true}.shared()
	old.apart()
	for _, sides := range old.all() {
		sides[1] = sides[0]
	}
	old.region = cmp.Or(o.regions[0], old.region)
	return &old
}

// moveLink takes a link apart that goes to another region, where the same names are
// something else.
func (x *extraction) moveLink(l *pendingLink, o *object) {
	if l.op.forgotten {
		x.keepLink(l.forgotten(o))
	} else {
		left := *l
		left.address, left.previous = fmt.Sprintf("%s (left %s)", l.address, limited(o.regions[0])), ""
		left.op, left.region = operation{action: extractors.Delete, existed: true}.shared(), o.regions[0]
		left.apart()
		left.targets[1], left.froms[1], left.within[1] = nil, nil, nil
		x.keepLink(&left)
	}
	l.op = operation{action: extractors.Create, exists: true}.shared()
	l.apart()
	l.targets[0], l.froms[0], l.within[0] = nil, nil, nil
	x.keepLink(l)
}

// read takes the values of one side.
func (l *linkSides) read(o *object, r *row, side int, v, unknown jsontext.Value) {
	if !r.self() || r.Link.Within != "" {
		l.froms[side] = subjectValues(o, r, v, unknown)
	}
	for _, place := range split(r.Link.Within) {
		word, attr, ok := cutPlace(place)
		if !ok {
			l.within[side] = append(l.within[side], linkValue{text: word})
			continue
		}
		l.within[side] = append(l.within[side], joinValues(o.linkValues(v, unknown, attr)))
	}
	if !r.Link.holds(o, v, unknown) {
		return
	}
	if r.Link.Itself {
		if l.froms[side] = nil; !r.self() {
			l.froms[side] = linkValues(v, unknown, r.Path)
		}
		l.targets[side] = ownValues(v, unknown, r)
		return
	}
	var values []linkValue
	switch {
	case r.Link.Along != "":
		values = valuesAlong(v, unknown, r)
	case r.Link.Pathed:
		values = pathedValues(v, unknown, r)
	default:
		values = o.linkValues(v, unknown, r.Path)
	}
	if r.Link.Inside != "" {
		values = inside(values, split(r.Link.Inside))
	}
	if len(values) == 0 && r.Flags&required != 0 {
		how := "missing"
		if text, ok := o.str(v, r.Path); ok && text == "" {
			how = "the empty text"
		}
		values = []linkValue{{fault: fmt.Sprintf("The attribute %s is %s, and the resource type demands it.", r.Path, how)}}
	}
	l.targets[side] = values
}

// subjectValues are the values of the attributes that name the subject: all entries of
// a list, or the first attribute that is set.
func subjectValues(o *object, r *row, v, unknown jsontext.Value) []linkValue {
	var later []linkValue
	for _, n := range r.nameAttrs() {
		values := o.linkValues(v, unknown, n)
		if strings.HasSuffix(n, "[]") {
			return values
		}
		switch {
		case len(values) > 0 && !values[0].unknown:
			return values[:1]
		case len(values) > 0 && later == nil:
			later = values[:1]
		}
	}
	if later == nil {
		later = []linkValue{{fault: fmt.Sprintf("The attribute %s is missing, which says whose access it is. Make the JSON anew.", r.nameAttrs()[0])}}
	}
	return later
}

func (x *extraction) keepLink(l *pendingLink) {
	n := max(1, len(l.froms[0]), len(l.froms[1]))
	if len(x.pending)+len(x.shown)+x.linked+n > x.o.MaxGrants {
		x.tooMany()
		return
	}
	x.linked += n
	x.links = append(x.links, l)
}
