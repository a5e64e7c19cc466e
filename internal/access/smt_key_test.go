package access_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// smtSort is what a condition key's values are.
type smtSort int

const (
	smtAnything smtSort = iota // nothing asks for the value
	smtString
	smtNumber
	smtDate
	smtBool  // as a number: see smtBools
	smtBytes // as a string of characters below 256
	smtAddress
)

var smtSortOf = map[policy.Test]smtSort{
	policy.StringEquals: smtString, policy.StringEqualsIgnoreCase: smtString, policy.StringLike: smtString, policy.ArnLike: smtString,
	policy.NumericEquals: smtNumber, policy.NumericLessThan: smtNumber, policy.NumericLessThanEquals: smtNumber,
	policy.NumericGreaterThan: smtNumber, policy.NumericGreaterThanEquals: smtNumber,
	policy.DateEquals: smtDate, policy.DateLessThan: smtDate, policy.DateLessThanEquals: smtDate,
	policy.DateGreaterThan: smtDate, policy.DateGreaterThanEquals: smtDate,
	policy.Bool: smtBool, policy.BinaryEquals: smtBytes, policy.IPAddress: smtAddress, policy.Null: smtAnything,
}

// smtBools are the texts of a key with Bool operators by their numbers: that it holds
// nothing but true and false is a fact of AWS, which is not used. Greater numbers are
// other texts.
var smtBools = []string{"false", "true", ""}

// smtKey is a condition key of the request. A key that can have several values is a
// set, of as many elements as the question can need one for.
type smtKey struct {
	name     string
	sort     smtSort
	several  bool
	elements []smtElement
	distinct bool // the number of values is asked for
}

// smtElement is one value of a key, when it is present.
type smtElement struct {
	present, value string
	six, v4, v6    string // of an address, instead of value
	arn            [6]string
	isARN          string // "" as long as the fields are not needed
}

func (k *smtKey) element(i int) *smtElement { return &k.elements[i] }

// missing: an absent key and an empty list of values are the same. The elements that
// are present come first.
func (k *smtKey) missing() string { return smtNot(k.elements[0].present) }

// single is: the key has exactly one value.
func (k *smtKey) single() string {
	if len(k.elements) == 1 {
		return k.elements[0].present
	}
	return smtAnd(k.elements[0].present, smtNot(k.elements[1].present))
}

// smtMaxElements bounds the elements of a set.
const smtMaxElements = 16

// collectKeys declares the keys that the documents name.
func (e *smtEncoder) collectKeys(old, now []*policy.Document) {
	uses := &smtUses{keys: e.keys, gains: map[string]int{}, losses: map[string]int{}, sets: map[string]bool{}, encoder: e}
	uses.documents(now, policy.Allow)
	uses.documents(old, policy.Deny)
	for _, name := range slices.Sorted(maps.Keys(e.keys)) {
		k := e.keys[name]
		_, several, _ := catalog.ConditionKey(name)
		k.several = several || uses.sets[name]
		n := 1
		if k.several {
			// One for each test that a matching Allow or an old Deny can ask for, one for
			// each statement that must not match, one that is not empty, and two where
			// their number counts.
			n = max(2, uses.gains[name]+uses.losses[name]+2)
		}
		if n > smtMaxElements {
			e.skip("a key with too many values at once")
			n = 1
		}
		e.declare(k, n)
	}
	e.question.keys = slices.SortedFunc(maps.Values(e.keys), func(a, b *smtKey) int { return strings.Compare(a.name, b.name) })
}

// smtUses counts how the documents use keys. A request needs, of each key, a value
// for every test of the statements that match it (the most of one Allow of the new
// and of one Deny of the old documents), and one for each statement that does not.
type smtUses struct {
	keys          map[string]*smtKey
	gains, losses map[string]int
	sets          map[string]bool
	encoder       *smtEncoder
}

func (u *smtUses) documents(docs []*policy.Document, matching policy.Effect) {
	most := map[string]int{}
	for _, d := range docs {
		for _, s := range d.Statements {
			in := u.statement(d, s)
			for name, n := range in {
				if s.Effect == matching {
					most[name] = max(most[name], n)
				} else {
					u.losses[name]++
				}
			}
		}
	}
	for name, n := range most {
		u.gains[name] += n
	}
}

// statement counts the tests of each key, and each variable as a test.
func (u *smtUses) statement(d *policy.Document, s policy.Statement) map[string]int {
	in := map[string]int{}
	use := func(name string, sort smtSort) *smtKey {
		k := u.keys[name]
		if k == nil {
			k = &smtKey{name: name}
			u.keys[name] = k
		}
		switch {
		case k.sort == smtAnything:
			k.sort = sort
		case sort != smtAnything && sort != k.sort:
			u.encoder.skip("a key of several types")
		}
		in[name]++
		return k
	}
	variables := func(text string, wildcards bool) {
		p, err := policy.ParsePattern(text, d.HasVariables(), wildcards)
		if err != nil {
			u.encoder.skip("a text that is no pattern")
		}
		for _, piece := range p {
			if piece.Kind == policy.Variable {
				use(piece.Key, smtString).distinct = true
			}
		}
	}
	if s.Resource != nil {
		for _, v := range s.Resource.List {
			variables(v.Text, true)
		}
	}
	for _, c := range s.Conditions {
		op := c.Operator
		k := use(c.KeyName(), smtSortOf[op.Test])
		switch {
		case op.Qualifier != policy.NoQualifier:
			u.sets[k.name] = true
		case op.Test != policy.Null:
			k.distinct = true
		}
		if smtSortOf[op.Test] == smtString {
			for _, v := range c.Values {
				variables(v.Text, op.Test == policy.StringLike || op.Test == policy.ArnLike)
			}
		}
	}
	return in
}

// declare declares a key with room for n values.
func (e *smtEncoder) declare(k *smtKey, n int) {
	id := len(e.question.constants)
	for i := range n {
		name := func(part string) string { return fmt.Sprintf("k%d_%s%d", id, part, i) }
		el := smtElement{present: name("has")}
		e.line("; %s", strings.NewReplacer("\n", " ", "\r", " ").Replace(k.name))
		e.constant(el.present, "Bool")
		if k.sort == smtAddress {
			el.six, el.v4, el.v6 = name("six"), name("v4_"), name("v6_")
			e.constant(el.six, "Bool")
			e.constant(el.v4, "(_ BitVec 32)")
			e.constant(el.v6, "(_ BitVec 128)")
		} else {
			el.value = name("is")
			sort := map[smtSort]string{smtNumber: "Real", smtDate: "Real", smtBool: "Int"}[k.sort]
			if sort == "" {
				sort = "String"
			}
			e.constant(el.value, sort)
			if k.sort == smtBool {
				e.assert("(>= " + el.value + " 0)")
			}
		}
		k.elements = append(k.elements, el)
		if i > 0 {
			e.assert("(=> " + el.present + " " + k.elements[i-1].present + ")")
		}
		for j := range i {
			if k.distinct {
				e.assert("(=> " + el.present + " " + smtNot(k.same(&el, &k.elements[j])) + ")")
			}
		}
	}
}

// same is: two elements have the same text. What has many texts, as a number has, can be
// there twice.
func (k *smtKey) same(one, other *smtElement) string {
	switch k.sort {
	case smtNumber, smtDate, smtBool:
		return smtFalse
	case smtAddress: // IPv6 has many
		return smtAnd(smtNot(one.six), smtNot(other.six), smtEqual(one.v4, other.v4))
	default:
		return smtEqual(one.value, other.value)
	}
}

// condition is one key under one operator (IAM User Guide, "IAM JSON policy
// elements: Condition operators", "Conditions with multiple context keys or values").
func (e *smtEncoder) condition(d *policy.Document, c policy.Condition) string {
	op, k := c.Operator, e.keys[c.KeyName()]
	if op.Test == policy.Null {
		return e.null(c, k)
	}
	holds := func(el *smtElement) string {
		var any []string
		for _, v := range c.Values {
			any = append(any, e.atom("Bool", e.matches(d, op.Test, el, k, v.Text)))
		}
		return smtNegated(op.Negated, smtOr(any...))
	}
	switch op.Qualifier {
	case policy.ForAllValues:
		// Also of no values but empty texts, which are none.
		var all, empty []string
		for i := range k.elements {
			el := k.element(i)
			all = append(all, smtOr(smtNot(el.present), holds(el)))
			if k.sort == smtString || k.sort == smtBytes {
				empty = append(empty, smtOr(smtNot(el.present), smtEqual(el.value, `""`)))
			} else if k.sort == smtBool {
				empty = append(empty, smtOr(smtNot(el.present), smtEqual(el.value, strconv.Itoa(slices.Index(smtBools, "")))))
			} else {
				empty = append(empty, smtNot(el.present))
			}
		}
		return smtOr(smtAnd(all...), smtAnd(empty...))
	case policy.ForAnyValue:
		var any []string
		for i := range k.elements {
			el := k.element(i)
			any = append(any, smtAnd(el.present, holds(el)))
		}
		if op.IfExists {
			any = append(any, smtAnd(k.missing(), "AnyIfExistsOnMissing"))
		}
		return smtOr(any...)
	case policy.NoQualifier:
	}
	// Several values without a qualifier match nothing.
	t := smtAnd(k.single(), holds(k.element(0)))
	if op.Negated || op.IfExists {
		t = smtOr(k.missing(), t)
	}
	if len(c.Values) == 0 && !op.IfExists {
		t = smtOr("EmptyListHolds", t)
	}
	return t
}

func (e *smtEncoder) null(c policy.Condition, k *smtKey) string {
	switch {
	case c.Operator.Qualifier == policy.ForAllValues:
		return smtTrue
	case c.Operator.Qualifier == policy.ForAnyValue:
		return smtFalse
	case len(c.Values) == 0:
		return "EmptyListHolds"
	}
	var any []string
	for _, v := range c.Values {
		any = append(any, smtNegated(!strings.EqualFold(v.Text, "true"), k.missing()))
	}
	return smtOr(any...)
}

// matches compares one value of the request with one of the policy.
func (e *smtEncoder) matches(d *policy.Document, t policy.Test, el *smtElement, k *smtKey, text string) string {
	switch smtSortOf[t] {
	case smtString:
		p, err := policy.ParsePattern(text, d.HasVariables(), t == policy.StringLike || t == policy.ArnLike)
		switch {
		case err != nil:
			return e.skip("a text that is no pattern")
		case t == policy.ArnLike:
			return e.arn(el, p)
		case t == policy.StringEqualsIgnoreCase && p.HasVariables():
			return e.skip("a variable without case")
		case t == policy.StringEqualsIgnoreCase:
			whole := ""
			for _, piece := range p {
				whole += piece.Text
			}
			return smtIn(el.value, smtFoldRE(whole))
		}
		return e.pattern(el.value, p)
	case smtNumber:
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			return e.skip("a number that is none")
		}
		return smtOrder(t, el.value, x)
	case smtDate:
		x, ok := smtInstant(text)
		if !ok {
			return e.skip("a date that is none")
		}
		return smtOrder(t, el.value, x)
	case smtBool:
		return smtEqual(el.value, strconv.Itoa(slices.Index(smtBools, strings.ToLower(text))))
	case smtBytes:
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return e.skip("base64 that is none")
		}
		wide := make([]rune, len(b))
		for i, c := range b {
			wide[i] = rune(c)
		}
		return smtEqual(el.value, smtText(string(wide)))
	case smtAddress:
		return e.inRange(el, text)
	case smtAnything:
	}
	return e.skip("an unknown test")
}

// arn matches ARNs field by field; a value of fewer than six never matches.
func (e *smtEncoder) arn(el *smtElement, p policy.Pattern) string {
	fields := smtFields(p)
	if !p.HasVariables() {
		if len(fields) == 6 {
			return smtIn(el.value, smtARNRE(fields))
		}
		return smtAnd("ShortARNPatternMatches", smtOr(smtIn(el.value, smtARNRE(fields)), smtIn(el.value, smtCrossingRE(fields))))
	}
	e.split(el)
	if len(fields) < 6 {
		// The colons come from the variables.
		if slices.ContainsFunc(p, func(piece policy.Piece) bool { return piece.Kind == policy.AnySequence || piece.Kind == policy.AnyChar }) {
			return e.skip("a wildcard in an ARN that gets its fields from variables")
		}
		return smtAnd(el.isARN, e.pattern(el.value, p))
	}
	parts := []string{el.isARN}
	for i, f := range fields {
		parts = append(parts, e.pattern(el.arn[i], f))
	}
	return smtAnd(parts...)
}

// split gives the value of an element fields, where it is an ARN.
func (e *smtEncoder) split(el *smtElement) {
	if el.isARN != "" {
		return
	}
	field := "(re.* " + smtNoColon + ")"
	colon := smtLiteralRE(":")
	el.isARN = e.atom("Bool", smtIn(el.value, smtConcatRE(field, colon, field, colon, field, colon, field, colon, field, colon, "re.all")))
	parts := []string{}
	for i := range el.arn {
		el.arn[i] = e.helper("String")
		if i > 0 {
			parts = append(parts, `":"`)
		}
		parts = append(parts, el.arn[i])
		if i < 5 {
			e.assert(smtIn(el.arn[i], field))
		}
	}
	e.assert("(=> " + el.isARN + " " + smtEqual(el.value, smtConcat(parts...)) + ")")
}

func smtOrder(t policy.Test, value string, x *big.Rat) string {
	op := "="
	switch t {
	case policy.NumericLessThan, policy.DateLessThan:
		op = "<"
	case policy.NumericLessThanEquals, policy.DateLessThanEquals:
		op = "<="
	case policy.NumericGreaterThan, policy.DateGreaterThan:
		op = ">"
	case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:
		op = ">="
	default:
	}
	return "(" + op + " " + value + " " + smtReal(x) + ")"
}

var smtDigits = regexp.MustCompile(`^[0-9]+$`)

// smtInstant reads the W3C profile of ISO 8601, four digits of which are a year, and
// seconds since 1970.
func smtInstant(s string) (*big.Rat, bool) {
	for _, layout := range []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && len(s) < 36 {
			x := new(big.Rat).SetFrac64(int64(t.Nanosecond()), 1e9)
			return x.Add(x, new(big.Rat).SetInt64(t.Unix())), true
		}
	}
	if !smtDigits.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// inRange is: the address is in a range. IPv4 and IPv6 never meet.
func (e *smtEncoder) inRange(el *smtElement, text string) string {
	if !strings.Contains(text, "/") {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return e.skip("an address that is none")
		}
		text = netip.PrefixFrom(a, a.BitLen()).String()
	}
	r, err := netip.ParsePrefix(text)
	if err != nil {
		return e.skip("a range that is none")
	}
	kind, value, width := el.six, el.v6, 128
	if r.Addr().Is4() {
		kind, value, width = smtNot(el.six), el.v4, 32
	}
	if r.Bits() == 0 {
		return kind
	}
	// The first bits of the address are those of the range.
	var bits strings.Builder
	for _, b := range r.Addr().AsSlice() {
		fmt.Fprintf(&bits, "%08b", b)
	}
	first := fmt.Sprintf("((_ extract %d %d) %s)", width-1, width-r.Bits(), value)
	return smtAnd(kind, smtEqual(first, "#b"+bits.String()[:r.Bits()]))
}
