package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// entry is one service of the normalised catalogue. Fields that are not packed
// (dependent actions, required resource types) are not listed.
type entry struct {
	Actions map[string]struct {
		Level     string   `json:"access_level"`
		Resources []string `json:"resources"`
		Keys      []string `json:"condition_keys"`
	} `json:"actions"`
	Resources map[string]string `json:"resources"`
	Keys      map[string]string `json:"condition_keys"`
}

// counts is what a packed catalogue holds; keys that differ only in case are one.
type counts struct {
	Services, Actions, ResourceTypes, ConditionKeys int
	Levels                                          map[byte]int
}

// globals is the pseudo-service that holds the global condition keys.
const globals = "aws"

// levels maps the access levels of the reference to the packed letters. A level of
// several words, as in "Tagging, Write", is its first.
var levels = map[string]byte{"List": 'L', "Read": 'R', "Tagging": 'T', "Write": 'W', "Permissions management": 'P'}

// types maps the key types of the reference to the packed letters; ArrayOf types
// have the letter of the type in upper case.
var types = map[string]byte{"String": 's', "ARN": 'a', "Bool": 'b', "Numeric": 'n', "Date": 'd', "IPAddress": 'i'}

var actionName = regexp.MustCompile(`^[A-Z][A-Za-z0-9-]{0,62}$|^[a-z][A-Za-z0-9-]{1,62}$`)

// pack writes the catalogue as the text that internal/catalog/load.go describes.
func pack(cat map[string]entry) (string, counts, error) {
	n := counts{Levels: map[byte]int{}}
	var b strings.Builder
	b.WriteString("format\t1\n")
	index, err := packKeys(&b, cat)
	if err != nil {
		return "", n, err
	}
	n.ConditionKeys = len(index)
	for _, name := range sorted(cat) {
		if name == globals {
			continue
		}
		n.Services++
		if err := packService(&b, name, cat[name], index, &n); err != nil {
			return "", n, fmt.Errorf("service %s: %w", name, err)
		}
	}
	return b.String(), n, nil
}

// packKeys writes the block of condition keys and returns the line of each, by its
// name in lower case.
func packKeys(b *strings.Builder, cat map[string]entry) (map[string]int, error) {
	names, letters := map[string]string{}, map[string]byte{}
	for _, service := range sorted(cat) {
		keys := cat[service].Keys
		for _, name := range sorted(keys) {
			base, multi := strings.CutPrefix(keys[name], "ArrayOf")
			letter, ok := types[base]
			if !ok {
				return nil, fmt.Errorf("condition key %s: unknown type %q", name, keys[name])
			}
			if multi {
				letter -= 'a' - 'A'
			}
			id := strings.ToLower(name)
			old, known := letters[id]
			switch {
			case !known:
				names[id], letters[id] = name, letter
			case old != letter && strings.EqualFold(string(old), string(letter)):
				// Several values is the reading that promises less.
				letters[id] = min(old, letter)
			case old != letter:
				return nil, fmt.Errorf("condition key %s: services disagree about its type", name)
			}
		}
	}
	index := map[string]int{}
	b.WriteString("=\n")
	for i, id := range sorted(names) {
		index[id] = i
		fmt.Fprintf(b, "%c%s\n", letters[id], names[id])
	}
	return index, nil
}

func packService(b *strings.Builder, name string, e entry, keys map[string]int, n *counts) error {
	fmt.Fprintf(b, "=%s\n", name)
	resources := map[string]int{}
	for i, kind := range sorted(e.Resources) {
		resources[kind] = i
		fmt.Fprintf(b, "r\t%s\t%s\n", kind, e.Resources[kind])
		n.ResourceTypes++
	}
	sets := map[string]int{}
	var lines strings.Builder
	for _, action := range sorted(e.Actions) {
		a := e.Actions[action]
		first, _, _ := strings.Cut(a.Level, ",")
		letter, ok := levels[first]
		if !ok || !actionName.MatchString(action) {
			return fmt.Errorf("action %q with level %q: expected a name and a known level", action, a.Level)
		}
		list, err := indices(a.Resources, resources, false)
		if err != nil {
			return fmt.Errorf("action %s: %w", action, err)
		}
		set, err := indices(a.Keys, keys, true)
		if err != nil {
			return fmt.Errorf("action %s: %w", action, err)
		}
		if set != "" {
			i, known := sets[set]
			if !known {
				i = len(sets)
				sets[set] = i
				fmt.Fprintf(b, "s\t%s\n", set)
			}
			set = base36(i)
		}
		n.Actions++
		n.Levels[letter]++
		line := fmt.Sprintf("%c%s\t%s\t%s", letter, action, list, set)
		lines.WriteString(strings.TrimRight(line, "\t") + "\n")
	}
	b.WriteString(lines.String())
	return nil
}

// indices writes the places of names in a table.
func indices(names []string, table map[string]int, fold bool) (string, error) {
	out := make([]string, 0, len(names))
	for _, name := range names {
		id := name
		if fold {
			id = strings.ToLower(name)
		}
		i, ok := table[id]
		if !ok {
			return "", fmt.Errorf("%q is not declared by the service", name)
		}
		out = append(out, base36(i))
	}
	return strings.Join(out, ","), nil
}

func base36(i int) string { return strconv.FormatInt(int64(i), 36) }

// sorted returns the keys of a map in the order that package catalog searches:
// without regard to case, and by their bytes where that leaves them equal.
func sorted[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	})
}
