package cloudformation

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/cdk"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// maxConstruct bounds what a construct is called, in bytes.
const maxConstruct = 300

// constructs says of everything what the AWS CDK calls it, and where it comes from in
// the program.
func (x *extraction) constructs() {
	all := func(grants []extractors.Grant, links []extractors.Link, blocks []extractors.Block) {
		for i := range grants {
			grants[i].Written = x.construct(grants[i].Address, grants[i].Origin())
		}
		for i := range links {
			links[i].Written = x.construct(links[i].Address, links[i].Origin())
		}
		for i := range blocks {
			blocks[i].Written = x.construct(blocks[i].Address, blocks[i].Origin())
		}
	}
	all(x.result.Grants, x.result.Links, x.result.Blocks)
	for i := range x.result.Variants {
		v := &x.result.Variants[i]
		all(v.Grants, v.Links, v.Blocks)
	}
}

// construct is an origin with what is told of the resource at an address.
func (x *extraction) construct(address string, o extractors.Origin) *extractors.Origin {
	if u := x.unitAt(address); u != nil {
		n := u.nodes[after]
		if n == nil {
			n = u.nodes[before]
		}
		o.Construct = constructPath(n)
	}
	at, ok := x.o.Places[address]
	if !ok {
		return &o
	}
	// The line of the template is where the call in the program led to.
	behind := func(r source.Range, callers []source.Range) (source.Range, []source.Range) {
		if r.Path == "" {
			return at, callers
		}
		return at, append([]source.Range{r}, callers...)
	}
	o.Range, o.Callers = behind(o.Range, o.Callers)
	statements := make([]extractors.Place, len(o.Statements))
	for i, s := range o.Statements {
		statements[i].Range, statements[i].Callers = behind(s.Range, s.Callers)
	}
	o.Statements, o.Entries = statements, nil
	return &o
}

func constructPath(n *tree.Node) string {
	path := cdk.Path(n)
	if len(path) > maxConstruct {
		path = strings.ToValidUTF8(path[:maxConstruct], "") + "..."
	}
	return path
}
