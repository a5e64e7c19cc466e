package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// Most policies and settings are one value of what they are on, and writing it replaces
// the one before, whoever put it there (Amazon S3 API Reference, "PutBucketPolicy" and
// "PutPublicAccessBlock"; IAM API Reference, "PutRolePolicy"). A plan that has two
// resources for one value says of each that it holds after the apply, and one of them is
// wrong.

// slotAttrs are the attributes that tell several policies on one subject apart, separated
// by bars.
var slotAttrs = map[string]string{
	"aws_iam_role_policy":                            "name",
	"aws_iam_user_policy":                            "name",
	"aws_iam_group_policy":                           "name",
	"awscc_iam_role_policy":                          "policy_name",
	"awscc_iam_user_policy":                          "policy_name",
	"awscc_iam_group_policy":                         "policy_name",
	"aws_ses_identity_policy":                        "name",
	"aws_sesv2_email_identity_policy":                "policy_name",
	"aws_s3tables_table_policy":                      "table_bucket_arn|namespace",
	"aws_lambda_resource_policy":                     "resource_arn",
	"aws_codeartifact_repository_permissions_policy": "domain",
	"awscc_mediapackagev2_channel_policy":            "channel_group_name",
	"awscc_mediapackagev2_origin_endpoint_policy":    "channel_group_name|channel_name",
}

// slotFamily tells policies of several grammars on one subject apart; "-" is for types of
// which each resource is a policy of its own.
var slotFamily = map[string]string{
	"aws_glacier_vault_lock":           "-", // which the service does not overwrite
	"awscc_ssm_resource_policy":        "-",
	"aws_vpclattice_resource_policy":   "shares",
	"awscc_vpclattice_resource_policy": "shares",
}

// slot is where a policy is put.
type slot struct {
	kind                      extractors.Kind
	subject, family           string
	address, name, scope, own string
}

// slotText is what slotAttrs says of an object; open where it is not known.
func slotText(o *object, op operation) (text string, open bool) {
	attrs := slotAttrs[o.typ]
	if attrs == "" {
		return "", false
	}
	side, unknown := o.after, o.unknown
	if !op.exists {
		side, unknown = o.before, nil
	}
	if !strings.Contains(attrs, "|") {
		text, _ = o.str(side, attrs)
		return text, isTrue(unknown) || anyTrue(member(unknown, attrs))
	}
	var texts []string
	for _, attr := range strings.Split(attrs, "|") {
		v, _ := o.str(side, attr)
		open = open || isTrue(unknown) || anyTrue(member(unknown, attr))
		texts = append(texts, v)
	}
	return strings.Join(texts, "\x00"), open
}

// slotOf is where a policy document is put; false for what is not put anywhere, or where
// it is not known.
func (x *extraction) slotOf(p *pending) (slot, bool) {
	family := slotFamily[p.typ]
	switch {
	case p.drop || p.aside || p.data || p.row.Permit != nil || p.deposedOf != "" || family == "-" || p.slotOpen:
		return slot{}, false
	case p.row.self() && (p.row.Flags&policyOnly != 0 || p.Kind == extractors.Trust || p.Kind == extractors.Session):
		return slot{}, false
	case p.Subject.Address == "" && p.Subject.Name == "":
		return slot{}, false
	}
	s := slot{kind: p.Kind, subject: p.Subject.Kind, family: cmp.Or(family, p.row.CFN), address: p.Subject.Address, own: p.slot}
	if p.row.self() && p.row.repeated() && len(p.blocks) > 0 {
		s.own = p.blocks[0]
	}
	switch name := p.subject.known(); {
	case s.address == "":
		s.name, s.scope = p.Subject.Name, x.scope(p.Subject, p.instance, p.Account, p.region())
	case x.objects.at(s.address) == nil && !p.row.self(): // one of several, perhaps
		s.name = name
		return s, name != ""
	}
	return s, true
}

// writesPolicy reports whether the change puts the policy in place: an object that is more
// than that does so when the policy changes.
func (p *pending) writesPolicy() bool {
	changes := !p.row.self() || !p.op.existed || p.op.action == extractors.Replace || !sameSide(p.Before, p.After)
	return p.op.writes() && changes && !p.After.Absent
}

// settleOverwritten deals with policies that several resources put in one place.
//
//   - One of them is written by the change: what the others had put there is what it
//     replaces.
//   - One of them is deleted and none is written: nothing is left. One that is deleted
//     while another is written only has another address.
//   - Several are written: any of them may be the last one. What one allows may hold, and
//     what only one denies is not known to hold.
func (x *extraction) settleOverwritten() {
	changed := map[slot]bool{} // those that a resource of its own changes
	for _, p := range x.pending {
		if p.op.action == extractors.NoOp || p.row.self() {
			continue
		}
		if s, ok := x.slotOf(p); ok {
			changed[s] = true
		}
	}
	if len(changed) == 0 {
		return
	}
	groups := map[slot][]*pending{}
	var order []slot
	for _, p := range x.pending {
		if s, ok := x.slotOf(p); ok && changed[s] {
			if groups[s] == nil {
				order = append(order, s)
			}
			groups[s] = append(groups[s], p)
		}
	}
	for _, s := range order {
		if g := groups[s]; slices.ContainsFunc(g, func(p *pending) bool { return p.object != g[0].object }) {
			overwrite(g)
		}
	}
}

// overwrite settles what is put in one place.
func overwrite(group []*pending) {
	var writers, idle, deleted []*pending
	for _, p := range group {
		switch {
		case p.writesPolicy():
			writers = append(writers, p)
		case p.op.action == extractors.Delete:
			deleted = append(deleted, p)
		case !p.After.Absent:
			idle = append(idle, p)
		}
	}
	if len(writers)+len(deleted) == 0 {
		return
	}
	// Where nothing is said, everything may pass an endpoint: what was there before counts,
	// whoever put it there, and not what would be there in between.
	if had := slices.Concat(idle, deleted, writers); len(writers) > 0 && group[0].Kind == extractors.Endpoint {
		if i := slices.IndexFunc(had, func(p *pending) bool { return !p.Before.Absent }); i >= 0 {
			inherit(writers, had[i])
		}
		for _, p := range deleted {
			p.drop = true
		}
	}
	for _, p := range idle {
		switch {
		case len(writers) > 0 && inherit(writers, p) || slices.ContainsFunc(writers, func(w *pending) bool { return sameSide(w.Before, p.Before) }):
			p.drop = true
		default:
			p.After = pendingSide{Absent: true}
		}
	}
	writers = withoutReadBack(writers)
	if len(writers) < 2 {
		return
	}
	last := make([]pendingSide, len(writers))
	for i, w := range writers {
		last[i] = w.After
	}
	for i, w := range writers {
		for j, other := range writers {
			if i != j && denies(last[i].Document) && !sameSide(last[i], last[j]) {
				w.After = pendingSide{Sensitive: last[i].Sensitive, Unknown: &extractors.Unknown{
					Reason:     "Another resource puts a policy in the same place in the same change, and which of them stays is not known.",
					References: []string{other.Address},
				}}
				break
			}
		}
	}
}

// madeWithPolicy are types that set their policy in the call that makes them, so that a
// policy which another resource of the plan puts there is put later (Amazon OpenSearch
// Service API Reference, "CreateDomain" and "UpdateDomainConfig").
var madeWithPolicy = []string{"aws_opensearch_domain", "aws_elasticsearch_domain"}

// withoutReadBack drops what a resource that the plan makes says of its policy where that is
// not known, and another resource of the plan puts a known one there after it: whatever it
// is, mostly what is read back of the other, it does not stay.
func withoutReadBack(writers []*pending) []*pending {
	known := slices.ContainsFunc(writers, func(w *pending) bool { return !w.row.self() && w.After.Unknown == nil })
	return slices.DeleteFunc(writers, func(w *pending) bool {
		readBack := known && w.row.self() && !w.op.existed && w.After.Unknown != nil && slices.Contains(madeWithPolicy, w.typ)
		w.drop = w.drop || readBack
		return readBack
	})
}

// inherit gives what was there before to those that are new; false where none is.
func inherit(writers []*pending, from *pending) bool {
	found := false
	for _, w := range writers {
		if w.Before.Absent && w != from {
			w.Before, found = from.Before, true
		}
	}
	return found
}

// everyRegion are the settings of an account that hold in all of its regions.
var everyRegion = map[string]bool{"aws_s3_account_public_access_block": true}

// overwritesBlock reports whether the object of a row sets all of the settings that are on
// what it names, whoever put them there.
func (r *row) overwritesBlock() bool { return !r.self() || r.Flags&policyOnly != 0 }

// settleOverwrittenBlocks is settleOverwritten for settings: those that the change writes
// are in force after it. Where several are written, those that all of them put in force
// are.
func (x *extraction) settleOverwrittenBlocks() {
	byDoes := map[string][]*pendingBlock{}
	var order []string
	for _, b := range x.blocks {
		if b.p.deposedOf != "" {
			continue
		}
		does := b.p.row.Block.Does
		if byDoes[does] == nil {
			order = append(order, does)
		}
		byDoes[does] = append(byDoes[does], b)
	}
	for _, does := range order {
		groups := map[slot][]*pendingBlock{}
		var slots []slot
		accounts := x.accountsOf(byDoes[does])
		for _, b := range byDoes[does] {
			s, ok := x.blockSlot(b.p, accounts)
			if !ok {
				continue
			}
			if groups[s] == nil {
				slots = append(slots, s)
			}
			groups[s] = append(groups[s], b)
		}
		for _, s := range slots {
			if g := groups[s]; slices.ContainsFunc(g, func(b *pendingBlock) bool { return b.p.object != g[0].p.object }) {
				overwriteBlocks(g)
			}
		}
	}
}

// accountsOf are the accounts of settings by their credentials; "" for several.
func (x *extraction) accountsOf(blocks []*pendingBlock) map[*credentials]string {
	accounts := map[*credentials]string{}
	for _, b := range blocks {
		c, _ := x.accounts.whereabouts(b.p.instance)
		if other, known := accounts[c]; c == nil || b.p.Account == "" || known && other == b.p.Account {
			continue
		} else if known {
			accounts[c] = ""
		} else {
			accounts[c] = b.p.Account
		}
	}
	return accounts
}

// blockSlot is where settings are put; false where that is not known. Settings that name
// no account are of that of their credentials.
func (x *extraction) blockSlot(p *pending, accounts map[*credentials]string) (slot, bool) {
	s := slot{subject: p.Subject.Kind, address: p.Subject.Address}
	switch {
	case p.row.self() && p.row.Flags&policyOnly != 0:
		c, local := x.accounts.whereabouts(p.instance)
		if p.Subject.Name == "" && x.namesAccount(p) {
			return s, false // an account that is not known yet
		}
		s.address, s.name = "", p.Account
		if s.name == "" && c != nil && !c.differ {
			s.name = cmp.Or(c.account, accounts[c], c.label)
		}
		if !everyRegion[p.typ] {
			if s.scope = cmp.Or(p.region(), local); s.scope == "" {
				s.scope = x.accounts.providerOf(p.instance)
			}
		}
		return s, s.name != "" && (s.scope != "" || everyRegion[p.typ])
	case s.address == "" && p.Subject.Name == "":
		return s, false
	case s.address == "":
		s.name, s.scope = p.Subject.Name, x.scope(p.Subject, p.instance, p.Account, p.region())
	}
	return s, true
}

// namesAccount reports whether the configuration sets the account of settings.
func (x *extraction) namesAccount(p *pending) bool {
	path, err := modulePath(p.module)
	set, _ := x.config.sets(path, p.typ, p.name, "account_id")
	return err != nil || set
}

// providerOf is the provider configuration of a block, or "" where that is not known.
func (ix *accountIndex) providerOf(in *instance) string {
	n, ok := ix.providers[ix.block(ix.calls(in.module), in.typ, in.name)]
	switch {
	case ix.overflow:
	case ok:
		return ix.keys[n]
	case len(ix.keys) == 1:
		return ix.keys[0]
	}
	return ""
}

// overwriteBlocks settles settings that are put in one place.
func overwriteBlocks(group []*pendingBlock) {
	var writers, idle []*pendingBlock
	deleted := false
	for _, b := range group {
		self := b.p.row.self() && b.p.row.Flags&policyOnly == 0
		switch {
		case b.p.op.writes() && (!self || !b.p.op.existed || b.p.op.action == extractors.Replace || b.Unknown != nil || !slices.Equal(b.Before, b.After)):
			writers = append(writers, b)
		case b.p.op.exists:
			idle = append(idle, b)
		default:
			deleted = deleted || !self
		}
	}
	if len(writers) == 0 && !deleted {
		return
	}
	var after []string
	var unknown *extractors.Unknown
	for i, w := range writers {
		unknown = cmp.Or(unknown, w.Unknown)
		if i == 0 {
			after = w.After
		}
		after = slices.DeleteFunc(slices.Clone(after), func(s string) bool { return !slices.Contains(w.After, s) })
	}
	for _, b := range slices.Concat(writers, idle) {
		b.After, b.Unknown = after, unknown
	}
}
