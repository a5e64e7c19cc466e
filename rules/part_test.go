package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

const (
	glueRole = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
	readOnly = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
)

// attached is a role that newly has a policy of AWS, beside what it has already.
func attached(t *testing.T, arn, role, has string) Pass {
	t.Helper()
	text, ok := catalog.ManagedPolicy(arn)
	if !ok {
		t.Fatalf("%s is no policy of AWS", arn)
	}
	doc := func(text string) *policy.Document {
		d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return d
	}
	side := extractors.Side{Document: doc(text)}
	g := &extractors.Grant{Address: arn, ARN: arn, Kind: extractors.Identity, Action: extractors.NoOp, Subject: extractors.Subject{Kind: "policy", Address: arn, Name: arn}, Before: side, After: side}
	list := func(line int) source.Range {
		return source.Range{Path: "t.yaml", Start: source.Pos{Line: line, Column: 1}}
	}
	s := &Sum{Subject: extractors.Subject{Kind: "role", Name: role}, Kind: extractors.Identity, Terms: []Term{{Holdings: []Holding{{
		Grant: g, After: g.After.Document, Via: []*extractors.Link{{Address: "R", Attribute: "ManagedPolicyArns", Action: extractors.Update, Written: &extractors.Origin{
			Range: list(3), Entries: []extractors.Entry{{Text: readOnly, Range: list(4)}, {Text: glueRole, Range: list(5)}},
		}}},
	}}}}}
	if has != "" {
		own := identityGrant(t, has, has)
		s.Terms[0].Holdings = append(s.Terms[0].Holdings, Holding{Grant: own, Before: own.After.Document, After: own.After.Document})
	}
	return Pass{Sum: s}
}

func newAccessOf(p Pass) (apart, together []Found) {
	keep := func(list []Found) []Found {
		return slices.DeleteFunc(list, func(f Found) bool { return f.Rule != newAccess.ID })
	}
	return keep(Check(p, Options{})), keep(Join(Merge(Check(p, Options{}))))
}

// TestManagedPolicyIsOneFinding: what the statements of a policy of AWS give is one
// finding, of the worst level, at its own entry, and nothing of it is lost.
func TestManagedPolicyIsOneFinding(t *testing.T) {
	t.Parallel()
	apart, together := newAccessOf(attached(t, glueRole, "crawler", ""))
	if len(apart) < 5 || len(together) != 1 {
		t.Fatalf("%d findings became %d", len(apart), len(together))
	}
	f := together[0]
	if len(f.Parts) != len(apart) || f.Location.StartLine != 5 || f.Statement.Index != f.Parts[0].Statement.Index || f.Witness != f.Parts[0].Witness {
		t.Errorf("%d parts of %d at line %d", len(f.Parts), len(apart), f.Location.StartLine)
	}
	for _, one := range apart {
		if one.Severity > f.Severity || one.Level > f.Level {
			t.Errorf("%s is worse: %v", one.Message, one.Severity)
		}
		i := slices.IndexFunc(f.Parts, func(p Part) bool { return p.Statement.Index == one.Statement.Index })
		if i < 0 {
			t.Fatalf("%s is lost", one.Message)
		}
		p := f.Parts[i]
		if d := cmp.Diff([]any{one.Level, one.Severity, *one.Statement, *one.Gained, one.Witness}, []any{p.Level, p.Severity, p.Statement, p.Gained, p.Witness}); d != "" {
			t.Errorf("%s (-apart +part):\n%s", one.Message, d)
		}
		for _, lists := range [][2][]string{{one.Gained.Actions, f.Gained.Actions}, {one.Gained.Resources, f.Gained.Resources}} {
			for _, v := range lists[0] {
				if !slices.Contains(lists[1], v) {
					t.Errorf("%s is not in the lists of all", v)
				}
			}
		}
	}
	want := fmt.Sprintf("role crawler now has policy AWSGlueServiceRole, which allows what %d of its statements give, the worst: ", len(apart))
	if !strings.HasPrefix(f.Message, want) {
		t.Error(f.Message)
	}
	// One statement is as ever, and says by which policy.
	apart, together = newAccessOf(attached(t, readOnly, "crawler", ""))
	if len(apart) != 1 || len(together) != 1 || apart[0].Fingerprint != together[0].Fingerprint || len(together[0].Parts) > 0 {
		t.Errorf("of one statement: %v", together)
	}
	if want := "role crawler now has policy AmazonS3ReadOnlyAccess, which allows s3:Get*, s3-object-lambda:Get*, s3-object-lambda:List* and 2 more on every resource."; together[0].Message != want {
		t.Errorf("%s, want %s", together[0].Message, want)
	}
	// What a boundary held back is no policy that it has now.
	held := attached(t, readOnly, "crawler", "")
	h := &held.Sum.Terms[0].Holdings[0]
	h.Before, h.Via[0].Action = h.After, extractors.NoOp
	none := identityGrant(t, "", `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`).After.Document
	held.Sum.Terms[0].Limits = []Limit{{Before: []*policy.Document{none}}}
	if _, together = newAccessOf(held); len(together) != 1 || !strings.HasPrefix(together[0].Message, "role crawler now allows s3:Get*, s3-object-lambda:") {
		t.Errorf("held back before: %v", together)
	}
}

// TestManagedPolicyFingerprint: it stays, and is another one where more is gained.
func TestManagedPolicyFingerprint(t *testing.T) {
	t.Parallel()
	print := func(role, has string) string {
		_, together := newAccessOf(attached(t, glueRole, role, has))
		if len(together) != 1 {
			t.Fatalf("%d findings", len(together))
		}
		return together[0].Fingerprint
	}
	all := print("crawler", "")
	for name, c := range map[string]struct {
		role, has string
		same      bool
	}{
		"again":               {"crawler", "", true},
		"beside what is else": {"crawler", `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}`, true},
		"with less new":       {"crawler", `{"Effect": "Allow", "Action": "glue:*", "Resource": "*"}`, false},
		"another role":        {"other", "", false},
	} {
		if got := print(c.role, c.has); (got == all) != c.same {
			t.Errorf("%s: %s, and at first %s", name, got, all)
		}
	}
}

// TestManagedPolicyOfSeveral: roles that newly have the same are one finding.
func TestManagedPolicyOfSeveral(t *testing.T) {
	t.Parallel()
	one, two := attached(t, glueRole, "a", ""), attached(t, glueRole, "b", "")
	two.Sum.Terms[0].Holdings[0].Grant = one.Sum.Terms[0].Holdings[0].Grant
	found := slices.DeleteFunc(Join(Merge(append(Check(one, Options{}), Check(two, Options{})...))), func(f Found) bool { return f.Rule != newAccess.ID })
	if len(found) != 1 || !strings.HasPrefix(found[0].Message, "role a and role b now have policy AWSGlueServiceRole, which allows what 6 of its statements give, ") {
		t.Errorf("%d findings: %v", len(found), found[0].Message)
	}
}

// TestArchivePart: an archive rule about one statement accepts nothing of the others.
func TestArchivePart(t *testing.T) {
	t.Parallel()
	_, together := newAccessOf(attached(t, glueRole, "crawler", ""))
	f := together[0].Finding
	for _, c := range []struct {
		name   string
		filter map[string]Criterion
		want   bool
	}{
		{"an action of one", map[string]Criterion{"gained.actions": {Eq: []string{"glue:*"}}}, false},
		{"none without an action", map[string]Criterion{"gained.actions": {Neq: []string{"glue:*"}}}, false},
		{"what is of no part", map[string]Criterion{"gained.actions": {Neq: []string{"iam:PassRole"}}}, true},
		{"the fingerprint", map[string]Criterion{"fingerprint": {Eq: []string{f.Fingerprint}}}, true},
		{"the policy", map[string]Criterion{"address": {Eq: []string{glueRole}}}, true},
		{"the level", map[string]Criterion{"level": {Eq: []string{f.Level.String()}}}, true},
	} {
		if got := (&ArchiveRule{Filter: c.filter}).Matches(&f); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
