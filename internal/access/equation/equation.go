// Package equation decides whether equations between texts that are not known have a
// solution: word equations, with a regular language for each unknown.
//
// An equation is taken apart from its ends (Levi's lemma, Nielsen transformations): one
// unknown begins with what stands across from it, or the other way round, or is empty.
// Each step makes what is left shorter, so that a solution, if there is one, is met among
// the systems that steps lead to. Where these are all seen, and none is solved, there is none.
package equation

import "slices"

// A Symbol is a character, or an unknown text.
type Symbol int32

// Char is the symbol of a character.
func Char(r rune) Symbol { return Symbol(r) }

// Unknown is the symbol of unknown number n, from 0 on.
func Unknown(n int) Symbol { return Symbol(^n) }

// unknown is the number of an unknown; false for a character.
func (s Symbol) unknown() (int, bool) { return int(^s), s < 0 }

// A Word is a text with unknown parts.
type Word []Symbol

// An Equation says that two words are the same text.
type Equation struct{ Left, Right Word }

// A Language is a set of texts, as a deterministic automaton that reads the characters of
// the system's alphabet.
type Language interface {
	// Start is the state before the first character; Dead where the set is empty.
	Start() int32
	// Next is the state behind one more character; Dead where no text of the set begins so.
	Next(state int32, r rune) int32
	// Ends reports whether a text of the set may end in a state.
	Ends(state int32) bool
}

// Dead is the state from which no text is reached.
const Dead int32 = -1

// An Element is a part of a pattern: a symbol, one character, or a run of characters.
type Element struct {
	Kind   Kind
	Symbol Symbol // of an exact one
	// Class limits the characters that it takes, also those of an unknown: an index of
	// System.Classes, from 1 on. 0 does not.
	Class int
}

// A Kind tells what an element takes.
type Kind uint8

// The kinds of elements.
const (
	Exact Kind = iota // the symbol
	One               // one character
	Run               // any number of characters
)

// An Exclusion says that a pattern does not match a word.
type Exclusion struct {
	Word    Word
	Pattern []Element
}

// A System asks for texts that meet all of its equations, languages and exclusions.
type System struct {
	// Alphabet has one of the characters that nothing tells apart, and all others that the words,
	// the languages or the classes name. The first Free ones stand for others.
	Alphabet []rune
	Free     int
	// Languages hold the texts of the unknowns, by their number; none: any text.
	Languages  [][]Language
	Equations  []Equation
	Lengths    []Equation // words that are as long as each other
	Exclusions []Exclusion
	Classes    []func(rune) bool // of Element.Class, less one
}

// Answer tells whether a system has a solution.
type Answer uint8

// The answers. Solvable looks at exclusions only where they are broken whatever the unknowns
// are, and at lengths as far as whole systems of them cannot be.
const (
	Unsolvable Answer = iota
	Solvable
	Open // the bounds did not allow to see all
)

// Bounds on a search, beyond which the answer is open.
const (
	maxSystems = 3000 // looked at
	maxTuples  = 2000 // states of a product of languages
	maxSplits  = 64   // ways to part one unknown
	maxWord    = 2000 // symbols of all equations
	maxPeriod  = 64   // characters of what unknowns repeat
	maxPeriods = 100  // different ones
	// maxExcluded bounds the symbols of a word times those of a pattern that is not to match it.
	maxExcluded = 20_000
)

// Solve decides the system. spend counts the work, and reports whether it may go on. The texts
// of a solution are by the number of the unknown; the second ones are not empty where they
// can be longer.
func (s *System) Solve(spend func(steps int) bool) (texts [][]string, a Answer) {
	v := newSolver(s, spend)
	found, a := v.search()
	if a == Solvable {
		texts = [][]string{v.texts(found, false), v.texts(found, true)}
	}
	return texts, a
}

// substituted is w with a word in the place of unknown x.
func substituted(w Word, x Symbol, by Word) Word {
	if !slices.Contains(w, x) {
		return w
	}
	out := make(Word, 0, len(w)+len(by))
	for _, s := range w {
		if s == x {
			out = append(out, by...)
		} else {
			out = append(out, s)
		}
	}
	return out
}
