package policy

import "strings"

// Qualifier is the set qualifier of a condition operator.
type Qualifier int

// The qualifiers (IAM User Guide, "Set operators for multivalued context keys").
const (
	NoQualifier Qualifier = iota
	ForAllValues
	ForAnyValue
)

// Test is what a condition operator compares, without qualifier, negation and
// IfExists.
type Test int

// The tests (IAM User Guide, "IAM JSON policy elements: Condition operators").
// ArnEquals and ArnLike are the same test.
const (
	TestInvalid Test = iota
	StringEquals
	StringEqualsIgnoreCase
	StringLike
	NumericEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IPAddress
	ArnLike
	Null
)

// Operator is a parsed condition operator.
type Operator struct {
	Name      string // as written
	Qualifier Qualifier
	Test      Test
	Negated   bool
	IfExists  bool
}

type operatorForm struct {
	test    Test
	negated bool
}

// operators maps the lower-case name to its meaning. Names are matched without
// case: the documents of the service do not say, and its parser accepts any.
var operators = map[string]operatorForm{
	"stringequals":              {StringEquals, false},
	"stringnotequals":           {StringEquals, true},
	"stringequalsignorecase":    {StringEqualsIgnoreCase, false},
	"stringnotequalsignorecase": {StringEqualsIgnoreCase, true},
	"stringlike":                {StringLike, false},
	"stringnotlike":             {StringLike, true},
	"numericequals":             {NumericEquals, false},
	"numericnotequals":          {NumericEquals, true},
	"numericlessthan":           {NumericLessThan, false},
	"numericlessthanequals":     {NumericLessThanEquals, false},
	"numericgreaterthan":        {NumericGreaterThan, false},
	"numericgreaterthanequals":  {NumericGreaterThanEquals, false},
	"dateequals":                {DateEquals, false},
	"datenotequals":             {DateEquals, true},
	"datelessthan":              {DateLessThan, false},
	"datelessthanequals":        {DateLessThanEquals, false},
	"dategreaterthan":           {DateGreaterThan, false},
	"dategreaterthanequals":     {DateGreaterThanEquals, false},
	"bool":                      {Bool, false},
	"binaryequals":              {BinaryEquals, false},
	"ipaddress":                 {IPAddress, false},
	"notipaddress":              {IPAddress, true},
	"arnequals":                 {ArnLike, false},
	"arnnotequals":              {ArnLike, true},
	"arnlike":                   {ArnLike, false},
	"arnnotlike":                {ArnLike, true},
	"null":                      {Null, false},
}

// ParseOperator reads a condition operator such as "ForAnyValue:StringLikeIfExists".
// It reports false for a name the language does not have; Null takes no IfExists.
func ParseOperator(name string) (Operator, bool) {
	op := Operator{Name: name}
	rest := strings.ToLower(name)
	if r, ok := strings.CutPrefix(rest, "forallvalues:"); ok {
		op.Qualifier, rest = ForAllValues, r
	} else if r, ok := strings.CutPrefix(rest, "foranyvalue:"); ok {
		op.Qualifier, rest = ForAnyValue, r
	}
	if r, ok := strings.CutSuffix(rest, "ifexists"); ok {
		op.IfExists, rest = true, r
	}
	form, ok := operators[rest]
	if !ok || (form.test == Null && op.IfExists) {
		return Operator{}, false
	}
	op.Test, op.Negated = form.test, form.negated
	return op, true
}
