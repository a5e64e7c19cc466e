package scanner

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// hidden stands in reports where a sensitive value would.
const hidden = "(sensitive)"

// Redactor takes the values of sensitive variables out of texts. Terraform marks
// whole policies only as long as the mark follows the value; a value that went
// through a data source is in plain text. A nil Redactor hides nothing.
type Redactor struct{ replace *strings.Replacer }

// NewRedactor returns nil when there is nothing to hide. Longer secrets go first,
// so that one which begins another leaves nothing of it.
//
// Messages quote texts, and the engine writes actions in lower case, so that a value is
// looked for in these forms, too.
func NewRedactor(secrets []string) *Redactor {
	for _, s := range slices.Clone(secrets) {
		inGo, inJSON := strconv.Quote(s), quote(s)
		secrets = append(secrets, inGo[1:len(inGo)-1], inJSON[1:len(inJSON)-1])
		if len(s) >= minLowered {
			secrets = append(secrets, strings.ToLower(s))
		}
	}
	slices.SortFunc(secrets, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	var pairs []string
	for _, s := range slices.Compact(secrets) {
		if s != "" {
			pairs = append(pairs, s, hidden)
		}
	}
	if pairs == nil {
		return nil
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// minLowered is how long a value is, in bytes, that is looked for in lower case: short
// ones are parts of other words.
const minLowered = 6

// Text redacts a text of any kind.
func (r *Redactor) Text(s string) string {
	if r == nil {
		return s
	}
	return r.replace.Replace(s)
}

// Texts redacts each text of a list, in a copy.
func (r *Redactor) Texts(list []string) []string {
	if r == nil {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i] = r.Text(list[i])
	}
	return list
}

// instanceKey is the key of an instance in an address, quoted as in JSON.
var instanceKey = regexp.MustCompile(`\["(?:[^"\\]|\\.)*"\]`)

// Address redacts the instance keys of an address or attribute path: all else in it
// is names that the configuration spells out.
func (r *Redactor) Address(s string) string {
	if r == nil || !strings.Contains(s, "[") {
		return s
	}
	return instanceKey.ReplaceAllStringFunc(s, func(quoted string) string {
		quoted = quoted[1 : len(quoted)-1]
		var key string
		if json.Unmarshal([]byte(quoted), &key) != nil {
			return "[" + r.Text(quoted) + "]"
		}
		if clean := r.Text(key); clean != key {
			quoted = quote(clean)
		}
		return "[" + quoted + "]"
	})
}

func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `"` + hidden + `"`
	}
	return strings.TrimSpace(b.String())
}

// Addresses redacts each address of a list, in a copy.
func (r *Redactor) Addresses(list []string) []string {
	if r == nil {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i] = r.Address(list[i])
	}
	return list
}

// Document returns a copy of d without the values; what the language spells out
// (elements, effects, operators, versions) stays.
func (r *Redactor) Document(d *policy.Document) *policy.Document {
	if r == nil || d == nil {
		return d
	}
	c := *d
	c.ID = r.Text(d.ID)
	c.Statements = slices.Clone(d.Statements)
	for i := range c.Statements {
		s := &c.Statements[i]
		s.Sid = r.Text(s.Sid)
		if p := s.Principal; p != nil {
			clean := *p
			clean.List = slices.Clone(p.List)
			for j := range clean.List {
				clean.List[j].Text = r.Text(clean.List[j].Text)
			}
			s.Principal = &clean
		}
		s.Action.List = r.values(s.Action.List)
		if v := s.Resource; v != nil {
			clean := *v
			clean.List = r.values(v.List)
			s.Resource = &clean
		}
		s.Conditions = r.conditions(s.Conditions)
	}
	return &c
}

// conditions keeps keys apart that become equal: an object has each name once.
func (r *Redactor) conditions(list []policy.Condition) []policy.Condition {
	list = slices.Clone(list)
	seen := map[[2]string]int{}
	for i := range list {
		c := &list[i]
		key := r.Text(c.Key)
		id := [2]string{c.Operator.Name, key}
		if seen[id]++; seen[id] > 1 && key != c.Key {
			key = fmt.Sprintf("%s (%d)", key, seen[id])
		}
		c.Key, c.Values = key, r.values(c.Values)
	}
	return list
}

func (r *Redactor) values(list []policy.Value) []policy.Value {
	list = slices.Clone(list)
	for i := range list {
		list[i].Text = r.Text(list[i].Text)
	}
	return list
}

// scrub takes from a finding whatever could be derived from a value in its statement:
// a name cut out of an ARN, an address of a range. No search finds such parts.
func (r *Redactor) scrub(f *rules.Finding, g *extractors.Grant) {
	if r == nil || f.Statement == nil || !r.within(g.Before.Document, f.Statement.Index) && !r.within(g.After.Document, f.Statement.Index) {
		return
	}
	r.scrubAll(f)
}

// scrubAll is scrub where a statement is known to hold a value.
func (r *Redactor) scrubAll(f *rules.Finding) {
	f.Message = fmt.Sprintf("%s: statement %d holds sensitive values, so that what it gives is not told in words.", r.subject(f), f.Statement.Index)
	f.Details = []string{"The proof is not shown: it would tell parts of sensitive values."}
	f.Witness = nil
	if f.Gained != nil {
		gained := *f.Gained
		gained.Description, gained.Exact, gained.Known = "", false, nil
		gained.Conditions = []string{}
		f.Gained = &gained
	}
	f.Parts = slices.Clone(f.Parts)
	for i := range f.Parts {
		p := &f.Parts[i]
		p.Witness = nil
		p.Gained.Description, p.Gained.Exact, p.Gained.Known, p.Gained.Conditions = "", false, nil, []string{}
	}
}

// subject is how a sentence calls the subject of a finding. A name that holds a value
// is not cut short: a part of the value would be left of it.
func (r *Redactor) subject(f *rules.Finding) string {
	s := f.Subject
	switch clean := r.Text(s.Name); {
	case clean == "":
		return r.Address(cmp.Or(s.Address, f.Address))
	case clean != s.Name:
		return strings.TrimSpace(s.Kind + " " + clean)
	}
	name := s.Name
	if arn := strings.SplitN(name, ":", 6); len(arn) == 6 && arn[0] == "arn" {
		name = arn[5][strings.LastIndexByte(arn[5], '/')+1:]
	}
	return strings.TrimSpace(s.Kind + " " + name)
}

// within reports whether the statement with the index holds a value.
func (r *Redactor) within(d *policy.Document, index int) bool {
	if d == nil || index >= len(d.Statements) {
		return false
	}
	s := &d.Statements[index]
	texts := []string{s.Sid}
	add := func(list []policy.Value) {
		for _, v := range list {
			texts = append(texts, v.Text)
		}
	}
	add(s.Action.List)
	if s.Resource != nil {
		add(s.Resource.List)
	}
	if s.Principal != nil {
		for _, e := range s.Principal.List {
			texts = append(texts, e.Text)
		}
	}
	for _, c := range s.Conditions {
		texts = append(texts, c.Key)
		add(c.Values)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return r.Text(text) != text })
}

// result redacts all that one input yielded.
func (r *Redactor) result(one *rules.Result) {
	if r == nil {
		return
	}
	for i := range one.Findings {
		r.finding(&one.Findings[i])
	}
	for i := range one.Unresolved {
		u := &one.Unresolved[i]
		u.Address, u.Attribute = r.Address(u.Address), r.Address(u.Attribute)
		u.Reason, u.References = r.Text(u.Reason), r.Addresses(u.References)
	}
	for i := range one.Diagnostics {
		d := &one.Diagnostics[i]
		d.Summary, d.Detail = r.Text(d.Summary), r.Text(d.Detail)
	}
}

// finding redacts all text of a finding but the place, which holds no values.
func (r *Redactor) finding(f *rules.Finding) {
	changed := false
	set := func(s *string, redact func(string) string) {
		clean := redact(*s)
		changed = changed || clean != *s
		*s = clean
	}
	each := func(list *[]string, redact func(string) string) {
		*list = slices.Clone(*list)
		for i := range *list {
			set(&(*list)[i], redact)
		}
	}
	set(&f.Message, r.Text)
	each(&f.Details, r.Text)
	set(&f.Address, r.Address)
	set(&f.Attribute, r.Address)
	set(&f.Subject.Address, r.Address)
	set(&f.Subject.Name, r.Text)
	each(&f.Unknowns, r.Address)
	f.Sources = slices.Clone(f.Sources)
	for i := range f.Sources {
		set(&f.Sources[i].Address, r.Address)
		set(&f.Sources[i].Attribute, r.Address)
	}
	f.Same = slices.Clone(f.Same)
	for i := range f.Same {
		set(&f.Same[i].Address, r.Address)
		set(&f.Same[i].Attribute, r.Address)
	}
	f.Contained = slices.Clone(f.Contained)
	for i := range f.Contained {
		c := &f.Contained[i]
		set(&c.Address, r.Address)
		set(&c.Attribute, r.Address)
		set(&c.Subject.Address, r.Address)
		set(&c.Subject.Name, r.Text)
		set(&c.Statement.Sid, r.Text)
		c.Sources = slices.Clone(c.Sources)
		for j := range c.Sources {
			set(&c.Sources[j].Address, r.Address)
			set(&c.Sources[j].Attribute, r.Address)
		}
	}
	f.Each = slices.Clone(f.Each)
	for i := range f.Each {
		r.finding(&f.Each[i])
	}
	if f.Statement != nil {
		s := *f.Statement
		set(&s.Sid, r.Text)
		f.Statement = &s
	}
	if f.Gained != nil {
		g := *f.Gained
		r.gained(&g, each, set)
		f.Gained = &g
	}
	if f.Witness != nil {
		f.Witness = r.witness(f.Witness, each, set)
	}
	f.Parts = slices.Clone(f.Parts)
	for i := range f.Parts {
		p := &f.Parts[i]
		set(&p.Statement.Sid, r.Text)
		r.gained(&p.Gained, each, set)
		if p.Witness != nil {
			p.Witness = r.witness(p.Witness, each, set)
		}
	}
	if changed {
		f.Sensitive = true
		f.Details = append(f.Details, "Values that the input marks as sensitive are not shown, wherever their text occurs.")
	}
}

// gained and witness redact what a finding holds of a statement, by the functions of the
// finding.
func (r *Redactor) gained(g *rules.Gained, each func(*[]string, func(string) string), set func(*string, func(string) string)) {
	for _, list := range []*[]string{&g.Actions, &g.Resources, &g.Principals, &g.Conditions} {
		each(list, r.Text)
	}
	set(&g.Description, r.Text)
}

func (r *Redactor) witness(q *policy.Request, each func(*[]string, func(string) string), set func(*string, func(string) string)) *policy.Request {
	w := *q
	set(&w.Principal.ID, r.Text)
	set(&w.Action, r.Text)
	set(&w.Resource, r.Text)
	clean := make(map[string][]string, len(w.Context))
	for _, key := range slices.Sorted(maps.Keys(w.Context)) { // two keys may become one
		values := w.Context[key]
		each(&values, r.Text)
		set(&key, r.Text)
		clean[key] = append(clean[key], values...)
	}
	w.Context = clean
	return &w
}
