package terraform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/eval"
)

// resolver works out what the plan calls unknown, when all of the plan is read.
type resolver struct {
	x       *extraction
	places  *sourceMap
	e       *eval.Evaluator // made when first asked
	sources bool
}

func newResolver(x *extraction, places *sourceMap) *resolver {
	return &resolver{x: x, places: places, sources: places.modules != nil && x.hasSources()}
}

func (r *resolver) evaluator() *eval.Evaluator {
	if r.e == nil {
		r.e = eval.New(planView{r.x}, r.places.tree, r.places.modules)
	}
	return r.e
}

func (p *pending) target(attribute string) eval.Target {
	return eval.Target{Module: p.module, Type: p.typ, Name: p.name, Address: p.object, Steps: []string{attribute}}
}

// attribute works out an attribute of the object of a grant that is one text.
func (r *resolver) attribute(p *pending, name string) (string, []extractors.Symbol, bool) {
	if r == nil || !r.sources || p.deposedOf != "" {
		return "", nil, false
	}
	text, symbols, err := r.evaluator().Own(p.target(name))
	return text, symbolsOf(symbols), err == nil
}

// texts works out an attribute of the object of a grant that is a text or a list of
// texts and that the configuration sets.
func (r *resolver) texts(p *pending, name string) ([]string, []extractors.Symbol, bool) {
	if r == nil || !r.sources || p.deposedOf != "" {
		return nil, nil, false
	}
	list, symbols, err := r.evaluator().Texts(p.target(name))
	return list, symbolsOf(symbols), err == nil
}

func symbolsOf(list []eval.Symbol) []extractors.Symbol {
	var out []extractors.Symbol
	for _, s := range list {
		out = append(out, extractors.Symbol{Text: s.Text, Reference: s.Reference, Wild: mayBeginWild(s.Reference)})
	}
	return out
}

// name works out the name of the subject of a grant, where nothing in it stays open.
func (r *resolver) name(p *pending) {
	if p.subject.unknown && p.subject.after == "" && !p.row.self() {
		if text, symbols, ok := r.attribute(p, p.subject.attr); ok && len(symbols) == 0 && text != "" {
			p.subject.after = text
		}
	}
	if p.row.self() && p.attached == "" && p.op.exists && p.op.action != extractors.NoOp && strings.HasPrefix(p.typ, "aws_") {
		if text, symbols, ok := r.attribute(p, "arn"); ok && len(symbols) == 0 && isARN(text) {
			p.apart()
			p.attached = text
		}
	}
}

// text works out a policy whose text is not known before the change is applied.
func (r *resolver) text(p *pending) {
	if !p.textOpen || p.After.Unknown == nil || p.deposedOf != "" {
		return
	}
	text, symbols, err := r.policy(p)
	if errors.Is(err, eval.ErrNotSet) {
		return
	}
	if err == nil {
		doc, ds := r.x.parse(p, []byte(text))
		if !ds.HasErrors() || len(symbols) == 0 {
			p.After.Unknown, p.After.Document = nil, doc
			p.After.tell(ds, symbols)
			return
		}
		err = errors.New("with symbols for what is not known it is no policy that can be read")
	}
	var u *eval.UnknownError
	if errors.As(err, &u) {
		// What is referred to is listed beside the reason.
		refs := r.x.referencesOf(p)
		u.Reasons = slices.DeleteFunc(slices.Clone(u.Reasons), func(reason string) bool {
			name, ok := strings.CutSuffix(reason, " is not known before the change is applied")
			return ok && slices.Contains(refs, name)
		})
	}
	switch {
	case p.After.Sensitive:
	case !r.sources:
		p.After.Unknown.Reason = "The policy text is not known before the change is applied, and there is no configuration to work it out from (give its folder with --source)."
	case u == nil || len(u.Reasons) > 0:
		p.After.Unknown.Reason = "The policy text is not known before the change is applied, and it cannot be worked out: " + limited(strings.TrimRight(err.Error(), ".")) + "."
	}
}

// policy is the text of a policy: from the expression in the sources, or else from a
// document in the plan that the configuration refers to.
func (r *resolver) policy(p *pending) (string, []extractors.Symbol, error) {
	err := errors.New("there are no sources")
	if r.sources {
		t := p.target("")
		t.Steps = p.row.steps()
		if len(p.blocks) > 0 {
			t.Block = p.blocks[0]
		}
		var text string
		var symbols []eval.Symbol
		if other := r.foreign(p, t); other != "" {
			err = fmt.Errorf("the sources are not those of the plan: only one of them refers to %s", other)
		} else if text, symbols, err = r.evaluator().Policy(t); err == nil {
			return text, symbolsOf(symbols), nil
		}
	}
	if len(p.row.steps()) != 1 {
		return "", nil, err
	}
	path, pathErr := modulePath(p.module)
	if pathErr != nil {
		return "", nil, err
	}
	inst := r.document(path, r.x.config.references(path, p.typ, p.name, p.row.steps()[0]), p.index, 0)
	if inst == nil {
		return "", nil, err
	}
	text, symbols, planErr := r.evaluator().Document(inst, r.find)
	if planErr != nil {
		if !r.sources {
			err = planErr
		}
		return "", nil, err
	}
	return text, symbolsOf(symbols), nil
}

// foreign is something that the expression in the sources refers to and the one of the
// plan does not, or the other way round; "" when there is no such difference.
func (r *resolver) foreign(p *pending, t eval.Target) string {
	path, err := modulePath(p.module)
	if err != nil || len(t.Steps) != 1 {
		return ""
	}
	if set, known := r.x.config.sets(path, p.typ, p.name, t.Steps[0]); !set || !known {
		return ""
	}
	here, ok := r.evaluator().Subjects(t)
	if !ok {
		return ""
	}
	var there []string
	for _, ref := range r.x.config.references(path, p.typ, p.name, t.Steps[0]) {
		if parsed, err := parseAddress(ref); err == nil {
			if name := eval.Subject(parsed); name != "" && !slices.Contains(there, name) {
				there = append(there, name)
			}
		}
	}
	for _, name := range append(slices.Clone(here), there...) {
		if slices.Contains(here, name) != slices.Contains(there, name) {
			return name
		}
	}
	return ""
}

// document follows references to the one data source that they lead to, if it makes a
// policy document and is in the plan. What other expression than the reference there
// may be is not told by the plan: only one that refers to nothing else is taken for it.
func (r *resolver) document(path []step, refs []string, key string, hops int) *eval.Instance {
	var found string
	for _, ref := range refs {
		root, _, _ := strings.Cut(ref, ".")
		switch {
		case root == "each" || root == "count" || root == "path":
		case found != "":
			return nil
		default:
			found = ref
		}
	}
	if found == "" || hops > maxHops {
		return nil
	}
	t, err := parseAddress(found)
	if err != nil {
		return nil
	}
	config := r.x.config
	switch part(t, 0) {
	case "var":
		if len(path) == 0 || len(t) != 2 {
			return nil
		}
		last := path[len(path)-1]
		caller := config.module(path[:len(path)-1])
		if caller == nil || caller.calls[last.name] == nil {
			return nil
		}
		return r.document(path[:len(path)-1], caller.calls[last.name].arguments[part(t, 1)], last.key, hops+1)
	case "module":
		s, rest := step{name: part(t, 1)}, 2
		if s.key = keyAt(t, rest); s.key != "" {
			rest++
		}
		inner := append(slices.Clone(path), s)
		if m := config.module(inner); m != nil && len(t) == rest+1 {
			return r.document(inner, m.outputs[part(t, rest)], "", hops+1)
		}
	case "data":
		if part(t, 1) != documentType {
			return nil
		}
		list := r.x.values.blocks[valueBlock{joinModules(path), "data", documentType, part(t, 2)}]
		explicit, last := keyAt(t, 3), 3
		if explicit != "" {
			last++
		}
		if attribute := part(t, last); attribute != "" && attribute != "json" && attribute != "minified_json" {
			return nil
		}
		for _, inst := range list {
			have := instanceKey(inst.Key)
			if explicit != "" && have == explicit || explicit == "" && (have == key || len(list) == 1 && have == "") {
				return inst
			}
		}
		if len(list) == 1 && explicit == "" {
			return list[0]
		}
	}
	return nil
}

// find is the data source that another one is made from.
func (r *resolver) find(of *eval.Instance, attribute string, i, n int) *eval.Instance {
	module := moduleOf(of.Address)
	path, err := modulePath(module)
	if err != nil {
		return nil
	}
	m := r.x.config.module(path)
	if m == nil {
		return nil
	}
	_, rest, _ := strings.Cut(of.Address, documentType+".")
	name, _, _ := strings.Cut(rest, "[")
	refs, _ := m.documents[name].of(attribute)
	if len(refs) != n {
		return nil
	}
	return r.document(path, refs[i:i+1], instanceKey(of.Key), 0)
}
