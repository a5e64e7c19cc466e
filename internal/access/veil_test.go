package access_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestAmbiguous: a symbol is ambiguous where what stands behind a wildcard is in its letters.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string][]string{
		"arn:aws:s3:::*data*":   {"(Data)", "(data~2)"},
		"arn:aws:s3:::data*":    nil, // begins so
		"arn:aws:s3:::*":        nil,
		"arn:aws:s3:::?at?":     {"(Data)", "(data~2)", "(Logs.Arn)"},
		"arn:aws:s3:::x-???":    {"(Data)", "(data~2)", "(Logs.Arn)"}, // counts letters
		"arn:aws:s3:::*-logs/*": nil,
		"arn:aws:s3:::data":     nil,
		"arn:aws:s3:::*logs*":   {"(Logs.Arn)"},
	} {
		docs := mustParse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"`+resource+`"}}`, policy.Identity, false)
		if d := cmp.Diff(want, access.Ambiguous([]string{"(Data)", "(data~2)", "(Logs.Arn)", "(Data)"}, append(docs, nil))); d != "" {
			t.Errorf("%s (-want +got):\n%s", resource, d)
		}
	}
}

// TestSymbols: a wildcard matches what stands for a value that is not known as a whole, or
// not at all.
func TestSymbols(t *testing.T) {
	t.Parallel()
	const (
		symbol = "arn:aws:s3:::(data)"
		within = "arn:aws:s3:::*data*"
		all    = "arn:aws:s3:::*"
	)
	allow := func(resources ...string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":["` + strings.Join(resources, `","`) + `"]}`
	}
	deny := func(resource string) string {
		return `,{"Effect":"Deny","Action":"s3:GetObject","Resource":"` + resource + `"}`
	}
	team := func(operator, value string) string {
		return strings.TrimSuffix(allow("*"), "}") + `,"Condition":{"` + operator + `":{"aws:PrincipalTag/team":"` + value + `"}}}`
	}
	document := func(statements string) []*policy.Document {
		return mustParse(t, `{"Version":"2012-10-17","Statement":[`+statements+`]}`, policy.Identity, false)
	}
	for _, c := range []struct {
		name, before, after string
		want                access.Verdict
	}{
		{"by its letters", allow(within), allow(within, symbol), access.Fail},
		{"as a whole", allow(all), allow(symbol), access.Pass},
		{"behind what is known", allow("arn:aws:s3:::*-logs"), allow(symbol + "-logs"), access.Pass},
		{"itself", allow(symbol), allow(symbol), access.Pass},
		{"denied by its letters", allow("arn:aws:s3:::x") + deny(within), allow("arn:aws:s3:::x", symbol) + deny(within), access.Fail},
		{"denied by its letters no more", allow(symbol) + deny(within), allow(symbol), access.Fail},
		{"denied as a whole", allow("arn:aws:s3:::x") + deny(all), allow("arn:aws:s3:::x", symbol) + deny(all), access.Pass},
		{"a condition by its letters", team("StringLike", "*data*"), team("StringLike", "(data)"), access.Fail},
		{"by the number of its letters", allow("arn:aws:s3:::??????"), allow("arn:aws:s3:::??????", symbol), access.Fail},
		{"by more than one letter", allow("arn:aws:s3:::????*"), allow("arn:aws:s3:::????*", symbol), access.Fail},
		{"denied by the number of its letters", allow(symbol) + deny("arn:aws:s3:::??????"), allow(symbol), access.Fail},
		{"by its last letter", allow("arn:aws:s3:::*)"), allow("arn:aws:s3:::*)", symbol), access.Fail},
		{"denied by its last letter no more", allow(symbol) + deny("arn:aws:s3:::*)"), allow(symbol), access.Fail},
		{"by two letters and more", allow("arn:aws:s3:::??*"), allow("arn:aws:s3:::??*", symbol), access.Fail},
		{"a letter behind what is known", allow("arn:aws:s3:::*?-logs"), allow(symbol + "-logs"), access.Pass},
		{"a condition by the number of its letters", team("StringLike", "??????"), team("StringLike", "(data)"), access.Fail},
		{"a condition itself", team("StringLike", "(data)"), team("StringEquals", "(data)"), access.Pass},
	} {
		for _, explain := range []bool{false, true} {
			o := access.Options{Symbols: []string{"(data)"}, Explain: explain}
			got := access.NoNewAccess(document(c.before), document(c.after), o)
			if got.Verdict != c.want {
				t.Errorf("%s: %v, want %v", c.name, got.Verdict, c.want)
			}
			for _, g := range got.Gains {
				text := g.Witness.Resource + g.Words() + strings.Join(slices.Concat(g.Resources, g.Conditions), " ")
				for _, list := range g.Witness.Context {
					text += strings.Join(list, " ")
				}
				if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Co, r) }) {
					t.Errorf("%s: told as %q", c.name, text)
				}
			}
		}
	}
	if got := access.NoNewAccess(document(allow("arn:aws:s3:::(a)(b)")), document(allow("arn:aws:s3:::(c)")), access.Options{Symbols: []string{"(a)", "(b)", "(c)"}}); got.Verdict != access.Fail {
		t.Errorf("another one: %v", got.Verdict)
	}
	lost := func(before, after string) access.Verdict {
		return access.LostDenial(document(allow("*")+deny(before)), document(allow("*")+deny(after)), access.Options{Symbols: []string{"(data)"}}).Verdict
	}
	if got := lost(symbol, within); got != access.Fail {
		t.Errorf("a Deny of a symbol that another one has by its letters: %v", got)
	}
	if got := lost(symbol, all); got != access.Pass {
		t.Errorf("a Deny of a symbol that another one has as a whole: %v", got)
	}
}

// TestSymbolsBesideOthers: what both answers give is given once, in order.
func TestSymbolsBesideOthers(t *testing.T) {
	t.Parallel()
	statement := func(resource string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::` + resource + `"}`
	}
	document := func(resources ...string) []*policy.Document {
		var list []string
		for _, r := range resources {
			list = append(list, statement(r))
		}
		return mustParse(t, `{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`, policy.Identity, false)
	}
	got := access.NoNewAccess(document("*data*"), document("(data)", "a", "*data*", "b"), access.Options{Symbols: []string{"(data)"}, Explain: true})
	var at []int
	for _, g := range got.Gains {
		at = append(at, g.Statement)
	}
	if !slices.Equal(at, []int{0, 1, 3}) || got.Gains[0].Witness.Resource != "arn:aws:s3:::(data)" || got.Gains[0].Words() == "" {
		t.Errorf("%v: %+v", at, got.Gains)
	}
}
