package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// Bounds of a page that a browser can still hold with ease.
const (
	maxPageFindings = 3000
	maxPageRows     = 30_000 // lines of policies, all together
	openFindings    = 20     // unfolded from the start
	openDocuments   = 6
)

var (
	//go:embed html/page.gohtml
	pageText string
	//go:embed html/style.css
	pageStyle string
	//go:embed html/filter.js
	pageScript string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// HTML writes one page that needs nothing else: summary, graph of the new access, and per
// subject the findings with their policies side by side. Its only script filters findings
// and is allowed by its hash, so that nothing which comes out of a plan could run; the page
// is complete without it.
func HTML(w io.Writer, r *rules.Result, o Options) error {
	if err := pageTemplate.Execute(w, newPage(r, o)); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
}

// pagePolicy allows the page's own style and script and nothing else.
func pagePolicy() string {
	hashed := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hashed(pageStyle) + "; script-src " + hashed(pageScript) + "; base-uri 'none'; form-action 'none'"
}

// What the template shows. Texts are safe to show; the template escapes them for HTML.
type (
	page struct {
		Policy                       template.HTMLAttr
		Style                        template.CSS
		Script                       template.JS
		Version, Headline, Mood, Cut string
		Summary                      string
		Tiles                        []pageTile
		Inputs                       []pageInput
		Graph                        *graph
		Levels, Rules                []pageCount
		Groups                       []pageGroup
		Undecided, Accepted, Remarks []pageItem
	}
	pageInput struct{ Path, Text string }
	pageTile  struct{ Name, Class, Count string }
	pageCount struct {
		Name  string
		Count int
	}
	pageGroup struct {
		ID, Title, Address string
		Findings           []pageFinding
		Documents          []pageDocument
	}
	pageFinding struct {
		ID, Level, Rule, Rules, Message string
		Open                            bool
		Details                         []string
		Place                           pagePlace
		In, Part                        string
		Facts                           []pageFact
		Changes                         []pageChange
		Proof                           *pageProof
		Document                        string // id of the document's element
		Fingerprint                     string
	}
	pagePlace struct{ Text, Link string }
	pageFact  struct {
		Label  string
		Values []string
		Code   bool
	}
	pageChange struct {
		Name          string
		Before, After []string
	}
	pageProof struct {
		Title string
		Rows  []pageProofRow
	}
	pageProofRow struct{ Label, Value string }
	pageItem     struct {
		Badge, Title, Code string
		Place              pagePlace
		Texts              []string
	}
)

func newPage(r *rules.Result, o Options) *page {
	active, archived := sorted(r.Findings)
	b := &pageBuilder{r: r, o: o, docs: documentsOf(r), rows: maxPageRows}
	p := &page{
		Policy: template.HTMLAttr(`content="` + pagePolicy() + `"`),
		Style:  template.CSS(pageStyle), Script: template.JS(pageScript),
		Version: value(r.Tool.Version), Summary: summaryLine(r.Summary),
	}
	p.Headline, p.Mood = headline(r, active)
	active = together(active)
	p.Tiles = tiles(r.Summary)
	for i, in := range r.Inputs {
		if i == listCap {
			p.Inputs = append(p.Inputs, pageInput{"", "and " + count(len(r.Inputs)-i, "more input")})
			break
		}
		p.Inputs = append(p.Inputs, pageInput{value(in.Path), fmt.Sprintf("(%s): %s for %s", value(in.Kind), count(in.Policies, "policy"), count(in.Subjects, "subject"))})
	}
	shown := active[:min(len(active), maxPageFindings)]
	if left := len(active) - len(shown); left > 0 {
		p.Cut = fmt.Sprintf("%d of %d findings are not on this page, the least severe ones. The json report has all of them.", left, len(active))
	}
	p.Levels, p.Rules = tally(shown)
	p.Graph = accessGraph(shown, b.docs)
	for _, g := range bySubject(shown) {
		p.Groups = append(p.Groups, b.group(g))
	}
	for i, u := range untold(r) {
		if i == tailRows {
			p.Undecided = append(p.Undecided, pageItem{Title: "and more, which are in the json report"})
			break
		}
		item := pageItem{Code: value(join(u.Address, u.Attribute)), Texts: nonEmpty(message(u.Reason))}
		if len(u.References) > 0 {
			item.Texts = append(item.Texts, "refers to "+values(u.References, listCap, valueCap))
		}
		p.Undecided = append(p.Undecided, item)
	}
	for i, f := range archived {
		if i == tailRows {
			p.Accepted = append(p.Accepted, pageItem{Title: "and " + count(len(archived)-i, "more finding")})
			break
		}
		p.Accepted = append(p.Accepted, pageItem{
			Badge: f.Level.String(), Title: value(f.Rule), Code: value(join(f.Address, f.Attribute)), Place: b.place(f.Location),
			Texts: []string{sentence(message(f.Message)), "Accepted: " + message(acceptance(f.Archived))},
		})
	}
	for i, d := range r.Diagnostics {
		if i == tailRows {
			p.Remarks = append(p.Remarks, pageItem{Title: "and " + count(len(r.Diagnostics)-i, "more remark")})
			break
		}
		badge := "warning"
		if d.Severity == "error" {
			badge = "error"
		}
		p.Remarks = append(p.Remarks, pageItem{Badge: badge, Title: message(d.Summary), Place: b.place(d.Location), Texts: nonEmpty(message(d.Detail))})
	}
	return p
}

// headline says the outcome in a line, and the class of its colour.
func headline(r *rules.Result, active []*rules.Finding) (text, mood string) {
	s := r.Summary
	switch {
	case len(active) > 0:
		text = levels(active)
		if s.Undecided > 0 {
			text += "; not everything could be decided"
		}
		return text, active[0].Level.String()
	case s.Undecided > 0 || s.Unresolved > 0 || s.Policies == 0:
		return nothing(r), "warning"
	}
	return nothing(r), "ok"
}

func tiles(s rules.Summary) []pageTile {
	tile := func(name, class string, n int) pageTile {
		if n == 0 {
			class = ""
		}
		return pageTile{name, class, fmt.Sprint(n)}
	}
	return []pageTile{
		tile("errors", "error", s.Errors), tile("warnings", "warning", s.Warnings), tile("notes", "note", s.Notes),
		tile("undecided", "warning", s.Undecided), tile("accepted", "", s.Archived),
		{"policies compared", "", fmt.Sprintf("%d of %d", s.Compared, s.Policies)},
	}
}

// ruleIDs are those of a finding and of what it is shown for.
func ruleIDs(f *rules.Finding) []string {
	ids := []string{ruleID(f)}
	for _, w := range f.With {
		ids = append(ids, ruleID(w))
	}
	return ids
}

// tally counts findings by level, worst first, and by rule, in the order of the alphabet.
func tally(findings []*rules.Finding) (byLevel, byRule []pageCount) {
	levels, ids := map[rules.Level]int{}, map[string]int{}
	for _, f := range findings {
		levels[f.Level]++
		for _, id := range ruleIDs(f) {
			ids[id]++
		}
	}
	for _, l := range []rules.Level{rules.Error, rules.Warning, rules.Note} {
		if levels[l] > 0 {
			byLevel = append(byLevel, pageCount{l.String(), levels[l]})
		}
	}
	for _, id := range sortedKeys(ids) {
		byRule = append(byRule, pageCount{id, ids[id]})
	}
	return byLevel, byRule
}

// pageBuilder hands out ids and room.
type pageBuilder struct {
	r                          *rules.Result
	o                          Options
	docs                       documents
	rows                       int // of policies, left
	groups, findings, policies int
}

func (b *pageBuilder) group(g group) pageGroup {
	b.groups++
	out := pageGroup{ID: fmt.Sprintf("s%d", b.groups), Title: value(g.title), Address: value(g.address)}
	about := map[*rules.Document][]*rules.Finding{}
	var order []*rules.Document
	for _, f := range g.findings {
		if d := b.docs.of(f); d != nil {
			if about[d] == nil {
				order = append(order, d)
			}
			about[d] = append(about[d], f)
		}
	}
	ids := map[*rules.Document]string{}
	for _, d := range order {
		b.policies++
		ids[d] = fmt.Sprintf("d%d", b.policies)
		out.Documents = append(out.Documents, b.document(ids[d], d, about[d]))
	}
	for _, f := range g.findings {
		one := b.finding(f)
		one.Document = ids[b.docs.of(f)]
		out.Findings = append(out.Findings, one)
	}
	return out
}

func (b *pageBuilder) finding(f *rules.Finding) pageFinding {
	b.findings++
	out := pageFinding{
		ID: fmt.Sprintf("f%d", b.findings), Level: sarifLevel(f.Level), Rule: strings.Join(ruleIDs(f), " "), Rules: ruleNames(f), Message: sentence(message(cmp.Or(f.Message, f.Rule, "finding"))),
		Open: b.findings <= openFindings, Place: b.place(f.Location), In: value(f.Address), Part: value(strings.Join(where(f), ", ")),
		Fingerprint: value(strings.Join(fingerprints(f), ", ")),
	}
	for i, d := range f.Details {
		if i == listCap {
			out.Details = append(out.Details, "and "+count(len(f.Details)-i, "more remark"))
			break
		}
		out.Details = append(out.Details, sentence(message(d)))
	}
	for _, row := range append(facts(f), circumstances(f)...) {
		out.Facts = append(out.Facts, pageFact{capital(row.label), shownValues(row.values, 2*listCap, row.code), row.code})
	}
	for _, c := range changes(f, b.docs.of(f)) {
		out.Changes = append(out.Changes, pageChange{value(c.name), shownValues(c.before, listCap, true), shownValues(c.after, listCap, true)})
	}
	if rows := proof(f); rows != nil {
		out.Proof = &pageProof{Title: capital(proofTitle(f)) + ":"}
		for i, row := range rows {
			if i == 2*listCap {
				out.Proof.Rows = append(out.Proof.Rows, pageProofRow{"", fmt.Sprintf("and %d more", len(rows)-i)})
				break
			}
			out.Proof.Rows = append(out.Proof.Rows, pageProofRow{row[0], value(row[1])})
		}
	}
	return out
}

// shownValues makes values safe to show, n of them at most.
func shownValues(all []string, n int, code bool) []string {
	var out []string
	for i, v := range all {
		switch {
		case i == n:
			return append(out, fmt.Sprintf("and %d more", len(all)-i))
		case code:
			out = append(out, value(v))
		default:
			out = append(out, message(v))
		}
	}
	return out
}

// place shows a location, linked where a code host has it.
func (b *pageBuilder) place(l rules.Location) pagePlace {
	return pagePlace{value(place(l)), b.o.link(b.r, l)}
}
