package report_test

import (
	"encoding/json"
	"strings"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// fresh allocates what a field points to, whatever its type.
func fresh[T any](p **T) *T {
	*p = new(T)
	return *p
}

// The kinds of principals of a witness, in the order of their declaration.
const (
	principalAll = iota + 1
	principalAWS
	principalFederated
	principalService
	principalCanonical
)

func catalogue() []rules.Rule {
	return []rules.Rule{
		{ID: "new-access", Title: "The change allows requests that were not allowed before", Doc: rules.Doc{
			Text:    "After the change at least one request is allowed that was not allowed before it. The finding names the statement and proves it with a request.",
			Before:  "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*\"}\n",
			After:   "{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::b/*\"}\n",
			Fix:     "Narrow the statement to the actions and resources that are needed, or accept the finding with a reason.",
			Sources: []string{"IAM User Guide, \"Policy evaluation logic\""},
		}},
		{ID: "unresolved-policy", Title: "A policy is not known before apply", Doc: rules.Doc{
			Text: "The text of the policy depends on values that are only known after apply.",
		}},
		{ID: "invalid-policy", Title: "A policy cannot be read"},
	}
}

func options() report.Options {
	return report.Options{Rules: catalogue(), BaseDir: "/home/ci/repo"}
}

// empty is a scan that compared policies and found nothing.
func empty() *rules.Result {
	return &rules.Result{
		Schema:  rules.Schema,
		Tool:    rules.Tool{Name: "grantdiff", Version: "1.2.3"},
		Inputs:  []rules.Input{{Path: "plan.json", Kind: "terraform-plan", Policies: 3, Subjects: 2}},
		Summary: rules.Summary{Policies: 3, Subjects: 2, Compared: 3},
	}
}

// rich has every field.
func rich() *rules.Result {
	deploy := rules.Subject{Kind: "role", Address: "module.ci.aws_iam_role.deploy", Name: "deploy"}
	pass := rules.Finding{
		Rule: "new-access", Level: rules.Error, Severity: 8.8, Fingerprint: "5f0c2a7e91b34d60", Input: "plan.json",
		Address: `module.ci.aws_iam_role_policy.deploy["eu"]`, Attribute: "policy", Action: "update",
		Subject:   deploy,
		Location:  rules.Location{Path: "modules/ci/main.tf", StartLine: 41, StartColumn: 7, EndLine: 41, EndColumn: 30},
		Callers:   []rules.Location{{Path: "main.tf", StartLine: 3}, {Path: "stacks/eu/main.tf", StartLine: 12}},
		Sources:   []rules.Source{{Address: "aws_iam_role_policy_attachment.deploy", Attribute: "policy_arn"}},
		Statement: &rules.Statement{Index: 1, Sid: "AllowPass"},
		Message:   "The role deploy can now pass every role of the account to a service",
		Details:   []string{"iam:PassRole lets the holder act with the permissions of the role that is passed."},
		Gained: &rules.Gained{
			Actions:     []string{"iam:PassRole", "lambda:CreateFunction"},
			Resources:   []string{"arn:aws:iam::*:role/*"},
			Conditions:  []string{"no longer requires aws:SourceIp"},
			Description: "iam:PassRole and lambda:CreateFunction on arn:aws:iam::*:role/*, now also without aws:SourceIp IpAddress 10.0.0.0/8; 2 known actions, all write, such as iam:PassRole",
			Exact:       true,
			Known:       &rules.KnownActions{Total: 2, Write: 2},
		},
		Unknowns: []string{"aws_s3_bucket.logs.arn"},
	}
	w := fresh(&pass.Witness)
	w.Action, w.Resource = "iam:PassRole", "arn:aws:iam::111122223333:role/admin"
	w.Context = map[string][]string{
		"iam:PassedToService": {"lambda.amazonaws.com"},
		"aws:SourceIp":        {"203.0.113.7"},
	}

	bucket := rules.Finding{
		Rule: "new-access", Level: rules.Warning, Severity: 6.1, Fingerprint: "c2b1d3e4f5a60718",
		Address: "aws_s3_bucket_policy.site", Attribute: "policy", Action: "create",
		Subject:  rules.Subject{Kind: "bucket", Address: "aws_s3_bucket.site", Name: "example-site"},
		Location: rules.Location{Path: "site.tf", StartLine: 8, StartColumn: 1, EndLine: 20, EndColumn: 2},
		Message:  "Everyone can now read the objects of the bucket example-site.",
		Gained: &rules.Gained{
			Actions:    []string{"s3:GetObject"},
			Resources:  []string{"arn:aws:s3:::example-site/*"},
			Principals: []string{"*"},
		},
	}
	w = fresh(&bucket.Witness)
	w.Principal.Type = principalAll
	w.Action, w.Resource = "s3:GetObject", "arn:aws:s3:::example-site/index.html"

	forbidden := rules.Finding{
		Rule: "forbidden-access", Level: rules.Note, Severity: 2, Fingerprint: "0badcafe0badcafe",
		Address: "aws_kms_key.data", Attribute: "policy", Action: "update",
		Subject:  rules.Subject{Kind: "key", Address: "aws_kms_key.data"},
		Location: rules.Location{Path: "plan.json"},
		Message:  "The key can be used by a service that the configuration forbids.",
		Gained:   &rules.Gained{Actions: []string{"all but kms:Delete*"}, Principals: []string{"Service ec2.amazonaws.com"}},
	}
	w = fresh(&forbidden.Witness)
	w.Principal.Type, w.Principal.ID = principalService, "ec2.amazonaws.com"
	w.Action, w.Resource = "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1234"

	unresolved := rules.Finding{
		Rule: "unresolved-policy", Level: rules.Warning, Severity: 4, Fingerprint: "77aa77aa77aa77aa",
		Address: "aws_iam_role_policy.reader", Attribute: "policy", Action: "create",
		Subject:  rules.Subject{Kind: "role", Address: "aws_iam_role.reader", Name: "reader"},
		Location: rules.Location{Path: "main.tf", StartLine: 60, StartColumn: 1, EndLine: 66, EndColumn: 2},
		Message:  "What this policy allows is not known before apply.",
		Details:  []string{"The plan does not hold the text of the policy, because module.store.bucket_arn is only known after apply."},
		Unknowns: []string{"module.store.bucket_arn"},
	}
	archived := rules.Finding{
		Rule: "public-access", Level: rules.Error, Severity: 9.3, Fingerprint: "1111222233334444",
		Address: "aws_s3_bucket_policy.website", Attribute: "policy", Action: "update",
		Subject:  rules.Subject{Kind: "bucket", Address: "aws_s3_bucket.website", Name: "www"},
		Location: rules.Location{Path: "site.tf", StartLine: 31, StartColumn: 3, EndLine: 31, EndColumn: 20},
		Message:  "The bucket www is public.", Sensitive: true,
		Archived: &rules.Archived{Name: "public-website", Reason: "static site, reviewed by security", Expires: "2027-06-30"},
	}
	return &rules.Result{
		Schema: rules.Schema,
		Tool:   rules.Tool{Name: "grantdiff", Version: "1.2.3"},
		Inputs: []rules.Input{
			{Path: "plan.json", Kind: "terraform-plan", Policies: 12, Subjects: 8},
			{Path: "stack.template.yaml", Kind: "cloudformation-template", Policies: 1, Subjects: 1},
		},
		Findings: []rules.Finding{forbidden, bucket, archived, unresolved, pass},
		Documents: []rules.Document{
			{
				Input: "plan.json", Address: pass.Address, Attribute: pass.Attribute,
				Before: side(`{"Version":"2012-10-17","Statement":[{"Sid":"Logs","Effect":"Allow","Action":["logs:PutLogEvents"],"Resource":["*"]},{"Sid":"AllowPass","Effect":"Allow","Action":["iam:PassRole"],"Resource":["arn:aws:iam::*:role/tasks/*"],"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}]}`),
				After:  side(`{"Version":"2012-10-17","Statement":[{"Sid":"Logs","Effect":"Allow","Action":["logs:PutLogEvents"],"Resource":["*"]},{"Sid":"AllowPass","Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction"],"Resource":["arn:aws:iam::*:role/*"]}]}`),
			},
			{
				Address: bucket.Address, Attribute: bucket.Attribute,
				Before: rules.DocumentSide{Omitted: rules.OmittedAbsent},
				After:  side(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::example-site/*"]}]}`),
			},
			{Address: unresolved.Address, Attribute: unresolved.Attribute, Before: rules.DocumentSide{Omitted: rules.OmittedAbsent}, After: rules.DocumentSide{Omitted: rules.OmittedUnknown}},
		},
		Unresolved: []rules.Unresolved{
			{Address: "aws_iam_role_policy.reader", Attribute: "policy", Reason: "known after apply", References: []string{"module.store.bucket_arn"}},
			{Address: "aws_sqs_queue_policy.jobs", Attribute: "policy", Reason: "The ARN of the queue is only known after apply.", References: []string{"aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs"}},
		},
		Diagnostics: []rules.Diagnostic{
			{Severity: "warning", Summary: "source not found", Detail: "Module module.store comes from a registry, so that its findings stand at the call. Run terraform init before the scan for lines of the module.", Location: rules.Location{Path: "main.tf", StartLine: 14, StartColumn: 1, EndLine: 14, EndColumn: 15}},
			{Severity: "error", Summary: "resource change 7 could not be read: expected an object", Location: rules.Location{Path: "plan.json"}},
		},
		Summary: rules.Summary{Policies: 13, Subjects: 9, Compared: 11, Errors: 1, Warnings: 2, Notes: 1, Unresolved: 2, Archived: 1, Undecided: 2},
	}
}

// side is a side of a document with a policy.
func side(text string) rules.DocumentSide { return rules.DocumentSide{Policy: []byte(text)} }

// attacks are texts that mean something to one of the sinks.
var attacks = []string{
	"::error::x", "\n::error file=a::forged", "\r\n::set-output name=result::pass", "::stop-commands::x",
	"##[error]x", "a ##[add-mask]x", "%0A::error::x", "3 failures", `{"failures": ["x"]}`, "FAIL - x",
	"a | b", `a \| b`, "<script>alert(1)</script>", "</code></td><img src=x onerror=alert(1)>", "<!-- x",
	"\x1b[31mred\x1b[0m", "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\u009b31m", "\u202egnp.exe", "a\u200bb\u2060c\ufeffd",
	"nul\x00nul", "broken\xff\xfeutf8", "tab\there", "line\nline", "\u2028\u2029", "\U000e0041tag",
	"[click](https://evil.example)", "![x](https://evil.example/p.png)", "`` ` ``` ````", "`", "``code``", "```\nblock\n```",
	"@octocat please", "fixes #123 and GH-7", "https://evil.example www.evil.example", "$`x`$ $$y$$ ${aws:username}",
	"# heading", "- item", "1. item", "> quote", "---", "*bold* _it_ ~~no~~", "&lt;b&gt; &#124;",
	"_GitHubActionsFileCommandDelimeter_", strings.Repeat("long ", 250), strings.Repeat("\x00", 100), strings.Repeat("`", 300),
	"../../etc/passwd", "/etc/passwd", `C:\Windows\win.ini`, "git::https://evil.example/x.git//m", "a b/c:d?e#f%41", "..", "",
}

// hostile has an attack in every text.
func hostile() *rules.Result {
	r := &rules.Result{Schema: rules.Schema, Tool: rules.Tool{Name: "grantdiff", Version: "1.2.3"}}
	for i, a := range attacks {
		f := hostileFinding(a)
		f.Level = rules.Level(1 + i%3)
		if i%7 == 6 {
			f.Archived = &rules.Archived{Name: a, Reason: a, Expires: a}
		}
		r.Findings = append(r.Findings, f)
		r.Documents = append(r.Documents, hostileDocument(a))
		r.Inputs = append(r.Inputs, rules.Input{Path: a, Kind: a, Policies: 1, Subjects: 1})
		r.Unresolved = append(r.Unresolved, rules.Unresolved{Address: a, Attribute: a, Reason: a, References: []string{a, a}})
		r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{Severity: "warning", Summary: a, Detail: a, Location: rules.Location{Path: a, StartLine: 1}})
	}
	r.Summary = rules.Summary{Policies: len(attacks), Subjects: len(attacks), Compared: len(attacks)}
	return r
}

func hostileFinding(a string) rules.Finding {
	f := rules.Finding{
		Rule: "new-access", Level: rules.Warning, Severity: 5, Fingerprint: a, Input: a, Address: a, Attribute: a, Action: a,
		Subject:   rules.Subject{Kind: a, Address: a, Name: a},
		Location:  rules.Location{Path: a, StartLine: 2, StartColumn: 3, EndLine: 2, EndColumn: 9},
		Callers:   []rules.Location{{Path: a, StartLine: 4}},
		Sources:   []rules.Source{{Address: a, Attribute: a}},
		Statement: &rules.Statement{Index: 0, Sid: a},
		Message:   a, Details: []string{a},
		Gained:   &rules.Gained{Actions: []string{a}, Resources: []string{a, a}, Principals: []string{a}, Conditions: []string{a}, Description: a},
		Unknowns: []string{a},
	}
	w := fresh(&f.Witness)
	w.Principal.Type, w.Principal.ID = principalAWS, a
	w.Action, w.Resource = a, a
	w.Context = map[string][]string{"aws:x" + a: {a, a}}
	return f
}

// hostileDocument has the attack as the values and the names of both sides, in places
// where policies have them and in others.
func hostileDocument(a string) rules.Document {
	text := func(v any) rules.DocumentSide {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return rules.DocumentSide{Policy: b}
	}
	statement := map[string]any{"Sid": a, "Effect": a, "Action": []string{a, a}, "Resource": a, "Condition": map[string]any{a: map[string]any{a: a}}, a: a}
	return rules.Document{
		Input: a, Address: a, Attribute: a,
		Before: text(map[string]any{"Version": a, "Statement": []any{a, statement}, a: []any{a}}),
		After:  text(map[string]any{"Statement": []any{statement}}),
	}
}
