package access_test

import (
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Terms of SMT-LIB 2.6 are texts here. The helpers leave out what is always true or
// false, so that a solver is not asked about it.

const (
	smtTrue  = "true"
	smtFalse = "false"
)

func smtAnd(terms ...string) string { return smtJoin("and", smtTrue, smtFalse, terms) }
func smtOr(terms ...string) string  { return smtJoin("or", smtFalse, smtTrue, terms) }

// smtJoin joins terms: unit changes nothing, zero decides alone.
func smtJoin(op, unit, zero string, terms []string) string {
	var kept []string
	for _, t := range terms {
		switch t {
		case zero:
			return zero
		case unit:
		default:
			kept = append(kept, t)
		}
	}
	switch len(kept) {
	case 0:
		return unit
	case 1:
		return kept[0]
	}
	return "(" + op + " " + strings.Join(kept, " ") + ")"
}

func smtNot(t string) string {
	switch t {
	case smtTrue:
		return smtFalse
	case smtFalse:
		return smtTrue
	}
	return "(not " + t + ")"
}

func smtEqual(a, b string) string { return "(= " + a + " " + b + ")" }

// smtText writes a string literal. Other characters than those of ASCII that print
// are escaped, and the backslash, which would begin an escape.
func smtText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"':
			b.WriteString(`""`)
		case r == '\\' || r < ' ' || r > '~':
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func smtConcat(parts ...string) string {
	switch len(parts) {
	case 0:
		return `""`
	case 1:
		return parts[0]
	}
	return "(str.++ " + strings.Join(parts, " ") + ")"
}

func smtIn(s, re string) string { return "(str.in_re " + s + " " + re + ")" }

func smtReal(x *big.Rat) string {
	t := x.Num().String() + ".0"
	if x.Sign() < 0 {
		t = "(- " + new(big.Int).Neg(x.Num()).String() + ".0)"
	}
	if x.IsInt() {
		return t
	}
	return "(/ " + t + " " + x.Denom().String() + ".0)"
}

// The regular expressions of one character besides the colon, and of one that is no
// colon and no capital letter of ASCII: actions have no case and are taken in small
// letters.
const (
	smtNoColon = `(re.union (re.range "\u{0}" "9") (re.range ";" "\u{2ffff}"))`
	smtNoSlash = `(re.union (re.range "\u{0}" ".") (re.range "0" "\u{2ffff}"))`
	smtSmall   = `(re.union (re.range "\u{0}" "9") (re.range ";" "@") (re.range "[" "\u{2ffff}"))`
)

func smtLiteralRE(s string) string { return "(str.to_re " + smtText(s) + ")" }

func smtConcatRE(parts ...string) string {
	switch len(parts) {
	case 0:
		return smtLiteralRE("")
	case 1:
		return parts[0]
	}
	return "(re.++ " + strings.Join(parts, " ") + ")"
}

// smtGlobRE is the regular expression of a pattern without variables whose wildcards
// run over the given characters, "" for all.
func smtGlobRE(p policy.Pattern, over string) string {
	one, many := "re.allchar", "re.all"
	if over != "" {
		one, many = over, "(re.* "+over+")"
	}
	var parts []string
	for _, piece := range p {
		switch piece.Kind {
		case policy.AnySequence:
			parts = append(parts, many)
		case policy.AnyChar:
			parts = append(parts, one)
		case policy.Literal:
			parts = append(parts, smtLiteralRE(piece.Text))
		case policy.Variable:
			panic("a variable has no regular expression")
		}
	}
	return smtConcatRE(parts...)
}

// smtGlob is "s matches p", for a pattern without variables.
func smtGlob(s string, p policy.Pattern) string {
	switch {
	case len(p) == 0:
		return smtEqual(s, `""`)
	case p.IsStar():
		return smtTrue
	case len(p) == 1 && p[0].Kind == policy.Literal:
		return smtEqual(s, smtText(p[0].Text))
	}
	return smtIn(s, smtGlobRE(p, ""))
}

// smtFoldRE is the regular expression of a text whose letters have no case.
func smtFoldRE(s string) string {
	parts := []string{}
	for _, r := range s {
		forms := []string{smtLiteralRE(string(r))}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			forms = append(forms, smtLiteralRE(string(f)))
		}
		if len(forms) == 1 {
			parts = append(parts, forms[0])
		} else {
			parts = append(parts, "(re.union "+strings.Join(forms, " ")+")")
		}
	}
	return smtConcatRE(parts...)
}

// smtFields cuts a pattern at the colons of its literals into at most six fields.
func smtFields(p policy.Pattern) []policy.Pattern {
	fields := []policy.Pattern{{}}
	for _, piece := range p {
		if piece.Kind != policy.Literal {
			fields[len(fields)-1] = append(fields[len(fields)-1], piece)
			continue
		}
		for i, text := range strings.SplitN(piece.Text, ":", 7-len(fields)) {
			if i > 0 {
				fields = append(fields, policy.Pattern{})
			}
			if text != "" {
				fields[len(fields)-1] = append(fields[len(fields)-1], policy.Piece{Kind: policy.Literal, Text: text})
			}
		}
	}
	return fields
}

// smtARNRE is the regular expression of an ARN that is matched field by field; the
// fields that are left out are "*".
func smtARNRE(fields []policy.Pattern) string {
	var parts []string
	for i := range 6 {
		f := policy.Pattern{{Kind: policy.AnySequence}}
		if i < len(fields) {
			f = fields[i]
		}
		over := smtNoColon
		if i == 5 {
			over = ""
		}
		parts = append(parts, smtGlobRE(f, over))
		if i < 5 {
			parts = append(parts, smtLiteralRE(":"))
		}
	}
	return smtConcatRE(parts...)
}

// smtCrossingRE is the regular expression of a short ARN where a "*" at the end of a
// field runs over the colons behind it, and no other wildcard does.
func smtCrossingRE(fields []policy.Pattern) string {
	var parts []string
	for i, f := range fields {
		if i > 0 {
			parts = append(parts, smtLiteralRE(":"))
		}
		if n := len(f); n > 0 && f[n-1].Kind == policy.AnySequence {
			parts = append(parts, smtGlobRE(f[:n-1], smtNoColon), "re.all")
		} else {
			parts = append(parts, smtGlobRE(f, smtNoColon))
		}
	}
	return smtConcatRE(parts...)
}
