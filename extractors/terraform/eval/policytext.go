package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// policyText writes the text of both runs as people read it, if they agree. They may
// differ in the order of lists, which means nothing in a policy.
func (e *Evaluator) policyText(texts [2]string) (string, []Symbol, error) {
	var forms [2]string
	var first string
	used := map[int]bool{}
	for run, text := range texts {
		w := &policyWriter{e: e, run: run, used: used}
		out, err := w.rewrite(text)
		if err != nil {
			return "", nil, err
		}
		if run == 0 {
			first = out
		}
		if forms[run], err = canonical(out); err != nil {
			return "", nil, err
		}
	}
	if forms[0] != forms[1] {
		return "", nil, errBroken
	}
	return first, e.used(used), nil
}

// canonical is a text of JSON with the elements of lists in order.
func canonical(text string) (string, error) {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	var sorted func(v any) any
	sorted = func(v any) any {
		switch v := v.(type) {
		case []any:
			keys := make([]string, len(v))
			for i, e := range v {
				b, _ := json.Marshal(sorted(e))
				keys[i] = string(b)
			}
			slices.Sort(keys)
			return keys
		case map[string]any:
			for name, e := range v {
				v[name] = sorted(e)
			}
		}
		return v
	}
	b, err := json.Marshal(sorted(v))
	return string(b), err
}

// policyWriter puts the names of symbols in their places, in the form that the place
// asks for.
type policyWriter struct {
	e    *Evaluator
	run  int
	used map[int]bool
	path []string // names of the objects around
}

var errNoPolicy = errors.New("what it is set to is no JSON text")

// rewrite writes a policy anew.
func (w *policyWriter) rewrite(text string) (string, error) {
	if len(text) > maxString {
		return "", errTooMuch
	}
	d := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true))
	var b strings.Builder
	enc := jsontext.NewEncoder(&b, jsontext.AllowDuplicateNames(true))
	for begun := false; ; begun = true {
		ended := begun && d.StackDepth() == 0
		token, err := d.ReadToken()
		if err == io.EOF {
			break
		}
		if ended { // a second value: the decoder would read on
			return "", errNoPolicy
		}
		if err != nil && strings.HasPrefix(strings.TrimLeft(text, " !"), string(firstOpen)) {
			return "", fmt.Errorf("all of it is %s, which is not known before the change is applied", strings.TrimSpace(w.e.symbols.readable(w.run, text)))
		}
		if err != nil {
			return "", errNoPolicy
		}
		if token.Kind() == '"' {
			s := token.String()
			depth := d.StackDepth()
			kind, length := d.StackIndex(depth)
			if kind == '{' && length%2 == 1 { // a name
				w.path = append(w.path[:min(len(w.path), w.objects(d)-1)], s)
			}
			out, err := w.place(s, kind == '{' && length%2 == 1)
			if err != nil {
				return "", err
			}
			token = jsontext.String(out)
		}
		if token.Kind() == '}' {
			w.path = w.path[:min(len(w.path), w.objects(d))]
		}
		if err := enc.WriteToken(token); err != nil {
			return "", errNoPolicy
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// objects counts the objects around the place of the decoder.
func (w *policyWriter) objects(d *jsontext.Decoder) int {
	n := 0
	for i := 1; i <= d.StackDepth(); i++ {
		if kind, _ := d.StackIndex(i); kind == '{' {
			n++
		}
	}
	return n
}

// place writes one text. The names around it tell what it is.
func (w *policyWriter) place(s string, name bool) (string, error) {
	if !hasReserved(s) {
		return s, nil
	}
	pieces, err := w.e.symbols.split(w.run, s)
	if err != nil {
		return "", err
	}
	at := func(i int) string {
		if i < len(w.path) {
			return w.path[i]
		}
		return ""
	}
	element := at(1)
	for _, p := range pieces {
		if p.id >= 0 && (at(0) != "Statement" || element != "Sid") { // what a statement is called decides nothing
			w.used[p.id] = true
		}
	}
	text := w.e.symbols.readable(w.run, s)
	opens := pieces[0].id >= 0
	switch {
	case at(0) != "Statement":
		return text, nil
	case element == "Sid":
		return plainSid(text), nil
	case name:
		return text, nil
	case (element == "Resource" || element == "NotResource") && opens,
		element == "Condition" && opens && arnOperator(at(2)):
		// Six fields, so that it is taken for an ARN.
		return opaqueARN + text, nil
	case (element == "Principal" || element == "NotPrincipal") && opens:
		switch {
		case at(2) == "CanonicalUser": // one user, whoever it is
			return text, nil
		case at(2) == "AWS" && len(pieces) == 1 && strings.HasSuffix(w.e.symbols.list[pieces[0].id].name, "arn"):
			return opaqueARN + text, nil
		}
		return unknownPrincipal + text, nil
	}
	return text, nil
}

const (
	opaqueARN = "arn:unknown:unknown:::"
	// unknownPrincipal starts what could become a principal of any form; see
	// policy.PrincipalEntry.Unknown.
	unknownPrincipal = "unknown:"
)

// arnOperator reports whether a condition operator compares ARNs.
func arnOperator(operator string) bool {
	name := strings.ToLower(operator)
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.HasPrefix(name, "arn")
}

// plainSid keeps what a Sid may have.
func plainSid(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
