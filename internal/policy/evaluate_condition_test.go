package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// values is a context with the key aws:k; absent has none.
func values(vs ...string) map[string][]string { return map[string][]string{"aws:K": vs} }

var absent map[string][]string

func TestEvaluateConditions(t *testing.T) {
	t.Parallel()
	type outcome struct {
		context map[string][]string
		want    bool
	}
	tests := []struct {
		condition string
		outcomes  []outcome
	}{
		// Lists, negation, missing keys.
		{`{"StringEquals":{"AWS:k":["a","b"]}}`, []outcome{{values("b"), true}, {values("c"), false}, {absent, false}, {values(), false}}},
		{`{"StringNotEquals":{"aws:k":["a","b"]}}`, []outcome{{values("a"), false}, {values("c"), true}, {absent, true}, {values(), true}}},
		{`{"StringNotEqualsIfExists":{"aws:k":"a"}}`, []outcome{{absent, true}, {values("a"), false}, {values("b"), true}}},
		{`{"StringEqualsIfExists":{"aws:k":"a"}}`, []outcome{{absent, true}, {values("b"), false}, {values("a"), true}}},
		{`{"StringEquals":{"aws:k":"a"},"StringLike":{"aws:k":"b*"}}`, []outcome{{values("a"), false}, {values("b"), false}}},
		{`{"StringLike":{"aws:k":"*b"},"StringNotEquals":{"aws:k":"bb"}}`, []outcome{{values("b"), true}, {values("bb"), false}}},
		{`{"StringEquals":{"aws:k":"a","aws:l":"a"}}`, []outcome{{values("a"), false}, {map[string][]string{"aws:k": {"a"}, "aws:l": {"a"}}, true}}},
		{`{}`, []outcome{{absent, true}}},

		// Strings.
		{`{"StringEquals":{"aws:k":"a*"}}`, []outcome{{values("a*"), true}, {values("ab"), false}, {values("A*"), false}}},
		{`{"StringEquals":{"aws:k":"${*}"}}`, []outcome{{values("*"), true}, {values("${*}"), false}}},
		{`{"StringEqualsIgnoreCase":{"aws:k":"aBé*"}}`, []outcome{{values("AbÉ*"), true}, {values("abéx"), false}, {values("ab"), false}}},
		{`{"StringNotEqualsIgnoreCase":{"aws:k":"a"}}`, []outcome{{values("A"), false}, {values("b"), true}, {absent, true}}},
		{`{"StringLike":{"aws:k":"a*c?"}}`, []outcome{{values("a:/c!"), true}, {values("ac"), false}, {values("Acx"), false}, {values("acé"), true}}},
		{`{"StringLike":{"aws:k":"${*}x"}}`, []outcome{{values("*x"), true}, {values("ax"), false}}},
		{`{"StringNotLike":{"aws:k":["a*","b*"]}}`, []outcome{{values("b1"), false}, {values("c"), true}, {absent, true}}},

		// Variables.
		{`{"StringEquals":{"aws:k":"${aws:username}"}}`, []outcome{
			{map[string][]string{"aws:k": {"bob"}, "AWS:USERNAME": {"bob"}}, true},
			{map[string][]string{"aws:k": {"bob"}, "aws:username": {"eve"}}, false},
			{values("bob"), false},
			{map[string][]string{"aws:k": {"bob"}, "aws:username": {"bob", "eve"}}, false},
		}},
		{`{"StringNotEquals":{"aws:k":"${aws:username}"}}`, []outcome{
			{map[string][]string{"aws:k": {"bob"}, "aws:username": {"bob"}}, false},
			{values("bob"), true},
		}},
		{`{"StringEquals":{"aws:k":["${aws:username}","x"]}}`, []outcome{{values("x"), true}}},
		{`{"StringLike":{"aws:k":"${aws:username, 'none'}/*"}}`, []outcome{
			{values("none/1"), true},
			{map[string][]string{"aws:k": {"*/1"}, "aws:username": {"*"}}, true},
			{map[string][]string{"aws:k": {"a/1"}, "aws:username": {"*"}}, false},
		}},

		// ARNs.
		{`{"StringEquals":{"aws:k":"arn:aws:iam::1:role/*"}}`, []outcome{{values("arn:aws:iam::1:role/x"), false}}},
		{`{"ArnEquals":{"aws:k":"arn:aws:iam::1:role/*"}}`, []outcome{{values("arn:aws:iam::1:role/x"), true}, {values("arn:aws:iam::2:role/x"), false}, {absent, false}}},
		{`{"ArnLike":{"aws:k":"arn:aws:someservice:*:111122223333:finance/*"}}`, []outcome{
			{values("arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), false},
			{values("arn:aws:someservice:us-east-2:111122223333:finance/document.txt"), true}}},
		{`{"StringLike":{"aws:k":"arn:aws:someservice:*:111122223333:finance/*"}}`, []outcome{
			{values("arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"), true}}},
		{`{"ArnLike":{"aws:k":"arn:aws:s3:::b"}}`, []outcome{{values("arn:aws:s3:::B"), false}, {values("b"), false}, {values("arn:aws:s3:::b"), true}}},
		{`{"ArnNotLike":{"aws:k":"arn:aws:s3:::b*"}}`, []outcome{{values("arn:aws:s3:::bb"), false}, {values("arn:aws:s3:::c"), true}, {values("b"), true}, {absent, true}}},
		{`{"ArnNotEquals":{"aws:k":"arn:aws:s3:::b"}}`, []outcome{{values("arn:aws:s3:::b"), false}, {absent, true}}},
		{`{"ArnLike":{"aws:k":"arn:aws:s3*"}}`, []outcome{{values("arn:aws:s3:::b"), false}, {values("arn:aws:s3"), false}}},
		{`{"ArnLike":{"aws:k":"*"}}`, []outcome{{values("arn:aws:s3:::b"), false}, {absent, false}}},
		{`{"ArnEquals":{"aws:k":"${aws:PrincipalArn}"}}`, []outcome{
			{map[string][]string{"aws:k": {"arn:aws:iam::1:role/x"}, "aws:principalarn": {"arn:aws:iam::1:role/x"}}, true},
			{map[string][]string{"aws:k": {"arn:aws:iam::1:role/x"}, "aws:principalarn": {"arn:aws:iam::1:role/*"}}, false},
			{values("arn:aws:iam::1:role/x"), false}}},
		{`{"ArnLike":{"aws:k":"arn:aws:iam::${aws:PrincipalAccount}:role/*"}}`, []outcome{
			{map[string][]string{"aws:k": {"arn:aws:iam::1:role/x"}, "aws:principalaccount": {"1"}}, true},
			{map[string][]string{"aws:k": {"arn:aws:iam::2:role/x"}, "aws:principalaccount": {"1"}}, false}}},

		// Numbers.
		{`{"NumericEquals":{"aws:k":[10,2.50]}}`, []outcome{{values("10"), true}, {values("10.0"), true}, {values("2.5"), true}, {values("1e1"), true}, {values("25e-1"), true}, {values("3"), false}, {values("ten"), false}, {absent, false}}},
		{`{"NumericNotEquals":{"aws:k":"10"}}`, []outcome{{values("10"), false}, {values("11"), true}, {values("ten"), true}, {absent, true}}},
		{`{"NumericLessThan":{"aws:k":["5","10"]}}`, []outcome{{values("9"), true}, {values("10"), false}, {values("-3"), true}}},
		{`{"NumericLessThanEquals":{"aws:k":"10"}}`, []outcome{{values("10"), true}, {values("10.000000000000000000001"), false}}},
		{`{"NumericGreaterThan":{"aws:k":"9007199254740992"}}`, []outcome{{values("9007199254740993"), true}, {values("9007199254740992"), false}}},
		{`{"NumericGreaterThanEquals":{"aws:k":"10"}}`, []outcome{{values("+10"), true}, {values("9.9"), false}}},
		{`{"NumericLessThan":{"aws:k":"10"},"NumericGreaterThan":{"aws:k":"20"}}`, []outcome{{values("5"), false}, {values("15"), false}, {values("25"), false}}},
		{`{"NumericLessThan":{"aws:k":"1e400"}}`, []outcome{{values("1"), true}, {values("1e401"), false}, {values("1e999999999"), false}, {values("1e-999999999"), false}, {values(strings.Repeat("1", 300)), false}}},

		// Dates.
		{`{"DateEquals":{"aws:k":"2020-04-01T00:00:00Z"}}`, []outcome{
			{values("1585699200"), true}, {values("2020-04-01"), true}, {values("2020-04"), true}, {values("2020-04-01T02:00+02:00"), true},
			{values("2020-04-01T00:00:00.000Z"), true}, {values("2020-04-01T00:00:00.001Z"), false}, {values("2020-03-31T22:30:00.0-01:30"), true},
			{values("2020"), false}, {values("soon"), false}, {absent, false}}},
		{`{"DateEquals":{"aws:k":"2020"}}`, []outcome{{values("2020-01-01"), true}, {values("1577836800"), true}, {values("02020"), false}}},
		{`{"DateNotEquals":{"aws:k":"2020-04-01"}}`, []outcome{{values("1585699200"), false}, {values("1585699201"), true}, {values("soon"), true}, {absent, true}}},
		{`{"DateLessThan":{"aws:k":"2020-04-01"}}`, []outcome{{values("2020-03-31T23:59:59.999Z"), true}, {values("2020-04-01"), false}}},
		{`{"DateLessThanEquals":{"aws:k":"2020-04-01"}}`, []outcome{{values("2020-04-01"), true}, {values("2020-04-02"), false}}},
		{`{"DateGreaterThan":{"aws:k":"2020-04-01T00:00:00Z"}}`, []outcome{{values("1585699201"), true}, {values("1585699200"), false}}},
		{`{"DateGreaterThanEquals":{"aws:k":1585699200}}`, []outcome{{values("2020-04-01T00:00:00Z"), true}, {values("2020-03-31"), false}}},

		// Booleans, bytes, addresses.
		{`{"Bool":{"aws:k":"false"}}`, []outcome{{values("true"), false}, {values("False"), true}, {absent, false}, {values("0"), false}}},
		{`{"Bool":{"aws:k":true}}`, []outcome{{values("TRUE"), true}, {values("false"), false}}},
		{`{"BoolIfExists":{"aws:k":"false"}}`, []outcome{{absent, true}, {values("true"), false}}},
		{`{"Bool":{"aws:k":["true","false"]}}`, []outcome{{values("true"), true}, {values("false"), true}, {values("x"), false}, {absent, false}}},
		{`{"BinaryEquals":{"aws:k":"QUJD"}}`, []outcome{{values("QUJD"), true}, {values("QUJE"), false}, {values("%"), false}, {absent, false}}},
		{`{"NotIpAddress":{"aws:k":"10.0.0.0/8"}}`, []outcome{{values("10.1.2.3"), false}, {values("11.0.0.1"), true}, {values("2001:db8::1"), true}, {absent, true}, {values("x"), true}}},
		{`{"IpAddress":{"aws:k":["203.0.113.0/24","2001:DB8:1234:5678::/64"]}}`, []outcome{{values("203.0.113.9"), true}, {values("2001:db8:1234:5678::1"), true}, {values("203.0.114.9"), false}, {values("::ffff:203.0.113.9"), false}, {absent, false}}},
		{`{"IpAddress":{"aws:k":["10.1.2.3/8","192.0.2.1","2001:db8::1"]}}`, []outcome{{values("10.9.9.9"), true}, {values("192.0.2.1"), true}, {values("192.0.2.2"), false}, {values("2001:db8::1"), true}, {values("2001:db8::2"), false}, {values("2001:db8::1%eth0"), false}}},
		{`{"IpAddress":{"aws:k":"0.0.0.0/0"}}`, []outcome{{values("198.51.100.7"), true}, {values("2001:db8::1"), false}, {values("10.0.0.0/8"), false}}},

		// Null.
		{`{"Null":{"aws:k":"true"}}`, []outcome{{absent, true}, {values(), true}, {values("x"), false}, {values("x", "y"), false}}},
		{`{"Null":{"aws:k":false}}`, []outcome{{absent, false}, {values("x"), true}, {values("x", "y"), true}, {values(""), true}}},
		{`{"Null":{"aws:k":["true","false"]}}`, []outcome{{absent, true}, {values("x"), true}}},
		{`{"ForAllValues:Null":{"aws:k":"true"}}`, []outcome{{absent, true}, {values("x"), true}}},
		{`{"ForAnyValue:Null":{"aws:k":"true"}}`, []outcome{{absent, false}, {values("x"), false}}},
		{`{"Null":{"aws:k":"true"},"StringEquals":{"aws:k":"a"}}`, []outcome{{absent, false}, {values("a"), false}}},

		// Sets.
		{`{"ForAllValues:StringEquals":{"aws:k":["a"]}}`, []outcome{{values(), true}, {absent, true}, {values("a"), true}, {values("a", "b"), false}}},
		{`{"ForAnyValue:StringEquals":{"aws:k":["a"]}}`, []outcome{{absent, false}, {values(), false}, {values("b"), false}, {values("a", "b"), true}}},
		{`{"ForAnyValue:StringNotEquals":{"aws:k":["a"]}}`, []outcome{{values("a"), false}, {values("a", "b"), true}, {absent, false}}},
		{`{"ForAllValues:StringEquals":{"aws:k":["a"]}}`, []outcome{{values(""), true}, {values("", ""), true}, {values("", "a"), false}}},
		{`{"ForAllValues:StringNotEquals":{"aws:k":[""]}}`, []outcome{{values(""), true}, {values("", "a"), false}}},
		{`{"ForAnyValue:StringEquals":{"aws:k":["a",""]}}`, []outcome{{values(""), true}, {values("b"), false}}},
		{`{"ForAllValues:StringNotEquals":{"aws:k":["a"]}}`, []outcome{{values("a", "b"), false}, {values("b"), true}, {absent, true}}},
		{`{"ForAllValues:StringLikeIfExists":{"aws:k":["a*"]}}`, []outcome{{absent, true}, {values("ab", "b"), false}, {values("ab", "a"), true}}},
		{`{"ForAnyValue:StringLikeIfExists":{"aws:k":["a*"]}}`, []outcome{{absent, false}, {values("b"), false}, {values("ab", "b"), true}}},
		{`{"StringEquals":{"aws:k":"a"}}`, []outcome{{values("a", "a"), false}, {values("a", "b"), false}}},
		{`{"StringNotEquals":{"aws:k":"a"}}`, []outcome{{values("b", "c"), false}}},
		{`{"StringEqualsIfExists":{"aws:k":"a"}}`, []outcome{{values("a", "a"), false}}},
		{`{"NotIpAddress":{"aws:k":"10.0.0.0/8"}}`, []outcome{{values("192.0.2.1", "192.0.2.2"), false}}},

		// Lists without values.
		{`{"StringEquals":{"aws:k":[]}}`, []outcome{{absent, false}, {values("a"), false}}},
		{`{"StringNotEquals":{"aws:k":[]}}`, []outcome{{absent, true}, {values("a"), true}}},
		{`{"StringEqualsIfExists":{"aws:k":[]}}`, []outcome{{absent, true}, {values("a"), false}}},
		{`{"ForAllValues:StringEquals":{"aws:k":[]}}`, []outcome{{absent, true}, {values("a"), false}}},
		{`{"ForAnyValue:StringEquals":{"aws:k":[]}}`, []outcome{{absent, false}, {values("a"), false}}},
		{`{"Null":{"aws:k":[]}}`, []outcome{{absent, false}, {values("a"), false}}},
	}
	for _, tt := range tests {
		d := parse(t, policy.Identity, condition(tt.condition))
		for _, o := range tt.outcomes {
			t.Run(fmt.Sprintf("%s/%v", tt.condition, o.context), func(t *testing.T) {
				t.Parallel()
				q := policy.Request{Action: "a:b", Resource: "*", Context: o.context}
				if got := allows(d, q, policy.Reading{}); got != o.want {
					t.Errorf("got %v, want %v", got, o.want)
				}
			})
		}
	}
}

func TestEvaluateConditionReadings(t *testing.T) {
	t.Parallel()
	anyExists := policy.Reading{AnyIfExistsOnMissing: true}
	short := policy.Reading{ShortARNPatternMatches: true}
	empty := policy.Reading{EmptyListHolds: true}
	tests := []struct {
		condition string
		reading   policy.Reading
		context   map[string][]string
		want      bool
	}{
		{`{"ForAnyValue:StringLikeIfExists":{"aws:k":["a*"]}}`, anyExists, absent, true},
		{`{"ForAnyValue:StringNotLikeIfExists":{"aws:k":["a*"]}}`, anyExists, absent, true},
		{`{"ForAnyValue:StringLikeIfExists":{"aws:k":["a*"]}}`, anyExists, values("b"), false},
		{`{"ForAnyValue:StringLike":{"aws:k":["a*"]}}`, anyExists, absent, false},
		{`{"ArnLike":{"aws:k":"*"}}`, short, values("arn:aws:s3:::b"), true},
		{`{"ArnEquals":{"aws:k":"**"}}`, short, values("no ARN"), true},
		{`{"ArnNotLike":{"aws:k":"*"}}`, short, values("arn:aws:s3:::b"), false},
		{`{"ArnLike":{"aws:k":"*"}}`, short, absent, false},
		{`{"ArnLike":{"aws:k":"${*}"}}`, short, values("arn:aws:s3:::b"), false},
		{`{"ArnLike":{"aws:k":"arn:*"}}`, short, values("arn:aws:s3:::b"), true},
		{`{"ArnLike":{"aws:k":"arn:*"}}`, policy.Reading{}, values("arn:aws:s3:::b"), false},
		{`{"ArnNotLike":{"aws:k":"arn:*"}}`, policy.Reading{}, values("arn:aws:s3:::b"), true},
		{`{"ArnLike":{"aws:k":"arn:aws:iam::*"}}`, short, values("arn:aws:iam::1:role/x"), true},
		{`{"ArnLike":{"aws:k":"arn:aws:iam::*"}}`, short, values("arn:aws:iam:r:1:role/x"), false},
		{`{"ArnLike":{"aws:k":"arn:aws:iam"}}`, short, values("arn:aws:iam::1:role/x:y"), true},
		{`{"ArnLike":{"aws:k":"arn:aws:iam"}}`, short, values("arn:aws:sqs::1:x"), false},
		{`{"ArnEquals":{"aws:k":"*:role/x"}}`, short, values("arn:aws:iam::1:role/x"), true},
		{`{"ArnEquals":{"aws:k":"?*:role/x"}}`, short, values(":role/x"), false},
		{`{"StringEquals":{"aws:k":[]}}`, empty, absent, true},
		{`{"StringNotEquals":{"aws:k":[]}}`, empty, values("a", "b"), true},
		{`{"StringEqualsIfExists":{"aws:k":[]}}`, empty, values("a"), false},
		{`{"ForAllValues:StringEquals":{"aws:k":[]}}`, empty, values("a"), false},
		{`{"ForAnyValue:StringEquals":{"aws:k":[]}}`, empty, absent, false},
		{`{"Null":{"aws:k":[]}}`, empty, values("a"), true},
		{`{"ForAnyValue:Null":{"aws:k":[]}}`, empty, values("a"), false},
	}
	for _, tt := range tests {
		d := parse(t, policy.Identity, condition(tt.condition))
		q := policy.Request{Action: "a:b", Resource: "*", Context: tt.context}
		if got := allows(d, q, tt.reading); got != tt.want {
			t.Errorf("%s and %v: got %v, want %v", tt.condition, tt.context, got, tt.want)
		}
	}
}

// TestEvaluateContextCase checks that keys of the request have no case, and that
// keys which differ by it are one.
func TestEvaluateContextCase(t *testing.T) {
	t.Parallel()
	d := parse(t, policy.Identity, condition(`{"ForAnyValue:StringEquals":{"aws:Key":"b"},"ForAllValues:StringEquals":{"AWS:key":["a","b"]}}`))
	q := policy.Request{Action: "a:b", Resource: "*", Context: map[string][]string{"aws:key": {"a"}, "AWS:KEY": {"b"}}}
	if !allows(d, q, policy.Reading{}) {
		t.Error("not allowed")
	}
}

// TestEvaluateUnreadable checks that texts which Parse refuses match nothing, should
// a document be put together by hand.
func TestEvaluateUnreadable(t *testing.T) {
	t.Parallel()
	bad := []policy.Value{{Text: "arn:aws:s3:::${"}}
	d := &policy.Document{Kind: policy.Identity, Version: policy.Version2012, Statements: []policy.Statement{
		{Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "*"}}}, Resource: &policy.Values{List: bad}},
		{Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "*"}}}, Conditions: []policy.Condition{
			{Operator: policy.Operator{Test: policy.StringLike}, Key: "aws:k", Values: bad}}},
		{Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "*"}}}, Conditions: []policy.Condition{
			{Operator: policy.Operator{}, Key: "aws:k", Values: bad}}},
	}}
	q := policy.Request{Action: "a:b", Resource: "arn:aws:s3:::${", Context: values("arn:aws:s3:::${")}
	if allows(d, q, policy.Reading{}) {
		t.Error("allowed")
	}
	if got := policy.Questions(d); got != 0 {
		t.Errorf("questions: %b", got)
	}
}
