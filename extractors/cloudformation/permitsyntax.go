package cloudformation

import "strings"

// statementForm is one statement of a permitForm, taken apart.
type statementForm struct {
	each        string
	when        string
	values      []string
	who, do, on []string
	conditions  []conditionForm
	hasWhen     bool
	unless      []unless // all of them hold: there is no statement
}

// unless is a property with a value that is known.
type unless struct{ property, value string }

type conditionForm struct{ operator, key, value string }

// parsePermit takes the text of a form apart. The forms are the program's own.
func parsePermit(text string) []statementForm {
	var out []statementForm
	each := ""
	if rest, ok := strings.CutPrefix(text, "each "); ok {
		each, text, _ = strings.Cut(rest, ": ")
	}
	for _, part := range strings.Split(text, "; ") {
		f := statementForm{each: each}
		if rest, ok := strings.CutPrefix(part, "when "); ok {
			var test string
			test, part, _ = strings.Cut(rest, ": ")
			var values string
			test, exception, _ := strings.Cut(test, " unless ")
			f.when, values, _ = strings.Cut(test, "=")
			for _, one := range strings.Split(exception, " and ") {
				if property, value, ok := strings.Cut(one, "="); ok {
					f.unless = append(f.unless, unless{property, value})
				}
			}
			f.values, f.hasWhen = strings.Split(values, "|"), true
		}
		who, rest, _ := strings.Cut(part, " may ")
		do, rest, _ := strings.Cut(rest, " on ")
		on, conditions, _ := strings.Cut(rest, " if ")
		f.who, f.do, f.on = strings.Split(who, ", "), strings.Split(do, ", "), strings.Split(on, ", ")
		if on == "nothing" {
			f.on = nil
		}
		if conditions != "" {
			for _, c := range strings.Split(conditions, " and ") {
				parts := strings.SplitN(c, " ", 3)
				f.conditions = append(f.conditions, conditionForm{parts[0], parts[1], parts[2]})
			}
		}
		out = append(out, f)
	}
	return out
}
