package terraform

import (
	"cmp"

	"github.com/grantdiff/grantdiff/extractors"
)

// pending is a grant whose references, subject and place wait for the
// configuration, which may come behind the resource changes. A plan may have many of
// them, so what grants have in common is not held for each.
type pending struct {
	draft
	*carrier
	*seldom
	row *row
	op  *operation

	subject  namedSubject
	blocks   []string // names of the policy, before and after; they identify an inline policy
	whole    bool     // After is unknown together with the block around it
	alike    bool     // the object is the same before and after
	drop     bool
	data     bool  // of a data source
	textOpen bool  // the text of the policy is not known before the change is applied
	aside    bool  // not compared with the policies of its subject
	blanks   uint8 // sides that have to have a text and have an empty one
}

// seldom is what few grants have. Several grants may share it: own gives one its own.
type seldom struct {
	unknowns []string    // attributes whose values are not known, for the references
	former   *origins    // what the policy was attached to, where the change puts another one in its place
	check    func() bool // whether the grant counts, asked when the configuration is known
	// late completes the grant when all of the input is known. It gets the grant, which
	// may be a copy of the one it was made for.
	late func(p *pending)
}

// nothingSeldom is that of most grants.
var nothingSeldom seldom

// own is what the grant has of it, to be changed.
func (p *pending) own() *seldom {
	s := *p.seldom
	p.seldom = &s
	return p.seldom
}

// draft is a grant before it has a place; see extractors.Grant.
type draft struct {
	Address, PreviousAddress, Attribute string

	Kind          extractors.Kind
	Action        extractors.Action
	Subject       extractors.Subject
	Account, ARN  string
	Before, After pendingSide
	Attachments   *int
}

// carrier is the object that grants are of. They share it: to change it for one of them,
// apart gives that one its own.
type carrier struct {
	*instance
	object    string // address of the object in the plan
	address   string // the same as grants have it
	deposedOf string // address of the current object next to a deposed one

	attached string     // the ARN that a policy is attached to, if it is the object's own
	ownARNs  [2]string  // after and before
	regions  [2]string  // before and after, as far as its attributes tell
	homes    *[2]string // the same for what homeOf names; few objects have any
	slot     string     // what slotAttrs says of it
	homeOpen bool       // the home after is not known
	slotOpen bool       // the slot is not known
}

// noHomes are those of all other objects.
var noHomes [2]string

// carrierOf is the object as the carrier of grants, in the sense of the operation.
func (o *object) carrierOf(op operation) *carrier {
	if o.carrier != nil && o.carried == op {
		return o.carrier
	}
	c := &carrier{
		instance: o.instance(), object: o.address, address: o.grantAddress(),
		attached: attachedOf(o, op), ownARNs: sideARNs(o), regions: o.regions, homes: &noHomes,
	}
	if o.deposed != "" {
		c.deposedOf = o.address
	}
	if homes, open := homesOfObject(o, op); homes != noHomes || open {
		c.homes, c.homeOpen = &homes, open
	}
	c.slot, c.slotOpen = slotText(o, op)
	o.carrier, o.carried = c, op
	return c
}

// apart makes the carrier the grant's own.
func (p *pending) apart() {
	c, homes := *p.carrier, *p.homes
	c.homes = &homes
	p.carrier = &c
}

// grant is what the result holds of it, but for its place. Its documents are read.
func (p *pending) grant() extractors.Grant {
	g := extractors.Grant{
		Address: p.Address, PreviousAddress: p.PreviousAddress, Type: p.typ, ResourceType: p.row.CFN, Attribute: p.Attribute,
		Kind: p.Kind, Action: p.Action, Subject: p.Subject, Account: p.Account, ARN: p.ARN,
		Before: p.Before.final(), After: p.After.final(), Attachments: p.Attachments,
	}
	if p.former != nil {
		g.FormerARN, g.Remains = p.former.former, p.former.kept
	}
	if p.row.Permit != nil {
		g.Does = p.row.Permit.Does
	}
	return g
}

// instance is one instance of a resource block: the address of its module instance, and
// its own type, name and key. What is kept of one object shares it.
type instance struct{ module, typ, name, index string }

// instance is the one of the object.
func (o *object) instance() *instance {
	if o.in == nil {
		o.in = &instance{o.module, o.typ, o.name, o.index}
	}
	return o.in
}

// region is the one that the attributes of the object tell, or "".
func (p *pending) region() string { return cmp.Or(p.regions[1], p.regions[0]) }
