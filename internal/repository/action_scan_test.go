package repository

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestActionScans lets the action build its own source and scan a plan, as a
// workflow of its users does.
func TestActionScans(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("go is not on PATH")
	}
	r := newRunner(t)
	folder, err := filepath.Abs(filepath.Join(root, "testdata", "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	r.inputs["bin"] = ""
	// What a job sets for its own builds is none of the action's.
	r.env = []string{"GOOS=plan9", "GOARCH=mips", "GOFLAGS=-mod=mod -tags=x", "GOWORK=" + filepath.Join(r.dir, "go.work")}
	r.inputs["sarif-file"] = "out.sarif"
	r.inputs["plan"] = filepath.Join(folder, "deploy-role-widened", "plan.json")
	r.inputs["source"] = filepath.Join(folder, "deploy-role-widened")
	s := r.run()
	if s.code != 1 {
		t.Fatalf("exit code %d:\n%s", s.code, s.log)
	}
	if !strings.Contains(s.outputs, "\nfail\n") || !strings.HasSuffix(s.outputs, "sarif-file=out.sarif\n") {
		t.Errorf("outputs:\n%s", s.outputs)
	}
	if !strings.Contains(s.log, "::error ") || !strings.Contains(s.log, "new-access") {
		t.Errorf("log:\n%s", s.log)
	}
	if !strings.Contains(r.read("summary"), "deploy") {
		t.Errorf("step summary:\n%s", r.read("summary"))
	}
	if !strings.Contains(r.read("out.sarif"), `"new-access"`) {
		t.Error("the SARIF file has no finding")
	}

	r.inputs["plan"] = filepath.Join(folder, "no-changes", "plan.json")
	r.inputs["fail-on"] = "note"
	if s := r.run(); s.code != 0 || !strings.Contains(s.outputs, "\npass\n") {
		t.Errorf("a plan without changes: exit code %d, outputs %s\n%s", s.code, s.outputs, s.log)
	}
}
