package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Names as the documents of AWS use them in examples.
const (
	exampleAccount = "111122223333"
	exampleRegion  = "us-east-1"
	exampleName    = "example"
)

// exampleNames are values of placeholders of the catalogue that have a form of their
// own.
var exampleNames = map[string]string{
	"Partition": "aws", "Region": exampleRegion, "Account": exampleAccount,
	"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "InstanceId": "i-1234567890abcdef0", "VpcId": "vpc-1234567890abcdef0",
	"SubnetId": "subnet-1234567890abcdef0", "SecurityGroupId": "sg-1234567890abcdef0", "VolumeId": "vol-1234567890abcdef0",
	"ImageId": "ami-1234567890abcdef0", "SnapshotId": "snap-1234567890abcdef0", "BucketName": "amzn-s3-demo-bucket",
}

// maxFills bounds the resources that are tried for a statement.
const maxFills = 16

// believableAction looks for a known action, of a high access level, together with a
// resource that the action really works on. The resource that the documents are
// attached to comes before any other.
func (p *problem) believableAction(m model, s *policy.Statement) {
	resources := p.resources(s)
	first := -1
	actions := p.knownActions(resources)
	fields := make([][]string, len(resources))
	for i, text := range resources {
		fields[i] = strings.SplitN(text, ":", 6)
	}
	for i, a := range actions {
		if !p.allows(dimAction, a.lower) {
			continue
		}
		if first < 0 {
			first = i
		}
		if text, ok := p.resourceFor(a, resources, fields); ok {
			m[dimAction] = answer{status: sat, text: a.lower}
			m[dimResource] = answer{status: sat, text: text}
			return
		}
	}
	switch { // any known name is better than none
	case first >= 0:
		m[dimAction] = answer{status: sat, text: actions[first].lower}
	case len(s.Action.List) > 0 && !s.Action.Not:
		var fills []string
		for _, v := range s.Action.List[:min(len(s.Action.List), maxFills)] {
			fills = append(fills, lower(filled(v.Text, "Example")))
		}
		p.take(m, dimAction, fills)
	}
	service, _, _ := strings.Cut(m[dimAction].text, ":")
	p.take(m, dimResource, append(resources, "arn:aws:"+service+":"+exampleRegion+":"+exampleAccount+":"+exampleName))
}

// resources lists what the Resource element of a statement may mean; the resource
// that the documents are attached to, with what is in it, is the only one where it can be.
func (p *problem) resources(s *policy.Statement) []string {
	var out []string
	add := func(text string) {
		if len(out) < maxFills && text != "" && !slices.Contains(out, text) && p.allows(dimResource, text) {
			out = append(out, text)
		}
	}
	add(p.attached)
	if f := strings.SplitN(p.attached, ":", 6); len(out) > 0 && len(f) == 6 && f[2] == "s3" && f[4] == "" && !strings.Contains(f[5], "/") {
		add(p.attached + "/" + exampleName) // what works on objects never works on a bucket
	}
	if len(out) > 0 || s.Resource == nil || s.Resource.Not {
		return out
	}
	for _, v := range s.Resource.List[:min(len(s.Resource.List), maxFills)] {
		if text, ok := p.substituted(v.Text); ok && strings.HasPrefix(text, "arn:") {
			add(filledARN(text, exampleName))
			add(filledARN(text, ""))
		}
	}
	return out
}

// substituted replaces the policy variables of a pattern by their values; false where
// they have none, or where a wildcard would not be told from a character.
func (p *problem) substituted(text string) (string, bool) {
	if !strings.Contains(text, "${") {
		return text, true
	}
	pattern, ok := p.patterns.parse(text, true, true)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for _, piece := range pattern {
		switch v, known := p.env[piece.Key]; {
		case piece.Kind == policy.AnySequence:
			b.WriteByte('*')
		case piece.Kind == policy.AnyChar:
			b.WriteByte('?')
		case piece.Kind == policy.Literal && !strings.ContainsAny(piece.Text, "*?"):
			b.WriteString(piece.Text)
		case piece.Kind == policy.Variable && known && !v.unknown && !v.absent && !strings.ContainsAny(v.literal, "*?"):
			b.WriteString(v.literal)
		default:
			return "", false
		}
	}
	return b.String(), true
}

// filledARN replaces the wildcards of an ARN by what stands in their places.
func filledARN(pattern, name string) string {
	fields := strings.SplitN(pattern, ":", 6)
	if len(fields) != 6 {
		return filled(pattern, name)
	}
	for i, name := range []string{"arn", "aws", exampleName, exampleRegion, exampleAccount, name} {
		fields[i] = filled(fields[i], name)
	}
	if fields[2] == "iam" && strings.SplitN(pattern, ":", 6)[3] == "*" {
		fields[3] = "" // IAM has no Regions
	}
	return strings.Join(fields, ":")
}

// filled replaces the wildcards of a pattern by a name.
func filled(pattern, name string) string {
	if !strings.ContainsAny(pattern, "*?") {
		return pattern
	}
	for strings.Contains(pattern, "**") {
		pattern = strings.ReplaceAll(pattern, "**", "*")
	}
	return strings.ReplaceAll(strings.ReplaceAll(pattern, "?", "x"), "*", name)
}

// resourceFor finds a resource that the action works on, among those given, which
// are cut into fields, or another one.
func (p *problem) resourceFor(a knownAction, resources []string, fields [][]string) (string, bool) {
	attached := p.attached != "" && slices.Contains(resources, p.attached)
	shapes := a.shapes()
	if len(shapes) == 0 && !attached {
		return "*", p.allows(dimResource, "*")
	}
	for i, text := range resources {
		if slices.ContainsFunc(shapes, func(s shapeOf) bool { return shaped(s.fields, fields[i]) }) {
			return text, true
		}
	}
	if attached {
		return "", false
	}
	for _, s := range shapes {
		if len(resources) > 0 && s.fields[2] != fields[0][2] {
			continue // the statement is about other services
		}
		if p.allows(dimResource, s.example) {
			return s.example, true
		}
	}
	return "", false
}

// namedFirst lists the resource types of an action, first those that its name names.
func namedFirst(a catalog.Action) []string {
	name := strings.ToLower(a.Name)
	named := func(t string) bool { return strings.Contains(name, strings.ReplaceAll(strings.ToLower(t), "-", "")) }
	if len(a.ResourceTypes) < 2 || named(a.ResourceTypes[0]) {
		return a.ResourceTypes
	}
	out := slices.Clone(a.ResourceTypes)
	slices.SortStableFunc(out, func(t, u string) int {
		switch {
		case named(t) == named(u):
			return 0
		case named(t):
			return -1
		}
		return 1
	})
	return out
}

// exampleARN fills the placeholders of an ARN of the catalogue, such as ${Account}.
func exampleARN(arn string) string {
	var b strings.Builder
	for {
		before, name, after, found := placeholder(arn)
		b.WriteString(filled(before, exampleName))
		if !found {
			return b.String()
		}
		if value, ok := exampleNames[name]; ok {
			b.WriteString(value)
		} else {
			b.WriteString(exampleName)
		}
		arn = after
	}
}

func placeholder(arn string) (before, name, after string, found bool) {
	before, rest, found := strings.Cut(arn, "${")
	if !found {
		return arn, "", "", false
	}
	name, after, _ = strings.Cut(rest, "}")
	return before, name, after, true
}

// shaped reports whether an ARN is of a shape of the catalogue; both are cut into
// their fields. A placeholder
// stands for some text without colons, and without slashes where it is all of the
// resource part, such as the name of a bucket.
func shaped(shape, fields []string) bool {
	if len(shape) != 6 || len(fields) != 6 {
		return false
	}
	if len(shape[2]) > 0 && shape[2][0] != '$' && shape[2] != fields[2] {
		return false
	}
	for i := range 5 {
		switch _, name, _, found := placeholder(shape[i]); {
		case !found && shape[i] != fields[i] && !strings.Contains(shape[i], "*"), name == "Account" && !isAccountID(fields[i]), found && fields[i] == "":
			return false
		}
	}
	if strings.HasPrefix(shape[5], "${") && strings.IndexByte(shape[5], '}') == len(shape[5])-1 {
		return fields[5] != "" && !strings.ContainsAny(fields[5], "/:")
	}
	return follows(shape[5], fields[5])
}

// follows matches the resource part of an ARN.
func follows(shape, text string) bool {
	before, _, after, found := placeholder(shape)
	if !found {
		return shape == text || strings.Contains(shape, "*") && strings.HasPrefix(text, shape[:strings.IndexByte(shape, '*')])
	}
	rest, ok := strings.CutPrefix(text, before)
	if !ok || rest == "" {
		return false
	}
	next, _, _, _ := placeholder(after)
	if next == "" {
		return after == "" && !strings.Contains(rest, ":") || after != "" && follows(after, rest[1:])
	}
	for at := 1; at < len(rest); at++ {
		if strings.HasPrefix(rest[at:], next) && follows(after, rest[at:]) {
			return true
		}
	}
	return false
}
