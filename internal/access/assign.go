package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Where variables have values that are not known a model is an outline only. Whether a
// request is behind it is found out by giving variables values, one after the other: what
// the first ones are is a part of the next problem, and its model shows what the next
// ones have to be.

// effort tells how many values are tried for variables.
type effort int

const (
	firstTry effort = iota // what nearly always will do
	fewTries
	moreTries
	allTries
)

// Bounds on the values tried: for each variable, and problems together, by effort.
var (
	width = [...]int{firstTry: 2, fewTries: 4, moreTries: 12, allTries: 48}
	tries = [...]int{firstTry: 16, fewTries: 64, moreTries: 128, allTries: 256}
)

// assigner gives the variables of a case values.
type assigner struct {
	*splitter
	at     place
	used   map[string]bool // the keys that patterns hold as variables
	effort effort
	left   int // problems that may be solved
	solved map[string]solved
}

type solved struct {
	p  *problem
	m  model
	st status
}

// found gives the variables of unknown value in env values, until a request is confirmed.
func (s *splitter) found(p *problem, m model, at place, env environment, most effort) bool {
	if s.tried > maxTried {
		most = firstTry
	}
	a := &assigner{splitter: s, at: at, used: s.usedVariables(env), solved: map[string]solved{}}
	start := maps.Clone(env)
	for key, v := range env {
		if v.unknown && !a.used[env.first(key)] {
			delete(start, key) // no pattern rests on it, so that the search finds a value
		}
	}
	for a.effort = firstTry; a.effort <= most; a.effort++ {
		a.left = tries[a.effort]
		if a.assign(p, m, start) {
			return true
		}
		if a.b.left < 0 {
			break
		}
	}
	return false
}

// usedVariables are the keys that patterns hold as variables, each by the one that it is the
// same as.
func (s *splitter) usedVariables(env environment) map[string]bool {
	used := map[string]bool{}
	for _, key := range s.patterns.variables(s.docs, s.near) {
		used[env.first(key)] = true
	}
	return used
}

// assign gives values to what is unknown in env, of which m is a model; true when a
// request was confirmed.
func (a *assigner) assign(p *problem, m model, env environment) bool {
	key, number := "", 0
	for i, k := range slices.Sorted(maps.Keys(env)) {
		if env[k].unknown && env[k].as == "" {
			key, number = k, i
			break
		}
	}
	if key == "" {
		return a.gain(p, m, a.at)
	}
	values := p.valuesFor(key, number, m, a.near, a.effort)
	for _, v := range values[:min(len(values), width[a.effort])] {
		if a.left--; a.left < 0 {
			return false
		}
		next := maps.Clone(env)
		for k, had := range env {
			if k == key || had.as == key {
				next[k] = value{literal: v}
			}
		}
		s := a.try(next)
		switch {
		case s.st == spent:
			a.spent()
			return false
		case s.st == sat && a.assign(s.p, s.m, next):
			return true
		}
	}
	return false
}

// try solves the statement in an environment, once.
func (a *assigner) try(env environment) solved {
	var id strings.Builder
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if v := env[key]; !v.unknown {
			fmt.Fprintf(&id, "%q %q ", key, v.literal)
		}
	}
	s, ok := a.solved[id.String()]
	if !ok {
		a.tried++
		s.p, s.m, s.st = a.solve(a.at, env, nil)
		a.solved[id.String()] = s
	}
	return s
}
