package report

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/grantdiff/grantdiff/rules"
)

// diffLine is a line of two texts that are compared: of both, or of one of them.
type diffLine struct {
	kind byte // ' ', '-' or '+'
	policyLine
	gained bool // what a finding is about
}

// compared lists the lines of both sides of a document in order, statement by statement. Of the lines after the
// change those are marked that belong to a finding: of its statement, those that spell
// what is gained or, where none does, all.
func compared(d *rules.Document, findings []*rules.Finding) []diffLine {
	long := longLists(d.Before, d.After)
	before, after := policyLines(d.Before, long), policyLines(d.After, long)
	marked := gainedLines(after, findings)
	var out []diffLine
	j := 0
	for _, pair := range align(pieces(before), pieces(after)) {
		for _, l := range differing(pair[0], pair[1]) {
			if l.kind != '-' {
				l.gained = marked[j]
				j++
			}
			out = append(out, l)
		}
	}
	return out
}

// differing lists the lines of two texts in order.
func differing(before, after []policyLine) []diffLine {
	text := func(lines []policyLine) string {
		var b strings.Builder
		for _, l := range lines {
			b.WriteString(l.text + "\n")
		}
		return b.String()
	}
	old := text(before)
	diff, err := udiff.ToUnifiedDiff("", "", old, udiff.Lines(old, text(after)), len(before)+len(after))
	if err != nil {
		diff.Hunks = nil // lines that do not belong to each other: cannot be, the edits are of this text
	}
	var out []diffLine
	i, j := 0, 0
	for _, h := range diff.Hunks {
		for _, l := range h.Lines {
			switch {
			case i >= len(before) && l.Kind != udiff.Insert, j >= len(after) && l.Kind != udiff.Delete:
				// Not lines of these texts: cannot be.
			case l.Kind == udiff.Delete:
				out = append(out, diffLine{'-', before[i], false})
				i++
			case l.Kind == udiff.Insert:
				out = append(out, diffLine{'+', after[j], false})
				j++
			default:
				out = append(out, diffLine{' ', after[j], false})
				i++
				j++
			}
		}
	}
	// Equal texts have no hunk.
	for ; j < len(after); j++ {
		out = append(out, diffLine{' ', after[j], false})
	}
	return out
}

// inParts takes findings about several statements apart.
func inParts(findings []*rules.Finding) []*rules.Finding {
	var out []*rules.Finding
	for _, f := range findings {
		if len(f.Parts) == 0 {
			out = append(out, f)
		}
		for i := range f.Parts {
			out = append(out, &rules.Finding{Statement: &f.Parts[i].Statement, Gained: &f.Parts[i].Gained})
		}
	}
	return out
}

// gainedLines marks lines by their index.
func gainedLines(lines []policyLine, findings []*rules.Finding) map[int]bool {
	marked := map[int]bool{}
	for _, f := range inParts(findings) {
		if f.Statement == nil {
			continue
		}
		var words []string
		if f.Gained != nil {
			for _, list := range [][]string{f.Gained.Actions, f.Gained.Resources, f.Gained.Principals} {
				for _, v := range list {
					words = append(words, `"`+strings.ToLower(value(v))+`"`)
				}
			}
		}
		var all, spelled []int
		for i, l := range lines {
			if l.statement != f.Statement.Index {
				continue
			}
			all = append(all, i)
			lower := strings.ToLower(l.text)
			for _, w := range words {
				if strings.Contains(lower, w) {
					spelled = append(spelled, i)
					break
				}
			}
		}
		if len(spelled) > 0 {
			all = spelled
		}
		for _, i := range all {
			marked[i] = true
		}
	}
	return marked
}

// hunks leaves out what is far from every line that changes or is marked: context lines
// around them stay, and a line of the kind '…' stands for what does not.
func hunks(lines []diffLine, context int) []diffLine {
	keep := make([]bool, len(lines))
	for i, l := range lines {
		if l.kind != ' ' || l.gained {
			for j := max(0, i-context); j <= min(len(lines)-1, i+context); j++ {
				keep[j] = true
			}
		}
	}
	var out []diffLine
	for i, l := range lines {
		switch {
		case keep[i]:
			out = append(out, l)
		case len(out) == 0 || out[len(out)-1].kind != 0:
			out = append(out, diffLine{kind: 0, policyLine: policyLine{"…", -1}})
		}
	}
	return out
}
