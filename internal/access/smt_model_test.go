package access_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// smtModel reads z3's answer to get-value: a list of pairs of a name and a term.
func smtModel(text string) (map[string]string, error) {
	model := map[string]string{}
	r := &smtReader{text: text}
	if !r.take('(') {
		return nil, errors.New("expected a list")
	}
	for r.take('(') {
		name, err := r.term()
		if err != nil {
			return nil, err
		}
		if model[name], err = r.term(); err != nil {
			return nil, err
		}
		if !r.take(')') {
			return nil, fmt.Errorf("expected the end of the pair of %s", name)
		}
	}
	if !r.take(')') {
		return nil, errors.New("expected the end of the list")
	}
	return model, nil
}

type smtReader struct {
	text string
	at   int
}

// take passes over blanks and c, if it comes next.
func (r *smtReader) take(c byte) bool {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// term returns the text of the next term.
func (r *smtReader) term() (string, error) {
	switch {
	case r.take('('):
		depth, start := 1, r.at-1
		for ; depth > 0; r.at++ {
			if r.at >= len(r.text) {
				return "", errors.New("a term has no end")
			}
			switch r.text[r.at] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		return r.text[start:r.at], nil
	case r.take('"'):
		start := r.at - 1
		for ; r.at < len(r.text); r.at++ {
			if r.text[r.at] != '"' {
				continue
			}
			if r.at++; r.at == len(r.text) || r.text[r.at] != '"' {
				return r.text[start:r.at], nil
			}
		}
		return "", errors.New("a string has no end")
	}
	start := r.at
	for r.at < len(r.text) && strings.IndexByte("() \t\r\n", r.text[r.at]) < 0 {
		r.at++
	}
	if start == r.at {
		return "", errors.New("expected a term")
	}
	return r.text[start:r.at], nil
}

// request turns a model into the request and the reading it speaks of. It fails
// where a value has no form in a request.
func (q *smtQuestion) request(model map[string]string) (req policy.Request, in policy.Reading, err error) {
	m := &smtValues{model: model}
	on := func(name string) bool { return model[name] == smtTrue }
	in = policy.Reading{
		AWSStarIsEveryone: on("AWSStarIsEveryone"), ShortARNCrosses: on("ShortARNCrosses"), AnyIfExistsOnMissing: on("AnyIfExistsOnMissing"),
		ShortARNPatternMatches: on("ShortARNPatternMatches"), EmptyListHolds: on("EmptyListHolds"), NotPrincipalNeedsChain: on("NotPrincipalNeedsChain"),
	}
	req = policy.Request{Action: m.text("action"), Resource: "*", Context: map[string][]string{}}
	if !on("star") {
		parts := []string{"arn"}
		for _, f := range smtResource[1:] {
			parts = append(parts, m.text(f))
		}
		req.Resource = strings.Join(parts, ":")
	}
	for _, k := range q.keys {
		for i := range k.elements {
			if el := k.element(i); on(el.present) {
				req.Context[k.name] = append(req.Context[k.name], m.value(k.sort, el))
			}
		}
	}
	if q.resource {
		req.Principal = m.principal()
		// The role's path is in a key that the documents need not name.
		if role := m.text("role_rest"); q.roles && on("is_session") && role != "role/"+m.text("role_name") && !q.asksForPrincipalARN() {
			req.Context["aws:principalarn"] = []string{"arn:" + m.text("p_partition") + ":iam::" + m.text("p_account") + ":" + role}
		}
	}
	return req, in, m.err
}

// asksForPrincipalARN reports whether the value of the key is part of the question.
func (q *smtQuestion) asksForPrincipalARN() bool {
	for _, k := range q.keys {
		if k.name == "aws:principalarn" && k.sort != smtAnything {
			return true
		}
	}
	return false
}

// smtValues reads the values of a model; err is the first that has no form.
type smtValues struct {
	model map[string]string
	err   error
}

func (m *smtValues) fail(format string, args ...any) string {
	if m.err == nil {
		m.err = fmt.Errorf(format, args...)
	}
	return ""
}

// text reads a string literal.
func (m *smtValues) text(name string) string {
	s := m.model[name]
	if len(s) < 2 || s[0] != '"' {
		return m.fail("%s is no string: %s", name, s)
	}
	s = strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\u{`)
		b.WriteString(before)
		if !found {
			break
		}
		hex, rest, _ := strings.Cut(after, "}")
		r, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || !utf8.ValidRune(rune(r)) {
			return m.fail("%s has a character that is none: %s", name, hex)
		}
		b.WriteRune(rune(r))
		s = rest
	}
	return b.String()
}

func (m *smtValues) value(sort smtSort, el *smtElement) string {
	switch sort {
	case smtAnything, smtString:
		return m.text(el.value)
	case smtBool:
		n, err := strconv.Atoi(m.model[el.value])
		switch {
		case err != nil:
			return m.fail("%s is no small number: %s", el.value, m.model[el.value])
		case n < len(smtBools):
			return smtBools[n]
		}
		return "other " + strconv.Itoa(n)
	case smtBytes:
		var b []byte
		for _, r := range m.text(el.value) {
			if r > 255 {
				return m.fail("%s has a byte beyond 255", el.value)
			}
			b = append(b, byte(r))
		}
		return base64.StdEncoding.EncodeToString(b)
	case smtNumber, smtDate:
		x, ok := smtRational(m.model[el.value])
		if !ok {
			return m.fail("%s is no number: %s", el.value, m.model[el.value])
		}
		digits, exact := x.FloatPrec()
		if !exact {
			return m.fail("%s is no decimal", el.value)
		}
		if sort == smtDate {
			return m.date(x, digits)
		}
		return x.FloatString(digits)
	case smtAddress:
		name, size := el.v4, 4
		if m.model[el.six] == smtTrue {
			name, size = el.v6, 16
		}
		x, ok := new(big.Int).SetString(strings.NewReplacer("#x", "", "#b", "").Replace(m.model[name]), map[bool]int{true: 16, false: 2}[strings.HasPrefix(m.model[name], "#x")])
		if !ok {
			return m.fail("%s is no address: %s", name, m.model[name])
		}
		a, _ := netip.AddrFromSlice(x.FillBytes(make([]byte, size)))
		return a.String()
	}
	return m.fail("unknown sort")
}

// date writes seconds since 1970.
func (m *smtValues) date(x *big.Rat, digits int) string {
	whole := new(big.Int).Div(x.Num(), x.Denom()) // rounds down
	if !whole.IsInt64() || digits > 30 {
		return m.fail("a date out of range")
	}
	t := time.Unix(whole.Int64(), 0).UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return m.fail("a date out of range")
	}
	fraction := ""
	if digits > 0 {
		fraction = strings.TrimPrefix(new(big.Rat).Sub(x, new(big.Rat).SetInt(whole)).FloatString(digits), "0")
	}
	return t.Format("2006-01-02T15:04:05") + fraction + "Z"
}

// smtRational reads "1.0", "(- 1.0)", "(/ 1.0 2.0)" and what they make together.
func smtRational(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	inner, isTerm := strings.CutPrefix(s, "(")
	if !isTerm {
		return new(big.Rat).SetString(s)
	}
	r := &smtReader{text: strings.TrimSuffix(inner, ")")}
	op, err := r.term()
	if err != nil {
		return nil, false
	}
	first, err := r.term()
	if err != nil {
		return nil, false
	}
	x, ok := smtRational(first)
	if !ok {
		return nil, false
	}
	if op == "-" {
		return x.Neg(x), true
	}
	second, err := r.term()
	if op != "/" || err != nil {
		return nil, false
	}
	y, ok := smtRational(second)
	if !ok || y.Sign() == 0 {
		return nil, false
	}
	return x.Quo(x, y), true
}

func (m *smtValues) principal() policy.Principal {
	switch m.model["who"] {
	case smtAnonymous:
		return policy.Principal{Type: policy.PrincipalAll}
	case smtService:
		return policy.Principal{Type: policy.PrincipalService, ID: m.text("p_name")}
	case smtFederated:
		return policy.Principal{Type: policy.PrincipalFederated, ID: m.text("p_name")}
	case smtCanonical:
		return policy.Principal{Type: policy.PrincipalCanonical, ID: m.text("p_name")}
	case smtUniqueID:
		return policy.Principal{Type: policy.PrincipalAWS, ID: m.text("p_name")}
	}
	arn := []string{"arn", m.text("p_partition"), m.text("p_service"), "", m.text("p_account"), m.text("p_rest")}
	return policy.Principal{Type: policy.PrincipalAWS, ID: strings.Join(arn, ":")}
}
