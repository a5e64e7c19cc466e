package access_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestManyStatements decides a pair of 10,000 statements each, reordered and each a
// little narrower or, in one, wider. What it allocates must not grow with the square.
func TestManyStatements(t *testing.T) {
	const files, each = 4, 2500
	docs := func(text func(i int) string) []*policy.Document {
		var out []*policy.Document
		for k := range files {
			out = append(out, mustParse(t, wrap(repeat(each, func(i int) string { return text(each*k + i) })), policy.Identity, false)...)
		}
		return out
	}
	statement := func(i int, action, tag string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":["s3:Get%d%s*","ec2:Run%d"],"Resource":"arn:aws:s3:::b%d/*","Condition":{"StringLike":{"aws:PrincipalTag/t%d":%q}}}`, i%97, action, i, i, i%13, tag)
	}
	before := docs(func(i int) string { return statement(i, "", "x*") })
	for want, wide := range map[access.Verdict]int{access.Pass: -1, access.Fail: 7777} {
		after := docs(func(i int) string {
			if i = files*each - 1 - i; i == wide {
				return statement(i, "", "*")
			}
			return statement(i, "x", "x?*")
		})
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		got := access.NoNewAccess(before, after, access.Options{})
		runtime.ReadMemStats(&end)
		if got.Verdict != want {
			t.Errorf("got %v %s, want %v", got.Verdict, got.Reason, want)
		}
		if n := (end.TotalAlloc - start.TotalAlloc) >> 20; n > 256 {
			t.Errorf("%v: %d MB allocated in all", want, n)
		}
	}
}
