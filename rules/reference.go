package rules

import (
	"github.com/grantdiff/grantdiff/internal/access"
)

var exceedsReference = Rule{
	ID:    "exceeds-reference",
	Title: "The change gives more than a reference policy allows",
	Doc: Doc{
		Text: `The configuration holds a reference policy that the subject may not exceed: ` + "`rules: exceeds-reference`" + `. It is a policy like any other,
often one that allows everything and denies what is sensitive. The subject allows something afterwards that the reference does not, as
in the check CheckNoNewAccess of IAM Access Analyzer with the reference as the existing policy; the whole subject is looked at, within
its boundary.

What the subject had before the change already is a note.`,
		Before:  `rules: {exceeds-reference: [{name: ci-ceiling, match: {address: "module.ci.**"}, type: identity, policy: ci-ceiling.json}]}`,
		After:   `a role in module.ci that the change gives more than ci-ceiling.json allows`,
		Fix:     "Take the access out of the policy; where it is meant, let the reference allow it.",
		Sources: []string{"IAM User Guide, IAM Access Analyzer custom policy checks"},
	},
	Check: checkReference,
}

func checkReference(p *Pass) {
	if !p.grants() {
		return
	}
	for _, r := range p.options.Settings.References {
		if r.Policy.Kind != p.Sum.Kind.PolicyKind() || !r.Match.Subject(p.Sum.Subject, p.address()) {
			continue
		}
		p.beyond(p.Sum.before().set, p.Sum.after(), access.Allowed(r.Policy), func(f *Found, before bool) {
			if before {
				f.Message = "Beyond the reference " + r.Name + " already: " + f.Message
			} else {
				f.Message = "Beyond the reference " + r.Name + ": " + f.Message
			}
		})
	}
}
