package terraform

import (
	"cmp"
	"slices"
	"strings"
)

// worldwide are the beginnings of types whose names or ids nothing else in the partition
// has (Amazon S3 User Guide, "General purpose bucket naming rules"; AWS Organizations
// and IAM Identity Center give ids).
var worldwide = []string{"aws_s3_bucket", "awscc_s3_bucket", "aws_organizations_", "awscc_organizations_", "aws_ssoadmin_", "awscc_sso_", "aws_identitystore_", "awscc_identitystore_"}

// apart reports whether an object cannot be what a resource calls by a name: a name alone
// counts in the account and, but for IAM, in the region of the provider configuration of
// the resource. An ARN or a URL says by itself what it means. See also scope.
func (x *extraction) apart(in *instance, region, value string, o *subjectObject) bool {
	ix := &x.accounts
	begins := func(prefix string) bool { return strings.HasPrefix(o.typ, prefix) }
	if len(ix.keys) < 2 && region == "" && o.region == "" || strings.Contains(value, ":") || slices.ContainsFunc(worldwide, begins) {
		return false
	}
	here, local := ix.whereabouts(in)
	there, remote := ix.whereabouts(o.instance)
	if here != nil && there != nil && here != there && (here.account == "" || here.account != there.account) {
		return true
	}
	if slices.ContainsFunc([]string{"aws_iam_", "awscc_iam_"}, begins) {
		return false
	}
	local, remote = cmp.Or(region, local), cmp.Or(o.region, remote)
	return local != "" && remote != "" && local != remote
}

// named finds the one object of the given types that a value in a resource names.
func (x *extraction) named(in *instance, region string, types []string, value string) *subjectObject {
	if value == "" {
		return nil
	}
	var found *subjectObject
	for _, t := range types {
		objects := x.objects.having(t, value)
		if len(objects) > maxShared {
			return nil
		}
		for _, o := range objects {
			if x.apart(in, region, value, o) {
				continue
			}
			if found != nil {
				return nil
			}
			found = o
		}
	}
	return found
}
