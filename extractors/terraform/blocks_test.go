package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// blockLine writes a block on one line.
func blockLine(b extractors.Block) string {
	state := ""
	if b.Subject.Gone {
		state += " gone"
	}
	if b.Subject.New {
		state += " new"
	}
	if b.Unknown != nil {
		state += " unknown " + strings.Join(b.Unknown.References, " ")
	}
	return fmt.Sprintf("%s | %s | %s %s %s | %s > %s%s", b.Address, b.Action, b.Subject.Kind, b.Subject.Address, b.Subject.Name, strings.Join(b.Before, " "), strings.Join(b.After, " "), state)
}

func blockLines(t *testing.T, text string) []string {
	t.Helper()
	x := extract(t, text, terraform.Options{Path: "plan.json"})
	if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 {
		t.Fatalf("diagnostics %v, incomplete %q; want none", x.Diagnostics, x.Incomplete)
	}
	var out []string
	for _, b := range x.Blocks {
		out = append(out, blockLine(b))
	}
	return out
}

// TestBlocks covers settings that hold access back, on both sides.
func TestBlocks(t *testing.T) {
	t.Parallel()
	on := func(bucket any) m {
		return m{"bucket": bucket, "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true}
	}
	half := m{"bucket": "b", "block_public_acls": true, "block_public_policy": false, "ignore_public_acls": nil}
	const (
		all = "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"
		pab = "aws_s3_bucket_public_access_block.p"
	)
	point := func(block []m) m {
		return m{"name": "a", "arn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "public_access_block_configuration": block}
	}
	network := func(vpcs ...any) m {
		side := m{"name": "a", "vpc_configuration": []m{}}
		for _, id := range vpcs {
			side["vpc_configuration"] = []m{{"vpc_id": id}}
		}
		return side
	}
	open := []m{{"block_public_acls": true, "block_public_policy": false, "ignore_public_acls": true, "restrict_public_buckets": false}}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"made", []m{rc(pab, "create", nil, on("b"))}, nil, []string{pab + " | create | bucket  b |  > " + all}},
		{"stays", []m{rc(pab, "no-op", half, half)}, nil, []string{pab + " | no-op | bucket  b | block_public_acls > block_public_acls"}},
		{"lifted in part", []m{rc(pab, "update", on("b"), half)}, nil, []string{pab + " | update | bucket  b | " + all + " > block_public_acls"}},
		{"goes", []m{rc(pab, "delete", on("b"), nil)}, nil, []string{pab + " | delete | bucket  b | " + all + " > "}},
		{"goes with its bucket", []m{rc("aws_s3_bucket.b", "delete", m{"bucket": "b", "id": "b"}, nil), rc(pab, "delete", on("b"), nil)}, nil, []string{pab + " | delete | bucket aws_s3_bucket.b b | " + all + " >  gone"}},
		{"of a new bucket that is only known later", []m{rc("aws_s3_bucket.b", "create", nil, m{"bucket": "name"}), rc(pab, "create", nil, m{"block_public_acls": true}, m{"after_unknown": m{"bucket": true}})},
			[]m{conf(pab, map[string][]string{"bucket": {"aws_s3_bucket.b.id", "aws_s3_bucket.b"}})}, []string{pab + " | create | bucket aws_s3_bucket.b name |  > block_public_acls new"}},
		{"goes to another bucket", []m{rc(pab, "delete,create", on("a"), on("b"))}, nil,
			[]string{pab + " | create | bucket  b |  > " + all, pab + " (left a) | delete | bucket  a | " + all + " > "}},
		{"a setting that is not known", []m{rc(pab, "update", on("b"), m{"bucket": "b", "block_public_acls": true}, m{"after_unknown": m{"block_public_policy": true}})},
			[]m{conf(pab, map[string][]string{"block_public_policy": {"var.block"}})}, []string{pab + " | update | bucket  b | " + all + " > block_public_acls unknown var.block"}},
		{"forgotten", []m{rc(pab, "forget", on("b"), nil)}, nil, []string{pab + " | forget | bucket  b | " + all + " > " + all}},
		{"forgotten and made anew", []m{rc(pab, "create,forget", on("b"), half)}, nil,
			[]string{pab + " | replace | bucket  b | " + all + " > block_public_acls", pab + " (forgotten object) | forget | bucket  b | " + all + " > " + all}},
		{"account", []m{rc("aws_s3_account_public_access_block.a", "update", m{"account_id": "111122223333", "block_public_policy": true}, m{"account_id": "111122223333"})}, nil,
			[]string{"aws_s3_account_public_access_block.a | update | account aws_s3_account_public_access_block.a 111122223333 | block_public_policy > "}},
		{"access point leaves its network", []m{rc("aws_s3_access_point.a", "delete,create", network("vpc-1"), network())}, nil, []string{
			"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | " + all + " > " + all,
			"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | vpc_configuration (vpc-1) > "}},
		{"access point in another network", []m{rc("aws_s3_access_point.a", "delete,create", network("vpc-1"), network("vpc-2"))}, nil, []string{
			"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | " + all + " > " + all,
			"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | vpc_configuration (vpc-1) > vpc_configuration (vpc-2)"}},
		{"access point in a network that is made", []m{rc("aws_s3_access_point.a", "delete,create", network("vpc-1"), network(nil), m{"after_unknown": m{"vpc_configuration": []m{{"vpc_id": true}}}})},
			[]m{conf("aws_s3_access_point.a", map[string][]string{"vpc_configuration": {"aws_vpc.v.id"}})}, []string{
				"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | " + all + " > " + all,
				"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | vpc_configuration (vpc-1) >  unknown aws_vpc.v.id"}},
		{"access point without settings has all", []m{rc("aws_s3_access_point.a", "delete,create", point(nil), point(open))}, nil,
			[]string{"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a arn:aws:s3:eu-west-1:111122223333:accesspoint/a | " + all + " > block_public_acls ignore_public_acls"}},
		{"access point goes", []m{rc("aws_s3_access_point.a", "delete", point(nil), nil)}, nil,
			[]string{"aws_s3_access_point.a | delete | access-point aws_s3_access_point.a arn:aws:s3:eu-west-1:111122223333:accesspoint/a | " + all + " >  gone"}},
		{"snapshots", []m{rc("aws_ebs_snapshot_block_public_access.a", "update", m{"id": "eu-west-1", "state": "block-all-sharing"}, m{"id": "eu-west-1", "state": "block-new-sharing"})}, nil,
			[]string{"aws_ebs_snapshot_block_public_access.a | update | account aws_ebs_snapshot_block_public_access.a eu-west-1 | block-all-sharing block-new-sharing > block-new-sharing"}},
		{"policies of the organization", []m{rc("aws_organizations_organization.o", "update", m{"id": "o-1", "enabled_policy_types": []string{"SERVICE_CONTROL_POLICY", "TAG_POLICY"}}, m{"id": "o-1", "enabled_policy_types": []string{"TAG_POLICY"}})}, nil,
			[]string{"aws_organizations_organization.o | update | organization aws_organizations_organization.o o-1 | SERVICE_CONTROL_POLICY TAG_POLICY > TAG_POLICY"}},
		{"ownership", []m{rc("aws_s3_bucket_ownership_controls.o", "update", m{"bucket": "b", "rule": []m{{"object_ownership": "BucketOwnerEnforced"}}}, m{"bucket": "b", "rule": []m{{"object_ownership": "ObjectWriter"}}})}, nil,
			[]string{"aws_s3_bucket_ownership_controls.o | update | bucket  b | BucketOwnerEnforced > "}},
		{"no change that changes a setting", []m{rc(pab, "no-op", on("b"), half)}, nil, []string{pab + " | update | bucket  b | " + all + " > block_public_acls"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, blockLines(t, plan(tt.changes, tt.resources))); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBlockOfSecret covers a setting that goes together with the policy it is about.
func TestBlockOfSecret(t *testing.T) {
	t.Parallel()
	secret := m{"secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s", "block_public_policy": true, "policy": openToOne}
	want := []string{"aws_secretsmanager_secret_policy.p | delete | secret  arn:aws:secretsmanager:eu-west-1:111122223333:secret:s | block_public_policy >  gone"}
	if diff := cmp.Diff(want, blockLines(t, plan([]m{rc("aws_secretsmanager_secret_policy.p", "delete", secret, nil)}, nil))); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

// TestBlockTwice covers a plan that says two things about one setting.
func TestBlockTwice(t *testing.T) {
	t.Parallel()
	change := rc("aws_s3_bucket_public_access_block.p", "create", nil, m{"bucket": "b", "block_public_acls": true})
	x := extract(t, plan([]m{change, change}, nil), terraform.Options{Path: "plan.json"})
	if !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
		t.Errorf("diagnostics %v, incomplete %q; want a complaint", x.Diagnostics, x.Incomplete)
	}
}

// TestBlockAttribute makes sure that the settings of a block have one name, whichever of
// them changes.
func TestBlockAttribute(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"aws_s3_bucket_public_access_block.p":  "public_access_block",
		"aws_s3_account_public_access_block.p": "public_access_block",
	} {
		for _, setting := range []string{"block_public_acls", "restrict_public_buckets"} {
			x := extract(t, plan([]m{rc(address, "update", m{"id": "b", "bucket": "b", setting: true}, m{"id": "b", "bucket": "b"})}, nil), terraform.Options{Path: "plan.json"})
			if len(x.Blocks) != 1 || x.Blocks[0].Attribute != want {
				t.Errorf("%s, %s: blocks %+v, want one of %s", address, setting, x.Blocks, want)
			}
		}
	}
}
