package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// opaqueARNs are those of which no part is known before the change.
const opaqueARNs = "arn:unknown:unknown:::*"

// unmodifiable are resources of IAM that nobody can change or hand to another service:
// service-linked roles and the policies of AWS (IAM User Guide, "Service-linked roles",
// "AWS managed policies").
var unmodifiable = []string{"arn:*:iam::*:role/aws-service-role/*", "arn:*:iam::aws:policy/*"}

// ofOthers are actions by which a user becomes another one: on oneself nothing is won by
// them, which is what policies for self-service allow (IAM User Guide, "AWS: Allows IAM
// users to manage their own password, access keys, and SSH public keys on the My security
// credentials page").
var (
	ofOthers = []string{"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"}
	oneself  = []string{"arn:*:iam::*:user/${aws:username}", "arn:*:iam::*:user/*/${aws:username}"}
)

// target is an action on what it can work on. Of IAM these are the resource types that
// the Service Authorization Reference gives the action, as far as somebody can change
// them. Of others it is anything of the services that those types are of, less what is
// written as another type of the service: what names look like is not always as the
// reference has it, but a job is no endpoint.
func target(action string) *policy.Document {
	a, known := catalog.Lookup(action)
	switch {
	case !known:
		return listed([]access.Access{{Actions: []string{action}}}, extractors.Identity)
	case len(a.ResourceTypes) == 0: // it works on *, which is one character; or on something that the reference lacks
		return listed([]access.Access{{Actions: []string{action}, Resources: []string{"?", anyOf(a.Service), opaqueARNs}}}, extractors.Identity)
	}
	on := []string{opaqueARNs}
	for _, typ := range a.ResourceTypes {
		for _, arn := range catalog.ResourceARNs(a.Service, typ) {
			pattern := shapePattern(arn)
			if f := strings.SplitN(pattern, ":", 4); len(f) == 4 && a.Service != "iam" {
				pattern = anyOf(f[2])
			}
			if !slices.Contains(on, pattern) {
				on = append(on, pattern)
			}
		}
	}
	if len(on) == 1 { // types without a name
		on = []string{"*"}
	}
	off := append(otherThings(a), unmodifiable...)
	if slices.Contains(ofOthers, action) {
		off = append(off, oneself...)
	}
	d := listed([]access.Access{{Actions: []string{action}, Resources: on}, {Actions: []string{action}, Resources: off}}, extractors.Identity)
	d.Version, d.Statements[1].Effect = policy.Version2012, policy.Deny // variables are those of this version
	return d
}

// anyOf is the pattern of all resources of a service. It has all fields, so that no
// wildcard runs across those of an ARN: a data set called "x:lambda:y" is no function.
func anyOf(service string) string { return "arn:*:" + service + ":*:*:*" }

// otherThings are patterns of the resources that an action of a service does not work on,
// which their ARNs tell by the word in front of their names.
func otherThings(a catalog.Action) []string {
	own := map[string]bool{}
	for _, typ := range a.ResourceTypes {
		for _, arn := range catalog.ResourceARNs(a.Service, typ) {
			word := typeWord(arn)
			if word == "" {
				return nil // any name may be one of these
			}
			own[word] = true
		}
	}
	var out []string
	for _, typ := range catalog.ResourceTypes(a.Service) {
		for _, arn := range catalog.ResourceARNs(a.Service, typ) {
			if word := typeWord(arn); word != "" && !own[word] {
				out = append(out, "arn:*:"+a.Service+":*:*:"+word+"*")
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// typeWord is what stands in front of the first name in an ARN of the catalogue, with the
// slash or colon behind it; "" where that does not tell its type.
func typeWord(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 {
		return ""
	}
	word, _, _ := strings.Cut(f[5], "${")
	i := strings.IndexAny(word, "/:")
	if i < 1 || strings.ContainsAny(word, "*?") {
		return ""
	}
	return word[:i+1]
}

// shapePattern is an ARN of the catalogue as the pattern of a policy: any text in the
// place of each placeholder.
func shapePattern(arn string) string {
	var b strings.Builder
	for {
		front, rest, found := strings.Cut(arn, "${")
		b.WriteString(front)
		if !found {
			return b.String()
		}
		b.WriteByte('*')
		_, arn, _ = strings.Cut(rest, "}")
	}
}
