package terraform

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The bounds on what is kept to be redacted. A text shorter than minSecret would
// occur by chance all over a report.
const (
	minSecret      = 4         // characters
	maxSecret      = 64 << 10  // bytes
	maxSecrets     = 10_000    // texts
	maxVariables   = 10_000    // values
	maxVariableSum = 4 << 20   // bytes of all values of variables
	maxConstantSum = 256 << 10 // bytes of the constants of one module call
)

// secrets collects values that must not be shown. Which variables are sensitive is
// told by the configuration, which mostly comes last in a plan.
type secrets struct {
	texts     map[string]bool
	variables map[string]jsontext.Value // top-level values by name
	size      int                       // of variables
	lost      bool                      // a bound was reached, so some are missing
	dropped   map[string]bool           // variables that were over a bound
}

func newSecrets() secrets {
	return secrets{texts: map[string]bool{}, variables: map[string]jsontext.Value{}, dropped: map[string]bool{}}
}

func (s *secrets) add(text string) {
	switch {
	case utf8.RuneCountInString(text) < minSecret || s.texts[text]:
	case len(text) > maxSecret || len(s.texts) >= maxSecrets:
		s.lost = true
	default:
		s.texts[strings.Clone(text)] = true
	}
}

// addFunction adds what reports call a function of which the name, with whatever is around
// it, must not be shown: the name without the qualifier, and alone.
func (s *secrets) addFunction(text string) {
	if !s.texts[text] {
		return
	}
	base, _ := cutQualifier(text)
	s.add(base)
	if _, name, ok := strings.Cut(base, ":function:"); ok {
		s.add(name)
	}
}

// addLeaves adds the strings in a value. Whole policy documents are left out: their
// sides are marked, and the words in them are not secret one by one.
func (s *secrets) addLeaves(v jsontext.Value) {
	textLeaves(v, func(text string) {
		if !looksLikePolicy(text) {
			s.add(text)
		}
	})
}

// addVariable adds the strings and the numbers, as they are written, in the value of
// a variable. The words true and false tell nothing and occur all over.
func (s *secrets) addVariable(v jsontext.Value) {
	s.addLeaves(v)
	numberLeaves(v, s.add)
}

// addMarked adds the strings of a value that lie below a mark.
func (s *secrets) addMarked(v, marks jsontext.Value) {
	if isNull(v) || isNull(marks) {
		return
	}
	switch marks[0] {
	case 't':
		s.addLeaves(v)
	case '[':
		values := elements(v)
		for i, m := range elements(marks) {
			s.addMarked(at(values, i), m)
		}
	case '{':
		for m := membersOf(marks); m.next(); {
			if anyTrue(m.value) {
				s.addMarked(member(v, unquote(m.name)), m.value)
			}
		}
	}
}

// textLeaves calls f for every string in a value, except names.
func textLeaves(v jsontext.Value, f func(string)) {
	if text, ok := str(v); ok {
		f(text)
		return
	}
	for _, e := range elements(v) {
		textLeaves(e, f)
	}
	members(v, func(_ string, m jsontext.Value) bool {
		textLeaves(m, f)
		return true
	})
}

// numberLeaves calls f for every number in a value.
func numberLeaves(v jsontext.Value, f func(string)) {
	if len(v) > 0 && (v[0] == '-' || v[0] >= '0' && v[0] <= '9') {
		f(string(v))
		return
	}
	for _, e := range elements(v) {
		numberLeaves(e, f)
	}
	members(v, func(_ string, m jsontext.Value) bool {
		numberLeaves(m, f)
		return true
	})
}

// readVariables keeps the values of the plan's variables.
func (x *extraction) readVariables() error {
	return x.s.object("variables", func(name string) error {
		v, err := x.s.value()
		if err != nil {
			return err
		}
		s := &x.secrets
		x.planInVariable = x.planInVariable || bytes.Contains(v, []byte(`"resource_changes"`))
		value := member(v, "value")
		switch {
		case value == nil:
		case len(s.variables) >= maxVariables || s.size+len(value) > maxVariableSum:
			if len(s.dropped) < maxVariables {
				s.dropped[name] = true
			}
		default:
			s.size += len(value)
			s.variables[name] = value.Clone()
		}
		return nil
	})
}

// readVariableConfig notes whether a variable is sensitive. Its default may be in
// use, and for a module's variable nothing else in the plan would tell it.
func (x *extraction) readVariableConfig(m *moduleConfig, name string) error {
	v, err := x.s.value()
	if err == nil && isTrue(member(v, "sensitive")) {
		m.sensitive[name] = true
		x.secrets.addVariable(member(v, "default"))
	}
	return err
}

// constantTexts are the strings and numbers among the constant arguments of a module call.
func constantTexts(v jsontext.Value) map[string][]string {
	texts := map[string][]string{}
	size := 0
	members(v, func(name string, e jsontext.Value) bool {
		keep := func(text string) {
			if size += len(text); size <= maxConstantSum {
				texts[name] = append(texts[name], text)
			}
		}
		textLeaves(member(e, "constant_value"), keep)
		numberLeaves(member(e, "constant_value"), keep)
		return true
	})
	return texts
}

// passSensitivity takes the sensitivity of a called module's variables to what the
// caller gives for them: constants are secrets, and variables of the caller that are
// handed on are sensitive as well. Calls are read from the inside out.
func (x *extraction) passSensitivity(caller *moduleConfig, c *callConfig, constants map[string][]string) {
	if c.module == nil {
		return
	}
	for name := range c.module.sensitive {
		for _, text := range constants[name] {
			x.secrets.add(text)
		}
		for _, ref := range c.arguments[name] {
			if variable, ok := strings.CutPrefix(ref, "var."); ok {
				// Of an element that is handed on, the variable's other elements
				// cannot be told apart here; better to show too little.
				variable, _, _ = strings.Cut(variable, ".")
				variable, _, _ = strings.Cut(variable, "[")
				caller.sensitive[variable] = true
			}
		}
	}
}

// settleSecrets joins the variables with what the configuration says about them.
func (x *extraction) settleSecrets() {
	s := &x.secrets
	if x.config != nil {
		for _, name := range slices.Sorted(maps.Keys(x.config.sensitive)) {
			s.addVariable(s.variables[name])
			s.lost = s.lost || s.dropped[name]
		}
	}
	for _, text := range slices.Sorted(maps.Keys(s.texts)) {
		if strings.Contains(text, ":function:") { // also of a variable, which is known now
			s.addFunction(text)
		}
	}
	if s.lost {
		x.warn("not all sensitive values are kept",
			"The input has more or longer sensitive values than are looked for in reports. Do not publish the report unseen.")
	}
	x.result.Secrets = slices.Sorted(maps.Keys(s.texts))
	x.variables, s.variables = s.variables, nil
}
