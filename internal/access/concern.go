package access

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// aims are the actions to decide on, by what their patterns begin with: of thousands
// of patterns in two policies a change is about a few, and what meets none of these is
// not even compiled. The zero value is all actions.
type aims struct {
	some bool
	// beginnings are the literal ones of all patterns, in lower case; open are those
	// that something follows, without those that extend another one. Both are sorted.
	beginnings, open []string
}

// concerned lists the actions to decide on.
func (q *question) concerned() aims {
	out := aims{some: true}
	for i, d := range q.docs[:q.asked] {
		for j := range d.Statements {
			at := place{i, j}
			if !q.asks(at) {
				continue
			}
			if d.Statements[j].Action.Not {
				return aims{}
			}
			for _, v := range q.actions(at) {
				text, whole := beginning(v.Text, "*?")
				text = lower(text)
				out.beginnings = append(out.beginnings, text)
				if !whole {
					out.open = append(out.open, text)
				}
			}
		}
	}
	slices.Sort(out.beginnings)
	slices.Sort(out.open)
	n := 0
	for _, text := range out.open {
		if n == 0 || !strings.HasPrefix(text, out.open[n-1]) {
			out.open[n] = text
			n++
		}
	}
	out.open = out.open[:n]
	return out
}

// meets is false only if an action pattern matches none of the actions.
func (a *aims) meets(pattern string) bool {
	if !a.some {
		return true
	}
	text, whole := beginning(pattern, "*?")
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return true
		}
	}
	// Those that extend text follow one another.
	i := firstFolded(a.beginnings, text)
	if i < len(a.beginnings) && extends(a.beginnings[i], text) && (!whole || len(a.beginnings[i]) == len(text)) {
		return true
	}
	// Of those that text extends there is one at most, the last that is not behind it.
	i = firstFolded(a.open, text)
	return i < len(a.open) && extends(a.open[i], text) && len(a.open[i]) == len(text) ||
		i > 0 && len(a.open[i-1]) <= len(text) && extends(a.open[i-1], text[:len(a.open[i-1])])
}

// firstFolded is the place of the first of sorted texts in lower case that is not before
// the ASCII text, whatever its case.
func firstFolded(sorted []string, text string) int {
	lo, hi := 0, len(sorted)
	for lo < hi {
		if mid := (lo + hi) / 2; compareFolded(sorted[mid], text) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// extends reports whether a text in lower case begins as the ASCII text does, whatever the
// case of that.
func extends(lower, text string) bool {
	return len(lower) >= len(text) && compareFolded(lower[:len(text)], text) == 0
}

func compareFolded(lower, text string) int {
	for i := range min(len(lower), len(text)) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if lower[i] != c {
			return cmp.Compare(lower[i], c)
		}
	}
	return cmp.Compare(len(lower), len(text))
}

// reaches reports whether an action element may match one of the actions.
func (a *aims) reaches(v policy.Values) bool {
	return !a.some || v.Not || slices.ContainsFunc(v.List, func(v policy.Value) bool { return a.meets(v.Text) })
}

// concern lists the statements that may match one of the actions; others meet no
// request that is asked about.
func (q *question) concern(in *aims) map[place]bool {
	return q.statements(func(s *policy.Statement) bool { return in.reaches(s.Action) })
}

// statements lists the places of the statements that f holds for.
func (q *question) statements(f func(*policy.Statement) bool) map[place]bool {
	out := map[place]bool{}
	for i, d := range q.docs {
		for j := range d.Statements {
			if f(&d.Statements[j]) {
				out[place{i, j}] = true
			}
		}
	}
	return out
}

// usage is how conditions use a key, which tells what values it can have.
type usage struct {
	sorts sort
	set   bool // with a set operator
}

// usage tells how statements use a key of conditions, whether they are compiled or not: those
// about services of the actions to decide on, for what a key holds does not depend on which
// of their actions that are.
func (r *run) usage(key string, reading policy.Reading) usage {
	out, ok := r.usages[reading]
	if !ok {
		out = map[string]usage{}
		services, all := r.aims.services()
		for at := range r.statements(func(s *policy.Statement) bool {
			return len(s.Conditions) > 0 && (all || aboutAny(s.Action, services))
		}) {
			for _, c := range r.docs[at.doc].Statements[at.index].Conditions {
				if c.Operator.Test != policy.Null && !emptyHolds(&c, reading) {
					u := out[c.KeyName()]
					out[c.KeyName()] = usage{u.sorts | sortOf[c.Operator.Test], u.set || c.Operator.Qualifier != policy.NoQualifier}
				}
			}
		}
		if r.usages == nil {
			r.usages = map[policy.Reading]map[string]usage{}
		}
		r.usages[reading] = out
	}
	return out[key]
}

// aboutAny reports whether an action element may be about one of the services.
func aboutAny(v policy.Values, services map[string]bool) bool {
	return v.Not || slices.ContainsFunc(v.List, func(v policy.Value) bool {
		service, ok := serviceOf(v.Text)
		return !ok || services[lower(service)]
	})
}

// services are the prefixes of the actions; all that they can be any.
func (a *aims) services() (of map[string]bool, all bool) {
	of = map[string]bool{}
	for _, text := range a.beginnings {
		service, ok := serviceOf(text)
		if !ok {
			return nil, true
		}
		of[service] = true
	}
	return of, !a.some
}

// serviceOf is the service prefix of a pattern of actions; false when it can be any.
func serviceOf(pattern string) (string, bool) {
	service, _, ok := strings.Cut(pattern, ":")
	return service, ok && !strings.ContainsAny(service, "*?")
}
