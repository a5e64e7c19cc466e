package extractors

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Assumption is what is taken for granted about something that is not known, such as a
// parameter. Two about the same thing in other words exclude each other.
type Assumption struct {
	About string
	Words string // "Env is prod"
}

// Case is what is taken for granted together.
type Case []Assumption

// Cases say under which choices about what is not known something is as it is. All are
// the cases that there are, which exclude each other; Holds are the indexes of those in
// which it is so, sorted. nil holds in all.
type Cases struct {
	All   []Case
	Holds []int
}

// With adds the cases of another one to those of c, where they are out of the same.
func (c *Cases) With(other *Cases) *Cases {
	if c == nil || other == nil || len(c.All) != len(other.All) || len(c.All) == 0 || &c.All[0] != &other.All[0] {
		return c
	}
	out := &Cases{c.All, slices.Concat(c.Holds, other.Holds)}
	slices.Sort(out.Holds)
	out.Holds = slices.Compact(out.Holds)
	return out
}

// Key is equal for cases that are the same, out of the same; the words of String are cut.
func (c *Cases) Key() string {
	if c == nil || len(c.Holds) == len(c.All) {
		return ""
	}
	return fmt.Sprint(c.Holds)
}

// maxCasesShown bounds the alternatives in the words of cases; one more is as short as
// saying so.
const maxCasesShown = 3

// String says the cases in few words, as in "Env is prod; or Env is test, Open is yes":
// what makes no difference is left out. It is "" where they are all.
func (c *Cases) String() string {
	out := c.alternatives()
	if more := len(out) - maxCasesShown; more > 1 {
		return fmt.Sprintf("%s; and in %d more cases", strings.Join(out[:maxCasesShown], "; or "), more)
	}
	return strings.Join(out, "; or ")
}

// maxWorlds bounds the choices that Full looks at.
const maxWorlds = 1024

// Full is the same for cases that hold under the same choices, whatever the order and the
// words in which the input tells them apart, and for no others: each combination of the
// choices that matter under which it holds. It is "" where that is all of them.
func (c *Cases) Full() string {
	if c == nil || len(c.Holds) == len(c.All) {
		return ""
	}
	choices := map[string][]string{}
	for _, one := range c.All {
		for _, a := range one {
			if !slices.Contains(choices[a.About], a.Words) {
				choices[a.About] = append(choices[a.About], a.Words)
			}
		}
	}
	// A world is a number whose digits are what is chosen.
	abouts, worlds := slices.Sorted(maps.Keys(choices)), 1
	stride := map[string]int{}
	for _, about := range abouts {
		slices.Sort(choices[about])
		stride[about] = worlds
		if worlds *= len(choices[about]); worlds > maxWorlds {
			return strings.Join(slices.Sorted(slices.Values(c.alternatives())), "; or ")
		}
	}
	digit := func(w int, about string) int { return w / stride[about] % len(choices[about]) }
	holds := make([]bool, worlds)
	for _, i := range c.Holds {
		var digits []int
		for _, a := range c.All[i] {
			digits = append(digits, slices.Index(choices[a.About], a.Words))
		}
		for w := range holds {
			holds[w] = holds[w] || !slices.ContainsFunc(c.All[i], func(a Assumption) bool {
				return digit(w, a.About) != digits[slices.Index(c.All[i], a)]
			})
		}
	}
	matters := slices.DeleteFunc(slices.Clone(abouts), func(about string) bool {
		for w := range holds {
			if holds[w] != holds[w-digit(w, about)*stride[about]] {
				return false
			}
		}
		return true
	})
	var out []string
	for w := range holds {
		if !holds[w] || slices.ContainsFunc(abouts, func(about string) bool { return digit(w, about) != 0 && !slices.Contains(matters, about) }) {
			continue
		}
		var one Case
		for _, about := range matters {
			one = append(one, Assumption{about, choices[about][digit(w, about)]})
		}
		out = append(out, one.String())
	}
	slices.Sort(out)
	return strings.Join(out, "; or ")
}

// in reports whether a case says nothing that another one does not.
func (one Case) in(other Case) bool {
	return !slices.ContainsFunc(one, func(a Assumption) bool { return !slices.Contains(other, a) })
}

// alternatives are the words of cases, what makes no difference left out; none where they
// are all.
func (c *Cases) alternatives() []string {
	if c == nil || len(c.Holds) == len(c.All) {
		return nil
	}
	holds := make([]bool, len(c.All))
	for _, i := range c.Holds {
		holds[i] = true
	}
	said := make([]bool, len(c.All))
	var out []string
	for _, i := range c.Holds {
		if said[i] {
			continue
		}
		one := c.general(i, holds)
		for j := range c.All {
			said[j] = said[j] || one.in(c.All[j])
		}
		out = append(out, one.String())
	}
	return out
}

// general leaves out of a case what makes no difference: without it there is no case but
// those that hold.
func (c *Cases) general(i int, holds []bool) Case {
	one := slices.Clone(c.All[i])
	for k := len(one) - 1; k >= 0; k-- {
		less := slices.Delete(slices.Clone(one), k, k+1)
		if !slices.ContainsFunc(holdsNot(c.All, holds), less.admits) {
			one = less
		}
	}
	return one
}

func holdsNot(all []Case, holds []bool) []Case {
	var out []Case
	for i, one := range all {
		if !holds[i] {
			out = append(out, one)
		}
	}
	return out
}

// admits reports whether two cases do not exclude each other.
func (one Case) admits(other Case) bool {
	for _, a := range one {
		for _, b := range other {
			if a.About == b.About && a.Words != b.Words {
				return false
			}
		}
	}
	return true
}

// String joins the words of the assumptions.
func (one Case) String() string {
	words := make([]string, len(one))
	for i, a := range one {
		words[i] = a.Words
	}
	return strings.Join(words, ", ")
}
