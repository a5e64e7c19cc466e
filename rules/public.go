package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var publicAccess = Rule{
	ID:    "public-access",
	Title: "The change lets anyone in",
	Doc: Doc{
		Text: `A resource can be reached by anyone after the change: its policy, and its access control list, allow a request whose principal nobody names and
whose context nothing limits that a caller cannot choose. What counts as such a limit depends on the type of the resource, as in the check
CheckNoPublicAccess of IAM Access Analyzer. Public access blocks of the bucket and of the account are taken into account; Deny statements, too.

A value that is not known before the change is a fixed one: what stands alone in a condition such as StringEquals, or behind other text. Where a pattern,
as of StringLike or ArnLike, begins with it, it may turn out to be a wildcard; then it is told that this is not decided, unless the value is known to begin with none: a name, id
or ARN that AWS makes, or a parameter whose type, AllowedValues or AllowedPattern say so.

There is one finding for a resource; it names every document that lets anyone in, and is accepted by what accepts each of the statements
that do. A resource that was public before is a note.`,
		Before:  `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}`,
		After:   `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}`,
		Fix:     "Name the principals, or limit the statement to an organization, account or network; put a public access block in front of the bucket.",
		Sources: []string{"IAM Access Analyzer API Reference, CheckNoPublicAccess", "Amazon S3 User Guide, Blocking public access to your Amazon S3 storage"},
	},
	Check: checkPublic,
}

func checkPublic(p *Pass) {
	if !p.grants() || p.Sum.Kind != extractors.Resource && p.Sum.Kind != extractors.Trust || len(p.Sum.Terms) == 0 {
		return
	}
	t := &p.Sum.Terms[0]
	typ := resourceType(p.Sum.Kind, t)
	after, docs := merged(t, func(h *Holding) *policy.Document { return h.After })
	if after == nil || slices.ContainsFunc(t.Limits, func(l Limit) bool { return l.Inside && l.After != nil }) {
		return
	}
	o := p.access() // every statement that lets anyone in is wanted
	now, err := access.NoPublicAccess(after, typ, o)
	switch {
	case err != nil:
		return
	case now.Verdict == access.Pass:
		p.checkWild(t, typ, o)
		return
	case now.Verdict == access.Undetermined:
		if mayOpen(t, after, typ, o) {
			p.shared.publicOpen = true
			p.reportAnyone(whoIn(now.UnknownType), now.Reason, notes(now.Reason, t)...)
		}
		return
	}
	first := touched(now.Gains, docs)
	gain := now.Gains[first]
	h, index := docs.at(gain.Statement)
	g := h.of(p.Sum)
	s := &h.After.Statements[index]
	way, rest := openings(now.Gains, docs, first)
	who, why := p.strangers(after, typ, o, now.Gains)
	f := Found{Finding: Finding{
		Level: Error, Severity: 9.3, Details: why,
		Statement: &Statement{Index: index, Sid: gain.Sid}, Witness: &gain.Witness, Sources: h.sources(),
		Message: who + " can reach " + subjectName(p.Sum.Subject, h) + " (" + way + ").",
		Gained:  &Gained{Actions: texts(s.Action), Resources: list(nil), Principals: []string{"*"}, Conditions: list(nil)},
	}}
	if s.Resource != nil {
		f.Gained.Resources = texts(*s.Resource)
	}
	f.Gained.Keys = p.Sum.held()
	for i := range now.Gains {
		by, at := docs.at(now.Gains[i].Statement)
		f.Gained.Keys = append(f.Gained.Keys, statementKey(by.of(p.Sum), &by.After.Statements[at]))
	}
	slices.Sort(f.Gained.Keys)
	for i, more := range now.Gains {
		if other, _ := docs.at(more.Statement); i != first && other.Grant != h.Grant {
			f.addSources(append(other.sources(), Source{Address: other.Grant.Address, Attribute: other.Grant.Attribute})...)
		}
	}
	if slices.ContainsFunc(now.Gains, func(g access.Gain) bool {
		by, _ := docs.at(g.Statement)
		return by.Grant.Does == opensMethod
	}) {
		f.Details = append(f.Details, "An API key is no authorizer: where the method asks for one, anyone who has a key is meant.")
	}
	if len(rest) > 0 {
		f.Details = append(f.Details, "The same by "+enumerated(rest)+".")
	}
	f.External = external(g, s, f.Gained, true)
	f.Unknowns = symbols(g.After.Symbols, s)
	p.locate(&f, h, index)
	if p.wasPublic(t, typ, o) {
		f.Level, f.Severity = Note, 3.9
		f.Message = who + " could reach " + subjectName(p.Sum.Subject, h) + " before already, and still can (" + way + ")."
	} else if lost := p.Sum.changedLimits(); len(lost) > 0 && h.Before == h.After {
		for _, l := range lost {
			f.addSources(l.Sources...)
			f.blame(h, l.Origin)
		}
	}
	if f.Level == Error {
		f.Opens = docs.openings(now.Gains)
	}
	f.hide(g, " lets anyone in: ")
	same := identity(g, s, f.Severity)
	if len(now.Gains) > 1 {
		same = append(same, p.everyOpening(&f, now.Gains, docs, first)...)
	}
	p.Report(f, same...)
}

const everyoneIn = "whether everyone gets in"

// whoIn is the question that principals leave open which are not known.
func whoIn(typ policy.PrincipalType) string {
	switch typ {
	case policy.PrincipalService:
		return "whether every AWS service gets in"
	case policy.PrincipalFederated:
		return "whether every identity provider gets in"
	}
	return everyoneIn
}

// reportAnyone tells that it is not decided whether anyone gets in.
func (p *Pass) reportAnyone(question, reason string, details ...string) {
	p.reportUndecided(question, reason, details, reason) // another one may be everyone later
}

// opensMethod is what extractors say of a method without an authorizer, which may still
// ask for an API key.
const opensMethod = "opens a method to everyone"

// everyOpening makes a finding that several statements bring one that is accepted where
// each of them is: Each has them for archive rules, comments count where there is one at
// each, and what is returned makes another fingerprint of it when one comes.
func (p *Pass) everyOpening(f *Found, gains []access.Gain, docs parts, first int) (identities []string) {
	accepted := true
	for i := range gains {
		h, index := docs.at(gains[i].Statement)
		g, s := h.of(p.Sum), &h.After.Statements[index]
		o := Found{Finding: Finding{
			Rule: p.Rule.ID, Subject: subjectOf(p.Sum.Subject), Sources: h.sources(),
			Statement: &Statement{Index: index, Sid: gains[i].Sid}, Witness: &gains[i].Witness,
			Gained: &Gained{Actions: texts(s.Action), Resources: list(nil), Principals: []string{"*"}, Conditions: list(nil)},
		}}
		if s.Resource != nil {
			o.Gained.Resources = texts(*s.Resource)
		}
		o.External = external(g, s, o.Gained, true)
		p.locate(&o, h, index)
		accepted = accepted && slices.ContainsFunc(o.ignores, func(at extractors.Ignore) bool {
			return at.Rule == p.Rule.ID && (at.Statement < 0 || at.Statement == index)
		})
		o.hide(g, "")
		f.Each = append(f.Each, o.Finding)
		if i != first {
			identities = append(identities, fingerprint(&o.Finding, identity(g, s, f.Severity)))
		}
	}
	if !accepted {
		f.ignores = slices.DeleteFunc(slices.Clone(f.ignores), func(at extractors.Ignore) bool { return at.Rule == p.Rule.ID })
	}
	slices.Sort(identities)
	return identities
}

// notes say what is known of the values that a reason names: why they are open, or how a
// scan is told them.
func notes(reason string, t *Term) []string {
	var out []string
	for i := range t.Holdings {
		g := t.Holdings[i].Grant
		if g.Before.Sensitive || g.After.Sensitive {
			continue
		}
		for _, s := range symbolsIn(reason, g.After.Symbols) {
			if text := s.Reference + ": " + s.Note; s.Note != "" && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// touched is the index of the first gain whose statement the change brings, else 0.
func touched(gains []access.Gain, docs parts) int {
	found := 0
	for i := len(gains) - 1; i >= 0; i-- {
		h, index := docs.at(gains[i].Statement)
		s := &h.After.Statements[index]
		if h.Before == nil || !slices.ContainsFunc(h.Before.Statements, func(b policy.Statement) bool { return sameWords(&b, s) }) {
			found = i
		}
	}
	return found
}

// sameWords reports whether two statements are written with the same elements.
func sameWords(a, b *policy.Statement) bool {
	value := func(a, b policy.Value) bool { return a.Text == b.Text }
	values := func(a, b *policy.Values) bool {
		return a == nil && b == nil || a != nil && b != nil && a.Not == b.Not && slices.EqualFunc(a.List, b.List, value)
	}
	return a.Effect == b.Effect && values(&a.Action, &b.Action) && values(a.Resource, b.Resource) &&
		(a.Principal == nil) == (b.Principal == nil) &&
		(a.Principal == nil || a.Principal.Not == b.Principal.Not && slices.EqualFunc(a.Principal.List, b.Principal.List,
			func(x, y policy.PrincipalEntry) bool { return x.Type == y.Type && x.Text == y.Text })) &&
		slices.EqualFunc(a.Conditions, b.Conditions, func(x, y policy.Condition) bool {
			return x.Operator.Name == y.Operator.Name && x.KeyName() == y.KeyName() && slices.EqualFunc(x.Values, y.Values, value)
		})
}

// wasPublic reports whether the subject was certainly public before the change.
func (p *Pass) wasPublic(t *Term, typ string, o access.Options) bool {
	before, open := beforeBlocks(t)
	if before == nil || !open {
		return false
	}
	res, err := access.NoPublicAccess(before, typ, o)
	return err == nil && res.Verdict == access.Fail
}

// beforeBlocks is the document of wasPublic, and whether no public access block held it
// back.
func beforeBlocks(t *Term) (d *policy.Document, open bool) {
	d, _ = merged(t, func(h *Holding) *policy.Document { return h.Before })
	return d, !slices.ContainsFunc(t.Limits, func(l Limit) bool { return l.Inside && l.Before != nil })
}

// otherType stands for resources of a type that the operation does not know.
const otherType = "AWS::SecretsManager::Secret"

// resourceType is the type under which a subject is checked.
func resourceType(kind extractors.Kind, t *Term) string {
	if kind == extractors.Trust {
		return "AWS::IAM::AssumeRolePolicyDocument"
	}
	for _, h := range t.Holdings {
		if slices.Contains(access.ResourceTypes(), h.Grant.ResourceType) {
			return h.Grant.ResourceType
		}
	}
	return otherType
}

// parts tell which holding each statement of a merged document comes from.
type parts []struct {
	h     *Holding
	first int
}

// at is the holding of a statement, and the statement's index in it.
func (ps parts) at(statement int) (*Holding, int) {
	for i := len(ps) - 1; i > 0; i-- {
		if ps[i].first <= statement {
			return ps[i].h, statement - ps[i].first
		}
	}
	return ps[0].h, statement
}

// merged is one document of all that count; nil for none. The service looks at one
// policy, so that of several each counts with the others' statements. A document
// without policy variables among others that have some is left as it is written.
func merged(t *Term, document func(*Holding) *policy.Document) (*policy.Document, parts) {
	var out *policy.Document
	var ps parts
	for i := range t.Holdings {
		h := &t.Holdings[i]
		d := document(h)
		if d == nil {
			continue
		}
		if out == nil {
			one := *d
			one.Statements = nil
			out = &one
		}
		if d.Version == policy.Version2012 {
			out.Version = d.Version
		}
		ps = append(ps, struct {
			h     *Holding
			first int
		}{h, len(out.Statements)})
		for _, s := range d.Statements {
			s.Index = len(out.Statements)
			out.Statements = append(out.Statements, s)
		}
	}
	return out, ps
}

func texts(v policy.Values) []string {
	out := []string{}
	for _, one := range v.List {
		out = append(out, one.Text)
	}
	if v.Not {
		return []string{"all but " + phrase(out, "everything")}
	}
	return out
}
