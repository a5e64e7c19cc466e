package sam

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// retired are services and actions that policy templates still name and the catalogue
// of AWS no longer has.
var retired = []string{
	"athena:GetExecutionEngine", "athena:GetExecutionEngines", "athena:GetCatalogs", "athena:GetNamespace",
	"athena:GetNamespaces", "athena:GetTable", "athena:GetTables", "mobileanalytics:PutEvents",
	"sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessageBatch",
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// TestPolicyTemplateTable holds the table to its own rules.
func TestPolicyTemplateTable(t *testing.T) {
	t.Parallel()
	if len(policyTemplates) != 81 {
		t.Errorf("%d policy templates, want 81", len(policyTemplates))
	}
	seen := map[string]bool{}
	for _, p := range policyTemplates {
		if seen[p.Name] {
			t.Errorf("%s occurs twice", p.Name)
		}
		seen[p.Name] = true
		if len(p.Statements) == 0 {
			t.Errorf("%s has no statement", p.Name)
		}
		used := map[string]bool{}
		for _, s := range p.Statements {
			checkActions(t, p.Name, s)
			text := s.Resources
			if s.Condition != nil {
				text += " " + s.Condition.Value
			}
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if !strings.HasPrefix(m[1], "AWS::") && !slices.Contains(p.Parameters, m[1]) {
					t.Errorf("%s: ${%s} is no parameter", p.Name, m[1])
				}
				used[m[1]] = true
			}
		}
		for _, name := range p.Parameters {
			if !used[name] {
				t.Errorf("%s does not use its parameter %s", p.Name, name)
			}
		}
	}
}

func checkActions(t *testing.T, name string, s statement) {
	t.Helper()
	for action := range strings.FieldsSeq(s.Actions) {
		known := slices.Contains(retired, action)
		for range catalog.Match(action) {
			known = true
			break
		}
		if !known {
			t.Errorf("%s: the catalogue has no action %s", name, action)
		}
	}
}

// TestConnectionTable holds the table of connectors to the same rules.
func TestConnectionTable(t *testing.T) {
	t.Parallel()
	known := []string{"SourceArn", "SourceId", "SourceQualifier", "DestinationArn", "DestinationName"}
	seen := map[string]bool{}
	for _, c := range connections {
		key := c.Source + " to " + c.Destination
		if seen[key] {
			t.Errorf("%s occurs twice", key)
		}
		seen[key] = true
		for _, s := range slices.Concat(c.Read, c.Write) {
			checkActions(t, key, s)
			for _, m := range placeholder.FindAllStringSubmatch(s.Resources+c.SourceArn, -1) {
				if !strings.HasPrefix(m[1], "AWS::") && !slices.Contains(known, m[1]) {
					t.Errorf("%s: ${%s} is nothing of an end", key, m[1])
				}
			}
		}
		service := c.Form == functionPermission || c.Form == queuePolicy || c.Form == topicPolicy
		if service != (c.Principal != "") || service != (c.SourceArn != "") {
			t.Errorf("%s: a principal and the ARN of the source go with the form %s, and with no other", key, c.Form)
		}
		if service && (len(c.Write) != 1 || c.Read != nil) {
			t.Errorf("%s: the form %s has one statement for Write", key, c.Form)
		}
	}
}

// TestPolicyTemplatesAreDocuments fills each template in and reads what comes out as a
// policy.
func TestPolicyTemplatesAreDocuments(t *testing.T) {
	t.Parallel()
	for _, p := range policyTemplates {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			var values []tree.Field
			for _, name := range p.Parameters {
				value := "thing"
				if strings.HasSuffix(name, "Arn") {
					value = "arn:aws:acm:eu-west-1:111122223333:certificate/thing"
				}
				values = append(values, tree.Field{Key: name, Value: tree.NewString(value, source.Range{})})
			}
			e := &expander{}
			doc := e.fillIn(p, tree.Field{Key: p.Name, Value: tree.NewMap(source.Range{}, values...)})
			if len(e.failures) > 0 {
				t.Fatal(e.failures)
			}
			text := withoutSub(doc).AppendJSON(nil)
			_, ds := policy.Parse(text, policy.ParseOptions{Kind: policy.Identity})
			if ds.HasErrors() {
				t.Errorf("%s\n%v", text, ds)
			}
			for i, name := range p.Parameters {
				if said := fillInWithout(p, values, i); len(said) != 1 || !strings.Contains(said[0], name) {
					t.Errorf("without %s: %q", name, said)
				}
			}
		})
	}
}

// fillInWithout says what is told when a parameter is missing.
func fillInWithout(p policyTemplate, values []tree.Field, i int) []string {
	e := &expander{}
	rest := slices.Delete(slices.Clone(values), i, i+1)
	e.fillIn(p, tree.Field{Key: p.Name, Value: tree.NewMap(source.Range{}, rest...)})
	var out []string
	for _, d := range e.failures {
		out = append(out, d.Summary)
	}
	return out
}

// withoutSub replaces calls of Fn::Sub by their text with everything put in.
func withoutSub(n *tree.Node) *tree.Node {
	if name, arg, ok := n.Intrinsic(); ok && name == "Fn::Sub" {
		text, values := arg, (*tree.Node)(nil)
		if arg.Kind == tree.List {
			text, values = arg.Items[0], arg.Items[1]
		}
		out := strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", "eu-west-1", "${AWS::AccountId}", "111122223333").Replace(text.Value)
		if values != nil {
			for i := range values.Fields {
				out = strings.ReplaceAll(out, "${"+values.Fields[i].Key+"}", values.Fields[i].Value.Value)
			}
		}
		return tree.NewString(out, n.Range)
	}
	switch n.Kind {
	case tree.List:
		items := make([]*tree.Node, len(n.Items))
		for i, item := range n.Items {
			items[i] = withoutSub(item)
		}
		return tree.NewList(n.Range, items...)
	case tree.Map:
		fields := slices.Clone(n.Fields)
		for i := range fields {
			fields[i].Value = withoutSub(fields[i].Value)
		}
		return tree.NewMap(n.Range, fields...)
	}
	return n
}
