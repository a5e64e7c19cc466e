package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// fact is one row of what a finding says. The values are as found: each format
// escapes them for its sink. code tells values of the policy language and
// addresses from sentences.
type fact struct {
	label  string
	values []string
	code   bool
}

// facts lists what is gained and by whom, in the order a reviewer asks.
func facts(f *rules.Finding) []fact {
	var all []fact
	add := func(code bool, label string, values []string) {
		if len(values) > 0 {
			all = append(all, fact{label, values, code})
		}
	}
	g := f.Gained
	if differ(f.Parts) { // lists of several statements say nothing of what goes with what
		g = &f.Parts[0].Gained
	}
	if g != nil {
		add(true, verb[f.Rule == guardrail], spelled(g.Actions, "every action"))
		add(true, "on", spelled(g.Resources, cmp.Or(g.Thing, "every resource")))
		add(true, "to", spelled(g.Principals, "everyone"))
		add(false, "limits lost", g.Conditions)
		if g.Description != "" {
			add(false, "in words", []string{g.Description})
		}
	}
	return all
}

// differ reports whether parts differ in more than their resources.
func differ(parts []rules.Part) bool {
	return slices.ContainsFunc(parts, func(p rules.Part) bool {
		a, b := &p.Gained, &parts[0].Gained
		return !slices.Equal(a.Actions, b.Actions) || !slices.Equal(a.Principals, b.Principals) || !slices.Equal(a.Conditions, b.Conditions) || p.Level != parts[0].Level
	}) || len(parts) == 1
}

// spelled says in words what a bare "*" among the patterns stands for, and names what is
// not known as people read it.
func spelled(patterns []string, words string) []string {
	out := slices.Clone(patterns)
	for i, p := range out {
		out[i] = rules.Readable(p)
		if p == "*" {
			out[i] = "* (" + words + ")"
		}
	}
	return out
}

// circumstances lists the rest: which input, what is not known and where else to
// look.
func circumstances(f *rules.Finding) []fact {
	var all []fact
	if f.Input != "" {
		all = append(all, fact{"input", []string{f.Input}, true})
	}
	if len(f.Unknowns) > 0 {
		all = append(all, fact{"not known", f.Unknowns, true})
	}
	if len(f.Sources) > 0 {
		var values []string
		for _, s := range f.Sources {
			values = append(values, join(s.Address, s.Attribute))
		}
		all = append(all, fact{"involves", values, true})
	}
	if len(f.Callers) > 0 {
		var values []string
		for _, c := range f.Callers {
			values = append(values, place(c))
		}
		all = append(all, fact{"called from", values, true})
	}
	return all
}

func join(address, attribute string) string {
	if attribute == "" {
		return address
	}
	return address + " (" + attribute + ")"
}

// guardrail is the rule whose gain is what is not held back any more.
const guardrail = "guardrail-removed"

var verb = map[bool]string{false: "allows", true: "lets pass"}

// proofTitle says what the witness of a finding shows.
func proofTitle(f *rules.Finding) string {
	switch f.Rule {
	case "new-access":
		return "a request that was not allowed before and is now"
	case guardrail:
		return "a request that was held back before and is not now"
	}
	return "a request that is allowed"
}

// proof lists the parts of the witness as label and value.
func proof(f *rules.Finding) [][2]string {
	w := f.Witness
	if w == nil {
		return nil
	}
	var rows [][2]string
	kind := w.Principal.Type.String()
	who := principal(kind, w.Principal.ID)
	if kind == "*" && signed(w.Context) {
		who = "anyone of whom this holds"
	}
	if who != "" {
		rows = append(rows, [2]string{"principal", rules.Readable(who)})
	}
	rows = append(rows, [2]string{"action", w.Action})
	if w.Resource != "" {
		rows = append(rows, [2]string{"resource", rules.Readable(w.Resource)})
	}
	for _, key := range slices.Sorted(maps.Keys(w.Context)) {
		if values := w.Context[key]; len(values) > 0 {
			rows = append(rows, [2]string{"context", key + " = " + rules.Readable(strings.Join(values, ", "))})
		}
	}
	return rows
}

// signed reports whether a request has a key that only one with credentials has (IAM User
// Guide, "AWS global condition context keys": properties of the principal).
func signed(context map[string][]string) bool {
	for key := range context {
		switch key = strings.ToLower(key); key {
		case "aws:principaltype", "aws:principalisawsservice":
		default:
			if strings.HasPrefix(key, "aws:principal") {
				return true
			}
		}
	}
	return false
}

// principal names who makes a request; kind is the key of a Principal element.
func principal(kind, id string) string {
	switch kind {
	case "":
		return ""
	case "*":
		return "anyone, without credentials"
	case "AWS":
		return id
	case "Service":
		return "service " + id
	case "Federated":
		return "identity provider " + id
	case "CanonicalUser":
		return "canonical user " + id
	}
	return kind + " " + id
}

// where says which part of which resource a finding is about.
func where(f *rules.Finding) []string {
	var parts []string
	if f.Attribute != "" {
		parts = append(parts, f.Attribute)
	}
	if s := f.Statement; s != nil {
		part := fmt.Sprintf("Statement[%d]", s.Index)
		if s.Sid != "" {
			part += fmt.Sprintf(" %q", s.Sid)
		}
		parts = append(parts, part)
	}
	if f.Action != "" {
		parts = append(parts, f.Action)
	}
	return parts
}

// place renders a location as path:line, and as nothing without a path.
func place(l rules.Location) string {
	if l.StartLine <= 0 || l.Path == "" {
		return l.Path
	}
	return fmt.Sprintf("%s:%d", l.Path, l.StartLine)
}

// acceptance says why a finding is archived.
func acceptance(a *rules.Archived) string {
	var parts []string
	if a.Name != "" {
		parts = append(parts, a.Name)
	}
	if a.Reason != "" {
		parts = append(parts, a.Reason)
	}
	if a.Expires != "" {
		parts = append(parts, "until "+a.Expires)
	}
	if len(parts) == 0 {
		return "no reason given"
	}
	return strings.Join(parts, "; ")
}

// sentence ends s with a full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// count renders n things in words.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(thing, "y"))
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// levels counts findings by level in words, worst first, and leaves out none.
func levels(findings []*rules.Finding) string {
	n := map[rules.Level]int{}
	for _, f := range findings {
		n[f.Level]++
	}
	var parts []string
	for _, l := range []rules.Level{rules.Error, rules.Warning, rules.Note} {
		if n[l] > 0 {
			parts = append(parts, count(n[l], l.String()))
		}
	}
	if len(parts) == 0 {
		return count(len(findings), "finding")
	}
	return strings.Join(parts, ", ")
}

// nothing is the headline of a result without findings that count. It claims no
// more than what was compared.
func nothing(r *rules.Result) string {
	s := r.Summary
	switch {
	case s.Undecided > 0 || s.Unresolved > 0:
		return "No findings in what could be decided; not everything could be"
	case s.Policies == 0:
		return "No policies found in the input"
	default:
		return fmt.Sprintf("No findings in the %s compared", comparedPolicies(s.Compared))
	}
}

func comparedPolicies(n int) string {
	if n == 1 {
		return "one policy"
	}
	return fmt.Sprintf("%d policies", n)
}

// summaryLine is the last line of the text report; docs/interface.md fixes it.
func summaryLine(s rules.Summary) string {
	return fmt.Sprintf("%d policies compared, %d errors, %d warnings, %d notes, %d unresolved",
		s.Compared, s.Errors, s.Warnings, s.Notes, s.Unresolved)
}
