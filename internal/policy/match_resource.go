package policy

import (
	"slices"
	"strings"
)

// arnFields is the number of colon-separated fields of an ARN; the last, the
// resource part, may hold more colons (IAM User Guide, "Identify AWS resources with
// Amazon Resource Names").
const arnFields = 6

// ownAPIPrefix starts the short form of a resource in the resource policy of an
// API: "execute-api:/stage/METHOD/path". API Gateway puts the execution ARN of the
// API itself in front when it stores the policy (Amazon API Gateway Developer Guide,
// "API Gateway resource policy examples").
//
// Partition, Region, account and id of that API are not known here, so any will do.
// That decides nothing wrongly: the policy is only ever asked about requests to its
// own API, for which both forms say the same, and both sides of a comparison are
// about one API.
const ownAPIPrefix = "execute-api:/"

// ownAPI returns what the short form says behind the id of the API, from the slash
// on, and whether p is of that form.
func ownAPI(p Pattern) (Pattern, bool) {
	if len(p) == 0 || p[0].Kind != Literal || !strings.HasPrefix(p[0].Text, ownAPIPrefix) {
		return nil, false
	}
	return p.fields(2)[1], true
}

// requestToAPI matches the execution ARN of a request: rest is about everything
// behind the id of the API, which is not empty and has no slash.
func (e *evaluation) requestToAPI(rest Pattern, text string) bool {
	parts := strings.SplitN(text, ":", arnFields)
	if len(parts) != arnFields || parts[0] != "arn" || parts[2] != "execute-api" {
		return false
	}
	slash := strings.IndexByte(parts[5], '/')
	return slash > 0 && e.matches(rest, parts[5][slash:], sameChar)
}

// resource matches Resource or NotResource; without either, the statement is about
// every resource. NotResource is every resource that the list does not match, also
// "*", the resource of actions that have none.
func (e *evaluation) resource(d *Document, v *Values) bool {
	if v == nil {
		return true
	}
	listed := slices.ContainsFunc(v.List, func(v Value) bool { return e.resourceText(d, v.Text) })
	return listed != v.Not
}

// resourceText matches one string of Resource or NotResource: "*", an ARN field by
// field, or a short form of API Gateway. Case counts everywhere. A variable without value matches nothing.
func (e *evaluation) resourceText(d *Document, text string) bool {
	p, err := ParsePattern(text, d.HasVariables(), true)
	switch {
	case err != nil:
		return false
	case p.IsStar():
		return true
	}
	if rest, ok := ownAPI(p); ok && d.Kind == Resource {
		return e.requestToAPI(rest, e.request.Resource)
	}
	fields := p.fields(arnFields)
	switch {
	case len(fields) == arnFields:
		return e.arn(fields, e.request.Resource)
	case e.reading.ShortARNCrosses:
		return e.arn(completeARN(fields), e.request.Resource) || e.crossing(fields, e.request.Resource)
	case d.Kind == Identity:
		return e.arn(completeARN(fields), e.request.Resource)
	}
	return false
}

// arn matches an ARN field by field: "*" in one of the first five does not run over
// a colon, and neither does the value of a variable (IAM User Guide, "IAM JSON
// policy elements: Resource"). A text with fewer fields is no ARN.
//
// The documents have variables in the resource part only; policies that AWS manages
// use them for account and Region too, so they are replaced everywhere.
func (e *evaluation) arn(fields []Pattern, text string) bool {
	parts := strings.SplitN(text, ":", arnFields)
	if len(parts) != len(fields) {
		return false
	}
	for i, f := range fields {
		if !e.matches(f, parts[i], sameChar) {
			return false
		}
	}
	return true
}

// completeARN adds "*" for each field left out at the end.
func completeARN(fields []Pattern) []Pattern {
	full := slices.Clone(fields)
	for len(full) < arnFields {
		full = append(full, Pattern{{Kind: AnySequence}})
	}
	return full
}

// crossing matches a short ARN so that a "*" that ends a field may run over the
// colons behind it, and any other wildcard may not.
//
// Fields are matched from the left, each against one part between colons: a "*" at
// its end takes the rest of that part, or also any number of the parts that follow.
// So what has been matched can end at several places; ends holds for each number of
// parts whether it is one.
func (e *evaluation) crossing(fields []Pattern, text string) bool {
	parts := strings.Split(text, ":")
	ends := make([]bool, len(parts)+1)
	ends[0] = true
	for _, f := range fields {
		next := make([]bool, len(parts)+1)
		open := len(f) > 0 && f[len(f)-1].Kind == AnySequence
		for start, part := range parts {
			if open && next[start] {
				next[start+1] = true // the "*" goes on
			}
			if ends[start] && e.matches(f, part, sameChar) {
				next[start+1] = true
			}
		}
		ends = next
	}
	return ends[len(parts)]
}
