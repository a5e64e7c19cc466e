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
	best := -1 // the pattern that has the longest text before its placeholder wins
	for _, i := range k.patterns {
		if matchKey(k.names[i], name) && (best < 0 || literal(k.names[i]) > literal(k.names[best])) {
			best = i
		}
	}
	if best < 0 {
		return 0, false, false
	}
	return k.types[best], k.multi[best], true
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
	patterns []int // of names with a placeholder
}

var keys = sync.OnceValue(func() *keyTable {
	text := strings.TrimSuffix(load().keys, "\n")
	n := strings.Count(text, "\n") + 1
	k := &keyTable{names: make([]string, 0, n), types: make([]KeyType, 0, n), multi: make([]bool, 0, n)}
	for line := range strings.SplitSeq(text, "\n") {
		if literal(line) < len(line) {
			k.patterns = append(k.patterns, len(k.names))
		}
		k.names = append(k.names, line[1:])
		k.types = append(k.types, keyTypeOf[lower(line[0])])
		k.multi = append(k.multi, line[0] != lower(line[0]))
	}
	return k
})

// literal is the length of what stands before the first placeholder.
func literal(key string) int {
	dollar, angle := strings.Index(key, "${"), strings.IndexByte(key, '<')
	switch {
	case dollar < 0 && angle < 0:
		return len(key)
	case dollar < 0:
		return angle
	case angle < 0:
		return dollar
	}
	return min(dollar, angle)
}

// matchKey matches a name with a key that has one placeholder, which is all that
// the reference has; a test holds the data to that.
func matchKey(key, name string) bool {
	at := literal(key)
	end := strings.IndexAny(key[at:], "}>")
	if end < 0 {
		return false
	}
	tail := key[at+end+1:]
	return len(name) > at+len(tail) && hasPrefixFold(name, key[:at]) &&
		equalFold(name[len(name)-len(tail):], tail)
}
