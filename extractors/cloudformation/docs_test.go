package cloudformation

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/internal/catalog"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/cloudformation.md")

const (
	docsPage = "../../docs/cloudformation.md"
	docsMark = "<!-- What follows is made from the tables: go test ./extractors/cloudformation -update -->\n"
)

// TestDocs holds the page to the tables.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(page), docsMark)
	if !found {
		t.Fatalf("%s lacks the line %q", docsPage, docsMark)
	}
	want := head + docsMark + tablesText()
	if *update {
		if err := os.WriteFile(docsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(page)); diff != "" {
		t.Errorf("run go test ./extractors/cloudformation -update (-want +got):\n%s", diff)
	}
}

type section struct {
	title, text string
	head        []string
	lines       [][]string
}

func tablesText() string {
	var b strings.Builder
	b.WriteString("\n`Condition`, `Fn::ForEach`")
	for _, f := range eval.Functions {
		fmt.Fprintf(&b, ", `%s`", f)
	}
	b.WriteString(`. Dynamic references (` + "`{{resolve:...}}`" + `), ` + "`Fn::ImportValue`" + `, ` + "`Fn::GetAZs`" + ` and attributes that no table knows are symbols.

## What is not read

- ` + "`Fn::Transform`, `AWS::Include`" + ` and macros run in the account: what they make is ` + "`unresolved-policy`" + `, and a macro over the whole template
  leaves the input undecided. Give the processed template: ` + "`aws cloudformation get-template --stack-name NAME --template-stage Processed`" + `.
- A loop (` + "`Fn::ForEach`" + `) over a list that is not known, unless it is the same on both sides.
- Nested stacks whose template is not a local file below the source folder: that they change is told.
- Modules (types that end in ` + "`::MODULE`" + `): that one is new or changes is told. Give the processed template, or a change set.
- ` + "`Rules`" + `, ` + "`Metadata`" + ` (except ` + "`grantdiff`" + ` and ` + "`aws:cdk:path`" + `), and resources that are imported.
- What a custom resource does: its function may call IAM or set policies, also where its properties name the calls, as those of
  ` + "`Custom::AWS`" + ` from the CDK do. Nothing is told of it unless a property looks like a policy.
- Interface descriptions of APIs in files (` + "`BodyS3Location`" + `): that the place is another or new is told. Where an operation of an API sends
  its calls (integrations), and a guarded route that moves to another API, which was open before.
- What exists in the account and is in no template.

A property of a type that is in no table and looks like a policy is told when it changes.

## Accepting a finding

In YAML, a comment ` + "`# grantdiff:ignore RULE reason`" + ` at the end of a line, or above it and indented no deeper, is about what that line writes:

- The key of the resource, or another line of it outside of ` + "`Properties`" + ` (` + "`Type`, `Condition`, `Metadata`, `Properties:`" + ` itself): the whole resource. Above
  a loop, all that it makes.
- A line of a statement: that statement; of several on one line, each. At ` + "`Fn::If`" + `, whichever statement it gives; inside of it, the one of that branch.
- Another line of a policy document, or of the entry that holds it (` + "`PolicyDocument:`, `Version`, `Statement:`, `PolicyName`" + `): that document.
- The key of a property, such as ` + "`Policies:`" + `: all that it holds, also what the change takes from it.
- An entry of a list, such as ` + "`ManagedPolicyArns`" + `: what that entry brings. A setting that is lost, if no other is.
- A property that a resource has access by and that is no policy: that access. An entry of it: what is made of that entry alone.

It is about nothing else: not about another document, entry or branch, nor a policy that leaves the list, nor the resource. A line that only closes
brackets, or is an alias, says nothing. Of what SAM makes, the role with its trust policy is the function's, and accepted at its key; policies are those of the
lines in ` + "`Policies`" + `; what it makes of an event or of ` + "`FunctionUrlConfig`" + ` is accepted there, not at the function. In either notation, for the whole resource:

` + "```yaml" + `
Metadata:
  grantdiff:
    ignore:
      - {rule: new-access, reason: break-glass role}
` + "```" + `

`)
	documents := section{"Policy documents", "Compared statement by statement: as an object, a JSON text, `Fn::Sub` over a JSON text, or `Fn::ToJsonString`.", []string{"Type", "Property", "Kind", "Policy of", "Remarks"}, nil}
	links := section{"Links", "What they lead to counts for their subject.", []string{"Type", "Property", "Link", "Of", "To"}, nil}
	permits := section{"Statements", "Compared as the statements that they amount to; `{Property}` is the value of a property.", []string{"Type", "Property", "It", "On", "Statements"}, nil}
	blocks := section{"Settings that hold access back", "Compared setting by setting, and taken into account when access is public.", []string{"Type", "Property", "It"}, nil}
	told := section{"Told only", "That they change is said, as access that could not be compared.", []string{"Type", "Property", "It"}, nil}
	types := map[string]bool{}
	for _, r := range rows() {
		types[r.Type] = true
		line := []string{code(r.Type), code(r.Path)}
		of := r.Subject
		if r.Of != "" {
			of += " (" + code(r.Of) + ")"
		}
		switch {
		case r.Link != nil && r.Link.Self:
			links.lines = append(links.lines, append(line, string(r.Link.Kind), r.Subject+" ("+code(r.Path)+")", r.Link.Target+" (itself)"))
		case r.Link != nil:
			if r.Link.Within != "" {
				of += " in account " + code(r.Link.Within)
			}
			links.lines = append(links.lines, append(line, string(r.Link.Kind), of, r.Link.Target))
		case r.Block != nil:
			blocks.lines = append(blocks.lines, append(line, r.Block.Does))
		case r.Told != nil:
			does := r.Told.Does
			if r.Told.Except != "" {
				does += ", except with " + code(r.Told.Except)
			}
			if r.Told.Stays {
				does += " (only of a resource that is there before and after)"
			}
			told.lines = append(told.lines, append(line, does))
		case r.Permit != nil:
			text := code(r.Permit.Text)
			switch {
			case r.Permit.Operations:
				text = "one for each operation that everyone may call"
			case r.Permit.Text == "":
				text = "the statement as it is"
			}
			if r.Permit.Yields {
				text += "; a resource policy decides in its place"
			}
			permits.lines = append(permits.lines, append(line, r.Permit.Does, of, text))
		default:
			documents.lines = append(documents.lines, append(line, string(r.Kind), of, remarks(&r)))
		}
	}
	fmt.Fprintf(&b, "## Types\n\n%d resource types carry access; `Ref` and `Fn::GetAtt` of %d types have the shape that the service gives them.\n", len(types), len(eval.ShapeTypes()))
	for _, s := range []section{documents, links, permits, blocks, told} {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| %s |\n|%s\n", s.title, s.text, strings.Join(s.head, " | "), strings.Repeat(" --- |", len(s.head)))
		slices.SortStableFunc(s.lines, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		for _, l := range s.lines {
			for i := range l {
				l[i] = strings.ReplaceAll(l[i], "|", `\|`)
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(l, " | "))
		}
	}
	return b.String()
}

func code(s string) string { return "`" + s + "`" }

func remarks(r *row) string {
	var out []string
	for _, f := range []struct {
		flag flags
		text string
	}{
		{keyDefault, "without one, the default key policy holds"},
		{mountDefault, "without one, whoever reaches a mount target has all of it"},
		{openDefault, "without one, everything passes"},
		{session, "without one, all that the role gives is allowed"},
		{shared, "counts where it is attached"},
		{organization, "by `Type`, an SCP, an RCP, or not in this language"},
		{accessList, "a canned list, as the statements that it amounts to"},
		{body, "`x-amazon-apigateway-policy` in it"},
	} {
		if r.Flags&f.flag != 0 {
			out = append(out, f.text)
		}
	}
	return strings.Join(out, "; ")
}

// TestTable holds the rows to what they refer to.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rows() {
		key := fmt.Sprint(r.Type, " ", r.Path, " ", r.Kind, " ", r.Subject, " ", r.Link != nil, r.Permit != nil, r.Told != nil)
		if seen[key] {
			t.Errorf("%s occurs twice", key)
		}
		seen[key] = true
		if r.Subject == "" || r.Path == "" || !strings.Contains(r.Type, "::") {
			t.Errorf("%+v is not complete", r)
		}
		if r.Kind == extractors.Resource && r.Permit == nil && r.Told == nil && r.CFN == "" {
			t.Errorf("%s: the type of the resource is missing", r.Type)
		}
		if r.Permit == nil || r.Permit.Text == "" {
			continue
		}
		for _, s := range parsePermit(r.Permit.Text) {
			for _, a := range s.do {
				if strings.ContainsAny(a, "{") || strings.Contains(a, "*") {
					continue
				}
				if _, ok := catalog.Lookup(a); !ok {
					t.Errorf("%s: there is no action %s", r.Type, a)
				}
			}
		}
	}
}
