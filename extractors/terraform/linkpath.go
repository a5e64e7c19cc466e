package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// policyNames are the attributes that hold the name of a managed policy of IAM. IAM
// Identity Center takes its name and its path, which together are the end of the ARN that
// the policy has in each account (IAM Identity Center API Reference,
// "CustomerManagedPolicyReference").
var policyNames = map[string]string{"aws_iam_policy": "name", "awscc_iam_managed_policy": "managed_policy_name"}

// pathedName is the name of a policy with its path, as it stands in an ARN. Without a path
// it is the name alone.
func pathedName(path, name string) string {
	if path = strings.Trim(path, "/"); path == "" {
		return name
	}
	return path + "/" + name
}

// pathedValues are the names at the end of a path, each with what its block says of the
// path of the policy.
func pathedValues(v, unknown jsontext.Value, r *row) []linkValue {
	plain := linkValues(v, unknown, r.Path)
	if slices.ContainsFunc(plain, func(n linkValue) bool { return n.fault != "" }) {
		return plain
	}
	steps := r.steps()
	last := len(steps) - 1
	var out []linkValue
	for _, b := range (scope{obj: v, unknown: unknown}).leaves(steps[:last], true) {
		if b.unknown {
			out = append(out, linkValue{unknown: true, whole: b.whole})
			continue
		}
		path := joinValues(linkValues(b.value, b.unknowns, "path"))
		for _, n := range linkValues(b.value, b.unknowns, steps[last]) {
			switch {
			case path.unknown:
				n = linkValue{unknown: true} // it may be any of those of the name
			case n.text != "":
				n.text = pathedName(path.text, n.text)
			}
			out = append(out, n)
		}
	}
	return out
}
