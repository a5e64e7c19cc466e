package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// refStatement is what the configuration says of one statement block of a data source
// for documents.
type refStatement struct {
	refs   map[string][]string // by attribute, or by block and attribute
	blocks map[string]int      // how many blocks of a kind there are
}

// refAttributes are the attributes of a statement whose values a policy shows.
var refAttributes = []string{"sid", "actions", "not_actions", "resources", "not_resources", "principals.identifiers", "not_principals.identifiers", "condition.values"}

// refStatements keeps what the statement blocks among the expressions of a data source
// refer to; nothing where no statement refers to anything.
func refStatements(exprs jsontext.Value) []refStatement {
	blocks := elements(member(exprs, "statement"))
	list := make([]refStatement, len(blocks))
	some := false
	for i, b := range blocks {
		for _, attr := range refAttributes {
			steps := strings.Split(attr, ".")
			refs := referencesAt(b, steps)
			if len(refs) == 0 {
				continue
			}
			some = true
			if list[i].refs == nil {
				list[i] = refStatement{map[string][]string{}, map[string]int{}}
			}
			list[i].refs[attr] = refs
			if len(steps) > 1 {
				list[i].blocks[attr] = len(elements(member(b, steps[0])))
			}
		}
	}
	if !some {
		return nil
	}
	return list
}

// MadeOf is what an attribute of a statement refers to. Blocks that are generated are
// missing in the configuration of a plan, so that the numbers tell whether there are any.
func (v planView) MadeOf(address string, statement, statements int, attribute string, blocks int) []string {
	path, err := modulePath(moduleOf(address))
	if err != nil {
		return nil
	}
	m := v.x.config.module(path)
	if m == nil {
		return nil
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(address, moduleOf(address)), documentType+".")
	name, _, _ := strings.Cut(rest, "[")
	list := m.statements[name]
	if len(list) != statements || list[statement].blocks[attribute] != blocks {
		return nil
	}
	return list[statement].refs[attribute]
}
