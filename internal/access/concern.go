package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// concerned lists the statements whose actions share a service with a statement to
// decide on; others meet no request of those, and are not even compiled.
func (q *question) concerned() map[place]bool {
	var services []string
	for i, d := range q.docs[:q.asked] {
		for j := range d.Statements {
			if !q.asks(place{i, j}) {
				continue
			}
			own, ok := servicesOf(&d.Statements[j])
			if !ok {
				return q.statements(func(*policy.Statement) bool { return true })
			}
			services = append(services, own...)
		}
	}
	slices.Sort(services)
	services = slices.Compact(services)
	return q.statements(func(s *policy.Statement) bool {
		own, ok := servicesOf(s)
		return !ok || slices.ContainsFunc(own, func(service string) bool {
			_, found := slices.BinarySearch(services, service)
			return found
		})
	})
}

// statements lists the places of the statements that f holds for.
func (q *question) statements(f func(*policy.Statement) bool) map[place]bool {
	out := map[place]bool{}
	for i, d := range q.docs {
		for j := range d.Statements {
			if f(&d.Statements[j]) {
				out[place{i, j}] = true
			}
		}
	}
	return out
}

// servicesOf lists the service prefixes of a statement's actions; false when they
// can be of any service.
func servicesOf(s *policy.Statement) ([]string, bool) {
	if s.Action.Not {
		return nil, false
	}
	var out []string
	last := ""
	for _, v := range s.Action.List {
		service, _, ok := strings.Cut(v.Text, ":")
		if !ok || strings.ContainsAny(service, "*?") {
			return nil, false
		}
		if service != last {
			last = service
			out = append(out, lower(service))
		}
	}
	return out, true
}
