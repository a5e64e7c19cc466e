package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/rules"
)

// JSON writes the whole result in the shape that docs/interface.md documents,
// indented by two spaces and ended by a newline. Lists are never null.
func JSON(w io.Writer, r *rules.Result, _ Options) error {
	b, err := EncodeJSON(filled(r))
	if err != nil {
		return fmt.Errorf("write json report: %w", err)
	}
	_, err = w.Write(b)
	return err
}

// Bounds of a saved result: its bytes, and the objects in it, since an empty one takes
// much more memory than its two bytes. That of 30,000 findings is a quarter of them.
const (
	MaxSaved        = 256 << 20
	maxSavedObjects = 1_000_000
)

// Decode reads a result that JSON wrote, so that any format can be rendered from
// it later. Fields of newer versions are ignored; more than MaxSaved bytes are refused.
func Decode(src io.Reader) (*rules.Result, error) {
	b, err := io.ReadAll(io.LimitReader(src, MaxSaved+1))
	if err != nil {
		return nil, fmt.Errorf("read saved result: %w", err)
	}
	if len(b) > MaxSaved {
		return nil, fmt.Errorf("read saved result: it is longer than %d MiB, expected what scan --format json writes", MaxSaved>>20)
	}
	if bytes.Count(b, []byte("{")) > maxSavedObjects {
		return nil, fmt.Errorf("read saved result: it holds more than %d objects, expected what scan --format json writes", maxSavedObjects)
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return nil, fmt.Errorf("read saved result: the file is UTF-16, expected UTF-8; write it with --format json=FILE instead of a shell redirection")
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("read saved result: expected what scan --format json writes: %w", err)
	}
	if head.Schema != rules.Schema {
		return nil, fmt.Errorf("read saved result: schema is %q, expected %q; make the result again with scan --format json", safe(head.Schema, 80), rules.Schema)
	}
	var saved savedResult
	if err := json.Unmarshal(b, &saved); err != nil {
		return nil, fmt.Errorf("read saved result: %w", err)
	}
	return saved.result()
}

// savedResult reads the witnesses apart: on their own they refuse unknown fields,
// as a request that a person wrote should.
type savedResult struct {
	rules.Result
	Findings []savedFinding `json:"findings"`
}

type savedFinding struct {
	rules.Finding
	Witness *savedWitness `json:"witness"`
}

type savedWitness struct {
	Principal string              `json:"principal,omitempty"`
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Context   map[string][]string `json:"context,omitempty"`
}

func (s savedResult) result() (*rules.Result, error) {
	r := s.Result
	for i, saved := range s.Findings {
		f := saved.Finding
		switch f.Level {
		case rules.Note, rules.Warning, rules.Error:
		default:
			return nil, fmt.Errorf("read saved result: finding %d is of level %q, expected error, warning or note", i, f.Level)
		}
		if saved.Witness != nil {
			b, err := json.Marshal(saved.Witness)
			if err == nil {
				err = json.Unmarshal(b, &f.Witness)
			}
			if err != nil {
				return nil, fmt.Errorf("read saved result: witness of finding %d: %w", i, err)
			}
		}
		r.Findings = append(r.Findings, f)
	}
	for i := range r.Documents {
		d := &r.Documents[i]
		for _, side := range []*rules.DocumentSide{&d.Before, &d.After} {
			if len(side.Policy) == 0 {
				continue
			}
			// In one spelling, whatever the file's is.
			text := jsontext.Value(side.Policy)
			if err := text.Compact(jsontext.PreserveRawStrings(false), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)); err != nil {
				return nil, fmt.Errorf("read saved result: document %d: %w", i, err)
			}
			side.Policy = json.RawMessage(text)
		}
	}
	return filled(&r), nil
}

// filled returns a copy of r with empty lists in place of nil ones, and witnesses
// that are text throughout.
func filled(r *rules.Result) *rules.Result {
	c := *r
	if c.Schema == "" {
		c.Schema = rules.Schema
	}
	c.Inputs = list(c.Inputs)
	c.Diagnostics = list(c.Diagnostics)
	c.Findings = list(slices.Clone(c.Findings))
	for i, f := range c.Findings {
		fill(&c.Findings[i])
		c.Findings[i].Parts = slices.Clone(f.Parts)
		for j := range c.Findings[i].Parts {
			p := &c.Findings[i].Parts[j]
			one := rules.Finding{Gained: &p.Gained, Witness: p.Witness}
			fill(&one)
			p.Gained, p.Witness = *one.Gained, one.Witness
		}
	}
	c.Unresolved = list(slices.Clone(c.Unresolved))
	for i := range c.Unresolved {
		c.Unresolved[i].References = list(c.Unresolved[i].References)
	}
	return &c
}

// fill makes what is gained by a finding, and its witness, anew.
func fill(f *rules.Finding) {
	if w := f.Witness; w != nil {
		clean := *w
		clean.Principal.ID = valid(w.Principal.ID)
		clean.Action, clean.Resource = valid(w.Action), valid(w.Resource)
		clean.Context = make(map[string][]string, len(w.Context))
		for key, values := range w.Context {
			values = slices.Clone(values)
			for j, v := range values {
				values[j] = valid(v)
			}
			clean.Context[valid(key)] = values
		}
		f.Witness = &clean
	}
	if f.Gained != nil {
		g := *f.Gained
		g.Actions, g.Resources = list(g.Actions), list(g.Resources)
		g.Principals, g.Conditions = list(g.Principals), list(g.Conditions)
		f.Gained = &g
	}
}

// valid writes broken UTF-8 as escapes, which keeps different texts different.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return visible(s)
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// EncodeJSON marshals v, indented by two spaces and ended by a newline, for a file
// that may also end up on a terminal or in a CI log: what those would act on is
// written as \u escapes, which leaves the values as they are.
func EncodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return inertJSON(buf.Bytes()), nil
}
