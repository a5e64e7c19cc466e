package sam_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// canonical writes a node so that what means the same reads the same: keys in order,
// lists of policies as sets, Fn::Sub and Fn::Join of known texts put together, the
// partition as aws.
func canonical(n *tree.Node) string {
	if name, arg, ok := n.Intrinsic(); ok {
		switch name {
		case "Fn::Sub":
			return canonicalSub(arg)
		case "Fn::GetAtt":
			parts := make([]string, 0, 2)
			for _, item := range arg.Items {
				parts = append(parts, item.Value)
			}
			return "<" + strings.Join(parts, ".") + ">"
		case "Ref":
			return "<" + arg.Value + ">"
		case "Fn::Join":
			if len(arg.Items) == 2 && arg.Items[1].Kind == tree.List {
				var parts []string
				for _, item := range arg.Items[1].Items {
					parts = append(parts, canonical(item))
				}
				return strings.Join(parts, arg.Items[0].Value)
			}
		}
	}
	if n == nil {
		return "nothing"
	}
	switch n.Kind {
	case tree.Map:
		var parts []string
		for i := range n.Fields {
			f := &n.Fields[i]
			value := f.Value
			switch f.Key {
			case "Action", "Resource", "NotAction", "Service", "AWS", "Statement", "aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "ManagedPolicyArns":
				parts = append(parts, f.Key+":"+canonicalSet(value, f.Key == "Action"))
				continue
			}
			parts = append(parts, f.Key+":"+canonical(value))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case tree.List:
		var parts []string
		for _, item := range n.Items {
			parts = append(parts, canonical(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return partition.Replace(n.Value)
}

var partition = strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", "<AWS::Region>", "${AWS::AccountId}", "<AWS::AccountId>")

func canonicalSet(n *tree.Node, fold bool) string {
	var parts []string
	for _, item := range items(n) {
		s := canonical(item)
		if fold {
			s = strings.ToLower(s)
		}
		parts = append(parts, s)
	}
	slices.Sort(parts)
	return "[" + strings.Join(slices.Compact(parts), ", ") + "]"
}

func canonicalSub(arg *tree.Node) string {
	text, values := arg, (*tree.Node)(nil)
	if arg.Kind == tree.List && len(arg.Items) == 2 {
		text, values = arg.Items[0], arg.Items[1]
	}
	out := text.Value
	if values != nil {
		for i := range values.Fields {
			out = strings.ReplaceAll(out, "${"+values.Fields[i].Key+"}", canonical(values.Fields[i].Value))
		}
	}
	out = partition.Replace(out)
	out = strings.ReplaceAll(out, "${", "<")
	return strings.ReplaceAll(out, "}", ">")
}

// accessOf is what the resources of a template say about access, one line for each.
func accessOf(template *tree.Node) map[string]string {
	out := map[string]string{}
	resources := template.Get("Resources")
	var pairs []string // SAM resolves some references to parameters itself
	if parameters := template.Get("Parameters"); parameters != nil {
		for i := range parameters.Fields {
			if text, ok := parameters.Fields[i].Value.Get("Default").Text(); ok {
				pairs = append(pairs, "<"+parameters.Fields[i].Key+">", text)
			}
		}
	}
	defaults := strings.NewReplacer(pairs...)
	for i := range resources.Fields {
		f := &resources.Fields[i]
		typ, _ := f.Value.Get("Type").Text()
		p := f.Value.Get("Properties")
		var said string
		switch typ {
		case "AWS::IAM::Role":
			var documents []string
			for _, one := range items(p.Get("Policies")) {
				documents = append(documents, canonicalInline(one))
			}
			slices.Sort(documents)
			said = fmt.Sprintf("trust %s managed %s inline %s boundary %s path %s", document(p.Get("AssumeRolePolicyDocument")),
				canonicalSet(p.Get("ManagedPolicyArns"), false), documents, canonical(p.Get("PermissionsBoundary")), canonical(p.Get("Path")))
		case "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy":
			said = document(p.Get("PolicyDocument")) + canonicalSet(p.Get("Roles"), false)
		case "AWS::Lambda::Permission":
			said = canonical(p)
		case "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy":
			said = document(p.Get("PolicyDocument")) + canonicalSet(p.Get("Queues"), false) + canonicalSet(p.Get("Topics"), false)
		case "AWS::ApiGateway::RestApi":
			said = canonical(p.Get("Policy")) + document(p.Path("Body", "x-amazon-apigateway-policy"))
		case "AWS::ApiGateway::DomainNameV2":
			said = canonical(p.Get("Policy"))
		case "AWS::Lambda::Url":
			said = canonical(p.Get("AuthType")) + canonical(p.Get("TargetFunctionArn"))
		case "AWS::Lambda::Function":
			said = canonical(p.Get("Role"))
		case "AWS::StepFunctions::StateMachine":
			said = canonical(p.Get("RoleArn"))
		case "AWS::AppSync::DataSource":
			said = canonical(p.Get("ServiceRoleArn"))
		case "AWS::Scheduler::Schedule":
			said = canonical(p.Path("Target", "RoleArn"))
		case "AWS::Events::Rule":
			for _, target := range items(p.Get("Targets")) {
				said += canonical(target.Get("Arn")) + canonical(target.Get("RoleArn"))
			}
		case "AWS::CodeDeploy::DeploymentGroup":
			said = canonical(p.Get("ServiceRoleArn"))
		default:
			continue
		}
		said = defaults.Replace(said)
		out[f.Key] = typ + " if " + canonical(f.Value.Get("Condition")) + ": " + said
	}
	return out
}

func document(n *tree.Node) string {
	if n == nil {
		return "nothing"
	}
	return canonical(n.Without("Version"))
}

func canonicalInline(n *tree.Node) string {
	if name, arg, ok := n.Intrinsic(); ok && name == "Fn::If" {
		return "if " + canonical(arg.Items[0]) + " " + canonicalInline(arg.Items[1]) + " else " + canonicalInline(arg.Items[2])
	}
	if n.Get("PolicyDocument") == nil {
		return canonical(n)
	}
	return document(n.Get("PolicyDocument"))
}

func items(n *tree.Node) []*tree.Node {
	if n == nil {
		return nil
	}
	if n.Kind != tree.List {
		return []*tree.Node{n}
	}
	return n.Items
}

// differences are the lines that differ between two templates.
func differences(got, want *tree.Node) []string {
	a, b := accessOf(got), accessOf(want)
	var out []string
	for id, said := range b {
		if a[id] != said {
			out = append(out, fmt.Sprintf("%s\n\tgot  %s\n\twant %s", id, a[id], said))
		}
	}
	for id, said := range a {
		if b[id] == "" {
			out = append(out, fmt.Sprintf("%s\n\tgot  %s\n\twant nothing", id, said))
		}
	}
	slices.Sort(out)
	return out
}
