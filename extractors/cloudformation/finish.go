package cloudformation

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// finish completes the extraction.
func (x *extraction) finish() {
	if account := x.symbols.Account(); account != "" && x.o.Account == "" {
		for i := range x.result.Grants {
			x.result.Grants[i].OwnAccount = account
		}
		for i := range x.result.Variants {
			v := &x.result.Variants[i]
			for j := range v.Grants {
				v.Grants[j].OwnAccount = account
			}
		}
	}
	x.constructs()
	x.secrets()
}

// secrets notes the values of parameters that the template marks as not to be shown.
func (x *extraction) secrets() {
	for _, st := range x.stacks {
		for _, s := range st.sides {
			if s == nil || s.template.Parameters == nil || s.template.Parameters.Kind != tree.Map {
				continue
			}
			for _, p := range s.template.Parameters.Fields {
				if hidden, _ := p.Value.Get("NoEcho").Truth(); !hidden {
					continue
				}
				value, _ := p.Value.Get("Default").Text()
				for _, v := range []string{value, x.o.Parameters[p.Key], x.o.PriorParameters[p.Key]} {
					if len(v) >= 4 && !slices.Contains(x.result.Secrets, v) {
						x.result.Secrets = append(x.result.Secrets, v)
					}
				}
			}
		}
	}
	slices.Sort(x.result.Secrets)
}

func (x *extraction) root() source.Range {
	for _, st := range x.stacks {
		for _, i := range []int{after, before} {
			if s := st.sides[i]; s != nil {
				return source.Range{Path: s.doc.Path}
			}
		}
	}
	return source.Range{}
}
