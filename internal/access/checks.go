package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// NoNewAccess decides whether the new documents together allow any request that
// the existing documents together do not. All documents have the same Kind.
//
// It is the CheckNoNewAccess operation of IAM Access Analyzer, over several
// documents on each side.
func NoNewAccess(existing, new []*policy.Document, o Options) Result {
	return Gained(Allowed(existing...), Allowed(new...), o)
}

// AccessNotGranted decides whether the documents together allow any of the listed
// accesses: any action of one on any resource of the same one. It is the
// CheckAccessNotGranted operation of IAM Access Analyzer. The error reports a list
// that the operation refuses.
func AccessNotGranted(docs []*policy.Document, listed []Access, o Options) (Result, error) {
	if err := validate(listed); err != nil {
		return Result{}, err
	}
	q := &question{
		docs:    docs,
		asked:   len(docs),
		selects: allows,
		regions: func(p *problem, in box, _ int) []region {
			var rs []region
			for _, a := range listed {
				limited := in.with(p.listed(a)...)
				rs = append(rs, region{in: limited, clauses: p.group(0, len(docs), policy.Deny).clauses(p, limited)})
			}
			return rs
		},
		confirms: func(q policy.Request, r policy.Reading) bool {
			d, _ := policy.Evaluate(docs, q, r)
			return d == policy.DecisionAllow
		},
	}
	q.shapes = func(doc, index int) ([]shape, bool) { return q.granted(listed, doc, index) }
	return q.ask(o), nil
}

// listed compiles one Access.
func (p *problem) listed(a Access) []lit {
	var lits []lit
	if len(a.Actions) > 0 {
		var gs []*glob
		for _, text := range a.Actions {
			gs = append(gs, p.action(text))
		}
		lits = append(lits, p.globAtom(dimAction, gs))
	}
	if len(a.Resources) > 0 {
		var gs []*glob
		for _, text := range a.Resources {
			gs = append(gs, p.resource(text, false, policy.Identity)...)
		}
		lits = append(lits, p.globAtom(dimResource, gs))
	}
	return lits
}

// validate holds a list to what the operation takes (IAM Access Analyzer API
// Reference, "Access").
func validate(listed []Access) error {
	if len(listed) == 0 {
		return fmt.Errorf("no access listed: give at least one action or resource")
	}
	for _, a := range listed {
		if len(a.Actions) == 0 && len(a.Resources) == 0 {
			return fmt.Errorf("no access listed: give at least one action or resource")
		}
		if len(a.Actions) > maxListed || len(a.Resources) > maxListed {
			return fmt.Errorf("too many entries: at most %d actions and %d resources can be listed", maxListed, maxListed)
		}
		for _, text := range a.Actions {
			service, name, ok := strings.Cut(text, ":")
			if text != "*" && (!ok || service == "" || name == "" || strings.Contains(name, ":")) {
				return fmt.Errorf("invalid action %q: expected service:Name or *", text)
			}
		}
		for _, text := range a.Resources {
			if text != "*" && (!strings.HasPrefix(text, "arn:") || strings.Count(text, ":") < 5) || len(text) > maxResource {
				return fmt.Errorf("invalid ARN %q: expected arn:partition:service:region:account:resource, of at most %d characters", text, maxResource)
			}
		}
	}
	return nil
}

// Limits of the operation's input.
const (
	maxListed   = 100
	maxResource = 2048
)

// LostDenial decides whether the existing documents explicitly deny any request
// that the new ones do not explicitly deny. Gains name statements of the existing
// documents.
func LostDenial(existing, new []*policy.Document, o Options) Result {
	res := lostDenial(existing, new, o)
	if v := newVeil(o.Symbols); v != nil {
		return v.both(res, lostDenial(v.documents(existing), v.documents(new), o), o.Explain)
	}
	return res
}

func lostDenial(existing, new []*policy.Document, o Options) Result {
	n := len(existing)
	q := &question{
		docs:    slices.Concat(existing, new),
		asked:   n,
		selects: denies,
		regions: func(p *problem, in box, _ int) []region {
			return []region{{in: in, clauses: p.group(n, len(new), policy.Deny).clauses(p, in)}}
		},
		confirms: func(q policy.Request, r policy.Reading) bool {
			before, _ := policy.Evaluate(existing, q, r)
			after, _ := policy.Evaluate(new, q, r)
			return before == policy.DecisionExplicitDeny && after != policy.DecisionExplicitDeny
		},
	}
	q.shapes = q.lostDenial
	return q.ask(o)
}

func allows(s *policy.Statement) bool { return s.Effect == policy.Allow }
func denies(s *policy.Statement) bool { return s.Effect == policy.Deny }
