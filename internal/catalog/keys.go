package catalog

import (
	"slices"
	"strings"
	"sync"
)

// KeyType is the type of a condition key's values.
type KeyType uint8

// The key types. The zero value is no type: a key that is not known.
const (
	_ KeyType = iota
	String
	ARN
	Bool
	Numeric
	Date
	IPAddress
)

// String returns the type as the reference spells it.
func (t KeyType) String() string {
	switch t {
	case String:
		return "String"
	case ARN:
		return "ARN"
	case Bool:
		return "Bool"
	case Numeric:
		return "Numeric"
	case Date:
		return "Date"
	case IPAddress:
		return "IPAddress"
	}
	return "unknown"
}

var keyTypeOf = map[byte]KeyType{'s': String, 'a': ARN, 'b': Bool, 'n': Numeric, 'd': Date, 'i': IPAddress}

// ConditionKey tells the type of a condition key and whether a request can hold
// several values for it (the reference's "ArrayOf" types). Names are taken without
// regard to case; where a known key has a placeholder, as in
// aws:ResourceTag/${TagKey}, any text that is not empty stands for it. Where
// services disagree about a key it counts as multivalued.
func ConditionKey(name string) (t KeyType, multivalued, ok bool) {
	k := keys()
	if i, found := slices.BinarySearchFunc(k.names, name, compareFold); found {
		return k.types[i], k.multi[i], true
	}
	var best *keyPattern // the one that has the longest text before its placeholder wins
	for i := range k.patterns {
		if p := &k.patterns[i]; (best == nil || len(p.head) > len(best.head)) && p.matches(name) {
			best = p
		}
	}
	if best == nil {
		return 0, false, false
	}
	return k.types[best.at], k.multi[best.at], true
}

// ConditionKeys lists the names of all known condition keys, sorted without regard
// to case, with their placeholders.
func ConditionKeys() []string { return keys().names }

// keyTable is the block of condition keys: lines of the type's letter, in upper
// case for a multivalued key, and the name.
type keyTable struct {
	names    []string
	types    []KeyType
	multi    []bool
	patterns []keyPattern
}

// keyPattern is a name with a placeholder: what is before it and behind it.
type keyPattern struct {
	at         int // in names
	head, tail string
}

var keys = sync.OnceValue(func() *keyTable {
	text := strings.TrimSuffix(load().keys, "\n")
	n := strings.Count(text, "\n") + 1
	k := &keyTable{names: make([]string, 0, n), types: make([]KeyType, 0, n), multi: make([]bool, 0, n)}
	for line := range strings.SplitSeq(text, "\n") {
		if p, ok := placeholder(line[1:]); ok {
			p.at = len(k.names)
			k.patterns = append(k.patterns, p)
		}
		k.names = append(k.names, line[1:])
		k.types = append(k.types, keyTypeOf[lower(line[0])])
		k.multi = append(k.multi, line[0] != lower(line[0]))
	}
	return k
})

// placeholder cuts a name at its placeholder, of which the reference has one at most; a test
// holds the data to that.
func placeholder(key string) (keyPattern, bool) {
	at := strings.Index(key, "${")
	if angle := strings.IndexByte(key, '<'); at < 0 || angle >= 0 && angle < at {
		at = angle
	}
	if at < 0 {
		return keyPattern{}, false
	}
	end := strings.IndexAny(key[at:], "}>")
	if end < 0 {
		return keyPattern{}, false
	}
	return keyPattern{head: key[:at], tail: key[at+end+1:]}, true
}

// matches reports whether any text that is not empty makes the name of the pattern.
func (p *keyPattern) matches(name string) bool {
	return len(name) > len(p.head)+len(p.tail) && hasPrefixFold(name, p.head) &&
		equalFold(name[len(name)-len(p.tail):], p.tail)
}
