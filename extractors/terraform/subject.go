package terraform

import (
	"cmp"
	"hash/maphash"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// namedSubject is what the attributes of a grant say about its subject.
type namedSubject struct {
	before, after string
	unknown       bool   // the name is not known before the change is applied
	attr          string // first attribute that names it, for the references
}

// subjectNames reads the attributes that name the subject.
func subjectNames(o *object, r *row, before, after, unknown jsontext.Value, op operation) namedSubject {
	parts := r.parts()
	s := namedSubject{attr: parts.nameSteps[0][0]}
	for _, steps := range parts.nameSteps {
		if op.existed && op.exists && same(before, after) {
			if v, _ := o.text(o.firstLeaf(before, nil, nil, steps).value); s.before == "" {
				s.before, s.after = v, v
			}
			continue
		}
		if v, _ := o.text(o.firstLeaf(before, nil, nil, steps).value); op.existed && s.before == "" {
			s.before = v
		}
		if !op.exists {
			continue
		}
		l := o.firstLeaf(after, unknown, nil, steps)
		if l.unknown {
			s.unknown = true
		}
		if v, _ := o.text(l.value); s.after == "" {
			s.after = v
		}
	}
	return s
}

// known is the best name there is.
func (s namedSubject) known() string {
	switch {
	case s.after != "":
		return s.after
	case s.unknown:
		return ""
	}
	return s.before
}

// subjectObject is a resource that grants may be about.
type subjectObject struct {
	*instance
	address  string
	before   string      // display name
	olds     []string    // values that identify it
	changed  *objectNews // what it is after the change; nil where that is the same
	arn      string
	region   string
	attached string // the ARN that policies on it are attached to, "" when it may change
	deleted  bool
	created  bool
	replaced bool
	private  [2]bool // an API that is reached from networks alone, before and after
	leftOpen bool    // where it leads after the change is not known yet
	*origins
	next *subjectObject // of the same block; of the last one it is the first
}

// objectNews are the names of an object after the change that gives it others.
type objectNews struct {
	name   string
	values []string
}

// after is the display name after the change.
func (s *subjectObject) after() string {
	if s.changed != nil {
		return s.changed.name
	}
	return s.before
}

// news are the values that identify it after the change.
func (s *subjectObject) news() []string {
	if s.changed != nil {
		return s.changed.values
	}
	return s.olds
}

// origins are what few objects have: what they led to or were before the change.
type origins struct {
	left   string // what it led to, where it leads elsewhere after the change
	former string // the ARN of what it replaces
	kept   string // why that stays, "" where it goes
}

// noOrigins are those of all other objects.
var noOrigins origins

// objectIndex finds subjects by address, by the values that identify them, and by their
// block.
type objectIndex struct {
	list      objectList
	addresses objectTable
	values    objectTable     // up to maxShared and one more of each value and type
	blocks    objectTable     // the last instance of each block
	gone      map[string]bool // types of which the change deletes an object
	seed      maphash.Seed
	found     []string // values of an object at hand
}

func newObjectIndex() objectIndex {
	return objectIndex{gone: map[string]bool{}, seed: maphash.MakeSeed()}
}

func (ix *objectIndex) add(o *object, op operation) {
	if o.deposed != "" {
		return
	}
	s, n := ix.list.next()
	*s = subjectObject{
		instance: o.instance(), address: o.address,
		deleted: op.action == extractors.Delete, created: op.action == extractors.Create,
		replaced: op.action == extractors.Replace, attached: attachedOf(o, op),
	}
	s.region = cmp.Or(o.regions[1], o.regions[0])
	s.private = privateAPI(o)
	if s.deleted {
		ix.gone[o.typ] = true
	}
	ix.address(s, n)
	ix.chain(s, n)
	was := origins{former: formerARN(o, op), kept: staying(o, op)}
	s.olds = ix.identities(s, o, o.before)
	s.before = displayName(o, o.before)
	if !same(o.before, o.after) {
		if homes, open := homesOfObject(o, op); homes[0] != homes[1] && (homes[1] != "" || open) {
			was.left, s.leftOpen = homes[0], open
		}
		values := ix.identities(s, o, o.after)
		if name := displayName(o, o.after); name != s.before || !slices.Equal(values, s.olds) {
			s.changed = &objectNews{name, values}
		}
	}
	if s.origins = &noOrigins; was != noOrigins {
		some := was
		s.origins = &some
	}
	for _, value := range s.olds {
		ix.identify(s, n, value)
	}
	for _, value := range s.news() {
		if !slices.Contains(s.olds, value) {
			ix.identify(s, n, value)
		}
	}
}

// address notes the address of an object. The last one that has it counts.
func (ix *objectIndex) address(s *subjectObject, n uint32) {
	hash := ix.hashOf(s.address)
	for e := range ix.addresses.at(hash) {
		if ix.list.numbered(e.object).address == s.address {
			e.object = n
			return
		}
	}
	ix.addresses.add(hash, n)
}

// at is the object of an address, or nil.
func (ix *objectIndex) at(address string) *subjectObject {
	if address == "" || ix.list.n == 0 {
		return nil
	}
	for e := range ix.addresses.at(ix.hashOf(address)) {
		if s := ix.list.numbered(e.object); s.address == address {
			return s
		}
	}
	return nil
}

// all are the objects, one of each address.
func (ix *objectIndex) all() iter.Seq[*subjectObject] {
	return func(yield func(*subjectObject) bool) {
		for _, e := range ix.addresses.slots {
			if e.object != 0 && !yield(ix.list.numbered(e.object)) {
				return
			}
		}
	}
}

// chain adds an object to those of its block, of which the last one leads to the first.
func (ix *objectIndex) chain(s *subjectObject, n uint32) {
	block := strings.TrimSuffix(s.address, s.index)
	if !s.isBlock(block) { // as of a plan that is made by hand
		block = blockAddress(s.module, s.typ, s.name)
	}
	hash := ix.hashOf(block)
	for e := range ix.blocks.at(hash) {
		if last := ix.list.numbered(e.object); last.isBlock(block) {
			s.next, last.next = last.next, s
			e.object = n
			return
		}
	}
	s.next = s
	ix.blocks.add(hash, n)
}

// isBlock reports whether an address is that of the block of the instance.
func (in *instance) isBlock(address string) bool {
	rest, ok := strings.CutSuffix(address, in.name)
	if ok {
		rest, ok = strings.CutSuffix(rest, ".")
	}
	if ok {
		rest, ok = strings.CutSuffix(rest, in.typ)
	}
	if ok && in.module != "" {
		rest, ok = strings.CutSuffix(rest, ".")
	}
	return ok && rest == in.module
}

// instances are the objects of a block by its address, no more than so many, in the order
// of the input.
func (ix *objectIndex) instances(block string, most int) (list []*subjectObject) {
	for e := range ix.blocks.at(ix.hashOf(block)) {
		last := ix.list.numbered(e.object)
		if !last.isBlock(block) {
			continue
		}
		for s := last.next; len(list) < most; s = s.next {
			if list = append(list, s); s == last {
				break
			}
		}
		return list
	}
	return nil
}

// identities are the values of one side that identify an object.
func (ix *objectIndex) identities(s *subjectObject, o *object, side jsontext.Value) []string {
	values := ix.found[:0]
	named := policyNames[s.typ]
	list := o.members(side)
	for i := range list {
		m := &list[i]
		isName := named != "" && string(m.name) == named
		if !isName && !isIdentityAttr[string(m.name)] {
			continue
		}
		value, _ := o.indexedText(side, m)
		if isName && value != "" {
			path, _ := o.str(side, "path")
			value = pathedName(path, value)
		}
		if value == "" {
			continue
		}
		if string(m.name) == "arn" {
			s.arn = value
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	kept := slices.Clone(values)
	clear(values)
	ix.found = values[:0]
	return slices.Clip(kept)
}

// identify notes a value that identifies an object.
func (ix *objectIndex) identify(s *subjectObject, n uint32, value string) {
	hash := ix.hashOf(value, s.typ)
	shared := 0
	for e := range ix.values.at(hash) {
		if other := ix.list.numbered(e.object); other.typ == s.typ && other.hasValue(value) {
			shared++
		}
	}
	if shared <= maxShared {
		ix.values.add(hash, n)
	}
}

// isIdentityAttr is identityAttrs as a set.
var isIdentityAttr = func() map[string]bool {
	m := map[string]bool{}
	for _, a := range identityAttrs {
		m[a] = true
	}
	return m
}()

// maxShared bounds the objects that are told apart by more than a value.
const maxShared = 16

// having lists the objects of a type that a value identifies: more than maxShared where
// it is not known which.
func (ix *objectIndex) having(typ, value string) (list []*subjectObject) {
	for e := range ix.values.at(ix.hashOf(value, typ)) {
		if s := ix.list.numbered(e.object); s.typ == typ && s.hasValue(value) {
			list = append(list, s)
		}
	}
	return list
}

// hasValue reports whether a value identifies the object, before or after.
func (s *subjectObject) hasValue(value string) bool {
	return slices.Contains(s.olds, value) || slices.Contains(s.news(), value)
}

// on finds the object of the given types that a value identifies on one side of the
// change: 0 is before, 1 after; objects that are apart are left out. The second result is
// false where several do.
func (ix *objectIndex) on(side int, types []string, value string, apart func(*subjectObject) bool) (found *subjectObject, only bool) {
	var list []*subjectObject
	for _, t := range types {
		candidates := ix.having(t, value)
		if len(candidates) > maxShared {
			return nil, false
		}
		for _, s := range candidates {
			if s.identifiedBy(side, value) && !apart(s) {
				list = append(list, s)
			}
		}
	}
	if len(list) > 1 && side == 1 { // what goes gives its name to what comes
		list = slices.DeleteFunc(list, func(s *subjectObject) bool { return s.deleted })
	}
	if len(list) != 1 {
		return nil, len(list) == 0
	}
	return list[0], true
}

// identifiedBy reports whether a value names the object on one side. After the change
// the old name counts for an object that goes, or whose new name is not known yet.
func (s *subjectObject) identifiedBy(side int, value string) bool {
	if side == 0 {
		return slices.Contains(s.olds, value)
	}
	return slices.Contains(s.news(), value) || (s.deleted || len(s.news()) == 0) && slices.Contains(s.olds, value)
}

// displayName is the name that the table gives a subject of its own, or else its
// name or id.
func displayName(o *object, side jsontext.Value) string {
	attrs := []string{"name", "id"}
	for _, r := range rowsOf[o.typ] {
		if r.self() {
			attrs = r.nameAttrs()
			break
		}
	}
	for _, a := range attrs {
		if v, _ := o.str(side, a); v != "" {
			return v
		}
	}
	return ""
}

func blockAddress(module, typ, name string) string {
	if module != "" {
		module += "."
	}
	return module + typ + "." + name
}

// goesBy reports whether a value names the object, before or after.
func (s *subjectObject) goesBy(value string) bool {
	return value != "" && s.hasValue(value)
}

// resolveSubject fills in the subject of a grant. Its own reference in the
// configuration counts before the value, since names are unique only within an
// account and region; where the two disagree the value counts.
func (x *extraction) resolveSubject(p *pending) {
	s := extractors.Subject{Kind: p.row.Subject, Name: p.subject.known()}
	if p.row.self() {
		s.Address = p.Address
		s.Gone = p.Action == extractors.Delete && p.row.Flags&policyOnly == 0
		s.New = p.Action == extractors.Create
		p.Subject = s
		return
	}
	types := p.row.subjectTypes()
	address, object, sure := x.referencedSubject(p, types, s.Name)
	if o := x.named(p.instance, p.region(), types, s.Name); o != nil && (object == nil || !object.goesBy(s.Name)) {
		object, address, sure = o, o.address, true
	}
	p.Subject = subjectOf(s, address, object, sure)
}

// subjectOf completes a subject with what its resource says. What is only likely to
// be its resource does not tell that it goes.
func subjectOf(s extractors.Subject, address string, object *subjectObject, sure bool) extractors.Subject {
	s.Address = address
	if object == nil {
		return s
	}
	s.Gone, s.New = sure && object.deleted, object.created
	// One name per subject, whichever of its names a policy uses.
	switch {
	case object.after() != "":
		s.Name = object.after()
	case object.before != "" && object.deleted:
		s.Name = object.before
	}
	return s
}

// referencedSubject follows the references of the naming attribute to a resource.
// Where the reference leaves open which instance it means, the key of the grant's own
// resource is a guess, made only when the name is not known or fits; it is not sure.
func (x *extraction) referencedSubject(p *pending, types []string, name string) (_ string, _ *subjectObject, sure bool) {
	path, err := modulePath(p.module)
	if err != nil {
		return "", nil, false
	}
	refs := x.config.references(path, p.typ, p.name, p.subject.attr)
	target, ok := x.config.follow(path, refs, types)
	if !ok {
		return "", nil, false
	}
	block := blockAddress(joinModules(target.path), target.typ, target.name)
	if o := x.objects.at(block + target.key); o != nil {
		return o.address, o, true
	}
	if o := x.objects.at(block + p.index); o != nil && (name == "" || o.goesBy(name)) {
		return o.address, o, o.goesBy(name)
	}
	if target.key != "" || len(x.objects.instances(block, 1)) == 0 {
		return block + target.key, nil, false
	}
	return "", nil, false // one of several instances, and the reference does not say which
}
