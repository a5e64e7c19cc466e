package rules

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestActor: what something may do as a role is told of the role it acts as, so that for a
// bucket it does not read as its policy.
func TestActor(t *testing.T) {
	t.Parallel()
	bucket := extractors.Subject{Kind: "bucket", Name: "data"}
	hubs := []Hub{{Subject: extractors.Subject{Kind: "instance-profile", Name: "p"}}, {Subject: extractors.Subject{Kind: "role", Name: "copier"}}}
	for _, tt := range []struct {
		kind    extractors.LinkKind
		typ     string
		subject extractors.Subject
		hubs    []Hub
		want    string
	}{
		{extractors.Acts, "aws_s3_bucket_replication_configuration", bucket, hubs, "the replication of bucket data acting as role copier"},
		{extractors.Acts, "aws_lambda_function", extractors.Subject{Kind: "function", Name: "resize"}, hubs, "function resize acting as role copier"},
		{extractors.Acts, "aws_lambda_function", extractors.Subject{Kind: "function", Name: "resize"}, nil, ""},
		{extractors.Attached, "aws_iam_role_policy_attachment", extractors.Subject{Kind: "role", Name: "copier"}, hubs, ""},
	} {
		h := &Holding{Grant: &extractors.Grant{}, Via: []*extractors.Link{{Kind: tt.kind, Type: tt.typ, From: tt.subject}}, Hubs: tt.hubs}
		if got := h.actor(&Sum{Subject: tt.subject}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.typ, got, tt.want)
		}
	}
}
