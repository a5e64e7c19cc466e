package terraform_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func BenchmarkExtract(b *testing.B) {
	var text bytes.Buffer
	if err := writePlan(&text, 2000); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		x, err := terraform.Extract(context.Background(), bytes.NewReader(text.Bytes()), terraform.Options{Path: "plan.json"})
		if err != nil || len(x.Grants) != 600 {
			b.Fatalf("%d grants, error %v", len(x.Grants), err)
		}
	}
}
