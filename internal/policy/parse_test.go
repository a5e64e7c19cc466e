package policy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// identity and resource wrap the elements of one statement into a document.
func identity(elements string) string {
	return `{"Version":"2012-10-17","Statement":[{` + elements + `}]}`
}

const (
	allowAll = `"Effect":"Allow","Action":"*","Resource":"*"`
	anyone   = `"Effect":"Allow","Action":"*","Principal":"*"`
)

func condition(c string) string { return identity(allowAll + `,"Condition":` + c) }

// marked is a policy text in which «» enclose what a diagnostic must point to.
func marked(t *testing.T, text string) (plain string, start, end int) {
	t.Helper()
	start = strings.Index(text, "«")
	end = strings.Index(text, "»") - len("«")
	if start < 0 || end < start {
		t.Fatalf("no mark in %q", text)
	}
	return strings.NewReplacer("«", "", "»", "").Replace(text), start, end
}

func TestParseDiagnostics(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		kind     policy.Kind
		text     string
		severity diag.Severity
		code     string
	}{
		// Text.
		{"empty", policy.Identity, "«»", diag.Error, "JSON_SYNTAX_ERROR"},
		{"blank", policy.Identity, "«» \n", diag.Error, "JSON_SYNTAX_ERROR"},
		{"byte order mark", policy.Identity, "«»\ufeff{}", diag.Error, "JSON_SYNTAX_ERROR"},
		{"cut off", policy.Identity, `{"Version":"2012-10-17"«»`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"cut off in list", policy.Identity, `{"Statement":[{«»`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"cut off in string", policy.Identity, `{"Statement":[{"Sid":"x«»`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"cut off behind a name", policy.Identity, `{"Statement"«»`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"trailing data", policy.Identity, identity(allowAll) + " «»{}", diag.Error, "JSON_SYNTAX_ERROR"},
		{"trailing comma", policy.Identity, identity(allowAll) + "«»,", diag.Error, "JSON_SYNTAX_ERROR"},
		{"not JSON", policy.Identity, `{"Statement":«»x}`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"comment", policy.Identity, "{«»// no\n}", diag.Error, "JSON_SYNTAX_ERROR"},
		{"name without quotes", policy.Identity, `{«»Version:1}`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"too deep", policy.Identity, strings.Repeat("[", policy.MaxDepth) + "«»" + "[]", diag.Error, "JSON_SYNTAX_ERROR"},
		{"too long", policy.Identity, "«»" + strings.Repeat(" ", policy.MaxText) + "{}", diag.Error, "JSON_SYNTAX_ERROR"},
		{"not UTF-8", policy.Identity, `{"«»` + "\xff" + `":1}`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"duplicate key", policy.Identity, `{"Version":"2012-10-17",«"Version"»:"2012-10-17","Statement":{` + allowAll + `}}`, diag.Error, "JSON_SYNTAX_ERROR"},
		{"duplicate key deep inside", policy.Identity, condition(`{"StringEquals":{"aws:a":"x",«"aws:a"»:"y"}}`), diag.Error, "JSON_SYNTAX_ERROR"},
		{"duplicate operator", policy.Identity, condition(`{"Bool":{"aws:a":true},«"Bool"»:{"aws:b":true}}`), diag.Error, "JSON_SYNTAX_ERROR"},

		// Top level.
		{"list", policy.Identity, `«[]»`, diag.Error, "DATA_TYPE_MISMATCH"},
		{"unknown element", policy.Identity, `{"Statement":{` + allowAll + `},«"Foo"»:1}`, diag.Error, "INVALID_POLICY_ELEMENT"},
		{"element in lower case", policy.Identity, `{«"statement"»:{` + allowAll + `}}`, diag.Error, "INVALID_POLICY_ELEMENT"},
		{"element in plural", policy.Identity, `{«"Statements"»:[{` + allowAll + `}]}`, diag.Error, "INVALID_POLICY_ELEMENT"},
		{"version", policy.Identity, `{"Version":«"2012-10-18"»,"Statement":{` + allowAll + `}}`, diag.Error, "INVALID_VERSION"},
		{"version as number", policy.Identity, `{"Version":«2012»,"Statement":{` + allowAll + `}}`, diag.Error, "DATA_TYPE_MISMATCH"},
		{"id as null", policy.Resource, `{"Id":«null»,"Statement":{` + anyone + `}}`, diag.Error, "DATA_TYPE_MISMATCH"},
		{"id in identity policy", policy.Identity, `{"Id":«"x"»,"Statement":{` + allowAll + `}}`, diag.Warning, ""},
		{"no statement", policy.Identity, `«{"Version":"2012-10-17"}»`, diag.Error, "MISSING_STATEMENT"},
		{"no statements", policy.Identity, `{"Statement":«[]»}`, diag.Warning, "MISSING_STATEMENT"},
		{"statement as string", policy.Identity, `{"Statement":«"x"»}`, diag.Error, "DATA_TYPE_MISMATCH"},
		{"statement in list as string", policy.Identity, `{"Statement":[«"x"»]}`, diag.Error, "DATA_TYPE_MISMATCH"},

		// Statement.
		{"unknown statement element", policy.Identity, identity(allowAll + `,«"Foo"»:1`), diag.Error, "INVALID_POLICY_ELEMENT"},
		{"effect in lower case", policy.Identity, identity(`«"effect"»:"Allow","Action":"*","Resource":"*"`), diag.Error, "INVALID_POLICY_ELEMENT"},
		{"actions", policy.Identity, identity(`"Effect":"Allow",«"Actions"»:"*","Resource":"*"`), diag.Error, "INVALID_POLICY_ELEMENT"},
		{"resources", policy.Identity, identity(`"Effect":"Allow","Action":"*",«"Resources"»:"*"`), diag.Error, "INVALID_POLICY_ELEMENT"},
		{"principals", policy.Resource, identity(`"Effect":"Allow","Action":"*",«"principals"»:"*"`), diag.Error, "INVALID_POLICY_ELEMENT"},
		{"no effect", policy.Identity, `{"Statement":[«{"Action":"*","Resource":"*"}»]}`, diag.Error, "MISSING_EFFECT"},
		{"wrong effect", policy.Identity, identity(`"Effect":«"allow"»,"Action":"*","Resource":"*"`), diag.Error, "INVALID_EFFECT"},
		{"effect as Boolean", policy.Identity, identity(`"Effect":«true»,"Action":"*","Resource":"*"`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"no action", policy.Identity, `{"Statement":[«{"Effect":"Allow","Resource":"*"}»]}`, diag.Error, "MISSING_ACTION"},
		{"action and not", policy.Identity, `{"Statement":[«{"NotAction":"s3:*",` + allowAll + `}»]}`, diag.Error, "UNSUPPORTED_ELEMENT_COMBINATION"},
		{"resource and not", policy.Identity, `{"Statement":[«{"NotResource":"*",` + allowAll + `}»]}`, diag.Error, "UNSUPPORTED_ELEMENT_COMBINATION"},
		{"principal and not", policy.Resource, `{"Statement":[«{"NotPrincipal":"*",` + anyone + `}»]}`, diag.Error, "UNSUPPORTED_ELEMENT_COMBINATION"},
		{"no action entries", policy.Identity, identity(`"Effect":"Allow","Action":«[]»,"Resource":"*"`), diag.Warning, "EMPTY_ARRAY_ACTION"},
		{"no not-action entries", policy.Identity, identity(`"Effect":"Allow","NotAction":«[]»,"Resource":"*"`), diag.Error, "EMPTY_ARRAY_ACTION"},
		{"action as number", policy.Identity, identity(`"Effect":"Allow","Action":[«1»],"Resource":"*"`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"action as object", policy.Identity, identity(`"Effect":"Allow","Action":«{}»,"Resource":"*"`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"action in nested list", policy.Identity, identity(`"Effect":"Allow","Action":[«["s3:*"]»],"Resource":"*"`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"action without prefix", policy.Identity, identity(`"Effect":"Allow","Action":["s3:*",«"s3*"»],"Resource":"*"`), diag.Error, "INVALID_ACTION"},
		{"action with empty name", policy.Identity, identity(`"Effect":"Allow","Action":«"s3:"»,"Resource":"*"`), diag.Error, "INVALID_ACTION"},
		{"action with empty prefix", policy.Identity, identity(`"Effect":"Allow","Action":«":Get"»,"Resource":"*"`), diag.Error, "INVALID_ACTION"},
		{"action with two colons", policy.Identity, identity(`"Effect":"Allow","NotAction":«"s3:Get:Object"»,"Resource":"*"`), diag.Error, "INVALID_ACTION"},
		{"variable in action", policy.Identity, identity(`"Effect":"Allow","Action":«"s3:${*}"»,"Resource":"*"`), diag.Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
		{"no resource", policy.Identity, `{"Statement":[«{"Effect":"Allow","Action":"*"}»]}`, diag.Error, "MISSING_RESOURCE"},
		{"no resource entries", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«[]»`), diag.Warning, "EMPTY_ARRAY_RESOURCE"},
		{"no not-resource entries", policy.Identity, identity(`"Effect":"Deny","Action":"*","NotResource":«[]»`), diag.Error, "EMPTY_ARRAY_RESOURCE"},
		{"resource is no ARN", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"bucket"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource is nearly an ARN", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"arn*"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource is a wildcard and more", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"*:bucket"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource is two wildcards", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"**"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource in upper case", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"ARN:aws:s3:::b"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource is empty", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«""»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource of API Gateway in an identity policy", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"execute-api:/*"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"resource of API Gateway without slash", policy.Resource, identity(anyone + `,"Resource":«"execute-api:*"»`), diag.Error, "INVALID_ARN_PREFIX"},
		{"faulty variable of API Gateway", policy.Resource, identity(anyone + `,"Resource":«"execute-api:/${aws:x"»`), diag.Error, "MISSING_BRACE_IN_VARIABLE"},
		{"short ARN in a resource policy", policy.Resource, identity(anyone + `,"Resource":«"arn:aws:sqs"»`), diag.Warning, "MISSING_ARN_FIELD"},
		{"sid as number", policy.Identity, identity(allowAll + `,"Sid":«1»`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"sid with space", policy.Identity, identity(allowAll + `,"Sid":«"a b"»`), diag.Warning, "UNSUPPORTED_SID"},
		{"sid twice", policy.Identity, `{"Statement":[{"Sid":"a",` + allowAll + `},{"Sid":«"a"»,` + allowAll + `}]}`, diag.Warning, "UNIQUE_SIDS_REQUIRED"},
		{"sid twice in a resource policy", policy.Resource, `{"Statement":[{"Sid":"a b",` + anyone + `},{"Sid":«"a b"»,` + anyone + `}]}`, diag.Warning, "UNIQUE_SIDS_RECOMMENDED"},

		// Principal.
		{"no principal", policy.Resource, `{"Statement":[«{"Effect":"Allow","Action":"*"}»]}`, diag.Error, "MISSING_PRINCIPAL"},
		{"principal in identity policy", policy.Identity, `{"Statement":[«{"Principal":"*",` + allowAll + `}»]}`, diag.Error, "UNSUPPORTED_PRINCIPAL"},
		{"not-principal in identity policy", policy.Identity, `{"Statement":[«{"NotPrincipal":"*",` + allowAll + `}»]}`, diag.Error, "UNSUPPORTED_PRINCIPAL"},
		{"principal as ARN", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":«"arn:aws:iam::1:root"»`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal as list", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":«["*"]»`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal key", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{«"Group"»:"x"}`), diag.Error, "INVALID_PRINCIPAL_KEY"},
		{"principal key in plural", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{«"Services"»:"ec2.amazonaws.com"}`), diag.Error, "INVALID_PRINCIPAL_KEY"},
		{"principal object is empty", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":«{}»`), diag.Warning, "EMPTY_OBJECT_PRINCIPAL"},
		{"principal list is empty", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":«{"AWS":[]}»`), diag.Warning, "EMPTY_ARRAY_PRINCIPAL"},
		{"not-principal list is empty", policy.Resource, identity(`"Effect":"Deny","Action":"*","NotPrincipal":«{"AWS":[]}»`), diag.Error, "EMPTY_ARRAY_PRINCIPAL"},
		{"principal is a number", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«111122223333»}`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"principal is a group", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"arn:aws:iam::111122223333:group/g"»}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal is a name", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":["*",«"bob"»]}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal has eleven digits", policy.Resource, identity(`"Effect":"Deny","Action":"*","NotPrincipal":{"AWS":«"11112222333"»}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal is a short ARN", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"arn:aws:iam::111122223333"»}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"principal is a service", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"ec2.amazonaws.com"»}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"service without dot", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"Service":«"ec2"»}`), diag.Warning, "INVALID_SERVICE_PRINCIPAL_FORMAT"},
		{"blank behind an action", policy.Identity, identity(`"Effect":"Allow","Action":«"s3:GetObject "»,"Resource":"*"`), diag.Warning, "INVALID_ACTION"},
		{"blank inside an action", policy.Identity, identity(`"Effect":"Deny","NotAction":["*",«"ec2: Describe*"»],"Resource":"*"`), diag.Warning, "INVALID_ACTION"},
		{"blank for an action", policy.Identity, identity(`"Effect":"Allow","Action":«"\t"»,"Resource":"*"`), diag.Error, "INVALID_ACTION"},
		{"foreign character", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"arn:aws:s3:::b–c"»`), diag.Warning, ""},
		{"foreign character in a key", policy.Identity, condition(`{"StringEquals":{«"aws:RequestTag/Δ"»:"x"}}`), diag.Warning, ""},
		{"control character", policy.Identity, condition(`{"StringEquals":{"aws:a":["x\ty",«"x\u0000"»]}}`), diag.Warning, ""},
		{"principal is empty", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«""»}`), diag.Error, "INVALID_PRINCIPAL_FORMAT"},
		{"wildcard in principal", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"arn:aws:iam::111122223333:role/*"»}`), diag.Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{"masked account", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"Federated":«"arn:aws:iam::***:oidc-provider/a"»}`), diag.Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{"wildcard in service principal", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"Service":«"ec2.?"»}`), diag.Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{"variable in principal", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"arn:aws:iam::111122223333:user/${aws:username}"»}`), diag.Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
		{"role id", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"AROAEXAMPLEEXAMPLE12"»}`), diag.Warning, "INVALID_ROLE_REFERENCE"},
		{"user id", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":«"AIDAEXAMPLEEXAMPLE12"»}`), diag.Warning, "INVALID_USER_REFERENCE"},

		// Condition.
		{"condition as list", policy.Identity, condition(`«[]»`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"condition is empty", policy.Identity, condition(`«{}»`), diag.Warning, "EMPTY_OBJECT_CONDITION"},
		{"operator", policy.Identity, condition(`{«"StringIs"»:{"aws:a":"x"}}`), diag.Error, "INVALID_CONDITION_OPERATOR"},
		{"null with if-exists", policy.Identity, condition(`{«"ForAnyValue:NullIfExists"»:{"aws:a":"true"}}`), diag.Error, "NULL_WITH_IF_EXISTS"},
		{"operator without object", policy.Identity, condition(`{"Bool":«"x"»}`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"key without prefix", policy.Identity, condition(`{"Bool":{«"SecureTransport"»:true}}`), diag.Error, "INVALID_CONDITION_KEY_FORMAT"},
		{"key without name", policy.Identity, condition(`{"Bool":{«"aws:"»:true}}`), diag.Error, "INVALID_CONDITION_KEY_FORMAT"},
		{"keys by case", policy.Identity, condition(`{"StringEquals":{"aws:A":"x",«"aws:a"»:"y"}}`), diag.Error, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
		{"operators by case", policy.Identity, condition(`{"Bool":{"aws:a":true},«"bool"»:{"aws:b":true}}`), diag.Error, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
		{"value is null", policy.Identity, condition(`{"Bool":{"aws:a":«null»}}`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"value is a list in a list", policy.Identity, condition(`{"StringEquals":{"aws:a":[«["x"]»]}}`), diag.Error, "DATA_TYPE_MISMATCH"},
		{"values of two types", policy.Identity, condition(`{"StringEquals":{"aws:a":«["1",1]»}}`), diag.Error, "INVALID_CONDITION_DATA_TYPE"},
		{"no values", policy.Identity, condition(`{"StringEquals":{«"aws:a":[]»}}`), diag.Warning, "EMPTY_ARRAY_CONDITION"},
		{"no values for all", policy.Identity, condition(`{"ForAllValues:StringEquals":{«"aws:a":[]»}}`), diag.Warning, "EMPTY_ARRAY_CONDITION_FORALLVALUES"},
		{"no values for any", policy.Identity, condition(`{"ForAnyValue:StringEquals":{«"aws:a":[]»}}`), diag.Warning, "EMPTY_ARRAY_CONDITION_FORANYVALUE"},
		{"no values if exists", policy.Identity, condition(`{"StringEqualsIfExists":{«"aws:a":[]»}}`), diag.Warning, "EMPTY_ARRAY_CONDITION_IFEXISTS"},
		{"no values for all, negated", policy.Identity, condition(`{"ForAllValues:StringNotEquals":{«"aws:a":[]»}}`), diag.Error, "EMPTY_ARRAY_CONDITION_FORALLVALUES"},
		{"no values if exists, negated", policy.Identity, condition(`{"StringNotLikeIfExists":{«"aws:a":[]»}}`), diag.Error, "EMPTY_ARRAY_CONDITION_IFEXISTS"},
		{"no number", policy.Identity, condition(`{"NumericEquals":{"aws:a":«"abc"»}}`), diag.Error, "TYPE_MISMATCH_NUMBER"},
		{"no date", policy.Identity, condition(`{"DateLessThan":{"aws:a":«"tomorrow"»}}`), diag.Error, "TYPE_MISMATCH_DATE"},
		{"time without zone", policy.Identity, condition(`{"DateLessThan":{"aws:a":«"2030-01-01T00:00:00"»}}`), diag.Error, "TYPE_MISMATCH_DATE"},
		{"time behind a blank", policy.Identity, condition(`{"DateGreaterThan":{"aws:a":«"2020-01-01 00:00:00Z"»}}`), diag.Error, "TYPE_MISMATCH_DATE"},
		{"number behind a blank", policy.Identity, condition(`{"NumericLessThan":{"aws:a":«" 3600"»}}`), diag.Error, "TYPE_MISMATCH_NUMBER"},
		{"number for Bool", policy.Identity, condition(`{"Bool":{"aws:a":«"1"»}}`), diag.Error, "TYPE_MISMATCH_BOOLEAN"},
		{"number for Null", policy.Identity, condition(`{"Null":{"aws:a":«0»}}`), diag.Error, "TYPE_MISMATCH_BOOLEAN"},
		{"base64 without padding", policy.Identity, condition(`{"BinaryEquals":{"aws:a":«"QUI"»}}`), diag.Error, "TYPE_MISMATCH_STRING"},
		{"octal address", policy.Identity, condition(`{"IpAddress":{"aws:a":["10.0.0.0/8",«"010.0.0.0/8"»]}}`), diag.Error, "TYPE_MISMATCH_IP_RANGE"},
		{"no Boolean", policy.Identity, condition(`{"Bool":{"aws:a":«"yes"»}}`), diag.Error, "TYPE_MISMATCH_BOOLEAN"},
		{"no Boolean for null", policy.Identity, condition(`{"Null":{"aws:a":«"yes"»}}`), diag.Error, "TYPE_MISMATCH_BOOLEAN"},
		{"no base64", policy.Identity, condition(`{"BinaryEquals":{"aws:a":«"%"»}}`), diag.Error, "TYPE_MISMATCH_STRING"},
		{"no address", policy.Identity, condition(`{"IpAddress":{"aws:a":«"10.0.0.0/33"»}}`), diag.Error, "TYPE_MISMATCH_IP_RANGE"},
		{"no address range", policy.Identity, condition(`{"NotIpAddress":{"aws:a":«"10.0.0"»}}`), diag.Error, "TYPE_MISMATCH_IP_RANGE"},

		// Policy variables.
		{"variable in number", policy.Identity, condition(`{"NumericEquals":{"aws:a":«"${aws:b}"»}}`), diag.Error, "INVALID_VARIABLE_FOR_OPERATOR"},
		{"variable in Boolean", policy.Identity, condition(`{"Bool":{"aws:a":«"${aws:b}"»}}`), diag.Error, "INVALID_VARIABLE_FOR_OPERATOR"},
		{"variable without brace", policy.Identity, condition(`{"StringLike":{"aws:a":«"x${aws:b"»}}`), diag.Error, "MISSING_BRACE_IN_VARIABLE"},
		{"variable without quote", policy.Identity, condition(`{"StringEquals":{"aws:a":«"${aws:b, x}"»}}`), diag.Error, "MISSING_QUOTE_IN_VARIABLE"},
		{"variable with space", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"arn:aws:s3:::${ aws:b}"»`), diag.Error, "UNSUPPORTED_SPACE_IN_VARIABLE"},
		{"empty variable", policy.Identity, identity(`"Effect":"Allow","Action":"*","NotResource":«"arn:aws:s3:::${}"»`), diag.Error, "EMPTY_VARIABLE"},
		{"wildcard in default", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":«"arn:aws:s3:::${aws:b, '*'}"»`), diag.Error, ""},
		{"variable in old version", policy.Identity, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":«"arn:aws:s3:::${aws:username}"»}}`, diag.Warning, "VARIABLE_UNSUPPORTED_IN_VERSION"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, start, end := marked(t, tt.text)
			_, ds := policy.Parse([]byte(text), policy.ParseOptions{Path: "p.json", Kind: tt.kind})
			type finding struct {
				Severity string
				Code     string
				At       string
			}
			var got []finding
			for _, d := range ds {
				got = append(got, finding{d.Severity.String(), d.Code, span(d.Subject)})
				if d.Summary == "" || !strings.HasSuffix(d.Detail, ".") {
					t.Errorf("not full sentences: %q", d)
				}
			}
			want := []finding{{tt.severity.String(), tt.code, span(source.Range{Path: "p.json", Start: position(text, start), End: position(text, end)})}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s\n%v", diff, ds)
			}
		})
	}
}

func span(r source.Range) string {
	return fmt.Sprintf("%s:%d:%d(%d)-%d:%d(%d)", r.Path, r.Start.Line, r.Start.Column, r.Start.Byte, r.End.Line, r.End.Column, r.End.Byte)
}

// position computes the place of a byte offset the plain way.
func position(text string, off int) source.Pos {
	before := text[:off]
	line := strings.Count(before, "\n")
	return source.Pos{Line: line + 1, Column: len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1, Byte: off}
}

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind policy.Kind
		text string
	}{
		{"bare statement", policy.Identity, `{"Statement":{` + allowAll + `}}`},
		{"resources of API Gateway", policy.Resource, identity(anyone + `,"NotResource":["execute-api:/*","execute-api:/prod/GET/${aws:username}"]`)},
		{"no version", policy.Resource, `{"Statement":[{` + anyone + `}]}`},
		{"old version", policy.Resource, `{"Version":"2008-10-17","Id":"x","Statement":[{` + anyone + `}]}`},
		{"empty sid", policy.Identity, identity(allowAll + `,"Sid":""`)},
		{"sid with spaces in a resource policy", policy.Resource, identity(anyone + `,"Sid":"Enable IAM User Permissions"`)},
		{"principals that are not known", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":["unknown:aws_iam_role.r.arn","arn:unknown:unknown:::aws_iam_role.r"],"Service":"unknown:var.s"}`)},
		{"characters of Latin-1", policy.Identity, condition(`{"StringEquals":{"aws:a":"\tÀÿ\u007f"}}`)},
		{"every action", policy.Identity, identity(`"Effect":"Allow","NotAction":["*:*","s?:*Get*"],"Resource":"*"`)},
		{"short ARN", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs"`)},
		{"wildcard partition", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:*:s3:::b"`)},
		{"variable in account", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q"`)},
		{"several keys of a principal", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":["*"],"Service":"ec2.amazonaws.com","Federated":"*","CanonicalUser":"79a5"}`)},
		{"operators in any case", policy.Identity, condition(`{"stringequals":{"aws:a":"x"},"FORANYVALUE:StringLikeIfExists":{"aws:b":"x"}}`)},
		{"typed values", policy.Identity, condition(`{"NumericEquals":{"aws:a":[1,2.50,-1e2]},"Bool":{"aws:a":true},"IpAddress":{"aws:a":["10.0.0.1","2001:db8::/32"]},"DateEquals":{"aws:a":"2020-01-01T00:00:00Z"},"BinaryEquals":{"aws:a":"QUJD"},"Null":{"aws:a":"FALSE"}}`)},
		{"default with wildcard under StringEquals", policy.Identity, condition(`{"StringEquals":{"aws:a":"${aws:b, '*'}"}}`)},
		{"escapes", policy.Identity, condition(`{"StringLike":{"aws:a":"${*}${?}${$}"}}`)},
		{"dollar in action of an old version", policy.Identity, `{"Statement":{"Effect":"Allow","Action":"s3:${a}","Resource":"*"}}`},
		{"key with slash and spaces", policy.Identity, condition(`{"StringEquals":{"aws:PrincipalTag/my key":"x","oidc.example.com/id/1:aud":"x"}}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, ds := policy.Parse([]byte(tt.text), policy.ParseOptions{Kind: tt.kind}); len(ds) != 0 {
				t.Errorf("unexpected diagnostics: %v", ds)
			}
		})
	}
}

// TestParseRefusesValues checks forms near those that operators take.
func TestParseRefusesValues(t *testing.T) {
	t.Parallel()
	for operator, values := range map[string][]string{
		"NumericEquals":      {"abc", "0x10", "1/2", ".5", "1.", "1e401", "", strings.Repeat("1", 300)},
		"DateNotEquals":      {"2020-13-01", "2020-02-30", "2020-01-01T25:00Z", "2020-01-01T5:00:00Z", "2020-01-01T05:00:00,5Z", "1e9", ""},
		"BoolIfExists":       {"yes", "t", " true", ""},
		"Null":               {"x", "1"},
		"BinaryEquals":       {"YR==", "YQ", "YQ==\n"},
		"NotIpAddress":       {"10.0.0", "fe80::1%eth0", "10.0.0.0/-1", "10.0.0.0/08", "::/129", "0x0a.0.0.1", "10.0.0.1-10.0.0.2", ""},
		"ForAnyValue:Bool":   {"0"},
		"NumericGreaterThan": {"${aws:a}"},
	} {
		for _, v := range values {
			text := condition(`{"` + operator + `":{"aws:a":"` + v + `"}}`)
			if _, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity}); !ds.HasErrors() {
				t.Errorf("%s takes %q", operator, v)
			}
		}
	}
}

// TestParseDidYouMean checks the hints, and that a misspelt element is not
// reported as missing too.
func TestParseDidYouMean(t *testing.T) {
	t.Parallel()
	for wrong, right := range map[string]string{
		"effect": "Effect", "Actions": "Action", "notresources": "NotResource", "conditions": "Condition", "SID": "Sid",
	} {
		_, ds := policy.Parse([]byte(identity(`"`+wrong+`":1`)), policy.ParseOptions{Kind: policy.Identity})
		if !strings.Contains(ds[0].Detail+ds[len(ds)-1].Detail, "Did you mean "+right+"?") {
			t.Errorf("%s: no hint in %v", wrong, ds)
		}
	}
}

func TestParseModel(t *testing.T) {
	t.Parallel()
	const text = `{"Version": "2012-10-17", "Id": "é", "Statement": [
  {"Sid": "A", "Effect": "Deny", "NotPrincipal": {"AWS": ["111122223333"], "Service": "x.amazonaws.com"},
   "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::b"],
   "Condition": {"ForAnyValue:NumericNotEqualsIfExists": {"aws:K": [1.0, 2]}}},
  {"Effect": "Allow", "Principal": "*", "Action": ["a:b", "c:d"]}
]}`
	got, ds := policy.Parse([]byte(text), policy.ParseOptions{Path: "dir/p.json", Kind: policy.Resource})
	if len(ds) != 0 {
		t.Fatal(ds)
	}
	rangeOf := func(part string) source.Range {
		i := strings.Index(text, part)
		if i < 0 {
			t.Fatalf("%q is not in the text", part)
		}
		return source.Range{Path: "dir/p.json", Start: position(text, i), End: position(text, i+len(part))}
	}
	at := func(part string) policy.Place { return policy.PlaceOf(rangeOf(part)) }
	val := func(s string) policy.Value { return policy.Value{Text: strings.Trim(s, `"`), Place: at(s)} }
	want := &policy.Document{
		Kind: policy.Resource, Version: "2012-10-17", ID: "é", Place: at(text), Size: utf8.RuneCountInString(text) - len(regexp.MustCompile(`\s`).FindAllString(text, -1)),
		Statements: []policy.Statement{{
			Sid: "A", Effect: policy.Deny,
			Principal: &policy.Principals{Not: true, Place: at(`{"AWS": ["111122223333"], "Service": "x.amazonaws.com"}`), List: []policy.PrincipalEntry{
				{Type: policy.PrincipalAWS, Value: val(`"111122223333"`)},
				{Type: policy.PrincipalService, Value: val(`"x.amazonaws.com"`)},
			}},
			Action:   policy.Values{Not: true, List: []policy.Value{val(`"s3:*"`)}, Place: at(`"s3:*"`)},
			Resource: &policy.Values{Not: true, List: []policy.Value{val(`"arn:aws:s3:::b"`)}, Place: at(`["arn:aws:s3:::b"]`)},
			Conditions: []policy.Condition{{
				Operator: policy.Operator{Name: "ForAnyValue:NumericNotEqualsIfExists", Qualifier: policy.ForAnyValue, Test: policy.NumericEquals, Negated: true, IfExists: true},
				Key:      "aws:K", Values: []policy.Value{val("1.0"), {Text: "2", Place: policy.PlaceOf(shift(rangeOf(" 2]"), 1, -1))}}, Place: at(`"aws:K": [1.0, 2]`),
			}},
			Place: at(text[strings.Index(text, `{"Sid`) : strings.Index(text, `}}},`)+3]),
		}, {
			Index: 1, Effect: policy.Allow,
			Principal: &policy.Principals{Place: at(`"*"`), List: []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: val(`"*"`)}}},
			Action:    policy.Values{List: []policy.Value{val(`"a:b"`), val(`"c:d"`)}, Place: at(`["a:b", "c:d"]`)},
			Place:     at(`{"Effect": "Allow", "Principal": "*", "Action": ["a:b", "c:d"]}`),
		}},
	}
	if diff := cmp.Diff(want, got, cmp.Transformer("range", policy.Place.Range)); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if key := got.Statements[0].Conditions[0].KeyName(); key != "aws:k" {
		t.Errorf("KeyName is %q", key)
	}
}

func shift(r source.Range, start, end int) source.Range {
	r.Start.Column += start
	r.Start.Byte += start
	r.End.Column += end
	r.End.Byte += end
	return r
}

func TestParseStart(t *testing.T) {
	t.Parallel()
	text := "{\"Statement\":\n\"é\" }"
	_, ds := policy.Parse([]byte(text), policy.ParseOptions{Path: "t", Kind: policy.Identity, Start: source.Pos{Line: 7, Column: 5, Byte: 100}})
	if len(ds) != 1 || span(ds[0].Subject) != "t:8:1(114)-8:4(118)" {
		t.Errorf("got %v", ds)
	}
	doc, _ := policy.Parse([]byte(text), policy.ParseOptions{Path: "t", Kind: policy.Identity, Start: source.Pos{Line: 7, Column: 5, Byte: 100}})
	if got := span(doc.Range()); got != "t:7:5(100)-8:6(120)" {
		t.Errorf("document is at %s", got)
	}
}

func TestParseReference(t *testing.T) {
	t.Parallel()
	text := []byte(identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}`))
	if _, ds := policy.Parse(text, policy.ParseOptions{Kind: policy.Resource, Reference: true}); len(ds) != 0 {
		t.Errorf("a reference document may have wildcards in principals: %v", ds)
	}
}

// TestParseCollects checks that one fault does not hide the next, and that the
// rest of the document is read.
func TestParseCollects(t *testing.T) {
	t.Parallel()
	text := `{"Version":"2013","Statement":[{"Effect":"allow","Action":"s3","Resource":"*"},{` + allowAll + `}]}`
	doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
	var codes []string
	for _, d := range ds {
		codes = append(codes, d.Code)
	}
	if diff := cmp.Diff([]string{"INVALID_VERSION", "INVALID_EFFECT", "INVALID_ACTION"}, codes); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	if len(doc.Statements) != 2 || doc.Statements[1].Effect != policy.Allow {
		t.Errorf("got %+v", doc.Statements)
	}
}

func TestParseBounds(t *testing.T) {
	t.Parallel()
	t.Run("statements", func(t *testing.T) {
		t.Parallel()
		one := `{` + allowAll + `}`
		text := `{"Statement":[` + one + strings.Repeat(","+one, policy.MaxStatements) + `]}`
		doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		if !ds.HasErrors() || len(ds) != 1 || len(doc.Statements) != policy.MaxStatements {
			t.Errorf("got %d statements and %v", len(doc.Statements), ds)
		}
	})
	t.Run("diagnostics", func(t *testing.T) {
		t.Parallel()
		// Many warnings, then an error: the error must still count.
		one := `{"Effect":"Allow","Action":[],"Resource":"*"}`
		text := `{"Statement":[` + strings.Repeat(one+",", 200) + `{}]}`
		_, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		if !ds.HasErrors() || len(ds) != 101 {
			t.Errorf("got %d diagnostics, errors: %v", len(ds), ds.HasErrors())
		}
		_, ds = policy.Parse([]byte(strings.Replace(text, ",{}", "", 1)), policy.ParseOptions{Kind: policy.Identity})
		if ds.HasErrors() || len(ds) != 101 {
			t.Errorf("got %d diagnostics, errors: %v", len(ds), ds.HasErrors())
		}
	})
}

func TestKindString(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(policy.Identity, policy.Resource, policy.Kind(0)); got != "identity resource invalid" {
		t.Errorf("got %q", got)
	}
}

// TestSize: a text and the same as a tree have the same size.
func TestSize(t *testing.T) {
	t.Parallel()
	str := func(s string) policy.Tree { return policy.Tree{Kind: policy.TreeString, Text: s} }
	tree := policy.Tree{Kind: policy.TreeObject, Members: []policy.TreeMember{
		{Name: "Version", Value: str("2012-10-17")},
		{Name: "Statement", Value: policy.Tree{Kind: policy.TreeArray, Items: []policy.Tree{
			{Kind: policy.TreeObject, Members: []policy.TreeMember{
				{Name: "Effect", Value: str("Allow")}, {Name: "Action", Value: str("s3:*")}, {Name: "Resource", Value: str("arn:aws:s3:::b/é b")},
				{Name: "Condition", Value: policy.Tree{Kind: policy.TreeObject, Members: []policy.TreeMember{
					{Name: "Bool", Value: policy.Tree{Kind: policy.TreeObject, Members: []policy.TreeMember{
						{Name: "aws:SecureTransport", Value: policy.Tree{Kind: policy.TreeBool, Text: "true"}}}}}}}},
			}},
		}}},
	}}
	const compact = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/éb","Condition":{"Bool":{"aws:SecureTransport":true}}}]}`
	text := strings.NewReplacer(":", ": ", "éb", "é b", "aws: s3: : : ", "aws:s3:::").Replace(strings.ReplaceAll(compact, ",", ",\n\t"))
	of := func(d *policy.Document, _ diag.Diagnostics) int { return d.Size }
	want := utf8.RuneCountInString(compact)
	if got := of(policy.ParseTree(tree, policy.ParseOptions{Kind: policy.Identity})); got != want {
		t.Errorf("a tree has %d characters, want %d", got, want)
	}
	if got := of(policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})); got != want {
		t.Errorf("a text has %d characters, want %d", got, want)
	}
}

// TestWildcardRemedy: what everyone could use is advised only for principals of AWS, and
// a number that a log masks is called so.
func TestWildcardRemedy(t *testing.T) {
	t.Parallel()
	for principal, want := range map[string]string{
		`{"AWS":"arn:aws:iam::111122223333:role/*"}`:                  `or use "*" with a condition`,
		`{"AWS":"arn:aws:iam::***:role/r"}`:                           "before it was masked.",
		`{"Federated":"arn:aws:iam::***:oidc-provider/a"}`:            "before it was masked.",
		`{"Federated":"arn:aws:iam::111122223333:oidc-provider/a?b"}`: "Expected a whole name. Name the principal.",
		`{"Service":"ec2.*"}`:                                         "Expected a whole name. Name the principal.",
	} {
		_, ds := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Principal":`+principal+`}}`), policy.ParseOptions{Kind: policy.Resource})
		if len(ds) == 0 || !strings.HasSuffix(ds[0].Detail, want) && !strings.Contains(ds[0].Detail, want) {
			t.Errorf("%s: got %v, want %q", principal, ds, want)
		}
	}
}
