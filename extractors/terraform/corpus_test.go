package terraform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/diag"
)

// corpus lists further plans, which are not part of the project, where the
// environment names a folder of them.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED names no folder of further plans")
	}
	var files []string
	for _, pattern := range []string{"terraform/public/*.json", "terraform/cases/*/plan.json"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatalf("no plans below %s", dir)
	}
	return files
}

// TestCorpus reads every plan of the corpus. A plan that the reference decoder
// takes must give no error, and every policy text in it must show up in a grant.
func TestCorpus(t *testing.T) {
	counts := map[string]int{}
	for _, file := range corpus(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := terraform.Sniff(data[:min(len(data), terraform.SniffLength)])
		if kind != terraform.Plan && kind != terraform.Wrapped {
			t.Errorf("%s: told apart as %v", file, kind)
			continue
		}
		counts[kind.String()]++
		o := terraform.Options{Path: file}
		if after := filepath.Join(filepath.Dir(file), "after"); isDir(after) {
			o.SourceDir = after
		}
		x, err := terraform.Extract(context.Background(), bytes.NewReader(data), o)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		account(counts, x)
		if kind == terraform.Wrapped {
			checkWrapped(t, counts, file, data, x)
			continue
		}
		var reference tfjson.Plan
		valid := json.Unmarshal(data, &reference) == nil && faultless(reference)
		for _, d := range x.Diagnostics {
			counts[d.Severity.String()+": "+d.Summary]++
			if valid && x.Diagnostics.HasErrors() {
				t.Errorf("%s: %v", file, d)
			}
		}
		if valid {
			counts["plans that the reference decoder takes"]++
			checkAccounted(t, counts, reference, x)
		}
	}
	b, err := json.MarshalIndent(counts, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", b)
}

// checkWrapped reads each plan of a wrapper on its own: together they must give the
// grants that the wrapper gave, apart from addresses and places.
func checkWrapped(t *testing.T, counts map[string]int, file string, data []byte, x extractors.Extraction) {
	t.Helper()
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var want []string
	plans := 0
	var find func(v any)
	find = func(v any) {
		object, _ := v.(map[string]any)
		if _, ok := object["resource_changes"]; ok {
			plans++
			text, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			one, err := terraform.Extract(context.Background(), bytes.NewReader(text), terraform.Options{Path: file})
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range one.Grants {
				want = append(want, strings.Join([]string{g.Address, g.Attribute, g.Account, g.ARN, show(g.Before), show(g.After)}, " | "))
			}
			return
		}
		for _, inner := range object {
			find(inner)
		}
	}
	find(document)
	var got []string
	for _, g := range x.Grants {
		address := g.Address
		if _, rest, ok := strings.Cut(address, ": "); ok != (plans > 1) {
			t.Errorf("%s: address %q of one of %d plans", file, address, plans)
		} else if ok {
			address = rest
		}
		got = append(got, strings.Join([]string{address, g.Attribute, g.Account, g.ARN, show(g.Before), show(g.After)}, " | "))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: grants (-one by one +wrapped):\n%s", file, diff)
	}
	counts["plans in wrappers"] += plans
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// faultless leaves out plans made or cut by hand: those with changes that say
// what happens but not to what.
func faultless(p tfjson.Plan) bool {
	return !slices.ContainsFunc(p.ResourceChanges, func(c *tfjson.ResourceChange) bool {
		return c.Type == "" || c.Change == nil || c.Address == "" ||
			(c.Change.Actions.Update() || c.Change.Actions.Replace()) && c.Change.Before == nil ||
			c.Change.Actions.Create() && c.Change.After == nil && c.Change.AfterUnknown == nil
	})
}

func account(counts map[string]int, x extractors.Extraction) {
	counts["secrets"] += len(x.Secrets)
	for _, g := range x.Grants {
		counts["grants"]++
		if g.Account != "" {
			counts["grants with an account"]++
		}
		if g.ARN != "" {
			counts["grants with an ARN"]++
		}
		if g.Origin().Range.HasLines() {
			counts["grants with lines"]++
		}
		for _, s := range []extractors.Side{g.Before, g.After} {
			switch {
			case s.Absent:
				counts["sides absent"]++
			case s.Unknown != nil:
				counts["sides unknown"]++
			case s.Diagnostics.HasErrors():
				counts["sides unreadable"]++
			default:
				counts["sides with a document"]++
			}
		}
	}
}

// checkAccounted looks for every string that holds a statement, in every object
// that AWS manages, and wants a grant for it. What a bucket, a role and so on
// merely mirror of another resource counts as accounted for when that resource is
// there.
func checkAccounted(t *testing.T, counts map[string]int, p tfjson.Plan, x extractors.Extraction) {
	t.Helper()
	grants := map[string]bool{}
	for _, g := range x.Grants {
		attribute, _, _ := strings.Cut(g.Attribute, "[")
		attribute, _, _ = strings.Cut(attribute, ".")
		grants[g.Address+" "+attribute] = true
	}
	for _, c := range p.ResourceChanges {
		if c.Mode == tfjson.DataResourceMode || !strings.HasPrefix(c.Type, "aws_") || c.DeposedKey != "" {
			continue
		}
		for _, side := range []any{c.Change.Before, c.Change.After} {
			object, _ := side.(map[string]any)
			for attribute, v := range object {
				text, err := json.Marshal(v)
				if err != nil || !bytes.Contains(text, []byte(`\"Statement\"`)) {
					continue
				}
				key := c.Address + " " + attribute
				switch {
				case grants[key]:
					counts["policy texts in a grant"]++
				case c.Type == "aws_lambda_layer_version_permission":
					counts["policy texts made from fields that are read"]++
				case mirrored(p, c.Type):
					counts["policy texts that mirror another resource"]++
				case slices.ContainsFunc(x.Diagnostics, func(d diag.Diagnostic) bool { return strings.Contains(d.Detail, c.Address) }):
					counts["policy texts reported as not known"]++
				default:
					t.Errorf("%s has a policy that is in no grant", key)
				}
			}
		}
	}
}

// mirrored reports whether the plan has a resource that manages the policy which
// an object of the type shows too.
func mirrored(p tfjson.Plan, typ string) bool {
	managers := map[string][]string{
		"aws_s3_bucket":             {"aws_s3_bucket_policy"},
		"aws_iam_role":              {"aws_iam_role_policy"},
		"aws_vpc_endpoint":          {"aws_vpc_endpoint_policy"},
		"aws_sqs_queue":             {"aws_sqs_queue_policy"},
		"aws_sns_topic":             {"aws_sns_topic_policy"},
		"aws_api_gateway_rest_api":  {"aws_api_gateway_rest_api_policy"},
		"aws_opensearch_domain":     {"aws_opensearch_domain_policy"},
		"aws_secretsmanager_secret": {"aws_secretsmanager_secret_policy"},
		"aws_s3_access_point":       {"aws_s3control_access_point_policy"},
		"aws_kms_key":               {"aws_kms_key_policy"},
	}[typ]
	return slices.ContainsFunc(p.ResourceChanges, func(c *tfjson.ResourceChange) bool { return slices.Contains(managers, c.Type) })
}
