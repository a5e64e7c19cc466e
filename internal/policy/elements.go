package policy

import (
	"fmt"
	"slices"
	"strings"
)

// The elements of the language (IAM User Guide, "IAM JSON policy element
// reference"). Their names have a case.
var (
	documentElements  = []string{"Version", "Id", "Statement"}
	statementElements = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
)

// elements holds the members of an object that are elements. They are few, so that a list
// is searched faster than a map is made. A misspelt element is kept apart under the name
// that was meant, so that it is not reported as missing as well.
type elements struct {
	members []member
	slips   []string
}

// get returns the value of an element.
func (es elements) get(name string) (node, bool) {
	for i := range es.members {
		if m := &es.members[i]; m.name == name {
			return m.value, true
		}
	}
	return node{}, false
}

func (es elements) misspelt(name string) bool { return slices.Contains(es.slips, name) }

// has reports whether one of the names was written, well or badly.
func (es elements) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, ok := es.get(name)
		return ok || es.misspelt(name)
	})
}

// elements reads the members of an object and reports unknown ones. Of a name
// that appears twice, reported elsewhere, the first counts.
func (p *parser) elements(n node, of string, known []string) elements {
	es := elements{members: n.members} // of which only those with a known name are asked for
	for i := range n.members {
		m := &n.members[i]
		if slices.Contains(known, m.name) {
			continue
		}
		next := fmt.Sprintf("Expected one of %s. Remove it or correct its name.", strings.Join(known, ", "))
		if meant := didYouMean(m.name, known); meant != "" {
			es.slips = append(es.slips, meant)
			next = fmt.Sprintf("Did you mean %s? Names of elements have a case. Correct the name.", meant)
		}
		p.fail("INVALID_POLICY_ELEMENT", m.at, fmt.Sprintf("%q is no element of a %s", m.name, of), next)
	}
	return es
}

// didYouMean finds the name that differs from the given one by case or by an "s"
// at the end only; "" when there is none.
func didYouMean(name string, known []string) string {
	plain := func(s string) string { return strings.TrimSuffix(strings.ToLower(s), "s") }
	for _, k := range known {
		if plain(k) == plain(name) {
			return k
		}
	}
	return ""
}
