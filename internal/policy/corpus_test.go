package policy_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// shared opens a file of the corpora that are not part of the project, or skips.
func shared(t *testing.T, name string) io.Reader {
	t.Helper()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED is unset; it names the folder of published policies")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if filepath.Ext(name) != ".gz" {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// lines decodes a file of one JSON value per line.
func lines[T any](t *testing.T, r io.Reader) []T {
	t.Helper()
	var rows []T
	s := bufio.NewScanner(r)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var row T
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// kindOf guesses the kind of a document that does not come with one.
func kindOf(text json.RawMessage) policy.Kind {
	if bytes.Contains(text, []byte(`Principal":`)) {
		return policy.Resource
	}
	return policy.Identity
}

// mustRead reports the errors of a document that somebody published as valid.
func mustRead(t *testing.T, id string, text json.RawMessage, kind policy.Kind) {
	t.Helper()
	if len(text) == 0 || string(text) == "null" {
		return
	}
	_, ds := policy.Parse(text, policy.ParseOptions{Path: id, Kind: kind})
	if ds.HasErrors() {
		t.Errorf("%s: %v", id, ds)
	}
}

func TestParsePublishedVerdicts(t *testing.T) {
	t.Parallel()
	type row struct {
		ID         string          `json:"id"`
		Existing   json.RawMessage `json:"existing"`
		New        json.RawMessage `json:"new"`
		PolicyType string          `json:"policyType"`
	}
	rows := lines[row](t, shared(t, "verdicts/published.jsonl"))
	for _, r := range rows {
		kind := kindOf(r.New)
		switch r.PolicyType {
		case "IDENTITY_POLICY":
			kind = policy.Identity
		case "RESOURCE_POLICY":
			kind = policy.Resource
		}
		mustRead(t, r.ID+"/existing", r.Existing, kind)
		mustRead(t, r.ID+"/new", r.New, kind)
	}
	t.Logf("%d rows", len(rows))
}

func TestParseBenchPairs(t *testing.T) {
	t.Parallel()
	type row struct {
		ID       string          `json:"id"`
		Existing json.RawMessage `json:"existing"`
		New      json.RawMessage `json:"new"`
	}
	rows := lines[row](t, shared(t, "bench/pairs.jsonl.gz"))
	for _, r := range rows {
		mustRead(t, r.ID+"/existing", r.Existing, kindOf(r.Existing))
		mustRead(t, r.ID+"/new", r.New, kindOf(r.New))
	}
	t.Logf("%d rows", len(rows))
}

func TestParseManagedPolicies(t *testing.T) {
	t.Parallel()
	var all struct {
		Policies map[string]struct {
			Document json.RawMessage `json:"document"`
		} `json:"policies"`
	}
	if err := json.NewDecoder(shared(t, "data/managed_policies.json.gz")).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for name, p := range all.Policies {
		mustRead(t, name, p.Document, policy.Identity)
	}
	t.Logf("%d policies", len(all.Policies))
}
