package terraform_test

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// planWriter writes plans of any size as Terraform does: the members in its order, on
// one line, each object as often as it is in real plans (planned_values, changes,
// prior_state), and most resources without any policy and as they were.
type planWriter struct {
	*bufio.Writer
	n int
}

// writePlan writes a plan of n resources. Seven in ten carry no policy, one policy in
// ten changes, and one resource in a hundred has drifted. It is the same for the same n.
func writePlan(w io.Writer, n int) error {
	p := &planWriter{bufio.NewWriterSize(w, 1<<20), n}
	p.text(`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[`)
	p.each(1, func(r resource) { p.value(r, r.after) })
	p.text(`]}},"resource_drift":[`)
	p.each(100, func(r resource) { p.change(r, "update", r.before, r.before) })
	p.text(`],"resource_changes":[`)
	p.each(1, func(r resource) {
		action := "no-op"
		if r.before != r.after {
			action = "update"
		}
		p.change(r, action, r.before, r.after)
	})
	p.text(`],"prior_state":{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[`)
	p.each(1, func(r resource) { p.value(r, r.before) })
	p.text(`]}}},"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},"root_module":{"resources":[`)
	first := true
	for i := range n {
		if inModule(i) {
			continue
		}
		if !first {
			p.text(",")
		}
		first = false
		p.block(makeResource(i))
	}
	p.text(`],"module_calls":{`)
	for m := range modules {
		if m > 0 {
			p.text(",")
		}
		p.text(fmt.Sprintf(`"svc%d":{"source":"./modules/svc","for_each_expression":{"references":["local.services"]},"module":{"resources":[`, m))
		for i := range 20 {
			if i > 0 {
				p.text(",")
			}
			p.block(makeResource(20 + i)) // the first block that is in a module
		}
		p.text(`]}}`)
	}
	p.text(`}`)
	p.text(`}},"timestamp":"2026-01-02T03:04:05Z","applyable":true,"complete":true,"errored":false}` + "\n")
	return p.Flush()
}

// text leaves the error to Flush.
func (p *planWriter) text(s string) { _, _ = p.WriteString(s) }

func (p *planWriter) each(every int, f func(resource)) {
	for i := 0; i < p.n; i += every {
		if i > 0 {
			p.text(",")
		}
		f(makeResource(i))
	}
}

// block writes a block of the configuration.
func (p *planWriter) block(r resource) {
	p.text(`{"address":"` + r.typ + "." + r.name + `","mode":"managed","type":"` + r.typ + `","name":"` + r.name + `","provider_config_key":"aws","expressions":` + r.expressions + `,"schema_version":0}`)
}

func (p *planWriter) head(r resource) {
	p.text(`{"address":"` + r.address + `",`)
	if r.module != "" {
		p.text(`"module_address":"` + r.module + `",`)
	}
	p.text(`"mode":"managed","type":"` + r.typ + `","name":"` + r.name + `","provider_name":"registry.terraform.io/hashicorp/aws",`)
}

func (p *planWriter) value(r resource, attributes string) {
	p.head(r)
	p.text(`"schema_version":1,"values":` + attributes + `,"sensitive_values":` + marks + `}`)
}

func (p *planWriter) change(r resource, action, before, after string) {
	p.head(r)
	p.text(`"change":{"actions":["` + action + `"],"before":` + before + `,"after":` + after + `,"after_unknown":{},"before_sensitive":` + marks + `,"after_sensitive":` + marks + `}}`)
}

// resource is one resource; its sides and expressions are JSON.
type resource struct {
	address, module, typ, name string
	before, after, expressions string
}

// resourceKind is a type of resource, and how many of twenty are of it. In its texts
// @ is the name of the resource and ~ an action, which changes in one of ten.
type resourceKind struct {
	share                        int
	typ, attributes, expressions string
}

const (
	marks = `{"tags":{},"tags_all":{}}`
	tags  = `,"tags":{"Name":"@","Team":"payments","Environment":"production","CostCentre":"4711"},"tags_all":{"Name":"@","Team":"payments","Environment":"production","CostCentre":"4711","ManagedBy":"terraform"},"timeouts":null}`

	identityPolicy = `{\"Statement\":[{\"Action\":[\"~\",\"s3:ListBucket\"],\"Effect\":\"Allow\",\"Resource\":[\"arn:aws:s3:::acme-@\",\"arn:aws:s3:::acme-@/*\"],\"Sid\":\"Objects\"},{\"Action\":[\"dynamodb:GetItem\",\"dynamodb:PutItem\",\"dynamodb:Query\"],\"Effect\":\"Allow\",\"Resource\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/@\",\"Sid\":\"Table\"}],\"Version\":\"2012-10-17\"}`
	resourcePolicy = `{\"Statement\":[{\"Action\":\"~\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::222233334444:root\"},\"Resource\":\"arn:aws:s3:::acme-@/*\"},{\"Action\":\"s3:*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}},\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"arn:aws:s3:::acme-@/*\"}],\"Version\":\"2012-10-17\"}`
	trustPolicy    = `{\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}],\"Version\":\"2012-10-17\"}`
)

var resourceKinds = []resourceKind{
	{4, "aws_instance", `{"ami":"ami-0abcdef1234567890","arn":"arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456@","associate_public_ip_address":false,"availability_zone":"eu-west-1a","capacity_reservation_specification":[{"capacity_reservation_preference":"open","capacity_reservation_target":[]}],"cpu_options":[{"amd_sev_snp":"","core_count":2,"threads_per_core":2}],"disable_api_stop":false,"disable_api_termination":false,"ebs_block_device":[],"ebs_optimized":true,"enclave_options":[{"enabled":false}],"ephemeral_block_device":[],"hibernation":false,"iam_instance_profile":"app","id":"i-0123456@","instance_initiated_shutdown_behavior":"stop","instance_state":"running","instance_type":"m7i.large","ipv6_addresses":[],"key_name":"","launch_template":[],"maintenance_options":[{"auto_recovery":"default"}],"metadata_options":[{"http_endpoint":"enabled","http_protocol_ipv6":"disabled","http_put_response_hop_limit":1,"http_tokens":"required","instance_metadata_tags":"disabled"}],"monitoring":true,"network_interface":[],"private_dns":"ip-10-0-0-1.eu-west-1.compute.internal","private_ip":"10.0.0.1","root_block_device":[{"delete_on_termination":true,"device_name":"/dev/xvda","encrypted":true,"iops":3000,"kms_key_id":"arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab","throughput":125,"volume_size":50,"volume_type":"gp3"}],"source_dest_check":true,"subnet_id":"subnet-0123456789abcdef0","user_data":"3f1c0d2e9b8a7f6e5d4c3b2a1908f7e6d5c4b3a2","vpc_security_group_ids":["sg-0123456789abcdef0"]` + tags,
		`{"ami":{"references":["data.aws_ami.base.id","data.aws_ami.base"]},"instance_type":{"constant_value":"m7i.large"},"subnet_id":{"references":["aws_subnet.app[0].id","aws_subnet.app[0]","aws_subnet.app"]},"tags":{"references":["local.tags"]}}`},
	{3, "aws_security_group", `{"arn":"arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0123456@","description":"Managed by Terraform","egress":[{"cidr_blocks":["0.0.0.0/0"],"description":"","from_port":0,"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"-1","security_groups":[],"self":false,"to_port":0}],"id":"sg-0123456@","ingress":[{"cidr_blocks":["10.0.0.0/8"],"description":"TLS","from_port":443,"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"tcp","security_groups":[],"self":false,"to_port":443}],"name":"@","name_prefix":"","owner_id":"123456789012","region":"eu-west-1","revoke_rules_on_delete":false,"vpc_id":"vpc-0123456789abcdef0"` + tags,
		`{"description":{},"egress":{},"ingress":{},"name":{"constant_value":"@"},"vpc_id":{"references":["aws_vpc.main.id","aws_vpc.main"]}}`},
	{3, "aws_cloudwatch_log_group", `{"arn":"arn:aws:logs:eu-west-1:123456789012:log-group:/acme/@","id":"/acme/@","kms_key_id":"","log_group_class":"STANDARD","name":"/acme/@","name_prefix":"","region":"eu-west-1","retention_in_days":30,"skip_destroy":false` + tags,
		`{"name":{"constant_value":"/acme/@"},"retention_in_days":{"constant_value":30}}`},
	{2, "aws_route53_record", `{"alias":[{"evaluate_target_health":true,"name":"internal-app-1234567890.eu-west-1.elb.amazonaws.com","zone_id":"Z32O12XQLNTSW2"}],"allow_overwrite":null,"cidr_routing_policy":[],"failover_routing_policy":[],"fqdn":"@.example.com","geolocation_routing_policy":[],"geoproximity_routing_policy":[],"health_check_id":"","id":"Z0123456789ABCDEFGHIJ_@_A","latency_routing_policy":[],"multivalue_answer_routing_policy":false,"name":"@","records":[],"set_identifier":"","timeouts":null,"ttl":0,"type":"A","weighted_routing_policy":[],"zone_id":"Z0123456789ABCDEFGHIJ"}`,
		`{"name":{"constant_value":"@"},"type":{"constant_value":"A"},"zone_id":{"references":["aws_route53_zone.main.zone_id","aws_route53_zone.main"]}}`},
	{2, "aws_s3_bucket", `{"acceleration_status":"","acl":null,"arn":"arn:aws:s3:::acme-@","bucket":"acme-@","bucket_domain_name":"acme-@.s3.amazonaws.com","bucket_prefix":"","bucket_region":"eu-west-1","bucket_regional_domain_name":"acme-@.s3.eu-west-1.amazonaws.com","cors_rule":[],"force_destroy":false,"grant":[{"id":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be","permissions":["FULL_CONTROL"],"type":"CanonicalUser","uri":""}],"hosted_zone_id":"Z1BKCTXD74EZPE","id":"acme-@","lifecycle_rule":[],"logging":[],"object_lock_configuration":[],"object_lock_enabled":false,"policy":"","region":"eu-west-1","replication_configuration":[],"request_payer":"BucketOwner","server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":"","sse_algorithm":"AES256"}],"bucket_key_enabled":false}]}],"versioning":[{"enabled":true,"mfa_delete":false}],"website":[],"website_domain":null,"website_endpoint":null` + tags,
		`{"bucket":{"constant_value":"acme-@"}}`},
	{1, "aws_iam_role", `{"arn":"arn:aws:iam::123456789012:role/@","assume_role_policy":"` + trustPolicy + `","create_date":"2025-01-02T03:04:05Z","description":"","force_detach_policies":false,"id":"@","inline_policy":[],"managed_policy_arns":[],"max_session_duration":3600,"name":"@","name_prefix":"","path":"/","permissions_boundary":"","unique_id":"AROAEXAMPLE@"` + tags,
		`{"assume_role_policy":{"references":["data.aws_iam_policy_document.trust.json","data.aws_iam_policy_document.trust"]},"name":{"constant_value":"@"}}`},
	{2, "aws_iam_role_policy", `{"id":"@:inline","name":"inline","name_prefix":"","policy":"` + identityPolicy + `","role":"@"}`,
		`{"name":{"constant_value":"inline"},"policy":{"references":["aws_s3_bucket.r000014.arn","aws_s3_bucket.r000014"]},"role":{"references":["aws_iam_role.r000015.name","aws_iam_role.r000015"]}}`},
	{2, "aws_iam_policy", `{"arn":"arn:aws:iam::123456789012:policy/@","attachment_count":1,"description":"","id":"arn:aws:iam::123456789012:policy/@","name":"@","name_prefix":"","path":"/","policy":"` + identityPolicy + `","policy_id":"ANPAEXAMPLE@"` + tags,
		`{"name":{"constant_value":"@"},"policy":{}}`},
	{1, "aws_s3_bucket_policy", `{"bucket":"acme-@","id":"acme-@","policy":"` + resourcePolicy + `","region":"eu-west-1"}`,
		`{"bucket":{"references":["aws_s3_bucket.r000014.id","aws_s3_bucket.r000014"]},"policy":{}}`},
}

// kindOfResource is the kind of resource number i.
func kindOfResource(i int) resourceKind {
	i %= 20
	for _, k := range resourceKinds {
		if i -= k.share; i < 0 {
			return k
		}
	}
	panic("the shares do not add up to 20")
}

// modules is how many modules a plan calls. Every second twenty resources are an
// instance of one of them.
const modules = 7

func inModule(i int) bool { return i/20%2 == 1 }

func makeResource(i int) resource {
	k := kindOfResource(i)
	name := fmt.Sprintf("r%06d", i)
	side := func(action string) string { return strings.NewReplacer("@", name, "~", action).Replace(k.attributes) }
	r := resource{typ: k.typ, name: name, before: side("s3:GetObject")}
	r.after = r.before
	if i%200 >= 180 {
		r.after = side("s3:*")
	}
	if inModule(i) {
		r.name = fmt.Sprintf("r%06d", 20+i%20)
		r.module = fmt.Sprintf(`module.svc%d["s%d"].`, i/40%modules, i/20)
	}
	r.address = strings.ReplaceAll(r.module, `"`, `\"`) + k.typ + "." + r.name
	r.module = strings.TrimSuffix(strings.ReplaceAll(r.module, `"`, `\"`), ".")
	r.expressions = strings.ReplaceAll(k.expressions, "@", r.name)
	return r
}
