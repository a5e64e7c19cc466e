package locate

import (
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Bounds on what is followed for one policy.
const (
	maxSteps      = 5000
	maxDepth      = 200
	maxCandidates = 1000
)

// Finder finds statements. It is for one goroutine.
type Finder struct {
	tree    *config.Tree
	modules *config.Modules
	checked map[string]bool // files whose comments were looked at
	ds      diag.Diagnostics
}

// New returns a finder in the configuration of a root module.
func New(tree *config.Tree, modules *config.Modules) *Finder {
	return &Finder{tree: tree, modules: modules}
}

// walker gathers the candidates of one policy.
type walker struct {
	f     *Finder
	list  []*candidate
	steps int
	depth int
	busy  map[hcl.Expression]bool
}

// spot is where an expression stands: in which module and file, below what.
type spot struct {
	module *config.Module
	path   string
	around []source.Range
	// each is the expression of for_each that each.value is an element of.
	each hcl.Expression
	// eachSpot is where that stands.
	eachSpot *spot
}

func (s spot) within(r source.Range) spot {
	s.around = append(append([]source.Range(nil), s.around...), r)
	return s
}

// unwrapped is an expression without what others put around it.
func unwrapped(x hcl.Expression) hcl.Expression {
	for {
		u, ok := x.(interface{ Unwrap() hclsyntax.Expression })
		if !ok {
			return x
		}
		x = u.Unwrap()
	}
}

// walk gathers the statements below an expression.
func (w *walker) walk(x hcl.Expression, at spot) {
	if x = unwrapped(x); x == nil {
		return
	}
	if w.steps++; w.steps > maxSteps || w.depth > maxDepth || len(w.list) > maxCandidates || w.busy[x] {
		return
	}
	w.busy[x] = true
	w.depth++
	defer func() {
		w.depth--
		delete(w.busy, x)
	}()
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		w.walk(x.Expression, at)
	case *hclsyntax.TemplateWrapExpr:
		w.walk(x.Wrapped, at)
	case *hclsyntax.ConditionalExpr:
		w.walk(x.TrueResult, at)
		w.walk(x.FalseResult, at)
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			w.walk(e, at)
		}
	case *hclsyntax.ObjectConsExpr:
		w.object(x, at)
	case *hclsyntax.ForExpr:
		w.walk(x.ValExpr, at)
		w.walk(x.CollExpr, at)
	case *hclsyntax.SplatExpr:
		w.walk(x.Source, at)
	case *hclsyntax.IndexExpr:
		w.walk(x.Collection, at)
	case *hclsyntax.RelativeTraversalExpr:
		w.walk(x.Source, at)
	case *hclsyntax.ScopeTraversalExpr:
		w.reference(x.Traversal, at)
	case *hclsyntax.FunctionCallExpr:
		w.call(x, at)
	case *hclsyntax.TemplateExpr:
		w.template(x, at)
	case hclsyntax.Node:
	default: // JSON syntax
		w.json(x, at)
	}
}

// object walks an object: a document, a statement, or a collection of these.
func (w *walker) object(x *hclsyntax.ObjectConsExpr, at spot) {
	keys := map[string]hcl.Expression{}
	for _, item := range x.Items {
		if name, ok := literal(item.KeyExpr); ok {
			keys[name] = item.ValueExpr
		}
	}
	statement := keys["Statement"]
	switch {
	case statement != nil:
		w.walk(statement, at)
	case keys["Effect"] != nil || keys["Action"] != nil || keys["NotAction"] != nil:
		c := w.candidate(config.Place(at.path, x.Range()), at)
		w.fill(c, keys["Sid"], keys["Effect"], keys["Action"], keys["NotAction"], at)
		w.list = append(w.list, c)
	default:
		for _, item := range x.Items {
			w.walk(item.ValueExpr, at)
		}
	}
}

func (w *walker) candidate(r source.Range, at spot) *candidate {
	return &candidate{at: r, callers: at.module.Callers(), around: at.around}
}

// fill reads what is written out of a statement.
func (w *walker) fill(c *candidate, sid, effect, actions, notActions hcl.Expression, at spot) {
	c.sidKnown = sid == nil
	if sid != nil {
		c.sid, c.sidKnown = literal(sid)
	}
	if effect != nil {
		c.effect, _ = literal(effect)
	}
	if actions == nil {
		actions, c.not = notActions, notActions != nil
	}
	if actions != nil {
		c.hasList, c.all = true, true
		t := texts{w: w, c: c}
		t.gather(actions, at, 0)
	}
}

// literal is the text of an expression without references.
func literal(x hcl.Expression) (string, bool) {
	if key, ok := x.(*hclsyntax.ObjectConsKeyExpr); ok {
		if name := hcl.ExprAsKeyword(key); name != "" {
			return name, true
		}
		x = key.Wrapped
	}
	v, ds := unwrapped(x).Value(nil)
	if ds.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}

// call walks a call: files are read, and other functions hand on what they are given.
func (w *walker) call(x *hclsyntax.FunctionCallExpr, at spot) {
	if (x.Name == "file" || x.Name == "templatefile") && len(x.Args) > 0 {
		w.file(x, at)
		return
	}
	for _, a := range x.Args {
		w.walk(a, at)
	}
}

// file gathers the statements in a file of JSON.
func (w *walker) file(x *hclsyntax.FunctionCallExpr, at spot) {
	if at.module.Dir == nil {
		return
	}
	paths := cty.ObjectVal(map[string]cty.Value{
		"module": cty.StringVal(at.module.Dir.Name), "root": cty.StringVal(w.f.modules.Root()),
	})
	v, ds := unwrapped(x.Args[0]).Value(&hcl.EvalContext{Variables: map[string]cty.Value{"path": paths}})
	if ds.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return
	}
	name := path.Clean(v.AsString())
	if refs := x.Args[0].Variables(); len(refs) == 0 { // relative to the root module
		name = path.Join(w.f.modules.Root(), name)
	}
	text, err := w.f.tree.ReadFile(name)
	if err != nil {
		return
	}
	if x.Name == "templatefile" {
		text = blankTemplates(text, name)
	}
	at = at.within(config.Place(at.path, x.Range()))
	at.path = name
	w.scan(text, 0, len(text), at)
}

// texts gathers the entries of a list that are written out.
type texts struct {
	w *walker
	c *candidate
}

func (t texts) gather(x hcl.Expression, at spot, depth int) {
	x = unwrapped(x)
	if t.w.steps++; t.w.steps > maxSteps || depth > maxDepth {
		t.c.all = false
		return
	}
	if s, ok := literal(x); ok {
		t.c.actions = append(t.c.actions, extractors.Entry{Text: s, Range: config.Place(at.path, x.Range())})
		return
	}
	switch x := x.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			t.gather(e, at, depth+1)
		}
		return
	case *hclsyntax.ParenthesesExpr:
		t.gather(x.Expression, at, depth+1)
		return
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "concat" || x.Name == "toset" || x.Name == "tolist" || x.Name == "flatten" || x.Name == "distinct" {
			for _, e := range x.Args {
				t.gather(e, at, depth+1)
			}
			return
		}
	case *hclsyntax.ScopeTraversalExpr:
		if next, there, ok := t.w.resolve(x.Traversal, at); ok && len(x.Traversal) == 2 {
			t.gather(next, there, depth+1)
			return
		}
	case hclsyntax.Node:
	default:
		if list, ds := hcl.ExprList(x); !ds.HasErrors() {
			for _, e := range list {
				t.gather(e, at, depth+1)
			}
			return
		}
	}
	t.c.all = false
}
