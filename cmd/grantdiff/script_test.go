package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/grantdiff/grantdiff/rules"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"grantdiff": main})
}

// TestScripts runs the command line as users do: arguments, files, exit codes and
// output. $CASES is testdata/terraform. A script that starts with "exits N CMD"
// checks the exact exit code.
func TestScripts(t *testing.T) {
	cases, err := filepath.Abs(filepath.Join("..", "..", "testdata", "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CASES", cases)
			e.Setenv("NO_COLOR", "1")
			e.Values[serverKey{}] = &runningServer{}
			e.Values[hcpKey{}] = &runningHCP{make(chan string, 10)}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "serving": serving, "ask": ask, "stopping": stopping,
			"hcp": hcp, "runtask": sendRunTask,
		},
	})
}

// TestRuleScripts: every rule has a script that shows what it finds, what it does not
// find, and what a configuration makes of it.
func TestRuleScripts(t *testing.T) {
	t.Parallel()
	for _, r := range rules.All() {
		file := filepath.Join("..", "..", "testdata", "script", "rule_"+strings.ReplaceAll(r.ID, "-", "_")+".txtar")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{
			`(?m)^stdout '[^']*` + r.ID, `(?m)^! stdout '[^']*` + r.ID, `(?m)^exits \d .* --config `, `(?m)^-- \w+\.yaml --\nversion: 1$`,
		} {
			if !regexp.MustCompile(part).Match(text) {
				t.Errorf("%s: nothing like %q", file, part)
			}
		}
	}
}

// exits runs a command and holds it to an exit code: exits CODE COMMAND [ARG...].
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = exitStatus(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}
