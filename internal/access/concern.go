package access

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"sync"
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
	heads            heads
	near             int // of beginnings, where the last pattern was found: lists are mostly sorted
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
				out.heads.add(text, whole)
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
	if a.heads.lack(pattern) {
		return false
	}
	text, whole := beginning(pattern, "*?")
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return true
		}
	}
	// Those that extend text follow one another.
	i := firstFolded(a.beginnings, text, a.near)
	a.near = i
	if i < len(a.beginnings) && extends(a.beginnings[i], text) && (!whole || len(a.beginnings[i]) == len(text)) {
		return true
	}
	// Of those that text extends there is one at most, the last that is not behind it.
	i = firstFolded(a.open, text, 0)
	return i < len(a.open) && extends(a.open[i], text) && len(a.open[i]) == len(text) ||
		i > 0 && len(a.open[i-1]) <= len(text) && extends(a.open[i-1], text[:len(a.open[i-1])])
}

// firstFolded is the place of the first of sorted texts in lower case that is not before
// the ASCII text, whatever its case. It is looked for behind near first.
func firstFolded(sorted []string, text string, near int) int {
	lo, hi := 0, len(sorted)
	if near > 0 && compareFolded(sorted[near-1], text) >= 0 {
		hi = near - 1
	} else {
		lo = near
		for step := 1; lo+step < hi; step *= 2 {
			if compareFolded(sorted[lo+step], text) >= 0 {
				hi = lo + step
				break
			}
			lo += step
		}
	}
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

// among are the patterns of a list that may match one of the actions.
func (a *aims) among(list []policy.Value) []policy.Value {
	if !a.some {
		return list
	}
	for i := range list {
		if a.meets(list[i].Text) {
			continue
		}
		kept := list[:i:i]
		for i++; i < len(list); i++ {
			if a.meets(list[i].Text) {
				kept = append(kept, list[i])
			}
		}
		return kept
	}
	return list
}

// heads are the first four characters of some texts in lower case, as far as a quick look
// tells them apart: most patterns of a policy are about another service or verb.
type heads struct{ first, next [32]uint32 } // by one character of each two, the other ones

func (h *heads) add(text string, whole bool) {
	at := func(i int) uint32 { // the characters that can be there
		switch {
		case i < len(text):
			return 1 << (text[i] % 32)
		case whole:
			return 1 // all that is shorter looks alike
		}
		return 1<<32 - 1
	}
	pair := func(of *[32]uint32, i int) {
		for c, more := at(i), at(i+1); c != 0; c &= c - 1 {
			of[bits.TrailingZeros32(c)] |= more
		}
	}
	pair(&h.first, 0)
	pair(&h.next, 2)
}

// lack is true only if the texts that a pattern matches begin otherwise, in any case.
func (h *heads) lack(pattern string) bool {
	if len(pattern) < 4 {
		return false
	}
	for i := range 4 {
		if c := pattern[i]; c == '*' || c == '?' || c >= utf8.RuneSelf {
			return false
		}
	}
	return h.first[pattern[0]%32]>>(pattern[1]%32)&1 == 0 || h.next[pattern[2]%32]>>(pattern[3]%32)&1 == 0
}

// concern finds the statements that may match one of the actions, and which of theirs do;
// others meet no request that is asked about. One that existing statements hold as a whole
// brings nothing, and is in nobody's way.
func (r *run) concern() {
	r.only = newPlaces(r.docs)
	r.acts = make([][]policy.Value, len(r.only.in))
	for i, d := range r.docs {
		for j := range d.Statements {
			at := place{i, j}
			rest, of := r.remains(at), r.actions(at)
			switch {
			case !rest.told:
				of = r.aims.among(of)
			case len(rest.list) == 0:
				continue
			}
			if len(of) > 0 || d.Statements[j].Action.Not {
				r.only.add(at)
				r.acts[r.only.number(at)] = of
			}
		}
	}
	r.size = r.sizeOf(r.only)
}

// usage is how conditions use a key, which tells what values it can have.
type usage struct {
	sorts sort
	set   bool // with a set operator
}

// usages tells how statements use each key of conditions, whether they are compiled or not:
// those about services of the actions to decide on, for what a key holds does not depend on
// which of their actions that are. It is asked for once there is a key.
func (r *run) usages(reading policy.Reading) func() map[string]usage {
	return sync.OnceValue(func() map[string]usage {
		out := map[string]usage{}
		services, all := r.aims.services()
		for _, d := range r.docs {
			for i := range d.Statements {
				s := &d.Statements[i]
				if len(s.Conditions) == 0 || !all && !aboutAny(s.Action, services) {
					continue
				}
				for k := range s.Conditions {
					if c := &s.Conditions[k]; c.Operator.Test != policy.Null && !emptyHolds(c, reading) {
						key := c.KeyName()
						u := out[key]
						out[key] = usage{u.sorts | sortOf[c.Operator.Test], u.set || c.Operator.Qualifier != policy.NoQualifier}
					}
				}
			}
		}
		return out
	})
}

// aboutAny reports whether an action element may be about one of the services.
func aboutAny(v policy.Values, services []string) bool {
	last := ":" // is in none
	return v.Not || slices.ContainsFunc(v.List, func(v policy.Value) bool {
		service, ok := serviceOf(v.Text)
		if !ok {
			return true
		}
		if service == last { // lists go by services
			return false
		}
		last = service
		return slices.ContainsFunc(services, func(s string) bool { return equalsFolded(s, service) })
	})
}

// services are the prefixes of the actions; all that they can be any.
func (a *aims) services() (of []string, all bool) {
	for _, text := range a.beginnings { // which are sorted
		service, ok := serviceOf(text)
		if !ok {
			return nil, true
		}
		if len(of) == 0 || of[len(of)-1] != service {
			of = append(of, service)
		}
	}
	return of, !a.some
}

// serviceOf is the service prefix of a pattern of actions; false when it can be any.
func serviceOf(pattern string) (string, bool) {
	for i := range len(pattern) {
		switch pattern[i] {
		case ':':
			return pattern[:i], true
		case '*', '?':
			return pattern[:i], false
		}
	}
	return pattern, false
}

// equalsFolded reports whether a text in lower case is the other one, whatever the case of
// that.
func equalsFolded(lowered, text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return lowered == lower(text)
		}
	}
	return len(lowered) == len(text) && compareFolded(lowered, text) == 0
}
