package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// principalLints are about who a statement names, and about what only some kinds of
// policies may say.
var principalLints = []Lint{
	{"ALLOW_WITH_NOT_PRINCIPAL", Lax, "Allow with NotPrincipal gives access to everybody else, also outside of the account", each(allowNotPrincipal)},
	{"ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Refused, `A role trust policy has "Principal": "*"`, trustEach(trustStar)},
	{"ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", Refused, "A role trust policy has NotPrincipal", trustEach(trustNotPrincipal)},
	{"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Refused, "A role trust policy has Resource or NotResource", trustEach(trustResource)},
	{"MISMATCHED_ACTION_FOR_PRINCIPAL", Idle, "A role trust policy gives principals an action that they cannot use", trustEach(trustMismatch)},
	{"RCP_SYNTAX_ERROR_PRINCIPAL", Refused, `A resource control policy has another principal than "*"`, rcpEach(rcpPrincipal)},
	{"RCP_SYNTAX_ERROR_ALLOW", Refused, "A resource control policy has Allow", rcpEach(rcpAllow)},
	{"RCP_SYNTAX_ERROR_NOTACTION", Refused, "A resource control policy has NotAction", rcpEach(rcpNotAction)},
	{"UNSUPPORTED_ACTION_IN_POLICY", Refused, "A policy names an action that the resource it is attached to does not have", each(foreignActions)},
}

// kindEach looks at the statements of one kind of policy.
func kindEach(kind extractors.Kind, find func(*lintText, *policy.Statement) []trouble) func(*lintText) []trouble {
	return func(t *lintText) []trouble {
		if t.grant.Kind != kind {
			return nil
		}
		return each(find)(t)
	}
}

func trustEach(find func(*lintText, *policy.Statement) []trouble) func(*lintText) []trouble {
	return kindEach(extractors.Trust, find)
}

func rcpEach(find func(*lintText, *policy.Statement) []trouble) func(*lintText) []trouble {
	return kindEach(extractors.RCP, find)
}

func one(t trouble) []trouble { return []trouble{t} }

func allowNotPrincipal(t *lintText, s *policy.Statement) []trouble {
	if s.Effect != policy.Allow || s.Principal == nil || !s.Principal.Not || t.grant.Kind == extractors.Trust || t.grant.Kind == extractors.RCP {
		return nil
	}
	return one(in(s, s.Principal.Range(), "Allow with NotPrincipal gives access to everybody who is not listed, also without an account. Use Principal."))
}

func trustStar(_ *lintText, s *policy.Statement) []trouble {
	if s.Principal == nil || s.Principal.Not || !slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return e.Type == policy.PrincipalAll }) {
		return nil
	}
	return one(in(s, s.Principal.Range(), `A role trust policy does not take "Principal": "*". Name who may assume the role.`))
}

func trustNotPrincipal(_ *lintText, s *policy.Statement) []trouble {
	if s.Principal == nil || !s.Principal.Not {
		return nil
	}
	return one(in(s, s.Principal.Range(), "A role trust policy does not take NotPrincipal. Name who may assume the role in Principal."))
}

func trustResource(_ *lintText, s *policy.Statement) []trouble {
	if s.Resource == nil {
		return nil
	}
	return one(in(s, s.Resource.Range(), "A role trust policy is about its role and takes neither Resource nor NotResource. Remove the element."))
}

// trustMismatch finds statements of which no principal can use the action: SAML and web
// identities have actions of their own (AWS STS API Reference, "AssumeRoleWithSAML" and
// "AssumeRoleWithWebIdentity").
func trustMismatch(t *lintText, s *policy.Statement) []trouble {
	if s.Effect != policy.Allow || s.Principal == nil || s.Principal.Not || len(s.Principal.List) == 0 || s.Action.Not || len(s.Action.List) == 0 {
		return nil
	}
	for _, a := range s.Action.List {
		for _, e := range s.Principal.List {
			if usable(t, a.Text, e) {
				return nil
			}
		}
	}
	return one(in(s, s.Action.Range(), "No principal of the statement can use %s: providers of SAML have sts:AssumeRoleWithSAML, other providers sts:AssumeRoleWithWebIdentity, everybody else sts:AssumeRole. Change the action.",
		s.Action.List[0].Text))
}

// usable reports whether a principal may use an action of a trust policy, or whether
// that is not known.
func usable(t *lintText, action string, e policy.PrincipalEntry) bool {
	if !t.literal(action) || !t.known(e.Text) || e.Text == "*" {
		return true
	}
	saml, provider := strings.Contains(e.Text, ":saml-provider/"), e.Type == policy.PrincipalFederated
	switch strings.ToLower(action) {
	case "sts:assumerole":
		return !provider
	case "sts:assumerolewithsaml":
		return saml
	case "sts:assumerolewithwebidentity":
		return provider && !saml
	}
	return true
}

func rcpPrincipal(_ *lintText, s *policy.Statement) []trouble {
	if s.Principal == nil {
		return nil
	}
	for _, e := range s.Principal.List {
		if s.Principal.Not || e.Text != "*" {
			return one(in(s, s.Principal.Range(), `A resource control policy takes "Principal": "*" only. Use conditions to say whom it holds back.`))
		}
	}
	return nil
}

func rcpAllow(t *lintText, s *policy.Statement) []trouble {
	if s.Effect != policy.Allow {
		return nil
	}
	return one(in(s, s.Range(), "A resource control policy takes Deny only; RCPFullAWSAccess, which AWS manages, has the Allow."))
}

func rcpNotAction(_ *lintText, s *policy.Statement) []trouble {
	if !s.Action.Not {
		return nil
	}
	return one(in(s, s.Action.Range(), "A resource control policy does not take NotAction. List the actions in Action."))
}

// attachedTo tells which services' actions the policy of a resource may name. Strict
// services refuse others (Amazon S3 error "MalformedPolicy", Amazon SNS error
// "InvalidParameter: action out of service scope", Amazon SQS error
// "InvalidAttributeValue"); elsewhere they have no effect.
var attachedTo = map[string]struct {
	service string
	strict  bool
}{
	"AWS::S3::Bucket":             {"s3", true},
	"AWS::SNS::Topic":             {"sns", true},
	"AWS::SQS::Queue":             {"sqs", true},
	"AWS::KMS::Key":               {"kms", false},
	"AWS::SecretsManager::Secret": {"secretsmanager", false},
	"AWS::Lambda::Function":       {"lambda", false},
	"AWS::ECR::Repository":        {"ecr", false},
	"AWS::EFS::FileSystem":        {"elasticfilesystem", false},
	"AWS::DynamoDB::Table":        {"dynamodb", false},
	"AWS::Events::EventBus":       {"events", false},
	"AWS::Kinesis::Stream":        {"kinesis", false},
}

// trustActions are those that a trust policy may name besides AssumeRole itself.
const trustService = "sts"

func foreignActions(t *lintText, s *policy.Statement) []trouble {
	to, ok := attachedTo[t.grant.ResourceType]
	class := Idle
	switch {
	case t.grant.Kind == extractors.Trust:
		to.service, class = trustService, Refused
	case t.grant.Kind != extractors.Resource || !ok:
		return nil
	case to.strict:
		class = Refused
	}
	foreign := t.foreign(s, to.service)
	var out []trouble
	for _, v := range s.Action.List {
		if slices.Contains(foreign, v.Text) {
			out = append(out, in(s, v.Range(), "%s is no action of %s, to which the policy is attached. Remove it.", v.Text, to.service).as(class))
		}
	}
	return out
}

// foreign are the actions of a statement that are certainly of another service than the one
// given.
func (t *lintText) foreign(s *policy.Statement, of string) []string {
	if s.Action.Not {
		return nil
	}
	var out []string
	for _, v := range s.Action.List {
		service, _, ok := strings.Cut(v.Text, ":")
		switch service = strings.ToLower(service); {
		case !ok || !t.literal(service) || !t.known(v.Text) || service == of:
		case service == "s3express" && of == "s3": // of directory buckets
		default:
			out = append(out, v.Text)
		}
	}
	return out
}
