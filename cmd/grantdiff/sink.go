package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// sink is one --format: where to write what.
type sink struct {
	format report.Format
	file   string // "": standard output
}

// String spells the sink as the flag does.
func (k sink) String() string {
	if k.file == "" {
		return k.format.Name
	}
	return k.format.Name + "=" + k.file
}

// outputError is trouble with writing a report: nobody's wrong usage.
type outputError struct{ err error }

func (e *outputError) Error() string { return e.err.Error() }
func (e *outputError) Unwrap() error { return e.err }

// parseFormats reads the --format flags. Standard output and each file take one
// report only, and no report takes the place of a file that is read.
func parseFormats(flags, inputs []string) ([]sink, error) {
	var sinks []sink
	for _, f := range flags {
		name, file, named := strings.Cut(f, "=")
		format, err := report.Lookup(name)
		if err != nil {
			return nil, err
		}
		if named && file == "" {
			return nil, fmt.Errorf("--format %s names no file: expected %sFILE, or %s for standard output", f, f, name)
		}
		for _, other := range sinks {
			switch {
			case file == "" && other.file == "":
				return nil, fmt.Errorf("--format %s and --format %s both write to standard output; give one a file: --format %s=FILE", other.format.Name, name, name)
			case file != "" && other.file != "" && sameFile(file, other.file):
				return nil, fmt.Errorf("--format %s and --format %s both write to %s: give each its own file", other.format.Name, name, file)
			}
		}
		for _, in := range inputs {
			if file != "" && in != "" && in != "-" && sameFile(file, in) {
				return nil, fmt.Errorf("--format %s would replace %s, which is read: name another file", f, in)
			}
		}
		sinks = append(sinks, sink{format, file})
	}
	return sinks, nil
}

// sameFile reports whether two names are of one file, which need not exist.
func sameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(x, y)
	}
	if errA == nil || errB == nil {
		return false
	}
	return location(a) == location(b)
}

// location is where a file that does not exist would be made.
func location(name string) string {
	if target, err := follow(name); err == nil {
		name = target
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(dir, filepath.Base(name))
	}
	if full, err := filepath.Abs(name); err == nil {
		name = full
	}
	return name
}

// maxLinks bounds the links that are followed to a file.
const maxLinks = 40

// follow returns the name behind symbolic links, which may be of no file yet.
func follow(name string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		target, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(target) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(name))
			if err != nil {
				return "", err
			}
			target = filepath.Join(dir, target)
		}
		name = target
	}
	return "", fmt.Errorf("%s: too many symbolic links", name)
}

// writeAll tries every sink, so that trouble with one costs no other.
func writeAll(sinks []sink, stdout io.Writer, r *rules.Result, o report.Options) error {
	var failed []error
	for _, k := range sinks {
		if err := k.write(stdout, r, o); err != nil {
			failed = append(failed, fmt.Errorf("--format %s: %w", k, err))
		}
	}
	if failed == nil {
		return nil
	}
	return &outputError{errors.Join(failed...)}
}

// write renders r. A regular file appears only when it is complete; a device, a
// pipe or what the process writes to already is never replaced.
func (k sink) write(stdout io.Writer, r *rules.Result, o report.Options) error {
	if k.file == "" {
		return k.format.Write(stdout, r, o)
	}
	o.Color, o.Width = false, 0
	mode := fs.FileMode(0o644)
	info, err := os.Stat(k.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s: a folder; name a file", k.file)
	case !info.Mode().IsRegular() || isStream(info):
		return k.direct(r, o)
	default:
		mode = info.Mode().Perm()
	}
	target, err := follow(k.file)
	if err != nil {
		return err
	}
	return k.replace(target, mode, r, o)
}

// isStream reports whether a file is what standard output or error go to.
func isStream(info fs.FileInfo) bool {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if own, err := f.Stat(); err == nil && os.SameFile(own, info) {
			return true
		}
	}
	return false
}

func (k sink) direct(r *rules.Result, o report.Options) error {
	f, err := os.OpenFile(k.file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	err = k.format.Write(f, r, o)
	return errors.Join(err, f.Close())
}

func (k sink) replace(target string, mode fs.FileMode, r *rules.Result, o report.Options) error {
	tmp, err := os.CreateTemp(filepath.Dir(target), ".grantdiff-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	err = k.format.Write(tmp, r, o)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), mode)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), target)
	}
	return err
}
