package scanner_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/scanner"
)

// commentCase is a template with places for a comment, which are named behind "#@", and
// which of the actions that it newly gives are accepted by a comment there.
type commentCase struct {
	name, template string
	// before are resources before the change, and rule is that of the comment and of the
	// findings that are looked at; "" is none, and new-access.
	before, rule string
	// accepted are the actions by place; places that are not named accept nothing.
	accepted map[string]string
}

const commentsHead = `Transform: AWS::Serverless-2016-10-31
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ci
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
`

var commentCases = []commentCase{
	{name: "inline policies", template: `
  R: #@key
    Type: AWS::IAM::Role #@type
    DeletionPolicy: Delete #@attribute
    Properties: #@properties
      RoleName: r #@name
      AssumeRolePolicyDocument: #@trust
        Version: "2012-10-17" #@trustversion
        Statement: #@truststatement
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole} #@truststatement0
      Policies: #@policies
        - PolicyName: p1 #@entry
          PolicyDocument: #@document
            Version: "2012-10-17" #@version
            Statement: #@statement
              - {Effect: Allow, Action: "a4b:*", Resource: "*"} #@one
              - Effect: Allow #@two
                Action: "sqs:*" #@action
                Resource: "*" #@resource
        - PolicyDocument: #@document2
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "sns:*", Resource: "*"} #@three
          PolicyName: p2 #@entry2
        - {PolicyName: p3, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ssm:*", Resource: "*"}]}} #@flow
      Tags: #@tags
        - {Key: a, Value: b} #@tag
`, accepted: map[string]string{
		"key": "a4b sns sqs ssm sts", "type": "a4b sns sqs ssm sts", "attribute": "a4b sns sqs ssm sts", "properties": "a4b sns sqs ssm sts",
		"trust": "sts", "trustversion": "sts", "truststatement": "sts", "truststatement0": "sts",
		"policies": "a4b sns sqs ssm", "entry": "a4b sqs", "document": "a4b sqs", "version": "a4b sqs", "statement": "a4b sqs",
		"one": "a4b", "two": "sqs", "action": "sqs", "resource": "sqs",
		"document2": "sns", "three": "sns", "entry2": "sns", "flow": "ssm",
	}},
	{name: "branches", template: `
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p #@name
      Roles: [!Ref Role] #@roles
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - !If #@if
            - IsProd #@condition
            - {Effect: Allow, Action: "a4b:*", Resource: "*"} #@yes
            - {Effect: Allow, Action: "sqs:*", Resource: "*"} #@no
          - {Effect: Allow, Action: "sns:*", Resource: "*"} #@other
`, accepted: map[string]string{"if": "a4b sqs", "yes": "a4b", "no": "sqs", "other": "sns"}},
	{name: "branches that are left out", template: `
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Fn::If: #@if
              - IsProd
              - {Effect: Allow, Action: "a4b:*", Resource: "*"} #@yes
              - !Ref AWS::NoValue #@no
          - {Effect: Allow, Action: "sns:*", Resource: "*"}
`, accepted: map[string]string{"if": "a4b", "yes": "a4b"}},
	{name: "branches of documents", template: `
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument: !If #@if
        - IsProd
        - Version: "2012-10-17" #@yes
          Statement: #@yesstatement
            - {Effect: Allow, Action: "a4b:*", Resource: "*"}
        - Version: "2012-10-17" #@no
          Statement:
            - {Effect: Allow, Action: "sqs:*", Resource: "*"} #@nostatement
`, accepted: map[string]string{"if": "a4b sqs", "yes": "a4b", "yesstatement": "a4b", "no": "sqs", "nostatement": "sqs"}},
	{name: "branches of entries and lists", template: `
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies: #@policies
        - !If
          - IsProd
          - PolicyName: p1 #@yes
            PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "a4b:*", Resource: "*"}]} #@yesdocument
          - PolicyName: p2 #@no
            PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]}
        - PolicyName: !Sub "${AWS::StackName}-p3" #@third
          PolicyDocument:
            Version: "2012-10-17"
            Statement: !If #@if
              - IsProd
              - - {Effect: Allow, Action: "sns:*", Resource: "*"} #@yeslist
                - {Effect: Allow, Action: "ssm:*", Resource: "*"}
              - [{Effect: Allow, Action: "swf:*", Resource: "*"}] #@nolist
`, accepted: map[string]string{
		"policies": "a4b sns sqs ssm swf", "yes": "a4b", "yesdocument": "a4b", "no": "sqs",
		"third": "sns ssm swf", "if": "sns ssm swf", "yeslist": "sns", "nolist": "swf",
	}},
	{name: "several on a line", template: `
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "a4b:*", Resource: "*"}, {Effect: Allow, Action: "sns:*", Resource: "*"}, #@first
          {Effect: Allow, Action: "sqs:*", Resource: "*"}, {Effect: Allow, #@second
           Action: "ssm:*", Resource: "*"}] #@third
  Q:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: q
      Roles: [!Ref Role]
      PolicyDocument: {Version: "2012-10-17", Statement: [!If [IsProd, {Effect: Allow, Action: "swf:*", Resource: "*"}, #@if
        {Effect: Allow, Action: "tax:*", Resource: "*"}], #@else
        {Effect: Allow, Action: "xray:*", Resource: "*"}]}
`, accepted: map[string]string{"first": "a4b sns", "second": "sqs ssm", "third": "ssm", "if": "swf", "else": "tax"}},
	{name: "aliases and brackets", template: `
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies:
        - PolicyName: p1
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "a4b:*", Resource: "*"}
              - &s {Effect: Allow, Action: "sns:*", Resource: "*"} #@anchor
        - PolicyName: p2
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
              - *s #@alias
        - PolicyName: p3
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [
              {
                Effect: Allow, Action: "ssm:*", Resource: "*" #@inside
              }, #@bracket
              {Effect: Allow, Action: "swf:*", Resource: "*"}
            ]
`, accepted: map[string]string{"inside": "ssm"}},
	{name: "managed policies", template: `
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]} #@trust
      ManagedPolicyArns: #@list
        - arn:aws:iam::aws:policy/AmazonSQSFullAccess #@one
        - arn:aws:iam::aws:policy/AmazonKinesisFullAccess #@two
`, accepted: map[string]string{"trust": "sts", "list": "kinesis sqs", "one": "sqs", "two": "kinesis"}},
	{name: "a function", template: `
  F: #@key
    Type: AWS::Serverless::Function
    Metadata: {a: b} #@metadata
    Properties:
      Handler: a.b #@handler
      Runtime: python3.12
      InlineCode: x
      Policies: #@policies
        - Statement: #@statement
            - {Effect: Allow, Action: "a4b:*", Resource: "*"} #@one
        - Statement:
            - {Effect: Allow, Action: "sns:*", Resource: "*"}
        - SQSPollerPolicy: #@template
            QueueName: q #@parameter
        - arn:aws:iam::aws:policy/AmazonKinesisFullAccess #@managed
      FunctionUrlConfig: #@url
        AuthType: NONE #@auth
`, accepted: map[string]string{
		"key": "a4b kinesis logs sns sqs sts", "metadata": "a4b kinesis logs sns sqs sts", "policies": "a4b kinesis sns sqs", "statement": "a4b",
		"one": "a4b", "template": "sqs", "parameter": "sqs", "managed": "kinesis", "url": "lambda", "auth": "lambda",
	}},
	{name: "resources that are a grant", template: `
  P:
    Type: AWS::Lambda::Permission #@type
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: f
      Principal: "111122223333" #@principal
  S:
    Type: AWS::RAM::ResourceShare
    Properties:
      Name: s
      Principals: #@principals
        - "222233334444" #@one
        - "333344445555"
`, accepted: map[string]string{"type": "lambda", "principal": "lambda", "principals": "ram"}},
	{name: "texts that are documents", template: `
  P:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: p
      RoleName: ci
      PolicyDocument: #@sub
        Fn::Sub: |
          {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "a4b:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}
          ]}
  Q:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: q
      RoleName: ci
      PolicyDocument:
        Fn::ToJsonString: #@json
          Version: "2012-10-17" #@version
          Statement:
            - {Effect: Allow, Action: "sqs:*", Resource: "*"} #@one
            - {Effect: Allow, Action: "ssm:*", Resource: "*"}
`, accepted: map[string]string{"sub": "a4b sns", "json": "sqs ssm", "version": "sqs ssm", "one": "sqs"}},
	{name: "loops", template: `
  Fn::ForEach::Policies: #@loop
    - Name
    - [a4b, sns] #@list
    - P${Name}: #@key
        Type: AWS::IAM::RolePolicy #@type
        Properties:
          PolicyName: !Sub "p-${Name}"
          RoleName: ci
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: !Sub "${Name}:*", Resource: "*"} #@one
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
      Q${Name}: #@key2
        Type: AWS::IAM::RolePolicy
        Properties:
          PolicyName: !Sub "q-${Name}"
          RoleName: ci
          PolicyDocument: #@document2
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "ssm:*", Resource: "*"}
`, accepted: map[string]string{"loop": "a4b sns sqs ssm", "key2": "ssm", "document2": "ssm", "key": "a4b sns sqs", "type": "a4b sns sqs", "one": "a4b sns"}},
	{name: "operations", template: `
  Pets:
    Type: AWS::ApiGatewayV2::Api #@type
    Properties:
      Body: #@body
        openapi: 3.0.1 #@openapi
        paths: #@paths
          /pets: #@path
            get: #@get
              x-amazon-apigateway-integration: {type: aws_proxy} #@integration
            put:
              x-amazon-apigateway-integration: {type: aws_proxy}
`, accepted: map[string]string{"type": "execute-api", "body": "execute-api", "paths": "execute-api", "path": "execute-api"}},
	{name: "permits with lists", template: `
  D:
    Type: AWS::ImageBuilder::DistributionConfiguration
    Properties:
      Name: d
      Distributions: #@list
        - Region: eu-west-1 #@first
          AmiDistributionConfiguration: {LaunchPermissionConfiguration: {UserIds: ["111122223333"]}} #@configuration
        - Region: eu-west-2
          AmiDistributionConfiguration: {LaunchPermissionConfiguration: {UserIds: ["444455556666"]}}
  S:
    Type: AWS::RAM::ResourceShare
    Properties:
      Name: s
      Principals:
        - "222233334444" #@share
`, accepted: map[string]string{"list": "ec2", "share": "ram"}},
	{name: "keys of an entry", template: `
  D:
    Type: AWS::ImageBuilder::DistributionConfiguration
    Properties:
      Name: d
      Distributions:
        - Region: eu-west-1
          AmiDistributionConfiguration:
            LaunchPermissionConfiguration:
              UserIds: #@users
                - "111122223333"
              OrganizationArns: #@organizations
                - arn:aws:organizations::777788889999:organization/o-abcdefghij
`, accepted: map[string]string{}}, // each is about one of two findings
	{name: "a key that is no policy, and a policy in a body", template: `
  L:
    Type: AWS::DLM::LifecyclePolicy
    Properties:
      Description: d
      State: ENABLED
      ExecutionRoleArn: arn:aws:iam::111122223333:role/r
      PolicyDetails:
        ResourceTypes: [VOLUME] #@types
        TargetTags:
          - {Key: a, Value: b}
        Schedules:
          - Name: s
            CreateRule: {Interval: 24}
            RetainRule: {Count: 1}
            ShareRules:
              - TargetAccounts: ["222233334444"] #@shared
  Pets:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: x
      Body:
        openapi: 3.0.1 #@openapi
        x-amazon-apigateway-policy: #@policy
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: {AWS: "999988887777"}, Action: "execute-api:Invoke", Resource: "*"} #@statement
`, accepted: map[string]string{"shared": "ec2", "policy": "execute-api", "statement": "execute-api"}},
	{name: "API of events", template: `
  A:
    Type: AWS::Serverless::Function #@function
    Properties:
      Handler: a.b
      Runtime: python3.12
      InlineCode: x
      Role: arn:aws:iam::111122223333:role/r
      Events: #@events
        One: #@one
          Type: HttpApi
          Properties: {Path: /one, Method: get} #@route
        Two: #@two
          Type: HttpApi
          Properties: {Path: /two, Method: get}
`, accepted: map[string]string{"events": "execute-api lambda"}},
	{name: "macros and values from elsewhere", template: `
  P:
    Type: AWS::IAM::RolePolicy
    Properties: #@properties
      PolicyName: p #@name
      RoleName: !If [IsProd, ci, ci] #@role
      PolicyDocument: &d #@document
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "a4b:*", Resource: "*"} #@statement
  Q:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: q
      RoleName: !Ref Role
      PolicyDocument: *d #@alias
`, accepted: map[string]string{}},
	{name: "a policy that goes", rule: "guardrail-removed", before: `
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies:
        - {PolicyName: p1, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "a4b:*", Resource: "*"}]}}
        - {PolicyName: p2, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "sns:*", Resource: "*"}]}}
`, template: `
  R: #@key
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]} #@trust
      Policies: #@policies
        - PolicyName: p1 #@entry
          PolicyDocument: #@document
            Version: "2012-10-17"
            Statement: [{Effect: Deny, Action: "a4b:*", Resource: "*"}] #@statement
`, accepted: map[string]string{"key": "guardrail-removed", "policies": "guardrail-removed"}},
	{name: "settings", rule: "guardrail-removed", before: `
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
`, template: `
  B:
    Type: AWS::S3::Bucket #@type
    Properties:
      BucketName: !If [IsProd, a, a] #@name
      PublicAccessBlockConfiguration: #@property
        BlockPublicAcls: true #@stays
        BlockPublicPolicy: false #@lost
        IgnorePublicAcls: true
        RestrictPublicBuckets: false #@lost2
`, accepted: map[string]string{"type": "guardrail-removed", "property": "guardrail-removed"}},
	{name: "one setting", rule: "guardrail-removed", before: `
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}
`, template: `
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true #@stays
        BlockPublicPolicy: false #@lost
`, accepted: map[string]string{"lost": "guardrail-removed"}},
	{name: "what is not compared", rule: "unresolved-policy", template: `
  A:
    Type: AWS::LakeFormation::DataLakeSettings
    Properties:
      Admins: #@admins
        - {DataLakePrincipalIdentifier: "arn:aws:iam::111122223333:role/a"} #@one
        - {DataLakePrincipalIdentifier: "arn:aws:iam::111122223333:role/b"}
`, accepted: map[string]string{"admins": "unresolved-policy"}},
	{name: "a macro", rule: "unresolved-policy", template: `
  M:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: m
      RoleName: ci #@role
      PolicyDocument: #@document
        Fn::Transform: {Name: Macro} #@macro
`, accepted: map[string]string{"document": "unresolved-policy", "macro": "unresolved-policy"}},
	{name: "a policy that is not known", rule: "unresolved-policy", template: `
  M:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: m
      RoleName: ci
      PolicyDocument: #@document
        Version: "2012-10-17" #@version
        Statement: #@statement
          - {Effect: Allow, Action: "s3:*", Resource: "*"} #@one
          - Fn::Transform: {Name: Macro} #@macro
`, accepted: map[string]string{"document": "unresolved-policy", "version": "unresolved-policy", "statement": "unresolved-policy"}},
}

func TestCommentsInTemplates(t *testing.T) {
	t.Parallel()
	for _, c := range commentCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for place := range c.accepted {
				if !strings.Contains(c.template, "#@"+place+"\n") {
					t.Errorf("no place %s", place)
				}
			}
			for _, inFront := range []bool{false, true} {
				for _, place := range placesIn(c.template) {
					if got := c.acceptedAt(t, place, inFront); got != c.accepted[place] {
						t.Errorf("at %s, in front %v: accepted (-want +got):\n%s", place, inFront, diff.Diff(c.accepted[place], got))
					}
				}
			}
		})
	}
}

func placesIn(template string) []string {
	var out []string
	for line := range strings.Lines(template) {
		if _, place, ok := strings.Cut(strings.TrimSpace(line), "#@"); ok {
			out = append(out, place)
		}
	}
	return out
}

// acceptedAt are the services of which actions are accepted that a template gives, and
// none is not, with a comment at or in front of a line; of other rules, the rule.
func (c commentCase) acceptedAt(t *testing.T, place string, inFront bool) string {
	rule := cmp.Or(c.rule, "new-access")
	comment := "# grantdiff:ignore " + rule + " reviewed"
	var b strings.Builder
	for line := range strings.Lines(c.template) {
		text, name, _ := strings.Cut(strings.TrimRight(line, "\n"), "#@")
		blanks := text[:len(text)-len(strings.TrimLeft(text, " "))]
		switch {
		case name != place || name == "":
			b.WriteString(text + "\n")
		case inFront:
			b.WriteString(blanks + comment + "\n" + text + "\n")
		default:
			b.WriteString(text + comment + "\n")
		}
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	r, err := scanner.Scan(t.Context(), scanner.Options{Paths: []string{write("after.yaml", commentsHead+b.String())}, Prior: write("before.yaml", commentsHead+c.before)})
	if err != nil {
		t.Fatal(err)
	}
	var yes, no []string
	for _, f := range r.Findings {
		if f.Rule != rule {
			continue
		}
		actions := []string{rule}
		if rule == "new-access" && f.Gained != nil {
			actions = f.Gained.Actions
		}
		for _, action := range actions {
			service, _, _ := strings.Cut(action, ":")
			if f.Archived != nil {
				yes = append(yes, service)
			} else {
				no = append(no, service)
			}
		}
	}
	yes = slices.DeleteFunc(yes, func(s string) bool { return slices.Contains(no, s) })
	slices.Sort(yes)
	return strings.Join(slices.Compact(yes), " ")
}
