package tree

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/source"
)

// comments finds the comments that speak to this program. The library gives comments
// without their places, so they are looked for in the text, outside of scalars.
func (r *yamlReader) comments() []Comment {
	const mark = "grantdiff:"
	text := r.lines.text
	if !strings.Contains(text, mark) {
		return nil
	}
	slices.SortFunc(r.spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	inScalar := func(at int) bool {
		i, found := slices.BinarySearchFunc(r.spans, at, func(s span, at int) int { return cmp.Compare(s.start, at) })
		return found || i > 0 && at < r.spans[i-1].end
	}
	var out []Comment
	pos, number, open := 0, 0, 0
	for line := range strings.Lines(text) {
		number++
		if t := strings.TrimSpace(line); t != "" && t[0] != '#' {
			for ; open < len(out); open++ {
				if !out[open].Trailing && out[open].Range.Start.Column-1 <= indent(line) {
					out[open].About = number
				}
			}
		}
		start := pos
		pos += len(line)
		if !strings.Contains(line, mark) {
			continue
		}
		for i := range len(line) {
			if line[i] != '#' || i > 0 && line[i-1] != ' ' && line[i-1] != '\t' || inScalar(start+i) {
				continue
			}
			body := strings.TrimRight(line[i:], " \t\r\n")
			at := r.lines.position(start + i)
			if said := strings.TrimLeft(body, "# \t"); strings.HasPrefix(said, mark) {
				out = append(out, Comment{
					Text: said, Trailing: strings.TrimSpace(line[:i]) != "",
					Range: source.Range{Path: r.doc.Path, Start: at, End: advance(at, body)},
					About: at.Line,
				})
			}
			break
		}
	}
	return out
}

// indent is how many blanks a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
