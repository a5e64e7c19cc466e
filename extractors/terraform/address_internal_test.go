package terraform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModulePath: what is read quickly is read as the parser of addresses reads it.
func TestModulePath(t *testing.T) {
	t.Parallel()
	a := func(steps ...step) []step { return steps }
	for _, tt := range []struct {
		address string
		quick   bool
		want    []step
	}{
		{"module.a", true, a(step{"a", ""})},
		{"module.a-b_2.module.c", true, a(step{"a-b_2", ""}, step{"c", ""})},
		{"module.a[0].module.b[12]", true, a(step{"a", "[0]"}, step{"b", "[12]"})},
		{`module.a["x.module.y"]`, true, a(step{"a", `["x.module.y"]`})},
		{`module.a["x y"].module.b`, true, a(step{"a", `["x y"]`}, step{"b", ""})},
		{`module.a["x]"]`, false, a(step{"a", `["x]"]`})},
		{`module.a["é"]`, false, a(step{"a", `["é"]`})},
		{`module.a["\"$${x}"]`, false, a(step{"a", `["\"$${x}"]`})},
		{"module.a[00]", false, a(step{"a", "[0]"})},
		{"module.a[1.5]", false, a(step{"a", "[1.5]"})},
		{"module.é", false, a(step{"é", ""})},
		{"module.a[0][1]", false, nil},
		{"module.a.b", false, nil},
		{"module.a.module", false, nil},
		{"module.", false, nil},
		{"module.a[", false, nil},
		{"module.a[]", false, nil},
		{"module.a[x]", false, nil},
		{"aws_instance.a", false, nil},
	} {
		got, err := modulePath(tt.address)
		if quick := plainPath(tt.address) != nil; quick != tt.quick {
			t.Errorf("%s: quick is %v", tt.address, quick)
		}
		if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(step{})); d != "" || (err != nil) != (tt.want == nil) {
			t.Errorf("%s: %v %s", tt.address, err, d)
		}
	}
}
