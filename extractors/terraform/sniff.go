package terraform

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is what an input is, told by its content.
type Kind int

// The kinds of input.
const (
	Other      Kind = iota
	Plan            // JSON of a plan: "terraform show -json PLANFILE"
	State           // JSON of a state: "terraform show -json"
	RawState        // a state file
	BinaryPlan      // a plan file, a zip archive: needs "terraform show -json"
	PlanLog         // lines of "terraform plan -json", which hold no plan
	Wrapped         // JSON with one or more plans inside, as inputs of policy engines are
)

// String names the kind in messages.
func (k Kind) String() string {
	switch k {
	case Plan:
		return "Terraform plan as JSON"
	case State:
		return "Terraform state as JSON"
	case RawState:
		return "Terraform state file"
	case BinaryPlan:
		return "binary Terraform plan"
	case PlanLog:
		return "log of terraform plan -json"
	case Wrapped:
		return "JSON with Terraform plans inside"
	case Other:
	}
	return "no Terraform plan or state"
}

// SniffLength is a length of prefix with which Sniff sees enough of real files.
const SniffLength = 64 << 10

// Sniff tells what an input is by its first bytes. A prefix that ends within a
// document is fine as long as the names of its first members are in it.
func Sniff(prefix []byte) Kind {
	if bytes.HasPrefix(prefix, []byte("PK\x03\x04")) {
		return BinaryPlan
	}
	in, err := openInput(bytes.NewReader(prefix))
	if err != nil {
		return Other
	}
	return in.sniff()
}

func sniffDocument(text []byte) Kind {
	s := sniffer{dec: jsontext.NewDecoder(bytes.NewBuffer(text))}
	if s.dec.PeekKind() != '{' {
		return Other
	}
	names, _ := s.object(0)
	kind := kindOf(names)
	if kind == Other && s.wrapped {
		return Wrapped
	}
	return kind
}

// sniffer looks through the start of a document.
type sniffer struct {
	dec     *jsontext.Decoder
	wrapped bool // an object inside is a plan
}

// object collects the names of the members of an object. Inside of the document
// only those with the type that a plan has count. It reports whether the object
// could be read to its end.
func (s *sniffer) object(depth int) (map[string]bool, bool) {
	names := map[string]bool{}
	if _, err := s.dec.ReadToken(); err != nil {
		return names, false
	}
	for s.dec.PeekKind() == '"' {
		t, err := s.dec.ReadToken()
		if err != nil {
			return names, false
		}
		name := t.String()
		kind := s.dec.PeekKind()
		switch name {
		case "values", "root_module", "provider_config":
			names[name] = kind == '{' || depth == 0
		default:
			names[name] = depth == 0 || isPlanMember(name, kind)
		}
		inner, ok := s.value(depth + 1)
		if name == "configuration" && (inner["root_module"] || inner["provider_config"]) {
			names["configuration of a plan"] = true
		}
		if !ok {
			return names, false
		}
	}
	_, err := s.dec.ReadToken()
	return names, err == nil
}

func (s *sniffer) value(depth int) (names map[string]bool, ok bool) {
	kind := s.dec.PeekKind()
	if depth > maxWrapping || kind != '{' && kind != '[' {
		return nil, s.dec.SkipValue() == nil
	}
	if kind == '{' {
		names, ok = s.object(depth)
		s.wrapped = s.wrapped || kindOf(names) == Plan
		return names, ok
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return nil, false
	}
	for {
		switch s.dec.PeekKind() {
		case ']':
			_, err := s.dec.ReadToken()
			return nil, err == nil
		case 0:
			return nil, false
		}
		if _, ok := s.value(depth + 1); !ok {
			return nil, false
		}
	}
}

// kindOf decides by the names of the members that were seen. No name of a plan
// but the versions is in a state, and the other way round.
func kindOf(names map[string]bool) Kind {
	any := func(list ...string) bool {
		for _, n := range list {
			if names[n] {
				return true
			}
		}
		return false
	}
	switch {
	case any("@level", "@message"):
		return PlanLog
	case names["configuration of a plan"]:
		return Plan
	case any("resource_changes", "planned_values", "output_changes", "resource_drift", "prior_state"):
		return Plan
	case names["format_version"] && names["values"]:
		return State
	case names["version"] && any("lineage", "serial"):
		return RawState
	case names["format_version"] && any("terraform_version", "variables", "configuration"):
		return Plan
	}
	return Other
}
