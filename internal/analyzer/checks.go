package analyzer

import (
	"cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// NoNewAccess answers as CheckNoNewAccess does: does the new policy allow anything
// that the existing one does not?
func NoNewAccess(existing, new *policy.Document, o access.Options) Answer {
	return newAccess.answer(access.NoNewAccess([]*policy.Document{existing}, []*policy.Document{new}, o))
}

// AccessNotGranted answers as CheckAccessNotGranted does: does the policy allow any
// of the listed actions on any of the listed resources? The error reports a list that
// the operation refuses.
func AccessNotGranted(doc *policy.Document, listed access.Access, o access.Options) (Answer, error) {
	r, err := access.AccessNotGranted([]*policy.Document{doc}, []access.Access{listed}, o)
	if err != nil {
		return Answer{}, err
	}
	return granted(listed).answer(r), nil
}

// NoPublicAccess answers as CheckNoPublicAccess does: can the resource policy give
// everyone access to a resource of the type, one of access.ResourceTypes? The error
// reports another type, or a policy that is no resource policy.
func NoPublicAccess(doc *policy.Document, resourceType string, o access.Options) (Answer, error) {
	r, err := access.NoPublicAccess(doc, resourceType, o)
	if err != nil {
		return Answer{}, err
	}
	return publicAccess.answer(r), nil
}

// newAccess holds the texts of CheckNoNewAccess.
var newAccess = wording{
	pass:   "The modified permissions do not grant new access compared to your existing policy.",
	fail:   "The modified permissions grant new access compared to your existing policy.",
	reason: "New access in the statement",
	open:   "the modified permissions grant new access",
}

// publicAccess holds the texts of CheckNoPublicAccess.
var publicAccess = wording{
	pass:   "The resource policy does not grant public access for the given resource type.",
	fail:   "The resource policy grants public access for the given resource type.",
	reason: "Public access granted in the following statement",
	open:   "the resource policy grants public access for the given resource type",
}

// granted holds the texts of CheckAccessNotGranted, which depend on what is listed.
func granted(listed access.Access) wording {
	what, entries := "perform one or more of the listed actions", "actions"
	pass := ""
	switch actions, resources := len(listed.Actions) > 0, len(listed.Resources) > 0; {
	case actions && resources:
		what, entries = "one or more listed resources to perform one or more listed actions", "actions and/or resources"
	case resources:
		what, entries = "one or more of the listed resources", "resources"
		pass = "perform the listed actions or resources" // as recorded; no newer text is
	}
	return wording{
		pass:   "The policy document does not grant access to " + cmp.Or(pass, what) + ".",
		fail:   "The policy document grants access to " + what + ".",
		reason: "One or more of the listed " + entries + " in the statement",
		open:   "the policy document grants access to " + what,
	}
}
