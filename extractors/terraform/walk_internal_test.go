package terraform

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// walk runs a walker over a text in pieces of so many bytes, as a stream does.
func walk(text string, piece int, names *nameSet, parts *parts) (end int, err error) {
	w := walker{}
	w.reset(names, parts)
	for read, at := 0, 0; ; {
		next, done, err := w.run([]byte(text[:read]), at)
		switch {
		case err != nil:
			return 0, err
		case done:
			return next, nil
		case read == len(text):
			return 0, io.ErrUnexpectedEOF
		}
		at, read = next, min(read+piece, len(text))
	}
}

var walkTexts = []string{
	`{}`, `[]`, `{"a":1}`, `{"a":{"b":[1,2,{"c":null}]},"d":true,"e":false}`, ` { "a" : [ ] , "b" : { } } `,
	`"plain"`, `"a\"b\\c\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `"é😀"`, `"a long text with more than eight bytes \" and more"`,
	`[0,-0,1.5,-2.25e+10,3E-7,10]`, `[[[[[]]]]]`, `{"":""}`,
	``, ` `, `{`, `[`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[1,`, `[1`, `"a`, `"\`, `"\u12`, `tru`, `-`, `1.`, `1e`,
	`{,}`, `[,]`, `{"a":1,}`, `[1,]`, `{"a" 1}`, `{1:2}`, `{"a":1 "b":2}`, `[1 2]`, `{]`, `[}`, `}`, `]`, `,`, `:`,
	`01 `, `-01 `, `.5 `, `1.e5 `, `+1 `, `1e+ `, `0x10 `, `tru3`, `nul `, `True`, `NaN`, `'a'`,
	"\"a\nb\"", "\"a\x00b\"", "\"\x1f\"", "\"\xff\"", "\"ab\xe9cdefghijklm\"", `"\x41"`, `"\u00g0"`, `"\u001` + "\x10" + `"`, `"\` + "\xc3" + `"`,
	`"\ud800"`, `"\udc00\ud800"`, `"\ud800x"`, `"\ud800\n"`, `"\ud800\u0041"`,
	`{"before":{"a":1},"after":{"a":1}}`, `{"after" : {"a":"}"}, "before": {"a":"}"} , "b": {"a":"}"}}`, `{"before":{},"after":{},"after":{}}`,
	`{"before":{"a":1},"after":{"a":1},}`, `{"before":{"a":1},"after":{"a":1}"b":1}`, `{"before":{"a":1},"after":{"a":1}]`, `{"before":{"a":1},"after":{"a":1`,
	`{"before":{"a":1},"after":{"a":1}}}`, `{"before":{"a":1,"a":1},"after":{"a":1,"a":1}}`, `{"before":{"a":1},"after":{"a":1,"b":[}}`, `{"before":12,"after":123}`,
	"{\"a\":1,\t\r\n\"b\":2}", "{\"a\":\v1}", "[\xef\xbb\xbf1]",
}

// strictly is what a text has to be: valid JSON for encoding/json, valid UTF-8, and
// surrogates in pairs, which jsontext checks.
func strictly(text string) bool {
	v := jsontext.Value(text)
	return json.Valid([]byte(text)) && utf8.ValidString(text) && v.IsValid(jsontext.AllowDuplicateNames(true))
}

func checkWalk(t *testing.T, text string) {
	t.Helper()
	want := strictly(text)
	for _, piece := range []int{1, 3, 8, len(text) + 1} {
		// A number at the end may go on, so a value never ends with the text.
		end, err := walk(text+" ", piece, nil, nil)
		got := err == nil && strings.Trim(text[min(end, len(text)):], " \t\r\n") == ""
		if got != want {
			t.Fatalf("%q in pieces of %d: valid is %v (%v), want %v", text, piece, got, err, want)
		}
		if noted, err := walk(text+" ", piece, nil, &parts{}); noted != end {
			t.Fatalf("%q in pieces of %d: with its members noted it ends at %d (%v), want %d", text, piece, noted, err, end)
		}
	}
	if !want {
		return
	}
	v := jsontext.Value(text)
	for _, piece := range []int{1, len(text) + 1} {
		_, err := walk(text+" ", piece, newNameSet(), nil)
		_, noted := walk(text+" ", piece, newNameSet(), &parts{})
		if once := v.IsValid(); once != (err == nil) || once != (noted == nil) {
			t.Fatalf("%q in pieces of %d: names occur once is %v, and the walker says %v, and %v with its members noted", text, piece, once, err, noted)
		}
	}
	checkParts(t, text)
}

// checkParts holds the members that a walker notes to those that memberReader finds.
func checkParts(t *testing.T, text string) {
	t.Helper()
	text = strings.TrimLeft(text, " \t\r\n")
	if !strings.HasPrefix(text, "{") {
		return
	}
	var noted parts
	if _, err := walk(text+" ", 5, nil, &noted); err != nil {
		t.Fatal(err)
	}
	i := 0
	for m := membersOf(jsontext.Value(text)); m.next(); i++ {
		if i >= len(noted.list) {
			t.Fatalf("%q: the walker notes %d members only", text, i)
		}
		p := noted.list[i]
		if name, value := text[p.name:p.nameEnd], text[p.value:p.end]; name != string(m.name) || value != string(m.value) {
			t.Fatalf("%q: member %d is %s: %s, want %s: %s", text, i, name, value, m.name, m.value)
		}
	}
	if i != len(noted.list) {
		t.Fatalf("%q: the walker notes %d members, want %d", text, len(noted.list), i)
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	for _, text := range walkTexts {
		checkWalk(t, text)
	}
	deep := strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting)
	if _, err := walk(deep, 1000, nil, nil); err != nil {
		t.Error(err)
	}
	if _, err := walk("["+deep+"]", 1000, nil, nil); err == nil {
		t.Error("nesting has no bound")
	}
}

func TestNamesOccurOnce(t *testing.T) {
	t.Parallel()
	many := func(n int, more string) string {
		var b strings.Builder
		b.WriteString("{")
		for i := range n {
			b.WriteString(`"name` + strings.Repeat("x", i) + `":{"inner":1,"b":{}},`)
		}
		return b.String() + more + "}"
	}
	for text, want := range map[string]bool{
		`{"a":1,"b":{"a":1,"b":2},"c":[{"a":1},{"a":2}]}`: true,
		`{"a":1,"\u0061":2}`:                              false,
		`{"\u0061":1,"a":2}`:                              false,
		`{"a":{"b":1,"b":2}}`:                             false,
		`{"a":{},"b":{},"a":{}}`:                          false,
		`[{"a":1,"a":1}]`:                                 false,
		many(200, `"last":1`):                             true,
		many(200, `"name":1`):                             false,
		many(200, `"namexxx":1`):                          false,
		many(10, `"name":1`):                              false,
	} {
		if _, err := walk(text, 7, newNameSet(), nil); (err == nil) != want {
			t.Errorf("%.80s: %v, want valid %v", text, err, want)
		}
	}
}

func FuzzWalk(f *testing.F) {
	for _, text := range walkTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= 4096 { // it is read byte by byte, from its start each time
			checkWalk(t, text)
		}
	})
}

// TestStream reads a document of every kind of value through small reads.
func TestStream(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 40_000)
	text := `{"text":"a\u0062c","null":null,"yes":true,"list":[1,[2],{"a":3}],"skipped":{"a":["` + long + `"]},"kept":{"b":"` + long + `","c":1},"behind":"x"}`
	in, err := openInput(iotest.OneByteReader(strings.NewReader("noise\n\n" + text)))
	if err != nil {
		t.Fatal(err)
	}
	s := newStream(in, "in", 1<<20)
	var got []string
	err = s.object("the document", func(name string) error {
		var v jsontext.Value
		var text string
		var err error
		switch name {
		case "text", "null", "behind":
			text, err = s.text(name)
		case "yes":
			_, err = s.boolean(name)
		case "list":
			err = s.array(name, func() error {
				v, err := s.value()
				text += string(v)
				return err
			})
		case "kept":
			var parts []span
			v, parts, err = s.keep(true)
			defer s.forget()
			if len(parts) != 2 || string(v[parts[1].value:parts[1].end]) != "1" {
				t.Errorf("parts %v", parts)
			}
		default:
			err = s.skip()
		}
		got = append(got, name+" "+text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "text abc,null ,yes ,list 1[2]{\"a\":3},skipped ,kept ,behind x"
	if strings.Join(got, ",") != want {
		t.Errorf("got %q, want %q", strings.Join(got, ","), want)
	}
	if pos := s.pos(s.offset()); pos.Line != 3 || pos.Byte != len("noise\n\n"+text) {
		t.Errorf("ended at %+v", pos)
	}
}

// TestKeptValueStays reads on behind a value that was kept, through more than one window.
func TestKeptValueStays(t *testing.T) {
	t.Parallel()
	for size := range 40 {
		kept := `{"k":"` + strings.Repeat("k", firstWindow-60+size) + `"}`
		text := `{"a":` + kept + `,"b":"` + strings.Repeat("b", 3*firstWindow) + `","c":1}`
		in, err := openInput(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		s := newStream(in, "in", 1<<20)
		var v jsontext.Value
		err = s.object("the document", func(name string) error {
			if name != "a" {
				return s.skip()
			}
			var err error
			v, _, err = s.keep(false)
			return err
		})
		if err != nil || string(v) != kept {
			t.Fatalf("size %d: error %v, the value has changed", size, err)
		}
	}
}

func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	many := `{"a0":1` + strings.Repeat(",", 0)
	for i := range 40 {
		many += `,"n` + strings.Repeat("x", i) + `":1`
	}
	for text, want := range map[string]string{
		`{"a":1 "b":2}`:          "expected ',' or the end of the object, not '\"'",
		`{"a" 1}`:                "expected ':' behind a name, not '1'",
		`{"a":1,}`:               "expected a name in quotes, not '}'",
		`{"a":[1,]}`:             "expected a value, not ']'",
		`{"a":1,"a":2}`:          `the name "a" occurs twice`,
		many + `,"nxxx":1}`:      `the name "nxxx" occurs twice`,
		`{"a":"\ud800"}`:         "half of a surrogate pair stands alone",
		`{"a":tru}`:              "expected true, not '}'",
		`{"a":`:                  "unexpected EOF",
		`{"a":{"b":[{"c":1}}}`:   "expected ',' or the end of the array, not '}'",
		`{"a":"` + "\x01" + `"}`: "expected no control character in a text, but '\\x01'",
	} {
		in, err := openInput(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		s := newStream(in, "in", 1<<20)
		err = s.object("the document", func(string) error {
			if s.peek() == '[' {
				return s.array("a list", s.skip)
			}
			return s.skip()
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
		var syntax *syntaxError
		if errors.As(err, &syntax) && syntax.at >= int64(len(text)) {
			t.Errorf("%.60s: offset %d", text, syntax.at)
		}
	}
}
