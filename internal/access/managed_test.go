package access_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestManagedPolicies compares policies that AWS manages with themselves less their
// last statement, in both directions. Most of them use variables somewhere.
func TestManagedPolicies(t *testing.T) {
	text, err := os.ReadFile(shared(t, "data/managed_policies.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	tally := map[string]int{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			if _, ok := v["Statement"]; !ok {
				for _, x := range v {
					walk(x)
				}
				return
			}
			raw, _ := json.Marshal(v)
			full := parsable(raw, policy.Identity)
			if full == nil || len(full[0].Statements) == 0 {
				tally["not read"]++
				return
			}
			fewer := *full[0]
			fewer.Statements = fewer.Statements[:len(fewer.Statements)-1]
			for name, got := range map[string]access.Result{
				"itself": access.NoNewAccess(full, full, access.Options{}),
				"less":   access.NoNewAccess(full, []*policy.Document{&fewer}, access.Options{}),
				"more":   access.NoNewAccess([]*policy.Document{&fewer}, full, access.Options{}),
			} {
				tally[name+" "+got.Verdict.String()]++
				if got.Verdict == access.Undetermined {
					t.Logf("%s: %s", name, got.Reason)
				}
				if name == "itself" && got.Verdict == access.Fail {
					t.Errorf("exceeds itself: %s", raw)
				}
			}
		}
	}
	walk(all)
	t.Log(tally)
}
