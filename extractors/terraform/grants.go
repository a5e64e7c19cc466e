package terraform

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// takeChange takes the grants of one resource change.
func (x *extraction) takeChange(o *object) {
	keeps, takes := x.keepsValues(o), matters(o)
	if o.typ == integrationType && o.mode == "managed" {
		o.change = decodeChange(o.raw, o.parts)
		x.takeIntegration(o)
	}
	if !keeps && !takes && !(strings.HasPrefix(o.typ, "aws_") && mayHaveARN(o.raw)) {
		return
	}
	o.change = decodeChange(o.raw, o.parts)
	if keeps {
		op, _ := operationOf(o.actions)
		x.keepValues(o, op)
	}
	if takes {
		x.takeObject(o)
	} else if strings.HasPrefix(o.typ, "aws_") {
		x.accounts.observe(o)
	}
}

// matters reports whether a change may have to do with access; most have not.
func matters(o *object) bool {
	return inTables(o.typ) || mayHoldPolicy(o.typ, o.raw)
}

// inTables reports whether a type is known to have to do with access.
func inTables(typ string) bool { return isTableType[typ] }

// isTableType holds the types of all tables.
var isTableType = func() map[string]bool {
	m := maps.Clone(isSubjectType)
	for typ := range rowsOf {
		m[typ] = true
	}
	for typ := range unreadOf {
		m[typ] = true
	}
	for typ := range exclusionOf {
		m[typ] = true
	}
	return m
}()

// takeObject takes the grants of an object whose sides are known.
func (x *extraction) takeObject(o *object) {
	if o.mode == "data" {
		if x.result.Kind == KindState {
			x.takeData(o)
			x.accounts.tell(o.module, o.typ, o.name, o.before)
		}
		return // what a data source reads matters where it is used
	}
	op, known := operationOf(o.actions)
	if !known && (len(rowsOf[o.typ]) > 0 || isSubjectType[o.typ]) {
		x.failf(x.here(), "unknown actions of a resource change",
			"The change of %q has the actions %q. Use a grantdiff that knows them; both sides are compared as in an update.", limited(o.address), limited(strings.Join(o.actions, ", ")))
		x.incomplete("A resource change has actions that are not known.")
	}
	op = skipped(o, x.checkActions(o, op))
	rows := rowsOf[o.typ]
	if isSubjectType[o.typ] || len(rows)+len(unreadOf[o.typ]) > 0 {
		o.regions = regionsOf(o)
	}
	if isSubjectType[o.typ] {
		x.objects.add(o, op)
	}
	x.accounts.observe(o)
	if len(rows)+len(unreadOf[o.typ]) > 0 {
		if x.checkSides(o, op); isNull(o.before) && isNull(o.after) && !anyTrue(o.unknown) {
			return
		}
	}
	x.addMarked(o, o.before, o.sensitiveBefore)
	if !same(o.before, o.after) {
		x.addMarked(o, o.after, o.sensitiveAfter)
	}
	before, after, unknown, sensBefore, sensAfter := x.pickSides(o, op)
	x.lookForPolicies(o, op, before, after, unknown, sensBefore, sensAfter)
	x.takeUnread(o, op, before, after, unknown)
	x.takeExclusion(o, op, before, after, unknown)
	for _, r := range rows {
		if r.Flags&organization != 0 {
			x.takeOrganization(o, op, r, before, after, unknown, sensBefore, sensAfter)
			continue
		}
		switch {
		case r.Link != nil:
			x.takeLink(o, op, r, before, after, unknown)
		case r.Permit != nil:
			x.takePermit(o, op, r, before, after, unknown, sensBefore, sensAfter)
		case r.Block != nil:
			x.takeBlock(o, op, r, before, after, unknown)
		case r.repeated():
			x.takeRepeated(o, op, r,
				leaves(before, nil, sensBefore, r.steps()),
				leaves(after, unknown, sensAfter, r.steps()), before, after, unknown)
		default:
			x.takeSingle(o, op, r, r.Kind, before, after, unknown, sensBefore, sensAfter)
		}
	}
}

// checkActions reports actions that do not fit the object: Terraform reads data sources
// only, and knows nothing of an object that it has forgotten. Both sides are then
// compared as in an update.
func (x *extraction) checkActions(o *object, op operation) operation {
	switch {
	case op.action == extractors.Read:
		x.failf(x.here(), "a managed resource is only read",
			"The change of %q has the action read, which only data sources have. Make the plan JSON anew; both sides are compared as in an update.", limited(o.address))
	case op.action == extractors.Forget && !isNull(o.after):
		x.failf(x.here(), "a forgotten resource has an object after the change",
			"The change of %q is to forget it, and \"after\" is not null. Make the plan JSON anew; both sides are compared as in an update.", limited(o.address))
	default:
		return op
	}
	x.contradicts()
	return operation{action: extractors.Update, existed: true, exists: true}
}

// addMarked keeps the sensitive values of an object that may show up in a report: of one
// that only has links, those of the attributes that are read.
func (x *extraction) addMarked(o *object, side, marks jsontext.Value) {
	if !anyTrue(marks) {
		return
	}
	if len(rowsOf[o.typ]) == 0 || carriers[o.typ] || holdsStatement(side) {
		x.secrets.addMarked(side, marks)
		return
	}
	if isNull(marks) || marks[0] == 'f' {
		return
	}
	attributes := wanted[o.typ]
	for m := membersOf(side); m.next(); {
		name := unquoted(m.name)
		if !attributes[string(name)] {
			continue
		}
		mark := marks
		if !isTrue(marks) {
			mark = member(marks, string(name))
		}
		x.secrets.addMarked(m.value, mark)
	}
}

// checkSides reports a side that the actions call for but the change lacks: read
// as absent, it would hide what was or will be there.
func (x *extraction) checkSides(o *object, op operation) {
	report := func(side string) {
		x.failf(x.here(), "a resource change lacks one side",
			"The change of %q (%s) has no %q. Make the plan JSON anew.", limited(o.address), strings.Join(o.actions, ", "), side)
		x.incomplete("A resource change lacks one side.")
	}
	if op.action == extractors.NoOp && isNull(o.before) && isNull(o.after) && !anyTrue(o.unknown) {
		return // Terraform 0.12 listed what is not there before or after
	}
	if op.existed && isNull(o.before) && op.action != extractors.Read {
		report("before")
	}
	switch {
	case !op.exists || op.action == extractors.Forget || op.action == extractors.Read:
	case isNull(o.after) && !anyTrue(o.unknown):
		report("after")
	case o.unknown == nil && o.sensitiveAfter != nil:
		// Terraform writes both or, in hand-made plans, neither is there.
		report("after_unknown")
	}
}

// pickSides returns the two sides in the sense of the operation: what is not
// there is empty, and a forgotten object stays as it was.
func (x *extraction) pickSides(o *object, op operation) (before, after, unknown, sensBefore, sensAfter jsontext.Value) {
	if op.existed {
		before, sensBefore = o.before, o.sensitiveBefore
	}
	switch {
	case op.action == extractors.Forget:
		after, sensAfter = o.before, o.sensitiveBefore
	case op.exists:
		after, unknown, sensAfter = o.after, o.unknown, o.sensitiveAfter
	}
	return before, after, unknown, sensBefore, sensAfter
}

// organizationKind tells the grammar of an Organizations policy: "" for those
// that are not written in the IAM policy language (tag, backup, chat and other
// policies; AWS Organizations User Guide, "Managing organization policies").
func organizationKind(side jsontext.Value) extractors.Kind {
	switch t, _ := str(member(side, "type")); t {
	case "", "SERVICE_CONTROL_POLICY": // the default of the provider
		return extractors.SCP
	case "RESOURCE_CONTROL_POLICY":
		return extractors.RCP
	}
	return ""
}

// takeOrganization takes an Organizations policy. One that becomes a policy of
// another type limits nothing any more of what it did.
func (x *extraction) takeOrganization(o *object, op operation, r *row, before, after, unknown, sensBefore, sensAfter jsontext.Value) {
	old, now := organizationKind(before), organizationKind(after)
	if !op.existed || isNull(before) {
		old = now
	}
	if !op.exists || isNull(after) || anyTrue(member(unknown, "type")) {
		now = old
	}
	take := func(kind extractors.Kind, op operation, before, after jsontext.Value, address string) {
		if kind == "" {
			return
		}
		object := *o
		object.address, object.carrier = address, nil
		x.takeSingle(&object, op, r, kind, before, after, unknown, sensBefore, sensAfter)
	}
	if old == "" && now == "" {
		x.otherPolicies[o.address] = true
	}
	if old == now {
		take(now, op, before, after, o.address)
		return
	}
	take(old, operation{action: extractors.Delete, existed: true}, before, nil, fmt.Sprintf("%s (left %s)", o.address, cmp.Or(string(old), "policies")))
	take(now, operation{action: extractors.Create, exists: true}, nil, after, o.address)
}

func (x *extraction) newPending(o *object, op operation, r *row, kind extractors.Kind, attribute string) *pending {
	var attachments *int
	if r.Subject == "policy" && op.existed {
		attachments = attachmentCount(o.member(o.before, "attachment_count"))
	}
	p := newPending(o.carrierOf(op), op, r, kind, attribute)
	p.PreviousAddress, p.Attachments = o.previous, attachments
	return p
}

func newPending(c *carrier, op operation, r *row, kind extractors.Kind, attribute string) *pending {
	return &pending{
		draft:   draft{Address: c.address, Attribute: attribute, Kind: kind, Action: op.action},
		carrier: c, seldom: &nothingSeldom, row: r, op: op.shared(),
	}
}

func (x *extraction) takeSingle(o *object, op operation, r *row, kind extractors.Kind, before, after, unknown, sensBefore, sensAfter jsontext.Value) {
	var b, a leaf
	sides := []jsontext.Value{before, after}
	if op.existed {
		b = o.firstLeaf(before, nil, sensBefore, r.steps())
	}
	if op.existed && op.exists && same(before, after) && blankText(b) && r.Flags&(required|session) == 0 && kind != extractors.Endpoint {
		return
	}
	p := x.newPending(o, op, r, kind, r.Path)
	p.Before = x.side(p, b, op.existed)
	if op.existed && op.exists && same(before, after) {
		p.After, sides, p.alike = p.Before, sides[:1], true
	} else {
		if op.exists {
			a = o.firstLeaf(after, unknown, sensAfter, r.steps())
		}
		p.After = x.side(p, a, op.exists)
	}
	p.subject = subjectNames(o, r, before, after, unknown, op)
	for _, side := range sides {
		if name, ok := o.str(side, "name"); ok && !slices.Contains(p.blocks, name) {
			p.blocks = append(p.blocks, name)
		}
	}
	if p.After.Unknown != nil {
		p.own().unknowns, p.whole = []string{r.steps()[0]}, a.whole
	}
	x.add(p, op, o)
}

func first(list []leaf) leaf {
	if len(list) == 0 {
		return leaf{}
	}
	return list[0]
}

// takeRepeated pairs the blocks of both sides by their names: the blocks are a
// set, so their places mean nothing.
func (x *extraction) takeRepeated(o *object, op operation, r *row, befores, afters []leaf, before, after, unknown jsontext.Value) {
	head, tail, _ := strings.Cut(r.Path, "[]")
	subject := subjectNames(o, r, before, after, unknown, op)
	emit := func(key string, b, a *leaf) {
		p := x.newPending(o, op, r, r.Kind, head+key+tail)
		p.subject = subject
		p.Before, p.After = pendingSide{Absent: true}, pendingSide{Absent: true}
		if b != nil {
			p.Before = x.side(p, *b, op.existed)
			p.blocks = []string{b.name}
		}
		if a != nil {
			p.After = x.side(p, *a, op.exists)
			if a.name != "" {
				p.blocks = []string{a.name}
			}
			if p.After.Unknown != nil {
				p.own().unknowns, p.whole = []string{head}, a.whole
			}
		}
		x.add(p, op, o)
	}
	if len(afters) == 1 && afters[0].whole && !allEmpty(befores) {
		// Not even known which blocks there will be: each of those there now may stay.
		for i := range befores {
			if !befores[i].empty() {
				emit(befores[i].blockKey(), &befores[i], &afters[0])
			}
		}
		return
	}
	used := make([]bool, len(afters))
	for i := range befores {
		b := &befores[i]
		if b.empty() {
			continue
		}
		var pair *leaf
		for j := range afters {
			if !used[j] && !afters[j].empty() && afters[j].blockKey() == b.blockKey() {
				pair, used[j] = &afters[j], true
				break
			}
		}
		emit(b.blockKey(), b, pair)
	}
	for j := range afters {
		if a := &afters[j]; !used[j] && !a.empty() {
			emit(a.blockKey(), nil, a)
		}
	}
}

// empty reports whether a repeated block holds nothing: a list without elements,
// or the block without arguments that means "remove all".
func (l leaf) empty() bool {
	_, blank, ok := l.text()
	return ok && blank && !l.unknown
}

func allEmpty(list []leaf) bool {
	return !slices.ContainsFunc(list, func(l leaf) bool { return !l.empty() })
}

func (l leaf) blockKey() string {
	if l.name != "" {
		return "[" + quoteHCL(l.name) + "]"
	}
	return l.key
}

// side reads one side of an attribute.
func (x *extraction) side(p *pending, l leaf, exists bool) pendingSide {
	s := pendingSide{Sensitive: l.sensitive}
	if !exists {
		s.Absent = true
		return s
	}
	if l.unknown {
		p.textOpen = true
		s.Unknown = &extractors.Unknown{Reason: "The policy text is not known before the change is applied."}
		return s
	}
	text, ok := x.textOf(l)
	blank := len(bytes.TrimSpace(text)) == 0
	needed := p.row.Flags&required != 0
	var ds diag.Diagnostics
	switch {
	case !ok:
		ds = x.attributeError(p, "the policy is no text", "It is %s, expected a string that holds a JSON policy.", kindName(l.value.Kind()))
	case blank && needed && l.value == nil:
		ds = x.attributeError(p, "the policy is missing", "The resource type demands this attribute, and the plan has neither a value nor a mark that it is unknown. Make the plan JSON anew.")
	case blank && needed:
		p.blanks++
		ds = x.attributeError(p, "the policy is empty", "The resource type demands a policy. Write the policy, or remove the resource.")
	case blank && p.Kind == extractors.Endpoint:
		s.Document = fullAccess()
	case blank && p.row.Flags&session != 0:
		s.Absent = !p.op.existed // of a new user it says nothing, of another that the limit goes
		if !s.Absent {
			s.Document = unlimited()
		}
	case blank:
		s.Absent = true
	default:
		s.Document = x.parseLater(p, text)
	}
	s.tell(ds, nil)
	return s
}

// blankText reports whether a leaf holds no text, as most attributes that may hold a
// policy do.
func blankText(l leaf) bool { return !l.unknown && (isNull(l.value) || string(l.value) == `""`) }

// textOf is the policy text in a leaf, as leaf.text has it. It is valid until the next
// call.
func (x *extraction) textOf(l leaf) (text []byte, ok bool) {
	switch {
	case isNull(l.value):
		return nil, true
	case l.value[0] == '"':
		x.text, _ = jsontext.AppendUnquote(x.text[:0], l.value) // checked before
		return x.text, true
	case l.value[0] == '{':
		return l.value, true
	}
	return nil, false
}

// withoutValues keeps of each diagnostic what it is about and drops its words,
// which quote the text.
func withoutValues(ds diag.Diagnostics) diag.Diagnostics {
	var out diag.Diagnostics
	for _, d := range ds {
		d.Summary = "a sensitive policy has a fault"
		d.Detail = "The text is marked sensitive and is not shown. Check the policy where it is written."
		out = append(out, d)
	}
	return out
}

func (x *extraction) attributeError(p *pending, summary, detail string, args ...any) diag.Diagnostics {
	return diag.Diagnostics{{
		Severity: diag.Error, Summary: summary,
		Detail:  fmt.Sprintf("In %s of %s: ", p.Attribute, limited(p.Address)) + fmt.Sprintf(detail, args...),
		Subject: source.Range{Path: x.o.Path},
	}}
}

// add keeps a grant, and for a forgotten object a second one: the old object
// stays in place next to the new one, so its access persists and is compared with
// itself, while the new object's is compared with the old one's.
func (x *extraction) add(p *pending, op operation, o *object) {
	x.keep(p)
	if !op.forgotten {
		return
	}
	old := *p
	old.Address = fmt.Sprintf("%s (forgotten object)", o.address)
	old.PreviousAddress, old.Action = "", extractors.Forget
	old.After, old.own().unknowns = old.Before, nil
	if late := p.late; late != nil {
		old.own().late = func(q *pending) {
			late(q)
			q.After, q.own().unknowns = q.Before, nil
		}
	}
	old.subject.after, old.subject.unknown = old.subject.before, false
	x.keep(&old)
}

func (x *extraction) keep(p *pending) {
	if p.late == nil && p.check == nil && p.Before.Absent && p.After.Absent && p.Kind != extractors.Endpoint {
		return // as in takeSingle, of objects that change
	}
	if x.roomForOne() {
		x.pending = append(x.pending, p)
	}
}

// roomForOne reports whether one more is kept, and says it when none is.
func (x *extraction) roomForOne() bool {
	if len(x.pending)+len(x.shown)+len(x.blocks)+x.linked < x.o.MaxGrants {
		return true
	}
	x.tooMany()
	return false
}

func (x *extraction) tooMany() {
	if x.full {
		return
	}
	x.full = true
	x.failf(x.here(), "too many policies", "The input holds more than %d policies and links to them; the rest was not read. Split it.", x.o.MaxGrants)
	x.incomplete("The input holds more policies than are read.")
}
