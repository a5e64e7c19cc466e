package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// LocationOf writes a range as a location.
func LocationOf(r source.Range) Location {
	return Location{
		Path:      r.Path,
		StartLine: r.Start.Line, StartColumn: r.Start.Column,
		EndLine: r.End.Line, EndColumn: r.End.Column,
	}
}

// identity is what the fingerprint of a finding about a statement covers besides
// its fields: the conditions, since the same actions under wider ones are another
// finding. Of a sensitive policy only the grade is covered: a hash of a short secret
// gives it away.
func identity(g *extractors.Grant, s *policy.Statement, severity float64) []string {
	if g.Before.Sensitive || g.After.Sensitive {
		return []string{strconv.FormatFloat(severity, 'g', -1, 64)}
	}
	var out []string
	for _, c := range s.Conditions {
		values := make([]string, 0, len(c.Values))
		for _, v := range c.Values {
			values = append(values, v.Text)
		}
		slices.Sort(values)
		out = append(out, strings.Join(append([]string{c.Operator.Name, c.KeyName()}, values...), "\x00"))
	}
	return out
}

// print is the fingerprint of a finding: it identifies the finding across runs, survives
// edits elsewhere, and lapses when the access grows, also where nothing but a Deny or a
// limit in another document is less, and when it is somebody else's.
func (f *Found) print(identity []string) string {
	identity = append(slices.Clone(identity), "of", f.Subject.Kind, f.Subject.Address, f.Subject.Name)
	if f.Gained != nil {
		identity = append(identity, f.Gained.Keys...)
	}
	return fingerprint(&f.Finding, identity)
}

// fingerprint is equal for findings that say the same, whoever gains it and what else holds
// it back: the rule, the address, the attribute and what is gained, but no line, index or
// level. Each part is written with its length, so that no two lists of parts run together.
func fingerprint(f *Finding, identity []string) string {
	h := sha256.New()
	part := func(s string) {
		h.Write([]byte(strconv.Itoa(len(s)) + ":" + s))
	}
	list := func(name string, ss []string) {
		part(name)
		ss = slices.Sorted(slices.Values(ss))
		part(strconv.Itoa(len(ss)))
		for _, s := range ss {
			part(s)
		}
	}
	part(f.Rule)
	part(f.Address)
	part(f.Attribute)
	if f.Statement != nil {
		part(f.Statement.Sid)
	}
	if g := f.Gained; g != nil {
		list("actions", g.Actions)
		list("resources", g.Resources)
		list("principals", g.Principals)
		list("conditions", g.Conditions)
	}
	list("identity", identity)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// conditions are those of the statement that a finding is about, "" where there is none,
// or they are not to be shown.
func (f *Found) conditions() string {
	if f.Grant == nil || f.Statement == nil || f.Grant.Before.Sensitive || f.Grant.After.Sensitive {
		return ""
	}
	d := f.Grant.After.Document
	if f.former {
		d = f.Grant.Before.Document
	}
	if d == nil || f.Statement.Index >= len(d.Statements) {
		return ""
	}
	return conditions(&d.Statements[f.Statement.Index])
}
