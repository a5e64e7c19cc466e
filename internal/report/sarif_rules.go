package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/grantdiff/grantdiff/rules"
)

// sarifRules describes every rule of the catalogue, and every rule that the
// findings name besides (a saved result may come from another version), with the
// index of each. GitHub requires an id and non-empty descriptions and help.
func sarifRules(catalogue []rules.Rule, findings []*rules.Finding) ([]*sarif.ReportingDescriptor, map[string]int) {
	worst := map[string]*rules.Finding{}
	for _, f := range findings {
		if w := worst[f.Rule]; w == nil || f.Severity > w.Severity {
			worst[f.Rule] = f
		}
	}
	all := slices.Clone(catalogue)
	known := map[string]bool{}
	for _, r := range all {
		known[r.ID] = true
	}
	var others []rules.Rule
	for id := range worst {
		if !known[id] {
			others = append(others, rules.Rule{ID: id})
		}
	}
	slices.SortFunc(others, func(a, b rules.Rule) int { return cmp.Compare(a.ID, b.ID) })

	descriptors := []*sarif.ReportingDescriptor{}
	index := map[string]int{}
	for _, r := range append(all, others...) {
		if _, ok := index[r.ID]; ok {
			continue
		}
		index[r.ID] = len(descriptors)
		descriptors = append(descriptors, sarifRule(r, worst[r.ID]))
	}
	return descriptors, index
}

// ruleID is the id of a finding's rule, never empty.
func ruleID(f *rules.Finding) string { return cmp.Or(safe(f.Rule, 255), "unnamed-rule") }

// sarifRule describes one rule. Code scanning grades an alert by its rule, so the
// rule takes the grade of its worst finding.
func sarifRule(r rules.Rule, worst *rules.Finding) *sarif.ReportingDescriptor {
	id := cmp.Or(safe(r.ID, 255), "unnamed-rule")
	title := cmp.Or(r.Title, id)
	text := cmp.Or(r.Doc.Text, title+".")
	bag := sarif.NewPropertyBag().Add("precision", "high").
		WithTags([]string{"security", "iam", "access"})
	if worst != nil {
		bag.Add("security-severity", severity(worst))
	}
	return sarif.NewRule(id).
		WithName(cmp.Or(pascal(id), id)).
		WithShortDescription(multiformat(capped(title, sarifMaxText), "")).
		WithFullDescription(multiformat(capped(text, sarifMaxText), "")).
		WithHelp(multiformat(helpText(r, text), helpMarkdown(r, text))).
		WithProperties(bag)
}

// pascal is an id as the name of a rule: SARIF wants names that differ from the ids
// (SARIF 2.1.0, section 3.49.7).
func pascal(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	return b.String()
}

func multiformat(text, markdown string) *sarif.MultiformatMessageString {
	m := sarif.NewMultiformatMessageString().WithText(text)
	if markdown != "" {
		m.WithMarkdown(markdown)
	}
	return m
}

func helpText(r rules.Rule, text string) string {
	if r.Doc.Fix == "" {
		return text
	}
	return text + "\n\nWhat to do: " + r.Doc.Fix
}

// helpMarkdown renders a rule's documentation, which is our own text.
func helpMarkdown(r rules.Rule, text string) string {
	var b strings.Builder
	b.WriteString(text)
	block := func(title, code string) {
		if code != "" {
			fence := strings.Repeat("`", max(3, longestRun(code, '`')+1))
			fmt.Fprintf(&b, "\n\n**%s**\n\n%s\n%s\n%s", title, fence, strings.TrimRight(code, "\n"), fence)
		}
	}
	block("Before", r.Doc.Before)
	block("After, which is reported", r.Doc.After)
	if r.Doc.Fix != "" {
		fmt.Fprintf(&b, "\n\n**What to do**\n\n%s", r.Doc.Fix)
	}
	if len(r.Doc.Sources) > 0 {
		b.WriteString("\n\n**Sources**\n")
		for _, s := range r.Doc.Sources {
			fmt.Fprintf(&b, "\n- %s", s)
		}
	}
	return b.String()
}
