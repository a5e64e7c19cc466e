package eval

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// shape is how the value of an attribute is made: of other attributes of the object, in
// braces, and of where it lives. An attribute that is itself unknown is a symbol, so
// that what is around it is known all the same. "{path=/}" is "/" where the attribute
// is not set; "{#suffix}" is a part that AWS chooses; "{-url}" is a URL
// without its scheme, and "{/name}" a name with one slash in front.
type shape struct{ Type, Attribute, Text string }

// shapeOf is the table by type and attribute.
var shapeOf = func() map[[2]string]string {
	m := make(map[[2]string]string, len(shapes))
	for _, s := range shapes {
		m[[2]string{s.Type, s.Attribute}] = s.Text
	}
	return m
}()

// shaped makes a value by its shape.
func (o *object) shaped(name string) (cty.Value, bool) {
	text, ok := shapeOf[[2]string{o.typ, name}]
	if !ok {
		return cty.NilVal, false
	}
	var b strings.Builder
	home := o.home()
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		b.WriteString(literal)
		if !found {
			break
		}
		var part string
		part, text, _ = strings.Cut(rest, "}")
		v, ok := o.part(name, part, home)
		if !ok {
			return cty.NilVal, false
		}
		b.WriteString(v)
	}
	return cty.StringVal(b.String()), true
}

// part is the value of one placeholder.
func (o *object) part(name, part string, home Home) (string, bool) {
	switch part {
	case "partition", "account", "region":
		return o.s.homePart(part, home), true
	case "suffix": // of host names
		return o.s.dnsSuffix(home), true
	}
	if random, ok := strings.CutPrefix(part, "#"); ok {
		return o.symbol(random).AsString(), true
	}
	attr, fallback, optional := strings.Cut(part, "=")
	attr, scheme := strings.CutPrefix(attr, "-")
	attr, slash := strings.CutPrefix(attr, "/")
	if attr == name {
		return "", false
	}
	v := o.attribute(attr)
	switch {
	case v.IsKnown() && !v.IsNull() && v.Type() == cty.String && v.AsString() != "":
		text := v.AsString()
		if scheme {
			if _, rest, ok := strings.Cut(text, "://"); ok {
				text = rest
			} else if hasReserved(text) {
				return o.s.e.derived("replace", []cty.Value{v, cty.StringVal("https://"), cty.StringVal("")}).AsString(), true
			}
		}
		if slash && !strings.HasPrefix(text, "/") {
			text = "/" + text
		}
		return text, true
	case optional:
		return fallback, true
	case !v.IsKnown() || o.unknown[attr] == true:
		return o.symbol(attr).AsString(), true
	}
	return "", false
}

// home is where the object lives: a resource may name its region itself.
func (o *object) home() Home {
	mode := "managed"
	if strings.HasPrefix(o.inst.Address, "data.") || strings.Contains(o.inst.Address, ".data.") {
		mode = "data"
	}
	home := o.s.e.plan.Home(o.s.address, mode, o.typ, o.blockName())
	if r, ok := o.after["region"].(string); ok && r != "" && o.typ != "aws_s3_bucket" {
		home.Region = r
	}
	return home
}

// blockName is the name of the block of the object.
func (o *object) blockName() string {
	_, rest, _ := strings.Cut(o.inst.Address, o.typ+".")
	name, _, _ := strings.Cut(rest, "[")
	return name
}

// homePart is a partition, account or region, or the symbol for it: one for each
// provider configuration.
func (s *scope) homePart(part string, home Home) string {
	known := map[string]string{"partition": home.Partition, "account": home.Account, "region": home.Region}[part]
	if known == "" && part == "partition" {
		known = partitionOf(home.Region)
	}
	if known != "" {
		return known
	}
	name := part
	if home.Provider != "" {
		name += " of " + strings.ReplaceAll(home.Provider, ":", " ")
	}
	return s.e.symbol(name, name, true).AsString()
}

// partitionOf tells the partition by the name of a region (AWS General Reference,
// "AWS service endpoints"). Where nothing is known it is the standard one.
func partitionOf(region string) string {
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"},
		{"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"}, {"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

func (s *scope) dnsSuffix(home Home) string {
	partition := home.Partition
	if partition == "" {
		partition = partitionOf(home.Region)
	}
	if suffix := dnsSuffixes[partition]; suffix != "" {
		return suffix
	}
	return "amazonaws.com"
}

var dnsSuffixes = map[string]string{
	"aws-cn": "amazonaws.com.cn", "aws-iso": "c2s.ic.gov", "aws-iso-b": "sc2s.sgov.gov",
	"aws-iso-e": "cloud.adc-e.uk", "aws-iso-f": "csp.hci.ic.gov", "aws-eusc": "amazonaws.eu",
}
