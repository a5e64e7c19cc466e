package scanner_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestCorpusCases holds the scan to the verdicts that the corpus notes, case by case:
// testdata/corpus_cases.json says, by address, which rules report it; other addresses
// have no finding. The file was read against the notes.
func TestCorpusCases(t *testing.T) {
	t.Parallel()
	dir := shared(t, "terraform", "cases")
	file := filepath.Join("testdata", "corpus_cases.json")
	if *update {
		updateCorpusCases(t, dir, file)
	}
	cases := readJSON[map[string]map[string][]string](t, file)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			want, ok := cases[e.Name()]
			if !ok {
				t.Fatal("the case is not in the file: read its notes, and run with -update")
			}
			if d := cmp.Diff(want, rulesByAddress(t, filepath.Join(dir, e.Name()))); d != "" {
				t.Errorf("rules by address (-want +got):\n%s", d)
			}
		})
	}
}

// rulesByAddress scans a case.
func rulesByAddress(t *testing.T, dir string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, f := range scan(t, filepath.Join(dir, "plan.json"), filepath.Join(dir, "after")).Findings {
		reported := []string{f.Address}
		for _, s := range f.Same { // a finding about several things that bring the same
			reported = append(reported, s.Address)
		}
		for _, address := range reported {
			if !slices.Contains(found[address], f.Rule) {
				found[address] = append(found[address], f.Rule)
			}
		}
	}
	for _, list := range found {
		slices.Sort(list)
	}
	return found
}

func updateCorpusCases(t *testing.T, dir, file string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][]string{}
	for _, e := range entries {
		all[e.Name()] = rulesByAddress(t, filepath.Join(dir, e.Name()))
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile(file, append(text, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
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
	"Scalr__sample-tf-opa-policies__management_workspace_tags_workspace_tags_mock.json":                             "changes without the objects that they change",
	"Scalr__sample-tf-opa-policies__modules_required_modules_required_modules_mock.json":                            "changes without the objects that they change",
	"Scalr__sample-tf-opa-policies__user_check_user_user_mock.json":                                                 "changes without the objects that they change",
	"katsutosakae__conftest_sample__opa_testdata_high_risk_data.json":                                               "a deletion without the object that was there",
	"katsutosakae__conftest_sample__opa_testdata_low_risk_data.json":                                                "a creation without the object that will be there",
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
