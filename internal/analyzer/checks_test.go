package analyzer_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
	"github.com/grantdiff/grantdiff/internal/policy"
)

const (
	narrow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*"}}`
	// wide brings s3:DeleteObject in its second statement.
	wide  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*"},{"Sid":"Del","Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::reports/*"}]}`
	noSid = `{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","Action":["s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::reports/*"}]}`
)

const everyone = `{"Version":"2012-10-17","Statement":{"Sid":"Send","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage"}}`

func parse(t testing.TB, text string, kind policy.Kind) *policy.Document {
	t.Helper()
	d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	return d
}

// TestWords holds the answers to the texts of the service: the messages, and the two
// forms of a reason.
func TestWords(t *testing.T) {
	listed := func(actions, resources string) access.Access {
		return access.Access{Actions: split(actions), Resources: split(resources)}
	}
	for name, c := range map[string]struct {
		existing string // CheckNoNewAccess if it is there
		policy   string
		listed   access.Access
		public   string // CheckNoPublicAccess of this type if it is there
		work     int
		want     analyzer.Answer
	}{
		"nothing new": {existing: wide, policy: narrow, want: analyzer.Answer{
			Result:  "PASS",
			Message: "The modified permissions do not grant new access compared to your existing policy.",
		}},
		"new, with sid": {existing: narrow, policy: wide, want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The modified permissions grant new access compared to your existing policy.",
			Reasons: []analyzer.Reason{{Description: "New access in the statement with sid: Del.", Index: 1, ID: "Del"}},
		}},
		"new, with an empty sid": {existing: narrow, policy: noSid, want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The modified permissions grant new access compared to your existing policy.",
			Reasons: []analyzer.Reason{{Description: "New access in the statement with index: 0.", Index: 0}},
		}},
		"undetermined": {existing: narrow, policy: wide, work: 1, want: analyzer.Answer{
			Result:  "UNDETERMINED",
			Message: "It could not be decided whether the modified permissions grant new access: ",
		}},
		"actions, not granted": {policy: narrow, listed: listed("s3:DeleteObject,iam:*", ""), want: analyzer.Answer{
			Result:  "PASS",
			Message: "The policy document does not grant access to perform one or more of the listed actions.",
		}},
		"actions": {policy: wide, listed: listed("s3:DeleteObject", ""), want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The policy document grants access to perform one or more of the listed actions.",
			Reasons: []analyzer.Reason{{Description: "One or more of the listed actions in the statement with sid: Del.", Index: 1, ID: "Del"}},
		}},
		"the first of two statements": {policy: wide, listed: listed("s3:*", ""), want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The policy document grants access to perform one or more of the listed actions.",
			Reasons: []analyzer.Reason{{Description: "One or more of the listed actions in the statement with index: 0.", Index: 0}},
		}},
		"resources, not granted": {policy: narrow, listed: listed("", "arn:aws:s3:::other/*"), want: analyzer.Answer{
			Result:  "PASS",
			Message: "The policy document does not grant access to perform the listed actions or resources.",
		}},
		"resources": {policy: narrow, listed: listed("", "arn:aws:s3:::reports/2026"), want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The policy document grants access to one or more of the listed resources.",
			Reasons: []analyzer.Reason{{Description: "One or more of the listed resources in the statement with index: 0.", Index: 0}},
		}},
		"both, not granted": {policy: narrow, listed: listed("s3:PutObject", "arn:aws:s3:::reports/*"), want: analyzer.Answer{
			Result:  "PASS",
			Message: "The policy document does not grant access to one or more listed resources to perform one or more listed actions.",
		}},
		"both": {policy: wide, listed: listed("s3:DeleteObject", "arn:aws:s3:::reports/*"), want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The policy document grants access to one or more listed resources to perform one or more listed actions.",
			Reasons: []analyzer.Reason{{Description: "One or more of the listed actions and/or resources in the statement with sid: Del.", Index: 1, ID: "Del"}},
		}},
		"not public": {policy: strings.Replace(everyone, `"*"`, `{"AWS":"111122223333"}`, 1), public: "AWS::SQS::Queue", want: analyzer.Answer{
			Result:  "PASS",
			Message: "The resource policy does not grant public access for the given resource type.",
		}},
		"public": {policy: everyone, public: "AWS::SQS::Queue", want: analyzer.Answer{
			Result:  "FAIL",
			Message: "The resource policy grants public access for the given resource type.",
			Reasons: []analyzer.Reason{{Description: "Public access granted in the following statement with sid: Send.", Index: 0, ID: "Send"}},
		}},
		"public, undetermined": {policy: everyone, public: "AWS::SQS::Queue", work: 1, want: analyzer.Answer{
			Result:  "UNDETERMINED",
			Message: "It could not be decided whether the resource policy grants public access for the given resource type: ",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := access.Options{Work: c.work}
			var got analyzer.Answer
			var err error
			switch {
			case c.existing != "":
				got = analyzer.NoNewAccess(parse(t, c.existing, policy.Identity), parse(t, c.policy, policy.Identity), o)
			case c.public != "":
				got, err = analyzer.NoPublicAccess(parse(t, c.policy, policy.Resource), c.public, o)
			default:
				got, err = analyzer.AccessNotGranted(parse(t, c.policy, policy.Identity), c.listed, o)
			}
			if err != nil {
				t.Fatal(err)
			}
			if (got.Witness != nil) != (got.Result == "FAIL") {
				t.Errorf("%s with the witness %v", got.Result, got.Witness)
			}
			got.Witness = nil
			if got.Result == "UNDETERMINED" {
				reason, ok := strings.CutPrefix(got.Message, c.want.Message)
				if !ok || len(reason) < 5 {
					t.Errorf("message %q: expected %q and the reason", got.Message, c.want.Message)
				}
				got.Message = c.want.Message
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestAnswerJSON: an index of 0 is written, an absent Sid is not.
func TestAnswerJSON(t *testing.T) {
	got, err := json.Marshal(analyzer.Answer{Result: "FAIL", Message: "m", Reasons: []analyzer.Reason{{Description: "d"}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"result":"FAIL","message":"m","reasons":[{"description":"d","statementIndex":0}]}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRefusedLists: what the operation refuses is an error and no answer.
func TestRefusedLists(t *testing.T) {
	doc := parse(t, narrow, policy.Identity)
	for _, listed := range []access.Access{{}, {Actions: []string{"GetObject"}}, {Resources: []string{"example"}}} {
		if a, err := analyzer.AccessNotGranted(doc, listed, access.Options{}); err == nil {
			t.Errorf("%+v: expected an error, got %+v", listed, a)
		}
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
