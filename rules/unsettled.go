package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// unsettled is what the documents of a sum name somebody by that is not known before the
// change, such as a parameter: who it is decides whether somebody from outside gets in.
type unsettled struct {
	principals []policy.PrincipalEntry
	accounts   []string // numbers that stand for an account
	orgs       []string
	references []string // what the values come from, each once

	at        *Holding // where the first of them stands
	statement int
}

// ownAttributes are attributes of resources that belong to the account that they are
// made in, as principals, by resource type.
var ownAttributes = map[string][]string{
	"aws_iam_role":                          {"arn", "unique_id"},
	"aws_iam_user":                          {"arn", "unique_id"},
	"awscc_iam_role":                        {"arn", "role_id"},
	"awscc_iam_user":                        {"arn"},
	"aws_cloudfront_origin_access_identity": {"iam_arn", "s3_canonical_user_id"},
}

// resourceReference is an attribute of a resource of a plan, in whatever module.
var resourceReference = regexp.MustCompile(`^(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*([a-z0-9_]+)\.[^.\[]+(?:\[[^\]]*\])?\.([a-z0-9_]+)$`)

// ownPrincipal reports whether a symbol stands for a principal that the input makes in the
// account of the document, or for that account.
func ownPrincipal(s extractors.Symbol) bool {
	if s.Elsewhere {
		return false
	}
	m := resourceReference.FindStringSubmatch(s.Reference)
	return m != nil && slices.Contains(ownAttributes[m[1]], m[2]) || strings.HasPrefix(s.Reference, "account of ")
}

// unsettledOf collects what is not settled of the statements after the change that allow
// something, and the principals that the input makes itself. Accounts are those in the
// zone of trust.
func unsettledOf(s *Sum, accounts, organizations []string) (open unsettled, own []policy.PrincipalEntry) {
	for i := range s.Terms {
		for j := range s.Terms[i].Holdings {
			h := &s.Terms[i].Holdings[j]
			if h.After == nil {
				continue
			}
			symbols := h.Grant.After.Symbols
			if h.After == h.Before {
				symbols = slices.Concat(symbols, h.Grant.Before.Symbols)
			}
			for k := range h.After.Statements {
				if st := &h.After.Statements[k]; st.Effect == policy.Allow {
					before := len(open.references)
					own = append(own, open.see(st, symbols, accounts, organizations)...)
					if open.at == nil && len(open.references) > before {
						open.at, open.statement = h, k
					}
				}
			}
		}
	}
	return open, own
}

func (u *unsettled) see(s *policy.Statement, symbols []extractors.Symbol, accounts, organizations []string) (own []policy.PrincipalEntry) {
	if s.Principal != nil && !s.Principal.Not {
		for _, e := range s.Principal.List {
			if e.Type != policy.PrincipalAWS && e.Type != policy.PrincipalCanonical {
				continue
			}
			in := symbolsIn(owner(e.Text), symbols)
			if len(in) == 0 && e.Unknown() {
				in = []extractors.Symbol{{Text: e.Text, Reference: e.Text}}
			}
			switch {
			case len(in) == 0 || slices.Contains(accounts, accountOf(e.Text)):
			case !slices.ContainsFunc(in, func(symbol extractors.Symbol) bool { return !ownPrincipal(symbol) }):
				own = append(own, e)
			default:
				u.principals = append(u.principals, e)
				u.refer(in)
			}
		}
	}
	for _, c := range s.Conditions {
		if !holdsBack(c) {
			continue
		}
		for _, v := range c.Values {
			if id := accountOf(v.Text); id != "" && !slices.Contains(accounts, id) {
				if in := symbolsIn(id, symbols); len(in) > 0 {
					u.accounts = append(u.accounts, id)
					u.refer(in)
				}
			}
			if id, _, _ := strings.Cut(v.Text, "/"); isOrganization(id) && !slices.Contains(organizations, id) {
				if in := symbolsIn(id, symbols); len(in) > 0 {
					u.orgs = append(u.orgs, id)
					u.refer(in)
				}
			}
		}
	}
	return own
}

// owner is the part of a principal that tells whose it is: the account of an ARN, or all
// of what has none.
func owner(principal string) string {
	f := strings.SplitN(principal, ":", 6)
	if len(f) != 6 || f[1] == "unknown" || f[4] == "" {
		return principal
	}
	return f[4]
}

// symbolsIn lists the symbols that a text holds.
func symbolsIn(text string, symbols []extractors.Symbol) []extractors.Symbol {
	var out []extractors.Symbol
	for _, s := range symbols {
		if strings.Contains(text, s.Text) {
			out = append(out, s)
		}
	}
	return out
}

func (u *unsettled) refer(symbols []extractors.Symbol) {
	for _, s := range symbols {
		if !slices.Contains(u.references, s.Reference) {
			u.references = append(u.references, s.Reference)
		}
	}
}

// nameAccounts says of numbers that stand for accounts which are not known what they
// come from: nobody has seen the number before.
func (f *Found) nameAccounts() {
	g := f.Grant
	if g == nil || g.Before.Sensitive || g.After.Sensitive {
		return
	}
	var pairs []string
	for _, s := range slices.Concat(g.After.Symbols, g.Before.Symbols) {
		if isAccount(s.Text) && s.Reference == ownAccountReference {
			own := func(text string) string { return strings.ReplaceAll(text, "account "+s.Text, "the own account") }
			f.Message, f.tail = own(f.Message), own(f.tail)
		}
		if !isAccount(s.Text) || s.Text == g.OwnAccount || s.Reference == ownAccountReference || slices.Contains(pairs, s.Text) || !f.shows(s.Text) {
			continue
		}
		pairs = append(pairs, s.Text, "("+s.Reference+")")
		f.Details = append(f.Details, fmt.Sprintf("%s stands for %s, which is not known before the change.", s.Text, s.Reference))
	}
	if pairs == nil {
		return
	}
	names := strings.NewReplacer(pairs...)
	f.Message, f.tail = names.Replace(f.Message), names.Replace(f.tail)
	if f.Gained != nil && f.Gained.Description != "" {
		named := *f.Gained
		named.Description = names.Replace(named.Description)
		f.Gained = &named
	}
}

// ownAccountReference is what the number of the own account comes from in templates,
// which says so by its zeros.
const ownAccountReference = "AWS::AccountId"

// shows reports whether a finding holds a text where a reader sees it.
func (f *Found) shows(text string) bool {
	in := func(s string) bool { return strings.Contains(s, text) }
	if in(f.Message) {
		return true
	}
	if g := f.Gained; g != nil && (in(g.Description) || slices.ContainsFunc(slices.Concat(g.Actions, g.Resources, g.Principals, g.Conditions), in)) {
		return true
	}
	if w := f.Witness; w != nil {
		if in(w.Principal.ID) || in(w.Resource) {
			return true
		}
		for _, values := range w.Context {
			if slices.ContainsFunc(values, in) {
				return true
			}
		}
	}
	return false
}
