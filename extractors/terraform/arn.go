package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// splitARN takes an ARN apart as far as it matters here: arn:PARTITION:SERVICE:
// REGION:ACCOUNT:RESOURCE (AWS IAM User Guide, "Amazon Resource Names"). The account
// is "" where the ARN has none.
func splitARN(s string) (partition, account string, ok bool) {
	rest, ok := strings.CutPrefix(s, "arn:")
	partition, rest, more := strings.Cut(rest, ":")
	service, rest, _ := strings.Cut(rest, ":")
	_, rest, _ = strings.Cut(rest, ":")
	account, resource, _ := strings.Cut(rest, ":")
	if !ok || !more || !strings.HasPrefix(partition, "aws") || service == "" || resource == "" {
		return "", "", false
	}
	if !isAccount(account) {
		account = ""
	}
	return partition, account, true
}

// isAccount reports whether a text is the id of an account: twelve digits.
func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// regionOf is the region in an ARN, or "".
func regionOf(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	_, rest, _ = strings.Cut(rest, ":")
	_, rest, _ = strings.Cut(rest, ":")
	region, rest, _ := strings.Cut(rest, ":")
	if !strings.Contains(rest, ":") {
		return ""
	}
	return region
}

func accountOf(arn string) string {
	_, account, _ := splitARN(arn)
	return account
}

func isARN(s string) bool {
	_, _, ok := splitARN(s)
	return ok
}

// ownARN is the value of the attribute arn after the change, or before it where
// nothing replaces it. What is only known after apply is not told by the old value.
func ownARN(o *object, before, after, unknown jsontext.Value) string {
	if v, _ := o.str(after, "arn"); isARN(v) {
		return v
	}
	if !isNull(after) && (anyTrue(member(unknown, "arn")) || isTrue(unknown)) {
		return ""
	}
	if v, _ := o.str(before, "arn"); isARN(v) {
		return v
	}
	return ""
}

// attachedARN is the ARN of what the policy of a grant is attached to, or of a managed
// policy itself.
func (x *extraction) attachedARN(p *pending, subject *subjectObject) string {
	switch {
	case p.row == policyRow:
		return p.attached // the policy's own, by which links name it
	case p.row.Flags&policyOnly != 0:
		return ""
	case p.row.self():
		if p.attached != "" {
			return p.attached
		}
	default:
		if name := p.subject.known(); isARN(name) {
			return name
		}
		if subject != nil && subject.attached != "" {
			return subject.attached
		}
	}
	if p.row.Subject == "bucket" {
		return x.bucketARN(p, subject)
	}
	return ""
}

// bucketARN makes the ARN of a bucket from its name (Amazon S3 User Guide, "Amazon S3
// resources"). Directory buckets have ARNs of another form.
func (x *extraction) bucketARN(p *pending, subject *subjectObject) string {
	name := p.subject.known()
	if !bucketName(name) || strings.HasSuffix(name, "--x-s3") || subject != nil && subject.typ == "aws_s3_directory_bucket" {
		return ""
	}
	known := x.accounts.of(p.module, p.typ, p.name)
	if known == nil || known.partition == "" {
		known = x.accounts.settled[""]
	}
	switch {
	case known == nil || known.partition == "" && !x.accounts.overflow:
		return "arn:aws:s3:::" + name
	case known.partitionsDiffer || x.accounts.overflow:
		return ""
	}
	return "arn:" + known.partition + ":s3:::" + name
}

func bucketName(s string) bool {
	return len(s) >= 3 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// sideARNs are the values of the attribute arn after and before, which tell the
// account whether or not the policy is attached there.
func sideARNs(o *object) [2]string {
	if !strings.HasPrefix(o.typ, "aws_") {
		return [2]string{}
	}
	before, _ := o.str(o.before, "arn")
	if same(o.before, o.after) {
		return [2]string{before, before}
	}
	after, _ := o.str(o.after, "arn")
	return [2]string{after, before}
}

// attachedOf is the ARN of the object itself, in the sense of the operation.
func attachedOf(o *object, op operation) string {
	if op.action == extractors.Forget || !op.exists {
		return ownARN(o, o.before, nil, nil)
	}
	if !op.existed {
		return ownARN(o, nil, o.after, o.unknown)
	}
	return ownARN(o, o.before, o.after, o.unknown)
}
