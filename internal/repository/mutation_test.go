package repository

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// mutations are the packages whose tests have to notice faults: in the files that
// match, every mutant fails a test of the package or stands, with the reason why it is
// no fault, in the list.
var mutations = []struct {
	pkg   string
	files []string
	list  string
}{
	{"internal/policy", []string{"match_*.go", "condition*.go", "evaluate.go", "typed.go", "operator.go", "pattern*.go", "questions.go", "reading.go", "principal.go"}, "mutants/policy.txt"},
}

// mutatedSources returns the sources with their mutants by path.
func mutatedSources(t *testing.T, pkg string, patterns []string) (map[string][]byte, []mutant) {
	t.Helper()
	sources, next := map[string][]byte{}, 1
	var all []mutant
	for _, p := range patterns {
		names, err := filepath.Glob(filepath.Join(root, pkg, p))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: no such file, %v", p, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out, mutants, err := mutate(filepath.Base(name), src, &next)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = out
			all = append(all, mutants...)
		}
	}
	return sources, all
}

// harmless reads a list of mutants that are no faults: a line each with the name of
// the mutant, " # " and the reason.
func harmless(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, reason, ok := strings.Cut(line, " # ")
		if !ok || reason == "" {
			t.Errorf("%s: expected NAME # REASON, got %q", name, line)
		}
		reasons[name] = reason
	}
	return reasons
}

// TestMutantsAreCode checks that mutated sources parse and that the lists of harmless
// mutants name existing ones.
func TestMutantsAreCode(t *testing.T) {
	for _, m := range mutations {
		sources, mutants := mutatedSources(t, m.pkg, m.files)
		for name, src := range sources {
			if _, err := parser.ParseFile(token.NewFileSet(), name, src, 0); err != nil {
				t.Error(err)
			}
		}
		for name := range harmless(t, m.list) {
			if !slices.ContainsFunc(mutants, func(x mutant) bool { return x.name == name }) {
				t.Errorf("%s: there is no mutant %q", m.list, name)
			}
		}
	}
}

// TestMutants runs the tests of a package against every mutant. GRANTDIFF_PROVE asks
// for it; GRANTDIFF_MUTANTS is a regular expression for the names of those to run.
func TestMutants(t *testing.T) {
	if os.Getenv("GRANTDIFF_PROVE") == "" {
		t.Skip("GRANTDIFF_PROVE is not set: this takes minutes")
	}
	chosen, err := regexp.Compile(os.Getenv("GRANTDIFF_MUTANTS"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutations {
		t.Run(m.pkg, func(t *testing.T) {
			sources, mutants := mutatedSources(t, m.pkg, m.files)
			binary := buildMutants(t, m.pkg, sources)
			if out, err := runMutant(binary, m.pkg, 0); err != nil {
				t.Fatalf("without a fault: %v\n%s", err, out)
			}
			reasons := harmless(t, m.list)
			killed, equivalent := 0, 0
			var mu sync.Mutex
			var wg sync.WaitGroup
			work := make(chan mutant)
			for range runtime.GOMAXPROCS(0) {
				wg.Go(func() {
					for x := range work {
						_, err := runMutant(binary, m.pkg, x.number)
						mu.Lock()
						switch reason, listed := reasons[x.name]; {
						case err != nil && !errors.As(err, new(*exec.ExitError)):
							t.Errorf("%s: %v", x.name, err)
						case err != nil && listed:
							t.Errorf("listed as harmless (%s), and a test fails: %s", reason, x.name)
						case err != nil:
							killed++
						case listed:
							equivalent++
						default:
							t.Errorf("no test fails: %s", x.name)
						}
						mu.Unlock()
					}
				})
			}
			for _, x := range mutants {
				if chosen.MatchString(x.name) {
					work <- x
				}
			}
			close(work)
			wg.Wait()
			t.Logf("%s: %d mutants, %d fail a test, %d are harmless", m.pkg, len(mutants), killed, equivalent)
		})
	}
}

// buildMutants compiles the tests of a package with all its mutants.
func buildMutants(t *testing.T, pkg string, sources map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	sources = maps.Clone(sources)
	sources[filepath.Join(root, pkg, "mutated.go")] = []byte("package " + filepath.Base(pkg) + "\n" + mutatedSupport)
	replace := map[string]string{}
	for name, src := range sources {
		rel, err := filepath.Rel(root, name)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(base, rel)] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	config, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "mutants.test")
	if err := os.WriteFile(config, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", config, "-o", binary, "./"+pkg)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// runMutant runs the tests with one mutant. A run that takes too long or too much
// memory fails.
func runMutant(binary, pkg string, number int) ([]byte, error) {
	cmd := exec.Command(binary, "-test.failfast", "-test.short", "-test.timeout=15s", "-test.parallel=1", "-rapid.nofailfile")
	cmd.Dir = filepath.Join(root, pkg)
	cmd.Env = append(os.Environ(), "GRANTDIFF_MUTANT="+strconv.Itoa(number), "GRANTDIFF_PROVE=", "GRANTDIFF_SHARED=")
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		return out, fmt.Errorf("run: %w", err)
	}
	return out, err
}

// mutatedSupport is compiled into the package.
const mutatedSupport = `
import (
	"os"
	"runtime"
	"strconv"
	"time"
)

var mutatedNumber, _ = strconv.Atoi(os.Getenv("GRANTDIFF_MUTANT"))

func mutated(n int) bool { return n == mutatedNumber }

type integer interface{ ~int | ~uint8 | ~uint | ~int32 | ~int64 }

// A constant takes the type that its place gives it.
func mutatedInt[T integer](more, less int, x T) T {
	switch {
	case mutated(more):
		return x + 1
	case mutated(less):
		return x - 1
	}
	return x
}

func mutatedAnd(n int, a bool, b func() bool) bool {
	if mutated(n) {
		return a || b()
	}
	return a && b()
}

func mutatedOr(n int, a bool, b func() bool) bool {
	if mutated(n) {
		return a && b()
	}
	return a || b()
}

func mutatedNext[T integer](n int, x T) T {
	if mutated(n) {
		return x + 1
	}
	return x
}

func mutatedText(n int, s string) string {
	switch {
	case !mutated(n):
		return s
	case s == "":
		return "x"
	}
	return s[:len(s)-1]
}

func mutatedExpression(ns []int, variants []string, s string) string {
	for i, n := range ns {
		if mutated(n) {
			return variants[i]
		}
	}
	return s
}

func init() {
	go func() {
		for mutatedNumber != 0 {
			var m runtime.MemStats
			if runtime.ReadMemStats(&m); m.HeapAlloc > 1<<29 {
				os.Stderr.WriteString("too much memory")
				os.Exit(3)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
}
`
