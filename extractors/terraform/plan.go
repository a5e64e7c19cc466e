package terraform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// planFacts are the members of a plan that say whether it shows the whole change.
type planFacts struct {
	version                      string
	hasVersion, hasChanges       bool
	nullChanges, inner           bool // a null for the changes; a plan in an unknown member
	errored, complete            bool
	hasComplete                  bool
	deferred, deferredActions    int
	planned                      bool // planned_values or the configuration name managed resources
	hasPlanned, hasConfiguration bool
}

// readPlan reads the members of a plan in whatever order they come.
func (x *extraction) readPlan() error {
	f := planFacts{complete: true}
	err := x.s.object("the plan", func(name string) error { return x.readPlanMember(name, &f) })
	x.closePlan(f, err)
	return err
}

func (x *extraction) readPlanMember(name string, f *planFacts) error {
	var err error
	switch name {
	case "format_version", "plan_format_version": // the latter in redacted plans
		f.hasVersion = true
		f.version, err = x.s.text(name)
	case "errored":
		f.errored, err = x.s.boolean(name)
	case "complete":
		f.hasComplete = true
		f.complete, err = x.s.boolean(name)
	case "variables":
		err = x.readVariables()
	case "resource_changes":
		f.hasChanges = true
		f.nullChanges = x.s.peek() == 'n'
		err = x.s.array(name, func() error { return x.readChange("") })
	case "deferred_changes":
		err = x.s.array(name, func() error { f.deferred++; return x.readDeferred() })
	case "deferred_action_invocations":
		err = x.s.array(name, func() error { f.deferredActions++; return x.s.skip() })
	case "planned_values":
		f.hasPlanned = true
		f.planned, err = x.readPlanned()
	case "configuration":
		f.hasConfiguration = true
		err = x.readConfiguration()
	case "prior_state":
		err = x.readPriorState()
	case "resource_drift":
		err = x.readDrift()
	case "terraform_version", "output_changes", "relevant_attributes",
		"checks", "timestamp", "applyable", "provider_schemas", "action_invocations":
		// "before" of a resource change is the refreshed state of the object already.
		err = x.s.skip()
	default:
		w := wrapper{x: x}
		err = w.lookDeeper()
		f.inner = f.inner || w.deep
	}
	return err
}

// closePlan judges the plan as a whole; err is what ended reading early.
func (x *extraction) closePlan(f planFacts, err error) {
	if err == nil {
		x.checkPlan(f)
	} else {
		x.checkVersion(f)
	}
	x.planIncomplete(f)
}

// checkVersion applies the promise of the format: minor versions only add. A text
// that is no version at all, as in hand-made plans, promises nothing either way;
// what can be read then counts.
func (x *extraction) checkVersion(f planFacts) {
	if !f.hasVersion || f.version == "" {
		return
	}
	majorText, minorText, _ := strings.Cut(f.version, ".")
	major, majorErr := strconv.Atoi(majorText)
	minor, minorErr := strconv.Atoi(minorText)
	isVersion := majorErr == nil && (minorErr == nil || major > 1)
	switch {
	case isVersion && (major == 1 || major == 0 && minor > 0):
	case !isVersion && f.hasChanges:
		x.warn("format_version is no version",
			fmt.Sprintf("The plan says %q, expected is 0.1 to 1.x. It is read as a plan of version 1.", limited(f.version)))
	default:
		x.failf(x.here(), "unsupported format_version",
			"The plan says %q; 0.1 to 1.x can be read. Use a grantdiff that knows this version, or an older Terraform to write the JSON.", limited(f.version))
		x.incomplete("The plan is in a format version that is not known.")
	}
}

func (x *extraction) checkPlan(f planFacts) {
	if !f.hasVersion || f.version == "" {
		if f.hasChanges || f.hasPlanned {
			x.warn("format_version is missing",
				"Some tools strip it from the output of \"terraform show -json PLANFILE\". The file is read as a plan of version 1.")
		} else {
			x.failf(x.here(), "the file holds no plan",
				"It has neither format_version nor resource_changes. Expected is the output of \"terraform show -json PLANFILE\", or an object around it.")
			x.incomplete("The file does not say that it is a plan.")
		}
	}
	x.checkVersion(f)
	switch {
	case f.hasChanges && !f.nullChanges, f.nullChanges && !f.planned:
	case f.planned || x.hasConfigResources():
		x.incomplete("The plan names resources but has no resource_changes, as after plan -refresh-only or when they were cut out.")
	case !f.hasPlanned && !f.hasConfiguration && f.hasVersion:
		x.incomplete("The plan has neither resource_changes nor planned_values nor configuration.")
	}
}

// planIncomplete says why a plan that was read does not show everything.
func (x *extraction) planIncomplete(f planFacts) {
	if f.inner {
		x.incomplete("A member of the plan that is no part of the format holds another plan, which was not read. Give each plan in a file of its own.")
	}
	if f.errored {
		x.incomplete("Planning failed half-way (errored is true), so changes are missing from the plan.")
	}
	if f.hasComplete && !f.complete {
		x.incomplete("The plan does not cover every resource (complete is false), as with -target or deferred changes; another plan and apply will be needed.")
	}
	if f.deferred > 0 {
		x.incomplete(fmt.Sprintf("Terraform put off %d resource changes to a later plan (deferred_changes).", f.deferred))
	}
	if f.deferredActions > 0 {
		x.incomplete(fmt.Sprintf("Terraform put off %d action invocations to a later plan (deferred_action_invocations).", f.deferredActions))
	}
}

// readPlanned reports whether planned_values names a managed resource.
func (x *extraction) readPlanned() (bool, error) {
	found := false
	err := x.s.object("planned_values", func(name string) error {
		if name != "root_module" {
			return x.s.skip()
		}
		return x.s.object(name, func(name string) error {
			if name != "resources" && name != "child_modules" {
				return x.s.skip()
			}
			return x.s.array(name, func() error { found = true; return x.s.skip() })
		})
	})
	return found, err
}

func (x *extraction) readDeferred() error {
	return x.s.object("a deferred change", func(name string) error {
		if name != "resource_change" {
			return x.s.skip()
		}
		return x.readChange("deferred")
	})
}

// contradicts notes a resource change whose members do not fit each other.
func (x *extraction) contradicts() {
	x.incomplete("A resource change contradicts itself, so what it changes is not known.")
}

// readChange reads one resource change and takes its grants.
func (x *extraction) readChange(where string) error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if where == "" {
		where = "a resource change"
	}
	o := &x.object
	o.clear()
	missingType, hasChange, strict := true, false, false
	defer x.s.forget()
	err := x.s.object(where, func(name string) error {
		var err error
		switch name {
		case "address":
			o.address, err = x.s.text(name)
		case "previous_address":
			o.previous, err = x.s.text(name)
		case "module_address":
			o.module, err = x.s.partOf(o.address, name)
		case "mode":
			o.mode, err = x.s.shared(name)
		case "type":
			missingType = false
			o.typ, err = x.s.shared(name)
		case "name":
			o.name, err = x.s.partOf(o.address, name)
		case "deposed":
			var v jsontext.Value
			v, err = x.s.value()
			o.deposed = deposedKey(v)
		case "index":
			var v jsontext.Value
			v, err = x.s.value()
			o.index, o.key = instanceKey(v), nil
			if !isNull(v) {
				o.key = v.Clone()
			}
		case "change":
			hasChange = true
			strict = inTables(o.typ) || o.typ == integrationType || x.keepsValues(o)
			o.raw, o.parts, err = x.s.keep(strict)
		default:
			err = x.s.skip()
		}
		return err
	})
	if err == nil && hasChange && !strict && (o.typ == "" || matters(o)) {
		err = x.s.once(o.raw)
	}
	if err != nil {
		return err
	}
	x.completeAddress(o)
	switch {
	case missingType || o.typ == "":
		x.failf(x.here(), "a resource change has no type", "The change of %q cannot be read without its type. Make the plan JSON anew.", limited(o.address))
		x.incomplete("A resource change has no type, so what it changes is not known.")
		return nil
	case !hasChange:
		x.failf(x.here(), "a resource change has no change", "What happens to %q is not in the plan. Make the plan JSON anew.", limited(o.address))
		x.incomplete("A resource change does not say what changes.")
		return nil
	case !addressFits(o):
		x.failf(x.here(), "address and type of a resource change disagree",
			"The address is %q, the type %q and the name %q. Make the plan JSON anew.", limited(o.address), limited(o.typ), limited(o.name))
		x.contradicts()
	case (o.mode == "data") != isDataAddress(o):
		x.failf(x.here(), "address and mode of a resource change disagree",
			"The address is %q, the mode %q; addresses of data sources, and only these, have \"data.\" in front of the type. Make the plan JSON anew.", limited(o.address), limited(o.mode))
		x.contradicts()
		o.mode = "managed" // whatever it is, it is compared
	}
	x.takeChange(o)
	return nil
}
