package terraform

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// extraction is the work on one input.
type extraction struct {
	ctx        context.Context
	o          Options
	s          *stream
	result     extractors.Extraction
	pending    []*pending
	shown      []shownList
	shownLast  shownScope // see comesToNothing
	links      []*pendingLink
	linked     int // how many links those will be, at least
	blocks     []*pendingBlock
	exclusions []exclusion
	// integrations are those of takeIntegration, and preflights the methods of takePreflight.
	integrations []integration
	preflights   map[string]sideIDs
	methods      askedMethods
	// otherPolicies are addresses of policies of an organization in another language.
	otherPolicies map[string]bool
	objects       objectIndex
	config        *moduleConfig // nil when the input has no configuration
	// other takes members of the configuration that are not read; nil skips them.
	other          func(name string) error
	accounts       accountIndex
	data           dataIndex
	secrets        secrets
	values         valueStore
	resolver       *resolver
	sources        *bool                     // whether there is a configuration, once that was asked
	variables      map[string]jsontext.Value // of the root module
	planInVariable bool                      // the value of a variable looks like a plan
	full           bool                      // the limit of grants is reached
	drift          *extraction
	text           []byte // a policy text at hand
	object         object // the resource change at hand
	parsed         parseCache
}

func newExtraction(ctx context.Context, o Options, kind string) *extraction {
	return &extraction{
		ctx: ctx, o: o.withDefaults(),
		result:  extractors.Extraction{Kind: kind},
		objects: newObjectIndex(), accounts: newAccountIndex(), secrets: newSecrets(), values: newValueStore(), parsed: parseCache{},
		otherPolicies: map[string]bool{},
	}
}

// run reads r with read, which takes the document's object, and finishes what was
// found even when reading stops early.
func (x *extraction) run(r io.Reader, read func() error) error {
	err := x.read(r, read)
	x.finish()
	return err
}

func (x *extraction) read(r io.Reader, read func() error) error {
	in, err := openInput(r)
	switch {
	case errors.Is(err, errNoObject):
		x.failf(source.Pos{}, "the file holds no JSON object",
			"It starts with %q. Expected is the output of \"terraform show -json\".", in.leading)
		x.incomplete("The file holds no JSON object.")
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", x.o.Path, err)
	}
	if in.noise {
		x.warn("text in front of the JSON document",
			fmt.Sprintf("The first %d bytes are not part of the document, as when a wrapper prints its command line; they were skipped.", in.offset))
	}
	x.s = newStream(in, x.o.Path, x.o.MaxValue)
	if err := read(); err != nil {
		if ctxErr := x.ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		d, err := x.s.diagnose(err)
		if err != nil {
			return fmt.Errorf("read %s: %w", x.o.Path, err)
		}
		x.result.Diagnostics = append(x.result.Diagnostics, d)
		x.incomplete("The file could not be read to its end, so changes may be missing.")
		return nil
	}
	return x.trailing()
}

// trailing looks at what follows the document. Wrappers print their own lines;
// anything that looks like more JSON means that the document is not what was
// written.
func (x *extraction) trailing() error {
	n, first := int64(0), byte(0)
	count := func(b []byte) {
		for _, c := range b {
			if first == 0 && c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				first = c
			}
		}
		n += int64(len(b))
	}
	end := x.s.pos(x.s.offset())
	rest := x.s.window
	count(rest)
	buf := make([]byte, 32<<10)
	for {
		m, err := x.s.in.r.Read(buf)
		count(buf[:m])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", x.o.Path, err)
		}
	}
	switch first {
	case 0:
	case '"', ',', '}', ']', '{', '[':
		x.failf(end, "more JSON follows the document",
			"The document ends at byte %d and %d bytes follow that look like JSON. Give one document per file.", end.Byte, n)
		x.incomplete("More JSON follows the document and was not read.")
	default:
		x.warn("text behind the JSON document",
			fmt.Sprintf("The last %d bytes are not part of the document, as when a wrapper prints its outputs; they were skipped.", n))
	}
	return nil
}

func (x *extraction) failf(at source.Pos, summary, detail string, args ...any) {
	x.result.Diagnostics = append(x.result.Diagnostics, diag.Diagnostic{
		Severity: diag.Error, Summary: summary, Detail: fmt.Sprintf(detail, args...),
		Subject: source.Range{Path: x.o.Path, Start: at, End: at},
	})
}

func (x *extraction) warn(summary, detail string) {
	x.result.Diagnostics = append(x.result.Diagnostics, diag.Diagnostic{
		Severity: diag.Warning, Summary: summary, Detail: detail,
		Subject: source.Range{Path: x.o.Path},
	})
}

func (x *extraction) incomplete(sentence string) {
	x.result.Incomplete = append(x.result.Incomplete, sentence)
}

// here is the place that the decoder has reached.
func (x *extraction) here() source.Pos { return x.s.pos(x.s.offset()) }
