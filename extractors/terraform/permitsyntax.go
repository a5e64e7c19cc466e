package terraform

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// statementForm is one statement of a permitForm, written as a sentence:
//
//	[each PATH:] [when ATTR=VALUE:] WHO may DO [on ON] [if OPERATOR KEY VALUE [and ...]] [as SID]
//
// Sentences are separated by "; ". WHO, DO and ON are lists with commas between
// their entries. An entry is a text with attributes in braces:
//
//	{name}          the value of an attribute; dots lead into nested blocks
//	{name[]}        the values of a list: the entry stands once for each of them
//	{a|b|'text'}    the first that is set
//	{name~filter}   what a function of permitFilters makes of the value
//	{^name}         inside of "each": an attribute of the object itself
//	{!name}         while it is not known, nothing can be said
//	(text{name})    left out when the attribute is not set
//
// An entry whose attribute is not set is left out; a statement without a principal
// or an action is none, and one whose resources are all left out is about "*". A value
// that is an ARN takes the place of an entry whose text in front of it begins an ARN.
//
// "each" makes the statement for every block at a path, whose attributes the braces
// then name. "when" says which value opens: several are separated by bars, and ” is
// an attribute that is not set; several tests are joined by "and". A condition whose
// value is not set is left out; a key that ends in {} takes the keys of a map.
//
// WHO is read as services write principals: see maker.principal.
type statementForm struct {
	each        []string
	when        []test
	who, do, on []template
	conditions  []conditionForm
	sid         template
}

// test says that an attribute has one of some values.
type test struct {
	attr   attribute
	values []string
}

// conditionForm is a condition of a statement.
type conditionForm struct {
	operator, key string
	value         template
}

// template is a text with attributes in it.
type template []piece

// piece is a literal text, an attribute, or a group that may be left out.
type piece struct {
	text     string
	attrs    []attribute // the first that is set counts
	fallback string
	filter   string
	group    template
}

// attribute names a value of the object or of the block at hand.
type attribute struct {
	steps  []string
	root   bool
	list   bool
	needed bool
}

// parseStatements reads the text of a form and notes the attributes that it reads.
// A faulty text is a fault of the program.
func parseStatements(text string, reads map[string]bool) []statementForm {
	var list []statementForm
	for _, sentence := range strings.Split(text, "; ") {
		list = append(list, parseStatement(sentence, reads))
	}
	return list
}

func parseStatement(sentence string, reads map[string]bool) statementForm {
	var f statementForm
	fail := func(why string) { panic(fmt.Sprintf("terraform: statement %q: %s", sentence, why)) }
	rest := sentence
	if s, ok := strings.CutPrefix(rest, "each "); ok {
		path, after, found := strings.Cut(s, ": ")
		if !found {
			fail(`no ": " after each`)
		}
		f.each, rest = strings.Split(path, "."), after
		reads[path] = true
	}
	block := f.each
	if s, ok := strings.CutPrefix(rest, "when "); ok {
		tests, after, found := strings.Cut(s, ": ")
		if !found {
			fail(`no ": " after when`)
		}
		for _, t := range strings.Split(tests, " and ") {
			name, values, found := strings.Cut(t, "=")
			if !found {
				fail("a test without =")
			}
			f.when = append(f.when, test{parseAttribute(name, block, reads), strings.Split(strings.ReplaceAll(values, "''", ""), "|")})
		}
		rest = after
	}
	rest, sid, _ := strings.Cut(rest, " as ")
	rest, conditions, _ := strings.Cut(rest, " if ")
	rest, on, hasOn := strings.Cut(rest, " on ")
	who, do, found := strings.Cut(rest, " may ")
	if !found {
		fail("no may")
	}
	f.who, f.do = parseEntries(who, block, reads), parseEntries(do, block, reads)
	if hasOn {
		f.on = parseEntries(on, block, reads)
	}
	if sid != "" {
		f.sid = parseTemplate(sid, block, reads)
	}
	for _, c := range strings.Split(conditions, " and ") {
		if c == "" {
			continue
		}
		w := strings.SplitN(c, " ", 3)
		if len(w) != 3 {
			fail("a condition is operator, key and value")
		}
		f.conditions = append(f.conditions, conditionForm{w[0], w[1], parseTemplate(w[2], block, reads)})
	}
	return f
}

func parseEntries(text string, block []string, reads map[string]bool) []template {
	var list []template
	for _, e := range strings.Split(text, ", ") {
		list = append(list, parseTemplate(e, block, reads))
	}
	return list
}

func parseTemplate(text string, block []string, reads map[string]bool) template {
	var t template
	for text != "" {
		i := strings.IndexAny(text, "{(")
		if i < 0 {
			return append(t, piece{text: text})
		}
		if i > 0 {
			t = append(t, piece{text: text[:i]})
		}
		closing := "}"
		if text[i] == '(' {
			closing = ")"
		}
		end := strings.Index(text, closing)
		if end < i {
			panic(fmt.Sprintf("terraform: %q has no %s", text, closing))
		}
		inner := text[i+1 : end]
		text = text[end+1:]
		if closing == ")" {
			t = append(t, piece{group: parseTemplate(inner, block, reads)})
			continue
		}
		t = append(t, parseAttributes(inner, block, reads))
	}
	return t
}

func parseAttributes(text string, block []string, reads map[string]bool) piece {
	var p piece
	text, p.filter, _ = strings.Cut(text, "~")
	if p.filter != "" && permitFilters[p.filter].make == nil {
		panic(fmt.Sprintf("terraform: no filter %q", p.filter))
	}
	for _, name := range strings.Split(text, "|") {
		if strings.HasPrefix(name, "'") {
			p.fallback = strings.Trim(name, "'")
			continue
		}
		p.attrs = append(p.attrs, parseAttribute(name, block, reads))
	}
	return p
}

func parseAttribute(name string, block []string, reads map[string]bool) attribute {
	var a attribute
	name, a.needed = strings.CutPrefix(name, "!")
	name, a.root = strings.CutPrefix(name, "^")
	name, a.list = strings.CutSuffix(name, "[]")
	a.steps = strings.Split(name, ".")
	if block != nil && !a.root {
		name = strings.Join(block, ".") + "." + name
	}
	reads[name] = true
	return a
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// splitList splits a list with bars; "" is the empty one.
func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
