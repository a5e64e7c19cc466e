package cloudformation

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// fixer turns an evaluated document into a tree of the policy language. Symbols get the
// form that their element asks for: an ARN for a resource, a principal for a principal.
// Where a symbol leaves the shape of a statement open, nothing can be said.
type fixer struct {
	w      *world
	i      int // the side
	reason string
	open   []*tree.Node
	// numbered are the symbols in whose place a number of 12 digits stands somewhere.
	numbered map[string]bool
	// sided: the same symbol means another thing on the other side.
	sided bool
}

func (f *fixer) holds(n *tree.Node) bool {
	return n != nil && f.w.x.symbols.Holds(n.Value) && n.Kind == tree.String
}

// undecided notes what leaves the shape open.
func (f *fixer) undecided(n *tree.Node, what string) {
	if f.reason == "" {
		f.reason = what
		for _, sym := range f.w.x.symbols.In(string(n.AppendJSON(nil))) {
			if sym.Reason != "" {
				f.reason = strings.TrimSuffix(what, ".") + ": " + lowerFirst(sym.Reason)
			}
		}
	}
	f.open = append(f.open, n)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// document reads a document.
func (f *fixer) document(n *tree.Node) policy.Tree {
	return f.object(n, "A part of the policy is not known before the change.", func(key string, v *tree.Node) policy.Tree {
		if key != "Statement" {
			return f.plain(v)
		}
		if f.holds(v) {
			f.undecided(v, "Its statements are not known before the change.")
		}
		if v.Kind == tree.List {
			out := policy.Tree{Kind: policy.TreeArray, Range: v.Range}
			for _, item := range v.Items {
				out.Items = append(out.Items, f.statement(item))
			}
			return out
		}
		return f.statement(v)
	})
}

// object reads a map, of which each value is read by member.
func (f *fixer) object(n *tree.Node, open string, member func(string, *tree.Node) policy.Tree) policy.Tree {
	if f.holds(n) {
		f.undecided(n, open)
	}
	if n.Kind != tree.Map {
		return f.plain(n)
	}
	out := policy.Tree{Kind: policy.TreeObject, Range: n.Range}
	for _, m := range n.Fields {
		if f.w.x.symbols.Holds(m.Key) && m.Key != f.w.x.symbols.Account() {
			f.undecided(tree.NewString(m.Key, m.At), open)
		}
		if m.Key == "Fn::Transform" || strings.HasPrefix(m.Key, "Fn::ForEach::") {
			f.undecided(m.Value, open)
			continue
		}
		out.Members = append(out.Members, policy.TreeMember{Name: m.Key, At: m.At, Value: member(m.Key, m.Value)})
	}
	return out
}

func (f *fixer) statement(n *tree.Node) policy.Tree {
	return f.object(n, "A statement is not known before the change.", func(key string, v *tree.Node) policy.Tree {
		switch key {
		case "Sid":
			if f.holds(v) {
				return policy.Tree{Kind: policy.TreeString, Range: v.Range, Text: alphanumeric(v.Value)}
			}
		case "Effect", "Action", "NotAction":
			f.settled(v, "Which actions a statement is about, or whether it allows them, is not known before the change.")
		case "Resource", "NotResource":
			return f.each(v, f.resource)
		case "Principal", "NotPrincipal":
			return f.principals(v)
		case "Condition":
			return f.conditions(v)
		}
		return f.plain(v)
	})
}

// settled asks for a value without symbols. The own account may be in it.
func (f *fixer) settled(v *tree.Node, what string) {
	switch {
	case v.Kind == tree.List:
		for _, item := range v.Items {
			f.settled(item, what)
		}
	case f.holds(v):
		f.undecided(v, what)
	}
}

// each reads a text, or each of a list.
func (f *fixer) each(v *tree.Node, one func(*tree.Node) policy.Tree) policy.Tree {
	if v.Kind != tree.List {
		return one(v)
	}
	out := policy.Tree{Kind: policy.TreeArray, Range: v.Range}
	for _, item := range v.Items {
		out.Items = append(out.Items, one(item))
	}
	return out
}

// unknownARN begins what stands for an ARN of which no part is known: six fields, so
// that it is taken for an ARN.
const unknownARN = "arn:unknown:unknown:::"

func (f *fixer) resource(v *tree.Node) policy.Tree {
	out := f.plain(v)
	if f.holds(v) && !strings.HasPrefix(v.Value, "arn:") {
		out.Text = unknownARN + v.Value
	}
	return out
}

func (f *fixer) principals(v *tree.Node) policy.Tree {
	return f.object(v, "Who a statement is about is not known before the change.", func(key string, v *tree.Node) policy.Tree {
		return f.each(v, func(v *tree.Node) policy.Tree {
			out := f.plain(v)
			if !f.holds(v) || isAccount(v.Value) {
				return out
			}
			switch {
			case key == "AWS" && strings.HasPrefix(v.Value, "arn:") && strings.Count(v.Value, ":") >= 5:
			case key == "Service" && strings.Contains(v.Value, "."):
			case key == "Federated", key == "CanonicalUser":
			case key == "AWS" && f.begun(v.Value):
				out.Text = unknownARN + v.Value
			case key == "AWS" && f.somebody(v.Value):
				out.Text = "arn:aws:iam::" + v.Value + ":root"
				if f.w.x.symbols.Whole(v.Value).ARN {
					out.Text = unknownARN + v.Value
				}
			default:
				out.Text = "unknown:" + v.Value
			}
			return out
		})
	})
}

// begun reports whether a text with symbols has a letter in front of them, as in
// "arn:aws:iam::(X)", so that it cannot be everyone.
func (f *fixer) begun(text string) bool {
	for _, sym := range f.w.x.symbols.In(text) {
		if strings.HasPrefix(text, sym.Text) {
			return false
		}
	}
	return text[0] >= 'a' && text[0] <= 'z' || text[0] >= 'A' && text[0] <= 'Z'
}

// somebody reports whether a text with symbols cannot be everyone: it has other
// characters, or the symbol names one thing.
func (f *fixer) somebody(text string) bool {
	if strings.ContainsAny(text, ":/") {
		return false
	}
	sym := f.w.x.symbols.Whole(text)
	if sym == nil {
		return false
	}
	f.sided = f.sided || sym.Somebody[before] != sym.Somebody[after]
	return sym.Somebody[f.i]
}

func (f *fixer) conditions(v *tree.Node) policy.Tree {
	const open = "The conditions of a statement are not known before the change."
	return f.object(v, open, func(operator string, v *tree.Node) policy.Tree {
		return f.object(v, open, func(key string, v *tree.Node) policy.Tree {
			v = f.shapely(strings.ToLower(key), v)
			op := strings.ToLower(operator)
			op = strings.TrimPrefix(strings.TrimPrefix(op, "forallvalues:"), "foranyvalue:")
			switch {
			case strings.HasPrefix(op, "arn"):
				return f.each(v, f.resource)
			case strings.HasPrefix(op, "string"):
			default: // numbers, dates, addresses and Booleans have no symbols
				f.settled(v, open)
			}
			return f.plain(v)
		})
	})
}

// accountKeys and organizationKeys are condition keys whose values only count as somebody
// in particular in the form of an account or an organization.
var (
	accountKeys = map[string]bool{
		"aws:principalaccount": true, "aws:sourceaccount": true, "aws:sourceowner": true, "aws:resourceaccount": true,
		"kms:calleraccount": true, "s3:dataaccesspointaccount": true, "s3:resourceaccount": true,
	}
	organizationKeys = map[string]bool{
		"aws:principalorgid": true, "aws:sourceorgid": true, "aws:resourceorgid": true, "aws:principalorgpaths": true, "aws:sourceorgpaths": true,
	}
	arnKeys = map[string]bool{"aws:sourcearn": true, "aws:principalarn": true, "s3:dataaccesspointarn": true}
)

// digits is the number that stands for an account.
func (f *fixer) digits(s *eval.Symbol) string {
	if f.numbered == nil {
		f.numbered = map[string]bool{}
	}
	f.numbered[s.Text] = true
	return f.w.x.symbols.Digits(s)
}

// shapely gives symbols the form of what a condition key compares.
func (f *fixer) shapely(key string, v *tree.Node) *tree.Node {
	if v.Kind == tree.List {
		items := make([]*tree.Node, len(v.Items))
		for i := range v.Items {
			items[i] = f.shapely(key, v.Items[i])
		}
		return tree.NewList(v.Range, items...)
	}
	if !f.holds(v) {
		return v
	}
	symbols := f.w.x.symbols
	text := v.Value
	switch {
	case accountKeys[key]:
		if s := symbols.Whole(text); s != nil {
			text = f.digits(s)
		}
	case organizationKeys[key] && strings.HasPrefix(text, "("):
		text = "o-" + text
	case arnKeys[key]:
		if p := strings.SplitN(text, ":", 6); len(p) == 6 && symbols.Whole(p[4]) != nil {
			p[4] = f.digits(symbols.Whole(p[4]))
			text = strings.Join(p, ":")
		}
	}
	if text == v.Value {
		return v
	}
	return tree.NewString(text, v.Range)
}

// plain reads a value as it is. The service takes numbers and Booleans for texts.
func (f *fixer) plain(n *tree.Node) policy.Tree {
	out := policy.Tree{Range: n.Range}
	switch n.Kind {
	case tree.List:
		out.Kind = policy.TreeArray
		for _, item := range n.Items {
			out.Items = append(out.Items, f.plain(item))
		}
	case tree.Map:
		out.Kind = policy.TreeObject
		for _, m := range n.Fields {
			out.Members = append(out.Members, policy.TreeMember{Name: m.Key, At: m.At, Value: f.plain(m.Value)})
		}
	case tree.String, tree.Number, tree.Bool:
		out.Kind, out.Text = policy.TreeString, n.Value
	default:
		out.Kind = policy.TreeNull
	}
	return out
}

func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
