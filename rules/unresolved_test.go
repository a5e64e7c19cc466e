package rules

import (
	"fmt"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

const (
	openText  = "The policy text is not known before the change is applied, and there is no configuration to work it out from (give its folder with --source)."
	openWho   = "An attribute that decides who may do what is not known before the change is applied."
	byMacro   = "It is made by a macro when the stack is changed."
	policies2 = "it gets the policies %s, whose texts the input does not show"
)

// openPart is a finding about an attribute of a bucket that is not known.
func openPart(attribute, reason string, refs ...string) []Found {
	side := extractors.Side{Unknown: &extractors.Unknown{Reason: reason, References: refs}}
	g := &extractors.Grant{
		Address: "aws_s3_bucket.b", Attribute: attribute, Kind: extractors.Resource, Action: extractors.Create,
		Subject: extractors.Subject{Kind: "bucket", Address: "aws_s3_bucket.b"}, Before: extractors.Side{Absent: true}, After: side,
	}
	return Check(Pass{Grant: g}, Options{})
}

// openLink is a finding about a policy that a role gets and the input does not show.
func openLink(address, name string, minor bool) []Found {
	l := &extractors.Link{Address: address, Attribute: "managed_policy_arns", Kind: extractors.Attached, Action: extractors.Create, From: extractors.Subject{Kind: "role", Address: "aws_iam_role.r", Name: "r"}}
	return Check(Pass{Loose: &Loose{Link: l, Reason: fmt.Sprintf("It gets the policy %s, whose text the input does not show.", name), Target: name, Several: policies2, Minor: minor}}, Options{})
}

// TestUnresolvedOfOneCause: what is not known of one resource for one cause is said once;
// what accepts it is about each of the attributes, and another one is another finding.
func TestUnresolvedOfOneCause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		found [][]Found
		want  []string
	}{
		"attributes and a policy": {
			[][]Found{openPart("policy", openText, "var.a"), openPart("acl", openWho), openPart("grant", openWho)},
			[]string{"aws_s3_bucket.b (acl, grant, policy): what they allow is not known before the change is applied, and there is no configuration to work it out from (give its folder with --source); it depends on var.a."},
		},
		"attributes": {
			[][]Found{openPart("grant", openWho), openPart("acl", openWho)},
			[]string{"aws_s3_bucket.b (acl, grant): attributes that decide who may do what are not known before the change is applied."},
		},
		"the same reason": {
			[][]Found{openPart("policy", byMacro), openPart("acl", byMacro)},
			[]string{"aws_s3_bucket.b (acl, policy): it is made by a macro when the stack is changed."},
		},
		"other reasons": {
			[][]Found{openPart("policy", byMacro), openPart("acl", openWho)},
			[]string{"aws_s3_bucket.b: it is made by a macro when the stack is changed.", "aws_s3_bucket.b: an attribute that decides who may do what is not known before the change is applied."},
		},
		"policies": {
			[][]Found{openLink("aws_iam_role.r", "b", false), openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role.r", "c", false)},
			[]string{"role r: it gets the policies a, b and c, whose texts the input does not show."},
		},
		"of other resources": {
			[][]Found{openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role_policy_attachment.r", "b", false)},
			[]string{"role r: it gets the policy a, whose text the input does not show.", "role r: it gets the policy b, whose text the input does not show."},
		},
		"of another level": {
			[][]Found{openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role.r", "b", true)},
			[]string{"role r: it gets the policy a, whose text the input does not show.", "role r: it gets the policy b, whose text the input does not show."},
		},
	} {
		var all []Found
		for _, one := range c.found {
			all = append(all, one...)
		}
		accepted := append([]Found(nil), all...)
		for i := range accepted {
			accepted[i].Archived = &Archived{}
		}
		if got := MergeUnresolved(accepted); len(got) != len(c.found) {
			t.Errorf("%s: of accepted ones %d findings", name, len(got))
		}
		got := MergeUnresolved(all)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d findings, want %d", name, len(got), len(c.want))
			continue
		}
		for i, f := range got {
			if f.Message != c.want[i] {
				t.Errorf("%s: %s, want %s", name, f.Message, c.want[i])
			}
		}
	}
}

// TestUnresolvedIsAccepted: nothing that is about one attribute accepts what is said of
// several, and another target is another fingerprint.
func TestUnresolvedIsAccepted(t *testing.T) {
	t.Parallel()
	f := MergeUnresolved(append(openPart("acl", openWho), openPart("grant", openWho)...))[0].Finding
	for field, want := range map[string]map[string]bool{
		"attribute": {"acl": false, "grant": false},
		"address":   {"aws_s3_bucket.b": true},
		"sources":   {"aws_s3_bucket.b": false},
	} {
		for value, want := range want {
			if got := (&ArchiveRule{Filter: map[string]Criterion{field: {Eq: []string{value}}}}).Matches(&f); got != want {
				t.Errorf("%s %s accepts it: %v", field, value, got)
			}
		}
	}
	prints := map[string]bool{}
	for _, found := range [][]Found{
		openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role.r", "b", false),
		MergeUnresolved(append(openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role.r", "b", false)...)),
		MergeUnresolved(append(openLink("aws_iam_role.r", "a", false), openLink("aws_iam_role.r", "c", false)...)),
	} {
		if len(found) != 1 || prints[found[0].Fingerprint] {
			t.Errorf("%v", found)
		}
		prints[found[0].Fingerprint] = true
	}
}
