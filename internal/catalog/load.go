package catalog

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The text, made by gen: a header of "name<TAB>value" lines, then blocks. The
// block "=" holds the condition keys, every other block "=prefix" a service:
//
//	r<TAB>type<TAB>arn[, arn]     a resource type
//	s<TAB>i,j,...                 a set of condition keys, by line of the key block
//	Wname<TAB>r,...<TAB>s         an action: the level's letter and its name, its
//	                              resource types and its key set by line of this block
//
// Indices are in base 36. Resource types and key sets stand before the actions,
// actions are sorted without regard to case.
//
//go:embed catalogue.txt.gz
var packed []byte

type catalogue struct {
	keys   string   // the block of condition keys
	names  []string // of services, sorted
	blocks []block  // in the order of names
}

// block is one service's part of the text.
type block struct {
	name   string
	text   string
	once   sync.Once
	parsed *service
}

type service struct {
	actions   []Action
	resources []resource
}

type resource struct {
	name string
	arns []string
}

// load reads the embedded text. That it can be read is an invariant of the build,
// held by a test, so failure panics.
var load = sync.OnceValue(func() *catalogue {
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(fmt.Sprintf("catalog: embedded data: %v", err))
	}
	raw, err := io.ReadAll(zr)
	if err != nil {
		panic(fmt.Sprintf("catalog: embedded data: %v", err))
	}
	return index(string(raw))
})

// index finds the blocks without parsing them.
func index(text string) *catalogue {
	c := &catalogue{}
	count := strings.Count(text, "\n=")
	c.names, c.blocks = make([]string, 0, count), make([]block, 0, count)
	for at := strings.Index(text, "\n="); at >= 0; {
		name, rest, _ := strings.Cut(text[at+2:], "\n")
		at = strings.Index(rest, "\n=")
		body := rest
		if at >= 0 {
			body = rest[:at]
		}
		text = rest
		if name == "" {
			c.keys = body
			continue
		}
		c.names = append(c.names, name)
		c.blocks = append(c.blocks, block{name: name, text: body})
	}
	return c
}

func (c *catalogue) find(service string) *block {
	i, ok := slices.BinarySearchFunc(c.names, service, compareFold)
	if !ok {
		return nil
	}
	return &c.blocks[i]
}

func (b *block) parse() *service {
	b.once.Do(func() { b.parsed = parseService(b.name, b.text) })
	return b.parsed
}

var levelOf = map[byte]Level{'L': List, 'R': Read, 'T': Tagging, 'W': Write, 'P': PermissionsManagement}

func parseService(name, text string) *service {
	s := &service{actions: make([]Action, 0, strings.Count(text, "\n")+1)}
	var sets [][]string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		first, rest, _ := strings.Cut(line, "\t")
		switch first {
		case "":
		case "r":
			kind, arns, _ := strings.Cut(rest, "\t")
			s.resources = append(s.resources, resource{kind, strings.Split(arns, ", ")})
		case "s":
			sets = append(sets, pick(rest, keys().names))
		default:
			types, set, _ := strings.Cut(rest, "\t")
			a := Action{Service: name, Name: first[1:], Level: levelOf[first[0]]}
			if types != "" {
				for id := range strings.SplitSeq(types, ",") {
					a.ResourceTypes = append(a.ResourceTypes, s.resources[number(id)].name)
				}
			}
			if set != "" {
				a.ConditionKeys = sets[number(set)]
			}
			s.actions = append(s.actions, a)
		}
	}
	return s
}

// pick returns the items of a table that a list of indices names.
func pick(list string, table []string) []string {
	out := make([]string, 0, strings.Count(list, ",")+1)
	for id := range strings.SplitSeq(list, ",") {
		out = append(out, table[number(id)])
	}
	return out
}

func number(s string) int {
	n, err := strconv.ParseUint(s, 36, 31)
	if err != nil {
		panic(fmt.Sprintf("catalog: embedded data: %v", err))
	}
	return int(n)
}

func (s *service) lookup(name string) (Action, bool) {
	i, ok := s.search(name)
	if !ok {
		return Action{}, false
	}
	return s.actions[i], true
}

// search finds the place of a name among the actions.
func (s *service) search(name string) (int, bool) {
	return slices.BinarySearchFunc(s.actions, name, func(a Action, name string) int {
		return compareFold(a.Name, name)
	})
}
