package cloudformation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

const userPolicy = `
Resources:
  P:
    %s
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [a]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: %s, Resource: "*"}]}
`

// changes are the actions of the grants in all variants, with the choices they are
// under, sorted.
func changes(x *extractors.Extraction) []string {
	out := []string{}
	for _, v := range slices.Concat([]extractors.Variant{{Grants: x.Grants}}, x.Variants) {
		for _, g := range v.Grants {
			if g.Action != extractors.NoOp {
				out = append(out, strings.TrimSuffix(fmt.Sprintf("%s: %s", g.Action, g.Under), ": "))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestMovedDefaults: a parameter that is left alone has another value after its default
// changed or was added, also where its value is a choice that both sides share; and it
// may have a value after the change that was not allowed before.
func TestMovedDefaults(t *testing.T) {
	t.Parallel()
	const many = "v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17"
	for name, one := range map[string]struct {
		before, after, rest string
		given               map[string]string
		want                []string
	}{
		"condition": {
			`E: {Type: String, Default: "no"}`, `E: {Type: String, Default: "yes"}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is left at its default"},
		},
		"condition with allowed values": {
			`E: {Type: String, Default: "no", AllowedValues: ["yes", "no"]}`, `E: {Type: String, Default: "yes", AllowedValues: ["yes", "no"]}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is left at its default"},
		},
		"condition, given": {
			`E: {Type: String, Default: "no"}`, `E: {Type: String, Default: "yes"}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), map[string]string{"E": "no"},
			[]string{},
		},
		"list in a condition": {
			`E: {Type: CommaDelimitedList, Default: "no"}`, `E: {Type: CommaDelimitedList, Default: "yes"}`,
			`Conditions: {C: !Equals [!Select [0, !Ref E], "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is left at its default"},
		},
		"allowed values": {
			`E: {Type: String, Default: "s3:GetObject", AllowedValues: ["s3:GetObject", "s3:*"]}`, `E: {Type: String, Default: "s3:*", AllowedValues: ["s3:GetObject", "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is left at its default"},
		},
		"a value that is no longer allowed": {
			`E: {Type: String, Default: "s3:Get*", AllowedValues: ["s3:Get*", "s3:List*"]}`, `E: {Type: String, Default: "s3:Get*", AllowedValues: ["s3:Get*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:List*"},
		},
		"a value that is newly allowed": {
			`E: {Type: String, AllowedValues: [x]}`, `E: {Type: String, AllowedValues: [x, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*"},
		},
		"a value that is newly allowed, beside a default": {
			`E: {Type: String, Default: x, AllowedValues: [x, z]}`, `E: {Type: String, Default: x, AllowedValues: [x, z, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*"},
		},
		"a value that is newly allowed, in a condition": {
			`E: {Type: String, AllowedValues: ["no"]}`, `E: {Type: String, AllowedValues: ["no", "yes"]}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is yes"},
		},
		"a value that is newly allowed, in a mapping": {
			`E: {Type: String, AllowedValues: [dev]}`, `E: {Type: String, AllowedValues: [dev, prod]}`,
			`Mappings: {M: {dev: {A: "s3:Get*"}, prod: {A: "s3:*"}}}` + fmt.Sprintf(userPolicy, "", "!FindInMap [M, !Ref E, A]"), nil,
			[]string{"update: E is prod"},
		},
		"a value that is newly allowed, of many": {
			`E: {Type: String, AllowedValues: [` + many + `]}`, `E: {Type: String, AllowedValues: [` + many + `, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*"},
		},
		"a value that is newly allowed, of many with a default": {
			`E: {Type: String, Default: v1, AllowedValues: [` + many + `]}`, `E: {Type: String, Default: v1, AllowedValues: [` + many + `, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*"},
		},
		"a value that is newly allowed, beyond what is considered": {
			`E: {Type: String, AllowedValues: [x]}`, `E: {Type: String, AllowedValues: [x, ` + many + `, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!If [C, \"s3:*\", x]") + `Conditions: {C: !Equals [!Ref E, "s3:*"]}`, nil,
			[]string{"update: E is s3:*"},
		},
		"any value is newly allowed": {
			`E: {Type: String, AllowedValues: ["no"]}`, `E: {Type: String}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is yes"},
		},
		"any value is newly allowed, in a text": {
			`E: {Type: String, AllowedValues: [x, z]}`, `E: {Type: String}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is not x or z"},
		},
		"any value is newly allowed, beside a default": {
			`E: {Type: String, AllowedValues: [x, z], Default: x}`, `E: {Type: String, Default: x}`,
			`Conditions: {C: !Equals [!Ref E, x]}` + fmt.Sprintf(userPolicy, "", `!If [C, x, "s3:*"]`), nil,
			[]string{"update: E is not x or z"},
		},
		"no longer any value": {
			`E: {Type: String}`, `E: {Type: String, AllowedValues: [x, z]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{},
		},
		"an element that is newly allowed": {
			`E: {Type: CommaDelimitedList, AllowedValues: [x]}`, `E: {Type: CommaDelimitedList, AllowedValues: [x, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*", "update: E is x,s3:*"},
		},
		"an element that is newly allowed, beside a default": {
			`E: {Type: List<String>, Default: x, AllowedValues: [x, z]}`, `E: {Type: List<String>, Default: x, AllowedValues: [x, z, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*", "update: E is x,z,s3:*"},
		},
		"an element that is no longer allowed": {
			`E: {Type: CommaDelimitedList, Default: x, AllowedValues: [x, "s3:*"]}`, `E: {Type: CommaDelimitedList, Default: x, AllowedValues: [x]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is s3:*", "update: E is x,s3:*"},
		},
		"an element that is newly allowed, in a condition": {
			`E: {Type: CommaDelimitedList, AllowedValues: ["no"]}`, `E: {Type: CommaDelimitedList, AllowedValues: ["no", "yes"]}`,
			`Conditions: {C: !Equals [!Select [0, !Ref E], "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: not (Select 0 of E) equals yes, E is yes", "delete: (Select 0 of E) equals yes, E is no,yes"},
		},
		"any element is newly allowed": {
			`E: {Type: CommaDelimitedList, AllowedValues: [x, z]}`, `E: {Type: CommaDelimitedList}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E is not x or x,z or z"},
		},
		"no longer any element": {
			`E: {Type: CommaDelimitedList}`, `E: {Type: CommaDelimitedList, AllowedValues: [x, z]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{},
		},
		"elements of a loop": {
			`E: {Type: CommaDelimitedList, Default: "a,b", AllowedValues: [a, b, c]}`, `E: {Type: CommaDelimitedList, Default: "a,b", AllowedValues: [a, b, c], Description: d}`,
			`Transform: AWS::LanguageExtensions
Resources: {"Fn::ForEach::L": [I, !Ref E, {"P${I}": {Type: AWS::IAM::UserPolicy, Properties: {UserName: !Sub "${I}", PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}}}}]}`, nil,
			[]string{},
		},
		"the same elements": {
			`E: {Type: CommaDelimitedList, AllowedValues: [x, z]}`, `E: {Type: CommaDelimitedList, AllowedValues: [x, z], Description: d}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{},
		},
		"a value that is given, and another that is newly allowed": {
			`E: {Type: String, AllowedValues: [x]}`, `E: {Type: String, AllowedValues: [x, "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), map[string]string{"E": "x"},
			[]string{},
		},
		"a new default in a condition": {
			`E: {Type: String}`, `E: {Type: String, Default: "yes"}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E is left at its default"},
		},
		"a new default in a condition with allowed values": {
			`E: {Type: String, AllowedValues: ["yes", "no"]}`, `E: {Type: String, Default: "yes", AllowedValues: ["yes", "no"]}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"create: E was no and is left at its default"},
		},
		"a new default that ends a condition": {
			`E: {Type: String}`, `E: {Type: String, Default: "no"}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{"delete: E was yes and is left at its default"},
		},
		"a new default of allowed values": {
			`E: {Type: String, AllowedValues: ["s3:GetObject", "s3:*"]}`, `E: {Type: String, Default: "s3:*", AllowedValues: ["s3:GetObject", "s3:*"]}`,
			fmt.Sprintf(userPolicy, "", "!Ref E"), nil,
			[]string{"update: E was s3:GetObject and is left at its default"},
		},
		"a new default in a mapping": {
			`E: {Type: String}`, `E: {Type: String, Default: prod}`,
			`Mappings: {M: {dev: {A: "s3:Get*"}, prod: {A: "s3:*"}}}` + fmt.Sprintf(userPolicy, "", "!FindInMap [M, !Ref E, A]"), nil,
			[]string{"update: E was dev and is left at its default"},
		},
		"a new default of the one value": {
			`E: {Type: String, AllowedValues: ["yes"]}`, `E: {Type: String, Default: "yes", AllowedValues: ["yes"]}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{},
		},
		"a default that is gone": {
			`E: {Type: String, Default: "yes"}`, `E: {Type: String}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{},
		},
		"the same": {
			`E: {Type: String, Default: "no"}`, `E: {Type: String, Default: "no", Description: d}`,
			`Conditions: {C: !Equals [!Ref E, "yes"]}` + fmt.Sprintf(userPolicy, "Condition: C", `"*"`), nil,
			[]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := func(p string) string { return "Parameters:\n  " + p + "\n" + one.rest }
			x := extract(t, text(one.after), []byte(text(one.before)), cloudformation.Options{Parameters: one.given})
			if got := changes(&x); !slices.Equal(got, one.want) || len(x.Incomplete) > 0 {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}

// TestDefaultInCondition: a default is not taken for granted by a condition, however the
// parameter comes to it.
func TestDefaultInCondition(t *testing.T) {
	t.Parallel()
	child := `Parameters: {Q: {Type: String}}
Conditions: {C: !Equals [!Ref Q, "yes"]}` + userPolicy
	const nested = `Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml, Parameters: {Q: !Ref E}}}}`
	const list = `Conditions: {C: !Equals [!Select [0, !Ref E], "yes"]}
Resources:
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: !Ref E
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: !If [C, "%s", "sqs:*"], Resource: "*"}]}
`
	read := func(action string) func(string) ([]byte, error) {
		return func(string) ([]byte, error) { return fmt.Appendf(nil, child, "Condition: C", action), nil }
	}
	for name, one := range map[string]struct{ typ, before, after, want string }{
		"nested stack":        {"String", nested, nested, "update: E is yes"},
		"list, first in text": {"CommaDelimitedList", fmt.Sprintf(list, "s3:Get*"), fmt.Sprintf(list, "s3:*"), "update: (Select 0 of E) equals yes, E is not no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := func(rest string) string {
				return "Parameters: {E: {Type: " + one.typ + `, Default: "no"}}` + "\n" + rest
			}
			x := extract(t, text(one.after), []byte(text(one.before)), cloudformation.Options{Read: read(`"*"`), PriorRead: read("s3:Get*")})
			if got := changes(&x); len(got) != 1 || !strings.HasPrefix(got[0], one.want) {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}

// sides says of each grant of a type which sides there are.
func sides(x *extractors.Extraction, typ string) []string {
	out := []string{}
	state := func(s *extractors.Side) string {
		switch {
		case s.Absent:
			return "absent"
		case s.Unknown != nil:
			return "unknown"
		}
		return "document"
	}
	for _, g := range x.Grants {
		if g.Type == typ || g.ResourceType == typ {
			out = append(out, fmt.Sprintf("%s %s %s: %s, %s", g.Address, g.Kind, g.Action, state(&g.Before), state(&g.After)))
		}
	}
	slices.Sort(out)
	return out
}

// TestOrganizationTypes: a policy of an organization that changes its type is gone as
// what it was.
func TestOrganizationTypes(t *testing.T) {
	t.Parallel()
	const deny, less = `Action: "s3:*"`, `Action: "s3:Get*"`
	for name, one := range map[string]struct {
		before, after, contentBefore, contentAfter string
		want                                       []string
	}{
		"tag policy after":    {"SERVICE_CONTROL_POLICY", "TAG_POLICY", deny, deny, []string{"S scp update: document, absent"}},
		"tag policy before":   {"TAG_POLICY", "SERVICE_CONTROL_POLICY", deny, deny, []string{"S scp update: absent, document"}},
		"tag policies":        {"TAG_POLICY", "TAG_POLICY", deny, less, []string{}},
		"resource control":    {"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", deny, deny, []string{"S rcp update: absent, document", "S scp update: document, absent"}},
		"open":                {"!Ref T", "!Ref T", deny, deny, []string{"S scp no-op: document, document"}},
		"open, other content": {"!Ref T", "!Ref T", deny, less, []string{"S scp update: unknown, unknown"}},
		"open after":          {"SERVICE_CONTROL_POLICY", "!Ref T", deny, deny, []string{"S scp update: document, unknown"}},
		"other open":          {"!Ref T", "!Ref U", deny, deny, []string{"S scp update: unknown, unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := func(typ, content string) string {
				return `Parameters: {T: {Type: String}, U: {Type: String}}
Resources: {S: {Type: AWS::Organizations::Policy, Properties: {Name: n, TargetIds: [ou-1], Type: ` + typ +
					`, Content: {Version: "2012-10-17", Statement: [{Effect: Deny, Resource: "*", ` + content + `}]}}}}`
			}
			x := extract(t, text(one.after, one.contentAfter), []byte(text(one.before, one.contentBefore)), cloudformation.Options{})
			if got := sides(&x, "AWS::Organizations::Policy"); !slices.Equal(got, one.want) {
				t.Errorf("got %q, want %q", got, one.want)
			}
		})
	}
}

// TestToldTypes: what is not compared is told when it changes.
func TestToldTypes(t *testing.T) {
	t.Parallel()
	set := func(more string) string {
		return `S: {Type: AWS::CloudFormation::StackSet, Properties: {StackSetName: s, TemplateURL: u` + more + `}}`
	}
	collection := func(typ, policy string) string {
		return `C: {Type: AWS::OpenSearchServerless::SecurityPolicy, Properties: {Name: c, Type: ` + typ + `, Policy: ` + policy + `}}`
	}
	const module = `M: {Type: "My::Org::Thing::MODULE", Properties: {A: b}}`
	for name, one := range map[string]struct {
		typ, before, after string
		want               int
	}{
		"parameters":            {"AWS::CloudFormation::StackSet", set(", Parameters: [{ParameterKey: P, ParameterValue: a}]"), set(", Parameters: [{ParameterKey: P, ParameterValue: b}]"), 1},
		"parameters dropped":    {"AWS::CloudFormation::StackSet", set(", Parameters: [{ParameterKey: P, ParameterValue: a}]"), set(""), 1},
		"instances":             {"AWS::CloudFormation::StackSet", set(""), set(", StackInstancesGroup: [{Regions: [r]}]"), 1},
		"role":                  {"AWS::CloudFormation::StackSet", set(", ExecutionRoleName: r"), set(", ExecutionRoleName: admin"), 1},
		"role dropped":          {"AWS::CloudFormation::StackSet", set(", ExecutionRoleName: r"), set(""), 1},
		"permission model":      {"AWS::CloudFormation::StackSet", set(", PermissionModel: SELF_MANAGED"), set(", PermissionModel: SERVICE_MANAGED"), 1},
		"several":               {"AWS::CloudFormation::StackSet", set(""), set(", ExecutionRoleName: r, PermissionModel: SELF_MANAGED"), 1},
		"instances dropped":     {"AWS::CloudFormation::StackSet", set(", StackInstancesGroup: [{Regions: [r]}]"), set(""), 0},
		"new":                   {"AWS::CloudFormation::StackSet", "U: {Type: AWS::IAM::User}", set(", ExecutionRoleName: r, PermissionModel: SELF_MANAGED"), 1},
		"the same stack set":    {"AWS::CloudFormation::StackSet", set(", ExecutionRoleName: r"), set(", ExecutionRoleName: r"), 0},
		"encryption":            {"AWS::OpenSearchServerless::SecurityPolicy", "U: {Type: AWS::IAM::User}", collection("encryption", "p"), 0},
		"encryption changes":    {"AWS::OpenSearchServerless::SecurityPolicy", collection("encryption", "p"), collection("encryption", "q"), 0},
		"network":               {"AWS::OpenSearchServerless::SecurityPolicy", "U: {Type: AWS::IAM::User}", collection("network", "p"), 1},
		"network, not known":    {"AWS::OpenSearchServerless::SecurityPolicy", "U: {Type: AWS::IAM::User}", collection("!ImportValue t", "p"), 1},
		"now network":           {"AWS::OpenSearchServerless::SecurityPolicy", collection("encryption", "p"), collection("network", "p"), 1},
		"a module":              {"My::Org::Thing::MODULE", "U: {Type: AWS::IAM::User}", module, 1},
		"a module that stays":   {"My::Org::Thing::MODULE", module, module, 0},
		"a module that varies":  {"My::Org::Thing::MODULE", module, strings.Replace(module, "b}", "c}", 1), 1},
		"a module that is gone": {"My::Org::Thing::MODULE", module, "U: {Type: AWS::IAM::User}", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, "Resources:\n  "+one.after, []byte("Resources:\n  "+one.before), cloudformation.Options{})
			got := sides(&x, one.typ)
			for _, g := range got {
				if !strings.HasSuffix(g, "unknown") {
					t.Errorf("%s is not told", g)
				}
			}
			if len(got) != one.want {
				t.Errorf("got %q, want %d", got, one.want)
			}
		})
	}
}

// TestModuleInChangeSet: a module that a change set adds is told.
func TestModuleInChangeSet(t *testing.T) {
	t.Parallel()
	x := extract(t, `{"ChangeSetName": "c", "StackName": "s", "Status": "CREATE_COMPLETE", "Changes": [{"Type": "Resource", "ResourceChange": {"Action": "Add",
"LogicalResourceId": "M", "ResourceType": "My::Org::Thing::MODULE", "Scope": [], "Details": [], "AfterContext": "{\"Properties\":{\"A\":\"b\"}}"}}]}`, nil, cloudformation.Options{})
	if got := sides(&x, "My::Org::Thing::MODULE"); len(got) != 1 || x.Kind != cloudformation.KindChangeSet {
		t.Errorf("got %q of a %s; %v", got, x.Kind, x.Diagnostics)
	}
}

// TestOverwritten: a policy that leaves the template and is kept stays, unless another
// resource writes the same document.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	policy := func(id, typ, subject, effect string) string {
		return "  " + id + `: {DeletionPolicy: Retain, Type: "` + typ + `", Properties: {` + subject +
			`, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: ` + effect + `, Principal: "*", Action: "sns:Publish", Resource: "*"}]}}}` + "\n"
	}
	const topic, inline = "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"
	old := policy("Old", topic, `Topics: [t]`, "Deny")
	const queues, queue = "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"
	const q, n = "  Q: {Type: AWS::SQS::Queue}\n", "  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: n}}\n"
	oldQueue := policy("Old", queues, `Queues: [!Ref Q]`, "Deny")
	oldURL := policy("Old", queues, `Queues: ["https://sqs.us-east-1.amazonaws.com/123456789012/n"]`, "Deny")
	inlineOf := func(id, typ, of, name, effect string) string {
		return "  " + id + ": {DeletionPolicy: Retain, Type: AWS::IAM::" + typ + ", Properties: {" + of + ", PolicyName: " + name + ", PolicyDocument: " +
			`{Version: "2012-10-17", Statement: [{Effect: ` + effect + `, Action: "sns:Publish", Resource: "*"}]}}}` + "\n"
	}
	role := func(name, policy string) string {
		return "  R: {DeletionPolicy: Retain, Type: AWS::IAM::Role, Properties: {RoleName: " + name + ", Policies: [{PolicyName: " + policy +
			`, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "sns:Publish", Resource: "*"}]}}]}}` + "\n"
	}
	bus := func(id, properties, effect string) string {
		return "  " + id + ": {DeletionPolicy: Retain, Type: AWS::Events::EventBusPolicy, Properties: {" + properties +
			`, Statement: {Effect: ` + effect + `, Principal: "*", Action: "events:PutEvents", Resource: "*"}}}` + "\n"
	}
	const stays, goes = " forget: document, document", " forget: document, absent"
	for name, one := range map[string]struct{ before, after, want string }{
		"URL by Ref":         {q + oldQueue, q + policy("New", queues, `Queues: [!GetAtt Q.QueueUrl]`, "Allow"), "Old resource" + goes},
		"URL of a name":      {n + oldQueue, n + policy("New", queues, `Queues: ["https://sqs.us-east-1.amazonaws.com/123456789012/n"]`, "Allow"), "Old resource" + goes},
		"old URL":            {n + oldQueue, n + policy("New", queues, `Queues: ["https://queue.amazonaws.com/123456789012/n"]`, "Allow"), "Old resource" + goes},
		"URL of another":     {n + oldQueue, n + policy("New", queues, `Queues: ["https://sqs.us-east-1.amazonaws.com/123456789012/m"]`, "Allow"), "Old resource" + stays},
		"URL by Sub":         {q + oldQueue, q + policy("New", queues, `Queues: [!Sub "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Q.QueueName}"]`, "Allow"), "Old resource" + goes},
		"inline queue":       {q + oldQueue, q + policy("New", queue, `Queue: !Ref Q`, "Allow"), "Old resource" + goes},
		"not in template":    {oldURL, policy("New", queues, `Queues: [!Sub "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/n"]`, "Allow"), "Old resource" + goes},
		"role policy":        {inlineOf("Old", "RolePolicy", "RoleName: r", "p", "Deny"), inlineOf("New", "RolePolicy", "RoleName: r", "p", "Allow"), "Old identity" + goes},
		"another name":       {inlineOf("Old", "RolePolicy", "RoleName: r", "p", "Deny"), inlineOf("New", "RolePolicy", "RoleName: r", "q", "Allow"), "Old identity" + stays},
		"another role":       {inlineOf("Old", "RolePolicy", "RoleName: r", "p", "Deny"), inlineOf("New", "RolePolicy", "RoleName: s", "p", "Allow"), "Old identity" + stays},
		"user policy":        {inlineOf("Old", "UserPolicy", "UserName: r", "p", "Deny"), inlineOf("New", "UserPolicy", "UserName: r", "p", "Allow"), "Old identity" + goes},
		"group policy":       {inlineOf("Old", "GroupPolicy", "GroupName: r", "p", "Deny"), inlineOf("New", "GroupPolicy", "GroupName: r", "p", "Allow"), "Old identity" + goes},
		"a user, a role":     {inlineOf("Old", "UserPolicy", "UserName: r", "p", "Deny"), inlineOf("New", "RolePolicy", "RoleName: r", "p", "Allow"), "Old identity" + stays},
		"policy":             {inlineOf("Old", "Policy", "Roles: [r]", "p", "Deny"), inlineOf("New", "Policy", "Roles: [r]", "p", "Allow"), "Old identity" + goes},
		"of one of two":      {inlineOf("Old", "Policy", "Roles: [s, r]", "p", "Deny"), inlineOf("New", "RolePolicy", "RoleName: r", "p", "Allow"), "Old identity" + goes},
		"of other roles":     {inlineOf("Old", "Policy", "Roles: [r]", "p", "Deny"), inlineOf("New", "Policy", "Roles: [s]", "p", "Allow"), "Old identity" + stays},
		"of the role":        {inlineOf("Old", "RolePolicy", "RoleName: r", "p", "Deny"), role("r", "p"), "Old identity" + goes},
		"of the old role":    {role("r", "p"), inlineOf("New", "RolePolicy", "RoleName: r", "p", "Allow"), "R identity" + goes},
		"role, another":      {role("r", "p"), inlineOf("New", "RolePolicy", "RoleName: r", "q", "Allow"), "R identity" + stays},
		"bus":                {bus("Old", "EventBusName: b, StatementId: s", "Deny"), bus("New", "EventBusName: b, StatementId: s", "Allow"), "Old resource" + goes},
		"bus, another":       {bus("Old", "EventBusName: b, StatementId: s", "Deny"), bus("New", "EventBusName: b, StatementId: t", "Allow"), "Old resource" + stays},
		"another bus":        {bus("Old", "EventBusName: b, StatementId: s", "Deny"), bus("New", "EventBusName: c, StatementId: s", "Allow"), "Old resource" + stays},
		"default bus":        {bus("Old", "StatementId: s", "Deny"), bus("New", "StatementId: s", "Allow"), "Old resource" + goes},
		"default by name":    {bus("Old", "StatementId: s", "Deny"), bus("New", "EventBusName: default, StatementId: s", "Allow"), "Old resource" + goes},
		"beside":             {q + oldQueue, q + oldQueue + policy("New", queues, `Queues: [!Ref Q]`, "Allow"), "Old resource update: document, absent"},
		"beside, no change":  {q + oldQueue + policy("New", queues, `Queues: [!Ref Q]`, "Allow"), q + oldQueue + policy("New", queues, `Queues: [!Ref Q]`, "Allow"), "Old resource no-op: document, document"},
		"beside, of another": {q + oldQueue, q + oldQueue + policy("New", queues, `Queues: ["https://sqs.us-east-1.amazonaws.com/123456789012/m"]`, "Allow"), "Old resource no-op: document, document"},
		"beside, both":       {q + oldQueue, q + strings.Replace(oldQueue, "sns:Publish", "sns:*", 1) + policy("New", queues, `Queues: [!Ref Q]`, "Allow"), "Old resource update: document, document"},
		"beside, inline":     {role("r", "p"), role("r", "p") + inlineOf("New", "RolePolicy", "RoleName: r", "p", "Allow"), "R identity update: document, absent"},
		"beside, elsewhere":  {old, old + policy("New", topic, `Topics: [t]`, "Allow"), "Old resource update: document, absent"},
		"beside, of a topic": {"  T: {Type: AWS::SNS::Topic}\n" + policy("Old", topic, `Topics: [!Ref T]`, "Deny"),
			"  T: {Type: AWS::SNS::Topic}\n" + policy("Old", topic, `Topics: [!Ref T]`, "Deny") + policy("New", topic, `Topics: [!Ref T]`, "Allow"), "Old resource update: document, absent"},
		"beside, an import": {policy("Old", topic, `Topics: [!ImportValue t]`, "Deny"),
			policy("Old", topic, `Topics: [!ImportValue t]`, "Deny") + policy("New", topic, `Topics: [!ImportValue t]`, "Allow"), "Old resource update: document, absent"},
		"beside, other imports": {policy("Old", topic, `Topics: [!ImportValue t]`, "Deny"),
			policy("Old", topic, `Topics: [!ImportValue t]`, "Deny") + policy("New", topic, `Topics: [!ImportValue u]`, "Allow"), "Old resource no-op: document, document"},
		"alone":            {old, "  U: {Type: AWS::IAM::User}\n", "Old resource forget: document, document"},
		"another":          {old, policy("New", topic, `Topics: [t]`, "Allow"), "Old resource forget: document, absent"},
		"of another topic": {old, policy("New", topic, `Topics: [u]`, "Allow"), "Old resource forget: document, document"},
		"inline":           {old, policy("New", inline, `TopicArn: t`, "Allow"), "Old resource forget: document, absent"},
		"that was there":   {old + policy("New", topic, `Topics: [t]`, "Allow"), policy("New", topic, `Topics: [t]`, "Allow"), "Old resource forget: document, document"},
		"that changes":     {old + policy("New", topic, `Topics: [t]`, "Deny"), policy("New", topic, `Topics: [t]`, "Allow"), "Old resource forget: document, absent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, "Resources:\n"+one.after, []byte("Resources:\n"+one.before), cloudformation.Options{})
			var got []string
			for _, resourceType := range []string{"AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::Events::EventBus", ""} {
				got = append(got, sides(&x, resourceType)...)
			}
			if !slices.Contains(got, one.want) {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}

// TestActing: what acts as a role is linked to it.
func TestActing(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ typ, properties, want string }{
		{"EMR::Cluster", "JobFlowRole: !Ref I", "JobFlowRole acts [I]"},
		{"EMR::Cluster", "ServiceRole: !Ref R, AutoScalingRole: !Ref R", "ServiceRole acts [R]; AutoScalingRole acts [R]"},
		{"DLM::LifecyclePolicy", "ExecutionRoleArn: !GetAtt R.Arn", "ExecutionRoleArn acts [R]"},
		{"AppSync::GraphQLApi", "Name: n, LogConfig: {CloudWatchLogsRoleArn: !GetAtt R.Arn}", "LogConfig.CloudWatchLogsRoleArn acts [R]"},
		{"Events::Rule", "Targets: [{Id: a, Arn: b}, {Id: c, Arn: d, RoleArn: !GetAtt R.Arn}, {Id: e, Arn: f, RoleArn: !GetAtt S.Arn}]", "Targets[].RoleArn acts [R S]"},
	} {
		x := extract(t, `{Resources: {X: {Type: "AWS::`+one.typ+`", Properties: {`+one.properties+`}},
I: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: []}}, R: {Type: AWS::IAM::Role, Properties: {}}, S: {Type: AWS::IAM::Role, Properties: {}}}}`, nil, cloudformation.Options{})
		var got []string
		for _, l := range x.Links {
			var to []string
			for _, a := range l.After {
				to = append(to, a.Address)
			}
			got = append(got, fmt.Sprintf("%s %s %v", l.Attribute, l.Kind, to))
		}
		if strings.Join(got, "; ") != one.want {
			t.Errorf("%s: got %q, want %s", one.typ, got, one.want)
		}
	}
}
