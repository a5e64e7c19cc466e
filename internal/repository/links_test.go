package repository

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	pageLink  = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	codeBlock = regexp.MustCompile("(?ms)^```.*?^```")
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInLink = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the fragments that lead to the headings of a page, as GitHub makes them.
func anchors(text string) map[string]bool {
	out := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		out[strings.ReplaceAll(notInLink.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return out
}

// brokenLinks lists the relative links of a page that lead nowhere. name is its path
// from the root of the repository.
func brokenLinks(t *testing.T, name, text string) (broken []string, checked int) {
	t.Helper()
	for _, m := range pageLink.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		link := m[1]
		if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
			continue
		}
		checked++
		file, fragment, _ := strings.Cut(link, "#")
		target, page := path.Join(path.Dir(name), file), text
		if file == "" {
			target = name
		} else if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil || strings.HasPrefix(target, "..") {
			broken = append(broken, link)
			continue
		} else if strings.HasSuffix(target, ".md") {
			page = read(t, target)
		}
		if fragment != "" && !anchors(page)[fragment] {
			broken = append(broken, link)
		}
	}
	return broken, checked
}

// TestLinks follows every relative link of the pages.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "THIRD_PARTY_NOTICES.md"}
	for _, p := range pages {
		names = append(names, "docs/"+filepath.Base(p))
	}
	total := 0
	for _, name := range names {
		broken, checked := brokenLinks(t, name, read(t, name))
		total += checked
		for _, link := range broken {
			t.Errorf("%s: the link %s leads nowhere", name, link)
		}
	}
	if total < 10 {
		t.Errorf("only %d links were found", total)
	}
}

// TestBrokenLinks holds the check itself to what it is for.
func TestBrokenLinks(t *testing.T) {
	text := "# A title: of it\n[a](gone.md) [b](../README.md) [c](#a-title-of-it) [d](#no-such) [e](https://example.com/x)\n" +
		"[f](../../../etc/passwd) [g](interface.md#exit-codes) [h](interface.md#gone)\n```\n[i](code.md)\n```\n"
	broken, checked := brokenLinks(t, "docs/page.md", text)
	if got, want := strings.Join(broken, " "), "gone.md #no-such ../../../etc/passwd interface.md#gone"; got != want || checked != 7 {
		t.Errorf("broken: %s of %d, want %s", got, checked, want)
	}
}
