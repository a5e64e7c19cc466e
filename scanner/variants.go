package scanner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// judgePart runs the rules over what an input holds under one set of choices.
func judgePart(ctx context.Context, x *extractors.Extraction, o rules.Options) ([]rules.Found, error) {
	c := compose(x)
	found, err := check(ctx, c.passes, o)
	if err != nil {
		return nil, err
	}
	elsewhere, err := check(ctx, c.elsewhere, o)
	if err != nil {
		return nil, err
	}
	return unresolvedOnce(rules.Merge(withoutRepeats(append(found, unseen(found, elsewhere)...)))), nil
}

// unresolvedOnce leaves out what has been said in the same words of the same place, such
// as of several actions of a pipeline that take one role.
func unresolvedOnce(found []rules.Found) []rules.Found {
	told := map[string]bool{}
	return slices.DeleteFunc(found, func(f rules.Found) bool {
		if f.Rule != "unresolved-policy" {
			return false
		}
		key := fmt.Sprintf("%q", append([]string{sameFinding(&f), f.Message, fmt.Sprint(f.Action, f.Level, f.Location)}, f.Details...))
		again := told[key]
		told[key] = true
		return again
	})
}

// judgeVariants runs the rules over an input and over its variants. What is found under
// several choices is told once, with the worst level, and says under which it holds.
func judgeVariants(ctx context.Context, x *extractors.Extraction, o rules.Options) ([]rules.Found, error) {
	out, err := judgePart(ctx, x, o)
	if err != nil {
		return nil, err
	}
	told := map[string]int{}
	others := map[int][]rules.Found{} // by index in out: what else the statement gives
	add := func(f rules.Found) {
		key := sameFinding(&f)
		at, there := told[key]
		if !there {
			told[key] = len(out)
			out = append(out, f)
			return
		}
		same := &out[at]
		if i := slices.IndexFunc(others[at], func(o rules.Found) bool { return sameGain(&o, &f) }); !sameGain(same, &f) {
			if i < 0 {
				others[at] = append(others[at], f)
				return
			}
			same = &others[at][i]
		}
		under := same.Under.With(f.Under)
		f.TakeIn(same.Contained)
		same.TakeIn(f.Contained)
		if f.Severity > same.Severity {
			*same, f = f, *same
		}
		same.AlsoNamed(&f)
		same.Under = under
	}
	for i := range out { // of one set of choices all are told
		told[sameFinding(&out[i])] = i
	}
	for i := range x.Variants {
		v := &x.Variants[i]
		part := &extractors.Extraction{Kind: x.Kind, Grants: v.Grants, Links: v.Links, Blocks: v.Blocks}
		found, err := judgePart(ctx, part, o)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			add(f)
		}
	}
	for i := range out {
		if len(others[i]) > 0 {
			out[i] = rules.Alternatives(append(others[i], out[i]))
		}
	}
	full := map[string]string{} // by key: most findings share their cases
	for i := range out {
		key := out[i].Under.Key()
		if _, known := full[key]; !known {
			full[key] = out[i].Under.Full()
		}
		out[i].CoverCases(full[key])
	}
	out = rules.MergeUnresolved(rules.MergeOperations(rules.Join(withoutNobody(out))))
	for i := range out {
		out[i].TellCases()
	}
	return out, nil
}

// withoutNobody leaves out what a managed policy gives to nobody of the input under some
// choices, where it is told of somebody under others.
func withoutNobody(found []rules.Found) []rules.Found {
	key := func(f *rules.Found) string {
		return fmt.Sprintf("%q", []string{f.Rule, f.Address, f.Attribute, statementOf(f)})
	}
	told := map[string][]*rules.Gained{}
	for i := range found {
		if f := &found[i]; f.Subject.Kind != managedPolicy && f.Archived == nil {
			told[key(f)] = append(told[key(f)], f.Gained)
		}
	}
	return slices.DeleteFunc(found, func(f rules.Found) bool {
		return f.Rule == "new-access" && f.Subject.Kind == managedPolicy && !f.Undecided && f.Archived == nil && f.Gained != nil && covered(f.Gained, told[key(&f)])
	})
}

// managedPolicy is the kind of a subject that is a policy, which others may have.
const managedPolicy = "policy"

// sameGain reports whether two findings that are the same otherwise give the same, under
// the same conditions. Of a sensitive policy it is not told what is gained.
func sameGain(f, g *rules.Found) bool {
	if f.Gained == nil || g.Gained == nil || f.Statement == nil || g.Statement == nil || f.Sensitive || g.Sensitive {
		return true
	}
	same := func(a, b []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return f.If == g.If && f.SameKeys(g) && same(f.Gained.Principals, g.Gained.Principals) && same(f.Gained.Resources, g.Gained.Resources) && same(f.Gained.Conditions, g.Gained.Conditions)
}

// sameFinding is the same for findings that say the same under different choices, in
// which names may differ.
func sameFinding(f *rules.Found) string {
	var actions []string
	if f.Gained != nil {
		actions = slices.Sorted(slices.Values(f.Gained.Actions))
	}
	who := f.Subject.Address
	if who == "" {
		who = f.Subject.Name
	}
	if f.External != nil {
		who += fmt.Sprintf(" from %v", f.External.Principal)
	}
	text := ""
	if f.Statement == nil && f.Gained != nil { // nothing else tells what else it gives under other choices
		text = fmt.Sprintf("%q", [][]string{f.Gained.Keys, f.Gained.Resources, f.Gained.Conditions})
	}
	if f.Rule == "unresolved-policy" { // it says what the finding is about, which nothing else does
		_, text, _ = strings.Cut(f.Message, ": ")
	}
	return fmt.Sprintf("%q", append([]string{f.Rule, f.Code, f.Address, f.Attribute, f.Subject.Kind, who, text, statementOf(f),
		fmt.Sprint(f.Location.Path, f.Location.StartLine, f.Archived != nil)}, actions...))
}

// statementOf tells the statement of a finding from others of its document: by where it is
// written, since its index is another one where a condition leaves out one before it, or
// by its index where that tells it from no other one.
func statementOf(f *rules.Found) string {
	if f.Statement == nil {
		return ""
	}
	index := f.Statement.Index
	var places []extractors.Place
	if f.Grant != nil {
		places = f.Grant.Origin().Statements
	}
	if index < len(places) {
		at := places[index].Range
		same := 0
		for _, s := range places {
			if s.Range.Path == at.Path && s.Range.Start == at.Start {
				same++
			}
		}
		if same == 1 && at.Path != "" {
			return fmt.Sprint("at ", at.Path, at.Start.Line, at.Start.Column)
		}
	}
	return fmt.Sprint(index)
}

// everyGrant lists the grants of an extraction: those of variants as far as they are at
// other places than those before, or something else is not known of them.
func everyGrant(x *extractors.Extraction) []*extractors.Grant {
	type key struct{ address, attribute, reason string }
	seen := map[key]bool{}
	var out []*extractors.Grant
	add := func(g *extractors.Grant, always bool) {
		reason, _ := obstacle(g)
		place, open := key{g.Address, g.Attribute, ""}, key{g.Address, g.Attribute, reason}
		if always || !seen[place] || reason != "" && !seen[open] {
			out = append(out, g)
		}
		seen[place], seen[open] = true, true
	}
	for i := range x.Grants {
		add(&x.Grants[i], true)
	}
	for i := range x.Variants {
		for j := range x.Variants[i].Grants {
			add(&x.Variants[i].Grants[j], false)
		}
	}
	return out
}
