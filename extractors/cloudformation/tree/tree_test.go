package tree_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

func parse(t *testing.T, text string) *tree.Document {
	t.Helper()
	return tree.Parse("t.yaml", []byte(text), tree.Limits{})
}

// outline writes a tree with the places of its nodes.
func outline(n *tree.Node) string {
	var b strings.Builder
	var walk func(n *tree.Node, indent string)
	walk = func(n *tree.Node, indent string) {
		r := n.Range
		fmt.Fprintf(&b, "%d:%d-%d:%d %s", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, n.Kind)
		if n.Scalar() {
			fmt.Fprintf(&b, " %q", n.Value)
		}
		b.WriteByte('\n')
		for _, item := range n.Items {
			b.WriteString(indent + "- ")
			walk(item, indent+"  ")
		}
		for _, f := range n.Fields {
			fmt.Fprintf(&b, "%s%s@%d:%d: ", indent, f.Key, f.At.Start.Line, f.At.Start.Column)
			walk(f.Value, indent+"  ")
		}
	}
	walk(n, "")
	return b.String()
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	yaml := `Resources:
  R: &r
    A: !GetAtt B.C.D
    L: [1, 'it''s', "q\n"]
    S: !Sub |
      {"a":
        "ü"}
    P: plain text
      over lines
  C: *r
`
	json := `{"Resources": {
  "R": {"A": {"Fn::GetAtt": ["B", "C.D"]}, "L": [1, true, null, "q\u0041"]}
}}`
	for _, tc := range []struct{ name, text, want string }{
		{"yaml", yaml, `1:1-10:4 a map
Resources@1:1: 2:3-10:4 a map
  R@2:3: 3:5-9:17 a map
    A@3:5: 3:8-3:21 a map
      Fn::GetAtt@3:8: 3:16-3:21 a list
        - 3:16-3:21 a text "B"
        - 3:16-3:21 a text "C.D"
    L@4:5: 4:8-4:26 a list
      - 4:9-4:10 a number "1"
      - 4:12-4:19 a text "it's"
      - 4:21-4:26 a text "q\n"
    S@5:5: 5:8-7:13 a map
      Fn::Sub@5:8: 5:13-7:13 a text "{\"a\":\n  \"ü\"}\n"
    P@8:5: 8:8-9:17 a text "plain text over lines"
  C@10:3: 3:5-9:17 a map
    A@3:5: 3:8-3:21 a map
      Fn::GetAtt@3:8: 3:16-3:21 a list
        - 3:16-3:21 a text "B"
        - 3:16-3:21 a text "C.D"
    L@4:5: 4:8-4:26 a list
      - 4:9-4:10 a number "1"
      - 4:12-4:19 a text "it's"
      - 4:21-4:26 a text "q\n"
    S@5:5: 5:8-7:13 a map
      Fn::Sub@5:8: 5:13-7:13 a text "{\"a\":\n  \"ü\"}\n"
    P@8:5: 8:8-9:17 a text "plain text over lines"
`},
		{"json", json, `1:1-3:3 a map
Resources@1:2: 1:15-3:2 a map
  R@2:3: 2:8-2:76 a map
    A@2:9: 2:14-2:42 a map
      Fn::GetAtt@2:15: 2:29-2:41 a list
        - 2:30-2:33 a text "B"
        - 2:35-2:40 a text "C.D"
    L@2:44: 2:49-2:75 a list
      - 2:50-2:51 a number "1"
      - 2:53-2:57 a Boolean "true"
      - 2:59-2:63 nothing
      - 2:65-2:74 a text "qA"
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := parse(t, tc.text)
			if len(d.Diagnostics) > 0 {
				t.Errorf("diagnostics: %v", d.Diagnostics)
			}
			if diff := cmp.Diff(tc.want, outline(d.Root)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestShortForms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ yaml, want string }{
		{`!Ref A`, `{"Ref":"A"}`},
		{`!Condition A`, `{"Condition":"A"}`},
		{`!GetAtt A.B`, `{"Fn::GetAtt":["A","B"]}`},
		{`!GetAtt [A, B.C]`, `{"Fn::GetAtt":["A","B.C"]}`},
		{`{"Fn::GetAtt": A.B}`, `{"Fn::GetAtt":["A","B"]}`},
		{`!Join [",", [a, !Ref B]]`, `{"Fn::Join":[",",["a",{"Ref":"B"}]]}`},
		{`!If [C, !Ref "AWS::NoValue", {a: b}]`, `{"Fn::If":["C",{"Ref":"AWS::NoValue"},{"a":"b"}]}`},
		{`!Sub ["${a}", {a: 1}]`, `{"Fn::Sub":["${a}",{"a":1}]}`},
		{`!Base64 ''`, `{"Fn::Base64":""}`},
		{`!GetAZs ""`, `{"Fn::GetAZs":""}`},
		{`!ToJsonString {a: b}`, `{"Fn::ToJsonString":{"a":"b"}}`},
		{`!Transform {Name: AWS::Include, Parameters: {Location: x}}`, `{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"x"}}}`},
		{`!Select [0, !Split [",", "a,b"]]`, `{"Fn::Select":[0,{"Fn::Split":[",","a,b"]}]}`},
		{`!Nothing x`, `{"!Nothing":"x"}`},
		{`[012345678901, 0123, 0x1f, 1e3, 2012-10-17, yes, true, ~, "1"]`, `["012345678901","0123","0x1f",1e3,"2012-10-17","yes",true,null,"1"]`},
		{"{<<: [{a: 1, b: 2}, {a: 3, c: 4}], b: 5}", `{"b":5,"a":1,"c":4}`},
	} {
		d := parse(t, "V: "+tc.yaml)
		if got := string(d.Root.Get("V").AppendJSON(nil)); got != tc.want || d.Diagnostics.HasErrors() {
			t.Errorf("%s: got %s %v, want %s", tc.yaml, got, d.Diagnostics, tc.want)
		}
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	for _, tc := range []struct{ name, text, want, root string }{
		{"duplicate", "A: 1\nA: 2\n", `t.yaml:2:1: the key "A" occurs twice`, `{"A":2}`},
		{"duplicate json", `{"A": 1,` + "\n" + `"A": 2}`, `t.yaml:2:1: the key "A" occurs twice`, `{"A":2}`},
		{"account", "A: 012345670123", "t.yaml:1:4: an account id is written as a number", `{"A":"012345670123"}`},
		{"date", "A: 2020-01-01T00:00:00Z", "t.yaml:1:4: a date is written without quotes", ""},
		{"circle", "A: &a [*a]\nB: 1", "t.yaml:1:8: an alias refers to what it is part of", `{"A":[null],"B":1}`},
		{"deep", "A: " + deep, "the template nests too deep", ""},
		{"deep json", `{"A":` + deep + `}`, "the template nests too deep", ""},
		{"bomb", bomb, "the template holds too much", ""},
		{"syntax", "Resources:\n  A:\n    x: 1\n  B:\n    x: [1\n  C:\n    x: 3\n", "t.yaml:5:1: the template is not valid YAML", ""},
		{"tab", "Resources:\n  A:\n    x: 1\n\tB: 2\n  C: 3\n", "t.yaml:4:1: the template is not valid YAML", `{"Resources":{"A":{"x":1},"C":3}}`},
		{"json ends", `{"Resources": {"A": {"x": 1}, "B"`, "t.yaml:1:34: the template ends too early", `{"Resources":{"A":{"x":1}}}`},
		{"json syntax", `{"Resources": {"A": 1,, "B": 2}}`, "the template is not valid JSON", `{"Resources":{"A":1}}`},
		{"json behind", `{"A": 1} x`, "t.yaml:1:10: text follows the template", `{"A":1}`},
		{"several", "A: 1\n---\nB: 2\n", "the file holds several documents", `{"A":1}`},
		{"key", "? [a]\n: 1\n", "t.yaml:1:3: a key is no text", `{}`},
		{"merge", "<<: 1\n", "a merge key does not lead to a map", `{}`},
		{"empty", "", "the template is empty", ""},
		{"comment only", "# nothing\n", "the template is empty", ""},
		{"utf8", "A: \xff\n", "the template is not valid UTF-8", ""},
		{"utf8 json", "{\"A\": \"\xff\"}", "the template is not valid UTF-8", ""},
		{"tag", "A: !Account x\n", `t.yaml:1:4: the tag "!Account" is no function`, `{"A":{"!Account":"x"}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := parse(t, tc.text)
			if len(d.Diagnostics) == 0 || !strings.Contains(d.Diagnostics[0].String(), tc.want) {
				t.Errorf("diagnostics: %v, want %s", d.Diagnostics, tc.want)
			}
			if tc.root != "" && string(d.Root.AppendJSON(nil)) != tc.root {
				t.Errorf("root: %s, want %s", d.Root.AppendJSON(nil), tc.root)
			}
		})
	}
	if d := tree.Parse("t", make([]byte, 100), tree.Limits{Bytes: 10}); !d.Diagnostics.HasErrors() {
		t.Error("no error for a text that is too large")
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const text = "A: \"\U0001F600\"\n"
	units := utf16.Encode([]rune(text))
	var le, be []byte
	for _, u := range units {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	for name, in := range map[string][]byte{
		"mark": []byte("\ufeff" + text), "le": append([]byte{0xff, 0xfe}, le...), "be": append([]byte{0xfe, 0xff}, be...), "le bare": le, "be bare": be,
	} {
		d := tree.Parse("t", in, tree.Limits{})
		if len(d.Diagnostics) > 0 || d.Root.Get("A").Value != "\U0001F600" {
			t.Errorf("%s: %v %v", name, d.Diagnostics, d.Root)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, find, want string }{
		{"literal", "A: |\n\n  {\n    \"x\": 1}\n", `"x"`, "4:5"},
		{"folded", "A: >-\n  {\"a\": 1,\n  \"x\": 1}\n", `"x"`, "3:3"},
		{"single", "A: '{\"it''s\": 1, \"x\": 1}'\n", `"x"`, "1:18"},
		{"double", "A: \"{\\\"a\\\":\\n \\\"x\\\": 1}\"\n", `x`, "1:17"},
		{"plain", "A: [a b\n  c x]\n", `x`, "2:5"},
		{"json", "{\"A\":\n \"{\\\"a\\\": 1,\\n \\\"x\\\": 2}\"}", `x`, "2:18"},
		{"tag", "A: !Sub |\n  {\"x\": 1}\n", `"x"`, "2:4"},
	} {
		d := parse(t, tc.text)
		n := d.Root.Get("A")
		if _, arg, ok := n.Intrinsic(); ok {
			n = arg
		}
		if n.Kind == tree.List {
			n = n.Items[0]
		}
		p := n.At(strings.Index(n.Value, tc.find))
		if got := fmt.Sprintf("%d:%d", p.Line, p.Column); got != tc.want {
			t.Errorf("%s: got %s, want %s in %q", tc.name, got, tc.want, n.Value)
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	d := parse(t, `# grantdiff:ignore new-access reason one
A:
  # other grantdiff:ignore
  B: x # grantdiff:ignore public-access it is a site
  C: |
    # grantdiff:ignore new-access in a text
  D: "a # grantdiff:ignore new-access in a text"
  E: a#grantdiff:ignore no comment
  #   grantdiff:ignore new-access at the end
`)
	var got []string
	for _, c := range d.Comments {
		got = append(got, fmt.Sprintf("%d:%d %v %s", c.Range.Start.Line, c.Range.Start.Column, c.Trailing, c.Text))
	}
	want := []string{
		"1:1 false grantdiff:ignore new-access reason one",
		"4:8 true grantdiff:ignore public-access it is a site",
		"9:3 false grantdiff:ignore new-access at the end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCommentsAbout covers the lines that comments are about: one that is indented deeper
// than what follows belongs to what precedes it, and is about nothing.
func TestCommentsAbout(t *testing.T) {
	t.Parallel()
	d := parse(t, `A:
  # grantdiff:ignore new-access in front

  # grantdiff:ignore new-access in front as well
  - B: 1 # grantdiff:ignore new-access at it
    C: 2
    # grantdiff:ignore new-access behind it
  - D: 1
# grantdiff:ignore new-access further out
  - E: 1
    # grantdiff:ignore new-access at the end
`)
	var got []int
	for _, c := range d.Comments {
		got = append(got, c.About)
	}
	if diff := cmp.Diff([]int{5, 5, 5, 7, 10, 11}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	n := parse(t, "A: 1\nB: 2\n").Root
	m := n.With("B", tree.NewString("x", n.Range)).With("C", tree.NewBool(true, n.Range)).Without("A")
	if got := string(m.AppendJSON(nil)); got != `{"B":"x","C":true}` || m.Size() != 3 {
		t.Errorf("got %s of size %d", got, m.Size())
	}
	if got := string(n.AppendJSON(nil)); got != `{"A":1,"B":2}` {
		t.Errorf("the original changed: %s", got)
	}
}

// TestPublicTemplates reads templates from public repositories: each parses or gets an
// error with a line.
func TestPublicTemplates(t *testing.T) {
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED is not set")
	}
	read, faulty := 0, 0
	for _, pattern := range []string{"templates/*", "sam/*", "pairs/*"} {
		files, _ := filepath.Glob(filepath.Join(dir, "cloudformation", pattern))
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d := tree.Parse(filepath.Base(name), text, tree.Limits{})
			read++
			if !d.Diagnostics.HasErrors() {
				if d.Root == nil {
					t.Errorf("%s: nothing read and no error", name)
				}
				continue
			}
			faulty++
			t.Logf("%v", d.Diagnostics)
			for _, one := range d.Diagnostics {
				if one.IsError() && !one.Subject.HasLines() && !strings.Contains(one.Summary, "several") {
					t.Errorf("%s: no line: %v", name, one)
				}
			}
		}
	}
	t.Logf("%d files, %d with errors", read, faulty)
}

func FuzzYAML(f *testing.F) {
	for _, s := range []string{"A: &a [*a]", "A: !Sub |\n  x\n", "<<: {a: b}", "? a\n: b", "A: 'x''y'\nB: \"\\n\"", "\t", "a: b: c", "---\n...\n---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(check)
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"A": [1, "x", null, true]}`, `{"A":{"Fn::GetAtt":"B.C"}}`, `{"A":`, `[[[[`, `{"A":"\ud83d\ude00"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(check)
}

// check reads a text and asks for the place of every part of every scalar.
func check(t *testing.T, text []byte) {
	if len(text) > 4096 {
		return
	}
	d := tree.Parse("f", text, tree.Limits{Nodes: 10_000})
	if d.Root == nil {
		if !d.Diagnostics.HasErrors() {
			t.Fatal("nothing read and no error")
		}
		return
	}
	seen := map[*tree.Node]bool{}
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if n.Range.Start.Line < 1 || n.Range.End.Byte < n.Range.Start.Byte {
			t.Fatalf("range %+v of %+v", n.Range, n)
		}
		for i := 0; i <= len(n.Value); i += 1 + len(n.Value)/16 {
			if p := n.At(i); p.Line < 1 {
				t.Fatalf("place %+v", p)
			}
		}
		for _, item := range n.Items {
			walk(item)
		}
		for _, f := range n.Fields {
			walk(f.Value)
		}
	}
	walk(d.Root)
	if d.Root.Size() <= 10_000 {
		d.Root.AppendJSON(nil)
	}
}
