package eval

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// resource is what Ref (with attribute "") or GetAtt gives of a resource; what names it
// says so.
func (s *Scope) resource(id, attribute string, n *tree.Node) *tree.Node {
	v := s.valueOf(id, attribute, n)
	if v.Kind != tree.String || v.Of != "" || attribute != "" && !naming(attribute) {
		return v
	}
	named := *v
	named.Of = s.nameOf(id)
	return &named
}

// naming reports whether an attribute identifies its resource.
func naming(attribute string) bool {
	switch attribute {
	case "Name", "QueueName", "TopicName", "QueueUrl", "KeyId", "TopicArn", "PolicyArn", "Id", "ServiceId", "FileSystemId", "AliasArn", "FunctionArn":
		return true
	}
	return attribute == "Arn" || strings.HasSuffix(attribute, "Arn") || strings.HasSuffix(attribute, "ARN")
}

// valueOf is the value that the table of types gives. The name is that of the template where it gives one, else a symbol, so that
// an ARN and a name of one resource fit together.
func (s *Scope) valueOf(id, attribute string, n *tree.Node) *tree.Node {
	r := s.t.Resources.Get(id)
	typ, _ := r.Get("Type").Text()
	if out := s.nestedOutput(id, typ, attribute); out != nil {
		return out
	}
	sh, known := shapes[typ]
	form, given := sh.ref, attribute == ""
	if attribute != "" {
		form, given = sh.attributes[attribute]
	}
	full := s.nameOf(id)
	reference := full
	if attribute != "" {
		reference += "." + attribute
	}
	if attribute != "" && !given && byTemplate(typ) {
		sym := s.symbols.of("attribute "+reference, reference)
		sym.Steady = [2]bool{}
	}
	switch {
	case attribute == "" && !known:
		// What Ref gives of other types is their name or id; it may be an ARN.
		sym := s.symbols.of("resource "+full, full)
		return tree.NewString(sym.Text, n.Range)
	case !given && (strings.HasSuffix(attribute, "Arn") || strings.HasSuffix(attribute, "ARN")):
		return tree.NewString("arn:unknown:unknown:::"+s.symbols.of("attribute "+reference, reference).Text, n.Range)
	case !given:
		return tree.NewString(s.symbols.of("attribute "+reference, reference).Text, n.Range)
	}
	return tree.NewString(s.shaped(form, sh, id, r, n), n.Range)
}

// byTemplate reports whether somebody else than AWS says what attributes a type of resource
// has.
func byTemplate(typ string) bool {
	return strings.HasPrefix(typ, "Custom::") || strings.HasPrefix(typ, "AWS::CloudFormation::") || strings.HasPrefix(typ, "AWS::Serverless::Application") ||
		!strings.HasPrefix(typ, "AWS::")
}

// nameOf is the name that symbols of a resource are made from.
func (s *Scope) nameOf(id string) string {
	if other := s.t.Names[id]; other != "" {
		return other
	}
	return s.t.Prefix + id
}

// shaped fills a form in.
func (s *Scope) shaped(form string, sh shape, id string, r, n *tree.Node) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(form, '{')
		if i < 0 {
			break
		}
		end := strings.IndexByte(form[i:], '}')
		if end < 0 {
			break
		}
		b.WriteString(form[:i])
		b.WriteString(s.part(form[i+1:i+end], sh, id, r, n))
		form = form[i+end+1:]
	}
	return b.String() + form
}

func (s *Scope) part(name string, sh shape, id string, r, n *tree.Node) string {
	switch name {
	case "partition":
		return s.o.Partition
	case "suffix":
		return urlSuffix(s.o.Partition)
	case "region":
		return s.pseudo("AWS::Region", n).Value
	case "account":
		return s.pseudo("AWS::AccountId", n).Value
	case "":
		return s.physical(sh, id, r)
	case "id":
		return s.symbols.of("id "+s.nameOf(id), s.nameOf(id)+" id").Text
	case "Path":
		return s.path(id, r)
	case "function":
		return s.function(id, r, n)
	case "host": // the URL of an identity provider names it
		if host, ok := strings.CutPrefix(s.property(id, r, "Url"), "https://"); ok && host != "" {
			return host
		}
		return s.physical(sh, id, r)
	}
	// A property that the form needs, such as the pool that a client belongs to.
	if v := s.property(id, r, name); v != "" {
		return v
	}
	reference := s.nameOf(id) + "." + name
	return s.symbols.of("attribute "+reference, reference).Text
}

// physical is the name of a resource.
func (s *Scope) physical(sh shape, id string, r *tree.Node) string {
	if sh.name != "" {
		if v := s.property(id, r, sh.name); v != "" {
			return v
		}
	}
	sym := s.symbols.of("resource "+s.nameOf(id), s.nameOf(id))
	sym.plain, sym.Somebody = true, [2]bool{true, true}
	return sym.Text
}

// property is the text of a property of a resource; "" where it has none.
func (s *Scope) property(id string, r *tree.Node, name string) string {
	key := "property " + id + " " + name
	if s.visiting[key] {
		return ""
	}
	p := r.Path("Properties", name)
	if p == nil {
		return ""
	}
	s.visiting[key] = true
	defer delete(s.visiting, key)
	v := s.eval(p)
	text, _ := v.Text()
	return text
}

// function is the ARN of the function that an alias, a version or a URL belongs to.
func (s *Scope) function(id string, r, n *tree.Node) string {
	name := s.property(id, r, "FunctionName")
	if name == "" {
		name = s.property(id, r, "TargetFunctionArn")
	}
	if name == "" {
		name = s.symbols.of("attribute "+s.nameOf(id)+".FunctionName", s.nameOf(id)+".FunctionName").Text
	}
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:" + s.o.Partition + ":lambda:" + s.pseudo("AWS::Region", n).Value + ":" + s.pseudo("AWS::AccountId", n).Value + ":function:" + name
}

// path is the path of something in IAM, which begins and ends with a slash.
func (s *Scope) path(id string, r *tree.Node) string {
	p := s.property(id, r, "Path")
	switch {
	case p == "":
		return "/"
	case s.symbols.Whole(p) != nil:
		return "/" + p + "/"
	}
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	if !strings.HasSuffix(p, "/") {
		p += "/"
	}
	return p
}

// nestedOutput is an output of a nested stack whose template is at hand.
func (s *Scope) nestedOutput(id, typ, attribute string) *tree.Node {
	output, ok := strings.CutPrefix(attribute, "Outputs.")
	if !ok || typ != "AWS::CloudFormation::Stack" || s.t.Outputs == nil {
		return nil
	}
	key := "output " + id + "." + output
	if s.visiting[key] {
		return nil
	}
	s.visiting[key] = true
	defer delete(s.visiting, key)
	return s.t.Outputs(id, output)
}
