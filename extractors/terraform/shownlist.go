package terraform

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// shownList is the access control list that a resource of which nothing changes shows in a
// computed attribute. Every bucket has one, and nearly all of them come to nothing when the
// configuration tells that nothing sets them, so a grant is made of each only then, and
// dropped before the next one is made.
type shownList struct {
	at      uint32 // grants that were kept before it
	row     *row
	carrier *carrier
	name    string // of the subject
	scope   *scope // of what it shows, without the name
}

// shows is what is done with an object that shows a list.
var shows = operation{action: extractors.NoOp, existed: true, exists: true}

// takeShown keeps a list for later, where it is no more than a shownList.
func (x *extraction) takeShown(o *object, op operation, r *row, side, sensitive jsontext.Value) bool {
	f := r.Permit
	if f.named == "" || !r.self() || r.Flags&(computed|established) != computed || op != shows || o.previous != "" {
		return false
	}
	name, ok := o.str(side, f.named)
	if !ok || name == "" {
		return false
	}
	s := newScope(o, f.unnamed, side, nil, nil)
	s.sensitive = anyTrue(pickMembers(nil, sensitive, f.tops))
	if x.roomForOne() {
		x.shown = append(x.shown, shownList{uint32(len(x.pending)), r, o.carrierOf(op), name, x.sharedScope(s)})
	}
	return true
}

// sharedScope is the scope of the last list where that has the same: there is one owner of
// many buckets.
func (x *extraction) sharedScope(s scope) *scope {
	if n := len(x.shown); n > 0 && bytes.Equal(x.shown[n-1].scope.obj, s.obj) && x.shown[n-1].scope.sensitive == s.sensitive {
		return x.shown[n-1].scope
	}
	return &scope{obj: s.obj, unknown: s.unknown, sensitive: s.sensitive}
}

// grants are the grants that were kept, and those of the lists, which are made when it is
// their turn; those that come to nothing are left out where they may.
func (x *extraction) grants(all bool) iter.Seq[*pending] {
	return func(yield func(*pending) bool) {
		kept, shown := x.pending, x.shown
		for i := range len(kept) + 1 {
			for ; len(shown) > 0 && int(shown[0].at) == i; shown = shown[1:] {
				if l := &shown[0]; (all || !x.comesToNothing(l)) && !yield(x.grantOf(l)) {
					return
				}
			}
			if i < len(kept) && !yield(kept[i]) {
				return
			}
		}
	}
}

// comesToNothing reports whether a list is that of a bucket of which only its owner is told,
// as grantOf would find out at length: that is asked once of all that show the same.
func (x *extraction) comesToNothing(l *shownList) bool {
	if l.row.Permit.Code != bucketGrants {
		return false
	}
	if shown, own := x.ownerIn(l.carrier.instance); !shown && !own {
		return false
	}
	if last := &x.shownLast; last.scope != l.scope {
		m := &maker{x: x, form: l.row.Permit, root: *l.scope}
		*last = shownScope{l.scope, len(withoutOwner(m.bucketBlocks())) == 0 && m.reason == "" && m.odd == "" && m.open == nil}
	}
	return x.shownLast.nothing
}

// shownScope is what a list shows, and whether that is nothing but its owner.
type shownScope struct {
	scope   *scope
	nothing bool
}

func (x *extraction) grantOf(l *shownList) *pending {
	p := newPending(l.carrier, shows, l.row, l.row.Kind, l.row.Path)
	p.subject = namedSubject{before: l.name, after: l.name, attr: l.row.parts().nameSteps[0][0]}
	side := *l.scope
	side.obj = withMember(side.obj, l.row.Permit.named, l.name)
	p.own().late = x.latePermit(l.row, side, side, true)
	return p
}

// withMember is an object with one more member, in front.
func withMember(obj jsontext.Value, name, text string) jsontext.Value {
	b, _ := jsontext.AppendQuote([]byte{'{'}, name)
	b, _ = jsontext.AppendQuote(append(b, ':'), text)
	if rest := obj[1:]; rest[0] != '}' {
		b = append(append(b, ','), rest...)
	} else {
		b = append(b, '}')
	}
	return b
}

// managesLists reports whether the plan has something that manages access control lists:
// only that is told what lists show which come to nothing.
func (x *extraction) managesLists() bool {
	for _, p := range x.pending {
		if p.Kind == extractors.ACL && p.isManager() {
			return true
		}
	}
	return false
}

// blankList reports whether a grant is a list that shows nothing on either side.
func (p *pending) blankList() bool {
	return p.Kind == extractors.ACL && p.row.self() && p.row.Flags&computed != 0 && p.op.action == extractors.NoOp && p.Before.Absent && p.After.Absent
}
