package terraform

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// Names are unique only within an account, and most of them only within a region. A
// plan may have several provider configurations, each with an account and a region, so
// that a name alone does not tell what is meant. The scope of a subject is the account
// and the region that its provider configuration is in, as far as they are known, and
// else the configuration itself.

// accountWide are the kinds of subjects whose names are unique in all regions of their
// account (IAM User Guide, "IAM identifiers").
var accountWide = []string{"role", "user", "group", "policy", "instance-profile", "identity-provider", "password", "access-key", "account"}

// unique are the kinds of subjects whose names are ids that nothing else has.
var unique = []string{
	"organization", "organization-policy", "organization-target",
	"permission-set", "identity-center-user", "identity-center-group",
}

// neutral are the arguments of a provider configuration that do not decide which
// account it is in. All others are taken to do so.
var neutral = []string{
	"region", "default_tags", "ignore_tags", "max_retries", "retry_mode", "http_proxy", "https_proxy", "no_proxy",
	"skip_credentials_validation", "skip_metadata_api_check", "skip_region_validation", "skip_requesting_account_id",
	"s3_use_path_style", "s3_us_east_1_regional_endpoint", "sts_region", "use_dualstack_endpoint", "use_fips_endpoint",
	"token_bucket_rate_limiter_capacity", "user_agent",
}

// credentialsOf is what the credentials of a provider configuration come from; "" for
// those of the environment. Those of two that are the same are of one account.
func credentialsOf(config jsontext.Value) string {
	var parts []string
	referring := false
	members(member(config, "expressions"), func(name string, v jsontext.Value) bool {
		if !slices.Contains(neutral, name) {
			parts = append(parts, name+"\x00"+digest(string(v)))
			referring = referring || len(references(v)) > 0
		}
		return true
	})
	if len(parts) == 0 {
		return ""
	}
	if referring { // a variable is that of its module
		module, _ := str(member(config, "module_address"))
		parts = append(parts, module)
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x01")))
	return hex.EncodeToString(sum[:])
}

// credentials are the provider configurations that share them.
type credentials struct {
	label string // the first of their keys
	homesOf
}

// settleCredentials joins the provider configurations that have the same credentials
// and what was seen of their accounts.
func (ix *accountIndex) settleCredentials() {
	ix.shares = map[string]*credentials{}
	by := map[string]*credentials{}
	for _, key := range slices.Sorted(slices.Values(ix.keys)) {
		c := by[ix.credentials[key]]
		if c == nil {
			c = &credentials{label: key}
			by[ix.credentials[key]] = c
			ix.groups = append(ix.groups, c)
		}
		ix.shares[key] = c
		if h := ix.settled[key]; h != nil {
			c.take(home{partition: h.partition, account: h.account})
			c.differ = c.differ || h.differ
		}
	}
}

// whereabouts are the credentials and the region of the provider configuration of a
// block; nil where it is not known which one that is. One that has left the
// configuration of the plan together with its resource can only be told where there is
// no choice.
func (ix *accountIndex) whereabouts(in *instance) (c *credentials, region string) {
	key := ""
	switch n, ok := ix.providers[ix.block(ix.calls(in.module), in.typ, in.name)]; {
	case ix.overflow:
		return nil, ""
	case ok:
		key = ix.keys[n]
	case len(ix.keys) == 1:
		key = ix.keys[0]
	case len(ix.groups) == 1:
		return ix.groups[0], ""
	default:
		return nil, ""
	}
	if region = ix.regions[key]; region == "" {
		if h := ix.settled[key]; h != nil && !h.regionsDiffer {
			region = h.region
		}
	}
	return ix.shares[key], region
}

// otherScope is the scope of what is in a provider configuration that is not known, and
// is not taken for any of those that are.
const otherScope = "another provider configuration"

// scope tells a subject apart from others of its name: the one of an object of the plan
// is that of the object, and else that of the resource that names it, whose account and
// region are given as far as its own attributes tell them.
func (x *extraction) scope(s extractors.Subject, in *instance, account, region string) string {
	if slices.Contains(unique, s.Kind) || s.Address == "" && s.Name == "" {
		return ""
	}
	if o := x.objects.at(s.Address); o != nil {
		in, account, region = o.instance, accountOf(o.arn), o.region
	}
	wide := slices.Contains(accountWide, s.Kind)
	named := accountOf(s.Name)
	if s.Address == "" && (named != "" && !wide || s.Kind == "queue" && strings.Contains(s.Name, "://")) {
		return "" // the name says it all
	}
	c, local := x.accounts.whereabouts(in)
	switch {
	case len(x.accounts.groups) == 0, c != nil && len(x.accounts.groups) == 1 && c.account == "":
		account = "" // nothing to tell apart
	case c == nil:
		account = cmp.Or(named, account, x.accounts.onlyAccount(), otherScope)
	case c.differ:
		account = cmp.Or(named, account, c.label)
	default:
		account = cmp.Or(named, account, c.account, c.label)
	}
	if wide {
		return account
	}
	return strings.TrimSpace(account + " " + cmp.Or(region, local))
}

// onlyAccount is the account of all provider configurations, where each is known to be
// in the same one.
func (ix *accountIndex) onlyAccount() string {
	only := ""
	for _, c := range ix.groups {
		if c.differ || c.account == "" || only != "" && only != c.account {
			return ""
		}
		only = c.account
	}
	return only
}

// regionsOf are the regions that an object says it is in, before and after the change:
// since version 6 of the AWS provider a resource may be in another than its provider.
func regionsOf(o *object) (regions [2]string) {
	regions[0], _ = o.str(o.before, "region")
	if same(o.before, o.after) {
		regions[1] = regions[0]
		return regions
	}
	regions[1], _ = o.str(o.after, "region")
	return regions
}

// scopes sets the scope of everything that is told apart by it.
func (x *extraction) scopes(links []resolvedLink) {
	pending := func(p *pending) {
		p.Subject.Scope = x.scope(p.Subject, p.instance, p.Account, p.region())
	}
	for _, p := range x.pending {
		pending(p)
		x.elsewhere(p)
	}
	for _, b := range x.blocks {
		pending(b.p)
	}
	for i := range links {
		l := &links[i]
		l.From.Scope = x.scope(l.From, l.in, "", l.region)
		for _, side := range [][]extractors.Target{l.Before, l.After} {
			for j := range side {
				t := &side[j]
				t.Scope = x.scope(extractors.Subject{Kind: t.Kind, Address: t.Address, Name: t.Name}, l.in, "", l.region)
			}
		}
	}
}
