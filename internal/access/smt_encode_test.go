package access_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// The oracle: the question of new access as a problem for an SMT solver, written
// from the published documents and the contract of internal/policy, with nothing of
// the engine. What the documents leave open (policy.Reading) is a Boolean constant
// each, so that one answer speaks for all readings.
//
// A request is: an action, one text in small letters with one colon; a resource, five
// texts without colon and a rest, or "*"; a principal (smt_principal_test.go); and
// for each condition key its values (smt_key_test.go). No other fact of AWS is used.

// smtQuestion is a problem and what is needed to read its answer.
type smtQuestion struct {
	text string // declarations and assertions
	// skipped says why the pair cannot be stated; "" when text is the question.
	skipped string
	// constants are those whose values make the request.
	constants []string
	keys      []*smtKey
	resource  bool // a resource policy: there is a principal
	roles     bool // the role of a session is asked for
}

// smtEncoder writes one question.
type smtEncoder struct {
	kind     policy.Kind
	lines    strings.Builder
	question smtQuestion
	keys     map[string]*smtKey
	atoms    map[string]string // a term, and the name under which it is defined
	fresh    int
}

// The constants of the readings.
var smtReadings = []string{"AWSStarIsEveryone", "ShortARNCrosses", "AnyIfExistsOnMissing", "ShortARNPatternMatches", "EmptyListHolds", "NotPrincipalNeedsChain"}

// smtNewAccess states: there is a request which now allows and old does not. With
// bools, keys that Bool operators are used with hold true or false, a fact of AWS
// that is not used otherwise.
func smtNewAccess(old, now []*policy.Document, bools bool) smtQuestion {
	e := &smtEncoder{kind: now[0].Kind, keys: map[string]*smtKey{}, atoms: map[string]string{}}
	e.question.resource = e.kind == policy.Resource
	for _, r := range smtReadings {
		e.constant(r, "Bool")
	}
	e.action()
	e.resource()
	e.collectKeys(old, now)
	if e.question.resource {
		e.principals(slices.Concat(old, now))
	}
	e.assert(smtAnd(e.allowed(now), smtNot(e.allowed(old))))
	for _, k := range e.question.keys {
		for i := range k.elements {
			if bools && k.sort == smtBool {
				e.assert("(< " + k.element(i).value + " 2)")
			}
		}
	}
	e.question.text = e.lines.String()
	return e.question
}

// skip gives the question up.
func (e *smtEncoder) skip(format string, args ...any) string {
	if e.question.skipped == "" {
		e.question.skipped = fmt.Sprintf(format, args...)
	}
	return smtFalse
}

func (e *smtEncoder) line(format string, args ...any) { fmt.Fprintf(&e.lines, format+"\n", args...) }
func (e *smtEncoder) assert(t string)                 { e.line("(assert %s)", t) }

// constant declares a part of the request.
func (e *smtEncoder) constant(name, sort string) {
	e.line("(declare-const %s %s)", name, sort)
	e.question.constants = append(e.question.constants, name)
}

// helper declares a constant that is no part of the request.
func (e *smtEncoder) helper(sort string) string {
	e.fresh++
	name := fmt.Sprintf("h%d", e.fresh)
	e.line("(declare-const %s %s)", name, sort)
	return name
}

// atom defines a name for a term, so that the text stays short; the same term has
// the same name.
func (e *smtEncoder) atom(sort, t string) string {
	if t == smtTrue || t == smtFalse {
		return t
	}
	name, ok := e.atoms[t]
	if !ok {
		name = fmt.Sprintf("a%d", len(e.atoms))
		e.atoms[t] = name
		e.line("(define-fun %s () %s %s)", name, sort, t)
	}
	return name
}

// allowed is: some Allow statement matches and no Deny statement does (IAM User
// Guide, "Policy evaluation logic").
func (e *smtEncoder) allowed(docs []*policy.Document) string {
	var allows, denies []string
	for _, d := range docs {
		for i := range d.Statements {
			s := &d.Statements[i]
			if t := e.statement(d, s); s.Effect == policy.Deny {
				denies = append(denies, t)
			} else {
				allows = append(allows, t)
			}
		}
	}
	return smtAnd(smtOr(allows...), smtNot(smtOr(denies...)))
}

func (e *smtEncoder) statement(d *policy.Document, s *policy.Statement) string {
	parts := []string{e.principal(s.Principal), e.actions(s.Action), e.resources(d, s.Resource)}
	for _, c := range s.Conditions {
		parts = append(parts, e.condition(d, c))
	}
	return smtAnd(parts...)
}

// action declares the action: a prefix, a colon and a name, in small letters.
func (e *smtEncoder) action() {
	e.constant("action", "String")
	e.assert(smtIn("action", smtConcatRE("(re.+ "+smtSmall+")", smtLiteralRE(":"), "(re.+ "+smtSmall+")")))
}

// actions is Action or NotAction: no case, wildcards anywhere (IAM User Guide, "IAM
// JSON policy elements: Action").
func (e *smtEncoder) actions(v policy.Values) string {
	var listed []string
	for _, v := range v.List {
		if strings.ContainsFunc(v.Text, func(r rune) bool { return r > '~' }) {
			e.skip("action with letters beyond ASCII")
		}
		p, _ := policy.ParsePattern(strings.ToLower(v.Text), false, true)
		listed = append(listed, e.atom("Bool", smtGlob("action", p)))
	}
	return smtNegated(v.Not, smtOr(listed...))
}

func smtNegated(not bool, t string) string {
	if not {
		return smtNot(t)
	}
	return t
}

// resource declares the resource: "*" alone, the resource of actions that have none,
// or an ARN. Its first field is "arn".
func (e *smtEncoder) resource() {
	e.constant("star", "Bool")
	for _, f := range smtResource[1:] {
		e.constant(f, "String")
	}
	for _, f := range smtResource[1:5] {
		e.assert(smtIn(f, "(re.* "+smtNoColon+")"))
	}
}

// The fields of the resource's ARN.
var smtResource = [6]string{`"arn"`, "partition", "service", "region", "account", "rest"}

// resources is Resource or NotResource (IAM User Guide, "IAM JSON policy elements:
// Resource"); without either every resource.
func (e *smtEncoder) resources(d *policy.Document, v *policy.Values) string {
	if v == nil {
		return smtTrue
	}
	var listed []string
	for _, v := range v.List {
		p, err := policy.ParsePattern(v.Text, d.HasVariables(), true)
		switch {
		case err != nil:
			e.skip("a resource that is no pattern")
		case p.IsStar():
			listed = append(listed, smtTrue)
		default:
			listed = append(listed, e.atom("Bool", smtAnd(smtNot("star"), e.resourceARN(d.Kind, p))))
		}
	}
	return smtNegated(v.Not, smtOr(listed...))
}

// resourceARN matches an ARN, or the short form of API Gateway in the resource policy
// of an API, in which any API will do.
func (e *smtEncoder) resourceARN(kind policy.Kind, p policy.Pattern) string {
	fields := smtFields(p)
	if own := fields[0]; kind == policy.Resource && len(own) == 1 && own[0].Text == "execute-api" {
		path := slices.Clone(p)
		path[0].Text = strings.TrimPrefix(path[0].Text, "execute-api:")
		if p.HasVariables() {
			return e.skip("a variable in the short form of an API's resource")
		}
		return smtAnd(smtEqual("service", smtText("execute-api")), smtIn("rest", smtConcatRE("(re.+ "+smtNoSlash+")", smtGlobRE(path, ""))))
	}
	if len(fields) == 6 {
		return e.fields(smtResource, fields)
	}
	narrow := smtFalse
	if kind == policy.Identity {
		narrow = e.fields(smtResource, fields)
	}
	if p.HasVariables() {
		for _, f := range fields {
			if n := len(f); n > 0 && f[n-1].Kind == policy.AnySequence {
				return e.skip("a variable in a short ARN that runs over colons")
			}
		}
		// Without a "*" that runs over colons such a pattern has too few of them.
		return smtOr(smtAnd("ShortARNCrosses", e.fields(smtResource, fields)), smtAnd(smtNot("ShortARNCrosses"), narrow))
	}
	whole := smtConcat(`"arn:"`, "partition", `":"`, "service", `":"`, "region", `":"`, "account", `":"`, "rest")
	wide := smtOr(e.fields(smtResource, fields), smtIn(whole, smtCrossingRE(fields)))
	return smtOr(smtAnd("ShortARNCrosses", wide), smtAnd(smtNot("ShortARNCrosses"), narrow))
}

// fields matches the fields of an ARN one by one; the ones left out are "*".
func (e *smtEncoder) fields(arn [6]string, fields []policy.Pattern) string {
	var parts []string
	for i, f := range fields {
		if arn[i] == `"arn"` {
			if len(f) != 1 || f[0].Kind != policy.Literal || f[0].Text != "arn" {
				return e.skip("a resource whose first field is not arn")
			}
			continue
		}
		parts = append(parts, e.pattern(arn[i], f))
	}
	return smtAnd(parts...)
}

// pattern is "s matches p".
func (e *smtEncoder) pattern(s string, p policy.Pattern) string {
	if p.HasVariables() {
		return e.variablePattern(s, p)
	}
	return smtGlob(s, p)
}

// variablePattern matches a pattern with variables, whose values are literal: a
// variable without value matches nothing. What lies between two "*" is looked for
// from the left, and the first place is as good as any, so that no quantifier is
// needed.
func (e *smtEncoder) variablePattern(s string, p policy.Pattern) string {
	segments := [][]string{{}}
	var conds []string
	for _, piece := range p {
		last := &segments[len(segments)-1]
		switch piece.Kind {
		case policy.AnySequence:
			segments = append(segments, nil)
		case policy.AnyChar:
			return e.skip(`a "?" beside a variable`)
		case policy.Literal:
			*last = append(*last, smtText(piece.Text))
		case policy.Variable:
			value, has := e.variable(piece)
			conds = append(conds, has)
			*last = append(*last, value)
		}
	}
	text := make([]string, len(segments))
	length := func(i int) string { return "(str.len " + text[i] + ")" }
	for i, parts := range segments {
		text[i] = e.atom("String", smtConcat(parts...))
	}
	n := len(segments) - 1
	if n == 0 {
		return smtAnd(append(conds, smtEqual(s, text[0]))...)
	}
	conds = append(conds, "(str.prefixof "+text[0]+" "+s+")")
	end := length(0)
	for i := 1; i < n; i++ {
		found := e.atom("Int", fmt.Sprintf("(str.indexof %s %s %s)", s, text[i], end))
		conds = append(conds, "(>= "+found+" 0)")
		end = e.atom("Int", "(+ "+found+" "+length(i)+")")
	}
	conds = append(conds, "(str.suffixof "+text[n]+" "+s+")", fmt.Sprintf("(>= (str.len %s) (+ %s %s))", s, end, length(n)))
	return smtAnd(conds...)
}

// variable is the value of a policy variable and whether it has one: a missing key
// has its default, several values are none (IAM User Guide, "IAM policy elements:
// Variables and tags").
func (e *smtEncoder) variable(p policy.Piece) (value, has string) {
	k := e.keys[p.Key]
	first := k.element(0)
	value, has = first.value, k.single()
	if p.Default != nil {
		value = fmt.Sprintf("(ite %s %s %s)", first.present, value, smtText(*p.Default))
		has = smtOr(k.missing(), has)
	}
	return value, has
}
