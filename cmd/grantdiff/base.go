package main

import (
	"os"
	"path/filepath"
	"strings"
)

// repositoryRoot is the folder that code hosts count paths from: the nearest one at
// or above work, an absolute path without links, that git calls a working tree. The
// search ends at the workspace of the CI job where work is in it. The workspace
// itself is taken where there is no such folder, since a job may have a copy without
// git, and without one the working directory.
func repositoryRoot(work, workspace string) string {
	if workspace != "" {
		workspace = resolve(workspace)
	}
	for dir := work; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == workspace || dir == filepath.Dir(dir) {
			break
		}
	}
	if rel, err := filepath.Rel(workspace, work); workspace != "" && err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return workspace
	}
	return work
}

// resolve follows the symbolic links of a path as far as there are files, and leaves
// the rest as it is.
func resolve(path string) string {
	rest := ""
	for dir := path; ; dir = filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			if full, err := filepath.Abs(real); err == nil {
				return filepath.Join(full, rest)
			}
		}
		if dir == filepath.Dir(dir) {
			return path
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
}
