package cloudformation

import (
	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
)

// serverless expands the resources of SAM on one side, behind the loops, as the service
// does.
func (x *extraction) serverless(st *stack, i int, s *side, root *tree.Node) {
	if s.resources == nil {
		return
	}
	template := root.With("Resources", s.resources)
	if !sam.Uses(template) {
		return
	}
	if s.template.Conditions != nil {
		template = template.With("Conditions", s.template.Conditions)
	}
	if s.outputs != nil {
		template = template.With("Outputs", s.outputs)
	}
	o := sam.Options{Partition: x.o.Partition, Parameters: x.o.Parameters}
	if i == before && x.o.PriorParameters != nil {
		o.Parameters = x.o.PriorParameters
	}
	if st.prefix != "" {
		// The stack around this one sets them, and SAM sees what comes of that.
		o.Parameters, o.Open = nil, map[string]bool{}
		if declared := s.template.Parameters; declared != nil {
			for _, f := range declared.Fields {
				o.Open[f.Key] = true
			}
		}
	}
	s.serverless, s.globals = s.resources, root.Get("Globals")
	out, failures := sam.Expand(template, o)
	st.failures[i] = failures
	s.resources = out.Get("Resources")
	for id, auth := range sam.Authorization(template) {
		// Nothing of it is expanded: it stands as a property of the API, to be compared.
		if api := s.resources.Get(id); api.Get("Properties") != nil {
			s.resources = s.resources.With(id, api.With("Properties", api.Get("Properties").With("Auth", auth)))
		}
	}
	s.template.Resources, s.template.Conditions, s.outputs = s.resources, out.Get("Conditions"), out.Get("Outputs")
}

// tellServerless tells what could not be expanded, unless it is written the same on the
// other side: what it comes to is then the same, too.
func (x *extraction) tellServerless(st *stack) {
	for i := range st.sides {
		for _, f := range st.failures[i] {
			if x.sameFailure(st, f, st.failures[1-i]) {
				f.Severity = diag.Warning
			} else {
				x.incomplete("The resources of SAM in the template " + st.sides[i].doc.Path + " could not all be expanded.")
			}
			if f.Severity == diag.Error || i == after {
				x.result.Diagnostics = append(x.result.Diagnostics, f.Diagnostic)
			}
		}
	}
}

// sameFailure reports whether a failure is on the other side, too, with the resource as
// it is written and all that it depends on.
func (x *extraction) sameFailure(st *stack, f sam.Failure, others []sam.Failure) bool {
	if f.Resource == "" || st.sides[before] == nil || st.sides[after] == nil || x.o.PriorParameters != nil {
		return false
	}
	for _, o := range others {
		if o.Resource != f.Resource || o.Summary != f.Summary {
			continue
		}
		b, a := st.sides[before], st.sides[after]
		resource := a.serverless.Get(f.Resource)
		if typ, _ := resource.Get("Type").Text(); typ == "AWS::Serverless::Connector" || resource.Get("Connectors") != nil {
			// It names other resources without references.
			return sameText(b.globals, a.globals) && sameText(b.serverless, a.serverless)
		}
		return sameText(b.globals, a.globals) && x.sameNode(st, b.serverless.Get(f.Resource), resource, map[string]bool{}, 0)
	}
	return false
}

// sameText reports whether two values are the same, symbols and all.
func sameText(a, b *tree.Node) bool {
	return string(a.AppendJSON(nil)) == string(b.AppendJSON(nil))
}
