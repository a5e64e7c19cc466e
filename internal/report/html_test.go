package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

var (
	htmlTag  = regexp.MustCompile(`<(/?[a-zA-Z][a-zA-Z0-9]*|!--)`)
	htmlLink = regexp.MustCompile(`(?:href|src|action|srcset|xlink:href)\s*=\s*"([^"]*)"`)
	ownTags  = strings.Fields("html head meta title style body a header p h1 h2 h3 dl div dt dd ul li code main section svg desc g text path rect span " +
		"details summary table caption thead tbody tr th td form fieldset legend label input select option button output footer script br strong")
	ownLinks = regexp.MustCompile(`^(#[a-z0-9-]+|https://github\.com/example/infra/blob/[^\s<>]*)$`)
)

// between is what stands between two marks, and the rest without it.
func between(t *testing.T, page, from, to string) (inside, rest string) {
	t.Helper()
	before, after, ok := strings.Cut(page, from)
	inside, after, closed := strings.Cut(after, to)
	if !ok || !closed || strings.Contains(after, from) {
		t.Fatalf("expected %s…%s once", from, to)
	}
	return inside, before + after
}

// TestHTMLPolicy: the page allows its own style and script by their hashes, and nothing
// else, and has no other way to run or load anything.
func TestHTMLPolicy(t *testing.T) {
	page := string(render(t, "html", rich(), options()))
	policy, _ := between(t, page, `<meta http-equiv="Content-Security-Policy" content="`, `">`)
	for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !slices.Contains(strings.Split(policy, "; "), part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") || strings.Count(policy, "sha256-") != 2 {
		t.Errorf("policy: %s", policy)
	}
	for _, name := range []string{"style", "script"} {
		text, _ := between(t, page, "<"+name+">", "</"+name+">")
		sum := sha256.Sum256([]byte(text))
		if want := name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy does not allow the page's %s: %s", name, policy)
		}
	}
	// A style attribute would need another hash.
	if strings.Contains(page, " style=") {
		t.Error("an element has a style of its own")
	}
}

func TestHTMLSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		o := newRunner(t).options()
		page := string(render(t, "html", r, o))
		shown(t, page)
		_, page = between(t, page, "<style>", "</style>")
		script, page := between(t, page, "<script>", "</script>")
		if !strings.Contains(script, `"use strict"`) {
			t.Error("the script is not ours")
		}
		for _, m := range htmlTag.FindAllStringSubmatch(page, -1) {
			if name := strings.TrimPrefix(m[1], "/"); !slices.Contains(ownTags, name) {
				t.Errorf("an element %q", name)
			}
		}
		for _, m := range htmlLink.FindAllStringSubmatch(page, -1) {
			if !ownLinks.MatchString(m[1]) {
				t.Errorf("a link to %q", m[1])
			}
		}
		if bad := regexp.MustCompile(`<[^>]*\son[a-z]+\s*=`).FindString(page); bad != "" {
			t.Errorf("an element with a handler: %s", bad)
		}
		if strings.Contains(page, "ZgotmplZ") {
			t.Error("the template refused a value")
		}
	})
}

// TestHTMLLimits: a page of a huge result stays one that a browser can show, and says
// what is not on it.
func TestHTMLLimits(t *testing.T) {
	page := string(render(t, "html", many(10_000), options()))
	if n := strings.Count(page, `<details class="finding`); n != 3000 {
		t.Errorf("%d findings", n)
	}
	if want := "27000 of 30000 findings are not on this page"; !strings.Contains(page, want) {
		t.Errorf("the page does not say: %s", want)
	}
	if len(page) > 16<<20 {
		t.Errorf("a page of %d bytes", len(page))
	}
	if strings.Contains(page, `class="finding note"`) {
		t.Error("a note is shown, and errors are not")
	}
}

// TestHTMLWithoutFindings says what was compared, not that all is well.
func TestHTMLWithoutFindings(t *testing.T) {
	r := empty()
	if page := string(render(t, "html", r, options())); !strings.Contains(page, `<h1 class="ok">No findings in the 3 policies compared</h1>`) {
		t.Errorf("%s", page)
	}
	r.Summary.Undecided = 1
	if page := string(render(t, "html", r, options())); !strings.Contains(page, `<h1 class="warning">No findings in what could be decided; not everything could be</h1>`) {
		t.Errorf("%s", page)
	}
}

// TestHTMLGraph draws an edge for each access: an action that two principals have is two
// nodes, so that no path stands for what nobody has.
func TestHTMLGraph(t *testing.T) {
	gain := func(who, resource string) rules.Finding {
		return rules.Finding{
			Rule: "new-access", Level: rules.Error, Address: "p." + who, Attribute: "policy", Fingerprint: who,
			Subject: rules.Subject{Kind: "role", Address: "r." + who, Name: who}, Message: who,
			Gained: &rules.Gained{Actions: []string{"s3:*"}, Resources: []string{resource}},
		}
	}
	r := &rules.Result{
		Findings: []rules.Finding{gain("a", "arn:aws:s3:::one"), gain("b", "arn:aws:s3:::two")},
		Documents: []rules.Document{{Address: "p.a", Attribute: "policy",
			Before: side(`{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::one"]},{"Effect":"Deny","Action":["s3:Del"],"Resource":["*"]}]}`)}},
	}
	page := string(render(t, "html", r, options()))
	for what, want := range map[string]int{
		`<path class="new"`: 4, `<path class="old"`: 2, `<title>s3:*</title>`: 2, `<title>s3:GetObject</title>`: 1, `<title>s3:Del</title>`: 0,
	} {
		if n := strings.Count(page, what); n != want {
			t.Errorf("%d times %s, want %d", n, what, want)
		}
	}
	big := &rules.Result{}
	for i := range 40 {
		big.Findings = append(big.Findings, gain(fmt.Sprintf("x%02d", i), fmt.Sprintf("arn:aws:s3:::b%d", i)))
	}
	page = string(render(t, "html", big, options()))
	if want := "Drawn are the worst 14 of 40 findings"; !strings.Contains(page, want) {
		t.Errorf("the graph does not say: %s", want)
	}
	if page := string(render(t, "html", &rules.Result{Findings: []rules.Finding{{Rule: "x", Level: rules.Note}}}, report.Options{})); strings.Contains(page, "<svg") {
		t.Error("a graph of nothing")
	}
}
