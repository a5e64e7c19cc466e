package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func TestDecodeReadsBack(t *testing.T) {
	for _, fx := range fixtures[:2] {
		t.Run(fx.name, func(t *testing.T) {
			want := fx.result()
			got, err := report.Decode(bytes.NewReader(render(t, "json", want, options())))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("read back (-written +read):\n%s", diff)
			}
			for _, f := range report.Formats() {
				if diff := cmp.Diff(string(render(t, f.Name, want, options())), string(render(t, f.Name, got, options()))); diff != "" {
					t.Errorf("%s of the saved result differs:\n%s", f.Name, diff)
				}
			}
		})
	}
}

func TestJSONShape(t *testing.T) {
	out := render(t, "json", &rules.Result{Findings: []rules.Finding{{Level: rules.Note, Gained: &rules.Gained{}}}, Unresolved: []rules.Unresolved{{}}}, options())
	if bytes.Contains(bytes.ReplaceAll(out, []byte(`"archived": null`), nil), []byte("null")) {
		t.Errorf("a list is null:\n%s", out)
	}
	if !bytes.HasSuffix(out, []byte("}\n")) || !bytes.HasPrefix(out, []byte("{\n  \"schema\": \"grantdiff.result/v1\",\n")) {
		t.Errorf("unexpected frame:\n%s", out)
	}
}

func TestJSONKeepsValues(t *testing.T) {
	r := hostile()
	var raw struct {
		Findings []struct{ Message string } `json:"findings"`
	}
	if err := json.Unmarshal(render(t, "json", r, options()), &raw); err != nil {
		t.Fatal(err)
	}
	for i, f := range r.Findings {
		if want := strings.ToValidUTF8(f.Message, "\uFFFD"); strings.ReplaceAll(raw.Findings[i].Message, "\uFFFD\uFFFD", "\uFFFD") != want {
			t.Errorf("message %d = %q, want %q", i, raw.Findings[i].Message, want)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "expected what scan --format json writes"},
		{"not json", "Found 1 error", "expected what scan --format json writes"},
		{"no schema", "{}", `schema is "", expected "grantdiff.result/v1"`},
		{"later schema", `{"schema":"grantdiff.result/v2"}`, `schema is "grantdiff.result/v2"`},
		{"hostile schema", `{"schema":"\u001b[31m"}`, `schema is "\\x1b[31m"`},
		{"utf-16", "\xff\xfe{\x00}\x00", "UTF-16"},
		{"unknown level", `{"schema":"grantdiff.result/v1","findings":[{"level":"fatal"}]}`, `unknown level "fatal"`},
		{"no level", `{"schema":"grantdiff.result/v1","findings":[{"rule":"new-access"}]}`, `finding 0 is of level "invalid"`},
		{"threshold as level", `{"schema":"grantdiff.result/v1","findings":[{"level":"never"}]}`, `finding 0 is of level "never"`},
		{"trailing", `{"schema":"grantdiff.result/v1"}{}`, "after top-level value"},
		{"too many objects", `{"schema":"grantdiff.result/v1","findings":[` + strings.Repeat("{},", 1_000_000) + `{}]}`, "more than 1000000 objects"},
		{"document", `{"schema":"grantdiff.result/v1","documents":[7]}`, "cannot unmarshal"},
		{"witness", `{"schema":"grantdiff.result/v1","findings":[{"level":"note","witness":7}]}`, "witness"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := report.Decode(strings.NewReader(tt.in))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestDecodeIgnoresUnknownFields(t *testing.T) {
	in := "\xef\xbb\xbf" + `{"schema":"grantdiff.result/v1","new":1,"findings":[{"level":"note","new":{},
		"witness":{"action":"s3:GetObject","resource":"*","new":[]}}],"summary":{"new":2,"notes":1}}`
	r, err := report.Decode(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary.Notes != 1 || r.Findings[0].Witness.Action != "s3:GetObject" {
		t.Errorf("read %+v", r)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema":"grantdiff.result/v1","findings":[{"rule":"new-access","level":"error","address":"a.b","location":{"path":"m.tf","start_line":3},
		"subject":{"kind":"role","name":"r"},"message":"m","gained":{"actions":["*"]},"witness":{"principal":"*","action":"s3:Get","resource":"*","context":{"k":["v"]}}}]}`))
	f.Add([]byte(`{"schema":"grantdiff.result/v1","unresolved":[{"address":"::error::x"}],"diagnostics":[{"severity":"error","summary":"|"}]}`))
	f.Add([]byte(`{"schema":"grantdiff.result/v1","findings":[{"level":"note","witness":null}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := report.Decode(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, format := range report.Formats() {
			render(t, format.Name, r, options())
		}
		again, err := report.Decode(bytes.NewReader(render(t, "json", r, options())))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(r, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read back (-written +read):\n%s", diff)
		}
	})
}
