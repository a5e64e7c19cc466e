package terraform

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// policyRow is the row of managed policies, which data sources show as well.
var policyRow = rowsOf["aws_iam_policy"][0]

// takeDataPolicies gives the policies that links lead to, and that nothing in the plan
// manages, the text that a data source has of them.
func (x *extraction) takeDataPolicies(links []resolvedLink) {
	byARN := map[string]*dataSource{}
	for _, d := range x.data.sources {
		if d.typ != policyRow.Type {
			continue
		}
		if arn, _ := str(member(d.values, "arn")); arn != "" && byARN[arn] == nil {
			byARN[arn] = d
		}
	}
	if len(byARN) == 0 {
		return
	}
	taken := map[*dataSource]bool{}
	for i := range links {
		l := links[i].Link
		for _, side := range [][]extractors.Target{l.Before, l.After} {
			for j := range side {
				t := &side[j]
				d := byARN[t.Name]
				if d == nil || t.Address != "" && t.Address != d.address || t.Kind != policyRow.Subject {
					continue
				}
				t.Address = d.address
				if !taken[d] {
					taken[d] = true
					x.keepDataPolicy(d, t.Name)
				}
			}
		}
	}
}

// keepDataPolicy keeps the grant of a policy that a data source shows. The plan does not
// change it.
func (x *extraction) keepDataPolicy(d *dataSource, arn string) {
	o := &object{address: d.address, module: d.module, mode: "data", typ: d.typ, name: d.name, index: d.index}
	o.before, o.after, o.sensitiveBefore, o.sensitiveAfter = d.values, d.values, d.sensitive, d.sensitive
	op := operation{action: extractors.NoOp, existed: true, exists: true}
	p := x.newPending(o, op, policyRow, policyRow.Kind, policyRow.Path)
	l := firstLeaf(d.values, nil, d.sensitive, policyRow.steps())
	p.Before = x.side(p, l, true)
	p.After = p.Before
	p.data = true
	p.subject = namedSubject{before: arn, after: arn}
	x.resolveSubject(p)
	x.placeAccount(p)
	x.keep(p)
}

// attachmentCount is how many principals a managed policy is attached to; nil where the
// side does not tell.
func attachmentCount(v jsontext.Value) *int {
	if len(v) == 0 || v[0] < '0' || v[0] > '9' {
		return nil
	}
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 0 {
		return nil
	}
	return &n
}
