package access

import (
	"fmt"
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestValuesInOtherCases: values of other keys are tried in other cases where a comparison
// ignores case, and do not take the places of other values where none does.
func TestValuesInOtherCases(t *testing.T) {
	for _, tt := range []struct {
		operator     string
		other, named bool // whether they are tried
	}{
		{"StringEquals", false, true},
		{"StringLike", false, true},
		{"StringEqualsIgnoreCase", true, false},
		{"StringNotEqualsIgnoreCase", true, false},
	} {
		text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::x/${k:a}","Condition":{%q:{"k:b":"${k:a}"}}}}`, tt.operator)
		d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		p := &problem{}
		p.ground = &ground{b: &budget{DefaultWork}, docs: []*policy.Document{d}, patterns: patterns{}}
		p.env = environment{"k:a": {unknown: true}}
		for i := range 20 {
			p.env[fmt.Sprintf("k:b%02d", i)] = value{literal: fmt.Sprintf("Name%02d", i)}
		}
		near := newPlaces(p.docs)
		near.add(place{})
		values := p.valuesFor("k:a", 0, nil, near, allTries)
		other := slices.Contains(values, "NAME00") && slices.Contains(values, "name00")
		if named := slices.Contains(values, "x/"); other != tt.other || named != tt.named || !slices.Contains(values, "Name00") {
			t.Errorf("%s: in other cases %t, want %t; of the resource %t, want %t: %q", tt.operator, other, tt.other, named, tt.named, values)
		}
	}
}
