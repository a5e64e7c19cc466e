package access_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// shared returns a file of the corpora, which live outside of the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED is not set: the corpora are not here")
	}
	return filepath.Join(dir, name)
}

// eachLine decodes the lines of a JSON lines file, gzipped or not.
func eachLine[T any](t testing.TB, name string, f func(T)) {
	t.Helper()
	text, err := os.ReadFile(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	var sc *bufio.Scanner
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		sc = bufio.NewScanner(z)
	} else {
		sc = bufio.NewScanner(bytes.NewReader(text))
	}
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var row T
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		f(row)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func kindOf(policyType string) policy.Kind {
	if policyType == "RESOURCE_POLICY" {
		return policy.Resource
	}
	return policy.Identity
}

func doc(t testing.TB, text []byte, kind policy.Kind) *policy.Document {
	t.Helper()
	d, diags := policy.Parse(text, policy.ParseOptions{Kind: kind, Reference: true})
	if diags.HasErrors() {
		t.Fatalf("parse: %v\n%s", diags, text)
	}
	return d
}

type published struct {
	ID            string
	Check         string
	Existing, New json.RawMessage
	Access        *access.Access
	PolicyType    string
	Expected      string
	Message       string
	Reasons       []struct {
		Description    string
		StatementIndex int
		StatementID    string
	}
}

// TestPublishedVerdicts holds the engine to the answers that AWS publishes or that
// were recorded from the service.
func TestPublishedVerdicts(t *testing.T) {
	checked := 0
	eachLine(t, "verdicts/published.jsonl", func(row published) {
		if row.Check != "CheckNoNewAccess" && row.Check != "CheckAccessNotGranted" {
			return
		}
		checked++
		t.Run(row.ID, func(t *testing.T) {
			kind := kindOf(row.PolicyType)
			now := []*policy.Document{doc(t, row.New, kind)}
			var got access.Result
			if row.Check == "CheckNoNewAccess" {
				got = access.NoNewAccess([]*policy.Document{doc(t, row.Existing, kind)}, now, access.Options{})
			} else {
				var err error
				if got, err = access.AccessNotGranted(now, []access.Access{*row.Access}, access.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			if got.Verdict.String() != row.Expected {
				t.Fatalf("got %v (%s), published %s\nexisting %s\nnew %s\n%+v", got.Verdict, got.Reason, row.Expected, row.Existing, row.New, got.Gains)
			}
			if len(row.Reasons) > 0 && row.Reasons[0].StatementIndex != got.Gains[0].Statement {
				t.Errorf("reason names statement %d, published %d", got.Gains[0].Statement, row.Reasons[0].StatementIndex)
			}
		})
	})
	if checked < 140 {
		t.Errorf("only %d rows were checked", checked)
	}
}

// TestBenchmarkPairs holds the engine to the truth that two solvers agree on.
func TestBenchmarkPairs(t *testing.T) {
	type pair struct {
		ID, Family, Type, Truth string
		Existing, New           json.RawMessage
	}
	tally := map[string]int{}
	eachLine(t, "bench/pairs.jsonl.gz", func(row pair) {
		kind := kindOf(row.Type)
		// The solvers took "${...}" as a variable in every version.
		if bytes.Contains(row.Existing, []byte("${")) || bytes.Contains(row.New, []byte("${")) {
			row.Existing, row.New = versioned(row.Existing), versioned(row.New)
		}
		family := strings.TrimRight(row.Family, "-0123456789")
		old, now := parsable(row.Existing, kind), parsable(row.New, kind)
		if old == nil || now == nil { // some policies of forums lack their principals
			old, now = parsable(row.Existing, policy.Identity), parsable(row.New, policy.Identity)
		}
		if old == nil || now == nil {
			tally[family+" not of one kind"]++
			return
		}
		got := access.NoNewAccess(old, now, access.Options{})
		switch {
		case row.Truth == "":
			tally[fmt.Sprintf("%s without truth: %v", family, got.Verdict)]++
		case got.Verdict.String() == row.Truth:
			tally[family+" agrees"]++
		case got.Verdict == access.Undetermined:
			tally[family+" undetermined"]++
			t.Logf("%s %s: undetermined: %s", row.ID, row.Family, got.Reason)
		default:
			t.Errorf("%s %s: got %v, truth %s\nexisting %s\nnew %s\n%+v", row.ID, row.Family, got.Verdict, row.Truth, row.Existing, row.New, got.Gains)
		}
	})
	t.Log(tally)
}

// BenchmarkPairs decides the pairs of the solvers, by family; one iteration is one pass.
// It tells the median and the longest time of one pair, parsing not included, of which
// the fastest pass counts.
func BenchmarkPairs(b *testing.B) {
	type pair struct {
		Family, Type  string
		Existing, New json.RawMessage
	}
	families := map[string][][2][]*policy.Document{}
	eachLine(b, "bench/pairs.jsonl.gz", func(row pair) {
		old, now := parsable(row.Existing, kindOf(row.Type)), parsable(row.New, kindOf(row.Type))
		if old != nil && now != nil {
			families[row.Family] = append(families[row.Family], [2][]*policy.Document{old, now})
		}
	})
	for _, family := range slices.Sorted(maps.Keys(families)) {
		b.Run(family, func(b *testing.B) {
			took := fastest{}
			for b.Loop() {
				took.again()
				for _, p := range families[family] {
					start := time.Now()
					access.NoNewAccess(p[0], p[1], access.Options{})
					took.add(time.Since(start))
				}
			}
			took.report(b)
		})
	}
}

// versioned gives a policy without Version the one that has variables.
func versioned(text []byte) []byte {
	if bytes.Contains(text, []byte(`"Version"`)) {
		return text
	}
	return append([]byte(`{"Version":"2012-10-17",`), bytes.TrimSpace(text)[1:]...)
}

func parsable(text []byte, kind policy.Kind) []*policy.Document {
	d, diags := policy.Parse(text, policy.ParseOptions{Kind: kind, Reference: true})
	if diags.HasErrors() {
		return nil
	}
	return []*policy.Document{d}
}
