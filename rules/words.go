package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxNamed bounds how many values a sentence names.
const maxNamed = 3

// phrase joins values to "a, b and 4 more"; a bare "*" reads as all.
func phrase(values []string, all string) string {
	if len(values) == 0 {
		return all
	}
	named := make([]string, 0, maxNamed)
	for _, v := range values {
		if v == "*" {
			return all
		}
		if len(named) < maxNamed {
			named = append(named, v)
		}
	}
	if more := len(values) - len(named); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(named, ", "), more)
	}
	if n := len(named); n > 1 {
		return strings.Join(named[:n-1], ", ") + " and " + named[n-1]
	}
	return named[0]
}

// name is how a sentence calls what carries the grant.
func name(g *extractors.Grant) string {
	if s := g.Subject; s.Name != "" && s.Kind != "" {
		return s.Kind + " " + short(s.Name)
	}
	return cmp.Or(g.Subject.Address, g.Address)
}

// short cuts an ARN to what people call the thing.
func short(name string) string {
	f := strings.SplitN(name, ":", 6)
	if len(f) < 6 || f[0] != "arn" {
		return name
	}
	if i := strings.LastIndexByte(f[5], '/'); i >= 0 && i+1 < len(f[5]) {
		return f[5][i+1:]
	}
	return f[5]
}

// who writes principals as people call them.
func who(principals []string) string {
	named := make([]string, len(principals))
	for i, p := range principals {
		named[i] = principalName(p)
	}
	return phrase(named, "everyone")
}

func principalName(p string) string {
	if rest, ok := strings.CutPrefix(p, "all but "); ok {
		var named []string
		for _, one := range strings.Split(rest, ", ") {
			named = append(named, principalName(one))
		}
		return "everyone but " + phrase(named, "everyone")
	}
	if kind, rest, ok := strings.Cut(p, ": "); ok {
		switch kind {
		case "Service":
			if rest == "*" {
				return "every AWS service"
			}
			return "service " + rest
		case "Federated":
			if rest == "*" {
				return "every identity provider"
			}
			return "identity provider " + rest
		case "CanonicalUser":
			return "canonical user " + rest
		}
	}
	f := strings.SplitN(p, ":", 6)
	switch {
	case len(p) == 12 && strings.Trim(p, "0123456789") == "":
		return "account " + p
	case len(f) == 6 && f[5] == "root":
		return "account " + f[4]
	case len(f) == 6 && f[2] == "sts" && strings.HasPrefix(f[5], "assumed-role/"):
		return "session " + strings.TrimPrefix(f[5], "assumed-role/") + " of account " + f[4]
	case len(f) == 6 && f[2] == "iam" && strings.Contains(f[5], "/"):
		kind, rest, _ := strings.Cut(f[5], "/")
		return kind + " " + rest + " of account " + f[4]
	}
	return p
}

// statementName is how a sentence calls a statement.
func statementName(index int, sid string) string {
	if sid != "" {
		return fmt.Sprintf("statement %q", sid)
	}
	return fmt.Sprintf("statement %d", index)
}

// gainMessage says in one sentence who can newly do what. The tail is what follows the
// name of the subject where the sentence begins with it. With inside, only the own
// account and services get through.
func gainMessage(g *extractors.Grant, s *policy.Statement, gained *Gained, inside bool) (message, tail string) {
	actions := phrase(knownFirst(g, worstFirst(gained.Actions, idleIn(g, s))), "every action")
	who := who(gained.Principals)
	if inside && who == "everyone" {
		who = "everyone in the account, and AWS services,"
	}
	var b strings.Builder
	head := ""
	switch g.Kind {
	case extractors.Trust:
		fmt.Fprintf(&b, "%s can now %s %s (%s)", who, assuming(gained.Actions), name(g), actions)
	case extractors.Resource, extractors.ACL:
		fmt.Fprintf(&b, "%s can now use %s", who, actions)
		if s.Resource != nil {
			fmt.Fprintf(&b, " on %s", phrase(gained.Resources, cmp.Or(gained.Thing, "every resource that the policy is attached to")))
		} else {
			fmt.Fprintf(&b, " on %s", name(g))
		}
	default:
		head = name(g)
		fmt.Fprintf(&b, " now allows %s on %s", actions, phrase(gained.Resources, "every resource"))
	}
	if len(s.Conditions) > 0 {
		fmt.Fprintf(&b, ", if %s", conditions(s))
	}
	if len(gained.Conditions) > 0 {
		fmt.Fprintf(&b, "; %s", phrase(gained.Conditions, ""))
	}
	if notKnown(g, gained.Actions) {
		fmt.Fprintf(&b, "; no such action was known on %s", edition())
	}
	if s.Sid != "" {
		fmt.Fprintf(&b, " (statement %q)", s.Sid)
	}
	b.WriteByte('.')
	if head != "" {
		tail = b.String()
	}
	return head + b.String(), tail
}

// conditions names the conditions of a statement.
func conditions(s *policy.Statement) string {
	var all []string
	for _, c := range s.Conditions {
		all = append(all, conditionWords(c))
	}
	return phrase(all, "")
}

// conditionWords is a condition as a sentence has it: one that asks whether a key is there
// says so.
func conditionWords(c policy.Condition) string {
	if c.Operator.Test == policy.Null && c.Operator.Qualifier == policy.NoQualifier && len(c.Values) == 1 {
		switch strings.ToLower(c.Values[0].Text) {
		case "true":
			return c.Key + " is not given"
		case "false":
			return c.Key + " is given"
		}
	}
	return access.ConditionText(c)
}

// assuming is what the actions of a trust policy let do with the role: by those that go with
// sts:AssumeRole alone nobody gets in (IAM User Guide, "Pass session tags in AWS STS").
func assuming(actions []string) string {
	switch only := func(name string) bool {
		return len(actions) > 0 && !slices.ContainsFunc(actions, func(a string) bool { return !strings.EqualFold(a, name) })
	}; {
	case only("sts:TagSession"):
		return "tag sessions of"
	case only("sts:SetSourceIdentity"):
		return "set the source identity of sessions of"
	}
	return "assume"
}
