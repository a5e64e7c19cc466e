package terraform

import (
	"cmp"
	"hash/maphash"
	"slices"

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
	address, typ  string
	module, name  string
	index         string
	deleted       bool
	created       bool
	replaced      bool
	before, after string   // display names
	olds, news    []string // values that identify it, before and after
	arn           string
	region        string
	attached      string  // the ARN that policies on it are attached to, "" when it may change
	private       [2]bool // an API that is reached from networks alone, before and after
	leftOpen      bool    // where it leads after the change is not known yet
	*origins
	next *subjectObject // of the same block
}

// origins are what few objects have: what they led to or were before the change.
type origins struct {
	left   string // what it led to, where it leads elsewhere after the change
	former string // the ARN of what it replaces
	kept   string // why that stays, "" where it goes
}

// noOrigins are those of all other objects.
var noOrigins origins

// objectIndex finds subjects by address and by the values that identify them.
type objectIndex struct {
	byAddress map[string]*subjectObject
	byValue   map[valueKey]*subjectObject   // nil when several share it
	shared    map[valueKey][]*subjectObject // those that do
	gone      map[string]bool               // types of which the change deletes an object
	// blocks are the instances of each resource block, by a hash of its address, as there may
	// be many: the seed is random, so that no plan can be made in which two collide.
	blocks map[uint64]objectList
	seed   maphash.Seed
}

// objectList is a list of objects; each leads to the next.
type objectList struct{ first, last *subjectObject }

// valueKey is a value that identifies an object of a type.
type valueKey struct{ typ, value string }

func newObjectIndex() objectIndex {
	return objectIndex{
		byAddress: map[string]*subjectObject{}, byValue: map[valueKey]*subjectObject{}, shared: map[valueKey][]*subjectObject{},
		gone: map[string]bool{}, blocks: map[uint64]objectList{}, seed: maphash.MakeSeed(),
	}
}

func (ix *objectIndex) add(o *object, op operation) {
	if o.deposed != "" {
		return
	}
	s := &subjectObject{
		address: o.address, typ: o.typ, module: o.module, name: o.name, index: o.index,
		deleted: op.action == extractors.Delete, created: op.action == extractors.Create,
		replaced: op.action == extractors.Replace, attached: attachedOf(o, op),
	}
	s.region = cmp.Or(o.regions[1], o.regions[0])
	s.private = privateAPI(o)
	if s.deleted {
		ix.gone[o.typ] = true
	}
	ix.byAddress[o.address] = s
	ix.chain(s)
	was := origins{former: formerARN(o, op), kept: staying(o, op)}
	s.before, s.olds = displayName(o, o.before), ix.identify(s, o, o.before)
	if same(o.before, o.after) {
		s.after, s.news = s.before, s.olds
	} else {
		if homes, open := homesOfObject(o, op); homes[0] != homes[1] && (homes[1] != "" || open) {
			was.left, s.leftOpen = homes[0], open
		}
		s.after, s.news = displayName(o, o.after), ix.identify(s, o, o.after)
	}
	if s.origins = &noOrigins; was != noOrigins {
		some := was
		s.origins = &some
	}
}

// chain adds an object to those of its block.
func (ix *objectIndex) chain(s *subjectObject) {
	var h maphash.Hash
	h.SetSeed(ix.seed)
	if s.module != "" {
		_, _ = h.WriteString(s.module)
		_ = h.WriteByte('.')
	}
	_, _ = h.WriteString(s.typ)
	_ = h.WriteByte('.')
	_, _ = h.WriteString(s.name)
	c := ix.blocks[h.Sum64()]
	if c.first == nil {
		c.first = s
	} else {
		c.last.next = s
	}
	c.last = s
	ix.blocks[h.Sum64()] = c
}

// instances are the objects of a block by its address, no more than so many, in the order
// of the input.
func (ix *objectIndex) instances(block string, most int) (list []*subjectObject) {
	for s := ix.blocks[maphash.String(ix.seed, block)].first; s != nil && len(list) < most; s = s.next {
		list = append(list, s)
	}
	return list
}

// identify notes the values of one side that identify an object, and returns them.
func (ix *objectIndex) identify(s *subjectObject, o *object, side jsontext.Value) []string {
	var values []string
	named := policyNames[s.typ]
	list := o.members(side)
	for i := range list {
		m := &list[i]
		isName := named != "" && string(m.name) == named
		if !isName && !isIdentityAttr[string(m.name)] {
			continue
		}
		value, _ := m.str()
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
		if slices.Contains(values, value) {
			continue
		}
		values = append(values, value)
		key := valueKey{s.typ, value}
		switch other, taken := ix.byValue[key]; {
		case !taken:
			ix.byValue[key] = s
		case other != s:
			ix.byValue[key] = nil
			ix.share(key, other, s)
		}
	}
	return values
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

// share notes that several objects have a value.
func (ix *objectIndex) share(key valueKey, objects ...*subjectObject) {
	for _, s := range objects {
		if list := ix.shared[key]; s != nil && len(list) <= maxShared && !slices.Contains(list, s) {
			ix.shared[key] = append(list, s)
		}
	}
}

// having lists the objects of a type that a value identifies: more than maxShared where
// it is not known which.
func (ix *objectIndex) having(typ, value string) []*subjectObject {
	key := valueKey{typ, value}
	if s := ix.byValue[key]; s != nil {
		return []*subjectObject{s}
	}
	return ix.shared[key]
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
	return slices.Contains(s.news, value) || (s.deleted || len(s.news) == 0) && slices.Contains(s.olds, value)
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
	return value != "" && (slices.Contains(s.news, value) || slices.Contains(s.olds, value))
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
	if o := x.named(p.instance(), p.region(), types, s.Name); o != nil && (object == nil || !object.goesBy(s.Name)) {
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
	case object.after != "":
		s.Name = object.after
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
	refs := x.config.references(path, p.Type, p.name, p.subject.attr)
	target, ok := x.config.follow(path, refs, types)
	if !ok {
		return "", nil, false
	}
	block := blockAddress(joinModules(target.path), target.typ, target.name)
	if o := x.objects.byAddress[block+target.key]; o != nil {
		return o.address, o, true
	}
	if o := x.objects.byAddress[block+p.index]; o != nil && (name == "" || o.goesBy(name)) {
		return o.address, o, o.goesBy(name)
	}
	if target.key != "" || len(x.objects.instances(block, 1)) == 0 {
		return block + target.key, nil, false
	}
	return "", nil, false // one of several instances, and the reference does not say which
}
