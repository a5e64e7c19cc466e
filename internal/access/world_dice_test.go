package access_test

import (
	"math/rand/v2"

	"pgregory.net/rapid"
)

// dice makes the choices of a drawn policy. A seed makes them repeatable; rapid makes
// them shrink.
type dice interface {
	roll(n int) int // 0 <= roll(n) < n
}

type seeded struct{ *rand.Rand }

func (s seeded) roll(n int) int { return s.IntN(n) }

type shrinking struct{ *rapid.T }

func (s shrinking) roll(n int) int { return rapid.IntRange(0, n-1).Draw(s.T, "roll") }

func pick[T any](d dice, from []T) T { return from[d.roll(len(from))] }

// one reports true once in n times on average.
func one(d dice, n int) bool { return d.roll(n) == n-1 }

// some picks n different ones of from, or fewer if there are no more.
func some[T any](d dice, n int, from []T) []T {
	rest := append([]T{}, from...)
	var out []T
	for len(out) < n && len(rest) > 0 {
		i := d.roll(len(rest))
		out = append(out, rest[i])
		rest = append(rest[:i], rest[i+1:]...)
	}
	return out
}
