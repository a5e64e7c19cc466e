package access_test

import (
	"fmt"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestWorkOfAddresses: long lists of addresses beside patterns are decided, by work that is
// near to linear in their length.
func TestWorkOfAddresses(t *testing.T) {
	lists := map[string]func(i int) string{
		"IPv4": func(i int) string {
			return fmt.Sprintf(`"%d.%d.%d.%d/%d"`, (i*37+i/256)%256, i*101%256, i*59%256, i%256, 16+i%17)
		},
		"IPv6": func(i int) string { return fmt.Sprintf(`"2001:db8:%x:%x::/%d"`, i*4099%65536, i*257%65536, 40+i%88) },
	}
	before := mustParse(t, wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`), policy.Identity, false)
	for name, list := range lists {
		for _, tt := range []struct {
			about, condition string
			want             access.Verdict
		}{
			{"no address has an x", `"IpAddress":{"k:a":[%s]},"StringLike":{"k:a":"*x*"}`, access.Pass},
			{"outside, with a group in capitals", `"IpAddress":{"k:a":"::/0"},"NotIpAddress":{"k:a":[%s]},"StringLike":{"k:a":"2001:*DB8:*"},"StringNotLike":{"k:a":"*::*"}`, access.Fail},
			{"of two digits", `"IpAddress":{"k:a":[%s]},"StringLike":{"k:a":["*.*","*:*"]},"StringNotLike":{"k:a":["*0*","*1*","*2*","*3*","*4*","*5*","*6*","*7*"]}`, access.Pass},
		} {
			steps := map[int]int{}
			for _, n := range []int{50, 250, 1000} {
				after := mustParse(t, wrap(on(fmt.Sprintf(tt.condition, repeat(n, list)))), policy.Identity, false)
				got := access.NoNewAccess(before, after, access.Options{})
				if got.Verdict != tt.want {
					t.Errorf("%s, %s, %d: %v %s, want %v", name, tt.about, n, got.Verdict, got.Reason, tt.want)
				}
				steps[n] = got.Steps
			}
			if steps[1000] > 6*steps[250]+100_000 {
				t.Errorf("%s, %s: steps %v", name, tt.about, steps)
			}
			t.Log(name, tt.about, steps)
		}
	}
}
