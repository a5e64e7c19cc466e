// Package sam expands the resources of the AWS Serverless Application Model in a
// CloudFormation template to the plain resources that they stand for, as far as access
// goes: roles with their policies, permissions to invoke functions, policies of APIs,
// queues and topics, and the resources that these refer to. Properties that have no
// bearing on access are left out or kept as they are.
//
// The rules are those of the AWS SAM Developer Guide, "AWS SAM resources and
// properties", "Generated AWS CloudFormation resources", "AWS SAM policy templates" and
// "AWS SAM connector reference". Everything made has the place of what it was made
// from.
package sam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Transform is the name of the transform in templates.
const Transform = "AWS::Serverless-2016-10-31"

// Options say how to expand.
type Options struct {
	// Parameters are the values of parameters that are known. A parameter without one
	// has its default, unless other values are allowed or it is in Open. SAM looks at
	// parameters in few places, such as the name of an alias.
	Parameters map[string]string
	// Open are parameters whose values are set where it is not seen, as by the stack
	// around this one.
	Open map[string]bool
	// Partition is the partition of the stack, for the ARNs of policies that AWS
	// manages; "" is aws.
	Partition string
}

// Uses reports whether a template asks for the transform, or has resources that only it
// understands.
func Uses(template *tree.Node) bool {
	t := template.Get("Transform")
	if text, ok := t.Text(); ok && text == Transform {
		return true
	}
	if t != nil {
		for _, item := range t.Items {
			if text, ok := item.Text(); ok && text == Transform {
				return true
			}
		}
	}
	if resources := template.Get("Resources"); resources != nil {
		for i := range resources.Fields {
			if strings.HasPrefix(typeOf(resources.Fields[i].Value), prefix) {
				return true
			}
		}
	}
	return false
}

// Expand returns a template that gives the same access as the one given and uses none
// of the resources of SAM, nor the sections Globals and Transform of it. What cannot be
// expanded is told: a resource of an unknown type stays as it is, and in the place of a
// policy that cannot be read stands a call of Fn::Transform, whose value nobody knows.
// The tree given is not changed. Functions such as Fn::ForEach in Resources must have
// been expanded before.
func Expand(template *tree.Node, o Options) (*tree.Node, []Failure) {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	e := &expander{
		o: o, root: template, byID: map[string]int{}, written: map[string]string{}, renamed: map[string]*tree.Node{},
		apiByID: map[string]*api{}, conditioned: map[string]bool{},
	}
	if r := template.Get("Resources"); r == nil || r.Kind != tree.Map {
		return template, nil
	}
	e.expand()
	return e.finish(), e.failures
}

// Failure is something that could not be expanded.
type Failure struct {
	// Resource is the logical ID of the resource of SAM, or of the one that a connector
	// is written at; "" for the template as a whole.
	Resource string
	diag.Diagnostic
}

// expander is the state of one expansion.
type expander struct {
	o           Options
	root        *tree.Node
	out         []made
	byID        map[string]int    // index into out
	written     map[string]string // types of the resources that the template itself has
	conditions  []tree.Field      // made
	conditioned map[string]bool   // their names
	renamed     map[string]*tree.Node
	apis        []*api
	apiByID     map[string]*api
	deployments []deployment
	failures    []Failure
	current     string // the resource that is being expanded
	spent       int
}

// maxWork bounds the nodes that one expansion handles. A property of Globals counts for
// each resource, and a resource policy for each path, so that a small template may
// stand for a large one.
const maxWork = 1_000_000

// spend takes work off the bound and says whether there is any left. What is left out
// when there is none is told once.
func (e *expander) spend(n int) bool {
	if e.spent > maxWork {
		return false
	}
	if e.spent += n; e.spent <= maxWork {
		return true
	}
	e.current = ""
	e.fail(e.root.Get("Resources").Range, "the template expands to too much",
		fmt.Sprintf("At most %d values are made of the resources of SAM, and some of them are missing. Split the template.", maxWork))
	return false
}

// made is a resource of the output.
type made struct {
	field  tree.Field
	origin string // the logical ID in the template that it was made from
}

// serverless is a resource of SAM in the template.
type serverless struct {
	builder            // with the place of its key
	id      string     // logical ID
	kind    string     // the type behind AWS::Serverless::
	node    *tree.Node // the whole resource
	props   *tree.Node // its properties with those of Globals; a map
}

const prefix = "AWS::Serverless::"

// expand works through the kinds of resources in the order of SAM: events of functions
// add to APIs, and connectors look at what all others became.
func (e *expander) expand() {
	resources := e.root.Get("Resources").Fields
	var ours []*serverless
	for i := range resources {
		f := &resources[i]
		kind := typeOf(f.Value)
		e.written[f.Key] = kind
		if s := e.serverless(f, kind); s != nil {
			ours = append(ours, s)
			continue
		}
		e.put(tree.Field{Key: f.Key, At: f.At, Value: f.Value.Without("Connectors")}, f.Key)
	}
	e.findAPIs(ours)
	for _, phase := range phases {
		for _, s := range ours {
			if phase[s.kind] != nil {
				e.current = s.id
				phase[s.kind](e, s)
			}
		}
	}
	e.current = ""
	e.implicitAPIs()
	for _, s := range ours {
		if e.current = s.id; !known(s.kind) {
			e.unknownType(s)
		}
	}
	e.current = ""
	e.deploy()
	e.embeddedConnectors(resources)
	for _, s := range ours {
		if e.current = s.id; s.kind == "Connector" {
			e.connector(s)
		}
	}
}

// phases are the kinds of resources and what expands them, in the order of SAM.
// Connectors come behind all of them.
var phases = []map[string]func(*expander, *serverless){
	{"Function": (*expander).function, "WebFunction": (*expander).webFunction},
	{"StateMachine": (*expander).stateMachine},
	{"Api": (*expander).restAPI, "HttpApi": (*expander).httpAPI, "WebSocketApi": (*expander).webSocketAPI},
	{
		"SimpleTable": (*expander).simpleTable, "LayerVersion": (*expander).layerVersion,
		"Application": (*expander).application, "GraphQLApi": (*expander).graphQLAPI,
		"CapacityProvider": (*expander).capacityProvider, "NetworkConnector": (*expander).networkConnector,
		"MicroVMImage": (*expander).microVMImage,
	},
}

func known(kind string) bool {
	for _, phase := range phases {
		if phase[kind] != nil {
			return true
		}
	}
	return kind == "Connector"
}

func (e *expander) serverless(f *tree.Field, typ string) *serverless {
	kind, ours := strings.CutPrefix(typ, prefix)
	if !ours {
		return nil
	}
	s := &serverless{builder: builder{f.At}, id: f.Key, kind: kind, node: f.Value}
	s.props = e.merged(e.globals(s.kind, f.Value), f.Value.Get("Properties"))
	if s.props == nil || s.props.Kind != tree.Map {
		s.props = s.object()
	}
	return s
}

func typeOf(resource *tree.Node) string {
	t, _ := resource.Get("Type").Text()
	return t
}

// unknownType leaves a resource of a kind that is not known here as it is.
func (e *expander) unknownType(s *serverless) {
	e.fail(s.at, fmt.Sprintf("the type %s%s is not known", prefix, s.kind),
		"What it gives access to cannot be told from the template. "+processed)
	e.put(tree.Field{Key: s.id, At: s.at, Value: s.node}, s.id)
}

// processed says how to get a template in which everything is expanded.
const processed = "Deploy to a change set and give the processed template instead: aws cloudformation get-template --template-stage Processed --change-set-name NAME --stack-name STACK."

// emit adds a plain resource made from s, with the attributes that SAM hands on to
// what it makes.
func (e *expander) emit(s *serverless, at source.Range, id, typ string, properties *tree.Node) {
	e.emitWhen(s, at, id, typ, properties, s.node.Get("Condition"))
}

// emitWhen is emit under another condition; nil for none.
func (e *expander) emitWhen(s *serverless, at source.Range, id, typ string, properties, condition *tree.Node) {
	if was, ok := e.written[id]; ok && id != s.id && !mayReplace(was, typ) {
		e.fail(at, fmt.Sprintf("the logical ID %q occurs twice", id), fmt.Sprintf(
			"%s%s %q makes a resource of this logical ID, which the template has, too. SAM refuses the template. Rename the other one.", prefix, s.kind, s.id))
		return
	}
	b := builder{at}
	node := tree.NewMap(s.node.Range, b.object(
		is("Type", b.text(typ)),
		is("Condition", condition),
		is("DeletionPolicy", s.node.Get("DeletionPolicy")),
		is("UpdateReplacePolicy", s.node.Get("UpdateReplacePolicy")),
		is("Metadata", s.node.Get("Metadata")),
		is("Properties", properties),
	).Fields...)
	e.put(tree.Field{Key: id, At: at, Value: node}, s.id)
}

// mayReplace says whether a resource that SAM makes may have the logical ID of one in
// the template: the same thing with something added.
func mayReplace(was, now string) bool {
	switch was {
	case "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::Cognito::UserPool":
		return was == now
	}
	return false
}

// put adds a resource to the output; the last one of a logical ID counts.
func (e *expander) put(f tree.Field, origin string) {
	if !e.spend(f.Value.Size()) {
		return
	}
	if i, ok := e.byID[f.Key]; ok {
		e.out[i].field = f
		return
	}
	e.byID[f.Key] = len(e.out)
	e.out = append(e.out, made{f, origin})
}

// resource is a resource of the output so far, or nil.
func (e *expander) resource(id string) *tree.Node {
	if i, ok := e.byID[id]; ok {
		return e.out[i].field.Value
	}
	return nil
}

func (e *expander) fail(at source.Range, summary, detail string) {
	const most = 1000
	switch d := (diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: detail, Subject: at}); {
	case len(e.failures) < most:
		e.failures = append(e.failures, Failure{e.current, d})
	case len(e.failures) == most:
		d.Summary, d.Detail = "more than can be listed could not be expanded", "Mend what is listed first."
		e.failures = append(e.failures, Failure{"", d})
	}
}

// unread reports something that cannot be read and returns what stands for it.
func (e *expander) unread(at source.Range, what *tree.Node, summary, detail string) *tree.Node {
	e.fail(at, summary, detail)
	return builder{at}.unknown(what)
}

// unreadTemplate is unread for what is a policy template or refused: none of them denies
// anything (AWS SAM Developer Guide, "AWS SAM policy templates").
func (e *expander) unreadTemplate(at source.Range, what *tree.Node, summary, detail string) *tree.Node {
	if what.Kind == tree.Map && slices.ContainsFunc(what.Fields, func(f tree.Field) bool { return strings.HasPrefix(f.Key, "Fn::") }) {
		return e.unread(at, what, summary, detail) // a macro may make a document of it
	}
	e.fail(at, summary, detail)
	return builder{at}.unknown(what, is(eval.DeniesNothing, builder{at}.text("true")))
}

// unknown stands for what only the service can make of what is written: the call of a
// transform, which is the same when that is the same.
func (b builder) unknown(what *tree.Node, more ...entry) *tree.Node {
	return b.call("Fn::Transform", b.object(
		is("Name", b.text(Transform)), is("Parameters", b.object(append(more, is("Source", b.text(string(what.AppendJSON(nil)))))...))))
}
