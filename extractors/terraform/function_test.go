package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestFunctionForms: a permission whose function and version are named in another form is
// about the same function, and the statement the same.
func TestFunctionForms(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:myfunction"
	permission := func(name string, qualifier any) m {
		side := m{"principal": "s3.amazonaws.com", "action": "lambda:InvokeFunction", "function_name": name, "statement_id": "s"}
		if qualifier != nil {
			side["qualifier"] = qualifier
		}
		return side
	}
	located := func(region string, side m) m {
		side["region"] = region
		return side
	}
	function := rc("aws_lambda_function.f", "no-op", m{"function_name": "myfunction", "arn": arn}, m{"function_name": "myfunction", "arn": arn})
	queue := m{"arn": "arn:aws:sqs:eu-west-1:111122223333:q"}
	other := rc("aws_sqs_queue.q", "no-op", queue, queue) // tells the account of the provider configuration
	configured := []m{in("aws", "aws_sqs_queue.q", nil), in("aws", "aws_lambda_permission.p", map[string][]string{"principal": nil, "function_name": nil})}
	for _, tt := range []struct {
		name          string
		before, after m
		changes       []m
		want          string // the resources before and after
	}{
		{"ARN", permission(arn+":live", nil), permission(arn, "live"), nil, arn + ":live > " + arn + ":live"},
		{"ARN and back", permission(arn, "live"), permission(arn+":live", nil), nil, arn + ":live > " + arn + ":live"},
		{"ARN to name", permission(arn+":live", nil), permission("myfunction", "live"), nil, arn + ":live > " + arn + ":live"},
		{"name", permission("myfunction:live", nil), permission("myfunction", "live"), nil, "arn:aws:lambda:*:*:function:myfunction:live > arn:aws:lambda:*:*:function:myfunction:live"},
		{"name of a function of the plan", permission("myfunction:live", nil), permission("myfunction", "live"), []m{function}, arn + ":live > " + arn + ":live"},
		{"another version", permission(arn+":live", nil), permission("myfunction", "next"), nil, arn + ":live > " + arn + ":next"},
		{"no version", permission(arn+":live", nil), permission("myfunction", nil), nil, arn + ":live > " + arn},
		{"another account", permission(arn+":live", nil), permission("444455556666:function:myfunction", "live"), nil, "absent > arn:aws:lambda:*:444455556666:function:myfunction:live; " + arn + ":live > absent"},
		{"own account of a function of the plan", permission("myfunction:live", nil), permission("111122223333:function:myfunction", "live"), []m{function}, arn + ":live > " + arn + ":live"},
		{"own account", permission("myfunction:live", nil), permission("111122223333:function:myfunction", "live"), []m{other},
			"arn:aws:lambda:*:*:function:myfunction:live > arn:aws:lambda:*:*:function:myfunction:live"},
		{"own account and back", permission("111122223333:function:myfunction:live", nil), permission("myfunction", "live"), []m{other},
			"arn:aws:lambda:*:*:function:myfunction:live > arn:aws:lambda:*:*:function:myfunction:live"},
		{"other than the own account", permission("myfunction:live", nil), permission("444455556666:function:myfunction", "live"), []m{other},
			"absent > arn:aws:lambda:*:444455556666:function:myfunction:live; arn:aws:lambda:*:*:function:myfunction:live > absent"},
		{"an account and none, which is not known to be the same", permission("myfunction:live", nil), permission("111122223333:function:myfunction", "live"), nil,
			"absent > arn:aws:lambda:*:111122223333:function:myfunction:live; arn:aws:lambda:*:*:function:myfunction:live > absent"},
		{"another region", located("eu-west-1", permission(arn+":live", nil)), located("us-east-1", permission("myfunction", "live")), nil,
			"absent > arn:aws:lambda:*:*:function:myfunction:live; " + arn + ":live > absent"},
		{"another function", permission("a:live", nil), permission("b", "live"), nil, "absent > arn:aws:lambda:*:*:function:b:live; arn:aws:lambda:*:*:function:a:live > absent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, g := range clean(t, plan(append(tt.changes, rc("aws_lambda_permission.p", "delete,create", tt.before, tt.after)), configured)) {
				got = append(got, resourceOf(g.Before)+" > "+resourceOf(g.After))
			}
			if d := cmp.Diff(tt.want, strings.Join(got, "; ")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// resourceOf is the first resource of a side.
func resourceOf(s extractors.Side) string {
	if s.Document == nil {
		return "absent"
	}
	return s.Document.Statements[0].Resource.List[0].Text
}
