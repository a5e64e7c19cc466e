package policy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// BenchmarkParse reads policies as they come in plans, on one line, and as people write
// them.
func BenchmarkParse(b *testing.B) {
	statements := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"Sid":"Read%d","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket","dynamodb:Query"],`+
				`"Resource":["arn:aws:s3:::bucket-%d","arn:aws:s3:::bucket-%d/*"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-example"}}}`, i, i, i)
		}
		return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
	}
	for _, bb := range []struct{ name, text string }{
		{"two statements", statements(2)},
		{"forty statements", statements(40)},
		{"forty statements, indented", indented(b, statements(40))},
		{"forty statements, not ASCII", strings.ReplaceAll(statements(40), "o-example", "o-exämple")},
	} {
		b.Run(bb.name, func(b *testing.B) {
			text := []byte(bb.text)
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, ds := policy.Parse(text, policy.ParseOptions{Path: "p.json", Kind: policy.Identity}); ds.HasErrors() {
					b.Fatal(ds)
				}
			}
		})
	}
}

func indented(b *testing.B, text string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		b.Fatal(err)
	}
	return out.String()
}
