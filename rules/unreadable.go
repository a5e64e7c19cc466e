package rules

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

var unresolvedPolicy = Rule{
	ID:    "unresolved-policy",
	Title: "What the change gives could not be compared",
	Doc: Doc{
		Text: `The text of the policy depends on values that exist only after the change is applied, so what access it gives could not be
decided. It may give any. The finding names the references that the text depends on.

What takes part in an access and cannot be followed is reported by this rule too: an attachment of a policy whose text is nowhere in the
plan, a boundary that changes and is not known on one side. A boundary that comes or stays can only hold back: where the input does not show
it, the worst finding about what it bounds says so. The policy of a VPC endpoint that is new can only hold back as well.

What is not known of one resource for one cause, such as several attributes of a bucket or several policies that a role gets, is one finding,
which is accepted by what is about each of them.`,
		Before:  `policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::logs/*" }] })`,
		After:   `policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.logs.arn}/*" }] })`,
		Fix:     "Build the text from values that are known while planning (a bucket's name, an account id), or review the policy by hand and scan again after the apply.",
		Sources: []string{"Terraform documentation, JSON Output Format: Change Representation"},
	},
	Check: checkUnresolved,
}

func checkUnresolved(p *Pass) {
	if l := p.Loose; l != nil {
		p.reportLoose(l)
		return
	}
	g := p.Grant
	if g == nil || g.After.Unknown == nil || g.Action == extractors.NoOp || g.OnlyHoldsBack() {
		return
	}
	why := cause{who: name(g), reason: clause(g.After.Unknown.Reason), refs: g.After.Unknown.References}
	p.Report(Found{why: &why, Finding: Finding{
		Level: Warning, Severity: 5.0, Undecided: true,
		Message: why.message(), Unknowns: g.After.Unknown.References,
	}}, append([]string{"on"}, why.refs...)...)
}

// reportLoose reports a link or block whose effect is not known.
func (p *Pass) reportLoose(l *Loose) {
	subject := extractors.Subject{}
	if l.Link != nil {
		subject = l.Link.From
	} else {
		subject = l.Block.Subject
	}
	why := cause{who: subjectName(subject, nil), reason: clause(l.Reason), refs: l.References, what: l.Target, several: l.Several}
	f := Finding{Level: Warning, Severity: 5.0, Undecided: true, Message: why.message(), Unknowns: l.References}
	if l.Minor {
		f.Level, f.Severity, f.Undecided = Note, 3.0, false
	}
	if l.Target != "" { // another one is another finding
		p.Report(Found{why: &why, Finding: f}, "to", l.Target)
		return
	}
	p.Report(Found{why: &why, Finding: f})
}

// message is the sentence of a finding that has a cause.
func (c *cause) message() string {
	message := c.who + ": " + c.reason
	if len(c.refs) > 0 {
		message += "; it depends on " + phrase(c.refs, "")
	}
	return message + "."
}

// clause makes a sentence the part of another one.
func clause(s string) string {
	if s == "" {
		return "what it allows is not known before the change is applied"
	}
	s = strings.TrimSuffix(s, ".")
	return strings.ToLower(s[:1]) + s[1:]
}

var invalidPolicy = Rule{
	ID:    "invalid-policy",
	Title: "The policy cannot be read, or a part of it is refused or has no effect",
	Doc: Doc{
		Text: `Of a text that is not what the IAM policy language allows, what access it gives could not be decided. The service refuses such a
policy, or reads it in a way that nobody meant.

A text that can be read may still be one that the service refuses, or of which a part silently does nothing: an action that no service
has, a resource that no action of the statement applies to, conditions that contradict each other, ForAllValues that is met without
the key. One finding tells all new places of one kind and names its code, that of IAM Access Analyzer where it has one. What was wrong
before the change already is not repeated.

What the service refuses, and what gives more than it looks like, is a warning; what has no effect is a note, also where it is an
error to IAM Access Analyzer: actions, services and condition keys that are not known may be newer than this program. Only what is
certain is told, so that no finding is no promise that the service takes the text.`,
		Before: `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}`,
		After:  `{"Version": "2012-10-17", "Statement": [{"effect": "Allow", "Actions": "s3:GetObject", "Resource": "*"}]}`,
		Fix:    "Mend the text where the finding points.",
		Sources: []string{
			"IAM User Guide, IAM JSON policy language grammar", "IAM User Guide, IAM Access Analyzer policy check reference",
			"IAM User Guide, IAM and AWS STS quotas", "Service Authorization Reference", "AWS Organizations User Guide, RCP syntax",
		},
	},
	Check: checkInvalid,
}

// maxErrors bounds how many errors of one text a finding repeats.
const maxErrors = 5

func checkInvalid(p *Pass) {
	g := p.Grant
	if g == nil || g.Action == extractors.NoOp || g.Action == extractors.Delete {
		return
	}
	if !g.After.Diagnostics.HasErrors() {
		p.lint()
		return
	}
	f := Found{Finding: Finding{Level: Warning, Severity: 5.0, Undecided: true, Message: name(g) + ": the policy cannot be read."}}
	if g.After.Sensitive {
		f.Details = []string{"The policy is marked as sensitive: its errors are not shown."}
		p.Report(f)
		return
	}
	for _, d := range g.After.Diagnostics {
		if !d.IsError() {
			continue
		}
		if len(f.Details) == maxErrors {
			f.Details = append(f.Details, "There are more errors.")
			break
		}
		if len(f.Details) == 0 {
			f.Message = fmt.Sprintf("%s: the policy cannot be read: %s.", name(g), d.Summary)
			f.Code = d.Code
		}
		at := ""
		switch {
		case d.Subject.HasLines() && d.Subject.Path != "" && d.Subject.Path != g.Address: // a part of a template
			at = d.Subject.String() + ": "
		case d.Subject.HasLines():
			at = fmt.Sprintf("Line %d, column %d of the policy: ", d.Subject.Start.Line, d.Subject.Start.Column)
		}
		code := ""
		if d.Code != "" {
			code = " [" + d.Code + "]"
		}
		f.Details = append(f.Details, at+d.Summary+code+". "+d.Detail)
	}
	p.Report(f)
}
