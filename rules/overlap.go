package rules

import "strings"

// element is one part of a pattern over names: a character, any character, or any run of
// characters but some.
type element struct {
	char byte // 0: any character
	run  bool // any run
	not  string
}

// patternOf takes the pattern of a policy apart. Variables and escapes are any run, and
// a wildcard may cross colons, so that it is never read too narrowly.
func patternOf(text string) []element {
	text = strings.ToLower(text)
	var out []element
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '*':
			out = append(out, element{run: true})
		case text[i] == '?':
			out = append(out, element{})
		case strings.HasPrefix(text[i:], "${"):
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return append(out, element{run: true})
			}
			out = append(out, element{run: true})
			i += end
		default:
			out = append(out, element{char: text[i]})
		}
	}
	return out
}

// shapeOf takes an ARN of the catalogue apart, in which placeholders stand for what a
// resource is called: ${Partition}, ${Region} and ${Account} hold no colon, and the name
// of a bucket no slash.
func shapeOf(arn string) []element {
	arn = strings.ToLower(arn)
	var out []element
	for i := 0; i < len(arn); i++ {
		switch {
		case strings.HasPrefix(arn[i:], "${"):
			end := strings.IndexByte(arn[i:], '}')
			if end < 0 {
				return append(out, element{run: true})
			}
			not := ""
			switch arn[i+2 : i+end] {
			case "partition", "region", "account":
				not = ":"
			case "bucketname":
				not = "/:"
			}
			out = append(out, element{run: true, not: not})
			i += end
		case arn[i] == '*':
			out = append(out, element{run: true})
		default:
			out = append(out, element{char: arn[i]})
		}
	}
	return out
}

// overlap reports whether some text matches both patterns, and takes the steps that it
// needed from work. Without any left it reports true.
func overlap(a, b []element, work *int) bool {
	if *work -= (len(a) + 1) * (len(b) + 1); *work < 0 {
		return true
	}
	// reach[j] tells whether the rest of a from i on and of b from j on overlap.
	next, reach := make([]bool, len(b)+1), make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			reach[j] = step(a, b, i, j, next, reach)
		}
		next, reach = reach, next
	}
	return next[0]
}

// step decides one pair of places from those behind it: next is the row of i+1, and
// reach, behind j, that of i.
func step(a, b []element, i, j int, next, reach []bool) bool {
	switch {
	case i == len(a) && j == len(b):
		return true
	case i == len(a):
		return b[j].run && reach[j+1]
	case j == len(b):
		return a[i].run && next[j]
	case a[i].run && b[j].run:
		return next[j] || reach[j+1]
	case a[i].run:
		return next[j] || a[i].takes(b[j]) && reach[j+1]
	case b[j].run:
		return reach[j+1] || b[j].takes(a[i]) && next[j]
	}
	return (a[i].char == b[j].char || a[i].char == 0 || b[j].char == 0) && next[j+1]
}

// takes reports whether a run can hold a character.
func (e element) takes(c element) bool { return c.char == 0 || strings.IndexByte(e.not, c.char) < 0 }
