package repository

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// instruction is one instruction of a Dockerfile, continuation lines joined.
type instruction struct{ word, args string }

// stages splits a Dockerfile at its FROM lines.
func stages(text string) [][]instruction {
	var out [][]instruction
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		word, args, _ := strings.Cut(line, " ")
		in := instruction{strings.ToUpper(word), strings.TrimSpace(args)}
		if in.word == "FROM" {
			out = append(out, nil)
		}
		if len(out) > 0 {
			out[len(out)-1] = append(out[len(out)-1], in)
		}
	}
	return out
}

var (
	numericUser = regexp.MustCompile(`^[1-9][0-9]*(:[1-9][0-9]*)?$`)
	imageTag    = regexp.MustCompile(`(:[0-9][\w.-]*|@sha256:[0-9a-f]{64})( AS \w+)?$`)
)

// imageFaults lists what a Dockerfile does that ours must not.
func imageFaults(text string) []string {
	all := stages(text)
	if len(all) < 2 {
		return []string{"fewer than two stages"}
	}
	var faults []string
	fault := func(s string) { faults = append(faults, s) }
	last := map[string]string{}
	for i, stage := range all {
		final := i == len(all)-1
		for _, in := range stage {
			switch {
			case in.word == "ADD":
				fault("ADD: use COPY")
			case in.word == "FROM" && in.args != "scratch" && !imageTag.MatchString(in.args):
				fault("FROM " + in.args + ": no version or digest")
			case final && in.word == "FROM" && in.args != "scratch":
				fault("the final stage is not empty")
			case final && in.word == "RUN":
				fault("RUN in the final stage")
			}
			if final {
				last[in.word] = in.args
			}
		}
	}
	if !numericUser.MatchString(last["USER"]) {
		fault("the final stage has no numeric user that is not root")
	}
	var entry []string
	if err := json.Unmarshal([]byte(last["ENTRYPOINT"]), &entry); err != nil || len(entry) != 1 {
		fault("ENTRYPOINT is not in exec form")
	}
	if _, ok := last["CMD"]; ok {
		fault("CMD in the final stage")
	}
	if !strings.Contains(text, "CGO_ENABLED=0") || !strings.Contains(text, "-trimpath") {
		fault("the binary is not built static and trimmed")
	}
	return faults
}

func TestDockerfile(t *testing.T) {
	text := read(t, "Dockerfile")
	for _, fault := range imageFaults(text) {
		t.Errorf("Dockerfile: %s", fault)
	}
	// The lint itself: each change breaks a rule.
	for name, edit := range map[string][2]string{
		"root":         {"USER 65532:65532", "USER 0"},
		"named user":   {"USER 65532:65532", "USER nobody"},
		"no user":      {"USER 65532:65532", ""},
		"shell form":   {`ENTRYPOINT ["/grantdiff"]`, "ENTRYPOINT /grantdiff"},
		"run":          {"FROM scratch", "FROM scratch\nRUN true"},
		"base":         {"FROM scratch", "FROM debian:13"},
		"floating tag": {"golang:1.26 AS", "golang AS"},
		"add":          {"COPY . .", "ADD . ."},
		"cgo":          {"CGO_ENABLED=0", "CGO_ENABLED=1"},
		"one stage":    {"FROM scratch", "#"},
	} {
		if bad := strings.Replace(text, edit[0], edit[1], 1); bad == text || len(imageFaults(bad)) == 0 {
			t.Errorf("%s: the change is not found", name)
		}
	}
}
