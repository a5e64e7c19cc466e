package rules_test

import (
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/rules"
)

func TestArchive(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	f := rules.Finding{
		Rule: "new-access", Address: "aws_iam_policy.p", Sources: []rules.Source{{Address: "a"}, {Address: "b"}},
		Gained: &rules.Gained{Actions: []string{"s3:PutObject", "iam:PassRole"}},
	}
	for _, c := range []struct {
		name  string
		field string
		c     rules.Criterion
		want  bool
	}{
		{"equal", "rule", rules.Criterion{Eq: []string{"drift", "new-access"}}, true},
		{"not equal", "rule", rules.Criterion{Eq: []string{"drift"}}, false},
		{"another", "rule", rules.Criterion{Neq: []string{"drift"}}, true},
		{"not another", "rule", rules.Criterion{Neq: []string{"drift", "new-access"}}, false},
		{"a part", "address", rules.Criterion{Contains: []string{"x", "policy"}}, true},
		{"both have to hold", "address", rules.Criterion{Contains: []string{"policy"}, Neq: []string{"aws_iam_policy.p"}}, false},
		{"one of the sources", "sources", rules.Criterion{Eq: []string{"b"}}, true},
		{"none of the sources", "sources", rules.Criterion{Neq: []string{"b"}}, false},
		{"a part of what is gained", "gained.actions", rules.Criterion{Eq: []string{"s3:PutObject"}}, false},
		{"all that is gained", "gained.actions", rules.Criterion{Eq: []string{"s3:PutObject", "iam:PassRole"}}, true},
		{"a part of each action", "gained.actions", rules.Criterion{Contains: []string{"P"}}, true},
		{"a part of one action", "gained.actions", rules.Criterion{Contains: []string{"s3:"}}, false},
		{"not that action", "gained.actions", rules.Criterion{Neq: []string{"iam:PassRole"}}, false},
		{"what is not there is not named", "gained.resources", rules.Criterion{Eq: []string{"x"}}, false},
		{"there", "address", rules.Criterion{Exists: &yes}, true},
		{"not there", "isPublic", rules.Criterion{Exists: &no}, true},
	} {
		r := rules.ArchiveRule{Filter: map[string]rules.Criterion{c.field: c.c}}
		if got := r.Matches(&f); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	f.Same = []rules.Source{{Address: "a"}}
	for field, want := range map[string]bool{"address": false, "sources": false, "rule": true} {
		r := rules.ArchiveRule{Filter: map[string]rules.Criterion{field: {Eq: []string{"aws_iam_policy.p", "new-access"}}}}
		if field == "sources" {
			r.Filter[field] = rules.Criterion{Eq: []string{"a"}}
		}
		if got := r.Matches(&f); got != want {
			t.Errorf("%s of one of two documents that bring the same: %v, want %v", field, got, want)
		}
	}
	both := rules.ArchiveRule{Filter: map[string]rules.Criterion{"address": {Eq: []string{"aws_iam_policy.p", "a"}}}}
	if !both.Matches(&f) {
		t.Error("a rule about both documents that bring the same does not hold")
	}
	if (&rules.ArchiveRule{}).Matches(&f) {
		t.Error("a rule without a filter accepts everything")
	}
	day := rules.ArchiveRule{Expires: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)}
	if day.Expired(time.Date(2026, 5, 4, 23, 59, 59, 0, time.UTC)) || !day.Expired(time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)) {
		t.Error("a rule holds until the end of its day, in UTC")
	}
}
