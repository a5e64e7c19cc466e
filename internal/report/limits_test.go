package report_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func TestThirtyThousandFindings(t *testing.T) {
	r := many(10_000)

	t.Run("sarif", func(t *testing.T) {
		out := render(t, "sarif", r, options())
		acceptable(t, out)
		run := parseSARIF(t, out)
		if n := len(*run.Results); n != report.SARIFMaxResults {
			t.Errorf("%d results", n)
		}
		if last := (*run.Results)[report.SARIFMaxResults-1]; last.Level != "note" {
			t.Errorf("the last result kept is of level %s, want note: the worst come first", last.Level)
		}
		if got, want := run.Invocations[0].ToolExecutionNotifications[0].Message.Text, "5000 of 30000 findings are left out"; !strings.HasPrefix(got, want) {
			t.Errorf("first notification %q, want %q", got, want)
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(out); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if packed.Len() > 10<<20 {
			t.Errorf("%d bytes packed, the limit is 10 MiB", packed.Len())
		}
	})

	run := newRunner(t)
	log := render(t, "github", r, run.options())
	t.Run("summary", func(t *testing.T) {
		out := string(run.summary())
		if len(out) > report.MaxSummary+1 {
			t.Errorf("summary of %d bytes", len(out))
		}
		m := regexp.MustCompile(`Cut here: (\d+) of 30000 findings are not shown`).FindStringSubmatch(out)
		if m == nil {
			t.Fatalf("the summary does not say that it is cut: %q", out[len(out)-300:])
		}
		if got, want := fmt.Sprint(30_000-strings.Count(out, "\n#### ")), m[1]; got != want {
			t.Errorf("%s findings are missing, the summary says %s", got, want)
		}
		if !strings.Contains(out, "and 29950 more") {
			t.Error("the overview does not count the rest")
		}
	})

	t.Run("comment", func(t *testing.T) {
		out := string(render(t, "markdown", r, options()))
		if len(out) > report.MaxComment {
			t.Errorf("comment of %d bytes", len(out))
		}
		m := regexp.MustCompile(`Cut here: (\d+) of 30000 findings are not shown`).FindStringSubmatch(out)
		if m == nil || m[1] != fmt.Sprint(30_000-strings.Count(out, "\n#### ")) {
			t.Errorf("the comment does not say what is missing: %q", out[len(out)-300:])
		}
		if !strings.Contains(out, "and 29950 more") {
			t.Error("the overview does not count the rest")
		}
	})

	t.Run("log", func(t *testing.T) {
		if n := bytes.Count(log, []byte("\n    fingerprint ")); n != 30_000 {
			t.Errorf("%d findings", n)
		}
	})
}

func TestSummaryRoom(t *testing.T) {
	each := hostile()
	whole := len(report.Summary(each, options(), report.MaxSummary))
	for room := 0; room < whole+4000; room += 997 {
		out := report.Summary(each, options(), room)
		if len(out) > room {
			t.Fatalf("%d bytes in a room of %d", len(out), room)
		}
		if len(out) < whole && out != "" && !strings.Contains(out, "> [!WARNING]") {
			t.Fatalf("cut to %d of %d bytes without a word", len(out), whole)
		}
	}
}

func TestHostileTailsLeaveRoomForFindings(t *testing.T) {
	r := rich()
	for range 200 {
		u := rules.Unresolved{Address: "a", Reason: strings.Repeat("\x00", 1000)}
		for range 10 {
			u.References = append(u.References, strings.Repeat("\x00", 300))
		}
		r.Unresolved = append(r.Unresolved, u)
	}
	out := report.Summary(r, options(), report.MaxSummary)
	if len(out) > report.MaxSummary || !strings.Contains(out, "iam:PassRole") || !strings.Contains(out, "does not fit here") {
		t.Errorf("summary of %d bytes: %q", len(out), out[:min(len(out), 400)])
	}
}
