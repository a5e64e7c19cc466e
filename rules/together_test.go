package rules_test

import (
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// TestTellTogether: that anyone gets in is told by what everyone newly may do where that is
// about each statement by which they do, and not otherwise.
func TestTellTogether(t *testing.T) {
	t.Parallel()
	const (
		get     = `{"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`
		put     = `{"Sid": "B", "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}`
		some    = `{"Sid": "C", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`
		network = `{"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}`
	)
	for _, c := range []struct {
		name, before, after string
		change              func([]rules.Finding)
		want                int // how many findings tell it
	}{
		{"one statement", "", get, nil, 1},
		{"two statements", "", get + "," + put, nil, 2},
		{"beside somebody else", "", get + "," + some, nil, 1},
		{"a condition is gone", network, get, nil, 1},
		{"already public", get, get + "," + put, nil, 0},
		{"one is accepted", "", get + "," + put, func(list []rules.Finding) { archive(list, "new-access", "B") }, 0},
		{"it is accepted", "", get, func(list []rules.Finding) { archive(list, "public-access", "A") }, 0},
		{"another input", "", get, func(list []rules.Finding) {
			for i := range list {
				if list[i].Rule == "public-access" {
					list[i].Input = "other.json"
				}
			}
		}, 0},
		{"in other cases", "", get, func(list []rules.Finding) {
			for i := range list {
				if list[i].Rule == "public-access" {
					list[i].Cases = "Open is yes"
				}
			}
		}, 0},
		{"not decided", "", get, func(list []rules.Finding) {
			for i := range list {
				list[i].Undecided = list[i].Rule == "new-access"
			}
		}, 0},
	} {
		var list []rules.Finding
		for _, f := range rules.Join(rules.Merge(rules.Run(grant(t, extractors.Resource, c.before, c.after), rules.Options{}))) {
			list = append(list, f.Finding)
		}
		if c.change != nil {
			c.change(list)
		}
		rules.TellTogether(list)
		seen := false
		for _, f := range list {
			if f.Rule != "public-access" {
				if f.ToldBy != nil {
					t.Errorf("%s: %s is told by %v", c.name, f.Rule, f.ToldBy)
				}
				continue
			}
			seen = true
			if len(f.ToldBy) != c.want {
				t.Errorf("%s: told by %d, want %d", c.name, len(f.ToldBy), c.want)
			}
			for _, fingerprint := range f.ToldBy {
				if !slices.ContainsFunc(list, func(n rules.Finding) bool { return n.Rule == "new-access" && n.Fingerprint == fingerprint }) {
					t.Errorf("%s: told by %s, which is none", c.name, fingerprint)
				}
			}
		}
		if !seen {
			t.Errorf("%s: not public", c.name)
		}
	}
}

func archive(list []rules.Finding, rule, sid string) {
	for i := range list {
		if f := &list[i]; f.Rule == rule && f.Statement != nil && f.Statement.Sid == sid {
			f.Archived = &rules.Archived{Name: "test"}
		}
	}
}
