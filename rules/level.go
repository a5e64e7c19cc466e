// Package rules turns the engine's answers into findings: one file per rule, each
// rule a value with its documentation. All lists them; nothing registers itself.
package rules

import "fmt"

// Level is how bad a finding is. The order is meaningful: a higher level is worse.
type Level int

// The levels. Never is no level of a finding: as a threshold it is above all.
const (
	_ Level = iota
	Note
	Warning
	Error
	Never
)

var levelNames = map[Level]string{Note: "note", Warning: "warning", Error: "error", Never: "never"}

// String returns the name used in reports and flags.
func (l Level) String() string {
	if s, ok := levelNames[l]; ok {
		return s
	}
	return "invalid"
}

// ParseLevel reads a level name; "never" is accepted as a threshold.
func ParseLevel(s string) (Level, error) {
	for l, name := range levelNames {
		if s == name {
			return l, nil
		}
	}
	return 0, fmt.Errorf("unknown level %q: expected error, warning, note or never", s)
}

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level's name.
func (l *Level) UnmarshalText(b []byte) error {
	v, err := ParseLevel(string(b))
	if err == nil {
		*l = v
	}
	return err
}
