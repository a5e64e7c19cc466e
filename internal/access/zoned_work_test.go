package access_test

import (
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
