package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestLater holds a document that is read later to what Parse says of the text.
func TestLater(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":[],"Resource":"é","Principal":"*"}}`,
		`{"Statement":[]}`, `{"Statement":`, ``, ` `, "\ufeff{}", "\xff", `[]`,
	} {
		want, wantDs := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		got := policy.Later(text, policy.Identity)
		for range 2 { // whoever asks again hears the same
			ds := got.Read()
			if diff := cmp.Diff(wantDs, ds); diff != "" {
				t.Errorf("%q: remarks (-want +got):\n%s", text, diff)
			}
			if diff := cmp.Diff(want, got, cmp.Transformer("range", policy.Place.Range)); diff != "" {
				t.Errorf("%q: document (-want +got):\n%s", text, diff)
			}
		}
		if ds := want.Read(); ds != nil {
			t.Errorf("%q: a document that was read has remarks: %v", text, ds)
		}
	}
}
