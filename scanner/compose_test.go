package scanner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

const (
	get             = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
	put             = `{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}`
	iam             = `{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}`
	denyPut         = `{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}`
	denyPutOfAll    = `{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}`
	anyone          = `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
	denyGetFromAfar = `{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-12345678"}}}`
	unknown         = `{"Effect": "Allow", "Principal": {"AWS": "unknown:var.who"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
	partner         = `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
)

// world builds an extraction by hand. Documents are shared by text, as extractors do.
type world struct {
	t    *testing.T
	x    extractors.Extraction
	docs map[string]*policy.Document
}

func (w *world) side(kind extractors.Kind, text string) extractors.Side {
	switch text {
	case "":
		return extractors.Side{Absent: true}
	case "?":
		return extractors.Side{Unknown: &extractors.Unknown{Reason: "The policy text is not known before the change is applied."}}
	}
	key := string(kind) + text
	if w.docs[key] == nil {
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), policy.ParseOptions{Kind: kind.PolicyKind()})
		if ds.HasErrors() {
			w.t.Fatal(ds)
		}
		w.docs[key] = d
	}
	return extractors.Side{Document: w.docs[key]}
}

// subject reads "kind name", with + for new and - for gone behind it.
func subjectFor(text string) extractors.Subject {
	kind, name, _ := strings.Cut(strings.TrimRight(text, "+-"), " ")
	return extractors.Subject{Kind: kind, Name: name, Address: "aws_" + kind + "." + name,
		New: strings.HasSuffix(text, "+"), Gone: strings.HasSuffix(text, "-")}
}

// grant adds a document of a subject.
func (w *world) grant(kind extractors.Kind, subject, address, before, after string) *extractors.Grant {
	g := extractors.Grant{
		Address: address, Attribute: "policy", Type: "aws_x", Kind: kind, Action: extractors.Update, Account: "111122223333",
		Subject: subjectFor(subject), Before: w.side(kind, before), After: w.side(kind, after),
	}
	switch {
	case before == after:
		g.Action = extractors.NoOp
	case before == "":
		g.Action = extractors.Create
	case after == "":
		g.Action = extractors.Delete
	}
	w.x.Grants = append(w.x.Grants, g)
	return &w.x.Grants[len(w.x.Grants)-1]
}

// policy adds a managed policy.
func (w *world) policy(name, before, after string) *extractors.Grant {
	return w.grant(extractors.Identity, "policy "+name, "aws_policy."+name, before, after)
}

// link adds a link; targets are "kind name" or an ARN.
func (w *world) link(kind extractors.LinkKind, from, address string, before, after []string) {
	targets := func(list []string) []extractors.Target {
		var out []extractors.Target
		for _, text := range list {
			k, name, ok := strings.Cut(text, " ")
			if !ok {
				out = append(out, extractors.Target{Kind: "policy", Name: text})
				continue
			}
			out = append(out, extractors.Target{Kind: k, Address: "aws_" + k + "." + name, Name: name})
		}
		return out
	}
	l := extractors.Link{Address: address, Attribute: "policy_arn", Kind: kind, Action: extractors.Update, From: subjectFor(from), Before: targets(before), After: targets(after)}
	switch {
	case slices.Equal(before, after):
		l.Action = extractors.NoOp
	case len(before) == 0:
		l.Action = extractors.Create
	case len(after) == 0:
		l.Action = extractors.Delete
	}
	w.x.Links = append(w.x.Links, l)
}

func (w *world) block(subject, address string, before, after []string) {
	b := extractors.Block{Address: address, Attribute: "restrict_public_buckets", Action: extractors.Update, Subject: subjectFor(subject),
		Account: "111122223333", Does: "blocks public access to a bucket", Before: before, After: after}
	switch {
	case slices.Equal(before, after):
		b.Action = extractors.NoOp
	case before == nil:
		b.Action = extractors.Create
	case after == nil:
		b.Action = extractors.Delete
	}
	w.x.Blocks = append(w.x.Blocks, b)
}

// findings runs the rules and writes each finding in a line.
func (w *world) findings() []string {
	found, err := judge(context.Background(), &w.x, rules.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		line := fmt.Sprintf("%s %s %s: %s", f.Level, f.Rule, f.Address, f.Message)
		if len(f.Sources) > 0 {
			var list []string
			for _, s := range f.Sources {
				list = append(list, s.Address)
			}
			line += " [" + strings.Join(list, " ") + "]"
		}
		out = append(out, line)
	}
	return out
}

func list(items ...string) []string { return items }

func TestSums(t *testing.T) {
	t.Parallel()
	const allows = " now allows s3:PutObject on arn:aws:s3:::logs/*."
	admin := "arn:aws:iam::aws:policy/AdministratorAccess"
	for _, c := range []struct {
		name  string
		build func(w *world)
		want  []string
	}{
		{"a statement moves from an inline to a managed policy", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", put, "")
			w.policy("p", "", put)
			w.link(extractors.Attached, "role app", "aws_attach.a", nil, list("policy p"))
		}, list()},
		{"and one comes with it", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", get, "")
			w.policy("p", "", get+","+put)
			w.link(extractors.Attached, "role app", "aws_attach.a", nil, list("policy p"))
		}, list("warning new-access aws_policy.p: role app" + allows + " [aws_attach.a]")},
		{"a document is split", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", get+","+put, get)
			w.grant(extractors.Identity, "role app", "aws_inline.b", "", put)
		}, list()},
		{"an existing policy is attached to another role", func(w *world) {
			w.policy("p", put, put)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
			w.link(extractors.Attached, "role two", "aws_attach.b", nil, list("policy p"))
		}, list("warning new-access aws_policy.p: role two" + allows + " [aws_attach.b]")},
		{"a policy of AWS is attached", func(w *world) {
			w.link(extractors.Attached, "role app", "aws_attach.a", nil, list(admin))
		}, list("error new-access " + admin + ": role app now has policy AdministratorAccess, which allows every action on every resource. [aws_attach.a]")},
		{"a policy that the plan does not show is attached", func(w *world) {
			w.link(extractors.Attached, "role app", "aws_attach.a", nil, list("arn:aws:iam::111122223333:policy/legacy"))
		}, list("warning unresolved-policy aws_attach.a: role app: it gets the policy arn:aws:iam::111122223333:policy/legacy, whose text the input does not show.")},
		{"one that the plan does not show stays", func(w *world) {
			w.link(extractors.Attached, "role app", "aws_attach.a", list("arn:aws:iam::111122223333:policy/legacy"), list("arn:aws:iam::111122223333:policy/legacy"))
		}, list()},
		{"one that the plan does not show goes", func(w *world) {
			w.link(extractors.Attached, "role app", "aws_attach.a", list("arn:aws:iam::111122223333:policy/legacy"), nil)
		}, list("warning unresolved-policy aws_attach.a: role app: it loses the policy arn:aws:iam::111122223333:policy/legacy, whose text the input does not show; what that denied is not denied any more.")},
		{"a Deny is detached", func(w *world) {
			w.policy("guard", denyPut, denyPut)
			w.link(extractors.Attached, "user ann", "aws_attach.a", list("policy guard"), nil)
		}, list("error guardrail-removed aws_policy.guard: user ann no longer has policy guard, and with it Deny statement 0, which held back s3:PutObject on every resource. [aws_attach.a]")},
		{"and held back what another policy allows", func(w *world) {
			w.policy("guard", denyPut, denyPut)
			w.grant(extractors.Identity, "user ann", "aws_inline.a", put, put)
			w.link(extractors.Attached, "user ann", "aws_attach.a", list("policy guard"), nil)
		}, list("error new-access aws_inline.a: user ann now allows s3:PutObject on arn:aws:s3:::logs/*; no longer denied by statement 0. [aws_attach.a aws_policy.guard]")},
		{"a Deny moves", func(w *world) {
			w.policy("guard", denyPut, "")
			w.grant(extractors.Identity, "user ann", "aws_inline.a", put, put+","+denyPut)
			w.link(extractors.Attached, "user ann", "aws_attach.a", list("policy guard"), nil)
		}, list()},
		{"a policy that two roles have gets wider", func(w *world) {
			w.policy("p", get, get+","+put)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
			w.link(extractors.Attached, "role two", "aws_attach.b", list("policy p"), list("policy p"))
		}, list("warning new-access aws_policy.p: policy p, which role one and role two have, now allows s3:PutObject on arn:aws:s3:::logs/*. [aws_attach.a aws_attach.b]")},
		{"one of them could do that already", func(w *world) {
			w.policy("p", get, get+","+put)
			w.grant(extractors.Identity, "role one", "aws_inline.a", put, put)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
			w.link(extractors.Attached, "role two", "aws_attach.b", list("policy p"), list("policy p"))
		}, list("warning new-access aws_policy.p: role two" + allows + " [aws_attach.b]")},
		{"all could, but others outside of the plan may have the policy", func(w *world) {
			w.policy("p", get, get+","+put)
			w.grant(extractors.Identity, "role one", "aws_inline.a", put, put)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
		}, list("note new-access aws_policy.p: policy p" + allows)},
		{"and AWS says that there are none", func(w *world) {
			one := 1
			w.policy("p", get, get+","+put).Attachments = &one
			w.grant(extractors.Identity, "role one", "aws_inline.a", put, put)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
		}, list()},
		{"a Deny leaves a policy, and who has it has the same Deny elsewhere", func(w *world) {
			w.policy("p", get+","+denyPut, get)
			w.grant(extractors.Identity, "role one", "aws_inline.a", denyPut, denyPut)
			w.link(extractors.Attached, "role one", "aws_attach.a", list("policy p"), list("policy p"))
		}, list("note guardrail-removed aws_policy.p: policy p: Deny statement 1 is gone; it held back s3:PutObject on every resource.")},
		{"nobody of the plan has the policy", func(w *world) {
			w.policy("p", get, get+","+put)
		}, list("warning new-access aws_policy.p: policy p" + allows)},
		{"a boundary goes", func(w *world) {
			w.policy("b", get, get)
			w.grant(extractors.Identity, "role app", "aws_inline.a", put, put)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("policy b"), nil)
		}, list("warning new-access aws_inline.a: role app"+allows+" [aws_role.app]",
			"error guardrail-removed aws_role.app: role app: its permissions boundary is gone, which held back all that it did not allow. [aws_role.app]")},
		{"a boundary gets wider", func(w *world) {
			w.policy("b", get, get+","+put)
			w.grant(extractors.Identity, "role app", "aws_inline.a", put, put)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("policy b"), list("policy b"))
		}, list("warning new-access aws_inline.a: role app"+allows+" [aws_role.app aws_policy.b]",
			"error guardrail-removed aws_role.app: role app: its permissions boundary lets more through: s3:PutObject on arn:aws:s3:::logs/*. [aws_role.app aws_policy.b]")},
		{"within a boundary nothing is gained", func(w *world) {
			w.policy("b", get, get)
			w.grant(extractors.Identity, "role app", "aws_inline.a", get, get+","+iam)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("policy b"), list("policy b"))
		}, list()},
		{"a boundary comes", func(w *world) {
			w.policy("b", get, get)
			w.grant(extractors.Identity, "role app", "aws_inline.a", put, put)
			w.link(extractors.Bounded, "role app", "aws_role.app", nil, list("policy b"))
		}, list()},
		{"a boundary that is not known stays, and more is given", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", get, get+","+put)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("arn:aws:iam::1:policy/b"), list("arn:aws:iam::1:policy/b"))
		}, list("warning new-access aws_inline.a: role app" + allows)},
		{"a boundary that is not known goes", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", get, get)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("arn:aws:iam::1:policy/b"), nil)
		}, list("warning unresolved-policy aws_role.app: role app: its permissions boundary was arn:aws:iam::1:policy/b, whose text the input does not show, so what it held back is not known.")},
		{"a known boundary becomes one that is not known", func(w *world) {
			w.policy("b", get, get)
			w.grant(extractors.Identity, "role app", "aws_inline.a", put, put)
			w.link(extractors.Bounded, "role app", "aws_role.app", list("policy b"), list("arn:aws:iam::1:policy/b"))
		}, list("warning unresolved-policy aws_role.app: role app: its permissions boundary becomes arn:aws:iam::1:policy/b, whose text the input does not show.")},
		{"a user joins a group", func(w *world) {
			w.grant(extractors.Identity, "group ops", "aws_inline.g", put, put)
			w.link(extractors.Member, "user ann", "aws_member.a", nil, list("group ops"))
		}, list("warning new-access aws_inline.g: user ann" + allows + " [aws_member.a]")},
		{"a user joins a group that has an attached policy", func(w *world) {
			w.link(extractors.Attached, "group ops", "aws_attach.g", list(admin), list(admin))
			w.link(extractors.Member, "user ann", "aws_member.a", nil, list("group ops"))
		}, list("error new-access " + admin + ": user ann now allows every action on every resource. [aws_member.a aws_attach.g]")},
		{"a user changes to a group with the same access", func(w *world) {
			w.grant(extractors.Identity, "group ops", "aws_inline.g", put, put)
			w.grant(extractors.Identity, "group dev", "aws_inline.d", get+","+put, get+","+put)
			w.link(extractors.Member, "user ann", "aws_member.a", list("group dev"), list("group ops"))
		}, list()},
		{"a group of several users gets more", func(w *world) {
			w.grant(extractors.Identity, "group ops", "aws_inline.g", get, put)
			w.link(extractors.Member, "user ann", "aws_member.a", list("group ops"), list("group ops"))
			w.link(extractors.Member, "user bob", "aws_member.b", list("group ops"), list("group ops"))
		}, list("warning new-access aws_inline.g: group ops" + allows)},
		{"a user joins a group that acts as something", func(w *world) {
			w.link(extractors.Attached, "set admin", "aws_attach.s", list(admin), list(admin))
			w.link(extractors.Acts, "group ops", "aws_assignment.o", list("set admin"), list("set admin"))
			w.link(extractors.Member, "user ann", "aws_member.a", nil, list("group ops"))
		}, list("error new-access " + admin + ": user ann now allows every action on every resource. [aws_member.a aws_assignment.o aws_attach.s]")},
		{"a group gets more, and its member loses a Deny of its own", func(w *world) {
			w.grant(extractors.Identity, "group ops", "aws_inline.g", get, get+","+put)
			w.grant(extractors.Identity, "user ann", "aws_inline.a", denyPut, "")
			w.link(extractors.Member, "user ann", "aws_member.a", list("group ops"), list("group ops"))
		}, list("warning new-access aws_inline.g: group ops"+allows,
			"error new-access aws_inline.g: user ann now allows s3:PutObject on arn:aws:s3:::logs/*; no longer denied by statement 0. [aws_member.a aws_inline.a]")},
		{"another role behind a function", func(w *world) {
			w.grant(extractors.Identity, "role web", "aws_inline.w", get, get)
			w.grant(extractors.Identity, "role big", "aws_inline.b", put, put)
			w.link(extractors.Acts, "function hook", "aws_function.hook", list("role web"), list("role big"))
		}, list("warning new-access aws_inline.b: function hook acting as role big" + allows + " [aws_function.hook]")},
		{"a function with a role that comes with it", func(w *world) {
			w.grant(extractors.Identity, "role web+", "aws_inline.w", "", put)
			w.link(extractors.Acts, "function hook+", "aws_function.hook", nil, list("role web"))
		}, list("note new-access aws_inline.w: role web" + allows)},
		{"a role within a boundary behind a function", func(w *world) {
			w.policy("b", get, get)
			w.grant(extractors.Identity, "role web", "aws_inline.w", put, put)
			w.link(extractors.Bounded, "role web", "aws_role.web", list("policy b"), list("policy b"))
			w.link(extractors.Acts, "function hook", "aws_function.hook", nil, list("role web"))
		}, list()},
		{"a role that the plan does not show behind a function", func(w *world) {
			w.link(extractors.Acts, "function hook", "aws_function.hook", nil, list("role other"))
		}, list("note unresolved-policy aws_function.hook: function hook: it now acts as other, whose policies the input does not show.")},
		{"a session policy limits what a user gets of a role", func(w *world) {
			w.grant(extractors.Identity, "role files", "aws_inline.f", get+","+put, get+","+put)
			w.grant(extractors.Session, "transfer ann", "aws_transfer.ann", "", get)
			w.link(extractors.Acts, "transfer ann", "aws_transfer.ann", nil, list("role files"))
		}, list("warning new-access aws_inline.f: transfer ann acting as role files now allows s3:GetObject on arn:aws:s3:::logs/*. [aws_transfer.ann]")},
		{"a session policy gets wider", func(w *world) {
			w.grant(extractors.Identity, "role files", "aws_inline.f", get+","+put, get+","+put)
			w.grant(extractors.Session, "transfer ann", "aws_transfer.ann", get, get+","+put)
			w.link(extractors.Acts, "transfer ann", "aws_transfer.ann", list("role files"), list("role files"))
		}, list("warning new-access aws_inline.f: transfer ann acting as role files"+allows+" [aws_transfer.ann aws_transfer.ann]",
			"error guardrail-removed aws_transfer.ann: transfer ann lets more through: s3:PutObject on arn:aws:s3:::logs/* (statement 1).")},
		{"roles in a circle", func(w *world) {
			w.link(extractors.Acts, "role a", "aws_x.a", nil, list("role b"))
			w.link(extractors.Acts, "role b", "aws_x.b", nil, list("role a"))
		}, list()},
		{"a role is renamed without a moved block", func(w *world) {
			w.grant(extractors.Identity, "role app-", "aws_inline.a", put, "")
			w.grant(extractors.Identity, "role app+", "aws_inline.b", "", put)
			w.x.Grants[0].Subject.Address = "aws_role.old"
		}, list()},
		{"in another account that is no rename", func(w *world) {
			w.grant(extractors.Identity, "role app-", "aws_inline.a", put, "")
			w.grant(extractors.Identity, "role app+", "aws_inline.b", "", put).Account = "444455556666"
			w.x.Grants[0].Subject.Address = "aws_role.old"
		}, list("note new-access aws_inline.b: role app" + allows)},
		{"an SCP is detached", func(w *world) {
			w.grant(extractors.SCP, "policy guard", "aws_policy.guard", denyPut, denyPut)
			w.link(extractors.Guarded, "unit dev", "aws_attach.a", list("policy guard"), nil)
		}, list("error guardrail-removed aws_policy.guard: unit dev no longer has policy guard, and with it Deny statement 0, which held back s3:PutObject on every resource. [aws_attach.a]")},
		{"a wider SCP is attached beside", func(w *world) {
			w.grant(extractors.SCP, "policy narrow", "aws_policy.narrow", get, get)
			w.grant(extractors.SCP, "policy wide", "aws_policy.wide", put, put)
			w.link(extractors.Guarded, "unit dev", "aws_attach.a", list("policy narrow"), list("policy narrow"))
			w.link(extractors.Guarded, "unit dev", "aws_attach.b", nil, list("policy wide"))
		}, list("error guardrail-removed aws_policy.wide: unit dev lets more through: s3:PutObject on arn:aws:s3:::logs/* (statement 0). [aws_attach.b]")},
		{"an SCP is attached where the input shows none", func(w *world) {
			w.grant(extractors.SCP, "policy wide", "aws_policy.wide", put, put)
			w.link(extractors.Guarded, "unit dev", "aws_attach.b", nil, list("policy wide"))
		}, list("note unresolved-policy aws_attach.b: unit dev: it gets a service control policy that allows, and the input shows none that was attached before; more than one policy of a level allow more together.")},
		{"an SCP is detached and an RCP holds the same back", func(w *world) {
			w.grant(extractors.SCP, "policy guard", "aws_policy.guard", denyPut, denyPut)
			w.grant(extractors.RCP, "policy rcp", "aws_policy.rcp", denyPutOfAll, denyPutOfAll)
			w.link(extractors.Guarded, "unit dev", "aws_attach.a", list("policy guard"), nil)
			w.link(extractors.Guarded, "unit dev", "aws_attach.b", nil, list("policy rcp"))
		}, list("error guardrail-removed aws_policy.guard: unit dev no longer has policy guard, and with it Deny statement 0, which held back s3:PutObject on every resource. [aws_attach.a]")},
		{"a member gains what its boundary held back, beside what its group gains", func(w *world) {
			w.policy("bound", get, get+","+put)
			w.grant(extractors.Identity, "group devs", "aws_inline.g", get+","+put, get+","+strings.Replace(put, `"s3:PutObject"`, `["s3:PutObject", "s3:DeleteObject"]`, 1))
			w.link(extractors.Member, "user ann", "aws_member.a", list("group devs"), list("group devs"))
			w.link(extractors.Bounded, "user ann", "aws_user.ann", list("policy bound"), list("policy bound"))
		}, list("warning new-access aws_inline.g: group devs now allows s3:DeleteObject on arn:aws:s3:::logs/*.",
			"warning new-access aws_inline.g: user ann"+allows+" [aws_member.a aws_user.ann aws_policy.bound]",
			"error guardrail-removed aws_user.ann: user ann: its permissions boundary lets more through: s3:PutObject on arn:aws:s3:::logs/*. [aws_user.ann aws_policy.bound]")},
		{"a member gains what a Deny of another group held back", func(w *world) {
			w.grant(extractors.Identity, "group devs", "aws_inline.g", put, strings.Replace(put, `"s3:PutObject"`, `["s3:PutObject", "s3:DeleteObject"]`, 1))
			w.grant(extractors.Identity, "group held", "aws_inline.d", denyPut, "")
			w.link(extractors.Member, "user ann", "aws_member.a", list("group devs", "group held"), list("group devs", "group held"))
		}, list("warning new-access aws_inline.g: group devs now allows s3:DeleteObject on arn:aws:s3:::logs/*.",
			"error guardrail-removed aws_inline.d: group held: the policy is deleted, and with it Deny statement 0, which held back s3:PutObject on every resource.",
			"warning new-access aws_inline.g: user ann now allows s3:PutObject and s3:DeleteObject on arn:aws:s3:::logs/*. [aws_member.a]")},
		{"a managed policy gives more to principals elsewhere than to one with a boundary", func(w *world) {
			w.policy("bound", put, put)
			count := 3
			w.policy("shared", get, get+","+put+","+iam).Attachments = &count
			w.link(extractors.Attached, "role app", "aws_attach.a", list("policy shared"), list("policy shared"))
			w.link(extractors.Bounded, "role app", "aws_role.app", list("policy bound"), list("policy bound"))
		}, list("warning new-access aws_policy.shared: role app"+allows+" [aws_attach.a]",
			"note new-access aws_policy.shared: policy shared now allows iam:* on every resource.")},
		{"an unknown policy beside a known one that does not change", func(w *world) {
			w.grant(extractors.Identity, "role app", "aws_inline.a", put+","+denyPut, "?")
			w.grant(extractors.Identity, "role app", "aws_inline.b", put, put)
		}, list("warning unresolved-policy aws_inline.a: role app: the policy text is not known before the change is applied.")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, docs: map[string]*policy.Document{}}
			w.x.Grants = make([]extractors.Grant, 0, 10)
			c.build(w)
			if d := cmp.Diff(c.want, w.findings()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestDirectAccess: an account that is named leaves it to policies in it who has access; a
// role that is named needs none.
func TestDirectAccess(t *testing.T) {
	t.Parallel()
	to := func(who, action string) string {
		return `{"Effect": "Allow", "Principal": {"AWS": "` + who + `"}, "Action": "` + action + `", "Resource": "*"}`
	}
	own, app := to("111122223333", "s3:*"), to("arn:aws:iam::111122223333:role/app", "s3:GetObject")
	other, theirs := to("arn:aws:iam::444455556666:root", "s3:*"), to("arn:aws:iam::444455556666:role/app", "s3:GetObject")
	const said = "warning new-access aws_policy.b: role app of account 111122223333 can now use s3:GetObject on every resource that the policy is attached to."
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"a role beside the account", own, own + "," + app, list(said)},
		{"beside the root of the account", to("arn:aws:iam::111122223333:root", "s3:*"), to("arn:aws:iam::111122223333:root", "s3:*") + "," + app, list(said)},
		{"a role in place of the account", own, app, list(strings.Replace(said, "warning", "note", 1))},
		{"a role goes", own + "," + app, own, list()},
		{"an account goes", own + "," + app, app, list()},
		{"a role was there, and is written in another way", own + "," + app, app + "," + own, list()},
		{"more for a role that was there", own + "," + app, own + "," + to("arn:aws:iam::111122223333:role/app", "s3:Get*"),
			list("warning new-access aws_policy.b: role app of account 111122223333 can now use s3:Get* on every resource that the policy is attached to.")},
		{"a role of another account needs a policy in it anyway", other, other + "," + theirs, list()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, docs: map[string]*policy.Document{}}
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", c.before, c.after)
			if d := cmp.Diff(c.want, w.findings()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	all := list("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
	const anyoneIn = "error public-access aws_policy.b: Anyone can reach bucket b (statement 0)."
	const everyone = "error new-access aws_policy.b: everyone can now use s3:GetObject on arn:aws:s3:::logs/*."
	for _, c := range []struct {
		name  string
		build func(w *world)
		want  []string
	}{
		{"a public policy", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", "", anyone)
		}, list(everyone, anyoneIn)},
		{"behind a block", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", "", anyone)
			w.block("bucket b", "aws_block.b", all, all)
		}, list("warning new-access aws_policy.b: everyone in the account, and AWS services, can now use s3:GetObject on arn:aws:s3:::logs/*.")},
		{"behind a block of the account", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", "", anyone)
			w.block("account 111122223333", "aws_block.a", all, all)
		}, list("warning new-access aws_policy.b: everyone in the account, and AWS services, can now use s3:GetObject on arn:aws:s3:::logs/*.")},
		{"the block goes", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", anyone, anyone)
			w.block("bucket b", "aws_block.b", all, nil)
		}, list(everyone+" [aws_block.b]", anyoneIn+" [aws_block.b]",
			"error guardrail-removed aws_block.b: bucket b: block_public_acls, block_public_policy, ignore_public_acls and 1 more are no longer in force.")},
		{"that of the account stays", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", anyone, anyone)
			w.block("bucket b", "aws_block.b", all, nil)
			w.block("account 111122223333", "aws_block.a", all, all)
		}, list()},
		{"nothing stood behind it", func(w *world) {
			w.block("bucket b", "aws_block.b", list("restrict_public_buckets"), list())
		}, list("error guardrail-removed aws_block.b: bucket b: restrict_public_buckets is no longer in force.")},
		{"another account behind a block", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", anyone, anyone+","+partner)
			w.block("bucket b", "aws_block.b", all, all)
		}, list()},
		{"another account, and the policy is not public", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", "", partner)
			w.block("bucket b", "aws_block.b", all, all)
		}, list("error new-access aws_policy.b: account 444455556666 can now use s3:GetObject on arn:aws:s3:::logs/*.",
			"error external-access aws_policy.b: bucket b can be reached from outside of the zone of trust, by account 444455556666.")},
		{"the block goes from in front of what may be public", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", unknown, unknown)
			w.block("bucket b", "aws_block.b", all, nil)
		}, list("warning new-access aws_policy.b: var.who can now use s3:GetObject on arn:aws:s3:::logs/*. [aws_block.b]",
			"warning public-access aws_policy.b: bucket b: whether everyone gets in could not be decided: the principal var.who is not known and may be everyone.",
			"error guardrail-removed aws_block.b: bucket b: block_public_acls, block_public_policy, ignore_public_acls and 1 more are no longer in force.")},
		{"what may be public stays, and another account goes", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", unknown+","+partner, unknown)
			w.block("bucket b", "aws_block.b", all, all)
		}, list()},
		{"what may be public goes, and another account stays", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", unknown+","+partner, partner)
			w.block("bucket b", "aws_block.b", all, all)
		}, list("error new-access aws_policy.b: account 444455556666 can now use s3:GetObject on arn:aws:s3:::logs/*. [aws_block.b]",
			"error external-access aws_policy.b: bucket b can be reached from outside of the zone of trust, by account 444455556666. [aws_block.b]")},
		{"what may be public is limited in another way", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", unknown+","+partner, unknown+","+partner+","+denyPutOfAll)
			w.block("bucket b", "aws_block.b", all, all)
		}, list()},
		{"what may be public is denied to everyone", func(w *world) {
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", unknown+","+partner, unknown+","+partner+","+denyGetFromAfar)
			w.block("bucket b", "aws_block.b", all, all)
		}, list("warning new-access aws_policy.b: var.who can now use s3:GetObject on arn:aws:s3:::logs/*. [aws_block.b]",
			"error new-access aws_policy.b: account 444455556666 can now use s3:GetObject on arn:aws:s3:::logs/*. [aws_block.b]",
			"error external-access aws_policy.b: bucket b can be reached from outside of the zone of trust, by account 444455556666. [aws_block.b]",
			"warning external-access aws_policy.b: bucket b: whether somebody from outside of the zone of trust gets in could not be decided: it depends on var.who.")},
		{"a public list", func(w *world) {
			w.grant(extractors.ACL, "bucket b", "aws_policy.b", "", anyone)
		}, list(everyone, anyoneIn)},
		{"a public list behind a block", func(w *world) {
			w.grant(extractors.ACL, "bucket b", "aws_policy.b", "", anyone)
			w.block("bucket b", "aws_block.b", all, all)
		}, list()},
		{"the same moves from the list to the policy", func(w *world) {
			w.grant(extractors.ACL, "bucket b", "aws_acl.b", anyone, "")
			w.grant(extractors.Resource, "bucket b", "aws_policy.b", "", anyone)
		}, list("note public-access aws_policy.b: Anyone could reach bucket b before already, and still can (statement 0).")},
		{"with the bucket goes its block", func(w *world) {
			w.block("bucket b-", "aws_block.b", all, nil)
		}, list()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, docs: map[string]*policy.Document{}}
			w.x.Grants = make([]extractors.Grant, 0, 10)
			c.build(w)
			if d := cmp.Diff(c.want, w.findings()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
