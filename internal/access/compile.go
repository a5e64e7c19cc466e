package access

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// value is what a policy variable stands for while one case is decided.
type value struct {
	absent  bool
	several bool // the key has several values, so that the variable has none
	literal string
	unknown bool
	free    bool // unknown, and perhaps absent or of several values
	// An unknown value that is not free matches all of within, none of outside, and
	// is none of others; as is the variable that it is the same as, "" for one that
	// comes first.
	within, outside []form
	others          []string
	as              string
}

// A form is a text of a condition that tells values apart.
type form struct {
	test    policy.Test
	text    string
	escapes bool // "${*}" and the like are characters; there are no variables
}

// environment gives every policy variable its value; a key that is missing counts
// as absent.
type environment map[string]value

// compiler turns patterns into globs under one environment.
type compiler struct {
	*ground
	env     environment
	numbers map[string]int32 // of the values in env; see value
	// templated are resources with variables.
	templated map[resourceText][]*glob
}

// resourceText is what the meaning of a string of Resource depends on.
type resourceText struct {
	text      string
	variables bool
	kind      policy.Kind
}

// wildGlob compiles a text without variables, '*' and '?' as wildcards. In the first
// fields that colons separate they stop at colons; fields is 5 for an ARN.
func wildGlob(text string, fields int) *glob {
	first := strings.IndexAny(text, "*?")
	if first < 0 {
		return literal(text)
	}
	toks := make([]tok, 0, len(text))
	for _, r := range text {
		t := tok{tokRune, r}
		switch {
		case r == ':':
			fields--
		case r == '*' && fields > 0:
			t = tok{kind: tokManyNC}
		case r == '*':
			t = tok{kind: tokMany}
		case r == '?' && fields > 0:
			t = tok{kind: tokOneNC}
		case r == '?':
			t = tok{kind: tokOne}
		}
		toks = append(toks, t)
	}
	return &glob{toks: toks, pre: text[:first], suf: text[strings.LastIndexAny(text, "*?")+1:]}
}

// A draft is a glob being compiled, with what makes it a template.
type draft struct {
	toks, shape []tok
	unknown     bool // holds a variable of unknown value
	shapeless   bool
	text        strings.Builder
}

// literal adds a text.
func (d *draft) literal(s string, folded bool) {
	ts := literalToks
	if folded {
		ts = foldToks
	}
	d.add(ts(s)...)
}

func (d *draft) add(ts ...tok) {
	d.toks = append(d.toks, ts...)
	d.shape = append(d.shape, ts...)
}

// outline adds a run to the tokens only; runs side by side are one.
func (d *draft) outline(kind tokKind) {
	if n := len(d.toks); n == 0 || d.toks[n-1].kind != kind {
		d.toks = append(d.toks, tok{kind: kind})
	}
}

func (d *draft) glob() *glob {
	g := newGlob(d.toks)
	if d.unknown {
		g.tmpl = &template{text: d.text.String()}
		if !d.shapeless {
			g.tmpl.shape = newGlob(d.shape)
		}
	}
	return g
}

// pieces compiles a pattern behind what d has; nc says that '*' and '?' stop at
// colons, folded that case is ignored. It reports false when a variable without value
// makes the pattern match nothing.
func (c *compiler) pieces(d *draft, p policy.Pattern, nc, folded bool) bool {
	one, many := tokOne, tokMany
	if nc {
		one, many = tokOneNC, tokManyNC
	}
	d.text.WriteString(templateText(c.canonical(p), nc, folded))
	// The value of a variable cannot make a field longer than it is.
	fits := func(s string) bool { return !nc || !strings.Contains(s, ":") }
	for _, piece := range p {
		switch piece.Kind {
		case policy.Literal:
			d.literal(piece.Text, folded)
		case policy.AnyChar:
			d.add(tok{kind: one})
		case policy.AnySequence:
			d.outline(many)
			d.shape = append(d.shape, tok{kind: many})
		case policy.Variable:
			v, known := c.env[piece.Key]
			switch {
			case v.several:
				return false
			case !known || v.absent:
				if piece.Default == nil || !fits(*piece.Default) {
					return false
				}
				d.literal(*piece.Default, folded)
			case v.unknown && nc && c.holdsColon(v):
				return false
			case v.unknown:
				d.unknown = true
				// A default makes the pattern match where one without it does not.
				d.shapeless = d.shapeless || v.free && piece.Default != nil
				d.toks = append(d.toks, c.outline(v, nc, folded)...)
				d.shape = append(d.shape, c.letter(piece.Key, nc, folded))
			case !fits(v.literal):
				return false
			default:
				d.literal(v.literal, folded)
			}
		}
	}
	return true
}

// outline holds every value of a cell: what the cell says that it looks like.
func (c *compiler) outline(v value, nc, folded bool) []tok {
	toks := []tok{anyRun}
	texts := func(toks []tok) (n int) {
		for _, t := range toks {
			if t.kind <= tokFold {
				n++
			}
		}
		return n
	}
	for _, f := range v.within {
		gs := c.text(f.test, f.text, f.escapes)
		if len(gs) != 1 {
			continue
		}
		more := gs[0].tokens()
		if cmp.Or(cmp.Compare(texts(more), texts(toks)), cmp.Compare(len(more), len(toks))) > 0 {
			toks = more
		}
	}
	toks = slices.Clone(toks)
	for i, t := range toks {
		switch {
		case folded && t.kind == tokRune:
			toks[i] = tok{tokFold, fold(t.r)}
		case nc && t.kind == tokMany:
			toks[i].kind = tokManyNC
		case nc && t.kind == tokOne:
			toks[i].kind = tokOneNC
		}
	}
	return toks
}

// holdsColon reports whether the value's cell says that there is a colon in it.
func (c *compiler) holdsColon(v value) bool {
	return slices.ContainsFunc(v.within, func(f form) bool {
		gs := c.text(f.test, f.text, f.escapes)
		return len(gs) == 1 && names(gs[0].tokens(), ':')
	})
}

// first is the variable that stands for all that are the same as key.
func (c *compiler) first(key string) string { return c.env.first(key) }

func (e environment) first(key string) string {
	if as := e[key].as; as != "" {
		return as
	}
	return key
}

// canonical writes variables that are the same alike, and leaves out defaults of those
// that are known to have a value.
func (c *compiler) canonical(p policy.Pattern) policy.Pattern {
	p = slices.Clone(p)
	for i, piece := range p {
		if v := c.env[piece.Key]; piece.Kind == policy.Variable && v.unknown && !v.free {
			p[i] = policy.Piece{Kind: policy.Variable, Key: c.first(piece.Key)}
		}
	}
	return p
}

// glob compiles a pattern; see pieces.
func (c *compiler) glob(p policy.Pattern, nc, folded bool) (*glob, bool) {
	var d draft
	if !c.pieces(&d, p, nc, folded) {
		return nil, false
	}
	return d.glob(), true
}

// letter is the token of an unknown variable in a shape.
func (c *compiler) letter(key string, nc, folded bool) tok {
	key = c.first(key)
	r, ok := c.opaques[key]
	if !ok {
		r = 2 * rune(len(c.opaques))
		c.opaques[key] = r
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
	b := make([]byte, 0, 96)
	b = strconv.AppendBool(append(b, 'T'), nc)
	b = strconv.AppendBool(append(b, ','), folded)
	return string(appendPattern(b, p))
}

// appendPattern writes a pattern so that different ones differ.
func appendPattern(b []byte, p policy.Pattern) []byte {
	text := func(s string) { b = append(append(strconv.AppendInt(b, int64(len(s)), 10), ':'), s...) }
	for i := range p {
		b = strconv.AppendInt(append(b, ' '), int64(p[i].Kind), 10)
		text(p[i].Text)
		text(p[i].Key)
		if p[i].Default != nil {
			b = append(b, '=')
			text(*p[i].Default)
		}
	}
	return b
}

// resolve replaces the variables whose value is known; unknown reports whether
// others are left, and ok that none lacks a value.
func (c *compiler) resolve(p policy.Pattern) (out policy.Pattern, unknown, ok bool) {
	for _, piece := range p {
		if piece.Kind == policy.Variable {
			switch v, known := c.env[piece.Key]; {
			case v.several:
				return nil, false, false
			case v.unknown:
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
	if key, ok := sole(p); ok && unknown {
		// No other text is like an ARN, and what is none is like nothing.
		switch v := c.env[key]; {
		case !v.free && slices.Contains(v.within, isAnARN):
			return c.glob(p, false, false)
		case !v.free && slices.Contains(v.outside, isAnARN):
			return nil, false
		}
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
	var d draft
	for i, f := range fields {
		if i > 0 {
			d.literal(":", false)
		}
		if !c.pieces(&d, f, i < 5, folded) {
			return nil, false
		}
	}
	return d.glob(), true
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
	if text == "*" {
		return everything
	}
	key := resourceText{text, variables && strings.Contains(text, "${"), kind}
	known := c.resources
	if key.variables {
		if c.templated == nil {
			c.templated = map[resourceText][]*glob{}
		}
		known = c.templated
	}
	gs, ok := known[key]
	if !ok {
		for _, g := range c.resourceGlobs(key) {
			gs = append(gs, c.in.add(g))
		}
		known[key] = gs
	}
	return gs
}

var everything = shared(parseGlob("*")).globs

func (c *compiler) resourceGlobs(r resourceText) []*glob {
	ownAPI := r.kind == policy.Resource && strings.HasPrefix(r.text, "execute-api:/")
	if !r.variables && !ownAPI && strings.Count(r.text, ":") >= 5 {
		return []*glob{wildGlob(r.text, 5)}
	}
	p, ok := c.patterns.parse(r.text, r.variables, true)
	if !ok {
		return nil
	}
	if ownAPI {
		return c.one(c.requestToAPI(p))
	}
	fields := arnFields(p)
	if len(fields) == 6 {
		return c.one(c.arn(fields, false))
	}
	switch {
	case c.reading.ShortARNCrosses:
		return append(c.one(c.arn(completed(fields), false)), c.one(c.crossing(fields))...)
	case r.kind == policy.Identity:
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
	var d draft
	d.text.WriteString("API ")
	d.add(build("arn:", fieldRun, ":execute-api:", fieldRun, ":", fieldRun, ":", tok{kind: tokOneNP}, tok{kind: tokManyNP}).toks...)
	if !c.pieces(&d, rest, false, false) {
		return nil, false
	}
	return d.glob(), true
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
	var d draft
	d.text.WriteString("crossing ")
	for i, f := range fields {
		if i > 0 {
			d.literal(":", false)
		}
		if !c.pieces(&d, f, true, false) {
			return nil, false
		}
		if n := len(f); n > 0 && f[n-1].Kind == policy.AnySequence {
			d.toks[len(d.toks)-1].kind = tokMany
			d.shape[len(d.shape)-1].kind = tokMany
		}
	}
	return d.glob(), true
}

// action compiles one string of an Action or NotAction element.
func (c *compiler) action(text string) *glob {
	g, ok := c.actions[text]
	if !ok {
		g = c.in.own(action(text))
		c.actions[text] = g
	}
	return g
}

// action compiles one string of an Action or NotAction element. Action names have
// no case; requests are lower case inside the engine.
func action(text string) *glob {
	g := wildGlob(lower(text), 0)
	g.pattern = text
	return g
}

// lower maps all texts that are equal under simple case folding to one of them, in
// lower case where that is one of them.
func lower(text string) string {
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		least := fold(r)
		if l := unicode.ToLower(least); fold(l) == least {
			return l
		}
		return least
	}, text)
}
