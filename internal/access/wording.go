package access

import (
	"iter"
	"maps"
	"slices"
	"unicode"

	"github.com/grantdiff/grantdiff/internal/access/equation"
)

// A wording writes demands as equations between words. What an equation cannot say is left
// out, so that one that has no solution tells that there is no request, and one that has may
// not tell that there is.
type wording struct {
	*problem
	// folded reads all texts without regard to case: to be one text but for case is an equation
	// then. Of what is not to be matched, what depends on case is left out.
	folded bool
	// alike takes texts that are one but for case for one in the same case, which asks for more:
	// a solution is one all the same, if there is any.
	alike     bool
	alphabet  []rune
	free      int
	variables []rune // by the number of the unknown, which follow those of the demands
	demands   []demand
	fixed     [][]equation.Language // by demand: what holds whatever is chosen
	excluded  []equation.Exclusion
	options   []option
	classes   []func(rune) bool
	ofClass   map[class]int // their numbers
	byToken   map[tok]equation.Language
}

// An option is a list of patterns of which a value has to match one.
type option struct {
	demand int
	shapes []*glob
	plain  equation.Language // of the patterns without variables; nil where there are none
}

// language are the texts that a follower takes.
type language struct{ *follower }

func (l language) Start() int32 { return l.start }

func (l language) Next(s int32, r rune) int32 { return l.step(s, r) }

func (l language) Ends(s int32) bool { return l.ends[s] }

// read prepares the demands; false where that tells nothing new, or the work is spent.
func (w *wording) read(ds []demand, links []link) bool {
	w.demands, w.ofClass, w.byToken = ds, map[class]int{}, map[tok]equation.Language{}
	var all []*glob
	folds := false
	see := func(g *glob) {
		all = append(all, w.folding(g))
		for _, t := range g.tokens() {
			if r, ok := t.variable(); ok {
				w.variable(r)
				folds = folds || t.kind == tokFold
			}
		}
	}
	for _, d := range ds {
		for _, u := range slices.Concat(d.pos, d.neg) {
			for _, g := range u.globs {
				if see(g); g.tmpl != nil && g.tmpl.shape != nil {
					see(g.tmpl.shape)
				}
			}
		}
		if d.hasOwn() {
			see(newGlob([]tok{w.own(d)}))
		}
	}
	if (w.folded || w.alike) && !folds {
		return false
	}
	for _, l := range links {
		o := w.link(l)
		for _, g := range o.shapes {
			see(g)
		}
		w.options = append(w.options, o)
	}
	w.spell(all)
	for i, d := range ds {
		if !w.demand(i, d) {
			return false
		}
	}
	w.apart()
	w.limit()
	return true
}

// spell finds the alphabet.
func (w *wording) spell(all []*glob) {
	runes, free := charClasses(append(all, literal(":")), nil)
	for i, r := range runes {
		if w.folded {
			r = fold(r)
		}
		if r >= opaque || slices.Contains(w.alphabet, r) {
			continue
		}
		w.alphabet = append(w.alphabet, r)
		if i < free {
			w.free = len(w.alphabet)
		}
	}
}

// demand writes what is fixed of a demand, and its options.
func (w *wording) demand(i int, d demand) bool {
	var pos, neg []*union
	for _, u := range d.pos {
		o := option{demand: i}
		var plain []*glob
		for _, g := range u.globs {
			if g.tmpl != nil && g.tmpl.shape != nil {
				o.shapes = append(o.shapes, g.tmpl.shape)
			} else {
				plain = append(plain, w.folding(g))
			}
		}
		switch {
		case len(o.shapes) == 0:
			pos = append(pos, w.in.union(plain))
			continue
		case len(plain) > 0:
			l, ok := w.language([]*union{w.in.union(plain)}, nil)
			if !ok {
				return false
			}
			o.plain = l
		}
		w.options = append(w.options, o)
	}
	for _, u := range d.neg {
		for _, t := range u.templates {
			if t.shape == nil {
				continue
			}
			if pattern, ok := w.pattern(t.shape); ok {
				w.excluded = append(w.excluded, equation.Exclusion{Word: equation.Word{equation.Unknown(i)}, Pattern: pattern})
			}
		}
		var plain []*glob
		for _, g := range u.plain.globs {
			if w.sure(g) {
				plain = append(plain, w.folding(g))
			}
		}
		neg = append(neg, w.in.union(plain))
	}
	l, ok := w.language(pos, neg)
	w.fixed = append(w.fixed, []equation.Language{l})
	return ok
}

// hasOwn reports whether a demand is on the only value of a key.
func (d demand) hasOwn() bool { return d.dim > dimResource && !d.member }

// own is the token of the value of a demand on a key.
func (w *wording) own(d demand) tok {
	if key := w.dims[d.dim].key; w.env.isUnknown(key) {
		return w.letter(key, false, false)
	}
	return tok{tokRune, opaqueAny + maxVariables + 2*rune(d.dim)}
}

// maxVariables is more than twice what variables there are.
const maxVariables = 1 << 15

// link says that the value of a key is a part of the principal or the resource.
func (w *wording) link(l link) option {
	at := func(dim int) int {
		return slices.IndexFunc(w.demands, func(d demand) bool { return d.dim == dim && !d.member })
	}
	o := option{demand: at(l.from)}
	shapes, ok := l.image(newGlob([]tok{w.own(w.demands[at(l.key)])}))
	if o.shapes = shapes; !ok || len(shapes) == 0 { // nothing is known
		o.shapes = everything
	}
	return o
}

// apart adds that values that are compared and not the same are not.
func (w *wording) apart() {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(w.env)) {
		r, ok := w.opaques[key]
		if w.env.isUnknown(key) && w.env[key].as == "" && ok && slices.Contains(w.variables, r) {
			keys = append(keys, key)
		}
	}
	for i, key := range keys {
		text := equation.Unknown(w.variable(w.opaques[key]))
		for _, other := range keys[:i] {
			if w.related.group[key] == w.related.group[other] {
				pattern, _ := w.pattern(newGlob([]tok{w.letter(other, false, false)}))
				w.excluded = append(w.excluded, equation.Exclusion{Word: equation.Word{text}, Pattern: pattern})
			}
		}
	}
}

// language are the texts that match one of each of pos, and none of neg.
func (w *wording) language(pos, neg []*union) (equation.Language, bool) {
	f, ok := newFollower(pos, neg, string(w.alphabet), w.b)
	return language{f}, ok
}

// folding is a glob that matches, of texts read without regard to case, those that g matches
// in some case.
func (w *wording) folding(g *glob) *glob {
	if !w.folded {
		return g
	}
	toks := slices.Clone(g.tokens())
	for i, t := range toks {
		if t.kind == tokRune {
			toks[i] = tok{tokFold, fold(t.r)}
		}
	}
	return newGlob(toks)
}

// sure reports whether a text that g matches when case does not count is one that it matches.
func (w *wording) sure(g *glob) bool {
	return !w.folded || !slices.ContainsFunc(g.tokens(), func(t tok) bool {
		return t.kind == tokRune && (t.r >= opaque || unicode.SimpleFold(t.r) != t.r)
	})
}

// limit drops options until there are few enough ways to choose.
func (w *wording) limit() {
	for {
		ways, widest := 1, 0
		for i, o := range w.options {
			if ways = min(ways*o.size(), maxChoices+1); o.size() > w.options[widest].size() {
				widest = i
			}
		}
		if ways <= maxChoices {
			return
		}
		w.options = slices.Delete(w.options, widest, widest+1)
	}
}

func (o option) size() int {
	if o.plain != nil {
		return len(o.shapes) + 1
	}
	return len(o.shapes)
}

// choices are all ways to choose one of each option, by number; those without variables last.
func (w *wording) choices() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		choice := make([]int, len(w.options))
		for yield(choice) {
			i := 0
			for ; i < len(choice); i++ {
				if choice[i]++; choice[i] < w.options[i].size() {
					break
				}
				choice[i] = 0
			}
			if i == len(choice) {
				return
			}
		}
	}
}
