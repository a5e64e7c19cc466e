package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// believablePrincipal prefers anybody, then who the statement names.
func (p *problem) believablePrincipal(m model, s *policy.Statement) {
	texts := []string{anonymous}
	roleOf := func(account string) string { return aws + "arn:aws:iam::" + account + ":role/" + exampleName }
	if s.Principal != nil && !s.Principal.Not {
		for _, e := range s.Principal.List[:min(len(s.Principal.List), maxFills)] {
			id, _, isAccount := account(e.Text)
			switch {
			case e.Type == policy.PrincipalService:
				texts = append(texts, service+filled(e.Text, "ec2.amazonaws.com"))
			case e.Type == policy.PrincipalFederated:
				texts = append(texts, federated+filled(e.Text, "accounts.google.com"))
			case isAccount:
				texts = append(texts, roleOf(id))
			case e.Type == policy.PrincipalAWS && strings.HasPrefix(e.Text, "arn:aws:iam::"):
				texts = append(texts, aws+filledARN(e.Text, exampleName))
			}
		}
	}
	for _, id := range []string{exampleAccount, "444455556666", "123456789012"} {
		texts = append(texts, roleOf(id), strings.Replace(roleOf(id), ":role/", ":user/", 1))
	}
	if !p.take(m, dimPrincipal, append(texts, service+"ec2.amazonaws.com")) {
		p.relaxedPrincipal(m, s, texts)
	}
}

// relaxedPrincipal takes an AWS principal that the search went past, where the
// statement allows it: the search knows some principals by the values of their keys,
// so that it may have looked at the odd ones only.
func (p *problem) relaxedPrincipal(m model, s *policy.Statement, texts []string) {
	if s.Principal == nil || s.Principal.Not || !strings.HasPrefix(m[dimPrincipal].text, aws) {
		return
	}
	allowed := p.principals(s.Principal)
	for _, text := range texts {
		if !strings.HasPrefix(text, aws) || !slices.ContainsFunc(allowed, func(g *glob) bool { return g.match(text) }) {
			continue
		}
		m[dimPrincipal] = answer{status: sat, text: text}
		for _, l := range p.links {
			if v, ok := part(p.dims[l.key].key, text); ok && l.from == dimPrincipal {
				m[l.key] = answer{status: sat, values: []string{v}}
			}
		}
		return
	}
}

// exampleValues are values of condition keys, as the documents of AWS write them in
// examples. Those of addresses are set aside for documentation (RFC 5737, RFC 3849).
var exampleValues = map[string][]string{
	"aws:principalorgid":   {"o-a1b2c3d4e5"},
	"aws:sourceorgid":      {"o-a1b2c3d4e5"},
	"aws:resourceorgid":    {"o-a1b2c3d4e5"},
	"aws:principalaccount": {exampleAccount, "444455556666"},
	"aws:sourceaccount":    {exampleAccount, "444455556666"},
	"aws:sourceowner":      {exampleAccount, "444455556666"},
	"aws:resourceaccount":  {exampleAccount, "444455556666"},
	"kms:calleraccount":    {exampleAccount, "444455556666"},
	"aws:sourcearn":        {"arn:aws:sns:us-east-1:111122223333:example"},
	"aws:sourcevpc":        {"vpc-1234567890abcdef0"},
	"aws:sourcevpce":       {"vpce-1234567890abcdef0"},
	"aws:requestedregion":  {exampleRegion, "eu-west-1"},
	"aws:userid":           {"AIDACKCEVSQ6C2EXAMPLE"},
	"aws:principaltype":    {"AssumedRole", "User"},
	"aws:useragent":        {"aws-cli/2.0"},
	"aws:referer":          {"https://www.example.com/"},
}

var exampleAddresses = []string{"203.0.113.10", "198.51.100.10", "192.0.2.10", "2001:db8::10"}

// believableValues gives the keys that have one value another one that reads better.
// Keys that are missing stay so. It reports whether it changed anything.
func (p *problem) believableValues(m model, s *policy.Statement) bool {
	changed := false
	for i, d := range p.dims {
		if d.key == "" || len(m[i].values) != 1 || m[i].status != sat {
			continue
		}
		if _, isVariable := p.env[d.key]; isVariable {
			continue // the resource may hold it
		}
		for _, v := range p.valuesOf(d, s) {
			if p.holds(i, v) {
				changed = changed || v != m[i].values[0]
				m[i].values = []string{v}
				break
			}
		}
	}
	return changed
}

// valuesOf lists what may be the value of a key.
func (p *problem) valuesOf(d *dimension, s *policy.Statement) []string {
	if d.sorts == sortIP {
		return append(exampleAddresses[:len(exampleAddresses):len(exampleAddresses)], hosts(d.key, s)...)
	}
	if d.sorts != sortText {
		return nil
	}
	if d.typed == sortBool && !p.strict {
		return []string{"true", "false"}
	}
	known := exampleValues[d.key]
	name := exampleName
	if len(known) > 0 {
		name = known[0]
	}
	var out []string
	for _, c := range s.Conditions {
		if c.KeyName() != d.key || c.Operator.Negated {
			continue
		}
		for _, v := range c.Values[:min(len(c.Values), maxFills)] {
			switch wild := c.Operator.Test == policy.StringLike || c.Operator.Test == policy.ArnLike; {
			case strings.Contains(v.Text, "${"):
			case !wild:
				out = append(out, v.Text)
			case strings.Trim(v.Text, "*") == "":
				out = append(out, name)
			case strings.HasPrefix(v.Text, "arn:"):
				out = append(out, filledARN(v.Text, exampleName))
			default:
				out = append(out, filled(v.Text, exampleName))
			}
		}
	}
	out = append(out, known...)
	if t, _, _ := catalog.ConditionKey(d.key); t == catalog.ARN {
		return append(out, "arn:aws:iam::"+exampleAccount+":role/"+exampleName)
	}
	return append(out, exampleName)
}

// hosts lists an address of each range that a statement names for a key, not the
// first one, which is the network's.
func hosts(key string, s *policy.Statement) []string {
	var out []string
	for _, c := range s.Conditions {
		if c.KeyName() != key {
			continue
		}
		for _, v := range c.Values[:min(len(c.Values), maxFills)] {
			if r, ok := prefix(v.Text); ok {
				a := r.Addr()
				for range 10 {
					if next := a.Next(); r.Contains(next) {
						a = next
					}
				}
				out = append(out, a.String())
			}
		}
	}
	return out
}

// holds reports whether a single value meets what the search asks of a key. As
// allows, it is a quick look.
func (p *problem) holds(dim int, v string) bool {
	return !slices.ContainsFunc(p.last[dim], func(l lit) bool {
		a := p.atoms[l.atom()].cond
		return (a.presence || a.m.match(v) != a.negElem) == l.neg()
	})
}
