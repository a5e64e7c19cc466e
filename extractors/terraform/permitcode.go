package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// eventBus takes the permission of an event bus, whose condition names its operator.
func (m *maker) eventBus() {
	action := m.first("action", asAction, "events:PutEvents") // the provider's default
	arn := m.first("event_bus_name", asText, "default")
	if !strings.HasPrefix(arn, "arn:") {
		arn = "arn:aws:events:*:*:event-bus/" + arn
	}
	s := madeStatement{sid: m.first("statement_id", asText, ""), actions: []string{action}, resources: []string{arn}}
	for _, block := range m.blocks([]string{"condition"}) {
		if anyTrue(block.unknown) {
			m.undecided("condition")
			continue
		}
		operator, ok1 := str(member(block.obj, "type"))
		key, ok2 := str(member(block.obj, "key"))
		value, ok3 := str(member(block.obj, "value"))
		if !ok1 || !ok2 || !ok3 {
			m.undecided("condition")
			continue
		}
		s.conditions = append(s.conditions, madeCondition{operator, key, []string{value}})
	}
	if who := m.first("principal", asPrincipal, ""); who != "" {
		m.grant(s, []string{who})
	}
}

// first is the text of an attribute of the object, or what stands for it.
func (m *maker) first(attr string, as use, fallback string) string {
	p := piece{attrs: []attribute{{steps: []string{attr}}}, fallback: fallback}
	if list := m.values(p, m.root, as); len(list) > 0 {
		return list[0]
	}
	return ""
}

// code calls the function that a form names.
func (m *maker) code(name string) {
	switch name {
	case "bus":
		m.eventBus()
	case "operations":
		m.operations()
	case "quick route":
		m.quickRoute()
	case "audiences":
		m.audiences()
	case "audience":
		m.oneAudience()
	case "aoss":
		m.dataAccess()
	case "bucket acl":
		m.bucketACL()
	case "awscc acl":
		m.onBucket(m.canned("access_control"))
	case bucketGrants:
		m.bucketGrants()
	case "acl of bucket":
		m.ownBucketACL()
	case "object acl":
		m.objectACL("acl")
	case "object grants":
		m.onObjects(m.grantBlocks("grant", "id", "uri", "email", "permissions"), m.objectARN())
	case "log grants":
		m.onObjects(m.grantBlocks("target_grant", "grantee.id", "grantee.uri", "grantee.email_address", "permission"), m.bucketName()+"/*")
	case "share acl":
		m.onObjects(m.canned("object_acl"), m.arnOf("location_arn")+"/*")
	case "content acl", "thumbnail acl":
		part := strings.TrimSuffix(name, " acl")
		m.onObjects(m.transcoded(part), m.transcoderBucket(part))
	default:
		panic("terraform: no code " + name)
	}
}

// transcoded reads the permissions of the output of a pipeline (Amazon Elastic
// Transcoder Developer Guide, "Settings that you specify when you create a pipeline").
func (m *maker) transcoded(part string) []aclGrant {
	list := m.grantBlocks(part+"_config_permissions", "grantee", "", "", "access")
	for i, g := range list {
		switch g.grantee {
		case "AllUsers":
			list[i].grantee = allUsers
		case "AuthenticatedUsers":
			list[i].grantee = authenticatedUsers
		case "LogDelivery":
			list[i].grantee = logDelivery
		}
	}
	return list
}

func (m *maker) transcoderBucket(part string) string {
	for _, l := range m.root.leaves([]string{part + "_config", "bucket"}, false) {
		if text, _ := str(l.value); text != "" {
			return "arn:aws:s3:::" + plainText.Replace(text) + "/*"
		}
	}
	return m.arnOf("output_bucket") + "/*"
}

const notDataAccess = "Its policy is not in the grammar of data access policies, so it is not compared."

// dataAccess takes a data access policy of Amazon OpenSearch Serverless, which has a
// grammar of its own (Amazon OpenSearch Service Developer Guide, "Data access control
// for Amazon OpenSearch Serverless").
func (m *maker) dataAccess() {
	text := m.text1("policy")
	if text == "" {
		return
	}
	v := jsontext.Value(strings.TrimSpace(text))
	if !v.IsValid() || v[0] != '[' {
		m.reason = notDataAccess
		return
	}
	for _, part := range elements(v) {
		var who []string
		for _, p := range texts(member(part, "Principal")) {
			if !strings.HasPrefix(p, "arn:") {
				p = "Federated:" + plainText.Replace(p) // saml/ACCOUNT/PROVIDER/user/NAME
			}
			who = append(who, p)
		}
		for _, rule := range elements(member(part, "Rules")) {
			s := madeStatement{actions: texts(member(rule, "Permission"))}
			for _, r := range texts(member(rule, "Resource")) {
				s.resources = append(s.resources, "arn:aws:aoss:*:*:"+r)
			}
			if len(s.actions) == 0 || len(s.resources) == 0 {
				who = nil
			}
			if len(who) > 0 && m.spend(len(who)+len(s.actions)+len(s.resources)) {
				m.grant(s, who)
			}
		}
		if len(who) == 0 || len(elements(member(part, "Rules"))) == 0 {
			m.reason = notDataAccess
		}
	}
}

func texts(v jsontext.Value) []string {
	if s, ok := str(v); ok {
		return []string{s}
	}
	var list []string
	for _, e := range elements(v) {
		if s, ok := str(e); ok {
			list = append(list, s)
		}
	}
	return list
}
