package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var privilegeEscalation = Rule{
	ID:    "privilege-escalation",
	Title: "The change completes a way to more permissions",
	Doc: Doc{
		Text: `The principal has, after the change, all permissions of a known way to give itself more of them, and did not have all of them before: writing
policies of its own, running code with the role of something else, or handing a role to a service. Its whole effective access is looked
at, within its boundary; each permission counts under whatever conditions, and on whatever resource that it can work on: of the services
and, in IAM, of the types that the Service Authorization Reference gives, but for service-linked roles and policies of AWS, and for the
caller's own key or password (user/${aws:username}), which make nobody another user, and for attaching policies where iam:PolicyARN allows
none but policies of AWS that are no step to more permissions. The finding names each way, its permissions and the
document that each comes from, and the conditions without which none of the ways is open. It is a warning where the first permission is on named resources only, or the way needs what few accounts
have any more, and no administrator of the plan is among what can be handed over. Where a policy of AWS brings no other way than such
a one to a new role, new-access tells it alone; where the configuration sets the level of either rule, it is a note.

A principal that becomes an administrator is left to new-access: it has nothing more to gain. For ways that hand a role to a service it names the roles of the same plan that can be handed over and are administrators.`,
		Before: `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}`,
		After:  `{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"], "Resource": "*"}`,
		Fix:    "Limit iam:PassRole to the roles and services that are meant, and actions on IAM to what the principal manages; or put a permissions boundary on it.",
		Sources: []string{
			"Rhino Security Labs, AWS IAM Privilege Escalation Methods and Mitigation", "Bishop Fox, Privilege Escalation in AWS: IAM Vulnerable",
			"Datadog Security Labs, pathfinding.cloud",
		},
	},
	Check: checkEscalation,
}

// Role is a role that the input shows, as one that may be handed over.
type Role struct {
	ARN  string
	Name string
	// Administrator tells that the role may do everything after the change.
	Administrator bool
}

func checkEscalation(p *Pass) {
	if !p.grants() || p.Sum.Kind != extractors.Identity || p.gained().Verdict != access.Fail {
		return
	}
	if p.Sum.IsAdministrator() {
		return // who may do everything needs no way to more; new-access says it
	}
	a := abilities{p: p, after: map[string]*access.Gain{}, before: map[string]bool{}}
	var done []escalation
	for _, e := range escalations {
		if a.all(e.Needs) && !(a.hadAll(e.Needs) && a.handedOver(e)) && a.mayHandOver(e) {
			done = append(done, e)
		}
	}
	if len(done) == 0 {
		return
	}
	if f, ok := a.finding(done, a.limits(done, true)); ok {
		p.Report(f, slices.Concat(ids(done), a.limits(done, p.Sum.secret()), a.on(done))...)
	}
}

func ids(list []escalation) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID)
	}
	return out
}

// abilities are the actions that the subject of a pass may take, asked for once each.
type abilities struct {
	p        *Pass
	after    map[string]*access.Gain // nil: it may not
	before   map[string]bool
	handings map[string]handing // by service
	// harmless are the policies of harmlessNamed, once they are worked out.
	harmless *[]string
}

// can asks whether a side allows an action on some resource that it can work on. The
// engine is asked only where a statement may name the action, which is rarely so.
func (a *abilities) can(s side, action string) access.Result {
	if !slices.ContainsFunc(s.docs, func(d *policy.Document) bool { return mayAllow(d, action) }) {
		return access.Result{Verdict: access.Pass}
	}
	o := a.p.access()
	o.Explain = false
	on := target(action)
	if narrow := a.withoutHarmless(action, on); narrow != on {
		if res := access.Gained(access.Set{}, s.set.And(narrow), o); res.Verdict != access.Undetermined {
			return res
		}
	}
	return access.Gained(access.Set{}, s.set.And(on), o)
}

// mayAllow reports whether a statement of a document may allow an action: false is sure.
func mayAllow(d *policy.Document, action string) bool {
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool {
		return s.Effect == policy.Allow && (s.Action.Not || slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return mayName(v.Text, action) }))
	})
}

// mayName reports whether a pattern may match an action, by what it begins with: letters,
// digits, the colon and the hyphen stand for themselves, and whatever else for anything.
func mayName(pattern, action string) bool {
	start := pattern
	if i := strings.IndexFunc(pattern, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == ':' || c == '-')
	}); i >= 0 {
		start = pattern[:i]
	}
	return len(start) <= len(action) && strings.EqualFold(start, action[:len(start)])
}

func (a *abilities) all(actions []string) bool {
	for _, action := range actions {
		gain, asked := a.after[action]
		if !asked {
			if res := a.can(a.p.gained().after, action); res.Verdict == access.Fail {
				gain = &res.Gains[0]
			}
			a.after[action] = gain
		}
		if gain == nil {
			return false
		}
	}
	return true
}

func (a *abilities) hadAll(actions []string) bool {
	for _, action := range actions {
		had, asked := a.before[action]
		if !asked {
			had = a.can(a.p.gained().before, action).Verdict == access.Fail
			a.before[action] = had
		}
		if !had {
			return false
		}
	}
	return true
}

// finding tells all ways that the change completes in one; false where another rule tells
// all that there is to it.
func (a *abilities) finding(done []escalation, limits []string) (Found, bool) {
	p, first := a.p, done[0]
	after := p.gained().after.and(&policy.Document{}) // as can asks
	f := Found{Finding: Finding{Level: Warning, Severity: 6.5}}
	f.Gained = &Gained{Actions: list(nil), Resources: list(nil), Principals: list(nil), Conditions: list(nil)}
	var at *Holding
	statement := -1
	usual := true // as a policy of AWS for its services has it, on a role that is new
	for _, e := range done {
		text := fmt.Sprintf("It can %s (%s):", a.does(e), e.ID)
		for i, action := range e.Needs {
			gain := a.after[action]
			if i == 0 && e.Passes {
				gain = a.handsOver(e, gain)
			}
			h := after.holdings[gain.Document]
			if i > 0 {
				text += ","
			}
			sid := gain.Sid
			if h.sensitive() {
				sid = ""
			}
			text += fmt.Sprintf(" %s by %s of %s", action, statementName(gain.Statement, sid), documentName(h.Grant))
			isNew := p.Sum.Subject.New || slices.ContainsFunc(h.Hubs, func(b Hub) bool { return b.Subject.New })
			usual = usual && isNew && ofAWS(h.Grant) && slices.Contains(rare, e.ID)
			if i == 0 && a.reachMany(action) && !slices.Contains(rare, e.ID) {
				f.Level, f.Severity = Error, 8.5
			}
			f.addSources(append(h.sources(), Source{Address: h.Grant.Address, Attribute: h.Grant.Attribute})...)
			if !slices.Contains(f.Gained.Actions, action) {
				f.Gained.Actions = append(f.Gained.Actions, action)
			}
			isNewHere := !a.before[action] || i == 0 && !a.handedOver(e)
			if isNewHere && at == nil {
				at, statement = h, gain.Statement
				f.Statement = &Statement{Index: gain.Statement, Sid: gain.Sid}
				f.Witness = &gain.Witness
			}
		}
		if len(f.Details) < maxPrincipals {
			f.Details = append(f.Details, text+".")
		}
	}
	if usual {
		if !p.pins(p.Rule.ID) && !p.pins("new-access") {
			return Found{}, false // new-access tells what the policy gives, and graded it
		}
		f.Level, f.Severity = Note, lowered(f.Severity)
	}
	if slices.ContainsFunc(done, func(e escalation) bool { return e.Passes }) {
		if roles := a.administrators(); len(roles) > 0 {
			f.Level, f.Severity = Error, 9.0
			f.Details = append(f.Details, "Administrators of the input that it can hand over: "+enumerated(roles)+".")
		}
	}
	if at == nil {
		at = p.Sum.first()
	}
	p.locate(&f, at, statement)
	f.Message = fmt.Sprintf("%s can now get more permissions: it can %s", subjectName(p.Sum.Subject, at), a.does(first))
	if p.Sum.Subject.Kind == "policy" {
		f.Message = fmt.Sprintf("Whoever has %s can now get more permissions: by it one can %s", subjectName(p.Sum.Subject, at), a.does(first))
	}
	switch more := len(done) - 1; {
	case more == 1:
		f.Message += ", and 1 more known way is open"
	case more > 1:
		f.Message += fmt.Sprintf(", and %d more known ways are open", more)
	}
	if len(limits) > 0 {
		f.Message += ", if " + phrase(limits, "")
	}
	f.Message += "."
	f.Unknowns = symbols(at.Grant.After.Symbols, &policy.Statement{})
	f.hide(at.of(p.Sum), " can now get more permissions with ")
	return f, true
}

// pins reports whether the configuration sets the level of a rule for the subject.
func (p *Pass) pins(rule string) bool {
	_, always := p.options.Settings.Levels[rule]
	_, created := p.options.Settings.OnCreate[rule]
	return always || created
}

// does says what a way is; where a condition says which policies may be attached, that
// these are not all.
func (a *abilities) does(e escalation) string {
	gain := a.after[e.Needs[0]]
	h := a.p.gained().after.and(&policy.Document{}).holdings[gain.Document]
	for _, c := range h.After.Statements[gain.Statement].Conditions {
		if c.KeyName() == attachedKey && c.Operator.Test != policy.Null {
			return strings.Replace(e.Does, "attach any policy", "attach policies that "+c.Key+" allows", 1)
		}
	}
	return e.Does
}

// documentName is title, with the name of an inline policy: a principal may have several.
func documentName(g *extractors.Grant) string {
	if m := inlineName.FindStringSubmatch(g.Attribute); m != nil && g.Subject.Kind != "policy" {
		return "policy " + m[1] + " of " + title(g)
	}
	return title(g)
}

// inlineName finds the name of an inline policy in an attribute, such as
// inline_policy["name"].policy.
var inlineName = regexp.MustCompile(`\["([^"\]]+)"\]\.`)

// reachesMany reports whether the first permission of a way, which decides what is won
// by it, is on more than named resources.
func reachesMany(s *policy.Statement) bool {
	if s.Resource == nil || s.Resource.Not {
		return true
	}
	return slices.ContainsFunc(s.Resource.List, func(v policy.Value) bool { return broad(v.Text) })
}

// reachMany reports whether a statement that gives an action is on more than named
// resources, wherever it stands.
func (a *abilities) reachMany(action string) bool {
	for _, h := range a.p.gained().after.holdings {
		if h != nil && slices.ContainsFunc(h.After.Statements, func(s policy.Statement) bool {
			return s.Effect == policy.Allow && namesAction(&s, action) && reachesMany(&s)
		}) {
			return true
		}
	}
	return false
}

// administrators are the roles of the plan that the subject can hand to a service and
// that may do everything.
func (a *abilities) administrators() []string {
	var out []string
	for _, r := range a.p.Roles {
		if !r.Administrator || r.ARN == "" {
			continue
		}
		list := []access.Access{{Actions: []string{"iam:PassRole"}, Resources: []string{r.ARN}}}
		o := a.p.access()
		o.Explain = false
		if access.Gained(access.Set{}, a.p.gained().after.set.And(listed(list, extractors.Identity)), o).Verdict == access.Fail {
			out = append(out, r.Name)
		}
	}
	slices.Sort(out)
	return out
}

// IsAdministrator reports whether the sum allows everything in IAM after the change.
func (s *Sum) IsAdministrator() bool {
	if !slices.ContainsFunc(s.after().docs, allowsMuch) {
		return false // the engine need not be asked
	}
	everything := &policy.Document{Kind: policy.Identity, Statements: []policy.Statement{{
		Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "iam:*"}}}, Resource: &policy.Values{List: []policy.Value{{Text: "*"}}},
	}}}
	return access.Gained(s.after().set, access.Allowed(everything), access.Options{}).Verdict == access.Pass
}

// allowsMuch reports whether a statement names all actions, or all of IAM.
func allowsMuch(d *policy.Document) bool {
	return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool {
		return s.Effect == policy.Allow && (s.Action.Not || slices.ContainsFunc(s.Action.List, func(v policy.Value) bool {
			return strings.HasPrefix(v.Text, "*") || strings.EqualFold(v.Text, "iam:*")
		}))
	})
}
