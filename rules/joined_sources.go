package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// fromSource is the condition of a statement for services on whom they ask for, split in
// front of the path within what an ARN names, such as the operations of an API; its index
// in the conditions is -1 where there is none.
func fromSource(s *policy.Statement) (index int, whole, path string) {
	if s.Principal == nil || s.Principal.Not || len(s.Principal.List) == 0 ||
		slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return e.Type != policy.PrincipalService || e.Text == "*" }) {
		return -1, "", ""
	}
	index = -1
	for i, c := range s.Conditions {
		if c.KeyName() != "aws:sourcearn" {
			continue
		}
		if index >= 0 || len(c.Values) != 1 || c.Operator.Negated || c.Operator.IfExists || c.Operator.Qualifier != policy.NoQualifier ||
			c.Operator.Test != policy.ArnLike && c.Operator.Test != policy.StringEquals && c.Operator.Test != policy.StringLike {
			return -1, "", ""
		}
		f := strings.SplitN(c.Values[0].Text, ":", 6)
		if len(f) < 6 {
			return -1, "", ""
		}
		head, rest, ok := strings.Cut(f[5], "/")
		if !ok || rest == "" || wildcards(head) {
			return -1, "", ""
		}
		if strings.HasSuffix(head, ":") { // the name of a log group
			head, rest = strings.TrimSuffix(head, ":"), "/"+rest
		}
		index, whole, path = i, strings.Join(append(f[:5], head), ":"), rest
	}
	return index, whole, path
}

// sourceKey is the same for findings about what a service may do that differ in the path
// of the source alone; false for what is left alone.
func sourceKey(f *Found) (string, bool) {
	s := f.written()
	i, whole, _ := fromSource(s)
	if i < 0 || f.Grant.Kind != extractors.Resource {
		return "", false
	}
	conditions := slices.Clone(s.Conditions)
	conditions[i].Values = []policy.Value{{Text: whole}}
	return alikeKey(f, fmt.Sprint(f.Level, f.Severity), fmt.Sprintf("%q", [][]string{f.Gained.Actions, f.Gained.Resources}), spelledConditions(conditions)), true
}

// sourceOf names the source that a finding is about with its place.
func sourceOf(f *Found) string { return f.withPlace(sourceName(f.written())) }

// sourceName is the path of a source: of an API the method and the path in front of which
// any stage may stand.
func sourceName(s *policy.Statement) string {
	_, whole, path := fromSource(s)
	call, ok := strings.CutPrefix(path, "*/")
	method, rest, split := strings.Cut(call, "/")
	if ok && split && strings.Contains(whole, ":execute-api:") && method != "" && strings.ToUpper(method) == method {
		return cmp.Or(strings.TrimPrefix(method, "*"), "any method") + " /" + rest
	}
	return path
}

// tellSources writes the message of a finding about several sources of a service.
func (f *Found) tellSources(found []Found, list []int) {
	s := *f.written()
	s.Sid = ""
	i, whole, _ := fromSource(&s)
	var names []string
	for _, j := range list {
		names = union(names, []string{Readable(sourceName(found[j].written()))})
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(reading(a), reading(b)) })
	what := "sources"
	if strings.Contains(whole, ":execute-api:") {
		what = "operations"
	}
	s.Conditions = slices.Clone(s.Conditions)
	s.Conditions[i].Values = []policy.Value{{Text: fmt.Sprintf("one of %d %s of %s (%s)", len(names), what, whole, phrase(names, ""))}}
	f.Message, _ = gainMessage(f.Grant, &s, f.Gained, false)
	f.Message = Readable(f.Message)
}

// listKey is the same for findings about what one grantee has by one access control list;
// false for what is left alone.
func listKey(f *Found) (string, bool) {
	s := f.written()
	if f.Grant.Kind != extractors.ACL || s.Resource == nil || s.Resource.Not || f.Subject.Name == "" && f.Subject.Address == "" {
		return "", false
	}
	return alikeKey(f, f.Address, f.Attribute, spelledConditions(s.Conditions)), true
}

// listEntry names what an entry of an access control list lets its grantee do.
func listEntry(f *Found) string {
	return Readable(phrase(f.Gained.Actions, "") + " on " + phrase(f.Gained.Resources, ""))
}

// tellEntries writes the message of a finding about the entries of an access control list.
func (f *Found) tellEntries([]Found, []int) {
	s := *f.written()
	s.Sid, s.Resource = "", nil
	f.Message, _ = gainMessage(f.Grant, &s, f.Gained, false)
	f.Message = Readable(f.Message)
}
