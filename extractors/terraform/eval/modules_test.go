package eval

import (
	"strings"
	"testing"
)

// TestModules follows values through calls, with instances by key and by number.
func TestModules(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
module "each" {
  for_each = { a = aws_thing.a.arn, b = "plain" }
  source   = "./m"
  in       = each.value
  name     = each.key
}
module "many" {
  count  = 2
  source = "./m"
  in     = "n${count.index}"
  name   = aws_thing.a.name
}
module "gone" { source = "example/registry/aws" }
resource "aws_target" "out" {
  value = [module.each["a"].out, module.each["b"].out, module.many[1].out]
}
resource "aws_target" "all" { value = [for m in module.many : m.out] }
resource "aws_target" "gone" { value = module.gone.out }
`, "m/main.tf", `
variable "in" {}
variable "name" { type = string }
variable "unset" { default = "d" }
resource "aws_target" "t" { value = "${var.in}/${var.name}/${var.unset}/${path.module}" }
output "out" { value = "<${var.in}>${aws_target.t.value}" }
`)
	tests := []struct{ address, want string }{
		{`module.each["a"].aws_target.t`, "(aws_thing.a.arn)/a/d/m"},
		{`module.many[1].aws_target.t`, "n1/(aws_thing.a.name)/d/m"},
		{`aws_target.out`, "<(aws_thing.a.arn)>(aws_thing.a.arn)/a/d/m | <n1>n1/(aws_thing.a.name)/d/m | <plain>plain/b/d/m"},
		{`aws_target.all`, "<n0>n0/(aws_thing.a.name)/d/m | <n1>n1/(aws_thing.a.name)/d/m"},
		{`aws_target.gone`, "error: the sources of module.gone are not there"},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			p := known()
			for _, a := range []string{"aws_target.out", "aws_target.all", "aws_target.gone", `module.each["a"].aws_target.t`, `module.each["b"].aws_target.t`, "module.many[0].aws_target.t", "module.many[1].aws_target.t"} {
				inst := &Instance{Address: a, After: []byte("{}"), Unknown: []byte(`{"value":true}`)}
				p.objects[a] = []*Instance{inst}
			}
			list, _, err := evaluator(p, src).Texts(target(tt.address, "value"))
			got := strings.Join(list, " | ")
			if err != nil {
				got = "error: " + err.Error()
			}
			if got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestShapes makes values of what is known of an object.
func TestShapes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, typ, after, before, unknown, attribute, want string }{
		{"bucket", "aws_s3_bucket", `{"bucket":"b"}`, "", "arn id", "arn", "arn:aws:s3:::b"},
		{"bucket without a name", "aws_s3_bucket", `{"bucket_prefix":"p-"}`, "", "arn id bucket", "arn", "arn:aws:s3:::p-(aws_s3_bucket.o.bucket)"},
		{"id of that", "aws_s3_bucket", `{"bucket_prefix":"p-"}`, "", "arn id bucket", "id", "p-(aws_s3_bucket.o.bucket)"},
		{"role with a path", "aws_iam_role", `{"name":"r","path":"/x/"}`, "", "arn", "arn", "arn:aws:iam::111122223333:role/x/r"},
		{"role without", "aws_iam_role", `{"name":"r"}`, "", "arn", "arn", "arn:aws:iam::111122223333:role/r"},
		{"key", "aws_kms_key", `{}`, "", "arn key_id id", "arn", "arn:aws:kms:eu-west-1:111122223333:key/(aws_kms_key.o.key_id)"},
		{"region of its own", "aws_sqs_queue", `{"name":"q","region":"us-east-1"}`, "", "arn", "arn", "arn:aws:sqs:us-east-1:111122223333:q"},
		{"queue URL", "aws_sqs_queue", `{"name":"q"}`, "", "id url", "id", "https://sqs.eu-west-1.amazonaws.com/111122223333/q"},
		{"secret", "aws_secretsmanager_secret", `{"name":"s"}`, "", "arn", "arn", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-(aws_secretsmanager_secret.o.suffix)"},
		{"parameter", "aws_ssm_parameter", `{"name":"/a/b"}`, "", "arn", "arn", "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b"},
		{"parameter without a slash", "aws_ssm_parameter", `{"name":"b"}`, "", "arn", "arn", "arn:aws:ssm:eu-west-1:111122223333:parameter/b"},
		{"provider of identities", "aws_iam_openid_connect_provider", `{"url":"https://x.example/y"}`, "", "arn", "arn", "arn:aws:iam::111122223333:oidc-provider/x.example/y"},
		{"provider of identities whose URL is not known", "aws_iam_openid_connect_provider", `{}`, "", "arn url", "arn", `arn:aws:iam::111122223333:oidc-provider/(replace[aws_iam_openid_connect_provider.o.url, "https%3A//", ""])`},
		{"issuer of a cluster", "aws_eks_cluster", `{"name":"c"}`, "", "identity", "identity", "error: it is neither a text nor a list of texts"},
		{"type without a shape", "aws_unheard_of", `{"name":"n"}`, "", "arn", "arn", "(aws_unheard_of.o.arn)"},
		{"attribute that is no text", "aws_unheard_of", `{}`, "", "arns", "arns", "error: aws_unheard_of.o.arns is not known before the change is applied"},
		{"stays when it is updated", "aws_unheard_of", `{"name":"n"}`, `{"name":"n","arn":"arn:old"}`, "arn", "arn", "arn:old"},
		{"not when its name changes", "aws_unheard_of", `{"name":"m"}`, `{"name":"n","arn":"arn:old"}`, "arn", "arn", "(aws_unheard_of.o.arn)"},
		{"stays when it is replaced under its name", "aws_unheard_of", `{"name":"n"}`, `{"name":"n","arn":"arn:old:n"}`, "arn !", "arn", "arn:old:n"},
		{"not when it is replaced and no name tells", "aws_unheard_of", `{}`, `{"arn":"arn:old:n"}`, "arn !", "arn", "(aws_unheard_of.o.arn)"},
		{"key that is replaced", "aws_kms_key", `{}`, `{"arn":"arn:aws:kms:eu-west-1:1:key/k","key_id":"k"}`, "arn key_id !", "arn", "arn:aws:kms:eu-west-1:111122223333:key/(aws_kms_key.o.key_id)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := &fakePlan{home: Home{Account: "111122223333", Region: "eu-west-1"}}
			unknown, replaced := strings.CutSuffix(tt.unknown, " !")
			inst := p.add(tt.typ+".o", tt.after, unknown)
			inst.Before, inst.Replaced = []byte(tt.before), replaced
			got := value(t, p, nil, tt.typ+".o."+tt.attribute)
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestHomes: what is not known of where something lives is a symbol for each provider
// configuration.
func TestHomes(t *testing.T) {
	t.Parallel()
	for home, want := range map[Home]string{
		{}:                     "arn:aws:sqs:(region):(account):q",
		{Region: "cn-north-1"}: "arn:aws-cn:sqs:cn-north-1:(account):q",
		{Provider: "module.m:aws.x", Account: "111122223333"}: "arn:aws:sqs:(region of module.m aws.x):111122223333:q",
		{Partition: "aws-us-gov"}:                             "arn:aws-us-gov:sqs:(region):(account):q",
	} {
		p := &fakePlan{home: home}
		p.add("aws_sqs_queue.q", `{"name":"q"}`, "arn")
		if got := value(t, p, nil, "aws_sqs_queue.q.arn"); got != want {
			t.Errorf("%+v: got %s, want %s", home, got, want)
		}
	}
}

// TestShapeTable holds the table to its form.
func TestShapeTable(t *testing.T) {
	t.Parallel()
	seen, types := map[string]bool{}, map[string]bool{}
	for _, s := range shapes {
		key := s.Type + "." + s.Attribute
		if seen[key] {
			t.Errorf("%s occurs twice", key)
		}
		seen[key], types[s.Type] = true, true
		if strings.Count(s.Text, "{") != strings.Count(s.Text, "}") || !strings.HasPrefix(s.Type, "aws_") {
			t.Errorf("%s: %s", key, s.Text)
		}
		if strings.HasSuffix(s.Attribute, "arn") && s.Text[0] != '{' && (!strings.HasPrefix(s.Text, "arn:{partition}:") || strings.Count(s.Text, ":") < 5) {
			t.Errorf("%s is no ARN: %s", key, s.Text)
		}
	}
	if len(types) < 60 {
		t.Errorf("%d types, want 60", len(types))
	}
}
