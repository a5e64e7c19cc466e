package access_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestZ3AgreesOnRandomPolicies holds engine, enumeration and oracle to each other, on
// small policies that use every construct: on two of one world, and on one with
// another part in one statement, which differ by little.
func TestZ3AgreesOnRandomPolicies(t *testing.T) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			s := newSolver(t, 500_000, time.Minute)
			tally, o := smtTally{}, newOracle()
			rapid.Check(t, func(rt *rapid.T) {
				d := shrinking{rt}
				keys := drawKeys(d)
				sc := scenario{kind: kind, before: lawful.side(d, kind, keys, 3)[:1]}
				if d.roll(4) == 0 {
					sc.after = lawful.side(d, kind, keys, 2)[:1]
				} else {
					sc.after = clone(sc.before)
					st := &sc.after[0].statements[d.roll(len(sc.after[0].statements))]
					*st = lawful.part(d, *st, lawful.statement(d, kind, keys))
				}
				if d.roll(2) == 0 {
					sc.before, sc.after = sc.after, sc.before
				}
				old, now := read(rt, kind, sc.before...), read(rt, kind, sc.after...)
				if tally.compare(rt, s, "random", old, now) != "PASS" {
					return
				}
				w, err := o.world(sc)
				if err != nil {
					rt.Fatal(err)
				}
				for _, r := range some(d, 2, policy.Readings(policy.Questions(slices.Concat(old, now)...))) {
					rows, err := o.rows(w, r)
					if err != nil {
						rt.Fatal(err)
					}
					if found, bring := rows.enumerate(); bring != 0 {
						rt.Fatalf("z3 finds nothing, the enumeration %+v, reading %+v\n%s", w.request(found), r, pairText(old, now))
					}
				}
			})
			tally.enough(t, 0.25, 0.3)
		})
	}
}

// TestZ3AgreesOnReadings asks about pairs whose verdict hangs on one open question
// alone, which random policies seldom meet.
func TestZ3AgreesOnReadings(t *testing.T) {
	allow := func(parts string) string {
		return `{"Effect":"Allow","Action":"s:A",` + parts + `}`
	}
	const anyone = `"Principal":"*"`
	s := newSolver(t, 0, time.Minute)
	for _, tt := range []struct {
		name     string
		kind     policy.Kind
		old, now string
	}{
		{"AWS star", policy.Resource, allow(`"Principal":{"AWS":"*"}`), allow(anyone)},
		{"short ARN", policy.Identity, allow(`"Resource":"arn:aws:s:*:table/x:*"`), allow(`"Resource":"arn:aws:s:*:table/x"`)},
		{"short ARN of a resource policy", policy.Resource, allow(anyone + `,"Resource":"arn:aws:t:::x"`), allow(anyone + `,"Resource":"arn:aws:s"`)},
		{"any, if it exists", policy.Identity, allow(`"Resource":"*","Condition":{"ForAnyValue:StringEquals":{"k:set":"a"}}`),
			allow(`"Resource":"*","Condition":{"ForAnyValue:StringEqualsIfExists":{"k:set":"a"}}`)},
		{"short ARN pattern", policy.Identity, allow(`"Resource":"*","Condition":{"ArnLike":{"k:arn":"arn:aws:iam::1:*"}}`),
			allow(`"Resource":"*","Condition":{"ArnLike":{"k:arn":"arn:aws:iam"}}`)},
		{"no values", policy.Identity, allow(`"Resource":"*","Condition":{"StringEquals":{"k:text":"a"}}`), allow(`"Resource":"*","Condition":{"StringEquals":{"k:text":[]}}`)},
		{"chain of NotPrincipal", policy.Resource, allow(anyone) + `,{"Effect":"Deny","Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/r"}}`,
			allow(`"NotPrincipal":{"AWS":"arn:aws:iam::111111111111:role/r"}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			old, now := mustParse(t, wrap(tt.old), tt.kind, true), mustParse(t, wrap(tt.now), tt.kind, true)
			tally := smtTally{}
			if got := tally.compare(t, s, tt.name, old, now); got != "FAIL" {
				t.Errorf("got %s, want a fail in one reading", got)
			}
			failing := 0
			readings := policy.Readings(policy.Questions(slices.Concat(old, now)...))
			for _, r := range readings {
				if s.check(smtInReading(old, now, r)) == "sat" {
					failing++
				}
			}
			if failing == 0 || failing == len(readings) {
				t.Errorf("a fail in %d of %d readings: the pair does not hang on the question", failing, len(readings))
			}
		})
	}
}

// smtInReading is the question in one reading.
func smtInReading(old, now []*policy.Document, r policy.Reading) smtQuestion {
	q := smtNewAccess(old, now, false)
	for i, holds := range []bool{r.AWSStarIsEveryone, r.ShortARNCrosses, r.AnyIfExistsOnMissing, r.ShortARNPatternMatches, r.EmptyListHolds, r.NotPrincipalNeedsChain} {
		q.text += "(assert " + smtNegated(!holds, smtReadings[i]) + ")\n"
	}
	return q
}
