package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func TestPolicyLines(t *testing.T) {
	d := rules.Document{
		Before: side(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Action":["s3:Get"],"Resource":["*"]}]}`),
		After:  side(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Action":["s3:Get","s3:Put"],"Resource":["*"]},{}]}`),
	}
	f := rules.Finding{Statement: &rules.Statement{Index: 0}, Gained: &rules.Gained{Actions: []string{"S3:put"}}}
	want := []string{
		` . {`,
		` .   "Version": "2012-10-17",`,
		` .   "Statement": [`,
		` 0     {`,
		` 0       "Sid": "A",`,
		` 0       "Action": [`,
		`-0         "s3:Get"`,
		`+0         "s3:Get",`,
		`+0         "s3:Put" GAINED`,
		` 0       ],`,
		` 0       "Resource": ["*"]`,
		`-0     }`,
		`+0     },`,
		`+1     {}`,
		` .   ]`,
		` . }`,
	}
	if diff := cmp.Diff(want, report.Compared(&d, []*rules.Finding{&f})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStatementsBesideEachOther: lines of a statement are never compared with those of
// another one.
func TestStatementsBesideEachOther(t *testing.T) {
	statement := func(sid, action string) string {
		if sid != "" {
			sid = `"Sid":"` + sid + `",`
		}
		return `{` + sid + `"Action":"` + action + `"}`
	}
	for _, c := range []struct {
		name          string
		before, after []string
		want          string // kind, statement and what is in it, a line each
	}{
		{"one more", []string{statement("A", "s3:Get")}, []string{statement("A", "s3:*"), statement("B", "s3:Get")}, "A -s3:Get +s3:* +B +s3:Get"},
		{"one before it", []string{statement("A", "s3:Get")}, []string{statement("B", "s3:Get"), statement("A", "s3:Get")}, "+B +s3:Get A s3:Get"},
		{"another one", []string{statement("A", "s3:Get")}, []string{statement("B", "s3:Get")}, "-A -s3:Get +B +s3:Get"},
		{"written anew", []string{statement("", "a"), statement("", "b")}, []string{statement("", "c"), statement("", "b"), statement("", "d")}, "-a +c b +d"},
		{"gone", []string{statement("A", "a"), statement("B", "b"), statement("C", "c")}, []string{statement("A", "a"), statement("C", "c")}, "A a -B -b C c"},
		{"swapped", []string{statement("A", "a"), statement("B", "b")}, []string{statement("B", "b"), statement("A", "a")}, "-A -a B b +A +a"},
		{"a Sid that comes", []string{statement("", "a")}, []string{statement("A", "a")}, "+A a"},
	} {
		d := rules.Document{Before: side(`{"Statement":[` + strings.Join(c.before, ",") + `]}`), After: side(`{"Statement":[` + strings.Join(c.after, ",") + `]}`)}
		var got []string
		for _, l := range report.Compared(&d, nil) {
			for _, name := range []string{`"Sid": "`, `"Action": "`} {
				if _, rest, ok := strings.Cut(l, name); ok {
					got = append(got, strings.TrimSpace(l[:1])+rest[:strings.IndexByte(rest, '"')])
				}
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestHostilePolicies: whatever stands in a saved result ends, in lines that are bounded.
func TestHostilePolicies(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, text := range []string{
		deep, `{"Statement":` + deep + `}`, `7`, `"x"`, `null`, `[]`, `{"Statement":7}`, `{"Statement":[7,"x",[]]}`, `{"Statement":{"Action":"s3:*"}}`,
		`{"a":1,"a":2}`, `{"Statement":[` + strings.Repeat(`"x",`, 30_000) + `1]}`, `"` + strings.Repeat("y", 400_000) + `"`, `{"x`, ``,
	} {
		d := rules.Document{Before: side(text), After: side(text)}
		f := rules.Finding{Statement: &rules.Statement{Index: 0}, Gained: &rules.Gained{Actions: []string{"x"}}}
		lines := report.Compared(&d, []*rules.Finding{&f})
		if len(lines) > 2100 {
			t.Errorf("%.40s: %d lines", text, len(lines))
		}
		for _, l := range lines {
			if len(l) > 2000 {
				t.Errorf("%.40s: a line of %d bytes", text, len(l))
			}
		}
	}
}

func TestChanges(t *testing.T) {
	statement := func(sid, action string) string {
		return `{"Sid":"` + sid + `","Effect":"Allow","Principal":{"AWS":["1","2"]},"Action":["` + action + `"],"Condition":{"StringEquals":{"aws:x":["y"]}}}`
	}
	policy := func(statements ...string) rules.DocumentSide {
		return side(`{"Statement":[` + strings.Join(statements, ",") + `]}`)
	}
	for _, c := range []struct {
		name          string
		before, after rules.DocumentSide
		index         int
		want          []string
	}{
		{"by Sid", policy(statement("B", "s3:Get"), statement("A", "s3:Get")), policy(statement("A", "s3:*")), 0, []string{"Action: s3:Get -> s3:*"}},
		{"by place", policy(`{"Action":["a"]}`, `{"Action":["b"]}`), policy(`{"Action":["a"]}`, `{"Action":["c"],"Resource":"*"}`), 1, []string{"Action: b -> c", "Resource:  -> *"}},
		{"another Sid", policy(statement("B", "s3:Get")), policy(statement("A", "s3:*")), 0, nil},
		{"a Sid twice", policy(statement("A", "s3:Get"), statement("A", "s3:Put")), policy(statement("A", "s3:*")), 0, nil},
		{"other length", policy(`{"Action":["a"]}`, `{"Action":["b"]}`), policy(`{"Action":["c"]}`), 0, nil},
		{"reordered", policy(`{"Action":["a","b"]}`), policy(`{"Action":["b","a"]}`), 0, nil},
		{"condition gone", policy(statement("A", "x")), policy(`{"Sid":"A","Effect":"Allow","Principal":{"AWS":["1"]},"Action":["x"]}`), 0,
			[]string{"Principal: AWS 1, AWS 2 -> AWS 1", "Condition: StringEquals aws:x y -> "}},
		{"out of range", policy(`{}`), policy(`{}`), 3, nil},
		{"negative", policy(`{}`), policy(`{}`), -1, nil},
		{"absent", rules.DocumentSide{Omitted: rules.OmittedAbsent}, policy(`{"Action":["a"]}`), 0, nil},
	} {
		f := rules.Finding{Statement: &rules.Statement{Index: c.index}}
		got := report.Changes(&f, &rules.Document{Before: c.before, After: c.after})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
