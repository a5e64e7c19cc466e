package report

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// unset names the members that the SARIF library writes for "not given": these
// numbers as -1, and each of these lists when it has its default content.
var (
	unsetNumbers = map[string]bool{
		"rank": true, "ruleIndex": true, "index": true, "parentIndex": true,
		"id": true, "byteOffset": true, "charOffset": true,
	}
	defaultMembers = map[string]string{
		"language":         `"en-US"`,
		"newlineSequences": `["\r\n","\n"]`,
		"contents":         `["localizedData","nonLocalizedData"]`,
		"isComprehensive":  `false`,
		"kind":             `"fail"`,
	}
	// keptEmpty are lists that GitHub wants to see even when they are empty.
	keptEmpty = map[string]bool{"results": true, "rules": true, "runs": true}
)

// stripSARIF drops the members that say nothing from what the SARIF library
// writes (they are about 1 KB a result), and indents the rest. It streams: the
// report can be large.
func stripSARIF(raw []byte) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.WithIndent("  "))
	for {
		if insideObject, name := dec.StackIndex(dec.StackDepth()); insideObject == '{' && name%2 == 0 {
			if dropped, err := member(dec, enc); err != nil {
				return nil, err
			} else if dropped {
				continue
			}
		}
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		if err := enc.WriteToken(token); err != nil {
			return nil, err
		}
	}
}

// member reads the next member's name, and its value where that is dropped. It
// reports false, having written the name, where the value is to be copied, and
// at the end of the object.
func member(dec *jsontext.Decoder, enc *jsontext.Encoder) (dropped bool, err error) {
	if dec.PeekKind() == '}' {
		return false, nil
	}
	token, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	name := token.String()
	keep := func() (bool, error) { return false, enc.WriteToken(jsontext.String(name)) }
	kind := dec.PeekKind()
	def, hasDefault := defaultMembers[name]
	switch {
	case kind == 'n':
		return true, dec.SkipValue()
	case (kind == '[' || kind == '{') && !hasDefault:
		if keptEmpty[name] {
			return keep()
		}
		return openMember(dec, enc, name)
	case !hasDefault && !(kind == '0' && unsetNumbers[name]):
		return keep()
	}
	v, err := dec.ReadValue()
	if err != nil {
		return false, err
	}
	if (hasDefault && string(v) == def) || (!hasDefault && string(v) == "-1") {
		return true, nil
	}
	if _, err := keep(); err != nil {
		return false, err
	}
	return true, enc.WriteValue(v)
}

// openMember copies the name and opening of a list or object, or drops both where
// it is empty.
func openMember(dec *jsontext.Decoder, enc *jsontext.Encoder, name string) (dropped bool, err error) {
	open, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	// The token is only valid until the next read.
	start := jsontext.BeginArray
	end := jsontext.Kind(']')
	if open.Kind() == '{' {
		start, end = jsontext.BeginObject, '}'
	}
	if dec.PeekKind() == end {
		_, err := dec.ReadToken()
		return true, err
	}
	if err := enc.WriteToken(jsontext.String(name)); err != nil {
		return false, err
	}
	return true, enc.WriteToken(start)
}
