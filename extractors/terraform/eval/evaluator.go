package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// Evaluator works out values of one plan. It is for one goroutine.
type Evaluator struct {
	plan     Plan
	tree     *config.Tree
	modules  *config.Modules // nil without sources
	symbols  symbolTable
	prepared map[hcl.Expression]prepared
	// operations are the operators put in place of those of HCL.
	operations map[*hclsyntax.Operation]*hclsyntax.Operation
	table      map[string]function.Function
	equal      function.Function
	notEqual   function.Function
	runs       [2]*machine
	now        *machine
}

// machine is one run over everything that is asked for.
type machine struct {
	run       int
	budget    budget
	scopes    map[string]*scope
	templates int // being rendered
	// partial: an object is in use of which not every attribute is kept.
	partial bool
	reasons []string
	// hidden counts results that are unknown because a text with a symbol was not
	// looked into.
	hidden int
}

// New returns an evaluator. Without sources (modules is nil) values are worked out
// from the plan alone.
func New(plan Plan, tree *config.Tree, modules *config.Modules) *Evaluator {
	e := &Evaluator{
		plan: plan, tree: tree, modules: modules,
		symbols:    symbolTable{ids: map[string]int{}},
		prepared:   map[hcl.Expression]prepared{},
		operations: map[*hclsyntax.Operation]*hclsyntax.Operation{},
	}
	for i := range e.runs {
		e.runs[i] = &machine{run: i, scopes: map[string]*scope{}}
	}
	e.now = e.runs[0]
	e.equal, e.notEqual = e.comparison(false), e.comparison(true)
	e.table = e.functions()
	return e
}

// twice works out one value in both runs.
func (e *Evaluator) twice(f func() (cty.Value, error)) (values [2]cty.Value, err error) {
	for i, m := range e.runs {
		e.now = m
		if values[i], err = e.once(f); err != nil {
			break
		}
	}
	e.now = e.runs[0]
	return values, err
}

// once works out a value in the run at hand. Evaluation is done by somebody else's
// code on hostile sources; a panic in it leaves the value unknown.
func (e *Evaluator) once(f func() (cty.Value, error)) (v cty.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			e.now.reset()
			if known, ok := r.(error); ok && known == errTooMuch {
				err = errTooMuch
			} else {
				err = fmt.Errorf("evaluation broke off")
			}
		}
	}()
	e.now.budget.start()
	e.now.reasons, e.now.templates = nil, 0
	v, err = f()
	switch {
	case e.now.budget.spent:
		e.now.reset() // what was worked out last may lack something
		return cty.DynamicVal, errTooMuch
	case err != nil:
		return cty.DynamicVal, err
	case !fits(v):
		return cty.DynamicVal, errTooMuch
	case !v.IsWhollyKnown():
		return v, e.now.unknown()
	}
	return v, nil
}

// reset forgets what was worked out.
func (m *machine) reset() { m.scopes = map[string]*scope{} }

// UnknownError says why a value stays unknown; without reasons it is just made of
// something that is not known.
type UnknownError struct{ Reasons []string }

func (u *UnknownError) Error() string {
	if len(u.Reasons) == 0 {
		return "what it is made of is not known before the change is applied"
	}
	return strings.Join(u.Reasons, "; ")
}

// maxReasons bounds what is said about one value.
const maxReasons = 5

// because notes why something is unknown.
func (m *machine) because(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	for _, r := range m.reasons {
		if r == s {
			return
		}
	}
	if len(m.reasons) < maxReasons {
		m.reasons = append(m.reasons, s)
	}
}

// hide notes that something did not look into a text that is not known.
func (m *machine) hide(what string) {
	m.hidden++
	m.because("%s looks into a text that is not known before the change is applied", what)
}

func (m *machine) unknown() error {
	return &UnknownError{m.reasons}
}
