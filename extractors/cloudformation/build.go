package cloudformation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// take takes what all rows make of a unit.
func (w *world) take(u *unit) {
	v := w.view(u)
	if !v[before].exists && !v[after].exists {
		return
	}
	typ := cmp.Or(u.types[after], u.types[before])
	told := map[string]bool{}
	var together []string
	var first *row
	for _, r := range rowsOf[typ] {
		switch {
		case r.Told != nil && told[r.Told.Does]:
		case r.Told != nil && r.Told.Together:
			if !w.changes(v, r) {
				continue
			}
			first = cmp.Or(first, r)
			if !slices.Contains(together, r.Told.Does) {
				together = append(together, r.Told.Does)
			}
		case r.Link != nil:
			w.takeLinks(v, r)
		case r.Block != nil:
			w.takeBlock(v, r)
		case r.Told != nil:
			told[r.Told.Does] = w.takeTold(v, r)
		default:
			w.takeDocuments(v, r)
		}
	}
	if first != nil {
		w.told(v, first, strings.Join(together, ", and "))
	}
	w.takeUnknown(v, rowsOf[typ])
	if strings.HasSuffix(typ, moduleSuffix) {
		w.takeUnreadStack(v, &row{Type: typ, Path: "Properties", Subject: "module"},
			"is a module, whose resources are not at hand (give the processed template, or the change set)")
	}
	if typ == nestedType && u.stack.nested[cmp.Or(u.ids[after], u.ids[before])] == nil {
		w.takeUnreadStack(v, &row{Type: nestedType, Path: "TemplateURL", Subject: "stack"},
			"holds a template that is not at hand (give the folder with it, or scan that template by itself)")
	}
}

// leaf is one value that a path leads to, with what tells it apart in a list.
type leaf struct {
	key  string
	node *tree.Node
}

// leaves are the values at a path of one side.
func (v *view) leaves(r *row) []leaf {
	steps := r.steps()
	top := v.prop(steps[0].name)
	if top == nil {
		return nil
	}
	var out []leaf
	var walk func(n *tree.Node, rest []step, path string, listed string)
	walk = func(n *tree.Node, rest []step, path, listed string) {
		switch {
		case n == nil || n.Kind == tree.Null:
		case v.scope.Symbols().Whole(n.Value) != nil && n.Kind == tree.String, n.Get("Fn::Transform") != nil:
			out = append(out, leaf{path, n}) // it may be anything
		case listed != "" && n.Kind == tree.List:
			for i, item := range n.Items {
				name, _ := item.Get(listed).Text()
				walk(item, rest, fmt.Sprintf("%s[%q]", path, cmp.Or(name, fmt.Sprint(i))), "")
			}
		case len(rest) == 0:
			out = append(out, leaf{path, n})
		case n.Kind == tree.List:
			for _, item := range n.Items {
				walk(item, rest, path, "")
			}
		default:
			walk(n.Get(rest[0].name), rest[1:], path+"."+rest[0].name, rest[0].key)
		}
	}
	walk(top, steps[1:], steps[0].name, steps[0].key)
	for i := range out { // two entries of one name are two all the same
		for n := 2; slices.ContainsFunc(out[:i], func(o leaf) bool { return o.key == out[i].key }); n++ {
			out[i].key = fmt.Sprintf("%s#%d", out[i].key, n)
		}
	}
	return out
}

// subjects are those that a property names on one side.
func (w *world) subjects(v [2]*view, i int, r *row) []extractors.Subject {
	if r.Of == "" {
		return []extractors.Subject{w.self(v, r.Subject)}
	}
	if !v[i].exists {
		return nil
	}
	var out []extractors.Subject
	for _, n := range v[i].list(r.Of) {
		out = append(out, w.named(v[i], n, r.Subject))
	}
	if len(out) == 0 && r.Of == defaultBus {
		out = append(out, extractors.Subject{Kind: r.Subject, Name: "default"})
	}
	return out
}

// list is the texts at a path: of a list, of each entry. One that is followed by
// [PROPERTY=VALUE] is read for the entries with that value.
func (v *view) list(path string) []*tree.Node {
	parts := strings.Split(strings.ReplaceAll(path, "[]", ""), ".")
	name, only, _ := strings.Cut(strings.TrimSuffix(parts[0], "]"), "[")
	top := v.prop(name)
	if top == nil {
		return nil
	}
	if property, value, ok := strings.Cut(only, "="); ok && top.Kind == tree.List {
		items := slices.DeleteFunc(slices.Clone(top.Items), func(item *tree.Node) bool {
			text, known := item.Get(property).Text()
			return known && text != value && !v.w.x.symbols.Holds(text)
		})
		top = tree.NewList(top.Range, items...)
	}
	return texts(top, parts[1:], nil)
}

// subjectKey tells subjects apart.
func subjectKey(s extractors.Subject) string { return cmp.Or(s.Address, s.Kind+"\x00"+s.Name) }

// takeDocuments takes the grants of a row: one for each document and subject.
func (w *world) takeDocuments(v [2]*view, r *row) {
	docs := [2][]leaf{}
	for _, i := range []int{after, before} {
		if !v[i].exists {
			continue
		}
		switch {
		case r.Permit != nil && r.Permit.Operations:
			docs[i] = v[i].operationLeaves(r, !w.tellsGuards(v, r.Path))
		case r.Permit != nil:
			if d := permitDocument(v[i], r); d != nil {
				docs[i] = []leaf{{r.Path, d}}
			}
		case r.Flags&accessList != 0:
			if d := w.accessDocument(v, i, r); d != nil {
				docs[i] = []leaf{{r.Path, d}}
			}
		case r.Flags&body != 0:
			docs[i] = v[i].bodyPolicy(r)
		default:
			docs[i] = v[i].leaves(r)
		}
	}
	var keys []string
	byKey := map[string][2]*tree.Node{}
	for _, i := range []int{after, before} {
		for _, l := range docs[i] {
			pair, there := byKey[l.key]
			if !there {
				keys = append(keys, l.key)
			}
			pair[i] = l.node
			byKey[l.key] = pair
		}
	}
	if len(keys) == 0 && r.Flags&openDefault != 0 {
		keys = []string{r.Path} // what holds without a document
	}
	var order []string
	subjects := map[string][2]*extractors.Subject{}
	for _, i := range []int{after, before} {
		for _, s := range w.subjects(v, i, r) {
			pair, there := subjects[subjectKey(s)]
			if !there {
				order = append(order, subjectKey(s))
			}
			pair[i] = &s
			subjects[subjectKey(s)] = pair
		}
	}
	if r.Type == "AWS::IAM::Policy" && r.Subject == "role" && len(order) == 0 && !w.anySubject(v, "Users", "Groups") {
		// It names nobody, which the service refuses; by itself it gives what it says.
		s := w.self(v, "policy")
		order, subjects = []string{""}, map[string][2]*extractors.Subject{"": {&s, &s}}
	}
	if len(order) == 0 && r.Of != "" && !strings.HasSuffix(r.Of, "[]") {
		s := extractors.Subject{Kind: r.Subject, Name: "the default " + r.Subject + " of " + v[after].u.address}
		order, subjects = []string{""}, map[string][2]*extractors.Subject{"": {&s, &s}}
	}
	for _, key := range keys {
		for _, sk := range order {
			attribute := key
			s := subjects[sk]
			if strings.HasSuffix(r.Of, "[]") && sk != "" && (len(order) > 1 || r.Type == "AWS::IAM::Policy") {
				one := s[after]
				if one == nil {
					one = s[before]
				}
				attribute = fmt.Sprintf("%s for %s %s", key, one.Kind, cmp.Or(one.Address, one.Name))
			}
			w.takeDocument(v, r, attribute, byKey[key], s)
		}
	}
}

// anySubject reports whether a property names somebody on either side.
func (w *world) anySubject(v [2]*view, properties ...string) bool {
	for _, one := range v {
		for _, p := range properties {
			if one.exists && len(one.list(p)) > 0 {
				return true
			}
		}
	}
	return false
}

// takeDocument takes one grant. A subject that is not named on a side has no document
// there.
func (w *world) takeDocument(v [2]*view, r *row, attribute string, docs [2]*tree.Node, s [2]*extractors.Subject) {
	if r.Flags&organization == 0 {
		w.takeKind(v, r, r.Kind, attribute, docs, s)
		return
	}
	kinds := organizationKinds(v)
	for _, kind := range []extractors.Kind{extractors.SCP, extractors.RCP} {
		of, any := s, false
		for i := range of { // of another kind: as if there were none
			if kinds[i] != kind && (kinds[i] != openKind || kind != extractors.SCP) {
				of[i] = nil
			}
			any = any || of[i] != nil && docs[i] != nil
		}
		if any {
			w.takeKind(v, r, kind, attribute, docs, of)
		}
	}
}

// takeKind is takeDocument for a document of a known kind.
func (w *world) takeKind(v [2]*view, r *row, kind extractors.Kind, attribute string, docs [2]*tree.Node, s [2]*extractors.Subject) {
	g := extractors.Grant{
		Address: v[after].u.address, Type: cmp.Or(v[after].typ, v[before].typ), ResourceType: r.CFN, Attribute: attribute,
		Kind: kind, Action: action(v), Account: w.x.o.Account,
	}
	if v[before].exists && v[after].exists && v[before].id != v[after].id {
		g.PreviousAddress = v[before].u.stack.prefix + v[before].id
	}
	if r.Permit != nil {
		g.Does = r.Permit.Does
	}
	if r.Flags&accessList != 0 {
		g.Does = "sets the access control list of a bucket"
	}
	for _, one := range []*extractors.Subject{s[after], s[before]} {
		if one != nil {
			g.Subject = *one
			break
		}
	}
	var places [2]*tree.Node
	for _, i := range []int{after, before} {
		side := extractors.Side{Absent: true}
		if v[i].exists && s[i] != nil {
			side, places[i] = w.side(&g, r, v[i], docs[i])
		}
		if i == after {
			g.After = side
		} else {
			g.Before = side
		}
	}
	if r.Flags&organization != 0 {
		openOrganization(&g, v, docs)
	}
	if r.Permit != nil && r.Permit.Yields {
		w.settleYields(&g, v, r)
	}
	switch {
	case g.Action == extractors.Forget && !w.overwritten(v, r, g.Subject, attribute):
		g.After = g.Before
	case g.Action == extractors.Update && !g.After.Absent && w.overwritten(v, r, g.Subject, attribute) && !w.differ(v, writtenIn(r)):
		g.After = extractors.Side{Absent: true} // it is not written again
	}
	w.settle(&g, v, r, docs)
	if g.Before.Absent && g.After.Absent {
		return
	}
	g.ARN = w.arnOf(v, r, g.Subject)
	w.settleFormer(&g, r)
	i := after
	if !v[after].exists {
		i = before
	}
	g.Written = w.former(v[i], w.origin(v[i], r, docs[i], places[i]))
	w.addGrant(g)
}

func (w *world) addGrant(g extractors.Grant) {
	if w.x.grants++; w.x.grants > w.x.o.MaxGrants {
		w.x.incomplete(fmt.Sprintf("The template gives more than %d policies, which are all that are compared.", w.x.o.MaxGrants))
		return
	}
	w.out.Grants = append(w.out.Grants, g)
}

// settle puts in place what holds without a document, and finds what stays as it is.
func (w *world) settle(g *extractors.Grant, v [2]*view, r *row, docs [2]*tree.Node) {
	if r.Flags&openDefault != 0 && g.Before.Absent {
		g.Before = extractors.Side{Document: fullAccess()} // a network without the endpoint lets everything through
	}
	if g.Action == extractors.Update {
		same := g.Before.Absent && g.After.Absent || g.Before.Document != nil && g.Before.Document == g.After.Document ||
			g.Before.Unknown != nil && g.After.Unknown != nil && sameText(docs[before], docs[after]) && len(g.After.Unknown.References) > 0 &&
				(r.Flags&organization == 0 || sameProperty(v, "Type"))
		if same {
			g.Action = extractors.NoOp
		}
	}
}

// bodyPolicy is the policy inside of an interface description (Amazon API Gateway
// Developer Guide, "x-amazon-apigateway-policy").
func (v *view) bodyPolicy(r *row) []leaf {
	b := v.prop(r.Path)
	if b == nil {
		return nil
	}
	const key = "x-amazon-apigateway-policy"
	switch p := b.Get(key); {
	case p != nil:
		return []leaf{{r.Path + "." + key, p}}
	case b.Kind == tree.String && v.scope.Symbols().Whole(b.Value) == nil:
		open := v.scope.Symbols().Holds(b.Value)
		if !open && !strings.Contains(b.Value, key) {
			return nil
		}
		d := tree.Parse("", []byte(b.Value), tree.Limits{})
		switch p := d.Root.Get(key); {
		case p != nil:
			return []leaf{{r.Path + "." + key, moved(p, b)}}
		case open && v.mayHoldPolicy(d):
			return []leaf{{r.Path + "." + key, tree.NewMap(b.Range, tree.Field{Key: "Fn::Transform", At: b.Range, Value: b})}}
		case strings.Contains(b.Value, key) && !open:
			return []leaf{{r.Path + "." + key, &tree.Node{Range: b.Range}}}
		}
	case b.Get("Fn::Transform") != nil, v.scope.Symbols().Whole(b.Value) != nil && b.Kind == tree.String:
		return []leaf{{r.Path + "." + key, b}}
	}
	return nil
}

// mayHoldPolicy reports whether a symbol of a description may bring a policy: it stands
// where a key does, or where the text cannot be read. A symbol inside of a value does not.
func (v *view) mayHoldPolicy(d *tree.Document) bool {
	if d.Root == nil || d.Root.Kind != tree.Map || d.Diagnostics.HasErrors() {
		return true
	}
	return slices.ContainsFunc(d.Root.Fields, func(f tree.Field) bool { return v.scope.Symbols().Holds(f.Key) })
}

// arnOf is the ARN of what a document is attached to; "" where it is not known.
func (w *world) arnOf(v [2]*view, r *row, s extractors.Subject) string {
	if r.Flags&shared != 0 && r.Type == "AWS::IAM::ManagedPolicy" || r.Of == "" && r.Kind == trust {
		for _, i := range []int{after, before} {
			if v[i].exists {
				return w.arn(v[i])
			}
		}
	}
	if r.Kind != resource && r.Kind != acl {
		return ""
	}
	if u := w.x.unitAt(s.Address); u != nil {
		for _, one := range []*view{w.view(u)[after], w.view(u)[before]} {
			if one.exists {
				return w.arn(one)
			}
		}
	}
	if strings.HasPrefix(s.Name, "arn:") {
		return s.Name
	}
	if s.Kind == "bucket" && s.Name != "" {
		return "arn:" + cmp.Or(w.x.o.Partition, "aws") + ":s3:::" + s.Name
	}
	return ""
}

// arn is the ARN of a resource by its type, or "".
func (w *world) arn(v *view) string {
	for _, attribute := range []string{"Arn", "TopicArn", "PolicyArn", ""} {
		if attribute != "" && !eval.HasAttribute(v.typ, attribute) {
			continue
		}
		if text, ok := v.scope.Attribute(v.id, attribute, v.node).Text(); ok && strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "arn:unknown") {
			return text
		}
	}
	return ""
}

// takeLinks takes the links of a row: one for each that is linked.
func (w *world) takeLinks(v [2]*view, r *row) {
	type pair struct {
		from    extractors.Subject
		targets [2][]extractors.Target
		at      [2]*tree.Node
		entries [2][]extractors.Entry
	}
	var order []string
	pairs := map[string]*pair{}
	of := func(s extractors.Subject) *pair {
		key := subjectKey(s)
		if pairs[key] == nil {
			pairs[key] = &pair{from: s}
			order = append(order, key)
		}
		return pairs[key]
	}
	for _, i := range []int{after, before} {
		if !v[i].exists {
			continue
		}
		named := v[i].list(r.Path)
		if len(named) == 0 {
			continue
		}
		if r.Link.Self {
			for _, n := range named {
				p := of(w.named(v[i], n, r.Subject))
				self := w.self(v, r.Link.Target)
				p.targets[i] = []extractors.Target{{Kind: r.Link.Target, Address: self.Address, Name: self.Name}}
				p.at[i] = n
			}
			continue
		}
		var targets []extractors.Target
		var entries []extractors.Entry
		for _, n := range named {
			t := w.target(v[i], n, r.Link.Target)
			targets = append(targets, t)
			for _, text := range []string{t.Name, t.Address} {
				if text != "" && n.Range.Path != "" {
					entries = append(entries, extractors.Entry{Text: text, Range: n.Range})
				}
			}
		}
		for _, s := range w.subjects(v, i, r) {
			if r.Link.Within != "" {
				whole := of(s)
				s = v[i].within(s, r)
				whole.targets[i] = append(whole.targets[i], extractors.Target{Kind: s.Kind, Name: s.Name})
				whole.at[i] = named[0]
			}
			p := of(s)
			p.targets[i], p.at[i], p.entries[i] = targets, named[0], entries
		}
	}
	for _, key := range order {
		p := pairs[key]
		l := extractors.Link{
			Address: v[after].u.address, Type: cmp.Or(v[after].typ, v[before].typ), Attribute: strings.TrimSuffix(r.Path, "[]"), Kind: r.Link.Kind,
			Action: action(v), From: p.from, Before: p.targets[before], After: p.targets[after],
		}
		if l.Action == extractors.Forget {
			l.After = l.Before
		}
		if l.Action == extractors.Update && slices.EqualFunc(l.Before, l.After, sameTarget) {
			l.Action = extractors.NoOp
		}
		i := after
		if p.at[after] == nil {
			i = before
		}
		origin := w.linkOrigin(v, i, r, p.at[i], &l)
		if p.at[i] != nil && p.at[i].Range.Path != "" && len(p.targets[i]) == 1 {
			origin.Range = p.at[i].Range
		}
		origin.Entries = w.entryIgnores(v[i], p.entries[i])
		l.Written = w.former(v[i], origin)
		w.out.Links = append(w.out.Links, l)
	}
}

// within is a subject in the place that a property names. There it has no address, since
// it is something else than the object is as a whole.
func (v *view) within(s extractors.Subject, r *row) extractors.Subject {
	s.Name = cmp.Or(s.Address, s.Name)
	s.Address = ""
	for _, n := range v.list(r.Link.Within) {
		s.Name += " in account " + n.Value
	}
	return s
}

func sameTarget(a, b extractors.Target) bool {
	return a.Kind == b.Kind && a.Address == b.Address && a.Name == b.Name
}

// target is what a text leads to.
func (w *world) target(v *view, n *tree.Node, kind string) extractors.Target {
	s := w.named(v, n, kind)
	t := extractors.Target{Kind: kind, Address: s.Address, Name: s.Name}
	if t.Address == "" && kind == "role" && strings.HasPrefix(t.Name, "arn:") && !w.x.symbols.Holds(t.Name) {
		t.Name = t.Name[strings.LastIndexByte(t.Name, '/')+1:]
	}
	if t.Address == "" && w.x.symbols.Holds(t.Name) {
		t.Unknown = w.x.unknown("What it leads to is not known before the change.", n)
		if sym := w.x.symbols.Whole(t.Name); sym == nil {
			t.Unknown = nil // a name in which only the account or the region is open
		} else {
			t.Missing = sym.Missing
		}
	}
	return t
}

// takeBlock takes the settings of a row.
func (w *world) takeBlock(v [2]*view, r *row) {
	b := extractors.Block{
		Address: v[after].u.address, Type: r.Type, Attribute: strings.ReplaceAll(r.Path, "[]", ""), Action: action(v), Does: r.Block.Does,
		Account: w.x.o.Account, Subject: w.self(v, r.Subject),
	}
	if r.Of != "" {
		for _, i := range []int{before, after} {
			if of := w.subjects(v, i, r); len(of) > 0 {
				b.Subject = of[0]
			}
		}
		if b.Action == extractors.Delete && !w.namedAgain(b.Subject, r) {
			return // it goes with what it is a setting of
		}
	}
	if r.Block.Account {
		b.Subject = extractors.Subject{Kind: "account", Name: w.x.o.Account}
	}
	any := false
	for _, i := range []int{after, before} {
		if !v[i].exists {
			continue
		}
		settings, unknown := w.settings(v[i], r)
		any = any || len(settings) > 0 || unknown != nil
		if i == before {
			b.Before = settings
			continue
		}
		b.After, b.Unknown = settings, unknown
	}
	if !any {
		return
	}
	if b.Action == extractors.Forget {
		b.After = b.Before
	}
	if b.Action == extractors.Update && slices.Equal(b.Before, b.After) && (b.Unknown == nil || sameProperty(v, r.top())) {
		b.Action = extractors.NoOp
	}
	i := after
	if !v[after].exists {
		i = before
	}
	b.Written = w.former(v[i], extractors.Origin{Range: v[i].place(r.top()), Ignores: w.blockIgnores(v[i], r, &b)})
	w.out.Blocks = append(w.out.Blocks, b)
}

// namedAgain reports whether a resource of a row names a subject after the change.
func (w *world) namedAgain(s extractors.Subject, r *row) bool {
	for _, st := range w.x.stacks {
		for _, u := range st.units {
			if u.types[after] != r.Type {
				continue
			}
			for _, of := range w.subjects(w.view(u), after, r) {
				if subjectKey(of) == subjectKey(s) {
					return true
				}
			}
		}
	}
	return false
}

// sameProperty reports whether a property has the same value on both sides, also where
// it is not known.
func sameProperty(v [2]*view, property string) bool {
	return string(v[before].prop(property).AppendJSON(nil)) == string(v[after].prop(property).AppendJSON(nil))
}

// settings are those in force on one side, sorted.
func (w *world) settings(v *view, r *row) (out []string, unknown *extractors.Unknown) {
	open := func(n *tree.Node) {
		unknown = w.x.unknown("Its settings are not known before the change.", n)
	}
	if r.Block.Named != "" {
		for _, n := range v.list(r.Path) {
			out = append(out, fmt.Sprintf("%s (%s)", r.Block.Named, strings.Trim(n.Value, "()")))
		}
		return out, nil
	}
	if r.Block.Values != nil {
		for _, n := range v.list(r.Path) {
			if w.x.symbols.Holds(n.Value) {
				open(n)
			}
			out = append(out, r.Block.Values[n.Value]...)
		}
		slices.Sort(out)
		return out, unknown
	}
	n := v.prop(r.Path)
	if n == nil {
		return nil, nil
	}
	if n.Kind != tree.Map {
		open(n)
		return nil, unknown
	}
	for property, name := range r.Block.Settings {
		p := n.Get(property)
		if p == nil {
			continue
		}
		on, ok := p.Truth()
		switch {
		case !ok:
			open(p)
		case on:
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, unknown
}

// takeTold says that something changes which is not compared, and reports whether it
// did.
func (w *world) takeTold(v [2]*view, r *row) bool {
	if r.Told.Guards != nil {
		lost := w.losesGuards(v, r)
		if lost {
			w.told(v, r, r.Told.Does)
		}
		return lost
	}
	changes := w.changes(v, r)
	if changes {
		w.told(v, r, r.Told.Does)
	}
	return changes
}

// changes reports whether a property changes that is told of.
func (w *world) changes(v [2]*view, r *row) bool {
	var values [2]*tree.Node
	for i := range values {
		if property, value, _ := strings.Cut(r.Told.Except, "="); property != "" {
			if l := v[i].list(property); len(l) == 1 && l[0].Value == value {
				continue
			}
		}
		if l := v[i].leaves(r); len(l) > 0 {
			values[i] = l[0].node
			if on, ok := values[i].Truth(); ok && !on {
				values[i] = nil
			}
		}
	}
	if r.Told.Stays && !(v[before].exists && v[after].exists) {
		return false
	}
	if action(v) == extractors.Forget || values[before] == nil && values[after] == nil {
		return false
	}
	if values[before] != nil && values[after] != nil && string(values[before].AppendJSON(nil)) == string(values[after].AppendJSON(nil)) {
		return false
	}
	if r.Told.Limits {
		return values[before] != nil && (v[after].exists || r.Of != "" || r.Type == "AWS::ControlTower::EnabledControl")
	}
	return values[after] != nil || r.Told.Default && v[after].exists
}

func (w *world) told(v [2]*view, r *row, does string) {
	g := extractors.Grant{
		Address: v[after].u.address, Type: r.Type, Attribute: r.Path, Kind: resource, Action: action(v), Subject: w.self(v, r.Subject), Account: w.x.o.Account,
	}
	state := extractors.Side{Unknown: &extractors.Unknown{Reason: fmt.Sprintf("It %s. What that allows is not compared.", does)}}
	g.Before, g.After = extractors.Side{Absent: true}, state
	if v[before].exists {
		g.Before = state
	}
	i := after
	if !v[after].exists {
		i = before
	}
	g.Written = w.former(v[i], extractors.Origin{Range: v[i].place(r.top()), Ignores: w.ignores(v[i], w.ofProperty(v[i], r))})
	w.addGrant(g)
}

// moduleSuffix ends the types of modules (CloudFormation User Guide, "Create reusable
// resource configurations that can be included across templates with CloudFormation
// modules").
const moduleSuffix = "::MODULE"

// takeUnreadStack says that the template of a nested stack, or a module, is not at hand.
func (w *world) takeUnreadStack(v [2]*view, r *row, does string) {
	var b, a []byte
	if v[before].exists {
		b = v[before].scope.Eval(v[before].node.Get("Properties")).AppendJSON(nil)
	}
	if v[after].exists {
		a = v[after].scope.Eval(v[after].node.Get("Properties")).AppendJSON(nil)
	}
	if !v[after].exists || string(a) == string(b) {
		return
	}
	w.told(v, r, does)
}

func where(v *view, r source.Range) source.Range {
	if r.Path == "" {
		return v.at()
	}
	return r
}
