package access_test

import (
	"strconv"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestWorkOfOffsets: many ways to write an offset beside many patterns end within the bound
// on work.
func TestWorkOfOffsets(t *testing.T) {
	t.Parallel()
	after := wrap(on(`"DateGreaterThan":{"k:a":"2020-01-01"},"DateLessThan":{"k:a":"2020-01-01T00:00:00.000001Z"},"StringLike":{"k:a":"*.*+*"},
		"StringNotLike":{"k:a":["*0*3*0*","*1*0*1*","*2*7*2*","*3*4*3*","*4*1*4*","*5*8*5*","*6*5*6*","*7*2*7*","*8*9*8*","*9*6*9*"]}`))
	before := wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`)
	got := access.NoNewAccess(mustParse(t, before, policy.Identity, false), mustParse(t, after, policy.Identity, false), access.Options{Work: 30_000_000})
	if got.Verdict == access.Pass || got.Steps > 31_000_000 {
		t.Errorf("%v after %d steps", got.Verdict, got.Steps)
	}
}

// TestWorkOfDatesRuledOut: many instants that a key must not be, beside patterns that leave
// it each digit of an offset and nothing else, end within the bound on work.
func TestWorkOfDatesRuledOut(t *testing.T) {
	t.Parallel()
	const time = "2020-01-01T00:00:00"
	digits := func(before, behind string) string {
		return `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotLike":{"k:a":[` +
			repeat(10, func(i int) string { return `"` + before + strconv.Itoa(i) + behind + `"` }) + `]}}}`
	}
	after := wrap(on(`"StringLike":{"k:a":"`+time+`+??:??"}`) + digits(time+"+", "?:??") + digits(time+"+?", ":??") + digits(time+"+??:", "?") + digits(time+"+??:?", ""))
	for dates, want := range map[int]access.Verdict{1: access.Fail, 20: access.Fail, 500: access.Undetermined} {
		before := wrap(on(`"DateEquals":{"k:a":[` + repeat(dates, func(i int) string { return `"` + strconv.Itoa(1577836800-60*i) + `"` }) + `]}`))
		got := access.NoNewAccess(mustParse(t, before, policy.Identity, false), mustParse(t, after, policy.Identity, false), access.Options{Work: 3_000_000})
		if got.Verdict != want || got.Steps > 3_100_000 {
			t.Errorf("%d: %v after %d steps, want %v", dates, got.Verdict, got.Steps, want)
		}
	}
}
