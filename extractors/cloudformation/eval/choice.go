package eval

import (
	"fmt"
	"slices"
	"strings"
)

// Choice is what is assumed of a value that is not given: that it is Value, or, where
// Value is nil, that it is none of Not.
type Choice struct {
	Value *string
	Not   []string
	// Default: no value is given, so that each side has the default of its own template.
	// Value and Not are then about a side that has none.
	Default bool
	// Beyond: the value is a list with elements that a side with AllowedValues lacks.
	Beyond bool
}

// Choices are what is assumed, by name: a parameter, a pseudo parameter such as
// AWS::Region, or a comparison. Both sides of a change are evaluated under the same.
type Choices struct {
	at    map[string]Choice
	order []string
	// Coarse stops asking for the value of parameters that only appear in texts.
	Coarse bool
}

// NewChoices assumes nothing.
func NewChoices() *Choices { return &Choices{at: map[string]Choice{}} }

func (c *Choices) with(name string, one Choice) *Choices {
	out := &Choices{at: make(map[string]Choice, len(c.at)+1), order: slices.Clone(c.order), Coarse: c.Coarse}
	for k, v := range c.at {
		out.at[k] = v
	}
	if _, there := out.at[name]; !there {
		out.order = append(out.order, name)
	}
	out.at[name] = one
	return out
}

// Assumption is one choice in words: Name tells what it is about.
type Assumption struct{ Name, Words string }

// Assumptions says what is assumed, by name, as in "Env is prod".
func (c *Choices) Assumptions() []Assumption {
	var out []Assumption
	for _, name := range slices.Sorted(slices.Values(c.order)) {
		one := c.at[name]
		what := strings.TrimPrefix(name, comparison)
		say := func(words string) { out = append(out, Assumption{name, words}) }
		switch {
		case one.Default && one.Value != nil && *one.Value == "":
			say(what + " was empty and is left at its default")
		case one.Default && one.Value != nil:
			say(fmt.Sprintf("%s was %s and is left at its default", what, shown(*one.Value)))
		case one.Default:
			say(what + " is left at its default")
		case strings.HasPrefix(name, comparison) && *one.Value == "true":
			say(what)
		case strings.HasPrefix(name, comparison):
			say("not " + what)
		case one.Value != nil && *one.Value == "":
			say(what + " is empty")
		case one.Value != nil:
			say(fmt.Sprintf("%s is %s", what, shown(*one.Value)))
		default:
			var not []string
			for _, v := range one.Not {
				if v == "" {
					v = "empty"
				}
				not = append(not, shown(v))
			}
			slices.Sort(not)
			if len(not) > 3 {
				not = append(not[:3], "another that is named")
			}
			say(fmt.Sprintf("%s is not %s", what, strings.Join(not, " or ")))
		}
	}
	return out
}

// comparison begins the names of choices about comparisons.
const comparison = "=\x00"

func shown(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// Need is a choice that evaluation could not go on without.
type Need struct {
	Name    string
	Options []Choice
}

// text makes the choice of a value.
func text(s string) Choice { return Choice{Value: &s} }

// Explore runs an evaluation for every consistent set of choices that it asks for, the
// likeliest first: run evaluates under the choices and returns what it needs besides, or
// nil. It returns the complete sets, at most limit, and whether they are all.
func Explore(start *Choices, limit int, run func(*Choices) *Need) (sets []*Choices, all bool) {
	open := []*Choices{start}
	for runs := 0; len(open) > 0; runs++ {
		if len(sets) >= limit || runs > limit*16 {
			return sets, false
		}
		c := open[len(open)-1]
		open = open[:len(open)-1]
		need := run(c)
		if need == nil {
			sets = append(sets, c)
			continue
		}
		for i := len(need.Options) - 1; i >= 0; i-- {
			open = append(open, c.with(need.Name, need.Options[i]))
		}
		if len(open) > limit*16 {
			return sets, false
		}
	}
	return sets, true
}
