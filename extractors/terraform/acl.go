package terraform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// aclGrant is one entry of an access control list.
type aclGrant struct{ grantee, permission string }

// Groups and the log delivery group of access control lists (Amazon S3 User Guide,
// "Access control list (ACL) overview", Amazon S3 predefined groups).
const (
	allUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
	// ec2Bundles is who reads with aws-exec-read.
	ec2Bundles = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"
)

// cannedACLs are the grants of the canned lists besides those to the owner of the bucket
// or the object (the same page, Canned ACL). The bucket owner has its own bucket already.
var cannedACLs = map[string][]aclGrant{
	"private": nil, "bucket-owner-read": nil, "bucket-owner-full-control": nil,
	"public-read":        {{allUsers, "READ"}},
	"public-read-write":  {{allUsers, "READ"}, {allUsers, "WRITE"}},
	"aws-exec-read":      {{ec2Bundles, "READ"}},
	"authenticated-read": {{authenticatedUsers, "READ"}},
	"log-delivery-write": {{logDelivery, "WRITE"}, {logDelivery, "READ_ACP"}},
}

// aclActions are the actions of a permission, on the bucket and on objects in it (the
// same page, Mapping of ACL permissions and access policy permissions).
type aclActions struct{ bucket, objects []string }

var bucketPermissions = map[string]aclActions{
	"READ":      {bucket: []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}},
	"WRITE":     {objects: []string{"s3:PutObject"}},
	"READ_ACP":  {bucket: []string{"s3:GetBucketAcl"}},
	"WRITE_ACP": {bucket: []string{"s3:PutBucketAcl"}},
}

var objectPermissions = map[string]aclActions{
	"READ":      {objects: []string{"s3:GetObject", "s3:GetObjectVersion"}},
	"READ_ACP":  {objects: []string{"s3:GetObjectAcl", "s3:GetObjectVersionAcl"}},
	"WRITE_ACP": {objects: []string{"s3:PutObjectAcl", "s3:PutObjectVersionAcl"}},
}

// aclOrder are the permissions in the order in which they are written.
var aclOrder = []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP"}

// canned reports whether all that a form makes comes of the name of a canned list, so that
// without one there is nothing. Both attributes are computed, and what shows nothing on
// either side mirrors nothing.
func (f *permitForm) canned() bool { return f.Code == "bucket acl" || f.Code == "object acl" }

// bucketGrants is the code of the blocks grant of a bucket.
const bucketGrants = "bucket grants"

// bucketACL takes the attribute acl of a bucket.
func (m *maker) bucketACL() { m.onBucket(m.canned("acl")) }

// bucketGrants takes the blocks grant of a bucket, among which is the owner's own. It is
// told apart where nothing sets the blocks, so that they show what exists, or where the
// configuration names whoever applies it.
func (m *maker) bucketGrants() {
	list := m.bucketBlocks()
	shown, own := m.x.ownerIn(m.p.instance)
	if shown && (m.old.obj == nil || equalValues(member(m.old.obj, "grant"), member(m.root.obj, "grant"))) || own {
		list = withoutOwner(list)
	}
	m.onBucket(list)
}

func (m *maker) bucketBlocks() []aclGrant {
	return m.grantBlocks("grant", "id", "uri", "", "permissions")
}

// ownerIn reports whether the blocks grant of a bucket show what exists, since nothing sets
// them, and whether the configuration names the owner in them.
func (x *extraction) ownerIn(in *instance) (shown, own bool) {
	path, err := modulePath(in.module)
	if err != nil {
		return false, false
	}
	set, known := x.config.sets(path, in.typ, in.name, "grant")
	return known && !set, slices.ContainsFunc(x.config.references(path, in.typ, in.name, "grant"), func(ref string) bool {
		return strings.HasPrefix(ref, "data.aws_canonical_user_id.")
	})
}

// withoutOwner leaves out the one canonical user with full control, if there is one.
func withoutOwner(list []aclGrant) []aclGrant {
	owner := ""
	for _, g := range list {
		if g.permission == "FULL_CONTROL" && !strings.HasPrefix(g.grantee, "http") {
			if owner != "" && owner != g.grantee {
				return list
			}
			owner = g.grantee
		}
	}
	return slices.DeleteFunc(list, func(g aclGrant) bool { return g.grantee == owner })
}

// ownBucketACL takes the list of aws_s3_bucket_acl, which has two attributes: acl,
// and access_control_policy, which shows what exists when acl is set. So acl counts
// where it changes, and what exists where it stays.
func (m *maker) ownBucketACL() {
	acl := m.text1("acl")
	old, _ := str(member(m.old.obj, "acl"))
	shown := m.root.leaves([]string{"access_control_policy"}, false)
	known := len(shown) == 1 && !shown[0].unknown && !blankValue(shown[0].value) && !anyTrue(shown[0].unknowns)
	if acl != "" && (!known || m.old.obj != nil && acl != old) {
		m.onBucket(m.canned("acl"))
		return
	}
	owner := ""
	for _, l := range m.root.leaves([]string{"access_control_policy", "owner", "id"}, false) {
		owner, _ = str(l.value)
	}
	var list []aclGrant
	for _, g := range m.grantBlocks("access_control_policy.grant", "grantee.id", "grantee.uri", "grantee.email_address", "permission") {
		if owner == "" || g.grantee != owner {
			list = append(list, g)
		}
	}
	m.onBucket(list)
}

// objectACL takes the attribute acl of an object, or of what puts objects in place.
func (m *maker) objectACL(attr string) { m.onObjects(m.canned(attr), m.objectARN()) }

// text1 is the text of an attribute, and notes when it is not known.
func (m *maker) text1(attr string) string {
	text, _ := str(member(m.root.obj, attr))
	if anyTrue(member(m.root.unknown, attr)) || isTrue(m.root.unknown) {
		m.undecided(attr)
		return ""
	}
	return text
}

func (m *maker) canned(attr string) []aclGrant {
	acl := m.text1(attr)
	list, ok := cannedACLs[strings.ToLower(kebab(acl))]
	if !ok && acl != "" {
		m.reason = "Its access control list has a name that is none of Amazon S3, so it is not compared."
		if !m.root.sensitive && len(acl) <= maxShownACL {
			m.reason = fmt.Sprintf("Its access control list %s is none of the canned ones of Amazon S3, so it is not compared.", strconv.Quote(acl))
		}
	}
	return list
}

// maxShownACL bounds what is repeated of a name that is none: the real ones are shorter.
const maxShownACL = 40

// kebab writes the names of CloudFormation, such as PublicReadWrite, as those of
// Amazon S3.
func kebab(s string) string {
	var b strings.Builder
	for i, c := range s {
		if c >= 'A' && c <= 'Z' && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// grantBlocks reads entries of a list. Names of attributes lead from the block.
func (m *maker) grantBlocks(path, id, uri, email, permission string) []aclGrant {
	var list []aclGrant
	for _, block := range m.blocks(strings.Split(path, ".")) {
		grantee := m.grantee(block, id, uri, email)
		for _, l := range block.leaves(strings.Split(permission, "."), true) {
			text, ok := str(l.value)
			switch {
			case l.unknown:
				m.undecided(block.top)
			case ok && grantee != "" && m.spend(1):
				list = append(list, aclGrant{grantee, aclPermission(text)})
			}
		}
	}
	return list
}

// aclPermission writes the names of Elastic Transcoder, such as FullControl, as those
// of Amazon S3.
func aclPermission(s string) string {
	if strings.ToUpper(s) == s {
		return s
	}
	return strings.ToUpper(strings.ReplaceAll(kebab(s), "-", "_"))
}

// grantee is the group, canonical user id or e-mail address of an entry.
func (m *maker) grantee(block scope, id, uri, email string) string {
	for _, attr := range []string{uri, id, email} {
		if attr == "" {
			continue
		}
		for _, l := range block.leaves(strings.Split(attr, "."), false) {
			if l.unknown {
				return m.symbol(block.top, l.key, asText)
			}
			if text, _ := str(l.value); text != "" {
				return text
			}
		}
	}
	return ""
}

// onBucket adds what entries of the list of a bucket amount to.
func (m *maker) onBucket(list []aclGrant) {
	bucket := m.bucketName()
	m.entries(list, bucketPermissions, bucket, bucket+"/*")
}

// onObjects adds what entries of the list of an object amount to.
func (m *maker) onObjects(list []aclGrant, arn string) {
	m.entries(list, objectPermissions, "", arn)
}

func (m *maker) entries(list []aclGrant, actions map[string]aclActions, bucket, objects string) {
	seen := map[aclGrant]bool{}
	var grantees []string
	for _, g := range list {
		if !seen[aclGrant{grantee: g.grantee}] {
			grantees = append(grantees, g.grantee)
		}
		seen[aclGrant{grantee: g.grantee}], seen[g] = true, true
	}
	for _, who := range grantees {
		var on, in []string
		for _, p := range aclOrder {
			if seen[aclGrant{who, p}] || seen[aclGrant{who, "FULL_CONTROL"}] {
				on = append(on, actions[p].bucket...)
				in = append(in, actions[p].objects...)
			}
		}
		m.entry(who, on, bucket)
		m.entry(who, in, objects)
	}
}

// entry adds a statement for a grantee. A canonical user is an account, whichever id
// or e-mail address names it.
func (m *maker) entry(who string, actions []string, arn string) {
	if len(actions) == 0 {
		return
	}
	s := madeStatement{actions: actions, resources: []string{arn}}
	switch {
	case who == allUsers:
		m.grant(s, []string{"*"})
	case who == authenticatedUsers:
		s.conditions = []madeCondition{{"Null", "aws:PrincipalArn", []string{"false"}}}
		m.grant(s, []string{"AWS:*"})
	case who == logDelivery:
		m.grant(s, []string{"logging.s3.amazonaws.com"})
	case strings.HasPrefix(who, "unknown:"):
		m.grant(s, []string{who})
	case strings.HasPrefix(who, "http"):
		m.reason = "Its access control list names a group that is not known, so it is not compared."
	default:
		m.grant(s, []string{"CanonicalUser:" + plainText.Replace(who)})
	}
}

// bucketName is the ARN of the bucket that the list is about.
func (m *maker) bucketName() string {
	if m.p.ARN != "" {
		return m.p.ARN
	}
	named := *m.p // by the name that its resource has, where the attribute is not known
	named.subject = namedSubject{after: m.p.Subject.Name}
	if arn := m.x.bucketARN(&named, nil); arn != "" {
		return arn
	}
	return m.arnOf(strings.Split(m.p.row.nameAttrs()[0], ".")[0])
}

// arnOf is the ARN of a bucket that an attribute names.
func (m *maker) arnOf(attr string) string {
	for _, l := range m.root.leaves([]string{attr}, false) {
		text, ok := str(l.value)
		switch {
		case l.unknown:
			return m.symbol(attr, l.key, asARN)
		case strings.HasPrefix(text, "arn:"):
			return plainText.Replace(text)
		case ok && text != "":
			return "arn:aws:s3:::" + plainText.Replace(text)
		}
	}
	return m.symbol(attr, attr, asARN)
}

// objectARN is the ARN of the object that the list is about.
func (m *maker) objectARN() string {
	bucket := m.bucketName()
	for _, l := range m.root.leaves([]string{"key"}, false) {
		if l.unknown {
			return bucket + "/" + m.symbol("key", l.key, asText)
		}
		if key, _ := str(l.value); key != "" {
			return bucket + "/" + plainText.Replace(key)
		}
	}
	return bucket + "/*"
}
