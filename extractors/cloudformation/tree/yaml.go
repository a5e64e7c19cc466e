package tree

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/internal/source"
)

// yamlReader builds nodes from those of the YAML library, which expands no alias.
type yamlReader struct {
	doc    *Document
	lines  *lines
	limits Limits
	done   map[*yaml.Node]*Node // nodes with an anchor
	open   map[*yaml.Node]bool  // those being built
	nodes  int
	full   bool
	spans  []span // of scalars, for telling comments from texts
}

type span struct{ start, end int }

func (d *Document) readYAML(text []byte, l Limits) {
	s := string(text)
	if !utf8.ValidString(s) {
		at := strings.IndexFunc(s, func(r rune) bool { return r == utf8.RuneError })
		d.fail(newLines(s).position(max(at, 0)), "the template is not valid UTF-8", "Expected YAML in UTF-8. Save the file in that encoding.")
		return
	}
	r := &yamlReader{doc: d, lines: newLines(s), limits: l, done: map[*yaml.Node]*Node{}, open: map[*yaml.Node]bool{}}
	root := r.decode(s)
	if root == nil {
		return
	}
	d.Root = r.node(root, 0)
	if d.Root.Kind == Null {
		d.fail(source.Pos{Line: 1, Column: 1}, "the template is empty", "Expected a map with Resources. Give a template.")
		d.Root = nil
		return
	}
	d.Comments = r.comments()
}

// decode parses the text. The library gives up at the first mistake; the resource, or
// other entry, around the mistake is then left out and the rest read, so that one slip
// does not hide everything else.
func (r *yamlReader) decode(text string) *yaml.Node {
	const tries = 8
	for range tries {
		root, several, err := parseYAML(text)
		if several {
			r.doc.fail(source.Pos{}, "the file holds several documents", "Expected one template. Give one file for each and remove the lines \"---\" between them.")
		}
		if err == nil {
			return root
		}
		line, message := yamlError(err)
		line = r.lines.mistake(line, message)
		at := r.lines.position(r.lines.offset(line, 1))
		r.doc.fail(at, "the template is not valid YAML", fmt.Sprintf("Expected YAML, but %s. Fix the syntax here or just above.", message))
		if text = withoutEntry(text, at.Byte); text == "" {
			return nil
		}
	}
	return nil
}

// parseYAML reads the first document of a text. The library is known to panic on some
// broken texts; that is an error as any other.
func parseYAML(text string) (root *yaml.Node, several bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, fmt.Errorf("yaml: it cannot be understood (%v)", p)
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(text))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1}, false, nil
	case err != nil:
		return nil, false, err
	}
	var next yaml.Node
	if err := dec.Decode(&next); !errors.Is(err, io.EOF) {
		several = true
	}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		return doc.Content[0], several, nil
	}
	return &doc, several, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// yamlError is the line that an error of the library names, or 1, and what it says.
func yamlError(err error) (line int, message string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return max(line, 1), m[2]
}

// withoutEntry blanks the entry around the byte offset at: from the line above it that
// is indented by two columns at most, up to the next such line. Lines stay where they
// are. It is "" when that does not help.
func withoutEntry(text string, at int) string {
	begins := func(line string) bool {
		t := strings.TrimLeft(line, " ")
		return t != "" && t[0] != '#' && t[0] != '\n' && t[0] != '\r' && len(line)-len(t) <= 2
	}
	var out strings.Builder
	type entry struct{ start, end int }
	var cut entry
	pos, start := 0, 0
	for line := range strings.Lines(text) {
		if begins(line) {
			if pos > at {
				break
			}
			start = pos
		}
		pos += len(line)
		cut = entry{start, pos}
	}
	out.WriteString(text[:cut.start])
	blank := 0
	for line := range strings.Lines(text[cut.start:cut.end]) {
		if strings.TrimSpace(line) != "" {
			blank++
		}
		if strings.HasSuffix(line, "\n") {
			out.WriteByte('\n')
		}
	}
	out.WriteString(text[cut.end:])
	if blank == 0 || strings.TrimSpace(out.String()) == "" {
		return ""
	}
	return out.String()
}

func (r *yamlReader) position(n *yaml.Node) source.Pos {
	return r.lines.position(r.lines.offset(n.Line, n.Column))
}

// invalid is the node for what could not be read.
func (r *yamlReader) invalid(n *yaml.Node) *Node {
	at := r.position(n)
	return &Node{Range: source.Range{Path: r.doc.Path, Start: at, End: at}, size: 1}
}

// node turns one node of the library into ours.
func (r *yamlReader) node(n *yaml.Node, depth int) *Node {
	if done := r.done[n]; done != nil {
		return r.count(n, done)
	}
	switch {
	case n.Kind == yaml.AliasNode && r.open[n.Alias]:
		r.doc.fail(r.position(n), "an alias refers to what it is part of", fmt.Sprintf("The anchor %s holds an alias of itself, which has no end. Write the value out.", quoted(n.Alias.Anchor)))
		return r.invalid(n)
	case depth > r.limits.Depth:
		r.doc.fail(r.position(n), "the template nests too deep", fmt.Sprintf("Lists and maps may nest %d deep. Remove the inner ones.", r.limits.Depth))
		return r.invalid(n)
	case n.Kind == yaml.AliasNode:
		if n.Alias == nil {
			return r.invalid(n)
		}
		return r.node(n.Alias, depth+1)
	}
	r.open[n] = true
	out := r.tagged(n, depth)
	delete(r.open, n)
	if n.Anchor != "" {
		r.done[n] = out
	}
	out = r.bounded(n, out)
	return out
}

// count adds what an alias expands to.
func (r *yamlReader) count(n *yaml.Node, done *Node) *Node {
	r.nodes = grow(r.nodes, done.size)
	return r.bounded(n, done)
}

// bounded refuses more nodes than the limit.
func (r *yamlReader) bounded(n *yaml.Node, out *Node) *Node {
	r.nodes = grow(r.nodes, 1)
	if max(r.nodes, out.size) <= r.limits.Nodes {
		return out
	}
	if !r.full {
		r.full = true
		r.doc.fail(r.position(n), "the template holds too much", fmt.Sprintf("With what its aliases expand to, at most %d values are read. Split the template.", r.limits.Nodes))
	}
	return r.invalid(n)
}

// tagged reads a value with its tag: a call of a function in the short form becomes
// one in the long form.
func (r *yamlReader) tagged(n *yaml.Node, depth int) *Node {
	tag := n.ShortTag()
	if tag == "!" || tag == "" || strings.HasPrefix(tag, "!!") {
		return normal(r.plain(n, depth))
	}
	function := shortTags[tag]
	if function == "" {
		r.doc.warn(r.position(n), fmt.Sprintf("the tag %s is no function of CloudFormation", quoted(tag)),
			"Its value is not known. Run the tool that knows it first, and give its result.")
		function = tag
	}
	arg := r.plain(n, depth)
	call := NewCall(arg.Range, function, arg)
	start := r.position(n)
	call.Range.Start, call.Fields[0].At.Start = start, start
	call.Fields[0].At.End = advance(start, tag)
	return normal(call)
}

// plain reads a value without regard to its tag, if that is a function.
func (r *yamlReader) plain(n *yaml.Node, depth int) *Node {
	switch n.Kind {
	case yaml.SequenceNode:
		return r.list(n, depth)
	case yaml.MappingNode:
		return r.mapping(n, depth)
	case yaml.ScalarNode:
		return r.scalar(n)
	case yaml.DocumentNode, yaml.AliasNode:
	}
	return r.invalid(n)
}

// container is the range of a list or map: from its first character to the end of its
// last entry.
func (r *yamlReader) container(n *yaml.Node) source.Range {
	at := r.lines.position(r.lines.content(r.lines.offset(n.Line, n.Column), false))
	return source.Range{Path: r.doc.Path, Start: at, End: at}
}

func extend(to *source.Range, by source.Range) {
	if by.End.Byte > to.End.Byte {
		to.End = by.End
	}
}

func (r *yamlReader) list(n *yaml.Node, depth int) *Node {
	out := &Node{Kind: List, Range: r.container(n), size: 1}
	for _, c := range n.Content {
		item := r.node(c, depth+1)
		out.Items = append(out.Items, item)
		out.size = grow(out.size, item.size)
		if c.Kind != yaml.AliasNode {
			extend(&out.Range, item.Range)
		}
	}
	return out
}

func (r *yamlReader) mapping(n *yaml.Node, depth int) *Node {
	out := &Node{Kind: Map, Range: r.container(n), size: 1}
	seen := map[string]int{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind == yaml.AliasNode && k.Alias != nil {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode {
			r.doc.fail(r.position(n.Content[i]), "a key is no text", "Expected a text as the key of a map. A value that begins with a brace must be quoted.")
			continue
		}
		if k.ShortTag() == "!!merge" {
			merged = append(merged, v)
			continue
		}
		key := r.scalar(k)
		f := Field{Key: k.Value, At: key.Range, Value: r.node(v, depth+1)}
		out.addField(r.doc, seen, f)
		if v.Kind != yaml.AliasNode {
			extend(&out.Range, f.Value.Range)
		}
		extend(&out.Range, f.At)
	}
	for _, v := range merged {
		r.merge(out, seen, v, depth+1)
	}
	return out
}

// merge adds the entries of "<<", which give way to those of the map itself and to
// those merged before (YAML, "Merge Key Language-Independent Type").
func (r *yamlReader) merge(out *Node, seen map[string]int, v *yaml.Node, depth int) {
	from := r.node(v, depth)
	list := []*Node{from}
	if from.Kind == List {
		list = from.Items
	}
	for _, m := range list {
		if m.Kind != Map {
			r.doc.fail(r.position(v), "a merge key does not lead to a map", "Expected the alias of a map, or a list of these, behind \"<<\". Write the entries out.")
			continue
		}
		for _, f := range m.Fields {
			if _, there := seen[f.Key]; !there {
				out.addField(r.doc, seen, f)
			}
		}
	}
}

var (
	octalAccount = regexp.MustCompile(`^0[0-9]{11}$`)
	policyDates  = map[string]bool{"2012-10-17": true, "2008-10-17": true, "2010-09-09": true}
)

func (r *yamlReader) scalar(n *yaml.Node) *Node {
	start := r.lines.content(r.lines.offset(n.Line, n.Column), n.Value == "" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0)
	end := r.lines.scalarEnd(start, n.Value)
	r.spans = append(r.spans, span{start, end})
	out := &Node{Kind: String, Value: n.Value, size: 1, raw: r.lines.text[start:end], rawAt: r.lines.position(start)}
	out.Range = source.Range{Path: r.doc.Path, Start: out.rawAt, End: r.lines.position(end)}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return out
	}
	tag := n.Tag
	if !strings.HasPrefix(tag, "!!") {
		tag = (&yaml.Node{Kind: yaml.ScalarNode, Value: n.Value}).ShortTag()
	}
	switch tag {
	case "!!int", "!!float":
		out.Kind = Number
		if octalAccount.MatchString(n.Value) {
			r.doc.warn(out.rawAt, "an account id is written as a number", fmt.Sprintf(
				"Readers of YAML turn %s into another number, since it begins with 0. Put it in quotes; it is read here as it is written.", n.Value))
		}
	case "!!bool":
		out.Kind = Bool
	case "!!null":
		out.Kind, out.Value = Null, ""
	case "!!timestamp":
		if !policyDates[n.Value] {
			r.doc.warn(out.rawAt, "a date is written without quotes", fmt.Sprintf(
				"Readers of YAML may turn %s into another form. Put it in quotes; it is read here as it is written.", quoted(n.Value)))
		}
	}
	return out
}
