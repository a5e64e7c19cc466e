package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// services are prefixes of actions. The zero value is all there are.
type services struct {
	some bool     // only those of list
	list []string // sorted
}

// has reports whether one of the actions may be of the services.
func (s services) has(service string) bool {
	_, found := slices.BinarySearch(s.list, service)
	return !s.some || found
}

// concerned lists the services of the actions to decide on.
func (q *question) concerned() services {
	out := services{some: true}
	for i, d := range q.docs[:q.asked] {
		for j := range d.Statements {
			if at := (place{i, j}); q.asks(at) {
				own, ok := servicesOf(policy.Values{Not: d.Statements[j].Action.Not, List: q.actions(at)})
				if !ok {
					return services{}
				}
				out.list = append(out.list, own...)
			}
		}
	}
	slices.Sort(out.list)
	out.list = slices.Compact(out.list)
	return out
}

// concern lists the statements whose actions may be of the services; others meet no
// request of those, and are not even compiled.
func (q *question) concern(in services) map[place]bool {
	return q.statements(func(s *policy.Statement) bool {
		own, ok := servicesOf(s.Action)
		return !in.some || !ok || slices.ContainsFunc(own, in.has)
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

// servicesOf lists the service prefixes of an action element; false when it can be
// about any service.
func servicesOf(v policy.Values) ([]string, bool) {
	if v.Not {
		return nil, false
	}
	var out []string
	last := ""
	for _, v := range v.List {
		service, ok := serviceOf(v.Text)
		if !ok {
			return nil, false
		}
		if service != last {
			last = service
			out = append(out, lower(service))
		}
	}
	return out, true
}

// serviceOf is the service prefix of a pattern of actions; false when it can be any.
func serviceOf(pattern string) (string, bool) {
	service, _, ok := strings.Cut(pattern, ":")
	return service, ok && !strings.ContainsAny(service, "*?")
}
