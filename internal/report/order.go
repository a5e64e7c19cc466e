package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// sorted splits findings into those that count and those that are archived, each
// worst first in a total order.
func sorted(findings []rules.Finding) (active, archived []*rules.Finding) {
	for i := range findings {
		if f := &findings[i]; f.Archived == nil {
			active = append(active, f)
		} else {
			archived = append(archived, f)
		}
	}
	slices.SortStableFunc(active, worstFirst)
	slices.SortStableFunc(archived, worstFirst)
	return active, archived
}

// together puts sorted findings of which others say all into the first of those, for
// people. It makes new ones of those, and leaves a finding where another one that is said
// to tell it is missing, or is graded lower.
func together(active []*rules.Finding) []*rules.Finding {
	type key struct{ input, fingerprint string }
	at := map[key]int{}
	for i, f := range active {
		at[key{f.Input, f.Fingerprint}] = i
	}
	out := slices.Clone(active)
	for i, f := range active {
		worst := -1
		for _, fingerprint := range f.ToldBy {
			j, ok := at[key{f.Input, fingerprint}]
			if !ok || j == i || len(active[j].ToldBy) > 0 {
				worst = -1
				break
			}
			if worst < 0 || closer(active, f, j, worst) {
				worst = j
			}
		}
		if worst < 0 || active[worst].Level < f.Level {
			continue
		}
		one := *out[worst]
		one.With = append(slices.Clone(one.With), f)
		one.Details = slices.Concat([]string{f.Message}, f.Details, active[worst].Details)
		out[i], out[worst] = nil, &one
	}
	return slices.DeleteFunc(out, func(f *rules.Finding) bool { return f == nil })
}

// closer reports whether a finding belongs to the one at j rather than to the one at k: one
// at its own place before others, if that is not graded lower than it, and then the worse.
func closer(active []*rules.Finding, f *rules.Finding, j, k int) bool {
	here := func(i int) bool {
		o := active[i]
		return o.Address == f.Address && o.Attribute == f.Attribute && o.Level >= f.Level
	}
	if here(j) != here(k) {
		return here(j)
	}
	return j < k
}

// ruleNames are the rules of a finding and of what it is shown for.
func ruleNames(f *rules.Finding) string {
	names := value(f.Rule)
	for _, w := range f.With {
		names += ", " + value(w.Rule)
	}
	return names
}

// fingerprints are those of a finding and of what it is shown for.
func fingerprints(f *rules.Finding) []string {
	var out []string
	if f.Fingerprint != "" {
		out = append(out, f.Fingerprint)
	}
	for _, w := range f.With {
		if w.Fingerprint != "" {
			out = append(out, w.Fingerprint+" ("+value(w.Rule)+")")
		}
	}
	return out
}

func worstFirst(a, b *rules.Finding) int {
	return cmp.Or(
		cmp.Compare(b.Level, a.Level),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Subject.Address, b.Subject.Address),
		cmp.Compare(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Address, b.Address),
		cmp.Compare(a.Attribute, b.Attribute),
		cmp.Compare(a.Location.Path, b.Location.Path),
		cmp.Compare(a.Location.StartLine, b.Location.StartLine),
		cmp.Compare(a.Location.StartColumn, b.Location.StartColumn),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.Input, b.Input),
		cmp.Compare(a.Fingerprint, b.Fingerprint),
	)
}

// group is the findings about one subject, worst first.
type group struct {
	title    string // "role deploy"; not escaped
	address  string // where that says more than the title; not escaped
	findings []*rules.Finding
}

// bySubject groups sorted findings, apart for each input: a role of the same name in
// two plans is two roles. The group with the worst finding comes first.
func bySubject(findings []*rules.Finding) []group {
	var groups []group
	type key struct {
		subject rules.Subject
		input   string
	}
	at := map[key]int{}
	for _, f := range findings {
		s := f.Subject
		if s.Address == "" && s.Name == "" {
			s.Address = f.Address
		}
		k := key{s, f.Input}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, group{title: subjectTitle(s), address: subjectAddress(s)})
		}
		groups[i].findings = append(groups[i].findings, f)
	}
	return groups
}

// subjectTitle names a subject in the fewest words.
func subjectTitle(s rules.Subject) string {
	name := cmp.Or(s.Name, s.Address)
	switch {
	case s.Kind == "":
		return cmp.Or(name, "unnamed subject")
	case name == "":
		return s.Kind
	default:
		return s.Kind + " " + name
	}
}

func subjectAddress(s rules.Subject) string {
	if s.Name == "" {
		return ""
	}
	return s.Address
}

// untold returns what is unresolved and not told in full by a finding, so that a
// report tells each policy once.
func untold(r *rules.Result) []rules.Unresolved {
	type place struct{ address, attribute string }
	told := map[place]*rules.Finding{}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Rule == "unresolved-policy" {
			told[place{f.Address, f.Attribute}] = f
		}
	}
	var rest []rules.Unresolved
	for _, u := range r.Unresolved {
		if f := told[place{u.Address, u.Attribute}]; f == nil || !tells(f, u) {
			rest = append(rest, u)
		}
	}
	return rest
}

// tells reports whether the reason and the references of u are in the finding.
func tells(f *rules.Finding, u rules.Unresolved) bool {
	for _, ref := range u.References {
		if !slices.Contains(f.Unknowns, ref) {
			return false
		}
	}
	// A message starts its clause in lower case.
	reason := strings.ToLower(strings.TrimSuffix(u.Reason, "."))
	return strings.Contains(strings.ToLower(f.Message), reason) ||
		slices.ContainsFunc(f.Details, func(d string) bool { return strings.Contains(strings.ToLower(d), reason) })
}
