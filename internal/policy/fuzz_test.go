package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

func seedDocuments() []string {
	return []string{
		"", "{", "[]", "\ufeff{}", `{"Statement":[]}`,
		identity(allowAll), identity(anyone),
		condition(`{"ForAnyValue:StringNotLikeIfExists":{"aws:k":["a*","${aws:username, 'x'}"]},"NumericLessThan":{"aws:n":1e5}}`),
		condition(`{"ArnLike":{"aws:a":"*"},"IpAddress":{"aws:i":["10.0.0.0/8","::1"]},"DateLessThan":{"aws:d":"2020-01-01T00:00:00.5Z"},"Null":{"aws:k":"true"}}`),
		identity(`"Effect":"Deny","NotAction":["s3:*"],"NotResource":"arn:aws:dynamodb:*:table/prod-*","NotPrincipal":{"AWS":["111122223333","*"],"Service":"ec2.amazonaws.com"}`),
		identity(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"`),
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range seedDocuments() {
		f.Add([]byte(s), false, false)
		f.Add([]byte(s), true, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, resource, reference bool) {
		o := policy.ParseOptions{Path: "p", Kind: policy.Identity, Reference: reference}
		if resource {
			o.Kind = policy.Resource
		}
		d, ds := policy.Parse(text, o)
		if d == nil {
			t.Fatal("no document")
		}
		for _, x := range ds {
			if x.Summary == "" || x.Detail == "" || x.Subject.Start.Byte > x.Subject.End.Byte || x.Subject.End.Byte > len(text) {
				t.Errorf("odd diagnostic %+v", x)
			}
		}
		again, dsAgain := policy.Parse(text, o)
		if diff := cmp.Diff(d, again, cmp.Transformer("range", policy.Place.Range)) + cmp.Diff(ds, dsAgain); diff != "" {
			t.Errorf("read differently the second time:\n%s", diff)
		}
		if ds.HasErrors() {
			return
		}
		writeBack(t, d, o)
		// Moved to another place of a file, it is the same document.
		o.Start = source.Pos{Line: 3, Column: 9, Byte: 50}
		moved, dsMoved := policy.Parse(text, o)
		if len(moved.Statements) != len(d.Statements) || len(ds) != len(dsMoved) {
			t.Error("read differently at another place")
		}
		for _, s := range d.Statements {
			if s.Effect != policy.Allow && s.Effect != policy.Deny {
				t.Errorf("effect %q in a document without errors", s.Effect)
			}
			if (s.Principal != nil) != resource {
				t.Error("a principal where none belongs, or none where one does")
			}
		}
	})
}

// writeBack checks that a document that is written is read again as the same.
func writeBack(t *testing.T, d *policy.Document, o policy.ParseOptions) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > policy.MaxText {
		return
	}
	back, ds := policy.Parse(text, o)
	if ds.HasErrors() {
		t.Fatalf("%s: %v", text, ds)
	}
	ignored := cmp.Options{
		cmpopts.IgnoreTypes(policy.Place{}), cmpopts.IgnoreFields(policy.Document{}, "Size"), cmpopts.EquateEmpty(),
		// The keys of a Principal and the operators of a Condition have no order.
		cmpopts.SortSlices(func(a, b policy.PrincipalEntry) bool { return a.Type.String()+a.Text < b.Type.String()+b.Text }),
		cmpopts.SortSlices(func(a, b policy.Condition) bool { return a.Operator.Name+" "+a.Key < b.Operator.Name+" "+b.Key }),
	}
	if diff := cmp.Diff(d, back, ignored); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}

func FuzzParsePattern(f *testing.F) {
	for _, s := range []string{"", "a*?b", "${aws:username}", "${a:b, 'c d'}x", "${*}${?}${$}", "$${", "${a", "é**"} {
		f.Add(s, true, true)
		f.Add(s, false, true)
	}
	f.Fuzz(func(t *testing.T, text string, variables, wildcards bool) {
		p, err := policy.ParsePattern(text, variables, wildcards)
		if err != nil {
			if !variables || p != nil {
				t.Fatalf("error %v, pattern %v", err, p)
			}
			return
		}
		for i, piece := range p {
			if i > 0 && piece.Kind == p[i-1].Kind && (piece.Kind == policy.Literal || piece.Kind == policy.AnySequence) {
				t.Errorf("pieces not merged: %v", p)
			}
			if piece.Kind == policy.Literal && piece.Text == "" {
				t.Errorf("empty piece: %v", p)
			}
			if piece.Kind == policy.Variable && !variables {
				t.Errorf("variable: %v", p)
			}
		}
		back, err := policy.ParsePattern(p.String(), true, true)
		if err != nil {
			t.Fatalf("%q: %v", p.String(), err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Errorf("%q written as %q (-want +got):\n%s", text, p.String(), diff)
		}
	})
}

func FuzzEvaluate(f *testing.F) {
	request := `{"principal":"arn:aws:sts::111122223333:assumed-role/R/s","action":"s3:GetObject","resource":"arn:aws:s3:::b/bob/k","context":{"aws:k":["ab"],"aws:username":["bob"]}}`
	for _, s := range seedDocuments() {
		f.Add([]byte(s), []byte(request), false, byte(0))
		f.Add([]byte(s), []byte(request), true, byte(63))
	}
	f.Fuzz(func(t *testing.T, text, request []byte, resource bool, reading byte) {
		kind := policy.Identity
		if resource {
			kind = policy.Resource
		}
		d, ds := policy.Parse(text, policy.ParseOptions{Kind: kind, Reference: true})
		if ds.HasErrors() {
			return
		}
		var q policy.Request
		if err := json.Unmarshal(request, &q); err != nil {
			return
		}
		all := policy.Readings(policy.QuestionNotPrincipal<<1 - 1)
		r := all[int(reading)%len(all)]
		decision, deciders := policy.Evaluate([]*policy.Document{d}, q, r)
		if (decision == policy.DecisionImplicitDeny) != (len(deciders) == 0) {
			t.Errorf("%s by %v", decision, deciders)
		}
		// Twice the same document decides as once, and a question that is not asked
		// has one answer.
		twice, _ := policy.Evaluate([]*policy.Document{d, d}, q, r)
		if twice != decision {
			t.Errorf("%s, and %s for the document twice", decision, twice)
		}
		if policy.Questions(d) == 0 {
			if plain, _ := policy.Evaluate([]*policy.Document{d}, q, policy.Reading{}); plain != decision {
				t.Errorf("%s, and %s as %+v, though no question is open", plain, decision, r)
			}
		}
	})
}
