package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// mergeTwins makes one finding of those about several things that are no policies and
// amount to the same statement on one resource, such as the URL of a function and the
// permission that SAM makes for it, in the place of the first. Same lists the others, so
// that nothing which is about one of them alone accepts the access.
func mergeTwins(found []Found) []Found {
	first := map[string]int{}
	var out []Found
	for i := range found {
		f := found[i]
		key, ok := twinKey(&f)
		if at, told := first[key]; ok && told && f.Address != out[at].Address {
			out[at].twin(&f)
			continue
		} else if ok && !told {
			first[key] = len(out)
		}
		out = append(out, f)
	}
	return out
}

// twin adds what gives the very same.
func (f *Found) twin(o *Found) {
	if len(f.Each) == 0 {
		f.Each = []Finding{f.Finding}
	}
	f.Each = append(f.Each, o.Finding)
	f.Same = append(slices.Clone(f.Same), Source{Address: o.Address, Attribute: o.Attribute})
	f.addSources(append(o.Sources, Source{Address: o.Address, Attribute: o.Attribute})...)
	f.Unknowns = union(f.Unknowns, o.Unknowns)
	f.TakeIn(o.Contained)
	f.Details = append(slices.Clone(f.Details), fmt.Sprintf("%s (%s) amounts to the same statement.", o.Address, o.Attribute))
	if f.twins == nil {
		f.twins = []string{f.Fingerprint}
	}
	f.twins = append(slices.Clone(f.twins), o.Fingerprint)
	f.Fingerprint = digest(slices.Clone(f.twins))
	f.base = digest([]string{f.base, o.base})
}

// twinKey is the same for findings that say the same of one subject; false for what is
// left alone.
func twinKey(f *Found) (string, bool) {
	if f.Rule != newAccess.ID || f.Grant == nil || f.Grant.Does == "" || f.Gained == nil || f.Statement == nil || len(f.Parts) > 0 ||
		f.Undecided || f.Undenied || f.Sensitive || f.Archived != nil || f.Grant.Before.Sensitive || f.Grant.After.Sensitive {
		return "", false
	}
	g := f.Gained
	// The sentence cuts long lists, so that the conditions are compared as they are.
	var conditions []policy.Condition
	if d := f.Grant.After.Document; d != nil && f.Statement.Index >= 0 && f.Statement.Index < len(d.Statements) {
		conditions = d.Statements[f.Statement.Index].Conditions
	}
	message := strings.TrimSuffix(f.Message, fmt.Sprintf(" (statement %q).", f.Statement.Sid))
	return fmt.Sprintf("%q", []string{
		fmt.Sprintf("%q", []any{f.Grant.Subject}), fmt.Sprint(f.Subject, f.Level, f.Severity, f.New, f.Pinned, f.Under.Key(), f.Hubs, f.Location.Path),
		strings.TrimSuffix(message, "."), g.Description,
		fmt.Sprintf("%q", [][]string{g.Actions, g.Resources, g.Principals, g.Conditions}), spelledConditions(conditions),
	}), true
}

// spelledConditions is equal for conditions that are written with the same words.
func spelledConditions(conditions []policy.Condition) string {
	var out []string
	for _, c := range conditions {
		var values []string
		for _, v := range c.Values {
			values = append(values, v.Text)
		}
		out = append(out, fmt.Sprintf("%q %q %q", c.Operator.Name, c.KeyName(), values))
	}
	return strings.Join(out, "\n")
}
