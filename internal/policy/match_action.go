package policy

import (
	"slices"
	"strings"
	"unicode"
)

// action matches Action or NotAction. Service prefix and name have no case, and
// wildcards may stand in both (IAM User Guide, "IAM JSON policy elements: Action").
// NotAction is every action that the list does not match.
func (e *evaluation) action(v Values) bool {
	listed := slices.ContainsFunc(v.List, func(v Value) bool {
		if beginsOtherwise(v.Text, e.request.Action) {
			return false
		}
		if !strings.ContainsAny(v.Text, "*?") {
			return strings.EqualFold(v.Text, e.request.Action) // the folding of sameLetter
		}
		p, _ := ParsePattern(v.Text, false, true) // without variables every text is one
		return e.matches(p, e.request.Action, sameLetter)
	})
	return listed != v.Not
}

// beginsOtherwise reports whether the letters in front of the first wildcard show that a
// pattern does not match, which goes for nearly all. Beyond ASCII they show nothing.
func beginsOtherwise(pattern, text string) bool {
	for i := range min(len(pattern), len(text)) {
		p, t := rune(pattern[i]), rune(text[i])
		if p == '*' || p == '?' || p > unicode.MaxASCII || t > unicode.MaxASCII {
			return false
		}
		if unicode.ToLower(p) != unicode.ToLower(t) {
			return true
		}
	}
	return false
}
