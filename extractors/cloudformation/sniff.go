package cloudformation

import (
	"regexp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

var (
	// topKeyYAML are sections that begin a line of a template in YAML.
	topKeyYAML = regexp.MustCompile(`(?m)^["']?(AWSTemplateFormatVersion|Resources|Fn::Transform)["']?[ \t]*:`)
	// topKeyJSON are those of one in JSON, at any place: they are no names of anything else.
	topKeyJSON = regexp.MustCompile(`"(AWSTemplateFormatVersion|Resources)"\s*:\s*["{]`)
	// described are the keys of what the AWS CLI prints of a change set or a template.
	described = regexp.MustCompile(`["']?(ResourceChange|ChangeSetId|TemplateBody)["']?\s*:`)
	// resourceType is the type of a resource in either.
	resourceType = regexp.MustCompile(`["']?Type["']?\s*:\s*["']?(AWS|Alexa|Custom)::[A-Za-z0-9]+`)
)

// Sniff tells by the first bytes of an input whether it is a template, wrapped as aws
// cloudformation get-template prints it or not, or the description of a change set.
func Sniff(prefix []byte) bool {
	text := tree.Decode(prefix)
	return topKeyYAML.Match(text) || topKeyJSON.Match(text) || described.Match(text) || resourceType.Match(text)
}
