package terraform

import (
	"regexp"
	"slices"
	"strings"
)

// objectReference is an attribute of a managed resource, in whatever module.
var objectReference = regexp.MustCompile(`^((?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*)([a-z0-9_]+)\.([^.\[]+)(\[[^\]]*\])?\.[a-z0-9_]+$`)

// accountOfProvider begins what stands for the account of a provider configuration.
const accountOfProvider = "account of "

// elsewhere marks the symbols of a grant that stand for something which another provider
// configuration makes, with other credentials: that may be in another account. Provider
// configurations whose accounts are known to be the same are one.
func (x *extraction) elsewhere(p *pending) {
	if len(x.accounts.groups) < 2 {
		return
	}
	here, _ := x.accounts.whereabouts(p.instance)
	for _, side := range []*pendingSide{&p.Before, &p.After} {
		if side.told == nil {
			continue
		}
		marked := slices.Clone(side.told.symbols)
		for i, s := range marked {
			if key, ok := strings.CutPrefix(s.Reference, accountOfProvider); ok {
				if there := x.accounts.shares[key]; there != nil { // else it is that of an object, its own
					marked[i].Elsewhere = !sameAccount(here, there)
				}
				continue
			}
			m := objectReference.FindStringSubmatch(s.Reference)
			if m == nil {
				continue
			}
			module := m[1]
			if module != "" {
				module = module[:len(module)-1]
			}
			there, _ := x.accounts.whereabouts(&instance{module, m[2], m[3], m[4]})
			marked[i].Elsewhere = !sameAccount(here, there)
		}
		side.told = &sideNotes{side.told.diagnostics, marked} // sides may share them
	}
}

// sameAccount reports whether two provider configurations are known to be in one account.
func sameAccount(a, b *credentials) bool {
	switch {
	case a == nil || b == nil:
		return false
	case a == b:
		return true
	}
	return a.account != "" && a.account == b.account && !a.differ && !b.differ
}
