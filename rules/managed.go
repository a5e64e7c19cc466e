package rules

import (
	"fmt"
	"strings"
)

// tellPolicies makes what a policy of AWS newly gives one principal say that it has this
// policy now: the policy is what it was, unless something held it back, and it is by its
// name that people know what it is for. What several principals have is told so already;
// what comes by a group or a role is not its own.
func tellPolicies(found []Found) {
	for i := range found {
		f := &found[i]
		if f.Rule != newAccess.ID || f.several || len(f.Hubs) > 0 || f.Undenied || f.Sensitive || !ofAWS(f.Grant) || f.Grant.Before.Sensitive || f.Grant.After.Sensitive {
			continue
		}
		allows, ok := strings.CutPrefix(f.tail, " now allows ")
		who, named := strings.CutSuffix(f.Message, f.tail)
		if !ok || !named {
			continue
		}
		f.tail = fmt.Sprintf(" now has %s, which allows %s", title(f.Grant), f.itsStatements(f.withoutSid(allows)))
		f.Message = who + f.tail
	}
}

// itsStatements shortens a sentence that has named the policy already.
func (f *Found) itsStatements(allows string) string {
	return strings.Replace(allows, " statements of "+title(f.Grant)+" give", " of its statements give", 1)
}

// withoutSid leaves out of a sentence the Sid of a statement of a policy of AWS, which says
// nothing that the name of the policy does not.
func (f *Found) withoutSid(text string) string {
	if f.Statement == nil || f.Statement.Sid == "" {
		return text
	}
	return strings.Replace(text, fmt.Sprintf(" (statement %q)", f.Statement.Sid), "", 1)
}
