package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/grantdiff/grantdiff/rules"
)

// Bounds of a SAST report. The schema bounds texts; the numbers are ours.
const (
	sastVersion     = "15.0.4" // of the schema; every GitLab since 15.0 takes reports of 15.0
	sastMaxFindings = 10_000
	sastMaxMessages = 1000
	sastMaxName     = 255
	sastMaxSolution = 7000
	sastMaxText     = 20_000 // a description; 1 MiB is allowed
)

// The shape of a SAST report, of which only what we write is here (GitLab, "Security
// scanner integration": "Report"; schema 15.0 of sast-report-format).
type (
	sastReport struct {
		Version         string              `json:"version"`
		Scan            sastScan            `json:"scan"`
		Vulnerabilities []sastVulnerability `json:"vulnerabilities"`
	}
	sastScan struct {
		Analyzer  sastTool      `json:"analyzer"`
		Scanner   sastTool      `json:"scanner"`
		Type      string        `json:"type"`
		Status    string        `json:"status"`
		StartTime string        `json:"start_time"`
		EndTime   string        `json:"end_time"`
		Messages  []sastMessage `json:"messages"`
	}
	sastTool struct {
		ID      string     `json:"id"`
		Name    string     `json:"name"`
		URL     string     `json:"url"`
		Version string     `json:"version"`
		Vendor  sastVendor `json:"vendor"`
	}
	sastVendor struct {
		Name string `json:"name"`
	}
	sastMessage struct {
		Level string `json:"level"` // info, warn or fatal
		Value string `json:"value"`
	}
	sastVulnerability struct {
		ID          string           `json:"id"`
		Name        string           `json:"name"`
		Description string           `json:"description"`
		Severity    string           `json:"severity"`
		Solution    string           `json:"solution,omitempty"`
		Identifiers []sastIdentifier `json:"identifiers"`
		Location    sastLocation     `json:"location"`
		Tracking    sastTracking     `json:"tracking"`
		Details     map[string]any   `json:"details,omitempty"`
	}
	sastIdentifier struct {
		Type  string `json:"type"`
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	sastLocation struct {
		File      string `json:"file"`
		StartLine int    `json:"start_line"`
		EndLine   int    `json:"end_line"`
	}
	sastTracking struct {
		Type  string             `json:"type"`
		Items []sastTrackingItem `json:"items"`
	}
	sastTrackingItem struct {
		sastLocation
		Signatures []sastSignature `json:"signatures"`
	}
	sastSignature struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"value"`
	}
)

// SAST writes a GitLab SAST report. Findings that are not accepted are vulnerabilities;
// what could not be read or decided, and what is cut, is told as messages of the scan.
//
// GitLab takes two vulnerabilities for one when the first identifier and the place are
// equal: the first identifier is that of the finding, and the rule comes second.
func SAST(w io.Writer, r *rules.Result, o Options) error {
	b, err := EncodeJSON(sast(r, o))
	if err != nil {
		return fmt.Errorf("write gitlab-sast report: %w", err)
	}
	_, err = w.Write(b)
	return err
}

func sast(r *rules.Result, o Options) sastReport {
	active, archived := sorted(r.Findings)
	shown := active[:min(len(active), sastMaxFindings)]
	tool := sastTool{
		ID: defaultName, Name: defaultName, URL: projectURI, Version: cmp.Or(value(r.Tool.Version), "unknown"), Vendor: sastVendor{defaultName},
	}
	at := startTime(o.env("CI_JOB_STARTED_AT"))
	report := sastReport{
		Version: sastVersion,
		Scan: sastScan{
			Analyzer: tool, Scanner: tool, Type: "sast", Status: "success", StartTime: at, EndTime: at,
			Messages: sastMessages(r, len(shown), len(active), len(archived)),
		},
		Vulnerabilities: []sastVulnerability{},
	}
	for _, d := range r.Diagnostics {
		if d.Severity == "error" {
			report.Scan.Status = "failure"
		}
	}
	catalogue := map[string]rules.Rule{}
	for _, rule := range o.Rules {
		catalogue[rule.ID] = rule
	}
	docs := documentsOf(r)
	seen := map[string]int{}
	for _, f := range shown {
		id := fingerprintOf(f)
		if seen[id]++; seen[id] > 1 {
			id = hash(id, strconv.Itoa(seen[id]))
		}
		report.Vulnerabilities = append(report.Vulnerabilities, vulnerability(r, o, f, catalogue[f.Rule], docs.of(f), id))
	}
	return report
}

func vulnerability(r *rules.Result, o Options, f *rules.Finding, rule rules.Rule, d *rules.Document, id string) sastVulnerability {
	file, _ := o.rootPath(r, f.Location.Path)
	line := max(1, f.Location.StartLine)
	at := sastLocation{valid(file), line, max(line, f.Location.EndLine)}
	return sastVulnerability{
		ID:          uuid(id),
		Name:        capped(cmp.Or(rule.Title, ruleID(f)), sastMaxName),
		Description: capped(sastDescription(f), sastMaxText),
		Severity:    sastSeverity(f),
		Solution:    capped(rule.Doc.Fix, sastMaxSolution),
		Identifiers: []sastIdentifier{
			{"grantdiff_finding", capped("grantdiff "+ruleID(f)+" "+id, sastMaxName), id},
			{"grantdiff_rule", capped("grantdiff rule "+ruleID(f), sastMaxName), ruleID(f)},
		},
		Location: at,
		Tracking: sastTracking{"source", []sastTrackingItem{{at, []sastSignature{{"hash", id}}}}},
		Details:  sastDetails(f, d),
	}
}

// sastDescription is Markdown, which GitLab renders.
func sastDescription(f *rules.Finding) string {
	parts := []string{mdText(sentence(message(cmp.Or(f.Message, f.Rule, "finding"))))}
	for i, d := range f.Details {
		if i == listCap {
			parts = append(parts, "and "+count(len(f.Details)-i, "more remark"))
			break
		}
		parts = append(parts, mdText(sentence(message(d))))
	}
	in := "In " + mdCode(f.Address)
	if at := where(f); len(at) > 0 {
		in += " (" + mdText(strings.Join(at, ", ")) + ")"
	}
	return strings.Join(append(parts, in), "\n\n")
}

// sastDetails shows what is gained, the proof and the policy in fields of their own.
// GitLab shows their texts as they are.
func sastDetails(f *rules.Finding, d *rules.Document) map[string]any {
	details := map[string]any{}
	add := func(key, name string, lines []string) {
		if len(lines) > 0 {
			details[key] = map[string]any{"name": name, "type": "code", "value": strings.Join(lines, "\n")}
		}
	}
	for i, row := range append(facts(f), circumstances(f)...) {
		var lines []string
		for j, v := range row.values {
			if j == 2*listCap {
				lines = append(lines, fmt.Sprintf("… and %d more", len(row.values)-j))
				break
			}
			lines = append(lines, message(v))
		}
		add(fmt.Sprintf("fact%02d", i), capital(row.label), lines)
	}
	var proved []string
	for i, row := range proof(f) {
		if i == 2*listCap {
			proved = append(proved, "…")
			break
		}
		proved = append(proved, row[0]+" "+value(row[1]))
	}
	add("proof", "Proof: "+proofTitle(f), proved)
	if d != nil && len(d.After.Policy) > 0 {
		long := longLists(d.Before, d.After)
		details["policy"] = map[string]any{"name": "Policy", "type": "diff", "before": policyText(d.Before, long), "after": policyText(d.After, long)}
	}
	if len(details) == 0 {
		return nil
	}
	return details
}

// policyText is a side of a document as one text.
func policyText(side rules.DocumentSide, long map[string]bool) string {
	if side.Omitted != "" {
		return "(" + omitted(side.Omitted) + ")\n"
	}
	var b strings.Builder
	for i, l := range policyLines(side, long) {
		if i == sastMaxLines {
			b.WriteString("…\n")
			break
		}
		b.WriteString(l.text + "\n")
	}
	return b.String()
}

// sastMaxLines bounds a policy in a report that repeats it for each finding.
const sastMaxLines = 200

func sastMessages(r *rules.Result, shown, active, archived int) []sastMessage {
	var all []sastMessage
	if shown < active {
		all = append(all, sastMessage{"warn", fmt.Sprintf("%d of %d findings are left out, the least severe ones. The json report has all of them.", active-shown, active)})
	}
	for _, d := range r.Diagnostics {
		level := "warn"
		if d.Severity == "error" {
			level = "fatal"
		}
		all = append(all, sastMessage{level, diagnosis(d)})
	}
	for _, u := range untold(r) {
		all = append(all, sastMessage{"warn", "Not decided: " + value(join(u.Address, u.Attribute)) + ": " + sentence(message(cmp.Or(u.Reason, "the policy is not known")))})
	}
	if left := len(all) - sastMaxMessages; left > 0 {
		all = append(all[:sastMaxMessages], sastMessage{"warn", count(left, "further remark") + " are left out; the json report has all of them."})
	}
	if archived > 0 {
		all = append(all, sastMessage{"info", "Accepted by the configuration and not in this report: " + count(archived, "finding") + "."})
	}
	return append(all, sastMessage{"info", summaryLine(r.Summary) + "."})
}

// sastSeverity maps the grade as code scanning does, to the words of GitLab.
func sastSeverity(f *rules.Finding) string {
	grade, err := strconv.ParseFloat(severity(f), 64)
	switch {
	case err != nil:
		return "Unknown"
	case grade >= 9:
		return "Critical"
	case grade >= 7:
		return "High"
	case grade >= 4:
		return "Medium"
	}
	return "Low"
}

// startTime is when the job started, as the runner of GitLab tells it (RFC 3339), in UTC
// and without a zone as the schema wants it. A result has no time of its own, so that
// elsewhere it is the beginning of the epoch.
func startTime(text string) string {
	const form = "2006-01-02T15:04:05"
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.UTC().Year() < 1970 || t.UTC().Year() > 9999 {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(form)
}

// uuid is made of an identifier, always the same (RFC 9562, version 8).
func uuid(id string) string {
	sum := sha256.Sum256([]byte("grantdiff\x00" + id))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
