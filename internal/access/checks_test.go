package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

func TestAccessNotGranted(t *testing.T) {
	const bucket = "arn:aws:s3:::b/*"
	for _, tt := range []struct {
		name, policy string
		listed       access.Access
		want         access.Verdict
	}{
		{"wildcard action", wrap(`{"Effect":"Allow","Action":"cloudtrail:Delete*","Resource":"*"}`), access.Access{Actions: []string{"cloudtrail:DeleteTrail"}}, access.Fail},
		{"other action", wrap(`{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`), access.Access{Actions: []string{"s3:PutObject"}}, access.Pass},
		{"overlap of resources", wrap(res(bucket)), access.Access{Resources: []string{"arn:aws:s3:::b/x*"}}, access.Fail},
		{"resources apart", wrap(res(bucket)), access.Access{Resources: []string{"arn:aws:s3:::c/*"}}, access.Pass},
		{"condition that can hold", wrap(on(`"StringEquals":{"k:t":"a"}`)), access.Access{Actions: []string{"s3:GetObject"}}, access.Fail},
		{"denied", wrap(everything + `,{"Effect":"Deny","Action":"s3:*","Resource":"*"}`), access.Access{Actions: []string{"S3:getobject"}}, access.Pass},
		{"both lists", wrap(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"` + bucket + `"}`), access.Access{Actions: []string{"s3:PutObject", "s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/k"}}, access.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := access.AccessNotGranted(mustParse(t, tt.policy, policy.Identity, false), []access.Access{tt.listed}, access.Options{})
			if err != nil || got.Verdict != tt.want {
				t.Errorf("got %v %s %v, want %v", got.Verdict, got.Reason, err, tt.want)
			}
		})
	}
}

func TestAccessLists(t *testing.T) {
	many := strings.Split(strings.Repeat("s3:GetObject ", 101), " ")[:101]
	for name, listed := range map[string][]access.Access{
		"none":                nil,
		"nothing in it":       {{}},
		"too many":            {{Actions: many}},
		"action of one part":  {{Actions: []string{"GetObject"}}},
		"action without name": {{Actions: []string{"s3:"}}},
		"action of three":     {{Actions: []string{"s3:Get:Object"}}},
		"no ARN":              {{Resources: []string{"example"}}},
		"short ARN":           {{Resources: []string{"arn:aws:s3"}}},
	} {
		if _, err := access.AccessNotGranted(nil, listed, access.Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLostDenial(t *testing.T) {
	deny := func(arn string) string { return `{"Effect":"Deny","Action":"*","Resource":"` + arn + `"}` }
	old := mustParse(t, wrap(deny("arn:aws:s3:::a")+","+deny("arn:aws:s3:::b*")), policy.Identity, false)
	for _, tt := range []struct {
		name, after string
		want        access.Verdict
		lost        []int
	}{
		{"kept in one", wrap(deny("arn:aws:s3:::*")), access.Pass, nil},
		{"narrowed", wrap(deny("arn:aws:s3:::a") + "," + deny("arn:aws:s3:::b")), access.Fail, []int{1}},
		{"gone", wrap(everything), access.Fail, []int{0, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := access.LostDenial(old, mustParse(t, tt.after, policy.Identity, false), access.Options{Explain: true})
			var lost []int
			for _, g := range got.Gains {
				lost = append(lost, g.Statement)
			}
			if diff := cmp.Diff(tt.lost, lost); got.Verdict != tt.want || diff != "" {
				t.Errorf("got %v, want %v; statements (-want +got):\n%s", got.Verdict, tt.want, diff)
			}
		})
	}
}

// tangled gives access to an equation between two values that the bound on work does not
// let solve.
var tangled = inBucket("${k:a}${k:a}${k:a}${k:b}", ``) + `,{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::${k:b}a${k:b}b"}`

// unlike gives access where two values differ that are the letter z as often as each other, so
// that there are none: that is not seen from what solutions of the equations look like.
var unlike = inBucket("z${k:a}", `"StringEqualsIgnoreCase":{"k:a":"${k:b}"},"StringEquals":{"k:t":"z${k:b}"},"StringNotEquals":{"k:a":"${k:b}"}`) +
	`,{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::${k:a}z"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"k:t":"${k:b}z"}}}`

// TestUndetermined names what is left open, with the reason that readers see.
func TestUndetermined(t *testing.T) {
	for _, tt := range []struct {
		name, before, after, reason string
		work                        int
	}{
		{"work", wrap(res("arn:aws:s3:::*")), wrap(everything), "the comparison needs more work than its bound allows", 1},
		{"an equation between values", wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`), wrap(tangled), "whether the access is new depends on the values of ${k:a}, ${k:b}", 0},
		{"equations of which solutions break what must not match", wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`), wrap(unlike), "whether the access is new depends on the values of ${k:a}, ${k:b}", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := access.NoNewAccess(mustParse(t, tt.before, policy.Identity, false), mustParse(t, tt.after, policy.Identity, false), access.Options{Work: tt.work})
			if tt.reason != "" && (got.Verdict != access.Undetermined || got.Reason != tt.reason) {
				t.Errorf("got %v %q, want %q", got.Verdict, got.Reason, tt.reason)
			}
			if tt.reason == "" && got.Verdict == access.Pass {
				t.Errorf("got %v", got.Verdict)
			}
		})
	}
}

// TestUndecidedBesideGains holds answers to tell what is not decided about statements in
// front of the one that is named.
func TestUndecidedBesideGains(t *testing.T) {
	before := mustParse(t, wrap(`{"Effect":"Deny","Action":"*","Resource":"*"}`), policy.Identity, false)
	gain := `{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`
	for _, tt := range []struct {
		name, after string
		reason      bool // without Explain
	}{
		{"in front", tangled + "," + gain, true},
		{"behind", gain + "," + tangled, false},
	} {
		after := mustParse(t, wrap(tt.after), policy.Identity, false)
		for _, explain := range []bool{false, true} {
			got := access.NoNewAccess(before, after, access.Options{Explain: explain})
			if got.Verdict != access.Fail || (got.Reason != "") != (explain || tt.reason) {
				t.Errorf("%s, explained %t: got %v %q", tt.name, explain, got.Verdict, got.Reason)
			}
		}
	}
}
