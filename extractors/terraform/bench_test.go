package terraform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// bigPlan makes a plan of n resources in the mix of real ones: a third carries
// policies, the rest are instances with a lot of attributes.
func bigPlan(n int) []byte {
	var changes, resources []m
	for i := range n {
		switch i % 6 {
		case 0:
			p := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"S%d","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b%d","arn:aws:s3:::b%d/*"]}]}`, i, i, i)
			side := m{"name": fmt.Sprintf("p%d", i), "policy": p, "role": fmt.Sprintf("r%d", i)}
			address := fmt.Sprintf("aws_iam_role_policy.p%d", i)
			changes = append(changes, rc(address, "update", side, m{"name": "p", "policy": putObject, "role": side["role"]}))
			resources = append(resources, conf(address, map[string][]string{"policy": nil, "role": {"aws_iam_role.r.id", "aws_iam_role.r"}}))
		case 1:
			side := m{"name": fmt.Sprintf("r%d", i), "assume_role_policy": ec2Trust, "inline_policy": []m{}}
			changes = append(changes, rc(fmt.Sprintf("aws_iam_role.r%d", i), "no-op", side, side))
		default:
			side := m{"id": fmt.Sprintf("i-%d", i), "ami": "ami-1", "tags": m{"Name": "x", "Team": "y"}, "user_data": string(bytes.Repeat([]byte("d"), 600)), "ebs_block_device": []m{{"a": 1}, {"b": true}}}
			address := fmt.Sprintf("aws_instance.i%d", i)
			changes = append(changes, rc(address, "no-op", side, side))
			resources = append(resources, conf(address, map[string][]string{"ami": nil}))
		}
	}
	b, err := json.Marshal(m{"format_version": "1.2", "planned_values": m{"root_module": m{"resources": changes}}, "resource_changes": changes, "configuration": m{"root_module": m{"resources": resources}}})
	if err != nil {
		panic(err)
	}
	return b
}

func BenchmarkExtract(b *testing.B) {
	text := bigPlan(2000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x, err := terraform.Extract(context.Background(), bytes.NewReader(text), terraform.Options{Path: "plan.json"})
		if err != nil || len(x.Grants) != 668 {
			b.Fatalf("%d grants, error %v", len(x.Grants), err)
		}
	}
}
