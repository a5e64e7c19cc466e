package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// worstFirst orders action patterns for a sentence that names some of them only: those
// that manage permissions come before those that write, and these before those that read.
// What a sentence names in full stays as it is written. What whoever runs code has, such
// as to write logs, comes behind, and idle ones, which have no effect, last.
func worstFirst(actions []string, idle map[string]bool) []string {
	if len(actions) <= maxNamed {
		return actions
	}
	badness := make(map[string]int, len(actions))
	for _, a := range actions {
		switch badness[a] = howBad(a) + 1; {
		case idle[a]:
			badness[a] = -1
		case catalog.Telemetry(a):
			badness[a] = 0
		}
	}
	out := slices.Clone(actions)
	slices.SortStableFunc(out, func(a, b string) int { return badness[b] - badness[a] })
	return out
}

// howBad ranks an action pattern by the worst that it matches, in the order of the table
// of gradings.
func howBad(pattern string) int {
	var r reach
	r.measureActions(&policy.Statement{}, &access.Gain{Actions: []string{pattern}})
	switch {
	case r.level == catalog.PermissionsManagement || r.class == catalog.PrivEsc:
		return 4
	case r.class == catalog.CredentialExposure:
		return 3
	case r.level == catalog.Write:
		return 2
	case r.class == catalog.DataAccess:
		return 1
	}
	return 0
}
