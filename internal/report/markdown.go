package report

import (
	"regexp"
	"strconv"
	"strings"
)

// zeroWidth separates what GitHub would link if it stood together. It is written
// as an entity so that the source shows it.
const zeroWidth = "&#8203;"

// Matches what GitHub turns into links or mentions by itself.
var (
	mdMention  = regexp.MustCompile(`@(\w)`)
	mdIssue    = regexp.MustCompile(`(?i)(\\#|gh-)(\d)`)
	mdScheme   = regexp.MustCompile(`:(//)`)
	mdWWW      = regexp.MustCompile(`(?i)(www)\.`)
	mdNumbered = regexp.MustCompile(`^(\d+)([.)])`)
)

// mdText escapes a sentence for GitHub Flavored Markdown, wherever in a line or
// table cell it stands: markup, HTML, math, mentions and automatic links become
// plain text.
func mdText(s string) string {
	var b strings.Builder
	for i, r := range message(s) {
		switch {
		case strings.ContainsRune("\\`*_[]{}~#!", r), i == 0 && strings.ContainsRune("-+=", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case strings.ContainsRune("&<>|$", r):
			b.WriteString(entity(r))
		default:
			b.WriteRune(r)
		}
	}
	out := strings.TrimSpace(b.String())
	out = mdNumbered.ReplaceAllString(out, `$1\$2`)
	out = mdMention.ReplaceAllString(out, "@"+zeroWidth+"$1")
	out = mdIssue.ReplaceAllString(out, "$1"+zeroWidth+"$2")
	out = mdScheme.ReplaceAllString(out, ":"+zeroWidth+"$1")
	return mdWWW.ReplaceAllString(out, "$1"+zeroWidth+".")
}

// mdCode shows a value as code, in a line or in a table cell. A value with "|"
// cannot stand between backticks in a cell, so it becomes an element with every
// mark written as an entity.
func mdCode(s string) string {
	s = value(s)
	switch {
	case strings.TrimSpace(s) == "":
		return ""
	case strings.Contains(s, "|"):
		var b strings.Builder
		for _, r := range s {
			if r < 0x80 && strings.ContainsRune("\\`*_[]{}()~#!&<>|$@:\"'", r) {
				b.WriteString(entity(r))
			} else {
				b.WriteRune(r)
			}
		}
		return "<code>" + b.String() + "</code>"
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || (strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ")) {
		s = " " + s + " "
	}
	return fence + s + fence
}

// mdBlock shows lines, each safe to show, as a block of code.
func mdBlock(language string, lines []string) string {
	text := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	return fence + language + "\n" + text + "\n" + fence + "\n"
}

func entity(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return "&#" + strconv.Itoa(int(r)) + ";"
}

func longestRun(s string, of byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] == of {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}
