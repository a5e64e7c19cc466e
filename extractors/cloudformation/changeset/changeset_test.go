package changeset_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/changeset"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

const (
	head = `{"ChangeSetId":"arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c/1","StackId":"arn:aws:cloudformation:eu-west-1:111122223333:stack/app/2","StackName":"app","Status":"CREATE_COMPLETE","Changes":[`
	tail = `]}`
)

func read(t *testing.T, text string) *changeset.ChangeSet {
	t.Helper()
	doc := tree.Parse("set.json", []byte(text), tree.Limits{})
	if !changeset.Is(doc.Root) {
		t.Error("not taken for a change set")
	}
	return changeset.Read(doc)
}

// change is an entry of Changes for a role.
func change(action, more string) string {
	return `{"Type":"Resource","ResourceChange":{"Action":"` + action + `","LogicalResourceId":"R","ResourceType":"AWS::IAM::Role"` + more + `}}`
}

func context(name, properties string) string {
	text := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(`{"Properties":` + properties + `}`)
	return `,"` + name + `":"` + text + `"`
}

func resources(d *tree.Document) string { return string(d.Root.Get("Resources").AppendJSON(nil)) }

func TestActions(t *testing.T) {
	t.Parallel()
	const role = `{"Type":"AWS::IAM::Role","Properties":{"Path":"/"}`
	for name, c := range map[string]struct {
		change        string
		before, after string
		incomplete    string // part of a sentence; "" for none
		diagnostic    string
	}{
		"add": {
			change("Add", context("AfterContext", `{"Path":"/"}`)),
			`{}`, `{"R":` + role + `}}`, "", "",
		},
		"modify": {
			change("Modify", context("BeforeContext", `{"Path":"/old/"}`)+context("AfterContext", `{"Path":"/"}`)),
			`{"R":{"Type":"AWS::IAM::Role","Properties":{"Path":"/old/"},"DeletionPolicy":"Delete"}}`, `{"R":` + role + `}}`, "", "",
		},
		"remove": {
			change("Remove", `,"PolicyAction":"Delete"`+context("BeforeContext", `{"Path":"/"}`)),
			`{"R":` + role + `,"DeletionPolicy":"Delete"}}`, `{}`, "", "",
		},
		"remove and retain": {
			change("Remove", `,"PolicyAction":"Retain"`+context("BeforeContext", `{"Path":"/"}`)),
			`{"R":` + role + `,"DeletionPolicy":"Retain"}}`, `{}`, "", "",
		},
		"import": {
			change("Import", context("AfterContext", `{"Path":"/"}`)),
			`{"R":` + role + `,"DeletionPolicy":"Delete"}}`, `{"R":` + role + `}}`, "", "is imported",
		},
		"sync": {
			change("SyncWithActual", context("BeforeContext", `{"Path":"/old/"}`)+context("AfterContext", `{"Path":"/"}`)),
			`{"R":` + role + `,"DeletionPolicy":"Delete"}}`, `{"R":` + role + `}}`, "", "",
		},
		"dynamic": {
			change("Dynamic", context("AfterContext", `{"Path":"/"}`)),
			`{}`, `{"R":` + role + `}}`, "What happens to R is decided", "",
		},
		"unheard of": {
			change("Rename", ``),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R after the change"}}}`, "What happens to R is decided", "",
		},
		"without values": {
			change("Modify", ``),
			`{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R before the change"},"DeletionPolicy":"Delete"}}`,
			`{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R after the change"}}}`, "", "--include-property-values",
		},
		"cut off": {
			change("Add", `,"AfterContext":"{\"Properties\":{\"Path\":\"/a`+`"`),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R after the change"}}}`, "", "cannot be read",
		},
		"taken apart": {
			change("Add", `,"AfterContext":{"Properties":{"Path":"/"}}`),
			`{}`, `{"R":` + role + `}}`, "", "",
		},
		"no text": {
			change("Add", `,"AfterContext":[1]`),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R after the change"}}}`, "", "is no text",
		},
		"known later": {
			change("Add", context("AfterContext", `{"Path":"{{changeSet:KNOWN_AFTER_APPLY}}","Tags":["${aws:username}-{{changeSet:KNOWN_AFTER_APPLY}}/*","{{changeSet:KNOWN_AFTER_APPLY}}"]}`)),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Path":{"Ref":"R.Path"},` +
				`"Tags":[{"Fn::Sub":["${!aws:username}-${Part1}/*",{"Part1":{"Ref":"R.Tags.0 after 2"}}]},{"Ref":"R.Tags.1 after 3"}]}}}`, "", "",
		},
		"a key known later": {
			change("Add", context("AfterContext", `{"Condition":{"{{changeSet:KNOWN_AFTER_APPLY}}:sub":"x"}}`)),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Condition":{"Ref":"R.Condition"}}}}`, "", "",
		},
		"what looks like a call": {
			change("Add", context("AfterContext", `{"Path":{"Ref":"X"}}`)),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Path":{"Ref":"R.Path"}}}}`, "", `R.Path holds "Ref"`,
		},
		"values as they are": {
			change("Add", context("AfterContext", `{"A":012,"B":[true,null],"C":"${aws:username}"}`)),
			`{}`, `{"R":{"Type":"AWS::IAM::Role","Properties":{"Ref":"R after the change"}}}`, "", "cannot be read",
		},
		"nested stack": {
			`{"Type":"Resource","ResourceChange":{"Action":"Modify","LogicalResourceId":"N","ResourceType":"AWS::CloudFormation::Stack","ChangeSetId":"arn:aws:cloudformation:eu-west-1:111122223333:changeSet/n/9"` +
				context("BeforeContext", `{}`) + context("AfterContext", `{}`) + `}}`,
			`{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{},"DeletionPolicy":"Delete"}}`, `{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{}}}`,
			"--change-set-name arn:aws:cloudformation:eu-west-1:111122223333:changeSet/n/9", "",
		},
		"twice": {
			change("Add", context("AfterContext", `{"Path":"/"}`)) + "," + change("Add", context("AfterContext", `{}`)),
			`{}`, `{"R":` + role + `}}`, "two changes of R", "occurs twice",
		},
		"no resource": {
			`{"Type":"Resource","ResourceChange":{"Action":"Add"}}`, `{}`, `{}`, "without a resource", "names no resource",
		},
		"another type": {
			`{"Type":"Module"}`, `{}`, `{}`, "type that is not known: Module", "is not read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c2 := read(t, head+c.change+tail)
			if diff := cmp.Diff(c.before, resources(c2.Before)); diff != "" {
				t.Errorf("before (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.after, resources(c2.After)); diff != "" {
				t.Errorf("after (-want +got):\n%s", diff)
			}
			checkSaid(t, "incomplete", c.incomplete, strings.Join(c2.Incomplete, "\n"))
			var said []string
			for _, d := range c2.Diagnostics {
				said = append(said, d.String())
			}
			checkSaid(t, "diagnostics", c.diagnostic, strings.Join(said, "\n"))
			if c2.Account != "111122223333" || c2.Region != "eu-west-1" || c2.Partition != "aws" || c2.StackName != "app" {
				t.Errorf("stack %q of %q in %q (%q)", c2.StackName, c2.Account, c2.Region, c2.Partition)
			}
		})
	}
}

func checkSaid(t *testing.T, what, want, got string) {
	t.Helper()
	if want == "" && got != "" || !strings.Contains(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, incomplete, diagnostic string }{
		"a page":         {`{"ChangeSetName":"c","Changes":[],"NextToken":"x"}`, "one page of several", ""},
		"being made":     {`{"ChangeSetName":"c","Changes":[],"Status":"CREATE_IN_PROGRESS"}`, "still being made", ""},
		"no changes":     {`{"ChangeSetName":"c","Changes":[],"Status":"FAILED"}`, "", ""},
		"null token":     {`{"ChangeSetName":"c","Changes":[],"NextToken":null}`, "", ""},
		"as yaml":        {"ChangeSetName: c\nChanges: []\n", "", ""},
		"the end is cut": {`{"ChangeSetName":"c","Changes":[`, "could not be read as a whole", "ends too early"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := read(t, c.text)
			checkSaid(t, "incomplete", c.incomplete, strings.Join(got.Incomplete, "\n"))
			var said []string
			for _, d := range got.Diagnostics {
				said = append(said, d.String())
			}
			checkSaid(t, "diagnostics", c.diagnostic, strings.Join(said, "\n"))
		})
	}
}

// TestUnknownValuesAreDistinct: no two values that are not known are taken for equal.
func TestUnknownValuesAreDistinct(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	text := head
	for i, id := range []string{"A", "B", "A.P", long, long + "y"} {
		if i > 0 {
			text += ","
		}
		text += strings.Replace(change("Modify", context("BeforeContext", `{"P":"{{changeSet:KNOWN_AFTER_APPLY}}"}`)+
			context("AfterContext", `{"P":"{{changeSet:KNOWN_AFTER_APPLY}}","P after 2":"{{changeSet:KNOWN_AFTER_APPLY}}"}`)), `"R"`, `"`+id+`"`, 1)
	}
	c := read(t, text+tail)
	names := map[string]bool{}
	for _, f := range c.After.Root.Get("Parameters").Fields {
		if names[f.Key] {
			t.Errorf("%q occurs twice", f.Key)
		}
		names[f.Key] = true
	}
	if len(names) != 15 {
		t.Errorf("%d values, want 15", len(names))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + change("Modify", context("BeforeContext", `{"P":"a"}`)+context("AfterContext", `{"P":"{{changeSet:KNOWN_AFTER_APPLY}}"}`)) + tail)
	f.Add(head + change("Import", `,"AfterContext":{"Properties":{"A":[1,{"B":null}]}}`) + tail)
	f.Add(`{"ChangeSetName":"c","Changes":[{"ResourceChange":{"LogicalResourceId":"A","ResourceType":"T","Action":"Dynamic"}}],"NextToken":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		doc := tree.Parse("set.json", []byte(text), tree.Limits{Bytes: 1 << 16, Depth: 50, Nodes: 10_000})
		if doc.Root == nil || !changeset.Is(doc.Root) {
			return
		}
		c := changeset.Read(doc)
		for _, d := range []*tree.Document{c.Before, c.After} {
			if d.Root.Get("Resources") == nil {
				t.Error("a side without resources")
			}
			if strings.Contains(string(d.Root.Get("Resources").AppendJSON(nil)), "{{changeSet:KNOWN_AFTER_APPLY}}") && !strings.Contains(text, "Metadata") {
				t.Error("a value that is known later is taken for a text")
			}
		}
	})
}
