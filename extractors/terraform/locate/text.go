package locate

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/internal/source"
)

// template gathers the statements in a heredoc that holds JSON: offsets in it are those
// of the file.
func (w *walker) template(x *hclsyntax.TemplateExpr, at spot) {
	text, err := w.f.tree.ReadFile(at.path)
	r := x.Range()
	start, end := r.Start.Byte, r.End.Byte
	if err != nil || r.Filename != at.path || start < 0 || end > len(text) || start > end {
		return
	}
	if !bytes.HasPrefix(text[start:end], []byte("<<")) {
		// A text in quotes, where escapes stand between the offsets and the JSON. What is
		// in it as an expression can be a document.
		for _, p := range x.Parts {
			if _, constant := p.(*hclsyntax.LiteralValueExpr); !constant {
				w.walk(p, at)
			}
		}
		return
	}
	blank := bytes.Clone(text[:end])
	for _, p := range x.Parts {
		if _, constant := unwrapped(p).(*hclsyntax.LiteralValueExpr); constant {
			continue
		}
		pr := p.Range()
		fill(blank, pr.Start.Byte-len("${"), pr.End.Byte+len("}"))
	}
	if newline := bytes.IndexByte(blank[start:], '\n'); newline >= 0 {
		w.scan(blank, start+newline, end, at)
	}
}

// fill writes over a part of a text, line breaks apart.
func fill(text []byte, from, to int) {
	for i := max(from, 0); i < min(to, len(text)); i++ {
		if text[i] != '\n' {
			text[i] = 'x'
		}
	}
}

// blankTemplates writes over the expressions and directives of a template, so that the
// JSON around them is left where it is.
func blankTemplates(text []byte, name string) []byte {
	if config.Nesting(text) > maxDepth {
		return nil
	}
	tokens, ds := lexTemplate(text, name)
	if ds.HasErrors() {
		return nil
	}
	blank := bytes.Clone(text)
	depth, from := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenTemplateInterp:
			if depth++; depth == 1 {
				from = t.Range.Start.Byte
			}
		case hclsyntax.TokenTemplateControl:
			if depth++; depth == 1 {
				from = -1 - t.Range.Start.Byte
			}
		case hclsyntax.TokenTemplateSeqEnd:
			if depth--; depth == 0 && from >= 0 {
				fill(blank, from, t.Range.End.Byte)
			} else if depth == 0 { // a directive is no value
				for i := -1 - from; i < t.Range.End.Byte; i++ {
					if blank[i] != '\n' {
						blank[i] = ' '
					}
				}
			}
		}
	}
	return blank
}

func lexTemplate(text []byte, name string) (tokens hclsyntax.Tokens, ds hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			ds = hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "the template cannot be read"}}
		}
	}()
	return hclsyntax.LexTemplate(text, name, hcl.InitialPos)
}

// scan gathers the statements in a part of a text of JSON.
func (w *walker) scan(text []byte, from, to int, at spot) {
	s := &scanner{src: text[:to], i: from, lines: newLines(text), path: at.path}
	s.object(func(key string, _ int) {
		if key != "Statement" {
			s.value(0)
			return
		}
		switch s.peek() {
		case '{':
			w.scanned(s, at)
		case '[':
			s.list(func() {
				if s.peek() == '{' {
					w.scanned(s, at)
				} else {
					s.value(0)
				}
			})
		default:
			s.value(0)
		}
	})
}

// scanned reads one statement.
func (w *walker) scanned(s *scanner, at spot) {
	start := s.i
	c := &candidate{callers: at.module.Callers(), around: at.around, sidKnown: true}
	s.object(func(key string, _ int) {
		switch key {
		case "Sid":
			c.sid, c.sidKnown = s.text()
		case "Effect":
			c.effect, _ = s.text()
		case "Action", "NotAction":
			c.hasList, c.all, c.not = true, true, key == "NotAction"
			entry := func() {
				from := s.i
				text, ok := s.text()
				if !ok {
					c.all = false
					return
				}
				c.actions = append(c.actions, extractors.Entry{Text: text, Range: s.between(from, s.i)})
			}
			if s.peek() == '[' {
				s.list(entry)
			} else {
				entry()
			}
		default:
			s.value(0)
		}
	})
	c.at = s.between(start, s.i)
	if !s.failed && len(w.list) <= maxCandidates {
		w.list = append(w.list, c)
	}
}

// scanner reads JSON in which something else stands in the place of some values.
type scanner struct {
	src    []byte
	i      int
	lines  lines
	path   string
	failed bool
}

func (s *scanner) peek() byte {
	for s.i < len(s.src) && strings.IndexByte(" \t\r\n", s.src[s.i]) >= 0 {
		s.i++
	}
	if s.i >= len(s.src) {
		s.failed = true
		return 0
	}
	return s.src[s.i]
}

// object calls f for each member; f must read the value.
func (s *scanner) object(f func(key string, at int)) {
	if s.peek() != '{' {
		s.failed = true
		return
	}
	s.i++
	for !s.failed {
		switch c := s.peek(); c {
		case '}':
			s.i++
			return
		case ',':
			s.i++
		case '"':
			at := s.i
			key, _ := s.text0()
			if s.peek() != ':' {
				s.failed = true
				return
			}
			s.i++
			s.peek()
			f(key, at)
		default:
			s.failed = true
		}
	}
}

func (s *scanner) list(f func()) {
	s.i++
	for !s.failed {
		switch s.peek() {
		case ']':
			s.i++
			return
		case ',':
			s.i++
		default:
			f()
		}
	}
}

// value reads over a value.
func (s *scanner) value(depth int) {
	if depth > maxDepth {
		s.failed = true
	}
	if s.failed {
		return
	}
	switch s.peek() {
	case '{':
		s.object(func(string, int) { s.value(depth + 1) })
	case '[':
		s.list(func() { s.value(depth + 1) })
	case '"':
		_, _ = s.text0()
	default:
		from := s.i
		for s.i < len(s.src) && strings.IndexByte(",]} \t\r\n", s.src[s.i]) < 0 {
			s.i++
		}
		if s.i == from {
			s.failed = true
		}
	}
}

// text reads a text; one that was written over in part is not told.
func (s *scanner) text() (string, bool) {
	if s.peek() != '"' {
		s.value(0)
		return "", false
	}
	return s.text0()
}

func (s *scanner) text0() (string, bool) {
	from := s.i
	for s.i++; s.i < len(s.src); s.i++ {
		switch s.src[s.i] {
		case '\\':
			s.i++
		case '"':
			s.i++
			b, err := jsontext.AppendUnquote(nil, s.src[from:s.i])
			return string(b), err == nil && !bytes.Contains(b, []byte("xxx"))
		case '\n':
			s.failed = true
			return "", false
		}
	}
	s.failed = true
	return "", false
}

// between is the place of a part of the text.
func (s *scanner) between(from, to int) source.Range {
	return source.Range{Path: s.path, Start: s.lines.pos(s.src, from), End: s.lines.pos(s.src, to)}
}

// lines are the offsets at which the lines of a text begin.
type lines []int

func newLines(text []byte) lines {
	starts := lines{0}
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (l lines) pos(text []byte, offset int) source.Pos {
	lo, hi := 0, len(l)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; l[mid] <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	return source.Pos{Line: lo + 1, Column: utf8.RuneCount(text[l[lo]:offset]) + 1, Byte: offset}
}
