package terraform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/memory"
)

// What a process of TestScale does with the plan: what there is to beat, and what we do.
var scaleWork = map[string]func(io.Reader) (int, error){
	"tokens":  walkTokens,
	"extract": extractAll,
}

// walkTokens reads every token of a document, and nothing else: the best bare
// streaming decode with the checks that we make (names that occur twice, UTF-8).
func walkTokens(r io.Reader) (int, error) {
	dec := jsontext.NewDecoder(r)
	n := 0
	for {
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

// extractAll reads a plan as the command does, which says when garbage is collected.
func extractAll(r io.Reader) (int, error) {
	memory.Spare(os.Getenv)
	x, err := terraform.Extract(context.Background(), r, terraform.Options{Path: "plan.json"})
	if len(x.Diagnostics)+len(x.Incomplete) > 0 {
		return 0, fmt.Errorf("diagnostics %v, incomplete %v", x.Diagnostics, x.Incomplete)
	}
	return len(x.Grants), err
}

// usage is what a process took.
type usage struct {
	CPU   time.Duration
	Peak  int // KiB of memory
	Count int
}

// measure runs work on a plan in a process of its own, three times; the best counts.
func measure(t *testing.T, work, plan string) usage {
	t.Helper()
	var best usage
	for i := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestScaleProcess$")
		cmd.Env = append(os.Environ(), "GRANTDIFF_SCALE_WORK="+work, "GRANTDIFF_SCALE_PLAN="+plan)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", work, err, out)
		}
		var one usage
		if err := json.Unmarshal(out[:strings.IndexByte(string(out), '\n')+1], &one); err != nil {
			t.Fatalf("%s: %v\n%s", work, err, out)
		}
		one.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if i == 0 || one.CPU < best.CPU {
			best.CPU = one.CPU
		}
		best.Peak, best.Count = max(best.Peak, one.Peak), one.Count
	}
	return best
}

// TestScaleProcess is the process that measure runs; otherwise it does nothing.
func TestScaleProcess(t *testing.T) {
	work := scaleWork[os.Getenv("GRANTDIFF_SCALE_WORK")]
	if work == nil {
		t.Skip("run by TestScale")
	}
	f, err := os.Open(os.Getenv("GRANTDIFF_SCALE_PLAN"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := work(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(usage{Count: n, Peak: peakMemory(t)}); err != nil {
		t.Fatal(err)
	}
}

// peakMemory is the most memory that the process has had, in KiB.
func peakMemory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("needs /proc")
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("no VmHWM in /proc/self/status")
	return 0
}

// TestScale measures time and memory for plans of GRANTDIFF_SCALE resources, a list
// such as 2000,20000,100000, and writes the table of docs/performance.md.
func TestScale(t *testing.T) {
	sizes := os.Getenv("GRANTDIFF_SCALE")
	if sizes == "" {
		t.Skip("GRANTDIFF_SCALE is not set: measures nothing")
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		plan := filepath.Join(t.TempDir(), "plan.json")
		f, err := os.Create(plan)
		if err == nil {
			err = errors.Join(writePlan(f, n), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(plan)
		if err != nil {
			t.Fatal(err)
		}
		tokens, extract := measure(t, "tokens", plan), measure(t, "extract", plan)
		t.Logf("| %d | %d MB | %d | %v | %v | %.2f | %d MB | %d MB |", n, info.Size()>>20, extract.Count,
			tokens.CPU.Round(time.Millisecond), extract.CPU.Round(time.Millisecond), float64(extract.CPU)/float64(tokens.CPU), tokens.Peak>>10, extract.Peak>>10)
	}
}
