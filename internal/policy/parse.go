package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// ParseOptions says what a text is and where it comes from.
type ParseOptions struct {
	Path string // for ranges; may be empty
	Kind Kind
	// Start is the place in the file at which the text begins. Zero means that the
	// text is the file.
	Start source.Pos
	// Reference marks a document that only serves as a reference for comparison.
	// Wildcards may then be part of a principal (IAM User Guide, "Validate policies
	// with IAM Access Analyzer custom policy checks").
	Reference bool
}

// maxDiagnostics bounds what is said about one document.
const maxDiagnostics = 100

// Parse reads a policy document from JSON text. It is strict: what the service
// would not take, or what could be read in two ways, is an error. The document
// returned is never nil and holds what could be read; when the diagnostics have
// errors, it must not be used to decide access. Diagnostics are in the order of
// the text.
func Parse(text []byte, o ParseOptions) (*Document, diag.Diagnostics) {
	return ParseText(string(text), o)
}

// ParseText is Parse for a text that is kept: the document shares its memory.
func ParseText(text string, o ParseOptions) (*Document, diag.Diagnostics) {
	doc := &Document{Kind: o.Kind}
	return doc, parse(doc, newWritten(text, o), o)
}

// parse fills a document.
func parse(doc *Document, in *written, o ParseOptions) diag.Diagnostics {
	p := &parser{o: o}
	scratch := scratches.Get().(*scratch)
	defer scratch.release()
	root, err := readJSON(in, scratch)
	if err != nil {
		p.unread(doc, in.text, err)
		return p.ds
	}
	doc.Size, p.plain = scratch.size, scratch.plain
	p.bare = p.plain && !strings.Contains(root.at.in.text, "${")
	p.read(doc, &root)
	return p.ds
}

// unread reports a text that is no JSON. Its places are worked out at once, so that
// the document does not hold on to the text, which may be of any size.
func (p *parser) unread(doc *Document, text string, err *syntaxError) {
	in := newWritten(text[:min(len(text), math.MaxInt32)], p.o)
	doc.Place = new(written).add(in.at(0, len(in.text)).Range())
	p.fail("JSON_SYNTAX_ERROR", in.at(err.at, err.at), err.summary, err.message)
}

// read reads the document that root is.
func (p *parser) read(doc *Document, root *node) {
	doc.Place = p.keep(root.at)
	p.duplicates(root)
	if !p.plain {
		p.characters(root)
	}
	p.document(doc, *root)
	p.ds.Sort()
	if p.dropped != diag.Invalid {
		p.ds = append(p.ds, diag.Diagnostic{Severity: p.dropped, Summary: "too many remarks on one policy",
			Detail: fmt.Sprintf("Only %d are listed. Correct these first.", maxDiagnostics), Subject: doc.Range()})
	}
}

// size counts the characters of a text that are no white space.
func size(text string) int {
	n := utf8.RuneCountInString(text)
	for i := range len(text) {
		if isBlank(text[i]) {
			n--
		}
	}
	return n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// parser checks nodes and builds the document from them.
type parser struct {
	o         ParseOptions
	ds        diag.Diagnostics
	variables bool          // the document's Version has policy variables
	dropped   diag.Severity // of the gravest remark left out, if any
	kept      *written      // of a tree: the ranges of what the document holds
	plain     bool          // all texts are ASCII without control characters
	bare      bool          // plain, and no text has "${"
}

// keep is the place at which the document remembers what was written at a node. Most
// nodes of a tree are names and braces, whose ranges are let go.
func (p *parser) keep(at Place) Place {
	if p.kept == nil {
		return at
	}
	return p.kept.add(at.Range())
}

func (p *parser) fail(code string, at Place, summary, detail string) {
	p.report(diag.Error, code, at, summary, detail)
}

func (p *parser) warn(code string, at Place, summary, detail string) {
	p.report(diag.Warning, code, at, summary, detail)
}

// report keeps the first remarks, and the severity of what it leaves out, so that a
// faulty document is never taken for a good one.
func (p *parser) report(s diag.Severity, code string, at Place, summary, detail string) {
	if len(p.ds) >= maxDiagnostics {
		p.dropped = max(p.dropped, s)
		return
	}
	p.ds = append(p.ds, diag.Diagnostic{Severity: s, Code: code, Summary: summary, Detail: detail, Subject: at.Range()})
}

// mismatch reports a value of the wrong JSON type.
func (p *parser) mismatch(n node, element, want string) {
	p.fail("DATA_TYPE_MISMATCH", n.at, fmt.Sprintf("%s is %s", element, n.kind),
		fmt.Sprintf("Expected %s. Change the value of %s.", want, element))
}

// duplicates reports names that an object holds twice, anywhere: decoders differ
// on which one counts (IAM User Guide, "Grammar of the IAM JSON policy language":
// elements must not contain several instances of the same key).
func (p *parser) duplicates(n *node) {
	var seen map[string]bool
	if len(n.members) > few {
		seen = make(map[string]bool, len(n.members))
	}
	for i := range n.members {
		m := &n.members[i]
		if seen[m.name] || seen == nil && slices.ContainsFunc(n.members[:i], func(o member) bool { return o.name == m.name }) {
			p.fail("JSON_SYNTAX_ERROR", m.at, fmt.Sprintf("%q appears more than once in one object", m.name),
				"Expected each name once. Merge the values or remove one of them.")
		}
		if seen != nil {
			seen[m.name] = true
		}
		p.duplicates(&m.value)
	}
	for i := range n.items {
		p.duplicates(&n.items[i])
	}
}

// characters reports texts with characters that policies do not have: other than
// tab, line ends and U+0020 to U+00FF (IAM API Reference, "PutRolePolicy"). They are
// read as they are, but often they are a slip: a dash or blank that looks like
// another.
func (p *parser) characters(n *node) {
	check := func(text string, at *Place) {
		if i := foreignAt(text); i >= 0 {
			r, _ := utf8.DecodeRuneInString(text[i:])
			p.warn("", *at, fmt.Sprintf("character %U in %q", r, text),
				"Policies have tabs, line ends and the characters from U+0020 to U+00FF. Replace the character.")
		}
	}
	check(n.text, &n.at)
	for i := range n.members {
		m := &n.members[i]
		check(m.name, &m.at)
		p.characters(&m.value)
	}
	for i := range n.items {
		p.characters(&n.items[i])
	}
}

// foreignAt is the place of the first foreign character, or -1.
func foreignAt(text string) int {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= utf8.RuneSelf {
			return strings.IndexFunc(text, foreign)
		}
	}
	return -1
}

// foreign reports whether r is no character of policies.
func foreign(r rune) bool {
	return r > 0xff || r < ' ' && r != '\t' && r != '\n' && r != '\r'
}

// document reads the top level (IAM User Guide, "Grammar of the IAM JSON policy
// language").
func (p *parser) document(doc *Document, root node) {
	if root.kind != objectNode {
		p.mismatch(root, "the policy", `an object with a Statement`)
		return
	}
	es := p.elements(root, "policy", documentElements)
	// Version comes first whatever the order in the text: it says what "${" means.
	if n, ok := es.get("Version"); ok {
		p.version(doc, n)
	}
	p.variables = doc.HasVariables()
	if n, ok := es.get("Id"); ok {
		doc.ID = p.text(n, "Id")
		if p.o.Kind == Identity {
			p.warn("", n.at, "Id in an identity policy", "Only resource policies have an Id. Remove it.")
		}
	}
	n, ok := es.get("Statement")
	switch {
	case !ok && !es.misspelt("Statement"):
		p.fail("MISSING_STATEMENT", root.at, "policy without Statement", "Expected a Statement element. Add a statement to the policy.")
	case n.kind == objectNode && ok:
		p.statements(doc, []node{n})
	case n.kind == arrayNode:
		if len(n.items) == 0 {
			// Readable, and it grants nothing. The service wants one statement
			// at least, so the text is odd, but its meaning is not in doubt.
			p.warn("MISSING_STATEMENT", n.at, "policy without statements", "The policy grants and denies nothing. Add a statement to the policy.")
		}
		p.statements(doc, n.items)
	case ok:
		p.mismatch(n, "Statement", "a list of statements or one statement")
	}
}

func (p *parser) version(doc *Document, n node) {
	doc.Version = p.text(n, "Version")
	if n.kind == stringNode && n.text != Version2012 && n.text != "2008-10-17" {
		p.fail("INVALID_VERSION", n.at, fmt.Sprintf("version %q does not exist", n.text),
			`Expected "2012-10-17" or "2008-10-17". Use one of these.`)
	}
}

func (p *parser) statements(doc *Document, nodes []node) {
	if len(nodes) > MaxStatements {
		p.fail("", nodes[MaxStatements].at, "too many statements",
			fmt.Sprintf("A policy may have %d statements here. Split the policy.", MaxStatements))
		nodes = nodes[:MaxStatements]
	}
	doc.Statements = slices.Grow(doc.Statements, len(nodes))
	for i, n := range nodes {
		doc.Statements = append(doc.Statements, p.statement(i, n))
	}
	p.sids(doc, nodes)
}

// text reads a string and reports anything else.
func (p *parser) text(n node, element string) string {
	if n.kind != stringNode {
		p.mismatch(n, element, "a string")
		return ""
	}
	return n.text
}
