package main

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/scanner"
)

// TestStarterConfiguration: what the configuration has as comments is valid, too.
func TestStarterConfiguration(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(starter, "starter/grantdiff.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scanner.ParseConfig("c.yaml", text); err != nil {
		t.Errorf("as it is: %v", err)
	}
	var open []string
	setting := regexp.MustCompile(`^# ( *(?:#|-|[a-z-]+:).*)$`)
	for _, line := range strings.Split(string(text), "\n") {
		if m := setting.FindStringSubmatch(line); m != nil && !strings.Contains(line, "$schema=") {
			line = m[1]
		}
		// Its policy is only there once it is written.
		if !strings.Contains(line, "ci-ceiling.json") && !strings.Contains(line, "exceeds-reference:") {
			open = append(open, line)
		}
	}
	c, err := scanner.ParseConfig("c.yaml", []byte(strings.Join(open, "\n")))
	if err != nil {
		t.Fatalf("with every setting: %v", err)
	}
	if len(c.Archive) != 1 || len(c.Settings.Forbidden) != 2 || len(c.Settings.Trust.Accounts) != 1 {
		t.Errorf("settings are missing: %+v", c)
	}
}

func TestReferencePolicies(t *testing.T) {
	t.Parallel()
	if len(referenceNames()) < 5 {
		t.Fatalf("%d references", len(referenceNames()))
	}
	for _, name := range referenceNames() {
		text, err := fs.ReadFile(starter, "starter/references/"+name+".json")
		if err != nil {
			t.Fatal(err)
		}
		kind := policy.Identity
		if strings.Contains(string(text), `"Principal"`) {
			kind = policy.Resource
		}
		if _, ds := policy.Parse(text, policy.ParseOptions{Path: name, Kind: kind}); len(ds) > 0 {
			t.Errorf("%s: %v", name, ds)
		}
	}
}
