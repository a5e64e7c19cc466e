package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// withoutRefused is a sum without what its policies allow after the change and can never
// give: actions with a blank in their name; what a bucket's policy says of another bucket,
// and actions of another service in the policy of a bucket, topic or queue. The service
// refuses the latter, and looks at the policy for requests to its own resource only;
// invalid-policy tells all of them. What the texts before the change say stays, and so does
// every Deny.
func (s *Sum) withoutRefused() *Sum {
	out := s
	for i := range s.Terms {
		for j := range s.Terms[i].Holdings {
			d := allowedByService(&s.Terms[i].Holdings[j])
			if d == s.Terms[i].Holdings[j].After {
				continue
			}
			if out == s {
				one := *s
				one.Terms = slices.Clone(s.Terms)
				for k := range one.Terms {
					one.Terms[k].Holdings = slices.Clone(s.Terms[k].Holdings)
				}
				out = &one
			}
			out.Terms[i].Holdings[j].After = d
		}
	}
	return out
}

// allowedByService is what counts of a holding after the change, without what can never be.
func allowedByService(h *Holding) *policy.Document {
	g := h.Grant
	if h.After == nil || h.After == h.Before || h.After != g.After.Document || g.Kind.Restricts() {
		return h.After
	}
	t := &lintText{Document: h.After, grant: g, side: &g.After, work: maxLintWork}
	out := h.After
	for i := range h.After.Statements {
		s := &h.After.Statements[i]
		if s.Effect != policy.Allow {
			continue
		}
		one := *s
		if v := t.ownResources(s); v != nil {
			one.Resource = v
		}
		if never := t.neverOf(s); len(never) > 0 {
			one.Action.List = slices.DeleteFunc(slices.Clone(s.Action.List), func(v policy.Value) bool { return slices.Contains(never, v.Text) })
		}
		if one.Resource == s.Resource && len(one.Action.List) == len(s.Action.List) {
			continue
		}
		if out == h.After {
			d := *h.After
			d.Statements = slices.Clone(h.After.Statements)
			out = &d
		}
		out.Statements[i] = one
	}
	return out
}

// neverOf are the actions of a statement that no request has.
func (t *lintText) neverOf(s *policy.Statement) []string {
	if s.Action.Not {
		return nil
	}
	var out []string
	for _, v := range s.Action.List {
		// A blank at an end is told as access: that a service does not cut it off is nowhere said.
		service, name, ok := strings.Cut(v.Text, ":")
		if ok && t.literal(service) && strings.ContainsAny(name, " \t\r\n") && strings.TrimSpace(name) == name && t.known(v.Text) {
			out = append(out, v.Text)
		}
	}
	if to, ok := attachedTo[t.grant.ResourceType]; ok && to.strict && t.grant.Kind == extractors.Resource {
		out = append(out, t.foreign(s, to.service)...)
	}
	return out
}

// ownResources are the resources of a statement of a bucket's policy without those of other
// buckets; nil where there are none of these.
func (t *lintText) ownResources(s *policy.Statement) *policy.Values {
	foreign := t.ofOtherBuckets(s)
	if len(foreign) == 0 {
		return nil
	}
	out := *s.Resource
	out.List = slices.DeleteFunc(slices.Clone(s.Resource.List), func(v policy.Value) bool {
		f := strings.SplitN(v.Text, ":", 6)
		return slices.Contains(foreign, v.Text) && f[3] == "" && f[4] == "" // no access point
	})
	if len(out.List) == len(s.Resource.List) {
		return nil
	}
	return &out
}

// ofOtherBuckets are the resources that otherBucket finds, as they are written.
func (t *lintText) ofOtherBuckets(s *policy.Statement) []string {
	if !ofBucket(t) || s.Resource == nil || s.Resource.Not {
		return nil
	}
	own, whole := t.ownBucket()
	var out []string
	for _, v := range s.Resource.List {
		if t.ofOtherBucket(v.Text, own, whole) {
			out = append(out, v.Text)
		}
	}
	return out
}
