package main

import (
	"io"
	"os"
	"path/filepath"
)

// Bounds on what excerpts are read from.
const (
	maxSourceFile  = 1 << 20
	maxSourceFiles = 200
)

// sourceReader returns the text of files below the working directory, for excerpts: of
// regular files only, no larger than what people write, and each read once. Paths and
// links that lead out of the folder, and files that are not there, are "".
func sourceReader(work string) func(path string) string {
	read := map[string]string{}
	return func(path string) string {
		text, ok := read[path]
		if !ok && len(read) < maxSourceFiles {
			text = readBelow(work, path)
			read[path] = text
		}
		return text
	}
}

func readBelow(dir, path string) string {
	name := filepath.FromSlash(path)
	if filepath.IsAbs(name) {
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return ""
		}
		name = rel
	}
	if !filepath.IsLocal(name) {
		return ""
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return ""
	}
	defer root.Close()
	// A pipe would be waited for.
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > maxSourceFile {
		return ""
	}
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSourceFile+1))
	if err != nil || len(text) > maxSourceFile {
		return ""
	}
	return string(text)
}
