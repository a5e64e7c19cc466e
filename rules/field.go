package rules

import (
	"slices"
	"strconv"
	"strings"
)

// fields are what archive rules may look at, by name. The names of IAM Access Analyzer
// (API Reference, "Criterion"; User Guide, "Archive rules") are among them where a
// finding has the like.
var fields = map[string]func(*Finding) []string{
	"rule":            func(f *Finding) []string { return []string{f.Rule} },
	"code":            func(f *Finding) []string { return set(f.Code) },
	"level":           func(f *Finding) []string { return []string{f.Level.String()} },
	"fingerprint":     func(f *Finding) []string { return []string{f.Fingerprint} },
	"address":         func(f *Finding) []string { return []string{f.Address} },
	"attribute":       func(f *Finding) []string { return set(f.Attribute) },
	"action":          func(f *Finding) []string { return set(f.Action) },
	"input":           func(f *Finding) []string { return set(f.Input) },
	"path":            func(f *Finding) []string { return set(f.Location.Path) },
	"subject.kind":    func(f *Finding) []string { return set(f.Subject.Kind) },
	"subject.name":    func(f *Finding) []string { return set(f.Subject.Name) },
	"subject.address": func(f *Finding) []string { return set(f.Subject.Address) },
	"sources":         sourceAddresses,
	"statement.sid": func(f *Finding) []string {
		if f.Statement == nil {
			return nil
		}
		return set(f.Statement.Sid)
	},
	"unknowns":          func(f *Finding) []string { return f.Unknowns },
	"gained.actions":    gainedList(func(g *Gained) []string { return g.Actions }),
	"gained.resources":  gainedList(func(g *Gained) []string { return g.Resources }),
	"gained.principals": gainedList(func(g *Gained) []string { return g.Principals }),
}

// gainedFields is the prefix of the fields that list what is gained.
const gainedFields = "gained."

// conditionField is the prefix of the fields that hold the values of a condition key.
const conditionField = "condition."

// Field returns the values of a field of a finding; false for a name that no finding
// has.
func (f *Finding) Field(name string) ([]string, bool) {
	if get, ok := fields[name]; ok {
		return get(f), true
	}
	if get, ok := externalFields[name]; ok {
		if f.External == nil {
			return nil, true
		}
		return get(f.External), true
	}
	if key, ok := strings.CutPrefix(name, conditionField); ok && key != "" {
		if f.External == nil {
			return nil, true
		}
		return f.External.condition(key), true
	}
	return nil, false
}

// FieldNames lists the names of Field, sorted, without those of single condition keys.
func FieldNames() []string {
	var out []string
	for name := range fields {
		out = append(out, name)
	}
	for name := range externalFields {
		out = append(out, name)
	}
	slices.Sort(out)
	return append(out, conditionField+"KEY")
}

// externalFields are those of an Access Analyzer finding about external access.
var externalFields = map[string]func(*External) []string{
	"resource":             func(e *External) []string { return set(e.Resource) },
	"resourceType":         func(e *External) []string { return set(e.ResourceType) },
	"resourceOwnerAccount": func(e *External) []string { return set(e.ResourceOwnerAccount) },
	"isPublic":             func(e *External) []string { return []string{strconv.FormatBool(e.IsPublic)} },
	"principal.AWS":        func(e *External) []string { return set(e.Principal["AWS"]) },
	"principal.Federated":  func(e *External) []string { return set(e.Principal["Federated"]) },
}

// condition is the value of a condition key, whose name has no case.
func (e *External) condition(key string) []string {
	for k, v := range e.Condition {
		if strings.EqualFold(k, key) {
			return set(v)
		}
	}
	return nil
}

func set(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func sourceAddresses(f *Finding) []string {
	var out []string
	for _, s := range f.Sources {
		out = append(out, s.Address)
	}
	return out
}

func gainedList(get func(*Gained) []string) func(*Finding) []string {
	return func(f *Finding) []string {
		if f.Gained == nil {
			return nil
		}
		return get(f.Gained)
	}
}
