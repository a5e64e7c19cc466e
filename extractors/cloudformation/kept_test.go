package cloudformation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/internal/diag"
)

// TestKeptValues: a parameter that gets a default keeps its value where it is a part of
// names alone.
func TestKeptValues(t *testing.T) {
	t.Parallel()
	const role = `AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}`
	allow := func(elements string) string {
		return `R: {Type: AWS::IAM::Role, Properties: {` + role + `, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, ` + elements + `}]}}]}}`
	}
	bucket := func(elements string) string {
		return `P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Sub "${E}-x", PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: "*", ` + elements + `}]}}}`
	}
	const table = `Action: "dynamodb:*", Resource: !Sub "arn:aws:dynamodb:*:*:table/${E}"`
	const changed = "update"
	for name, one := range map[string]struct{ value, resources, want string }{
		"resource":              {"web", allow(table), ""},
		"resource, joined":      {"web", allow(`Action: "dynamodb:*", Resource: !Join ["", ["arn:aws:dynamodb:*:*:table/", !Ref E]]`), ""},
		"names and tags":        {"web", `R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref E, Tags: [{Key: a, Value: !Ref E}], ` + role + `}}, B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${E}-x"}}`, ""},
		"name of an API":        {"web", `A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: !Ref E}}, ` + allow(table), ""},
		"subject":               {"web", bucket(`Principal: {Service: logging.s3.amazonaws.com}`), ""},
		"source":                {"web", bucket(`Principal: {Service: logging.s3.amazonaws.com}, Condition: {ArnLike: {"aws:SourceArn": !Sub "arn:aws:s3:::${E}-x"}}`), ""},
		"elsewhere":             {"web", `A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref E}}, ` + allow(table), ""},
		"wildcard":              {"\"*\"", allow(table), changed},
		"wildcard in it":        {"\"web*\"", allow(table), changed},
		"variable":              {"\"${aws:username}\"", allow(table), changed},
		"ARN":                   {"arn:aws:s3:::x", allow(table), changed},
		"account":               {"\"111122223333\"", allow(table), changed},
		"domain":                {"a.example.com", allow(table), changed},
		"action":                {"Get", allow(`Action: !Sub "dynamodb:${E}", Resource: "*"`), changed},
		"effect":                {"Allow", strings.Replace(allow(`Action: "s3:*", Resource: !Sub "arn:aws:s3:::${E}"`), "Effect: Allow, Action: \"s3", "Effect: !Ref E, Action: \"s3", 1), changed},
		"principal":             {"web", bucket(`Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/${E}"}`), changed},
		"value of a condition":  {"web", bucket(`Principal: "*", Condition: {StringEquals: {"aws:PrincipalTag/a": !Ref E}}`), changed},
		"condition":             {"web", `A: {Type: AWS::EC2::VPC, Condition: C, Properties: {}}, ` + allow(table), changed},
		"mapping":               {"web", allow(`Action: "dynamodb:*", Resource: !Sub ["arn:aws:dynamodb:*:*:table/${T}", {T: !FindInMap [M, !Ref E, A]}]`) + `, A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref E}}`, changed},
		"JSON text":             {"web", `P: {Type: AWS::Logs::ResourcePolicy, Properties: {PolicyName: p, PolicyDocument: !Sub '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "${E}"}, "Action": "logs:PutLogEvents", "Resource": "*"}]}'}}, ` + allow(table), changed},
		"managed policy":        {"AdministratorAccess", `U: {Type: AWS::IAM::User, Properties: {ManagedPolicyArns: [!Sub "arn:aws:iam::aws:policy/${E}"]}}, ` + allow(table), changed},
		"policy of the own":     {"web", `U: {Type: AWS::IAM::User, Properties: {ManagedPolicyArns: [!Sub "arn:aws:iam::${AWS::AccountId}:policy/${E}"]}}, ` + allow(table), ""},
		"word":                  {"NONE", `M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: a, ResourceId: r, HttpMethod: GET, AuthorizationType: !Ref E}}, ` + allow(table), changed},
		"word of another":       {"SERVICE_CONTROL_POLICY", `O: {Type: AWS::Organizations::Policy, Properties: {Type: !Ref E, Content: {}}}, ` + allow(table), changed},
		"description of an API": {"NONE", `O: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: {/a: {get: {x-amazon-apigateway-auth: {type: !Ref E}}}}}}}, ` + allow(table), changed},
		"parameter of a stack":  {"web", `S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u, Parameters: {A: !Ref E}}}, ` + allow(table), changed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := func(more string) string {
				conditions := ""
				if name == "condition" {
					conditions = "Conditions: {C: !Equals [!Ref E, x]}, "
				}
				return `{Parameters: {E: {Type: String` + more + `}}, Mappings: {M: {web: {A: t}, dev: {A: u}}}, ` + conditions + `Resources: {` + one.resources + `}}`
			}
			x := extract(t, text(", Default: "+one.value), []byte(text("")), cloudformation.Options{})
			got := ""
			if slices.ContainsFunc(changes(&x), func(s string) bool { return strings.HasPrefix(s, changed) }) {
				got = changed
			}
			if got != one.want {
				t.Errorf("got %q, want %q; %v", changes(&x), one.want, x.Diagnostics)
			}
			told := slices.ContainsFunc(x.Diagnostics, func(d diag.Diagnostic) bool { return strings.Contains(d.Summary, "has a default now") })
			if told != (one.want == "") {
				t.Errorf("told: %v; %v", told, x.Diagnostics)
			}
			given := extract(t, text(", Default: "+one.value), []byte(text("")), cloudformation.Options{Parameters: map[string]string{"E": "web"}})
			if got := changes(&given); len(got) > 0 {
				t.Errorf("with a value: %q", got)
			}
		})
	}
}

// TestLooserPattern: a parameter that may be everyone after the change and could not
// before is told as a principal, and nowhere else.
func TestLooserPattern(t *testing.T) {
	t.Parallel()
	const role, any, none = `, AllowedPattern: "arn:aws:iam::.*"`, `, AllowedPattern: ".+"`, ""
	principal := `Q: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Ref P}, Action: "sqs:SendMessage", Resource: "*"}]}}}`
	permission := `L: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: lambda:InvokeFunction, Principal: !Ref P}}`
	resource := `I: {Type: AWS::IAM::UserPolicy, Properties: {UserName: u, PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: !Ref P}]}}}`
	for _, one := range []struct {
		before, after, resource string
		want                    int
	}{
		{role, none, principal, 1}, {role, any, principal, 1}, {none, role, principal, 0}, {role, role, principal, 0}, {none, any, principal, 0},
		{role, none, permission, 1}, {role, none, resource, 0},
	} {
		text := func(pattern string) string {
			return `{Parameters: {P: {Type: String` + pattern + `}}, Resources: {` + one.resource + `}}`
		}
		x := extract(t, text(one.after), []byte(text(one.before)), cloudformation.Options{})
		if got := changes(&x); len(got) != one.want {
			t.Errorf("%s to %s at %s: got %q, want %d", one.before, one.after, one.resource, got, one.want)
		}
	}
}

// TestRuledOut: which declarations of a parameter rule out that a principal is everyone,
// as it stands and cut into parts.
func TestRuledOut(t *testing.T) {
	t.Parallel()
	const ref, split = `!Ref P`, `!Split [",", !Ref P]`
	const list, joined = `!Ref P`, `!Split [",", !Join [",", !Ref P]]`
	const digits = `AllowedPattern: '^(\d{12})$|^((\d{12}(,|, ))*\d{12})$'`
	for _, one := range []struct {
		declared, principal string
		may                 bool
	}{
		{`Type: String`, ref, true},
		{`Type: String, MinLength: 12, MaxLength: 12`, ref, false},
		{`Type: String, MinLength: "2"`, ref, false},
		{`Type: String, MinLength: 1`, ref, true},
		{`Type: String, MinLength: 12`, split, true}, // a part may still be
		{`Type: CommaDelimitedList, MinLength: 12`, list, true},
		{`Type: String, ` + digits, ref, false},
		{`Type: String, ` + digits, split, false},
		{`Type: String, AllowedPattern: "[0-9]+(,.+)?"`, split, true},
		{`Type: String, AllowedPattern: "[0-9,*]{12,}"`, split, true},
		{`Type: String, AllowedPattern: "[^,]+,[0-9]+"`, split, true},
		{`Type: CommaDelimitedList, AllowedPattern: "[0-9]{12}"`, list, false},
		{`Type: CommaDelimitedList, AllowedPattern: "[0-9]{12}"`, joined, false},
		{`Type: CommaDelimitedList`, joined, true},
		{`Type: "AWS::SSM::Parameter::Value<String>", AllowedPattern: "/[a-z]+", MinLength: 5`, ref, true}, // they are about the name
	} {
		text := `{Parameters: {P: {` + one.declared + `}}, Resources: {Q: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [q],
  PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: ` + one.principal + `}, Action: "sqs:SendMessage", Resource: "*"}]}}}}}`
		x := extract(t, text, []byte(`{Resources: {}}`), cloudformation.Options{})
		d := x.Grants[0].After.Document
		if d == nil {
			t.Fatalf("%s, %s: no document", one.declared, one.principal)
		}
		if got := d.Statements[0].Principal.List[0].Unknown(); got != one.may {
			t.Errorf("%s, %s: may be everyone: got %v, want %v (%s)", one.declared, one.principal, got, one.may, d.Statements[0].Principal.List[0].Text)
		}
	}
}

// TestUnreadDefault: what cannot be read is said to be the default of a parameter.
func TestUnreadDefault(t *testing.T) {
	t.Parallel()
	const text = `{Parameters: {Queue: {Type: String, Default: my-queue}}, Resources: {I: {Type: AWS::IAM::UserPolicy, Properties: {UserName: u, PolicyName: p,
  PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: !Ref Queue}]}}}}}`
	for given, want := range map[string]bool{"": true, "your-queue": false} {
		var o cloudformation.Options
		if given != "" {
			o.Parameters = map[string]string{"Queue": given}
		}
		x := extract(t, text, []byte(`{Resources: {}}`), o)
		ds := x.Grants[0].After.Diagnostics
		if got := ds.HasErrors() && strings.Contains(ds[0].Detail, "It is the default of parameter Queue.") && strings.Contains(ds[0].Detail, "--param Queue=VALUE"); got != want {
			t.Errorf("given %q: %v, want %v", given, ds, want)
		}
	}
}
