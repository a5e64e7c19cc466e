package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// mustParse reads a policy of the tests; ref allows wildcards in principals.
func mustParse(t testing.TB, text string, kind policy.Kind, ref bool) []*policy.Document {
	t.Helper()
	d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind, Reference: ref})
	if diags.HasErrors() {
		t.Fatalf("parse %s: %v", text, diags)
	}
	return []*policy.Document{d}
}

func wrap(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

// on is a statement that allows everything on a condition.
func on(condition string) string {
	return `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{` + condition + `}}`
}

// res is a statement that allows everything on a resource.
func res(arn string) string {
	return `{"Effect":"Allow","Action":"*","Resource":"` + arn + `"}`
}

// onAPI is a statement of a resource policy about requests to an API.
func onAPI(resource string) string {
	return `{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"` + resource + `"}`
}

// who is a statement of a resource policy.
func who(effect, element, value string) string {
	return `{"Effect":"` + effect + `","` + element + `":` + value + `,"Action":"*","Resource":"*"}`
}

const (
	everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	anyone     = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
)

var manyVariables = repeat(8, func(i int) string { return res("arn:aws:s3:::x${k:" + string(rune('a'+i)) + "}") })

// TestNoNewAccess holds the engine to single cases, each of which tells one rule
// apart from a plausible other one.
func TestNoNewAccess(t *testing.T) {
	for _, tt := range []struct {
		name          string
		kind          policy.Kind // 0: identity
		before, after string
		want          access.Verdict
	}{
		// Derived verdicts: what follows from the rules without a published answer.
		{"like a star within like star", 0, on(`"StringLike":{"k:t":"*"}`), on(`"StringLike":{"k:t":"a*"}`), access.Pass},
		{"equals within equals without case", 0, on(`"StringEqualsIgnoreCase":{"k:t":"A"}`), on(`"StringEquals":{"k:t":"a"}`), access.Pass},
		{"equals without case within equals", 0, on(`"StringEquals":{"k:t":"a"}`), on(`"StringEqualsIgnoreCase":{"k:t":"A"}`), access.Fail},
		{"less than 5 within less than 10", 0, on(`"NumericLessThan":{"k:n":"10"}`), on(`"NumericLessThan":{"k:n":"5"}`), access.Pass},
		{"less than 10 within less than 5", 0, on(`"NumericLessThan":{"k:n":"5"}`), on(`"NumericLessThan":{"k:n":"10"}`), access.Fail},
		{"a tag that is no Boolean", 0, on(`"Bool":{"aws:PrincipalTag/a":["true","false"]}`) + "," + on(`"Null":{"aws:PrincipalTag/a":"true"}`), everything, access.Fail},
		{"a tag that is no number", 0, on(`"NumericLessThan":{"aws:PrincipalTag/a":"1"}`) + "," + on(`"NumericGreaterThanEquals":{"aws:PrincipalTag/a":"1"}`) + "," + on(`"Null":{"aws:PrincipalTag/a":"true"}`), everything, access.Fail},
		{"a tag that is no address", 0, on(`"IpAddress":{"aws:PrincipalTag/a":["0.0.0.0/0","::/0"]}`) + "," + on(`"Null":{"aws:PrincipalTag/a":"true"}`), everything, access.Fail},
		{"a key that is a number", 0, on(`"NumericLessThan":{"s3:max-keys":"1"}`) + "," + on(`"NumericGreaterThanEquals":{"s3:max-keys":"1"}`) + "," + on(`"Null":{"s3:max-keys":"true"}`), everything, access.Pass},
		{"a key that is a Boolean, beside texts", 0, on(`"Bool":{"aws:SecureTransport":["true","false"]}`), on(`"StringLike":{"aws:SecureTransport":"*"}`), access.Pass},
		{"range within range", 0, on(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), on(`"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}`), access.Pass},
		{"IPv6 escapes a negated IPv4 range", 0, on(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), on(`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), access.Fail},
		{"if exists adds the absent key", 0, on(`"StringEquals":{"k:t":"a"}`), on(`"StringEqualsIfExists":{"k:t":"a"}`), access.Fail},
		{"for all adds the empty string", 0, on(`"ForAnyValue:StringEquals":{"k:t":"a"}`), on(`"ForAllValues:StringEquals":{"k:t":"a"},"Null":{"k:t":"false"}`), access.Fail},
		{"for all and not the empty string", 0, on(`"ForAnyValue:StringEquals":{"k:t":"a"}`), on(`"ForAllValues:StringEquals":{"k:t":"a"},"ForAnyValue:StringLike":{"k:t":"?*"}`), access.Pass},
		{"not for all is not the empty string", 0, on(`"ForAllValues:StringEquals":{"k:t":["a","b"]},"Null":{"k:t":"false"}`) + `,` + on(`"ForAnyValue:StringNotEquals":{"k:t":""}`), on(`"Null":{"k:t":"false"}`), access.Pass},
		{"for all adds the empty set", 0, on(`"ForAnyValue:StringEquals":{"k:t":"a"}`), on(`"ForAllValues:StringEquals":{"k:t":"a"}`), access.Fail},
		{"unsatisfiable allow", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`, on(`"Null":{"k:t":"true"},"StringEquals":{"k:t":"a"}`), access.Pass},
		{"empty range of numbers", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`, on(`"NumericLessThan":{"k:n":"10"},"NumericGreaterThan":{"k:n":"20"}`), access.Pass},
		{"parts make the whole", 0, `{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"},{"Effect":"Allow","NotAction":"s3:Get*","Resource":"*"}`, everything, access.Pass},
		{"enumerated actions do not make a pattern", 0, `{"Effect":"Allow","Action":["s3:GetObject","s3:GetBucketAcl"],"Resource":"*"}`, `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`, access.Fail},
		{"wildcard stops at a colon", 0, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/my-sensitive-roles/*"}`,
			`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/my-custom-role"}`, access.Pass},
		{"deny of an absent tag", 0, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"*","Condition":{"Null":{"aws:RequestTag/k":"true"}}}`,
			`{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/k":"v"}}}`, access.Pass},
		{"literal star of equals", 0, on(`"StringEquals":{"k:t":"a*"}`), on(`"StringEquals":{"k:t":"ab"}`), access.Fail},
		{"ARN operator takes wildcards", 0, on(`"ArnEquals":{"k:t":"arn:aws:iam::1:role/*"}`), on(`"StringEquals":{"k:t":"arn:aws:iam::1:role/x"}`), access.Pass},
		{"short pattern of an ARN operator may grant", 0, on(`"StringEquals":{"k:t":"x"}`), on(`"ArnLike":{"k:t":"arn:aws:iam::*"}`), access.Fail},
		{"short pattern of an ARN operator may not cover", 0, on(`"ArnLike":{"k:t":"arn:aws:iam::*"}`), on(`"ArnLike":{"k:t":"arn:aws:iam::1:role/x"}`), access.Fail},
		{"short pattern within its extension", 0, on(`"StringLike":{"k:t":"arn:aws:iam::*"}`), on(`"ArnLike":{"k:t":"arn:aws:iam::*"}`), access.Pass},
		{"short pattern does not cross a field", 0, on(`"StringLike":{"k:t":"arn:aws:iam::*"}`), on(`"ArnLike":{"k:t":"arn:aws:iam*"}`), access.Fail},
		{"short form of API Gateway covers any API", policy.Resource, onAPI("execute-api:/prod/*"), onAPI("arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/x"), access.Pass},
		{"short form of API Gateway starts at the stage", policy.Resource, onAPI("execute-api:/prod/*"), onAPI("arn:aws:execute-api:us-east-1:111122223333:abc/dev/prod/GET"), access.Fail},
		{"short form of API Gateway has an id", policy.Resource, onAPI("execute-api:/prod/*"), onAPI("arn:aws:execute-api:us-east-1:111122223333:/prod/GET/x"), access.Fail},
		{"short form of API Gateway is of its service", policy.Resource, onAPI("execute-api:/*"), onAPI("arn:aws:s3:::abc/prod"), access.Fail},
		{"short form of API Gateway grows", policy.Resource, onAPI("execute-api:/prod/*"), onAPI("execute-api:/*/GET"), access.Fail},
		{"short form of API Gateway with a variable", policy.Resource, onAPI("execute-api:/prod/*"), onAPI("execute-api:/prod/${aws:username}"), access.Pass},
		{"short form of API Gateway is denied", policy.Resource, onAPI("arn:aws:s3:::b"), onAPI("execute-api:/prod/*") + `,` + strings.Replace(onAPI("execute-api:/*"), "Allow", "Deny", 1), access.Pass},
		{"same instant in two forms", 0, on(`"DateGreaterThan":{"aws:CurrentTime":"1585699200"}`), on(`"DateGreaterThan":{"aws:CurrentTime":"2020-04-01T00:00:00Z"}`), access.Pass},
		{"negated any needs a value", 0, on(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}`), on(`"StringNotEquals":{"aws:TagKeys":"a"}`), access.Fail},
		{"never more than itself", 0, on(`"StringLike":{"k:t":"${aws:username}*"}`), on(`"StringLike":{"k:t":"${aws:username}*"}`), access.Pass},

		// Typed values are of the forms that the model has, and of no others.
		{"exponent beyond two digits", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`, on(`"NumericLessThan":{"k:n":"1e100"}`), access.Fail},
		{"beyond the largest end", 0, on(`"NumericLessThanEquals":{"k:n":"1e400"},"Null":{"k:n":"false"}`), on(`"NumericGreaterThan":{"k:n":"5"}`), access.Fail},
		{"instants closer than a nanosecond", 0, on(`"DateLessThan":{"k:d":"2020-01-01T00:00:00.00000000001Z"}`),
			on(`"DateLessThan":{"k:d":"2020-01-01T00:00:00.00000000002Z"}`), access.Fail},
		{"instants beyond the year 9999", 0, on(`"DateLessThan":{"k:d":"9999-12-31T23:59:59.5Z"}`), on(`"DateGreaterThan":{"k:d":"2020-01-01"}`), access.Fail},
		{"one text, a number and a year", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`,
			on(`"NumericEquals":{"aws:EpochTime":"2020"},"DateEquals":{"aws:EpochTime":"2020"}`), access.Fail},
		{"spelling of a Boolean", 0, on(`"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SecureTransport":"true"}`), on(`"Bool":{"aws:SecureTransport":"true"}`), access.Pass},
		{"spelling of a Boolean that is a tag", 0, on(`"Bool":{"aws:PrincipalTag/a":"true"},"StringEquals":{"aws:PrincipalTag/a":"true"}`), on(`"Bool":{"aws:PrincipalTag/a":"true"}`), access.Fail},
		{"spelling of a Boolean that is not listed", 0, on(`"Bool":{"k:b":"true"},"StringEquals":{"k:b":"true"}`), on(`"Bool":{"k:b":"true"}`), access.Fail},
		{"text of a number key", 0, on(`"NumericLessThan":{"k:n":"5"}`), on(`"StringEquals":{"k:n":["1","2"]}`), access.Pass},
		{"number as a text", 0, on(`"StringEquals":{"s3:max-keys":"10"}`), on(`"NumericEquals":{"s3:max-keys":"10"}`), access.Fail},
		{"number of a tag as a text", 0, on(`"StringEquals":{"aws:PrincipalTag/n":"10"}`), on(`"NumericEquals":{"aws:PrincipalTag/n":"10"}`), access.Fail},
		{"number not as a text", 0, on(`"StringNotEquals":{"k:n":"5"}`), on(`"NumericEquals":{"k:n":"5"}`), access.Fail},
		{"number like a text", 0, on(`"StringLike":{"k:n":"5*"}`), on(`"NumericEquals":{"k:n":"5"}`), access.Fail},
		{"numbers of one character", 0, on(`"NumericLessThan":{"k:n":"10"}`), on(`"StringLike":{"k:n":"?"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers of one character, and one too few", 0, on(`"NumericLessThan":{"k:n":"9"}`), on(`"StringLike":{"k:n":"?"},"NumericGreaterThan":{"k:n":"0"}`), access.Fail},
		{"numbers of two characters", 0, on(`"NumericLessThan":{"k:n":"100"}`), on(`"StringLike":{"k:n":"??"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers of three characters", 0, on(`"NumericLessThan":{"k:n":"1000"}`), on(`"StringLike":{"k:n":"???"},"NumericGreaterThan":{"k:n":"0"}`), access.Fail}, // 1e9
		{"numbers of three characters with exponents", 0, on(`"NumericLessThanEquals":{"k:n":"9e9"}`), on(`"StringLike":{"k:n":"???"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers that begin alike", 0, on(`"NumericGreaterThanEquals":{"k:n":"1"}`), on(`"StringLike":{"k:n":"1*"},"NumericLessThan":{"k:n":"50"}`), access.Fail}, // 1e-9
		{"numbers that begin alike, between which there are others", 0, on(`"NumericLessThan":{"k:n":"2"}`) + "," + on(`"NumericGreaterThanEquals":{"k:n":"3"}`), on(`"StringLike":{"k:n":"1*"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers that begin alike, and a gap that they reach", 0, on(`"NumericLessThan":{"k:n":"1.9e3"}`) + "," + on(`"NumericGreaterThan":{"k:n":"2e3"}`), on(`"StringLike":{"k:n":"1*"},"NumericGreaterThan":{"k:n":"0"}`), access.Fail}, // 1900
		{"numbers that begin alike, beside a variable and a key that follows from the resource", 0, on(`"NumericLessThan":{"k:n":"2"}`) + "," + on(`"NumericGreaterThanEquals":{"k:n":"3"}`),
			inBucket("${k:a}*", `"StringLike":{"k:n":"1*"},"NumericGreaterThan":{"k:n":"0"},"StringEquals":{"aws:ResourceAccount":"111122223333"}`), access.Pass},
		{"numbers that end in an exponent", 0, on(`"NumericGreaterThanEquals":{"k:n":"1e7"}`), on(`"StringLike":{"k:n":"*1e7"},"NumericGreaterThan":{"k:n":"0"}`), access.Fail}, // 0.1e7
		{"numbers that end in an exponent, and are whole", 0, on(`"NumericGreaterThanEquals":{"k:n":"1e7"}`), on(`"StringLike":{"k:n":"*1e7"},"StringNotLike":{"k:n":"*.*"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers with the lowest exponent", 0, on(`"NumericLessThan":{"k:n":"1e-399"}`), on(`"StringLike":{"k:n":"?e-4??"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"numbers of as many digits as are read", 0, on(`"NumericLessThan":{"k:n":"1e-3"}`), on(`"StringLike":{"k:n":"0.` + strings.Repeat("0", 198) + `*"},"NumericGreaterThan":{"k:n":"0"}`), access.Pass},
		{"instants of a month", 0, on(`"DateGreaterThanEquals":{"k:d":"2026-02-28T10:00Z"},"DateLessThan":{"k:d":"2026-04-01T12:00Z"}`), on(`"StringLike":{"k:d":"2026-03*"},"DateGreaterThan":{"k:d":"1970"}`), access.Fail}, // +24:60
		{"instants of a month in all zones", 0, on(`"DateGreaterThanEquals":{"k:d":"2026-02-27T23:00Z"},"DateLessThan":{"k:d":"2026-04-02T01:00Z"}`), on(`"StringLike":{"k:d":"2026-03*"},"DateGreaterThan":{"k:d":"1970"}`), access.Pass},
		{"instants of a month in zones of one hour", 0, on(`"DateGreaterThanEquals":{"k:d":"2026-02-28T23:00Z"},"DateLessThan":{"k:d":"2026-04-01T01:00Z"}`), on(`"StringLike":{"k:d":["2026-03*+01:00","2026-03*-01:00"]},"DateGreaterThan":{"k:d":"1970"}`), access.Pass},
		{"a day that a year lacks", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`, on(`"StringLike":{"k:d":"2026-02-29*"},"DateGreaterThan":{"k:d":"1970"}`), access.Pass},
		{"a fraction within a zone is no instant", 0, on(`"StringEquals":{"k:d":"2026-01-02T15:04-07.5:00"},"DateGreaterThan":{"k:d":"2000"}`), on(`"StringEquals":{"k:d":"2026-01-02T15:04-07.5:00"}`), access.Fail},
		{"addresses of IPv6 that begin alike", 0, on(`"IpAddress":{"k:a":"2001:db8::/32"}`), on(`"StringLike":{"k:a":"2001:db8:*"},"IpAddress":{"k:a":"::/0"}`), access.Pass},
		{"addresses of IPv6 that may have zeros in front", 0, on(`"IpAddress":{"k:a":"2001:db8::/32"}`), on(`"StringLike":{"k:a":"2001:*db8:*"},"IpAddress":{"k:a":"::/0"}`), access.Fail},
		{"addresses of IPv6 that end as IPv4 does", 0, on(`"IpAddress":{"k:a":"::/96"}`), on(`"StringLike":{"k:a":"::*.?"},"IpAddress":{"k:a":"::/0"}`), access.Fail}, // ::1:0.0.0.0
		{"address as a text", 0, on(`"StringEquals":{"aws:SourceIp":"203.0.113.7"}`), on(`"IpAddress":{"aws:SourceIp":"203.0.113.7/32"}`), access.Pass},
		{"addresses as texts", 0, on(`"StringEquals":{"aws:SourceIp":["203.0.113.6","203.0.113.7"]}`), on(`"IpAddress":{"aws:SourceIp":"203.0.113.6/31"}`), access.Pass},
		{"addresses as too few texts", 0, on(`"StringEquals":{"aws:SourceIp":["203.0.113.6","203.0.113.7"]}`), on(`"IpAddress":{"aws:SourceIp":"203.0.113.4/30"}`), access.Fail},
		{"address of IPv6 as a text", 0, on(`"StringEquals":{"aws:SourceIp":"2001:db8::1"}`), on(`"IpAddress":{"aws:SourceIp":"2001:db8::1"}`), access.Fail},
		{"addresses like a text", 0, on(`"StringLike":{"aws:SourceIp":"10.*"}`), on(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), access.Pass},
		{"address in any case", 0, on(`"IpAddress":{"k:a":"abcd::/16"}`), on(`"StringEqualsIgnoreCase":{"k:a":"abcd:ef01:abcd:ef01:abcd:ef01:abcd:ef01"}`), access.Pass},
		{"address in any case, outside of a range", 0, on(`"IpAddress":{"k:a":"abcd::/17"}`), on(`"StringEqualsIgnoreCase":{"k:a":"abcd:ef01:abcd:ef01:abcd:ef01:abcd:ef01"}`), access.Fail},
		{"no number of nine digits in any order", 0, on(`"NumericGreaterThan":{"k:n":"123456788"}`), on(`"StringNotLike":{"k:n":"??????????*"}`) + digitsOf("k:n", "123456789"), access.Pass},
		{"a number of nine digits in any order", 0, on(`"NumericLessThan":{"k:n":"987654320"}`), on(`"StringNotLike":{"k:n":"??????????*"}`) + digitsOf("k:n", "123456789"), access.Fail},
		{"no fraction of a second in any order", 0, on(`"DateGreaterThan":{"k:d":"2022-02-20T22:02:20.13456788Z"}`), on(`"StringLike":{"k:d":"2022-02-20T22:02:20.????????Z"}`) + digitsOf("k:d", "13456789"), access.Pass},
		{"instant as a text", 0, on(`"StringEquals":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`), on(`"DateEquals":{"aws:TokenIssueTime":"2020-01-01T00:00:00Z"}`), access.Fail},
		{"bytes as a text", 0, on(`"StringEquals":{"k:b":"YQ=="}`), on(`"BinaryEquals":{"k:b":"YQ=="}`), access.Pass},
		{"two numbers of one range", 0, on(`"NumericLessThan":{"k:n":"5"}`) + "," + on(`"ForAllValues:NumericNotEquals":{"k:n":"1"}`), on(`"ForAllValues:NumericEquals":{"k:n":"1"},"Null":{"k:n":"false"}`), access.Fail},
		{"two addresses of one range", 0, on(`"IpAddress":{"k:a":"203.0.113.7/32"}`) + "," + on(`"ForAllValues:StringEquals":{"k:a":""}`), on(`"ForAllValues:IpAddress":{"k:a":"203.0.113.7/32"}`), access.Pass},
		{"several values of a known multivalued key", 0, on(`"StringEquals":{"aws:TagKeys":"a"}`),
			everything + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:TagKeys":"a"}}}`, access.Fail},
		{"IPv4 in IPv6 is IPv6", 0, on(`"IpAddress":{"aws:SourceIp":"1.2.3.0/24"}`), on(`"IpAddress":{"aws:SourceIp":"::ffff:1.2.3.4"}`), access.Fail},

		// Policy variables.
		{"variable in any case", 0, on(`"StringEquals":{"k:t":"${aws:username}"}`), on(`"StringEqualsIgnoreCase":{"k:t":"${aws:username}"}`), access.Fail},
		{"variable in its case", 0, on(`"StringEqualsIgnoreCase":{"k:t":"${aws:username}"}`), on(`"StringEquals":{"k:t":"${aws:username}"}`), access.Pass},
		{"default with a colon in a field", 0, res("arn:aws:s3::${aws:username, 'a:b'}:x"), res("arn:aws:s3::a:b:x"), access.Fail},
		{"keys that spell alike", 0, res("arn:aws:s3:::${a:b=c}"), res("arn:aws:s3:::${a:b, 'c'}"), access.Fail},
		{"variable within a wildcard", 0, res("arn:aws:s3:::b/*"), res("arn:aws:s3:::b/${aws:username}/*"), access.Pass},
		{"wildcard within a variable", 0, res("arn:aws:s3:::b/${aws:username}/*"), res("arn:aws:s3:::b/*"), access.Fail},
		{"variable within a longer variable", 0, res("arn:aws:s3:::b/*/${aws:username}"), res("arn:aws:s3:::b/x/${aws:username}"), access.Pass},
		{"account of a variable within any account", 0, res("arn:aws:s3::*:b"), res("arn:aws:s3::${aws:PrincipalAccount}:b"), access.Pass},
		{"two variables swapped", 0, res("arn:aws:s3:::${aws:username}/${aws:userid}"), res("arn:aws:s3:::${aws:userid}/${aws:username}"), access.Fail},
		{"short ARN that ends in a variable", 0, res("arn:aws:s${aws:username}"), res("arn:aws:sqs:r:1:q"), access.Fail},
		{"many variables within themselves", 0, manyVariables, manyVariables, access.Pass},
		{"many variables and a default", 0, manyVariables, manyVariables + `,` + res("arn:aws:s3:::x${k:a, 'd'}"), access.Fail},

		// Unusual texts.
		{"private use character", 0, `{"Effect":"Deny","Action":"*","Resource":"*"}`,
			res("arn:aws:s3:::?") + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::` + "\U000F0000" + `"}`, access.Fail},
		{"dotted capital I is no i", 0, `{"Effect":"Allow","Action":"s:İ","Resource":"*"}`, `{"Effect":"Allow","Action":"s:i","Resource":"*"}`, access.Fail},
		{"long s is an s", 0, `{"Effect":"Allow","Action":"x:S","Resource":"*"}`, `{"Effect":"Allow","Action":"x:ſ","Resource":"*"}`, access.Pass},

		// Principals.
		{"account entry covers its role", policy.Resource, who("Allow", "Principal", `{"AWS":"222222222222"}`), who("Allow", "Principal", `{"AWS":"arn:aws:iam::222222222222:role/r"}`), access.Pass},
		{"account entry covers no service", policy.Resource, who("Allow", "Principal", `{"AWS":"222222222222"}`), who("Allow", "Principal", `{"Service":"glue.amazonaws.com"}`), access.Fail},
		{"everyone covers federated", policy.Resource, anyone, who("Allow", "Principal", `{"Federated":"accounts.google.com"}`), access.Pass},
		{"role covers its session", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/r"}`), who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`), access.Pass},
		{"session within its role", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`), who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/r"}`), access.Fail},
		{"session without a name is no session", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/r"}`), who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:assumed-role/r"}`), access.Fail},
		{"root and account id", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:root"}`), who("Allow", "Principal", `{"AWS":"111111111111"}`), access.Pass},
		{"pattern over all of an account", policy.Resource, anyone + `,` + who("Deny", "Principal", `{"AWS":"arn:aws:iam::111111111111:*"}`), who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:federated-user/x"}`), access.Fail},
		{"pattern does not run into a session", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/a*b"}`), who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:assumed-role/a/b"}`), access.Fail},
		{"pattern of accounts pins no partition", policy.Resource, who("Allow", "Principal", `{"AWS":["arn:aws:iam::????????????:role/x"]}`), who("Allow", "Principal", `{"AWS":"111111111111"}`), access.Fail},
		{"exempt unique id", policy.Resource, who("Deny", "Principal", `{"AWS":"111111111111"}`), anyone + `,` + who("Deny", "NotPrincipal", `{"AWS":"AROAEXAMPLE1234567"}`), access.Fail},
		{"exempt role of another partition", policy.Resource, who("Allow", "NotPrincipal", `{"AWS":["arn:aws:iam::111111111111:root","arn:aws-cn:iam::111111111111:role/r"]}`),
			who("Allow", "Principal", `{"AWS":"arn:aws-cn:iam::111111111111:role/r"}`), access.Fail},
		{"separator inside a name", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/r\u001fs"}`), who("Allow", "Principal", `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`), access.Undetermined},
		{"Region in a principal", policy.Resource, who("Allow", "Principal", `{"AWS":"arn:aws:iam:x:111111111111:root"}`), who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:root"}`), access.Undetermined},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			got := access.NoNewAccess(mustParse(t, wrap(tt.before), kind, true), mustParse(t, wrap(tt.after), kind, true), access.Options{Explain: true})
			if got.Verdict != tt.want {
				t.Errorf("got %v %s, want %v\n%+v", got.Verdict, got.Reason, tt.want, got.Gains)
			}
		})
	}
}

// digitsOf denies what lacks one of the characters.
func digitsOf(key, chars string) string {
	var out strings.Builder
	for _, c := range chars {
		fmt.Fprintf(&out, `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotLike":{%q:"*%c*"}}}`, key, c)
	}
	return out.String()
}
