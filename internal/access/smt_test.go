package access_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// smtTally counts how comparisons with the oracle came out.
type smtTally map[string]int

// enough fails the test where the oracle could not be asked, or did not answer in
// time, for more than a share of the questions.
func (tally smtTally) enough(t testing.TB, skipped, unknown float64) {
	t.Helper()
	t.Log(tally)
	all := float64(tally["answered"] + tally["skipped"] + tally["unknown to z3"])
	if n := float64(tally["skipped"]); n > skipped*all {
		t.Errorf("%v of %v questions were skipped, more than %v", n, all, skipped)
	}
	if n := float64(tally["unknown to z3"]); n > unknown*all {
		t.Errorf("z3 did not decide %v of %v questions, more than %v", n, all, unknown)
	}
	for _, verdict := range []string{"PASS", "FAIL"} {
		if tally["agree: "+verdict] == 0 {
			t.Errorf("no question whose answer is %s was asked", verdict)
		}
	}
}

// compare asks engine and oracle and reports a disagreement. A model of the oracle is
// confirmed by the evaluator, so that the oracle is tested too.
func (tally smtTally) compare(t rapid.TB, s *solver, name string, old, now []*policy.Document) string {
	t.Helper()
	q := smtNewAccess(old, now, false)
	if q.skipped != "" {
		tally["skipped: "+q.skipped]++
		tally["skipped"]++
		return "skipped"
	}
	answer := s.solve(q)
	if answer.verdict == "unknown" {
		tally["unknown to z3"]++
		return "unknown"
	}
	tally["answered"]++
	confirmed := false
	if answer.verdict == "sat" {
		req, in, err := q.request(answer.model)
		if err != nil {
			tally["model without a form: "+err.Error()]++
		} else {
			before, _ := policy.Evaluate(old, req, in)
			after, _ := policy.Evaluate(now, req, in)
			if confirmed = after == policy.DecisionAllow && before != policy.DecisionAllow; !confirmed {
				t.Errorf("%s: the evaluator does not agree with z3's model: before %v, after %v\n%+v\nreading %+v\n%s", name, before, after, req, in, pairText(old, now))
			} else {
				tally["models confirmed"]++
			}
		}
	}
	want := map[string]access.Verdict{"sat": access.Fail, "unsat": access.Pass}[answer.verdict]
	for _, o := range []access.Options{{StrictOpenWorld: true}, access.SearchAll(access.Options{StrictOpenWorld: true})} {
		got := access.NoNewAccess(old, now, o)
		switch {
		case got.Verdict == want:
			tally["agree: "+want.String()]++
		default:
			t.Errorf("%s: the engine says %v, z3 %s (confirmed: %v)\nengine %+v\nmodel %v\n%s", name, got.Verdict, answer.verdict, confirmed, got.Gains, answer.model, pairText(old, now))
		}
	}
	// What is known of AWS takes requests away, and adds none.
	if got := access.NoNewAccess(old, now, access.Options{}); want == access.Pass && got.Verdict != access.Pass {
		t.Errorf("%s: a pass of the open world is %v with the facts\n%s", name, got.Verdict, pairText(old, now))
	}
	return want.String()
}

func pairText(old, now []*policy.Document) string {
	var b bytes.Buffer
	for _, d := range old {
		text, _ := json.Marshal(d)
		b.WriteString("existing " + string(text) + "\n")
	}
	for _, d := range now {
		text, _ := json.Marshal(d)
		b.WriteString("new " + string(text) + "\n")
	}
	return b.String()
}

// benchmarkPair is a row of the benchmark.
type benchmarkPair struct {
	ID, Family, Type, Truth string
	Existing, New           json.RawMessage
}

// documents reads both sides; nil where they are not of one kind.
func (p benchmarkPair) documents() (old, now []*policy.Document) {
	// The truth takes "${...}" as a variable in every version.
	if bytes.Contains(p.Existing, []byte("${")) || bytes.Contains(p.New, []byte("${")) {
		p.Existing, p.New = versioned(p.Existing), versioned(p.New)
	}
	for _, kind := range []policy.Kind{kindOf(p.Type), policy.Identity} {
		old, now = parsable(p.Existing, kind), parsable(p.New, kind)
		if old != nil && now != nil {
			return old, now
		}
	}
	return nil, nil
}

// TestZ3AgreesOnBenchmarkPairs holds the engine to an SMT solver.
func TestZ3AgreesOnBenchmarkPairs(t *testing.T) {
	work, nth := 1_000_000, 7
	if proving() {
		work, nth = 10_000_000, 1
	}
	s := newSolver(t, work, time.Minute)
	tally, i := smtTally{}, 0
	eachLine(t, "bench/pairs.jsonl.gz", func(p benchmarkPair) {
		// The short run leaves out what takes a solver long.
		long := strings.HasPrefix(p.Family, "adv-") || strings.HasSuffix(p.Family, "032") || strings.HasSuffix(p.Family, "128")
		if i++; i%nth != 0 || long && !proving() {
			return
		}
		old, now := p.documents()
		if old == nil {
			tally["not readable"]++
			return
		}
		got := tally.compare(t, s, p.ID+" "+p.Family, old, now)
		if p.Truth == "" || got != "PASS" && got != "FAIL" || got == p.Truth {
			return
		}
		// The truth takes it that Bool keys hold true or false.
		if answer := s.check(smtNewAccess(old, now, true)); (answer == "sat") != (p.Truth == "FAIL") && answer != "unknown" {
			t.Errorf("%s: z3 says %s, the truth is %s", p.ID, got, p.Truth)
		}
	})
	tally.enough(t, 0.05, 0.25)
}

// TestZ3AgreesOnManagedPolicies does the same on changes of policies that AWS
// manages, in both directions.
func TestZ3AgreesOnManagedPolicies(t *testing.T) {
	work, nth := 1_000_000, 150
	if proving() {
		work, nth = 2_000_000, 10
	}
	s := newSolver(t, work, time.Minute)
	tally := smtTally{}
	for _, c := range managedHistory(t, nth) {
		old, now := parsable(c.old, policy.Identity), parsable(c.now, policy.Identity)
		if old == nil || now == nil {
			tally["not readable"]++
			continue
		}
		tally.compare(t, s, c.name, old, now)
		tally.compare(t, s, c.name+" in reverse", now, old)
	}
	tally.enough(t, 0.1, 0.25)
}
