package report

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

const (
	overviewRows = 50  // findings in the table at the top
	tailRows     = 100 // entries of each list at the end
)

// What the summary says about itself where it does not hold everything.
const (
	cutFindings = "\n> [!WARNING]\n> Cut here: %d of %d findings are not shown, since a step summary holds 1 MiB. The log of this step has all of them.\n"
	cutLists    = "\n> [!WARNING]\n> What is not decided, accepted, or wrong with the input does not fit here. The log of this step has it.\n"
	cutAll      = "\n> [!WARNING]\n> The summary file of this step is full; the log has the report.\n"
)

// summary renders a result as a review in GitHub Flavored Markdown, in at most room
// bytes: a headline, an overview, a section for each subject, then what is not
// decided, accepted, or wrong with the input. Where it does not fit it ends in
// front of a finding and says how many are missing.
func summary(r *rules.Result, o Options, room int) string {
	active, archived := sorted(r.Findings)
	m := &markdown{r: r, o: o}
	head := m.headline(active)
	if overview := m.overview(active); len(overview) <= room/4 {
		head += overview
	}
	tail := m.undecided(untold(r)) + m.accepted(archived) + m.remarks(r.Diagnostics)
	if len(tail) > room/2 {
		tail = cutLists
	}
	if room < len(cutAll) {
		return ""
	}
	if room -= len(head) + len(tail) + len(cutFindings) + 40; room < 0 {
		return cutAll
	}
	var b strings.Builder
	b.WriteString(head)
	shown := 0
	for _, g := range bySubject(active) {
		part := m.subject(g)
		for _, f := range g.findings {
			part += m.finding(f)
			if room -= len(part); room < 0 {
				fmt.Fprintf(&b, cutFindings, len(active)-shown, len(active))
				return b.String() + tail
			}
			b.WriteString(part)
			part = ""
			shown++
		}
	}
	return b.String() + tail
}

// markdown renders parts of the summary. Every value of the result passes mdText
// or mdCode.
type markdown struct {
	r *rules.Result
	o Options
}

func mark(l rules.Level) string {
	switch l {
	case rules.Error:
		return "🔴"
	case rules.Warning:
		return "🟠"
	default:
		return "🔵"
	}
}

func (m *markdown) headline(active []*rules.Finding) string {
	s := m.r.Summary
	var b strings.Builder
	switch {
	case len(active) > 0:
		fmt.Fprintf(&b, "## %s grantdiff: %s\n\n", mark(active[0].Level), levels(active))
	case s.Undecided > 0 || s.Unresolved > 0 || s.Policies == 0:
		fmt.Fprintf(&b, "## 🟠 grantdiff: %s\n\n", nothing(m.r))
	default:
		fmt.Fprintf(&b, "## 🟢 grantdiff: %s\n\n", nothing(m.r))
	}
	parts := []string{fmt.Sprintf("**%d of %s compared** for %s", s.Compared, count(s.Policies, "policy"), count(s.Subjects, "subject"))}
	if s.Undecided > 0 && len(active) > 0 {
		parts = append(parts, "**not everything could be decided**")
	}
	if s.Unresolved > 0 {
		parts = append(parts, fmt.Sprintf("%d unresolved", s.Unresolved))
	}
	if s.Archived > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", s.Archived))
	}
	for i, in := range m.r.Inputs {
		if i == listCap {
			parts = append(parts, fmt.Sprintf("and %d more inputs", len(m.r.Inputs)-i))
			break
		}
		parts = append(parts, mdCode(in.Path))
	}
	b.WriteString(strings.Join(parts, " · ") + "\n")
	return b.String()
}

func (m *markdown) overview(active []*rules.Finding) string {
	if len(active) < 2 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| | Whose access | What changes | Where |\n| --- | --- | --- | --- |\n")
	for i, f := range active {
		if i == overviewRows {
			fmt.Fprintf(&b, "| | | and %d more | |\n", len(active)-i)
			break
		}
		fmt.Fprintf(&b, "| %s %s | %s | %s | %s |\n", mark(f.Level), mdText(f.Level.String()),
			m.title(f.Subject), mdText(f.Message), m.place(f.Location))
	}
	return b.String()
}

// title names a subject: its kind as text, its name as code.
func (m *markdown) title(s rules.Subject) string {
	name := s.Name
	if name == "" {
		name = s.Address
	}
	title := strings.TrimSpace(mdText(s.Kind) + " " + mdCode(name))
	if title == "" {
		return "unnamed subject"
	}
	return title
}

func (m *markdown) subject(g group) string {
	f := g.findings[0]
	s := f.Subject
	if s.Address == "" && s.Name == "" {
		s.Address = f.Address
	}
	out := "\n### " + m.title(s) + "\n"
	if g.address != "" {
		out += "\n" + mdCode(g.address) + "\n"
	}
	return out
}

func (m *markdown) finding(f *rules.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %s %s in %s\n\n%s\n\n", mark(f.Level), mdText(f.Rule), mdCode(f.Address), mdText(sentence(message(f.Message))))
	for i, d := range f.Details {
		if i == listCap {
			fmt.Fprintf(&b, "and %s\n\n", count(len(f.Details)-i, "more remark"))
			break
		}
		b.WriteString(mdText(sentence(message(d))) + "\n\n")
	}
	b.WriteString("| | |\n| --- | --- |\n")
	row := func(label, cell string) {
		if cell != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", label, cell)
		}
	}
	row("**Where**", strings.Join(nonEmpty(m.place(f.Location), mdText(strings.Join(where(f), ", "))), " · "))
	for _, fact := range facts(f) {
		row("**"+capital(fact.label)+"**", cells(fact))
	}
	if f.Witness != nil {
		parts := []string{"*" + capital(proofTitle(f)) + ":*"}
		for i, p := range proof(f) {
			if i == 2*listCap {
				parts = append(parts, "and further context")
				break
			}
			parts = append(parts, p[0]+" "+mdCode(p[1]))
		}
		row("**Proof**", strings.Join(parts, "<br>"))
	}
	for _, fact := range circumstances(f) {
		if fact.label == "called from" {
			row("Called from", strings.Join(m.places(f.Callers), "<br>"))
			continue
		}
		row(capital(fact.label), cells(fact))
	}
	row("Fingerprint", mdCode(f.Fingerprint))
	return b.String()
}

// cells renders the values of a fact in one table cell.
func cells(f fact) string {
	var parts []string
	for i, v := range f.values {
		if i == listCap {
			parts = append(parts, fmt.Sprintf("and %d more", len(f.values)-i))
			break
		}
		if f.code {
			parts = append(parts, mdCode(v))
		} else {
			parts = append(parts, mdText(v))
		}
	}
	return strings.Join(nonEmpty(parts...), "<br>")
}

func nonEmpty(all ...string) []string {
	var kept []string
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

func (m *markdown) places(all []rules.Location) []string {
	var parts []string
	for i, l := range all {
		if i == listCap {
			return append(parts, fmt.Sprintf("and %d more", len(all)-i))
		}
		parts = append(parts, m.place(l))
	}
	return parts
}

// What the runner's environment must look like to be used in a link.
var (
	serverForm = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?$`)
	repoForm   = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)
	commitForm = regexp.MustCompile(`^[0-9a-f]{40,64}$`)
)

// place shows a location, linked to the line at the commit where the runner says
// which that is. A place without a line is most often an input, which the
// repository does not hold.
func (m *markdown) place(l rules.Location) string {
	shown := mdCode(place(l))
	server, repo, commit := m.o.env("GITHUB_SERVER_URL"), m.o.env("GITHUB_REPOSITORY"), m.o.env("GITHUB_SHA")
	name, inside := m.o.rootPath(m.r, l.Path)
	if shown == "" || !inside || l.StartLine <= 0 || !serverForm.MatchString(server) || !repoForm.MatchString(repo) || !commitForm.MatchString(commit) {
		return shown
	}
	var elements []string
	for e := range strings.SplitSeq(name, "/") {
		elements = append(elements, url.PathEscape(e))
	}
	return fmt.Sprintf("[%s](%s/%s/blob/%s/%s#L%d)", shown, server, repo, commit, strings.Join(elements, "/"), l.StartLine)
}

func (m *markdown) undecided(rest []rules.Unresolved) string {
	if len(rest) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n### Not decided\n\nWhat these policies allow is not known.\n\n| Policy | Why | Refers to |\n| --- | --- | --- |\n")
	for i, u := range rest {
		if i == tailRows {
			fmt.Fprintf(&b, "| and %d more | | |\n", len(rest)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", mdCode(join(u.Address, u.Attribute)), mdText(u.Reason), cells(fact{values: u.References, code: true}))
	}
	return b.String()
}

func (m *markdown) accepted(archived []*rules.Finding) string {
	if len(archived) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n### Accepted by the configuration\n\n| Finding | Where | Why |\n| --- | --- | --- |\n")
	for i, f := range archived {
		if i == tailRows {
			fmt.Fprintf(&b, "| and %d more | | |\n", len(archived)-i)
			break
		}
		fmt.Fprintf(&b, "| %s %s in %s | %s | %s |\n", mark(f.Level), mdText(f.Rule), mdCode(f.Address), m.place(f.Location), mdText(acceptance(f.Archived)))
	}
	return b.String()
}

func (m *markdown) remarks(ds []rules.Diagnostic) string {
	if len(ds) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n### About the input\n\n| | What | Where |\n| --- | --- | --- |\n")
	for i, d := range ds {
		if i == tailRows {
			fmt.Fprintf(&b, "| | and %d more | |\n", len(ds)-i)
			break
		}
		text := mdText(d.Summary)
		if d.Detail != "" {
			text += "<br>" + mdText(d.Detail)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", mdText(d.Severity), text, m.place(d.Location))
	}
	return b.String()
}
