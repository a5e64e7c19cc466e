package eval

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
)

// Bounds on the work for one value that is asked for, on one value and on how deep
// values depend on each other.
const (
	maxSteps  = 200_000  // function calls, iterations, references
	maxText   = 16 << 20 // bytes of all texts that are put together
	maxWeight = 100_000  // nodes of one value
	maxString = 1 << 20  // bytes of one text
	maxDepth  = 100      // references that lead to references
	// maxExponent bounds numbers: written out, one of 1e9 digits would fill memory.
	maxExponent = 4096 // bits
	// maxTotal bounds the steps for all values of one plan.
	maxTotal = 50_000_000
)

var (
	errTooMuch  = errors.New("working it out takes too much")
	errBroken   = errors.New("it looks into a text that is not known before the change is applied")
	errReserved = errors.New("it holds characters of the private use area U+E000 to U+E0FF")
)

// budget is what is left of the work for one value.
type budget struct {
	steps, text, total int
	depth              int
	spent              bool
}

func (b *budget) start() { b.steps, b.text, b.spent, b.depth = maxSteps, maxText, false, 0 }

// charge takes work off the budget. Once it is spent, nothing more is worked out.
func (b *budget) charge(steps, text int) error {
	b.steps -= steps
	b.total += steps
	b.text -= text
	if b.steps < 0 || b.text < 0 || b.total > maxTotal {
		b.spent = true
	}
	if b.spent {
		return errTooMuch
	}
	return nil
}

// fits reports whether a value is of a size that is worked with.
func fits(v cty.Value) bool {
	left := maxWeight
	return weigh(v, &left)
}

func weigh(v cty.Value, left *int) bool {
	*left--
	if *left < 0 {
		return false
	}
	if v == cty.NilVal || !v.IsKnown() || v.IsNull() {
		return true
	}
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case t == cty.String:
		n := len(v.AsString())
		*left -= n / 64
		return n <= maxString && *left >= 0
	case t == cty.Number:
		f := v.AsBigFloat()
		return !f.IsInf() && (f.Sign() == 0 || f.MantExp(nil) <= maxExponent && f.MantExp(nil) >= -maxExponent)
	case t.IsPrimitiveType() || t.IsCapsuleType():
		return true
	}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if k.Type() == cty.String {
			*left -= len(k.AsString()) / 64
		}
		if !weigh(e, left) {
			return false
		}
	}
	return true
}
