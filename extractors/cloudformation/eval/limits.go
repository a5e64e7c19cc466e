package eval

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// ruledOut reports whether what a parameter declares rules something out of its value,
// before the change and after it. What the change rules out is not the value before it
// either.
func (s *Scope) ruledOut(full string, decl *tree.Node, may func(*tree.Node) bool) [2]bool {
	d := s.t.Declared[full]
	for i := range d {
		if d[i] == nil {
			d[i] = decl
		}
	}
	now := !may(d[1])
	return [2]bool{now || !may(d[0]), now}
}

// mayBeEveryone reports whether the value of a parameter, or an element of one that is a
// list, could be "*". A pattern is held against each element, a length against texts
// alone (AWS CloudFormation User Guide, "Parameters"); of a value that is looked up they
// say nothing, since they are about the name of where it is.
func mayBeEveryone(decl *tree.Node) bool {
	switch {
	case lookedUp(decl):
		return !lookedUpThing(decl)
	case ofThings(decl), !isList(decl) && minLength(decl) > 1:
		return false
	}
	if list := elements(decl); len(list) > 0 && len(list) == len(decl.Get("AllowedValues").Items) && !slices.Contains(list, "*") {
		return false
	}
	re, _ := allowedPattern(decl)
	return re == nil || re.MatchString("*")
}

// mayHoldWildcard reports whether the value of a parameter could have a wildcard in it
// anywhere, so that a part of it could be everyone.
func mayHoldWildcard(decl *tree.Node) bool {
	switch {
	case lookedUp(decl):
		return !lookedUpThing(decl)
	case ofThings(decl):
		return false
	}
	wild := func(v string) bool { return strings.ContainsAny(v, "*?") }
	if list := elements(decl); len(list) > 0 && len(list) == len(decl.Get("AllowedValues").Items) && !slices.ContainsFunc(list, wild) {
		return false
	}
	_, parsed := allowedPattern(decl)
	return parsed == nil || takes(parsed, '*') || takes(parsed, '?')
}

// ParameterWithDefault is the first parameter that is left at a default of which a test
// is true; "" for none.
func (s *Scope) ParameterWithDefault(test func(string) bool) string {
	if s.t.Parameters == nil {
		return ""
	}
	for _, f := range s.t.Parameters.Fields {
		if _, given := s.given(f.Key); given {
			continue
		}
		if text, ok := defaultOf(f.Value); ok && text != "" && test(text) {
			return f.Key
		}
	}
	return ""
}

// ofThings: the type of a parameter has identifiers or numbers as its values.
func ofThings(decl *tree.Node) bool {
	t, _ := decl.Get("Type").Text()
	t = strings.TrimSuffix(strings.TrimPrefix(t, "List<"), ">")
	return strings.HasPrefix(t, "AWS::EC2::") || strings.HasPrefix(t, "AWS::Route53::") || t == "Number"
}

// lookedUpThing: the value is looked up, and checked to be such an identifier.
func lookedUpThing(decl *tree.Node) bool {
	t, _ := decl.Get("Type").Text()
	t = strings.TrimPrefix(strings.TrimPrefix(t, "AWS::SSM::Parameter::Value<"), "List<")
	return strings.HasPrefix(t, "AWS::EC2::") || strings.HasPrefix(t, "AWS::Route53::")
}

func minLength(decl *tree.Node) int {
	text, _ := decl.Get("MinLength").Text()
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// allowedPattern is the pattern of a parameter, which all of a value must match; nil
// where there is none, or it cannot be read.
func allowedPattern(decl *tree.Node) (*regexp.Regexp, *syntax.Regexp) {
	pattern, ok := decl.Get("AllowedPattern").Text()
	if !ok || len(pattern) > 1000 {
		return nil, nil
	}
	pattern = `^(?:` + pattern + `)$`
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, nil
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, nil
	}
	return re, parsed
}

// takes reports whether a character can stand anywhere in what an expression matches, as
// far as its parts tell.
func takes(re *syntax.Regexp, r rune) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return slices.Contains(re.Rune, r)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= r && r <= re.Rune[i+1] {
				return true
			}
		}
		return false
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	}
	return slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return takes(sub, r) })
}
