// Package eval works out the values of a template offline: every intrinsic function,
// parameters and conditions. What is not known before the stack is changed becomes a
// symbol, a text that equals nothing but itself and stands where the value will, in the
// shape that the type of the resource gives it; so that a policy around it can be read.
//
// Where a condition depends on what is not known, evaluation asks for a choice (Need);
// Explore makes each consistent choice once. Work is bounded; nothing outside of the
// template is looked at.
package eval

import (
	"fmt"
	"slices"
	"strings"
)

// Symbol stands for a value that is not known.
type Symbol struct {
	// Text is what stands in its place, such as "(Bucket)".
	Text string
	// Reference is what the value comes from, such as Bucket.Arn.
	Reference string
	// Reason says in one sentence why it is not known; "" where it simply is not
	// before the change.
	Reason string

	// Somebody: the value names one thing, and cannot be "*", before the change and after
	// it.
	Somebody [2]bool
	// ARN: what Somebody says is of one ARN or of several, and of no account by its id.
	ARN bool
	// DeniesNothing: it stands for a policy without a Deny.
	DeniesNothing bool
	// Steady: the value does not begin with a wildcard, before the change and after it.
	Steady [2]bool
	// Missing is the logical ID that it refers to and the template does not have.
	Missing string
	// Option is what gives the value to a scan, such as --param Name=VALUE; "" for nothing.
	Option string

	literal [2]bool // the value, and each element of a list, has no wildcard anywhere, before the change and after it
	plain   bool    // the value has neither a colon nor a slash
	word    bool    // the value has letters, digits and hyphens, and nothing else
	list    [2]bool // the value is a list whose elements have no comma, before the change and after it
	joined  *joined // of a list that is joined to a text
	atom    string  // what a choice decides about it; "" for nothing
}

// Symbols are those of one extraction. Both sides share them, so that what refers to
// the same thing is the same text.
type Symbols struct {
	literals []string // all texts that the input holds; no symbol occurs in them
	byKey    map[string]*Symbol
	byText   map[string]*Symbol
	account  *Symbol // a number of 12 digits
	numbers  []*Symbol
	digits   map[*Symbol]string
}

// maxSymbols bounds the symbols of one extraction. Beyond it all share one, which is
// told where it matters: two sides that are equal by it are not known to be.
const maxSymbols = 50_000

// NewSymbols makes an empty table. Literals are the texts of the input: no symbol will
// be part of any of them.
func NewSymbols(literals ...string) *Symbols {
	return &Symbols{literals: literals, byKey: map[string]*Symbol{}, byText: map[string]*Symbol{}}
}

// clean keeps a reference free of what patterns, variables and ARNs give a meaning.
var clean = strings.NewReplacer("::", ".", "${", "[", "*", "%2A", "?", "%3F", "$", "%24", "{", "[", "}", "]", ":", ".", "(", "[", ")", "]", `"`, "'", "\n", " ", "\r", " ", "\t", " ", "<", "[", ">", "]")

const maxSymbolText = 120

// of finds or makes the symbol of a key.
func (t *Symbols) of(key, reference string) *Symbol {
	if s := t.byKey[key]; s != nil {
		return s
	}
	if len(t.byKey) >= maxSymbols {
		key, reference = "too many", "too many values that are not known"
		if s := t.byKey[key]; s != nil {
			return s
		}
	}
	name := clean.Replace(reference)
	if len(name) > maxSymbolText {
		name = strings.ToValidUTF8(name[:maxSymbolText], "") + "..."
	}
	text := "(" + name + ")"
	for n := 2; t.taken(text); n++ {
		text = fmt.Sprintf("(%s~%d)", name, n)
	}
	s := &Symbol{Text: text, Reference: reference, Steady: madeByAWS(key)}
	t.byKey[key], t.byText[text] = s, s
	return s
}

// madeByAWS reports of a key whether the service makes the value: a name, an id or an ARN.
func madeByAWS(key string) [2]bool {
	kind, _, _ := strings.Cut(key, " ")
	steady := kind == "resource" || kind == "attribute" || kind == "id" || kind == "pseudo"
	return [2]bool{steady, steady}
}

func (t *Symbols) taken(text string) bool {
	if t.byText[text] != nil {
		return true
	}
	for _, l := range t.literals {
		if strings.Contains(l, text) {
			return true
		}
	}
	return false
}

// ownAccount is the symbol of the account of the stack. Policies only take 12 digits
// there, so it is a number that AWS gives to nobody and that the input does not hold.
func (t *Symbols) ownAccount() *Symbol {
	if t.account == nil {
		t.account = t.number("AWS::AccountId")
		t.account.atom = "AWS::AccountId"
	}
	return t.account
}

// number makes a symbol of 12 digits. The lowest is left for the own account.
func (t *Symbols) number(reference string) *Symbol {
	n := 0
	if reference != "AWS::AccountId" {
		n = 1 + len(t.numbers)
	}
	text := fmt.Sprintf("%012d", n)
	for ; t.taken(text); n++ {
		text = fmt.Sprintf("%012d", n+1)
	}
	s := &Symbol{Text: text, Reference: reference, Somebody: [2]bool{true, true}, Steady: [2]bool{true, true}, plain: true, word: true}
	t.byText[text] = s
	t.numbers = append(t.numbers, s)
	return s
}

// Digits is a number of 12 digits that stands for the account that a symbol is, where
// only such a number is taken for an account.
func (t *Symbols) Digits(s *Symbol) string {
	if slices.Contains(t.numbers, s) || len(t.numbers) > 1000 {
		return s.Text
	}
	if t.digits == nil {
		t.digits = map[*Symbol]string{}
	}
	if t.digits[s] == "" {
		t.digits[s] = t.number(s.Reference).Text
	}
	return t.digits[s]
}

// Account is the text that stands for the own account; "" when none was needed.
func (t *Symbols) Account() string {
	if t.account == nil {
		return ""
	}
	return t.account.Text
}

// In lists the symbols in a text, in order, each once.
func (t *Symbols) In(text string) []*Symbol {
	var out []*Symbol
	add := func(s *Symbol) {
		for _, o := range out {
			if o == s {
				return
			}
		}
		out = append(out, s)
	}
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '(')
		if i < 0 {
			break
		}
		at += i
		j := strings.IndexByte(text[at:], ')')
		if j < 0 {
			break
		}
		if s := t.byText[text[at:at+j+1]]; s != nil {
			add(s)
			at += j + 1
			continue
		}
		at++
	}
	for _, s := range t.numbers {
		if strings.Contains(text, s.Text) {
			add(s)
		}
	}
	return out
}

// Whole is the symbol that a text is, or nil.
func (t *Symbols) Whole(text string) *Symbol { return t.byText[text] }

// Holds reports whether a text has a symbol in it.
func (t *Symbols) Holds(text string) bool { return len(t.In(text)) > 0 }
