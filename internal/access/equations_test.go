package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestEquations holds the engine to policies that are equations between the values of
// several variables.
func TestEquations(t *testing.T) {
	const nothing = `{"Effect":"Deny","Action":"*","Resource":"*"}`
	none := who("Deny", "Principal", `"*"`)
	allow := func(resource, conditions string) string {
		return `{"Effect":"Allow","Action":"*","Resource":"` + resource + `","Condition":{` + conditions + `}}`
	}
	deny := func(resource, conditions string) string {
		return `{"Effect":"Deny"` + allow(resource, conditions)[len(`{"Effect":"Allow"`):]
	}
	var again []string
	for i := range 20 {
		again = append(again, fmt.Sprintf(`"k:w%d":%q`, i, strings.Repeat([]string{"${k:a}?", "${k:b}?"}[i%2], 20)))
	}
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
		want          access.Verdict
	}{
		{"a variable within the name of a service", policy.Resource, none, who("Allow", "Principal", `{"Service":"b.amazonaws.com"},"Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalServiceName":"${k:a}.amazonaws.com"}}`), access.Fail},
		{"a variable that two others make", 0, allow("*", ``) + "," + deny("arn:aws:s3:::${k:a}", ``), allow("arn:aws:s3:::${k:b}/${k:c}", ``), access.Fail},
		{"a key that holds one variable and differs from another", 0, nothing, allow("arn:aws:s:*:${k:b}:*", `"ArnEquals":{"k:x":"arn:aws:iam::${k:a}:role/r"},"StringNotLike":{"k:x":"${k:c, 'x'}"}`), access.Fail},
		{"a value that has to be long", 0, nothing, allow("arn:aws:s3:::"+strings.Repeat("a", 80)+"*", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::?${k:a}"}`, access.Fail},
		{"a text that begins in two ways", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringLike":{"k:t":"${k:a}*"},"StringLikeIfExists":{"k:t":"a*"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b*"}`, access.Pass},
		{"a text that begins in two ways, or not", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringLike":{"k:t":"${k:a}*"},"StringLikeIfExists":{"k:t":"b*"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b*"}`, access.Fail},
		{"a text that ends in two ways", 0, nothing, allow("arn:aws:s3:::*${k:a}", `"StringLike":{"k:t":"*${k:a}"},"StringLikeIfExists":{"k:t":"*a"},"StringNotEquals":{"k:a":""}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::*b"}`, access.Pass},
		{"a text that ends in two ways, or in none", 0, nothing, allow("arn:aws:s3:::*${k:a}", `"StringLike":{"k:t":"*${k:a}"},"StringLikeIfExists":{"k:t":"*a"},"Null":{"k:a":"false"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::*b"}`, access.Fail},
		{"a text that begins with one that nothing names, in another case", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringEqualsIgnoreCase":{"k:t":"${k:a}"},"StringNotLike":{"k:t":["a*","b*",""]}`) + `,{"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::a*","arn:aws:s3:::b*"]}`, access.Fail},
		{"a text that begins in another case", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringEqualsIgnoreCase":{"k:t":"${k:a}"},"StringNotLike":{"k:t":["a*","A*",""]}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::a*"}`, access.Pass},
		{"a text that begins in another case of three", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringEqualsIgnoreCase":{"k:t":"${k:a}"},"StringNotLike":{"k:t":["k*","K*",""]}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::k*"}`, access.Fail},
		{"no value makes two fields differ", 0, allow("*", ``) + "," + deny("arn:aws:s:::${k:b}/x", ``), allow("arn:aws:s:${k:a}:*:*", ``) + "," + deny("arn:aws:s:::${k:a}*", ``), access.Pass},
		{"an ARN is not longer than itself", 0, nothing, allow("*", `"ArnLike":{"k:x":"${k:a}"},"StringLike":{"k:x":"arn:aws:s3:::${k:a}"}`), access.Pass},
		{"a text is not longer than itself", 0, nothing, allow("*", `"StringLike":{"k:x":"arn:aws:iam::${k:x}:role/r"}`), access.Pass},
		{"a text may be as long as itself", 0, nothing, allow("*", `"StringLike":{"k:x":"*${k:x}*"}`), access.Fail},
		{"a text has no more of a character than itself", 0, nothing, allow("arn:aws:s3:::${k:a}/${k:b}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}b"}`, access.Pass},
		{"a value longer than a text that it is a part of", 0, nothing, allow("arn:aws:s3:::${k:a}*", `"StringEquals":{"k:a":"user/${k:b}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}"}`, access.Pass},
		{"a value as long as a text that it is a part of", 0, nothing, allow("arn:aws:s3:::${k:a}*", `"StringEquals":{"k:a":"user/${k:b}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::user/${k:b}"}`, access.Fail},
		{"a value longer than a text that it is a part of, by two keys in between", 0, nothing, allow("arn:aws:s3:::*${k:a}*", `"StringLike":{"k:a":["${k:b}?*","*/${k:b}"],"k:b":"*${k:c}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:c}"}`, access.Pass},
		{"a value longer than a text that it is a part of, or not", 0, nothing, allow("arn:aws:s3:::*${k:a}*", `"StringLike":{"k:a":["${k:b}?*","*${k:b}"],"k:b":"*${k:c}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:c}"}`, access.Fail},
		{"a value with more of a character, as long as it may be", 0, nothing, allow("arn:aws:s3:::${k:a}", `"StringEquals":{"k:a":"b${k:b}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}?"},` + `{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}c"}`, access.Pass},
		{"a value twice as long as itself", 0, nothing, allow("arn:aws:s3:::${k:a}${k:a}", `"StringLike":{"k:a":"?*"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}"}`, access.Pass},
		{"values that commute, with one letter each", 0, nothing, allow("arn:aws:s3:::${k:a}${k:b}", `"StringLike":{"k:a":"*z*","k:b":"*z*"},"StringNotLike":{"k:a":"*z*z*","k:b":"*z*z*"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}${k:a}"}` + "," + deny("*", `"StringEquals":{"k:a":"${k:b}"}`), access.Pass},
		{"values that commute, with one letter or two", 0, nothing, allow("arn:aws:s3:::${k:a}${k:b}", `"StringLike":{"k:a":"*z*z*","k:b":"*z*"},"StringNotLike":{"k:b":"*z*z*"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}${k:a}"}` + "," + deny("*", `"StringEquals":{"k:a":"${k:b}"}`), access.Fail},
		{"a text behind itself ends in another letter", 0, nothing, allow("arn:aws:s3:::a${k:a}${k:a}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}${k:b}bb"}`, access.Pass},
		{"a text of one letter is as long behind another", 0, nothing, allow("arn:aws:s3:::${k:a}a${k:a}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::bb${k:a}${k:b}"}`, access.Pass},
		{"a text behind any character and itself", 0, nothing, allow("arn:aws:s3:::?${k:a}ab${k:a}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}ab*"}`, access.Pass},
		{"a text behind any character and itself, of a letter that fits", 0, nothing, allow("arn:aws:s3:::?${k:a}b${k:a}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}ab*"}`, access.Fail},
		{"places as far from both ends", 0, nothing, allow("arn:aws:s3:::a${k:a}b${k:a}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}${k:a}a"}`, access.Pass},
		{"a text twice around another", 0, nothing, allow("arn:aws:s3:::${k:b}a${k:c}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}${k:c}${k:a}"}`, access.Fail},
		{"a text that is twice another, in some case", 0, nothing, allow("arn:aws:s3:::${k:a}${k:b}", `"StringEqualsIgnoreCase":{"k:t":"${k:a}${k:a}x"}`) + "," + deny("*", `"StringNotEqualsIgnoreCase":{"k:t":"Y${k:b}"}`) + "," + deny("*", `"StringNotLike":{"k:a":["y*"]}`), access.Fail},
		{"a text that is twice another, in no case", 0, nothing, allow("arn:aws:s3:::${k:a}${k:b}", `"StringEqualsIgnoreCase":{"k:t":"${k:a}${k:a}x"}`) + "," + deny("*", `"StringNotEqualsIgnoreCase":{"k:t":"Y${k:b}z"}`), access.Pass},
		{"a text as long as another but for case, and a part of it", 0, nothing, allow("arn:aws:s3:::*${k:a}${k:b}", `"StringEqualsIgnoreCase":{"k:b":"${k:a}${k:b}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:a}"}` + "," + deny("arn:aws:s3:::${k:b}", ``), access.Pass},
		{"a text twice another but for case", 0, nothing, allow("arn:aws:s3:::${k:a}A", `"StringEqualsIgnoreCase":{"k:a":"${k:b}${k:b}"},"StringNotEquals":{"k:a":"bb${k:c}${k:c}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:c}*aA"}`, access.Fail},
		{"a text behind itself begins with it", 0, nothing, allow("arn:aws:s3:::${k:c}*?${k:b}", `"StringLike":{"k:b":"${k:a}*${k:a}${k:c}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}${k:b}"}` + "," + deny("arn:aws:s3:::${k:a}*", ``), access.Pass},
		{"all values are one text, and two of them differ", 0, nothing, allow("*", `"ForAllValues:StringLike":{"k:set":"${k:text}"},"ForAnyValue:StringEquals":{"k:set":"a*"}`) + "," + deny("*", `"ForAllValues:StringNotEqualsIgnoreCase":{"k:set":"b"}`), access.Pass},
		{"all values are one text, and two of them may be one", 0, nothing, allow("*", `"ForAllValues:StringLike":{"k:set":"${k:text}"},"ForAnyValue:StringEquals":{"k:set":"B"}`) + "," + deny("*", `"ForAllValues:StringNotEqualsIgnoreCase":{"k:set":"b"}`), access.Fail},
		{"all values are one text, or there is an empty one alone", 0, nothing, allow("*", `"ForAllValues:StringLike":{"k:set":"a${k:text}"},"ForAnyValue:StringLike":{"k:set":"${k:other}"}`) + "," + deny("*", `"ForAnyValue:StringLike":{"k:set":"?*"}`), access.Fail},
		{"one value begins with another key's, and none does", 0, nothing, allow("*", `"ForAnyValue:StringLike":{"k:set":"b${k:text}${k:text}"},"Null":{"k:text":"false"}`) + "," + deny("*", `"ForAnyValue:StringLike":{"k:set":"b${k:text}*"}`), access.Pass},
		{"a text goes round", 0, nothing, allow("arn:aws:s3:::/${k:b}", ``) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}/"}`, access.Fail},
		{"an account that is another, whatever a variable is", policy.Resource, none, who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:root"},"Condition":{"StringNotEqualsIgnoreCase":{"aws:PrincipalAccount":["${k:a}","111111111111"]}}`), access.Pass},
		{"a value that begins in one way and ends in another", 0, allow("*", ``) + "," + deny("arn:aws:s:::${k:b}", ``), allow("arn:aws:s:$k:*:*", ``) + "," + deny("*", `"StringNotLike":{"k:a":"*b"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s:${k:a}:*:?"}`, access.Pass},
		{"a value with a colon, but for case", 0, nothing, allow("arn:aws:s:${k:a}:*:*", `"StringEqualsIgnoreCase":{"k:b":"${k:a}"},"StringEquals":{"k:b":"account:number:one"}`), access.Pass},
		{"a value without a colon, but for case", 0, nothing, allow("arn:aws:s:${k:a}:*:*", `"StringEqualsIgnoreCase":{"k:b":"${k:a}"},"StringEquals":{"k:b":"account-number-one"},"StringNotEquals":{"k:a":"account-number-one"}`), access.Fail},
		{"an ARN in a field, beside many patterns", 0, nothing, allow("arn:aws:s:${k:a}:*:a", `"ArnLike":{"k:a":["${k:a}"]},"StringNotEqualsIgnoreCase":{"k:a":["q","r","s","t"]}`), access.Pass},
		{"a text that two conditions name, beside ARNs that are compared", 0, nothing, allow("arn:aws:s:${k:t}:*:a", `"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"},"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::${k:t}"}`) + "," + deny("*", `"ArnEquals":{"aws:SourceArn":"${aws:PrincipalArn}"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s:c:*:a"}`, access.Pass},
		{"one of more texts than are told apart but for case", 0, nothing, allow("*", `"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"StringNotEquals":{"k:a":"${k:b}"},"StringEquals":{"k:a":["1","2","3","4","a text of two cases"]}`), access.Fail},
		{"one of more texts than are told apart but for case, without letters", 0, nothing, allow("*", `"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"StringNotEquals":{"k:a":"${k:b}"},"StringEquals":{"k:a":["1","2","3","4","5"]}`), access.Pass},
		{"no text is another but for case, and none of its cases", 0, nothing, allow("*", `"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"StringNotEqualsIgnoreCase":{"k:b":"long enough a text"}`) + "," + deny("*", `"StringNotEqualsIgnoreCase":{"k:a":"long enough a text"}`), access.Pass},
		{"a value of many characters that a resource tells", 0, allow("*", ``) + "," + deny("arn:aws:s:r:111111111111:", `"StringNotLike":{"k:a":"1*"}`), allow("arn:aws:s:*:${k:a}:", `"StringLike":{"k:a":"????????????"}`), access.Pass},
		{"an empty value that is not there", 0, nothing, allow("arn:aws:s:${k:a}:*:?", `"StringNotEqualsIgnoreCase":{"k:a":""},"Null":{"k:a":"false"}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:*:s:::a"}`, access.Pass},
		{"a role is no user of another account", policy.Resource, who("Allow", "Principal", `"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:user/${k:a}"}}`), who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:role/r"}`), access.Pass},
		{"an account has no slash", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::*:root"},"Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalAccount}"},{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:s3:::?/*"}`, access.Pass},
		{"an account ends in no letters", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::*:root"},"Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalAccount}"},{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:s3:::*bb"}`, access.Pass},
		{"an account ends in digits that it may have", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::??????????22:role/r*"},"Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalAccount}"},{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:s3:::*22"}`, access.Fail},
		{"an account does not end in digits of another", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::??????????22:role/r*"},"Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalAccount}"},{"Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:s3:::*12"}`, access.Pass},
		{"an account has no other case", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::??????????11:r*"},"Action":"*","Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalAccount":"${k:text}"},"StringNotEqualsIfExists":{"aws:PrincipalAccount":"${k:text}"}}}`, access.Pass},
		{"a role may have a name in another case", policy.Resource, none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::??????????11:r*"},"Action":"*","Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalArn":"${k:text}"},"StringNotEqualsIfExists":{"aws:PrincipalArn":"${k:text}"}}}`, access.Fail},
		{"a user may be that of the same account", policy.Resource, who("Allow", "Principal", `"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/${k:a}"}}`), who("Allow", "Principal", `{"AWS":"arn:aws:iam::111111111111:user/r"}`), access.Fail},
		{"many keys that hold two variables again and again", 0, nothing, allow("arn:aws:s3:::${k:a}${k:a}${k:a}${k:b}*", `"Null":{"k:a":"false","k:b":"false"},"StringLike":{`+strings.Join(again, ",")+`}`) + `,{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${k:b}a${k:b}b*"}`, access.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			before, after := mustParse(t, wrap(tt.before), kind, true), mustParse(t, wrap(tt.after), kind, true)
			for _, o := range []access.Options{{}, access.SearchAll(access.Options{Explain: true})} {
				if got := access.NoNewAccess(before, after, o); got.Verdict != tt.want {
					t.Errorf("%+v: got %v %s, want %v\n%+v", o, got.Verdict, got.Reason, tt.want, got.Gains)
				}
			}
		})
	}
}
