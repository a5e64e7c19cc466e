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
}

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
			f.when, values, _ = strings.Cut(test, "=")
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
