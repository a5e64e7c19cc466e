package catalog

import (
	_ "embed"
	"strings"
	"sync"
)

// Class says why an action is sensitive beyond its access level. A lower class is
// worse.
type Class uint8

// The classes of sensitive actions. The zero value is no class.
const (
	_ Class = iota
	// PrivEsc actions let their holder gain permissions that were not given.
	PrivEsc
	// CredentialExposure actions hand out credentials or secrets.
	CredentialExposure
	// DataAccess actions read stored data, not only what there is about it.
	DataAccess
)

// String returns the class in words.
func (c Class) String() string {
	switch c {
	case PrivEsc:
		return "privilege escalation"
	case CredentialExposure:
		return "credential exposure"
	case DataAccess:
		return "data access"
	}
	return "none"
}

//go:embed sensitive.txt
var sensitiveText string

var classOf = map[string]Class{"PrivEsc": PrivEsc, "CredentialExposure": CredentialExposure, "DataAccess": DataAccess}

var sensitive = sync.OnceValue(func() map[string]Class {
	out := map[string]Class{}
	var class Class
	for line := range strings.SplitSeq(sensitiveText, "\n") {
		switch {
		case line == "" || line[0] == '#':
		case strings.IndexByte(line, ':') < 0:
			class = classOf[line]
		default:
			out[strings.ToLower(line)] = class
		}
	}
	return out
})

// Sensitive tells the class of an action such as iam:PassRole, taken without
// regard to case; sensitive.txt says where the lists are from. An action may be of
// level Permissions management and of no class.
func Sensitive(action string) (Class, bool) {
	class, ok := sensitive()[strings.ToLower(action)]
	return class, ok
}
