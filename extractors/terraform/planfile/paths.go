package planfile

import (
	"path"
	"strconv"
	"strings"
)

// The names of an fs.FS cannot lead out of its root, but modules often lie outside of
// the root module: ../../modules/role. Their names in the file system begin with
// a folder of two dots and more, which stands for what leads there:
//
//	..2/modules/role    ../../modules/role
//	..abs/opt/x         /opt/x, and C:/x as ..abs/C:/x
//	..0/..x             ..x, a folder whose name begins with two dots
const absolute = "..abs"

// Name is the name in Configuration.FS of a path relative to the root module, with
// slashes; the reverse of Path.
func Name(p string) string {
	p = path.Clean(p)
	switch {
	case path.IsAbs(p):
		return absolute + p
	case isDrive(p):
		return absolute + "/" + p
	case !strings.HasPrefix(p, ".."):
		return p
	}
	up := 0
	for p == ".." || strings.HasPrefix(p, "../") {
		up++
		p = strings.TrimPrefix(strings.TrimPrefix(p, ".."), "/")
	}
	return path.Join(".."+strconv.Itoa(up), p)
}

// Path is the path of a file or folder of Configuration.FS relative to the folder of
// the root module, with slashes. It may begin with "../", or be absolute.
func Path(name string) string {
	first, rest, _ := strings.Cut(name, "/")
	dots, ok := strings.CutPrefix(first, "..")
	switch {
	case !ok:
		return name
	case first == absolute && isDrive(rest):
		return rest
	case first == absolute:
		return "/" + rest
	}
	up, err := strconv.Atoi(dots)
	if err != nil || up < 0 || up > maxUp {
		return name
	}
	return path.Join(strings.Repeat("../", up), rest)
}

// maxUp is how many folders up a path leads at most.
const maxUp = 1000

// isDrive reports whether a path begins with a drive of Windows.
func isDrive(p string) bool {
	return len(p) >= 2 && p[1] == ':' && ('a' <= p[0]|0x20 && p[0]|0x20 <= 'z')
}
