package access_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// proving reports whether the long run is asked for, which takes all of a corpus.
func proving() bool { return os.Getenv("GRANTDIFF_PROVE") == "1" }

// change is two consecutive versions of one managed policy.
type change struct {
	name     string // of the policy, with the two versions
	old, now []byte
}

// managedHistory returns the changes of the managed policies, every nth of them, by
// name and version.
func managedHistory(t testing.TB, nth int) []change {
	t.Helper()
	name := shared(t, "data/managed_policy_history.json.xz")
	if _, err := exec.LookPath("xz"); err != nil {
		t.Skip("xz is not installed: the history cannot be read")
	}
	text, err := exec.Command("xz", "--decompress", "--stdout", "--keep", name).Output()
	if err != nil {
		t.Fatalf("unpack %s: %v", name, err)
	}
	var policies map[string]struct {
		Versions map[string]struct{ Document json.RawMessage }
	}
	if err := json.Unmarshal(text, &policies); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	number := func(version string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(version, "v"))
		if err != nil {
			t.Fatalf("version %q: %v", version, err)
		}
		return n
	}
	var all []change
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		versions := policies[name].Versions
		names := slices.SortedFunc(maps.Keys(versions), func(a, b string) int { return number(a) - number(b) })
		for i := 1; i < len(names); i++ {
			all = append(all, change{
				name: name + " " + names[i-1] + " " + names[i],
				old:  compacted(t, versions[names[i-1]].Document), now: compacted(t, versions[names[i]].Document),
			})
		}
	}
	var some []change
	for i := 0; i < len(all); i += nth {
		some = append(some, all[i])
	}
	return some
}

func compacted(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stride is how many changes of the history a run passes over for each it takes.
func stride(short int) int {
	if proving() {
		return 1
	}
	return short
}

// TestManagedPolicyHistory decides consecutive versions of the policies that AWS
// manages, in both directions: each answer is a pass or a confirmed fail, no version
// exceeds itself, and none exceeds all access.
func TestManagedPolicyHistory(t *testing.T) {
	all := parsable([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), policy.Identity)
	tally := map[string]int{}
	for _, c := range managedHistory(t, stride(40)) {
		old, now := parsable(c.old, policy.Identity), parsable(c.now, policy.Identity)
		if old == nil || now == nil {
			tally["not readable"]++
			continue
		}
		tally["forth "+decided(t, c.name, old, now)]++
		tally["back "+decided(t, c.name+" in reverse", now, old)]++
		for _, docs := range [][]*policy.Document{old, now} {
			for name, least := range map[string][]*policy.Document{"itself": docs, "all access": all} {
				if got := access.NoNewAccess(least, docs, access.Options{}); got.Verdict != access.Pass {
					t.Errorf("%s against %s: %v %s", c.name, name, got.Verdict, got.Reason)
				}
			}
		}
	}
	t.Log(tally)
	if tally["forth FAIL"] == 0 || tally["forth PASS"] == 0 || tally["back PASS"] == 0 {
		t.Error("the history holds gains and losses, and one of them was not met")
	}
	if read := tally["forth FAIL"] + tally["forth PASS"]; tally["not readable"] > read/20 {
		t.Errorf("%d changes were not readable, %d were", tally["not readable"], read)
	}
}

// decided asks for new access and confirms a fail.
func decided(t *testing.T, name string, old, now []*policy.Document) string {
	t.Helper()
	got := access.NoNewAccess(old, now, access.Options{})
	switch got.Verdict {
	case access.Undetermined:
		t.Errorf("%s: undetermined: %s", name, got.Reason)
	case access.Fail:
		if len(got.Gains) == 0 {
			t.Fatalf("%s: fail without a gain", name)
		}
		q := got.Gains[0].Witness
		if !newlyAllowed(old, now, q) {
			t.Errorf("%s: the witness is not newly allowed in any reading: %+v", name, q)
		}
	case access.Pass:
	}
	return got.Verdict.String()
}

// newlyAllowed reports whether the evaluator agrees that q is allowed now and was not
// before, in some reading of what the documents raise.
func newlyAllowed(old, now []*policy.Document, q policy.Request) bool {
	return slices.ContainsFunc(policy.Readings(policy.Questions(slices.Concat(old, now)...)), func(r policy.Reading) bool {
		before, _ := policy.Evaluate(old, q, r)
		after, _ := policy.Evaluate(now, q, r)
		return after == policy.DecisionAllow && before != policy.DecisionAllow
	})
}

// BenchmarkManagedHistory decides the history of managed policies, in both
// directions; one iteration is one pass over all checks. With GRANTDIFF_PROVE=1 it
// takes all changes, otherwise a sample. It tells the median, the 99th percentile
// and the longest time of one check, of which the fastest pass counts: on a machine
// that others use the slower ones tell about those.
func BenchmarkManagedHistory(b *testing.B) {
	history := managedHistory(b, stride(20))
	b.Run("parse and decide", func(b *testing.B) {
		took := fastest{}
		for b.Loop() {
			took.again()
			for _, c := range history {
				for _, pair := range [][2][]byte{{c.old, c.now}, {c.now, c.old}} {
					start := time.Now()
					old, now := parsable(pair[0], policy.Identity), parsable(pair[1], policy.Identity)
					if old == nil || now == nil {
						continue
					}
					access.NoNewAccess(old, now, access.Options{})
					took.add(time.Since(start))
				}
			}
		}
		took.report(b)
	})
	b.Run("decide", func(b *testing.B) {
		type pair struct{ old, now []*policy.Document }
		var pairs []pair
		for _, c := range history {
			old, now := parsable(c.old, policy.Identity), parsable(c.now, policy.Identity)
			if old != nil && now != nil {
				pairs = append(pairs, pair{old, now}, pair{now, old})
			}
		}
		took := fastest{}
		undetermined := 0
		for b.Loop() {
			undetermined = 0
			took.again()
			for _, p := range pairs {
				start := time.Now()
				got := access.NoNewAccess(p.old, p.now, access.Options{})
				took.add(time.Since(start))
				if got.Verdict == access.Undetermined {
					undetermined++
				}
			}
		}
		took.report(b)
		b.ReportMetric(float64(undetermined), "undetermined")
	})
}

// fastest keeps the least time of each check over several passes.
type fastest struct {
	of []time.Duration
	at int
}

func (f *fastest) again() { f.at = 0 }

func (f *fastest) add(d time.Duration) {
	if f.at == len(f.of) {
		f.of = append(f.of, d)
	}
	f.of[f.at] = min(f.of[f.at], d)
	f.at++
}

// report tells how the times of single checks are spread, in microseconds.
func (f *fastest) report(b *testing.B) {
	b.Helper()
	if len(f.of) == 0 {
		b.Fatal("nothing was measured")
	}
	slices.Sort(f.of)
	for name, share := range map[string]float64{"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1} {
		b.ReportMetric(microseconds(percentile(f.of, share)), fmt.Sprintf("%s-µs/check", name))
	}
	b.ReportMetric(float64(len(f.of)), "checks")
}

// percentile is the smallest of the sorted times that the share of them does not
// exceed.
func percentile(sorted []time.Duration, share float64) time.Duration {
	i := int(share*float64(len(sorted))+0.999999) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
