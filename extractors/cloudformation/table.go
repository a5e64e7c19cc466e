package cloudformation

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// row describes one property of one resource type that gives, limits or carries access.
type row struct {
	Type string
	// Path is the property, with dots between nested ones. A list of which each entry
	// counts for itself has the name of the property that tells its entries apart in
	// brackets: Policies[PolicyName].PolicyDocument.
	Path string
	Kind extractors.Kind
	// Subject is the kind of the subject, and Of the property that names it; "" is the
	// resource itself. An Of that ends in [] is a list, and each entry a subject.
	Subject, Of string
	// CFN is the type the policy is attached to, where that has a name.
	CFN   string
	Flags flags
	// What the property holds: a policy document where all of these are nil.
	Link   *linkForm
	Permit *permitForm
	Block  *blockForm
	Told   *toldForm
}

// flags say how a property behaves.
type flags uint8

const (
	// keyDefault: without a document, the default key policy holds.
	keyDefault flags = 1 << iota
	// mountDefault: without a document, whoever reaches a mount target passes.
	mountDefault
	// openDefault: without a document, everything passes.
	openDefault
	// session: a session policy, without which all that the role gives is allowed.
	session
	// shared: the resource is the policy itself, which counts where it is attached.
	shared
	// organization: the kind depends on the property Type.
	organization
	// accessList: a canned access control list of a bucket.
	accessList
	// body: an interface description, of which x-amazon-apigateway-policy is the policy.
	body
)

// step is one part of a path.
type step struct{ name, key string }

// steps takes the path apart.
func (r *row) steps() []step {
	var out []step
	for _, part := range strings.Split(r.Path, ".") {
		name, key, _ := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		out = append(out, step{name, key})
	}
	return out
}

// top is the property of the resource that the path begins with.
func (r *row) top() string { return r.steps()[0].name }

// rows is the whole table, in the order of the documentation.
func rows() []row {
	return slices.Concat(documentTable(), linkTable(), permitTable(), blockTable(), toldTable())
}

// rowsOf is the table by resource type, in the order of the table.
var rowsOf = func() map[string][]*row {
	m := map[string][]*row{}
	all := rows()
	for i := range all {
		m[all[i].Type] = append(m[all[i].Type], &all[i])
	}
	return m
}()

// subjectTypes are the types whose resources can be named as subjects or targets of a
// kind. Others are told by their address alone.
var subjectTypes = map[string][]string{
	"role":             {"AWS::IAM::Role"},
	"user":             {"AWS::IAM::User"},
	"group":            {"AWS::IAM::Group"},
	"policy":           {"AWS::IAM::ManagedPolicy"},
	"bucket":           {"AWS::S3::Bucket", "AWS::S3Express::DirectoryBucket"},
	"queue":            {"AWS::SQS::Queue"},
	"topic":            {"AWS::SNS::Topic"},
	"function":         {"AWS::Lambda::Function"},
	"secret":           {"AWS::SecretsManager::Secret"},
	"event-bus":        {"AWS::Events::EventBus"},
	"stream":           {"AWS::Kinesis::Stream"},
	"domain":           {"AWS::CodeArtifact::Domain"},
	"instance-profile": {"AWS::IAM::InstanceProfile"},
}

func document(typ, path string, kind extractors.Kind, subject, of, cfn string, f ...flags) row {
	r := row{Type: typ, Path: path, Kind: kind, Subject: subject, Of: of, CFN: cfn}
	for _, flag := range f {
		r.Flags |= flag
	}
	return r
}
