package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var externalAccess = Rule{
	ID:    "external-access",
	Title: "The change lets somebody outside of the zone of trust in",
	Doc: Doc{
		Text: `A principal of an account that is neither the resource's own nor one of the trusted accounts and organizations of the configuration
(` + "`trust`" + `) can reach the resource after the change, or a workload that signs in through an identity provider which serves everyone, such as
GitHub's, from a place that the trust policy does not fix. Condition keys that outsiders cannot choose count; AWS services are no
outsiders. The finding has the fields of an external access finding of IAM Access Analyzer, so that archive rules written for it hold.

Where the account of the resource is not known and the configuration trusts no account, this rule is silent: new-access says that
the account may be another one. Where the configuration trusts no organization, any that a policy names is taken for the own one. Access of everyone is reported by public-access.

A principal, account or organization that is not known before the change is no fact: it is told once for a resource, as not decided,
unless public-access says so already. A role or user that the input itself creates is of the own account, unless a provider configuration
with other credentials makes it, whose account is not known to be the same.`,
		Before:  `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sqs:SendMessage", "Resource": "*"}`,
		After:   `{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "444455556666"]}, "Action": "sqs:SendMessage", "Resource": "*"}`,
		Fix:     "Take the principal out, limit the statement to your organization, or name the account in trust: accounts.",
		Sources: []string{"IAM User Guide, Findings for public and cross-account access", "IAM Access Analyzer API Reference, FindingSummary"},
	},
	Check: checkExternal,
}

func checkExternal(p *Pass) {
	if !p.grants() || p.Sum.Kind != extractors.Resource && p.Sum.Kind != extractors.Trust {
		return
	}
	trust := p.options.Settings.Trust
	accounts := slices.Clone(trust.Accounts)
	if own := p.account(); own != "" {
		accounts = append(accounts, own)
	}
	if len(accounts) == 0 {
		return
	}
	accounts = append(accounts, p.ownAccounts()...)
	c := &comparison{before: p.Sum.before(), after: p.Sum.after()}
	organizations := trust.Organizations
	if len(organizations) == 0 {
		organizations = namedOrganizations(c.after.docs) // any of them may be the own one
	}
	open, own := unsettledOf(p.Sum, accounts, organizations)
	inside := c.before.set.Or(access.Allowed(zone(accounts, organizations, own, c.after.docs, p.options.StrictOpenWorld)))
	strangers := zone(open.accounts, open.orgs, open.principals, nil, false)
	c.Result = access.Gained(inside.Or(access.Allowed(strangers)), c.after.set, p.access())
	for _, f := range p.outsiders(c) {
		p.Report(f.Found, "external")
	}
	p.reportOpen(c.Reason)
	if len(open.references) > 0 && !p.publicOpen() {
		if access.Gained(inside, c.after.set.And(strangers), p.access()).Verdict != access.Pass {
			p.reportUnsettled(&open)
		}
	}
}

// reportUnsettled tells that who is let in is not known.
func (p *Pass) reportUnsettled(u *unsettled) {
	f := Found{Finding: Finding{
		Level: Warning, Severity: 5.0, Undecided: true, Unknowns: u.references,
		Statement: &Statement{Index: u.statement, Sid: u.at.After.Statements[u.statement].Sid},
		Message: fmt.Sprintf("%s: whether somebody from outside of the zone of trust gets in could not be decided: it depends on %s.",
			subjectName(p.Sum.Subject, u.at), phrase(u.references, "")),
	}}
	p.locate(&f, u.at, u.statement)
	if g := u.at.Grant; g.Before.Sensitive || g.After.Sensitive {
		f.Message = subjectName(p.Sum.Subject, u.at) + ": whether somebody from outside of the zone of trust gets in could not be decided."
		f.Statement.Sid, f.Unknowns = "", nil
	}
	p.Report(f, u.references...)
}

// publicOpen reports whether public-access says already that who gets in is not known, at
// a level that the configuration leaves to it.
func (p *Pass) publicOpen() bool { return p.shared.publicOpen && p.leftToPublic() }

// leftToPublic reports whether the configuration sets no level of its own for public-access,
// so that what that rule tells need not be told by another one.
func (p *Pass) leftToPublic() bool {
	_, pinned := p.options.Settings.Levels[publicAccess.ID]
	if p.Sum.Subject.New && !pinned {
		_, pinned = p.options.Settings.OnCreate[publicAccess.ID]
	}
	return !pinned
}

// outsider is a finding about one principal, by one set of conditions.
type outsider struct {
	Found
	key string
}

// outsiders makes one finding for each principal from outside and the conditions that it
// is held to, whatever statements let it in.
func (p *Pass) outsiders(c *comparison) []*outsider {
	var out []*outsider
	for i := range c.Gains {
		gain := alone(&c.Gains[i])
		f, g, s := p.gainFinding(c, gain)
		f.Gained.Keys = p.Sum.held() // and not whom the configuration trusts
		if isPublic(s) && !p.Sum.inside(c.after.holdings[gain.Document]) {
			continue // told by public-access
		}
		for _, principal := range f.Gained.Principals {
			one := *f.Gained
			one.Principals = []string{principal}
			one.Keys = append(slices.Clone(one.Keys), statementKey(g, s))
			e := external(g, s, &one, false)
			key := fmt.Sprint(principal, e.Condition)
			if at := slices.IndexFunc(out, func(o *outsider) bool { return o.key == key }); at >= 0 {
				out[at].External.Action = union(out[at].External.Action, e.Action)
				out[at].Gained.Actions = union(out[at].Gained.Actions, one.Actions)
				out[at].Gained.Resources = gathered(out[at].Gained.Resources, one.Resources)
				out[at].Gained.Keys = slices.Sorted(slices.Values(union(out[at].Gained.Keys, one.Keys)))
				out[at].addSources(append(f.Sources, Source{Address: g.Address, Attribute: g.Attribute})...)
				continue
			}
			found := f
			found.Level, found.Severity, found.tail, found.External = Error, max(f.Severity, 7.0), "", e
			one.Description, one.Exact, one.Known = "", false, nil
			found.Gained = &one
			found.Details = nil
			who := principalName(principal)
			if principal == "*" {
				who = "everyone"
			}
			if f.Witness != nil { // not hidden
				found.Message = subjectName(p.Sum.Subject, nil) + " can be reached from outside of the zone of trust, by " + who
				if len(e.Condition) > 0 {
					found.Message += ", if " + phrase(pairs(e.Condition), "")
				}
				found.Message += "."
			} else {
				found.Message = subjectName(p.Sum.Subject, nil) + " can be reached from outside of the zone of trust, by whom is not shown."
				found.External, found.Details = nil, f.Details
			}
			out = append(out, &outsider{found, key})
		}
		if len(f.Gained.Principals) == 0 { // hidden
			f.Level, f.Severity, f.tail = Error, max(f.Severity, 7.0), ""
			f.Message = subjectName(p.Sum.Subject, nil) + " can be reached from outside of the zone of trust, by whom is not shown."
			out = append(out, &outsider{f, "hidden"})
		}
	}
	return out
}

// pairs writes a map as phrases, sorted by key.
func pairs(m map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+" "+m[k])
	}
	return out
}

func union(list, more []string) []string {
	out := slices.Clone(list)
	for _, m := range more {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// namedOrganizations are those that conditions of the documents name.
func namedOrganizations(docs []*policy.Document) []string {
	var out []string
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, c := range s.Conditions {
				switch c.KeyName() {
				case "aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths":
					for _, v := range c.Values {
						if id, _, _ := strings.Cut(v.Text, "/"); isOrganization(id) && !slices.Contains(out, id) {
							out = append(out, id)
						}
					}
				}
			}
		}
	}
	return out
}

// account is the one that the subject lives in; "" where the input does not tell.
func (p *Pass) account() string {
	for _, t := range p.Sum.Terms {
		for _, h := range t.Holdings {
			if h.Grant.Account != "" {
				return h.Grant.Account
			}
		}
	}
	return ""
}

// ownAccounts are the numbers that stand for the account of the subject.
func (p *Pass) ownAccounts() []string {
	var out []string
	for _, t := range p.Sum.Terms {
		for _, h := range t.Holdings {
			if own := h.Grant.OwnAccount; own != "" && !slices.Contains(out, own) {
				out = append(out, own)
			}
		}
	}
	return out
}

// zone is the policy that allows what comes from the zone of trust: its accounts,
// organizations and further principals, AWS services, and workloads that the documents
// name narrowly.
func zone(accounts, organizations []string, principals []policy.PrincipalEntry, docs []*policy.Document, strict bool) *policy.Document {
	d := &policy.Document{Version: policy.Version2012, Kind: policy.Resource}
	add := func(s policy.Statement) {
		s.Index, s.Effect, s.Sid = len(d.Statements), policy.Allow, ""
		d.Statements = append(d.Statements, s)
	}
	everyone := &policy.Principals{List: []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: policy.Value{Text: "*"}}}}
	every := policy.Values{List: []policy.Value{{Text: "*"}}}
	named := append([]policy.PrincipalEntry{{Type: policy.PrincipalService, Value: policy.Value{Text: "*"}}}, principals...)
	var arns, paths []string
	for _, id := range accounts {
		named = append(named, policy.PrincipalEntry{Type: policy.PrincipalAWS, Value: policy.Value{Text: id}})
		arns = append(arns, "arn:*:*::"+id+":*", "arn:*:*:*:"+id+":*")
	}
	for _, id := range organizations {
		paths = append(paths, id+"/*")
	}
	add(policy.Statement{Principal: &policy.Principals{List: named}, Action: every})
	for _, c := range []struct {
		operator string
		keys     []string
		values   []string
	}{
		{"StringEquals", []string{"aws:PrincipalAccount", "aws:SourceAccount", "aws:SourceOwner", "kms:CallerAccount", "s3:DataAccessPointAccount"}, accounts},
		{"StringLike", []string{"aws:PrincipalArn", "aws:SourceArn", "s3:DataAccessPointArn"}, arns},
		{"StringEquals", []string{"aws:PrincipalOrgID", "aws:SourceOrgID"}, organizations},
		{"ForAnyValue:StringLike", []string{"aws:PrincipalOrgPaths", "aws:SourceOrgPaths"}, paths},
	} {
		operator, ok := policy.ParseOperator(c.operator)
		for _, key := range c.keys {
			if ok && len(c.values) > 0 {
				add(policy.Statement{Principal: everyone, Action: every, Conditions: []policy.Condition{{Operator: operator, Key: key, Values: valuesOf(c.values)}}})
			}
		}
	}
	for _, doc := range docs {
		for _, s := range doc.Statements {
			if federated, ok := narrowlyFederated(&s, strict); ok && s.Effect == policy.Allow {
				s.Principal = federated
				add(s)
			}
		}
	}
	return d
}

func valuesOf(list []string) []policy.Value {
	var out []policy.Value
	for _, text := range list {
		out = append(out, policy.Value{Text: text})
	}
	return out
}

// A shared issuer signs for everyone who has an account with it, so that only the
// subject tells whose workload it is. Owner is what the subject claim begins with in
// front of the owner's name, and End what stands behind it.
type sharedIssuer struct{ Host, Owner, End string }

// sharedIssuers are identity providers that serve everyone (GitHub Docs, "OpenID Connect
// reference"; GitLab Docs, "OpenID Connect in AWS"; HCP Terraform Docs, "Workload Identity
// Tokens"; CircleCI Docs, "Using OpenID Connect tokens in jobs"; Buildkite Docs, "OIDC with
// AWS"; Bitbucket Support, "Deploy on AWS using Bitbucket Pipelines OpenID Connect").
var sharedIssuers = []sharedIssuer{
	{"token.actions.githubusercontent.com", "repo:", "/"},
	{"gitlab.com", "project_path:", "/"},
	{"app.terraform.io", "organization:", ":"},
	{"agent.buildkite.com", "organization:", ":"},
	{"accounts.google.com", "", ""},
	{"cognito-identity.amazonaws.com", "", ""},
	{"graph.facebook.com", "", ""},
	{"www.amazon.com", "", ""},
}

// narrowlyFederated keeps of the principals of a statement the identity providers whose
// workloads it tells apart, or, unless any request is possible, lets none in of; false
// where none is left.
func narrowlyFederated(s *policy.Statement, strict bool) (*policy.Principals, bool) {
	if s.Principal == nil || s.Principal.Not {
		return nil, false
	}
	var out policy.Principals
	for _, e := range s.Principal.List {
		if e.Type == policy.PrincipalFederated && e.Text != "*" && !wide(e.Text, s.Conditions, strict) {
			out.List = append(out.List, e)
		}
	}
	return &out, len(out.List) > 0
}

// wide reports whether a statement lets in workloads of a provider whoever owns them.
func wide(provider string, conditions []policy.Condition, strict bool) bool {
	host := provider
	if _, rest, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		host, _, _ = strings.Cut(rest, "/")
	}
	i := slices.IndexFunc(sharedIssuers, func(s sharedIssuer) bool { return s.Host == host })
	if i < 0 {
		return false // a provider of one's own
	}
	issuer := sharedIssuers[i]
	for _, c := range conditions {
		key, ok := strings.CutPrefix(c.KeyName(), host+":")
		if !strict && access.ForeignKey(provider, c.KeyName()) && asksFor(c) {
			return false // nobody gets in
		}
		if !ok || c.Operator.Negated || c.Operator.IfExists || c.Operator.Qualifier == policy.ForAllValues || len(c.Values) == 0 {
			continue
		}
		switch {
		case issuer.Owner == "" && (key == "sub" || key == "aud" || key == "app_id" || key == "user_id" || key == "id"),
			key == "sub":
			if !slices.ContainsFunc(c.Values, func(v policy.Value) bool { return !issuer.owned(v.Text) }) {
				return false
			}
		}
	}
	return true
}

// asksFor reports whether a condition holds for no request without its key.
func asksFor(c policy.Condition) bool {
	return c.Operator.Test != policy.Null && !c.Operator.Negated && !c.Operator.IfExists && c.Operator.Qualifier != policy.ForAllValues
}

// owned reports whether a pattern of a subject claim fixes the owner.
func (s sharedIssuer) owned(pattern string) bool {
	rest, ok := strings.CutPrefix(pattern, s.Owner)
	if s.End == "" {
		return ok && isFixed(rest)
	}
	owner, _, ended := strings.Cut(rest, s.End)
	return ok && ended && isFixed(owner)
}

// external is a gain in the fields of an external access finding.
func external(g *extractors.Grant, s *policy.Statement, gained *Gained, public bool) *External {
	e := &External{
		Resource: g.ARN, ResourceType: g.ResourceType, ResourceOwnerAccount: g.Account, IsPublic: public,
		Principal: map[string]string{}, Condition: map[string]string{}, Action: slices.Clone(gained.Actions), Sources: []string{"POLICY"},
	}
	if g.Kind == extractors.Trust {
		e.ResourceType = "AWS::IAM::Role"
	}
	if g.Kind == extractors.ACL {
		e.Sources = []string{"BUCKET_ACL"}
	}
	for _, p := range gained.Principals {
		kind, id, ok := strings.Cut(p, ": ")
		if !ok {
			kind, id = "AWS", p
		}
		if e.Principal[kind] != "" {
			id = e.Principal[kind] + "," + id
		}
		e.Principal[kind] = id
	}
	for _, c := range s.Conditions {
		if !holdsBack(c) {
			continue
		}
		var values []string
		for _, v := range c.Values {
			values = append(values, v.Text)
		}
		e.Condition[c.Key] = strings.Join(values, ",")
	}
	return e
}
