package cloudformation

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// maxPermitTexts bounds the entries of a document that is made.
const maxPermitTexts = 10_000

// permitMaker makes the document of a resource that gives access without one.
type permitMaker struct {
	v     *view
	block *tree.Node // the entry at hand, nil for the resource
	left  int
	named bool // the service takes no principal that means everyone
}

// namedOnly are the types whose principals are accounts, organizations, users and roles by
// their names, and never everyone (AWS RAM API Reference, "AssociateResourceShare"; AWS
// Lake Formation API Reference, "DataLakePrincipal").
var namedOnly = []string{"AWS::RAM::ResourceShare", "AWS::LakeFormation::Permissions", "AWS::LakeFormation::PrincipalPermissions"}

// permitDocument is the policy that a resource amounts to, as a tree; nil for none.
func permitDocument(v *view, r *row) *tree.Node {
	if r.Permit.Text == "" { // AWS::Events::EventBusPolicy: one statement as it is
		s := v.prop(r.top())
		if s == nil {
			return nil
		}
		if s.Kind != tree.Map {
			return s
		}
		return policyOf(s.Range, s)
	}
	m := &permitMaker{v: v, left: maxPermitTexts, named: slices.Contains(namedOnly, r.Type)}
	var statements []*tree.Node
	for _, f := range parsePermit(r.Permit.Text) {
		blocks := []*tree.Node{nil}
		if f.each != "" {
			blocks = nil
			list := v.prop(f.each)
			switch {
			case list == nil:
			case list.Kind == tree.List:
				blocks = list.Items
			default:
				return list // not known as a whole
			}
		}
		for _, b := range blocks {
			m.block = b
			statements = append(statements, m.statement(&f)...)
		}
	}
	switch {
	case m.left < 0:
		return &tree.Node{Range: v.place(r.top())} // more than is compared
	case len(statements) == 0:
		return nil
	}
	return policyOf(v.place(r.top()), statements...)
}

func policyOf(at source.Range, statements ...*tree.Node) *tree.Node {
	return tree.NewMap(at, field(at, "Version", tree.NewString("2012-10-17", at)), field(at, "Statement", tree.NewList(at, statements...)))
}

func field(at source.Range, key string, v *tree.Node) tree.Field {
	return tree.Field{Key: key, At: at, Value: v}
}

func (m *permitMaker) is(u unless) bool {
	values := m.expand("{" + u.property + "}")
	return len(values) == 1 && strings.EqualFold(values[0].Value, u.value)
}

func (m *permitMaker) statement(f *statementForm) []*tree.Node {
	if f.hasWhen {
		values := m.expand("{" + f.when + "}")
		text := ""
		if len(values) > 0 {
			text = values[0].Value
		}
		if !m.v.scope.Symbols().Holds(text) && !containsFold(f.values, text) {
			return nil
		}
	}
	if len(f.unless) > 0 && !slices.ContainsFunc(f.unless, func(u unless) bool { return !m.is(u) }) {
		return nil
	}
	who, actions, on := m.all(f.who), m.all(f.do), m.all(f.on)
	if len(who) == 0 || len(actions) == 0 || len(f.on) > 0 && len(on) == 0 {
		return nil
	}
	at := who[0].Range
	if at.Path == "" {
		at = m.v.at()
	}
	conditions := m.conditions(f, at)
	var out []*tree.Node
	var plain []*tree.Node
	make := func(principal *tree.Node, conditions *tree.Node) *tree.Node {
		fields := []tree.Field{
			field(at, "Effect", tree.NewString("Allow", at)),
			field(at, "Principal", principal),
			field(at, "Action", tree.NewList(at, actions...)),
		}
		if len(on) > 0 {
			fields = append(fields, field(at, "Resource", tree.NewList(at, on...)))
		}
		if conditions != nil {
			fields = append(fields, field(at, "Condition", conditions))
		}
		return tree.NewMap(at, fields...)
	}
	for _, w := range who {
		key, text, limit := principalOf(w.Value, m.v)
		if key == "AWS" && m.named && m.v.scope.Symbols().Whole(text) != nil {
			text = unknownARN + text
		}
		value := tree.NewString(text, w.Range)
		if limit == nil && key == "AWS" {
			plain = append(plain, value)
			continue
		}
		principal := tree.NewString("*", w.Range)
		if key != "" {
			principal = tree.NewMap(w.Range, field(w.Range, key, value))
		}
		c := conditions
		if limit != nil {
			inner := tree.NewMap(at, field(at, limit.key, tree.NewString(limit.value, w.Range)))
			c = conditions.With(limit.operator, merged(conditions.Get(limit.operator), inner))
		}
		out = append(out, make(principal, c))
	}
	if len(plain) > 0 {
		out = append(out, make(tree.NewMap(at, field(at, "AWS", tree.NewList(at, plain...))), conditions))
	}
	return out
}

func merged(a, b *tree.Node) *tree.Node {
	if a == nil {
		return b
	}
	for _, f := range b.Fields {
		a = a.With(f.Key, f.Value)
	}
	return a
}

func (m *permitMaker) conditions(f *statementForm, at source.Range) *tree.Node {
	var out *tree.Node
	for _, c := range f.conditions {
		values := m.expand(c.value)
		operator, key := m.expand(c.operator), m.expand(c.key)
		if len(values) == 0 || len(operator) == 0 || len(key) == 0 {
			continue
		}
		inner := tree.NewMap(at, field(at, key[0].Value, tree.NewList(at, values...)))
		op := operator[0].Value
		if out == nil {
			out = tree.NewMap(at, field(at, op, inner))
			continue
		}
		out = out.With(op, merged(out.Get(op), inner))
	}
	return out
}

// all expands the entries of a list.
func (m *permitMaker) all(list []string) []*tree.Node {
	var out []*tree.Node
	for _, text := range list {
		out = append(out, m.expand(text)...)
	}
	return out
}

// expand fills the values of properties in: a text for each combination.
func (m *permitMaker) expand(text string) []*tree.Node {
	if head, rest, ok := strings.Cut(text, "("); ok && strings.Contains(rest, "{") {
		optional, tail, _ := strings.Cut(rest, ")")
		if inner := m.expand(optional); len(inner) > 0 {
			return m.expand(head + inner[0].Value + tail)
		}
		return m.expand(head + tail)
	}
	at := m.v.at()
	out := []*tree.Node{tree.NewString("", at)}
	for {
		head, rest, ok := strings.Cut(text, "{")
		name, tail, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			break
		}
		values := m.property(name)
		var next []*tree.Node
		for _, o := range out {
			for _, v := range values {
				if m.left--; m.left < 0 {
					return nil
				}
				n := tree.NewString(o.Value+head+v.Value, v.Range)
				next = append(next, n)
			}
		}
		out, text = next, tail
	}
	for i, o := range out {
		out[i] = tree.NewString(o.Value+text, o.Range)
	}
	return out
}

// property is the values of a property: name, fallback behind a bar, filter behind ~.
func (m *permitMaker) property(name string) []*tree.Node {
	name, filter, _ := strings.Cut(name, "~")
	name, fallback, hasFallback := strings.Cut(name, "|")
	name, outer := strings.CutPrefix(name, "^")
	var found []*tree.Node
	parts := strings.Split(strings.ReplaceAll(name, "[]", ""), ".")
	if filter == "digest" {
		if n := m.v.prop(parts[0]); n != nil {
			return []*tree.Node{tree.NewString(digest(n), n.Range)}
		}
		return nil
	}
	switch {
	case m.block != nil && !outer:
		found = texts(m.block, parts, nil)
	default:
		if top := m.v.prop(parts[0]); top != nil {
			found = texts(top, parts[1:], nil)
		}
	}
	var out []*tree.Node
	for _, n := range found {
		for _, t := range filtered(filter, n.Value, m.v) {
			out = append(out, tree.NewString(t, n.Range))
		}
	}
	if len(out) == 0 && hasFallback {
		out = append(out, tree.NewString(fallback, m.v.at()))
	}
	return out
}

// texts collects the texts below a chain of properties; lists are entered.
func texts(n *tree.Node, parts []string, out []*tree.Node) []*tree.Node {
	switch {
	case n == nil || len(out) > maxPermitTexts:
	case n.Kind == tree.List:
		for _, item := range n.Items {
			out = texts(item, parts, out)
		}
	case n.Scalar() && n.Value != "":
		out = append(out, n) // also where a symbol stands for a map
	case len(parts) > 0:
		out = texts(n.Get(parts[0]), parts[1:], out)
	}
	return out
}

// digest names a description: by its texts, and a hash that tells it from others.
func digest(n *tree.Node) string {
	var words []string
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		for _, item := range n.Items {
			walk(item)
		}
		for _, f := range n.Fields {
			walk(f.Value)
		}
		if n.Scalar() && len(words) < 8 {
			words = append(words, plainText.Replace(n.Value))
		}
	}
	walk(n)
	sum := sha256.Sum256(n.AppendJSON(nil))
	return shown(strings.Join(words, "/")) + "/" + hex.EncodeToString(sum[:4])
}

// plainText keeps a text free of what patterns give a meaning.
var plainText = strings.NewReplacer("*", "%2A", "?", "%3F", "$", "%24")

// filtered is what a filter makes of a value.
func filtered(filter, text string, v *view) []string {
	switch filter {
	case "function":
		return []string{functionARN(text)}
	case "istrue":
		if strings.EqualFold(text, "true") {
			return []string{"true"}
		}
		return nil
	case "bare":
		_, after, found := strings.Cut(text, ":")
		if found {
			return []string{after}
		}
	case "word": // CREATE_TABLE is CreateTable
		out := ""
		for _, w := range strings.Split(strings.ToLower(text), "_") {
			if w != "" {
				out += strings.ToUpper(w[:1]) + w[1:]
			}
		}
		return []string{out}
	case "foreign":
		if text == v.account() {
			return nil
		}
	case "all":
		if text == "all" {
			return []string{"*"}
		}
	case "any":
		if text == "ANY" {
			return []string{"*"}
		}
	case "route":
		method, path, ok := strings.Cut(text, " ")
		if !ok {
			return []string{text}
		}
		if method == "ANY" {
			var out []string
			for _, m := range callMethods {
				out = append(out, m+path)
			}
			return out
		}
		return []string{method + path}
	case "s3access":
		read, write := []string{"s3:GetObject", "s3:ListBucket"}, []string{"s3:PutObject", "s3:DeleteObject"}
		switch text {
		case "READ":
			return read
		case "WRITE":
			return write
		}
		return append(read, write...)
	}
	return []string{text}
}

// functionARN turns the other two forms of a function name, NAME[:QUALIFIER] and
// ACCOUNT:function:NAME, into an ARN (AWS Lambda API Reference, "AddPermission").
func functionARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	if account, rest, ok := strings.Cut(name, ":function:"); ok && isAccount(account) {
		return "arn:aws:lambda:*:" + account + ":function:" + rest
	}
	return "arn:aws:lambda:*:*:function:" + name
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// limit is a condition that a principal stands for.
type limit struct{ operator, key, value string }

// principalOf is the principal of a policy that a service's own way to write one means:
// everyone, an account, an ARN, an organization or unit, or a service by its host name.
func principalOf(text string, v *view) (key, value string, l *limit) {
	switch {
	case text == "IAM_ALLOWED_PRINCIPALS": // whoever IAM allows, in the own account
		return "", "*", &limit{"StringEquals", "aws:PrincipalAccount", v.w.ownAccount(v)}
	case text == "*":
		return "", "*", nil
	case strings.HasPrefix(text, "o-"):
		return "", "*", &limit{"StringEquals", "aws:PrincipalOrgID", text}
	case strings.Contains(text, ":organizations:") && strings.Contains(text, ":organization/"):
		return "", "*", &limit{"StringEquals", "aws:PrincipalOrgID", text[strings.LastIndexByte(text, '/')+1:]}
	case strings.Contains(text, ":organizations:") && strings.Contains(text, ":ou/"):
		_, path, _ := strings.Cut(text, ":ou/")
		org, unit, _ := strings.Cut(path, "/")
		return "", "*", &limit{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", org + "/*/" + unit + "/*"}
	case strings.HasPrefix(text, "directory:"):
		return "", "*", &limit{"StringEquals", "identitystore:UserId", strings.TrimPrefix(text, "directory:")}
	case strings.Contains(text, ".") && !strings.Contains(text, ":") && !strings.HasPrefix(text, "("):
		return "Service", text, nil
	}
	return "AWS", text, nil
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}
