package terraform_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// complaint reports whether the caller learns that something is wrong, so that it
// cannot end as if all was well.
func complaint(x extractors.Extraction) bool {
	if x.Diagnostics.HasErrors() || len(x.Incomplete) > 0 {
		return true
	}
	for _, g := range x.Grants {
		if !g.Before.Readable() || !g.After.Readable() {
			if g.After.Unknown == nil || g.Before.Diagnostics.HasErrors() || g.After.Diagnostics.HasErrors() {
				return true
			}
		}
	}
	return false
}

// TestTruncation cuts the sample at every byte: what could be read is a prefix of
// the grants, and there is always an error.
func TestTruncation(t *testing.T) {
	t.Parallel()
	text := sample()
	whole := clean(t, text)
	for n := range len(text) {
		x := extract(t, text[:n], terraform.Options{Path: "plan.json"})
		if !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
			t.Fatalf("cut at %d of %d: diagnostics %v, incomplete %q; want an error", n, len(text), x.Diagnostics, x.Incomplete)
		}
		if len(x.Grants) > len(whole) {
			t.Fatalf("cut at %d: %d grants, more than the whole has", n, len(x.Grants))
		}
		for i, g := range x.Grants {
			// References and subjects may be behind the cut; the documents are not.
			if diff := cmp.Diff([]string{whole[i].Address, show(whole[i].Before)}, []string{g.Address, show(g.Before)}); diff != "" {
				t.Fatalf("cut at %d: grant %d (-want +got):\n%s", n, i, diff)
			}
			if g.After.Unknown == nil && show(g.After) != show(whole[i].After) {
				t.Fatalf("cut at %d: grant %d is %s, want %s", n, i, show(g.After), show(whole[i].After))
			}
		}
	}
}

// TestCorruption changes single bytes. Bytes that no JSON has anywhere must end in
// an error. Others may give another plan, in which a grant may read differently;
// but none may be missing or become absent without a complaint.
func TestCorruption(t *testing.T) {
	t.Parallel()
	text := sample()
	want := clean(t, text)
	for _, b := range []byte("\x00\xff\"{}],:x0") {
		for i := range len(text) {
			if text[i] == b {
				continue
			}
			bad := text[:i] + string([]byte{b}) + text[i+1:]
			x := extract(t, bad, terraform.Options{Path: "plan.json"})
			switch {
			case complaint(x):
				continue
			case !json.Valid([]byte(bad)):
				t.Fatalf("byte %d is %q: not valid JSON, and no complaint; near %q", i, b, text[max(0, i-40):i+1])
			case len(x.Grants) < len(want) && len(x.Diagnostics) == 0:
				t.Fatalf("byte %d is %q: %d of %d grants and no complaint; near %q", i, b, len(x.Grants), len(want), text[max(0, i-60):i+1])
			}
			for j, g := range x.Grants {
				if g.Before.Absent != want[j].Before.Absent || g.After.Absent != want[j].After.Absent {
					t.Fatalf("byte %d is %q: %s becomes %s, and no complaint; near %q", i, b, line(want[j]), line(g), text[max(0, i-60):i+1])
				}
			}
		}
	}
}

// TestContradictions covers changes whose members do not fit each other: none may end as
// if all was well, and what they hold is compared.
func TestContradictions(t *testing.T) {
	t.Parallel()
	before, after := m{"policy": getObject}, m{"policy": putObject}
	data := m{"mode": "data"}
	tests := []struct {
		name   string
		change m
		error  string // "" for a change that is fine
		want   string
	}{
		{"managed resource that is read", rc("aws_iam_policy.p", "read", before, after), "is only read", "update A > B"},
		{"managed resource that is read and made", rc("aws_iam_policy.p", "read", nil, after), "is only read", "update unreadable > B"},
		{"forgotten resource with another object", rc("aws_iam_policy.p", "forget", before, after), "forgotten resource", "update A > B"},
		{"forgotten resource that stays as it was", rc("aws_iam_policy.p", "forget", before, before), "forgotten resource", "update A > A"},
		{"forgotten resource", rc("aws_iam_policy.p", "forget", before, nil), "", "forget A > A"},
		{"data source at the address of a resource", rc("aws_iam_policy.p", "update", before, after, data), "address and mode", "update A > B"},
		{"data source at the address of a resource in a module", rc("module.m.aws_iam_policy.p", "update", before, after, data), "address and mode", "update A > B"},
		{"data source at the address of a resource in a module called data", rc(`module.data["data.x"].aws_iam_policy.p`, "update", before, after, data), "address and mode", "update A > B"},
		{"resource at the address of a data source", rc("aws_iam_policy.p", "update", before, after, m{"address": "data.aws_iam_policy.p"}), "address and mode", "update A > B"},
		{"resource at the address of a data source that is read", rc("aws_iam_policy.p", "read", before, after, m{"address": "data.aws_iam_policy.p"}), "address and mode", "update A > B"},
		{"data source", rc("aws_iam_policy.p", "read", before, after, data, m{"address": "data.aws_iam_policy.p"}), "", ""},
		{"data source in a module", rc("module.m.aws_iam_policy.p", "read", before, after, data, m{"address": "module.m.data.aws_iam_policy.p"}), "", ""},
		{"data source without a mode", rc("aws_iam_policy.p", "read", before, after, m{"mode": "", "address": "data.aws_iam_policy.p"}), "", ""},
		{"data source without a module", rc("aws_iam_policy.p", "read", before, after, data, m{"address": "module.m.data.aws_iam_policy.p"}), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan([]m{tt.change}, nil), terraform.Options{Path: "plan.json"})
			var got []string
			for _, g := range x.Grants {
				got = append(got, string(g.Action)+" "+show(g.Before)+" > "+show(g.After))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("grants %q, want %q", got, tt.want)
			}
			switch {
			case tt.error == "":
				if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 {
					t.Errorf("diagnostics %v, incomplete %q; want none", x.Diagnostics, x.Incomplete)
				}
			case !x.Diagnostics.HasErrors() || !strings.Contains(x.Diagnostics[0].String(), tt.error) || !slices.Contains(x.Incomplete, "A resource change contradicts itself, so what it changes is not known."):
				t.Errorf("diagnostics %v, incomplete %q; want an error about %q", x.Diagnostics, x.Incomplete, tt.error)
			}
		})
	}
}

// seeds are small, so that many variations of each are tried: one for each thing that
// has code of its own.
func seeds(f *testing.F) {
	change := func(typ, change string) string {
		return `{"format_version":"1.2","resource_changes":[{"type":"` + typ + `","name":"a","change":{` + change + `}}]}`
	}
	policy := `"{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}"`
	for _, s := range []string{
		"\ufeff{}", "\xff\xfe{\x00}\x00", "[command]x\n{\"format_version\":\"1.0\"}\n::x::",
		`{"format_version":"1.2","errored":true,"complete":false,"deferred_changes":[{}],"planned_values":{"root_module":{"resources":[{}]}}}`,
		change("aws_iam_policy", `"actions":["update"],"before":{"policy":`+policy+`},"after":{"policy":null},"after_sensitive":true`),
		change("aws_iam_role", `"actions":["create","forget"],"before":{"inline_policy":[{"name":"n","policy":`+policy+`}]},"after_unknown":{"inline_policy":true}`),
		change("aws_lambda_permission", `"actions":["create"],"after":{"principal":"*"},"after_unknown":{"source_arn":true}`),
		change("aws_vpc_endpoint", `"actions":["delete","create"],"before":{"arn":"arn:aws:ec2:r:111122223333:v"},"after":{}`),
		change("aws_x", `"actions":["no-op"],"after":{"p":`+policy+`}`),
		change("aws_iam_policy_attachment", `"actions":["update"],"before":{"policy_arn":"p","roles":["a","b"]},"after":{"roles":[null,"b"]},"after_unknown":{"policy_arn":true,"roles":[true,false]}`),
		change("aws_iam_role", `"actions":["update"],"before":{"managed_policy_arns":["p"],"permissions_boundary":"p"},"after":{"managed_policy_arns":[1]},"after_unknown":{"permissions_boundary":true}`),
		change("aws_ssoadmin_account_assignment", `"actions":["delete","create"],"before":{"principal_type":"USER","principal_id":"u","target_id":"1"},"after":{"principal_type":"GROUP"},"after_unknown":{"target_id":true}`),
		`{"resource_changes":[{"type":"aws_iam_user_group_membership","name":"a","change":{"actions":["create"],"after":{"user":"u"},"after_unknown":{"groups":[true]}}}],` +
			`"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_iam_policy.p","mode":"data","type":"aws_iam_policy","values":{"arn":"p","policy":` + policy + `}}]}}},` +
			`"configuration":{"root_module":{"module_calls":{"m":{"module":{"outputs":{"o":{"expression":{"references":["var.x"]}}}}}},"resources":[{"type":"aws_iam_user_group_membership","name":"a","expressions":{"groups":{"references":["module.m.o","aws_iam_group.g"]}}}]}}}`,
		`{"a":{"resource_changes":[]},"b":[{"planned_values":{}}]}`,
		`{"resource_changes":[{"type":"aws_iam_policy","name":"a","change":["x"]},{"type":"aws_iam_policy","name":"b","change":[{"after":{}},"before"]}]}`,
		`{"variables":{"a":{"value":"secret"}},"resource_changes":[],"configuration":{"root_module":{"variables":{"a":{"sensitive":true}},"module_calls":{"m":{"module":{}}}}}}`,
		`{"format_version":"1.0","values":{"root_module":{"resources":[{"type":"aws_iam_policy","values":{"policy":` + policy + `}}]}}}`,
		`{"version":4,"resources":[{"type":"aws_iam_policy","instances":[{"index_key":0,"attributes":{"policy":` + policy + `}}]}]}`,
	} {
		f.Add([]byte(s))
	}
}

// checkExtraction holds for whatever the input is: each side is exactly one thing,
// and invalid JSON never passes.
func checkExtraction(t *testing.T, text []byte, x extractors.Extraction) {
	for _, g := range x.Grants {
		for _, s := range []extractors.Side{g.Before, g.After} {
			n := 0
			for _, holds := range []bool{s.Absent, s.Unknown != nil, s.Diagnostics.HasErrors(), s.Document != nil && !s.Diagnostics.HasErrors()} {
				if holds {
					n++
				}
			}
			if n != 1 {
				t.Fatalf("a side of %s is %d things: %+v", g.Address, n, s)
			}
		}
	}
	for _, g := range x.Grants {
		if g.Account != "" && len(g.Account) != 12 {
			t.Fatalf("account %q of %s", g.Account, g.Address)
		}
	}
	for _, l := range x.Links {
		if (l.FromUnknown != nil) == (l.From.Address != "" || l.From.Name != "") {
			t.Fatalf("the subject of %s is %+v, unknown %+v", l.Address, l.From, l.FromUnknown)
		}
		if len(l.Before)+len(l.After) == 0 {
			t.Fatalf("%s links nothing", l.Address)
		}
		for _, side := range append(slices.Clone(l.Before), l.After...) {
			if (side.Unknown != nil) == (side.Address != "" || side.Name != "") {
				t.Fatalf("a target of %s is %+v", l.Address, side)
			}
		}
	}
	if i := strings.IndexByte(string(text), '{'); i < 0 && !complaint(x) {
		t.Fatal("no object and no complaint")
	}
}

func FuzzPlan(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		x, err := terraform.Extract(context.Background(), strings.NewReader(string(text)), terraform.Options{Path: "plan.json", MaxValue: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		checkExtraction(t, text, x)
		if kind := terraform.Sniff(text); (kind == terraform.Plan || kind == terraform.Wrapped) && !json.Valid(text) && !complaint(x) && len(x.Diagnostics) == 0 && text[0] == '{' {
			t.Fatal("invalid JSON and no complaint")
		}
	})
}

func FuzzState(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		x, err := terraform.ExtractState(context.Background(), strings.NewReader(string(text)), terraform.Options{Path: "state.json", MaxValue: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		checkExtraction(t, text, x)
	})
}
