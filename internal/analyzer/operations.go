package analyzer

import (
	"net/http"
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// operations are what the server answers, by path. Each is a POST.
var operations = map[string]func(*server, []byte) (Answer, error){
	"/policy/check-no-new-access":      (*server).noNewAccess,
	"/policy/check-access-not-granted": (*server).accessNotGranted,
	"/policy/check-no-public-access":   (*server).noPublicAccess,
}

func (s *server) noNewAccess(body []byte) (Answer, error) {
	var in struct {
		New      *string `json:"newPolicyDocument"`
		Existing *string `json:"existingPolicyDocument"`
		Type     *string `json:"policyType"`
	}
	if err := decode(body, &in); err != nil {
		return Answer{}, err
	}
	var m members
	kind := m.kind(in.Type)
	now := m.document("newPolicyDocument", in.New, policy.ParseOptions{Kind: kind})
	existing := m.document("existingPolicyDocument", in.Existing, policy.ParseOptions{Kind: kind, Reference: true})
	if err := m.err(); err != nil {
		return Answer{}, err
	}
	if err := s.allows(now); err != nil {
		return Answer{}, err
	}
	return NoNewAccess(existing, now, s.question()), nil
}

func (s *server) accessNotGranted(body []byte) (Answer, error) {
	var in struct {
		Policy *string  `json:"policyDocument"`
		Access []listed `json:"access"`
		Type   *string  `json:"policyType"`
	}
	if err := decode(body, &in); err != nil {
		return Answer{}, err
	}
	var m members
	doc := m.document("policyDocument", in.Policy, policy.ParseOptions{Kind: m.kind(in.Type)})
	listed := m.access(in.Access)
	if err := m.err(); err != nil {
		return Answer{}, err
	}
	if err := s.allows(doc); err != nil {
		return Answer{}, err
	}
	return AccessNotGranted(doc, listed, s.question())
}

func (s *server) noPublicAccess(body []byte) (Answer, error) {
	var in struct {
		Policy *string `json:"policyDocument"`
		Type   *string `json:"resourceType"`
	}
	if err := decode(body, &in); err != nil {
		return Answer{}, err
	}
	var m members
	doc := m.document("policyDocument", in.Policy, policy.ParseOptions{Kind: policy.Resource})
	resourceType := m.resourceType(in.Type)
	if err := m.err(); err != nil {
		return Answer{}, err
	}
	if err := s.allows(doc); err != nil {
		return Answer{}, err
	}
	return NoPublicAccess(doc, resourceType, s.question())
}

// question is what bounds and shapes a question of the server's.
func (s *server) question() access.Options {
	return access.Options{Work: s.o.Work, StrictOpenWorld: s.o.StrictOpenWorld}
}

// allows refuses a policy that allows nothing, where the options say so.
func (s *server) allows(doc *policy.Document) error {
	allow := func(s policy.Statement) bool { return s.Effect == policy.Allow }
	if !s.o.RefuseDenyOnly || slices.ContainsFunc(doc.Statements, allow) {
		return nil
	}
	return &failure{kind: "InvalidParameterException", status: http.StatusBadRequest,
		Message: "The policy has no Allow statement, so there is nothing to check. Add one, or serve without --refuse-deny-only."}
}
