package terraform

import "testing"

// TestMayBeginWild: what AWS makes is a name, an id or an ARN; what somebody writes is not.
func TestMayBeginWild(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]bool{
		"aws_vpc.main.id": false,
		"module.net[\"a\"].aws_vpc_endpoint.s3[0].id": false,
		"awscc_ec2_vpc.main.vpc_id":                   false,
		"data.aws_caller_identity.current.account_id": false,
		"module.a.data.aws_vpc.main[0].id":            false,
		"account of aws.other":                        false,
		"aws_vpc.a.id,aws_vpc.b.id":                   false,
		"aws_vpc.a.id,var.x":                          true,
		"aws_ssm_parameter.vpc.value":                 true,
		"aws_cloudformation_stack.s.outputs":          true,
		"aws_cloudformation_stack.s.outputs[\"Vpc\"]": true,
		"data.aws_ssm_parameter.vpc.value":            true,
		"data.aws_cloudformation_export.vpc.value":    true,
		"data.terraform_remote_state.net.outputs":     true,
		"data.external.vpc.result":                    true,
		"random_string.x.result":                      true,
		"var.vpc":                                     true,
		"":                                            true,
		"aws_ssm_parameter.data.arn":                  false,
	} {
		if got := mayBeginWild(reference); got != want {
			t.Errorf("%q: %v, want %v", reference, got, want)
		}
	}
}
