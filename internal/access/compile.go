package access

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// template is a pattern that holds policy variables of unknown value. Two
// occurrences of the same text stand for the same strings, whatever the values.
type template struct {
	text string // the pattern as written, variables in lower case
	// shape is the pattern with each variable as one opaque rune: inclusion of
	// shapes carries over to every value of the variables. nil where the values
	// could change what the wildcards of the pattern mean.
	shape *glob
}

// implies reports whether every string of t, under any values of the variables, is
// one of u. It may fail to see it, never claim it wrongly.
func (t *template) implies(u *template, b *budget) bool {
	if t.text == u.text {
		return true
	}
	if t.shape == nil || u.shape == nil {
		return false
	}
	_, st := textQuery{pos: [][]*glob{{t.shape}}, neg: []*glob{u.shape}}.find(b)
	return st == unsat
}

// value is what a policy variable stands for while one case is decided.
type value struct {
	absent  bool
	literal string
	unknown bool
	free    bool // unknown, and perhaps absent
}

// environment gives every policy variable its value; a key that is missing counts
// as absent.
type environment map[string]value

// compiler turns patterns into globs under one environment and reading.
type compiler struct {
	env     environment
	reading policy.Reading
	letters map[string]rune // opaque rune of each unknown variable
}

// glob compiles pieces; wild says whether '*' and '?' are wildcards, nc that they
// stop at colons, folded that case is ignored. It reports false when a variable
// without value makes the pattern match nothing.
func (c *compiler) glob(p policy.Pattern, nc, folded bool) (*glob, bool) {
	one, many := tokOne, tokMany
	if nc {
		one, many = tokOneNC, tokManyNC
	}
	g := &glob{}
	var shape []tok
	unknown, shaped := false, true
	outline := func(kind tokKind) { // runs side by side are one
		if n := len(g.toks); n == 0 || g.toks[n-1].kind != kind {
			g.toks = append(g.toks, tok{kind: kind})
		}
	}
	add := func(ts ...tok) {
		g.toks = append(g.toks, ts...)
		shape = append(shape, ts...)
	}
	literal := func(s string) {
		if folded {
			add(foldToks(s)...)
		} else {
			add(literalToks(s)...)
		}
	}
	// The value of a variable cannot make a field longer than it is.
	fits := func(s string) bool { return !nc || !strings.Contains(s, ":") }
	for _, piece := range p {
		switch piece.Kind {
		case policy.Literal:
			literal(piece.Text)
		case policy.AnyChar:
			add(tok{kind: one})
		case policy.AnySequence:
			outline(many)
			shape = append(shape, tok{kind: many})
		case policy.Variable:
			v, known := c.env[piece.Key]
			switch {
			case !known || v.absent:
				if piece.Default == nil || !fits(*piece.Default) {
					return nil, false
				}
				literal(*piece.Default)
			case v.unknown:
				unknown = true
				// A default makes the pattern match where one without it does not.
				shaped = shaped && !(v.free && piece.Default != nil)
				outline(many)
				shape = append(shape, c.letter(piece.Key, nc, folded))
			case !fits(v.literal):
				return nil, false
			default:
				literal(v.literal)
			}
		}
	}
	if unknown {
		g.tmpl = &template{text: templateText(p, nc, folded)}
		if shaped {
			g.tmpl.shape = &glob{toks: shape}
		}
	}
	return g, true
}

// letter is the token of an unknown variable in a shape.
func (c *compiler) letter(key string, nc, folded bool) tok {
	if c.letters == nil {
		c.letters = map[string]rune{}
	}
	r, ok := c.letters[key]
	if !ok {
		r = 2 * rune(len(c.letters))
		c.letters[key] = r
	}
	t := tok{tokRune, opaqueAny + r}
	if nc {
		t.r = opaque + r
	}
	if folded {
		t.kind = tokFold
	}
	return t
}

// templateText identifies a pattern: equal texts, equal strings matched.
func templateText(p policy.Pattern, nc, folded bool) string {
	return fmt.Sprintf("T%t,%t%s", nc, folded, patternText(p))
}

func patternText(p policy.Pattern) string {
	var b strings.Builder
	for _, piece := range p {
		fmt.Fprintf(&b, " %d %q %q", piece.Kind, piece.Text, piece.Key)
		if piece.Default != nil {
			fmt.Fprintf(&b, " = %q", *piece.Default)
		}
	}
	return b.String()
}

// concat joins globs into one; templates keep their identity.
func concat(gs ...*glob) *glob {
	out := &glob{}
	var shape []tok
	var text []string
	shaped := true
	for _, g := range gs {
		out.toks = append(out.toks, g.toks...)
		if g.tmpl != nil {
			if shaped = shaped && g.tmpl.shape != nil; shaped {
				shape = append(shape, g.tmpl.shape.toks...)
			}
			text = append(text, g.tmpl.text)
		} else {
			shape = append(shape, g.toks...)
			text = append(text, strconv.Quote(g.key()))
		}
	}
	for _, g := range gs {
		if g.tmpl != nil {
			out.tmpl = &template{text: "(" + strings.Join(text, " ") + ")"}
			if shaped {
				out.tmpl.shape = &glob{toks: shape}
			}
			break
		}
	}
	return out
}

// resolve replaces the variables whose value is known; unknown reports whether
// others are left, and ok that none lacks a value.
func (c *compiler) resolve(p policy.Pattern) (out policy.Pattern, unknown, ok bool) {
	for _, piece := range p {
		if piece.Kind == policy.Variable {
			switch v, known := c.env[piece.Key]; {
			case known && v.unknown:
				unknown = true
			case known && !v.absent:
				piece = policy.Piece{Kind: policy.Literal, Text: v.literal}
			case piece.Default != nil:
				piece = policy.Piece{Kind: policy.Literal, Text: *piece.Default}
			default:
				return nil, false, false
			}
		}
		out = append(out, piece)
	}
	return out, unknown, true
}

// variableARN compiles an ARN pattern that has its six fields only once its
// variables are replaced, such as "${aws:PrincipalArn}". With values that are not
// known it is an outline that lets every wildcard run over colons.
func (c *compiler) variableARN(p policy.Pattern) (*glob, bool) {
	p, unknown, ok := c.resolve(p)
	if !ok {
		return nil, false
	}
	if !unknown {
		fields := arnFields(p)
		if len(fields) < 6 {
			return nil, false
		}
		return c.arn(fields, false)
	}
	g, ok := c.glob(p, false, false)
	if ok {
		g.tmpl = &template{text: "ARN " + g.tmpl.text}
	}
	return g, ok
}

// arnFields cuts a pattern at its first five colons. The last field keeps any
// further ones.
func arnFields(p policy.Pattern) []policy.Pattern {
	fields := []policy.Pattern{nil}
	last := func() *policy.Pattern { return &fields[len(fields)-1] }
	for _, piece := range p {
		if piece.Kind != policy.Literal {
			*last() = append(*last(), piece)
			continue
		}
		text := piece.Text
		for len(fields) < 6 {
			before, after, found := strings.Cut(text, ":")
			if !found {
				break
			}
			if before != "" {
				*last() = append(*last(), policy.Piece{Kind: policy.Literal, Text: before})
			}
			fields = append(fields, nil)
			text = after
		}
		if text != "" {
			*last() = append(*last(), policy.Piece{Kind: policy.Literal, Text: text})
		}
	}
	return fields
}

// arn compiles an ARN pattern field by field. Wildcards of the first five fields
// stop at colons (IAM User Guide, "IAM JSON policy elements: Resource"; the
// answers of the service's check agree).
func (c *compiler) arn(fields []policy.Pattern, folded bool) (*glob, bool) {
	colon := &glob{toks: []tok{{tokRune, ':'}}}
	var parts []*glob
	for i, f := range fields {
		g, ok := c.glob(f, i < 5, folded)
		if !ok {
			return nil, false
		}
		if i > 0 {
			parts = append(parts, colon)
		}
		parts = append(parts, g)
	}
	return concat(parts...), true
}

// completed adds "*" for each field of an ARN that was left out.
func completed(fields []policy.Pattern) []policy.Pattern {
	full := slices.Clone(fields)
	for len(full) < 6 {
		full = append(full, policy.Pattern{{Kind: policy.AnySequence}})
	}
	return full
}

// resource compiles one string of a Resource or NotResource element.
func (c *compiler) resource(text string, variables bool, kind policy.Kind) []*glob {
	p, err := policy.ParsePattern(text, variables, true)
	if err != nil {
		return nil
	}
	if p.IsStar() {
		return []*glob{{toks: []tok{{kind: tokMany}}}}
	}
	if kind == policy.Resource && strings.HasPrefix(text, "execute-api:/") {
		return c.one(c.requestToAPI(p))
	}
	fields := arnFields(p)
	if len(fields) == 6 {
		return c.one(c.arn(fields, false))
	}
	switch {
	case c.reading.ShortARNCrosses:
		return append(c.one(c.arn(completed(fields), false)), c.one(c.crossing(fields))...)
	case kind == policy.Identity:
		return c.one(c.arn(completed(fields), false))
	default:
		return nil
	}
}

// requestToAPI compiles "execute-api:/stage/METHOD/path" of a resource policy, which
// stands for the execution ARN of the API that has the policy (Amazon API Gateway
// Developer Guide, "API Gateway resource policy examples"). That ARN is not known,
// so it is any: both sides of a comparison are about the same API.
func (c *compiler) requestToAPI(p policy.Pattern) (*glob, bool) {
	rest := slices.Clone(p)
	rest[0].Text = strings.TrimPrefix(rest[0].Text, "execute-api:")
	g, ok := c.glob(rest, false, false)
	if !ok {
		return nil, false
	}
	api := build("arn:", fieldRun, ":execute-api:", fieldRun, ":", fieldRun, ":", tok{kind: tokOneNP}, tok{kind: tokManyNP})
	return concat(api, g), true
}

func (c *compiler) one(g *glob, ok bool) []*glob {
	if !ok {
		return nil
	}
	return []*glob{g}
}

// crossing compiles a short ARN so that a "*" at the end of a field runs over the
// colons behind it.
func (c *compiler) crossing(fields []policy.Pattern) (*glob, bool) {
	var parts []*glob
	for i, f := range fields {
		if i > 0 {
			parts = append(parts, &glob{toks: []tok{{tokRune, ':'}}})
		}
		g, ok := c.glob(f, true, false)
		if !ok {
			return nil, false
		}
		if n := len(f); n > 0 && f[n-1].Kind == policy.AnySequence {
			g.toks[len(g.toks)-1].kind = tokMany
			if g.tmpl != nil && g.tmpl.shape != nil {
				g.tmpl.shape.toks[len(g.tmpl.shape.toks)-1].kind = tokMany
			}
			if g.tmpl != nil {
				g.tmpl.text = "+" + g.tmpl.text
			}
		}
		parts = append(parts, g)
	}
	return concat(parts...), true
}

// action compiles one string of an Action or NotAction element. Action names have
// no case; requests are lower case inside the engine.
func action(text string) *glob {
	p, err := policy.ParsePattern(lower(text), false, true)
	if err != nil {
		return nil
	}
	c := compiler{}
	g, _ := c.glob(p, false, false)
	g.text = text
	return g
}

// lower maps all texts that are equal under simple case folding to one of them, in
// lower case where that is one of them.
func lower(text string) string {
	return strings.Map(func(r rune) rune {
		least := fold(r)
		if l := unicode.ToLower(least); fold(l) == least {
			return l
		}
		return least
	}, text)
}
