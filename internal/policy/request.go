package policy

// Request is one concrete request: who does what to which resource, in which
// context. Its JSON form is the witness of a finding and the request file of
// simulate:
//
//	{"principal": "...", "action": "...", "resource": "...", "context": {"key": ["value"]}}
type Request struct {
	// Principal is absent for a request against identity policies alone, which
	// belong to their principal.
	Principal Principal
	Action    string
	Resource  string
	// Context maps condition keys (any case) to their values. A missing key and an
	// empty list are the same.
	Context map[string][]string
}

// Principal is who makes a request. ID is an ARN of an IAM user, of a role (any
// session of it), of a root user, of an STS session
// (arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION), a service principal, an
// identity provider or a canonical user id, by Type; it is empty for PrincipalAll,
// the anonymous caller.
//
// A session's ARN does not hold its role's path. The role's ARN is taken from the
// context key aws:PrincipalArn where that names a role of the same account and
// name, else the role is taken to have no path.
type Principal struct {
	Type PrincipalType
	ID   string
}
