package rules

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// resourceLints are about the ARNs in Resource and NotResource, and about whether they
// and the actions of their statement go together.
var resourceLints = []Lint{
	{"INVALID_PARTITION", Idle, "The partition of a resource does not exist", eachARN(badPartition)},
	{"INVALID_ARN_SERVICE_CASE", Idle, "The service of a resource is not in lower case", eachARN(badServiceCase)},
	{"INVALID_SERVICE", Idle, "No service has such resources, as far as is known", eachARN(unknownARNService)},
	{"INVALID_ARN_REGION", Idle, "The Region of a resource is not in the form of one", eachARN(badRegion)},
	{"ARN_REGION_NOT_ALLOWED", Idle, "A resource has a Region, and those of its service have none", eachARN(regionNotAllowed)},
	{"INVALID_ARN_ACCOUNT", Idle, "The account of a resource or principal is not in the form of one", badAccounts},
	{"ARN_ACCOUNT_NOT_ALLOWED", Idle, "A resource has an account, and those of its service have none", eachARN(accountNotAllowed)},
	{"MISSING_ARN_FIELD", Idle, "A resource has fewer than the six fields of an ARN, so that it names nothing", each(shortARN)},
	{"RESOURCE_WITHOUT_ACTION", Idle, "No action of the statement can apply to a resource", each(idleResources)},
	{"ACTION_WITHOUT_RESOURCE", Idle, "An action can apply to no resource of the statement", each(idleActions)},
	{"UNSUPPORTED_RESOURCE_ARN_IN_POLICY", Refused, "A bucket policy is about another bucket", each(otherBucket)},
	{"MISSING_RESOURCE", Refused, "A statement of a bucket policy has no Resource", each(bucketWithout)},
}

// arn is a resource of a statement, in fields.
type arn struct {
	policy.Value
	field []string // six
}

// eachARN looks at the resources that have six fields.
func eachARN(find func(*lintText, *policy.Statement, arn) []trouble) func(*lintText) []trouble {
	return each(func(t *lintText, s *policy.Statement) []trouble {
		if s.Resource == nil {
			return nil
		}
		var out []trouble
		for _, v := range s.Resource.List {
			f := strings.SplitN(v.Text, ":", 6)
			if len(f) == 6 && f[0] == "arn" && t.known(v.Text) && !strings.Contains(strings.Join(f[:5], ""), "$") {
				out = append(out, find(t, s, arn{v, f})...)
			}
		}
		return out
	})
}

var (
	partitionForm = regexp.MustCompile(`^aws(-[a-z0-9]+)*$`)
	regionForm    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)
	// accountForm also has the words that stand for AWS and for sellers.
	accountForm = regexp.MustCompile(`^([0-9]{12}|[a-z][a-z0-9-]*)?$`)
)

func wildcards(s string) bool { return strings.ContainsAny(s, "*?") }

func badPartition(_ *lintText, s *policy.Statement, a arn) []trouble {
	if wildcards(a.field[1]) || partitionForm.MatchString(a.field[1]) {
		return nil
	}
	return one(in(s, a.Range(), "Partition %q of %q does not exist. Use aws, aws-cn or aws-us-gov.", a.field[1], a.Text))
}

func badServiceCase(_ *lintText, s *policy.Statement, a arn) []trouble {
	if a.field[2] == strings.ToLower(a.field[2]) {
		return nil
	}
	return one(in(s, a.Range(), "Service %q of %q is not in lower case, as those of ARNs are. Write it so.", a.field[2], a.Text))
}

// arnsOf are the shapes of the ARNs of a service, by the service in the ARN, which is not
// always that of the actions.
var arnsOf = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for _, service := range catalog.Services() {
		seen := map[string]bool{}
		for _, a := range catalog.Actions(service) {
			for _, typ := range a.ResourceTypes {
				if seen[typ] {
					continue
				}
				seen[typ] = true
				for _, shape := range catalog.ResourceARNs(service, typ) {
					if f := strings.SplitN(shape, ":", 6); len(f) == 6 {
						m[f[2]] = append(m[f[2]], shape)
					}
				}
			}
		}
	}
	return m
})

func unknownARNService(t *lintText, s *policy.Statement, a arn) []trouble {
	service := strings.ToLower(a.field[2])
	if !t.literal(service) || hasService(service) || len(arnsOf()[service]) > 0 {
		return nil
	}
	return one(in(s, a.Range(), "No service is called %q, as in %q, of those known on %s.%s", a.field[2], a.Text,
		edition(), t.didYouMean(service, catalog.Services(), "")))
}

func badRegion(_ *lintText, s *policy.Statement, a arn) []trouble {
	region := a.field[3]
	if region == "" || wildcards(region) || regionForm.MatchString(region) {
		return nil
	}
	return one(in(s, a.Range(), "%q is no Region, as in %q. Correct it.", region, a.Text))
}

// without reports whether no known ARN of a service has anything in a field.
func without(service string, field int) bool {
	shapes := arnsOf()[service]
	return len(shapes) > 0 && !slices.ContainsFunc(shapes, func(shape string) bool { return strings.SplitN(shape, ":", 6)[field] != "" })
}

// plainBucket reports whether an ARN is that of a bucket or object, which have neither Region
// nor account, while other resources of Amazon S3 do.
func plainBucket(a arn) bool {
	name, _, _ := strings.Cut(a.field[5], "/")
	switch name {
	case "accesspoint", "job", "storage-lens", "storage-lens-group", "access-grants", "async-request":
		return false
	}
	return a.field[2] == "s3" && name != "" && !wildcards(name) && !strings.Contains(a.field[5], ":")
}

func regionNotAllowed(_ *lintText, s *policy.Statement, a arn) []trouble {
	region := a.field[3]
	if region == "" || strings.Trim(region, "*") == "" || !without(a.field[2], 3) && !plainBucket(a) {
		return nil
	}
	return one(in(s, a.Range(), "Resources of %s have no Region, as %q has. Remove it.", a.field[2], a.Text))
}

func badAccounts(t *lintText) []trouble {
	return append(eachARN(badAccount)(t), each(badPrincipalAccount)(t)...)
}

// badPrincipalAccount finds principals that IAM refuses ("Invalid principal in policy").
func badPrincipalAccount(t *lintText, s *policy.Statement) []trouble {
	if s.Principal == nil {
		return nil
	}
	var out []trouble
	for _, e := range s.Principal.List {
		f := strings.SplitN(e.Text, ":", 6)
		if e.Type == policy.PrincipalAWS && len(f) == 6 && t.literal(e.Text) && (f[4] == "" || !accountForm.MatchString(f[4])) {
			out = append(out, in(s, e.Range(), "%q is no account, as in principal %q. Use its 12 digits.", f[4], e.Text).as(Refused))
		}
	}
	return out
}

func badAccount(_ *lintText, s *policy.Statement, a arn) []trouble {
	account := a.field[4]
	if wildcards(account) || accountForm.MatchString(account) {
		return nil
	}
	return one(in(s, a.Range(), "%q is no account, as in %q. Use its 12 digits.", account, a.Text))
}

func accountNotAllowed(_ *lintText, s *policy.Statement, a arn) []trouble {
	account := a.field[4]
	if account == "" || strings.Trim(account, "*") == "" || !without(a.field[2], 4) && !plainBucket(a) {
		return nil
	}
	return one(in(s, a.Range(), "Resources of %s have no account, as %q has. Remove it.", a.field[2], a.Text))
}

// shortARN finds ARNs with missing fields, of which the last is what should be the
// resource: it stands where the Region or the account is.
func shortARN(t *lintText, s *policy.Statement) []trouble {
	if s.Resource == nil {
		return nil
	}
	var out []trouble
	for _, v := range s.Resource.List {
		f := strings.Split(v.Text, ":")
		if len(f) < 4 || len(f) > 5 || f[0] != "arn" || !t.literal(v.Text) {
			continue
		}
		last, isLast := f[len(f)-1], regionForm
		if len(f) == 5 {
			isLast = accountForm
		}
		if last == "" || isLast.MatchString(last) {
			continue
		}
		out = append(out, in(s, v.Range(), "%q has %d of the six fields of an ARN, so that %q is not taken for a resource. Write arn:partition:service:region:account:resource, with empty fields where the service has none.", v.Text, len(f), last).as(idle(s)))
	}
	return out
}

// settled are the services whose resources are compared with their actions: those that
// are in wide use, and for which the catalogue is found to be right.
var settled = []string{
	"dynamodb", "ec2", "ecr", "ecs", "elasticfilesystem", "iam", "kinesis", "kms", "lambda", "logs", "rds", "s3", "secretsmanager",
	"sns", "sqs", "ssm", "states",
}

// ComparedServices lists the services whose actions and resources are compared, sorted.
func ComparedServices() []string { return settled }

// applies reports whether an action can apply to a resource, as far as the catalogue
// tells; true of what it does not know, of resources of another service, and of actions
// that have no resource: for some of these services take any.
func (t *lintText) applies(a *catalog.Action, resource []element, service string) bool {
	if service != a.Service || len(a.ResourceTypes) == 0 {
		return true
	}
	for _, typ := range a.ResourceTypes {
		shapes := settledShapes()[a.Service][typ]
		if len(shapes) == 0 || t.likeOne(resource, shapes) {
			return true
		}
	}
	return false
}

const anyType = "" // for all types of a service

// settledShapes are the shapes of the ARNs of settled services, by service and type.
var settledShapes = sync.OnceValue(func() map[string]map[string][][]element {
	m := map[string]map[string][][]element{}
	for _, service := range settled {
		m[service] = map[string][][]element{}
		for _, a := range catalog.Actions(service) {
			for _, typ := range a.ResourceTypes {
				if _, ok := m[service][typ]; ok {
					continue
				}
				for _, shape := range catalog.ResourceARNs(service, typ) {
					m[service][typ] = append(m[service][typ], shapeOf(shape))
				}
				m[service][anyType] = append(m[service][anyType], m[service][typ]...)
			}
		}
	}
	return m
})

// likeOne reports whether a resource may be one of a shape.
func (t *lintText) likeOne(resource []element, shapes [][]element) bool {
	return slices.ContainsFunc(shapes, func(shape []element) bool { return overlap(resource, shape, &t.work) })
}

const (
	// maxName bounds the length of resources that are compared.
	maxName = 2048
	// maxPairs bounds the pairs of actions and resources of a statement.
	maxPairs = 100_000
)

// fits tells, for a statement whose actions and resources all are of settled services, and
// known by their names, which actions apply to which resources.
func (t *lintText) fits(s *policy.Statement) (actions []policy.Value, resources []policy.Value, fit [][]bool) {
	if s.Resource == nil || s.Resource.Not || s.Action.Not || len(s.Action.List) == 0 || len(s.Action.List)*len(s.Resource.List) > maxPairs {
		return nil, nil, nil
	}
	var known []catalog.Action
	for _, v := range s.Action.List {
		a, ok := catalog.Lookup(v.Text)
		if !ok || !slices.Contains(settled, a.Service) {
			return nil, nil, nil
		}
		known = append(known, a)
	}
	services := make([]string, len(s.Resource.List)) // "" for all
	for j, v := range s.Resource.List {
		if v.Text == "*" {
			continue
		}
		f := strings.SplitN(v.Text, ":", 6)
		if !t.known(v.Text) || len(v.Text) > maxName || len(f) < 6 || !slices.Contains(settled, f[2]) || !t.exists(f[2], v.Text) {
			return nil, nil, nil
		}
		services[j] = f[2]
	}
	fit = make([][]bool, len(known))
	for i := range known {
		fit[i] = make([]bool, len(s.Resource.List))
	}
	for j, v := range s.Resource.List {
		resource := patternOf(v.Text)
		for i := range known {
			fit[i][j] = t.applies(&known[i], resource, services[j])
		}
	}
	return s.Action.List, s.Resource.List, fit
}

// exists reports whether a service has resources of an ARN's shape; what is wrong with
// others, other lints tell.
func (t *lintText) exists(service, text string) bool {
	return t.likeOne(patternOf(text), settledShapes()[service][anyType])
}

func idleResources(t *lintText, s *policy.Statement) []trouble {
	_, resources, fit := t.fits(s)
	var out []trouble
	for j, v := range resources {
		if !slices.ContainsFunc(fit, func(row []bool) bool { return row[j] }) && !paired(resources, v.Text) {
			out = append(out, in(s, v.Range(), "No action of the statement applies to %q. Name what the actions are about, or remove it.", v.Text))
		}
	}
	if len(out) == len(resources) {
		for i := range out {
			out[i].class = idle(s) // none of the statement has an effect
		}
	}
	return out
}

// paired reports whether a resource is listed together with what is in it, as people do
// for buckets whatever the actions are.
func paired(resources []policy.Value, text string) bool {
	whole := strings.TrimSuffix(text, "/*")
	return slices.ContainsFunc(resources, func(v policy.Value) bool { return v.Text != text && strings.TrimSuffix(v.Text, "/*") == whole })
}

func idleActions(t *lintText, s *policy.Statement) []trouble {
	actions, _, fit := t.fits(s)
	var out []trouble
	for i, v := range actions {
		if !slices.Contains(fit[i], true) {
			out = append(out, in(s, v.Range(), "%s applies to no resource of the statement. Name what it is about, or remove it.", v.Text))
		}
	}
	if len(out) == len(actions) {
		return nil // told of the resources
	}
	return out
}

func ofBucket(t *lintText) bool {
	return t.grant.Kind == extractors.Resource && t.grant.ResourceType == "AWS::S3::Bucket"
}

// otherBucket finds resources that Amazon S3 refuses, since they are none of the bucket
// that the policy is attached to ("Policy has invalid resource").
func otherBucket(t *lintText, s *policy.Statement) []trouble {
	if !ofBucket(t) || s.Resource == nil || s.Resource.Not {
		return nil
	}
	own, whole := t.ownBucket()
	var out []trouble
	for _, v := range s.Resource.List {
		switch {
		case !t.ofOtherBucket(v.Text, own, whole):
		case own != "":
			out = append(out, in(s, v.Range(), "%q is neither the bucket %s nor anything in it. Name the bucket that the policy is attached to.", v.Text, own))
		default:
			out = append(out, in(s, v.Range(), "%q names no bucket. Name the one that the policy is attached to.", v.Text))
		}
	}
	return out
}

// ofOtherBucket reports whether a resource is certainly none of the bucket of a policy, as
// ownBucket names it.
func (t *lintText) ofOtherBucket(text, own string, whole bool) bool {
	f := strings.SplitN(text, ":", 6)
	if len(f) < 6 || f[2] != "s3" || !t.known(text) || len(text) > maxName {
		return false
	}
	if own == "" {
		return f[5] == "" || f[5][0] == '/'
	}
	arn := strings.Join(f[:5], ":") + ":" + own
	if o := strings.SplitN(own, ":", 3); whole { // in whatever partition
		arn = o[0] + ":" + f[1] + ":" + o[2]
	}
	r := patternOf(text)
	return !overlap(r, patternOf(arn), &t.work) && !overlap(r, patternOf(arn+"/*"), &t.work)
}

// ownBucket is the bucket that the policy is attached to, by its ARN or by its name alone;
// "" where neither is known.
func (t *lintText) ownBucket() (own string, whole bool) {
	arn, name := t.grant.ARN, t.grant.Subject.Name
	switch {
	case strings.HasPrefix(arn, "arn:") && strings.Count(arn, ":") == 5 && strings.Contains(arn, ":s3:::") && t.literal(arn):
		return arn, true
	case arn == "" && t.grant.Subject.Kind == "bucket" && name != "" && !strings.ContainsAny(name, ":/()") && t.literal(name):
		return name, false
	}
	return "", false
}

func bucketWithout(t *lintText, s *policy.Statement) []trouble {
	if !ofBucket(t) || s.Resource != nil {
		return nil
	}
	return one(in(s, s.Range(), "A statement of a bucket policy needs a Resource. Name the bucket or its objects."))
}
