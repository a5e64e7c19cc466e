package extractors_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/source"
)

const (
	identityText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	resourceText = `{"Version":"2012-10-17","Statement":[
  {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`
	exceptText = `{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"}}`
)

func TestExtractPolicy(t *testing.T) {
	t.Parallel()
	type want struct {
		Kind           extractors.Kind
		Action         extractors.Action
		BeforeAbsent   bool
		BeforeReadable bool
		AfterReadable  bool
		Range          string
	}
	tests := []struct {
		name string
		text string
		opts extractors.PolicyOptions
		want want
	}{
		{"identity policy", identityText, extractors.PolicyOptions{Path: "./p.json"},
			want{extractors.Identity, extractors.Create, true, true, true, "p.json:1:1"}},
		{"resource policy", resourceText, extractors.PolicyOptions{Path: "p.json"},
			want{extractors.Resource, extractors.Create, true, true, true, "p.json:1:1"}},
		{"NotPrincipal", exceptText, extractors.PolicyOptions{Path: "p.json"},
			want{extractors.Resource, extractors.Create, true, true, true, "p.json:1:1"}},
		{"prior decides too", `{"Statement":[]}`, extractors.PolicyOptions{Path: "p.json", Prior: []byte(resourceText)},
			want{extractors.Resource, extractors.Update, false, true, true, "p.json:1:1"}},
		{"same text", identityText, extractors.PolicyOptions{Path: "p.json", Prior: []byte(identityText)},
			want{extractors.Identity, extractors.NoOp, false, true, true, "p.json:1:1"}},
		{"kind given", identityText, extractors.PolicyOptions{Path: "p.json", Kind: extractors.SCP},
			want{extractors.SCP, extractors.Create, true, true, true, "p.json:1:1"}},
		{"byte order mark", "\ufeff" + identityText, extractors.PolicyOptions{Path: "p.json"},
			want{extractors.Identity, extractors.Create, true, true, true, "p.json:1:1"}},
		{"no JSON", "hello", extractors.PolicyOptions{Path: "p.json"},
			want{extractors.Identity, extractors.Create, true, true, false, "p.json:1:1"}},
		{"empty file", "", extractors.PolicyOptions{Path: "p.json"},
			want{extractors.Identity, extractors.Create, true, true, false, "p.json:1:1"}},
		{"faulty prior", identityText, extractors.PolicyOptions{Path: "p.json", Prior: []byte("{")},
			want{extractors.Identity, extractors.Update, false, false, true, "p.json:1:1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, err := extractors.ExtractPolicy([]byte(tt.text), tt.opts)
			if err != nil || len(x.Grants) != 1 || x.Kind != extractors.KindPolicy {
				t.Fatalf("got %+v, error %v; want one grant of kind policy", x, err)
			}
			g := x.Grants[0]
			got := want{g.Kind, g.Action, g.Before.Absent, g.Before.Readable(), g.After.Readable(), g.Origin().Range.String()}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("grant (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExtractPolicyPlaces(t *testing.T) {
	t.Parallel()
	x, err := extractors.ExtractPolicy([]byte(resourceText), extractors.PolicyOptions{Path: "policies/p.json", Prior: []byte(identityText), PriorPath: "old.json"})
	if err != nil {
		t.Fatal(err)
	}
	g := x.Grants[0]
	got := []string{g.After.Document.Statements[0].Range().String(), g.Before.Document.Range().Path}
	if diff := cmp.Diff([]string{"policies/p.json:2:3", "old.json"}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	marked, _ := extractors.ExtractPolicy([]byte("\ufeff"+identityText), extractors.PolicyOptions{Path: "p.json"})
	want := source.Pos{Line: 1, Column: 1, Byte: 3}
	if diff := cmp.Diff(want, marked.Grants[0].Origin().Range.Start); diff != "" {
		t.Errorf("start behind a byte order mark (-want +got):\n%s", diff)
	}
}
