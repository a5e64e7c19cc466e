package catalog

import "strings"

// Names of actions, services and condition keys are ASCII and compared without
// regard to case (AWS "IAM JSON policy elements: Action"). These functions fold
// ASCII letters only, so that no other character ever equals one of them.

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func equalFold(a, b string) bool { return len(a) == len(b) && compareFold(a, b) == 0 }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFold(s[:len(prefix)], prefix) == 0
}

// cut splits an action at its only colon.
func cut(action string) (service, name string, ok bool) {
	service, name, ok = strings.Cut(action, ":")
	return service, name, ok && strings.IndexByte(name, ':') < 0
}

// globFold matches s with a pattern in which * stands for any sequence of bytes
// and ? for one. It takes len(pattern)*len(s) steps at most.
func globFold(pattern string, s []byte) bool {
	p, i := 0, 0
	star, mark := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || lower(pattern[p]) == lower(s[i])):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
