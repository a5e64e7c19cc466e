package eval

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// bounds refuse calls whose result would be far larger than their arguments.
var bounds = map[string]func([]cty.Value) bool{
	"join": func(args []cty.Value) bool {
		n := 0
		for _, a := range args[1:] {
			if a.IsKnown() && !a.IsNull() && a.CanIterateElements() {
				n += a.LengthInt()
			}
		}
		return within(size(args[0]), n)
	},
	"replace":    func(args []cty.Value) bool { return within(size(args[0])+1, size(args[2])) },
	"format":     formatFits,
	"formatlist": formatFits,
	"indent": func(args []cty.Value) bool {
		n := maxText
		if args[0].Type() == cty.Number && args[0].IsKnown() && !args[0].IsNull() {
			if f, _ := args[0].AsBigFloat().Int64(); f >= 0 && f < maxText {
				n = int(f)
			}
		}
		return within(n, size(args[1]))
	},
	"setproduct": func(args []cty.Value) bool {
		n := 1
		for _, a := range args {
			if a.IsKnown() && !a.IsNull() && a.CanIterateElements() {
				if n *= a.LengthInt(); n > maxProduct {
					return false
				}
			}
		}
		return true
	},
	"parseint": func(args []cty.Value) bool { return size(args[0]) < 200 },
	"tonumber": func(args []cty.Value) bool { return size(args[0]) < 200 },
	"split":    func(args []cty.Value) bool { return size(args[1]) <= maxWeight },
	"regexall": func(args []cty.Value) bool { return within(size(args[0])+1, size(args[1])) },
	"regex":    func(args []cty.Value) bool { return within(size(args[0])+1, size(args[1])) },
}

// maxProduct bounds the elements of setproduct.
const maxProduct = 10_000

func within(a, b int) bool { return a == 0 || b <= maxText/a }

func size(v cty.Value) int {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return 0
	}
	return len(v.AsString())
}

// plainVerb is a verb that writes its argument as it is.
var plainVerb = regexp.MustCompile(`%(\[\d{1,2}\])?[svd%]`)

// formatFits refuses widths and repetition that fill memory.
func formatFits(args []cty.Value) bool {
	verbs := strings.Count(plainText(args[0]), "%")
	if regexp.MustCompile(`%[^%a-zA-Z]*\d{4}`).MatchString(plainText(args[0])) {
		return false
	}
	longest := 1
	for _, a := range args[1:] {
		_ = cty.Walk(a, func(_ cty.Path, v cty.Value) (bool, error) {
			longest = max(longest, size(v))
			return true, nil
		})
	}
	return within(verbs, longest)
}

func plainText(v cty.Value) string {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return ""
	}
	return v.AsString()
}

// byFormat guards format and formatlist: symbols pass where all verbs write their
// arguments as they are. A bare verb for a value that is no text writes JSON, which
// does not look into texts either.
func (e *Evaluator) byFormat(name string, f function.Function) function.Function {
	return e.guard(name, f, true, func(args []cty.Value) bool {
		return len(args) > 0 && !isSymbolic(args[0]) && !strings.Contains(plainVerb.ReplaceAllString(plainText(args[0]), ""), "%")
	})
}
