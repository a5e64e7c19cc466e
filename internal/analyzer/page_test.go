package analyzer_test

import (
	"bufio"
	"encoding/json"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/analyzer"
)

var httpBlock = regexp.MustCompile("(?s)```http\n(.*?)\n```")

// TestPage sends the requests of docs/serve.md: each is followed by its response.
func TestPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "serve.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := httpBlock.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 4 || len(blocks)%2 != 0 {
		t.Fatalf("%d blocks of HTTP: expected requests and responses", len(blocks))
	}
	for i := 0; i < len(blocks); i += 2 {
		first, header, body := httpMessage(t, blocks[i][1])
		request := strings.Fields(first)
		r := httptest.NewRequest(request[0], request[1], strings.NewReader(body))
		r.Host = "localhost"
		for name := range header {
			r.Header.Set(name, header.Get(name))
		}
		w := httptest.NewRecorder()
		analyzer.NewHandler(analyzer.Options{}).ServeHTTP(w, r)
		got := w.Result()

		first, header, body = httpMessage(t, blocks[i+1][1])
		if status := got.Proto + " " + got.Status; status != first {
			t.Errorf("%s: status %s, the page has %s", request, status, first)
		}
		for name := range header {
			if got.Header.Get(name) != header.Get(name) {
				t.Errorf("%s: %s %q, the page has %q", request, name, got.Header.Get(name), header.Get(name))
			}
		}
		if d := cmp.Diff(jsonValue(t, body), jsonValue(t, w.Body.String())); d != "" {
			t.Errorf("%s (-page +server):\n%s", request, d)
		}
	}
}

// httpMessage splits a message into its first line, headers and body.
func httpMessage(t *testing.T, text string) (string, textproto.MIMEHeader, string) {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	first, rest, _ := strings.Cut(head, "\n")
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(rest + "\n\n"))).ReadMIMEHeader()
	if err != nil {
		t.Fatal(err)
	}
	return first, header, body
}

func jsonValue(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return v
}
