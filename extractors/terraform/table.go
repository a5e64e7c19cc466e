package terraform

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// row describes one policy-bearing attribute of one resource type.
type row struct {
	Type string
	// Path is the attribute, with dots between nested blocks and [] behind a
	// block that occurs several times and is told apart by its name.
	Path string
	Kind extractors.Kind
	// Subject is the kind of the subject, and Name the attributes that name it,
	// the first known one counting, separated by bars.
	Subject, Name string
	// Of lists the resource types of the subject, separated by bars; empty when
	// the resource itself is the subject.
	Of string
	// CFN is the CloudFormation name of the type the policy is attached to.
	CFN   string
	Flags flags
	// What the attribute holds: a policy document where all of these are nil.
	Link   *linkForm   // names of what the subject is linked to
	Permit *permitForm // a principal, from which a statement is made
	Block  *blockForm  // settings that hold access back

	apart *rowParts // see parts
}

// table is every row, in the order of the documentation.
var table = compiled(slices.Concat(documentTable, linkTable, roleUseTable, permitTable, aclTable, blockTable, ccTable))

func compiled(rows []row) []row {
	for i := range rows {
		if p := rows[i].Permit; p != nil {
			p.compile()
		}
		rows[i].Of = withCounterparts(rows[i].Of)
	}
	return rows
}

// flags say how an attribute behaves.
type flags uint16

const (
	// required: the schema demands the attribute; an object without it is broken.
	required flags = 1 << iota
	// computed: when the configuration does not set the attribute, it shows what
	// exists, which may be managed by another resource (field "Optional,
	// Computed" of the provider schema).
	computed
	// organization: the kind depends on the attribute "type".
	organization
	// policyOnly: the resource is the policy itself; when it goes, what it applied
	// to stays.
	policyOnly
	// session: a session policy, which limits what a role gives; without one
	// everything that the role gives is allowed.
	session
	// exclusive: a link after which its subject has no other links of the kind.
	exclusive
	// sole: a link after which its target has no other subjects, of any kind.
	sole
	// established: it gives nothing as long as its subject is new.
	established
)

// rowParts are texts of a row, taken apart once for those of the table.
type rowParts struct {
	steps, names, types []string
	nameSteps           [][]string // of each of names
}

func (r *row) parts() *rowParts {
	if r.apart != nil {
		return r.apart
	}
	p := &rowParts{steps: stepsOf(r.Path), names: strings.Split(r.Name, "|"), types: []string{r.Type}}
	if !r.self() {
		p.types = strings.Split(r.Of, "|")
	}
	for _, n := range p.names {
		p.nameSteps = append(p.nameSteps, strings.Split(n, "."))
	}
	return p
}

func (r *row) steps() []string { return r.parts().steps }

// attribute is the path without the marks of lists.
func (r *row) attribute() string { return strings.Join(r.steps(), ".") }

// stepsOf takes a path apart, without the marks of lists.
func stepsOf(path string) []string { return strings.Split(strings.ReplaceAll(path, "[]", ""), ".") }

// split is strings.Split at bars, with nothing for an empty text.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// reads are the attributes that the form of a row looks at besides its path.
func (r *row) reads() []string {
	switch {
	case r.Permit != nil:
		return r.Permit.reads
	case r.Block != nil:
		return r.Block.reads()
	}
	return nil
}

func (r *row) repeated() bool { return strings.Contains(r.Path, "[]") }

func (r *row) nameAttrs() []string { return r.parts().names }

// self reports whether the resource is its own subject.
func (r *row) self() bool { return r.Of == "" }

func (r *row) subjectTypes() []string { return r.parts().types }

// rowsOf is the table by resource type, in the order of the table.
var rowsOf = func() map[string][]*row {
	m := make(map[string][]*row, len(table))
	for i := range table {
		r := &table[i]
		r.apart = r.parts()
		m[r.Type] = append(m[r.Type], r)
	}
	return m
}()

// isSubjectType holds the types whose objects are subjects of some row.
var isSubjectType = func() map[string]bool {
	m := make(map[string]bool, 2*len(table))
	for i := range table {
		r := &table[i]
		if r.Link != nil {
			// What an object links itself to is told by its own address.
			for _, t := range append(split(r.Of), split(r.Link.Types)...) {
				m[t] = true
			}
			continue
		}
		for _, t := range r.subjectTypes() {
			m[t] = true
		}
	}
	for i := range allUnread {
		for _, t := range allUnread[i].row().subjectTypes() {
			m[t] = true
		}
	}
	return m
}()

// wanted holds, by resource type, the first step of every attribute that is read.
var wanted = func() map[string]map[string]bool {
	m := make(map[string]map[string]bool, len(table))
	for i := range table {
		r := &table[i]
		w := m[r.Type]
		if w == nil {
			w = map[string]bool{"name": true}
			m[r.Type] = w
		}
		w[r.steps()[0]] = true
		for _, n := range r.nameAttrs() {
			w[stepsOf(n)[0]] = true
		}
		if r.Link != nil {
			for _, n := range r.Link.attributes() {
				w[n] = true
			}
		}
		for _, n := range r.reads() {
			w[strings.Split(n, ".")[0]] = true
		}
	}
	for i := range allUnread {
		u := &allUnread[i]
		if m[u.Type] == nil {
			m[u.Type] = map[string]bool{"name": true}
		}
		for _, n := range append(u.attributes(), strings.Split(u.Name, "|")...) {
			m[u.Type][strings.Split(n, ".")[0]] = true
		}
	}
	m[integrationType] = map[string]bool{"rest_api_id": true, "resource_id": true}
	for typ, path := range homeOf {
		if m[typ] != nil {
			m[typ][stepsOf(path)[0]] = true
		}
	}
	return m
}()

// carriers are the types whose policy-bearing attributes the table names. Of others an
// attribute that may hold a policy is looked for by its name.
var carriers = func() map[string]bool {
	m := make(map[string]bool, len(table))
	for i := range table {
		if table[i].Link == nil {
			m[table[i].Type] = true
		}
	}
	for i := range allUnread {
		m[allUnread[i].Type] = true
	}
	return m
}()

// nested holds, by resource type, the paths of several steps whose references are
// kept apart from those of the block around them.
var nested = func() map[string][]string {
	m := map[string][]string{}
	keep := func(typ, path string) {
		path = strings.Join(stepsOf(path), ".")
		if strings.Contains(path, ".") && !slices.Contains(m[typ], path) {
			m[typ] = append(m[typ], path)
		}
	}
	for i := range table {
		if r := &table[i]; r.Link != nil {
			keep(r.Type, r.Path)
			for _, n := range r.nameAttrs() {
				keep(r.Type, n)
			}
		}
	}
	return m
}()

// subjectTypes are the types of isSubjectType in order.
var subjectTypes = slices.Sorted(maps.Keys(isSubjectType))

// identityAttrs are the attributes by which other resources name a subject.
var identityAttrs = []string{
	"id", "arn", "name", "bucket", "key_id", "url", "domain_name", "function_name",
	"layer_name", "access_point_arn", "identity", "email_identity", "registry_name",
	"repository", "repository_name", "domain", "rest_api_id", "qualified_arn",
	"user_id", "group_id",
	// Of the AWS Cloud Control provider.
	"bucket_name", "role_name", "user_name", "group_name", "topic_arn", "queue_url", "layer_version_arn",
}
