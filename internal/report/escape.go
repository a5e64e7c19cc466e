package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Caps on text from plans and templates, in characters, so that one value cannot
// drown a report. The json format is not capped.
const (
	valueCap   = 240
	messageCap = 1000
	listCap    = 10 // values of one list
)

// safe makes s showable as part of one line: at most limit characters of it, with
// everything that is not plainly visible escaped. It is the first step for every
// sink; markup is escaped after it.
func safe(s string, limit int) string {
	kept, rest := clip(s, limit)
	if rest == 0 {
		return visible(kept)
	}
	return fmt.Sprintf("%s… (%d more characters)", visible(kept), rest)
}

// value is safe with the cap of a value, message that of a sentence.
func value(s string) string   { return safe(s, valueCap) }
func message(s string) string { return safe(s, messageCap) }

// clip returns the first limit characters of s and how many follow.
func clip(s string, limit int) (string, int) {
	n := 0
	for i := range s {
		if n == limit {
			return s[:i], utf8.RuneCountInString(s[i:])
		}
		n++
	}
	return s, 0
}

// invisible lists characters that unicode.IsPrint takes for printable but that
// show as nothing: fillers, joiners, variation selectors.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034f, Hi: 0x034f, Stride: 1},
		{Lo: 0x115f, Hi: 0x1160, Stride: 1},
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1},
		{Lo: 0x180b, Hi: 0x180f, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1},
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xe0100, Hi: 0xe01ef, Stride: 1}},
}

func plain(r rune) bool { return unicode.IsPrint(r) && !unicode.Is(invisible, r) }

// visible writes control characters, line ends, directional and zero-width
// characters, foreign spaces and broken UTF-8 as escapes in the manner of Go
// strings.
func visible(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) || r == utf8.RuneError }) < 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case plain(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// What a log reader takes for an instruction, besides "::" at the start of a line
// and "##[" anywhere, which the runner of GitHub Actions reads as commands: these
// mean failed policies to Atlantis.
var (
	lineStart    = regexp.MustCompile(`^(?:[ \t]|\x1b\[[0-9;]*m)*`)
	failureCount = regexp.MustCompile(`([1-9][0-9]*) (failure)`)
	failureList  = regexp.MustCompile(`(failures":) (\[)`)
)

// inertLine breaks up, visibly, whatever in a finished line of plain text a CI
// system would act on.
func inertLine(s string) string {
	if i := strings.Index(s, "::"); i >= 0 && len(lineStart.FindString(s)) == i {
		s = s[:i] + `\x3a` + s[i+1:]
	}
	if strings.Contains(s, "##[") {
		s = strings.ReplaceAll(s, "##[", `#\x23[`)
	}
	if strings.Contains(s, "failure") {
		s = failureCount.ReplaceAllString(s, `${1}\x20${2}`)
		s = failureList.ReplaceAllString(s, `${1}\x20${2}`)
	}
	return s
}

// Inert makes s, of any length, one line or a part of one that neither a terminal nor
// a CI system acts on.
func Inert(s string) string { return inertLine(visible(s)) }

// inertJSON writes characters that are not plainly visible, and "##[", as JSON
// escapes. Both can only occur inside strings.
func inertJSON(b []byte) []byte {
	b = bytes.ReplaceAll(b, []byte("##["), []byte(`\u0023#[`))
	hostile := func(r rune) bool { return r > 0x7e && !plain(r) }
	if bytes.IndexFunc(b, hostile) < 0 {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for _, r := range string(b) {
		if !hostile(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}
