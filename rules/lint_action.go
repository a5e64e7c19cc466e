package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// actionLints are about the names of actions. The catalogue is of a day, and services
// bring new actions, so these are told as what has no effect, and never as refused.
var actionLints = []Lint{
	{"INVALID_ACTION", Idle, "No action is called so, as far as is known", each(unknownActions)},
	{"INVALID_SERVICE_IN_ACTION", Idle, "No service has such actions, as far as is known", each(unknownServices)},
}

func unknownActions(t *lintText, s *policy.Statement) []trouble {
	var out []trouble
	for _, v := range s.Action.List {
		service, name, ok := strings.Cut(v.Text, ":")
		switch {
		case !ok || !t.known(v.Text), strings.ContainsAny(service, "*?"), !hasService(service):
		case !blank(name) && (!t.spend(matchSteps(v.Text)) || matchesAny(v.Text) || namedByAWS(v.Text)):
		case v.Range().HasLines() && v.Range() == s.Range(): // SAM wrote the statement, and nobody can mend it
		case blank(name):
			out = append(out, in(s, v.Range(), "No action has a blank in its name, so %q matches none. Remove the blank.", v.Text))
		default:
			next := ""
			switch {
			case wildcards(name):
			case matchesAny(v.Text + "*"):
				next = fmt.Sprintf(" Did you mean %s*?", v.Text)
			default:
				next = t.didYouMean(name, actionNames(service), service+":")
			}
			out = append(out, in(s, v.Range(), "%q is no action that was known on %s.%s", v.Text, edition(), next))
		}
	}
	return out
}

// blank reports whether the name of an action has a blank, which none has.
func blank(name string) bool { return strings.ContainsAny(name, " \t\r\n") }

func unknownServices(t *lintText, s *policy.Statement) []trouble {
	var out []trouble
	for _, v := range s.Action.List {
		service, _, ok := strings.Cut(v.Text, ":")
		if !ok || !t.literal(service) || hasService(service) || !t.known(v.Text) || namedByAWS(service) {
			continue
		}
		out = append(out, in(s, v.Range(), "No service whose actions begin with %q was known on %s, as in %q.%s", service+":",
			edition(), v.Text, t.didYouMean(service, catalog.Services(), "")))
	}
	return out
}

// edition is the day of the catalogue.
func edition() string { return catalog.Updated().Format("2006-01-02") }

// hasService reports whether the catalogue has actions of a service.
func hasService(service string) bool {
	_, ok := slices.BinarySearch(catalog.Services(), strings.ToLower(service))
	return ok
}

// managedNames are what the policies that AWS manages name and the catalogue does not have:
// actions, services of actions and condition keys, in lower case. They are of old
// services, or internal, and real.
var managedNames = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, arn := range catalog.ManagedPolicies() {
		text, _ := catalog.ManagedPolicy(arn)
		d, _ := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		for i := range d.Statements {
			s := &d.Statements[i]
			for _, v := range s.Action.List {
				service, _, ok := strings.Cut(strings.ToLower(v.Text), ":")
				switch {
				case !ok:
				case !hasService(service):
					m[service], m[strings.ToLower(v.Text)] = true, true
				case !matchesAny(v.Text):
					m[strings.ToLower(v.Text)] = true
				}
			}
			for _, c := range s.Conditions {
				if _, _, ok := catalog.ConditionKey(c.Key); !ok {
					m[c.KeyName()] = true
				}
			}
		}
	}
	return m
})

// namedByAWS reports whether a policy that AWS manages has a name.
func namedByAWS(name string) bool { return managedNames()[strings.ToLower(name)] }

// matchSteps is about what matching an action takes: with wildcards it is tried on all
// actions of a service.
func matchSteps(pattern string) int {
	if wildcards(pattern) {
		return 1000 * len(pattern)
	}
	return len(pattern)
}

// matchesAny reports whether the catalogue has an action that a pattern matches.
func matchesAny(pattern string) bool {
	for range catalog.Match(pattern) {
		return true
	}
	return false
}

func actionNames(service string) []string {
	var out []string
	for _, a := range catalog.Actions(service) {
		out = append(out, a.Name)
	}
	return out
}

// maxGuess bounds the length of names for which a likely one is looked for.
const maxGuess = 100

// didYouMean asks for the name that is nearest to a given one, if one is near and no
// other as near.
func (t *lintText) didYouMean(given string, names []string, prefix string) string {
	if len(given) > maxGuess || !t.spend(20*len(given)*len(names)) {
		return ""
	}
	given = strings.ToLower(given)
	best, second, found := 1+max(1, len(given)/5), 0, ""
	for _, n := range names {
		if d := len(n) - len(given); d > best || -d > best || !strings.EqualFold(n[:min(2, len(n))], given[:min(2, len(given))]) {
			continue // verbs that differ, such as Get and Delete, are no slip
		}
		switch d := distance(given, strings.ToLower(n), best); {
		case d < best:
			best, second, found = d, 0, n
		case d == best:
			second++
		}
	}
	if found == "" || second > 0 {
		return ""
	}
	return fmt.Sprintf(" Did you mean %s?", prefix+found)
}

// distance counts the characters to add, drop or change between two texts, or gives a
// number above limit.
func distance(a, b string, limit int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last, least := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := last
			if a[i-1] != b[j-1] {
				cost++
			}
			last = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
