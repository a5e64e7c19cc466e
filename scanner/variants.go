package scanner

import (
	"context"
	"fmt"
	"slices"

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
	return rules.Merge(withoutRepeats(append(found, unseen(found, elsewhere)...))), nil
}

// judgeVariants runs the rules over an input and over its variants. What is found under
// several choices is told once, with the worst level, and says under which it holds.
func judgeVariants(ctx context.Context, x *extractors.Extraction, o rules.Options) ([]rules.Found, error) {
	out, err := judgePart(ctx, x, o)
	if err != nil {
		return nil, err
	}
	told := map[string]int{}
	for i := range out {
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
			at, there := told[sameFinding(&f)]
			if !there {
				told[sameFinding(&f)] = len(out)
				out = append(out, f)
				continue
			}
			under := out[at].Under.With(f.Under)
			if f.Severity > out[at].Severity {
				out[at] = f
			}
			out[at].Under = under
		}
	}
	for i := range out {
		if words := out[i].Under.String(); words != "" {
			out[i].Details = append(out[i].Details, "It holds where "+words+".")
		}
	}
	return out, nil
}

// sameFinding is the same for findings that say the same under different choices, in
// which names may differ.
func sameFinding(f *rules.Found) string {
	statement := -1
	if f.Statement != nil {
		statement = f.Statement.Index
	}
	var actions []string
	if f.Gained != nil {
		actions = slices.Sorted(slices.Values(f.Gained.Actions))
	}
	who := f.Subject.Address
	if who == "" {
		who = f.Subject.Name
	}
	return fmt.Sprintf("%q", append([]string{f.Rule, f.Address, f.Attribute, f.Subject.Kind, who,
		fmt.Sprint(statement, f.Location.Path, f.Location.StartLine)}, actions...))
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
