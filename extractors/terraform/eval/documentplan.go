package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

var errStructure = errors.New("how many statements or values there are is not known before the change is applied")

// documentFromPlan builds the document of a data source that is read during apply from
// its blocks as the plan lists them: all of them are there, and only single texts are
// not known. Those are symbols. The documents that it is made from are asked for.
func (s *scope) documentFromPlan(inst *Instance, others others) (string, error) {
	if inst.Partial || hasReserved(string(inst.After)) || strings.Contains(strings.ToLower(string(inst.After)), `\ue0`) {
		return "", errors.New("the plan does not hold all of it")
	}
	after, _ := decode(inst.After).(map[string]any)
	unknown, _ := decode(inst.Unknown).(map[string]any)
	r := &planReader{s: s, inst: inst, others: others}
	var p parts
	p.own.id = r.text("policy_id", after["policy_id"], unknown["policy_id"])
	if p.own.version = r.text("version", after["version"], unknown["version"]); p.own.version == "" {
		p.own.version = "2012-10-17"
	}
	p.sourceJSON = r.document("source_json", 0, 1, after["source_json"], unknown["source_json"])
	p.overrideJSON = r.document("override_json", 0, 1, after["override_json"], unknown["override_json"])
	p.sources = r.documents("source_policy_documents", after, unknown)
	p.overrides = r.documents("override_policy_documents", after, unknown)
	statements := r.list("statement", after["statement"], unknown["statement"])
	r.statements = len(statements)
	for i, e := range statements {
		r.at = i
		p.own.statements = append(p.own.statements, r.statement(fmt.Sprintf("statement[%d]", i), e).statement())
	}
	if r.err != nil {
		return "", r.err
	}
	return p.build()
}

// others are the texts of documents that one is made from: by the attribute that lists
// them and the place in that list of n.
type others func(inst *Instance, attribute string, i, n int) (string, error)

// planReader reads the blocks of a data source from JSON.
type planReader struct {
	s      *scope
	inst   *Instance
	others others
	err    error
	// at is the statement at hand, of so many; attribute what is read of it, of so many
	// blocks.
	at, statements int
	attribute      string
	blocks         int
}

// marked is a value with its marks.
type marked struct{ value, unknown any }

func (m marked) member(name string) marked {
	v, _ := m.value.(map[string]any)
	u, _ := m.unknown.(map[string]any)
	return marked{v[name], u[name]}
}

func (r *planReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *planReader) list(_ string, value, unknown any) []marked {
	v, _ := value.([]any)
	u, _ := unknown.([]any)
	if unknown == true {
		r.fail(errStructure)
		return nil
	}
	list := make([]marked, max(len(v), len(u)))
	for i := range list {
		if i < len(v) {
			list[i].value = v[i]
		}
		if i < len(u) {
			list[i].unknown = u[i]
		}
	}
	return list
}

// text is a text; what is not known of it is a symbol named after its place.
func (r *planReader) text(place string, value, unknown any) string {
	if unknown == true {
		if place == "effect" || strings.HasSuffix(place, ".effect") || strings.HasSuffix(place, ".type") || strings.HasSuffix(place, ".test") || place == "version" {
			r.fail(errStructure)
			return ""
		}
		name := r.inst.Address + "." + place
		return r.s.e.symbol(r.made()+name, name, false).AsString()
	}
	s, _ := value.(string)
	return s
}

// made names what the text at hand is made of, in front of its place: what else is in it
// is not known, so that the place stays what tells it from others.
func (r *planReader) made() string {
	maker, ok := r.s.e.plan.(Maker)
	if !ok || r.attribute == "" {
		return ""
	}
	refs := maker.MadeOf(r.inst.Address, r.at, r.statements, r.attribute, r.blocks)
	if text := strings.Join(refs, " and "); text != "" && len(refs) <= maxMade && len(text) <= maxMadeText && !strings.Contains(text, `"`) {
		return text + " in "
	}
	return ""
}

// The bounds on what is named of a text.
const (
	maxMade     = 3
	maxMadeText = 120
)

func (r *planReader) texts(place string, m marked) []string {
	var list []string
	for i, e := range r.list(place, m.value, m.unknown) {
		if s := r.text(place+indexText(i), e.value, e.unknown); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func (r *planReader) document(attribute string, i, n int, value, unknown any) string {
	if unknown != true {
		s, _ := value.(string)
		return s
	}
	if r.others == nil {
		r.fail(errors.New("a document that it is made from is not known"))
		return ""
	}
	s, err := r.others(r.inst, attribute, i, n)
	if err != nil {
		r.fail(err)
	}
	return s
}

func (r *planReader) documents(attribute string, after, unknown map[string]any) []string {
	var list []string
	all := r.list(attribute, after[attribute], unknown[attribute])
	for i, e := range all {
		list = append(list, r.document(attribute, i, len(all), e.value, e.unknown))
	}
	return slices.Clip(list)
}

func (r *planReader) statement(place string, m marked) fields {
	if m.unknown == true {
		r.fail(errStructure)
		return fields{}
	}
	text := func(name string) string {
		e := m.member(name)
		r.attribute, r.blocks = name, 0
		return r.text(place+"."+name, e.value, e.unknown)
	}
	texts := func(name string) []string {
		r.attribute, r.blocks = name, 0
		return r.texts(place+"."+name, m.member(name))
	}
	f := fields{
		sid: text("sid"), effect: text("effect"), actions: texts("actions"), notActions: texts("not_actions"),
		resources: texts("resources"), notResources: texts("not_resources"),
		principals: r.principals(place, "principals", m), notPrincipals: r.principals(place, "not_principals", m),
	}
	list := r.list(place, m.member("condition").value, m.member("condition").unknown)
	r.attribute, r.blocks = "", 0
	for i, c := range list {
		at := fmt.Sprintf("%s.condition[%d]", place, i)
		if c.unknown == true {
			r.fail(errStructure)
		}
		f.conditions = append(f.conditions, condition{
			r.text(at+".test", c.member("test").value, c.member("test").unknown),
			r.text(at+".variable", c.member("variable").value, c.member("variable").unknown),
			r.conditionValues(at, c, len(list)),
		})
	}
	r.attribute = ""
	return f
}

func (r *planReader) conditionValues(at string, c marked, blocks int) []string {
	r.attribute, r.blocks = "condition.values", blocks
	values := r.texts(at+".values", c.member("values"))
	r.attribute = ""
	return values
}

func (r *planReader) principals(place, attribute string, of marked) []principal {
	place, m := place+"."+attribute, of.member(attribute)
	blocks := r.list(place, m.value, m.unknown)
	r.attribute, r.blocks = attribute+".identifiers", len(blocks)
	var list []principal
	for i, p := range blocks {
		at := place + indexText(i)
		if p.unknown == true {
			r.fail(errStructure)
		}
		list = append(list, principal{
			r.text(at+".type", p.member("type").value, p.member("type").unknown),
			r.texts(at+".identifiers", p.member("identifiers")),
		})
	}
	return list
}

// planDocument is the value of a data source in the plan that makes a document.
func (s *scope) planDocument(inst *Instance, others others) (cty.Value, error) {
	if known, ok := knownDocument(inst); ok {
		return known, nil
	}
	text, err := s.documentFromPlan(inst, others)
	if err != nil {
		return cty.DynamicVal, err
	}
	return documentValue(text), nil
}
