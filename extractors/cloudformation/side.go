package cloudformation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// parsed is a document that was read, kept so that both sides, and all choices, share
// one when they say the same.
type parsed struct {
	doc *policy.Document
	ds  diag.Diagnostics
}

// side makes one side of a grant from the value of its property, and returns the tree
// that its statements are in.
func (w *world) side(g *extractors.Grant, r *row, v *view, n *tree.Node) (extractors.Side, *tree.Node) {
	if n == nil {
		return w.absent(r, v), nil
	}
	written := n
	if n.Kind == tree.String && n.Source() != nil {
		n, written = n.Source(), n.Source() // Fn::ToJsonString
	}
	if n.Kind == tree.String {
		if sym := w.x.symbols.Whole(n.Value); sym != nil {
			u := w.x.unknown(cmp.Or(sym.Reason, "Its text is not known before the change."), n)
			u.DeniesNothing = sym.DeniesNothing
			return extractors.Side{Unknown: u}, nil
		}
		d := tree.Parse("", []byte(n.Value), tree.Limits{Bytes: policy.MaxText * 2})
		if d.Root == nil || d.Format != tree.JSON || d.Diagnostics.HasErrors() {
			p := w.x.parsed([]string{g.Address, g.Attribute, string(g.Kind), "text", n.Value}, func() (*policy.Document, diag.Diagnostics) {
				return policy.Parse([]byte(n.Value), policy.ParseOptions{Kind: g.Kind.PolicyKind()})
			})
			return extractors.Side{Document: p.doc, Diagnostics: relocated(p.ds, n)}, nil
		}
		n = moved(d.Root, written)
	}
	if n.Kind == tree.Invalid {
		return extractors.Side{Unknown: &extractors.Unknown{Reason: "It could not be read, or holds more than is compared."}}, nil
	}
	f := fixer{w: w, i: v.i}
	t := f.document(n)
	if f.reason != "" {
		return extractors.Side{Unknown: w.x.unknown(f.reason, f.open...)}, nil
	}
	key := []string{g.Address, g.Attribute, string(g.Kind), string(n.AppendJSON(nil))}
	if f.sided {
		key = append(key, fmt.Sprint(v.i))
	}
	p := w.x.parsed(key, func() (*policy.Document, diag.Diagnostics) {
		return policy.ParseTree(t, policy.ParseOptions{Kind: g.Kind.PolicyKind()})
	})
	s := extractors.Side{Document: p.doc, Diagnostics: v.ofDefaults(p.ds)}
	for _, sym := range w.x.symbols.In(string(n.AppendJSON(nil))) {
		s.Symbols = append(s.Symbols, extractors.Symbol{Text: sym.Text, Reference: sym.Reference, Note: note(sym), Wild: !sym.Steady[v.i]})
		if f.numbered[sym.Text] {
			s.Symbols = append(s.Symbols, extractors.Symbol{Text: w.x.symbols.Digits(sym), Reference: sym.Reference, Note: note(sym), Wild: !sym.Steady[v.i]})
		}
	}
	return s, n
}

// note says why a value is not known, or how a scan is told it.
func note(sym *eval.Symbol) string {
	if sym.Reason == "" && sym.Option != "" {
		return "Give the value with " + sym.Option + "."
	}
	return sym.Reason
}

// absent is what holds without a document.
func (w *world) absent(r *row, v *view) extractors.Side {
	switch {
	case r.Flags&keyDefault != 0:
		id := w.ownAccount(v)
		return extractors.Side{Document: w.x.builtIn("key", `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions",`+
			`"Effect":"Allow","Principal":{"AWS":"arn:`+cmp.Or(w.x.o.Partition, "aws")+`:iam::`+id+`:root"},"Action":"kms:*","Resource":"*"}]}`, policy.Resource)}
	case r.Flags&mountDefault != 0: // Amazon EFS User Guide, "Default EFS file system policy"
		return extractors.Side{Document: w.x.builtIn("file system", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},`+
			`"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],"Resource":"*",`+
			`"Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}]}`, policy.Resource)}
	case r.Flags&openDefault != 0:
		return extractors.Side{Document: fullAccess()}
	case r.Flags&session != 0:
		return extractors.Side{Document: unlimited()}
	}
	return extractors.Side{Absent: true}
}

// ownAccount is the account of the stack or the number that stands for it.
func (w *world) ownAccount(v *view) string {
	if w.x.o.Account != "" {
		return w.x.o.Account
	}
	text, _ := v.scope.Eval(tree.NewCall(source.Range{}, "Ref", tree.NewString("AWS::AccountId", source.Range{}))).Text()
	return text
}

// builtIn reads a document of the program's own, once for each text.
func (x *extraction) builtIn(name, text string, kind policy.Kind) *policy.Document {
	return x.parsed([]string{"built in", name, text}, func() (*policy.Document, diag.Diagnostics) { return mustParse(text, kind), nil }).doc
}

// parsed reads a document once for each key.
func (x *extraction) parsed(key []string, read func() (*policy.Document, diag.Diagnostics)) parsed {
	id := strings.Join(key, "\x00")
	p, done := x.docs[id]
	if !done {
		p.doc, p.ds = read()
		x.docs[id] = p
	}
	return p
}

// fullAccess is what holds at a VPC endpoint without a policy (Amazon VPC User Guide,
// "Control access to VPC endpoints using endpoint policies").
var fullAccess = sync.OnceValue(func() *policy.Document {
	return mustParse(`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`, policy.Resource)
})

// unlimited is what holds for a session without a session policy (IAM User Guide,
// "Policies and permissions in IAM", session policies).
var unlimited = sync.OnceValue(func() *policy.Document {
	return mustParse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, policy.Identity)
})

func mustParse(text string, kind policy.Kind) *policy.Document {
	doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind})
	if ds.HasErrors() {
		panic("cloudformation: faulty built-in policy: " + ds.Error())
	}
	return doc
}

// unknown says why something is not known, with what it depends on.
func (x *extraction) unknown(reason string, nodes ...*tree.Node) *extractors.Unknown {
	u := &extractors.Unknown{Reason: reason}
	for _, n := range nodes {
		for _, sym := range x.symbols.In(string(n.AppendJSON(nil))) {
			if len(u.References) < 20 && !slices.Contains(u.References, sym.Reference) {
				u.References = append(u.References, sym.Reference)
			}
		}
	}
	return u
}

// relocated moves the places of diagnostics about a text to where it was written.
func relocated(ds diag.Diagnostics, n *tree.Node) diag.Diagnostics {
	out := make(diag.Diagnostics, len(ds))
	for i, d := range ds {
		at := n.At(d.Subject.Start.Byte)
		d.Subject = source.Range{Path: n.Range.Path, Start: at, End: at}
		out[i] = d
	}
	return out
}

// moved is a tree that was read from the text n, with places in the template.
func moved(root, n *tree.Node) *tree.Node {
	at := func(r source.Range) source.Range {
		return source.Range{Path: n.Range.Path, Start: n.At(r.Start.Byte), End: n.At(r.End.Byte)}
	}
	var walk func(m *tree.Node) *tree.Node
	walk = func(m *tree.Node) *tree.Node {
		switch m.Kind {
		case tree.List:
			items := make([]*tree.Node, len(m.Items))
			for i := range m.Items {
				items[i] = walk(m.Items[i])
			}
			return tree.NewList(at(m.Range), items...)
		case tree.Map:
			fields := make([]tree.Field, len(m.Fields))
			for i, f := range m.Fields {
				fields[i] = tree.Field{Key: f.Key, At: at(f.At), Value: walk(f.Value)}
			}
			return tree.NewMap(at(m.Range), fields...)
		}
		out := *m
		out.Range = at(m.Range)
		return &out
	}
	return walk(root)
}
