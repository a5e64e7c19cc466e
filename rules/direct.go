package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// A resource policy that names its own account leaves it to policies in the account who
// uses the resource; one that names a user or role gives it the access by itself (IAM User
// Guide, "Policy evaluation logic"). So what the account was given already may still be
// new to whom the policy names now.

// reportDirect reports what principals of the own account are given besides what is left
// to the account. reported are the gains that were found without it.
func (p *Pass) reportDirect(reported []access.Gain) {
	sum, stays := undelegated(p.Sum)
	if sum == nil {
		return
	}
	c := &comparison{before: sum.before(), after: sum.after()}
	c.Result = access.Gained(c.before.set, c.after.set, p.access())
	q := *p
	q.Sum = sum
	for i := range c.Gains {
		gain := &c.Gains[i]
		if slices.ContainsFunc(reported, func(r access.Gain) bool { return r.Document == gain.Document && r.Statement == gain.Statement }) {
			continue
		}
		f, g, s := q.gainFinding(c, gain)
		switch {
		case !stays: // of the account, some are left
			f.Level, f.Severity = Note, min(f.Severity, 3.9)
		case f.Level > Warning:
			f.Level, f.Severity = Warning, min(f.Severity, 6.9)
		}
		if f.Gained != nil && !g.Before.Sensitive && !g.After.Sensitive {
			f.Details = append(f.Details, "The policy left this to policies in the account before; now it needs none of them.")
		}
		p.Report(f, append(identity(g, s, f.Severity), "direct")...)
	}
}

// undelegated is a sum without what its documents leave to the own account, and whether
// that is something after the change, too; nil where it is nothing before the change, or
// nothing else has come to the documents.
func undelegated(s *Sum) (without *Sum, stays bool) {
	if s.Kind != extractors.Resource && s.Kind != extractors.Trust {
		return nil, false
	}
	out, delegated := *s, false
	out.Terms = slices.Clone(s.Terms)
	for i := range out.Terms {
		t := &out.Terms[i]
		t.Holdings = slices.Clone(t.Holdings)
		for j := range t.Holdings {
			h := &t.Holdings[j]
			was, is := h.Before, h.After
			h.Before, h.After = withoutAccount(h.Grant, was), withoutAccount(h.Grant, is)
			delegated, stays = delegated || h.Before != was, stays || h.After != is
			if was == is {
				h.After = h.Before
			}
		}
	}
	if !delegated || !out.Changed() {
		return nil, false
	}
	return &out, stays
}

// withoutAccount is a document without the principals that stand for the whole account of
// its resource. Statements keep their places. Where the account is not known, that of a
// key is the one that its policy gives everything, which a key needs.
func withoutAccount(g *extractors.Grant, d *policy.Document) *policy.Document {
	if d == nil {
		return nil
	}
	accounts := ownAccounts(g, d)
	own := func(e policy.PrincipalEntry) bool {
		id := wholeAccount(e)
		return id != "" && slices.Contains(accounts, id)
	}
	out := *d
	out.Statements = slices.Clone(d.Statements)
	changed := false
	for i := range out.Statements {
		s := &out.Statements[i]
		if s.Effect != policy.Allow || s.Principal == nil || s.Principal.Not || !slices.ContainsFunc(s.Principal.List, own) {
			continue
		}
		changed = true
		rest := *s.Principal
		rest.List = slices.DeleteFunc(slices.Clone(rest.List), own)
		s.Principal = &rest
		if len(rest.List) == 0 {
			s.Action.Not, s.Action.List = false, nil // it allows nothing
		}
	}
	if !changed {
		return d
	}
	return &out
}

// ownAccounts are the ways to write the account of a resource.
func ownAccounts(g *extractors.Grant, d *policy.Document) []string {
	if g.Account != "" || g.OwnAccount != "" || g.ResourceType != "AWS::KMS::Key" {
		return []string{g.Account, g.OwnAccount}
	}
	var out []string
	for _, s := range d.Statements {
		if s.Effect != policy.Allow || s.Principal == nil || s.Action.Not || len(s.Conditions) > 0 ||
			!slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return v.Text == "*" || strings.EqualFold(v.Text, "kms:*") }) {
			continue
		}
		for _, e := range s.Principal.List {
			if id := wholeAccount(e); id != "" {
				out = append(out, id)
			}
		}
	}
	return out
}

// neededNoPolicy are the resources that identity policies in their account open by
// themselves, and whose own policy has to say nothing for that, unlike that of a key.
var neededNoPolicy = []string{"AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue"}

// leftToAccount reports whether a gain on a new resource is what its own account is given,
// which identity policies could give before.
func leftToAccount(g *extractors.Grant, gain *access.Gain) bool {
	return g.Kind == extractors.Resource && g.Subject.New && slices.Contains(neededNoPolicy, g.ResourceType) && len(gain.Principals) > 0 &&
		!slices.ContainsFunc(gain.Principals, func(p string) bool {
			id := wholeAccount(policy.PrincipalEntry{Type: policy.PrincipalAWS, Value: policy.Value{Text: p}})
			return id == "" || id != g.Account && id != g.OwnAccount
		})
}

// wholeAccount is the account that a principal stands for as a whole, or "".
func wholeAccount(e policy.PrincipalEntry) string {
	if e.Type != policy.PrincipalAWS {
		return ""
	}
	text := e.Text
	if f := strings.SplitN(text, ":", 6); len(f) == 6 {
		if f[2] != "iam" || f[5] != "root" {
			return ""
		}
		text = f[4]
	}
	if !isAccount(text) {
		return ""
	}
	return text
}
