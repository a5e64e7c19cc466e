package scanner_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
)

func shared(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED is not set: the corpora are not here")
	}
	return filepath.Join(append([]string{dir}, parts...)...)
}

// TestCorpusCases holds the scan to the verdicts that the corpus notes, for every
// policy document whose texts the plan holds. testdata/corpus_cases.json says which
// rules may report an address: "accept" lists the acceptable sets.
func TestCorpusCases(t *testing.T) {
	t.Parallel()
	type row struct {
		Accept [][]string
		Remark string
	}
	cases := readJSON[map[string]struct {
		Rows  map[string]row
		Quiet []string
	}](t, "testdata/corpus_cases.json")
	dir := shared(t, "terraform", "cases")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := scan(t, filepath.Join(dir, name, "plan.json"), filepath.Join(dir, name, "after"))
			found := map[string][]string{}
			for _, f := range result.Findings {
				if !slices.Contains(found[f.Address], f.Rule) {
					found[f.Address] = append(found[f.Address], f.Rule)
				}
			}
			for address, want := range c.Rows {
				got := slices.Sorted(slices.Values(found[address]))
				if !slices.ContainsFunc(want.Accept, func(set []string) bool { return slices.Equal(set, got) }) {
					t.Errorf("%s: got %v, want one of %v %s", address, got, want.Accept, want.Remark)
				}
			}
			for _, address := range c.Quiet {
				if len(found[address]) > 0 {
					t.Errorf("%s: got %v, want nothing", address, found[address])
				}
			}
		})
	}
}

// handMade names plans of public repositories that were cut or written by hand in a
// way that leaves open what changes: errors are due for them, and for no others.
var handMade = map[string]string{
	"ahmadnassri__action-terraform-report__test_fixtures_terraform.json":                                            "changes without a type",
	"aws-samples__aws-infra-policy-as-code-with-terraform__policy-as-code_OPA_policy_aws_ecr_aws-ecr-m-6.mock.json": "an address that contradicts the name",
	"aws-samples__aws-infra-policy-as-code-with-terraform__policy-as-code_OPA_policy_aws_eks_aws-eks-r-2.mock.json": "an address that contradicts the module",
	"bridgecrewio__checkov__tests_terraform_runner_resources_plan_with_deleted_resources_tfplan.json":               "a replacement without the object that was there",
	"elecnix__terraform-permcheck__testdata_plan.json":                                                              "a creation without the object that will be there",
	"elecnix__terraform-permcheck__testdata_plan_with_output.json":                                                  "a creation without the object that will be there",
}

// TestPublicPlans reads plans of public repositories: each without an error unless it
// is hand-made, and with every policy either compared or listed as unresolved.
func TestPublicPlans(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(shared(t, "terraform", "public", "*.json"))
	if err != nil || len(files) < 400 {
		t.Fatalf("found %d plans (%v)", len(files), err)
	}
	var total rules.Summary
	incomplete := 0
	for _, file := range files {
		r := scan(t, file, "")
		reason := handMade[filepath.Base(file)]
		failed := false
		for _, d := range r.Diagnostics {
			switch {
			case strings.HasPrefix(d.Summary, "The input does not show"):
				incomplete++
				t.Logf("%s: incomplete: %s", filepath.Base(file), d.Detail)
			case d.Severity == "error" && reason != "":
				failed = true
			case d.Severity == "error":
				t.Errorf("%s: %s: %s", filepath.Base(file), d.Summary, d.Detail)
			}
		}
		if reason != "" && !failed {
			t.Errorf("%s: no error, although it has %s", filepath.Base(file), reason)
		}
		if s := r.Summary; s.Policies != s.Compared+s.Unresolved {
			t.Errorf("%s: %d policies, %d compared and %d unresolved", filepath.Base(file), s.Policies, s.Compared, s.Unresolved)
		}
		for _, f := range r.Findings {
			if f.Rule == "new-access" && f.Undecided {
				t.Errorf("%s: %s", filepath.Base(file), f.Message)
			}
			if f.Rule == "invalid-policy" {
				t.Logf("%s: %s", filepath.Base(file), f.Message)
			}
		}
		total.Policies += r.Summary.Policies
		total.Compared += r.Summary.Compared
		total.Unresolved += r.Summary.Unresolved
		total.Errors += r.Summary.Errors
		total.Warnings += r.Summary.Warnings
		total.Notes += r.Summary.Notes
	}
	t.Logf("%d plans, %d incomplete: %+v", len(files), incomplete, total)
}
