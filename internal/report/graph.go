package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// Bounds of the graph: with more in it nobody sees anything.
const (
	maxGraphNodes = 14 // of a column, for what is new
	maxGraphOld   = 18 // with what was there before
	maxGraphList  = 5  // values of a finding in one column
	maxGraphLabel = 36 // characters
)

// The measures of the drawing, in units of its view box.
const (
	nodeWidth, nodeHeight, nodeGap = 300, 26, 10
	columnGap                      = 110
	graphTop                       = 36
)

// graph is the access that is new, with what was there before in the same policies, as
// principals, actions and resources.
type graph struct {
	Width, Height int
	Caption, Text string
	Heads         []graphHead
	Nodes         []graphNode
	Edges         []graphEdge
	Rows          []graphRow
}

type graphHead struct {
	X     int
	Label string
}

type graphNode struct {
	Class, Label, Full       string
	X, Y, W, H, TextX, TextY int
}

type graphEdge struct{ Class, D string }

// graphRow is the new access of one finding.
type graphRow struct{ Who, Can, On []string }

// accessGraph draws findings that say what is gained, worst first, as many as fit; nil for
// none.
func accessGraph(findings []*rules.Finding, docs documents) *graph {
	g := &grapher{fresh: map[edge]bool{}}
	var out graph
	all := 0
	var drawn []*rules.Finding
	for _, f := range findings {
		if f.Gained == nil || len(f.Gained.Actions)+len(f.Gained.Resources)+len(f.Gained.Principals) == 0 {
			continue
		}
		row := rowOf(f)
		if len(out.Rows) < tailRows {
			out.Rows = append(out.Rows, row)
		}
		if len(drawn) == all && g.fits(row, maxGraphNodes) {
			g.add(row, true)
			drawn = append(drawn, f)
		}
		all++
	}
	if len(drawn) == 0 {
		return nil
	}
	for _, f := range drawn {
		for _, row := range rowsBefore(f, docs.of(f)) {
			if g.fits(row, maxGraphOld) {
				g.add(row, false)
			}
		}
	}
	out.Caption = "What the change newly allows, and what the same policies allowed before."
	if len(drawn) < all {
		out.Caption += fmt.Sprintf(" Drawn are the worst %d of %s; all are in the list of findings.", len(drawn), count(all, "finding"))
	}
	if n := all - len(out.Rows); n > 0 {
		out.Rows = append(out.Rows, graphRow{Can: []string{fmt.Sprintf("and %d more", n)}})
	}
	var told []string
	for _, row := range out.Rows[:min(len(drawn), listCap)] {
		told = append(told, strings.Join(row.Who, ", ")+" can "+strings.Join(row.Can, ", ")+" on "+strings.Join(row.On, ", "))
	}
	out.Text = "New: " + strings.Join(told, "; ") + "."
	g.draw(&out)
	return &out
}

// rowOf says who gains what on what. Of a policy without principals it is the subject's
// access; of one without resources it is access to the subject.
func rowOf(f *rules.Finding) graphRow {
	short := func(all []string) []string { return shownValues(all, maxGraphList, true) }
	row := graphRow{
		Who: short(spelled(f.Gained.Principals, "everyone")),
		Can: short(spelled(f.Gained.Actions, "every action")),
		On:  short(spelled(f.Gained.Resources, cmp.Or(f.Gained.Thing, "every resource"))),
	}
	subject := value(subjectTitle(f.Subject))
	if len(row.Who) == 0 {
		row.Who = []string{subject}
	}
	if len(row.Can) == 0 {
		row.Can = []string{"not told"}
	}
	if len(row.On) == 0 {
		row.On = []string{subject}
		if row.Who[0] == subject {
			row.On = []string{"not told"}
		}
	}
	return row
}

// rowsBefore lists what the policy of a finding allowed before the change.
func rowsBefore(f *rules.Finding, d *rules.Document) []graphRow {
	if d == nil {
		return nil
	}
	var out []graphRow
	for _, s := range statements(d.Before) {
		was := rules.Gained{}
		allow := false
		for _, e := range elements(s) {
			switch e.name {
			case "Effect":
				allow = slices.Equal(e.values, []string{"Allow"})
			case "Principal":
				for _, v := range e.values {
					was.Principals = append(was.Principals, strings.TrimPrefix(v, "AWS "))
				}
			case "Action":
				was.Actions = e.values
			case "Resource":
				was.Resources = e.values
			}
		}
		if allow && len(was.Actions) > 0 {
			out = append(out, rowOf(&rules.Finding{Subject: f.Subject, Gained: &was}))
		}
	}
	return out
}

// edge leads from a node of a column to one of the next.
type edge struct {
	column   int
	from, to string
}

// grapher gathers nodes by column and the edges between them, in order of appearance.
type grapher struct {
	columns [3][]string
	edges   []edge
	fresh   map[edge]bool // by edge: whether it is new
}

// fits reports whether the nodes of a row leave no column with more than limit.
func (g *grapher) fits(row graphRow, limit int) bool {
	for i, list := range nodesOf(row) {
		n := len(g.columns[i])
		for _, v := range list {
			if !slices.Contains(g.columns[i], v) {
				n++
			}
		}
		if n > limit {
			return false
		}
	}
	return true
}

// nodesOf are the nodes of a row. An action is a node for each list of principals, so that
// a path from left to right is an access that there is.
func nodesOf(row graphRow) [3][]string {
	out := [3][]string{row.Who, nil, row.On}
	for _, action := range row.Can {
		out[1] = append(out[1], action+"\x00"+strings.Join(row.Who, "\x00"))
	}
	return out
}

// labelOf is what a node shows.
func labelOf(node string) string {
	label, _, _ := strings.Cut(node, "\x00")
	return label
}

func (g *grapher) add(row graphRow, fresh bool) {
	columns := nodesOf(row)
	for i, list := range columns {
		for _, v := range list {
			if !slices.Contains(g.columns[i], v) {
				g.columns[i] = append(g.columns[i], v)
			}
		}
	}
	for i := range 2 {
		for _, from := range columns[i] {
			for _, to := range columns[i+1] {
				e := edge{i, from, to}
				if _, ok := g.fresh[e]; !ok {
					g.edges = append(g.edges, e)
					g.fresh[e] = fresh
				}
			}
		}
	}
}

// draw places the nodes in three columns, each in the middle of the height, and the edges
// between them: new ones last, on top of the others.
func (g *grapher) draw(out *graph) {
	tallest := 0
	for _, c := range g.columns {
		tallest = max(tallest, len(c))
	}
	out.Width = 3*nodeWidth + 2*columnGap
	out.Height = graphTop + tallest*(nodeHeight+nodeGap)
	type key struct {
		column int
		name   string
	}
	middle := map[key]int{}
	old := map[key]bool{}
	for _, e := range g.edges {
		if !g.fresh[e] {
			old[key{e.column, e.from}], old[key{e.column + 1, e.to}] = true, true
		}
	}
	for i, names := range g.columns {
		x := i * (nodeWidth + columnGap)
		out.Heads = append(out.Heads, graphHead{x, []string{"Principals", "Actions", "Resources"}[i]})
		y := graphTop + (tallest-len(names))*(nodeHeight+nodeGap)/2
		for _, name := range names {
			class := "new"
			if old[key{i, name}] {
				class = "old"
			}
			out.Nodes = append(out.Nodes, graphNode{
				Class: class, Label: middleCut(labelOf(name), maxGraphLabel), Full: labelOf(name),
				X: x + 1, Y: y, W: nodeWidth - 2, H: nodeHeight, TextX: x + 10, TextY: y + 17,
			})
			middle[key{i, name}] = y + nodeHeight/2
			y += nodeHeight + nodeGap
		}
	}
	for _, fresh := range []bool{false, true} {
		for _, e := range g.edges {
			if g.fresh[e] != fresh {
				continue
			}
			class := "old"
			if fresh {
				class = "new"
			}
			x1 := e.column*(nodeWidth+columnGap) + nodeWidth - 1
			x2 := (e.column+1)*(nodeWidth+columnGap) + 1
			y1, y2 := middle[key{e.column, e.from}], middle[key{e.column + 1, e.to}]
			out.Edges = append(out.Edges, graphEdge{class, fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+50, y1, x2-50, y2, x2, y2)})
		}
	}
}

// middleCut shortens a name and keeps its ends, which tell ARNs apart.
func middleCut(s string, limit int) string {
	all := []rune(s)
	if len(all) <= limit {
		return s
	}
	head := limit / 2
	return string(all[:head]) + "…" + string(all[len(all)-(limit-head-1):])
}
