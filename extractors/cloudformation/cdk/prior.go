package cdk

import (
	"path"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// Prior is what the manifest of an assembly says of the stack of a template, where the
// rest of the assembly is not at hand.
type Prior struct {
	// Stack is without its template and its places; nil where the manifest lists no
	// stack of this template: a file that an earlier synthesis left.
	Stack *Stack
	// Incomplete says why the template is not the one that was deployed, or "".
	Incomplete string
}

// ReadPrior looks in a manifest for the stack of a template, a path relative to the
// folder of the manifest, which is called name in messages. It is false where the text
// is no manifest.
func ReadPrior(manifest []byte, name, template string) (Prior, bool) {
	doc := tree.Parse(name, manifest, tree.Limits{Bytes: maxManifest})
	artifacts := doc.Root.Get("artifacts")
	if doc.Diagnostics.HasErrors() || artifacts == nil || artifacts.Kind != tree.Map {
		return Prior{}, false
	}
	out := Prior{Incomplete: missing(doc.Root, name)}
	for i := range artifacts.Fields {
		f := &artifacts.Fields[i]
		if kind, _ := f.Value.Get("type").Text(); kind != "aws:cloudformation:stack" {
			continue
		}
		if s, file := declared("", f); path.Clean(file) == path.Clean(template) {
			out.Stack = s
			break
		}
	}
	return out, true
}

// Differs says in what two descriptions of a stack are about two stacks, such as "the
// account 111122223333 and not 444455556666", or "" where they can be one. What the
// program leaves open can be anything.
func (s *Stack) Differs(before *Stack) string {
	for _, of := range []struct{ what, now, then string }{
		{"account", s.Account, before.Account}, {"Region", s.Region, before.Region}, {"stack name", s.Name, before.Name},
	} {
		if of.now != "" && of.then != "" && of.now != of.then {
			return "the " + of.what + " " + quoted(of.now) + " and not " + quoted(of.then)
		}
	}
	return ""
}
