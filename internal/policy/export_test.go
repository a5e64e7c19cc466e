package policy

import "github.com/grantdiff/grantdiff/internal/source"

// PlaceOf is a place with the range r.
func PlaceOf(r source.Range) Place { return new(written).add(r) }
