package access_test

import (
	"slices"
	"strings"
)

// The alphabet of the drawn policies, and values that tell its patterns apart. A
// letter "c" that no pattern names stands for all others.

// words lists all texts over the letters up to n characters, shortest first.
func words(letters string, n int) []string {
	all, last := []string{""}, []string{""}
	for range n {
		var next []string
		for _, w := range last {
			for _, c := range letters {
				next = append(next, w+string(c))
			}
		}
		all, last = append(all, next...), next
	}
	return all
}

var worldActions = func() []string {
	var all []string
	for _, prefix := range []string{"s:", "t:", "u:", "ss:", "uu:"} {
		for _, w := range words("abc", 3)[1:] {
			all = append(all, prefix+w)
		}
	}
	for _, w := range words("abc", 4) {
		if len(w) == 4 {
			all = append(all, "s:"+w)
		}
	}
	return all
}()

var (
	prefixes  = []string{"s:", "s:", "s:", "s:", "s:", "s:", "t:", "S:", "t:", "s:", "?:", "*:", "s*:"}
	nameParts = []string{"a", "b", "A", "*", "?", "*", "B"}
	headers   = []string{"aws:s:r:111111111111:", "aws:s:*:222222222222:", "aws:s:::", "aws:s:::", "aws:s:::", "aws:s:::", "aws:s:r::", "aws:s:*:*:", "aws:s:*:1:", "aws:*:*::", "*:s:::", "aws:t:::", "aws:s:?:?:", "aws*:s:::", "aws:s::1:"}
	shortARNs = []string{"aws:s", "aws:s*", "aws:*:a", "aws*:b*", "aws:s::${k:text}:*", "aws:s:${k:text}", "aws", "*", "*:a", "aws:s:*", "aws:s:r:*", "aws:s:*:ab", "aws:s:?*:*b"}
	restParts = []string{"a", "b", "*", "?", "/", "*"}
	variables = []string{"${aws:username}", "${aws:UserName}", "${k:text}", "${aws:username, 'a'}", "${k:text, 'b'}", "${*}", "${?}", "${$}"}
	ownAPI    = []string{"execute-api:/*", "execute-api:/p/*", "execute-api:/p/${aws:username}", "execute-api:/*/*x", "arn:aws:execute-api:r:1:a/p/*", "arn:aws:execute-api:*:1:?/*"}
	long      = "arn:aws:s:::" + strings.Repeat("a", 70)
	oddARNs   = []string{long + "*", long + "?b*", "arn:aws:s:::*" + strings.Repeat("a", 66) + "*b", "arn:aws:s:::a:b", "arn:aws:s:::*:b", "arn:aws:s:::?:*", "arn:aws:s:::a*:?"}
)

var worldResources = func() []string {
	all := []string{"*", long, long + "xb", long + "b"}
	rests := slices.Concat(words("ab/c", 3), []string{
		"aaaa", "abab", "bbbb", "cabc", "aacb", "a/ab", "ab/b", "a/ba", "ab/a", "c/ab", "cc/a", "ba/b", "b/aa", "b/bb", "bb/a", "cc/ab",
		"a:b", ":b", "b:a", ":", "a:", "c:a", "a:b:c", "c:b", "ac:b", "a::b", "aa:b", "*", "a*", "*b", "?", "a?", "$", "a$", "${", "A", "aA",
		"111111111111", "222222222222", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/r/a", "1",
	})
	for _, v := range variables[:5] {
		rests = append(rests, v, "a"+v, "b"+v, "/"+v, v+"a", v+"b", v+"/", "c"+v, v+"c", "a"+v+"b", "a"+v+"a")
	}
	for _, r := range rests {
		all = append(all, "arn:aws:s:::"+r)
	}
	for _, h := range []string{"aws:s:r::", "aws:s:r:1:", "aws:s:q:2:", "aws:s:qq:22:", "aws:s::1:", "aws:t:::", "aws:t:r:1:", "aws:u:q::", "awsx:s:::", "x:s:::"} {
		for _, r := range []string{"", "a", "b", "c", "/", "ab", "ba", "aa", "cc", "a/", "/b", "a/b", "b/a", "a:b", "aab", "cab", "bbc"} {
			all = append(all, "arn:"+h+r)
		}
	}
	for _, h := range []string{"aws:s:c:c:", "aws:s:a:b:", "aws:s:b:a:", "aws:s:ab:c:", "aws:s:a::", "aws:s:b::", "aws:s::b:", "aws:s:A::", "aws:s:*::", "aws:s:B::", "x:c:::", "aws:st:::", "x:s:cc:cc:", "aws:s:${aws:username}::", "aws:s:${k:text}::", "aws:s::${k:text}:", "aws:s:r:111111111111:", "aws:s:q:222222222222:", "aws:s::111111111111:"} {
		for _, r := range []string{"", "a", "b", "ab", "c", "/", "b:a"} {
			all = append(all, "arn:"+h+r)
		}
	}
	for _, r := range []string{"a/p/x", "a/q/p/x", "a:b/p/a", "/p/x", "a", "b/p/b", "a/", "a/p/", "b/p/ab", "bb/p/xx", "b/${aws:username}", "b/p/${aws:username}"} {
		all = append(all, "arn:aws:execute-api:r:1:"+r, "arn:aws:execute-api::2:"+r)
	}
	return all
}()

var principalEntries = []entry{
	{"", "*"}, {"AWS", "*"}, {"AWS", "111111111111"}, {"AWS", "arn:aws:iam::111111111111:root"}, {"AWS", "222222222222"},
	{"AWS", "arn:aws:iam::111111111111:role/r"}, {"AWS", "arn:aws:iam::111111111111:role/p/r"},
	{"AWS", "arn:aws:sts::111111111111:assumed-role/r/s"}, {"AWS", "arn:aws:iam::111111111111:user/u"},
	{"AWS", "arn:aws:sts::111111111111:federated-user/f"}, {"AWS", "AROAEXAMPLE1234567"},
	{"Service", "a.amazonaws.com"}, {"Service", "b.amazonaws.com"}, {"Service", "*"},
	{"Federated", "accounts.google.com"}, {"Federated", "arn:aws:iam::111111111111:saml-provider/x"}, {"Federated", "*"},
	{"CanonicalUser", "79a5"}, {"CanonicalUser", "*"},
}

// Reference policies can have wildcards in principals.
var wildEntries = []entry{
	{"AWS", "arn:aws:iam::111111111111:*"}, {"AWS", "arn:aws:iam::*:root"}, {"AWS", "arn:aws:iam::111111111111:role/*r"},
	{"AWS", "arn:aws:iam::??????????11:r*"}, {"AWS", "AROA*"}, {"Service", "?.amazonaws.com"}, {"Federated", "accounts.*"},
	{"AWS", "arn:*:iam::111111111111:role/?"}, {"AWS", "arn:aws:iam::111111111111:user/*"},
	{"AWS", "arn:aws:sts::111111111111:assumed-role/r/*"}, {"AWS", "arn:aws:sts::*:assumed-role/?/s"}, {"AWS", "arn:aws:sts::111111111111:*s"}, {"AWS", "arn:aws:sts::111111111111:a*r?t"},
}

var worldPrincipals = []string{
	"*", "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/u", "arn:aws:iam::111111111111:user/v",
	"arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/p/r", "arn:aws:iam::111111111111:role/q", "arn:aws:iam::111111111111:role/qq",
	"arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:sts::111111111111:assumed-role/r/t", "arn:aws:sts::111111111111:assumed-role/q/s",
	"arn:aws:iam::222222222222:user/u", "arn:aws:iam::222222222222:root", "arn:aws:iam::222222222222:role/r",
	"arn:aws:iam::333333333333:role/r", "arn:aws:iam::333333333333:root", "arn:aws:iam::333333333333:user/u",
	"arn:aws:iam::333333333311:role/r", "arn:aws:iam::333333333311:root", "arn:aws:iam::333333333311:user/u",
	"arn:aws-cn:iam::333333333333:role/r", "arn:aws-cn:iam::333333333333:root", "arn:aws-cn:iam::333333333333:role/rr",
	"a.amazonaws.com", "b.amazonaws.com", "c.amazonaws.com", "cc.amazonaws.com",
	"accounts.google.com", "Federated:accounts.other", "arn:aws:iam::111111111111:saml-provider/x", "graph.facebook.com",
	"CanonicalUser:79a5", "CanonicalUser:80b6", "arn:aws:sts::111111111111:federated-user/f", "arn:aws:sts::111111111111:federated-user/g", "AROAEXAMPLE1234567",
}

// A request of a session tells the path of its role by this key, so that it belongs to
// every world of resource policies.
const principalARN = "aws:PrincipalArn"

// key is a condition key of the alphabet.
type key struct {
	name      string
	operators []string
	values    []string // in policies, as JSON
	world     []string // in requests
	also      []string // in requests that facts leave, too
	sets      bool     // used with set operators
	known     bool     // documented to have several values
}

var (
	textOperators   = []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	arnOperators    = []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"}
	numberOperators = []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}
	dateOperators   = []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}
	textValues      = []string{`"a"`, `"b"`, `"a*"`, `"*b"`, `"?"`, `"*"`, `"ab"`, `"A"`, `""`, `"a?"`, `"?*"`, `"${*}"`}
	numbers         = []string{"0", "1", "1.5", "2", "2.5", "3", "4", "-1"}
)

var keys = []key{
	{name: "aws:username", operators: textOperators, values: textValues, world: []string{"a", "b", "ab", "*", "ac", "c", ""}},
	{name: "k:text", operators: textOperators, values: append([]string{`"${aws:username}"`, `"${aws:username}*"`, `"${k:other, 'a'}"`}, textValues...),
		world: []string{"a", "A", "b", "ab", "", "c", "cc", "*", "aB", "cb", "ac"}},
	{name: "k:set", operators: textOperators, sets: true, values: []string{`"a"`, `"b"`, `"a*"`, `""`, `"?*"`, `"*"`, `"${k:text}"`}, world: []string{"", "a", "b", "ab", "c"}},
	{name: "aws:TagKeys", operators: textOperators[:4], sets: true, known: true, values: []string{`"a"`, `"b"`, `"?"`}, world: []string{"", "a", "b", "c", "cc"}},
	{name: "k:num", operators: numberOperators, values: []string{"1", "2", `"3"`, `"1"`, `"2.0"`, "1e0"}, world: numbers},
	{name: "k:nums", operators: numberOperators, sets: true, values: []string{`"1"`, `"2"`}, world: numbers[:6]},
	{name: "k:date", operators: dateOperators, values: []string{`"2020-01-01"`, `"2020"`, `"2020-01-01T00:00:00Z"`, `"1577836800"`, `"2021-01-01T01:00:00+01:00"`},
		world: []string{"2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2020-06-01T00:00:00Z", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"}},
	{name: "k:bool", operators: []string{"Bool"}, values: []string{`"true"`, `"false"`, `"True"`}, world: []string{"true", "false", "x"}},
	{name: "k:bools", operators: []string{"Bool"}, sets: true, values: []string{`"true"`, `"false"`}, world: []string{"true", "false", "x"}},
	{name: "aws:SourceIp", operators: []string{"IpAddress", "NotIpAddress"},
		values: []string{`"10.0.0.0/8"`, `"10.1.0.0/16"`, `"10.1.2.3"`, `"0.0.0.0/0"`, `"::/0"`, `"2001:db8::/32"`, `"2001:db8::/33"`, `"10.0.0.0/9"`, `"10.128.0.0/9"`, `"10.1.9.9/16"`},
		world:  []string{"10.1.2.3", "10.1.9.9", "10.9.9.9", "10.200.0.1", "11.0.0.1", "2001:db8::1", "2001:db8:8000::1", "2002::1"}},
	{name: principalARN, operators: slices.Concat(arnOperators, arnOperators, textOperators[:4]),
		values: []string{`"arn:aws:iam::111111111111:role/*"`, `"arn:aws:iam::*:role/r"`, `"arn:aws:iam::111111111111:*"`, `"arn:aws:iam::*"`, `"arn:aws:iam"`, `"*:role/r"`,
			`"arn:aws*:r"`, `"*"`, `"arn:aws:iam::*:user/u"`, `"arn:aws:iam::222222222222:user/${aws:username}"`, `"${k:text}"`, `"${k:arn}"`, `"arn:aws:iam::111111111111:role/${*}"`, `"arn:aws:iam::?:role/r"`,
			`"arn:aws:iam::111111111111:role/*/r"`, `"arn:aws:iam::111111111111:role/r"`, `"arn:aws:iam::111111111111:role/p/r"`, `"arn:aws:iam::${aws:PrincipalAccount}:role/r"`},
		world: []string{"x", "arn:aws:iam::r", "a:role/r:b:c:d:e", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/p/r", "arn:aws:iam::222222222222:role/r",
			"arn:aws:iam::222222222222:user/u", "arn:aws:iam::222222222222:user/a", "arn:aws:s3::3:b", "arn:aws:iam::1:role/r", "arn:aws:iam::111111111111:role/*", "", "x:role/r", "arn:aws:iam::111111111111:c", "arn:aws::::r", "arn:aws:iam:r:1:c"},
		also: slices.DeleteFunc(slices.Clone(worldPrincipals), func(p string) bool {
			return !strings.Contains(p, ":iam::") || strings.Contains(p, "saml") || slices.Contains([]string{"arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/p/r", "arn:aws:iam::222222222222:role/r", "arn:aws:iam::222222222222:user/u"}, p)
		})},
	{name: "k:arn", operators: slices.Concat(arnOperators, arnOperators, textOperators),
		values: []string{`"${k:arn}"`, `"${aws:PrincipalArn}"`, `"${aws:PrincipalArn, 'arn:aws:iam::1:role/r'}"`, `"${k:text}"`, `"arn:aws:iam::${k:text}:role/r"`, `"arn:aws:iam::${k:arn}:role/r"`,
			`"arn:aws:iam::111111111111:role/r"`, `"arn:aws:1:2:3:4"`, `"arn:aws:iam::*:role/*"`, `"arn:aws:iam:*"`, `"a"`, `"*"`},
		world: []string{"a", "c", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::222222222222:role/r", "arn:aws:iam::a:role/r", "arn:aws:iam::1:role/r", "arn:aws:iam::1:role/*", "arn:aws:1:2:3:4",
			"arn:aws:iam::arn:aws:1:2:3:4:role/r", "arn:aws:iam:r", "arn:aws:s3::3:b"}},
	{name: "k:bin", operators: []string{"BinaryEquals"}, values: []string{`"YQ=="`, `"Yg=="`}, world: []string{"YQ==", "Yg==", "Yw=="}},
	{name: "aws:EpochTime", operators: []string{"NumericLessThan", "DateGreaterThan", "DateEquals", "NumericGreaterThanEquals"}, values: []string{`"3000"`, `"2020"`, `"1577836800"`},
		world: []string{"2020", "02020", "1577836800", "1500000000", "2999", "5", "3000", "1600000000", "03000", "9999"}},
	{name: "k:mixed", operators: []string{"StringEquals", "StringNotEquals", "StringLike", "NumericLessThan", "NumericNotEquals", "Bool"}, values: []string{`"1"`, `"2"`}, world: []string{"1", "2", "3", "true", "false", "1.0"}},
	{name: "aws:PrincipalAccount", operators: textOperators, values: []string{`"111111111111"`, `"1*"`, `"2222*"`, `"*"`, `"a"`, `"${k:text}"`, `"${aws:ResourceAccount}"`, `"????????????"`, `"*11"`},
		world: []string{"111111111111", "222222222222", "a", "1"}, also: []string{"333333333333", "333333333311"}},
	{name: "aws:ResourceAccount", operators: textOperators, values: []string{`"111111111111"`, `"1*"`, `"?"`, `"a"`, `"${aws:PrincipalAccount}"`, `"${k:text}"`, `"2*2"`}, world: []string{"111111111111", "222222222222", "1", "a", "2"}},
	{name: "aws:SourceArn", operators: slices.Concat(arnOperators, textOperators), values: []string{`"${aws:PrincipalArn}"`, `"arn:aws:s3:::b"`, `"arn:aws:s3:::*"`, `"arn:aws:iam::111111111111:*"`, `"arn:aws:s3:::${k:text}"`, `"${k:text}"`, `"arn:aws:iam::${aws:PrincipalAccount}:role/r"`, `"*"`},
		world: []string{"a", "arn:aws:s3:::b", "arn:aws:s3:::a", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::a:role/r", "arn:aws:sqs:r:1:c"}},
	{name: "aws:PrincipalServiceName", operators: textOperators, values: []string{`"a.amazonaws.com"`, `"?.amazonaws.com"`, `"${k:text}.amazonaws.com"`, `"b*"`, `"*"`, `"A.amazonaws.com"`},
		world: []string{"a.amazonaws.com", "b.amazonaws.com", "c.amazonaws.com", "cc.amazonaws.com", "a"}},
	{name: "aws:PrincipalIsAWSService", operators: []string{"Bool", "Bool", "StringEquals", "StringNotEquals", "StringLike"}, values: []string{`"true"`, `"false"`, `"True"`, `"t*"`}, world: []string{"true", "false", "x"}},
	{name: "aws:SecureTransport", operators: []string{"Bool", "Bool", "StringEquals", "StringNotEquals"}, values: []string{`"true"`, `"false"`}, world: []string{"true", "false", "x"}},
	{name: "k:other", world: []string{"a", "b"}},
}

// contextValues lists what a request has for the key: nothing, one value, and where
// several are possible each set of up to three.
func (k key) contextValues(several bool) [][]string {
	all := [][]string{nil}
	for _, v := range slices.Concat(k.world, k.also) {
		all = append(all, []string{v})
	}
	if !several {
		return all
	}
	all = append(all, []string{""})
	for i, u := range k.world {
		for j := i + 1; j < len(k.world); j++ {
			v := k.world[j]
			all = append(all, []string{u, v})
			for _, w := range k.world[j+1:] {
				all = append(all, []string{u, v, w})
			}
		}
	}
	return all
}
