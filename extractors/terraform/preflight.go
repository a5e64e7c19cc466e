package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// Browsers ask OPTIONS without credentials before they call (Amazon API Gateway Developer
// Guide, "Enable CORS on a resource in API Gateway"). A method that an API answers by
// itself, with an integration of the type MOCK, opens nothing. The integration is an object
// of its own.

const (
	methodType      = "aws_api_gateway_method"
	integrationType = "aws_api_gateway_integration"
)

// methodIDs are the attributes by which a method and its integration are about the same.
var methodIDs = []string{"rest_api_id", "resource_id"}

// sideIDs are the values of methodIDs before and after the change, "" where they are not
// known.
type sideIDs [2][2]string

func idsOf(before, after jsontext.Value) (ids sideIDs) {
	for i, side := range []jsontext.Value{before, after} {
		for j, attr := range methodIDs {
			ids[i][j], _ = str(member(side, attr))
		}
	}
	return ids
}

// integration is one that answers OPTIONS by itself.
type integration struct {
	module, name, index string
	sides               [2]bool // before and after: it does
	ids                 sideIDs
}

// takeIntegration notes an integration that answers OPTIONS by itself.
func (x *extraction) takeIntegration(o *object) {
	op, _ := operationOf(o.actions)
	before, after, _, _, _ := x.pickSides(o, op)
	one := integration{module: o.module, name: o.name, index: o.index, ids: idsOf(before, after)}
	for i, side := range []jsontext.Value{before, after} {
		verb, _ := str(member(side, "http_method"))
		kind, _ := str(member(side, "type"))
		one.sides[i] = verb == "OPTIONS" && kind == "MOCK"
	}
	if one.sides[0] || one.sides[1] {
		x.integrations = append(x.integrations, one)
	}
}

// takePreflight notes what a method for OPTIONS is about.
func (x *extraction) takePreflight(o *object, before, after jsontext.Value) {
	for _, side := range []jsontext.Value{before, after} {
		if verb, _ := str(member(side, "http_method")); verb == "OPTIONS" {
			if x.preflights == nil {
				x.preflights = map[string]sideIDs{}
			}
			x.preflights[o.address] = idsOf(before, after)
			return
		}
	}
}

// settlePreflights leaves out the methods that such an integration answers.
func (x *extraction) settlePreflights() {
	if len(x.integrations) == 0 || len(x.preflights) == 0 {
		return
	}
	var answered [2]map[string]bool
	for i := range answered {
		answered[i] = map[string]bool{}
		for _, one := range x.integrations {
			if one.sides[i] {
				answered[i][x.methodKey(integrationType, one.module, one.name, one.index, one.ids, i)] = true
			}
		}
		delete(answered[i], "")
	}
	for _, p := range x.pending {
		ids, ok := x.preflights[p.object]
		if p.row.Permit == nil || p.Type != methodType || !ok {
			continue
		}
		for i, side := range []*extractors.Side{&p.Before, &p.After} {
			if asksBefore(side) && answered[i][x.methodKey(methodType, p.module, p.name, p.index, ids, i)] {
				*side = extractors.Side{Absent: true}
			}
		}
	}
}

// asksBefore reports whether a document is that of an open method for OPTIONS.
func asksBefore(s *extractors.Side) bool {
	if s.Document == nil || len(s.Document.Statements) != 1 {
		return false
	}
	on := s.Document.Statements[0].Resource
	return on != nil && len(on.List) == 1 && strings.Contains(on.List[0].Text, "/*/OPTIONS/")
}

// methodKey is what a method and its integration have in common on a side: the ids of the
// API and the resource or, as long as these are not known, that the same instances of
// blocks in one module refer to the same. It is "" where that is not certain.
func (x *extraction) methodKey(typ, module, name, index string, ids sideIDs, side int) string {
	if known := ids[side]; known[0] != "" && known[1] != "" {
		return strings.Join(known[:], "\x00")
	}
	path, err := modulePath(module)
	if err != nil || side == 0 {
		return ""
	}
	key := []string{module, index}
	for j, attr := range methodIDs {
		refs := x.config.references(path, typ, name, attr)
		if !plainReference(refs) {
			return ""
		}
		key = append(append(key, ids[side][j]), refs...)
	}
	return strings.Join(key, "\x00")
}

// plainReference reports whether an expression refers to one thing and no more, but for the
// key of its instance.
func plainReference(refs []string) bool {
	return len(refs) > 0 && !slices.ContainsFunc(refs[1:], func(r string) bool {
		return !strings.HasPrefix(refs[0], r) && r != "each.key" && r != "count.index"
	})
}
