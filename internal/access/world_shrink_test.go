package access_test

import "slices"

// shrink takes away from s what it can while it still fails.
func shrink(s scenario, fails func(scenario) bool) scenario {
	for again := true; again; {
		again = false
		for _, smaller := range s.smaller() {
			if fails(smaller) {
				s, again = smaller, true
				break
			}
		}
	}
	return s
}

// smaller lists the scenarios that have one thing less.
func (s scenario) smaller() []scenario {
	var all []scenario
	for i, layer := range s.layers() {
		for _, smaller := range smallerSide(*layer) {
			c := s
			*c.layers()[i] = smaller
			all = append(all, c)
		}
	}
	for i := range s.listed.Actions {
		c := s
		c.listed.Actions = less(s.listed.Actions, i)
		all = append(all, c)
	}
	for i := range s.listed.Resources {
		c := s
		c.listed.Resources = less(s.listed.Resources, i)
		all = append(all, c)
	}
	return slices.DeleteFunc(all, func(c scenario) bool {
		return c.asks == accessNotGranted && len(c.listed.Actions)+len(c.listed.Resources) == 0
	})
}

func less[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }

func smallerSide(side []document) [][]document {
	var all [][]document
	for i := range side {
		if len(side) > 1 {
			all = append(all, less(side, i))
		}
		for j := range side[i].statements {
			c := clone(side)
			c[i].statements = less(side[i].statements, j)
			all = append(all, c)
		}
		for j, s := range side[i].statements {
			for _, smaller := range s.smaller() {
				c := clone(side)
				c[i].statements[j] = smaller
				all = append(all, c)
			}
		}
	}
	return all
}

// smaller lists the statements that have one thing less, or a plainer one.
func (s statement) smaller() []statement {
	var all []statement
	add := func(change func(*statement)) {
		c := s
		change(&c)
		all = append(all, c)
	}
	for i := range s.conditions {
		add(func(c *statement) { c.conditions = less(s.conditions, i) })
		for j := range s.conditions[i].values {
			add(func(c *statement) {
				c.conditions = slices.Clone(s.conditions)
				c.conditions[i].values = less(s.conditions[i].values, j)
			})
		}
	}
	for i := range s.actions {
		if len(s.actions) > 1 {
			add(func(c *statement) { c.actions = less(s.actions, i) })
		}
	}
	for i := range s.resources {
		if len(s.resources) > 1 {
			add(func(c *statement) { c.resources = less(s.resources, i) })
		}
	}
	for i := range s.principals {
		if len(s.principals) > 1 {
			add(func(c *statement) { c.principals = less(s.principals, i) })
		}
	}
	if s.notAction || !slices.Equal(s.actions, []string{"*"}) {
		add(func(c *statement) { c.notAction, c.actions = false, []string{"*"} })
	}
	if s.resources != nil && (s.notResource || !slices.Equal(s.resources, []string{"*"})) {
		add(func(c *statement) { c.notResource, c.resources = false, []string{"*"} })
	}
	if s.principals != nil && (s.notPrincipal || !slices.Equal(s.principals, principalEntries[:1])) {
		add(func(c *statement) { c.notPrincipal, c.principals = false, principalEntries[:1] })
	}
	return all
}
