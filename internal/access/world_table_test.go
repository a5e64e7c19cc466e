package access_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// The evaluator takes some microseconds for a request, and a world has millions of
// them. But statements are conjunctions, and each element looks at one part of the
// request and at the condition keys it names. So the evaluator is asked about each
// element alone, once for each value of what it looks at, and the worlds of all
// scenarios are put together from the answers. Whether that is right is tested along
// the way: of every scenario some requests, and whatever is found, are given to the
// evaluator as a whole.

// part is what an element looks at besides condition keys.
type part int

const (
	partAction part = iota
	partResource
	partPrincipal
	partCondition
)

// matches holds which values of its part, and of the keys it names, an element
// matches.
type matches struct {
	asked policy.Question
	keys  []int // indices into keys
	bits  []bool
	// alike has for each of the keys, and each of its values, the first value with which
	// the element matches the same.
	alike [][]int
}

// at tells whether the element matches the value with the given index, under the
// given indices of values of all keys.
func (m *matches) at(value int, digits *[maxKeys]int) bool {
	first, step := m.column(digits)
	return m.bits[first+value*step]
}

// column tells where the answers under the given values of the keys are.
func (m *matches) column(digits *[maxKeys]int) (first, step int) {
	step = 1
	for _, k := range m.keys {
		first = first*len(worldValues[k]) + digits[k]
		step *= len(worldValues[k])
	}
	return first, step
}

const maxKeys = 24

var worldValues = func() [][][]string {
	var all [][][]string
	for _, k := range keys {
		all = append(all, k.contextValues(k.sets))
	}
	return all
}()

// singles is how many of the values of a key are no lists of several.
func singles(k int) int { return 1 + len(keys[k].world) }

func keyIndex(name string) int {
	return slices.IndexFunc(keys, func(k key) bool { return strings.EqualFold(k.name, name) })
}

// partQuestions are the open questions that can matter to an element.
var partQuestions = map[part][]policy.Question{
	partAction:    nil,
	partResource:  {policy.QuestionShortARN},
	partPrincipal: {policy.QuestionAWSStar, policy.QuestionNotPrincipal},
	partCondition: {policy.QuestionAnyIfExists, policy.QuestionShortARNPattern, policy.QuestionEmptyList},
}

// restrict leaves of a reading what answers the questions.
func restrict(r policy.Reading, asked policy.Question) policy.Reading {
	has := func(q policy.Question) bool { return asked&q != 0 }
	return policy.Reading{
		AWSStarIsEveryone:      r.AWSStarIsEveryone && has(policy.QuestionAWSStar),
		ShortARNCrosses:        r.ShortARNCrosses && has(policy.QuestionShortARN),
		AnyIfExistsOnMissing:   r.AnyIfExistsOnMissing && has(policy.QuestionAnyIfExists),
		ShortARNPatternMatches: r.ShortARNPatternMatches && has(policy.QuestionShortARNPattern),
		EmptyListHolds:         r.EmptyListHolds && has(policy.QuestionEmptyList),
		NotPrincipalNeedsChain: r.NotPrincipalNeedsChain && has(policy.QuestionNotPrincipal),
	}
}

type elementID struct {
	part    part
	kind    policy.Kind
	version string
	text    string
	reading policy.Reading
}

// oracle remembers what elements match.
type oracle struct {
	mu    sync.Mutex
	memo  map[elementID]*matches
	asked int // requests given to the evaluator
}

func newOracle() *oracle { return &oracle{memo: map[elementID]*matches{}} }

// element is what the element matches under the reading.
func (o *oracle) element(p part, kind policy.Kind, version, text string, r policy.Reading) (*matches, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	id := elementID{part: p, kind: kind, version: version, text: text}
	plain, err := o.remembered(id)
	if err != nil {
		return nil, err
	}
	id.reading = restrict(r, plain.asked)
	return o.remembered(id)
}

func (o *oracle) remembered(id elementID) (*matches, error) {
	m, ok := o.memo[id]
	if !ok {
		var err error
		if m, err = o.ask(id); err != nil {
			return nil, err
		}
		o.memo[id] = m
	}
	return m, nil
}

var variableKey = regexp.MustCompile(`\$\{([a-zA-Z]+:[a-zA-Z]+)`)

// ask evaluates a document with nothing but the element, for every value.
func (o *oracle) ask(id elementID) (*matches, error) {
	doc, err := elementDocument(id)
	if err != nil {
		return nil, err
	}
	docs := []*policy.Document{doc}
	m := &matches{asked: policy.Questions(doc)}
	for _, found := range variableKey.FindAllStringSubmatch(id.text, -1) {
		m.keys = append(m.keys, keyIndex(found[1]))
	}
	for _, s := range doc.Statements {
		for _, c := range s.Conditions {
			m.keys = append(m.keys, keyIndex(c.Key))
		}
	}
	if id.part == partPrincipal {
		m.keys = []int{keyIndex(principalARN)}
	}
	slices.Sort(m.keys)
	m.keys = slices.Compact(m.keys)
	contexts := []map[string][]string{{}}
	for _, k := range m.keys {
		contexts = eachValue(contexts, k, worldValues[k])
	}
	values := partSize[id.part]
	m.bits = make([]bool, 0, values*len(contexts))
	for v := range values {
		q := request(id.part, id.kind, v)
		for i, c := range contexts {
			q.Context = c
			d, _ := policy.Evaluate(docs, q, id.reading)
			m.bits = append(m.bits, d == policy.DecisionAllow)
			for _, question := range partQuestions[id.part] {
				if m.asked&question != 0 || (v+i)%3 != 0 || id.reading != (policy.Reading{}) {
					continue
				}
				// A question that is not raised has no say.
				if other, _ := policy.Evaluate(docs, q, policy.Readings(question)[1]); other != d {
					return nil, fmt.Errorf("question %b is not raised by %s and matters to %+v", question, id.text, q)
				}
				o.asked++
			}
		}
	}
	o.asked += len(m.bits)
	m.findAlike()
	return m, nil
}

func (m *matches) findAlike() {
	after := 1 // how many answers are between two values
	for i := len(m.keys) - 1; i >= 0; i-- {
		size := len(worldValues[m.keys[i]])
		answers := make([][]byte, size)
		for at, bit := range m.bits {
			v := at / after % size
			if bit {
				answers[v] = append(answers[v], 1)
			} else {
				answers[v] = append(answers[v], 0)
			}
		}
		first, alike := map[string]int{}, make([]int, size)
		for v, a := range answers {
			if _, ok := first[string(a)]; !ok {
				first[string(a)] = v
			}
			alike[v] = first[string(a)]
		}
		m.alike = append(m.alike, alike)
		after *= size
	}
	slices.Reverse(m.alike)
}

func eachValue(contexts []map[string][]string, k int, values [][]string) []map[string][]string {
	var all []map[string][]string
	for _, c := range contexts {
		for _, v := range values {
			n := map[string][]string{keys[k].name: v}
			for name, have := range c {
				n[name] = have
			}
			all = append(all, n)
		}
	}
	return all
}

// elementDocument is a document of one statement that allows what the element matches.
func elementDocument(id elementID) (*policy.Document, error) {
	rest := `"Action":"*","Resource":"*",` + id.text
	switch id.part {
	case partAction:
		rest = `"Resource":"*",` + id.text
	case partResource:
		rest = `"Action":"*",` + id.text
	case partPrincipal, partCondition:
	}
	if id.kind == policy.Resource && id.part != partPrincipal {
		rest = `"Principal":"*",` + rest
	}
	version := ""
	if id.version != "" {
		version = `"Version":` + quoted(id.version) + `,`
	}
	text := `{` + version + `"Statement":{"Effect":"Allow",` + rest + `}}`
	d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: id.kind, Reference: true})
	if diags.HasErrors() {
		return nil, fmt.Errorf("parse %s: %v", text, diags)
	}
	return d, nil
}

var partSize = map[part]int{
	partAction: len(worldActions), partResource: len(worldResources), partPrincipal: len(worldPrincipals), partCondition: 1,
}

// request is one in which the part has the value with the given index.
func request(p part, kind policy.Kind, value int) policy.Request {
	q := policy.Request{Action: worldActions[0], Resource: worldResources[0]}
	if kind == policy.Resource {
		q.Principal = callers[0]
	}
	switch p {
	case partAction:
		q.Action = worldActions[value]
	case partResource:
		q.Resource = worldResources[value]
	case partPrincipal:
		q.Principal = callers[value]
	case partCondition:
	}
	return q
}

var callers = func() []policy.Principal {
	var all []policy.Principal
	for _, text := range worldPrincipals {
		p, err := policy.ParsePrincipal(text)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}()
