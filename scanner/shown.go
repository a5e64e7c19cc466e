package scanner

import (
	"encoding/json"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// Caps on the documents in a result, in bytes of JSON. AWS takes no policy that is longer
// than 20,480 characters (IAM and AWS STS quotas; S3 bucket policies), so that only what
// is padded meets the first. The second is of all documents together.
const (
	maxDocument  = 64 << 10
	maxDocuments = 8 << 20
)

// place is what a document belongs to. What drifted is compared apart.
type place struct {
	input, address, attribute string
	drift                     bool
}

func placeOf(f *rules.Finding) place {
	return place{f.Input, f.Address, f.Attribute, f.Rule == rules.DriftID}
}

// findings takes what could be derived from hidden values out of findings.
func (r *Redactor) findings(found []rules.Found) []rules.Finding {
	out := make([]rules.Finding, len(found))
	for i := range found {
		if g := found[i].Grant; g != nil {
			r.scrub(&found[i].Finding, g)
			found[i].Sensitive = r.holds(g)
			for _, s := range found[i].Also() {
				found[i].Sensitive = found[i].Sensitive || r.holds(s.Grant)
				if r.within(s.Grant.After.Document, s.Index) {
					r.scrubAll(&found[i].Finding)
				}
			}
		}
		found[i].Details = append(slices.Clone(found[i].Details), found[i].AlsoBy()...)
		out[i] = found[i].Finding
	}
	return out
}

// documents lists the documents that findings are about, each once, in the order of the
// findings.
func (r *Redactor) documents(found []rules.Found) []rules.Document {
	var out []rules.Document
	seen := map[place]bool{}
	for i := range found {
		f := &found[i]
		p := placeOf(&f.Finding)
		if f.Grant == nil || seen[p] || f.Address != f.Grant.Address || f.Attribute != f.Grant.Attribute {
			continue
		}
		seen[p] = true
		out = append(out, rules.Document{
			// As in findings, which are redacted later.
			Address: r.Address(f.Address), Attribute: r.Address(f.Attribute), Drift: p.drift,
			Before: r.side(f.Grant.Before), After: r.side(f.Grant.After),
		})
	}
	return out
}

// side is a side as it may be shown.
func (r *Redactor) side(s extractors.Side) rules.DocumentSide {
	switch {
	case s.Sensitive:
		return rules.DocumentSide{Omitted: rules.OmittedSensitive}
	case s.Absent:
		return rules.DocumentSide{Omitted: rules.OmittedAbsent}
	case s.Unknown != nil:
		return rules.DocumentSide{Omitted: rules.OmittedUnknown}
	case s.Document == nil, s.Diagnostics.HasErrors():
		return rules.DocumentSide{Omitted: rules.OmittedUnreadable}
	}
	text, err := json.Marshal(r.Document(s.Document))
	switch {
	case err != nil:
		return rules.DocumentSide{Omitted: rules.OmittedUnreadable}
	case len(text) > maxDocument:
		return rules.DocumentSide{Omitted: rules.OmittedLong}
	}
	return rules.DocumentSide{Policy: text}
}

// kept are the documents of the findings that come first, as many as fit. Where what is
// hidden makes two places equal, none is kept: it could not be told whose it is.
func kept(docs []rules.Document, findings []rules.Finding) []rules.Document {
	at := map[place]int{}
	for i, d := range docs {
		p := place{d.Input, d.Address, d.Attribute, d.Drift}
		if _, twice := at[p]; twice {
			i = -1
		}
		at[p] = i
	}
	var out []rules.Document
	room := maxDocuments
	for i := range findings {
		p := placeOf(&findings[i])
		i, ok := at[p]
		if !ok || i < 0 {
			continue
		}
		delete(at, p)
		if room -= len(docs[i].Before.Policy) + len(docs[i].After.Policy); room < 0 {
			break
		}
		out = append(out, docs[i])
	}
	return out
}

// holds reports whether a document of the grant has a value that must not be shown.
func (r *Redactor) holds(g *extractors.Grant) bool {
	if g.Before.Sensitive || g.After.Sensitive {
		return true
	}
	if r == nil {
		return false
	}
	for _, d := range []*policy.Document{g.Before.Document, g.After.Document} {
		if d == nil {
			continue
		}
		for i := range d.Statements {
			if r.within(d, i) {
				return true
			}
		}
	}
	return false
}
