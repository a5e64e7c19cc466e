package access_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestEquationsAgainstEnumeration draws policies that are equations between the values of three
// keys, and asks the evaluator for all short ones.
func TestEquationsAgainstEnumeration(t *testing.T) {
	policies, seed := 150, uint64(1)
	if os.Getenv("GRANTDIFF_PROVE") != "" {
		policies = 3000
	}
	if n, err := strconv.Atoi(os.Getenv("GRANTDIFF_EQUATIONS")); err == nil {
		policies = n
	}
	if n, err := strconv.Atoi(os.Getenv("GRANTDIFF_SEED")); err == nil {
		seed = uint64(n)
	}
	before := mustParse(t, wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`), policy.Identity, false)
	count := map[string]int{}
	for i := range policies {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		text, allow := drawEquations(r)
		after := mustParse(t, wrap(text), policy.Identity, false)
		got := access.NoNewAccess(before, after, access.Options{})
		q, found := enumerateEquations(after, allow)
		switch {
		case got.Verdict == access.Pass && found:
			t.Fatalf("policy %d of seed %d passes: %s\nbut allows %+v", i, seed, text, q)
		case got.Verdict == access.Fail && found:
			count["fails"]++
		case got.Verdict == access.Fail:
			count["fails, beyond the values tried"]++
		case got.Verdict == access.Pass:
			count["passes"]++
		case found:
			count["undetermined, fails"]++
			t.Logf("policy %d of seed %d: %s %d steps\n%s\n%+v", i, seed, got.Reason, got.Steps, text, q)
		default:
			count["undetermined"]++
			t.Logf("policy %d of seed %d: %s %d steps\n%s", i, seed, got.Reason, got.Steps, text)
		}
	}
	t.Log(count)
	if n := count["undetermined"] + count["undetermined, fails"]; n*50 > policies {
		t.Errorf("%d of %d are undetermined", n, policies)
	}
	if policies > 100 && (count["fails"] == 0 || count["passes"] == 0) {
		t.Errorf("the policies drawn are too much alike: %v", count)
	}
}

var equationKeys = []string{"k:x", "k:y", "k:z"}

// drawEquations draws statements, and tells the resource of the first one.
func drawEquations(r *rand.Rand) (statements, allow string) {
	template := func(wild bool) string {
		var b strings.Builder
		for range 1 + r.IntN(4) {
			switch n := r.IntN(9); {
			case n < 4:
				b.WriteString("${" + equationKeys[r.IntN(3)] + "}")
			case n < 6 || !wild:
				b.WriteString([]string{"a", "b", "A"}[r.IntN(3)])
			case n < 7:
				b.WriteString("*")
			case n < 8:
				b.WriteString("?")
			}
		}
		return b.String()
	}
	conditions := func() string {
		var out []string
		seen := map[string]bool{}
		for range r.IntN(3) {
			op := []string{"StringLike", "StringNotLike", "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLikeIfExists"}[r.IntN(7)]
			if seen[op] {
				continue
			}
			seen[op] = true
			out = append(out, fmt.Sprintf(`%q:{%q:[%q]}`, op, equationKeys[r.IntN(3)], template(strings.Contains(op, "Like"))))
		}
		return `"Condition":{` + strings.Join(out, ",") + `}`
	}
	allow = template(true)
	list := []string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::` + allow + `",` + conditions() + `}`}
	for range 1 + r.IntN(3) {
		element := []string{"Resource", "NotResource", "NotResource"}[r.IntN(3)]
		list = append(list, fmt.Sprintf(`{"Effect":"Deny","Action":"s3:*",%q:"arn:aws:s3:::%s",%s}`, element, template(true), conditions()))
	}
	return strings.Join(list, ","), allow
}

// equationValues are the values tried; nil is none.
var equationValues = [][]string{nil, {""}, {"a"}, {"b"}, {"A"}, {"aa"}, {"ab"}, {"ba"}, {"bb"}, {"aA"}}

// enumerateEquations looks for a request that is allowed.
func enumerateEquations(docs []*policy.Document, allow string) (policy.Request, bool) {
	pattern, err := policy.ParsePattern("arn:aws:s3:::"+allow, true, true)
	if err != nil {
		return policy.Request{}, false
	}
	q := policy.Request{Action: "s3:GetObject", Context: map[string][]string{}}
	for _, x := range equationValues {
		for _, y := range equationValues {
			for _, z := range equationValues {
				clear(q.Context)
				for i, v := range [][]string{x, y, z} {
					if v != nil {
						q.Context[equationKeys[i]] = v
					}
				}
				for _, q.Resource = range instances(pattern, q.Context) {
					for _, reading := range policy.Readings(policy.Questions(docs...)) {
						if d, _ := policy.Evaluate(docs, q, reading); d == policy.DecisionAllow {
							return q, true
						}
					}
				}
			}
		}
	}
	return q, false
}

// instances are short texts that a pattern matches.
func instances(p policy.Pattern, context map[string][]string) []string {
	out := []string{""}
	for _, piece := range p {
		var parts []string
		switch piece.Kind {
		case policy.Literal:
			parts = []string{piece.Text}
		case policy.Variable:
			parts = context[piece.Key]
		case policy.AnyChar:
			parts = []string{"a", "b", "A"}
		case policy.AnySequence:
			parts = []string{"", "a", "b", "ab"}
		}
		var next []string
		for _, head := range out {
			for _, part := range parts {
				next = append(next, head+part)
			}
		}
		out = next[:min(len(next), 40)]
	}
	slices.Sort(out)
	return slices.Compact(out)
}
