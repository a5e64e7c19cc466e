package terraform

import (
	"regexp"
	"slices"
	"strings"
)

// dataReference is an attribute of a data source, in whatever module.
var dataReference = regexp.MustCompile(`^(?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*data\.([a-z0-9_]+)\.[^.\[]+(?:\[[^\]]*\])?\.([a-z0-9_]+)$`)

// freeAttributes are attributes of resources of AWS that hold what somebody writes there,
// and not a name, an id or an ARN.
var freeAttributes = []string{"value", "insecure_value", "values", "outputs", "result", "secret_string", "content", "body", "output", "triggers"}

// mayBeginWild reports whether the value that a reference stands for may begin with a
// wildcard: it does not where AWS makes or takes it as a name, an id or an ARN.
func mayBeginWild(reference string) bool {
	if strings.HasPrefix(reference, accountOfProvider) {
		return false
	}
	return slices.ContainsFunc(strings.Split(reference, ","), func(ref string) bool {
		if m := dataReference.FindStringSubmatch(ref); m != nil {
			return !ofAWS(m[1]) || m[2] != "id" && m[2] != "arn" && !strings.HasSuffix(m[2], "_id") && !strings.HasSuffix(m[2], "_arn")
		}
		m := objectReference.FindStringSubmatch(ref)
		return m == nil || !ofAWS(m[2]) || slices.Contains(freeAttributes, ref[strings.LastIndexByte(ref, '.')+1:])
	})
}

func ofAWS(typ string) bool {
	return strings.HasPrefix(typ, "aws_") || strings.HasPrefix(typ, "awscc_")
}
