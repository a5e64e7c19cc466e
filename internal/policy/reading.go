package policy

// Reading fixes what the published documents leave open. Each field is one open
// question; a verdict is only a pass when it is one under every reading of the
// questions that the documents at hand raise. Both sides of a comparison are
// always read the same way, so that a document never exceeds itself.
type Reading struct {
	// AWSStarIsEveryone: {"AWS":"*"} also covers service and federated
	// principals, as "*" does. Otherwise it covers AWS principals and anonymous
	// callers only.
	AWSStarIsEveryone bool
	// ShortARNCrosses: in an ARN pattern with fewer than six fields a trailing
	// "*" of a field may run over the following colons ("Identify AWS resources
	// with Amazon Resource Names"), and such a pattern works in resource policies
	// too. Otherwise missing fields are "*" in identity policies, and the pattern
	// matches nothing in resource policies.
	ShortARNCrosses bool
	// AnyIfExistsOnMissing: "ForAnyValue:...IfExists" is true for a missing key.
	AnyIfExistsOnMissing bool
	// ShortARNPatternMatches: a pattern of an ARN operator with fewer than six
	// fields is taken as in a Resource element: missing fields are "*", and a
	// trailing "*" of a field may run over the following colons, so that "*" alone
	// matches every value, also one that is no ARN. Otherwise such a pattern matches
	// nothing. Patterns that get their fields from variables raise no question.
	ShortARNPatternMatches bool
	// EmptyListHolds: a condition with an empty value list has no effect.
	// Otherwise it is "none of nothing": false, and true for a negated operator.
	// With a set qualifier or IfExists the outcome is known and this does not apply.
	EmptyListHolds bool
	// NotPrincipalNeedsChain: a NotPrincipal entry exempts a role or user only
	// when its account is listed too, and a session only when its role and
	// account are. Otherwise NotPrincipal is the complement of Principal.
	NotPrincipalNeedsChain bool
}

// Question is one field of Reading.
type Question uint8

// The open questions, one bit each.
const (
	QuestionAWSStar Question = 1 << iota
	QuestionShortARN
	QuestionAnyIfExists
	QuestionShortARNPattern
	QuestionEmptyList
	QuestionNotPrincipal
)

// Readings returns every reading of the given questions; what was not asked
// keeps its zero value. There is always at least one.
func Readings(asked Question) []Reading {
	all := []Reading{{}}
	for q := Question(1); q <= QuestionNotPrincipal; q <<= 1 {
		if asked&q == 0 {
			continue
		}
		for _, r := range all[:len(all):len(all)] {
			r.set(q)
			all = append(all, r)
		}
	}
	return all
}

func (r *Reading) set(q Question) {
	switch q {
	case QuestionAWSStar:
		r.AWSStarIsEveryone = true
	case QuestionShortARN:
		r.ShortARNCrosses = true
	case QuestionAnyIfExists:
		r.AnyIfExistsOnMissing = true
	case QuestionShortARNPattern:
		r.ShortARNPatternMatches = true
	case QuestionEmptyList:
		r.EmptyListHolds = true
	case QuestionNotPrincipal:
		r.NotPrincipalNeedsChain = true
	}
}
