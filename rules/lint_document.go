package rules

import (
	"encoding/json"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// documentLints are about a document as a whole.
var documentLints = []Lint{
	{"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Refused, "An identity policy is longer than its quota", tooLong(extractors.Identity)},
	{"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Refused, "A resource policy is longer than its quota", tooLong(extractors.Resource)},
	{"POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", Refused, "A role trust policy is longer than its quota", tooLong(extractors.Trust)},
	{"POLICY_SIZE_EXCEEDS_SCP_QUOTA", Refused, "A service control policy is longer than its quota", tooLong(extractors.SCP)},
	{"POLICY_SIZE_EXCEEDS_RCP_QUOTA", Refused, "A resource control policy is longer than its quota", tooLong(extractors.RCP)},
}

// quota is how long the policies of a kind of subject may be, in characters without
// white space. Where white space counts it is left out all the same: tools remove it.
// Above soft the text is taken only where the quota of the account was raised.
type quota struct {
	kind       extractors.Kind
	subject    string // kind of subject; "" for any
	soft, hard int
}

// quotas are those of IAM User Guide, "IAM and AWS STS quotas"; Amazon S3 User Guide,
// "Bucket policies"; AWS Organizations User Guide, "Quotas".
var quotas = []quota{
	{extractors.Identity, "policy", 6144, 6144},
	{extractors.Identity, "role", 10240, 10240},
	{extractors.Identity, "user", 2048, 2048},
	{extractors.Identity, "group", 5120, 5120},
	{extractors.Resource, "bucket", 20480, 20480},
	{extractors.Trust, "", 2048, 4096},
	{extractors.SCP, "", 10240, 10240},
	{extractors.RCP, "", 10240, 10240},
}

func tooLong(kind extractors.Kind) func(*lintText) []trouble {
	return func(t *lintText) []trouble {
		if t.grant.Kind != kind || t.grant.Type == "" || len(t.side.Symbols) > 0 {
			return nil
		}
		for _, q := range quotas {
			if q.kind != kind || q.subject != "" && q.subject != t.grant.Subject.Kind {
				continue
			}
			switch {
			case t.Size > q.hard:
				return one(t.whole("The text has %d characters without white space, and at most %d are taken. Split the policy.", t.Size, q.hard))
			case t.Size > q.soft:
				return one(t.whole("The text has %d characters without white space; more than %d are taken only where the quota was raised. Shorten the policy, or raise the quota.", t.Size, q.soft).as(Idle))
			}
		}
		return nil
	}
}

// effectLints are about statements that do nothing, whatever they say.
var effectLints = []Lint{
	{"UNSATISFIABLE_STATEMENT", Idle, "No request can meet the conditions of a statement", each(unsatisfiable)},
	{"REDUNDANT_STATEMENT", Idle, "A statement is there twice", repeated},
}

const (
	// maxUnsatisfiable bounds the statements of one text that the engine is asked about.
	maxUnsatisfiable = 200
	// unsatisfiableWork bounds each question; most take some hundred steps.
	unsatisfiableWork = 200_000
)

// unsatisfiable asks the engine whether a statement, taken alone and as Allow, allows
// any request at all. Nothing is taken for known of AWS.
func unsatisfiable(t *lintText, s *policy.Statement) []trouble {
	if len(s.Conditions) == 0 || s.Index >= maxUnsatisfiable || t.emptied(s) || !t.knownStatement(s) {
		return nil
	}
	alone := *s
	alone.Effect, alone.Index = policy.Allow, 0
	d := &policy.Document{Kind: t.Kind, Version: t.Version, Statements: []policy.Statement{alone}}
	res := access.NoNewAccess(nil, []*policy.Document{d}, access.Options{StrictOpenWorld: true, Work: unsatisfiableWork})
	if res.Verdict != access.Pass {
		return nil
	}
	return one(in(s, s.Range, "No request can meet its conditions, so it has no effect: %s. Correct the conditions or remove the statement.", conditions(s)).as(idle(s)))
}

// emptied reports whether a list of a statement is empty, or a Null has a qualifier,
// which has a code of its own.
func (t *lintText) emptied(s *policy.Statement) bool {
	if len(s.Action.List) == 0 || s.Resource != nil && len(s.Resource.List) == 0 || s.Principal != nil && len(s.Principal.List) == 0 {
		return true
	}
	for _, c := range s.Conditions {
		if len(c.Values) == 0 || c.Operator.Test == policy.Null && c.Operator.Qualifier != policy.NoQualifier {
			return true
		}
	}
	return false
}

func (t *lintText) knownStatement(s *policy.Statement) bool {
	text := statementText(s)
	return t.known(text)
}

// statementText is a statement without its Sid and places, in one form.
func statementText(s *policy.Statement) string {
	one := *s
	one.Sid, one.Index = "", 0
	b, err := json.Marshal(&policy.Document{Statements: []policy.Statement{one}})
	if err != nil {
		return ""
	}
	return string(b)
}

// repeated finds statements that are equal but for their Sid.
func repeated(t *lintText) []trouble {
	var out []trouble
	first := map[string]int{}
	for i := range t.Statements {
		s := &t.Statements[i]
		text := statementText(s)
		if j, ok := first[text]; ok {
			out = append(out, in(s, s.Range, "It is equal to %s. Remove one of them.", statementName(j, t.Statements[j].Sid)))
			continue
		}
		first[text] = i
	}
	return out
}
