package rules

import (
	"slices"
	"strings"
	"unicode"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// reach is what a gain amounts to, as far as grading looks.
type reach struct {
	public     bool // anyone gains
	outside    bool // another account gains
	stranger   bool // an account gains that may be another one
	everything bool // all actions of all services
	wholly     bool // all actions of one service
	level      catalog.Level
	class      catalog.Class // worst sensitive class, 0: none
	broad      bool          // some resource pattern names nothing
	resources  int
	loosened   bool // a condition that limited the access is gone
	unmet      bool // only services gain, and no request of one meets a condition
}

// row is one line of the grading table: the first whose test holds decides.
type row struct {
	name     string
	level    Level
	severity float64
	// lowers says that a subject which is new in this change counts one level lower.
	lowers bool
	test   func(reach) bool
}

// gradings is the table of docs/grading.md, worst first. What is lowered because the
// subject is new stays above what only reads.
var gradings = []row{
	{"anyone gains write or permissions management", Error, 9.8, false,
		func(r reach) bool { return r.public && r.level >= catalog.Write }},
	{"anyone gains access", Error, 9.3, false, func(r reach) bool { return r.public }},
	{"another account gains write or permissions management", Error, 9.1, false,
		func(r reach) bool { return r.outside && r.level >= catalog.Write }},
	{"all actions on broad resources", Error, 8.8, false, func(r reach) bool { return r.everything && r.broad }},
	{"permissions management or privilege escalation on more than one named resource", Error, 8.0, false,
		func(r reach) bool {
			return (r.level == catalog.PermissionsManagement || r.class == catalog.PrivEsc) && r.many()
		}},
	{"credentials of more than one named resource", Error, 7.5, false,
		func(r reach) bool { return r.class == catalog.CredentialExposure && r.many() }},
	{"another account gains read access", Error, 7.0, false, func(r reach) bool { return r.outside }},
	{"an account gains access, and whether it is the own one is not known", Warning, 6.5, false, func(r reach) bool { return r.stranger }},
	{"permissions management, privilege escalation or credentials of one named resource", Warning, 6.5, true,
		func(r reach) bool {
			return r.level == catalog.PermissionsManagement || r.class == catalog.PrivEsc || r.class == catalog.CredentialExposure
		}},
	{"all actions of a service", Warning, 6.0, true, func(r reach) bool { return r.everything || r.wholly }},
	{"write on broad resources", Warning, 5.5, true, func(r reach) bool { return r.level == catalog.Write && r.broad }},
	{"a condition that limited the access is gone", Warning, 5.0, true, func(r reach) bool { return r.loosened }},
	{"data access", Warning, 4.5, true, func(r reach) bool { return r.class == catalog.DataAccess }},
	{"write on named resources", Warning, 4.0, true, func(r reach) bool { return r.level == catalog.Write }},
	{"AWS services gain access on a condition that no request of a service meets", Note, 0.8, false, func(r reach) bool { return r.unmet }},
	{"read, list or tagging on broad resources", Note, 0.8, false, func(r reach) bool { return r.broad }},
	{"read, list or tagging on named resources", Note, 0.5, false, func(reach) bool { return true }},
}

// grade says how bad a gain is by what is gained, not by which rule found it. With
// inside, nobody outside of the account gains, whomever the statement names.
func grade(g *extractors.Grant, s *policy.Statement, gain *access.Gain, inside bool, trust Trust) (Level, float64) {
	r := measure(g, s, gain, trust)
	if inside {
		r.public, r.outside, r.stranger = false, false, false
	}
	for _, row := range gradings {
		if !row.test(r) {
			continue
		}
		if row.lowers && g.Subject.New && row.level > Note {
			return row.level - 1, lowered(row.severity)
		}
		return row.level, row.severity
	}
	return Note, 0.1
}

// lowered moves a severity from one level's range to the one below.
func lowered(severity float64) float64 { return max(severity-3, 0.1) }

func (r reach) many() bool { return r.broad || r.resources > 1 }

func measure(g *extractors.Grant, s *policy.Statement, gain *access.Gain, trust Trust) reach {
	r := reach{resources: things(gain.Resources)}
	for _, c := range gain.Conditions {
		was, other := otherValues(g, s, c)
		key, _, _ := strings.Cut(strings.ToLower(was), " ")
		_, who := trusted[key] // somebody else is no other case of the same
		r.loosened = r.loosened || !other || who && key != "aws:sourcearn"
	}
	r.public = s.Principal != nil && isPublic(s)
	if !r.public && lackedByServices(s) != nil {
		return reach{unmet: true}
	}
	if s.Principal != nil && !r.public {
		r.outside = reachesOutside(g, s, gain, trust)
		r.stranger = mayBeOutside(g, s, gain, trust) || namesOpenAccount(g, s, gain) || namesStranger(g, s, gain)
	}
	switch {
	case g.Kind != extractors.Identity:
		// A resource policy is about its resource, whatever its patterns say.
		r.resources = 1
	case s.Resource == nil || s.Resource.Not:
		r.broad = true
	}
	for _, pattern := range gain.Resources {
		if g.Kind == extractors.Identity && broad(pattern) {
			r.broad = true
		}
	}
	idle := idleIn(g, s)
	if rest := slices.DeleteFunc(slices.Clone(gain.Actions), func(a string) bool { return idle[a] }); len(rest) > 0 && len(rest) < len(gain.Actions) {
		one := *gain
		one.Actions = rest
		gain = &one
	}
	r.measureActions(s, gain)
	return r
}

// idleIn are the actions of a statement that apply to none of its resources.
func idleIn(g *extractors.Grant, s *policy.Statement) map[string]bool {
	t := &lintText{Document: g.After.Document, grant: g, side: &g.After, work: maxLintWork}
	actions, _, fit := t.fits(s)
	idle := map[string]bool{}
	for i, v := range actions {
		if !slices.Contains(fit[i], true) {
			idle[v.Text] = true
		}
	}
	return idle
}

// things counts what patterns name: a bucket with its objects is one of them.
func things(patterns []string) int {
	seen := map[string]bool{}
	for _, p := range patterns {
		if f := strings.SplitN(p, ":", 6); len(f) == 6 && f[2] == "s3" && f[4] == "" { // no access point
			bucket, _, _ := strings.Cut(f[5], "/")
			p = strings.Join(f[:5], ":") + ":" + bucket
		}
		seen[p] = true
	}
	return len(seen)
}

// maxKnown bounds how many known actions of one pattern are looked at. The
// catalogue has fewer for each service.
const maxKnown = 1000

func (r *reach) measureActions(s *policy.Statement, gain *access.Gain) {
	if s.Action.Not {
		r.everything = true
		r.level, r.class = catalog.PermissionsManagement, catalog.PrivEsc
		return
	}
	for _, pattern := range gain.Actions {
		if strings.Trim(pattern, "*:") == "" {
			r.everything = true
			r.level, r.class = catalog.PermissionsManagement, catalog.PrivEsc
			continue
		}
		if service, rest, _ := strings.Cut(pattern, ":"); rest == "*" && service != "" {
			r.wholly = true
		}
		known := 0
		for a := range catalog.Match(pattern) {
			r.see(a, s)
			if known++; known == maxKnown {
				break
			}
		}
		if known == 0 {
			// An action that the catalogue does not know may do anything to a resource.
			r.level = max(r.level, catalog.Write)
		}
	}
}

func (r *reach) see(a catalog.Action, s *policy.Statement) {
	r.level = max(r.level, levelOf(a))
	if class, ok := catalog.Sensitive(a.String()); ok && (r.class == 0 || class < r.class) && !(a.String() == createServiceRole && ofFixedService(s)) {
		r.class = class
	}
}

// createServiceRole makes the role of a service, whose permissions AWS sets: which service
// it may be decides what is gained by it.
const createServiceRole = "iam:CreateServiceLinkedRole"

// ofFixedService reports whether a statement limits service-linked roles to services that
// it names.
func ofFixedService(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		op := c.Operator
		switch op.Test {
		case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike:
		default:
			return false
		}
		return c.KeyName() == "iam:awsservicename" && !op.Negated && !op.IfExists && op.Qualifier != policy.ForAllValues && len(c.Values) > 0 &&
			!slices.ContainsFunc(c.Values, func(v policy.Value) bool { return !isFixed(v.Text) || strings.Contains(v.Text, "${") })
	})
}

// levelOf is the access level of an action as far as what is gained by it goes. The
// reference files some under permissions management that manage none: what only reads,
// such as quicksight:DescribeTopicPermissions, and who may attach a network interface.
func levelOf(a catalog.Action) catalog.Level {
	if a.Level != catalog.PermissionsManagement {
		return a.Level
	}
	switch a.String() {
	case "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission":
		return catalog.Write
	}
	for _, prefix := range []string{"Get", "List", "Describe", "BatchGet"} {
		if strings.HasPrefix(a.Name, prefix) && !strings.HasSuffix(a.Name, "Url") { // which signs somebody in
			return catalog.Read
		}
	}
	return a.Level
}

// broad reports whether a resource pattern names nothing once its wildcards are
// taken away: everything of an account or of a type.
func broad(pattern string) bool {
	f := strings.SplitN(pattern, ":", 6)
	if len(f) < 6 {
		return true
	}
	resource := f[5]
	i := strings.LastIndexAny(resource, "/:")
	switch {
	case i < 0 && strings.HasSuffix(resource, "*"):
		// "role*": everything of a type, unless the service has no types.
		return !names(resource) || !untyped(f[2])
	case i < 0:
		return !names(resource)
	case names(resource[i+1:]):
		return false
	}
	// "role/*", "log-group:*": what stands in front is the type, unless it has parts
	// of its own ("table/orders/*") or the service has no types ("bucket/*").
	front := strings.Trim(resource[:i], "*?/:")
	return !strings.ContainsAny(front, "/:") && (!names(front) || !untyped(f[2]))
}

// names reports whether a part of a resource has more than wildcards and marks.
func names(part string) bool {
	return strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// untyped reports whether the names of a service's resources have no type in front.
func untyped(service string) bool {
	switch service {
	case "s3", "sqs", "sns", "execute-api":
		return true
	}
	return false
}
