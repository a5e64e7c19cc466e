package scanner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/scanner"
)

// TestIgnoreOfNoRule checks that a comment with a rule that there is not accepts nothing
// and is told of, once.
func TestIgnoreOfNoRule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const code = "# grantdiff:ignore new-acces reviewed\nresource \"aws_iam_policy\" \"p\" {\n  policy = \"{}\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	const plan = `{"format_version":"1.2","resource_changes":[{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p",
		"change":{"actions":["create"],"before":null,"after":{"name":"p","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"},"after_unknown":{}}}],
		"configuration":{"root_module":{"resources":[{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p","expressions":{"policy":{}}}]}}}`
	got, err := scanner.Scan(t.Context(), scanner.Options{Paths: []string{"-"}, Stdin: strings.NewReader(plan), SourceDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, d := range got.Diagnostics {
		if strings.Contains(d.Summary, `"new-acces", which is no rule`) && d.Location.StartLine == 1 {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once: %v", told, got.Diagnostics)
	}
	if len(got.Findings) == 0 || got.Findings[0].Archived != nil {
		t.Errorf("findings %v, want one that is not accepted", got.Findings)
	}
}
