package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/scanner"
)

// stackFlags are the flags about templates: what was there before, and what is known of
// the stack.
type stackFlags struct {
	params []string
	files  []string
}

func (f *stackFlags) add(c *cobra.Command, o *scanner.Options) {
	c.Flags().StringVar(&o.Prior, "prior", "", "what was there before, for templates and policies: a file, a folder, or git:REF (`PATH`)")
	c.Flags().StringArrayVar(&f.params, "param", nil, "value of a template parameter as `KEY=VALUE`, repeatable")
	c.Flags().StringArrayVar(&f.files, "params", nil, "`FILE` with values of template parameters, in any of the forms that AWS tools take, repeatable")
	c.Flags().StringVar(&o.Account, "account", "", "account `ID` of the stacks, 12 digits")
	c.Flags().StringVar(&o.Region, "region", "", "`REGION` of the stacks, such as eu-central-1")
	c.Flags().StringVar(&o.Partition, "partition", "", "`PARTITION` of the stacks (default: that of the region, or aws)")
}

var (
	accountForm   = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm    = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-[0-9]+$`)
	partitionForm = regexp.MustCompile(`^aws(-[a-z0-9-]+)?$`)
)

// apply checks the flags and sets the parameters. A flag counts before a file, and a
// later file before an earlier one.
func (f *stackFlags) apply(o *scanner.Options) error {
	for _, check := range []struct {
		flag, value, want string
		form              *regexp.Regexp
	}{
		{"account", o.Account, "12 digits", accountForm},
		{"region", o.Region, "a region such as eu-central-1", regionForm},
		{"partition", o.Partition, "aws, aws-cn, aws-us-gov or another of AWS", partitionForm},
	} {
		if check.value != "" && !check.form.MatchString(check.value) {
			return fmt.Errorf("--%s %q: expected %s", check.flag, check.value, check.want)
		}
	}
	o.Parameters = map[string]string{}
	for _, name := range f.files {
		text, err := scanner.ReadParameters(name)
		if err != nil {
			return err
		}
		for k, v := range text {
			o.Parameters[k] = v
		}
	}
	for _, p := range f.params {
		key, value, ok := strings.Cut(p, "=")
		if !ok || !cloudformation.IsParameterName(key) {
			return fmt.Errorf("--param %q: expected KEY=VALUE, with the name of a parameter", p)
		}
		o.Parameters[key] = value
	}
	return nil
}
