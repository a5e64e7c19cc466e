package terraform

import (
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/source"
)

// finish completes the grants with what only the whole input tells: references,
// subjects, which attributes merely mirror other resources, and places.
func (x *extraction) finish() {
	x.accounts.settle()
	x.takeDriftSecrets()
	x.settleSecrets()
	places := newSourceMap(x)
	x.resolver = newResolver(x, places)
	all, managed := make([]*pending, 0, len(x.pending)), x.managesLists()
	for p := range x.grants(managed) {
		x.resolver.name(p)
		x.resolver.text(p)
		if p.late != nil {
			p.late(p)
		}
		if u := p.After.Unknown; u != nil {
			u.References = x.referencesOf(p)
		}
		x.resolveSubject(p)
		x.placeAccount(p)
		if p.drop = p.check != nil && !p.check(); managed || !p.blankList() {
			all = append(all, p)
		}
	}
	x.pending, x.shown = all, nil
	x.splitMoved()
	x.settleFormer()
	x.resolveBlocks()
	x.settlePreflights()
	x.settleYields()
	links := x.settleLinks(places)
	x.settleMaybeSet(links.about)
	x.takeDataPolicies(links.about)
	x.settleMirrors(places)
	x.settleExclusions(places)
	x.settleOverwritten()
	x.settleDefaults()
	x.settleDeposed()
	for _, p := range x.pending {
		if p.Action == extractors.NoOp && !unchanged(p.Before, p.After) {
			p.Action = extractors.Update // whatever the plan calls it
		}
	}
	x.scopes(links.about)
	x.finishDrift(places)
	// From here on only places are looked up. What is done with is let go, so that
	// a grant is not held twice for long.
	x.objects, x.accounts, x.data, x.values, x.resolver = objectIndex{}, accountIndex{}, dataIndex{}, valueStore{}, nil
	x.config.onlyCalls()
	links.about = nil
	x.finishLinks(links.links)
	x.finishBlocks(places)
	if len(x.pending) > manyGrants {
		debug.FreeOSMemory()
	}
	seen := newSeen(len(x.pending))
	x.result.Grants = slices.Grow(x.result.Grants, x.kept())
	for i, p := range x.pending {
		x.pending[i] = nil
		if p.drop {
			continue
		}
		if !seen.add(p.Address, p.Attribute) {
			x.failf(source.Pos{}, "a resource occurs twice", "The address %q (attribute %s) has several changes. Make the plan JSON anew.", limited(p.Address), limited(p.Attribute))
			x.incomplete("A resource occurs twice, so it is not known which change holds.")
		}
		g := p.grant()
		g.Written = places.origin(p)
		x.result.Grants = append(x.result.Grants, g)
	}
	x.result.Diagnostics = append(x.result.Diagnostics, places.close()...)
	x.pending = nil
	x.parsed = nil
}

// manyGrants is how many grants take more memory than collecting garbage is worth time.
const manyGrants = 10_000

// kept counts the grants that are not dropped.
func (x *extraction) kept() int {
	n := 0
	for _, p := range x.pending {
		if !p.drop {
			n++
		}
	}
	return n
}

// referencesOf lists what the unknown attributes of a grant refer to, as written in the
// module of the resource, and then what is behind variables and outputs, as written
// where those are set.
func (x *extraction) referencesOf(p *pending) []string {
	path, err := modulePath(p.module)
	if err != nil {
		return nil
	}
	c := chain{config: x.config}
	for _, attr := range p.unknowns {
		c.add(path, x.config.references(path, p.typ, p.name, attr))
	}
	for i := 0; i < len(c.next) && i < maxHops; i++ {
		c.behind(c.next[i])
	}
	return c.refs
}

// maxChain bounds the references that are listed for one grant.
const maxChain = 100

// chain lists references, and follows them out of and into modules.
type chain struct {
	config *moduleConfig
	refs   []string
	next   []chainLink
	seen   map[string]bool
}

// chainLink is a reference in a module.
type chainLink struct {
	path []step
	ref  string
}

func (c *chain) add(path []step, refs []string) {
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	for _, ref := range refs {
		if key := joinModules(path) + " " + ref; len(c.refs) < maxChain && !c.seen[key] {
			c.seen[key] = true
			c.next = append(c.next, chainLink{path, ref})
			if !covered(c.refs, ref) {
				c.refs = append(c.refs, ref)
			}
		}
	}
}

// behind adds what the caller gives for a variable, or what an output is made of.
func (c *chain) behind(l chainLink) {
	t, err := parseAddress(l.ref)
	if err != nil {
		return
	}
	switch part(t, 0) {
	case "var":
		if len(l.path) == 0 {
			return
		}
		caller, last := l.path[:len(l.path)-1], l.path[len(l.path)-1]
		if m := c.config.module(caller); m != nil && m.calls[last.name] != nil {
			c.add(caller, m.calls[last.name].arguments[part(t, 1)])
		}
	case "module":
		i := 2
		if keyAt(t, i) != "" {
			i++
		}
		inner := append(slices.Clone(l.path), step{name: part(t, 1)})
		if m := c.config.module(inner); m != nil {
			c.add(inner, m.outputs[part(t, i)])
		}
	}
}

// symbolName names the value of an attribute that is not known by what it is made
// of, or else by its own address. It tells module instances apart.
func (x *extraction) symbolName(p *pending, attr string) string {
	if path, err := modulePath(p.module); err == nil {
		if refs := x.config.references(path, p.typ, p.name, attr); len(refs) > 0 {
			name := strings.Join(refs, ",")
			if p.module != "" {
				name = p.module + ":" + name
			}
			if p.index != "" {
				name += " for " + p.index
			}
			return name
		}
	}
	return fmt.Sprintf("%s.%s", p.Address, attr)
}

// settleMirrors deals with computed attributes that the configuration does not
// set: they show what exists, and an unknown value of one says nothing.
//
//   - Another resource of the plan manages the same document and it did so
//     before: the attribute repeats it and is dropped.
//   - Another resource takes the document over (it is created): what the
//     attribute shows is what there was before that one, and only that.
//   - Nobody manages it: what exists stays.
func (x *extraction) settleMirrors(places *sourceMap) {
	if !slices.ContainsFunc(x.pending, func(p *pending) bool { return p.row.Flags&computed != 0 }) {
		return
	}
	// Only of documents that a computed attribute shows it is asked who manages them.
	type count struct {
		n    int
		last string // address of the resource that was counted last: it may have several such attributes
	}
	managers, mirrored := map[mirrorKey][]*pending{}, map[mirrorKey]count{}
	for _, p := range x.pending {
		if p.row.Flags&computed == 0 || !p.row.self() {
			continue
		}
		for k := range mirrorKeys(p) {
			c := mirrored[k]
			if !p.aside && (c.n == 0 || c.last != p.Address) {
				c = count{c.n + 1, p.Address}
			}
			mirrored[k] = c
		}
	}
	for _, p := range x.pending {
		if !p.isManager() {
			continue
		}
		for k := range mirrorKeys(p) {
			if _, ok := mirrored[k]; ok {
				managers[k] = append(managers[k], p)
			}
		}
	}
	for _, p := range x.pending {
		if p.row.Flags&computed == 0 {
			continue
		}
		mirror := x.mirrors(p, places)
		if !mirror && !x.mayMirror(p) {
			continue
		}
		if !p.row.self() && p.Kind == extractors.Endpoint { // aws_vpc_endpoint_policy: not set means the default
			if p.After.Unknown != nil {
				p.After = documentSide(fullAccess())
			}
			continue
		}
		var manager *pending
		for k := range mirrorKeys(p) {
			if !p.row.self() {
				break
			}
			for _, m := range managers[k] {
				if x.manages(m, p, mirrored[k].n) && (manager == nil || manager.Before.Absent) {
					manager = m
				}
			}
		}
		switch {
		case !mirror && manager == nil:
		case manager != nil && !manager.Before.Absent:
			p.drop = true
		case manager != nil:
			manager.Before, p.drop = p.Before, true
		case p.After.Unknown != nil && p.op.existed && p.op.action != extractors.Replace:
			p.After = p.Before
		case p.After.Unknown != nil && p.Kind == extractors.Endpoint:
			p.After = documentSide(fullAccess())
		case p.After.Unknown != nil:
			p.After = pendingSide{Absent: true}
		}
	}
}

// manages reports whether m may write the document that p shows. Names are unique only
// within an account and region, so that a name alone does only where one resource of the
// plan has it.
func (x *extraction) manages(m, p *pending, sameName int) bool {
	switch {
	case m.Account != "" && p.Account != "" && m.Account != p.Account:
		return false
	case m.Subject.Address != "" && p.Subject.Address != "":
		return m.Subject.Address == p.Subject.Address
	}
	if o := x.objects.at(p.Subject.Address); o != nil && x.apart(m.instance, m.region(), m.Subject.Name, o) {
		return false
	}
	return sameName == 1
}

// isManager reports whether a grant puts in place what a computed attribute of its
// subject shows.
func (p *pending) isManager() bool {
	switch {
	case p.aside, p.row.Flags&computed != 0 && p.row.self():
		return false
	case p.row.Permit != nil:
		return p.row.Permit.Manages
	}
	return true
}

// mirrors reports whether a computed attribute is not set by the configuration.
// What is set may also have left the configuration together with its resource, or the
// plan comes without one; see mayMirror.
func (x *extraction) mirrors(p *pending, places *sourceMap) bool {
	path, err := modulePath(p.module)
	if err != nil {
		return false
	}
	set, known := x.config.sets(path, p.typ, p.name, p.row.steps()[0])
	switch {
	case set:
		return false
	case !known:
		return x.result.Kind == KindState || p.op.action == extractors.Delete || p.op.action == extractors.Forget
	case p.row.repeated() && p.After.Unknown != nil && (!p.whole || places.generates(p.instance, p.row.steps()[0], *p.op)):
		return false // a dynamic block, which the configuration in the plan leaves out
	}
	// A plan never changes an attribute that is not set, except to something that
	// is not known: a known difference comes from a dynamic block, or from taking
	// the argument out.
	return p.After.Unknown != nil || sameSide(p.Before, p.After) || p.op.action == extractors.Delete
}

// mayMirror reports whether a computed attribute is told from a mirror by nothing: no
// configuration says whether it is set. Where another resource manages the document, it
// is what that one makes of it in either case; else repeating it does no harm.
func (x *extraction) mayMirror(p *pending) bool {
	_, known := x.setInConfig(p)
	return !known && p.row.self() && sameSide(p.Before, p.After)
}

func sameSide(a, b pendingSide) bool {
	return a.Absent && b.Absent || a.Document != nil && a.Document == b.Document
}

// unchanged reports whether two sides say the same; texts that cannot be read count
// as the same.
func unchanged(a, b pendingSide) bool {
	switch {
	case a.Document != nil && b.Document != nil:
		return a.Document == b.Document
	case a.Absent != b.Absent:
		return false
	}
	return a.Unknown != nil || b.Unknown == nil
}

// settleDeposed leaves out policies that go with a deposed object while the current
// object of the address puts one on the same subject: nothing is lost with them.
func (x *extraction) settleDeposed() {
	if !slices.ContainsFunc(x.pending, func(p *pending) bool { return p.deposedOf != "" }) {
		return
	}
	current := map[[2]string]*pending{}
	for _, p := range x.pending {
		if p.op.exists && !p.drop {
			current[[2]string{p.Address, p.Attribute}] = p
		}
	}
	for _, p := range x.pending {
		if p.deposedOf == "" || p.op.exists || p.row.self() && p.row.Flags&policyOnly == 0 {
			continue
		}
		c := current[[2]string{p.deposedOf, p.Attribute}]
		if c != nil && (p.subject.before == "" || c.subject.known() == "" || sameName(p.subject.before, c.subject.known())) && !otherBlock(p, c) {
			p.drop = true
		}
	}
}

// otherBlock reports whether two inline policies have names, and none is the same: both
// are on their principal.
func otherBlock(p, q *pending) bool {
	named := func(blocks []string) bool { return len(blocks) > 0 && !slices.Contains(blocks, "") }
	return p.Kind == extractors.Identity && named(p.blocks) && named(q.blocks) && !slices.ContainsFunc(p.blocks, func(b string) bool { return slices.Contains(q.blocks, b) })
}

// mirrorKey identifies a document by kind and subject, the latter by its address or its
// name, and for inline policies by its name.
type mirrorKey struct {
	kind                          extractors.Kind
	subject, block, address, name string
}

// mirrorKeys are all by which the document of a grant goes.
func mirrorKeys(p *pending) iter.Seq[mirrorKey] {
	return func(yield func(mirrorKey) bool) {
		blocks := noBlocks
		if p.Kind == extractors.Identity {
			blocks = p.blocks
		}
		for _, b := range blocks {
			k := mirrorKey{kind: p.Kind, subject: p.Subject.Kind, block: b}
			if k.address = p.Subject.Address; k.address != "" && !yield(k) {
				return
			}
			if k.address, k.name = "", p.Subject.Name; k.name != "" && !yield(k) {
				return
			}
		}
	}
}

// noBlocks are the names of the blocks of a document that has none.
var noBlocks = []string{""}

// settleDefaults puts in place what the service falls back to where there is no
// policy. An endpoint without one lets everything through, and so does a network
// without the endpoint; both are the document that allows everything.
func (x *extraction) settleDefaults() {
	for _, p := range x.pending {
		if p.Before.Absent && p.After.Absent {
			p.drop = true
		}
		if p.Kind == extractors.Endpoint && p.Before.Absent {
			p.Before = documentSide(fullAccess())
		}
		if p.row.self() && p.row.CFN == "AWS::EFS::FileSystem" && p.op.existed && p.op.exists && !p.Before.Absent && p.After.Absent {
			p.After = documentSide(openFileSystem())
		}
		if p.row.self() && p.row.CFN == "AWS::KMS::Key" && p.op.existed && p.op.exists && !p.Before.Absent && p.After.Absent {
			p.After = x.defaultKeySide(p)
		}
		if p.Action != extractors.Delete || p.drop || p.row.self() || p.Subject.Gone {
			continue
		}
		switch {
		case p.Kind == extractors.Endpoint:
			p.After = documentSide(fullAccess())
		case p.typ == "aws_efs_file_system_policy":
			p.After = documentSide(openFileSystem())
		case p.typ == "aws_kms_key_policy":
			p.After = x.defaultKeySide(p)
		}
	}
}

// defaultKeySide is the policy that a key has for which none is given, and that the
// provider puts back when a key policy is destroyed: the default one. It names the account, which only an ARN tells.
func (x *extraction) defaultKeySide(p *pending) pendingSide {
	arn := p.subject.before
	if o := x.objects.at(p.Subject.Address); o != nil && o.arn != "" {
		arn = o.arn
	}
	if f := strings.SplitN(arn, ":", 6); len(f) == 6 && f[0] == "arn" && accountID.MatchString(f[4]) {
		return documentSide(defaultKeyPolicy(f[1], f[4]))
	}
	return pendingSide{Unknown: &extractors.Unknown{
		Reason: "Without a policy of its own the key gets the default key policy, which names the account of the key, and the plan does not tell it.",
	}}
}
