package policy

import "github.com/grantdiff/grantdiff/internal/diag"

// later says of a document of Later what came of reading it.
type later struct{ ds diag.Diagnostics }

// unread is of a document that was not read yet.
var unread = new(later)

// Later returns a document of which nothing is known but its kind until Read is called:
// for whoever has many texts, each of which takes three times its memory once it is read.
// It must not get to anybody who does not know that it is unread.
func Later(text string, kind Kind) *Document {
	in := newWritten(text, ParseOptions{})
	in.later = unread
	return &Document{Kind: kind, Place: Place{in: in}}
}

// Read reads a document that Later made, as Parse does, and returns the diagnostics, also
// when it was read before. Other documents have been read.
func (d *Document) Read() diag.Diagnostics {
	in := d.in
	switch {
	case in == nil || in.later == nil:
		return nil
	case in.later != unread:
		return in.later.ds
	}
	in.later = nil
	ds := parse(d, in, ParseOptions{Kind: d.Kind})
	if len(ds) > 0 {
		d.in.later = &later{ds}
	}
	return ds
}
