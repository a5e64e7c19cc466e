package policy_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/policy"
)

var (
	anySequence = policy.Piece{Kind: policy.AnySequence}
	anyChar     = policy.Piece{Kind: policy.AnyChar}
)

func lit(s string) policy.Piece { return policy.Piece{Kind: policy.Literal, Text: s} }

func variable(key string, fallback ...string) policy.Piece {
	p := policy.Piece{Kind: policy.Variable, Key: key}
	if len(fallback) > 0 {
		p.Default = &fallback[0]
	}
	return p
}

func TestParsePattern(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                 string
		text                 string
		variables, wildcards bool
		want                 policy.Pattern
	}{
		{"empty", "", true, true, nil},
		{"literal", "a:b/c", true, true, policy.Pattern{lit("a:b/c")}},
		{"wildcards", "a*?b", true, true, policy.Pattern{lit("a"), anySequence, anyChar, lit("b")}},
		{"runs of stars", "***a**", true, true, policy.Pattern{anySequence, lit("a"), anySequence}},
		{"runs of marks", "??", true, true, policy.Pattern{anyChar, anyChar}},
		{"no wildcards", "a*?", true, false, policy.Pattern{lit("a*?")}},
		{"variable", "x${aws:UserName}y", true, true, policy.Pattern{lit("x"), variable("aws:username"), lit("y")}},
		{"variable alone", "${aws:username}", true, false, policy.Pattern{variable("aws:username")}},
		{"variables in a row", "${a:b}${c:d}", true, true, policy.Pattern{variable("a:b"), variable("c:d")}},
		{"default", "${aws:PrincipalTag/Team, 'a b}*'}-x", true, true, policy.Pattern{variable("aws:principaltag/team", "a b}*"), lit("-x")}},
		{"empty default", "${a:b, ''}", true, true, policy.Pattern{variable("a:b", "")}},
		{"escapes", "a${*}${?}${$}b*", true, true, policy.Pattern{lit("a*?$b"), anySequence}},
		{"dollar", "a$b$", true, true, policy.Pattern{lit("a$b$")}},
		{"dollars before a variable", "$${a:b}", true, true, policy.Pattern{lit("$"), variable("a:b")}},
		{"no variables", "${aws:*}", false, true, policy.Pattern{lit("${aws:"), anySequence, lit("}")}},
		{"escape without variables", "${*}", false, true, policy.Pattern{lit("${"), anySequence, lit("}")}},
		{"open brace without variables", "${", false, false, policy.Pattern{lit("${")}},
		{"beyond ASCII", "é*ü", true, true, policy.Pattern{lit("é"), anySequence, lit("ü")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := policy.ParsePattern(tt.text, tt.variables, tt.wildcards)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("pattern (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePatternErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, code string
		offset     int
	}{
		{"a${aws:b", "MISSING_BRACE_IN_VARIABLE", 1},
		{"${", "MISSING_BRACE_IN_VARIABLE", 0},
		{"${a:${b:c}}", "MISSING_BRACE_IN_VARIABLE", 0},
		{"${*", "MISSING_BRACE_IN_VARIABLE", 0},
		{"${a:b, 'c'", "MISSING_BRACE_IN_VARIABLE", 10},
		{"${a:b, 'c' }", "MISSING_BRACE_IN_VARIABLE", 10},
		{"${a:b, 'c}", "MISSING_QUOTE_IN_VARIABLE", 8},
		{"${a:b, c}", "MISSING_QUOTE_IN_VARIABLE", 5},
		{"${a:b,'c'}", "MISSING_QUOTE_IN_VARIABLE", 5},
		{"${'c'}", "MISSING_QUOTE_IN_VARIABLE", 2},
		{"${a:b'}", "MISSING_QUOTE_IN_VARIABLE", 5},
		{"xx${}", "EMPTY_VARIABLE", 2},
		{"${, 'c'}", "EMPTY_VARIABLE", 0},
		{"${ a:b}", "UNSUPPORTED_SPACE_IN_VARIABLE", 2},
		{"${a:b }", "UNSUPPORTED_SPACE_IN_VARIABLE", 5},
		{"${ }", "UNSUPPORTED_SPACE_IN_VARIABLE", 2},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			p, err := policy.ParsePattern(tt.text, true, true)
			var pe *policy.PatternError
			if !errors.As(err, &pe) || p != nil {
				t.Fatalf("got %v, %v", p, err)
			}
			if pe.Code != tt.code || pe.Offset != tt.offset || pe.Error() == "" {
				t.Errorf("got %s at %d, want %s at %d", pe.Code, pe.Offset, tt.code, tt.offset)
			}
		})
	}
}

func TestPatternString(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a*?b":               "a*?b",
		"${A:B}":             "${a:b}",
		"${a:b, 'X'}**":      "${a:b, 'X'}*",
		"${*}${?}${$}{x} $x": "${*}${?}${$}{x} $x",
		"$${a:b}":            "$${a:b}",
		"é$":                 "é$",
	} {
		p, err := policy.ParsePattern(text, true, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPatternQueries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text            string
		variables, star bool
	}{
		{"", false, false},
		{"a", false, false},
		{"**", false, true},
		{"?", false, false},
		{"a${b:c}", true, false},
		{"${*}", false, false},
	}
	for _, tt := range tests {
		p, err := policy.ParsePattern(tt.text, true, true)
		if err != nil {
			t.Fatal(err)
		}
		if p.HasVariables() != tt.variables || p.IsStar() != tt.star {
			t.Errorf("%q: got %v, %v", tt.text, p.HasVariables(), p.IsStar())
		}
	}
}
