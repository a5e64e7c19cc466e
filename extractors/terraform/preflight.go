package terraform

import (
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
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

// integration is what answers OPTIONS, or may.
type integration struct {
	module, name string
	sides        [2]answer // before and after
	ids          sideIDs
}

// answer is what an integration does on a side.
type answer uint8

const (
	notHere  answer = iota // it is not there, or for another method
	byItself               // the API answers
	byOthers               // something else does, or what does is not known
)

// takeIntegration notes an integration that may be one for OPTIONS.
func (x *extraction) takeIntegration(o *object) {
	op, _ := operationOf(o.actions)
	before, after, _, _, _ := x.pickSides(o, op)
	one := integration{module: o.module, name: o.name, ids: idsOf(before, after)}
	for i, side := range []jsontext.Value{before, after} {
		if isNull(side) {
			continue
		}
		verb, _ := str(member(side, "http_method"))
		kind, _ := str(member(side, "type"))
		switch {
		case verb == "OPTIONS" && kind == "MOCK":
			one.sides[i] = byItself
		case verb == "OPTIONS" || verb == "ANY" || verb == "":
			one.sides[i] = byOthers
		}
	}
	if one.sides != [2]answer{} {
		x.integrations = append(x.integrations, one)
	}
}

// takePreflight notes what a method for OPTIONS is about. A deposed object has the address
// of the current one, and is not what that is about.
func (x *extraction) takePreflight(o *object, before, after jsontext.Value) {
	if o.deposed != "" {
		return
	}
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
		answered[i] = x.answeredMethods(i)
	}
	for _, p := range x.pending {
		ids, ok := x.preflights[p.object]
		if p.row.Permit == nil || p.typ != methodType || !ok {
			continue
		}
		for i, side := range []*pendingSide{&p.Before, &p.After} {
			if asksBefore(side) && answered[i][x.methodKey(methodType, p.module, p.name, ids, i)] {
				*side = pendingSide{Absent: true}
			}
		}
	}
}

// answeredMethods are the keys of the methods that an API answers by itself on a side:
// those of which one integration says so, and no other may say something else.
func (x *extraction) answeredMethods(side int) map[string]bool {
	out, others := map[string]bool{}, map[string]bool{}
	for _, one := range x.integrations {
		switch key := x.methodKey(integrationType, one.module, one.name, one.ids, side); {
		case one.sides[side] == byItself && key != "":
			out[key] = true
		case one.sides[side] == byOthers && (key == "" || !known(one.ids[side])):
			return nil // it may be that of any method
		case one.sides[side] == byOthers:
			others[key] = true
		}
	}
	for key := range others {
		delete(out, key)
	}
	return out
}

func known(ids [2]string) bool { return ids[0] != "" && ids[1] != "" }

// asksBefore reports whether a document is that of an open method for OPTIONS.
func asksBefore(s *pendingSide) bool {
	if s.Document == nil {
		return false
	}
	doc, _ := s.Document.read()
	if len(doc.Statements) != 1 {
		return false
	}
	on := doc.Statements[0].Resource
	return on != nil && len(on.List) == 1 && strings.Contains(on.List[0].Text, "/*/OPTIONS/")
}

// methodKey is what a method and its integration have in common on a side: the ids of the
// API and the resource or, as long as these are not known, that they refer to the same in
// one module. It is "" where that is not certain.
func (x *extraction) methodKey(typ, module, name string, ids sideIDs, side int) string {
	if known(ids[side]) {
		return strings.Join(ids[side][:], "\x00")
	}
	path, err := modulePath(module)
	if err != nil || side == 0 {
		return ""
	}
	key := []string{module}
	for j, attr := range methodIDs {
		refs := x.config.references(path, typ, name, attr)
		if !plainReference(refs) {
			return ""
		}
		key = append(key, ids[side][j], refs[0])
	}
	return strings.Join(key, "\x00")
}

// idOfOne is the id of one API or resource of an API.
var idOfOne = regexp.MustCompile(`^aws_api_gateway_(?:rest_api|resource)\.[A-Za-z0-9_-]+(\[([0-9]+|"[^"\[\]]*")\])?\.(?:id|root_resource_id)$`)

// plainReference reports whether an expression refers to the id of one thing, and to
// nothing else. A plan lists what an expression refers to, and not what it does with it:
// the key of an instance that is worked out, or what each.value comes from, is not in it.
func plainReference(refs []string) bool {
	return len(refs) > 0 && idOfOne.MatchString(refs[0]) &&
		!slices.ContainsFunc(refs[1:], func(r string) bool { return !strings.HasPrefix(refs[0], r) })
}
