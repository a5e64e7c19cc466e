package scanner

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/rules"
)

// loose adds the links whose effect cannot be followed, and what the blocks of accounts
// lose.
func (c *composer) loose() {
	for i := range c.x.Links {
		l := &c.x.Links[i]
		if !touched(l.Action) || l.From.Gone {
			continue
		}
		for _, t := range l.After {
			if c.follows(l, t) || slices.ContainsFunc(l.Before, func(b extractors.Target) bool { return sameTarget(b, t) }) && l.Kind != extractors.Bounded {
				continue
			}
			if !sameBoundary(l, t) {
				c.looseLink(l, t, true)
			}
		}
		for _, t := range l.Before {
			if c.follows(l, t) || slices.ContainsFunc(l.After, func(a extractors.Target) bool { return sameTarget(a, t) }) {
				continue
			}
			if l.Kind == extractors.Attached && catalog.DeniesNothing(t.Name) {
				continue
			}
			if l.Kind != extractors.Acts && l.Kind != extractors.Member {
				c.looseLink(l, t, false)
			}
		}
	}
	for _, b := range c.account {
		c.loss(b, b.After)
	}
}

// follows reports whether it is known what a target of a link is.
func (c *composer) follows(l *extractors.Link, t extractors.Target) bool {
	switch l.Kind {
	case extractors.Member, extractors.Acts:
		return c.target(t) != nil
	}
	return len(c.docs.find(t)) > 0
}

// sameBoundary reports whether a boundary that is not known stays as it is.
func sameBoundary(l *extractors.Link, t extractors.Target) bool {
	return l.Kind == extractors.Bounded && (len(l.Before) == 0 || slices.ContainsFunc(l.Before, func(b extractors.Target) bool { return sameTarget(b, t) }))
}

func sameTarget(a, b extractors.Target) bool {
	return a.Address != "" && a.Address == b.Address || a.Name != "" && a.Name == b.Name
}

// looseLink says what is not known of a target that is linked, or is not any more.
func (c *composer) looseLink(l *extractors.Link, t extractors.Target, after bool) {
	what := shownTarget(t)
	loose := &rules.Loose{Link: l, Target: what}
	if what == "" && t.Unknown != nil {
		loose.References = t.Unknown.References
	}
	switch {
	case l.Kind == extractors.Acts && after && t.Missing != "":
		loose.Minor = true
		loose.Reason = fmt.Sprintf("It now acts as %s, but nothing in the template is called %s.", what, t.Missing)
	case l.Kind == extractors.Attached && after && t.Missing != "":
		loose.Reason = fmt.Sprintf("It gets the policy %s, but nothing in the template is called %s.", what, t.Missing)
	case l.Kind == extractors.Acts && t.Unknown != nil && t.Unknown.Faulty, what == "" && l.Kind != extractors.Acts:
		loose.Minor = l.Kind == extractors.Acts
		loose.Reason = unnamed(l.Kind, t, after)
	case l.Kind == extractors.Acts && what == "":
		what = "a " + t.Kind + " that is known only after the apply"
		loose.Minor = true
		loose.Reason = fmt.Sprintf("It now acts as %s, so whether the input shows its policies could not be told.", what)
	case l.Kind == extractors.Acts && plainReference.MatchString(t.Name):
		loose.Minor = true
		loose.Reason = fmt.Sprintf("What it now acts as is the text %q, which is no ARN and no name of a %s: a reference was meant, but is written as a text.", what, t.Kind)
	case l.Kind == extractors.Acts && otherARN(t):
		loose.Minor = true
		loose.Reason = fmt.Sprintf("What it now acts as is %s, which is no ARN of a %s.", what, t.Kind)
	case l.Kind == extractors.Acts:
		loose.Minor = true
		loose.Reason = fmt.Sprintf("It now acts as %s, whose policies the input does not show.", what)
		loose.Several = "it now acts as %s, whose policies the input does not show"
	case l.Kind == extractors.Member:
		loose.Reason = fmt.Sprintf("It becomes a member of %s, whose policies the input does not show.", what)
		loose.Several = "it becomes a member of %s, whose policies the input does not show"
	case l.Kind == extractors.Bounded && after:
		loose.Reason = fmt.Sprintf("Its permissions boundary becomes %s, whose text the input does not show.", what)
	case l.Kind == extractors.Bounded:
		loose.Reason = fmt.Sprintf("Its permissions boundary was %s, whose text the input does not show, so what it held back is not known.", what)
	case l.Kind == extractors.Guarded && after:
		loose.Reason = fmt.Sprintf("It gets the policy %s, whose text the input does not show; more than one policy of a level allow more together.", what)
	case after:
		loose.Reason = fmt.Sprintf("It gets the policy %s, whose text the input does not show.", what)
		loose.Several = "it gets the policies %s, whose texts the input does not show"
	default:
		loose.Reason = fmt.Sprintf("It loses the policy %s, whose text the input does not show; what that denied is not denied any more.", what)
		loose.Several = "it loses the policies %s, whose texts the input does not show; what those denied is not denied any more"
	}
	c.passes = append(c.passes, rules.Pass{Loose: loose})
}

// unnamed says of a target that has no name what is not known of it, and why.
func unnamed(kind extractors.LinkKind, t extractors.Target, after bool) string {
	what, rest := "Which policy it gets", ""
	switch {
	case kind == extractors.Acts:
		what = "Which " + t.Kind + " it now acts as"
	case kind == extractors.Member:
		what = "Which " + t.Kind + " it becomes a member of"
	case kind == extractors.Bounded && after:
		what = "Which permissions boundary it gets"
	case kind == extractors.Bounded:
		what, rest = "Which permissions boundary it had", "; what that held back is not known"
	case kind == extractors.Guarded && after:
		rest = "; more than one policy of a level allow more together"
	case !after:
		what, rest = "Which policy it loses", "; what that denied is not denied any more"
	}
	why := "it is known only after the apply"
	if t.Unknown != nil && t.Unknown.Reason != "" {
		why = strings.TrimSuffix(strings.TrimSuffix(t.Unknown.Reason, " Make the JSON anew."), ".")
		why = strings.ToLower(why[:1]) + why[1:]
	}
	return fmt.Sprintf("%s could not be told: %s%s.", what, why, rest)
}

// otherARN reports whether what should be a role is the ARN of something else. What is
// not known of it may be anything.
func otherARN(t extractors.Target) bool {
	f := strings.SplitN(t.Name, ":", 6)
	if t.Kind != "role" || len(f) != 6 || f[0] != "arn" {
		return false
	}
	if f[2] != "iam" {
		return serviceName.MatchString(f[2])
	}
	of, _, named := strings.Cut(f[5], "/")
	return named && slices.Contains([]string{"user", "group", "policy", "instance-profile", "oidc-provider", "saml-provider", "mfa", "server-certificate"}, of)
}

// serviceName is the service of an ARN as it is written, and no value that is not known.
var serviceName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// shownTarget is how a sentence names a target; "" for one that has no name.
func shownTarget(t extractors.Target) string {
	what := cmp.Or(t.Name, t.Address)
	if len(what) > maxShown {
		what = strings.ToValidUTF8(what[:maxShown], "") + "..."
	}
	return what
}

// unseen are the boundaries of a link that the input does not show after the change, but
// for those whose coming is told as not known.
func (c *composer) unseen(l *extractors.Link) []string {
	var out []string
	for _, t := range l.After {
		if c.follows(l, t) || !sameBoundary(l, t) {
			continue
		}
		out = append(out, cmp.Or(shownTarget(t), "which is known only after the apply"))
	}
	return out
}

// plainReference is a text that reads as a reference of Terraform does, which nothing
// works out where it is written in quotation marks alone.
var plainReference = regexp.MustCompile(`^(?:module\.[\w-]+\.)*(?:data\.)?awsc*_[a-z0-9_]+\.[\w-]+(?:\[[^\]]*\])?\.[a-z_]+$`)

// maxShown bounds what a sentence repeats of a name.
const maxShown = 200
