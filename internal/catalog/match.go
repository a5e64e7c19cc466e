package catalog

import (
	"iter"
	"strings"
)

// Match yields the known actions that an action pattern of a policy matches, by
// service and name: * stands for any sequence of characters, ? for one, letters
// are taken without regard to case, and the whole text is matched, so that * alone
// matches every action (AWS "IAM JSON policy elements: Action"). A pattern that
// yields nothing may still give access, to actions that are not known here.
func Match(pattern string) iter.Seq[Action] {
	return func(yield func(Action) bool) {
		pattern, ok := tidy(pattern)
		if !ok {
			return
		}
		left, right, colon := cut(pattern)
		switch {
		case colon && !wild(left):
			if b := load().find(left); b != nil {
				b.parse().match(right, yield)
			}
		case colon:
			matchServices(left, right, yield)
		case strings.IndexByte(pattern, ':') < 0:
			matchWhole(pattern, yield)
		}
	}
}

// longest bounds the length of an action, so that a pattern which asks for more
// text is given up before it is tried; a test holds the data to it.
const longest = 128

// tidy joins runs of * and gives up on patterns that are too long for any action,
// which bounds the work that a hostile pattern can cause.
func tidy(pattern string) (string, bool) {
	if strings.Contains(pattern, "**") {
		var b strings.Builder
		for i := range len(pattern) {
			if pattern[i] != '*' || i == 0 || pattern[i-1] != '*' {
				b.WriteByte(pattern[i])
			}
		}
		pattern = b.String()
	}
	return pattern, len(pattern)-strings.Count(pattern, "*") <= longest
}

func wild(s string) bool { return strings.ContainsAny(s, "*?") }

// match yields the actions of a service whose name the pattern matches.
func (s *service) match(pattern string, yield func(Action) bool) bool {
	fixed := strings.IndexAny(pattern, "*?")
	if fixed < 0 {
		a, ok := s.lookup(pattern)
		return !ok || yield(a)
	}
	all := pattern == "*"
	var buf [longest]byte
	i, _ := s.search(pattern[:fixed]) // names are sorted: those with the prefix stand together
	for ; i < len(s.actions) && hasPrefixFold(s.actions[i].Name, pattern[:fixed]); i++ {
		a := s.actions[i]
		if (all || globFold(pattern, append(buf[:0], a.Name...))) && !yield(a) {
			return false
		}
	}
	return true
}

// matchServices matches a pattern whose part before the colon has wildcards. An
// action has one colon, so each part matches on its own.
func matchServices(left, right string, yield func(Action) bool) {
	var buf [longest]byte
	c := load()
	for i := range c.blocks {
		if globFold(left, append(buf[:0], c.blocks[i].name...)) && !c.blocks[i].parse().match(right, yield) {
			return
		}
	}
}

// matchWhole matches a pattern without a colon, in which a wildcard has to stand
// for it.
func matchWhole(pattern string, yield func(Action) bool) {
	if pattern == "*" {
		matchServices(pattern, pattern, yield)
		return
	}
	fixed := strings.IndexAny(pattern, "*?")
	if fixed < 0 {
		return
	}
	var buf [longest]byte
	c := load()
	for i := range c.blocks {
		head := append(append(buf[:0], c.blocks[i].name...), ':')
		if n := min(fixed, len(head)); !equalFold(string(head[:n]), pattern[:n]) {
			continue
		}
		for _, a := range c.blocks[i].parse().actions {
			if globFold(pattern, append(head, a.Name...)) && !yield(a) {
				return
			}
		}
	}
}
