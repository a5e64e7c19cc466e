package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"github.com/grantdiff/grantdiff/rules"
)

// Bounds of an excerpt.
const (
	maxExcerptLines = 6
	maxExcerptWidth = 160 // characters of a line
)

// excerptLine is a line of the source, and the marks below it.
type excerptLine struct {
	number      int    // 0 for a line that stands for others
	text, marks string // safe to show
}

// excerpt shows the place of a finding in the source, where that is to be had: the lines
// that it covers, and below the first which part of it. There is none of a policy that
// holds what must not be shown.
func (o Options) excerpt(f *rules.Finding, limit int) []excerptLine {
	l := f.Location
	if o.Source == nil || f.Sensitive || l.Path == "" || l.StartLine <= 0 {
		return nil
	}
	var out []excerptLine
	last := max(l.StartLine, l.EndLine)
	if l.EndLine > l.StartLine && l.EndColumn == 1 {
		last-- // it ends in front of that line
	}
	number := 0
	for line := range strings.Lines(o.Source(l.Path)) {
		number++
		if number < l.StartLine {
			continue
		}
		if number > last {
			break
		}
		// Much is a whole policy, of which the first line tells which; the change is told below.
		if len(out) > 0 && last-l.StartLine >= maxExcerptLines {
			out = append(out, excerptLine{text: "… " + count(last-l.StartLine, "more line")})
			break
		}
		from, to := 1, 0
		if number == l.StartLine {
			from = max(1, l.StartColumn)
		}
		if number == l.EndLine {
			to = l.EndColumn
		}
		text, marks := underlined(strings.TrimRight(line, "\r\n"), from, to, limit)
		if number != l.StartLine {
			marks = ""
		}
		out = append(out, excerptLine{number, text, marks})
	}
	return out
}

// underlined shows a line and marks below it what stands from one column, counted in code
// points, to in front of another; 0 is the end of the line. It shows limit code points. Tabs are two columns wide.
func underlined(line string, from, to, limit int) (text, marks string) {
	var t, m strings.Builder
	column := 0
	for i, r := range line {
		if column++; column > limit {
			fmt.Fprintf(&t, "… (%d more characters)", utf8.RuneCountInString(line[i:]))
			break
		}
		_, size := utf8.DecodeRuneInString(line[i:])
		shown := visible(line[i : i+size])
		if r == '\t' {
			shown = "  "
		}
		t.WriteString(shown)
		mark := " "
		if column >= from && (to == 0 || column < to) {
			mark = "^"
		}
		m.WriteString(strings.Repeat(mark, lipgloss.Width(shown)))
	}
	marks = strings.TrimRight(m.String(), " ")
	// Blanks in front of what is marked are not what is meant.
	if blank := len(t.String()) - len(strings.TrimLeft(t.String(), " ")); strings.HasPrefix(marks, "^") && blank < len(marks) {
		marks = strings.Repeat(" ", blank) + marks[blank:]
	}
	return t.String(), marks
}
