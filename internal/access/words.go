package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Bounds on what Words shows; the rest is counted.
const (
	maxShown      = 5 // values of a list, conditions of a piece
	maxShownParts = 4 // terms, and exceptions of a term
)

// Words says what the gain brings, such as
//
//	s3:* except s3:Get* on arn:aws:s3:::logs/*, now also without aws:SourceIp
//	IpAddress 10.0.0.0/8; 97 known actions, of which 31 write and 6 permissions
//	management, such as s3:PutBucketPolicy
//
// It is "" without Options.Explain. What is no exact description begins with
// "in outline: ".
func (g *Gain) Words() string {
	if len(g.Terms) == 0 {
		return ""
	}
	var b strings.Builder
	if !g.Exact {
		b.WriteString("in outline: ")
	}
	for i, t := range g.Terms {
		if i == maxShownParts {
			fmt.Fprintf(&b, "; and %d more parts", len(g.Terms)-i)
			break
		}
		if i > 0 {
			b.WriteString("; and ")
		}
		b.WriteString(t.words())
	}
	b.WriteString("; " + g.Known.words())
	return b.String()
}

// words writes one term.
func (t Term) words() string {
	var b strings.Builder
	var actions, resources, principals []string // taken away whole
	var others []Piece
	for _, p := range t.Except {
		switch a, r, w := actionWords(p.Action), resourceWords(p.Resource), principalWords(p.Principal); {
		case len(p.Conditions) > 0:
			others = append(others, p)
		case r == "" && w == "":
			actions = append(actions, a)
		case a == "" && w == "":
			resources = append(resources, r)
		case a == "" && r == "":
			principals = append(principals, w)
		default:
			others = append(others, p)
		}
	}
	b.WriteString(inBoth(t.In, func(p Piece) string { return actionWords(p.Action) }, "every action"))
	b.WriteString(less(actions))
	on := inBoth(t.In, func(p Piece) string { return resourceWords(p.Resource) }, "")
	if on == "" && len(resources) > 0 {
		on = "every resource"
	}
	if on != "" {
		b.WriteString(" on " + on + less(resources))
	}
	by := inBoth(t.In, func(p Piece) string { return principalWords(p.Principal) }, "")
	if by == "" && len(principals) > 0 {
		by = "everyone"
	}
	if by != "" {
		b.WriteString(" for " + by + less(principals))
	}
	var conditions []policy.Condition
	for _, p := range t.In {
		conditions = append(conditions, p.Conditions...)
	}
	if len(conditions) > 0 {
		b.WriteString(", if " + conditionWords(conditions))
	}
	for _, p := range t.In {
		if p.Role == ExistingDeny {
			b.WriteString(", which Deny " + p.name() + " denied before")
		}
	}
	b.WriteString(exceptions(others))
	return b.String()
}

func less(taken []string) string {
	if len(taken) == 0 {
		return ""
	}
	return " except " + enumerate(taken)
}

// exceptions writes what a term does not hold. What an Allow statement gave on a
// condition is a limit that is gone.
func exceptions(ps []Piece) string {
	var out []string
	for _, p := range ps {
		switch {
		case p.conditional() && p.Role == ExistingAllow:
			out = append(out, "now also without "+conditionWords(p.Conditions))
		case p.conditional():
			out = append(out, "unless "+conditionWords(p.Conditions))
		default:
			out = append(out, "except "+p.words())
		}
	}
	if more := len(out) - maxShownParts; more > 0 {
		out = append(out[:maxShownParts], fmt.Sprintf("with %d more exceptions", more))
	}
	if len(out) == 0 {
		return ""
	}
	return ", " + strings.Join(out, ", ")
}

// words writes an exception.
func (p Piece) words() string {
	var parts []string
	if p.Action != nil {
		parts = append(parts, actionWords(p.Action))
	}
	if p.Resource != nil {
		parts = append(parts, "on "+resourceWords(p.Resource))
	}
	if p.Principal != nil {
		parts = append(parts, "for "+principalWords(p.Principal))
	}
	if len(p.Conditions) > 0 {
		parts = append(parts, "if "+conditionWords(p.Conditions))
	}
	return strings.Join(parts, " ")
}

func (p Piece) name() string {
	if p.Sid != "" {
		return `statement "` + p.Sid + `"` // as it is, so that a redactor finds it
	}
	return fmt.Sprintf("statement %d", p.Statement)
}

// inBoth writes an element of the pieces that have it, which all have to match.
func inBoth(ps []Piece, write func(Piece) string, none string) string {
	var out []string
	for _, p := range ps {
		if text := write(p); text != "" {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return none
	}
	return strings.Join(out, " as far as within ")
}

func actionWords(v *policy.Values) string { return valueWords(v, "every action", "all actions but ") }

func resourceWords(v *policy.Values) string {
	return valueWords(v, "every resource", "all resources but ")
}

func valueWords(v *policy.Values, all, but string) string {
	if v == nil {
		return ""
	}
	texts := make([]string, len(v.List))
	for i, x := range v.List {
		texts[i] = x.Text
	}
	return listWords(texts, v.Not, all, but)
}

func principalWords(ps *policy.Principals) string {
	if ps == nil {
		return ""
	}
	texts := make([]string, len(ps.List))
	for i, e := range ps.List {
		if texts[i] = entryText(e); e.Type == policy.PrincipalAWS && e.Text == "*" {
			texts[i] = "every AWS principal" // and not what "*" is: services, too
		}
	}
	return listWords(texts, ps.Not, "everyone", "everyone but ")
}

func listWords(texts []string, not bool, all, but string) string {
	switch {
	case not && len(texts) > 0:
		return but + enumerate(texts)
	case not || slices.Contains(texts, "*"):
		return all
	}
	return enumerate(texts)
}

func conditionWords(cs []policy.Condition) string {
	texts := make([]string, len(cs))
	for i, c := range cs {
		texts[i] = ConditionText(c)
	}
	return enumerate(texts)
}

// enumerate joins texts to "a, b and c", or "a, b, c, d, e and 4 more".
func enumerate(texts []string) string {
	if more := len(texts) - maxShown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(texts[:maxShown], ", "), more)
	}
	if n := len(texts) - 1; n > 0 {
		return strings.Join(texts[:n], ", ") + " and " + texts[n]
	}
	return strings.Join(texts, "")
}

// words counts the known actions by what they can do.
func (k Known) words() string {
	if k.Uncounted {
		return "known actions not counted"
	}
	switch k.Total {
	case 0:
		return "no known action"
	case 1:
		return "1 known action, " + levelWords(k.only())
	}
	var parts []string
	for l := catalog.PermissionsManagement; l >= catalog.List; l-- {
		if k.Levels[l] == k.Total {
			return fmt.Sprintf("%d known actions, all %s, such as %s", k.Total, levelWords(l), k.Example)
		}
		// Reading and listing are told where there is nothing above them.
		if k.Levels[l] > 0 && (l >= catalog.Write || len(parts) == 0 || k.Levels[catalog.Write]+k.Levels[catalog.PermissionsManagement] == 0) {
			parts = append(parts, fmt.Sprintf("%d %s", k.Levels[l], levelWords(l)))
		}
	}
	slices.Reverse(parts)
	return fmt.Sprintf("%d known actions, of which %s, such as %s", k.Total, enumerate(parts), k.Example)
}

// only is the level of a single action.
func (k Known) only() catalog.Level {
	for l := range catalog.PermissionsManagement {
		if k.Levels[l+1] > 0 {
			return l + 1
		}
	}
	return 0
}

func levelWords(l catalog.Level) string { return strings.ToLower(l.String()) }
