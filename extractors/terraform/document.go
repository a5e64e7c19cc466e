package terraform

import (
	"crypto/sha256"
	"sync"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxCached bounds the documents that are kept to be shared.
const maxCached = 4096

// maxLater bounds the text that is kept of a document until it is read, in bytes: no
// service takes one that is longer.
const maxLater = 20 << 10

// policyDocument is a document, and until it is read its text, which takes a third of the
// memory: most of what is kept of a large plan would else be documents. Those of one text
// are the same, so that they can be compared before.
type policyDocument struct {
	text string // "" when it has been read
	kind policy.Kind
	made *madeDocument
}

// madeDocument is a document that has been read, and what came of it.
type madeDocument struct {
	doc *policy.Document
	ds  diag.Diagnostics
}

// read reads the document, unless that was done before.
func (d *policyDocument) read() (*policy.Document, diag.Diagnostics) {
	if d.made == nil {
		doc, ds := policy.ParseText(d.text, policy.ParseOptions{Kind: d.kind})
		d.text, d.made = "", &madeDocument{doc, ds}
	}
	return d.made.doc, d.made.ds
}

// parseCache holds documents by their kind and a digest of their text. Most attributes
// do not change, and many roles have the same trust policy, so that they share one.
type parseCache map[documentKey]*policyDocument

type documentKey struct {
	kind   policy.Kind
	digest [sha256.Size]byte
}

// parse reads a policy text. The ranges in it have no path: they are places in
// the text itself, which is a string inside of the plan.
func (x *extraction) parse(p *pending, text []byte) (*policyDocument, diag.Diagnostics) {
	d := x.parseLater(p, text)
	_, ds := d.read()
	return d, ds
}

// parseLater is parse for a text that is only read when the grant is complete.
func (x *extraction) parseLater(p *pending, text []byte) *policyDocument {
	kind := p.Kind.PolicyKind()
	key := documentKey{kind, sha256.Sum256(text)}
	d, ok := x.parsed[key]
	if !ok {
		d = &policyDocument{text: string(text), kind: kind}
		if len(x.parsed) >= maxCached {
			clear(x.parsed) // the last one always stays: the other side may be the same
		}
		x.parsed[key] = d
		if len(text) > maxLater {
			d.read()
		}
	}
	return d
}

// fullAccess is what holds at a VPC endpoint without a policy (Amazon VPC User
// Guide, "Control access to VPC endpoints using endpoint policies": the default
// policy allows full access to the service).
var fullAccess = sync.OnceValue(func() *policyDocument {
	return mustParse(`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
})

// unlimited is what holds for a session without a session policy: all that the role
// gives (IAM User Guide, "Policies and permissions in IAM", session policies).
var unlimited = sync.OnceValue(func() *policyDocument {
	return mustParseKind(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, policy.Identity)
})

// openFileSystem is what holds of a file system without a policy: whoever reaches a mount
// target has all of it (Amazon EFS User Guide, "Default EFS file system policy").
var openFileSystem = sync.OnceValue(func() *policyDocument {
	return mustParseKind(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],`+
		`"Resource":"*","Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}]}`, policy.Resource)
})

// defaultKeyPolicy is the policy of a KMS key for which none was given (AWS KMS
// Developer Guide, "Default key policy", for keys made through the API): the
// account, and with it the account's identity policies, may do everything.
func defaultKeyPolicy(partition, account string) *policyDocument {
	return mustParse(`{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions",` +
		`"Effect":"Allow","Principal":{"AWS":"arn:` + partition + `:iam::` + account + `:root"},"Action":"kms:*","Resource":"*"}]}`)
}

// mustParse reads a document of the program's own.
func mustParse(text string) *policyDocument {
	return mustParseKind(text, policy.Resource)
}

func mustParseKind(text string, kind policy.Kind) *policyDocument {
	doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind})
	if ds.HasErrors() {
		panic("terraform: faulty built-in policy: " + ds.Error())
	}
	return &policyDocument{kind: kind, made: &madeDocument{doc: doc}}
}

// documentSide is a side that holds a document.
func documentSide(d *policyDocument) pendingSide { return pendingSide{Document: d} }
