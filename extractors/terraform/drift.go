package terraform

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/internal/diag"
)

// Drift are changes made outside of Terraform that the refresh found: in
// resource_drift, "before" is what the last apply left and "after" what is there
// now (Terraform "JSON Output Format", resource_drift). What is there now is also
// "before" of the resource change, so that the plan itself is compared with the truth.
//
// At the first refresh after an apply, attributes that mirror other resources fill
// up, and the plan calls this drift as well. It is left to who adds up the subject's
// documents to see that nothing was given with them.

// readDrift reads the member of that name. It is read as changes are, on its own.
func (x *extraction) readDrift() error {
	d := newExtraction(x.ctx, x.o, x.result.Kind)
	d.s, d.parsed = x.s, x.parsed
	d.values.all = true // what was found is no value of the change
	x.drift = d
	return x.s.array("resource_drift", func() error { return d.readChange("a drifted resource") })
}

// takeDriftSecrets joins the sensitive values among what drifted with all others.
func (x *extraction) takeDriftSecrets() {
	if x.drift == nil {
		return
	}
	for _, text := range slices.Sorted(maps.Keys(x.drift.secrets.texts)) {
		x.secrets.add(text)
	}
	x.secrets.lost = x.secrets.lost || x.drift.secrets.lost
}

// finishDrift completes the grants of drift with what the whole input tells. What is
// wrong with drift is said, and is no reason to doubt the plan.
func (x *extraction) finishDrift(places *sourceMap) {
	d := x.drift
	if d == nil {
		return
	}
	d.config, d.objects, d.accounts = x.config, x.objects, x.accounts
	d.pending, d.shown = slices.Collect(d.grants(true)), nil
	for _, p := range d.pending {
		if p.late != nil {
			p.late(p)
		}
		d.resolveSubject(p)
		d.placeAccount(p)
		p.drop = p.deposedOf != "" || p.check != nil && !p.check()
	}
	d.settleDefaults()
	seen := map[[2]string]bool{}
	for _, p := range d.pending {
		key := [2]string{p.Address, p.Attribute}
		known := p.Before.Unknown == nil && p.After.Unknown == nil // else it is told, and not compared
		if p.drop || !known || seen[key] || sameText(p.Before, p.After) || p.alike || p.blanks == 2 {
			continue
		}
		seen[key] = true
		if !p.row.self() {
			p.Subject.Gone = false // what the plan does with the subject is another matter
		}
		p.Subject.New = false
		p.Subject.Scope = d.scope(p.Subject, p.instance, p.Account, p.region())
		g := p.grant()
		g.Written = places.origin(p)
		g.Written.Statements = nil // they are those of the configuration
		x.result.Drift = append(x.result.Drift, g)
	}
	for _, one := range d.result.Diagnostics {
		one.Severity = diag.Warning
		x.result.Diagnostics = append(x.result.Diagnostics, one)
	}
	x.drift = nil
}

// sameText reports whether two sides are known to have the same text, or none.
func sameText(a, b pendingSide) bool {
	if a.Document != nil && b.Document != nil {
		return a.Document == b.Document
	}
	return a.Absent && b.Absent
}
