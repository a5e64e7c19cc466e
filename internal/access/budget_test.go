package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// repeat joins n texts made by f.
func repeat(n int, f func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = f(i)
	}
	return strings.Join(parts, ",")
}

// TestHostilePolicies gives the engine pairs that take much work each in another
// place. All have to end, with whatever verdict the budget allows; a pass only
// where it is the truth.
func TestHostilePolicies(t *testing.T) {
	statements := func(effect, element, format string) func(n int) string {
		return func(n int) string {
			return wrap(repeat(n, func(i int) string {
				return fmt.Sprintf(`{"Effect":%q,"Action":"*",%q:"arn:aws:s3:::`+format+`"}`, effect, element, i)
			}))
		}
	}
	values := func(op, format string) func(n int) string {
		return func(n int) string {
			return wrap(on(`"` + op + `":{"k:t":[` + repeat(n, func(i int) string { return fmt.Sprintf(format, i) }) + `]}`))
		}
	}
	all := func(int) string { return wrap(everything) }
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after func(n int) string
		n             int
		pass          bool // PASS would be right
	}{
		{"statements and denials", policy.Identity, statements("Deny", "Resource", "*a%d*"), statements("Allow", "Resource", "%d*"), 3000, false},
		{"equal statements", policy.Identity, statements("Allow", "Resource", "*a%d*"), statements("Allow", "Resource", "*a%d*"), 2000, true},
		{"many not resources", policy.Identity, all, func(n int) string {
			return strings.TrimSuffix(statements("Deny", "NotResource", "*a%d*")(n), "]}") + "," + everything + "]}"
		}, 2000, true},
		{"gains", policy.Identity, values("StringEquals", `"%d"`), statements("Allow", "Resource", "%d"), 2000, false},
		{"numbers", policy.Identity, values("NumericEquals", `%d`), values("NumericNotEquals", `%d`), 30000, false},
		{"addresses", policy.Identity, values("IpAddress", `"2001:db8:%x::/48"`), values("NotIpAddress", `"2001:db9:%x::/48"`), 30000, false},
		{"texts", policy.Identity, values("StringLike", `"*x%dy*"`), values("StringLike", `"*y%dx*"`), 20000, false},
		{"long pattern", policy.Identity, func(n int) string { return wrap(res("arn:aws:s3:::" + strings.Repeat("a?*", n))) },
			func(n int) string { return wrap(res("arn:aws:s3:::" + strings.Repeat("a*?", n))) }, 100000, true},
		{"many characters", policy.Identity, func(n int) string { return wrap(res("arn:aws:s3:::*" + runes(n) + "*")) },
			func(n int) string { return wrap(res("arn:aws:s3:::?" + runes(n) + "*")) }, 40000, true},
		{"principals", policy.Resource, func(n int) string {
			return wrap(who("Allow", "Principal", `{"AWS":[`+repeat(n, func(i int) string { return fmt.Sprintf(`"%012d","arn:aws:iam::%012d:role/r"`, i, i) })+`]}`))
		}, func(int) string { return wrap(anyone) }, 8000, false},
		{"action patterns", policy.Identity, func(int) string { return wrap(on(`"Null":{"k:t":"true"}`)) }, func(n int) string {
			return wrap(`{"Effect":"Allow","Resource":"*","Action":[` + repeat(n, func(i int) string { return fmt.Sprintf(`"*:*%d*"`, i) }) + `]}`)
		}, 20000, false},
		{"variables and readings", policy.Identity, func(n int) string {
			return wrap(repeat(n, func(i int) string { return res(fmt.Sprintf("arn:aws:s*:${k:a}${k:b}${k:c}%d", i)) }) + "," +
				on(`"ArnLike":{"k:t":"*"},"ForAnyValue:StringLikeIfExists":{"k:u":"a"},"StringEquals":{"k:v":[]}`))
		}, func(n int) string {
			return wrap(repeat(n, func(i int) string { return res(fmt.Sprintf("arn:aws:s*:${k:d}${k:e}${k:f}%d", i)) }))
		}, 1000, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, o := tt.n/2, access.Options{Work: access.DefaultWork / 2}
			if testing.Short() {
				n, o.Work = n/10, 1_000_000
			}
			old, now := mustParse(t, tt.before(n), tt.kind, false), mustParse(t, tt.after(n), tt.kind, false)
			if got := access.NoNewAccess(old, now, o); got.Verdict == access.Pass && !tt.pass {
				t.Errorf("got %v", got.Verdict)
			} else {
				t.Log(got.Verdict, got.Reason, len(got.Gains))
			}
		})
	}
}

// runes is a text of n different characters.
func runes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4e00 + i%0x5000))
		if i >= 0x5000 {
			b.WriteRune(rune(0x20000 + i))
		}
	}
	return b.String()
}
