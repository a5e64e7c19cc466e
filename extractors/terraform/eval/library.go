package eval

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// The functions of Terraform that the library of cty lacks (Terraform documentation,
// "Built-in Functions").

// text1 makes a function from one text to another.
func text1(name string, f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			if err == nil && !utf8.ValidString(s) {
				err = errors.New(name + ": the result is no text")
			}
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(s), nil
		},
	})
}

func base64Decode(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	return string(b), err
}
func base64Encode(s string) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}
func base64SHA256(s string) (string, error) {
	h := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(h[:]), nil
}
func hexMD5(s string) (string, error) { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]), nil }
func hexSHA1(s string) (string, error) {
	h := sha1.Sum([]byte(s))
	return hex.EncodeToString(h[:]), nil
}
func hexSHA256(s string) (string, error) {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:]), nil
}
func hexSHA512(s string) (string, error) {
	h := sha512.Sum512([]byte(s))
	return hex.EncodeToString(h[:]), nil
}
func urlEncode(s string) (string, error) { return url.QueryEscape(s), nil }
func baseName(s string) (string, error)  { return path.Base(s), nil }
func dirName(s string) (string, error)   { return path.Dir(s), nil }

// predicate makes a function from two texts to a truth value.
func predicate(_ string, f func(a, b string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "part", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func startsWith(a, b string) bool { return strings.HasPrefix(a, b) }
func endsWith(a, b string) bool   { return strings.HasSuffix(a, b) }
func contains(a, b string) bool   { return strings.Contains(a, b) }

// anyValue is a parameter that takes everything.
func anyValue(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true}
}

var identity = function.New(&function.Spec{
	Params: []function.Parameter{anyValue("value")},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
})

// length counts elements, or characters of a text.
var length = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch v := args[0]; {
		case v.Type() == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number), nil
		case v.Type() == cty.String:
			return stdlib.Strlen(v)
		case v.Type().IsObjectType():
			return cty.NumberIntVal(int64(len(v.Type().AttributeTypes()))), nil
		default:
			return stdlib.Length(v)
		}
	},
})

// lookup is that of cty with the default left out or not.
var lookup = function.New(&function.Spec{
	Params:   []function.Parameter{{Name: "map", Type: cty.DynamicPseudoType}, {Name: "key", Type: cty.String}},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		m, key := args[0], args[1].AsString()
		switch t := m.Type(); {
		case t.IsObjectType() && t.HasAttribute(key):
			return m.GetAttr(key), nil
		case t.IsMapType() && m.HasIndex(args[1]).True():
			return m.Index(args[1]), nil
		case !t.IsObjectType() && !t.IsMapType():
			return cty.DynamicVal, errors.New("lookup takes a map")
		case len(args) == 3:
			return args[2], nil
		}
		return cty.DynamicVal, errors.New("there is no such key")
	},
})

// truths folds a list of truth values: with an unknown one the result is unknown,
// unless another decides.
func truths(decides bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool), AllowUnknown: true}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsKnown() {
				return cty.UnknownVal(cty.Bool), nil
			}
			open := false
			for it := args[0].ElementIterator(); it.Next(); {
				switch _, v := it.Element(); {
				case !v.IsKnown():
					open = true
				case v.IsNull() && !decides, !v.IsNull() && v.True() == decides:
					return cty.BoolVal(decides), nil
				}
			}
			if open {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(!decides), nil
		},
	})
}

var allTrue, anyTrue = truths(false), truths(true)

// one is the only element of a list, or null of an empty one.
var one = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if t := args[0].Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
			return cty.DynamicVal, errors.New("one takes a list")
		}
		switch args[0].LengthInt() {
		case 0:
			return cty.NullVal(cty.DynamicPseudoType), nil
		case 1:
			it := args[0].ElementIterator()
			it.Next()
			_, v := it.Element()
			return v, nil
		}
		return cty.DynamicVal, errors.New("the list has several elements")
	},
})

// listOf is list(...) of old versions.
var listOf = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, a := range args {
			types[i] = a.Type()
		}
		return cty.Tuple(types), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return cty.TupleVal(args), nil },
})

var transpose = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "map", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		out := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			k, list := it.Element()
			if !list.IsWhollyKnown() || list.IsNull() {
				return cty.UnknownVal(ret), nil
			}
			for in := list.ElementIterator(); in.Next(); {
				_, v := in.Element()
				if v.IsNull() {
					return cty.UnknownVal(ret), errors.New("a list holds null")
				}
				out[v.AsString()] = append(out[v.AsString()], k)
			}
		}
		if len(out) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		lists := map[string]cty.Value{}
		for k, v := range out {
			lists[k] = cty.ListVal(v)
		}
		return cty.MapVal(lists), nil
	},
})

// matchKeys picks the values whose keys are in a set.
var matchKeys = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.String)},
		{Name: "keys", Type: cty.List(cty.String)},
		{Name: "set", Type: cty.List(cty.String)},
	},
	Type: function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, ret cty.Type) (cty.Value, error) {
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.UnknownVal(ret), errors.New("values and keys are not of one length")
		}
		wanted := map[string]bool{}
		for _, v := range args[2].AsValueSlice() {
			if !v.IsKnown() || v.IsNull() {
				return cty.UnknownVal(ret), nil
			}
			wanted[v.AsString()] = true
		}
		var out []cty.Value
		keys := args[1].AsValueSlice()
		for i, v := range args[0].AsValueSlice() {
			if !keys[i].IsKnown() || keys[i].IsNull() {
				return cty.UnknownVal(ret), nil
			}
			if wanted[keys[i].AsString()] {
				out = append(out, v)
			}
		}
		if len(out) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(out), nil
	},
})

var sum = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Number)}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		total := cty.Zero
		for _, v := range args[0].AsValueSlice() {
			if v.IsNull() {
				return cty.UnknownVal(cty.Number), errors.New("the list holds null")
			}
			total = total.Add(v)
		}
		return total, nil
	},
})

// replace takes a regular expression where the text to replace is between slashes.
var replace = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "text", Type: cty.String}, {Name: "old", Type: cty.String}, {Name: "new", Type: cty.String},
	},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		old := args[1].AsString()
		if len(old) > 1 && old[0] == '/' && old[len(old)-1] == '/' {
			return stdlib.RegexReplace(args[0], cty.StringVal(old[1:len(old)-1]), args[2])
		}
		return cty.StringVal(strings.ReplaceAll(args[0].AsString(), old, args[2].AsString())), nil
	},
})

// arnBuild is a function of the AWS provider.
var arnBuild = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "partition", Type: cty.String}, {Name: "service", Type: cty.String}, {Name: "region", Type: cty.String},
		{Name: "account_id", Type: cty.String}, {Name: "resource", Type: cty.String},
	},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		parts := []string{"arn"}
		for _, a := range args {
			parts = append(parts, a.AsString())
		}
		return cty.StringVal(strings.Join(parts, ":")), nil
	},
})

// trimRolePath is a function of the AWS provider: the ARN of a role without its path.
var trimRolePath = text1("trim_iam_role_path", func(s string) (string, error) {
	f := strings.SplitN(s, ":", 6)
	if len(f) != 6 || f[2] != "iam" || !strings.HasPrefix(f[5], "role/") {
		return "", errors.New("it is no ARN of a role")
	}
	f[5] = "role/" + path.Base(f[5])
	return strings.Join(f, ":"), nil
})
