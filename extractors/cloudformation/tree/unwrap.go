package tree

// Unwrapped is the template in what "aws cloudformation get-template" prints: the value
// of TemplateBody, which is an object for a template in JSON and a text for one in YAML
// ("GetTemplate" of the AWS CloudFormation API Reference). A document that is none is
// returned as it is. Everything in a template that is a text within the output has the
// place of that text.
func (d *Document) Unwrapped() *Document {
	body := d.Root.Get("TemplateBody")
	if body == nil || d.Root.Get("Resources") != nil {
		return d
	}
	switch body.Kind {
	case Map:
		out := *d
		out.Root = body
		return &out
	case String:
		inner := Parse(d.Path, []byte(body.Value), Limits{})
		out := &Document{Path: d.Path, Format: inner.Format, Diagnostics: d.Diagnostics}
		for _, one := range inner.Diagnostics {
			one.Subject = body.Range
			out.Diagnostics = append(out.Diagnostics, one)
		}
		if inner.Root != nil {
			out.Root = inner.Root.Placed(body.Range)
		}
		out.Diagnostics.Sort()
		return out
	default:
		return d
	}
}
