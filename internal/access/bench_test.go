package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

func BenchmarkNoNewAccess(b *testing.B) {
	thirty := func(extra string) string {
		return wrap(repeat(30, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":["s%d:Get*","s%d:List*"],"Resource":"arn:aws:s%d:::b/*","Condition":{"StringEquals":{"k:t":"%d"}}}`, i, i, i, i)
		}) + extra)
	}
	for _, bb := range []struct{ name, before, after string }{
		{"small", wrap(res("arn:aws:s3:::b/*")), wrap(res("arn:aws:s3:::b/x"))},
		{"thirty statements", thirty(""), thirty("")},
		{"thirty statements and one more", thirty(""), thirty("," + res("arn:aws:s3:::c"))},
		{"variables", wrap(res("arn:aws:s3:::b/${aws:username}/*")), wrap(res("arn:aws:s3:::b/${aws:username}/${aws:userid}"))},
	} {
		b.Run(bb.name, func(b *testing.B) {
			old, now := mustParse(b, bb.before, policy.Identity, false), mustParse(b, bb.after, policy.Identity, false)
			b.ReportAllocs()
			for b.Loop() {
				access.NoNewAccess(old, now, access.Options{})
			}
		})
	}
}

// BenchmarkExplain describes what one of two long policies has more than the other.
func BenchmarkExplain(b *testing.B) {
	actions := func(from, to int, format string) string {
		return repeat(to-from, func(i int) string { return fmt.Sprintf("%q", fmt.Sprintf(format, (from+i)%40, from+i)) })
	}
	one := func(list string) string {
		return wrap(`{"Effect":"Allow","Resource":"*","Action":[` + list + `]}`)
	}
	each := func(n int, resource string) string {
		return wrap(repeat(n, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s%d:Get%d*","Resource":"arn:aws:s%d:::%s%d/*"}`, i%40, i, i%40, resource, i)
		}))
	}
	for _, bb := range []struct{ name, before, after string }{
		{"small", wrap(res("arn:aws:s3:::b/*")), wrap(res("arn:aws:s3:::*"))},
		{"500 actions, 20 more", one(actions(0, 500, "s%d:Get%d")), one(actions(0, 520, "s%d:Get%d"))},
		{"500 patterns, 20 more", one(actions(0, 500, "s%d:Get%d*")), one(actions(0, 520, "s%d:Get%d*"))},
		{"500 patterns, all wider", one(actions(0, 500, "s%d:Get%d*")), one(actions(0, 500, "s%d:G*%d*"))},
		{"500 patterns, a condition less", strings.Replace(one(actions(0, 500, "s%d:Get%d*")), `"Resource"`, `"Condition":{"StringEquals":{"k:t":"a"}},"Resource"`, 1), one(actions(0, 500, "s%d:Get%d*"))},
		{"100 statements, one wider", each(100, "b"), strings.Replace(each(100, "b"), "b50/*", "b5*", 1)},
		{"100 statements under one", each(100, "b"), wrap(everything)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			old, now := mustParse(b, bb.before, policy.Identity, false), mustParse(b, bb.after, policy.Identity, false)
			b.ReportAllocs()
			for b.Loop() {
				access.NoNewAccess(old, now, access.Options{Explain: true})
			}
		})
	}
}
