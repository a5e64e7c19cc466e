package repository

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A mutant is a small fault in a source file. All mutants of a package are compiled
// into it together, and a test run chooses one by its number: an edit wraps the code
// at fault in a call that does what the code did, except under that number.
type mutant struct {
	number int
	name   string // stays when lines move
}

// edit replaces the text of src[start:end] by pre + that text + post, or drops it.
type edit struct {
	start, end int
	pre, post  string
	drop       bool
}

// mutator walks one file.
type mutator struct {
	fset    *token.FileSet
	file    string
	src     []byte
	stack   []ast.Node
	edits   []edit
	seen    map[ast.Expr]bool // Boolean expressions that have their mutants
	names   map[string]int
	next    *int
	mutants []mutant
}

// mutate returns src with its mutants, numbered from *next on.
func mutate(file string, src []byte, next *int) ([]byte, []mutant, error) {
	m := &mutator{fset: token.NewFileSet(), file: file, src: src, seen: map[ast.Expr]bool{}, names: map[string]int{}, next: next}
	f, err := parser.ParseFile(m.fset, file, src, 0)
	if err != nil {
		return nil, nil, err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			m.stack = m.stack[:len(m.stack)-1]
			return true
		}
		if skipped(n) {
			return false
		}
		m.node(n)
		m.stack = append(m.stack, n)
		return true
	})
	return m.apply(), m.mutants, nil
}

// skipped are nodes that hold no code: imports, types, constants.
func skipped(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.VAR
	case *ast.FuncType, *ast.ArrayType, *ast.StructType, *ast.MapType:
		return true
	}
	return false
}

func (m *mutator) offset(p token.Pos) int { return m.fset.Position(p).Offset }

func (m *mutator) text(n ast.Node) string {
	return string(m.src[m.offset(n.Pos()):m.offset(n.End())])
}

// add makes a mutant and returns its number.
func (m *mutator) add(n ast.Node, what string) int {
	at := "package"
	for _, s := range m.stack {
		if d, ok := s.(*ast.FuncDecl); ok {
			at = d.Name.Name
		}
	}
	text := []rune(strings.Join(strings.Fields(m.text(n)), " "))
	if len(text) > 70 {
		text = append(text[:70], []rune("...")...)
	}
	name := fmt.Sprintf("%s %s: %s: %s", m.file, at, string(text), what)
	if m.names[name]++; m.names[name] > 1 {
		name += fmt.Sprintf(" (%d)", m.names[name])
	}
	number := *m.next
	*m.next++
	m.mutants = append(m.mutants, mutant{number, name})
	return number
}

func (m *mutator) wrap(n ast.Node, pre, post string) {
	m.edits = append(m.edits, edit{start: m.offset(n.Pos()), end: m.offset(n.End()), pre: pre, post: post})
}

func (m *mutator) parent(up int) ast.Node {
	if len(m.stack) < up {
		return nil
	}
	return m.stack[len(m.stack)-up]
}

func (m *mutator) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		m.condition(n.Cond)
	case *ast.ForStmt:
		m.condition(n.Cond)
	case *ast.FuncDecl:
		m.ending(n.Type, n.Body)
	case *ast.FuncLit:
		m.ending(n.Type, n.Body)
	case *ast.ReturnStmt:
		m.result(n)
	case *ast.BinaryExpr:
		if n.Op == token.LAND || n.Op == token.LOR || comparison(n.Op) {
			m.condition(n)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			m.condition(n)
		}
	case *ast.CaseClause:
		m.clause(n)
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.AssignStmt:
		m.statement(n.(ast.Stmt))
	case *ast.Ident:
		m.ident(n)
	case *ast.BasicLit:
		m.literal(n)
	}
}

func comparison(op token.Token) bool {
	return slices.Contains([]token.Token{token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ}, op)
}

// condition makes a Boolean expression true, false, and its operators others.
func (m *mutator) condition(e ast.Expr) {
	for {
		p, ok := e.(*ast.ParenExpr)
		if !ok {
			break
		}
		e = p.X
	}
	if e == nil || m.seen[e] {
		return
	}
	m.seen[e] = true
	if id, ok := e.(*ast.Ident); ok && (id.Name == "true" || id.Name == "false") {
		return
	}
	b, ok := e.(*ast.BinaryExpr)
	if ok && (b.Op == token.LAND || b.Op == token.LOR) {
		call, other := "mutatedAnd", "||"
		if b.Op == token.LOR {
			call, other = "mutatedOr", "&&"
		}
		m.wrap(b, fmt.Sprintf("%s(%d, ", call, m.add(b, other+" for "+b.Op.String())), ")})")
		at := m.offset(b.OpPos)
		m.edits = append(m.edits, edit{start: at, end: at + len(b.Op.String()), post: ", func() bool { return (", drop: true})
		m.condition(b.X)
		m.condition(b.Y)
		return
	}
	m.wrap(e, "((", fmt.Sprintf(") || mutated(%d)) && !mutated(%d)", m.add(e, "true"), m.add(e, "false")))
	m.wrap(e, "(", ")")
	if !ok {
		return
	}
	x, y := m.text(b.X), m.text(b.Y)
	switch b.Op {
	case token.LSS, token.GTR:
		m.wrap(e, "(", fmt.Sprintf(" || mutated(%d) && (%s) == (%s))", m.add(e, "or equal"), x, y))
	case token.LEQ, token.GEQ:
		m.wrap(e, "(", fmt.Sprintf(" && !(mutated(%d) && (%s) == (%s)))", m.add(e, "not equal"), x, y))
	default:
	}
}

// ending keeps functions whose last statements a mutant takes away well formed.
func (m *mutator) ending(t *ast.FuncType, body *ast.BlockStmt) {
	if body != nil && t.Results != nil {
		at := m.offset(body.Rbrace)
		m.edits = append(m.edits, edit{start: at, end: at, pre: "\npanic(\"a mutant fell out of its function\")\n"})
	}
}

// result makes Boolean results true and false.
func (m *mutator) result(n *ast.ReturnStmt) {
	var t *ast.FuncType
	for _, s := range m.stack {
		switch f := s.(type) {
		case *ast.FuncDecl:
			t = f.Type
		case *ast.FuncLit:
			t = f.Type
		}
	}
	if t.Results == nil {
		return
	}
	var types []ast.Expr
	for _, f := range t.Results.List {
		for range max(1, len(f.Names)) {
			types = append(types, f.Type)
		}
	}
	for i, e := range n.Results {
		if id, ok := types[min(i, len(types)-1)].(*ast.Ident); ok && id.Name == "bool" && len(n.Results) == len(types) {
			m.condition(e)
		}
	}
}

// clause takes away the body of a case, and takes its labels for others.
func (m *mutator) clause(n *ast.CaseClause) {
	sw, ok := m.parent(2).(*ast.SwitchStmt)
	if !ok {
		return
	}
	for _, e := range n.List {
		if sw.Tag == nil {
			m.condition(e)
		} else if id, ok := e.(*ast.Ident); ok && unicode.IsUpper(rune(id.Name[0])) {
			m.wrap(e, fmt.Sprintf("mutatedNext(%d, ", m.add(e, "another label")), ")")
		}
	}
	if len(n.Body) == 0 {
		return
	}
	last := n.Body[len(n.Body)-1]
	if b, ok := last.(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
		return
	}
	number := m.add(&ast.BadExpr{From: n.Pos(), To: n.Colon}, "no body")
	m.edits = append(m.edits, edit{start: m.offset(n.Body[0].Pos()), end: m.offset(last.End()), pre: fmt.Sprintf("if !mutated(%d) {\n", number), post: "\n}"})
}

// statement takes away a statement.
func (m *mutator) statement(n ast.Stmt) {
	if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		return
	}
	switch p := m.parent(1).(type) {
	case *ast.BlockStmt:
	case *ast.CaseClause:
		if slices.Contains(p.Body, n) && len(p.Body) == 1 {
			return // as without the body
		}
	default:
		return
	}
	m.wrap(n, fmt.Sprintf("if !mutated(%d) {\n", m.add(n, "left out")), "\n}")
}

// ident takes true for false, and one constant of a table for another.
func (m *mutator) ident(n *ast.Ident) {
	if n.Name == "true" || n.Name == "false" {
		m.wrap(n, "(", fmt.Sprintf(" != mutated(%d))", m.add(n, "the other")))
		return
	}
	value := false
	switch p := m.parent(1).(type) {
	case *ast.CompositeLit:
		value = slices.Contains(p.Elts, ast.Expr(n))
	case *ast.KeyValueExpr:
		value = p.Value == n
	}
	if value && unicode.IsUpper(rune(n.Name[0])) {
		m.wrap(n, fmt.Sprintf("mutatedNext(%d, ", m.add(n, "another")), ")")
	}
}

// literal makes numbers one more and one less, and texts empty. Messages to readers,
// which have blanks, are left alone.
func (m *mutator) literal(n *ast.BasicLit) {
	switch n.Kind {
	case token.INT:
		if m.ofSet() {
			return
		}
		m.wrap(n, fmt.Sprintf("mutatedInt(%d, %d, ", m.add(n, "one more"), m.add(n, "one less")), ")")
	case token.STRING:
		text, err := strconv.Unquote(n.Value)
		if err != nil || strings.Contains(strings.TrimSuffix(text, ", '"), " ") {
			return
		}
		if call, ok := m.parent(1).(*ast.CallExpr); ok && m.text(call.Fun) == "regexp.MustCompile" {
			m.expression(n, text)
			return
		}
		m.wrap(n, fmt.Sprintf("mutatedText(%d, ", m.add(n, "another text")), ")")
	}
}

// ofSet reports whether a number is the empty set of bits, of a type that the text
// does not tell.
func (m *mutator) ofSet() bool {
	switch p := m.parent(1).(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BinaryExpr:
		x, ok := p.X.(*ast.BinaryExpr)
		return ok && x.Op == token.AND
	}
	return false
}

// expressionPart is a part of a regular expression that can be left out or loosened.
var expressionPart = regexp.MustCompile(`^\^|\$$|\)\?|[*+?]|\{[0-9,]+\}|\[[^]]+\]|\\\.`)

// expression takes away the parts of a regular expression one by one.
func (m *mutator) expression(n *ast.BasicLit, text string) {
	variants := []string{}
	numbers := []string{}
	for _, at := range expressionPart.FindAllStringIndex(text, -1) {
		part, other := text[at[0]:at[1]], ""
		switch {
		case strings.HasPrefix(part, "["):
			other = "."
		case part == `\.`:
			other = "."
		case strings.HasPrefix(part, "{"):
			other = "*"
		case part == "+":
			other = "*"
		}
		changed := text[:at[0]] + other + text[at[1]:]
		if _, err := regexp.Compile(changed); err != nil || changed == text {
			continue
		}
		numbers = append(numbers, strconv.Itoa(m.add(n, "with "+strconv.Quote(other)+" for "+strconv.Quote(part)+" at "+strconv.Itoa(at[0]))))
		variants = append(variants, strconv.Quote(changed))
	}
	m.wrap(n, "mutatedExpression([]int{"+strings.Join(numbers, ",")+"}, []string{"+strings.Join(variants, ",")+"}, ", ")")
}

// apply writes the edits into the source: what comes first is outside.
func (m *mutator) apply() []byte {
	type insert struct {
		at, order int
		far       int // the other end
		text      string
		after     bool
	}
	var inserts []insert
	dropped := map[int]int{}
	for i, e := range m.edits {
		if e.drop {
			dropped[e.start] = e.end
			inserts = append(inserts, insert{at: e.start, far: e.end, order: i, text: e.post})
			continue
		}
		inserts = append(inserts, insert{at: e.start, far: e.end, order: i, text: e.pre})
		inserts = append(inserts, insert{at: e.end, far: e.start, order: i, text: e.post, after: true})
	}
	slices.SortStableFunc(inserts, func(a, b insert) int {
		switch {
		case a.at != b.at:
			return a.at - b.at
		case a.after != b.after:
			if a.after {
				return -1
			}
			return 1
		case a.after: // inner ones end first
			return cmp.Or(b.far-a.far, b.order-a.order)
		}
		return cmp.Or(b.far-a.far, a.order-b.order)
	})
	var out []byte
	at := 0
	for _, in := range inserts {
		out = append(out, m.src[at:in.at]...)
		at = in.at
		out = append(out, in.text...)
		if end, ok := dropped[in.at]; ok && !in.after && in.far == end {
			at = end
		}
	}
	return append(out, m.src[at:]...)
}
