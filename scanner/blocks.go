package scanner

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// The settings of a public access block that hold back what is there already (Amazon
// S3 User Guide, "Blocking public access to your Amazon S3 storage"). The other two
// refuse new policies and lists, and so make the apply fail.
const (
	ignoreACLs     = "ignore_public_acls"
	restrictBucket = "restrict_public_buckets"
)

// settings are those in force for a node, by its own blocks and those of its account.
type settings struct {
	before, after []string
	blocks        []*extractors.Block
}

func (c *composer) settings(n *node) settings {
	var out settings
	take := func(b *extractors.Block) {
		out.blocks = append(out.blocks, b)
		for _, s := range b.Before {
			out.before = appendNew(out.before, s)
		}
		for _, s := range b.After {
			out.after = appendNew(out.after, s)
		}
	}
	for _, b := range n.blocks {
		take(b)
	}
	if n.subject.Kind == "bucket" || n.subject.Kind == "access-point" {
		for _, b := range c.account {
			if sameAccount(n, b) {
				take(b)
			}
		}
	}
	return out
}

// sameAccount reports whether a block of an account is in front of a node. Where one of
// the accounts is not known, both must be in the same provider configuration, or in ones
// with the same credentials.
func sameAccount(n *node, b *extractors.Block) bool {
	if n.account != "" && b.Account != "" {
		return n.account == b.Account
	}
	scope := b.Subject.Scope // an account; that of what is in one may have a region, too
	return scope == "" || n.subject.Scope == scope || strings.HasPrefix(n.subject.Scope, scope+" ")
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// blockTypes are the types of public access for nodes that have blocks.
var blockTypes = map[string]string{"bucket": "AWS::S3::Bucket", "access-point": "AWS::S3::AccessPoint"}

// block puts the public access blocks in front of what a bucket lets in.
func (c *composer) block(n *node, s *rules.Sum) {
	typ := blockTypes[n.subject.Kind]
	now := c.settings(n)
	if typ == "" || len(now.blocks) == 0 {
		return
	}
	t := &s.Terms[0]
	for i := range t.Holdings {
		h := &t.Holdings[i]
		if h.Grant.Kind != extractors.ACL {
			continue
		}
		same := h.Before == h.After
		if slices.Contains(now.before, ignoreACLs) {
			h.Before = withoutPublic(h.Before)
		}
		if slices.Contains(now.after, ignoreACLs) {
			h.After = withoutPublic(h.After)
		}
		if same && slices.Contains(now.before, ignoreACLs) == slices.Contains(now.after, ignoreACLs) {
			h.After = h.Before
		}
	}
	limit := rules.Limit{Inside: true}
	for _, b := range now.blocks {
		if !slices.Contains(b.Before, restrictBucket) && !slices.Contains(b.After, restrictBucket) {
			continue // it holds back something else
		}
		limit.Sources = append(limit.Sources, rules.Source{Address: b.Address, Attribute: b.Attribute})
		if len(limit.Sources) == 1 || touched(b.Action) {
			limit.Origin = b.Origin()
		}
	}
	// Where it is not certain that a policy is public, the block is taken to hold it back
	// before the change, and not after it: what is missed is told either way. What makes
	// the policy public before and stays as it is does so after the change as well: then a
	// block that stays is taken to hold nothing back on both sides, which misses nothing.
	restricts := slices.Contains(now.after, restrictBucket)
	if slices.Contains(now.before, restrictBucket) {
		was, wild := public(t.Holdings, typ, true)
		if was == access.Fail || was != access.Pass && !(restricts && staysPublic(t.Holdings, typ, wild)) {
			limit.Before = []*policy.Document{inside(n.account, nil)}
		}
	}
	if is, _ := public(t.Holdings, typ, false); restricts && is == access.Fail {
		limit.After = []*policy.Document{inside(n.account, t.Holdings)}
	}
	if limit.Before != nil || limit.After != nil {
		t.Limits = append(t.Limits, limit)
	}
}

// staysPublic reports whether what may make policies public before the change does so
// after it; wild as public has it.
func staysPublic(holdings []rules.Holding, typ string, wild bool) bool {
	before := statementsOf(holdings, func(h *rules.Holding) *policy.Document { return h.Before })
	after := statementsOf(holdings, func(h *rules.Holding) *policy.Document { return h.After })
	if wild {
		return rules.KeepsWords(before, after)
	}
	return rules.StaysPublic(before, after, typ, access.Options{})
}

// inside is what a block lets through of a public policy: requests of the own account
// and of AWS services. Where the account is not known, those of all accounts that the
// policies name may be its own.
func inside(account string, named []rules.Holding) *policy.Document {
	accounts := map[string]bool{}
	if account != "" {
		accounts[account] = true
	} else {
		for i := range named {
			if d := named[i].After; d != nil {
				addAccounts(accounts, d)
			}
		}
	}
	var list []policy.PrincipalEntry
	for id := range accounts {
		list = append(list, policy.PrincipalEntry{Type: policy.PrincipalAWS, Value: policy.Value{Text: id}})
	}
	slices.SortFunc(list, func(a, b policy.PrincipalEntry) int { return strings.Compare(a.Text, b.Text) })
	list = append(list, policy.PrincipalEntry{Type: policy.PrincipalService, Value: policy.Value{Text: "*"}})
	return &policy.Document{Version: policy.Version2012, Kind: policy.Resource, Statements: []policy.Statement{{
		Effect: policy.Allow, Principal: &policy.Principals{List: list}, Action: policy.Values{List: []policy.Value{{Text: "*"}}},
	}}}
}

func addAccounts(to map[string]bool, d *policy.Document) {
	for _, s := range d.Statements {
		if s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.List {
			if id := accountOf(e.Text); id != "" {
				to[id] = true
			}
		}
	}
}

// accountOf is the account of a principal, or "".
func accountOf(principal string) string {
	if f := strings.SplitN(principal, ":", 6); len(f) == 6 {
		principal = f[4]
	}
	if len(principal) != 12 || strings.Trim(principal, "0123456789") != "" {
		return ""
	}
	return principal
}

// withoutPublic is an access control list without what it gives to everyone.
func withoutPublic(d *policy.Document) *policy.Document {
	if d == nil {
		return nil
	}
	out := *d
	out.Statements = nil
	for _, s := range d.Statements {
		if s.Principal != nil && slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return e.Text == "*" }) {
			continue
		}
		out.Statements = append(out.Statements, s)
	}
	switch len(out.Statements) {
	case len(d.Statements):
		return d
	case 0:
		return nil
	}
	return &out
}

// losses adds the blocks of a node that hold back less than before, counting those of
// its account.
func (c *composer) losses(n *node) {
	if n.subject.Gone {
		return
	}
	now := c.settings(n)
	for _, b := range n.blocks {
		c.loss(b, now.after)
	}
}

// loss adds a block of which settings are not in force any more.
func (c *composer) loss(b *extractors.Block, stillThere []string) {
	if !touched(b.Action) || b.Subject.Gone {
		return
	}
	if b.Unknown != nil {
		if len(b.Before) > 0 {
			c.passes = append(c.passes, rules.Pass{Loose: &rules.Loose{Block: b, Reason: b.Unknown.Reason, References: b.Unknown.References}})
		}
		return
	}
	var lost []string
	for _, s := range b.Before {
		if !slices.Contains(stillThere, s) && !slices.Contains(b.After, s) {
			lost = append(lost, s)
		}
	}
	if len(lost) > 0 {
		c.passes = append(c.passes, rules.Pass{Loss: &rules.Loss{Block: b, Lost: lost}})
	}
}
