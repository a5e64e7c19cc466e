package terraform

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

// permitFilter makes texts of the value of an attribute; raw ones get its JSON, which
// must be known throughout.
type permitFilter struct {
	make func(m *maker, text string) []string
	raw  bool
}

// permitFilters are the functions that the texts of permitForm name.
var permitFilters = func() map[string]permitFilter {
	m := map[string]permitFilter{
		"function": {make: ownFunction},
		"list":     {make: func(_ *maker, text string) []string { return splitCommas(text) }},
		"lower":    {make: one(strings.ToLower)},
		"service":  {make: one(servicePrefix)},
		"foreign":  {make: foreign},
		"digest":   {make: func(_ *maker, text string) []string { return []string{digest(text)} }, raw: true},
		"keys":     {make: func(_ *maker, text string) []string { return keysOf(text) }, raw: true},
		"scope":    {make: one(func(text string) string { return strings.TrimPrefix(text, "s3://") })},
		"route":    {make: func(_ *maker, text string) []string { return routePath(text) }},
		"invoke": {make: func(_ *maker, text string) []string {
			if routePath(text) == nil {
				return nil
			}
			return []string{"Invoke"}
		}},
		"any": {make: one(func(text string) string { return strings.ReplaceAll(text, "ANY", "*") })},
	}
	for name, values := range permitWords {
		m[name] = permitFilter{make: func(_ *maker, text string) []string { return values.of(text) }}
	}
	return m
}()

func one(f func(string) string) func(*maker, string) []string {
	return func(_ *maker, text string) []string { return []string{f(text)} }
}

// words says what the values of an attribute stand for. Others stand for what is
// under "": $ is the value itself.
type words map[string][]string

func (w words) of(text string) []string {
	list, ok := w[text]
	if !ok {
		list = w[""]
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ReplaceAll(s, "$", text)
	}
	return out
}

func splitCommas(text string) []string {
	var list []string
	for _, s := range strings.Split(text, ",") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// foreign leaves the account of the object itself out: it has what it shares.
func foreign(m *maker, text string) []string {
	if text == m.p.Account {
		return nil
	}
	return []string{text}
}

// digest is a name of a block that equals that of no other block. Members that are
// not set do not count, and neither does the order of the members.
func digest(text string) string {
	v := jsontext.Value(compact(jsontext.Value(text)))
	if err := v.Canonicalize(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		v = jsontext.Value(text)
	}
	sum := sha256.Sum256(v)
	return hex.EncodeToString(sum[:16])
}

// compact leaves out what is not set, which providers write in several ways.
func compact(v jsontext.Value) []byte {
	if len(v) == 0 {
		return []byte("null")
	}
	var b []byte
	switch v[0] {
	case '{':
		b = append(b, '{')
		members(v, func(name string, e jsontext.Value) bool {
			if blankValue(e) {
				return true
			}
			if len(b) > 1 {
				b = append(b, ',')
			}
			b, _ = jsontext.AppendQuote(b, name)
			b = append(append(b, ':'), compact(e)...)
			return true
		})
		return append(b, '}')
	case '[':
		b = append(b, '[')
		for i, e := range elements(v) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, compact(e)...)
		}
		return append(b, ']')
	}
	return v
}

func keysOf(text string) []string {
	var list []string
	members(jsontext.Value(text), func(name string, _ jsontext.Value) bool {
		list = append(list, name)
		return true
	})
	slices.Sort(list)
	return list
}

// routePath is the path of a route of an HTTP API, or of the route that opens a
// connection to a WebSocket API: only there is a caller checked (Amazon API Gateway
// Developer Guide, "Control access to WebSocket APIs with IAM authorization").
func routePath(key string) []string {
	method, path, ok := strings.Cut(key, " ")
	switch {
	case key == "$connect" || key == "$default":
		return []string{plainText.Replace(key)}
	case !ok || !strings.HasPrefix(path, "/"):
		return nil
	}
	path = plainText.Replace(path)
	if method != "ANY" {
		return []string{method + path}
	}
	var out []string
	for _, m := range callMethods { // not *, which would take paths that end alike
		out = append(out, m+path)
	}
	return out
}

// servicePrefixes are services whose actions have another prefix than their host name
// says (Service Authorization Reference; AWS Organizations User Guide, "AWS services
// that you can use with AWS Organizations").
var servicePrefixes = map[string]string{
	"macie": "macie2", "ipam": "ec2", "reachabilityanalyzer.networkinsights": "ec2",
	"config-multiaccountsetup": "config", "storage-lens.s3": "s3", "tagpolicies.tag": "tag",
	"member.org.stacksets.cloudformation": "cloudformation", "stacksets.cloudformation": "cloudformation",
	"malware-protection.guardduty": "guardduty", "agentless.inspector2": "inspector2",
	"license-manager.member-account": "license-manager", "license-management.marketplace": "aws-marketplace",
	"reporting.trustedadvisor": "trustedadvisor", "monitor.cloudwatch": "cloudwatch",
}

// servicePrefix is the prefix of the actions of a service that is named by its host
// name; one that is not known keeps the first part.
func servicePrefix(host string) string {
	name := strings.TrimSuffix(strings.TrimSuffix(host, ".cn"), ".amazonaws.com")
	if prefix := servicePrefixes[name]; prefix != "" {
		return prefix
	}
	parts := strings.Split(name, ".")
	for _, p := range []string{name, parts[0], parts[len(parts)-1]} {
		if len(catalog.Actions(p)) > 0 {
			return p
		}
	}
	return parts[0]
}
