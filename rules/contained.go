package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Contained is a statement whose access another finding of the same subject has in it.
type Contained struct {
	Address   string    `json:"address"`
	Attribute string    `json:"attribute"`
	Subject   Subject   `json:"subject"`
	Location  Location  `json:"location"`
	Sources   []Source  `json:"sources,omitempty"`
	Statement Statement `json:"statement"`
	// Equal tells that it gives all that the finding is about, and not a part of it.
	Equal bool `json:"equal,omitempty"`

	says string // how a sentence calls it
}

// foldContained leaves out findings about what other findings of the same subject have in
// them, and names them there. A finding stays as it is by what is named in it: its
// fingerprint and what archive rules look at say nothing of that, so that whatever is about
// a contained statement accepts no more than it. What a comment accepts stays by itself.
func foldContained(found []Found) []Found {
	type family struct {
		sum *Sum
		new bool
	}
	families := map[family][]int{}
	var order []family
	for i := range found {
		f := &found[i]
		if f.gain == nil || f.Archived != nil || f.Sensitive || f.Undenied || f.Undecided || f.Statement == nil || f.Grant == nil ||
			f.Grant.Before.Sensitive || f.Grant.After.Sensitive {
			continue
		}
		k := family{f.gain.sum, f.New}
		if families[k] == nil {
			order = append(order, k)
		}
		families[k] = append(families[k], i)
	}
	gone := map[int]bool{}
	for _, k := range order {
		for i, at := range contain(found, families[k]) {
			found[at].takeIn(&found[i])
			gone[i] = true
		}
	}
	if len(gone) == 0 {
		return found
	}
	out := found[:0]
	for i := range found {
		if !gone[i] {
			found[i].Contained = sortContained(found[i].Contained)
			out = append(out, found[i])
		}
	}
	return out
}

// contain tells for the findings of one subject which other one has it in it, by index. Of
// findings that are the same the first in rank stays, whatever the order of the input.
func contain(found []Found, list []int) map[int]int {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b int) int { return rank(&found[a], &found[b]) })
	at := map[int]int{} // by the index of the gain
	for _, i := range list {
		at[found[i].gain.index] = i
	}
	parent := map[int]int{}
	root := func(i int) int {
		for {
			up, ok := parent[i]
			if !ok {
				return i
			}
			i = up
		}
	}
	for k := len(list) - 1; k >= 0; k-- {
		i := list[k]
		best := -1
		for _, index := range found[i].gain.in {
			j, told := at[index]
			if !told || root(j) == i || !found[j].mayTakeIn(&found[i]) || best >= 0 && rank(&found[best], &found[j]) < 0 {
				continue
			}
			best = j
		}
		if best >= 0 {
			parent[i] = best
		}
	}
	for i := range parent {
		parent[i] = root(i)
	}
	return parent
}

// rank orders findings of one subject: the worst first, then policies of AWS, which others
// have, too, and then by what they are about.
func rank(a, b *Found) int {
	kind := func(f *Found) int {
		if ofAWS(f.Grant) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(kind(a), kind(b)), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Attribute, b.Attribute),
		cmp.Compare(a.Statement.Sid, b.Statement.Sid), cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Statement.Index, b.Statement.Index))
}

// mayTakeIn reports whether a finding tells enough to tell one that it contains: it is no
// lower, and says as much of what was there before. Two things that are no policies and
// amount to the same are told by mergeTwins.
func (f *Found) mayTakeIn(o *Found) bool {
	if f.Level < o.Level || f.Severity < o.Severity || f.instead != "" && f.instead != o.instead || f.Pinned != o.Pinned {
		return false
	}
	mine, ok := twinKey(f)
	its, also := twinKey(o)
	return !ok || !also || mine != its || f.Address == o.Address
}

// takeIn names a finding in one that contains it.
func (f *Found) takeIn(o *Found) {
	says := documentName(o.Grant)
	if !ofAWS(o.Grant) || len(o.Grant.After.Document.Statements) > 1 {
		says = statementName(o.Statement.Index, o.Statement.Sid) + " of " + says
	}
	switch at := o.Location; {
	case at.StartLine == 0 || at.Path == "":
	case at.Path == f.Location.Path:
		says += fmt.Sprintf(" (line %d)", at.StartLine)
	default:
		says += fmt.Sprintf(" (%s:%d)", at.Path, at.StartLine)
	}
	f.Contained = append(slices.Clone(f.Contained), Contained{
		Address: o.Address, Attribute: o.Attribute, Subject: o.Subject, Location: o.Location, Sources: slices.Clone(o.Sources), Statement: *o.Statement,
		Equal: slices.Contains(f.gain.in, o.gain.index), says: Readable(says),
	})
	for _, d := range o.Details {
		if strings.Contains(d, unseenBoundary) && !slices.Contains(f.Details, d) {
			f.Details = append(slices.Clone(f.Details), d)
		}
	}
}

// TakeIn adds what another finding that is the same contains.
func (f *Found) TakeIn(list []Contained) {
	for _, c := range list {
		if !slices.ContainsFunc(f.Contained, func(has Contained) bool {
			return has.says == c.says && has.Subject == c.Subject && has.Address == c.Address && has.Attribute == c.Attribute
		}) {
			f.Contained = append(slices.Clone(f.Contained), c)
		}
	}
	f.Contained = sortContained(f.Contained)
}

// inPart tells that what a finding contains is a part of it, as it is made of several.
func (f *Found) inPart() {
	f.Contained = slices.Clone(f.Contained)
	for i := range f.Contained {
		f.Contained[i].Equal = false
	}
}

func sortContained(list []Contained) []Contained {
	slices.SortStableFunc(list, func(a, b Contained) int {
		return cmp.Or(cmp.Compare(a.Subject.Name, b.Subject.Name), cmp.Compare(a.Subject.Address, b.Subject.Address),
			cmp.Compare(a.Address, b.Address), cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Statement.Index, b.Statement.Index))
	})
	return list
}

// AlsoBy are sentences that name what a finding contains.
func (f *Found) AlsoBy() []string {
	var out []string
	type part struct {
		who   string
		equal bool
	}
	var order []part
	names := map[part][]string{}
	for _, c := range f.Contained {
		p := part{equal: c.Equal}
		if f.several {
			p.who = cmp.Or(strings.TrimSpace(c.Subject.Kind+" "+short(c.Subject.Name)), c.Subject.Address)
		}
		if names[p] == nil {
			order = append(order, p)
		}
		names[p] = append(names[p], c.says)
	}
	for _, p := range order {
		head := "A part of it also by "
		if p.equal {
			head = "The same also by "
		}
		if p.who != "" {
			head = "For " + p.who + ": " + strings.ToLower(head[:1]) + head[1:]
		}
		out = append(out, head+enumerated(names[p])+".")
	}
	return out
}
