package access_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestSpeedAgainstZ3 measures engine and solver on the same pairs and prints a table
// in Markdown. The ways take turns on every pair, so that what else the machine does
// meets all of them. Both only decide: the policies have been read, and the pair has been
// stated for the solver. A limit counts as the time that it took.
// With -short it takes a twelfth of the pairs, and a hundredth of the changes of managed
// policies instead of a tenth.
func TestSpeedAgainstZ3(t *testing.T) {
	if !proving() {
		t.Skip("a measurement: runs with GRANTDIFF_PROVE=1")
	}
	const limit = 5 * time.Second
	s := newSolver(t, 0, limit)
	families := map[string]*smtTimes{}
	measure := func(family string, read func() (old, now []*policy.Document)) {
		old, now := read()
		if old == nil || now == nil {
			return
		}
		q := smtNewAccess(old, now, true)
		if q.skipped != "" {
			return
		}
		for way, f := range []func() bool{
			func() bool { return access.NoNewAccess(old, now, access.Options{}).Verdict != access.Undetermined },
			func() bool { return solveOnce(t, q, limit) != "unknown" },
			func() bool { return s.check(q) != "unknown" },
		} {
			start := time.Now()
			decided := f()
			took := time.Since(start)
			for _, family := range []string{family, "all"} {
				if families[family] == nil {
					families[family] = &smtTimes{}
				}
				families[family].ways[way] = append(families[family].ways[way], took)
				if !decided {
					families[family].open[way]++
				}
			}
		}
	}
	i := 0
	eachLine(t, "bench/pairs.jsonl.gz", func(p benchmarkPair) {
		if i++; !testing.Short() || i%12 == 0 {
			measure(p.Family, p.documents)
		}
	})
	nth := 10
	if testing.Short() {
		nth = 100
	}
	for _, c := range managedHistory(t, nth) {
		for _, texts := range [][2][]byte{{c.old, c.now}, {c.now, c.old}} {
			measure("managed policies", func() (old, now []*policy.Document) {
				return parsable(texts[0], policy.Identity), parsable(texts[1], policy.Identity)
			})
		}
	}
	var b strings.Builder
	b.WriteString("\n| family (pairs) | engine: median / p95 / p99 / max (open) | z3, a process each | z3, one session | median ratio: process / session |\n| --- | --- | --- | --- | --- |\n")
	for _, family := range slices.SortedFunc(maps.Keys(families), func(a, b string) int {
		return cmp.Or(map[string]int{"all": 1}[a]-map[string]int{"all": 1}[b], strings.Compare(a, b))
	}) {
		times := families[family]
		fmt.Fprintf(&b, "| %s (%d)", family, len(times.ways[0]))
		for way := range times.ways {
			took := slices.Sorted(slices.Values(times.ways[way]))
			b.WriteString(" | ")
			for i, share := range []float64{0.5, 0.95, 0.99, 1} {
				if i > 0 {
					b.WriteString(" / ")
				}
				b.WriteString(legible(percentile(took, share)))
			}
			if n := times.open[way]; n > 0 {
				fmt.Fprintf(&b, " (%d)", n)
			}
		}
		fmt.Fprintf(&b, " | %.0f / %.0f |\n", times.ratio(1), times.ratio(2))
	}
	t.Log(b.String())
}

// smtTimes are the times of a family by way, and how many questions stayed open.
type smtTimes struct {
	ways [3][]time.Duration
	open [3]int
}

// ratio is the median of how many times longer another way took for the same pair.
func (times *smtTimes) ratio(way int) float64 {
	ratios := make([]float64, len(times.ways[0]))
	for i, engine := range times.ways[0] {
		ratios[i] = float64(times.ways[way][i]) / float64(engine)
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// legible writes a time with three digits.
func legible(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", microseconds(d))
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", microseconds(d)/1e3)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}
