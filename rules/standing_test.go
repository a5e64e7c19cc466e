package rules

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestThing: what a resource shares that is no policy is named, and is not every resource.
func TestThing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		does     string
		subject  extractors.Subject
		arn      string
		want     string
		resource string
	}{
		{"lets principals connect to a service", extractors.Subject{Kind: "endpoint-service", Address: "Service"}, "", "endpoint service Service", "*"},
		{"shares a snapshot", extractors.Subject{Kind: "snapshot", Address: "s", Name: "arn:aws:rds:us-east-1:111122223333:snapshot:x/daily"}, "arn:aws:rds:us-east-1:111122223333:snapshot:daily", "snapshot daily", "arn:aws:rds:us-east-1:111122223333:snapshot:daily"},
		{"shares the images it makes", extractors.Subject{Kind: "images", Address: "Distribution"}, "", "the images of Distribution", "*"},
		{"makes another account the administrator", extractors.Subject{Kind: "account", Address: "admin"}, "", "every resource of the account", "*"},
		{"", extractors.Subject{Kind: "key", Address: "Key"}, "", "", "arn:aws:ec2:us-east-1:111122223333:vpc/example"},
	}
	for _, tt := range tests {
		g := &extractors.Grant{Kind: extractors.Resource, Does: tt.does, Subject: tt.subject, ARN: tt.arn}
		f := Found{Finding: Finding{
			Gained:  &Gained{Actions: []string{"ec2:CreateVpcEndpoint"}, Resources: []string{"*"}, Principals: []string{"Service: appflow.amazonaws.com"}, Description: "ec2:CreateVpcEndpoint on every resource for all"},
			Witness: &policy.Request{Resource: "arn:aws:ec2:us-east-1:111122223333:vpc/example"},
		}}
		f.tellThing(g)
		if f.Gained.Thing != tt.want || f.Witness.Resource != tt.resource {
			t.Errorf("%s: %q, %s", tt.does, f.Gained.Thing, f.Witness.Resource)
		}
		s := &policy.Statement{Resource: &policy.Values{List: []policy.Value{{Text: "*"}}}}
		on, words := tt.want, "ec2:CreateVpcEndpoint on "+tt.want+" for all"
		if on == "" {
			on, words = "every resource that the policy is attached to", "ec2:CreateVpcEndpoint on every resource for all"
		}
		message, _ := gainMessage(g, s, f.Gained, false)
		if want := "service appflow.amazonaws.com can now use ec2:CreateVpcEndpoint on " + on + "."; message != want || f.Gained.Description != words {
			t.Errorf("%s, %s", message, f.Gained.Description)
		}
	}
}
