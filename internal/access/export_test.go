package access

// SearchAll returns o without the short cut of comparing texts, so that tests hold
// the search itself to the truth.
func SearchAll(o Options) Options {
	o.searchAll = true
	return o
}
