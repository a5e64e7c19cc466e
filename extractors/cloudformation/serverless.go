package cloudformation

import (
	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
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
	out, ds := sam.Expand(template, o)
	x.result.Diagnostics = append(x.result.Diagnostics, ds...)
	if ds.HasErrors() {
		x.incomplete("The resources of SAM in the template " + s.doc.Path + " could not all be expanded.")
	}
	s.resources = out.Get("Resources")
	s.template.Resources, s.template.Conditions, s.outputs = s.resources, out.Get("Conditions"), out.Get("Outputs")
}
