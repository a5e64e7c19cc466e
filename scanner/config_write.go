package scanner

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/rules"
)

// AddArchiveRule writes a rule that is about fingerprints into a configuration file,
// behind those that are there; the rest of the file stays as it is, comments too. about
// goes into a comment; "" for none. A file that is not there is made. Nothing is written
// when the file, before or after, is no valid configuration.
func AddArchiveRule(path string, r rules.ArchiveRule, about string) error {
	text, err := os.ReadFile(path)
	mode := fs.FileMode(0o644)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = []byte("version: 1\n")
	case err != nil:
		return &InputError{path, err}
	default:
		if info, err := os.Stat(path); err == nil {
			mode = info.Mode().Perm()
		}
		if _, err := ParseConfig(path, text); err != nil {
			return err
		}
	}
	text, err = insertRule(text, r, about)
	if err != nil {
		return &InputError{path, err}
	}
	c, err := ParseConfig(path, text)
	if err != nil {
		return fmt.Errorf("the rule cannot be written: %w", err)
	}
	if n := len(c.Archive); n == 0 || c.Archive[n-1].Name != r.Name || c.Archive[n-1].Reason != r.Reason {
		return &InputError{path, errors.New("the rule cannot be put into the file: write it under archive by hand")}
	}
	return replaceFile(path, text, mode)
}

// insertRule puts a rule into the text of a configuration: at the end of the list under
// archive, or in a list of its own at the end of the file.
func insertRule(text []byte, r rules.ArchiveRule, about string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) == 0 {
		return nil, fmt.Errorf("no YAML mapping: %v", err)
	}
	root := doc.Content[0]
	if root.Style&yaml.FlowStyle != 0 {
		return nil, errors.New("the configuration is one line in braces: write it in lines to have rules added")
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	if n := len(lines); n > 0 && len(lines[n-1]) > 0 && lines[n-1][len(lines[n-1])-1] != '\n' {
		lines[n-1] = append(lines[n-1], '\n')
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "archive" {
			continue
		}
		list := root.Content[i+1]
		if list.Style&yaml.FlowStyle != 0 || len(list.Content) == 0 {
			return nil, errors.New("archive is a list in brackets: write its elements in lines, each behind a dash")
		}
		end := len(lines)
		if i+2 < len(root.Content) {
			end = root.Content[i+2].Line - 1
		}
		// Comments and blank lines in front of what follows belong to that.
		for end > 0 && (len(bytes.TrimSpace(lines[end-1])) == 0 || bytes.HasPrefix(bytes.TrimSpace(lines[end-1]), []byte("#")) && i+2 < len(root.Content)) {
			end--
		}
		added := ruleText(r, about, strings.Repeat(" ", list.Column-1))
		return bytes.Join(append(append(append([][]byte{}, lines[:end]...), []byte(added)), lines[end:]...), nil), nil
	}
	return append(bytes.Join(lines, nil), []byte("archive:\n"+ruleText(r, about, "  "))...), nil
}

// ruleText writes a rule as an element of a list.
func ruleText(r rules.ArchiveRule, about, indent string) string {
	quoted := func(s string) string {
		b, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Value: s, Style: yaml.DoubleQuotedStyle})
		if err != nil {
			return `""`
		}
		return strings.TrimSpace(string(b))
	}
	var b strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, indent+format+"\n", args...)
	}
	if about != "" {
		line("# %s", strings.Map(func(c rune) rune {
			if c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff {
				return '?'
			}
			return c
		}, about))
	}
	line("- name: %s", quoted(r.Name))
	line("  filter: {fingerprint: {eq: [%s]}}", quoted(strings.Join(r.Filter["fingerprint"].Eq, ",")))
	line("  reason: %s", quoted(r.Reason))
	if !r.Expires.IsZero() {
		line("  expires: %s", r.Expires.Format(time.DateOnly))
	}
	return b.String()
}

// replaceFile writes a file beside the old one and puts it in its place, so that a
// failure leaves the old one.
func replaceFile(path string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".grantdiff-*")
	if err != nil {
		return &InputError{path, err}
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return &InputError{path, err}
	}
	return nil
}
