package scanner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/rules"
)

// ConfigName is the name under which FindConfig looks for the configuration.
const ConfigName = ".grantdiff.yaml"

// maxConfig bounds a configuration file in bytes.
const maxConfig = 64 << 10

// Config is what a configuration file says; docs/config.md describes it. The zero
// value, and nil, change nothing.
type Config struct {
	// Levels pins the level of every finding of a rule, by rule id.
	Levels map[string]rules.Level
	// Settings are what the rules are told.
	Settings rules.Settings
	// Archive are the rules that accept findings, in their order.
	Archive []rules.ArchiveRule
}

// apply gives the findings of pinned rules their level. It touches no others, and
// no fingerprint: what is accepted stays accepted when the configuration changes.
func (c *Config) apply(findings []rules.Finding) {
	if c == nil {
		return
	}
	for i := range findings {
		// A level for what is new was given when the finding was made.
		if level, ok := c.Levels[findings[i].Rule]; ok && !findings[i].Pinned {
			findings[i].Pin(level)
		}
	}
}

// accept archives the findings that the configuration accepts. What expired is said
// once.
func (c *Config) accept(r *rules.Result, now time.Time) {
	if c == nil {
		return
	}
	for _, name := range rules.Archive(r.Findings, c.Archive, now) {
		r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
			Severity: diag.Warning.String(), Summary: fmt.Sprintf("The archive rule %q has expired", name),
			Detail: "What it accepted is reported again. Give it a new date in the configuration, or take it out.",
		})
	}
}

// FindConfig looks for ConfigName in dir and the folders above it, up to the root
// of the repository (the folder with .git); outside of a repository in dir alone.
// It returns "" where there is none.
func FindConfig(dir string) (string, error) {
	var first, found string
	for at := dir; ; at = filepath.Dir(at) {
		file := filepath.Join(at, ConfigName)
		switch exists, err := present(file); {
		case err != nil:
			return "", err
		case exists && found == "":
			found = file
		}
		if at == dir {
			first = found
		}
		switch root, err := present(filepath.Join(at, ".git")); {
		case err != nil:
			return "", err
		case root:
			return found, nil
		case at == filepath.Dir(at):
			return first, nil
		}
	}
}

func present(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the configuration: %w", err)
	}
	return true, nil
}

// LoadConfig reads a configuration file. Its errors are *InputError, joined when
// there are several.
func LoadConfig(path string) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &InputError{path, err}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return nil, &InputError{path, err}
	}
	return ParseConfig(path, text)
}
