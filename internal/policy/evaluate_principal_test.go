package policy_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Callers of the principal tests.
var (
	anonymous = policy.Principal{Type: policy.PrincipalAll}
	root      = aws("arn:aws:iam::111122223333:root")
	role      = aws("arn:aws:iam::111122223333:role/R")
	session   = aws("arn:aws:sts::111122223333:assumed-role/R/s")
	user      = aws("arn:aws:iam::111122223333:user/p/u")
	fedUser   = aws("arn:aws:sts::111122223333:federated-user/f")
	stranger  = aws("arn:aws:iam::444455556666:user/u")
	chinese   = aws("arn:aws-cn:iam::111122223333:user/u")
	roleID    = aws("AROAEXAMPLEEXAMPLE12")
	service   = policy.Principal{Type: policy.PrincipalService, ID: "ec2.amazonaws.com"}
	provider  = policy.Principal{Type: policy.PrincipalFederated, ID: "arn:aws:iam::111122223333:oidc-provider/x"}
	canonical = policy.Principal{Type: policy.PrincipalCanonical, ID: "79a5"}
)

func aws(id string) policy.Principal { return policy.Principal{Type: policy.PrincipalAWS, ID: id} }

func allCallers() []policy.Principal {
	return []policy.Principal{anonymous, root, role, session, user, fedUser, stranger, chinese, roleID, service, provider, canonical}
}

// covered returns which of the callers the Principal element lets in.
func covered(t *testing.T, element string, r policy.Reading, context map[string][]string) map[policy.Principal]bool {
	t.Helper()
	d := parse(t, policy.Resource, identity(`"Effect":"Allow","Action":"*",`+element))
	set := map[policy.Principal]bool{}
	for _, p := range allCallers() {
		if allows(d, policy.Request{Principal: p, Action: "a:b", Resource: "*", Context: context}, r) {
			set[p] = true
		}
	}
	return set
}

func check(t *testing.T, got map[policy.Principal]bool, want []policy.Principal) {
	t.Helper()
	wanted := map[policy.Principal]bool{}
	for _, p := range want {
		wanted[p] = true
	}
	for _, p := range allCallers() {
		if got[p] != wanted[p] {
			t.Errorf("%s: got %v, want %v", p, got[p], wanted[p])
		}
	}
}

func without(left ...policy.Principal) []policy.Principal {
	var rest []policy.Principal
outer:
	for _, p := range allCallers() {
		for _, l := range left {
			if p == l {
				continue outer
			}
		}
		rest = append(rest, p)
	}
	return rest
}

func TestEvaluatePrincipals(t *testing.T) {
	t.Parallel()
	account := []policy.Principal{root, role, session, user, fedUser}
	tests := []struct {
		name    string
		element string
		want    []policy.Principal
	}{
		{"everyone", `"Principal":"*"`, allCallers()},
		{"AWS star", `"Principal":{"AWS":"*"}`, without(service, provider, canonical)},
		{"account", `"Principal":{"AWS":"111122223333"}`, append(account, chinese)},
		{"account as root", `"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, account},
		{"account of another partition", `"Principal":{"AWS":"arn:aws-cn:iam::111122223333:root"}`, []policy.Principal{chinese}},
		{"user", `"Principal":{"AWS":"arn:aws:iam::111122223333:user/p/u"}`, []policy.Principal{user}},
		{"user without path", `"Principal":{"AWS":"arn:aws:iam::111122223333:user/u"}`, nil},
		{"role and its sessions", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, []policy.Principal{role, session}},
		{"role with path", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/p/R"}`, nil},
		{"role by case", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/r"}`, nil},
		{"session", `"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/R/s"}`, []policy.Principal{session}},
		{"federated user", `"Principal":{"AWS":"arn:aws:sts::111122223333:federated-user/f"}`, []policy.Principal{fedUser}},
		{"unique id", `"Principal":{"AWS":"AROAEXAMPLEEXAMPLE12"}`, []policy.Principal{roleID}},
		{"service", `"Principal":{"Service":"ec2.amazonaws.com"}`, []policy.Principal{service}},
		{"regional service", `"Principal":{"Service":"ec2.eu-west-1.amazonaws.com"}`, nil},
		{"every service", `"Principal":{"Service":"*"}`, []policy.Principal{service}},
		{"provider", `"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/x"}`, []policy.Principal{provider}},
		{"every provider", `"Principal":{"Federated":"*"}`, []policy.Principal{provider}},
		{"provider as AWS", `"Principal":{"AWS":"arn:aws:iam::111122223333:oidc-provider/x"}`, nil},
		{"canonical user", `"Principal":{"CanonicalUser":"79a5"}`, []policy.Principal{canonical}},
		{"union", `"Principal":{"AWS":["444455556666","AROAEXAMPLEEXAMPLE12"],"Service":"ec2.amazonaws.com"}`, []policy.Principal{stranger, roleID, service}},
		{"nobody", `"Principal":{}`, nil},
		{"nobody in a list", `"Principal":{"AWS":[]}`, nil},

		{"all but the account", `"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}`, without(account...)},
		{"all but the role", `"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, without(role, session)},
		{"all but everyone", `"NotPrincipal":"*"`, nil},
		{"all but AWS", `"NotPrincipal":{"AWS":"*"}`, []policy.Principal{service, provider, canonical}},

		// Only reference documents have these.
		{"roles by wildcard", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}`, []policy.Principal{role, session}},
		{"accounts by wildcard", `"Principal":{"AWS":"arn:aws:iam::*:root"}`, append([]policy.Principal{stranger}, account...)},
		{"wildcard does not cross a colon", `"Principal":{"AWS":"arn:aws:iam::*/u"}`, nil},
		{"services by wildcard", `"Principal":{"Service":"*.amazonaws.com"}`, []policy.Principal{service}},
		{"short pattern", `"Principal":{"AWS":"AROA?XAMPLE*"}`, []policy.Principal{roleID}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, covered(t, tt.element, policy.Reading{}, nil), tt.want)
		})
	}
}

func TestEvaluateAWSStar(t *testing.T) {
	t.Parallel()
	check(t, covered(t, `"Principal":{"AWS":"*"}`, policy.Reading{AWSStarIsEveryone: true}, nil), allCallers())
	check(t, covered(t, `"NotPrincipal":{"AWS":"*"}`, policy.Reading{AWSStarIsEveryone: true}, nil), nil)
}

func TestEvaluateNotPrincipalChain(t *testing.T) {
	t.Parallel()
	chain := policy.Reading{NotPrincipalNeedsChain: true}
	tests := []struct {
		name    string
		element string
		exempt  []policy.Principal
	}{
		{"account alone", `"NotPrincipal":{"AWS":"111122223333"}`, []policy.Principal{root}},
		{"role alone", `"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, nil},
		{"role and account", `"NotPrincipal":{"AWS":["arn:aws:iam::111122223333:role/R","111122223333"]}`, []policy.Principal{root, role}},
		{"session and account", `"NotPrincipal":{"AWS":["arn:aws:sts::111122223333:assumed-role/R/s","111122223333"]}`, []policy.Principal{root}},
		{"session, role and account", `"NotPrincipal":{"AWS":["arn:aws:sts::111122223333:assumed-role/R/s","arn:aws:iam::111122223333:role/R","arn:aws:iam::111122223333:root"]}`,
			[]policy.Principal{root, role, session}},
		{"user and account", `"NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/p/u","111122223333"]}`, []policy.Principal{root, user}},
		{"service", `"NotPrincipal":{"Service":"ec2.amazonaws.com"}`, []policy.Principal{service}},
		{"unique id", `"NotPrincipal":{"AWS":"AROAEXAMPLEEXAMPLE12"}`, []policy.Principal{roleID}},
		{"AWS star", `"NotPrincipal":{"AWS":"*"}`, without(service, provider, canonical)},
		{"everyone", `"NotPrincipal":"*"`, allCallers()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, covered(t, tt.element, chain, nil), without(tt.exempt...))
		})
	}
	// The reading is about NotPrincipal only.
	check(t, covered(t, `"Principal":{"AWS":"arn:aws:iam::111122223333:user/p/u"}`, chain, nil), []policy.Principal{user})
}

// TestEvaluateRolePath checks where a session's role gets its path from.
func TestEvaluateRolePath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		arns        []string
		plain, path bool
	}{
		{"absent", nil, true, false},
		{"with path", []string{"arn:aws:iam::111122223333:role/p/R"}, false, true},
		{"without path", []string{"arn:aws:iam::111122223333:role/R"}, true, false},
		{"another name", []string{"arn:aws:iam::111122223333:role/p/S"}, true, false},
		{"a name that ends alike", []string{"arn:aws:iam::111122223333:role/p/xR"}, true, false},
		{"another account", []string{"arn:aws:iam::444455556666:role/p/R"}, true, false},
		{"another partition", []string{"arn:aws-cn:iam::111122223333:role/p/R"}, true, false},
		{"two values", []string{"arn:aws:iam::111122223333:role/p/R", "arn:aws:iam::111122223333:role/p/R"}, true, false},
	}
	for _, tt := range tests {
		context := map[string][]string{"aws:PrincipalARN": tt.arns}
		plain := covered(t, `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, policy.Reading{}, context)[session]
		path := covered(t, `"Principal":{"AWS":"arn:aws:iam::111122223333:role/p/R"}`, policy.Reading{}, context)[session]
		if plain != tt.plain || path != tt.path {
			t.Errorf("%s: got %v, %v; want %v, %v", tt.name, plain, path, tt.plain, tt.path)
		}
	}
}

func TestEvaluateOddPrincipals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		element string
		caller  policy.Principal
		want    bool
	}{
		{"account id is the root user", `"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, aws("111122223333"), true},
		{"malformed session", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, aws("arn:aws:sts::111122223333:assumed-role/R"), false},
		{"malformed session is of its account", `"Principal":{"AWS":"111122223333"}`, aws("arn:aws:sts::111122223333:assumed-role/R"), true},
		{"ARN without account", `"Principal":{"AWS":"111122223333"}`, aws("arn:aws:iam:::role/R"), false},
		{"no principal", `"Principal":"*"`, policy.Principal{}, false},
		{"no principal and not", `"NotPrincipal":{"AWS":"111122223333"}`, policy.Principal{}, false},
	}
	for _, tt := range tests {
		d := parse(t, policy.Resource, identity(`"Effect":"Allow","Action":"*",`+tt.element))
		if got := allows(d, policy.Request{Principal: tt.caller, Action: "a:b", Resource: "*"}, policy.Reading{}); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	// An identity policy is for whoever it belongs to.
	d := parse(t, policy.Identity, identity(allowAll))
	for _, p := range append(allCallers(), policy.Principal{}) {
		if !allows(d, policy.Request{Principal: p, Action: "a:b", Resource: "*"}, policy.Reading{}) {
			t.Errorf("identity policy and %q: not allowed", p)
		}
	}
}
