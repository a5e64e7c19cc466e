package policy

import (
	"fmt"
	"slices"
	"strings"
)

// PatternError says why a text is not a pattern. Code is the finding code of the
// service; Offset counts bytes from the start of the text.
type PatternError struct {
	Code    string
	Message string
	Offset  int
}

// Error returns the message with the place of the trouble.
func (e *PatternError) Error() string {
	return fmt.Sprintf("%s at byte %d", e.Message, e.Offset)
}

// ParsePattern cuts text into pieces. With variables, "${key}" and
// "${key, 'default'}" are variables, and "${*}", "${?}" and "${$}" are the literal
// characters (IAM User Guide, "IAM policy elements: Variables and tags");
// otherwise "${" is literal text. With wildcards, "*" and "?" outside of variables
// match. Adjacent literals and adjacent "*" are merged. The error is a
// *PatternError; the pattern is then nil.
func ParsePattern(text string, variables, wildcards bool) (Pattern, error) {
	var b patternBuilder
	for at := 0; at < len(text); {
		switch rest := text[at:]; {
		case variables && strings.HasPrefix(rest, "${"):
			piece, size, err := parseVariable(rest)
			if err != nil {
				err.Offset += at
				return nil, err
			}
			b.add(piece)
			at += size
		case wildcards && rest[0] == '*':
			b.add(Piece{Kind: AnySequence})
			at++
		case wildcards && rest[0] == '?':
			b.add(Piece{Kind: AnyChar})
			at++
		default:
			// At least one byte, so that a "$" that opens nothing is passed over.
			n := 1 + strings.IndexAny(rest[1:], "*?$")
			if n == 0 {
				n = len(rest)
			}
			b.add(Piece{Kind: Literal, Text: rest[:n]})
			at += n
		}
	}
	return b.pattern, nil
}

type patternBuilder struct{ pattern Pattern }

func (b *patternBuilder) add(p Piece) {
	if n := len(b.pattern); n > 0 {
		last := &b.pattern[n-1]
		if last.Kind == p.Kind && p.Kind == AnySequence {
			return
		}
		if last.Kind == p.Kind && p.Kind == Literal {
			last.Text += p.Text
			return
		}
	}
	b.pattern = append(b.pattern, p)
}

// parseVariable reads the variable that s starts with and returns its size in
// bytes.
func parseVariable(s string) (Piece, int, *PatternError) {
	fail := func(code, message string, at int) (Piece, int, *PatternError) {
		return Piece{}, 0, &PatternError{Code: code, Message: message, Offset: at}
	}
	const open = len("${")
	for _, c := range []string{"*", "?", "$"} {
		if strings.HasPrefix(s[open:], c+"}") {
			return Piece{Kind: Literal, Text: c}, open + len("*}"), nil
		}
	}
	n := strings.IndexAny(s[open:], "},'${")
	if n < 0 || s[open+n] == '$' || s[open+n] == '{' {
		return fail("MISSING_BRACE_IN_VARIABLE", `expected "}" behind the policy variable that starts here`, 0)
	}
	end := open + n
	key := s[open:end]
	switch {
	case key == "" && s[end] != '\'':
		return fail("EMPTY_VARIABLE", `expected a condition key inside "${}"`, 0)
	case strings.ContainsAny(key, " \t\r\n"):
		return fail("UNSUPPORTED_SPACE_IN_VARIABLE", "expected a policy variable without spaces in its key", open+strings.IndexAny(key, " \t\r\n"))
	case s[end] == '}':
		return Piece{Kind: Variable, Key: strings.ToLower(key)}, end + 1, nil
	case !strings.HasPrefix(s[end:], ", '"):
		return fail("MISSING_QUOTE_IN_VARIABLE", `expected the default value of a policy variable as ${key, 'value'}`, end)
	}
	start := end + len(", '")
	n = strings.IndexByte(s[start:], '\'')
	if n < 0 {
		return fail("MISSING_QUOTE_IN_VARIABLE", `expected "'" behind the default value of the policy variable`, start)
	}
	end = start + n
	if !strings.HasPrefix(s[end+1:], "}") {
		return fail("MISSING_BRACE_IN_VARIABLE", `expected "}" behind the default value of the policy variable`, end+1)
	}
	text := s[start:end]
	return Piece{Kind: Variable, Key: strings.ToLower(key), Default: &text}, end + 2, nil
}

// HasVariables reports whether p refers to a context key.
func (p Pattern) HasVariables() bool {
	return slices.ContainsFunc(p, func(piece Piece) bool { return piece.Kind == Variable })
}

// IsStar reports whether p is "*" alone and so matches every text.
func (p Pattern) IsStar() bool { return len(p) == 1 && p[0].Kind == AnySequence }

// String writes p so that ParsePattern(s, true, true) reads it back: special
// characters of literals are escaped as "${*}", "${?}" and "${$}".
func (p Pattern) String() string {
	var b strings.Builder
	for _, piece := range p {
		switch piece.Kind {
		case Literal:
			b.WriteString(escapeLiteral(piece.Text))
		case AnySequence:
			b.WriteByte('*')
		case AnyChar:
			b.WriteByte('?')
		case Variable:
			b.WriteString("${" + piece.Key)
			if piece.Default != nil {
				b.WriteString(", '" + *piece.Default + "'")
			}
			b.WriteByte('}')
		}
	}
	return b.String()
}

func escapeLiteral(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*' || c == '?' || c == '$' && strings.HasPrefix(s[i:], "${"):
			b.WriteString("${" + string(rune(c)) + "}")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// fields cuts p at the colons of its literals into at most n fields; the last
// keeps its colons. A colon inside "${aws:username}" cuts nothing.
func (p Pattern) fields(n int) []Pattern {
	cut := make([]patternBuilder, 1, n)
	for _, piece := range p {
		if piece.Kind != Literal {
			cut[len(cut)-1].add(piece)
			continue
		}
		parts := strings.SplitN(piece.Text, ":", n-len(cut)+1)
		for i, text := range parts {
			if i > 0 {
				cut = append(cut, patternBuilder{})
			}
			if text != "" {
				cut[len(cut)-1].add(Piece{Kind: Literal, Text: text})
			}
		}
	}
	out := make([]Pattern, len(cut))
	for i, b := range cut {
		out[i] = b.pattern
	}
	return out
}
