package access_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// The tests here live in a small world: a supply of statements, and a set of
// requests that are all enumerated. The engine knows nothing of it: whatever the
// enumeration finds, the engine has to find too, and what the engine finds the
// evaluator confirms.

// outcomes counts answers by what they were.
type outcomes map[string]int

const (
	passes       = "passes, and no request of the world is wanted"
	fails        = "fails, with a request of the world"
	outside      = "fails, with requests outside of the world only"
	undecided    = "undetermined: "
	thoughWanted = ", though a request of the world is wanted"
	enumerated   = "requests enumerated"
	evaluations  = "requests given to the evaluator"
)

// causes are the reasons for which the engine may leave a drawn question open.
var causes = []string{
	"whether the access is new depends on the values of",
	"needs more work than its bound allows",
}

// check asks the engine, enumerates the world, and says where they do not agree.
func (o *oracle) check(s scenario, d dice, count outcomes) error {
	var docs [4][]*policy.Document
	for i, layer := range s.layers() {
		var err error
		if docs[i], err = parsed(*layer, s.kind); err != nil {
			return err
		}
	}
	got, err := s.ask(docs)
	if err != nil {
		return err
	}
	w, err := o.world(s)
	if err != nil {
		return err
	}
	readings := policy.Readings(policy.Questions(slices.Concat(docs[:]...)...))
	count[enumerated] += len(readings) * w.size()
	var bring mask
	for _, r := range readings {
		rows, err := o.rows(w, r)
		if err != nil {
			return err
		}
		for range 2 {
			if err := rows.compare(rows.randomSpot(d), docs, r); err != nil {
				return err
			}
			count[evaluations]++
		}
		found, new := rows.enumerate()
		if bring |= new; new == 0 {
			continue
		}
		if err := rows.compare(found, docs, r); err != nil {
			return err
		}
		if got.Verdict == access.Pass || got.Verdict == access.Undetermined && !slices.ContainsFunc(causes, func(c string) bool { return strings.Contains(got.Reason, c) }) {
			return fmt.Errorf("the engine says %v %s; enumeration finds %+v, reading %+v", got.Verdict, got.Reason, w.request(found), r)
		}
	}
	if err := w.confirm(got, docs, readings); err != nil {
		return err
	}
	switch got.Verdict {
	case access.Pass:
		count[passes]++
	case access.Undetermined:
		cause := "other"
		for _, c := range causes {
			if strings.Contains(got.Reason, c) {
				cause = c
			}
		}
		wanted := ""
		if bring != 0 {
			wanted = thoughWanted
		}
		count[undecided+cause+wanted]++
		if cause == "other" {
			return fmt.Errorf("undetermined: %s", got.Reason)
		}
	default:
		if bring == 0 {
			count[outside]++
		} else {
			count[fails]++
		}
		return w.checkGains(got, bring)
	}
	return nil
}

func (s scenario) ask(docs [4][]*policy.Document) (access.Result, error) {
	within := func(i int, guard []document) access.Set {
		set := access.Allowed(docs[i]...)
		if guard != nil {
			set = set.And(docs[i+1]...)
		}
		return set
	}
	switch s.asks {
	case noNewAccess:
		return access.NoNewAccess(docs[0], docs[2], s.options), nil
	case lostDenial:
		return access.LostDenial(docs[0], docs[2], s.options), nil
	case accessNotGranted:
		return access.AccessNotGranted(docs[2], []access.Access{s.listed}, s.options)
	default:
		return access.Gained(within(0, s.beforeGuard), within(2, s.afterGuard), s.options), nil
	}
}

// evaluate decides a request by each layer.
func evaluate(docs [4][]*policy.Document, q policy.Request, r policy.Reading) [4]policy.Decision {
	var all [4]policy.Decision
	for i := range docs {
		all[i], _ = policy.Evaluate(docs[i], q, r)
	}
	return all
}

// confirm gives each witness to the evaluator.
func (w *world) confirm(got access.Result, docs [4][]*policy.Document, readings []policy.Reading) error {
	if (got.Verdict == access.Fail) != (len(got.Gains) > 0) {
		return fmt.Errorf("%v with %d gains", got.Verdict, len(got.Gains))
	}
	for _, g := range got.Gains {
		if !slices.ContainsFunc(readings, func(r policy.Reading) bool { return w.wanted(evaluate(docs, g.Witness, r)) }) {
			return fmt.Errorf("no reading confirms the witness %+v", g.Witness)
		}
		if !w.facts.leavesRequest(g.Witness) {
			return fmt.Errorf("the facts rule out the witness %+v", g.Witness)
		}
	}
	return nil
}

// checkGains holds the statements that the answer names to those that bring a
// request of the world: all of them, or the first.
func (w *world) checkGains(got access.Result, bring mask) error {
	bit, at := mask(1), map[[2]int]mask{}
	side := w.after
	if w.asks == lostDenial {
		side = w.before
	} else {
		for _, d := range slices.Concat(w.before, w.beforeGuard) {
			bit <<= len(d.statements)
		}
	}
	for i, d := range side {
		for j := range d.statements {
			at[[2]int{i, j}] = bit
			bit <<= 1
		}
	}
	var named mask
	for _, g := range got.Gains {
		named |= at[[2]int{g.Document, g.Statement}]
	}
	switch {
	case w.options.Explain && got.Reason == "" && bring&^named != 0:
		return fmt.Errorf("the answer names statements %b, enumeration finds %b", named, bring)
	case !w.options.Explain && got.Reason == "" && bring != 0 && bring&-bring < named:
		return fmt.Errorf("the answer names statement %b, enumeration finds %b", named, bring)
	}
	return nil
}

// compare gives a request to the evaluator as a whole.
func (r *rows) compare(p spot, docs [4][]*policy.Document, reading policy.Reading) error {
	q := r.request(p)
	if told, got := r.decisions(r.live(p)), evaluate(docs, q, reading); told != got {
		return fmt.Errorf("tables say %s for %+v, reading %+v; the evaluator says %s", told, q, reading, got)
	}
	return nil
}

func (w *world) randomSpot(d dice) spot {
	p := spot{action: d.roll(len(worldActions)), resource: d.roll(len(worldResources)), caller: d.roll(w.people())}
	for i, k := range w.keys {
		p.digits[k] = d.roll(w.counts[i])
	}
	return p
}

// setting reads a number of the environment.
func setting(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: expected a number, got %q", name, text)
	}
	return n
}

// batch is how many scenarios share a pool.
const batch = 10_000

// TestWorlds draws policies and compares the engine's answers with enumerations.
// GRANTDIFF_PROVE asks for a million; GRANTDIFF_PAIRS sets how many, GRANTDIFF_SEED
// draws others, GRANTDIFF_FROM goes on with a run from that number, and GRANTDIFF_CASE is
// the number of the only one to look at.
func TestWorlds(t *testing.T) {
	n := 2000
	if proving() {
		n = 1_000_000
	}
	n = setting(t, "GRANTDIFF_PAIRS", n)
	seed := setting(t, "GRANTDIFF_SEED", 1)
	from := setting(t, "GRANTDIFF_FROM", 0)
	if os.Getenv("GRANTDIFF_CASE") != "" {
		from = setting(t, "GRANTDIFF_CASE", 0)
		n = from + 1
	}
	total := outcomes{}
	for b := from / batch; b*batch < n; b++ {
		runBatch(t, seed, b, max(from, b*batch), min(n, (b+1)*batch), total)
		if proving() {
			fmt.Printf("%d of %d scenarios: %v\n", min(n, (b+1)*batch), n, total)
		}
	}
	t.Logf("%d scenarios, seed %d", n-from, seed)
	open := 0
	for _, k := range slices.SortedFunc(maps.Keys(total), func(a, b string) int { return cmp.Or(total[b]-total[a], cmp.Compare(a, b)) }) {
		t.Logf("%12d %s", total[k], k)
		if strings.HasPrefix(k, undecided) {
			open += total[k]
		}
	}
	if n -= from; n < 3000 || os.Getenv("GRANTDIFF_OPEN") != "" {
		return
	}
	if open > max(2, n/5000) || total[outside] > n/25 {
		t.Errorf("%d undetermined and %d decided outside of the world only, want at most 0.02%% and 4%%", open, total[outside])
	}
	if total[passes] < n/10 || total[fails] < n/10 {
		t.Errorf("the policies drawn are too much alike: %v", total)
	}
}

// runBatch looks at the scenarios from one number up to another.
func runBatch(t *testing.T, seed, b, from, to int, total outcomes) {
	listing := os.Getenv("GRANTDIFF_OPEN") != ""
	o, p := newOracle(), drawPool(seeded{rand.New(rand.NewPCG(uint64(seed), uint64(b)))})
	var next, failed atomic.Int64
	next.Store(int64(from))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			count := outcomes{}
			for i := int(next.Add(1)) - 1; i < to; i = int(next.Add(1)) - 1 {
				if listing {
					if told := o.listOpen(p, seed, i); told != "" {
						fmt.Printf("GRANTDIFF_SEED=%d GRANTDIFF_CASE=%d\n%s\n\n", seed, i, told)
					}
					continue
				}
				if err := o.checkCase(p, seed, i, count); err != nil && failed.Add(1) <= 10 {
					t.Errorf("GRANTDIFF_SEED=%d GRANTDIFF_CASE=%d\n%v", seed, i, err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for k, v := range count {
				total[k] += v
			}
		})
	}
	wg.Wait()
	total[evaluations] += o.asked
}

// checkCase looks at one scenario, and shrinks it when it fails.
func (o *oracle) checkCase(p *pool, seed, i int, count outcomes) error {
	d := seeded{rand.New(rand.NewPCG(uint64(seed), 1<<32+uint64(i)))}
	s := p.scenario(d)
	err := o.check(s, d, count)
	if err == nil {
		return nil
	}
	s = shrink(s, func(smaller scenario) bool {
		err := o.check(smaller, seeded{rand.New(rand.NewPCG(1, 1))}, outcomes{})
		return err != nil && !errors.Is(err, errUnreadable)
	})
	if again := o.check(s, seeded{rand.New(rand.NewPCG(1, 1))}, outcomes{}); again != nil {
		err = again
	}
	return fmt.Errorf("%v\n%w", s, err)
}
