package access_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// What Facts leave of a world, read off a request and not off the engine: scenarios
// without StrictOpenWorld enumerate no other requests.

// factKeys are the keys of the alphabet that facts are about.
func factKeys() []key {
	var out []key
	for _, name := range slices.Concat(ofPrincipals, ofResources, alwaysThere) {
		if i := keyIndex(name); !slices.ContainsFunc(out, func(k key) bool { return k.name == keys[i].name }) {
			out = append(out, keys[i])
		}
	}
	return out
}

// The keys whose values principals or resources settle, and those that are always
// there.
var (
	ofPrincipals = []string{principalARN, "aws:PrincipalAccount", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName", "aws:SourceArn"}
	ofResources  = []string{"aws:ResourceAccount"}
	alwaysThere  = []string{"aws:SecureTransport", "aws:EpochTime", "aws:PrincipalAccount"}
	documented   = []string{"aws:SecureTransport", "aws:PrincipalIsAWSService"} // as Bool
)

// facts are those about the keys that a scenario names. nil knows none.
type facts struct {
	kind  policy.Kind
	named map[string]bool
	bools map[int]bool // keys that hold true or false
	// roles are the ARNs that the role of a session can have, where that is known.
	roles map[string][]string
	tied  map[part][]int    // see keys
	memo  map[[2]int][]bool // see leaves
}

func (w *world) factsOf(named map[int]bool) *facts {
	f := &facts{kind: w.kind, named: map[string]bool{}, bools: map[int]bool{}, roles: map[string][]string{}, memo: map[[2]int][]bool{}}
	for k := range named {
		f.named[keys[k].name] = true
		f.bools[k] = slices.Contains(documented, keys[k].name)
	}
	others := map[int]bool{}
	for _, c := range w.eachCondition() {
		switch {
		case strings.HasSuffix(strings.TrimSuffix(c.operator, "IfExists"), "Bool"):
			f.bools[keyIndex(c.key)] = true
		case !strings.HasSuffix(c.operator, "Null"):
			others[keyIndex(c.key)] = true
		}
	}
	for k := range others {
		f.bools[k] = f.bools[k] && slices.Contains(documented, keys[k].name)
	}
	in := func(names []string) (out []int) {
		for _, name := range names {
			if f.named[name] {
				out = append(out, keyIndex(name))
			}
		}
		return out
	}
	f.tied = map[part][]int{partResource: in(ofResources)}
	if w.kind == policy.Resource {
		f.tied[partPrincipal] = in(ofPrincipals)
	}
	principals := w.eachEntry()
	for _, e := range principals {
		head, session, ok := strings.Cut(e.text, ":assumed-role/")
		name, _, _ := strings.Cut(session, "/")
		if !ok || strings.ContainsAny(e.text, "*?") {
			continue
		}
		head = strings.Replace(head, ":sts:", ":iam:", 1) + ":role/"
		is := func(arn string) bool {
			path, ok := strings.CutPrefix(arn, head)
			return ok && !strings.ContainsAny(arn, "*?$") && (path == name || strings.HasSuffix(path, "/"+name))
		}
		var roles []string
		for _, e := range principals {
			if is(e.text) {
				roles = append(roles, e.text)
			}
		}
		if roles == nil {
			continue
		}
		for _, c := range w.eachCondition() {
			for _, v := range c.values {
				if arn := strings.Trim(v, `"`); c.key == principalARN && is(arn) {
					roles = append(roles, arn)
				}
			}
		}
		f.roles[e.text] = roles
	}
	return f
}

func (s *scenario) eachCondition() []condition {
	var all []condition
	for _, layer := range s.layers() {
		for _, d := range *layer {
			for _, st := range d.statements {
				all = append(all, st.conditions...)
			}
		}
	}
	return all
}

// eachEntry lists the principals that the texts name: beside everyone there are none.
func (s *scenario) eachEntry() []entry {
	var all []entry
	for _, layer := range s.layers() {
		for _, d := range *layer {
			for _, st := range d.statements {
				if !slices.ContainsFunc(st.principals, func(e entry) bool { return e.key == "" }) {
					all = append(all, st.principals...)
				}
			}
		}
	}
	return all
}

// keys lists the keys named that a part of the request is tied to.
func (f *facts) keys(p part) []int {
	if f == nil {
		return nil
	}
	return f.tied[p]
}

// leavesValue reports whether a key can have a value at all.
func (f *facts) leavesValue(k, value int) bool {
	if f == nil {
		return true
	}
	v := worldValues[k][value]
	isBool := func(text string) bool { return text == "true" || text == "false" }
	return (v != nil || !slices.Contains(alwaysThere, keys[k].name)) && (!f.bools[k] || !slices.ContainsFunc(v, func(text string) bool { return !isBool(text) }))
}

// leaves tells which values of a part of a request can come with those of the keys;
// nil: all.
func (f *facts) leaves(p part, digits *[maxKeys]int) []bool {
	if f == nil {
		return nil
	}
	id := [2]int{int(p)}
	for _, k := range f.keys(p) {
		id[1] = id[1]*len(worldValues[k]) + digits[k]
	}
	if all := f.memo[id]; all != nil {
		return all
	}
	context := map[string][]string{}
	for _, k := range f.keys(p) {
		context[keys[k].name] = worldValues[k][digits[k]]
	}
	var all []bool
	if p == partResource {
		for _, arn := range worldResources {
			all = append(all, f.leavesResource(arn, context))
		}
	} else {
		for _, who := range callers {
			all = append(all, f.kind != policy.Resource || f.leavesPrincipal(who, context))
		}
	}
	f.memo[id] = all
	return all
}

// leavesRequest looks at the keys that the request has.
func (f *facts) leavesRequest(q policy.Request) bool {
	if f == nil {
		return true
	}
	context := map[string][]string{}
	for name, v := range q.Context {
		if i := keyIndex(name); i >= 0 {
			context[keys[i].name] = v
		}
	}
	for _, name := range documented {
		if v := context[name]; len(v) == 1 && v[0] != "true" && v[0] != "false" {
			return false
		}
	}
	return f.leavesResource(q.Resource, context) && (f.kind != policy.Resource || f.leavesPrincipal(q.Principal, context))
}

var twelveDigits = regexp.MustCompile(`^[0-9]{12}$`)

func (f *facts) leavesResource(arn string, context map[string][]string) bool {
	fields := strings.SplitN(arn, ":", 6)
	v := context["aws:ResourceAccount"]
	return v == nil || len(fields) < 6 || !twelveDigits.MatchString(fields[4]) || v[0] == fields[4]
}

// leavesPrincipal looks at the keys of context only.
func (f *facts) leavesPrincipal(p policy.Principal, context map[string][]string) bool {
	// is holds where nothing is said of the key, too.
	is := func(key string, ok func(string) bool) bool {
		v, said := context[key]
		return !said || len(v) == 1 && ok(v[0])
	}
	equal := func(text string) func(string) bool { return func(v string) bool { return v == text } }
	none := func(key string) bool { return context[key] == nil }
	if p.Type == policy.PrincipalService {
		return is("aws:PrincipalIsAWSService", equal("true")) && is("aws:PrincipalServiceName", equal(p.ID))
	}
	if v := context["aws:PrincipalIsAWSService"]; v != nil && v[0] == "true" || !none("aws:PrincipalServiceName") || !none("aws:SourceArn") {
		return false
	}
	fields := strings.SplitN(p.ID, ":", 6)
	switch {
	case p.Type == policy.PrincipalAll:
		return none(principalARN)
	case p.Type != policy.PrincipalAWS || len(fields) != 6:
		return true
	case !is("aws:PrincipalAccount", equal(fields[4])):
		return false
	case fields[2] == "iam":
		return is(principalARN, equal(p.ID))
	case strings.HasPrefix(fields[5], "assumed-role/"):
		name := strings.Split(fields[5], "/")[1]
		return is(principalARN, func(v string) bool {
			path, ok := strings.CutPrefix(v, "arn:"+fields[1]+":iam::"+fields[4]+":role/")
			roles := f.roles[p.ID]
			return ok && (path == name || strings.HasSuffix(path, "/"+name)) && (roles == nil || slices.Contains(roles, v))
		})
	}
	return true
}
