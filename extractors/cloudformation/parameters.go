package cloudformation

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

var parameterName = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)

// IsParameterName reports whether a text can name a parameter of a template.
func IsParameterName(s string) bool { return parameterName.MatchString(s) }

// Parameters reads a file with values of parameters, JSON or YAML, in one of three
// forms: a list of {"ParameterKey": K, "ParameterValue": V} as the AWS CLI takes it, a
// map under "Parameters" as AWS CodePipeline takes it, or a plain map. The list may hold
// texts "K=V". A parameter with UsePreviousValue has no value there.
func Parameters(path string, text []byte) (map[string]string, error) {
	d := tree.Parse(path, text, tree.Limits{Bytes: 1 << 20, Nodes: 100_000})
	if d.Diagnostics.HasErrors() {
		return nil, d.Diagnostics
	}
	const want = "expected a list of {\"ParameterKey\": ..., \"ParameterValue\": ...}, or a map of names and values, by itself or under \"Parameters\""
	out := map[string]string{}
	set := func(key string, v *tree.Node) error {
		value, ok := value(v)
		if !IsParameterName(key) || !ok {
			return fmt.Errorf("%s: %q is no name of a parameter with a text for its value; %s", v.Range, key, want)
		}
		out[key] = value
		return nil
	}
	root := d.Root
	if p := root.Get("Parameters"); p != nil {
		root = p
	}
	switch root.Kind {
	case tree.Map:
		for _, f := range root.Fields {
			if err := set(f.Key, f.Value); err != nil {
				return nil, err
			}
		}
	case tree.List:
		for _, item := range root.Items {
			if text, ok := item.Text(); ok {
				key, v, found := strings.Cut(text, "=")
				if !found {
					return nil, fmt.Errorf("%s: %q has no value; %s", item.Range, text, want)
				}
				if err := set(key, tree.NewString(v, item.Range)); err != nil {
					return nil, err
				}
				continue
			}
			key, ok := item.Get("ParameterKey").Text()
			if !ok {
				return nil, fmt.Errorf("%s: no ParameterKey; %s", item.Range, want)
			}
			if previous, _ := item.Get("UsePreviousValue").Truth(); previous {
				continue
			}
			v := item.Get("ParameterValue")
			if v == nil {
				return nil, fmt.Errorf("%s: %s has no ParameterValue; %s", item.Range, key, want)
			}
			if err := set(key, v); err != nil {
				return nil, err
			}
		}
	default:
		return nil, errors.New(path + ": " + want)
	}
	return out, nil
}

// value is the text of a parameter; a list is separated by commas.
func value(v *tree.Node) (string, bool) {
	if v == nil || v.Kind != tree.List {
		return v.Text()
	}
	var parts []string
	for _, item := range v.Items {
		text, ok := item.Text()
		if !ok {
			return "", false
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ","), true
}
