package cdk

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// traces finds places of the program in stack traces.
type traces struct {
	root  *os.Root // of the source folder; nil when it cannot be opened
	dir   string   // its absolute path, with slashes and without one at the end
	files map[string]bool
}

func newTraces(dir string) *traces {
	if dir == "" {
		dir = "."
	}
	t := &traces{files: map[string]bool{}}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return t
	}
	if root, err := os.OpenRoot(abs); err == nil {
		t.root, t.dir = root, strings.TrimSuffix(filepath.ToSlash(abs), "/")
	}
	return t
}

func (t *traces) close() {
	if t.root != nil {
		_ = t.root.Close()
	}
}

// Frames of JavaScript end in (FILE:LINE:COLUMN) or are that alone; those of Python are
// File "FILE", line LINE.
var (
	scriptFrame = regexp.MustCompile(`^(?:at )?(?:.*\()?(?:file://)?(.+?):(\d{1,7}):(\d{1,7})\)?$`)
	pythonFrame = regexp.MustCompile(`^File "(.+)", line (\d{1,7})`)
)

// The bounds on traces.
const (
	maxFrames = 200
	maxFrame  = 4096 // bytes
	maxFiles  = 10_000
)

// place is the first frame of a trace in a file of the program itself: the innermost
// call that its author wrote.
func (t *traces) place(trace *tree.Node) (source.Range, bool) {
	if t.root == nil || trace == nil || trace.Kind != tree.List {
		return source.Range{}, false
	}
	for i, frame := range trace.Items {
		if i >= maxFrames {
			break
		}
		text, ok := frame.Text()
		if !ok || len(text) > maxFrame {
			continue
		}
		if at, ok := t.frame(strings.TrimSpace(text)); ok {
			return at, true
		}
	}
	return source.Range{}, false
}

func (t *traces) frame(text string) (source.Range, bool) {
	file, line, column := "", "", ""
	if m := pythonFrame.FindStringSubmatch(text); m != nil {
		file, line = m[1], m[2]
	} else if m := scriptFrame.FindStringSubmatch(text); m != nil {
		file, line, column = m[1], m[2], m[3]
	}
	file, ok := t.relative(file)
	if !ok {
		return source.Range{}, false
	}
	at := source.Range{Path: file}
	// A script beside its TypeScript was made from it, and has other lines.
	if from, isScript := strings.CutSuffix(file, ".js"); isScript && t.exists(from+".ts") {
		at.Path = from + ".ts"
		return at, true
	}
	at.Start.Line, _ = strconv.Atoi(line)
	at.Start.Column, _ = strconv.Atoi(column)
	at.End = at.Start
	return at, at.Start.Line > 0
}

// relative is a file within the source folder, none of a library.
func (t *traces) relative(file string) (string, bool) {
	if unescaped, err := url.PathUnescape(file); err == nil && strings.Contains(file, "%") {
		file = unescaped
	}
	file = path.Clean(strings.ReplaceAll(file, `\`, "/"))
	rest, ok := strings.CutPrefix(file, t.dir+"/")
	if !ok || !filepath.IsLocal(rest) {
		return "", false
	}
	for part := range strings.SplitSeq(rest, "/") {
		switch part {
		case "node_modules", "site-packages", ".venv", "cdk.out":
			return "", false
		}
	}
	return rest, t.exists(rest)
}

// exists reports whether the source folder has a file, without following links out of
// it.
func (t *traces) exists(file string) bool {
	known, ok := t.files[file]
	if ok {
		return known
	}
	if len(t.files) >= maxFiles {
		return false
	}
	info, err := t.root.Stat(file)
	known = err == nil && info.Mode().IsRegular()
	t.files[file] = known
	return known
}
