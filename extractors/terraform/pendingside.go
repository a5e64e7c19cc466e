package terraform

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
)

// pendingSide is extractors.Side for a pending grant, of which there may be many: few have
// something that is told of them.
type pendingSide struct {
	Document          *policyDocument
	Unknown           *extractors.Unknown
	told              *sideNotes // nil for nothing
	Absent, Sensitive bool
}

type sideNotes struct {
	diagnostics diag.Diagnostics
	symbols     []extractors.Symbol
}

// tell says what was remarkable about the document, and what in it stands for something
// that is not known. What is sensitive is not repeated.
func (s *pendingSide) tell(ds diag.Diagnostics, symbols []extractors.Symbol) {
	if s.Sensitive {
		ds = withoutValues(ds)
	}
	s.told = nil
	if len(ds)+len(symbols) > 0 {
		s.told = &sideNotes{ds, symbols}
	}
}

// symbols are those in the document.
func (s *pendingSide) symbols() []extractors.Symbol {
	if s.told == nil {
		return nil
	}
	return s.told.symbols
}

// final is what the result holds of the side. Its document is read.
func (s *pendingSide) final() extractors.Side {
	out := extractors.Side{Absent: s.Absent, Sensitive: s.Sensitive, Unknown: s.Unknown, Symbols: s.symbols()}
	if s.told != nil {
		out.Diagnostics = s.told.diagnostics
	}
	if s.Document != nil {
		doc, ds := s.Document.read()
		out.Document = doc
		if len(ds) > 0 {
			if out.Diagnostics = ds; s.Sensitive {
				out.Diagnostics = withoutValues(ds)
			}
		}
	}
	return out
}
