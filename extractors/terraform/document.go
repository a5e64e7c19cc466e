package terraform

import (
	"crypto/sha256"
	"sync"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxCached bounds the documents that are kept to be shared.
const maxCached = 4096

// maxLater bounds the text that is kept of a document until it is read, in bytes: no
// service takes one that is longer.
const maxLater = 20 << 10

// parseCache holds documents by their kind and a digest of their text. Most attributes
// do not change, and many roles have the same trust policy, so that they share one.
type parseCache map[documentKey]*policy.Document

type documentKey struct {
	kind   policy.Kind
	digest [sha256.Size]byte
}

// parse reads a policy text. The ranges in it have no path: they are places in
// the text itself, which is a string inside of the plan.
func (x *extraction) parse(p *pending, text []byte) (*policy.Document, diag.Diagnostics) {
	doc := x.parseLater(p, text)
	return doc, doc.Read()
}

// parseLater is parse for a text that is only read when the grant is complete: most of what
// is kept of a large plan would else be documents. Documents of one text are the same, so
// that they can be compared before.
func (x *extraction) parseLater(p *pending, text []byte) *policy.Document {
	kind := p.Kind.PolicyKind()
	key := documentKey{kind, sha256.Sum256(text)}
	doc, ok := x.parsed[key]
	if !ok {
		doc = policy.Later(string(text), kind)
		if len(x.parsed) >= maxCached {
			clear(x.parsed) // the last one always stays: the other side may be the same
		}
		x.parsed[key] = doc
		if len(text) > maxLater {
			doc.Read()
		}
	}
	return doc
}

// read reads the document of a side that was to be read later.
func read(s *extractors.Side) {
	if s.Document == nil {
		return
	}
	if ds := s.Document.Read(); len(ds) > 0 {
		if s.Diagnostics = ds; s.Sensitive {
			s.Diagnostics = withoutValues(ds)
		}
	}
}

// fullAccess is what holds at a VPC endpoint without a policy (Amazon VPC User
// Guide, "Control access to VPC endpoints using endpoint policies": the default
// policy allows full access to the service).
var fullAccess = sync.OnceValue(func() *policy.Document {
	return mustParse(`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
})

// unlimited is what holds for a session without a session policy: all that the role
// gives (IAM User Guide, "Policies and permissions in IAM", session policies).
var unlimited = sync.OnceValue(func() *policy.Document {
	return mustParseKind(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, policy.Identity)
})

// openFileSystem is what holds of a file system without a policy: whoever reaches a mount
// target has all of it (Amazon EFS User Guide, "Default EFS file system policy").
var openFileSystem = sync.OnceValue(func() *policy.Document {
	return mustParseKind(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],`+
		`"Resource":"*","Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}]}`, policy.Resource)
})

// defaultKeyPolicy is the policy of a KMS key for which none was given (AWS KMS
// Developer Guide, "Default key policy", for keys made through the API): the
// account, and with it the account's identity policies, may do everything.
func defaultKeyPolicy(partition, account string) *policy.Document {
	return mustParse(`{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions",` +
		`"Effect":"Allow","Principal":{"AWS":"arn:` + partition + `:iam::` + account + `:root"},"Action":"kms:*","Resource":"*"}]}`)
}

// mustParse reads a document of the program's own.
func mustParse(text string) *policy.Document {
	return mustParseKind(text, policy.Resource)
}

func mustParseKind(text string, kind policy.Kind) *policy.Document {
	doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind})
	if ds.HasErrors() {
		panic("terraform: faulty built-in policy: " + ds.Error())
	}
	return doc
}

// document is a side that holds doc.
func documentSide(doc *policy.Document) extractors.Side { return extractors.Side{Document: doc} }
