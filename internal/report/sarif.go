package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/grantdiff/grantdiff/rules"
)

// Limits of code scanning (GitHub, "SARIF support for code scanning" and
// "Troubleshooting SARIF uploads: results exceed limit"). An upload over them is
// refused as a whole or cut without a word, so that we cut and say so.
const (
	sarifMaxResults       = 25_000
	sarifMaxText          = 1024 // characters of a message or description
	sarifMaxLocations     = 20   // related locations of a result; 1000 are allowed
	sarifMaxNotifications = 1000
)

const (
	projectURI  = "https://github.com/grantdiff/grantdiff"
	defaultName = "grantdiff"
)

// SARIF writes SARIF 2.1.0 with one run, for code scanning. Findings are results;
// what could not be read or decided is told as notifications of the invocation.
//
// What GitHub makes of it shaped the content: an alert shows in a pull request only
// if all lines of its region are in the diff, hence regions of one line; alerts are
// tracked by primaryLocationLineHash alone, hence a fingerprint there that survives
// line moves; related locations show only when the message links them.
func SARIF(w io.Writer, r *rules.Result, o Options) error {
	raw, err := json.Marshal(sarifReport(r, o))
	if err != nil {
		return fmt.Errorf("write sarif report: %w", err)
	}
	b, err := stripSARIF(raw)
	if err != nil {
		return fmt.Errorf("write sarif report: %w", err)
	}
	_, err = w.Write(inertJSON(b))
	return err
}

func sarifReport(r *rules.Result, o Options) *sarif.Report {
	active, archived := sorted(r.Findings)
	findings := append(active, archived...)
	shown := findings[:min(len(findings), sarifMaxResults)]

	descriptors, index := sarifRules(o.Rules, findings)
	driver := sarif.NewToolComponent().
		WithName(cmp.Or(value(r.Tool.Name), defaultName)).
		WithInformationURI(projectURI).
		WithRules(descriptors)
	if r.Tool.Version != "" {
		driver.WithVersion(value(r.Tool.Version))
	}
	run := sarif.NewRun().
		WithTool(sarif.NewTool().WithDriver(driver)).
		WithColumnKind("unicodeCodePoints").
		WithAutomationDetails(sarif.NewRunAutomationDetails().WithID(defaultName + "/"))
	seen := map[string]int{}
	for _, f := range shown {
		fingerprint := fingerprintOf(f)
		seen[fingerprint]++
		run.AddResult(sarifResult(r, o, f, index[f.Rule], fmt.Sprintf("%s:%d", fingerprint, seen[fingerprint])))
	}
	run.AddInvocation(sarifInvocation(r, o, len(shown), len(findings)))
	return sarif.NewReport().AddRun(run)
}

func sarifResult(r *rules.Result, o Options, f *rules.Finding, rule int, lineHash string) *sarif.Result {
	res := sarif.NewResult().
		WithRuleID(ruleID(f)).
		WithRuleIndex(rule).
		WithLevel(sarifLevel(f.Level)).
		WithPartialFingerprints(map[string]string{
			"grantdiff/v1":            fingerprintOf(f),
			"primaryLocationLineHash": lineHash,
		}).
		WithProperties(sarif.NewPropertyBag().Add("security-severity", severity(f)))

	physical := o.physical(r, f.Location)
	at := sarif.NewLocation().WithPhysicalLocation(physical)
	if f.Address != "" {
		at.AddLogicalLocation(sarif.NewLogicalLocation().
			WithFullyQualifiedName(value(f.Address)).WithKind("resource"))
	}
	res.AddLocation(at)

	calls, linked := callLinks(f)
	for i, c := range f.Callers[:linked] {
		res.AddRelatedLocation(sarif.NewLocation().WithID(i + 1).
			WithPhysicalLocation(o.physical(r, c)).
			WithMessage(sarif.NewTextMessage("module called here")))
	}
	res.WithMessage(sarif.NewTextMessage(sarifMessage(f, calls)))
	if f.Archived != nil {
		res.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").
			WithJustification(safe(acceptance(f.Archived), sarifMaxText-40)))
	}
	return res
}

// sarifMessage is the sentence, then what is gained, as sentences: only the first
// is shown where space is short. What follows the cap is calls, the links.
func sarifMessage(f *rules.Finding, calls string) string {
	var b strings.Builder
	b.WriteString(sentence(safe(cmp.Or(f.Message, f.Rule, "finding"), 500)))
	for i, d := range f.Details {
		if i == 3 {
			break
		}
		b.WriteString(" " + sentence(safe(d, 200)))
	}
	if f.Input != "" {
		fmt.Fprintf(&b, " Input: %s.", safe(f.Input, 160))
	}
	for _, row := range facts(f) {
		limit := 80
		if !row.code {
			limit = 240
		}
		fmt.Fprintf(&b, " %s: %s.", capital(row.label), values(row.values, 5, limit))
	}
	if f.Witness != nil {
		var parts []string
		for _, row := range proof(f) {
			parts = append(parts, row[0]+" "+row[1])
		}
		fmt.Fprintf(&b, " Proof, %s: %s.", proofTitle(f), values(parts, 6, 160))
	}
	if len(f.Unknowns) > 0 {
		fmt.Fprintf(&b, " Not known: %s.", values(f.Unknowns, 5, 80))
	}
	return capped(unlinked(b.String()), sarifMaxText-utf8.RuneCountInString(calls)) + calls
}

// callLinks is the sentence that links the callers of a finding, in at most half of
// a message, and how many of them it links.
func callLinks(f *rules.Finding) (text string, linked int) {
	var b strings.Builder
	for i, c := range f.Callers {
		link := fmt.Sprintf("[%s](%d)", linkText(safe(cmp.Or(place(c), "caller"), 60)), i+1)
		if i == sarifMaxLocations || b.Len()+len(link) > sarifMaxText/2 {
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(link)
		linked++
	}
	switch {
	case linked == 0:
		return "", 0
	case linked < len(f.Callers):
		return fmt.Sprintf(" Called from %s and %d more.", &b, len(f.Callers)-linked), linked
	default:
		return fmt.Sprintf(" Called from %s.", &b), linked
	}
}

// physical places a location in the repository. The region is within the one line
// where the location starts, and names all its ends, without which an upload may be
// refused: a location without a line stands at line 1, one without an end on that
// line covers a character.
func (o Options) physical(r *rules.Result, l rules.Location) *sarif.PhysicalLocation {
	line, start, end := max(1, l.StartLine), 1, 0
	if l.StartLine > 0 {
		start = max(1, l.StartColumn)
		if l.EndLine == l.StartLine {
			end = l.EndColumn
		}
	}
	region := sarif.NewSimpleRegion(line, line).WithStartColumn(start).WithEndColumn(max(start+1, end))
	name, _ := o.rootPath(r, l.Path)
	return sarif.NewPhysicalLocation().WithRegion(region).WithArtifactLocation(
		sarif.NewArtifactLocation().WithURI(uri(name)).WithURIBaseID("%SRCROOT%"))
}

// fingerprintOf returns the fingerprint of a finding, or one made of what does not
// move with lines.
func fingerprintOf(f *rules.Finding) string {
	if f.Fingerprint != "" {
		return value(f.Fingerprint)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.Address, f.Attribute, f.Message}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// severity grades a finding as code scanning does: a decimal over 0.0 and at most
// 10.0, as text. A finding without a grade gets the middle of its level.
func severity(f *rules.Finding) string {
	grade := f.Severity
	if !(grade > 0) {
		switch f.Level {
		case rules.Error:
			grade = 8
		case rules.Warning:
			grade = 5
		default:
			grade = 2
		}
	}
	return fmt.Sprintf("%.1f", min(max(grade, 0.1), 10))
}

// sarifLevel maps a level; the names are the same. A level that is none does not
// pass for harmless.
func sarifLevel(l rules.Level) string {
	switch l {
	case rules.Error, rules.Warning, rules.Note:
		return l.String()
	}
	return rules.Warning.String()
}

// values joins values for a sentence: at most n of them, each of at most limit
// characters.
func values(all []string, n, limit int) string {
	var parts []string
	for i, v := range all {
		if i == n {
			parts = append(parts, fmt.Sprintf("and %d more", len(all)-n))
			break
		}
		parts = append(parts, safe(v, limit))
	}
	return strings.Join(parts, ", ")
}

// capped cuts s to limit characters and shows that it did.
func capped(s string, limit int) string {
	if kept, rest := clip(s, limit); rest > 0 {
		kept, _ = clip(kept, limit-1)
		return kept + "…"
	}
	return s
}

// unlinked breaks up what viewers of SARIF read as a link.
func unlinked(s string) string { return strings.ReplaceAll(s, "](", "] (") }

// linkText makes s usable between the brackets of a link.
func linkText(s string) string {
	return strings.NewReplacer("[", "(", "]", ")", `\`, "/").Replace(s)
}
