package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// LintClass says what becomes of a text that a lint finds fault with.
type LintClass int

// The classes, the worst last.
const (
	_       LintClass = iota
	Idle              // taken, and a part of it has no effect
	Lax               // taken, and gives more, or holds back less, than it looks like
	Refused           // refused by the service, or an error to IAM Access Analyzer
)

// String completes "The text ...".
func (c LintClass) String() string {
	switch c {
	case Idle:
		return "has no effect in part"
	case Lax:
		return "gives more than it looks like"
	case Refused:
		return "is refused, or an error to IAM Access Analyzer"
	}
	return "invalid"
}

// grade is the level of a finding of a class.
func (c LintClass) grade() (Level, float64) {
	switch c {
	case Lax:
		return Warning, 5.0
	case Refused:
		return Warning, 4.0
	}
	return Note, 2.0
}

// Lint is one thing that a policy which can be read may have wrong with it: data and a
// check. Codes are those of IAM Access Analyzer where it has one (IAM User Guide, "IAM
// Access Analyzer policy check reference"), stable, and never reused. A lint speaks up
// when it is certain, so that none is no promise that the service takes a text.
type Lint struct {
	Code  string
	Class LintClass // the usual one; where several are possible, the mildest
	Title string    // what is wrong, one line, no trailing dot
	find  func(*lintText) []trouble
}

// Lints lists all, in the order of their documentation.
func Lints() []Lint {
	return slices.Concat(readingLints, actionLints, principalLints, resourceLints, variableLints, conditionLints, documentLints, effectLints)
}

// Tells reports whether lints tell the remark with a code on the text of a grant, so
// that it needs no other report.
func Tells(g *extractors.Grant, code string) bool {
	return lintable(g) && (g.Kind == extractors.Identity || !slices.Contains(codesOfIAM, code)) &&
		slices.ContainsFunc(Lints(), func(l Lint) bool { return l.Code == code })
}

// lintText is one side of a grant as lints see it.
type lintText struct {
	*policy.Document
	grant *extractors.Grant
	side  *extractors.Side
	work  int // steps that comparisons may still take
}

// maxLintWork bounds the steps that comparing the names in one text may take.
const maxLintWork = 20_000_000

// trouble is one place where a lint finds fault.
type trouble struct {
	statement int // index, or -1 for the document
	at        source.Range
	// text says what is wrong, as a sentence without place. It also tells the trouble
	// from others of its code: one that the text before the change has is not repeated.
	text  string
	class LintClass // 0: that of the lint
}

// known reports whether a value is that of the text, and no stand-in for one that is
// known only after the change is applied.
func (t *lintText) known(value string) bool {
	return !strings.Contains(value, "unknown:") &&
		!slices.ContainsFunc(t.side.Symbols, func(s extractors.Symbol) bool { return s.Text != "" && strings.Contains(value, s.Text) })
}

// spend takes steps from what the checks of a text may take, and reports whether there
// were as many. Without, a check finds nothing more.
func (t *lintText) spend(steps int) bool {
	t.work -= steps
	return t.work >= 0
}

// literal reports whether a value has neither wildcards nor variables and is known.
func (t *lintText) literal(value string) bool {
	return !strings.ContainsAny(value, "*?") && !strings.Contains(value, "${") && t.known(value)
}

// lintable reports whether a grant is a text that the change writes. What is no policy
// but amounts to one, and what is not for AWS, is left alone.
func lintable(g *extractors.Grant) bool {
	return comparable(g) && !g.After.Absent && g.Action != extractors.Delete && g.After.Document != g.Before.Document &&
		g.Does == "" && g.Kind != extractors.ACL &&
		(g.Type == "" || strings.HasPrefix(g.Type, "aws") || strings.HasPrefix(g.Type, "AWS::"))
}

// lint reports what is wrong with a text that the change writes, one finding for each
// code. What was wrong before it already is not repeated.
func (p *Pass) lint() {
	g := p.Grant
	if !lintable(g) {
		return
	}
	after := &lintText{Document: g.After.Document, grant: g, side: &g.After, work: maxLintWork}
	var before *lintText
	if g.Before.Document != nil && g.Before.Readable() {
		before = &lintText{Document: g.Before.Document, grant: g, side: &g.Before, work: maxLintWork}
	}
	for _, l := range Lints() {
		found := l.find(after)
		if len(found) > 0 && before != nil {
			found = newTroubles(found, l.find(before))
		}
		if len(found) > 0 {
			p.reportLint(&l, found)
		}
	}
}

// newTroubles leaves out of a list what another one has as often.
func newTroubles(found, old []trouble) []trouble {
	had := map[string]int{}
	for _, t := range old {
		had[t.text]++
	}
	return slices.DeleteFunc(found, func(t trouble) bool {
		had[t.text]--
		return had[t.text] >= 0
	})
}

// reportLint reports the places of one code.
func (p *Pass) reportLint(l *Lint, found []trouble) {
	g := p.Grant
	class := LintClass(0)
	only := found[0].statement
	var keys []string
	for _, t := range found {
		class = max(class, t.class)
		if t.class == 0 {
			class = max(class, l.Class)
		}
		if t.statement != only {
			only = -1
		}
		keys = append(keys, t.text)
	}
	f := Found{}
	f.Code = l.Code
	f.Level, f.Severity = class.grade()
	sensitive := g.Before.Sensitive || g.After.Sensitive
	if sensitive {
		f.Message = fmt.Sprintf("%s: %s [%s].", name(g), l.Title, l.Code)
		f.Details = []string{"The policy is marked as sensitive: where is not shown."}
		p.Report(f, l.Code)
		return
	}
	if only >= 0 {
		f.Statement = &Statement{Index: only, Sid: g.After.Document.Statements[only].Sid}
	}
	text := strings.TrimSuffix(found[0].text, ".")
	if sentence, _, ok := strings.Cut(text, ". "); ok {
		text = sentence
	}
	if more := len(found) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more of the kind", more)
	}
	f.Message = fmt.Sprintf("%s: %s [%s].", name(g), text, l.Code)
	if class > Idle {
		f.Details = append(f.Details, fmt.Sprintf("A text like this %s.", class))
	}
	for i, t := range found {
		if i == maxTroubles {
			f.Details = append(f.Details, fmt.Sprintf("There are %d more places.", len(found)-i))
			break
		}
		f.Details = append(f.Details, placeOf(g.After.Document, t)+t.text)
	}
	p.Report(f, append([]string{l.Code}, keys...)...)
}

// maxTroubles bounds how many places a finding lists.
const maxTroubles = 10

// placeOf names where a trouble is: the statement, and the place in its file, or the line
// of a text within the input that has several.
func placeOf(d *policy.Document, t trouble) string {
	var parts []string
	if t.statement >= 0 {
		parts = append(parts, statementName(t.statement, d.Statements[t.statement].Sid))
	}
	all := d.Range()
	switch several := all.End.Line > all.Start.Line; {
	case t.at.HasLines() && t.at.Path != "":
		parts = append(parts, t.at.String())
	case t.at.HasLines() && several:
		parts = append(parts, fmt.Sprintf("line %d, column %d of the policy", t.at.Start.Line, t.at.Start.Column))
	}
	if len(parts) == 0 {
		return ""
	}
	s := strings.Join(parts, ", ") + ": "
	if t.statement >= 0 {
		s = capital(s)
	}
	return s
}

// whole is a trouble of the document.
func (t *lintText) whole(format string, a ...any) trouble {
	return trouble{statement: -1, at: t.Range(), text: fmt.Sprintf(format, a...)}
}

// in is a trouble of a statement.
func in(s *policy.Statement, at source.Range, format string, a ...any) trouble {
	return trouble{statement: s.Index, at: at, text: fmt.Sprintf(format, a...)}
}

// as gives a trouble a class of its own.
func (t trouble) as(c LintClass) trouble {
	t.class = c
	return t
}

// each gathers what a check finds in each statement.
func each(find func(*lintText, *policy.Statement) []trouble) func(*lintText) []trouble {
	return func(t *lintText) []trouble {
		var out []trouble
		for i := range t.Statements {
			out = append(out, find(t, &t.Statements[i])...)
		}
		return out
	}
}

// idle is the class of what never applies: an Allow gives nothing, and a Deny holds
// nothing back.
func idle(s *policy.Statement) LintClass {
	if s.Effect == policy.Deny {
		return Lax
	}
	return Idle
}
