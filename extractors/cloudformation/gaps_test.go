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
// changed, also where its value is a choice that both sides share.
func TestMovedDefaults(t *testing.T) {
	t.Parallel()
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
			if got := changes(&x); !slices.Equal(got, one.want) {
				t.Errorf("got %q, want %q; %v", got, one.want, x.Diagnostics)
			}
		})
	}
}
