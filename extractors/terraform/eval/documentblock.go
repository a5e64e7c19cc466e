package eval

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// documentObject is the object of a data source that makes a policy document. What the
// plan knows of the text counts; else the document is built from its blocks in the
// sources, and else from the blocks as the plan lists them.
func (s *scope) documentObject(full string, block *config.Block, name string, key cty.Value) cty.Value {
	address := full + keyText(key)
	return s.once("object "+address, address, func() cty.Value {
		inst := s.instance("data", documentType, name, key)
		if inst != nil {
			if known, ok := knownDocument(inst); ok {
				return known
			}
		}
		text, own, err := s.documentFromBlock(block, key)
		if err == nil && inst != nil && !s.agrees(inst, own) {
			err = errors.New("the sources are not those of the plan: its statements are others")
		}
		if err != nil && inst != nil {
			if t, planErr := s.documentFromPlan(inst, nil); planErr == nil {
				text, err = t, nil
			}
		}
		if err != nil {
			s.m.because("%s: %v", address, err)
			return cty.DynamicVal
		}
		return documentValue(text)
	})
}

func documentValue(text string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"json": cty.StringVal(text), "minified_json": cty.StringVal(text), "id": cty.UnknownVal(cty.String),
	})
}

// instance is one object of the plan.
func (s *scope) instance(mode, typ, name string, key cty.Value) *Instance {
	list, _ := s.e.plan.Instances(s.address, mode, typ, name)
	for _, inst := range list {
		if (&object{inst: inst}).keyIs(key) {
			return inst
		}
	}
	return nil
}

func (o *object) keyIs(key cty.Value) bool {
	have := o.key()
	if have == cty.NilVal || key == cty.NilVal {
		return have == key
	}
	return have.RawEquals(key)
}

// knownDocument is a document that was read when the plan was made.
func knownDocument(inst *Instance) (cty.Value, bool) {
	after, _ := decode(inst.After).(map[string]any)
	text, ok := after["json"].(string)
	if !ok || text == "" || hasReserved(text) {
		return cty.NilVal, false
	}
	v := documentValue(text)
	if minified, ok := after["minified_json"].(string); ok && !hasReserved(minified) {
		fields := v.AsValueMap()
		fields["minified_json"] = cty.StringVal(minified)
		v = cty.ObjectVal(fields)
	}
	return v, true
}

var (
	documentAttributes = []string{"policy_id", "version", "source_json", "override_json", "source_policy_documents", "override_policy_documents"}
	statementSchema    = schema([]string{"sid", "effect", "actions", "not_actions", "resources", "not_resources"}, "principals", "not_principals", "condition")
	principalSchema    = schema([]string{"type", "identifiers"})
	conditionSchema    = schema([]string{"test", "variable", "values"})
)

func schema(attributes []string, blocks ...string) *hcl.BodySchema {
	s := &hcl.BodySchema{}
	for _, a := range attributes {
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: a})
	}
	for _, b := range blocks {
		s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: b})
	}
	return s
}

// documentFromBlock evaluates the blocks of a data source.
func (s *scope) documentFromBlock(block *config.Block, key cty.Value) (string, []fields, error) {
	rep := s.repetitionOf(block, key)
	r := &reader{s: s}
	var p parts
	attrs := map[string]cty.Value{}
	for _, name := range documentAttributes {
		if a := block.Attribute(name); a != nil {
			v, err := s.evaluate(a.Expr, rep)
			if err != nil {
				return "", nil, err
			}
			attrs[name] = v
		}
	}
	p.own.id = r.text(attrs["policy_id"])
	p.own.version = r.text(attrs["version"])
	p.sourceJSON, p.overrideJSON = r.text(attrs["source_json"]), r.text(attrs["override_json"])
	p.sources, p.overrides = r.texts(attrs["source_policy_documents"]), r.texts(attrs["override_policy_documents"])
	if p.own.version == "" {
		p.own.version = "2012-10-17"
	}
	blocks, err := s.nestedBlocks(block, "statement", rep)
	if err != nil {
		return "", nil, err
	}
	var own []fields
	for _, b := range blocks {
		f := r.statement(b)
		if r.err != nil {
			return "", nil, r.err
		}
		own = append(own, f)
		p.own.statements = append(p.own.statements, f.statement())
	}
	if r.err != nil {
		return "", nil, r.err
	}
	text, err := p.build()
	return text, own, err
}

// agrees reports whether the statements that a data source has in the plan can be those
// of the sources: as many, with the Sids and actions that the plan knows.
func (s *scope) agrees(inst *Instance, own []fields) bool {
	after, _ := decode(inst.After).(map[string]any)
	unknown, _ := decode(inst.Unknown).(map[string]any)
	if inst.Partial || after == nil || unknown["statement"] == true {
		return true
	}
	r := &planReader{s: s, inst: inst}
	list := r.list("statement", after["statement"], unknown["statement"])
	if len(list) != len(own) {
		return false
	}
	for i, m := range list {
		if m.unknown == true {
			continue
		}
		if sid := m.member("sid"); sid.unknown != true && text(sid.value) != own[i].sid {
			return false
		}
		for name, have := range map[string][]string{"actions": own[i].actions, "not_actions": own[i].notActions} {
			if list := m.member(name); !anyMark(list.unknown) && !sameTexts(list.value, have) {
				return false
			}
		}
	}
	return true
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// sameTexts reports whether a list of the plan holds the same texts, in any order.
func sameTexts(v any, have []string) bool {
	list, _ := v.([]any)
	want := map[string]bool{}
	for _, e := range list {
		want[text(e)] = true
	}
	for _, s := range have {
		if !want[s] {
			return false
		}
	}
	got := map[string]bool{}
	for _, s := range have {
		got[s] = true
	}
	return len(got) == len(want)
}

// nestedBlock is a block that is there or was generated, and the context that its
// expressions are evaluated in.
type nestedBlock struct {
	body hcl.Body
	ctx  *hcl.EvalContext
}

// nestedBlocks are the nested blocks of one type, with generated ones.
func (s *scope) nestedBlocks(block *config.Block, typ string, rep repetition) ([]nestedBlock, error) {
	layer := block.NestedLayer(typ)
	if layer == nil {
		return nil, nil
	}
	ctx, err := s.bodyContext(layer, typ, rep)
	if err != nil {
		return nil, err
	}
	content, _, ds := dynblock.Expand(layer.Body(), ctx).PartialContent(schema(nil, typ))
	if ds.HasErrors() {
		return nil, fmt.Errorf("%s", firstError(ds))
	}
	if s.m.budget.charge(len(content.Blocks), 0) != nil {
		return nil, errTooMuch
	}
	var list []nestedBlock
	for _, b := range content.Blocks {
		if u, ok := b.Body.(interface{ Unknown() bool }); ok && u.Unknown() {
			return nil, fmt.Errorf("the blocks %s are made for each element of something that is not known", typ)
		}
		list = append(list, nestedBlock{b.Body, ctx})
	}
	return list, nil
}

// bodyContext prepares a body and gathers what its expressions refer to.
func (s *scope) bodyContext(layer *config.Block, typ string, rep repetition) (*hcl.EvalContext, error) {
	body := layer.Body()
	var p prepared
	if native, ok := body.(*hclsyntax.Body); ok {
		for _, b := range native.Blocks {
			if b.Type != typ && (b.Type != "dynamic" || len(b.Labels) != 1 || b.Labels[0] != typ) {
				continue
			}
			inner := s.e.prepareBody(b.Body)
			p.refs = append(p.refs, inner.refs...)
			p.err = cmp.Or(p.err, inner.err)
		}
	} else {
		p = prepared{walkVariables(dynblock.WalkVariables(body), schema(nil, typ)), s.e.plainFile(layer.Path)}
	}
	if p.err != nil {
		return nil, p.err
	}
	return s.context(p.refs, rep), nil
}

// walkVariables are the references in the nested blocks of a body in JSON syntax.
func walkVariables(node dynblock.WalkVariablesNode, s *hcl.BodySchema) []hcl.Traversal {
	refs, children := node.Visit(s)
	for _, c := range children {
		inner := statementSchema
		switch c.BlockTypeName {
		case "principals", "not_principals":
			inner = principalSchema
		case "condition":
			inner = conditionSchema
		}
		refs = append(refs, walkVariables(c.Node, inner)...)
	}
	return refs
}

// reader takes values of the types that the data source has.
type reader struct {
	s   *scope
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// text is an optional text.
func (r *reader) text(v cty.Value) string {
	if v == cty.NilVal || v.IsKnown() && v.IsNull() {
		return ""
	}
	if !v.IsKnown() {
		r.fail("%s", r.s.m.unknown())
		return ""
	}
	w, err := convert.Convert(v, cty.String)
	if err != nil || !w.IsKnown() || w.IsNull() {
		r.fail("a text is something else")
		return ""
	}
	return w.AsString()
}

// texts is an optional list or set of texts.
func (r *reader) texts(v cty.Value) []string {
	if v == cty.NilVal || v.IsKnown() && v.IsNull() {
		return nil
	}
	if !v.IsKnown() {
		r.fail("%s", r.s.m.unknown())
		return nil
	}
	if !v.CanIterateElements() || v.Type().IsObjectType() || v.Type().IsMapType() {
		r.fail("a list is something else")
		return nil
	}
	var list []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if s := r.text(e); s != "" || e.IsKnown() && !e.IsNull() {
			list = append(list, s)
		}
	}
	return list
}

// content decodes a nested block.
func (r *reader) content(b nestedBlock, s *hcl.BodySchema) (map[string]cty.Value, map[string][]nestedBlock) {
	content, _, ds := b.body.PartialContent(s)
	if ds.HasErrors() {
		r.fail("%s", firstError(ds))
		return nil, nil
	}
	values := map[string]cty.Value{}
	for _, a := range s.Attributes {
		if attr := content.Attributes[a.Name]; attr != nil {
			v, ds := attr.Expr.Value(b.ctx)
			if ds.HasErrors() {
				r.fail("%s", firstError(ds))
				return nil, nil
			}
			values[a.Name], _ = v.UnmarkDeep()
		}
	}
	blocks := map[string][]nestedBlock{}
	for _, inner := range content.Blocks {
		if u, ok := inner.Body.(interface{ Unknown() bool }); ok && u.Unknown() {
			r.fail("the blocks %s are made for each element of something that is not known", inner.Type)
		}
		blocks[inner.Type] = append(blocks[inner.Type], nestedBlock{inner.Body, b.ctx})
	}
	return values, blocks
}

// statement reads a statement block.
func (r *reader) statement(b nestedBlock) fields {
	v, blocks := r.content(b, statementSchema)
	f := fields{
		sid: r.text(v["sid"]), effect: r.text(v["effect"]),
		actions: r.texts(v["actions"]), notActions: r.texts(v["not_actions"]),
		resources: r.texts(v["resources"]), notResources: r.texts(v["not_resources"]),
		principals: r.principals(blocks["principals"]), notPrincipals: r.principals(blocks["not_principals"]),
	}
	for _, c := range blocks["condition"] {
		v, _ := r.content(c, conditionSchema)
		f.conditions = append(f.conditions, condition{r.text(v["test"]), r.text(v["variable"]), r.texts(v["values"])})
	}
	return f
}

func (r *reader) principals(blocks []nestedBlock) []principal {
	var list []principal
	for _, b := range blocks {
		v, _ := r.content(b, principalSchema)
		list = append(list, principal{r.text(v["type"]), r.texts(v["identifiers"])})
	}
	return list
}
