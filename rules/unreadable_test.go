package rules_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// TestUnknownEndpoint: what a VPC endpoint lets through that is there already may become
// more, and that of a new one cannot be more than without a policy.
func TestUnknownEndpoint(t *testing.T) {
	t.Parallel()
	for _, isNew := range []bool{false, true} {
		g := extractors.Grant{
			Address: "aws_vpc_endpoint.a", Attribute: "policy", Kind: extractors.Endpoint, Action: extractors.Update,
			Subject: extractors.Subject{Kind: "vpc-endpoint", Name: "a", New: isNew},
			Before:  extractors.Side{Absent: true}, After: extractors.Side{Unknown: &extractors.Unknown{Reason: "Not known."}},
		}
		if isNew {
			g.Action = extractors.Create
		}
		var got []string
		for _, f := range rules.Run(&g, rules.Options{}) {
			got = append(got, f.Rule)
		}
		if want := !isNew; (len(got) > 0) != want {
			t.Errorf("new %v: got %v", isNew, got)
		}
	}
}
