package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	aOwner   = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
	aPartner = "1111111111111111111111111111111111111111111111111111111111111111"
	allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"
)

// listed makes what access_control_policy shows.
func listed(grants ...m) []m {
	own := m{"grantee": []m{{"type": "CanonicalUser", "id": aOwner, "uri": ""}}, "permission": "FULL_CONTROL"}
	return []m{{"owner": []m{{"id": aOwner}}, "grant": append([]m{own}, grants...)}}
}

func toGroup(uri, permission string) m {
	return m{"grantee": []m{{"type": "Group", "id": "", "uri": uri}}, "permission": permission}
}

// TestACL covers access control lists of buckets and objects, and what they amount to.
func TestACL(t *testing.T) {
	t.Parallel()
	const (
		list     = "s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads arn:aws:s3:::b"
		put      = "s3:PutObject arn:aws:s3:::b/*"
		get      = "s3:GetObject s3:GetObjectVersion arn:aws:s3:::b/k"
		everyone = "Allow *=* "
	)
	bucket := func(acl any, shown []m) m { return m{"bucket": "b", "acl": acl, "access_control_policy": shown} }
	computed := map[string][]string{"bucket": nil, "acl": nil}
	tests := []struct {
		name   string
		change m
		refs   map[string][]string
		want   []string
	}{
		{"private", rc("aws_s3_bucket_acl.p", "create", nil, m{"bucket": "b", "acl": "private"}, m{"after_unknown": m{"access_control_policy": true}}), computed, nil},
		{"made public, while what is shown is old", rc("aws_s3_bucket_acl.p", "update", bucket("private", listed()), bucket("public-read", listed())), computed, []string{"absent > " + everyone + list}},
		{"made private, while what is shown is old", rc("aws_s3_bucket_acl.p", "update", bucket("public-read", listed(toGroup(allUsers, "READ"))), bucket("private", listed(toGroup(allUsers, "READ")))), computed, []string{everyone + list + " > absent"}},
		{"more than its name says", rc("aws_s3_bucket_acl.p", "no-op", bucket("private", listed(toGroup(allUsers, "READ"))), bucket("private", listed(toGroup(allUsers, "READ")))), computed, []string{everyone + list + " > " + everyone + list}},
		{"write", rc("aws_s3_bucket_acl.p", "create", nil, bucket("public-read-write", nil)), computed, []string{"absent > " + everyone + list + " | " + everyone + put}},
		{"whoever has an account", rc("aws_s3_bucket_acl.p", "create", nil, bucket("authenticated-read", nil)), computed, []string{"absent > Allow AWS=* " + list + " Null aws:PrincipalArn=false"}},
		{"logs", rc("aws_s3_bucket_acl.p", "create", nil, bucket("log-delivery-write", nil)), computed, []string{"absent > Allow Service=logging.s3.amazonaws.com s3:GetBucketAcl arn:aws:s3:::b | Allow Service=logging.s3.amazonaws.com " + put}},
		{"grants", rc("aws_s3_bucket_acl.p", "create", nil, bucket(nil, listed(m{"grantee": []m{{"type": "CanonicalUser", "id": aPartner}}, "permission": "FULL_CONTROL"}))), computed,
			[]string{"absent > Allow CanonicalUser=" + aPartner + " s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads s3:GetBucketAcl s3:PutBucketAcl arn:aws:s3:::b | Allow CanonicalUser=" + aPartner + " " + put}},
		{"an address of e-mail", rc("aws_s3_bucket_acl.p", "create", nil, bucket(nil, listed(m{"grantee": []m{{"type": "AmazonCustomerByEmail", "email_address": "a@example.com"}}, "permission": "READ"}))), computed, []string{"absent > Allow CanonicalUser=a@example.com " + list}},
		{"a name that is not known", rc("aws_s3_bucket_acl.p", "create", nil, m{"bucket": "b"}, m{"after_unknown": m{"acl": true}}), map[string][]string{"acl": {"var.acl"}}, []string{"absent > unknown var.acl"}},
		{"a name that does not exist", rc("aws_s3_bucket_acl.p", "create", nil, bucket("public", nil)), computed, []string{"absent > unknown"}},
		{"a grantee that is not known", rc("aws_s3_bucket_acl.p", "create", nil, bucket(nil, []m{{"grant": []m{{"grantee": []m{{"type": "CanonicalUser"}}, "permission": "READ"}}}}), m{"after_unknown": m{"access_control_policy": []m{{"grant": []m{{"grantee": []m{{"id": true}}}}}}}}), map[string][]string{"access_control_policy": {"var.who"}},
			[]string{"absent > Allow AWS=unknown:var.who at access_control_policy[0].grant[0].grantee[0].id " + list}},
		{"a bucket that is not known", rc("aws_s3_bucket_acl.p", "create", nil, m{"acl": "public-read"}, m{"after_unknown": m{"bucket": true}}), map[string][]string{"bucket": {"aws_s3_bucket.b.id"}},
			[]string{"absent > " + everyone + "s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads arn:unknown:unknown:::aws_s3_bucket.b.id"}},

		{"argument of a bucket", rc("aws_s3_bucket.p", "update", m{"bucket": "b", "acl": "private"}, m{"bucket": "b", "acl": "public-read"}), map[string][]string{"acl": nil}, []string{"absent > " + everyone + list}},
		{"argument of a bucket that is not set", rc("aws_s3_bucket.p", "create", nil, m{"bucket": "b"}, m{"after_unknown": m{"acl": true, "grant": true}}), map[string][]string{"bucket": nil}, nil},
		{"grants of a bucket", rc("aws_s3_bucket.p", "create", nil, m{"bucket": "b", "grant": []m{{"id": "", "uri": allUsers, "type": "Group", "permissions": []string{"READ", "WRITE"}}}}), map[string][]string{"grant": nil}, []string{"absent > " + everyone + list + " | " + everyone + put}},
		{"grants of a bucket that are shown", rc("aws_s3_bucket.p", "no-op", m{"bucket": "b", "grant": []m{{"id": aOwner, "permissions": []string{"FULL_CONTROL"}}}}, m{"bucket": "b", "grant": []m{{"id": aOwner, "permissions": []string{"FULL_CONTROL"}}}}), map[string][]string{"bucket": nil}, nil},
		{"generated grants to another", rc("aws_s3_bucket.p", "create", nil, m{"bucket": "b", "grant": []m{{"id": aPartner, "permissions": []string{"FULL_CONTROL"}}}}), map[string][]string{"bucket": nil},
			[]string{"absent > Allow CanonicalUser=" + aPartner + " s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads s3:GetBucketAcl s3:PutBucketAcl arn:aws:s3:::b | Allow CanonicalUser=" + aPartner + " " + put}},

		{"object", rc("aws_s3_object.p", "create", nil, m{"bucket": "b", "key": "k", "acl": "public-read"}), map[string][]string{"acl": nil}, []string{"absent > " + everyone + get}},
		{"object for the owner of the bucket", rc("aws_s3_object.p", "create", nil, m{"bucket": "b", "key": "k", "acl": "bucket-owner-full-control"}), map[string][]string{"acl": nil}, nil},
		{"object without a list", rc("aws_s3_object.p", "create", nil, m{"bucket": "b", "key": "k"}, m{"after_unknown": m{"acl": true}}), map[string][]string{"key": nil}, nil},
		{"copy", rc("aws_s3_object_copy.p", "create", nil, m{"bucket": "b", "key": "k", "grant": []m{{"uri": allUsers, "type": "Group", "permissions": []string{"READ"}}}}), map[string][]string{"grant": nil}, []string{"absent > " + everyone + get}},
		{"logs of a bucket", rc("aws_s3_bucket_logging.p", "create", nil, m{"bucket": "a", "target_bucket": "b", "target_grant": []m{{"permission": "READ", "grantee": []m{{"uri": allUsers, "type": "Group"}}}}}), map[string][]string{"target_grant": nil}, []string{"absent > " + everyone + "s3:GetObject s3:GetObjectVersion arn:aws:s3:::b/*"}},
		{"output of a pipeline", rc("aws_elastictranscoder_pipeline.p", "create", nil, m{"name": "n", "output_bucket": "b", "content_config_permissions": []m{{"grantee": "AllUsers", "grantee_type": "Group", "access": []string{"Read"}}}}), map[string][]string{"name": nil}, []string{"absent > " + everyone + "s3:GetObject s3:GetObjectVersion arn:aws:s3:::b/*"}},
		{"file share", rc("aws_storagegateway_nfs_file_share.p", "create", nil, m{"location_arn": "arn:aws:s3:::b", "object_acl": "public-read"}), map[string][]string{"object_acl": nil}, []string{"absent > " + everyone + "s3:GetObject s3:GetObjectVersion arn:aws:s3:::b/*"}},
		{"other provider", rc("awscc_s3_bucket.p", "create", nil, m{"bucket_name": "b", "access_control": "PublicRead"}), map[string][]string{"access_control": nil}, []string{"absent > " + everyone + list}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			grants := clean(t, plan([]m{tt.change}, []m{conf(tt.change["type"].(string)+".p", tt.refs)}))
			if diff := cmp.Diff(tt.want, sides(grants)); diff != "" {
				t.Errorf("sides (-want +got):\n%s", diff)
			}
			for _, g := range grants {
				if g.Kind != "acl" {
					t.Errorf("kind %s, want acl", g.Kind)
				}
			}
		})
	}
}

// TestACLOfBucket covers the list that a bucket shows and another resource manages.
func TestACLOfBucket(t *testing.T) {
	t.Parallel()
	bucket := m{"bucket": "b", "grant": []m{{"id": aOwner, "permissions": []string{"FULL_CONTROL"}}, {"uri": allUsers, "permissions": []string{"READ"}}}}
	shown := listed(toGroup(allUsers, "READ"))
	change := func(action string) []m {
		return []m{rc("aws_s3_bucket.b", "no-op", bucket, bucket), rc("aws_s3_bucket_acl.p", action, m{"bucket": "b", "acl": "public-read", "access_control_policy": shown}, m{"bucket": "b", "acl": "private", "access_control_policy": shown})}
	}
	const list = "Allow *=* s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads arn:aws:s3:::b"
	conf := []m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil}), conf("aws_s3_bucket_acl.p", map[string][]string{"bucket": nil, "acl": nil})}
	if diff := cmp.Diff([]string{list + " > absent"}, sides(clean(t, plan(change("update"), conf)))); diff != "" {
		t.Errorf("managed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{list + " > " + list}, sides(clean(t, plan(change("update")[:1], conf)))); diff != "" {
		t.Errorf("not managed (-want +got):\n%s", diff)
	}
}

// TestOwnership covers buckets whose access control lists are disabled.
func TestOwnership(t *testing.T) {
	t.Parallel()
	controls := func(v string) m { return m{"bucket": "b", "rule": []m{{"object_ownership": v}}} }
	acl := m{"bucket": "b", "acl": "public-read"}
	const list = "Allow *=* s3:ListBucket s3:ListBucketVersions s3:ListBucketMultipartUploads arn:aws:s3:::b"
	for name, tt := range map[string]struct {
		before, after string
		want          []string
	}{
		"disabled":         {"BucketOwnerEnforced", "BucketOwnerEnforced", nil},
		"enabled again":    {"BucketOwnerEnforced", "ObjectWriter", []string{"absent > " + list}},
		"disabled by this": {"BucketOwnerPreferred", "BucketOwnerEnforced", []string{list + " > absent"}},
		"enabled":          {"ObjectWriter", "BucketOwnerPreferred", []string{list + " > " + list}},
	} {
		got := sides(clean(t, plan([]m{
			rc("aws_s3_bucket_ownership_controls.o", "update", controls(tt.before), controls(tt.after)),
			rc("aws_s3_bucket_acl.p", "no-op", acl, acl),
		}, nil)))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
