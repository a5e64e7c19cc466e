package planfile_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/extractors/terraform/planfile"
)

// program writes a shell script that stands in for Terraform. No test that uses one is
// parallel: a process that another test starts at that moment would hold the script
// open, and a file that is open for writing cannot be run.
func program(t *testing.T, dir, name, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for terraform is a shell script")
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

func show(ctx context.Context, c planfile.Command) (string, error) {
	var text []byte
	err := c.Show(ctx, func(r io.Reader) error {
		var err error
		text, err = io.ReadAll(r)
		return err
	})
	return string(text), err
}

func TestShow(t *testing.T) {
	t.Setenv("TF_CLI_ARGS_show", "-nonsense")
	t.Setenv("TF_LOG", "trace")
	dir := t.TempDir()
	c := planfile.Command{
		Program: program(t, dir, "terraform", `pwd; for a; do echo "<$a>"; done; echo "$TF_CLI_ARGS_show$TF_LOG,$TF_INPUT,$CHECKPOINT_DISABLE"`),
		File:    "tfplan $(x)", Dir: dir,
	}
	text, err := show(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	work, err := filepath.Abs("tfplan $(x)")
	if err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := real + "\n<show>\n<-json>\n<-no-color>\n<" + work + ">\n,0,1\n"
	if text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
}

func TestShowFails(t *testing.T) {
	dir := t.TempDir()
	run := func(name, script string) error {
		_, err := show(t.Context(), planfile.Command{Program: program(t, dir, name, script), File: "x/tfplan", Dir: dir})
		return err
	}
	err := run("fails", `echo '{"half":'; printf '\342\225\267\n\033[31mError: no such plan\033[0m\n\n' >&2; exit 3`)
	for _, want := range []string{"fails show -json failed in " + dir + ": exit status 3\n[31mError: no such plan[0m\n", `Run "fails show -json tfplan"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwant %q", err, want)
		}
	}
	err = run("talks", `i=0; while [ $i -lt 3000 ]; do echo "line with a lot of text, $i"; i=$((i+1)); done >&2; exit 1`)
	if err == nil || strings.Count(err.Error(), "\n") != 22 || len(err.Error()) > 2000 {
		t.Errorf("%v", err)
	}
	if _, err := show(t.Context(), planfile.Command{Program: filepath.Join(dir, "none"), File: "tfplan", Dir: dir}); err == nil {
		t.Error("a program that is not there did not fail")
	}
	if err := run("silent", "exit 0"); err != nil {
		t.Errorf("a program without output: %v", err)
	}
}

// TestShowEnds reads from programs that would go on for ever, and so would the test if
// they were not stopped.
func TestShowEnds(t *testing.T) {
	dir := t.TempDir()
	hangs := time.AfterFunc(time.Minute, func() { panic("a program was not stopped") })
	defer hangs.Stop()
	c := planfile.Command{Program: program(t, dir, "endless", "while :; do echo x; done"), File: "tfplan", Dir: dir}
	wrong := errors.New("not what was expected")
	if err := c.Show(t.Context(), func(io.Reader) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("%v, want %v", err, wrong)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c.Program = program(t, dir, "sleeps", "echo x; sleep 600")
	err := c.Show(ctx, func(r io.Reader) error {
		_, _ = r.Read(make([]byte, 1))
		cancel()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
}

// TestShowLargeOutput leaves the rest of an output unread, which blocks nobody.
func TestShowLargeOutput(t *testing.T) {
	c := planfile.Command{Program: program(t, t.TempDir(), "large", "head -c 3000000 /dev/zero"), File: "tfplan", Dir: "."}
	if err := c.Show(t.Context(), func(io.Reader) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	terraformPlan := open(t, files{"tfplan", ""})
	tofuPlan := open(t, files{"tfplan", "", ".terraform.lock.hcl", `provider "registry.opentofu.org/x/y" {}`})
	check := func(f *planfile.File, named, want string) {
		t.Helper()
		got, err := f.Program(named)
		switch {
		case want == "" && err == nil:
			t.Errorf("found %s", got)
		case want != "" && (err != nil || got != filepath.Join(dir, want)):
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	check(terraformPlan, "", "")
	program(t, dir, "tofu", "")
	check(terraformPlan, "", "tofu")
	program(t, dir, "terraform", "")
	check(terraformPlan, "", "terraform")
	check(tofuPlan, "", "tofu")
	program(t, dir, "mine", "")
	check(tofuPlan, "mine", "mine")
	check(tofuPlan, filepath.Join(dir, "mine"), "mine")
	check(tofuPlan, "none", "")
}
