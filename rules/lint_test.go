package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// linted is a text that the change creates, and what tells what it is attached to.
type linted struct {
	kind         extractors.Kind
	resourceType string
	subject      string // kind of subject
	name         string // of the subject; "" for x, and - for none
	arn          string
	text         string // of the document, or of one statement
}

func (l linted) called() string {
	switch l.name {
	case "":
		return "x"
	case "-":
		return ""
	}
	return l.name
}

// grant parses the text; Diagnostics stay, unlike in side.
func (l linted) grant(t *testing.T) *extractors.Grant {
	t.Helper()
	return &extractors.Grant{
		Address: "aws_thing.x", Attribute: "policy", Type: "aws_thing", Kind: l.kind, Action: extractors.Create, ResourceType: l.resourceType, ARN: l.arn,
		Subject: extractors.Subject{Kind: l.subject, Name: l.called(), New: true}, Before: extractors.Side{Absent: true}, After: lintSide(t, l.kind, l.text),
	}
}

func lintSide(t *testing.T, kind extractors.Kind, text string) extractors.Side {
	t.Helper()
	if !strings.Contains(text, `"Statement"`) {
		text = `{"Version": "2012-10-17", "Statement": [` + text + `]}`
	}
	d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind.PolicyKind()})
	if ds.HasErrors() {
		t.Fatalf("%s: %v", text, ds)
	}
	return extractors.Side{Document: d, Diagnostics: ds}
}

var codeOf = regexp.MustCompile(`\[([A-Z_]+)\]\.$`)

// lint runs the rules on a text alone and writes each finding as its level and code.
func lint(g *extractors.Grant) []string {
	out := []string{}
	for _, f := range rules.Check(rules.Pass{Grant: g}, rules.Options{}) {
		if m := codeOf.FindStringSubmatch(f.Message); m != nil && f.Rule == "invalid-policy" {
			out = append(out, f.Level.String()+" "+m[1])
		} else {
			out = append(out, f.Message)
		}
	}
	return out
}

const (
	identity = extractors.Identity
	resource = extractors.Resource
	trust    = extractors.Trust
)

func allow(rest string) string { return `{"Effect": "Allow", ` + rest + `}` }
func deny(rest string) string  { return `{"Effect": "Deny", ` + rest + `}` }

// get is a statement with a condition; anyGet one of a resource policy.
func get(condition string) string {
	return `"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {` + condition + `}`
}

// orgOf is a statement for a service with a condition.
func orgOf(effect, condition string) string {
	return `{"Effect": "` + effect + `", "Principal": {"Service": "logs.acme.example"}, "Action": "sqs:SendMessage", "Condition": {` + condition + `}}`
}

func assume(rest string) string {
	return `{"Effect": "Allow", "Action": "sts:AssumeRole", ` + rest + `}`
}

func long(n int) string {
	return allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/` + strings.Repeat("a", n) + `"`)
}

const root = `"Principal": {"AWS": "arn:aws:iam::111122223333:root"}`

// TestLints holds each lint to a text in which it finds fault and to one, as near as can
// be, in which it does not.
func TestLints(t *testing.T) {
	t.Parallel()
	bucket := func(text string) linted {
		return linted{kind: resource, resourceType: "AWS::S3::Bucket", subject: "bucket", arn: "arn:aws:s3:::logs", text: text}
	}
	named := func(name, to string) linted {
		return linted{kind: resource, resourceType: "AWS::S3::Bucket", subject: "bucket", name: name, text: allow(root + `, "Action": "s3:*", "Resource": "` + to + `"`)}
	}
	of := func(kind extractors.Kind, text string) linted { return linted{kind: kind, text: text} }
	cases := []struct {
		want     string // level and code
		bad, top linted
	}{
		{"warning MISSING_STATEMENT", of(identity, `{"Version": "2012-10-17", "Statement": []}`), of(identity, allow(`"Action": "s3:GetObject", "Resource": "*"`))},
		{"note EMPTY_ARRAY_ACTION", of(identity, allow(`"Action": [], "Resource": "*"`)), of(identity, allow(`"Action": ["s3:GetObject"], "Resource": "*"`))},
		{"warning EMPTY_ARRAY_ACTION", of(identity, deny(`"Action": [], "Resource": "*"`)), of(identity, deny(`"Action": ["s3:GetObject"], "Resource": "*"`))},
		{"note EMPTY_ARRAY_RESOURCE", of(identity, allow(`"Action": "s3:GetObject", "Resource": []`)), of(identity, allow(`"Action": "s3:GetObject", "Resource": ["*"]`))},
		{"note EMPTY_ARRAY_PRINCIPAL", of(resource, allow(`"Principal": {"AWS": []}, "Action": "s3:GetObject"`)), of(resource, allow(root+`, "Action": "s3:GetObject"`))},
		{"note EMPTY_OBJECT_PRINCIPAL", of(resource, allow(`"Principal": {}, "Action": "s3:GetObject"`)), of(resource, allow(root+`, "Action": "s3:GetObject"`))},
		{"note EMPTY_OBJECT_CONDITION", of(identity, allow(get(""))), of(identity, allow(get(`"Bool": {"aws:SecureTransport": "true"}`)))},
		{"note EMPTY_ARRAY_CONDITION", of(identity, allow(get(`"StringEquals": {"aws:PrincipalOrgID": []}`))), of(identity, allow(get(`"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}`)))},
		{"note EMPTY_ARRAY_CONDITION_FORALLVALUES", of(identity, allow(get(`"ForAllValues:StringEquals": {"aws:TagKeys": []}`))), of(identity, allow(get(`"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}`)))},
		{"note EMPTY_ARRAY_CONDITION_FORANYVALUE", of(identity, allow(get(`"ForAnyValue:StringEquals": {"aws:TagKeys": []}`))), of(identity, allow(get(`"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}`)))},
		{"note EMPTY_ARRAY_CONDITION_IFEXISTS", of(identity, allow(get(`"StringEqualsIfExists": {"aws:PrincipalOrgID": []}`))), of(identity, allow(get(`"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`)))},
		{"warning UNSUPPORTED_SID", of(identity, allow(`"Sid": "a b", "Action": "s3:GetObject", "Resource": "*"`)), of(resource, allow(`"Sid": "a b", `+root+`, "Action": "s3:GetObject"`))},
		{"warning UNIQUE_SIDS_REQUIRED",
			of(identity, allow(`"Sid": "A", "Action": "s3:GetObject", "Resource": "*"`)+","+allow(`"Sid": "A", "Action": "s3:PutObject", "Resource": "*"`)),
			of(identity, allow(`"Sid": "A", "Action": "s3:GetObject", "Resource": "*"`)+","+allow(`"Sid": "B", "Action": "s3:PutObject", "Resource": "*"`))},
		{"warning INVALID_SERVICE_PRINCIPAL_FORMAT", of(trust, assume(`"Principal": {"Service": "ec2"}`)), of(trust, assume(`"Principal": {"Service": "ec2.amazonaws.com"}`))},
		{"note INVALID_ROLE_REFERENCE", of(trust, assume(`"Principal": {"AWS": "AROAEXAMPLEID1234567"}`)), of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}`))},
		{"note INVALID_USER_REFERENCE", of(trust, assume(`"Principal": {"AWS": "AIDAEXAMPLEID1234567"}`)), of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::111122223333:user/ci"}`))},
		{"note VARIABLE_UNSUPPORTED_IN_VERSION",
			of(identity, `{"Version": "2008-10-17", "Statement": [`+allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/${aws:username}/*"`)+`]}`),
			of(identity, allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/${aws:username}/*"`))},

		{"note UNKNOWN_POLICY_VARIABLE", of(identity, allow(`"Action": "logs:*", "Resource": "arn:${AWS::Partition}:logs:*:*:*"`)), of(identity, allow(`"Action": "logs:*", "Resource": "arn:aws:logs:*:*:log-group:${aws:username}"`))},
		{"warning UNKNOWN_POLICY_VARIABLE", of(identity, deny(`"Action": "s3:*", "Resource": "arn:aws:s3:::${Bucket}/*"`)), of(identity, deny(`"Action": "s3:*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/b, 'x'}/*"`))},
		{"warning UNKNOWN_POLICY_VARIABLE", of(identity, allow(`"Action": "s3:*", "NotResource": "arn:aws:s3:::${Bucket}/*"`)), of(identity, allow(`"Action": "s3:*", "NotResource": "arn:aws:s3:::b${*}/*"`))},
		{"note UNKNOWN_POLICY_VARIABLE", of(identity, allow(get(`"StringEquals": {"aws:PrincipalAccount": "${AWS::AccountId}"}`))), of(identity, allow(get(`"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}`)))},
		{"warning UNKNOWN_POLICY_VARIABLE", of(identity, allow(get(`"StringNotEquals": {"aws:PrincipalAccount": "${AWS::AccountId}"}`))), of(identity, allow(get(`"StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}`)))},

		{"note INVALID_ACTION", of(identity, allow(`"Action": "s3:GetObjct", "Resource": "*"`)), of(identity, allow(`"Action": "s3:GetObject", "Resource": "*"`))},
		{"note INVALID_ACTION", of(identity, allow(`"Action": "s3:Fetch*", "Resource": "*"`)), of(identity, allow(`"Action": "S3:get*", "Resource": "*"`))},
		{"note INVALID_ACTION", of(identity, allow(`"Action": "s3:Get Object", "Resource": "*"`)), of(identity, allow(`"Action": "s3:Get?bject", "Resource": "*"`))},
		{"note INVALID_SERVICE_IN_ACTION", of(identity, allow(`"Action": "dynamdb:GetItem", "Resource": "*"`)), of(identity, allow(`"Action": "dynamo*:GetItem", "Resource": "*"`))},

		{"warning ALLOW_WITH_NOT_PRINCIPAL", of(resource, allow(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject"`)), of(resource, deny(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject"`))},
		{"warning ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", of(trust, assume(`"Principal": "*"`)), of(trust, assume(`"Principal": {"AWS": "*"}`))},
		{"warning ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", of(trust, `{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}`), of(resource, deny(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"`))},
		{"warning ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", of(trust, assume(root+`, "Resource": "*"`)), of(trust, assume(root))},
		{"note MISMATCHED_ACTION_FOR_PRINCIPAL",
			of(trust, assume(`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`)),
			of(trust, allow(`"Action": ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"], "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`))},
		{"warning RCP_SYNTAX_ERROR_PRINCIPAL", of(extractors.RCP, deny(root+`, "Action": "s3:*", "Resource": "*"`)), of(extractors.RCP, deny(`"Principal": "*", "Action": "s3:*", "Resource": "*"`))},
		{"warning RCP_SYNTAX_ERROR_ALLOW", of(extractors.RCP, allow(`"Principal": "*", "Action": "s3:*", "Resource": "*"`)), of(extractors.RCP, deny(`"Principal": "*", "Action": "s3:*", "Resource": "*"`))},
		{"warning RCP_SYNTAX_ERROR_NOTACTION", of(extractors.RCP, deny(`"Principal": "*", "NotAction": "s3:*", "Resource": "*"`)), of(extractors.SCP, deny(`"NotAction": "s3:*", "Resource": "*"`))},
		{"warning UNSUPPORTED_ACTION_IN_POLICY", bucket(allow(root + `, "Action": "ec2:RunInstances", "Resource": "arn:aws:s3:::logs/*"`)), bucket(allow(root + `, "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"`))},
		{"warning UNSUPPORTED_ACTION_IN_POLICY", of(trust, allow(root+`, "Action": "s3:GetObject"`)), of(trust, allow(root+`, "Action": ["sts:AssumeRole", "sts:TagSession"]`))},
		{"note UNSUPPORTED_ACTION_IN_POLICY",
			linted{kind: resource, resourceType: "AWS::KMS::Key", text: allow(root + `, "Action": "s3:GetObject", "Resource": "*"`)},
			linted{kind: resource, resourceType: "AWS::KMS::Key", text: allow(root + `, "Action": ["kms:*", "*"], "Resource": "*"`)}},

		{"note INVALID_PARTITION", of(identity, allow(`"Action": "sqs:*", "Resource": "arn:amazon:sqs:eu-west-1:111122223333:q"`)), of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:q"`))},
		{"note INVALID_ARN_SERVICE_CASE", of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws:SQS:eu-west-1:111122223333:q"`)), of(identity, allow(`"Action": "SQS:*", "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"`))},
		{"note INVALID_SERVICE", of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws:queues:eu-west-1:111122223333:q"`)), of(identity, allow(`"Action": "servicecatalog:*", "Resource": "arn:aws:catalog:eu-west-1:111122223333:product/p"`))},
		{"note INVALID_ARN_REGION", of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1a:111122223333:q"`)), of(identity, allow(`"Action": "sqs:*", "Resource": ["arn:aws:sqs:eu-west-?:111122223333:q", "arn:aws-iso:sqs:us-iso-east-1:111122223333:q"]`))},
		{"note ARN_REGION_NOT_ALLOWED", of(identity, allow(`"Action": "iam:GetRole", "Resource": "arn:aws:iam:eu-west-1:111122223333:role/x"`)), of(identity, allow(`"Action": "iam:GetRole", "Resource": "arn:aws:iam:*:111122223333:role/x"`))},
		{"note ARN_REGION_NOT_ALLOWED", of(identity, allow(`"Action": "s3:*", "Resource": "arn:aws:s3:eu-west-1::logs/*"`)), of(identity, allow(`"Action": "s3:*", "Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/x"`))},
		{"note INVALID_ARN_ACCOUNT", of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:11112222333:q"`)), of(identity, allow(`"Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:1111*:q"`))},
		{"warning INVALID_ARN_ACCOUNT", of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::12345:root"}`)), of(trust, assume(root))},
		{"note ARN_ACCOUNT_NOT_ALLOWED", of(identity, allow(`"Action": "s3:*", "Resource": "arn:aws:s3::111122223333:logs/*"`)), of(identity, allow(`"Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"`))},
		{"note MISSING_ARN_FIELD", of(identity, allow(`"Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:eu-west-1:table/orders"`)), of(identity, allow(`"Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:eu-west-1"`))},
		{"warning RESOURCE_WITHOUT_ACTION", of(identity, deny(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs"`)), of(identity, deny(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs*"`))},
		{"note RESOURCE_WITHOUT_ACTION", of(identity, allow(`"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::logs/*"`)), of(identity, allow(`"Action": "s3:ListBucket", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]`))},
		{"note RESOURCE_WITHOUT_ACTION", of(identity, allow(`"Action": "iam:PassRole", "Resource": ["arn:aws:iam::111122223333:user/x", "arn:aws:iam::111122223333:role/x"]`)), of(identity, allow(`"Action": "iam:*", "Resource": "arn:aws:iam::111122223333:user/x"`))},
		{"note ACTION_WITHOUT_RESOURCE", of(identity, allow(`"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::logs/*"`)), of(identity, allow(`"Action": ["s3:GetObject", "s3:ListAllMyBuckets"], "Resource": "arn:aws:s3:::logs/*"`))},
		{"warning UNSUPPORTED_RESOURCE_ARN_IN_POLICY", bucket(allow(root + `, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"`)), bucket(allow(root + `, "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::logs/a/*", "arn:aws:s3:::lo*/*"]`))},
		{"warning UNSUPPORTED_RESOURCE_ARN_IN_POLICY", named("logs", `arn:aws:s3:::/*`), named("logs", `arn:aws:s3:::logs/*`)},
		{"warning UNSUPPORTED_RESOURCE_ARN_IN_POLICY", named("logs", `arn:aws:s3:::other`), named("logs", `arn:aws-cn:s3:::logs`)},
		{"warning UNSUPPORTED_RESOURCE_ARN_IN_POLICY", named("-", `arn:aws:s3:::/*`), named("-", `arn:aws:s3:::other/*`)},
		{"warning MISSING_RESOURCE", bucket(allow(root + `, "Action": "s3:GetObject"`)), linted{kind: resource, resourceType: "AWS::ECR::Repository", text: allow(root + `, "Action": "ecr:BatchGetImage"`)}},

		{"warning INVALID_CONDITION_MULTIPLE_BOOLEAN", of(identity, allow(get(`"Bool": {"aws:SecureTransport": ["true", "false"]}`))), of(identity, allow(get(`"Bool": {"aws:SecureTransport": ["true"]}`)))},
		{"warning NULL_WITH_QUALIFIER", of(identity, allow(get(`"ForAllValues:Null": {"aws:TagKeys": "false"}`))), of(identity, allow(get(`"Null": {"aws:TagKeys": "false"}`)))},
		{"note NULL_WITH_QUALIFIER", of(identity, deny(get(`"ForAllValues:Null": {"aws:TagKeys": "false"}`))), of(identity, deny(get(`"Null": {"aws:TagKeys": "false"}`)))},
		{"note WILDCARD_WITHOUT_LIKE_OPERATOR", of(identity, allow(get(`"StringEquals": {"aws:PrincipalTag/team": "data-*"}`))), of(identity, allow(get(`"StringLike": {"aws:PrincipalTag/team": "data-*"}`)))},
		{"warning WILDCARD_WITHOUT_LIKE_OPERATOR", of(identity, deny(get(`"StringEquals": {"aws:PrincipalTag/team": "data-*"}`))), of(identity, deny(get(`"StringEquals": {"aws:PrincipalTag/team": "data-${*}"}`)))},
		{"warning WILDCARD_WITHOUT_LIKE_OPERATOR", of(identity, allow(get(`"StringNotEquals": {"aws:PrincipalTag/team": "data-*"}`))), of(identity, allow(get(`"StringNotEquals": {"aws:PrincipalTag/team": "data"}`)))},
		{"warning FORALLVALUES_WITH_SINGLE_VALUED_KEY", of(identity, allow(get(`"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`))), of(identity, deny(get(`"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`)))},
		{"warning FORALLVALUES_WITH_SINGLE_VALUED_KEY", of(identity, allow(get(`"ForAllValues:StringEquals": {"aws:SourceIdentity": "a"}`))), of(identity, allow(get(`"ForAllValues:ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}, "ForAllValues:StringEqualsIfExists": {"aws:SourceIdentity": "a"}`)))},
		{"warning FORALLVALUES_WITHOUT_NULL_CHECK",
			of(identity, allow(get(`"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`))),
			of(identity, allow(get(`"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}, "Null": {"aws:PrincipalOrgPaths": "false"}`)))},
		{"warning MISSING_QUALIFIER", of(identity, allow(get(`"StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`))), of(identity, allow(get(`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`)))},
		{"note TYPE_MISMATCH", of(identity, allow(get(`"NumericEquals": {"aws:PrincipalOrgID": "7"}`))), of(identity, allow(get(`"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}`)))},
		{"warning TYPE_MISMATCH", of(identity, deny(get(`"IpAddress": {"aws:SourceVpc": "203.0.113.0/24"}`))), of(identity, deny(get(`"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}`)))},
		{"note INVALID_DATE_VALUE", of(identity, allow(get(`"DateLessThan": {"aws:CurrentTime": "1900000000"}`))), of(identity, allow(get(`"DateLessThan": {"aws:EpochTime": "1900000000", "aws:CurrentTime": "2030-01-01"}`)))},
		{"note PRIVATE_IP_ADDRESS", of(identity, allow(get(`"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.7.1"]}`))), of(identity, allow(get(`"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}`)))},
		{"warning PRIVATE_IP_ADDRESS", of(identity, deny(get(`"IpAddress": {"aws:SourceIp": "172.16.0.0/12"}`))), of(identity, deny(get(`"IpAddress": {"aws:SourceIp": "172.0.0.0/8"}`)))},
		{"note PRIVATE_NOT_IP_ADDRESS", of(identity, deny(get(`"NotIpAddress": {"aws:SourceIp": "10.1.0.0/16"}`))), of(identity, deny(get(`"NotIpAddress": {"aws:VpcSourceIp": "10.1.0.0/16"}`)))},
		{"note INVALID_VPC_FORMAT", of(identity, allow(get(`"StringEquals": {"aws:SourceVpc": "vpc-1"}`))), of(identity, allow(get(`"StringEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}`)))},
		{"note INVALID_VPCE_FORMAT", of(identity, allow(get(`"StringEquals": {"aws:SourceVpce": "vpc-01234567"}`))), of(identity, allow(get(`"StringLike": {"aws:SourceVpce": "vpce-*"}`)))},
		{"warning MISSING_TAG_KEY_IN_CONDITION", of(identity, allow(get(`"StringEquals": {"aws:RequestTag": "a"}`))), of(identity, allow(get(`"StringEquals": {"aws:RequestTag/team": "a"}`)))},
		{"note UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", of(resource, orgOf("Allow", `"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`)), of(resource, orgOf("Allow", `"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}`))},
		{"note UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", of(resource, orgOf("Allow", `"Null": {"aws:PrincipalTag/team": "false"}`)), of(resource, orgOf("Allow", `"Null": {"aws:PrincipalTag/team": "true"}`))},
		{"warning UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", of(resource, orgOf("Deny", `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`)), of(resource, orgOf("Deny", `"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`))},
		{"note INVALID_GLOBAL_CONDITION_KEY", of(identity, allow(get(`"StringEquals": {"aws:PrincipalOrgId2": "a"}`))), of(identity, allow(get(`"StringEquals": {"AWS:principalorgid": "a"}`)))},
		{"note INVALID_SERVICE_CONDITION_KEY", of(identity, allow(get(`"StringEquals": {"s3:prefx": "a"}`))), of(identity, allow(get(`"StringEquals": {"s3:prefix": "a", "oidc.acme.example:sub": "b", "secretsmanager:ResourceTag/a": "c"}`)))},

		{"warning POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", linted{kind: identity, subject: "user", text: long(2048)}, linted{kind: identity, subject: "group", text: long(2048)}},
		{"warning POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
			linted{kind: resource, subject: "bucket", text: deny(`"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/` + strings.Repeat("a", 20480) + `"`)},
			linted{kind: resource, subject: "bucket", text: deny(`"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/` + strings.Repeat("a", 20000) + `"` + strings.Repeat(" ", 1000))}},
		{"note POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::111122223333:role/`+strings.Repeat("a", 2048)+`"}`)), of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::111122223333:role/`+strings.Repeat("a", 1800)+`"}`))},
		{"warning POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", of(trust, assume(`"Principal": {"AWS": "arn:aws:iam::111122223333:role/`+strings.Repeat("a", 4096)+`"}`)), of(trust, assume(root))},
		{"warning POLICY_SIZE_EXCEEDS_SCP_QUOTA", of(extractors.SCP, long(10240)), of(extractors.SCP, long(10000))},
		{"warning POLICY_SIZE_EXCEEDS_RCP_QUOTA",
			of(extractors.RCP, deny(`"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/`+strings.Repeat("a", 10240)+`"`)),
			of(extractors.RCP, deny(`"Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/`+strings.Repeat("a", 10000)+`"`))},
		{"note UNSATISFIABLE_STATEMENT", of(identity, allow(get(`"StringEquals": {"aws:PrincipalTag/team": "a"}, "StringLike": {"aws:PrincipalTag/team": "b*"}`))), of(identity, allow(get(`"StringEquals": {"aws:PrincipalTag/team": ["a", "bc"]}, "StringLike": {"aws:PrincipalTag/team": "b*"}`)))},
		{"warning UNSATISFIABLE_STATEMENT", of(identity, deny(`"NotAction": "*", "Resource": "*"`)), of(identity, deny(`"NotAction": "s3:*", "Resource": "*"`))},
		{"note REDUNDANT_STATEMENT",
			of(identity, allow(`"Sid": "A", "Action": "s3:GetObject", "Resource": "*"`)+","+allow(`"Sid": "B", "Action": ["s3:GetObject"], "Resource": ["*"]`)),
			of(identity, allow(`"Action": "s3:GetObject", "Resource": "*"`)+","+deny(`"Action": "s3:GetObject", "Resource": "*"`))},
	}
	seen := map[string]bool{}
	for i, c := range cases {
		_, code, _ := strings.Cut(c.want, " ")
		seen[code] = true
		t.Run(fmt.Sprintf("%d %s", i, code), func(t *testing.T) {
			t.Parallel()
			if got := lint(c.bad.grant(t)); !cmp.Equal(got, []string{c.want}) {
				t.Errorf("%s: got %v, want %s alone", c.bad.text, got, c.want)
			}
			if got := lint(c.top.grant(t)); len(got) > 0 {
				t.Errorf("%s: got %v, want nothing", c.top.text, got)
			}
		})
	}
	for _, l := range rules.Lints() {
		if !seen[l.Code] {
			t.Errorf("%s has no case", l.Code)
		}
	}
}

// TestLintCodes holds the list of codes to what the reading of policies says, each once.
func TestLintCodes(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for _, l := range rules.Lints() {
		if codes[l.Code] {
			t.Errorf("%s is there twice", l.Code)
		}
		codes[l.Code] = true
		if l.Title == "" || strings.HasSuffix(l.Title, ".") || l.Class < rules.Idle || l.Class > rules.Refused {
			t.Errorf("%s: title %q, class %v", l.Code, l.Title, l.Class)
		}
	}
	unreadable := rules.UnreadableCodes()
	if !slices.IsSorted(unreadable) {
		t.Error("the codes of texts that cannot be read are not sorted")
	}
	files, err := filepath.Glob(filepath.Join("..", "internal", "policy", "*.go"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	found := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`"([A-Z]+(?:_[A-Z]+)+)"`).FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
			// A matter of style, and a remark on the input.
			if m[1] != "UNIQUE_SIDS_RECOMMENDED" && !codes[m[1]] && !slices.Contains(unreadable, m[1]) {
				t.Errorf("%s: %s is in no list", filepath.Base(file), m[1])
			}
		}
	}
	for _, code := range unreadable {
		if !found[code] {
			t.Errorf("%s is no code of a text that cannot be read", code)
		}
	}
}

// lintCodes is the list of codes in docs/rules.md.
func lintCodes() string {
	var b strings.Builder
	b.WriteString("Codes are stable and never used for anything else.\n\n| Code | What is wrong | The text |\n| --- | --- | --- |\n")
	for _, l := range rules.Lints() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", l.Code, l.Title, l.Class)
	}
	b.WriteString(`
The last column is the usual case. A Deny that never applies, or a condition that is always met, gives more than it looks like, and is
a warning. Those without a counterpart in IAM Access Analyzer are ` + "`RESOURCE_WITHOUT_ACTION`, `ACTION_WITHOUT_RESOURCE`," + `
` + "`FORALLVALUES_WITHOUT_NULL_CHECK` and `UNSATISFIABLE_STATEMENT`" + `.

Actions and resources are compared for services whose resource types are settled: ` + strings.Join(rules.ComparedServices(), ", ") + `.

These codes are of texts that cannot be read at all: ` + strings.Join(rules.UnreadableCodes(), ", ") + ".\n")
	return b.String()
}

// TestLintNews tells that only what is new in a text is said.
func TestLintNews(t *testing.T) {
	t.Parallel()
	const old = `{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}`
	update := func(before, after string) *extractors.Grant {
		g := linted{kind: identity, text: after}.grant(t)
		g.Action, g.Before = extractors.Update, lintSide(t, identity, before)
		return g
	}
	for _, c := range []struct {
		name          string
		before, after string
		want          []string
	}{
		{"the same", old, old, nil},
		{"moved and renamed", old, allow(`"Action": "sqs:SendMessage", "Resource": "*"`) + `, {"Sid": "B", "Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObjct"], "Resource": "*"}`, nil},
		{"another one", old, strings.ReplaceAll(old, "s3:GetObjct", "s3:GetObjcts"), []string{"note INVALID_ACTION"}},
		{"once more", old, old + "," + deny(`"Action": "s3:GetObjct", "Resource": "*"`), []string{"note INVALID_ACTION"}},
		{"mended", old, allow(`"Action": "s3:GetObject", "Resource": "*"`), nil},
		{"contradictory as before", allow(get(`"StringEquals": {"s3:prefix": "a"}, "Null": {"s3:prefix": "true"}`)),
			allow(strings.ReplaceAll(get(`"StringEquals": {"s3:prefix": "a"}, "Null": {"s3:prefix": "true"}`), "GetObject", "PutObject")), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(append([]string{}, c.want...), lint(update(c.before, c.after))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	g := update(allow(`"Action": "s3:GetObject", "Resource": "*"`), old)
	for _, action := range []extractors.Action{extractors.NoOp, extractors.Delete, extractors.Read, extractors.Forget} {
		g.Action = action
		if got := lint(g); len(got) > 0 {
			t.Errorf("%s: got %v, want nothing", action, got)
		}
	}
}

// TestLintFinding shows what a finding says.
func TestLintFinding(t *testing.T) {
	t.Parallel()
	g := linted{kind: identity, text: `{"Version": "2012-10-17", "Statement": [
  {"Sid": "A", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"},
  {"Effect": "Allow", "Action": ["sqs:*", "ec2:Describe"], "Resource": "*"}
]}`}.grant(t)
	g.Subject.Kind = "policy"
	fs := rules.Check(rules.Pass{Grant: g}, rules.Options{})
	if len(fs) != 1 {
		t.Fatalf("got %+v", fs)
	}
	day := catalog.Updated().Format("2006-01-02")
	want := []string{
		`policy x: "s3:GetObjct" is no action that was known on ` + day + `, and 1 more of the kind [INVALID_ACTION].`,
		`Statement "A", line 2, column 45 of the policy: "s3:GetObjct" is no action that was known on ` + day + `. Did you mean s3:GetObject?`,
		`Statement 1, line 3, column 43 of the policy: "ec2:Describe" is no action that was known on ` + day + `. Did you mean ec2:Describe*?`,
	}
	if diff := cmp.Diff(want, append([]string{fs[0].Message}, fs[0].Details...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if fs[0].Undecided || fs[0].Statement != nil {
		t.Errorf("undecided %v, statement %v", fs[0].Undecided, fs[0].Statement)
	}

	g.After.Sensitive = true
	fs = rules.Check(rules.Pass{Grant: g}, rules.Options{})
	if text := fmt.Sprint(fs); len(fs) != 1 || strings.Contains(text, "Objct") {
		t.Errorf("of a sensitive policy: %s", text)
	}
	g.After.Sensitive = false
	g.After.Symbols = []extractors.Symbol{{Text: "Objct", Reference: "aws_x.y.z"}}
	if got := lint(g); len(got) != 1 {
		t.Errorf("with a value that is not known: %v", got)
	}
}

// TestTells: what lints do not tell stays a remark on the input.
func TestTells(t *testing.T) {
	t.Parallel()
	text := allow(`"Sid": "a b", "Action": "s3:GetObject", "Resource": "*"`)
	told := linted{kind: identity, text: text}.grant(t)
	scp := linted{kind: extractors.SCP, text: text}.grant(t)
	foreign := linted{kind: identity, text: text}.grant(t)
	foreign.Type = "vault_aws_secret_backend_role"
	for i, c := range []struct {
		g    *extractors.Grant
		code string
		want bool
	}{
		{told, "UNSUPPORTED_SID", true}, {told, "UNIQUE_SIDS_RECOMMENDED", false}, {told, "", false},
		{scp, "UNSUPPORTED_SID", false}, {scp, "EMPTY_ARRAY_ACTION", true}, {foreign, "UNSUPPORTED_SID", false},
	} {
		if got := rules.Tells(c.g, c.code); got != c.want {
			t.Errorf("%d: %s: got %v", i, c.code, got)
		}
		if got := lint(c.g); c.code == "UNSUPPORTED_SID" && (len(got) > 0) != c.want {
			t.Errorf("%d: lints %v", i, got)
		}
	}
}

// managedFaults are the faults of the policies that AWS manages: actions on objects of a
// bucket in statements that name only the bucket, an action on a bucket in one that names
// only objects, and ForAllValues on a key with one value.
var managedFaults = map[string][]string{
	"AIOpsAssistantPolicy":                                     {"note RESOURCE_WITHOUT_ACTION"},
	"AWSTransformNetworkMigrationAgentPolicy":                  {"note ACTION_WITHOUT_RESOURCE"},
	"AWSTransformServerMigrationAgentPolicy":                   {"note ACTION_WITHOUT_RESOURCE"},
	"AmazonCodeGuruReviewerFullAccess":                         {"warning FORALLVALUES_WITH_SINGLE_VALUED_KEY"},
	"aws-service-role/AmazonCodeGuruReviewerServiceRolePolicy": {"warning FORALLVALUES_WITH_SINGLE_VALUED_KEY"},
}

// TestLintManagedPolicies finds nothing in the policies that AWS manages but real faults.
func TestLintManagedPolicies(t *testing.T) {
	t.Parallel()
	got := map[string][]string{}
	for _, arn := range catalog.ManagedPolicies() {
		text, _ := catalog.ManagedPolicy(arn)
		g := linted{kind: identity, text: text}.grant(t)
		g.Type = "" // the quotas of customers are not those of AWS
		if found := lint(g); len(found) > 0 {
			got[strings.TrimPrefix(arn, "arn:aws:iam::aws:policy/")] = found
		}
	}
	if diff := cmp.Diff(managedFaults, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLintHostile bounds the work on texts that are made to take long.
func TestLintHostile(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(`"`+format+`"`, i)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	for name, text := range map[string]string{
		"actions":    allow(`"Action": ` + many(10_000, "s3:GetObject%d") + `, "Resource": "*"`),
		"patterns":   allow(`"Action": ` + many(10_000, "ec2:*a*e*i*o*u*%d*") + `, "Resource": "*"`),
		"long names": allow(`"Action": "s3:GetObject", "Resource": ` + many(300, "arn:aws:s3:::"+strings.Repeat("*a", 1000)+"%d")),
		"pairs":      allow(`"Action": [` + strings.Repeat(`"s3:GetObject", `, 10_000) + `"s3:PutObject"], "Resource": ` + many(10_000, "arn:aws:s3:::a*b*%d*")),
		"keys":       allow(`"Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {` + `"` + strings.Trim(strings.ReplaceAll(many(5_000, "s3:key%d"), `",`, `": "*",`), `[]"`) + `": "*"}}`),
		"statements": strings.Repeat(deny(get(`"StringEquals": {"s3:prefix": "a"}, "StringLike": {"s3:prefix": "*b*c*d"}`))+",", 3_000) + allow(`"Action": "s3:*", "Resource": "*"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fs := rules.Check(rules.Pass{Grant: linted{kind: identity, text: text}.grant(t)}, rules.Options{})
			if len(fs) > len(rules.Lints()) {
				t.Errorf("%d findings", len(fs))
			}
			for _, f := range fs {
				if len(f.Details) > 12 {
					t.Errorf("%d details: %s", len(f.Details), f.Message)
				}
			}
		})
	}
}

// TestLintOfMadeStatements: names of actions that SAM wrote, which have the place of their
// whole statement, cannot be mended.
func TestLintOfMadeStatements(t *testing.T) {
	t.Parallel()
	g := grant(t, identity, "", allow(`"Action": "sqs:DeleteMessageBatch", "Resource": "*"`))
	s := &g.After.Document.Statements[0]
	if got := lint(g); len(got) != 1 {
		t.Fatalf("%q, want one finding", got)
	}
	s.Action.List[0].Place = s.Place
	if got := lint(g); !s.Range().HasLines() || len(got) != 0 {
		t.Errorf("%q, want none", got)
	}
}
