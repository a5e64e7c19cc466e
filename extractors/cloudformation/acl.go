package cloudformation

import (
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// cannedGrant is what a canned access control list gives to others than the owner.
type cannedGrant struct {
	key, principal string
	operator       string // of a condition, "" for none
	onBucket       []string
	onObjects      []string
}

var (
	listBucket = []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}
	putObject  = []string{"s3:PutObject"}
)

// cannedACLs are the canned lists of buckets (Amazon S3 User Guide, "Access control list
// (ACL) overview", Canned ACL and Mapping of ACL permissions and access policy
// permissions).
var cannedACLs = map[string][]cannedGrant{
	"Private": nil, "BucketOwnerRead": nil, "BucketOwnerFullControl": nil,
	"PublicRead":        {{key: "", principal: "*", onBucket: listBucket}},
	"PublicReadWrite":   {{key: "", principal: "*", onBucket: listBucket, onObjects: putObject}},
	"AwsExecRead":       {{key: "CanonicalUser", principal: "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c", onBucket: listBucket}},
	"AuthenticatedRead": {{key: "AWS", principal: "*", operator: "authenticated", onBucket: listBucket}},
	"LogDeliveryWrite":  {{key: "Service", principal: "logging.s3.amazonaws.com", onBucket: []string{"s3:GetBucketAcl"}, onObjects: putObject}},
}

// accessDocument is the policy that the canned list of a bucket amounts to; nil for
// none.
func (w *world) accessDocument(v [2]*view, i int, r *row) *tree.Node {
	n := v[i].prop(r.Path)
	if n == nil {
		return nil
	}
	if w.x.symbols.Holds(n.Value) {
		return n
	}
	grants, known := cannedACLs[n.Value]
	if !known {
		return &tree.Node{Range: n.Range}
	}
	if len(grants) == 0 {
		return nil
	}
	arn := w.arn(v[i])
	at := n.Range
	list := func(texts []string) *tree.Node {
		var out []*tree.Node
		for _, t := range texts {
			out = append(out, tree.NewString(t, at))
		}
		return tree.NewList(at, out...)
	}
	var statements []*tree.Node
	for _, g := range grants {
		for _, part := range []struct {
			actions []string
			arn     string
		}{{g.onBucket, arn}, {g.onObjects, arn + "/*"}} {
			if len(part.actions) > 0 {
				statements = append(statements, aclStatement(at, g, list(part.actions), part.arn))
			}
		}
	}
	return policyOf(at, statements...)
}

func aclStatement(at source.Range, g cannedGrant, actions *tree.Node, arn string) *tree.Node {
	principal := tree.NewString(g.principal, at)
	if g.key != "" {
		principal = tree.NewMap(at, field(at, g.key, principal))
	}
	fields := []tree.Field{
		field(at, "Effect", tree.NewString("Allow", at)), field(at, "Principal", principal),
		field(at, "Action", actions), field(at, "Resource", tree.NewString(arn, at)),
	}
	if g.operator != "" {
		null := tree.NewMap(at, field(at, "aws:PrincipalArn", tree.NewString("false", at)))
		fields = append(fields, field(at, "Condition", tree.NewMap(at, field(at, "Null", null))))
	}
	return tree.NewMap(at, fields...)
}
