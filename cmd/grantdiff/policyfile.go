package main

import (
	"fmt"
	"io"
	"os"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/scanner"
)

// maxPolicyFile bounds a policy file in bytes; the largest policy that AWS stores
// has 20 KB.
const maxPolicyFile = 1 << 20

// readPolicy reads a policy document; "-" is standard input.
func (s streams) readPolicy(path string, o policy.ParseOptions) (*policy.Document, error) {
	text, err := s.readFile(path)
	if err != nil {
		return nil, err
	}
	o.Path = path
	doc, diags := policy.Parse(text, o)
	for _, d := range diags {
		s.complain(d.Severity.String() + ": " + printable(d.String()))
	}
	if diags.HasErrors() {
		return nil, &scanner.InputError{Path: path, Err: fmt.Errorf("not a valid %s policy: mend the text where the messages above point", o.Kind)}
	}
	return doc, nil
}

func (s streams) readFile(path string) ([]byte, error) {
	r := s.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, &scanner.InputError{Path: path, Err: err}
		}
		defer f.Close()
		r = f
	}
	text, err := io.ReadAll(io.LimitReader(r, maxPolicyFile+1))
	if err != nil {
		return nil, &scanner.InputError{Path: path, Err: err}
	}
	if len(text) > maxPolicyFile {
		return nil, &scanner.InputError{Path: path, Err: fmt.Errorf("larger than %d bytes, which no policy is", maxPolicyFile)}
	}
	return text, nil
}

// parseKind reads the value of --type.
func parseKind(s string) (policy.Kind, error) {
	switch s {
	case "identity", "IDENTITY_POLICY":
		return policy.Identity, nil
	case "resource", "RESOURCE_POLICY":
		return policy.Resource, nil
	}
	return 0, fmt.Errorf("unknown --type %q: expected identity or resource", s)
}
