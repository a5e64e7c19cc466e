package analyzer_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// published is an answer that AWS publishes or that was recorded from the service.
type published struct {
	ID, Check     string
	Existing, New json.RawMessage
	Access        *access.Access
	PolicyType    string
	ResourceType  string
	Expected      string
	Message       string
	Reasons       []analyzer.Reason
	Suspect       bool
}

// olderWordings are texts of the examples in the API model, which are older than
// those of the user guide and the CLI: they do not tell actions from resources. Each
// stands for the texts beside it.
var olderWordings = map[string][]string{
	"The policy document does not grant access to perform the listed actions or resources.": {
		"The policy document does not grant access to perform one or more of the listed actions.",
	},
	"The policy document grants access to perform one or more of the listed actions or resources.": {
		"The policy document grants access to one or more of the listed resources.",
	},
	"One or more of the listed actions or resources in the statement with sid: AllowJohnDoe.": {
		"One or more of the listed resources in the statement with sid: AllowJohnDoe.",
	},
}

// disagreeing lists rows that are answered otherwise, with the reason.
var disagreeing = map[string]string{}

// TestPublishedAnswers asks every published question of the operations, by the
// functions and by the server with the AWS SDK, and compares result, message and
// reasons with what is published.
func TestPublishedAnswers(t *testing.T) {
	c := client(t, analyzer.Options{})
	asked := map[string]int{}
	for _, row := range publishedRows(t) {
		ask, ok := askPublished[row.Check]
		if !ok || row.Suspect {
			continue
		}
		asked[row.Check]++
		t.Run(row.ID, func(t *testing.T) {
			got, overSDK, err := ask(t, c, row)
			if err != nil {
				t.Fatal(err)
			}
			got.Witness = nil
			if d := cmp.Diff(got, overSDK); d != "" {
				t.Errorf("the server answers otherwise than the function (-function +server):\n%s", d)
			}
			d := disagreement(row, got)
			reason, known := disagreeing[row.ID]
			switch {
			case d != "" && !known:
				t.Errorf("(-published +got):\n%s\nexisting %s\nnew %s", d, row.Existing, row.New)
			case d == "" && known:
				t.Errorf("agrees now, and is listed: %s", reason)
			}
		})
	}
	for check := range askPublished {
		if asked[check] == 0 {
			t.Errorf("no row of %s", check)
		}
	}
	t.Log(asked)
}

// disagreement compares what is published of an answer: the result always, message
// and reasons where they were recorded.
func disagreement(row published, got analyzer.Answer) string {
	want := analyzer.Answer{Result: row.Expected, Message: current(row.Message, got.Message), Reasons: row.Reasons}
	if want.Message == "" {
		got.Message = ""
	}
	if want.Reasons == nil && row.Message == "" {
		got.Reasons = nil
	}
	for i := range want.Reasons {
		if i < len(got.Reasons) {
			want.Reasons[i].Description = current(want.Reasons[i].Description, got.Reasons[i].Description)
		}
	}
	return cmp.Diff(want, got)
}

// current returns got where text is an older wording of it, else text.
func current(text, got string) string {
	for _, newer := range olderWordings[text] {
		if newer == got {
			return got
		}
	}
	return text
}

// askPublished asks a row's question by the function and with the SDK.
var askPublished = map[string]func(*testing.T, sdk, published) (byFunction, overSDK analyzer.Answer, err error){
	"CheckNoNewAccess": func(t *testing.T, c sdk, row published) (analyzer.Answer, analyzer.Answer, error) {
		kind := kindOf(row.PolicyType)
		r, err := noNewAccess(t, c, string(row.Existing), string(row.New), types.AccessCheckPolicyType(row.PolicyType))
		return analyzer.NoNewAccess(reference(t, row.Existing, kind), parse(t, string(row.New), kind), access.Options{}), r.answer(), err
	},
	"CheckAccessNotGranted": func(t *testing.T, c sdk, row published) (analyzer.Answer, analyzer.Answer, error) {
		r, err := accessNotGranted(t, c, string(row.New), types.AccessCheckPolicyType(row.PolicyType),
			types.Access{Actions: row.Access.Actions, Resources: row.Access.Resources})
		a, failed := analyzer.AccessNotGranted(parse(t, string(row.New), kindOf(row.PolicyType)), *row.Access, access.Options{})
		return a, r.answer(), errors.Join(err, failed)
	},
	"CheckNoPublicAccess": func(t *testing.T, c sdk, row published) (analyzer.Answer, analyzer.Answer, error) {
		r, err := noPublicAccess(t, c, string(row.New), types.AccessCheckResourceType(row.ResourceType))
		a, failed := analyzer.NoPublicAccess(parse(t, string(row.New), policy.Resource), row.ResourceType, access.Options{})
		return a, r.answer(), errors.Join(err, failed)
	},
}

// answer is r as the functions give it.
func (r response) answer() analyzer.Answer {
	a := analyzer.Answer{Result: r.Result, Message: r.Message}
	for _, reason := range r.Reasons {
		index := -1 // absent, which no statement is
		if reason.StatementIndex != nil {
			index = int(*reason.StatementIndex)
		}
		a.Reasons = append(a.Reasons, analyzer.Reason{
			Description: aws.ToString(reason.Description), Index: index, ID: aws.ToString(reason.StatementId),
		})
	}
	return a
}

func kindOf(policyType string) policy.Kind {
	if policyType == "RESOURCE_POLICY" {
		return policy.Resource
	}
	return policy.Identity
}

func reference(t *testing.T, text []byte, kind policy.Kind) *policy.Document {
	t.Helper()
	d, diags := policy.Parse(text, policy.ParseOptions{Kind: kind, Reference: true})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	return d
}

// publishedRows reads the published answers, which live outside of the repository.
func publishedRows(t *testing.T) []published {
	t.Helper()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED is not set: the corpora are not here")
	}
	text, err := os.ReadFile(filepath.Join(dir, "verdicts", "published.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []published
	sc := bufio.NewScanner(bytes.NewReader(text))
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var row published
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestDisagreement: the comparison sees what differs, and what is an older wording.
func TestDisagreement(t *testing.T) {
	got := func() analyzer.Answer {
		return analyzer.Answer{Result: "FAIL", Message: "The policy document grants access to one or more of the listed resources.",
			Reasons: []analyzer.Reason{{Description: "New access in the statement with index: 1.", Index: 1}}}
	}
	older := "The policy document grants access to perform one or more of the listed actions or resources."
	for name, c := range map[string]struct {
		row    published
		agrees bool
	}{
		"result only":      {published{Expected: "FAIL"}, true},
		"other result":     {published{Expected: "PASS"}, false},
		"same":             {published{Expected: "FAIL", Message: got().Message, Reasons: got().Reasons}, true},
		"older wording":    {published{Expected: "FAIL", Message: older, Reasons: got().Reasons}, true},
		"other message":    {published{Expected: "FAIL", Message: strings.ToLower(older), Reasons: got().Reasons}, false},
		"reasons not told": {published{Expected: "FAIL", Message: older}, false},
		"other statement": {published{Expected: "FAIL", Message: older,
			Reasons: []analyzer.Reason{{Description: got().Reasons[0].Description}}}, false},
	} {
		if d := disagreement(c.row, got()); (d == "") != c.agrees {
			t.Errorf("%s: agrees %v: %s", name, d == "", d)
		}
	}
}
