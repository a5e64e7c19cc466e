package report

import (
	"slices"
	"strings"
)

// piece is a run of lines of a policy: those of one statement, or those around them.
type piece struct {
	statement bool
	sid       string // the line that gives the Sid, "" for none
	lines     []policyLine
}

func pieces(lines []policyLine) []piece {
	var out []piece
	for i, l := range lines {
		if i == 0 || l.statement != lines[i-1].statement {
			out = append(out, piece{statement: l.statement >= 0})
		}
		p := &out[len(out)-1]
		p.lines = append(p.lines, l)
		if text := strings.TrimSpace(l.text); p.statement && strings.HasPrefix(text, `"Sid": "`) {
			p.sid = strings.TrimSuffix(text, ",")
		}
	}
	return out
}

// same reports whether two pieces are of one statement for certain: its Sid is the same,
// or its text.
func (p *piece) same(q *piece) bool {
	if p.statement != q.statement {
		return false
	}
	if p.sid != "" || q.sid != "" {
		return p.sid == q.sid
	}
	bare := func(l policyLine) string { return strings.TrimSuffix(l.text, ",") }
	return slices.EqualFunc(p.lines, q.lines, func(a, b policyLine) bool { return bare(a) == bare(b) })
}

// may reports whether two pieces between others that are the same can be one statement
// that was written anew.
func (p *piece) may(q *piece) bool { return p.statement == q.statement && (p.sid == "" || q.sid == "") }

// maxAligned bounds the product of the statements of two texts that are put beside each
// other; beyond it the texts are compared line by line.
const maxAligned = 250_000

// align puts the pieces of two texts beside each other, in the order of both: what is the
// same by the longest common sequence, and between those what may be, first with first.
// A piece that has no other side stands beside none.
func align(before, after []piece) [][2][]policyLine {
	if len(before)*len(after) > maxAligned {
		var whole [2][]policyLine
		for i, side := range [2][]piece{before, after} {
			for _, p := range side {
				whole[i] = append(whole[i], p.lines...)
			}
		}
		return [][2][]policyLine{whole}
	}
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if before[i].same(&after[j]) {
				common[i][j] = max(common[i][j], 1+common[i+1][j+1])
			}
		}
	}
	var out [][2][]policyLine
	var gone, come []piece
	flush := func() {
		for len(gone) > 0 && len(come) > 0 && gone[0].may(&come[0]) {
			out = append(out, [2][]policyLine{gone[0].lines, come[0].lines})
			gone, come = gone[1:], come[1:]
		}
		for _, p := range gone {
			out = append(out, [2][]policyLine{p.lines, nil})
		}
		for _, p := range come {
			out = append(out, [2][]policyLine{nil, p.lines})
		}
		gone, come = nil, nil
	}
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		switch {
		case before[i].same(&after[j]) && common[i][j] == 1+common[i+1][j+1]:
			flush()
			out = append(out, [2][]policyLine{before[i].lines, after[j].lines})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			gone = append(gone, before[i])
			i++
		default:
			come = append(come, after[j])
			j++
		}
	}
	gone, come = append(gone, before[i:]...), append(come, after[j:]...)
	flush()
	return out
}
