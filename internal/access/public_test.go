package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestPublishedPublicAccess holds the check to the published answers: those of the
// operation itself, and the definitions of "public" that services give with examples.
// Rows of kind ExternalAccess are not decided here: they need to know whose accounts
// are trusted.
func TestPublishedPublicAccess(t *testing.T) {
	type row struct {
		published
		ResourceType string
		Suspect      bool
	}
	verdicts := map[string]string{"PASS": "PASS", "FAIL": "FAIL", "PUBLIC": "FAIL", "NOT_PUBLIC": "PASS"}
	checked := 0
	eachLine(t, "verdicts/published.jsonl", func(row row) {
		want, ok := verdicts[row.Expected]
		if row.Suspect || !ok || row.Check != "CheckNoPublicAccess" && !strings.HasSuffix(row.Check, "_BPA_STATUS") {
			return
		}
		checked++
		t.Run(row.ID, func(t *testing.T) {
			got, err := access.NoPublicAccess(doc(t, row.New, policy.Resource), row.ResourceType, access.Options{})
			if err != nil || got.Verdict.String() != want {
				t.Fatalf("got %v %s %v, published %s\n%s\n%+v", got.Verdict, got.Reason, err, row.Expected, row.New, got.Gains)
			}
			if len(row.Reasons) > 0 && row.Reasons[0].StatementIndex != got.Gains[0].Statement {
				t.Errorf("reason names statement %d, published %d", got.Gains[0].Statement, row.Reasons[0].StatementIndex)
			}
		})
	})
	if checked < 15 {
		t.Errorf("only %d rows were checked", checked)
	}
}

// Short names of resource types.
const (
	bucketType, pointType, tableType = "AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::DynamoDB::Table"
	trustType, keyType, filesType    = "AWS::IAM::AssumeRolePolicyDocument", "AWS::KMS::Key", "AWS::EFS::FileSystem"
	functionType, apiType, queueType = "AWS::Lambda::Function", "AWS::ApiGateway::RestApi", "AWS::SQS::Queue"
	secretType, topicType            = "AWS::SecretsManager::Secret", "AWS::SNS::Topic"
	expressType, vaultType           = "AWS::S3Express::DirectoryBucket", "AWS::S3::Glacier"
)

// grant is an Allow statement without Resource for a principal, with operator, key
// and value of its conditions.
func grant(effect, principal string, conditions ...string) string {
	s := `{"Effect":"` + effect + `","Action":"*"`
	if not, ok := strings.CutPrefix(principal, "!"); ok {
		s += `,"NotPrincipal":` + not
	} else {
		s += `,"Principal":` + principal
	}
	if len(conditions) > 0 {
		s += `,"Condition":{`
		for i := 0; i < len(conditions); i += 3 {
			if i > 0 {
				s += ","
			}
			s += `"` + conditions[i] + `":{"` + conditions[i+1] + `":` + conditions[i+2] + `}`
		}
		s += "}"
	}
	return s + "}"
}

// open allows everyone who meets the conditions.
func open(conditions ...string) string { return grant("Allow", `"*"`, conditions...) }

// public and private say what a statement is in a policy of each of the types; without
// types, of all.
func public(ts ...string) map[string]access.Verdict  { return all(access.Fail, ts) }
func private(ts ...string) map[string]access.Verdict { return all(access.Pass, ts) }

func all(v access.Verdict, ts []string) map[string]access.Verdict {
	if len(ts) == 0 {
		ts = access.ResourceTypes()
	}
	m := map[string]access.Verdict{}
	for _, t := range ts {
		m[t] = v
	}
	return m
}

// only says that the statement is not public for the types alone.
func only(ts ...string) map[string]access.Verdict {
	m := public()
	for _, t := range ts {
		m[t] = access.Pass
	}
	return m
}

var (
	storageTypes = []string{bucketType, pointType, expressType, "AWS::S3Express::AccessPoint", "AWS::S3Outposts::Bucket", "AWS::S3Outposts::AccessPoint", filesType}
	tableTypes   = []string{tableType, "AWS::DynamoDB::Stream"}
)

const (
	account = `{"AWS":"111122223333"}`
	role    = `{"AWS":"arn:aws:iam::111122223333:role/r"}`
	github  = `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`
	cluster = `{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"}`
	cognito = `{"Federated":"cognito-identity.amazonaws.com"}`
	sub     = "token.actions.githubusercontent.com:sub"
)

func TestNoPublicAccess(t *testing.T) {
	for _, tt := range []struct {
		name, statements string
		want             map[string]access.Verdict
	}{
		// Principals.
		{"everyone", open(), public()},
		{"every AWS principal", grant("Allow", `{"AWS":"*"}`), public()},
		{"every AWS principal, in a list", grant("Allow", `{"AWS":["111122223333","*"]}`), public()},
		{"an account", grant("Allow", account), private()},
		{"a role", grant("Allow", role), private()},
		{"a session", grant("Allow", `{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"}`), private()},
		{"a deleted role", grant("Allow", `{"AWS":"AROAEXAMPLE1234567"}`), private()},
		{"a service", grant("Allow", `{"Service":"sns.amazonaws.com"}`), private()},
		{"a canonical user", grant("Allow", `{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`), private()},
		{"everyone but an account", grant("Allow", "!"+account), public()},
		{"nobody", grant("Allow", `{"AWS":[]}`), private()},
		{"only Deny", grant("Deny", `"*"`), private()},
		{"S3 for anyone's bucket", grant("Allow", `{"Service":"s3.amazonaws.com"}`), map[string]access.Verdict{functionType: access.Fail, queueType: access.Pass}},
		{"S3 for one's own", grant("Allow", `{"Service":"s3.amazonaws.com"}`, "StringEquals", "AWS:SourceAccount", `"111122223333"`), private()},
		{"a provider without a role", grant("Allow", `{"Federated":"graph.facebook.com"}`), public()},
		{"a SAML provider", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:saml-provider/p"}`), only(trustType)},
		{"any provider", grant("Allow", `{"Federated":"*"}`), public()},

		// Web identities in trust policies.
		{"GitHub, all of it", grant("Allow", github), public()},
		{"GitHub, by audience", grant("Allow", github, "StringEquals", "token.actions.githubusercontent.com:aud", `"sts.amazonaws.com"`), public()},
		{"GitHub, one branch", grant("Allow", github, "StringEquals", sub, `"repo:o/r:ref:refs/heads/main"`), only(trustType)},
		{"GitHub, an owner", grant("Allow", github, "StringLike", sub, `"repo:o/*"`), only(trustType)},
		{"GitHub, any owner", grant("Allow", github, "StringLike", sub, `["repo:o/*","repo:*/r"]`), public()},
		{"GitHub, beginning of an owner", grant("Allow", github, "StringLike", sub, `"repo:o*/r"`), public()},
		{"a cluster's service account", grant("Allow", cluster, "StringEquals", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud", `"sts.amazonaws.com"`), only(trustType)},
		{"a cluster without condition", grant("Allow", cluster), public()},
		{"an identity pool", grant("Allow", cognito, "StringEquals", "cognito-identity.amazonaws.com:aud", `"us-east-1:12345678-dead-beef-cafe-123456790ab"`,
			"ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr", `"unauthenticated"`), only(trustType)},
		{"a claim of another provider, which none of its requests has", grant("Allow", cognito, "StringEquals", sub, `"repo:o/r:x"`), only(trustType)},
		{"the same for every provider, of which one has such claims", grant("Allow", `{"Federated":"*"}`, "StringEquals", sub, `"repo:o/r:x"`), only(trustType)},
		{"every provider, by what is no limit", grant("Allow", `{"Federated":"*"}`, "StringLike", sub, `"repo:*"`), public()},
		{"the same beside the provider", grant("Allow", `{"Federated":["cognito-identity.amazonaws.com","arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]}`, "StringLike", sub, `"repo:*"`), public()},
		{"a claim of what may be the same provider, without its path", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/ent"}`, "StringLike", sub, `"repo:*"`), public()},
		{"a key of Amazon Cognito by its name in another partition", grant("Allow", `{"Federated":"cognito-identity-us-gov.amazonaws.com"}`,
			"ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr", `"authenticated"`), public()},
		{"a cluster by the claim of another one", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/A"}`,
			"StringLike", "oidc.eks.us-east-1.amazonaws.com/id/B:sub", `"*"`), only(trustType)},
		{"not a claim of another provider", grant("Allow", cognito, "StringNotEquals", sub, `"repo:o/r:x"`), public()},
		{"a claim of another provider if it exists", grant("Allow", cognito, "StringEqualsIfExists", sub, `"repo:o/r:x"`), public()},
		{"what is no key of a provider", grant("Allow", cognito, "StringEquals", "custom:sub", `"x"`), public()},
		{"a provider with a slash behind it", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/x.auth.example/"}`, "StringLike", "x.auth.example:sub", `"*"`), public()},
		{"a provider that is not known, without condition", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/(P)"}`), public()},
		{"a provider that is not known, by what may be its claim", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/(P)"}`, "StringEquals", sub, `"repo:o/r:x"`),
			only(trustType)},
		{"a provider that is not known, by what is no limit", grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/(P)"}`, "StringLike", sub, `"repo:*"`), public()},
		{"an external id", grant("Allow", `{"AWS":"*"}`, "StringEquals", "sts:ExternalId", `"x"`), public()},

		// Trusted keys.
		{"a principal", open("StringEquals", "aws:PrincipalArn", `"arn:aws:iam::111122223333:user/u"`), private()},
		{"a principal as ARN", open("ArnEquals", "aws:PrincipalArn", `"arn:aws:iam::111122223333:user/u"`), private()},
		{"principals of an account", open("ArnLike", "aws:PrincipalArn", `"arn:aws:iam::111122223333:role/*"`), private()},
		{"principals of any account", open("ArnLike", "aws:PrincipalArn", `"arn:aws:iam::*:role/r"`), public()},
		{"principals of some accounts", open("StringLike", "aws:PrincipalArn", `"arn:aws:iam::11112222333?:role/r"`), public()},
		{"principal account", open("StringEquals", "aws:PrincipalAccount", `["111122223333","444455556666"]`), private()},
		{"organization", open("StringEquals", "aws:PrincipalOrgID", `"o-a1b2c3d4e5"`), private()},
		{"any organization", open("StringLike", "aws:PrincipalOrgID", `"o-*"`), public()},
		{"unit", open("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"`), private()},
		{"unit without wildcard", open("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", `"o-a1b2c3d4e5/r-ab12/"`), private()},
		{"unit of any organization", open("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", `"o-*/r-ab12/*"`), public()},
		{"all units, or none", open("ForAllValues:StringLike", "aws:PrincipalOrgPaths", `"o-a1b2c3d4e5/*"`), public()},
		{"all units, and one", open("ForAllValues:StringLike", "aws:PrincipalOrgPaths", `"o-a1b2c3d4e5/*"`, "Null", "aws:PrincipalOrgPaths", `"false"`), private()},
		{"service by key", open("StringEquals", "aws:PrincipalServiceName", `"sns.amazonaws.com"`), private()},
		{"source account", open("StringEquals", "aws:SourceAccount", `"111122223333"`), private()},
		{"source", open("ArnEquals", "aws:SourceArn", `"arn:aws:sns:us-east-1:111122223333:t"`), private()},
		{"source with a wildcard", open("ArnLike", "aws:SourceArn", `"arn:aws:sns:us-east-1:111122223333:*"`), public()},
		{"short pattern of a source", open("ArnLike", "aws:SourceArn", `"arn:aws:sns"`), public()},
		{"network", open("StringEquals", "aws:SourceVpc", `"vpc-91237329"`), private()},
		{"network without case", open("StringEqualsIgnoreCase", "AWS:sourceVPC", `"VPC-91237329"`), private()},
		{"any network", open("StringLike", "aws:SourceVpc", `"vpc-*"`), public()},
		{"any network, as a text", open("StringEquals", "aws:SourceVpc", `"vpc-*"`), public()},
		{"a network or any", open("StringLike", "aws:SourceVpc", `["vpc-91237329","vpc-*"]`), public()},
		{"network of a tag", open("StringEquals", "aws:SourceVpc", `"${aws:PrincipalTag/vpc}"`), public()},
		{"another network", open("StringNotEquals", "aws:SourceVpc", `"vpc-91237329"`), public()},
		{"network, if any", open("StringEqualsIfExists", "aws:SourceVpc", `"vpc-91237329"`), public()},
		{"network, if any, and one", open("StringEqualsIfExists", "aws:SourceVpc", `"vpc-91237329"`, "Null", "aws:SourceVpc", `"false"`), public()},
		{"network among several", open("ForAnyValue:StringEquals", "aws:SourceVpc", `"vpc-91237329"`), private()},
		{"all of several networks", open("ForAllValues:StringEquals", "aws:SourceVpc", `"vpc-91237329"`, "Null", "aws:SourceVpc", `"false"`), private()},
		{"network that is there", open("Null", "aws:SourceVpc", `"false"`), public()},
		{"endpoint", open("StringEquals", "aws:SourceVpce", `"vpce-1a2b3c4d"`), private()},
		{"network by a number", open("NumericEquals", "aws:SourceAccount", `"111122223333"`), public()},
		{"session of a role", open("StringEquals", "aws:userid", `"AROAEXAMPLEID:s"`), private()},
		{"sessions of a role", open("StringLike", "aws:userid", `"AROAEXAMPLEID:*"`), only(storageTypes...)},
		{"sessions of roles", open("StringLike", "aws:userid", `"AROA*:s"`), public()},
		{"owner", open("StringEquals", "aws:SourceOwner", `"111122223333"`), only(append([]string{queueType, topicType}, storageTypes...)...)},
		{"caller's account", open("StringEquals", "kms:CallerAccount", `"111122223333"`), only(keyType)},
		{"caller's account and service", open("StringEquals", "kms:ViaService", `"s3.us-east-1.amazonaws.com"`), public()},
		{"mount target", open("Bool", "elasticfilesystem:AccessedViaMountTarget", `"true"`), only(filesType)},
		{"mount target or not", open("Bool", "elasticfilesystem:AccessedViaMountTarget", `["true","false"]`), public()},
		{"not by a mount target", open("Bool", "elasticfilesystem:AccessedViaMountTarget", `"false"`), public()},
		{"services", open("Bool", "aws:PrincipalIsAWSService", `true`), only(tableTypes...)},
		{"services, as a text", open("StringEquals", "aws:PrincipalIsAWSService", `"true"`), only(tableTypes...)},
		{"instances of a network", open("StringEquals", "aws:Ec2InstanceSourceVpc", `"vpc-91237329"`), only(tableTypes...)},
		{"source organization", open("StringEquals", "aws:SourceOrgID", `"o-a1b2c3d4e5"`), only(tableTypes...)},
		{"access points of an account", open("ArnLike", "s3:DataAccessPointArn", `"arn:aws:s3:us-west-2:123456789012:accesspoint/*"`), only(bucketType)},
		{"access points of accounts", open("ArnLike", "s3:DataAccessPointArn", `"arn:aws:s3:us-west-2:*:accesspoint/a"`), public()},
		{"an access point", open("ArnLike", "s3:DataAccessPointArn", `"arn:aws:s3:us-west-2:123456789012:accesspoint/a"`), only(bucketType, pointType)},
		{"account of access points", open("StringEquals", "s3:DataAccessPointAccount", `"123456789012"`), only(bucketType, pointType)},

		// Addresses.
		{"an address", open("IpAddress", "aws:SourceIp", `"10.23.166.155"`), only(append([]string{apiType}, storageTypes...)...)},
		{"ranges", open("IpAddress", "aws:SourceIp", `["203.0.113.0/24","10.0.0.0/8","172.16.0.0/12","2001:db8::/32"]`), only(append([]string{apiType}, storageTypes...)...)},
		{"half of all", open("IpAddress", "aws:SourceIp", `"0.0.0.0/1"`), public()},
		{"one range too broad", open("IpAddress", "aws:SourceIp", `["203.0.113.0/24","8.0.0.0/7"]`), public()},
		{"broad in IPv6", open("IpAddress", "aws:SourceIp", `"2001:db8::/31"`), public()},
		{"broad in pieces", open("IpAddress", "aws:SourceIp", `["8.0.0.0/8","9.0.0.0/9","9.128.0.0/9"]`), public()},
		{"broad in pieces within each other", open("IpAddress", "aws:SourceIp", `["8.0.0.0/8","8.1.0.0/16","9.0.0.0/8"]`), public()},
		{"broad in statements", open("IpAddress", "aws:SourceIp", `"8.0.0.0/8"`) + "," + open("IpAddress", "aws:SourceIp", `"9.0.0.0/8"`), public()},
		{"IPv4 in IPv6", open("IpAddress", "aws:SourceIp", `"::ffff:0:0/97"`), public()},
		{"IPv4 within IPv6", open("IpAddress", "aws:SourceIp", `"::/32"`), public()},
		{"an address as a text", open("StringEquals", "aws:SourceIp", `"203.0.113.9"`), public()},
		{"a text", open("StringLike", "aws:SourceIp", `"203.0.113.*"`), public()},
		{"other addresses", open("NotIpAddress", "aws:SourceIp", `"203.0.113.0/24"`), public()},

		// Keys that callers choose.
		{"tag", open("StringEquals", "aws:PrincipalTag/team", `"a"`), public()},
		{"referer", open("StringEquals", "aws:Referer", `"https://example.com"`), public()},
		{"user agent", open("StringEquals", "aws:UserAgent", `"x"`), public()},
		{"encrypted", open("Bool", "aws:SecureTransport", `"true"`), public()},
		{"key for encryption", open("StringEquals", "s3:x-amz-server-side-encryption-aws-kms-key-id", `"arn:aws:kms:us-east-1:111122223333:key/k"`), public()},

		// Several conditions, and Deny.
		{"a tag and a network", open("StringEquals", "aws:PrincipalTag/team", `"a"`, "StringLike", "aws:SourceVpc", `"vpc-1"`), private()},
		{"any network, an organization", open("StringLike", "aws:SourceVpc", `"vpc-*"`, "StringEquals", "aws:PrincipalOrgID", `"o-a1b2c3d4e5"`), private()},
		{"impossible", open("StringEquals", "k:a", `"x"`, "Null", "k:a", `"true"`), private()},
		{"all denied", open() + "," + grant("Deny", `{"AWS":"*","Service":"*","Federated":"*","CanonicalUser":"*"}`), private()},
		{"all but an account denied", open() + "," + grant("Deny", "!"+account), private()},
		{"an account denied", open() + "," + grant("Deny", account), public()},
		{"all but an organization denied", open() + "," + grant("Deny", `"*"`, "StringNotEquals", "aws:PrincipalOrgID", `"o-a1b2c3d4e5"`), private()},
		{"all but an organization denied, if any", open() + "," + grant("Deny", `"*"`, "StringNotEqualsIfExists", "aws:PrincipalOrgID", `"o-a1b2c3d4e5"`), private()},
		{"an organization denied", open() + "," + grant("Deny", `"*"`, "StringEquals", "aws:PrincipalOrgID", `"o-a1b2c3d4e5"`), public()},
		{"all but some addresses denied", open() + "," + grant("Deny", `"*"`, "NotIpAddress", "aws:SourceIp", `"203.0.113.0/24"`), only(append([]string{apiType}, storageTypes...)...)},
		{"all but half of the addresses denied", open() + "," + grant("Deny", `"*"`, "NotIpAddress", "aws:SourceIp", `"0.0.0.0/1"`), public()},
		{"unencrypted denied", open() + "," + grant("Deny", `"*"`, "Bool", "aws:SecureTransport", `"false"`), public()},
		{"no statement", "", private()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := mustParse(t, wrap(tt.statements), policy.Resource, false)[0]
			for resourceType, want := range tt.want {
				got, err := access.NoPublicAccess(doc, resourceType, access.Options{})
				if err != nil || got.Verdict != want {
					t.Errorf("%s: got %v %s %v, want %v\n%s\n%+v", resourceType, got.Verdict, got.Reason, err, want, tt.statements, got.Gains)
				}
			}
		})
	}
}

// TestPublicValues holds values that are fixed, and name nobody, to public access.
func TestPublicValues(t *testing.T) {
	service := func(name string) string { return `{"Service":"` + name + `"}` }
	for _, tt := range []struct{ name, resourceType, policy string }{
		{"the account of unsigned callers", bucketType, grant("Allow", `"*"`, "StringEquals", "aws:PrincipalAccount", `"anonymous"`)},
		{"it beside an account", tableType, grant("Allow", `"*"`, "StringEquals", "aws:PrincipalAccount", `["111122223333","anonymous"]`)},
		{"the id of unsigned callers", keyType, grant("Allow", `"*"`, "StringEquals", "aws:userid", `"anonymous"`)},
		{"it without regard to case", keyType, grant("Allow", `"*"`, "StringEqualsIgnoreCase", "aws:userid", `"ANONYMOUS"`)},
		{"no account", topicType, grant("Allow", `"*"`, "StringEquals", "aws:SourceOwner", `"1"`)},
		{"the canonical user of unsigned callers", bucketType, grant("Allow", `{"CanonicalUser":"65a011a29cdf8ec533ec3d1ccaae921c"}`)},
		{"S3 for a function", functionType, grant("Allow", service("s3.amazonaws.com"))},
		{"S3 by its own name", functionType, grant("Allow", service("s3.amazonaws.com"), "StringEquals", "aws:PrincipalServiceName", `"s3.amazonaws.com"`)},
		{"S3 by its name alone", functionType, grant("Allow", `"*"`, "StringEquals", "aws:PrincipalServiceName", `"s3.amazonaws.com"`)},
		{"S3 by one of its names", functionType, grant("Allow", `"*"`, "ForAnyValue:StringEquals", "aws:PrincipalServiceNamesList", `"s3.us-east-1.amazonaws.com"`)},
		{"S3 in capitals", functionType, grant("Allow", service("S3.amazonaws.com"))},
		{"S3 of a Region", functionType, grant("Allow", service("s3.us-east-1.amazonaws.com"))},
		{"S3 of China", functionType, grant("Allow", service("s3.amazonaws.com.cn"))},
		{"S3 by two of its names", functionType, grant("Allow", service("s3.us-east-1.amazonaws.com"), "StringEquals", "aws:PrincipalServiceName", `"s3.amazonaws.com"`)},
		{"S3 by two of its names, the other way round", functionType, grant("Allow", service("s3.amazonaws.com"), "StringEquals", "aws:PrincipalServiceName", `"s3.us-east-1.amazonaws.com"`)},
		{"S3 in capitals by its name", functionType, grant("Allow", service("S3.amazonaws.com"), "StringEquals", "aws:PrincipalServiceName", `"s3.amazonaws.com"`)},
		{"a SAML provider of another service", trustType, grant("Allow", `{"Federated":"arn:aws:x::111122223333:saml-provider/p"}`)},
		{"a provider that looks like SAML", trustType, grant("Allow", `{"Federated":"arn:aws:iam::111122223333:oidc-provider/a.example/:saml-provider/x"}`)},
	} {
		got, err := access.NoPublicAccess(mustParse(t, wrap(tt.policy), policy.Resource, true)[0], tt.resourceType, access.Options{})
		if err != nil || got.Verdict != access.Fail {
			t.Errorf("%s: got %v %s, %v", tt.name, got.Verdict, got.Reason, err)
		}
	}
}

// A provider that is not known can only be one of SAML where nothing else may be asked for;
// facts about requests are left out in a strictly open world.
func TestPublicProviders(t *testing.T) {
	saml := func(action string) string {
		return `{"Effect":"Allow","Principal":{"Federated":"(P)"},"Action":` + action + `,"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}`
	}
	claim := grant("Allow", cognito, "StringEquals", sub, `"repo:o/r:x"`)
	for _, tt := range []struct {
		statement string
		strict    bool
		want      access.Verdict
	}{
		{saml(`"sts:AssumeRoleWithSAML"`), false, access.Pass},
		{saml(`["sts:AssumeRoleWithSAML","sts:TagSession"]`), false, access.Pass},
		{saml(`["sts:AssumeRoleWithSAML","sts:AssumeRoleWithWebIdentity"]`), false, access.Fail},
		{saml(`"sts:*"`), false, access.Fail},
		{saml(`"sts:AssumeRoleWithSAML"`), true, access.Fail},
		{`{"Effect":"Allow","Principal":"*","Action":"sts:*"},{"Effect":"Deny","NotPrincipal":{"Federated":"(P)"},"Action":"sts:*"}`, false, access.Fail},
		{`{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:*"},{"Effect":"Deny","NotPrincipal":{"Federated":"(P)"},"Action":"sts:*"}`, false, access.Fail},
		{claim, false, access.Pass},
		{claim, true, access.Fail},
	} {
		got, err := access.NoPublicAccess(mustParse(t, wrap(tt.statement), policy.Resource, true)[0], trustType, access.Options{StrictOpenWorld: tt.strict})
		if err != nil || got.Verdict != tt.want {
			t.Errorf("%s, strict %v: %v %v, want %v", tt.statement, tt.strict, got.Verdict, err, tt.want)
		}
	}
}

func TestPublicStatement(t *testing.T) {
	text := wrap(grant("Allow", account) + "," + open("StringEquals", "aws:SourceVpc", `"vpc-1"`) + "," +
		open("StringLike", "aws:SourceVpc", `"vpc-?"`) + "," + open())
	doc := mustParse(t, text, policy.Resource, false)[0]
	first, err := access.NoPublicAccess(doc, bucketType, access.Options{Resource: "arn:aws:s3:::b/k"})
	if err != nil || len(first.Gains) != 1 || first.Gains[0].Statement != 2 {
		t.Fatalf("%+v %v, want statement 2", first, err)
	}
	w := first.Gains[0].Witness
	if vpc := w.Context["aws:SourceVpc"]; w.Principal.Type != policy.PrincipalAll || w.Resource != "arn:aws:s3:::b/k" || len(vpc) != 1 || vpc[0] == "vpc-1" {
		t.Errorf("witness %+v", w)
	}
	every, err := access.NoPublicAccess(doc, bucketType, access.Options{Explain: true})
	if err != nil || len(every.Gains) != 2 || every.Gains[1].Statement != 3 || every.Gains[1].Conditions != nil {
		t.Errorf("%+v %v, want statements 2 and 3, compared with nothing", every, err)
	}
}

func TestPublicAccessErrors(t *testing.T) {
	if got := access.ResourceTypes(); len(got) != 26 || got[0] != "AWS::ApiGateway::RestApi" {
		t.Errorf("resource types: %v", got)
	}
	everyone := mustParse(t, wrap(open()), policy.Resource, false)[0]
	identity := mustParse(t, wrap(everything), policy.Identity, false)[0]
	for _, tt := range []struct {
		name, resourceType, want string
		doc                      *policy.Document
	}{
		{"unknown type", "AWS::EC2::Instance", "AWS::S3::Bucket", everyone},
		{"no type", "", "AWS::S3::Bucket", everyone},
		{"identity policy", bucketType, "resource policy", identity},
		{"no document", bucketType, "resource policy", nil},
	} {
		if got, err := access.NoPublicAccess(tt.doc, tt.resourceType, access.Options{}); err == nil || !strings.Contains(err.Error(), tt.want) || got.Verdict != 0 {
			t.Errorf("%s: got %v, %v", tt.name, got, err)
		}
	}
}

func TestPublicAccessUndetermined(t *testing.T) {
	const notKnown = "the principal unknown:%s is not known and may be everyone"
	for name, tt := range map[string]struct {
		statements, reason string
		work               int
	}{
		"work":                               {open("StringLike", "aws:SourceVpc", `"vpc-*"`), "the comparison needs more work than its bound allows", 1},
		"unknown principal exempt":           {open() + "," + grant("Deny", `!{"AWS":"unknown:var.account"}`), fmt.Sprintf(notKnown, "var.account"), 0},
		"unknown principal":                  {grant("Allow", `{"AWS":"unknown:var.account"}`), fmt.Sprintf(notKnown, "var.account"), 0},
		"unknown service":                    {grant("Allow", `{"Service":"unknown:var.who"}`), "the service unknown:var.who is not known and may be all of them", 0},
		"unknown services exempt":            {open() + "," + grant("Deny", `!{"Service":["unknown:var.a","unknown:var.b"]}`), "the services unknown:var.a and unknown:var.b are not known and may be all of them", 0},
		"unknown service and account":        {grant("Allow", `{"Service":"unknown:var.a","AWS":"unknown:var.b"}`), "the principals unknown:var.a and unknown:var.b are not known and may be everyone", 0},
		"unknown service that is an account": {grant("Allow", `{"Service":"unknown:var.a","AWS":"unknown:var.a"}`), "the principal unknown:var.a is not known and may be everyone", 0},
		"unknown provider":                   {grant("Allow", `{"Federated":"unknown:var.who"}`), "the identity provider unknown:var.who is not known and may be all of them", 0},
		"unknown principals": {grant("Allow", `{"AWS":["unknown:var.a","unknown:var.b"]}`) + "," + grant("Allow", `{"AWS":"unknown:var.c"}`) + "," +
			grant("Allow", `{"AWS":"unknown:var.d"}`, "StringEquals", "aws:SourceVpc", `"vpc-1"`),
			"the principals unknown:var.a, unknown:var.b and unknown:var.c are not known and may be everyone", 0},
	} {
		got, err := access.NoPublicAccess(mustParse(t, wrap(tt.statements), policy.Resource, false)[0], trustType, access.Options{Work: tt.work})
		if err != nil || got.Verdict != access.Undetermined || got.Reason != tt.reason {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// TestPublicAccessUnknown: a principal that is not known leaves nothing open where
// the policy is not public whoever it is.
func TestPublicAccessUnknown(t *testing.T) {
	const unknown = `{"AWS":"unknown:var.account"}`
	for _, statements := range []string{
		grant("Allow", account) + "," + grant("Deny", unknown),
		grant("Allow", account) + "," + grant("Deny", "!"+unknown),
		grant("Allow", unknown, "StringEquals", "aws:SourceVpc", `"vpc-1"`),
	} {
		got, err := access.NoPublicAccess(mustParse(t, wrap(statements), policy.Resource, false)[0], bucketType, access.Options{})
		if err != nil || got.Verdict != access.Pass {
			t.Errorf("got %+v, %v\n%s", got, err, statements)
		}
	}
}

// TestPublicAccessByReference: wildcards in a principal, as only reference policies
// have them, leave an account fixed, and a witness is of no account that is named.
func TestPublicAccessByReference(t *testing.T) {
	check := func(principal string) access.Result {
		got, err := access.NoPublicAccess(mustParse(t, wrap(grant("Allow", principal)), policy.Resource, true)[0], bucketType, access.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := check(`{"AWS":"arn:aws:iam::111111111111:role/*"}`); got.Verdict != access.Pass {
		t.Errorf("roles of an account: %+v", got)
	}
	got := check(`{"AWS":["arn:aws:iam::*:role/x","arn:aws:iam::111111111111:user/u"]}`)
	if got.Verdict != access.Fail || strings.Contains(got.Gains[0].Witness.Principal.ID, "111111111111") {
		t.Errorf("a role of any account: %+v", got)
	}
	if got := check(`{"AWS":"arn:aws:iam::11111111111?:role/x"}`); got.Verdict != access.Fail {
		t.Errorf("a role of some accounts: %+v", got)
	}
}

// TestPublicAccessVersion: a value in the form of a policy variable is not taken for
// fixed in a version without variables, either.
func TestPublicAccessVersion(t *testing.T) {
	text := `{"Statement":` + open("StringEquals", "aws:SourceVpc", `"${aws:PrincipalTag/vpc}"`) + `}`
	got, err := access.NoPublicAccess(mustParse(t, text, policy.Resource, false)[0], bucketType, access.Options{})
	if err != nil || got.Verdict != access.Fail {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestPublicAccessOfManyAccounts: as many principals as a policy has room for are
// decided within the bound.
func TestPublicAccessOfManyAccounts(t *testing.T) {
	many := `{"AWS":[` + repeat(300, func(i int) string { return fmt.Sprintf(`"arn:aws:iam::%012d:role/r"`, i) }) + `]}`
	for statements, want := range map[string]access.Verdict{
		grant("Allow", many):                   access.Pass,
		open() + "," + grant("Deny", "!"+many): access.Pass,
		grant("Allow", many) + "," + open():    access.Fail,
	} {
		got, err := access.NoPublicAccess(mustParse(t, wrap(statements), policy.Resource, false)[0], bucketType, access.Options{})
		if err != nil || got.Verdict != want {
			t.Errorf("got %v %s %v, want %v", got.Verdict, got.Reason, err, want)
		}
	}
}
