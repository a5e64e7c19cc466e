package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// expression draws an expression over two texts that are not known, one that is, and
// constants, with every function of the tables that takes texts.
func expression(t *rapid.T, depth int) string {
	atoms := []string{"aws_thing.a.arn", "aws_thing.b.arn", "aws_thing.a.name", "aws_thing.known.arn",
		`""`, `"arn"`, `"x"`, `"a/b"`, `"arn:aws:x:::k"`, `":"`, `"/"`, `"1"`, "1", "2", "true", "null"}
	if depth == 0 {
		return rapid.SampledFrom(atoms).Draw(t, "atom")
	}
	sub := func() string { return expression(t, depth-1) }
	switch rapid.IntRange(0, 11).Draw(t, "form") {
	case 0:
		return fmt.Sprintf(`"%s${%s}%s"`, rapid.SampledFrom([]string{"", "p-", "arn:"}).Draw(t, "front"), sub(), rapid.SampledFrom([]string{"", "/*"}).Draw(t, "back"))
	case 1:
		return fmt.Sprintf("[%s, %s]", sub(), sub())
	case 2:
		return fmt.Sprintf("(%s %s %s)", sub(), rapid.SampledFrom([]string{"==", "!=", "+", "<", "&&"}).Draw(t, "op"), sub())
	case 3:
		return fmt.Sprintf("(%s ? %s : %s)", sub(), sub(), sub())
	case 4:
		return fmt.Sprintf("[for v in [%s, %s] : v if v != %s]", sub(), sub(), sub())
	case 5:
		return fmt.Sprintf("try(%s, %s)", sub(), sub())
	case 6:
		return fmt.Sprintf("can(%s)", sub())
	case 7:
		return fmt.Sprintf("%s[%s]", sub(), sub())
	case 8:
		return fmt.Sprintf("{ (%s) = %s, k = %s }", sub(), sub(), sub())
	case 9:
		return fmt.Sprintf("jsonencode(%s)", sub())
	}
	names := append(slices.Sorted(maps.Keys(looking)), slices.Sorted(maps.Keys(passing))...)
	names = append(names, "coalesce", "compact", "length", "lookup", "format", "formatlist")
	name := rapid.SampledFrom(names).Draw(t, "function")
	var args []string
	for range rapid.IntRange(1, 3).Draw(t, "arguments") {
		args = append(args, sub())
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// TestSubstitution: a value that is worked out with symbols is, with the real texts in
// their place, the value that there is with the real texts from the start. So no
// function or operator has looked into a text that was not known.
func TestSubstitution(t *testing.T) {
	t.Parallel()
	decided := 0
	rapid.Check(t, func(rt *rapid.T) {
		x := expression(rt, rapid.IntRange(1, 3).Draw(rt, "depth"))
		got := value(t, known(), nil, x)
		if strings.HasPrefix(got, "error: ") {
			return
		}
		decided++
		// The second half of symbols: what functions make of others has no real text here.
		for name := range total {
			if strings.Contains(got, "("+name+"[") {
				return
			}
		}
		texts := rapid.Permutation([]string{"arn:aws:s3:::n", "arn:aws:x:::k", "x", "a/b", "Q-7", "1"}).Draw(rt, "texts")
		p := known()
		delete(p.objects, "aws_thing.a")
		delete(p.objects, "aws_thing.b")
		p.add("aws_thing.a", fmt.Sprintf(`{"size":3,"flag":true,"note":null,"arn":%q,"name":%q}`, texts[0], texts[1]), "extra_text url")
		p.add("aws_thing.b", fmt.Sprintf(`{"arn":%q}`, texts[2]), "name")
		want := value(t, p, nil, x)
		if strings.HasPrefix(want, "error: ") {
			return // with these texts applying the change fails
		}
		replace := strings.NewReplacer("(aws_thing.a.arn)", texts[0], "(aws_thing.a.name)", texts[1], "(aws_thing.b.arn)", texts[2])
		list := strings.Split(replace.Replace(got), " | ")
		wanted := strings.Split(want, " | ")
		// Lists may have dropped what only turns out to be repeated.
		slices.Sort(list)
		slices.Sort(wanted)
		if !slices.Equal(slices.Compact(list), slices.Compact(wanted)) {
			rt.Fatalf("%s\nwith symbols %s\nwith texts   %s", x, got, want)
		}
	})
	if decided == 0 {
		t.Error("no expression was worked out")
	}
}
