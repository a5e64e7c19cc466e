package scanner

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

var actsAs = regexp.MustCompile(` acting as role role\d`)

// smallWorld is drawn: principals with policies, before and after, and who is linked to
// what. What each may do is computed from it request by request, with nothing of the
// composer.
type smallWorld struct {
	docs     map[string][2][]string // name of a holder (role0, user1, group0, policy0): statements before and after
	attached map[[2]string][2]bool  // principal, policy
	bounded  map[string][2]string   // principal: policy or ""
	member   map[[2]string][2]bool  // user, group
	acts     map[string][2]string   // function: role or ""
}

var (
	smallActions   = []string{"s3:A", "s3:B"}
	smallResources = []string{"arn:aws:s3:::x", "arn:aws:s3:::y"}
)

func drawWorld(t *rapid.T) smallWorld {
	w := smallWorld{map[string][2][]string{}, map[[2]string][2]bool{}, map[string][2]string{}, map[[2]string][2]bool{}, map[string][2]string{}}
	statement := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf(`{"Effect": %q, "Action": %q, "Resource": %q}`,
			rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom(append([]string{"s3:*"}, smallActions...)).Draw(t, "action"),
			rapid.SampledFrom(append([]string{"*"}, smallResources...)).Draw(t, "resource"))
	})
	statements := rapid.SliceOfN(statement, 0, 2)
	sides := rapid.SampledFrom([][2]bool{{false, false}, {true, true}, {true, true}, {true, false}, {false, true}})
	for _, holder := range []string{"role0", "role1", "user0", "group0", "group1", "policy0", "policy1"} {
		draw := statements
		if strings.HasPrefix(holder, "policy") {
			draw = rapid.SliceOfN(statement, 1, 2) // IAM takes no empty policy
		}
		before := draw.Draw(t, holder)
		after := before
		if rapid.Bool().Draw(t, holder+" changes") {
			after = draw.Draw(t, holder+" after")
		}
		w.docs[holder] = [2][]string{before, after}
	}
	for _, principal := range []string{"role0", "role1", "user0", "group0"} {
		for _, p := range []string{"policy0", "policy1"} {
			w.attached[[2]string{principal, p}] = sides.Draw(t, principal+p)
		}
	}
	target := rapid.SampledFrom([]string{"", "", "policy0", "policy1"})
	for _, principal := range []string{"role0", "user0"} {
		w.bounded[principal] = [2]string{target.Draw(t, principal+" bound"), target.Draw(t, principal+" bound after")}
	}
	for _, g := range []string{"group0", "group1"} {
		w.member[[2]string{"user0", g}] = sides.Draw(t, "member "+g)
	}
	role := rapid.SampledFrom([]string{"", "role0", "role1"})
	w.acts["function0"] = [2]string{role.Draw(t, "acts"), role.Draw(t, "acts after")}
	return w
}

// may reports what a holder may do: the requests by index.
func (w smallWorld) may(t *rapid.T, holder string, side int) []bool {
	if strings.HasPrefix(holder, "function") {
		if role := w.acts[holder][side]; role != "" {
			return w.may(t, role, side)
		}
		return make([]bool, 9)
	}
	list := slices.Clone(w.docs[holder][side])
	add := func(principal string) {
		for key, on := range w.attached {
			if key[0] == principal && on[side] {
				list = append(list, w.docs[key[1]][side]...)
			}
		}
	}
	add(holder)
	for key, on := range w.member {
		if key[0] == holder && on[side] {
			list = append(list, w.docs[key[1]][side]...)
			add(key[1])
		}
	}
	got := decide(t, list)
	if b := w.bounded[holder][side]; b != "" {
		for i, ok := range decide(t, w.docs[b][side]) {
			got[i] = got[i] && ok
		}
	}
	return got
}

func decide(t *rapid.T, statements []string) []bool {
	var out []bool
	doc, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`), policy.ParseOptions{Kind: policy.Identity})
	if ds.HasErrors() && len(statements) > 0 {
		t.Fatal(ds)
	}
	for _, a := range append([]string{"s3:Z"}, smallActions...) {
		for _, r := range append([]string{"arn:aws:s3:::z"}, smallResources...) {
			if len(statements) == 0 {
				out = append(out, false)
				continue
			}
			d, _ := policy.Evaluate([]*policy.Document{doc}, policy.Request{Action: a, Resource: r}, policy.Reading{})
			out = append(out, d == policy.DecisionAllow)
		}
	}
	return out
}

func gains(before, after []bool) bool {
	for i := range after {
		if after[i] && !before[i] {
			return true
		}
	}
	return false
}

// extraction writes the world as an extractor would.
func (w smallWorld) extraction() *extractors.Extraction {
	v := world{docs: map[string]*policy.Document{}}
	text := func(list []string) string { return strings.Join(list, ",") }
	cut := func(s string) string { return s[:len(s)-1] + " " + s }
	for _, holder := range slices.Sorted(mapsKeys(w.docs)) {
		v.grant(extractors.Identity, cut(holder), "aws_inline."+holder, text(w.docs[holder][0]), text(w.docs[holder][1]))
	}
	one := func(on bool, target string) []string {
		if !on || target == "" {
			return nil
		}
		return []string{cut(target)}
	}
	for _, key := range slices.SortedFunc(mapsKeys(w.attached), comparePairs) {
		on := w.attached[key]
		v.link(extractors.Attached, cut(key[0]), "aws_attach."+key[0]+key[1], one(on[0], key[1]), one(on[1], key[1]))
	}
	for _, key := range slices.SortedFunc(mapsKeys(w.member), comparePairs) {
		on := w.member[key]
		v.link(extractors.Member, cut(key[0]), "aws_member."+key[1], one(on[0], key[1]), one(on[1], key[1]))
	}
	for _, p := range slices.Sorted(mapsKeys(w.bounded)) {
		v.link(extractors.Bounded, cut(p), "aws_bound."+p, one(true, w.bounded[p][0]), one(true, w.bounded[p][1]))
	}
	for _, f := range slices.Sorted(mapsKeys(w.acts)) {
		v.link(extractors.Acts, cut(f), "aws_function."+f, one(true, w.acts[f][0]), one(true, w.acts[f][1]))
	}
	return &v.x
}

func mapsKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func comparePairs(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }

// TestSumsAgainstEnumeration holds the composer to what every principal may do, request
// by request: who gains is told, of itself or of what it gains through, and nobody else.
func TestSumsAgainstEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		gained := map[string]bool{}
		for _, holder := range []string{"role0", "role1", "user0", "group0", "group1", "function0"} {
			gained[holder] = gains(w.may(t, holder, 0), w.may(t, holder, 1))
		}
		all, err := judge(context.Background(), w.extraction(), rules.Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := (*Redactor)(nil).findings(all)
		told := map[string]bool{}
		for _, f := range found {
			if f.Rule != "new-access" {
				continue
			}
			text := f.Message
			for _, d := range f.Details {
				if strings.Contains(d, "principals of the input gain it") {
					text += d
				}
			}
			text = actsAs.ReplaceAllString(text, "") // who that is gains nothing by it
			for _, holder := range []string{"role0", "role1", "user0", "group0", "group1", "function0"} {
				if strings.Contains(text, holder) {
					told[holder] = true
				}
			}
			if f.Undecided {
				t.Errorf("undecided: %s", f.Message)
			}
		}
		for holder, yes := range gained {
			through := told[holder]
			switch {
			case holder == "user0":
				through = through || told["group0"] || told["group1"]
			case holder == "function0":
				through = through || told["role0"] || told["role1"]
			}
			if yes && !through {
				t.Errorf("%s gains, and nothing says so; found %v", holder, messages(found))
			}
			if !yes && told[holder] {
				t.Errorf("%s does not gain; found %v", holder, messages(found))
			}
		}
	})
}

func messages(found []rules.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Rule+" "+f.Address+": "+f.Message)
	}
	return out
}
