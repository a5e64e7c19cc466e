package catalog_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

func TestSensitive(t *testing.T) {
	for action, want := range map[string]catalog.Class{
		"iam:PassRole":                  catalog.PrivEsc,
		"IAM:putrolepolicy":             catalog.PrivEsc,
		"iam:CreateAccessKey":           catalog.PrivEsc, // exposes a credential too; the worse class counts
		"sts:AssumeRole":                catalog.CredentialExposure,
		"secretsmanager:GetSecretValue": catalog.CredentialExposure,
		"s3:GetObject":                  catalog.DataAccess,
		"s3:ListBucket":                 0,
		"ecr:GetAuthorizationToken":     0,
		"iam:*":                         0,
		"":                              0,
	} {
		if got, ok := catalog.Sensitive(action); got != want || ok != (want != 0) {
			t.Errorf("Sensitive(%q) = %v, %v; want %v", action, got, ok, want)
		}
	}
}

// TestSensitiveList holds the list to known actions, each once, spelled as the
// reference does: a retired service or a typing error shows here.
func TestSensitiveList(t *testing.T) {
	f, err := os.Open("sensitive.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen, classes := map[string]bool{}, map[catalog.Class]int{}
	for in := bufio.NewScanner(f); in.Scan(); {
		line := in.Text()
		if strings.HasPrefix(line, "#") || !strings.Contains(line, ":") {
			continue
		}
		a, ok := catalog.Lookup(line)
		if !ok || a.String() != line {
			t.Errorf("%q: the reference has %q", line, a)
		}
		if seen[line] {
			t.Errorf("%q stands twice", line)
		}
		seen[line] = true
		class, ok := catalog.Sensitive(line)
		if !ok || class.String() == "none" {
			t.Errorf("%q has class %v", line, class)
		}
		classes[class]++
	}
	for _, c := range []catalog.Class{catalog.PrivEsc, catalog.CredentialExposure, catalog.DataAccess} {
		if classes[c] < 20 {
			t.Errorf("%v: %d actions", c, classes[c])
		}
	}
}
