package cloudformation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestPassed: a parameter of a nested stack has what the parent passes, and else its
// default, also where a loop runs over it.
func TestPassed(t *testing.T) {
	t.Parallel()
	const policy = `{Type: AWS::IAM::UserPolicy, Properties: {UserName: u, PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: ACTION, Resource: "*"}]}}}`
	with := func(parameter, policy, action string) string {
		return "Transform: AWS::LanguageExtensions\nParameters: {A: {" + parameter + `}}
Conditions: {C: !Equals [!Ref A, x]}
Resources: {` + strings.Replace(policy, "ACTION", action, 1) + "}"
	}
	parent := func(parameters string) string {
		return `Parameters: {Y: {Type: String}}
Conditions: {K: !Equals [!Ref Y, "yes"]}
Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml` + parameters + `}}}`
	}
	allowed := with(`Type: String, Default: x, AllowedValues: [x, "s3:*"]`, "P: "+policy, "!Ref A")
	text := with(`Type: String, Default: x`, "P: "+policy, "!Ref A")
	list := with(`Type: CommaDelimitedList, Default: x`, "P: "+policy, "!Ref A")
	condition := with(`Type: String, Default: x`, "P: "+strings.Replace(policy, "{Type", "{Condition: C, Type", 1), "'s3:*'")
	loop := with(`Type: CommaDelimitedList, Default: x`, `"Fn::ForEach::L": [I, !Ref A, {"P${I}": `+strings.Replace(policy, "PolicyName: p", `PolicyName: !Sub "p${I}"`, 1)+`}]`, `!Sub "${I}"`)
	for name, one := range map[string]struct {
		before, after, child string
		want                 []string
	}{
		"no longer, the same":      {", Parameters: {A: x}", "", allowed, []string{}},
		"no longer":                {`, Parameters: {A: "s3:Get*"}`, "", text, []string{"update"}},
		"no longer, no value":      {", Parameters: {A: x}", ", Parameters: {A: !Ref AWS::NoValue}", allowed, []string{}},
		"never":                    {"", "", allowed, []string{}},
		"newly":                    {"", `, Parameters: {A: "s3:*"}`, allowed, []string{"update"}},
		"condition, the same":      {", Parameters: {A: x}", "", condition, []string{}},
		"condition, no longer":     {", Parameters: {A: z}", "", condition, []string{"create"}},
		"if":                       {", Parameters: {A: x}", `, Parameters: !If [K, {A: "s3:*"}, !Ref "AWS::NoValue"]`, text, []string{"update: Y is yes"}},
		"if around all":            {", Parameters: {A: x}", `, "Fn::Transform": {Name: AWS::Include}`, text, []string{"update"}},
		"macro":                    {", Parameters: {A: x}", `, Parameters: {"Fn::Transform": {Name: AWS::Include}}`, text, []string{"update"}},
		"list":                     {", Parameters: {A: 'x,z'}", `, Parameters: {A: "x, z"}`, list, []string{}},
		"list, another":            {", Parameters: {A: 'x,z'}", `, Parameters: {A: "x,s3:*"}`, list, []string{"update"}},
		"list that is not known":   {`, Parameters: {A: !Sub "${Y},x"}`, `, Parameters: {A: !Sub "${Y},s3:*"}`, list, []string{"update"}},
		"loop":                     {", Parameters: {A: 'x,z'}", ", Parameters: {A: 'x,v'}", loop, []string{"create", "delete"}},
		"loop, the same":           {", Parameters: {A: 'x,z'}", ", Parameters: {A: 'z,x'}", loop, []string{}},
		"loop, no longer":          {", Parameters: {A: 'x,z'}", "", loop, []string{"delete"}},
		"loop that is not known":   {", Parameters: {A: 'x'}", ", Parameters: {A: !Ref Y}", loop, []string{"delete", "incomplete"}},
		"loop, the same unknown":   {", Parameters: {A: !Ref Y}", ", Parameters: {A: !Ref Y}", loop, []string{}},
		"loop, another not known":  {", Parameters: {A: !Ref Y}", `, Parameters: {A: !Sub "${Y}z"}`, loop, []string{"incomplete"}},
		"loop, from known to that": {"", ", Parameters: {A: !Ref Y}", loop, []string{"delete", "incomplete"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(string) ([]byte, error) { return []byte(one.child), nil }
			x := extract(t, parent(one.after), []byte(parent(one.before)), cloudformation.Options{Read: read, PriorRead: read})
			got := changes(&x)
			if len(x.Incomplete) > 0 {
				got = append(got, "incomplete")
			}
			if !slices.Equal(got, one.want) {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}
