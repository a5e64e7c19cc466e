package terraform

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestObjectTable holds the table to a map of lists: entries of one hash are found in the
// order in which they were added, also of hashes that lie around its end and while it grows.
func TestObjectTable(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var table objectTable
		want := map[uint32][]uint32{}
		for n := range uint32(2000) {
			hash := r.Uint32N(400) - 200 // around the end, and several of each
			if r.IntN(4) == 0 {
				hash = r.Uint32()
			}
			table.add(hash, n+1)
			want[hash] = append(want[hash], n+1)
		}
		for hash, list := range want {
			var got []uint32
			for e := range table.at(hash) {
				got = append(got, e.object)
			}
			if !slices.Equal(got, list) {
				t.Fatalf("hash %d: %v, want %v", hash, got, list)
			}
		}
		for range table.at(1 << 31) {
			t.Fatal("an entry of a hash that was not added")
		}
	}
}

// TestObjectIndex finds objects by address, value and block, also where many share them.
func TestObjectIndex(t *testing.T) {
	t.Parallel()
	ix := newObjectIndex()
	op, _ := operationOf([]string{"create"})
	add := func(module, name, index, value string) {
		o := &object{module: module, typ: "aws_iam_role", name: name, index: index, mode: "managed"}
		o.address = blockAddress(module, o.typ, name) + index
		o.after = []byte(fmt.Sprintf(`{"name":%q}`, value))
		ix.add(o, op)
	}
	for i := range 40 {
		add("", "a", fmt.Sprintf("[%d]", i), "same")
		add(`module.m["k"]`, "a", "", fmt.Sprint("n", i)) // each takes the place of the one before
	}
	if o := ix.at("aws_iam_role.a[7]"); o == nil || o.index != "[7]" {
		t.Errorf("by address: %v", o)
	}
	if o := ix.at(`module.m["k"].aws_iam_role.a`); o == nil || o.after() != "n39" {
		t.Errorf("of several of one address: %v", o)
	}
	if o := ix.at("aws_iam_role.b"); o != nil {
		t.Errorf("by an address that none has: %v", o)
	}
	if list := ix.having("aws_iam_role", "same"); len(list) != maxShared+1 || list[0].index != "[0]" || list[16].index != "[16]" {
		t.Errorf("by a value that many have: %d", len(list))
	}
	if list := ix.having("aws_iam_role", "n5"); len(list) != 1 || list[0].module == "" {
		t.Errorf("by a value: %v", list)
	}
	if list := ix.having("aws_iam_user", "n5"); len(list) != 0 {
		t.Errorf("by a value of another type: %v", list)
	}
	list := ix.instances("aws_iam_role.a", 30)
	if len(list) != 30 || list[0].index != "[0]" || list[29].index != "[29]" {
		t.Errorf("by block: %d", len(list))
	}
	if list := ix.instances("aws_iam_role.a", 100); len(list) != 40 || list[39].index != "[39]" {
		t.Errorf("all of a block: %d", len(list))
	}
	n := 0
	for range ix.all() {
		n++
	}
	if n != 41 {
		t.Errorf("%d objects, want one of each address", n)
	}
}
