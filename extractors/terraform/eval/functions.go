package eval

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// passing are functions that hand texts on without looking into them, or that compare
// them only with each other to drop repeated ones. Symbols go through them.
//
// The order of sorted values is that of the symbols, not of what they stand for; the
// second run, in which it is another, tells when that matters.
var passing = map[string]function.Function{
	"chunklist":    stdlib.ChunklistFunc,
	"coalescelist": stdlib.CoalesceListFunc,
	"concat":       stdlib.ConcatFunc,
	"distinct":     stdlib.DistinctFunc,
	"element":      stdlib.ElementFunc,
	"flatten":      stdlib.FlattenFunc,
	"join":         stdlib.JoinFunc,
	"jsondecode":   stdlib.JSONDecodeFunc,
	"jsonencode":   stdlib.JSONEncodeFunc,
	"keys":         stdlib.KeysFunc,
	"merge":        stdlib.MergeFunc,
	"range":        stdlib.RangeFunc,
	"reverse":      stdlib.ReverseListFunc,
	"setproduct":   stdlib.SetProductFunc,
	"setunion":     stdlib.SetUnionFunc,
	"slice":        stdlib.SliceFunc,
	"sort":         stdlib.SortFunc,
	"tolist":       stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap":        stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
	"toset":        stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	"tostring":     stdlib.MakeToFunc(cty.String),
	"values":       stdlib.ValuesFunc,
	"zipmap":       stdlib.ZipmapFunc,

	"alltrue":      allTrue,
	"anytrue":      anyTrue,
	"list":         listOf,
	"nonsensitive": identity,
	"one":          one,
	"sensitive":    identity,
	"transpose":    transpose,
}

// looking are the other functions. A text with a symbol is unknown to them.
var looking = map[string]function.Function{
	"abs":             stdlib.AbsoluteFunc,
	"ceil":            stdlib.CeilFunc,
	"chomp":           stdlib.ChompFunc,
	"contains":        stdlib.ContainsFunc,
	"csvdecode":       stdlib.CSVDecodeFunc,
	"floor":           stdlib.FloorFunc,
	"formatdate":      stdlib.FormatDateFunc,
	"indent":          stdlib.IndentFunc,
	"index":           stdlib.IndexFunc,
	"log":             stdlib.LogFunc,
	"lower":           stdlib.LowerFunc,
	"max":             stdlib.MaxFunc,
	"min":             stdlib.MinFunc,
	"parseint":        stdlib.ParseIntFunc,
	"pow":             stdlib.PowFunc,
	"regex":           stdlib.RegexFunc,
	"regexall":        stdlib.RegexAllFunc,
	"setintersection": stdlib.SetIntersectionFunc,
	"setsubtract":     stdlib.SetSubtractFunc,
	"signum":          stdlib.SignumFunc,
	"split":           stdlib.SplitFunc,
	"strrev":          stdlib.ReverseFunc,
	"substr":          stdlib.SubstrFunc,
	"timeadd":         stdlib.TimeAddFunc,
	"title":           stdlib.TitleFunc,
	"tobool":          stdlib.MakeToFunc(cty.Bool),
	"tonumber":        stdlib.MakeToFunc(cty.Number),
	"trim":            stdlib.TrimFunc,
	"trimprefix":      stdlib.TrimPrefixFunc,
	"trimspace":       stdlib.TrimSpaceFunc,
	"trimsuffix":      stdlib.TrimSuffixFunc,
	"upper":           stdlib.UpperFunc,

	"base64decode": text1("base64decode", base64Decode),
	"base64encode": text1("base64encode", base64Encode),
	"base64sha256": text1("base64sha256", base64SHA256),
	"basename":     text1("basename", baseName),
	"dirname":      text1("dirname", dirName),
	"endswith":     predicate("endswith", endsWith),
	"matchkeys":    matchKeys,
	"md5":          text1("md5", hexMD5),
	"replace":      replace,
	"sha1":         text1("sha1", hexSHA1),
	"sha256":       text1("sha256", hexSHA256),
	"sha512":       text1("sha512", hexSHA512),
	"startswith":   predicate("startswith", startsWith),
	"strcontains":  predicate("strcontains", contains),
	"sum":          sum,
	"urlencode":    text1("urlencode", urlEncode),
}

// functions is the table for expressions of the configuration: what Terraform offers,
// without functions that are not pure or of which results differ from place to place.
func (e *Evaluator) functions() map[string]function.Function {
	table := map[string]function.Function{}
	for name, f := range passing {
		table[name] = e.guard(name, f, true)
	}
	for name, f := range looking {
		table[name] = e.guard(name, f, false)
	}
	table["format"] = e.byFormat("format", stdlib.FormatFunc)
	table["formatlist"] = e.byFormat("formatlist", stdlib.FormatListFunc)
	table["coalesce"] = e.guard("coalesce", stdlib.CoalesceFunc, true, e.solidOrLast)
	table["compact"] = e.guard("compact", stdlib.CompactFunc, true, e.solidAll)
	table["length"] = e.guard("length", length, true, e.noSymbolFirst)
	table["lookup"] = e.guard("lookup", lookup, true, e.noSymbolSecond)
	table["try"] = e.try()
	table["can"] = e.can()
	table["provider::aws::arn_build"] = e.guard("arn_build", arnBuild, true)
	table["provider::aws::trim_iam_role_path"] = e.guard("trim_iam_role_path", trimRolePath, false)
	maps.Copy(table, e.fileFunctions())
	for name, f := range maps.Clone(table) {
		if !strings.Contains(name, "::") {
			table["core::"+name] = f
		}
	}
	return table
}

// guard puts a function under the bounds, and keeps it from looking into symbols.
// Checks tell for single calls whether symbols may pass.
func (e *Evaluator) guard(name string, f function.Function, passes bool, checks ...func([]cty.Value) bool) function.Function {
	view := func(args []cty.Value) ([]cty.Value, bool, error) {
		if err := e.admit(name, args); err != nil {
			return nil, false, err
		}
		ok := passes
		for _, check := range checks {
			ok = ok && check(args)
		}
		if ok {
			return args, false, nil
		}
		hidden := false
		seen := make([]cty.Value, len(args))
		for i, a := range args {
			seen[i] = a
			if holdsSymbol(a) {
				seen[i], hidden = opaque(a), true
			}
		}
		return seen, hidden, nil
	}
	return function.New(&function.Spec{
		Params: f.Params(), VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			seen, _, err := view(args)
			if err != nil {
				return cty.NilType, err
			}
			return f.ReturnTypeForValues(seen)
		},
		Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
			seen, hidden, err := view(args)
			if err != nil {
				return cty.UnknownVal(ret), err
			}
			v, err := f.Call(seen)
			switch {
			case err != nil:
				return cty.UnknownVal(ret), err
			case !fits(v):
				return cty.UnknownVal(ret), errTooMuch
			case hidden && total[name] && v.Type() == cty.String && !v.IsKnown():
				return e.derived(name, args), nil
			case hidden && !v.IsWhollyKnown():
				e.now.hide(name)
			}
			return v, nil
		},
	})
}

// admit charges a call and refuses values that are too large to work with.
func (e *Evaluator) admit(name string, args []cty.Value) error {
	left := maxWeight
	for _, a := range args {
		if a.Type() == customdecode.ExpressionClosureType {
			continue
		}
		if !weigh(a, &left) {
			return errTooMuch
		}
	}
	if bound := bounds[name]; bound != nil && !bound(args) {
		return errTooMuch
	}
	return e.now.budget.charge(1+maxWeight-left, 0)
}

// solidOrLast: coalesce takes the first value that is neither null nor empty, so each
// symbol that it looks at must be certain not to be that.
func (e *Evaluator) solidOrLast(args []cty.Value) bool {
	for _, a := range args {
		if isSymbolic(a) {
			return e.solid(a.AsString())
		}
		if a.IsKnown() && !a.IsNull() && (a.Type() != cty.String || a.AsString() != "") {
			return true
		}
	}
	return true
}

// solidAll: compact drops empty elements.
func (e *Evaluator) solidAll(args []cty.Value) bool {
	all := true
	_ = cty.Walk(args[0], func(_ cty.Path, v cty.Value) (bool, error) {
		all = all && (!isSymbolic(v) || e.solid(v.AsString()))
		return true, nil
	})
	return all
}

// noSymbolFirst: the length of a text is looked at, that of a list is not.
func (e *Evaluator) noSymbolFirst(args []cty.Value) bool { return !isSymbolic(args[0]) }

// noSymbolSecond: a key is compared with others.
func (e *Evaluator) noSymbolSecond(args []cty.Value) bool {
	if len(args) < 2 || isSymbolic(args[1]) || !args[0].IsKnown() || args[0].IsNull() {
		return false
	}
	for it := args[0].ElementIterator(); it.Next(); {
		if k, _ := it.Element(); isSymbolic(k) {
			return false
		}
	}
	return true
}
