package eval

import (
	"slices"
	"strings"
)

// textNames are names of attributes that hold one text, and textEndings what such names
// end in. The plan does not tell the type of what is unknown.
var (
	textNames = []string{
		"arn", "id", "name", "url", "uri", "bucket", "domain", "endpoint", "address", "region", "fingerprint",
		"hex", "dec", "b64_url", "b64_std", "result", "issuer", "json", "minified_json", "rendered", "account_id",
		"partition", "dns_suffix", "dns_name", "hostname", "host", "fqdn", "public_ip", "private_ip", "value", "key",
		"account", "role", "user", "group", "policy", "principal", "service", "identity", "master_account_id",
		"canonical_user_id", "cloudfront_access_identity_path", "output_text", "cidr_block", "version",
	}
	textEndings = []string{
		"_arn", "_id", "_name", "_url", "_uri", "_endpoint", "_domain", "_address", "_ip", "_key", "_prefix",
		"_suffix", "_path", "_policy", "_region", "_token", "_fingerprint", "_role", "_cidr", "_dns", "_text",
	}
	// solidEndings are those of values that every object has, so that they are neither
	// null nor empty.
	solidEndings = []string{"arn", "id", "hex", "dec", "json", "issuer", "url"}
)

// otherTypes are attributes that are no text although their names say so.
var otherTypes = map[string]bool{
	"random_shuffle.result": true, "random_integer.result": true, "external.result": true,
	"aws_availability_zones.names": true,
}

// isText reports whether an attribute holds one text.
func isText(typ, name string) bool {
	if otherTypes[typ+"."+name] || strings.HasPrefix(name, "[") {
		return false
	}
	return slices.Contains(textNames, name) || slices.ContainsFunc(textEndings, func(e string) bool { return strings.HasSuffix(name, e) })
}

// solidName reports whether every object has the attribute.
func solidName(name string) bool {
	last := name[strings.LastIndexAny(name, ".")+1:]
	return slices.ContainsFunc(solidEndings, func(e string) bool { return last == e || strings.HasSuffix(last, "_"+e) && e == "arn" }) || last == "name" || last == "bucket"
}
