package rules

import "github.com/grantdiff/grantdiff/extractors"

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
