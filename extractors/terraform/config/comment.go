package config

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Comment is a comment that goes to the end of its line.
type Comment struct {
	Text  string // without the sign that opens it
	Range source.Range
	// Own is true when nothing else is on its line.
	Own bool
	// Entry is true when it follows something else on its line than what opens a value that
	// goes on below: an entry of a list or object, or a part of one.
	Entry bool
}

// Comments lists the comments of a file in native syntax, in order. Files in JSON syntax
// have none.
func (t *Tree) Comments(name string) []Comment {
	if list, ok := t.comments[name]; ok {
		return list
	}
	var list []Comment
	if strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu") {
		if text, err := t.ReadFile(name); err == nil && Nesting(text) <= maxNesting {
			list = comments(text, name)
		}
	}
	if t.comments == nil {
		t.comments = map[string][]Comment{}
	}
	t.comments[name] = list
	return list
}

func comments(text []byte, name string) (list []Comment) {
	defer func() {
		if r := recover(); r != nil {
			list = nil
		}
	}()
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	for i, token := range tokens {
		if token.Type != hclsyntax.TokenComment {
			continue
		}
		s := string(token.Bytes)
		body, ok := strings.CutPrefix(s, "#")
		if !ok {
			if body, ok = strings.CutPrefix(s, "//"); !ok {
				continue
			}
		}
		start := token.Range.Start.Byte
		line := text[bytes.LastIndexByte(text[:start], '\n')+1 : start]
		r := Place(name, token.Range)
		r.End = r.Start
		r.End.Byte += len(strings.TrimRight(s, "\r\n"))
		r.End.Column += len([]rune(strings.TrimRight(s, "\r\n")))
		line = bytes.TrimSpace(line)
		list = append(list, Comment{strings.TrimSpace(body), r, len(line) == 0, !opens(tokens[:i])})
	}
	return list
}

// opens reports whether the line on which tokens end has names and what opens a value alone,
// and so nothing that could be an entry.
func opens(tokens hclsyntax.Tokens) bool {
	last := true
	for i := len(tokens) - 1; i >= 0; i-- {
		switch t := tokens[i]; t.Type {
		case hclsyntax.TokenNewline:
			return true
		case hclsyntax.TokenComment:
			if bytes.HasSuffix(t.Bytes, []byte("\n")) {
				return true
			}
			continue
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenEqual, hclsyntax.TokenColon:
		case hclsyntax.TokenComma, hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen:
			return false
		default:
			if last {
				return false
			}
		}
		last = false
	}
	return true
}
