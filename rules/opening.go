package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// openings names what lets anyone in, the first of all by what the message says of it:
// the statement of a policy, or, where documents are what something else amounts to, the
// permissions, methods and lists that do. The rest are those that it leaves out.
func openings(gains []access.Gain, docs parts, first int) (way string, rest []string) {
	h, index := docs.at(gains[first].Statement)
	var made []string
	take := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	if h.Grant.Does == "" {
		way = statementName(index, gains[first].Sid)
	} else {
		take(&made, openingName(h, index))
	}
	for i := range gains {
		other, at := docs.at(gains[i].Statement)
		sid := gains[i].Sid
		if other.Grant.Before.Sensitive || other.Grant.After.Sensitive {
			sid = ""
		}
		switch {
		case i == first:
		case other.Grant.Does != "" && h.Grant.Does != "":
			take(&made, openingName(other, at))
		case other.Grant.Does != "":
			take(&rest, openingName(other, at))
		case other.Grant != h.Grant:
			take(&rest, statementName(at, sid)+" of "+title(other.Grant))
		default:
			take(&rest, statementName(at, sid))
		}
	}
	if way == "" {
		way = "by " + phrase(made, "")
		if len(made) > maxNamed {
			rest = append(slices.Clone(made[maxNamed:]), rest...)
		}
	}
	return way, rest
}

// openingName is what opens the subject where that is no policy: the resource that does,
// or what of the subject itself, with the method and path of an API.
func openingName(h *Holding, index int) string {
	g := h.Grant
	if g.Address != g.Subject.Address {
		return g.Address
	}
	own, _, _ := strings.Cut(g.Attribute, ".")
	if g.Before.Sensitive || g.After.Sensitive {
		return "its " + own
	}
	if calls := callsOf(h.After.Statements[index].Resource); len(calls) > 0 {
		return phrase(calls, "")
	}
	return "its " + own
}

// callsOf are the methods and paths in the ARNs of calls of an API.
func callsOf(v *policy.Values) []string {
	var out []string
	if v == nil || v.Not {
		return nil
	}
	for _, one := range v.List {
		f := strings.SplitN(one.Text, ":", 6)
		if len(f) < 6 || f[2] != "execute-api" {
			return nil
		}
		_, call, _ := strings.Cut(f[5], "/*/")
		if method, path, ok := strings.Cut(call, "/"); ok && method != "" && strings.ToUpper(method) == method {
			call = method + " /" + path
		}
		out = append(out, call)
	}
	return out
}
