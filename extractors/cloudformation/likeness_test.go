package cloudformation_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestRenamed: a resource under another logical ID is the same where it is written the
// same, and no other is.
func TestRenamed(t *testing.T) {
	t.Parallel()
	role := func(id, more string) string {
		return id + `: {Type: AWS::IAM::Role, ` + more + `Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]},
  Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}}]}}`
	}
	policy := func(id, of string) string {
		return id + `: {Type: AWS::IAM::Policy, Properties: {PolicyName: !Sub "${AWS::StackName}-p", Roles: [!Ref ` + of + `], PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: !Sub "arn:aws:sqs:*:*:${` + of + `}"}]}}}`
	}
	user := func(id string) string {
		return id + `: {Type: AWS::IAM::ManagedPolicy, DependsOn: ` + id + `Role, Properties: {Roles: [!Ref ` + id + `Role], PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: !GetAtt ` + id + `Role.Arn}]}}}, ` + role(id+"Role", "")
	}
	trust := func(id string) string {
		return id + `: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}}`
	}
	function := func(id, policies string) string {
		return id + `: {Type: AWS::Serverless::Function, Properties: {Handler: h, Runtime: r, CodeUri: ` + id + `, Policies: [` + policies + `]}}`
	}
	for name, one := range map[string]struct {
		before, after string
		same          bool
	}{
		"role":              {role("A", ""), role("B", ""), true},
		"metadata":          {role("A", ""), role("B", "Metadata: {a: b}, "), true},
		"with others":       {user("A"), user("B"), true},
		"policy of a role":  {role("A", "") + ", " + policy("P", "A"), role("B", "") + ", " + policy("Q", "B"), true},
		"order of fields":   {role("A", ""), strings.Replace(role("B", ""), `Action: "s3:*", Resource: "*"`, `Resource: "*", Action: "s3:*"`, 1), true},
		"another action":    {role("A", ""), strings.Replace(role("B", ""), "s3:*", "s3:Get*", 1), false},
		"two are new":       {role("A", ""), role("B", "") + ", " + role("C", ""), false},
		"two are gone":      {role("A", "") + ", " + role("D", ""), role("B", ""), false},
		"it stays":          {role("A", "DeletionPolicy: Retain, "), role("B", "DeletionPolicy: Retain, "), false},
		"under a condition": {role("A", ""), role("B", "Condition: C, "), false},
		"trust alone":       {trust("A"), trust("B"), false},
		"nothing":           {"A: {Type: AWS::SQS::Queue}, P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref A], PolicyDocument: {Statement: [{Effect: Allow, Principal: \"*\", Action: \"sqs:*\", Resource: \"*\"}]}}}", "B: {Type: AWS::SQS::Queue}, Q: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref B], PolicyDocument: {Statement: [{Effect: Allow, Principal: \"*\", Action: \"sqs:*\", Resource: \"*\"}]}}}", false},
		"a function of SAM": {function("A", "AmazonS3FullAccess"), function("B", "AmazonS3FullAccess"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := func(resources string) string {
				return `{Transform: AWS::Serverless-2016-10-31, Conditions: {C: !Equals [!Ref "AWS::Region", us-east-1]}, Resources: {` + resources + `}}`
			}
			x := extract(t, text(one.after), []byte(text(one.before)), cloudformation.Options{})
			created := 0
			for _, g := range x.Grants {
				if g.Before.Absent != g.After.Absent {
					created++
				}
			}
			for _, l := range x.Links {
				if len(l.Before) != len(l.After) {
					created++
				}
			}
			if (created == 0) != one.same {
				t.Errorf("%d grants or links are on one side alone; %v", created, x.Diagnostics)
			}
		})
	}
}
