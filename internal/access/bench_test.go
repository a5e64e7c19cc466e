package access_test

import (
	"fmt"
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
