package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// NoPublicAccess decides whether a resource policy can grant public access to a
// resource of the given type, one of ResourceTypes. It is the CheckNoPublicAccess
// operation of IAM Access Analyzer.
//
// Access is public when the policy allows a request that is not trusted. Trusted are
// the requests of principals that the policy names, and of others in their accounts;
// and requests in which a condition key that says who asks, or from where, has a
// value that the policy fixes. Which keys these are depends on the type
// (docs/public-access.md). Deny statements count: what they leave decides.
//
// Fail names the first statement that grants public access, with a request that is
// allowed and not trusted. The error reports a type that is none of these, or a
// document that is no resource policy.
func NoPublicAccess(doc *policy.Document, resourceType string, o Options) (Result, error) {
	t, ok := publicTypes[resourceType]
	switch {
	case !ok:
		return Result{}, fmt.Errorf("unknown resource type %q: expected one of %s", resourceType, strings.Join(ResourceTypes(), ", "))
	case doc == nil || doc.Kind != policy.Resource:
		return Result{}, fmt.Errorf("no resource policy: expected a document of kind %s, with a Principal in its statements", policy.Resource)
	}
	// A service has several names, of which policies may mix two: the fact that its name
	// in the context is that of the principal would make such a statement match nothing.
	strict := o.StrictOpenWorld
	o.StrictOpenWorld = strict || t.unattended != nil
	ref := []*policy.Document{t.trusted(doc, !strict)}
	res := NoNewAccess(ref, []*policy.Document{doc}, o)
	for i := range res.Gains {
		// There are no earlier policies to compare with.
		res.Gains[i].Conditions, res.Gains[i].Removed = nil, nil
	}
	opens := func(names ...string) bool {
		return NoNewAccess(ref, []*policy.Document{widest(doc, names)}, o).Verdict != Pass
	}
	if names := unknownNames(doc); len(names) > 0 && res.Verdict == Pass && opens(names...) {
		names = openNames(names, opens)
		typ := unknownType(doc, names)
		return Result{Verdict: Undetermined, Reason: unknownReason(names, typ), Unknown: names, UnknownType: typ}, nil
	}
	return res, nil
}

// maxNamed bounds how many principals that are not known are looked at one by one.
const maxNamed = 8

// openNames are those that alone let everyone in if they are everyone; all of them where
// none does alone, or there are many.
func openNames(names []string, opens func(...string) bool) []string {
	if len(names) > 1 && len(names) <= maxNamed {
		if alone := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !opens(name) }); len(alone) > 0 {
			return alone
		}
	}
	return names
}

// unknownReason says who may be let in: what is named as a service can be no more than all
// of them, and so can a provider.
func unknownReason(names []string, typ policy.PrincipalType) string {
	noun, all := "principal", "everyone"
	switch typ {
	case policy.PrincipalService:
		noun, all = "service", "all of them"
	case policy.PrincipalFederated:
		noun, all = "identity provider", "all of them"
	}
	if n := len(names) - 1; n > 0 {
		return fmt.Sprintf("the %ss %s and %s are not known and may be %s", noun, strings.Join(names[:n], ", "), names[n], all)
	}
	return fmt.Sprintf("the %s %s is not known and may be %s", noun, names[0], all)
}

// unknownType is the type of principals that are not known, where it is one.
func unknownType(doc *policy.Document, names []string) policy.PrincipalType {
	one := policy.PrincipalNone
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if !grantsByName(s) {
			continue
		}
		for _, e := range s.Principal.List {
			switch {
			case !slices.Contains(names, e.Text):
			case one == policy.PrincipalNone:
				one = e.Type
			case one != e.Type:
				return policy.PrincipalNone
			}
		}
	}
	return one
}

// trusted is the policy that allows the trusted requests, all of them and no others. With
// facts it also allows some that cannot occur.
func (t publicType) trusted(doc *policy.Document, facts bool) *policy.Document {
	ref := &policy.Document{Kind: policy.Resource}
	allow := func(who []policy.PrincipalEntry, conditions ...policy.Condition) {
		ref.Statements = append(ref.Statements, policy.Statement{
			Index: len(ref.Statements), Effect: policy.Allow, Principal: &policy.Principals{List: who},
			Action: policy.Values{List: texts("*")}, Conditions: conditions,
		})
	}
	var accounts []policy.PrincipalEntry
	seen := map[policy.PrincipalEntry]bool{}
	for _, s := range doc.Statements {
		if !grantsByName(&s) {
			continue
		}
		// The list as the statement has it, not one of all: equal lists need no comparison.
		var fixed []policy.PrincipalEntry
		for _, e := range s.Principal.List {
			e = policy.PrincipalEntry{Type: e.Type, Value: policy.Value{Text: e.Text}} // one per text, wherever it stands
			if t.fixed(e) {
				fixed = append(fixed, e)
			}
			if root, ok := accountOfNamed(e); ok && !seen[root] {
				seen[root] = true
				accounts = append(accounts, root)
			}
			if seen[e] || !t.federation || e.Type != policy.PrincipalFederated {
				continue
			}
			seen[e] = true
			for _, c := range claimed(e.Text, doc, facts) {
				allow([]policy.PrincipalEntry{e}, c)
			}
			if facts && signsSAML(e.Text, doc) {
				allow([]policy.PrincipalEntry{e})
			}
		}
		allow(fixed)
	}
	if t.federation && facts {
		// Whose token it is is told by the claims, also where the provider is not: a key
		// that is called by a provider is in none but its own.
		anyProvider := []policy.PrincipalEntry{{Type: policy.PrincipalFederated, Value: policy.Value{Text: "*"}}}
		for _, host := range keyHosts(doc) {
			for _, k := range claimsAt(host) {
				for _, c := range k.tests(doc) {
					allow(anyProvider, c)
				}
			}
		}
	}
	allow(accounts)
	everyone := []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: policy.Value{Text: "*"}}}
	for _, k := range t.keys {
		if t.unattended != nil && (k.name == "aws:principalservicename" || k.name == "aws:principalservicenameslist") {
			k.never = t.unattended.MatchString
		}
		for _, c := range k.tests(doc) {
			allow(everyone, c)
		}
	}
	return ref
}

// claimed are the conditions of which each by itself is enough to trust a request of an
// identity provider.
func claimed(provider string, doc *policy.Document, facts bool) []policy.Condition {
	keys := claimsOf(provider)
	var out []policy.Condition
	for _, k := range keys {
		out = append(out, k.tests(doc)...)
	}
	if facts && keys != nil {
		out = append(out, foreign(provider, doc)...)
	}
	return out
}

// grantsByName reports whether the principals that a statement lists get access by
// it: those of an Allow, and those that a Deny exempts.
func grantsByName(s *policy.Statement) bool {
	return s.Principal != nil && s.Principal.Not == (s.Effect == policy.Deny)
}

// fixed reports whether naming the principal is enough to trust it.
func (t publicType) fixed(e policy.PrincipalEntry) bool {
	switch {
	case strings.ContainsAny(e.Text, "*?"):
		return false
	case e.Type == policy.PrincipalFederated:
		return t.federation && (e.Unknown() || claimsOf(e.Text) == nil)
	case e.Type == policy.PrincipalCanonical:
		return !strings.EqualFold(e.Text, anonymousS3)
	case e.Type == policy.PrincipalService:
		return t.unattended == nil || !t.unattended.MatchString(e.Text)
	}
	return true
}

// accountOfNamed is the account of a principal that is named by its ARN; it lives in
// one partition, which need not be told. Reference policies can have wildcards in the
// ARN, which do not count behind the account.
func accountOfNamed(e policy.PrincipalEntry) (policy.PrincipalEntry, bool) {
	f := strings.SplitN(e.Text, ":", 6)
	if e.Type != policy.PrincipalAWS || len(f) != 6 || !isAccountID(f[4]) {
		return policy.PrincipalEntry{}, false
	}
	return policy.PrincipalEntry{Type: e.Type, Value: policy.Value{Text: f[4]}}, true
}

// unknownNames are the principals which a policy lets in that are not known yet, each once.
func unknownNames(doc *policy.Document) []string {
	var names []string
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if !grantsByName(s) {
			continue
		}
		for _, e := range s.Principal.List {
			if e.Unknown() && !slices.Contains(names, e.Text) {
				names = append(names, e.Text)
			}
		}
	}
	return names
}

// widest is the policy in which some of the principals that are not known yet are everyone.
func widest(doc *policy.Document, names []string) *policy.Document {
	clone := *doc
	clone.Statements = slices.Clone(doc.Statements)
	for i, s := range clone.Statements {
		if !grantsByName(&s) {
			continue
		}
		who := *s.Principal
		who.List = slices.Clone(who.List)
		for j, e := range who.List {
			if slices.Contains(names, e.Text) {
				who.List[j].Text = "*"
			}
		}
		clone.Statements[i].Principal = &who
	}
	return &clone
}

func texts(list ...string) []policy.Value {
	values := make([]policy.Value, len(list))
	for i, s := range list {
		values[i].Text = s
	}
	return values
}
