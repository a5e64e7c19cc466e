package scanner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

func document(t *testing.T, resource string) *policy.Document {
	t.Helper()
	d, ds := policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"`+resource+`"}}`), policy.ParseOptions{Kind: policy.Identity})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return d
}

// TestSides: a side is shown, or it is said why not; what is hidden is in no side.
func TestSides(t *testing.T) {
	t.Parallel()
	r := NewRedactor([]string{"hunter22"})
	for _, c := range []struct {
		name string
		side extractors.Side
		want string
	}{
		{"policy", extractors.Side{Document: document(t, "arn:aws:s3:::b")}, `{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b"]}]}`},
		{"secret", extractors.Side{Document: document(t, "arn:aws:s3:::hunter22")}, `{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::(sensitive)"]}]}`},
		{"sensitive", extractors.Side{Document: document(t, "arn:aws:s3:::x"), Sensitive: true}, "sensitive"},
		{"absent", extractors.Side{Absent: true}, "absent"},
		{"unknown", extractors.Side{Unknown: &extractors.Unknown{Reason: "later"}}, "unknown"},
		{"unreadable", extractors.Side{Document: document(t, "arn:aws:s3:::x"), Diagnostics: diag.Diagnostics{{Severity: diag.Error}}}, "unreadable"},
		{"nothing", extractors.Side{}, "unreadable"},
		{"long", extractors.Side{Document: document(t, "arn:aws:s3:::"+strings.Repeat("x", maxDocument))}, "long"},
	} {
		got := r.side(c.side)
		if text := string(got.Policy) + string(got.Omitted); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// TestKeptDocuments: the documents of the worst findings are kept, and none that could
// be another's.
func TestKeptDocuments(t *testing.T) {
	t.Parallel()
	big := rules.DocumentSide{Policy: []byte(`"` + strings.Repeat("x", maxDocuments/2-10) + `"`)}
	docs := []rules.Document{{Address: "a", Before: big}, {Address: "b", After: big}, {Address: "c", After: big}, {Address: "d"}, {Address: "d"}, {Address: "e"}}
	findings := []rules.Finding{{Address: "d"}, {Address: "c"}, {Address: "none"}, {Address: "b"}, {Address: "c"}, {Address: "a"}}
	var got []string
	for _, d := range kept(docs, findings) {
		got = append(got, d.Address)
	}
	if d := cmp.Diff([]string{"c", "b"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
