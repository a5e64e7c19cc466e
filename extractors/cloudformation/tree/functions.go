package tree

import "strings"

// shortTags are the short forms of the intrinsic functions and what they stand for (AWS
// CloudFormation User Guide, "Intrinsic function reference").
var shortTags = map[string]string{
	"!And": "Fn::And", "!Base64": "Fn::Base64", "!Cidr": "Fn::Cidr", "!Condition": "Condition",
	"!Equals": "Fn::Equals", "!FindInMap": "Fn::FindInMap", "!GetAtt": "Fn::GetAtt", "!GetAZs": "Fn::GetAZs",
	"!If": "Fn::If", "!ImportValue": "Fn::ImportValue", "!Join": "Fn::Join", "!Length": "Fn::Length",
	"!Not": "Fn::Not", "!Or": "Fn::Or", "!Ref": "Ref", "!Select": "Fn::Select", "!Split": "Fn::Split",
	"!Sub": "Fn::Sub", "!ToJsonString": "Fn::ToJsonString", "!Transform": "Fn::Transform",
	"!GetStackOutput": "Fn::GetStackOutput",
}

// normal gives the one form of a call that has several: the text "A.B.C" of GetAtt is
// the list of A and "B.C".
func normal(n *Node) *Node {
	if n.Kind != Map || len(n.Fields) != 1 || n.Fields[0].Key != "Fn::GetAtt" {
		return n
	}
	arg := n.Fields[0].Value
	if arg.Kind != String {
		return n
	}
	resource, attribute, ok := strings.Cut(arg.Value, ".")
	if !ok {
		return n
	}
	at := n.Fields[0].At
	list := NewList(arg.Range, NewString(resource, arg.Range), NewString(attribute, arg.Range))
	return NewMap(n.Range, Field{Key: "Fn::GetAtt", At: at, Value: list})
}
