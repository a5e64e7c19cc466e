package terraform

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// fieldAttrs are the attributes from which documents are made.
var fieldAttrs = []string{
	"action", "principal", "source_arn", "source_account", "principal_org_id",
	"function_url_auth_type", "event_source_token", "invoked_via_function_url",
	"function_name", "qualifier", "statement_id", "layer_name", "version_number",
	"organization_id", "event_bus_name", "condition",
}

// fields is one side of a resource whose document is made from its fields. Unset
// strings are null or empty, which mean the same.
type fields struct {
	values   map[string]string
	unknown  map[string]bool
	odd      string // an attribute that is neither a string nor unset
	cond     []eventCondition
	condLost bool // the condition block is not known
}

type eventCondition struct{ operator, key, value string }

func readFields(obj, unknown jsontext.Value) fields {
	f := fields{values: map[string]string{}, unknown: map[string]bool{}}
	relevant := map[string]bool{}
	for _, n := range fieldAttrs {
		relevant[n] = true
	}
	members(obj, func(name string, v jsontext.Value) bool {
		if !relevant[name] || isNull(v) {
			return true
		}
		switch {
		case name == "condition":
			f.readConditions(v)
		case v[0] == '"':
			f.values[name] = unquote(v)
		case v[0] == '{' || v[0] == '[':
			f.odd = name
		default:
			f.values[name] = string(v) // version numbers and booleans
		}
		return true
	})
	members(unknown, func(name string, v jsontext.Value) bool {
		switch {
		case !relevant[name] || !anyTrue(v):
		case name == "condition":
			f.condLost = true
		default:
			f.unknown[name] = true
		}
		return true
	})
	return f
}

func (f *fields) readConditions(v jsontext.Value) {
	blocks := elements(v)
	if len(v) > 0 && v[0] == '{' {
		blocks = []jsontext.Value{v}
	}
	for _, b := range blocks {
		op, ok1 := str(member(b, "type"))
		key, ok2 := str(member(b, "key"))
		value, ok3 := str(member(b, "value"))
		if !ok1 || !ok2 || !ok3 {
			f.condLost = true
			continue
		}
		f.cond = append(f.cond, eventCondition{op, key, value})
	}
}

// takeSynthesised takes the grant of a resource that is one statement.
func (x *extraction) takeSynthesised(o *object, op operation, r *row, before, after, unknown jsontext.Value, sensBefore, sensAfter bool) {
	p := x.newPending(o, op, r, r.Kind, r.Path)
	p.subject = subjectNames(r, before, after, unknown, op)
	p.Before = x.synthesise(p, readFields(before, nil), op.existed, sensBefore)
	f := readFields(after, unknown)
	if op.exists && len(f.unknown) > 0 {
		// The symbols for what is not known are named after the references of the
		// configuration, so the document waits for it.
		p.late = func() { p.After = x.synthesise(p, f, true, sensAfter) }
	}
	p.After = x.synthesise(p, f, op.exists, sensAfter)
	x.add(p, op, o)
}

// shapeFields are the fields without which even the shape of the statement is
// open: a condition may be there or not.
var shapeFields = []string{"principal", "action", "condition", "function_url_auth_type", "invoked_via_function_url"}

// synthesise makes the document of one side. A field that is not known becomes a
// symbol, a text that equals nothing but itself: leaving its condition out would
// read the statement wider than it is, and leaving the statement out narrower.
func (x *extraction) synthesise(p *pending, f fields, exists, sensitive bool) extractors.Side {
	s := extractors.Side{Sensitive: sensitive}
	switch {
	case !exists:
		s.Absent = true
	case f.odd != "":
		s.Diagnostics = x.attributeError(p, "a field of the permission is no text", "The attribute %s is a list or an object.", f.odd)
	case f.shapeUnknown() != nil:
		p.unknowns = f.shapeUnknown()
		s.Unknown = &extractors.Unknown{Reason: "A field that decides who may do what is not known before the change is applied."}
	case f.values["principal"] == "":
		s.Diagnostics = x.attributeError(p, "the principal is missing", "The resource type demands it, and the plan has neither a value nor a mark that it is unknown. Make the plan JSON anew.")
	default:
		s.Document, s.Diagnostics = x.parse(p, x.statement(p, f))
	}
	if sensitive {
		s.Diagnostics = withoutValues(s.Diagnostics)
	}
	return s
}

// shapeUnknown lists the fields of the shape that are not known.
func (f *fields) shapeUnknown() []string {
	var list []string
	for _, n := range shapeFields {
		if f.unknown[n] || n == "condition" && f.condLost {
			list = append(list, n)
		}
	}
	return list
}

// statement writes the policy that the service makes from the fields (AWS Lambda
// API Reference, "AddPermission" and "AddLayerVersionPermission"; Amazon
// EventBridge API Reference, "PutPermission").
func (x *extraction) statement(p *pending, f fields) string {
	get := func(name string) string { return x.fieldText(p, f, name) }
	var conds []eventCondition
	add := func(operator, key, attr string) {
		if v := get(attr); v != "" {
			conds = append(conds, eventCondition{operator, key, v})
		}
	}
	var action, res string
	switch flags := p.row.Flags; {
	case flags&permission != 0:
		action = get("action")
		res = get("function_name")
		if !strings.HasPrefix(res, "arn:") {
			res = functionARN(res)
		}
		if q := get("qualifier"); q != "" {
			res += ":" + q
		}
		add("ArnLike", "aws:SourceArn", "source_arn")
		add("StringEquals", "aws:SourceAccount", "source_account")
		add("StringEquals", "aws:PrincipalOrgID", "principal_org_id")
		add("StringEquals", "lambda:FunctionUrlAuthType", "function_url_auth_type")
		add("StringEquals", "lambda:EventSourceToken", "event_source_token")
		if f.values["invoked_via_function_url"] == "true" {
			conds = append(conds, eventCondition{"Bool", "lambda:InvokedViaFunctionUrl", "true"})
		}
	case flags&layer != 0:
		action = get("action")
		res = get("layer_name")
		if !strings.HasPrefix(res, "arn:") {
			res = "arn:aws:lambda:*:*:layer:" + res
		}
		if v := get("version_number"); v != "" {
			res += ":" + v
		}
		add("StringEquals", "aws:PrincipalOrgID", "organization_id")
	case flags&busPermission != 0:
		if action = get("action"); action == "" {
			action = "events:PutEvents" // the provider's default
		}
		bus := get("event_bus_name")
		if bus == "" {
			bus = "default"
		}
		res = bus
		if !strings.HasPrefix(res, "arn:") {
			res = "arn:aws:events:*:*:event-bus/" + bus
		}
		conds = f.cond
	}
	return writeStatement(get("statement_id"), f.values["principal"], action, res, conds)
}

// functionARN turns the other two forms of a function name, NAME[:QUALIFIER] and
// ACCOUNT:function:NAME, into an ARN (AWS Lambda API Reference, "AddPermission").
func functionARN(name string) string {
	if account, rest, ok := strings.Cut(name, ":function:"); ok && accountID.MatchString(account) {
		return "arn:aws:lambda:*:" + account + ":function:" + rest
	}
	return "arn:aws:lambda:*:*:function:" + name
}

// fieldText is the value of a field, or the symbol for it.
func (x *extraction) fieldText(p *pending, f fields, name string) string {
	if !f.unknown[name] {
		return f.values[name]
	}
	refs := plainText.Replace(x.symbolName(p, name))
	if name == "source_arn" {
		// Six fields, so that the ARN operators take it for an ARN.
		return "arn:unknown:unknown:::" + refs
	}
	return "unknown:" + refs
}

var (
	accountID      = regexp.MustCompile(`^[0-9]{12}$`)
	servicePattern = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	// plainText keeps a symbol free of what patterns give a meaning.
	plainText = strings.NewReplacer("*", "%2A", "?", "%3F", "$", "%24")
)

// writeStatement writes a document of one statement. A principal is everyone, an
// account, an ARN, or else a service, whose names are host names
// (events.amazonaws.com, events.amazonaws.com.cn).
func writeStatement(sid, principal, action, res string, conds []eventCondition) string {
	var b []byte
	text := func(s string) {
		b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	}
	b = append(b, `{"Version":"2008-10-17","Statement":[{`...)
	if sid != "" {
		b = append(b, `"Sid":`...)
		text(sid)
		b = append(b, ',')
	}
	b = append(b, `"Effect":"Allow","Principal":`...)
	switch {
	case principal == "*":
		text("*")
	case servicePattern.MatchString(principal):
		b = append(b, `{"Service":`...)
		text(principal)
		b = append(b, '}')
	default:
		b = append(b, `{"AWS":`...)
		text(principal)
		b = append(b, '}')
	}
	b = append(b, `,"Action":`...)
	text(action)
	b = append(b, `,"Resource":`...)
	text(res)
	if len(conds) > 0 {
		b = append(b, `,"Condition":{`...)
		appendConditions(&b, conds, text)
		b = append(b, '}')
	}
	return string(append(b, `}]}`...))
}

// appendConditions groups conditions by operator, in the order first seen.
func appendConditions(b *[]byte, conds []eventCondition, text func(string)) {
	var operators []string
	byOperator := map[string][]eventCondition{}
	for _, c := range conds {
		if byOperator[c.operator] == nil {
			operators = append(operators, c.operator)
		}
		byOperator[c.operator] = append(byOperator[c.operator], c)
	}
	for i, op := range operators {
		if i > 0 {
			*b = append(*b, ',')
		}
		text(op)
		*b = append(*b, ":{"...)
		for j, c := range byOperator[op] {
			if j > 0 {
				*b = append(*b, ',')
			}
			text(c.key)
			*b = append(*b, ':')
			text(c.value)
		}
		*b = append(*b, '}')
	}
}
