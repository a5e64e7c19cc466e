package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Most statements of a change stand in both versions, as they were or with a list
// made shorter. Reading their texts tells that such a statement brings nothing, under
// every reading and every value of the variables, so that the search has to look at
// the others only.

// remains is what no existing statement holds of the actions of a new one: nothing, for
// a statement that stands in both versions.
type remains struct {
	told bool // false: of a statement that is not an Allow
	list []policy.Value
}

// repeats lists, by document and statement, what existing Allow statements do not hold
// already of the new ones. It is nil where an existing Deny is not held by new ones: what
// that denied may be new under any statement. The work is bounded; where it ends,
// statements count as new.
func repeats(existing, new []*policy.Document) [][]remains {
	r := reader{left: maxComparisons, next: map[*policy.Document]int{}}
	for _, d := range existing {
		for i := range d.Statements {
			if s := &d.Statements[i]; s.Effect == policy.Deny && len(r.unheld(d, s, new)) > 0 {
				return nil
			}
		}
	}
	out := make([][]remains, len(new))
	for i, d := range new {
		out[i] = make([]remains, len(d.Statements))
		for j := range d.Statements {
			if s := &d.Statements[j]; s.Effect == policy.Allow {
				out[i][j] = remains{true, r.unheld(d, s, existing)}
			}
		}
	}
	return out
}

// maxComparisons bounds the texts compared.
const maxComparisons = 1_000_000

// A reader compares texts until there are none left to.
type reader struct {
	left      int
	variables map[*policy.Document]bool
	lists     map[*policy.Value]*textList // by the first entry
	next      map[*policy.Document]int    // where the next statement is likely to stand
}

// unheld lists the entries of the action element of s, a statement of d, for which no
// statement of docs with the effect of s holds what s matches. A Not element is held
// as a whole, or all of it is left.
func (r *reader) unheld(d *policy.Document, s *policy.Statement, docs []*policy.Document) []policy.Value {
	left := s.Action.List
	own := false // left is no part of a document
	if s.Action.Not && len(left) == 0 {
		left = []policy.Value{{}} // something is left, though nothing is listed
	}
	for _, other := range docs {
		if other.Kind != d.Kind || other.HasVariables() != d.HasVariables() && (r.namesVariables(d) || r.namesVariables(other)) {
			continue
		}
		// Statements mostly stand in the order in which they stood.
		n := len(other.Statements)
		first := r.next[other]
		for i := range n {
			if len(left) == 0 || r.left <= 0 {
				return left
			}
			at := (first + i) % n
			t := &other.Statements[at]
			if t.Effect != s.Effect || t.Action.Not != s.Action.Not || !r.holdsRest(t, s) {
				continue
			}
			r.next[other] = at + 1
			if s.Action.Not {
				if r.values(t.Action, s.Action, 0) {
					return nil
				}
				continue
			}
			left, own = r.without(left, t.Action.List, own)
		}
	}
	return left
}

// without drops the actions of left that list holds. It writes over left if that is its own,
// and tells whether what it returns is.
func (r *reader) without(left, list []policy.Value, own bool) ([]policy.Value, bool) {
	at := 0               // lists are mostly in the same order
	for k := range left { // values are large, so they are not copied
		var held bool
		if at, held = r.held(list, left[k].Text, at, 0); !held {
			continue
		}
		kept := left[:k]
		if !own {
			kept = slices.Clone(kept)
		}
		for k++; k < len(left); k++ {
			if at, held = r.held(list, left[k].Text, at, 0); !held {
				kept = append(kept, left[k])
			}
		}
		return kept, true
	}
	return left, own
}

// held reports whether an entry of list is, or begins as and ends in "*", text. It tells
// where to look for the next text first.
func (r *reader) held(list []policy.Value, text string, at, colons int) (next int, held bool) {
	for i := at; i < len(list) && i < at+nearEntries; i++ {
		if list[i].Text == text {
			r.left -= 1 + i - at
			return i + 1, true
		}
	}
	if x := r.listOf(list); x != nil {
		r.left--
		if i, ok := x.find(list, text); ok {
			return i + 1, true
		}
		return at, x.holds(list, text, colons)
	}
	for i := range list {
		if list[i].Text == text {
			r.left -= len(list)
			return i + 1, true
		}
	}
	if r.left -= len(list); r.left <= 0 {
		return at, false
	}
	return at, anyOpenHolds(list, text, colons)
}

// nearEntries is how many entries behind the last one found a text is looked for first.
const nearEntries = 4

// namesVariables reports whether d has what looks like a policy variable, whatever its
// Version makes of it.
func (r *reader) namesVariables(d *policy.Document) bool {
	found, ok := r.variables[d]
	if !ok {
		found = anyText([]*policy.Document{d}, func(text string) bool { return strings.Contains(text, "${") })
		if r.variables == nil {
			r.variables = map[*policy.Document]bool{}
		}
		r.variables[d] = found
	}
	return found
}

// holdsRest reports whether the texts show that t matches every request that s
// matches, if its actions do.
func (r *reader) holdsRest(t, s *policy.Statement) bool {
	r.left--
	return r.conditions(t.Conditions, s.Conditions) &&
		r.principal(t.Principal, s.Principal) &&
		r.resource(t.Resource, s.Resource)
}

func (r *reader) resource(t, s *policy.Values) bool {
	switch {
	case t == nil:
		return true
	case s == nil:
		return !t.Not && slices.ContainsFunc(t.List, func(v policy.Value) bool { return v.Text == "*" })
	}
	return r.values(*t, *s, 5)
}

// values compares two elements of one name; colons is how many a pattern must
// have for a "*" behind them to stand for everything.
func (r *reader) values(t, s policy.Values, colons int) bool {
	if t.Not != s.Not {
		return false
	}
	if t.Not {
		t, s = s, t
	}
	at := 0 // lists are mostly in the same order
	for k := range s.List {
		var held bool
		if at, held = r.held(t.List, s.List[k].Text, at, colons); !held {
			return false
		}
	}
	return true
}

// anyOpenHolds reports whether a text that ends in "*" holds another one.
func anyOpenHolds(list []policy.Value, text string, colons int) bool {
	for i := range list {
		if t := list[i].Text; strings.HasSuffix(t, "*") && holdsText(t, text, colons) {
			return true
		}
	}
	return false
}

// holdsText reports whether the pattern t is s, or the beginning of s and a "*".
func holdsText(t, s string, colons int) bool {
	if t == s || t == "*" {
		return true
	}
	head, ok := strings.CutSuffix(t, "*")
	return ok && strings.HasPrefix(s, head) && !strings.Contains(t, "${") && !strings.Contains(s, "${") &&
		strings.Count(head, ":") >= colons
}

// principal compares two Principal elements.
func (r *reader) principal(t, s *policy.Principals) bool {
	switch {
	case t == nil || s == nil:
		return t == s
	case t.Not != s.Not:
		return false
	case t.Not:
		// An entry more may exempt fewer, where entries count in chains: equal ones only.
		return r.entries(t.List, s.List) && r.entries(s.List, t.List)
	}
	return r.entries(t.List, s.List)
}

// entries reports whether t lists every entry of s.
func (r *reader) entries(t, s []policy.PrincipalEntry) bool {
	for _, e := range s {
		r.left -= len(t)
		if !slices.ContainsFunc(t, func(f policy.PrincipalEntry) bool { return f.Type == e.Type && f.Text == e.Text }) {
			return false
		}
	}
	return true
}

// conditions reports whether every condition of t is one of s.
func (r *reader) conditions(t, s []policy.Condition) bool {
next:
	for i := range t {
		r.left -= len(s)
		for j := range s {
			if sameCondition(&t[i], &s[j]) {
				continue next
			}
		}
		return false
	}
	return true
}

func sameCondition(c, d *policy.Condition) bool {
	return c.Operator == d.Operator && (c.Key == d.Key || strings.EqualFold(c.Key, d.Key) && c.KeyName() == d.KeyName()) &&
		slices.EqualFunc(c.Values, d.Values, func(v, w policy.Value) bool { return v.Text == w.Text })
}
