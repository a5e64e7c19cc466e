package report

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

const (
	overviewRows = 50  // findings in the table at the top
	tailRows     = 100 // entries of each list at the end
)

// sheet is what a review is written on.
type sheet struct {
	room int    // bytes
	why  string // why there is no more room, completing "since"
	all  string // where everything is, as a sentence
	full string // what to say where not even the headline fits; "" for nothing
}

// stepSummary is a step's summary on GitHub with room bytes left.
func stepSummary(room int) sheet {
	return sheet{
		room: room, why: "a step summary holds 1 MiB", all: "The log of this step has all of them.",
		full: warning("The summary file of this step is full; the log has the report."),
	}
}

// maxComment keeps a comment, with what others may put around it, below the 65,536
// characters that GitHub takes.
const maxComment = 60_000

// comment is a comment on a pull or merge request.
var comment = sheet{
	room: maxComment, why: "a comment holds 65,536 characters", all: "The log of the job, or the json report, has all of them.",
}

// commentMark is the first line of a comment; whoever keeps one comment up to date finds
// it by this line.
const commentMark = "<!-- grantdiff -->\n"

// Markdown writes a review for a comment: a headline, an overview, a section for each
// subject, then what is not decided, accepted, or wrong with the input.
func Markdown(w io.Writer, r *rules.Result, o Options) error {
	s := comment
	s.room -= len(commentMark)
	_, err := io.WriteString(w, commentMark+review(r, o, s))
	return err
}

func warning(text string) string { return "\n> [!WARNING]\n> " + text + "\n" }

// review renders a result in GitHub Flavored Markdown, which GitLab reads, too. Where it
// does not fit it ends in front of a finding and says how many are missing.
func review(r *rules.Result, o Options, on sheet) string {
	room := on.room
	active, archived := sorted(r.Findings)
	active = together(active)
	m := &markdown{r: r, o: o, docs: documentsOf(r)}
	head := m.headline()
	head += m.overview(active, room/4)
	tail := m.undecided(untold(r)) + m.accepted(archived) + m.remarks(r.Diagnostics)
	if len(tail) > room/2 {
		tail = warning("What is not decided, accepted, or wrong with the input does not fit here. " + on.all)
	}
	if room < len(on.full) {
		return ""
	}
	cut := func(shown int) string {
		return warning(fmt.Sprintf("Cut here: %d of %d findings are not shown, since %s. %s", len(active)-shown, len(active), on.why, on.all))
	}
	if room -= len(head) + len(tail) + len(cut(0)); room < 0 {
		return on.full
	}
	var b strings.Builder
	b.WriteString(head)
	shown := 0
	for _, g := range bySubject(active) {
		part := m.subject(g)
		for _, f := range g.findings {
			part += m.finding(f)
			if room -= len(part); room < 0 {
				return b.String() + cut(shown) + tail
			}
			b.WriteString(part)
			part = ""
			shown++
		}
	}
	return b.String() + tail
}

// markdown renders parts of the review. Every value of the result passes mdText,
// mdCode or mdBlock.
type markdown struct {
	r    *rules.Result
	o    Options
	docs documents
	flat bool // nothing is folded, for places that show no HTML
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

func (m *markdown) headline() string {
	s := m.r.Summary
	active, _ := sorted(m.r.Findings)
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

// overview lists the findings in a table of at most room bytes.
func (m *markdown) overview(active []*rules.Finding, room int) string {
	if len(active) < 2 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| | Whose access | What changes | Where |\n| --- | --- | --- | --- |\n")
	for i, f := range active {
		row := fmt.Sprintf("| %s %s | %s | %s | %s |\n", mark(f.Level), mdText(f.Level.String()),
			m.title(f.Subject), mdText(safe(f.Message, 300)), m.place(f.Location))
		if i == overviewRows || b.Len()+len(row)+60 > room {
			if i == 0 {
				return ""
			}
			fmt.Fprintf(&b, "| | | and %d more | |\n", len(active)-i)
			break
		}
		b.WriteString(row)
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

func (m *markdown) finding(f *rules.Finding) string { return m.facts(f) + m.document(f) }

// facts tells a finding without its document.
func (m *markdown) facts(f *rules.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %s %s in %s\n\n%s\n\n", mark(f.Level), mdText(ruleNames(f)), mdCode(f.Address), mdText(sentence(message(f.Message))))
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

// diffContext is how many lines are shown around those that change.
const diffContext = 3

// document shows how the document of a finding changes, folded.
func (m *markdown) document(f *rules.Finding) string {
	d := m.docs.of(f)
	if d == nil || len(d.After.Policy) == 0 {
		return ""
	}
	title := "The policy, before and after"
	if d.Before.Omitted != "" {
		title = "The policy; before: " + omitted(d.Before.Omitted)
	}
	var lines []string
	for i, l := range hunks(compared(d, []*rules.Finding{f}), diffContext) {
		if i == maxDiffLines {
			lines = append(lines, "…")
			break
		}
		sign := string(l.kind)
		if l.kind == 0 {
			sign = " "
		}
		lines = append(lines, sign+" "+l.text)
	}
	if m.flat {
		return "\n" + title + ":\n\n" + mdBlock("diff", lines)
	}
	return "\n<details><summary>" + title + "</summary>\n\n" + mdBlock("diff", lines) + "\n</details>\n"
}

// maxDiffLines bounds a document in a review; the rest is in the html report.
const maxDiffLines = 80

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
	// projectForm is of GitLab, where groups lie in groups.
	projectForm = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._-]+)+$`)
	commitForm  = regexp.MustCompile(`^[0-9a-f]{40,64}$`)
)

// place shows a location, linked where a code host has it.
func (m *markdown) place(l rules.Location) string {
	shown, link := mdCode(place(l)), m.o.link(m.r, l)
	if shown == "" || link == "" {
		return shown
	}
	return "[" + shown + "](" + link + ")"
}

// link is the address of a location at the commit where the runner says which that is, or
// "". A place without a line is most often an input, which the repository does not hold.
func (o Options) link(r *rules.Result, l rules.Location) string {
	name, inside := o.rootPath(r, l.Path)
	blob := o.blob()
	if !inside || l.StartLine <= 0 || l.Path == "" || blob == "" {
		return ""
	}
	var elements []string
	for e := range strings.SplitSeq(name, "/") {
		elements = append(elements, url.PathEscape(e))
	}
	return fmt.Sprintf("%s/%s#L%d", blob, strings.Join(elements, "/"), l.StartLine)
}

// blob is the address of the files at the commit that is scanned, on the code host whose
// runner this is; "" where that is not known.
func (o Options) blob() string {
	server, repo, commit := o.env("GITHUB_SERVER_URL"), o.env("GITHUB_REPOSITORY"), o.env("GITHUB_SHA")
	if serverForm.MatchString(server) && repoForm.MatchString(repo) && commitForm.MatchString(commit) {
		return server + "/" + repo + "/blob/" + commit
	}
	project, commit := o.env("CI_PROJECT_URL"), o.env("CI_COMMIT_SHA")
	if projectForm.MatchString(project) && commitForm.MatchString(commit) {
		return project + "/-/blob/" + commit
	}
	return ""
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
