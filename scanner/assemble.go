package scanner

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
	"github.com/grantdiff/grantdiff/rules"
)

// assemble runs the rules over all extractions and builds the result.
func assemble(ctx context.Context, inputs []extraction, o Options) (*rules.Result, error) {
	r := &rules.Result{
		Schema: rules.Schema, Tool: rules.Tool{Name: "grantdiff", Version: o.Version},
		Inputs: []rules.Input{}, Findings: []rules.Finding{}, Unresolved: []rules.Unresolved{}, Diagnostics: []rules.Diagnostic{},
	}
	for _, x := range inputs {
		redactor := NewRedactor(x.Secrets)
		all, err := judge(ctx, &x.Extraction, o.rules())
		if err != nil {
			return nil, err
		}
		found, docs := redactor.findings(all), redactor.documents(all)
		if len(inputs) > 1 {
			for i := range found {
				found[i].Input = source.Clean(x.path)
			}
			for i := range docs {
				docs[i].Input = source.Clean(x.path)
			}
		}
		o.Config.apply(found)
		one := &rules.Result{Findings: found, Documents: docs}
		add(one, x)
		redactor.result(one)
		merge(r, one)
	}
	distinguish(r.Findings)
	slices.SortStableFunc(r.Findings, byImportance)
	rules.TellTogether(r.Findings)
	o.Config.accept(r, o.Now)
	r.Documents = kept(r.Documents, r.Findings)
	for _, f := range r.Findings {
		count(&r.Summary, f)
	}
	return r, nil
}

// merge adds what one input yields to the result of all.
func merge(r, one *rules.Result) {
	r.Inputs = append(r.Inputs, one.Inputs...)
	r.Findings = append(r.Findings, one.Findings...)
	r.Documents = append(r.Documents, one.Documents...)
	r.Unresolved = append(r.Unresolved, one.Unresolved...)
	r.Diagnostics = append(r.Diagnostics, one.Diagnostics...)
	s, t := &r.Summary, one.Summary
	s.Policies += t.Policies
	s.Subjects += t.Subjects
	s.Compared += t.Compared
	s.Unresolved += t.Unresolved
	s.Undecided += t.Undecided
}

// judge runs the rules over all that an input holds, several at a time, and keeps their
// order.
func judge(ctx context.Context, x *extractors.Extraction, o rules.Options) ([]rules.Found, error) {
	found, err := judgeVariants(ctx, x, o)
	if err != nil {
		return nil, err
	}
	notSeen(x, found)
	drifted, err := driftOf(ctx, x, o)
	if err != nil {
		return nil, err
	}
	return append(found, drifted...), nil
}

func check(ctx context.Context, passes []rules.Pass, o rules.Options) ([]rules.Found, error) {
	found := make([][]rules.Found, len(passes))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(passes)) {
		wg.Go(func() {
			for i := range next {
				found[i] = rules.Check(passes[i], o)
			}
		})
	}
	for i := range passes {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return slices.Concat(found...), ctx.Err()
}

// unseen keeps of what managed policies newly allow, or no longer deny, by themselves
// that which no principal of the plan gains: a note, since principals outside of the
// plan may.
func unseen(found, elsewhere []rules.Found) []rules.Found {
	type of struct {
		rule      string
		grant     *extractors.Grant
		statement int
	}
	told := map[of][]*rules.Gained{}
	key := func(f *rules.Found) of {
		k := of{f.Rule, f.Grant, -1}
		if f.Statement != nil {
			k.statement = f.Statement.Index
		}
		return k
	}
	for i := range found {
		k := key(&found[i])
		told[k] = append(told[k], found[i].Gained)
	}
	var out []rules.Found
	for _, f := range elsewhere {
		if f.Rule != "new-access" && f.Rule != "guardrail-removed" || covered(f.Gained, told[key(&f)]) {
			continue
		}
		if f.Level > rules.Note {
			f.Level, f.Severity = rules.Note, min(f.Severity, 3.9)
		}
		out = append(out, f)
	}
	return out
}

// withoutRepeats leaves out of what members of a group, or things that act as a role,
// gain that which is told of the group or role itself. One that comes to it newly gains
// more than it does, unless the change creates both.
func withoutRepeats(found []rules.Found) []rules.Found {
	type of struct {
		rule      string
		subject   rules.Subject
		grant     *extractors.Grant
		statement int
	}
	key := func(f *rules.Found, s rules.Subject) of {
		k := of{f.Rule, s, f.Grant, -1}
		if f.Statement != nil {
			k.statement = f.Statement.Index
		}
		return k
	}
	told := map[of][]*rules.Gained{}
	for i := range found {
		k := key(&found[i], found[i].Subject)
		told[k] = append(told[k], found[i].Gained)
	}
	return slices.DeleteFunc(found, func(f rules.Found) bool {
		if f.Undenied {
			return false // what held it back was the member's own
		}
		for _, h := range f.Hubs {
			if !h.Stays && !h.Subject.New {
				return false
			}
			if covered(f.Gained, told[key(&f, rules.Subject{Kind: h.Subject.Kind, Address: h.Subject.Address, Name: h.Subject.Name})]) {
				return true
			}
		}
		return false
	})
}

// covered reports whether one of the gains that are told has all of a gain in it. A
// finding without one is about no access, and told by any.
func covered(g *rules.Gained, told []*rules.Gained) bool {
	return slices.ContainsFunc(told, func(t *rules.Gained) bool {
		return g == nil || t != nil && within(g.Actions, t.Actions) && within(g.Resources, t.Resources) &&
			within(g.Principals, t.Principals) && within(g.Conditions, t.Conditions)
	})
}

// within reports whether a list has nothing that another has not; where either is empty
// it stands for everything, and only the same is within it.
func within(list, other []string) bool {
	if len(list) == 0 || len(other) == 0 {
		return len(list) == len(other)
	}
	return !slices.ContainsFunc(list, func(s string) bool { return !slices.Contains(other, s) })
}

// notSeen says once, in the first finding of a report that it matters to, what a plan
// never shows of principals that are there already.
func notSeen(x *extractors.Extraction, found []rules.Found) {
	if x.Kind == extractors.KindPolicy {
		return
	}
	var first *rules.Found
	for i := range found {
		f := &found[i]
		if f.Rule == "new-access" && f.Grant != nil && f.Grant.Kind == extractors.Identity && !f.New &&
			(first == nil || byImportance(f.Finding, first.Finding) < 0) {
			first = f
		}
	}
	if first != nil {
		first.Details = append(first.Details, "Only what the input shows is counted; policies that come from elsewhere, such as another state or stack, are not.")
	}
}

// add counts an input's grants and takes over what is not known about it.
func add(r *rules.Result, x extraction) {
	subjects := map[string]bool{}
	grants := everyGrant(&x.Extraction)
	for _, g := range grants {
		subjects[subject(g)] = true
		r.Summary.Policies++
		warn(r, g)
		reason, refs := obstacle(g)
		if reason == "" {
			r.Summary.Compared++
			continue
		}
		r.Summary.Unresolved++
		r.Unresolved = append(r.Unresolved, rules.Unresolved{Address: g.Address, Attribute: g.Attribute, Reason: reason, References: refs})
	}
	r.Summary.Subjects += len(subjects)
	r.Inputs = append(r.Inputs, rules.Input{
		Path: source.Clean(x.path), Kind: x.Kind, Policies: len(grants), Subjects: len(subjects),
	})
	if x.Kind == terraform.KindState {
		addState(r, x)
	}
	for _, d := range x.Diagnostics {
		r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
			Severity: d.Severity.String(), Summary: d.Summary, Detail: d.Detail, Location: rules.LocationOf(d.Subject),
		})
	}
	warnIgnores(r, grants)
	r.Summary.Undecided += len(x.Incomplete)
	if len(x.Incomplete) == 0 && x.Diagnostics.HasErrors() {
		r.Summary.Undecided++ // something could not be read, whatever it was
	}
	for _, why := range x.Incomplete {
		r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
			Severity: diag.Error.String(), Summary: "The input does not show the whole change", Detail: why,
			Location: rules.Location{Path: source.Clean(x.path)},
		})
	}
}

// warn takes over what looks wrong with a policy that the change writes. What stands
// there already, or must not be shown, is left out.
func warn(r *rules.Result, g *extractors.Grant) {
	if g.Action == extractors.NoOp || g.After.Sensitive {
		return
	}
	for _, d := range g.After.Diagnostics {
		if d.Severity != diag.Warning || rules.Tells(g, d.Code) {
			continue // a rule tells the latter
		}
		at := g.Address
		if g.Attribute != "" {
			at += " (" + g.Attribute + ")"
		}
		r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
			Severity: d.Severity.String(), Summary: at + ": " + d.Summary, Detail: d.Detail, Location: rules.LocationOf(d.Subject),
		})
	}
}

// warnIgnores tells of comments that accept findings of a rule that there is not.
func warnIgnores(r *rules.Result, grants []*extractors.Grant) {
	told := map[source.Range]bool{}
	for _, g := range grants {
		for _, ignore := range g.Origin().Ignores {
			if told[ignore.Range] || slices.ContainsFunc(rules.All(), func(known rules.Rule) bool { return known.ID == ignore.Rule }) {
				continue
			}
			told[ignore.Range] = true
			r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
				Severity: diag.Warning.String(), Summary: fmt.Sprintf("A comment accepts findings of %q, which is no rule", ignore.Rule),
				Detail:   "It accepts nothing. Expected is the id of a rule, such as new-access; `grantdiff explain` lists them.",
				Location: rules.LocationOf(ignore.Range),
			})
		}
	}
}

// addState says that a state holds no change, and which of its policies cannot be
// read: in a plan what stays as it is gives nothing new, but here nothing else is
// asked.
func addState(r *rules.Result, x extraction) {
	r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
		Severity: diag.Warning.String(), Summary: "A state shows what exists and no change",
		Detail:   "There is nothing to compare it with. Scan a plan to see what a change gives.",
		Location: rules.Location{Path: source.Clean(x.path)},
	})
	for i := range x.Grants {
		g := &x.Grants[i]
		if !g.After.Diagnostics.HasErrors() {
			continue
		}
		reason := "the text cannot be read"
		if !g.After.Sensitive {
			reason = g.After.Diagnostics.Error()
		}
		r.Summary.Compared--
		r.Summary.Unresolved++
		r.Summary.Undecided++
		r.Unresolved = append(r.Unresolved, rules.Unresolved{Address: g.Address, Attribute: g.Attribute, Reason: reason, References: []string{}})
	}
}

func subject(g *extractors.Grant) string {
	return cmp.Or(g.Subject.Address, g.Subject.Kind+" "+g.Subject.Name, g.Address)
}

// obstacle says why a grant could not be compared; "" when it was.
func obstacle(g *extractors.Grant) (reason string, refs []string) {
	refs = []string{}
	switch {
	case g.Action == extractors.NoOp, g.After.Unknown != nil && g.OnlyHoldsBack():
		return "", refs
	case g.After.Unknown != nil:
		return cmp.Or(g.After.Unknown.Reason, "known only after the change is applied"), append(refs, g.After.Unknown.References...)
	case g.After.Diagnostics.HasErrors() && g.After.Sensitive:
		return "the text cannot be read (marked as sensitive, not shown)", refs
	case g.After.Diagnostics.HasErrors():
		return g.After.Diagnostics.Error(), refs
	case !g.Before.Readable():
		return "the policy before the change is not known or cannot be read", refs
	}
	return "", refs
}

// distinguish makes the fingerprints of otherwise equal findings different: the
// second and later ones, in the order of the inputs, get theirs hashed with their
// number. The path of an input takes no part, since it may change between runs.
func distinguish(found []rules.Finding) {
	seen := map[string]int{}
	for i := range found {
		f := &found[i]
		seen[f.Fingerprint]++
		if n := seen[f.Fingerprint]; n > 1 {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", f.Fingerprint, n))
			f.Fingerprint = hex.EncodeToString(sum[:16])
		}
	}
}

// byImportance orders findings: worst first, then by address, attribute,
// statement and rule, so that equal input gives equal output.
func byImportance(a, b rules.Finding) int {
	return cmp.Or(
		cmp.Compare(b.Level, a.Level),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Address, b.Address),
		cmp.Compare(a.Attribute, b.Attribute),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(index(a), index(b)),
		cmp.Compare(a.Input, b.Input),
		cmp.Compare(a.Location.StartLine, b.Location.StartLine),
		cmp.Compare(a.Fingerprint, b.Fingerprint),
	)
}

func index(f rules.Finding) int {
	if f.Statement == nil {
		return -1
	}
	return f.Statement.Index
}

func count(s *rules.Summary, f rules.Finding) {
	if f.Archived != nil {
		s.Archived++
		return
	}
	if f.Undecided {
		s.Undecided++
	}
	switch f.Level {
	case rules.Error:
		s.Errors++
	case rules.Warning:
		s.Warnings++
	case rules.Note:
		s.Notes++
	case rules.Never:
	}
}
