package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// amounting are the findings about statements that each of several things amounts to, or
// with one all of them, for one subject.
func amounting(t *testing.T, g extractors.Grant, one bool, statements ...string) []Found {
	t.Helper()
	s := &Sum{Subject: g.Subject, Kind: extractors.Resource, Terms: []Term{{}}}
	add := func(address, text string) {
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		each := g
		each.Address, each.Before, each.After = address, extractors.Side{Absent: true}, extractors.Side{Document: d}
		s.Terms[0].Holdings = append(s.Terms[0].Holdings, Holding{Grant: &each, After: d})
	}
	if one {
		add("List", strings.Join(statements, ","))
	} else {
		for i, text := range statements {
			add(fmt.Sprintf("Permission%d", i), text)
		}
	}
	return slices.DeleteFunc(Merge(Check(Pass{Sum: s}, Options{})), func(f Found) bool { return f.Rule != newAccess.ID })
}

// called is the permission for a service to call a function for a source.
func called(service, operator, source string) string {
	return fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": %q}, "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:*:*:function:f",
		"Condition": {%q: {"aws:SourceArn": %q}}}`, service, operator, source)
}

var permission = extractors.Grant{
	Attribute: "Principal", Type: "AWS::Lambda::Permission", Kind: extractors.Resource, ResourceType: "AWS::Lambda::Function", Action: extractors.Create,
	Does: "lets a principal call a function", Subject: extractors.Subject{Kind: "function", Name: "f", New: true},
}

// TestSourcesAreOneFinding: permissions to call a function for operations of one API are
// told at once, and nothing of them is lost.
func TestSourcesAreOneFinding(t *testing.T) {
	t.Parallel()
	const api, gateway = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/", "apigateway.amazonaws.com"
	list := []string{called(gateway, "ArnLike", api+"*/GET/orders"), called(gateway, "ArnLike", api+"*/POST/orders"), called(gateway, "ArnLike", api+"*/*/health"), called(gateway, "ArnLike", api+"authorizers/x")}
	alone := amounting(t, permission, false, list...)
	found := MergeOperations(slices.Clone(alone))
	if len(alone) != 4 || len(found) != 1 {
		t.Fatalf("%d findings became %d", len(alone), len(found))
	}
	f := found[0]
	if want := "service apigateway.amazonaws.com can now use lambda:InvokeFunction on arn:aws:lambda:*:*:function:f, if aws:SourceArn ArnLike one of 4 operations of " +
		"arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5 (POST /orders, any method /health, authorizers/x and 1 more)."; f.Message != want {
		t.Errorf("%s, want %s", f.Message, want)
	}
	if last, want := f.Details[len(f.Details)-1], "It is about: GET /orders (Permission0), POST /orders (Permission1), any method /health (Permission2), authorizers/x (Permission3)."; last != want {
		t.Errorf("%s, want %s", last, want)
	}
	if len(f.Each) != 4 || len(f.Same) != 3 || len(f.Also()) != 4 || len(f.Gained.Actions) != 1 {
		t.Errorf("each %d, same %v, also %d, %v", len(f.Each), f.Same, len(f.Also()), f.Gained.Actions)
	}
	for field, c := range map[string]struct {
		values []string
		want   bool
	}{
		"address":         {[]string{"Permission0"}, false},
		"gained.actions":  {[]string{"lambda:InvokeFunction"}, true},
		"subject.address": {[]string{"other"}, false},
	} {
		if got := (&ArchiveRule{Filter: map[string]Criterion{field: {Eq: c.values}}}).Matches(&f.Finding); got != c.want {
			t.Errorf("%s accepts it: %v", field, got)
		}
	}
	slices.Reverse(alone)
	if again := MergeOperations(alone); len(again) != 1 || again[0].Fingerprint != f.Fingerprint || again[0].Message != f.Message {
		t.Errorf("in another order: %v", again)
	}
	groups := MergeOperations(amounting(t, permission, false, called("logs.amazonaws.com", "ArnLike", "arn:aws:logs:eu-west-1:111122223333:log-group:/a/x:*"), called("logs.amazonaws.com", "ArnLike", "arn:aws:logs:eu-west-1:111122223333:log-group:/b:*")))
	if len(groups) != 1 || !strings.Contains(groups[0].Message, "one of 2 sources of arn:aws:logs:eu-west-1:111122223333:log-group (/a/x:* and /b:*).") {
		t.Errorf("%v", groups)
	}
	// What differs in more than the path is a finding of its own.
	for _, other := range []string{
		called(gateway, "ArnLike", "arn:aws:execute-api:eu-west-1:111122223333:f6g7h8i9j0/*/GET/orders"),
		called(gateway, "ArnLike", "arn:aws:execute-api:eu-west-1:444455556666:a1b2c3d4e5/*/GET/orders"),
		called(gateway, "ArnLike", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5"),
		called(gateway, "StringLike", api+"*/PUT/orders"),
		called("edge.acme.example", "ArnLike", api+"*/PUT/orders"),
		strings.Replace(called(gateway, "ArnLike", api+"*/PUT/orders"), "InvokeFunction", "GetFunction", 1),
		strings.Replace(called(gateway, "ArnLike", api+"*/PUT/orders"), `"Service"`, `"AWS": "111122223333", "Service"`, 1),
	} {
		if got := MergeOperations(amounting(t, permission, false, list[0], list[1], other)); len(got) != 2 || len(got[0].Each)+len(got[1].Each) != 2 {
			t.Errorf("%s: %d findings", other, len(got))
		}
	}
}

// TestListIsOneFinding: what a grantee has by an access control list is told at once, as
// bad as the worst of it.
func TestListIsOneFinding(t *testing.T) {
	t.Parallel()
	list := extractors.Grant{
		Attribute: "acl", Type: "aws_s3_bucket_acl", Kind: extractors.ACL, ResourceType: "AWS::S3::Bucket", Action: extractors.Create,
		Does: "sets the access control list of a bucket", Subject: extractors.Subject{Kind: "bucket", Name: "logs"},
	}
	entry := func(who, action, resource string) string {
		return fmt.Sprintf(`{"Effect": "Allow", "Principal": %s, "Action": %q, "Resource": "arn:aws:s3:::logs%s"}`, who, action, resource)
	}
	const delivery = `{"Service": "logging.s3.amazonaws.com"}`
	found := MergeOperations(amounting(t, list, true, entry(delivery, "s3:GetBucketAcl", ""), entry(delivery, "s3:PutObject", "/*"), entry(`{"AWS": "111122223333"}`, "s3:ListBucket", "")))
	if len(found) != 2 {
		t.Fatalf("%d findings", len(found))
	}
	f := found[slices.IndexFunc(found, func(f Found) bool { return len(f.Each) > 0 })]
	if want := "service logging.s3.amazonaws.com can now use s3:PutObject and s3:GetBucketAcl on bucket logs."; f.Message != want {
		t.Errorf("%s, want %s", f.Message, want)
	}
	if want := "It is about: s3:PutObject on arn:aws:s3:::logs/*, s3:GetBucketAcl on arn:aws:s3:::logs."; f.Details[len(f.Details)-1] != want {
		t.Errorf("%s, want %s", f.Details[len(f.Details)-1], want)
	}
	if f.Level != Warning || len(f.Each) != 2 || len(f.Parts) != 2 || len(f.Gained.Actions) != 2 {
		t.Errorf("%s, each %d, parts %d, %v", f.Level, len(f.Each), len(f.Parts), f.Gained.Actions)
	}
	if (&ArchiveRule{Filter: map[string]Criterion{"gained.actions": {Eq: []string{"s3:GetBucketAcl"}}}}).Matches(&f.Finding) {
		t.Error("what is about one entry accepts all")
	}
}
