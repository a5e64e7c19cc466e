package sam

import (
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/catalog"
)

// role is a role that SAM makes.
type role struct {
	builder
	id       string
	trust    *tree.Node
	managed  []*tree.Node // ARNs of managed policies
	inline   []*tree.Node // maps of PolicyName and PolicyDocument
	boundary *tree.Node
	path     *tree.Node
	has      map[string]bool // managed policies and documents as JSON
}

// first says whether the role has no such policy yet.
func (r *role) first(policy *tree.Node) bool {
	if r.has == nil {
		r.has = map[string]bool{}
	}
	key := string(policy.AppendJSON(nil))
	if r.has[key] {
		return false
	}
	r.has[key] = true
	return true
}

// attach adds a managed policy unless the role has it.
func (r *role) attach(arn *tree.Node) {
	if r.first(arn) {
		r.managed = append(r.managed, arn)
	}
}

// give adds an inline policy unless the role has its document under another name, which
// SAM leaves out, too.
func (r *role) give(b builder, name string, document *tree.Node) {
	if r.first(document) {
		r.inline = append(r.inline, b.inline(name, document))
	}
}

func (b builder) inline(name string, document *tree.Node) *tree.Node {
	return b.object(is("PolicyName", b.text(name)), is("PolicyDocument", document))
}

// arn is the reference to the role's ARN.
func (r *role) arn() *tree.Node { return r.getAtt(r.id, "Arn") }

func (r *role) properties() *tree.Node {
	properties := []entry{is("AssumeRolePolicyDocument", r.trust)}
	if len(r.managed) > 0 {
		properties = append(properties, is("ManagedPolicyArns", r.list(r.managed...)))
	}
	if len(r.inline) > 0 {
		properties = append(properties, is("Policies", r.list(r.inline...)))
	}
	properties = append(properties, is("Path", r.path), is("PermissionsBoundary", r.boundary))
	return r.object(properties...)
}

const roleType = "AWS::IAM::Role"

// awsManaged is the ARN of a policy that AWS manages, from its path and name.
func (e *expander) awsManaged(b builder, path string) *tree.Node {
	return b.text("arn:" + e.o.Partition + ":iam::aws:policy/" + path)
}

// xray is the policy for sending traces: the partition aws keeps to its first name.
func (e *expander) xray(b builder) *tree.Node {
	if e.o.Partition == "aws" {
		return e.awsManaged(b, "AWSXrayWriteOnlyAccess")
	}
	return e.awsManaged(b, "AWSXRayDaemonWriteAccess")
}

// managedPaths leads from the name of a policy that AWS manages to its path and name.
var managedPaths = sync.OnceValue(func() map[string]string {
	paths := map[string]string{}
	for _, arn := range catalog.ManagedPolicies() {
		_, path, _ := strings.Cut(arn, ":policy/")
		paths[path[strings.LastIndexByte(path, '/')+1:]] = path
	}
	return paths
})

// managedARN is the ARN of a managed policy that is given by name or ARN. A name that
// AWS is not known to manage stays as it is, as it does in SAM.
func (e *expander) managedARN(n *tree.Node) *tree.Node {
	name, ok := n.Text()
	if !ok || strings.HasPrefix(name, "arn:") {
		return n
	}
	if path, ok := managedPaths()[name]; ok {
		return e.awsManaged(builder{n.Range}, path)
	}
	return n
}
