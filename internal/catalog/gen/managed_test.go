package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// npm writes an unpacked npm package of so many policies.
func npm(t *testing.T, policies int, action string) string {
	t.Helper()
	all := map[string]any{}
	for i := range policies {
		name := fmt.Sprintf("Policy%04d", i)
		all[name] = map[string]any{
			"arn": managedPrefix + "service-role/" + name, "latestVersionId": "v2", "lastUpdatedDate": "2026-01-02T03:04:05.000Z",
			"versions": map[string]any{
				"v1":  map[string]any{"document": map[string]any{"Statement": "old"}},
				"v2":  map[string]any{"document": map[string]any{"Statement": strings.Repeat("<&>", 100) + name + action}},
				"v10": map[string]any{"document": map[string]any{"Statement": "not the default"}},
			},
		}
	}
	dir := t.TempDir()
	writeJSON(t, filepath.Join(dir, "dist", "managedPolicies.json"), all)
	writeJSON(t, filepath.Join(dir, "package.json"), map[string]any{"name": "x", "version": "1.2.3"})
	return dir
}

func writeJSON(t *testing.T, path string, v any) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRunManaged(t *testing.T) {
	dir := t.TempDir()
	out, facts, tests := filepath.Join(dir, "out.zip"), filepath.Join(dir, "facts.go"), filepath.Join(dir, "counts.go")
	var log bytes.Buffer
	run := func(in string) error {
		log.Reset()
		return runManaged(in, out, facts, tests, &log)
	}
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if err := run(npm(t, 1600, "Get")); err != nil {
		t.Fatal(err)
	}
	first := read(out)
	if err := run(npm(t, 1600, "Get")); err != nil {
		t.Fatal(err)
	}
	if first != read(out) {
		t.Error("the same input gave other bytes")
	}
	lines, err := unpackManaged(out)
	if err != nil || len(lines) != 1600 {
		t.Fatalf("%d policies, %v", len(lines), err)
	}
	if want := "service-role/Policy0000\t{\"Statement\":\"" + strings.Repeat("<&>", 100) + "Policy0000Get\"}"; lines[0] != want {
		t.Errorf("first policy %q", lines[0])
	}
	if !strings.Contains(read(facts), `"x 1.2.3, policies as of 2026-01-02"`) || !strings.Contains(read(tests), "numManaged = 1600") {
		t.Errorf("generated files:\n%s\n%s", read(facts), read(tests))
	}

	for name, in := range map[string]string{
		"few":       npm(t, 1499, "Get"),
		"many lost": npm(t, 1550, "Get"),
		"no input":  "",
		"no folder": filepath.Join(dir, "none"),
	} {
		if err := run(in); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if err := run(npm(t, 1599, "Put")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "~ service-role/Policy0007\n") || !strings.HasSuffix(log.String(), "- service-role/Policy1599\n") {
		t.Errorf("report:\n%.200s", log.String())
	}
}

// TestEmbeddedManaged compares the embedded documents with another extract of the
// same package, where that is at hand.
func TestEmbeddedManaged(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	if shared == "" {
		t.Skip("GRANTDIFF_SHARED is not set: nothing to compare with")
	}
	data, err := read(filepath.Join(shared, "data", "managed_policies.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var other struct {
		Policies map[string]struct {
			ARN      string `json:"arn"`
			Document any    `json:"document"`
		} `json:"policies"`
	}
	if err := json.Unmarshal(data, &other); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	for _, p := range other.Policies {
		want[strings.TrimPrefix(p.ARN, managedPrefix)] = p.Document
	}
	lines, err := unpackManaged(filepath.Join("..", "managed.zip"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for path, text := range byPath(lines) {
		var document any
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		got[path] = document
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
}
