package access_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var growthPlot = flag.String("growth", "", "write the plot of TestGrowth to this file, as SVG")

// A family is pairs that grow with n and are made to be hard in one way.
type family struct {
	name, about string
	sizes       []int
	beyond      []int // sizes for the plot only, which take the whole bound
	pair        func(n int) (before, after string)
	// power bounds the growth: n twice as large takes at most 2^power the steps. 0:
	// exponential by nature, and the bound on work has to end it.
	power float64
	want  access.Verdict // where it is decided
}

var families = []family{
	{"box", "n statements on two keys each, then two that cover all", []int{8, 16, 32, 64, 128, 256}, nil, func(n int) (string, string) {
		boxes := repeat(n, func(i int) string {
			return on(fmt.Sprintf(`"StringEquals":{"k:t%d":"a","k:t%d":"b"}`, 2*i, 2*i+1))
		})
		return wrap(boxes + "," + on(`"StringEquals":{"k:o":"1"}`) + "," + on(`"StringNotEquals":{"k:o":"1"}`)), wrap(everything)
	}, 2.5, access.Pass},
	{"glob", "*a and n wildcards for one character, as a union", []int{8, 16, 32, 64, 128}, nil, func(n int) (string, string) {
		tail := "a" + strings.Repeat("?", n)
		return wrap(res("arn:aws:s3:::b/"+tail) + "," + res("arn:aws:s3:::b/?*"+tail)), wrap(res("arn:aws:s3:::b/*" + tail))
	}, 4, access.Pass},
	{"shuffle", "n texts in one order, each forbidden to be missing", []int{4, 8, 16, 32}, nil, func(n int) (string, string) {
		return wrap(res("arn:aws:s3:::b/*") + "," + repeat(n, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b/*x%dy*"}`, i)
		})), wrap(res("arn:aws:s3:::b/" + "*" + strings.ReplaceAll(repeat(n, func(i int) string { return fmt.Sprintf("x%dy*", i) }), ",", "")))
	}, 4, access.Pass},
	{"statements", "n statements of one bucket each, in another order and a little narrower", []int{32, 64, 128, 256, 512, 1024}, nil, func(n int) (string, string) {
		return wrap(repeat(n, func(i int) string { return res(fmt.Sprintf("arn:aws:s3:::b%d/*", i)) })),
			wrap(repeat(n, func(i int) string { return res(fmt.Sprintf("arn:aws:s3:::b%d/?*", n-1-i)) }))
	}, 1.5, access.Pass},
	{"pigeons", "n+1 pigeons in n holes, one key for each pair", []int{2, 3, 4, 5, 6, 7}, []int{8, 9}, pigeons, 0, access.Pass},
	{"3-SAT", "random clauses of three of n keys, 4.26 for each key", []int{10, 20, 30, 40, 60, 80}, []int{100, 120, 160}, threeSAT, 0, 0},
}

// pigeons allows whatever breaks "n+1 pigeons sit in n holes", which is everything.
func pigeons(n int) (string, string) {
	var out []string
	for i := range n + 1 {
		out = append(out, on(`"Bool":{`+repeat(n, func(j int) string { return fmt.Sprintf(`"k:p%d.%d":"false"`, i, j) })+`}`))
		for j := range n {
			out = append(out, on(fmt.Sprintf(`"Null":{"k:p%d.%d":"true"}`, i, j)))
			for k := range i {
				out = append(out, on(fmt.Sprintf(`"Bool":{"k:p%d.%d":"true","k:p%d.%d":"true"}`, i, j, k, j)))
			}
		}
	}
	return wrap(strings.Join(out, ",")), wrap(everything)
}

func threeSAT(n int) (string, string) {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	clauses := repeat(int(4.26*float64(n)), func(int) string {
		keys := r.Perm(n)[:3]
		return on(`"Bool":{` + repeat(3, func(i int) string { return fmt.Sprintf(`"k:b%d":"%t"`, keys[i], r.IntN(2) == 0) }) + `}`)
	})
	return wrap(clauses + "," + repeat(n, func(i int) string { return on(fmt.Sprintf(`"Null":{"k:b%d":"true"}`, i)) })), wrap(everything)
}

// TestGrowth holds the steps of hard families to a power of their size, and those that
// are exponential by nature to the bound on work.
func TestGrowth(t *testing.T) {
	var plotted []curve
	for _, f := range families {
		c := curve{name: f.name, about: f.about}
		sizes := f.sizes
		if *growthPlot != "" {
			sizes = append(sizes, f.beyond...)
		}
		for _, n := range sizes {
			before, after := f.pair(n)
			old, now := mustParse(t, before, policy.Identity, false), mustParse(t, after, policy.Identity, false)
			got := access.NoNewAccess(old, now, access.SearchAll(access.Options{}))
			c.points = append(c.points, point{n, got.Steps, got.Verdict != access.Undetermined})
			switch {
			case got.Verdict == access.Undetermined && f.power == 0:
			case f.want != 0 && got.Verdict != f.want:
				t.Errorf("%s %d: %v %s, want %v", f.name, n, got.Verdict, got.Reason, f.want)
			}
			if got.Steps > access.DefaultWork+access.DefaultWork/100 {
				t.Errorf("%s %d: %d steps are over the bound", f.name, n, got.Steps)
			}
		}
		first, last := c.points[0], c.points[len(c.points)-1]
		if power := math.Log(float64(last.steps)/float64(first.steps)) / math.Log(float64(last.n)/float64(first.n)); f.power > 0 && power > f.power {
			t.Errorf("%s: steps grow with n^%.1f, over n^%.1f: %v", f.name, power, f.power, c.points)
		}
		t.Logf("%-10s %v", f.name, c.points)
		plotted = append(plotted, c)
	}
	if *growthPlot != "" {
		if err := os.WriteFile(*growthPlot, []byte(plot(plotted)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
