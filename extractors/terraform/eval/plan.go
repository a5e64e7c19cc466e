package eval

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Plan is what a plan knows of the values that the configuration refers to.
type Plan interface {
	// Variable is the value of an input variable of the root module.
	Variable(name string) (value jsontext.Value, ok bool)
	// Instances are the objects that a resource block or data source has after the
	// change in one instance of its module, and whether these are all of them. The mode
	// is managed or data.
	Instances(module, mode, typ, name string) (list []*Instance, all bool)
	// Home is where the objects of a block live.
	Home(module, mode, typ, name string) Home
}

// Instance is one object of a plan.
type Instance struct {
	Address string
	// Key is the JSON of its key: a text, a number, or nothing.
	Key jsontext.Value
	// After is what is known of the object after the change, and Unknown marks what is
	// not, in the form of after_unknown.
	After, Unknown jsontext.Value
	// Before is the object before the change, where there was one.
	Before jsontext.Value
	// Replaced: the object is made anew, under the same address.
	Replaced bool
	// Partial: not every attribute is kept.
	Partial bool
}

// Home is where something lives; what is not known is "".
type Home struct {
	Partition, Account, Region string
	// Provider names the provider configuration, "" where the plan has only one.
	Provider string
}

// Maker is a plan that also knows what the blocks of a data source for documents refer to.
type Maker interface {
	// MadeOf is what an attribute of a statement refers to: of the one with the number, of
	// as many. A name with a dot is of blocks, of which there are so many. It is nothing
	// where the configuration may have other statements or blocks than the plan.
	MadeOf(address string, statement, statements int, attribute string, blocks int) []string
}
