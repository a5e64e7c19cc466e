package report

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/rules"
)

type (
	pageDocument struct {
		ID, Title, Note string
		Open            bool
		Single          bool // one column: there is only one side, or both are the same
		Rows            []pageRow
	}
	pageRow struct {
		Class         string // same, del, ins, chg or gap
		Before, After *pageLine
		Gained        bool
	}
	pageLine struct{ Sign, Text string }
)

// longDocument is how many lines are shown whole; of longer ones only what changes and
// what findings are about.
const longDocument = 80

// document sets both sides of a policy beside each other.
func (b *pageBuilder) document(id string, d *rules.Document, findings []*rules.Finding) pageDocument {
	out := pageDocument{ID: id, Title: value(join(d.Address, d.Attribute)), Open: b.policies <= openDocuments}
	before, after := d.Before.Omitted, d.After.Omitted
	lines := compared(d, findings)
	if len(lines) > longDocument {
		lines = hunks(lines, diffContext)
	}
	switch {
	case after != "" && before != "":
		out.Note = "before: " + omitted(before) + "; after: " + omitted(after)
	case after != "":
		out.Note = "after: " + omitted(after)
	case before != "":
		out.Note, out.Single = "before: "+omitted(before), true
	case !slices.ContainsFunc(lines, func(l diffLine) bool { return l.kind != ' ' && l.kind != 0 }):
		out.Note, out.Single = "its text does not change", true
	default:
		out.Note = "before and after"
	}
	if b.rows -= len(lines); b.rows < 0 {
		out.Note += "; not shown here, since the page is full"
		return out
	}
	out.Rows = pageRows(lines)
	return out
}

// pageRows pairs what goes with what comes in its place.
func pageRows(lines []diffLine) []pageRow {
	var rows []pageRow
	for i := 0; i < len(lines); {
		l := lines[i]
		switch l.kind {
		case ' ':
			rows = append(rows, pageRow{"same", &pageLine{" ", l.text}, &pageLine{" ", l.text}, l.gained})
			i++
			continue
		case 0:
			rows = append(rows, pageRow{"gap", &pageLine{" ", l.text}, &pageLine{" ", l.text}, false})
			i++
			continue
		}
		var gone, come []diffLine
		for ; i < len(lines) && lines[i].kind == '-'; i++ {
			gone = append(gone, lines[i])
		}
		for ; i < len(lines) && lines[i].kind == '+'; i++ {
			come = append(come, lines[i])
		}
		for j := range max(len(gone), len(come)) {
			row := pageRow{Class: "chg"}
			if j < len(gone) {
				row.Before = &pageLine{"−", gone[j].text}
			} else {
				row.Class = "ins"
			}
			if j < len(come) {
				row.After, row.Gained = &pageLine{"+", come[j].text}, come[j].gained
			} else {
				row.Class = "del"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
