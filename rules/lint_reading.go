package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// readingLints are remarks that the reading of the text already made: it could be read
// all the same.
var readingLints = []Lint{
	remark("MISSING_STATEMENT", Refused, "The policy has no statements"),
	remark("EMPTY_ARRAY_ACTION", Idle, "The list of actions is empty"),
	remark("EMPTY_ARRAY_RESOURCE", Idle, "The list of resources is empty"),
	remark("EMPTY_ARRAY_PRINCIPAL", Idle, "The list of principals is empty"),
	remark("EMPTY_OBJECT_PRINCIPAL", Idle, "The Principal element is empty"),
	remark("EMPTY_OBJECT_CONDITION", Idle, "The Condition element is empty"),
	remark("EMPTY_ARRAY_CONDITION", Idle, "A condition has no values"),
	remark("EMPTY_ARRAY_CONDITION_FORALLVALUES", Idle, "A ForAllValues condition has no values"),
	remark("EMPTY_ARRAY_CONDITION_FORANYVALUE", Idle, "A ForAnyValue condition has no values"),
	remark("EMPTY_ARRAY_CONDITION_IFEXISTS", Idle, "An IfExists condition has no values"),
	remark("UNSUPPORTED_SID", Refused, "A Sid has other characters than letters and digits"),
	remark("UNIQUE_SIDS_REQUIRED", Refused, "A Sid appears twice"),
	remark("INVALID_SERVICE_PRINCIPAL_FORMAT", Refused, "A service principal is not the name of a service"),
	remark("INVALID_ROLE_REFERENCE", Idle, "A principal is the id of a role, which stays when a role is deleted"),
	remark("INVALID_USER_REFERENCE", Idle, "A principal is the id of a user, which stays when a user is deleted"),
	remark("VARIABLE_UNSUPPORTED_IN_VERSION", Idle, "A policy variable is plain text, since the Version is not 2012-10-17"),
}

// codesOfIAM are those of policies of IAM itself, whose Sids have a form.
var codesOfIAM = []string{"UNSUPPORTED_SID", "UNIQUE_SIDS_REQUIRED"}

// remark is the lint of a remark.
func remark(code string, class LintClass, title string) Lint {
	return Lint{code, class, title, func(t *lintText) []trouble {
		if t.grant.Kind != extractors.Identity && slices.Contains(codesOfIAM, code) {
			return nil
		}
		var out []trouble
		for _, d := range t.side.Diagnostics {
			if d.Code != code || d.IsError() || !t.known(d.Summary) {
				continue
			}
			found := trouble{statement: -1, at: d.Subject, text: capital(d.Summary) + ". " + d.Detail}
			if s := t.statementAt(d.Subject); s != nil {
				found.statement = s.Index
				if class == Idle && code != "EMPTY_OBJECT_CONDITION" {
					found.class = idle(s)
				}
			}
			out = append(out, found)
		}
		return out
	}}
}

// statementAt is the statement that a place is in.
func (t *lintText) statementAt(at source.Range) *policy.Statement {
	for i := range t.Statements {
		if start, end := t.Statements[i].Offsets(); start <= at.Start.Byte && at.End.Byte <= end {
			return &t.Statements[i]
		}
	}
	return nil
}

// unreadableCodes are those of texts that cannot be read at all, which one finding
// tells together.
var unreadableCodes = []string{
	"DATA_TYPE_MISMATCH", "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", "EMPTY_VARIABLE", "INVALID_ACTION", "INVALID_ARN_PREFIX",
	"INVALID_CONDITION_DATA_TYPE", "INVALID_CONDITION_KEY_FORMAT", "INVALID_CONDITION_OPERATOR", "INVALID_EFFECT",
	"INVALID_POLICY_ELEMENT", "INVALID_PRINCIPAL_FORMAT", "INVALID_PRINCIPAL_KEY", "INVALID_VARIABLE_FOR_OPERATOR",
	"INVALID_VERSION", "JSON_SYNTAX_ERROR", "MISSING_ACTION", "MISSING_BRACE_IN_VARIABLE", "MISSING_EFFECT",
	"MISSING_PRINCIPAL", "MISSING_QUOTE_IN_VARIABLE", "MISSING_RESOURCE", "MISSING_STATEMENT", "NULL_WITH_IF_EXISTS",
	"TYPE_MISMATCH_BOOLEAN", "TYPE_MISMATCH_DATE", "TYPE_MISMATCH_IP_RANGE", "TYPE_MISMATCH_NUMBER", "TYPE_MISMATCH_STRING",
	"UNSUPPORTED_ELEMENT_COMBINATION", "UNSUPPORTED_PRINCIPAL", "UNSUPPORTED_SPACE_IN_VARIABLE",
	"UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "VARIABLE_UNSUPPORTED_IN_ELEMENT",
}

// UnreadableCodes lists the finding codes of texts that cannot be read, sorted.
func UnreadableCodes() []string { return unreadableCodes }
