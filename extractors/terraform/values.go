package terraform

import (
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/extractors/terraform/eval"
)

// The bounds on what is kept of a plan to work out unknown values from: bytes of one
// object, and of all of them. Of a larger object, and of those behind the first bound,
// only short texts are kept; behind the second one nothing is.
const (
	maxKeptObject = 32 << 10
	maxKeptWhole  = 16 << 20
	maxKeptAll    = 28 << 20
	maxKeptText   = 256
)

// documentType is the data source that makes policy documents of blocks.
const documentType = "aws_iam_policy_document"

// valueStore keeps what a plan knows of its objects, by block. A plan says only at its
// end what refers to what.
type valueStore struct {
	blocks map[valueBlock][]*eval.Instance
	size   int
	// lost: blocks of which not every object is kept.
	lost map[valueBlock]bool
	all  bool // nothing more is kept at all
}

type valueBlock struct{ module, mode, typ, name string }

func newValueStore() valueStore {
	return valueStore{blocks: map[valueBlock][]*eval.Instance{}, lost: map[valueBlock]bool{}}
}

// keepsValues reports whether objects are kept at all: expressions are worked out from
// sources, except that documents which the plan defers need none.
func (x *extraction) keepsValues(o *object) bool {
	return o.deposed == "" && !x.values.all && (x.hasSources() || o.mode == "data" && o.typ == documentType)
}

// hasSources reports whether there may be a configuration to work out values from.
func (x *extraction) hasSources() bool {
	switch {
	case x.o.Source != nil:
		return true
	case x.o.SourceDir == "":
		return false
	case x.sources == nil:
		found := false
		if folder, err := os.OpenRoot(x.o.SourceDir); err == nil {
			for _, dir := range x.o.rootCandidates() {
				entries, _ := fs.ReadDir(folder.FS(), dir)
				found = found || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return config.IsFile(e.Name()) })
			}
			_ = folder.Close()
		}
		x.sources = &found
	}
	return *x.sources
}

// keepValues keeps what a resource change says of its object after the change.
func (x *extraction) keepValues(o *object, op operation) {
	if !x.keepsValues(o) || !op.exists || o.name == "" {
		return
	}
	inst := &eval.Instance{Address: strings.Clone(o.address), Replaced: op.action == extractors.Replace}
	inst.Key = o.key
	after, unknown := o.after, o.unknown
	if op.action == extractors.Forget {
		after, unknown = o.before, nil
	}
	before := o.before
	if op.action == extractors.NoOp {
		before = nil
	}
	x.values.add(valueBlock{o.module, o.mode, o.typ, o.name}, inst, after, unknown, before)
}

func (s *valueStore) add(b valueBlock, inst *eval.Instance, after, unknown, before jsontext.Value) {
	size := len(after) + len(unknown)
	switch {
	case s.all:
		s.lost[b] = true
		return
	case s.size > maxKeptAll:
		s.all = true
		s.lost[b] = true
		return
	case size > maxKeptObject || s.size+size > maxKeptWhole && b.typ != documentType:
		inst.Partial = true
		after = shortTexts(after)
	default:
		after = after.Clone()
	}
	inst.After, inst.Unknown = after, unknown.Clone()
	if !isNull(before) {
		inst.Before = shortTexts(before)
	}
	s.size += len(inst.After) + len(inst.Unknown) + len(inst.Before) + len(inst.Address)
	b = valueBlock{strings.Clone(b.module), b.mode, strings.Clone(b.typ), strings.Clone(b.name)}
	s.blocks[b] = append(s.blocks[b], inst)
}

// shortTexts keeps the members of an object that are short texts.
func shortTexts(v jsontext.Value) jsontext.Value {
	out := jsontext.Value("{")
	members(v, func(name string, m jsontext.Value) bool {
		if len(m) > 0 && m[0] == '"' && len(m) <= maxKeptText {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out, _ = jsontext.AppendQuote(out, name)
			out = append(append(out, ':'), m...)
		}
		return true
	})
	return append(out, '}')
}

// keepPrior keeps what a data source had read when the plan was made.
func (x *extraction) keepPrior(o *object) {
	if o.mode != "data" || o.typ == "" || o.name == "" || isNull(o.before) {
		return
	}
	x.accounts.tell(o.module, o.typ, o.name, o.before)
	if !x.keepsValues(o) {
		return
	}
	b := valueBlock{o.module, o.mode, o.typ, o.name}
	if slices.ContainsFunc(x.values.blocks[b], func(i *eval.Instance) bool { return i.Address == o.address }) {
		return // read again during apply
	}
	x.values.add(b, &eval.Instance{Address: o.address, Key: o.key}, o.before, nil, nil)
}

// planView shows the extraction to the evaluator.
type planView struct{ x *extraction }

func (v planView) Variable(name string) (jsontext.Value, bool) {
	value, ok := v.x.variables[name]
	return value, ok
}

func (v planView) Instances(module, mode, typ, name string) ([]*eval.Instance, bool) {
	b := valueBlock{module, mode, typ, name}
	list := v.x.values.blocks[b]
	all := !v.x.values.lost[b] && !v.x.values.all && len(v.x.result.Incomplete) == 0
	// What a data source has read is in the prior state, which shows all of its
	// instances, but of some providers only what is read anew.
	return list, all && (mode == "managed" || len(list) > 0)
}

func (v planView) Home(module, mode, typ, name string) eval.Home {
	return v.x.accounts.home(module, mode, typ, name)
}
