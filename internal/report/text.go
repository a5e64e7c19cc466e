package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/grantdiff/grantdiff/rules"
)

// Text writes the report that a reviewer reads first: per subject what is gained,
// where, with a request that proves it. It is never empty, and its last line counts
// what was compared and found. No line of it is an instruction for a CI system,
// whatever the input holds.
func Text(w io.Writer, r *rules.Result, o Options) error {
	_, err := io.WriteString(w, text(r, o))
	return err
}

func text(r *rules.Result, o Options) string {
	t := &textReport{o: o, paint: palette{o.Color}, width: o.Width, list: listCap, docs: documentsOf(r), written: map[*rules.Document]bool{}}
	if o.Verbose {
		t.list = math.MaxInt
	}
	active, archived := sorted(r.Findings)
	groups := bySubject(together(active))
	if len(active) == 0 {
		style := styleGreen
		if r.Summary.Undecided > 0 || r.Summary.Unresolved > 0 || r.Summary.Policies == 0 {
			style = styleYellow
		}
		t.line("%s", t.paint.paint(style, nothing(r)+"."))
	} else {
		head := fmt.Sprintf("Found %s for %s.", levels(active), count(len(groups), "subject"))
		if r.Summary.Undecided > 0 {
			head += " Not everything could be decided."
		}
		t.line("%s", t.paint.strong(head))
	}
	for _, g := range groups {
		t.group(g)
	}
	t.unresolved(untold(r))
	t.archived(archived)
	t.diagnostics(r.Diagnostics)
	t.inputs(r.Inputs)
	t.line("")
	t.line("%s", summaryLine(r.Summary))
	return t.b.String()
}

// textReport collects lines. Text handed to its methods is safe to show; line, the
// only way out, makes it safe for a log.
type textReport struct {
	b     strings.Builder
	o     Options
	paint palette
	width int
	list  int // values of one list that are shown
	docs  documents
	// written are the documents that stand above already.
	written map[*rules.Document]bool
}

func (t *textReport) line(format string, args ...any) {
	t.b.WriteString(inertLine(strings.TrimRight(fmt.Sprintf(format, args...), " ")))
	t.b.WriteByte('\n')
}

// para writes text behind first, wrapped at spaces; continuation lines are
// indented to where the text starts. Words that are longer than a line stay whole,
// so that an ARN can be copied.
func (t *textReport) para(first, text string) {
	indent := lipgloss.Width(first)
	if t.width <= 0 {
		t.line("%s%s", first, text)
		return
	}
	line, used := first, indent
	empty := true
	for word := range strings.SplitSeq(text, " ") {
		size := lipgloss.Width(word)
		switch {
		case empty:
			line, used = line+word, used+size
		case used+1+size > t.width:
			t.line("%s", line)
			line, used = strings.Repeat(" ", indent)+word, indent+size
		default:
			line, used = line+" "+word, used+1+size
		}
		empty = false
	}
	t.line("%s", line)
}

func (t *textReport) section(title string) {
	t.line("")
	t.line("%s", t.paint.strong(title))
}

func (t *textReport) group(g group) {
	title := value(g.title)
	head := t.paint.strong(title)
	if g.address != "" {
		head += t.paint.dim(" (" + value(g.address) + ")")
	}
	t.line("")
	t.line("%s", head)
	for _, f := range g.findings {
		t.line("")
		t.finding(f)
	}
}

// labelWidth is the column of the values behind the labels of facts.
const labelWidth = 13

func (t *textReport) finding(f *rules.Finding) {
	head := "  " + t.paint.level(f.Level, f.Level.String()) + "  " + ruleNames(f)
	if at := place(f.Location); at != "" {
		head += "  " + t.paint.link(value(at))
	}
	t.line("%s", head)
	if f.Message != "" {
		t.para("  ", sentence(message(f.Message)))
	}
	for i, d := range f.Details {
		if i == t.list {
			t.line("  … and %d more remarks", len(f.Details)-i)
			break
		}
		t.para("  ", sentence(message(d)))
	}
	t.para("  ", t.paint.dim("in")+" "+value(f.Address)+t.where(f))
	t.line("")
	t.excerpt(f)
	for _, row := range facts(f) {
		t.fact(row)
	}
	t.changes(f)
	t.proof(f)
	for _, row := range circumstances(f) {
		t.fact(row)
	}
	if list := fingerprints(f); len(list) > 0 {
		t.fact(fact{"fingerprint", list, true})
	}
	if t.o.Verbose {
		t.document(f)
	}
}

// excerpt shows the place in the source, the part that is meant marked.
func (t *textReport) excerpt(f *rules.Finding) {
	limit := maxExcerptWidth
	if t.width > 0 {
		limit = min(limit, max(20, t.width-excerptIndent))
	}
	lines := t.o.excerpt(f, limit)
	if len(lines) == 0 {
		return
	}
	for _, l := range lines {
		number := ""
		if l.number > 0 {
			number = strconv.Itoa(l.number)
		}
		t.line("  %s %s", t.paint.dim(fmt.Sprintf("%6s │", number)), l.text)
		if l.marks != "" {
			t.line("  %s %s", t.paint.dim("       │"), t.paint.level(f.Level, l.marks))
		}
	}
	t.line("")
}

// excerptIndent is the columns in front of a line of source.
const excerptIndent = 11

// elementWidth is the column behind the names of elements.
const elementWidth = 11

// changes shows what is taken out of the elements of the statement and what is put in.
func (t *textReport) changes(f *rules.Finding) {
	label := "changed"
	for _, c := range changes(f, t.docs.of(f)) {
		name := value(c.name)
		row := func(sign string, paint func(string) string, values []string) {
			for i, v := range values {
				prefix := "    " + t.paint.dim(label) + strings.Repeat(" ", max(1, labelWidth-len(label))) +
					name + strings.Repeat(" ", max(1, elementWidth-lipgloss.Width(name)))
				label, name = "", ""
				if i == t.list {
					t.line("%s%s", prefix, t.paint.dim(fmt.Sprintf("… and %d more", len(values)-i)))
					return
				}
				t.para(prefix+paint(sign)+" ", paint(value(v)))
			}
		}
		gone, come, stay := partition(c.before, c.after)
		row("-", t.paint.dim, gone)
		row("+", t.paint.strong, come)
		if stay > 0 {
			row(" ", t.paint.dim, []string{fmt.Sprintf("(%s)", countStays(stay))})
		}
	}
}

func countStays(n int) string {
	if n == 1 {
		return "1 value stays"
	}
	return fmt.Sprintf("%d values stay", n)
}

// partition tells values that go from those that come, and counts those that stay.
func partition(before, after []string) (gone, come []string, stay int) {
	for _, v := range before {
		if slices.Contains(after, v) {
			stay++
		} else {
			gone = append(gone, v)
		}
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			come = append(come, v)
		}
	}
	return gone, come, stay
}

// document shows how the policy changes.
func (t *textReport) document(f *rules.Finding) {
	d := t.docs.of(f)
	if d == nil || t.written[d] {
		return
	}
	t.written[d] = true
	t.line("")
	title := "policy"
	if d.Before.Omitted != "" {
		title += "; before: " + omitted(d.Before.Omitted)
	}
	if d.After.Omitted != "" {
		title += "; after: " + omitted(d.After.Omitted)
	}
	t.line("    %s", t.paint.dim(title))
	for _, l := range hunks(compared(d, []*rules.Finding{f}), diffContext) {
		switch {
		case l.kind == '-':
			t.line("    %s", t.paint.paint(styleRed, "- "+l.text))
		case l.kind == '+':
			t.line("    %s", t.paint.paint(styleGreen, "+ "+l.text))
		default:
			t.line("    %s", t.paint.dim("  "+l.text))
		}
	}
}

func (t *textReport) where(f *rules.Finding) string {
	parts := where(f)
	if len(parts) == 0 {
		return ""
	}
	for i := range parts {
		parts[i] = value(parts[i])
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// fact writes a label and its values, one a line.
func (t *textReport) fact(row fact) {
	label := row.label
	for i, v := range row.values {
		prefix := "    " + t.paint.dim(label) + strings.Repeat(" ", max(1, labelWidth-len(label)))
		if i == t.list {
			t.line("%s%s", prefix, t.paint.dim(fmt.Sprintf("… and %d more", len(row.values)-i)))
			return
		}
		if row.code {
			t.para(prefix, value(v))
		} else {
			t.para(prefix, message(v))
		}
		label = ""
	}
}

func (t *textReport) proof(f *rules.Finding) {
	rows := proof(f)
	if rows == nil {
		return
	}
	t.fact(fact{"proof", []string{proofTitle(f)}, false})
	indent := strings.Repeat(" ", 4+labelWidth+2)
	last := ""
	for i, row := range rows {
		if i/2 == t.list {
			t.line("%s%s", indent, t.paint.dim(fmt.Sprintf("… and %d more", len(rows)-i)))
			return
		}
		label := row[0]
		if label == last {
			label = ""
		}
		last = row[0]
		t.para(indent+t.paint.dim(label)+strings.Repeat(" ", 11-len(label)), value(row[1]))
	}
}

func (t *textReport) unresolved(rest []rules.Unresolved) {
	if len(rest) == 0 {
		return
	}
	t.section("Not decided: what these allow is not known")
	for _, u := range rest {
		t.para("  ", value(join(u.Address, u.Attribute)))
		if u.Reason != "" {
			t.para("    ", message(u.Reason))
		}
		if len(u.References) > 0 {
			t.fact(fact{"refers to", u.References, true})
		}
	}
}

func (t *textReport) archived(findings []*rules.Finding) {
	if len(findings) == 0 {
		return
	}
	t.section("Accepted by the configuration")
	for _, f := range findings {
		t.para("  ", f.Level.String()+"  "+value(f.Rule)+"  "+value(join(f.Address, f.Attribute)))
		t.para("    ", message(acceptance(f.Archived)))
	}
}

func (t *textReport) diagnostics(ds []rules.Diagnostic) {
	if len(ds) == 0 {
		return
	}
	t.section("About the input")
	for _, d := range ds {
		head := "  " + value(d.Severity) + "  "
		if at := place(d.Location); at != "" {
			head += t.paint.link(value(at)) + "  "
		}
		t.para(head, message(d.Summary))
		if d.Detail != "" {
			t.para("    ", message(d.Detail))
		}
	}
}

func (t *textReport) inputs(inputs []rules.Input) {
	if len(inputs) == 0 {
		return
	}
	t.section("Read")
	for i, in := range inputs {
		if i/2 == t.list {
			t.line("  … and %d more", len(inputs)-i)
			return
		}
		t.para("  ", fmt.Sprintf("%s (%s): %s for %s", value(in.Path), value(in.Kind),
			count(in.Policies, "policy"), count(in.Subjects, "subject")))
	}
}
