package scanner

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// statementsOf joins the policies among holdings in one document; nil where there are none.
func statementsOf(holdings []rules.Holding, document func(*rules.Holding) *policy.Document) *policy.Document {
	all := &policy.Document{Version: policy.Version2012, Kind: policy.Resource}
	for i := range holdings {
		h := &holdings[i]
		d := document(h)
		if d == nil || h.Grant.Kind == extractors.ACL {
			continue
		}
		if len(all.Statements) == 0 {
			all.Version = d.Version
		}
		for _, s := range d.Statements {
			s.Index = len(all.Statements)
			all.Statements = append(all.Statements, s)
		}
	}
	if len(all.Statements) == 0 {
		return nil
	}
	return all
}

// public decides whether the policies among holdings are public together, before the
// change or after it; wild tells that only a value which is not known may make them so, by
// a wildcard.
func public(holdings []rules.Holding, typ string, before bool) (v access.Verdict, wild bool) {
	decide := func(document func(*rules.Holding) *policy.Document) access.Verdict {
		d := statementsOf(holdings, document)
		if d == nil {
			return access.Pass
		}
		res, err := access.NoPublicAccess(d, typ, access.Options{})
		if err != nil {
			return access.Undetermined
		}
		return res.Verdict
	}
	v = decide(func(h *rules.Holding) *policy.Document { return sideOf(h, before) })
	if v != access.Pass {
		return v, false
	}
	if decide(func(h *rules.Holding) *policy.Document {
		d, _ := rules.Wildest(h, before)
		return d
	}) != access.Pass {
		return access.Undetermined, true
	}
	return access.Pass, false
}

func sideOf(h *rules.Holding, before bool) *policy.Document {
	if before {
		return h.Before
	}
	return h.After
}
