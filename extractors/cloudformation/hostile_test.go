package cloudformation_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

func extract(t *testing.T, after string, before []byte, o cloudformation.Options) extractors.Extraction {
	t.Helper()
	o.Path = "t.yaml"
	x, err := cloudformation.Extract(context.Background(), []byte(after), before, o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestHostileTemplates ends in a bound on work, and says so. What is allocated in all tells
// the work, and not the time: it is the same on every machine. So nothing runs beside it.
func TestHostileTemplates(t *testing.T) {
	list := "[" + strings.TrimSuffix(strings.Repeat("a,", 300), ",") + "]"
	loops := "Resources:\n"
	inner := `{"R${A}${B}${C}": {Type: "AWS::IAM::Role", Properties: {RoleName: "x"}}}`
	loops += `  Fn::ForEach::A: [A, ` + list + `, {"Fn::ForEach::B": [B, ` + list + `, {"Fn::ForEach::C": [C, ` + list + `, ` + inner + `]}]}]` + "\n"

	bomb := "A: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	bomb = strings.Replace(bomb, "A: &a", "a: &a", 1) + "Resources: {R: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: *j, PolicyDocument: *j}}}\n"

	conditions := "Parameters:\n"
	for i := range 40 {
		conditions += fmt.Sprintf("  P%d: {Type: String}\n", i)
	}
	conditions += "Conditions:\n"
	for i := range 40 {
		conditions += fmt.Sprintf("  C%d: !Equals [!Ref P%d, x]\n", i, i)
	}
	conditions += "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: 2012-10-17\n        Statement:\n"
	for i := range 40 {
		conditions += fmt.Sprintf("          - !If [C%d, {Effect: Allow, Action: 's3:A%d', Resource: '*'}, !Ref AWS::NoValue]\n", i, i)
	}

	cycle := `Conditions:
  A: !Not [!Condition B]
  B: !Or [!Condition A, !Condition B]
Parameters:
  P: {Type: String, Default: "${P}"}
Resources:
  X: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Y.QueueName}}
  Y: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${X}-${Y}"}}
  Z:
    Type: AWS::SQS::QueuePolicy
    Condition: A
    Properties: {Queues: [!Ref X], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:*", Resource: !GetAtt Y.Arn}]}}
  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml, Parameters: {P: !GetAtt S.Outputs.O}}}
Outputs:
  O: {Value: !GetAtt S.Outputs.O}
`
	grow := "Resources:\n  R:\n    Type: AWS::SSM::ResourcePolicy\n    Properties:\n      ResourceArn: x\n      Policy: "
	text := `!Sub ["${A}${A}", {A: xxxxxxxxxxxxxxxx}]`
	for range 40 {
		text = `!Sub ["${A}${A}", {A: ` + text + `}]`
	}
	for _, tc := range []struct{ name, text, want string }{
		{"loops", loops, "more than is evaluated"},
		{"aliases", bomb, "holds too much"},
		{"conditions", conditions, "more combinations than are compared"},
		{"circles", cycle, ""},
		{"doubling", grow + text + "\n", ""},
		{"deep", "Resources: " + strings.Repeat("[", 5000), "not valid YAML"},
		{"deep json", `{"Resources": ` + strings.Repeat("[", 5000), "nests too deep"},
		{"no map", "[1, 2]", "no map"},
		{"odd sections", "Resources: [1]\nParameters: x\nConditions: 3\nMappings: []\n", "no map"},
		{"odd resources", "Resources: {A: 1, B: [x], C: {Type: [x]}, D: {Type: AWS::IAM::Role, Properties: 3}, E: {Type: AWS::IAM::Role, Properties: {Policies: x, AssumeRolePolicyDocument: []}}, F: {Type: AWS::IAM::Policy, Properties: {Roles: {a: b}, PolicyDocument: 1}}}\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var start, end runtime.MemStats
			runtime.ReadMemStats(&start)
			o := cloudformation.Options{Read: func(string) ([]byte, error) { return []byte(tc.text), nil }}
			x := extract(t, tc.text, nil, o)
			runtime.ReadMemStats(&end)
			if n := (end.TotalAlloc - start.TotalAlloc) >> 20; n > 1024 {
				t.Errorf("%d MB allocated in all", n)
			}
			said := fmt.Sprint(x.Diagnostics, x.Incomplete)
			if !strings.Contains(said, tc.want) || tc.want != "" && len(x.Incomplete) == 0 {
				t.Errorf("said %.500s, want %s", said, tc.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := cloudformation.Extract(ctx, []byte("Resources: {}"), nil, cloudformation.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// FuzzExtract reads any template against any other: nothing panics, and a template
// against itself changes nothing.
func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"Resources: {A: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: x, PolicyDocument: {Statement: []}}]}}}",
		"Conditions: {C: !Equals [!Ref P, x]}\nParameters: {P: {Type: String, AllowedValues: [x, y]}}\nResources: {A: {Type: AWS::SQS::QueuePolicy, Condition: C, Properties: {Queues: [!Ref Q], PolicyDocument: !Sub '{\"Statement\": \"${P}\"}'}}}",
		"Resources:\n  Fn::ForEach::X: [I, [a, b], {\"R${I}\": {Type: AWS::Lambda::Permission, Properties: {Principal: !Ref I, Action: x, FunctionName: !Select [0, !Split [\":\", !Ref I]]}}}]",
		`{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "K"]}}}}, "Mappings": {"M": {"x": {"K": "PublicRead"}}}}`,
		"Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}}",
		"Resources: {A: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Q], PolicyDocument: !Sub '{t\"Statement\": \"${P}\"}'}}}", // no JSON
	} {
		f.Add([]byte(s), []byte("Resources: {}"))
	}
	f.Fuzz(func(t *testing.T, after, before []byte) {
		if len(after)+len(before) > 8192 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		o := cloudformation.Options{Path: "t", Choices: 16}
		if _, err := cloudformation.Extract(ctx, after, before, o); err != nil {
			t.Fatal(err)
		}
		x, err := cloudformation.Extract(ctx, after, after, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range x.Grants {
			if g.Before.Document != g.After.Document {
				t.Fatalf("%s %s changes against itself", g.Address, g.Attribute)
			}
		}
	})
}
