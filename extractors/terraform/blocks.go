package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/source"
)

// blockForm says which settings hold access back, and with which values.
type blockForm struct {
	// Does completes "It ...".
	Does string
	// Name is what the settings are called together, where their row begins with the
	// first of several attributes; empty for the path of the row.
	Name string
	// Settings are the attributes that are settings, separated by bars: one is in force
	// when it is true. Dots lead into nested blocks. NAME[] is a list whose entries are
	// the settings in force, and NAME:VALUE=SETTING+SETTING,VALUE=... an enumeration
	// with the settings that its values put in force; other values put none. PATH= is a
	// value that holds back what does not fit it, such as the id of a network: another
	// value is another setting, named after the first step and the value.
	Settings string
	// DefaultOn: what is not set is in force.
	DefaultOn bool
	// Own: what the settings protect goes together with the object.
	Own bool
}

// pendingBlock is a block whose subject and place wait for the configuration.
type pendingBlock struct {
	extractors.Block
	p *pending // of which only the subject, the account and the place count
}

// takeBlock takes the block that one row makes of an object.
func (x *extraction) takeBlock(o *object, op operation, r *row, before, after, unknown jsontext.Value) {
	p := x.newPending(o, op, r, resource, cmp.Or(r.Block.Name, r.Path))
	p.subject = subjectNames(o, r, before, after, unknown, op)
	b := &pendingBlock{p: p}
	reads := r.Block.reads()
	if op.existed {
		b.Before, _ = r.Block.inForce(newScope(o, topsOf(reads), before, nil, nil))
	}
	if op.exists {
		var open []string
		if b.After, open = r.Block.inForce(newScope(o, topsOf(reads), after, unknown, nil)); len(open) > 0 {
			p.own().unknowns = open
			b.Unknown = &extractors.Unknown{Reason: "A setting that holds access back is not known before the change is applied."}
		}
	}
	if len(b.Before)+len(b.After) == 0 && b.Unknown == nil && !(op.writes() && r.overwritesBlock()) {
		return // it holds nothing back
	}
	x.keepBlock(b)
	if op.forgotten { // the old object stays in place next to the new one
		old, q := *b, *p
		q.Address = fmt.Sprintf("%s (forgotten object)", o.address)
		q.PreviousAddress, q.Action = "", extractors.Forget
		q.subject.after, q.subject.unknown = q.subject.before, false
		old.p, old.After, old.Unknown = &q, old.Before, nil
		x.keepBlock(&old)
	}
}

func (x *extraction) keepBlock(b *pendingBlock) {
	if x.roomForOne() {
		x.blocks = append(x.blocks, b)
	}
}

// reads are the attributes that the form looks at.
func (f *blockForm) reads() []string {
	var list []string
	for _, s := range strings.Split(f.Settings, "|") {
		name, _, _ := strings.Cut(s, ":")
		list = append(list, strings.TrimSuffix(strings.TrimSuffix(name, "[]"), "="))
	}
	return list
}

// inForce lists the settings in force, sorted, and the attributes that are not known.
func (f *blockForm) inForce(s scope) (settings, open []string) {
	for _, setting := range strings.Split(f.Settings, "|") {
		path, values, isEnum := strings.Cut(setting, ":")
		path, isList := strings.CutSuffix(path, "[]")
		path, isValue := strings.CutSuffix(path, "=")
		steps := strings.Split(path, ".")
		name := steps[len(steps)-1]
		leaves := s.leaves(steps, isList)
		for _, l := range leaves {
			text, _ := str(l.value)
			switch {
			case l.unknown:
				open = append(open, steps[0])
			case isEnum:
				settings = append(settings, enumerated(values, text)...)
			case isList:
				settings = append(settings, text)
			case isValue && text != "":
				settings = append(settings, fmt.Sprintf("%s (%s)", steps[0], text))
			case isTrue(l.value) || strings.EqualFold(text, "true"):
				settings = append(settings, name)
			}
		}
		if len(leaves) == 0 && f.DefaultOn {
			settings = append(settings, name)
		}
	}
	slices.Sort(settings)
	return slices.Compact(settings), open
}

// enumerated are the settings that a value puts in force.
func enumerated(values, text string) []string {
	for _, v := range strings.Split(values, ",") {
		if name, settings, _ := strings.Cut(v, "="); name == text {
			return strings.Split(settings, "+")
		}
	}
	return nil
}

// resolveBlocks completes the blocks with their subjects and takes those apart that
// leave one subject for another: the old one loses them.
func (x *extraction) resolveBlocks() {
	for _, b := range x.blocks[:len(x.blocks):len(x.blocks)] {
		p, f := b.p, b.p.row.Block
		x.resolveSubject(p)
		x.placeAccount(p)
		if b.Unknown != nil {
			b.Unknown.References = x.referencesOf(p)
		}
		if f.Own && !p.op.exists {
			p.Subject.Gone = true
		}
		if !x.moved(p) {
			continue
		}
		if !p.op.forgotten {
			left := *b
			left.p, left.After, left.Unknown = x.left(p), nil, nil
			x.keepBlock(&left)
		}
		b.Before = nil
		x.arrive(p)
	}
	x.settleOverwrittenBlocks()
	x.blocks = slices.DeleteFunc(x.blocks, func(b *pendingBlock) bool {
		return len(b.Before)+len(b.After) == 0 && b.Unknown == nil
	})
	x.settleOwnership()
}

// settleOwnership leaves access control lists out on a side where the bucket has none
// (Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your
// bucket": with the setting BucketOwnerEnforced they no longer affect access).
func (x *extraction) settleOwnership() {
	type sides struct{ before, after bool }
	owned := map[string]*sides{}
	for _, b := range x.blocks {
		if b.p.row.Type != "aws_s3_bucket_ownership_controls" && b.p.row.Path != "ownership_controls.rules.object_ownership" {
			continue
		}
		for _, k := range subjectKeys(b.p) {
			s := cmp.Or(owned[k], &sides{})
			owned[k] = s
			s.before = s.before || slices.Contains(b.Before, bucketOwnerEnforced)
			s.after = s.after || slices.Contains(b.After, bucketOwnerEnforced) && b.Unknown == nil
		}
	}
	if len(owned) == 0 {
		return
	}
	for _, p := range x.pending {
		if p.Kind != extractors.ACL || p.Subject.Kind != "bucket" {
			continue
		}
		for _, k := range subjectKeys(p) {
			if s := owned[k]; s != nil {
				if s.before {
					p.Before = pendingSide{Absent: true}
				}
				if s.after {
					p.After = pendingSide{Absent: true}
				}
			}
		}
	}
}

const bucketOwnerEnforced = "BucketOwnerEnforced"

// subjectKeys are what a subject is known by.
func subjectKeys(p *pending) []string {
	var keys []string
	if p.Subject.Address != "" {
		keys = append(keys, "address\x00"+p.Subject.Address)
	}
	if p.Subject.Name != "" {
		keys = append(keys, "name\x00"+p.Subject.Name)
	}
	return keys
}

// finishBlocks gives the blocks away.
func (x *extraction) finishBlocks(places *sourceMap) {
	seen := make(map[[2]string]bool, len(x.blocks))
	for _, pb := range x.blocks {
		p, b := pb.p, pb.Block
		b.Address, b.PreviousAddress, b.Type, b.Attribute = p.Address, p.PreviousAddress, p.typ, p.Attribute
		b.Action, b.Subject, b.Account, b.Does = p.Action, p.Subject, p.Account, p.row.Block.Does
		if b.Action == extractors.NoOp && (b.Unknown != nil || !slices.Equal(b.Before, b.After)) {
			b.Action = extractors.Update // whatever the plan calls it
		}
		key := [2]string{b.Address, b.Attribute}
		if seen[key] {
			x.failf(source.Pos{}, "a resource occurs twice", "The address %q (attribute %s) has several changes. Make the plan JSON anew.", limited(b.Address), limited(b.Attribute))
			x.incomplete("A resource occurs twice, so it is not known which change holds.")
		}
		seen[key] = true
		b.Written = places.origin(p)
		x.result.Blocks = append(x.result.Blocks, b)
	}
	x.blocks = nil
}
