package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// askedMethods are the methods of REST APIs that are no longer where they were and asked
// who calls, and those that are new. A block under another name for the same method of an
// API is a new object.
type askedMethods struct {
	gone map[string]bool   // by what tells a method from others
	made map[string]string // by address, what tells it from others
}

// takeMethod notes a method that goes, comes, or changes its place.
func (m *askedMethods) takeMethod(o *object, before, after jsontext.Value) {
	if o.deposed != "" {
		return
	}
	was, is := methodOf(before), methodOf(after)
	if was == is {
		return
	}
	if m.gone == nil {
		m.gone, m.made = map[string]bool{}, map[string]string{}
	}
	if was != "" && asksWho(before) {
		m.gone[was] = true
	}
	if is != "" {
		m.made[o.address] = is
	}
}

// replaces reports whether a method is one that another object was which asked who calls.
func (m *askedMethods) replaces(address string) bool { return m.gone[m.made[address]] }

// methodOf tells a method from others, of all APIs; "" where that is not known.
func methodOf(side jsontext.Value) string {
	var key []string
	for _, attr := range append(methodIDs, "http_method") {
		v, _ := str(member(side, attr))
		if v == "" {
			return ""
		}
		key = append(key, v)
	}
	return strings.Join(key, "\x00")
}

func asksWho(side jsontext.Value) bool {
	for _, attr := range []string{"authorization", "authorization_type"} {
		if how, _ := str(member(side, attr)); how != "" && how != "NONE" {
			return true
		}
	}
	return false
}
