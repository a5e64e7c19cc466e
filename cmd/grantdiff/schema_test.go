package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestResultSchema validates results against docs/result.schema.json: those of the
// cases, with and without pinned levels, and the golden ones that have every field.
// The schema takes no field that it does not describe.
func TestResultSchema(t *testing.T) {
	schema := resultSchema(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, []byte("version: 1\nrules: {new-access: {level: note}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, file := range glob(t, filepath.Join("..", "..", "testdata", "terraform", "*", "*.json")) {
		if filepath.Base(file) == "expect.json" {
			continue
		}
		for _, args := range [][]string{nil, {"--config", config}} {
			var out bytes.Buffer
			args = append([]string{"scan", "--format", "json", "--source", filepath.Dir(file), file}, args...)
			code := run(context.Background(), args, streams{strings.NewReader(""), &out, io.Discard, func(string) string { return "" }})
			if code == exitUsage {
				t.Errorf("%s: exit code %d", file, code)
				continue
			}
			if err := schema.Validate(decode(t, &out)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	for _, name := range []string{"empty.json", "rich.json"} {
		file := filepath.Join("..", "..", "internal", "report", "testdata", name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(decode(t, bytes.NewReader(text))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestSchemaIsClosed adds a field to each object of a result in turn: the schema
// must refuse it, else an undocumented field would pass. Policies are left out: their
// language is not ours.
func TestSchemaIsClosed(t *testing.T) {
	schema := resultSchema(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "internal", "report", "testdata", "rich.json"))
	if err != nil {
		t.Fatal(err)
	}
	result := decode(t, bytes.NewReader(text))
	tried := 0
	var visit func(path string, v any)
	visit = func(path string, v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				visit(path+"[]", e)
			}
		case map[string]any:
			tried++
			v["surprise"] = 1.0
			if schema.Validate(result) == nil {
				t.Errorf("the schema takes any field in %s", path)
			}
			delete(v, "surprise")
			for name, e := range v {
				if name != "policy" {
					visit(path+"."+name, e)
				}
			}
		}
	}
	visit("result", result)
	if tried < 10 {
		t.Errorf("only %d objects in the golden result", tried)
	}
}

// TestInterfacePage holds docs/interface.md to the schema, to its own examples of
// results, and to the commands and flags that there are.
func TestInterfacePage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "interface.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	schema := resultSchema(t)
	examples := 0
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[1], `"schema"`) {
			continue
		}
		examples++
		if err := schema.Validate(decode(t, strings.NewReader(m[1]))); err != nil {
			t.Errorf("the example of a result: %v", err)
		}
	}
	if examples == 0 {
		t.Error("no example of a result")
	}
	fields := map[string]bool{}
	collect(schema, fields)
	if len(fields) < 40 {
		t.Errorf("only %d fields in the schema", len(fields))
	}
	for name := range fields {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("the field `%s` is not described", name)
		}
	}
	for _, word := range commandsAndFlags() {
		if !strings.Contains(page, word) {
			t.Errorf("%s is not described", word)
		}
	}
}

// collect adds the names of all properties of a schema.
func collect(s *jsonschema.Schema, into map[string]bool) {
	if s == nil {
		return
	}
	collect(s.Ref, into)
	collect(s.Items2020, into)
	for name, property := range s.Properties {
		into[name] = true
		collect(property, into)
	}
}

func resultSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "..", "docs", "result.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func decode(t *testing.T, r io.Reader) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files (%v)", pattern, len(files), err)
	}
	return files
}
