package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// Extractors mark a value that is not known before the change with a form that the policy
// language takes (docs/interface.md, "What is not known"): programs rely on it, people
// should not have to.
const (
	unknownARN       = "arn:unknown:unknown:::"
	unknownAccount   = "arn:unknown:iam::unknown:"
	unknownPrincipal = "unknown:"
)

// marker finds the marks where a value begins.
var marker = regexp.MustCompile(`(^|[\s"'(,;=])(?:` + unknownARN + `|` + unknownAccount + `|` + unknownPrincipal + `)([^\s:])`)

// organization finds the mark that makes an organization of a value.
var organization = regexp.MustCompile(`(^|[\s"'(,;=])o-\(`)

// Readable writes values that are not known before the change as people read them: by
// what they come from, without the mark that makes an ARN or a principal of it.
func Readable(text string) string {
	if strings.Contains(text, "o-(") {
		text = organization.ReplaceAllString(text, "$1(")
	}
	if !strings.Contains(text, unknownPrincipal) {
		return text
	}
	return marker.ReplaceAllString(text, "$1$2")
}

// readable takes the marks out of all that is told in words, and says once of each value
// that stands alone in the message what it is. The lists and the witness keep them.
func (f *Found) readable() {
	f.Details = slices.Clone(f.Details)
	for i, d := range f.Details {
		f.Details[i] = Readable(d)
	}
	if f.Grant != nil && !f.Grant.Before.Sensitive && !f.Grant.After.Sensitive {
		f.tellUnknown(slices.Concat(f.Grant.After.Symbols, f.Grant.Before.Symbols))
	}
	f.Message, f.tail = Readable(f.Message), Readable(f.tail)
	if g := f.Gained; g != nil {
		clear := *g
		clear.Description = Readable(g.Description)
		clear.Conditions = make([]string, len(g.Conditions))
		for i, c := range g.Conditions {
			clear.Conditions[i] = Readable(c)
		}
		f.Gained = &clear
	}
}

// bucketName is the attribute of a bucket that is its name, and no ARN.
var bucketName = regexp.MustCompile(`^((?:module\.\S+\.)?aws_s3_bucket\.[^\s.()]+)\.(?:id|bucket)$`)

// tellUnknown adds what the marked values in the message are.
func (f *Found) tellUnknown(symbols []extractors.Symbol) {
	var arns, buckets []string
	for _, s := range symbols {
		name := strings.TrimPrefix(s.Text, unknownARN)
		if !strings.Contains(f.Message, unknownARN+name) {
			continue
		}
		if m := bucketName.FindStringSubmatch(name); m != nil {
			buckets = union(buckets, []string{m[1]})
		} else if !slices.Contains(arns, name) {
			arns = append(arns, name)
		}
	}
	for _, bucket := range buckets {
		f.Details = append(f.Details, "The name of "+bucket+" is not known before the change.")
	}
	switch len(arns) {
	case 0:
	case 1:
		f.Details = append(f.Details, arns[0]+" is an ARN that is not known before the change.")
	default:
		f.Details = append(f.Details, fmt.Sprintf("%s are ARNs that are not known before the change.", phrase(arns, "")))
	}
}
