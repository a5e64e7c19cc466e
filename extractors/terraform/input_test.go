package terraform_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func sample() string {
	return plan([]m{
		rc("aws_iam_policy.p", "update", m{"name": "p", "policy": getObject}, m{"name": "p", "policy": putObject}),
		rc("aws_s3_bucket_policy.q", "create", nil, m{"bucket": "ü😀", "policy": openToAll}),
		rc("aws_sqs_queue_policy.r", "create", nil, m{"queue_url": "q"}, m{"after_unknown": m{"policy": true}}),
	}, []m{conf("aws_sqs_queue_policy.r", map[string][]string{"policy": {"var.p"}, "queue_url": nil})})
}

func encode16(s string, order binary.AppendByteOrder, mark bool) string {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var b []byte
	for _, u := range units {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestEncodingsAndNoise(t *testing.T) {
	t.Parallel()
	text := sample()
	want := lines(clean(t, text))
	tests := []struct {
		name, text string
		warnings   int
	}{
		{"byte order mark", "\ufeff" + text, 0},
		{"UTF-16LE with mark", encode16(text, binary.LittleEndian, true), 0},
		{"UTF-16BE with mark", encode16(text, binary.BigEndian, true), 0},
		{"UTF-16LE without mark", encode16(text, binary.LittleEndian, false), 0},
		{"UTF-16BE without mark", encode16(text, binary.BigEndian, false), 0},
		{"white space around", "\r\n\t " + text + "\n\n", 0},
		{"command line in front", "[command]/usr/bin/terraform show -json plan{x}\n" + text, 1},
		{"log in front", "[notice] reading {plan}\n::debug::x\n  " + text, 1},
		{"output command in front", "::set-output name=stdout::" + text, 1},
		{"outputs behind", text + "%0A\n::set-output name=stderr::\n::set-output name=exitcode::0\n", 1},
		{"both", "[command]x\n" + text + "\n::set-output name=exitcode::0", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for name, r := range map[string]io.Reader{
				"whole": strings.NewReader(tt.text), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.text)),
				"data with EOF": iotest.DataErrReader(strings.NewReader(tt.text)),
			} {
				x, err := terraform.Extract(context.Background(), r, terraform.Options{Path: "plan.json"})
				if err != nil || x.Diagnostics.HasErrors() || len(x.Incomplete) > 0 || len(x.Diagnostics) != tt.warnings {
					t.Fatalf("%s: error %v, diagnostics %v, incomplete %q; want %d warnings", name, err, x.Diagnostics, x.Incomplete, tt.warnings)
				}
				if diff := cmp.Diff(want, lines(x.Grants)); diff != "" {
					t.Errorf("%s: grants (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestBrokenUTF16(t *testing.T) {
	t.Parallel()
	text := encode16(sample(), binary.LittleEndian, true)
	for name, bad := range map[string]string{
		"half a unit":       text[:len(text)-301],
		"lone surrogate":    strings.Replace(text, encode16("😀", binary.LittleEndian, false), "\x3d\xd8A\x00", 1),
		"surrogate at end":  text[:len(text)-2] + "\x3d\xd8",
		"swapped surrogate": strings.Replace(text, encode16("😀", binary.LittleEndian, false), "\x00\xde\x3d\xd8", 1),
	} {
		x := extract(t, bad, terraform.Options{})
		if !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
			t.Errorf("%s: diagnostics %v, incomplete %q; want an error", name, x.Diagnostics, x.Incomplete)
		}
	}
}

// TestPlaceOfError checks that an error names the byte and the line in the file,
// with what is in front of the document counted.
func TestPlaceOfError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		line, byte int
	}{
		{"syntax", "noise\n{\n \"format_version\": \"1.0\",\n \"a\": tru3\n}", 4, 43},
		{"duplicate", "{\n\"a\":1,\n\n\"a\":2}", 4, 10},
		{"cut off", "{\n\"a\":[1,\n2,", 3, 12},
		{"wrong type", "{\n\"resource_changes\":\n\n7}", 4, 23},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, tt.text, terraform.Options{Path: "plan.json"})
			for _, d := range x.Diagnostics {
				if d.Subject.HasLines() {
					if diff := cmp.Diff([]int{tt.line, tt.byte}, []int{d.Subject.Start.Line, d.Subject.Start.Byte}); diff != "" {
						t.Errorf("%v: line and byte (-want +got):\n%s", d, diff)
					}
					return
				}
			}
			t.Errorf("no diagnostic with a line: %v", x.Diagnostics)
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	text := sample()
	broken := errors.New("broken pipe")
	for _, at := range []int{0, 3, len(text) / 2, len(text)} {
		r := io.MultiReader(strings.NewReader(text[:at]), iotest.ErrReader(broken))
		if _, err := terraform.Extract(context.Background(), r, terraform.Options{Path: "plan.json"}); !errors.Is(err, broken) {
			t.Errorf("error after %d bytes is %v, want that of the reader", at, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := terraform.Extract(ctx, strings.NewReader(text), terraform.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error under a cancelled context is %v", err)
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	long := plan([]m{rc("aws_iam_policy.p", "create", nil, m{"policy": strings.Repeat("x", 100_000)})}, nil, m{"planned_values": m{"root_module": m{"resources": []m{{"a": strings.Repeat("y", 100_000)}}}}})
	tests := []struct {
		name, text string
		want       terraform.Kind
	}{
		{"plan", sample(), terraform.Plan},
		{"long plan", long[:terraform.SniffLength], terraform.Plan},
		{"plan in UTF-16", encode16(sample(), binary.LittleEndian, true), terraform.Plan},
		{"plan behind noise", "[command]terraform\n" + sample(), terraform.Plan},
		{"start of a plan", `{"format_version":"1.2","terraform_version":"1.11.4","planned_val`, terraform.Plan},
		{"state", shownState, terraform.State},
		{"raw state", rawState, terraform.RawState},
		{"raw state, start", rawState[:120], terraform.RawState},
		{"binary plan", "PK\x03\x04\x14\x00", terraform.BinaryPlan},
		{"log of plan -json", `{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, terraform.PlanLog},
		{"policy", openToAll, terraform.Other},
		{"template", `{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}`, terraform.Other},
		{"text", "Resources:\n  A:", terraform.Other},
		{"array", `[{"resource_changes":[]}]`, terraform.Other},
		{"empty", "", terraform.Other},
		{"one byte", "{", terraform.Other},
		{"version of something else", `{"version":2,"name":"x"}`, terraform.Other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terraform.Sniff([]byte(tt.text)); got != tt.want {
				t.Errorf("Sniff is %v, want %v", got, tt.want)
			}
		})
	}
}

// TestSharedDocuments checks that equal texts share one document, however many others
// there are between them, and that the two sides of a grant always do.
func TestSharedDocuments(t *testing.T) {
	t.Parallel()
	var changes []m
	for i := range 5000 {
		text := strings.Replace(getObject, `"A"`, fmt.Sprintf(`"S%d"`, i), 1)
		changes = append(changes, stays(fmt.Sprintf("aws_iam_policy.p%d", i), m{"name": "n", "policy": text}))
	}
	changes = append(changes, stays("aws_iam_policy.a", m{"policy": putObject}), stays("aws_iam_policy.b", m{"policy": openToOne}), stays("aws_iam_policy.c", m{"policy": putObject}))
	grants := clean(t, plan(changes, nil))
	for _, g := range grants {
		if g.Before.Document == nil || g.Before.Document != g.After.Document {
			t.Fatalf("%s: the sides do not share their document", g.Address)
		}
	}
	if a, c := grants[len(grants)-3], grants[len(grants)-1]; a.Before.Document != c.Before.Document {
		t.Error("equal policies do not share their document")
	}
}
