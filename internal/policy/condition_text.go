package policy

import "strings"

// text compares strings and ARNs. Only these operators have policy variables.
// Wildcards work with StringLike, ArnLike and ArnEquals; for StringEquals "*" is a
// character.
func (e *evaluation) text(t Test, policy, request string, variables bool) bool {
	p, err := ParsePattern(policy, variables, t == StringLike || t == ArnLike)
	if err != nil {
		return false
	}
	switch t {
	case StringEqualsIgnoreCase:
		return e.matches(p, request, sameLetter)
	case ArnLike:
		return e.arnValue(p, request)
	default:
		return e.matches(p, request, sameChar)
	}
}

// arnValue compares ARNs field by field, case and all. A value with fewer than six
// fields never matches; about such patterns see Reading.ShortARNPatternMatches.
func (e *evaluation) arnValue(p Pattern, request string) bool {
	fields := p.fields(arnFields)
	switch {
	case len(fields) == arnFields:
		return e.arn(fields, request)
	case p.HasVariables():
		// "${aws:PrincipalArn}" gets its colons from the variable.
		fields = e.replaced(p).fields(arnFields)
		return len(fields) == arnFields && e.arn(fields, request)
	case e.reading.ShortARNPatternMatches:
		return e.arn(completeARN(fields), request) || e.crossing(fields, request)
	}
	return false
}

// replaced is p with its variables made literal. It is empty, so that it has too
// few fields for an ARN, when one of them has no value.
func (e *evaluation) replaced(p Pattern) Pattern {
	var b patternBuilder
	for _, piece := range p {
		if piece.Kind == Variable {
			text, ok := e.variable(piece)
			if !ok {
				return nil
			}
			piece = Piece{Kind: Literal, Text: text}
		}
		b.add(piece)
	}
	return b.pattern
}

// matchBool compares Booleans, which have no case.
func matchBool(policy, request string) bool {
	_, ok := parseBool(policy)
	return ok && strings.EqualFold(policy, request)
}
