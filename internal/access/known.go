package access

import (
	"cmp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Known counts the actions of the catalogue that something is about. The catalogue
// never holds all actions there are.
type Known struct {
	Total   int
	Levels  [catalog.PermissionsManagement + 1]int // by catalog.Level
	Example string                                 // the most telling one, "" for none
	// Uncounted tells that the work was spent before all were counted; the numbers
	// then mean nothing.
	Uncounted bool

	rank int
}

func (k *Known) add(a catalog.Action) {
	k.Total++
	k.Levels[a.Level]++
	rank := plainRank(a)
	if rank+sensitiveRank >= k.rank && sensitiveAction(a) {
		rank += sensitiveRank
	}
	if name := a.String(); rank > k.rank || rank == k.rank && betterName(name, k.Example) {
		k.rank, k.Example = rank, name
	}
}

// betterName prefers short names, then the alphabet.
func betterName(name, than string) bool {
	return cmp.Or(cmp.Compare(len(name), len(than)), cmp.Compare(name, than)) < 0
}

// known counts the known actions that terms are about, without those that an
// exception takes away whole.
func (x *explainer) known(terms []Term) Known {
	if len(terms) == 1 {
		if pattern, ok := onePattern(terms[0]); ok {
			return x.knownUnder(pattern)
		}
	}
	seen := map[[2]string]bool{}
	var k Known
	for _, t := range terms {
		for a := range x.actions(t) {
			if id := [2]string{a.Service, a.Name}; !seen[id] {
				seen[id] = true
				k.add(a)
			}
		}
	}
	k.Uncounted = x.b.left < 0
	return k
}

// onePattern is the action pattern of a term that has no other.
func onePattern(t Term) (string, bool) {
	if len(t.In) != 1 || t.In[0].Action == nil || t.In[0].Action.Not || len(t.In[0].Action.List) != 1 {
		return "", false
	}
	for _, p := range t.Except {
		if p.actional() {
			return "", false
		}
	}
	return t.In[0].Action.List[0].Text, true
}

// Counts under one pattern are kept, for there are few patterns with many actions
// and everybody uses them.
var (
	counted      sync.Map // string to Known
	countedSize  atomic.Int32
	maxCounted   = int32(512)
	maxCountedAt = 128 // bytes of a pattern
)

func (x *explainer) knownUnder(pattern string) Known {
	if k, ok := counted.Load(pattern); ok {
		return k.(Known)
	}
	var k Known
	for a := range catalog.Match(pattern) {
		k.add(a)
	}
	x.b.spend(knownCost)
	if len(pattern) <= maxCountedAt && countedSize.Add(1) <= maxCounted {
		counted.Store(strings.Clone(pattern), k)
	}
	return k
}

// actions yields the known actions of a term, perhaps repeatedly.
func (x *explainer) actions(t Term) func(func(catalog.Action) bool) {
	var lists []policy.Values
	for _, p := range t.In {
		if p.Action != nil {
			lists = append(lists, *p.Action)
		}
	}
	for _, p := range t.Except {
		if p.actional() {
			lists = append(lists, policy.Values{Not: !p.Action.Not, List: p.Action.List})
		}
	}
	// One list that names actions is gone through; the others are asked.
	first := []policy.Value{{Text: "*"}}
	for i, v := range lists {
		if !v.Not {
			first = v.List
			lists = append(lists[:i:i], lists[i+1:]...)
			break
		}
	}
	sets := make([]map[[2]string]bool, len(lists))
	for i, v := range lists {
		sets[i] = map[[2]string]bool{}
		for _, p := range v.List {
			for a := range x.match(p.Text) {
				sets[i][[2]string{a.Service, a.Name}] = true
			}
		}
	}
	return func(yield func(catalog.Action) bool) {
		for _, p := range first {
		each:
			for a := range x.match(p.Text) {
				for i, v := range lists {
					if sets[i][[2]string{a.Service, a.Name}] == v.Not {
						continue each
					}
				}
				if !yield(a) {
					return
				}
			}
		}
	}
}

// match is catalog.Match within the budget.
func (x *explainer) match(pattern string) func(func(catalog.Action) bool) {
	if !x.b.spend(1+len(pattern)/8) || strings.ContainsAny(pattern, "*?") && !x.b.spend(knownCost) {
		return func(func(catalog.Action) bool) {}
	}
	return catalog.Match(pattern)
}
