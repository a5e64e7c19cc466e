package extractors_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

// parse reads cases such as "A=1 B=2"; those with a star in front hold.
func parse(text string) *extractors.Cases {
	c := &extractors.Cases{}
	for i, line := range strings.Split(text, "; ") {
		if rest, ok := strings.CutPrefix(line, "*"); ok {
			line = rest
			c.Holds = append(c.Holds, i)
		}
		var one extractors.Case
		for _, word := range strings.Fields(line) {
			about, _, _ := strings.Cut(word, "=")
			one = append(one, extractors.Assumption{About: about, Words: word})
		}
		c.All = append(c.All, one)
	}
	return c
}

func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"*A=1; A=2", "A=1"},
		{"*A=1; *A=2", ""},
		{"*A=1 B=1; *A=1 B=2; A=2 B=1; A=2 B=2", "A=1"},
		{"*A=1 B=1; A=1 B=2; A=2 B=1; A=2 B=2", "A=1, B=1"},
		{"*A=1 B=1; *A=1 B=2; *A=2 B=1; A=2 B=2", "A=1; or B=1"},
		{"*A=1 B=1 C=1; *A=1 B=1 C=2; *A=1 B=2 C=1; *A=1 B=2 C=2; A=2 B=1; A=2 B=2", "A=1"},
		{"A=1; *A=2 B=1; A=2 B=2", "A=2, B=1"}, // where A is 1, nobody asked for B
		{"*A=1; *A=2 B=1; A=2 B=2", "A=1; or B=1"},
		{"*A=1 B=1; *A=1 B=2; *A=2 C=1; A=2 C=2", "A=1; or C=1"}, // where A is 1, nobody asked for C
		{"*E=1; *E=2 F=x; E=2 F=y", "E=1; or F=x"},
		{"*F=x; *F=y E=1; F=y E=2", "F=x; or E=1"},
		{"*A=1; A=2; *A=3; A=4; *A=5; A=6; *A=7; A=8; *A=9", "A=1; or A=3; or A=5; and in 2 more cases"},
		{"*A=1; A=2; *A=3; A=4; *A=5; A=6; *A=7 B=1; *A=7 B=2; A=8", "A=1; or A=3; or A=5; or A=7"}, // one alternative of two cases
	} {
		if got := parse(c.text).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
	// What the words cut is told apart all the same.
	one, two := parse("*A=1; A=2; *A=3; A=4; *A=5; A=6; *A=7; A=8; *A=9; A=10"), parse("*A=1; A=2; *A=3; A=4; *A=5; A=6; *A=7; A=8; A=9; *A=10")
	if one.String() != two.String() || one.Key() == two.Key() || (*extractors.Cases)(nil).Key() != parse("*A=1; *A=2").Key() {
		t.Errorf("%s, %s: keys %q, %q", one, two, one.Key(), two.Key())
	}
	if got := (*extractors.Cases)(nil).String(); got != "" {
		t.Errorf("without cases: %q", got)
	}
}

// TestCasesFull: cases that hold under the same choices are the same in full, and others
// are not.
func TestCasesFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		one, two string
		same     bool
	}{
		{"*E=1; *E=2 F=x; E=2 F=y", "*F=x; *F=y E=1; F=y E=2", true},
		{"*E=1; *E=2 F=x; E=2 F=y", "*E=1; E=2", false},
		{"*E=1; E=2", "*E=1; E=2", true},
		{"*E=1; E=2", "E=2; *E=1", true},
		{"*E=1; E=2", "*E=1 N=1; *E=1 N=2; E=2 N=1; E=2 N=2", true}, // what makes no difference
		{"*E=1; E=2", "E=1; *E=2", false},
		{"*E=1; E=2; E=3", "*E=1; E=2; *E=3", false},
		{"*E=1 F=x; E=1 F=y; E=2", "*E=1 F=x; E=1 F=y; *E=2", false},
	} {
		if one, two := parse(c.one).Full(), parse(c.two).Full(); (one == two) != c.same || one == "" {
			t.Errorf("%s and %s: %q and %q", c.one, c.two, one, two)
		}
	}
	// Beyond the bound on choices the words of the cases tell them apart.
	const many = "B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1 J=1 K=1; A=1 B=2 C=2 D=2 E=2 F=2 G=2 H=2 I=2 J=2 K=2; "
	if one, two := parse(many+"*A=2; A=3").Full(), parse(many+"A=2; *A=3").Full(); one == "" || one == two {
		t.Errorf("many choices: %q and %q", one, two)
	}
	if got := (*extractors.Cases)(nil).Full() + parse("*A=1; *A=2").Full(); got != "" {
		t.Errorf("all cases: %q", got)
	}
}

func TestCasesWith(t *testing.T) {
	t.Parallel()
	all := parse("A=1; A=2; A=3")
	a, b := &extractors.Cases{All: all.All, Holds: []int{2}}, &extractors.Cases{All: all.All, Holds: []int{0, 2}}
	if got := a.With(b).String(); got != "A=3; or A=1" && got != "A=1; or A=3" {
		t.Errorf("together: %q", got)
	}
	if got := a.With(parse("*B=1; B=2")); got != a {
		t.Errorf("with cases of something else: %v", got)
	}
}

// TestCasesSayWhatHolds draws cases and holds their words to them: every case that holds
// is in some alternative, and no other one is.
func TestCasesSayWhatHolds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var lines []string
		for a := range 3 {
			for b := range 2 {
				for _, rest := range []string{"", " C=0", " C=1"} {
					if (a == 0) != (rest == "") {
						continue // nobody asks for C where A is 0
					}
					line := "A=" + string(rune('0'+a)) + " B=" + string(rune('0'+b)) + rest
					if r.IntN(3) > 0 {
						line = "*" + line
					}
					lines = append(lines, line)
				}
			}
		}
		c := parse(strings.Join(lines, "; "))
		said := c.String()
		if strings.Contains(said, " more cases") || len(c.Holds) == 0 {
			continue
		}
		for i, one := range c.All {
			in := said == ""
			for _, alternative := range strings.Split(said, "; or ") {
				words := strings.Split(alternative, ", ")
				in = in || !slices.ContainsFunc(one, func(a extractors.Assumption) bool {
					return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a.About+"=") && w != a.Words })
				})
			}
			if in != slices.Contains(c.Holds, i) {
				t.Fatalf("%s: %q is wrong about %v", strings.Join(lines, "; "), said, one)
			}
		}
	}
}
