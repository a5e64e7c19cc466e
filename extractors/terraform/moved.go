package terraform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// splitMoved takes the grants apart whose policy leaves one subject for another: the
// new subject gets all of it, and the old one loses it. Compared with each other, the
// two texts would say nothing about either.
func (x *extraction) splitMoved() {
	for _, p := range x.pending[:len(x.pending):len(x.pending)] {
		if p.aside || !x.moved(p) {
			continue
		}
		if !p.op.forgotten { // else the old object stays in place
			left := x.left(p)
			left.After, left.own().late = pendingSide{Absent: true}, nil
			x.keep(left)
		}
		p.Before = pendingSide{Absent: true}
		x.arrive(p)
	}
}

// left is what a change that moves something takes away from where it was.
func (x *extraction) left(p *pending) *pending {
	left := *p
	was := limited(cmp.Or(p.leftHome(), p.subject.before))
	left.Address = fmt.Sprintf("%s (left %s)", p.Address, was)
	left.PreviousAddress, left.Action = "", extractors.Delete
	left.op = operation{action: extractors.Delete, existed: true}.shared()
	left.own().unknowns = nil
	left.subject.after, left.subject.unknown = "", false
	left.apart()
	left.regions[1], left.homes[1], left.ownARNs[0] = "", "", ""
	s := extractors.Subject{Kind: p.row.Subject, Name: p.subject.before}
	switch o := x.objects.at(p.Subject.Address); {
	case p.row.self():
		s.Address, s.Gone = left.Address, p.row.Flags&policyOnly == 0
		left.Subject = s
	case x.subjectLeft(p) && p.regions[0] == p.regions[1] && !x.leads(p.instance, p.subject, p.row.subjectTypes()):
		// The subject has its name and is something else.
		s.Address, s.Gone = fmt.Sprintf("%s (left %s)", o.address, limited(o.left)), true
		left.Subject = s
	default:
		object := x.named(p.instance, p.regions[0], p.row.subjectTypes(), p.subject.before)
		address := ""
		if object != nil {
			address = object.address
		}
		left.Subject = subjectOf(s, address, object, true)
		if p.homes[0] != "" && p.leftHome() == p.homes[0] && p.homes[1] != "" && left.Subject.Address == p.Subject.Address {
			// One name in two accounts; a resource that has it is in one of them.
			if object != nil && accountOf(object.arn) == p.homes[0] {
				p.Subject = extractors.Subject{Kind: s.Kind, Name: p.subject.after + " of " + p.homes[1]}
			} else {
				left.Subject = extractors.Subject{Kind: s.Kind, Name: s.Name + " of " + p.homes[0]}
			}
		}
	}
	x.placeAccount(&left)
	return &left
}

// arrive makes of something that moved what is made where it goes.
func (x *extraction) arrive(p *pending) {
	p.Action = extractors.Create
	p.apart()
	p.subject.before, p.ownARNs[1] = "", ""
	x.placeAccount(p)
}

// moved reports whether the policy has another subject after the change, or is in another
// place, where it is something else under the same name. An object that is its own subject
// and more than a policy takes what it holds along, unless its place is a part of what it
// is.
func (x *extraction) moved(p *pending) bool {
	if !p.op.existed || !p.op.exists {
		return false
	}
	switch p.op.action {
	case extractors.Read, extractors.Forget:
		return false
	case extractors.NoOp:
		return !p.row.self() && x.subjectLeft(p)
	}
	if p.row.self() {
		_, placed := homeOf[p.typ]
		return (placed || p.row.Flags&policyOnly != 0) && x.relocated(p)
	}
	return x.relocated(p) || x.subjectLeft(p) || x.leads(p.instance, p.subject, p.row.subjectTypes())
}

// homeOf are the attributes that, besides the region, say where objects of a type are: the
// account of what there is one of in each, or what an access point leads to. Those without
// attributes are told apart by the region only.
var homeOf = map[string]string{
	"aws_s3_access_point":                            "bucket",
	"awscc_s3_access_point":                          "bucket",
	"awscc_s3express_access_point":                   "bucket",
	"awscc_s3outposts_access_point":                  "bucket",
	"aws_s3control_object_lambda_access_point":       "configuration.supporting_access_point",
	"awscc_s3objectlambda_access_point":              "object_lambda_configuration.supporting_access_point",
	"aws_s3_account_public_access_block":             "account_id",
	"aws_codeartifact_domain_permissions_policy":     "domain_owner",
	"aws_codeartifact_repository_permissions_policy": "domain_owner",
	"aws_ecr_registry_policy":                        "registry_id",
	"aws_ecr_replication_configuration":              "registry_id",
	"aws_ecr_repository_creation_template":           "prefix",
	"awscc_ecr_repository_creation_template":         "prefix",
	"aws_glue_resource_policy":                       "id",
	"aws_lakeformation_permissions":                  "catalog_id",
	"aws_lakeformation_data_lake_settings":           "catalog_id",
}

// homesOfObject reads the attributes of homeOf before and after; open says that the one
// after is not known.
func homesOfObject(o *object, op operation) (homes [2]string, open bool) {
	path := homeOf[o.typ]
	if path == "" || !op.existed || !op.exists || same(o.before, o.after) {
		return homes, false
	}
	steps := strings.Split(path, ".")
	homes[0], _ = o.text(o.firstLeaf(o.before, nil, nil, steps).value)
	after := o.firstLeaf(o.after, o.unknown, nil, steps)
	homes[1], _ = str(after.value)
	return homes, after.unknown
}

// leftHome is where something was that is elsewhere after the change, or "".
func (p *pending) leftHome() string {
	switch {
	case p.regions[0] != "" && p.regions[1] != "" && p.regions[0] != p.regions[1]:
		return p.regions[0]
	case p.homes[0] != p.homes[1] && (p.homes[1] != "" || p.homeOpen):
		return p.homes[0]
	}
	return ""
}

// relocated reports whether the object is in another region or account after the change,
// or leads elsewhere. What is not known yet is elsewhere when the configuration sets it to
// something else than a resource that is only made anew.
func (x *extraction) relocated(p *pending) bool {
	if p.leftHome() == "" {
		return false
	}
	return !p.homeOpen || p.regions[0] != p.regions[1] || x.homeLeads(p.instance, p.homes[0])
}

// homeLeads reports whether an attribute of homeOf that is not known yet leads elsewhere
// than to the old value.
func (x *extraction) homeLeads(in *instance, old string) bool {
	path, err := modulePath(in.module)
	attr, _, _ := strings.Cut(homeOf[in.typ], ".")
	if err != nil {
		return false
	}
	if set, known := x.config.sets(path, in.typ, in.name, attr); !set && known {
		return false
	}
	refs := x.config.references(path, in.typ, in.name, attr)
	if target, ok := x.config.follow(path, refs, []string{"aws_s3_bucket", "awscc_s3_bucket", "aws_s3_access_point", "awscc_s3_access_point"}); ok {
		o := x.objects.at(blockAddress(joinModules(target.path), target.typ, target.name) + target.key)
		return o == nil || !o.had(old)
	}
	return len(refs) > 0
}

// subjectLeft reports whether the subject of a policy has its name and is something else
// after the change.
func (x *extraction) subjectLeft(p *pending) bool {
	o := x.objects.at(p.Subject.Address)
	return o != nil && o.left != "" && (!o.leftOpen || x.homeLeads(o.instance, o.left))
}

// leadingTable tells of what leads elsewhere and holds no policy itself (Amazon S3 User
// Guide, "Creating Object Lambda Access Points").
var leadingTable = []unread{
	told("aws_s3control_object_lambda_access_point", "configuration.supporting_access_point", "object-lambda-access-point", "arn|name", leadsElsewhere, pointPolicies).existing(),
	told("awscc_s3objectlambda_access_point", "object_lambda_configuration.supporting_access_point", "object-lambda-access-point", "arn|name", leadsElsewhere, pointPolicies).existing(),
}

const (
	leadsElsewhere = "leads to the data of an access point"
	pointPolicies  = "what principals may do through it is in policies elsewhere"
)

// leads reports whether an attribute that names something leads elsewhere after the
// change than before. An unknown name does not when it refers to a resource that had
// the old name: it is known only later because the resource is replaced.
func (x *extraction) leads(in *instance, n namedSubject, types []string) bool {
	old := x.named(in, "", types, n.before)
	switch {
	case n.after != "":
		if n.before == "" || sameName(n.before, n.after) {
			return n.before == "" && n.after != "default" && strings.HasPrefix(in.typ, "aws_cloudwatch_event_")
		}
		return old == nil || old != x.named(in, "", types, n.after)
	case n.before == "":
		return false
	case !n.unknown:
		// Left out after the change, which means the default event bus.
		return n.before != "default" && strings.HasPrefix(in.typ, "aws_cloudwatch_event_")
	}
	path, err := modulePath(in.module)
	if err != nil {
		return true
	}
	refs := x.config.references(path, in.typ, in.name, n.attr)
	target, ok := x.config.follow(path, refs, types)
	if !ok {
		// Through a local value, or without a configuration: nothing else is known
		// of it than that a resource of the old name is made anew.
		return old == nil || !old.replaced
	}
	block := blockAddress(joinModules(target.path), target.typ, target.name)
	for _, address := range []string{block + target.key, block + in.index} {
		if o := x.objects.at(address); o != nil {
			return !o.had(n.before)
		}
	}
	return old == nil || !old.replaced || blockAddress(old.module, old.typ, old.name) != block
}

// had reports whether a value named the object before the change.
func (s *subjectObject) had(value string) bool {
	for _, v := range s.olds {
		if sameName(v, value) {
			return true
		}
	}
	return false
}

// sameName reports whether two values name one thing: they are equal, or one is an
// ARN that ends in the other.
func sameName(a, b string) bool {
	ends := func(arn, name string) bool {
		return strings.HasPrefix(arn, "arn:") && (strings.HasSuffix(arn, ":"+name) || strings.HasSuffix(arn, "/"+name))
	}
	return a == b || b != "" && ends(a, b) || a != "" && ends(b, a)
}
