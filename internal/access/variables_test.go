package access_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// inBucket is a statement about objects of a bucket, on a condition.
func inBucket(path, conditions string) string {
	return `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::` + path + `","Condition":{` + conditions + `}}`
}

// TestVariables holds the engine to pairs that values of variables decide.
func TestVariables(t *testing.T) {
	const (
		bob     = `"StringEquals":{"aws:username":"bob"}`
		named   = `"Null":{"aws:username":"false"}`
		red     = `"StringEquals":{"aws:PrincipalTag/team":"red"}`
		same    = `"StringEquals":{"aws:ResourceTag/o":"${aws:PrincipalTag/o}"}`
		nothing = `{"Effect":"Deny","Action":"*","Resource":"*"}`
		by111   = `"Principal":{"AWS":"111122223333"}`
	)
	deny := func(conditions string) string { return strings.Replace(on(conditions), "Allow", "Deny", 1) }
	inSQS := func(account, conditions string) string {
		return `{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:r:` + account + `:q","Condition":{` + conditions + `}}`
	}
	tags := func(names string) string {
		return `{"Effect":"Allow","Action":"s3:*","Resource":[` + repeat(len(names), func(i int) string {
			return `"arn:aws:s3:::b/${aws:PrincipalTag/` + names[i:i+1] + `}"`
		}) + `]}`
	}
	resource := func(path, principal string) string {
		return `{"Effect":"Allow",` + principal + `,"Action":"s3:*","Resource":"arn:aws:s3:::` + path + `"}`
	}
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
		want          access.Verdict
	}{
		{"a text for a variable", 0, inBucket("b/bob/*", ``), inBucket("b/${aws:username}/*", bob), access.Pass},
		{"another text for a variable", 0, inBucket("b/alice/*", ``), inBucket("b/${aws:username}/*", bob), access.Fail},
		{"a variable for a text", 0, inBucket("b/${aws:username}/*", ``), inBucket("b/bob/*", bob), access.Pass},
		{"a variable for another text", 0, inBucket("b/${aws:username}/*", ``), inBucket("b/alice/*", bob), access.Fail},
		{"one of two texts for a variable", 0, inBucket("b/bob/*", ``) + "," + inBucket("b/al/*", ``), inBucket("b/${aws:username}/*", `"StringEquals":{"aws:username":["al","bob"]}`), access.Pass},
		{"a variable for any name", 0, inBucket("b/${aws:username}/*", ``), inBucket("b/bob/*", named), access.Fail},
		{"a pattern for a variable", 0, inBucket("b/dev-*/*", ``), inBucket("b/${aws:username}/*", `"StringLike":{"aws:username":"dev-*"}`), access.Pass},
		{"a wider pattern for a variable", 0, inBucket("b/dev-*/*", ``), inBucket("b/${aws:username}/*", `"StringLike":{"aws:username":"dev*"}`), access.Fail},
		{"a pattern in any case", 0, inBucket("b/dev/*", ``), inBucket("b/${aws:username}/*", `"StringEqualsIgnoreCase":{"aws:username":"dev"}`), access.Fail},
		{"a pattern less a text", 0, inBucket("b/dev-*/*", ``), inBucket("b/${aws:username}/*", `"StringLike":{"aws:username":["dev-*","x"]},"StringNotEquals":{"aws:username":"x"}`), access.Pass},
		{"two patterns for a variable", 0, inBucket("b/a*/*", ``) + "," + inBucket("b/b*/*", ``), inBucket("b/${aws:username}/*", `"StringLike":{"aws:username":["a?","b?"]}`), access.Pass},
		{"a tag for a text", 0, inBucket("${aws:PrincipalTag/team}/*", ``), inBucket("red/*", red), access.Pass},
		{"a text for a tag", 0, inBucket("red/*", ``), inBucket("${aws:PrincipalTag/team}/*", red), access.Pass},
		{"equal tags that are named", 0, on(`"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}`), on(`"StringEquals":{"aws:ResourceTag/team":"red","aws:PrincipalTag/team":"red"}`), access.Pass},
		{"tags that follow from equal ones", 0, on(red), on(`"StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"},"StringLike":{"aws:ResourceTag/team":"red"}`), access.Pass},
		{"a tag as its own pattern", 0, on(`"StringLike":{"aws:PrincipalTag/team":"r*"}`), on(`"StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"},"StringLike":{"aws:ResourceTag/team":"re*"}`), access.Pass},
		{"equality has no direction", 0, on(same), on(`"StringEquals":{"aws:PrincipalTag/o":"${aws:ResourceTag/o}"}`), access.Pass},
		{"equality has no direction, negated", 0, on(`"StringNotEquals":{"aws:ResourceTag/o":"${aws:PrincipalTag/o}"}`), on(`"StringNotEquals":{"aws:PrincipalTag/o":"${aws:ResourceTag/o}"},"Null":{"aws:ResourceTag/o":"false"}`), access.Pass},
		{"equality goes on", 0, on(`"StringEquals":{"k:a":"${k:c}"}`), on(`"StringEquals":{"k:a":"${k:b}","k:c":"${k:b}"}`), access.Pass},
		{"equality does not come back", 0, on(`"StringEquals":{"k:a":"${k:b}","k:c":"${k:b}"}`), on(`"StringEquals":{"k:a":"${k:c}"},"Null":{"k:b":"false"}`), access.Fail},
		{"equal variables in a resource", 0, inBucket("b/${aws:username}/*", ``), inBucket("b/${aws:PrincipalTag/u}/*", `"StringEquals":{"aws:PrincipalTag/u":"${aws:username}"}`), access.Pass},
		{"equality in any case", 0, on(same), on(`"StringEqualsIgnoreCase":{"aws:ResourceTag/o":"${aws:PrincipalTag/o}"}`), access.Fail},
		{"equal to itself", 0, on(`"StringEquals":{"aws:username":"${aws:username}"}`), on(named), access.Pass},
		{"like itself", 0, on(`"StringLike":{"aws:username":"*${aws:username}*"}`), on(named), access.Pass},
		{"not equal to itself", 0, nothing, on(`"StringNotEquals":{"aws:username":"${aws:username}"}`), access.Fail},
		{"not equal to itself and there", 0, nothing, on(`"StringNotEquals":{"aws:username":"${aws:username}"},` + named), access.Pass},
		{"an ARN that is a variable", 0, nothing, on(`"ArnLike":{"k:a":"${k:b}"}`) + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"k:a":"${k:b}"}}}`, access.Pass},
		{"a variable that may be no ARN", 0, on(`"ArnLike":{"k:a":"${k:b}"}`), on(`"StringLike":{"k:a":"${k:b}"}`), access.Fail},
		{"an ARN is like itself", 0, nothing, on(`"ArnEquals":{"k:a":"${k:a}"}`), access.Fail},
		{"ARNs that are the same", 0, nothing, on(`"ArnEquals":{"k:a":"${k:b}"}`), access.Fail},
		{"the ARN of a source is like itself", 0, nothing, on(`"ArnLike":{"aws:SourceArn":"${aws:SourceArn}"}`), access.Fail},
		{"ARNs that are the same, as texts too", 0, nothing, on(`"ArnEquals":{"k:a":"${k:b}"},"StringEquals":{"k:a":"${k:b}"}`), access.Fail},
		{"ARNs that are the same, beside other texts", 0, nothing, on(`"ArnEquals":{"k:a":"${k:b}"},"StringNotEqualsIgnoreCase":{"k:c":"${k:d}"}`), access.Fail},
		{"ARNs that are the same, and a third key", 0, nothing, on(`"ArnEquals":{"k:a":"${k:b}"},"Null":{"k:c":"false"}`), access.Fail},
		{"an ARN is not unlike itself", 0, on(`"ArnNotLike":{"k:a":"${k:a}"}`), on(`"StringLike":{"k:a":"arn:aws:iam::111111111111:*"}`), access.Fail},
		{"ARNs that are the same are not unlike", 0, on(`"ArnNotEquals":{"k:a":"${k:b}"}`), on(`"StringEquals":{"k:a":"${k:b}"}`), access.Fail},
		{"not all ARNs are unlike", 0, on(`"ArnNotEquals":{"k:a":"${k:b}"}`), on(``), access.Fail},
		{"ARNs that are the same, where a Deny goes", 0, on(``) + "," + deny(`"ArnEquals":{"k:a":"${k:b}"}`), on(``), access.Fail},
		{"a source that is the caller, where a Deny goes", 0, on(``) + "," + deny(`"ArnEquals":{"aws:SourceArn":"${aws:PrincipalArn}"}`), on(``), access.Fail},
		{"a source that is the caller, where a resource's Deny goes", policy.Resource, anyone + "," + who("Deny", "Principal", `"*","Condition":{"ArnEquals":{"aws:SourceArn":"${aws:PrincipalArn}"}}`), anyone, access.Fail},
		{"the same ARN for the same text", 0, on(`"ArnEquals":{"k:a":"${k:b}"}`), on(`"StringEquals":{"k:a":"${k:b}"},"StringLike":{"k:a":"arn:*:*:*:*:*"}`), access.Pass},
		{"the same ARN for the same text that may be none", 0, on(`"ArnEquals":{"k:a":"${k:b}"}`), on(`"StringEquals":{"k:a":"${k:b}"},"StringLike":{"k:a":"arn:*:*:*:*"}`), access.Fail},
		{"the same ARN in another case", 0, on(`"ArnEquals":{"k:a":"${k:b}"}`), on(`"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"StringLike":{"k:a":"arn:*:*:*:*:*"}`), access.Fail},
		{"the same ARN in another case, for texts", 0, on(`"StringEquals":{"k:a":"${k:b}"}`), on(`"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"ArnLike":{"k:a":"arn:aws:iam::1:*"}`), access.Fail},
		{"the same text for the same ARN", 0, on(`"StringEquals":{"k:a":"${k:b}"}`), on(`"ArnEquals":{"k:a":"${k:b}"}`), access.Pass},
		{"no ARN is like itself", 0, on(`"ArnNotEquals":{"k:a":"${k:b}"}`), on(`"StringEquals":{"k:a":"${k:b}"},"StringNotLike":{"k:a":"*:*:*:*:*:*"}`), access.Pass},
		{"other texts are other ARNs", 0, on(`"ArnNotEquals":{"k:a":"${k:b}"}`), on(`"StringNotEquals":{"k:a":"${k:b}"},"Null":{"k:b":"false"}`), access.Pass},
		{"other ARNs may be the same text", 0, on(`"StringNotEquals":{"k:a":"${k:b}"}`), on(`"ArnNotEquals":{"k:a":"${k:b}"}`), access.Fail},
		{"ARNs that are the same, or missing", 0, on(`"ArnEqualsIfExists":{"k:a":"${k:b}"}`), on(`"ArnEquals":{"k:a":"${k:b}"}`) + "," + on(`"Null":{"k:a":"true"}`), access.Pass},
		{"ARNs that are missing", 0, on(`"ArnEquals":{"k:a":"${k:b}"}`), on(`"ArnEqualsIfExists":{"k:a":"${k:b}"}`), access.Fail},
		{"all ARNs of a list are the same", 0, on(`"ForAnyValue:ArnEquals":{"k:a":"${k:b}"}`), on(`"ForAllValues:ArnEquals":{"k:a":"${k:b}"},"ForAnyValue:StringLike":{"k:a":"?*"}`), access.Pass},
		{"all ARNs of a list are others", 0, on(`"ForAllValues:ArnNotEquals":{"k:a":"${k:b}"}`), on(`"ForAnyValue:StringEquals":{"k:a":"a"}`), access.Fail},
		{"a field that holds no colon", 0, inSQS("${k:a}", `"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), inSQS("arn:aws:1:2:3:4", `"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), access.Fail},
		{"a field that holds no colon, in any case", 0, inSQS("${k:a}", `"StringEqualsIgnoreCase":{"k:a":"1:2"}`), inSQS("1:2", `"StringEqualsIgnoreCase":{"k:a":"1:2"}`), access.Fail},
		{"a field of a condition holds no colon", 0, on(`"ArnLike":{"k:x":"arn:aws:sqs:r:${k:a}:q"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), on(`"StringEquals":{"k:x":"arn:aws:sqs:r:arn:aws:1:2:3:4:q"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), access.Fail},
		{"a field of a condition holds no colon, negated", 0, on(`"ArnNotLike":{"k:x":"arn:aws:sqs:r:${k:a}:q"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), on(`"StringEquals":{"k:x":"arn:aws:sqs:r:arn:aws:1:2:3:4:q"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), access.Pass},
		{"the last field may hold colons", 0, on(`"ArnLike":{"k:x":"arn:aws:sqs:r:1:${k:a}"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), on(`"StringEquals":{"k:x":"arn:aws:sqs:r:1:arn:aws:1:2:3:4"},"ArnEquals":{"k:a":"arn:aws:1:2:3:4"}`), access.Pass},
		{"an ARN fits in no field", 0, nothing, inSQS("${k:a}", `"ArnLike":{"k:a":"arn:aws:iam::${k:b}:role/r"}`), access.Pass},
		{"an ARN that may be none fits in a field", 0, nothing, inSQS("${k:a}", `"ArnNotLike":{"k:a":"arn:aws:iam::${k:b}:role/r"},"Null":{"k:a":"false"}`), access.Fail},
		{"a value within a field, and the same as text", 0, on(``) + "," + deny(`"ArnLike":{"k:x":"arn:aws:iam::${k:a}:role/r"},"StringNotEquals":{"k:x":"arn:aws:iam::${k:a}:role/r"}`), on(``), access.Pass},
		{"a text with a value that may fit in no field", 0, on(``) + "," + deny(`"StringEquals":{"k:x":"arn:aws:iam::${k:a}:role/r"},"ArnNotLike":{"k:x":"arn:aws:iam::${k:a}:role/r"}`), on(``), access.Fail},
		{"a value within a field, in any case", 0, on(``) + "," + deny(`"ArnLike":{"k:x":"arn:aws:iam::${k:a}:role/r"},"StringNotEqualsIgnoreCase":{"k:x":"arn:aws:iam::${k:a}:role/R"}`), on(``), access.Pass},
		{"a denial of a field that holds no colon", 0, inSQS("*", named) + "," + deny(`"ArnEquals":{"k:a":"arn:aws:1:2:3:4"},"ArnLike":{"k:x":"arn:aws:sqs:${k:a}:1:q"}`), inSQS("*", named), access.Pass},
		{"a character that is no wildcard", 0, nothing, inBucket("a", `"StringEqualsIgnoreCase":{"k:a":"${*}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}"}`, access.Pass},
		{"several values have no variable", 0, on(`"StringLike":{"k:a":"${k:b}"}`), on(`"ForAnyValue:StringEquals":{"k:b":"x"},"StringEquals":{"k:a":"x"}`), access.Fail},
		{"several values have no default", 0, inBucket("b/*", `"Null":{"k:b":"true"}`) + "," + inBucket("b/${k:b, 'x'}", ``), inBucket("b/x", `"ForAnyValue:StringEquals":{"k:b":"x"}`), access.Fail},
		{"a default that is not needed", 0, inBucket("b/${k:b}", ``), inBucket("b/${k:b, 'x'}", `"Null":{"k:b":"false"}`), access.Pass},
		{"the account of the caller as a variable", policy.Resource, resource("data-111122223333/*", `"Principal":"*"`), resource("data-${aws:PrincipalAccount}/*", by111), access.Pass},
		{"a variable for the account of the caller", policy.Resource, resource("data-${aws:PrincipalAccount}/*", `"Principal":"*"`), resource("data-111122223333/*", by111), access.Pass},
		{"a variable for the account of another", policy.Resource, resource("data-${aws:PrincipalAccount}/*", `"Principal":"*"`), resource("data-444455556666/*", by111), access.Fail},
		{"a denial of what is behind a variable", 0, inBucket("a/${aws:username}", ``) + "," + strings.Replace(inBucket("a/${aws:username}/*", ``), "Allow", "Deny", 1), inBucket("a/${aws:username}", ``), access.Pass},
		{"a denial of what is in front of a variable", 0, inBucket("${aws:username}/a", ``) + "," + strings.Replace(inBucket("*/${aws:username}/a", ``), "Allow", "Deny", 1), inBucket("${aws:username}/a", ``), access.Pass},
		{"a denial of some that a variable is", 0, inBucket("a/${aws:username}", ``) + "," + strings.Replace(inBucket("a/*/${k:a}", ``), "Allow", "Deny", 1), inBucket("a/${aws:username}", ``), access.Fail},
		{"a denial of another length", 0, inBucket("a/${aws:username}", ``) + "," + strings.Replace(inBucket("?*/${aws:username}", ``), "Allow", "Deny", 1), inBucket("a/${aws:username}", ``), access.Fail},
		{"six variables and one more", 0, tags("abcdef"), tags("abcdefg"), access.Fail},
		{"nine variables and one more", 0, tags("abcdefghi"), tags("abcdefghij"), access.Fail},
		{"many variables less one", 0, tags("abcdefghij"), tags("abcdefghi"), access.Pass},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			before, after := mustParse(t, wrap(tt.before), kind, true), mustParse(t, wrap(tt.after), kind, true)
			for _, o := range []access.Options{{}, access.SearchAll(access.Options{Explain: true})} {
				got := access.NoNewAccess(before, after, o)
				if got.Verdict != tt.want {
					t.Errorf("%+v: got %v %s, want %v\n%+v", o, got.Verdict, got.Reason, tt.want, got.Gains)
				}
			}
		})
	}
	t.Run("a listed resource", func(t *testing.T) {
		docs := mustParse(t, wrap(inBucket("home/${aws:username}/*", bob)), policy.Identity, false)
		for path, want := range map[string]access.Verdict{"home/alice/*": access.Pass, "home/bob/*": access.Fail} {
			got, err := access.AccessNotGranted(docs, []access.Access{{Resources: []string{"arn:aws:s3:::" + path}}}, access.Options{})
			if err != nil || got.Verdict != want {
				t.Errorf("%s: got %v %s %v, want %v", path, got.Verdict, got.Reason, err, want)
			}
		}
	})
}

// TestValuesAreASet: a key with several values has different ones, so that all and any of
// them being one text means that it is the only one.
func TestValuesAreASet(t *testing.T) {
	only := wrap(on(`"StringEquals":{"k:a":"A"}`))
	all := wrap(on(`"ForAllValues:StringEquals":{"k:a":"A"},"ForAnyValue:StringEquals":{"k:a":"A"}`))
	before, after := mustParse(t, only, policy.Identity, false), mustParse(t, all, policy.Identity, false)
	for _, o := range []access.Options{{}, {StrictOpenWorld: true}} {
		if got := access.NoNewAccess(before, after, o); got.Verdict != access.Pass {
			t.Errorf("got %v %s %+v", got.Verdict, got.Reason, got.Gains)
		}
	}
}
