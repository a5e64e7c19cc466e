package scanner_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

const templateCases = "../testdata/cloudformation"

// TestTemplateCases compares what is found in each folder of testdata/cloudformation with
// its want.txt: after.* against before.*, with the parameters of params.json.
func TestTemplateCases(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(templateCases, "*", "want.txt"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no cases", err)
	}
	for _, want := range dirs {
		dir := filepath.Dir(want)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			o := scanner.Options{SourceDir: dir, Version: "test"}
			if one, _ := filepath.Glob(filepath.Join(dir, "after.*")); len(one) == 1 {
				o.Paths = one
			}
			if one, _ := filepath.Glob(filepath.Join(dir, "before.*")); len(one) == 1 {
				o.Prior = one[0]
			}
			if _, err := os.Stat(filepath.Join(dir, "before")); err == nil {
				o.Paths, o.Prior = []string{filepath.Join(dir, "after", "root.yaml")}, filepath.Join(dir, "before", "root.yaml")
			}
			if app := filepath.Join(dir, "after"); exists(filepath.Join(app, "manifest.json")) {
				o.Paths, o.Prior = []string{app}, filepath.Join(dir, "before") // of the AWS CDK
			}
			if params := filepath.Join(dir, "params.json"); exists(params) {
				if o.Parameters, err = scanner.ReadParameters(params); err != nil {
					t.Fatal(err)
				}
			}
			r, err := scanner.Scan(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			got := outline(r, dir)
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// outline writes a result with a line for each finding.
func outline(r *rules.Result, dir string) string {
	var b strings.Builder
	for _, f := range r.Findings {
		level := fmt.Sprint(f.Level)
		if f.Archived != nil {
			level += " (accepted: " + f.Archived.Reason + ")"
		}
		fmt.Fprintf(&b, "%s %s %s:%d %s (%s)\n  %s\n", level, f.Rule, strings.TrimPrefix(f.Location.Path, strings.TrimPrefix(dir, "../")+"/"), f.Location.StartLine, f.Address, f.Attribute, f.Message)
		for _, d := range f.Details {
			if strings.HasPrefix(d, "It holds where") || strings.HasPrefix(d, "It is so where") || strings.HasPrefix(d, "Where ") || strings.HasPrefix(d, "In the CDK app") || strings.Contains(d, " also by ") {
				fmt.Fprintf(&b, "  %s\n", d)
			}
		}
	}
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s: %s; %s\n", d.Severity, d.Summary, d.Detail)
	}
	s := r.Summary
	fmt.Fprintf(&b, "%d policies, %d compared, %d unresolved, %d undecided\n", s.Policies, s.Compared, s.Unresolved, s.Undecided)
	return strings.ReplaceAll(b.String(), dir+"/", "")
}

// TestRoundTrip holds a template in which everything is known to what the same documents
// give when they are written out.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	docs := map[string][2]string{
		"same":     {`[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}]`, `[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::data/*"]}]`},
		"wider":    {`[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}]`, `[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::data/*"}]`},
		"narrower": {`[{"Effect":"Allow","Action":"*","Resource":"*"}]`, `[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::data/*"}]`},
		"deny":     {`[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:Create*","Resource":"*"}]`, `[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]`},
		"variable": {`[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"}]`, `[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/*"}]`},
	}
	for name, pair := range docs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(file, text string) string {
				path := filepath.Join(dir, file)
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return path
			}
			scan := func(now, then string) []string {
				r, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{now}, Prior: then, Version: "test"})
				if err != nil {
					t.Fatal(err)
				}
				var out []string
				for _, f := range r.Findings {
					if f.Rule != "new-access" {
						continue
					}
					gained, err := json.Marshal(f.Gained)
					if err != nil {
						t.Fatal(err)
					}
					witness, err := json.Marshal(f.Witness)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, fmt.Sprint(f.Level, " ", string(gained), string(witness)))
				}
				return out
			}
			var policies, jsons, yamls [2]string
			for i, statements := range pair {
				policies[i] = write(fmt.Sprintf("p%d.json", i), `{"Version":"2012-10-17","Statement":`+statements+`}`)
				jsons[i] = write(fmt.Sprintf("t%d.json", i), `{"Resources":{"P":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":{"Version":"2012-10-17","Statement":`+statements+`}}}}}`)
				yamls[i] = write(fmt.Sprintf("t%d.yaml", i), "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: 2012-10-17\n        Statement: "+statements+"\n")
			}
			want := scan(policies[1], policies[0])
			for _, got := range [][]string{scan(jsons[1], jsons[0]), scan(yamls[1], yamls[0])} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("the template and the documents differ (-documents +template)\n%s", diff)
				}
			}
		})
	}
}

// TestPublicTemplates scans templates from public repositories, and each pair from a
// history: nothing panics, hangs or is passed over in silence.
func TestPublicTemplates(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	if shared == "" {
		t.Skip("GRANTDIFF_SHARED is not set")
	}
	var policies, unresolved, undecided, files, errs, found int
	for _, pattern := range []string{"templates/*", "sam/*", "pairs/*.after.*"} {
		names, _ := filepath.Glob(filepath.Join(shared, "cloudformation", pattern))
		for _, name := range names {
			prior := ""
			if strings.Contains(name, ".after.") {
				prior = strings.Replace(name, ".after.", ".before.", 1)
			}
			r, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{name}, Prior: prior, Version: "test"})
			files++
			var input *scanner.InputError
			switch {
			case errors.As(err, &input):
				t.Logf("%v", err)
				errs++
				continue
			case err != nil:
				t.Errorf("%s: %v", name, err)
				continue
			}
			policies += r.Summary.Policies
			unresolved += r.Summary.Unresolved
			if r.Summary.Undecided > 0 {
				undecided++
			}
			for _, f := range r.Findings {
				if f.Rule != "new-access" || f.Undecided || f.Sensitive {
					continue
				}
				found++
				hidden := slices.ContainsFunc(f.Details, func(d string) bool { return strings.Contains(d, "proof is not shown") })
				if f.Witness == nil && !hidden {
					t.Errorf("%s: %s has no witness", name, f.Message)
				}
			}
		}
	}
	t.Logf("%d files, %d refused; %d policies, %d unresolved; %d inputs not decided; %d findings of new access", files, errs, policies, unresolved, undecided, found)
}
