package rules

import (
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Settings are what a project wants of the rules. The zero value wants nothing beyond
// the rules themselves.
type Settings struct {
	Trust      Trust
	Forbidden  []Forbidden
	References []Reference
	// Levels are those that the configuration pins, by rule id. Findings get them later;
	// a rule that leaves something to another has to know.
	Levels map[string]Level
	// OnCreate pins, by rule id, the level of findings about subjects that the change
	// creates.
	OnCreate map[string]Level
}

// Trust is the zone of trust: whoever is in it is no outsider. The account that a
// resource lives in always is.
type Trust struct {
	Accounts      []string // 12-digit ids
	Organizations []string // ids such as o-a1b2c3d4e5
}

// Forbidden is access that no matching subject may have.
type Forbidden struct {
	Access []access.Access
	Match  Match
}

// Reference is a policy that matching subjects may not exceed.
type Reference struct {
	Name   string
	Match  Match
	Policy *policy.Document
}

// Match selects subjects; an empty part matches every one. In an address pattern, *
// stands for anything without a dot and ** for anything.
type Match struct {
	Address, Kind, Name string

	address, name *regexp.Regexp
}

// Compile prepares the patterns of a match.
func (m Match) Compile() Match {
	m.address, m.name = glob(m.Address, "."), glob(m.Name, "/")
	return m
}

// Subject reports whether the match selects a subject.
func (m Match) Subject(s extractors.Subject, address string) bool {
	switch {
	case m.Kind != "" && m.Kind != s.Kind,
		m.name != nil && !m.name.MatchString(s.Name),
		m.address != nil && !m.address.MatchString(s.Address) && !m.address.MatchString(address):
		return false
	}
	return true
}

// glob is a pattern as a regular expression, nil for an empty one. A single * does not
// cross the separator.
func glob(pattern, separator string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); i++ {
		switch {
		case strings.HasPrefix(pattern[i:], "**"):
			b.WriteString(".*")
			i++
		case pattern[i] == '*':
			b.WriteString("[^" + regexp.QuoteMeta(separator) + "]*")
		case pattern[i] == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}
