package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const small = `{
 "aws": {"actions": {}, "resources": {}, "condition_keys": {"aws:TagKeys": "ArrayOfString", "idp:UserId": "String"}},
 "zoo": {"actions": {
   "feedAnimal": {"access_level": "Write", "resources": ["keeper", "cage row"], "condition_keys": ["zoo:Hour", "aws:TagKeys"]},
   "PutCagePolicy": {"access_level": "Permissions management, Write", "resources": ["cage row"], "condition_keys": ["aws:TagKeys", "zoo:Hour"]},
   "ListAnimals": {"access_level": "List", "resources": [], "condition_keys": []},
   "GetAnimal": {"access_level": "Read", "resources": [], "condition_keys": ["zoo:Hour", "aws:TagKeys"]},
   "TagAnimal": {"access_level": "Tagging, Write", "resources": ["keeper"], "condition_keys": []}},
  "resources": {"keeper": "arn:${Partition}:zoo:::keeper/${Id}", "cage row": "arn:a, arn:b"},
  "condition_keys": {"aws:TagKeys": "ArrayOfString", "zoo:Hour": "Numeric", "idp:userid": "ArrayOfString"}},
 "ape": {"actions": {}, "resources": {}, "condition_keys": {}}
}`

func parse(t *testing.T, text string) map[string]entry {
	t.Helper()
	var cat map[string]entry
	if err := json.Unmarshal([]byte(text), &cat); err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestPack(t *testing.T) {
	got, n, err := pack(parse(t, small))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"format\t1",
		"=", "Saws:TagKeys", "Sidp:UserId", "nzoo:Hour",
		"=ape",
		"=zoo",
		"r\tcage row\tarn:a, arn:b",
		"r\tkeeper\tarn:${Partition}:zoo:::keeper/${Id}",
		"s\t2,0", "s\t0,2",
		"WfeedAnimal\t1,0\t0",
		"RGetAnimal\t\t0",
		"LListAnimals",
		"PPutCagePolicy\t0\t1",
		"TTagAnimal\t1",
		"",
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packed text (-want +got):\n%s", diff)
	}
	wantCounts := counts{Services: 2, Actions: 5, ResourceTypes: 2, ConditionKeys: 3,
		Levels: map[byte]int{'L': 1, 'R': 1, 'T': 1, 'W': 1, 'P': 1}}
	if diff := cmp.Diff(wantCounts, n); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestPackRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"level":    `{"s": {"actions": {"Get": {"access_level": "Lots"}}}}`,
		"name":     `{"s": {"actions": {"Get\tMore": {"access_level": "Read"}}}}`,
		"resource": `{"s": {"actions": {"Get": {"access_level": "Read", "resources": ["thing"]}}}}`,
		"key":      `{"s": {"actions": {"Get": {"access_level": "Read", "condition_keys": ["s:Key"]}}}}`,
		"type":     `{"s": {"condition_keys": {"s:Key": "Colour"}}}`,
		"conflict": `{"s": {"condition_keys": {"s:Key": "Bool"}}, "t": {"condition_keys": {"s:key": "Numeric"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got, _, err := pack(parse(t, text)); err == nil {
				t.Errorf("packed:\n%s", got)
			}
		})
	}
}

// big writes a catalogue of so many services with ten actions each, and its meta file.
func big(t *testing.T, dir string, services, claimed int) string {
	t.Helper()
	cat := map[string]any{}
	for i := range services {
		acts := map[string]any{}
		for j := range 10 {
			acts[fmt.Sprintf("Get%d", j)] = map[string]any{"access_level": "Read"}
		}
		cat[fmt.Sprintf("s%d", i)] = map[string]any{"actions": acts}
	}
	data, err := json.Marshal(cat)
	if err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(dir, "cat.json")
	m, err := json.Marshal(map[string]any{"source": "npm x 1 (y)", "data_updated_at": time.Unix(1e9, 0).UTC(), "services": claimed, "actions": 10 * claimed})
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{in: data, filepath.Join(dir, "cat.meta.json"): m} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	out, facts, tests := filepath.Join(dir, "out.gz"), filepath.Join(dir, "facts.go"), filepath.Join(dir, "counts.go")
	try := func(services, claimed int) error {
		return run(big(t, dir, services, claimed), out, facts, tests, new(bytes.Buffer))
	}
	read := func() []byte {
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if err := try(500, 500); err != nil {
		t.Fatal(err)
	}
	first := read()
	if err := try(500, 500); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, read()) {
		t.Error("the same input gave other bytes")
	}
	if err := try(491, 491); err != nil {
		t.Errorf("a loss below two percent is refused: %v", err)
	}
	for name, err := range map[string]error{
		"few services":   try(399, 399),
		"many lost":      try(450, 450),
		"not as claimed": try(500, 501),
		"no input":       run("", out, facts, tests, new(bytes.Buffer)),
	} {
		if err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	got, err := os.ReadFile(facts)
	if err != nil || !bytes.Contains(got, []byte(`version = "x 1"`)) {
		t.Errorf("facts: %v\n%s", err, got)
	}
}

func TestReport(t *testing.T) {
	var log bytes.Buffer
	report(&log, "format\t1\n=\nss:k\n=s\nr\tx\ty\ns\t0\nRGet\nRGo\n", "format\t1\n=\nss:k\n=s\nRGet\t\t0\nWPut\n")
	if diff := cmp.Diff("+ s:Put\n- s:Go\n", log.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// TestEmbedded packs the catalogue that the embedded one was made from, where that
// is at hand.
func TestEmbedded(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	if shared == "" {
		t.Skip("GRANTDIFF_SHARED is not set: nothing to compare with")
	}
	data, err := read(filepath.Join(shared, "data", "iam_catalogue.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := pack(parse(t, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(filepath.Join("..", "catalogue.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if text != string(got) {
		t.Error("the embedded catalogue is not what the generator makes of this input: run go generate ./internal/catalog")
	}
}
