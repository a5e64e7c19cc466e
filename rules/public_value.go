package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// checkWild tells that a subject may be public by the value of a condition that is not
// known: to a pattern that it begins it may give a wildcard, and then it is no limit.
// public-access takes it for a fixed value otherwise.
func (p *Pass) checkWild(t *Term, typ string, o access.Options) {
	var first string
	after, _ := merged(t, func(h *Holding) *policy.Document {
		d, name := Wildest(h, false)
		if first == "" {
			first = name
		}
		return d
	})
	if first == "" {
		return
	}
	if now, err := access.NoPublicAccess(after, typ, o); err != nil || now.Verdict == access.Pass {
		return
	}
	written, _ := merged(t, func(h *Holding) *policy.Document { return h.After })
	if before, open := beforeBlocks(t); open && KeepsWords(written, before) {
		return // whatever the values are, it was as open before
	}
	reason := first + " is not known and may begin with a wildcard"
	p.reportAnyone(everyoneIn, reason, notes(reason, t)...)
}

// Wildest is the document of a holding after the change, or before it, with a wildcard for
// each value that is not known where it may begin a pattern with one and so lets in more;
// name is one of them, with its key, "" for none.
func Wildest(h *Holding, before bool) (d *policy.Document, name string) {
	d, own, other := h.After, h.Grant.After.Symbols, h.Grant.Before.Symbols
	if before {
		d, own, other = h.Before, other, own
	}
	if d == nil {
		return nil, ""
	}
	symbols := own
	if h.After == h.Before {
		symbols = slices.Concat(own, other)
	}
	if !slices.ContainsFunc(symbols, func(s extractors.Symbol) bool { return s.Wild }) {
		return d, ""
	}
	clone := *d
	clone.Statements = slices.Clone(d.Statements)
	for i := range clone.Statements {
		s := &clone.Statements[i]
		s.Conditions = slices.Clone(s.Conditions)
		for j := range s.Conditions {
			c := &s.Conditions[j]
			if c.Operator.Test != policy.StringLike && c.Operator.Test != policy.ArnLike || c.Operator.Negated != (s.Effect == policy.Deny) {
				continue
			}
			c.Values = slices.Clone(c.Values)
			for k := range c.Values {
				symbol, rest, ok := wildStart(c.Values[k].Text, symbols)
				if !ok {
					continue
				}
				if name == "" {
					name = fmt.Sprintf("the value %s of %s", symbol.Text, c.Key)
				}
				c.Values[k].Text = "*" + rest
				if c.Operator.Test == policy.ArnLike {
					c.Values[k].Text = "arn:*:*:*:*:*" + rest
				}
			}
		}
	}
	return &clone, name
}

// wildStart finds the symbol that a pattern begins with, if that may be a wildcard, and
// what is behind it. Marks in front of it, and the "o-" that makes an organization of one,
// are no part of the pattern.
func wildStart(text string, symbols []extractors.Symbol) (found extractors.Symbol, rest string, ok bool) {
	for _, mark := range []string{unknownARN, unknownAccount, unknownPrincipal, "o-"} {
		text = strings.TrimPrefix(text, mark)
	}
	for _, s := range symbols {
		bare := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s.Text, unknownARN), unknownAccount), unknownPrincipal)
		if after, begins := strings.CutPrefix(text, bare); begins && bare != "" && (!ok || len(after) < len(rest)) {
			found, rest, ok = s, after, true
		}
	}
	return found, rest, ok && found.Wild
}

// KeepsWords reports whether a policy in place of another lets in no less, whatever the
// values stand for that are not known: every Allow of the other one is in it with the same
// principals and conditions, and every Deny of it was there.
func KeepsWords(before, after *policy.Document) bool {
	if before == nil || after == nil || before.Version != after.Version {
		return before == nil
	}
	words := func(d *policy.Document, effect policy.Effect) map[string]bool {
		out := map[string]bool{}
		for i := range d.Statements {
			if d.Statements[i].Effect == effect {
				out[letsIn(&d.Statements[i])] = true
			}
		}
		return out
	}
	within := func(a, b map[string]bool) bool {
		for s := range a {
			if !b[s] {
				return false
			}
		}
		return true
	}
	return within(words(before, policy.Allow), words(after, policy.Allow)) && within(words(after, policy.Deny), words(before, policy.Deny))
}
