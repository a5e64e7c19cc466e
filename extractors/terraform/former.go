package terraform

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/eval"
)

// settleFormer says of the policy of a resource which the change replaces under another name
// what becomes of the former one: it is destroyed, or stays where the change only forgets it.
func (x *extraction) settleFormer() {
	for _, p := range x.pending {
		if p.aside || p.Kind != extractors.Resource || !p.op.existed || !p.op.exists || p.row.Flags&policyOnly != 0 {
			continue
		}
		o := x.objects.at(p.Subject.Address)
		if o == nil || o.former == "" || !p.row.self() && !o.had(p.subject.before) {
			continue
		}
		if p.ARN == "" {
			p.ARN = x.resolver.ownARN(o)
		}
		if p.ARN == o.former || p.ARN == "" && o.kept == "" {
			continue
		}
		p.own().former = o.origins
	}
}

// ownARN works out the ARN that an object has after the change, where nothing in it stays
// open; "" otherwise.
func (r *resolver) ownARN(o *subjectObject) string {
	if o.s3() && bucketName(o.after()) {
		partition, _, _ := splitARN(o.former)
		return "arn:" + partition + ":s3:::" + o.after()
	}
	if !r.sources {
		return ""
	}
	text, symbols, err := r.evaluator().Own(eval.Target{Module: o.module, Type: o.typ, Name: o.name, Address: o.address, Steps: []string{"arn"}})
	if err != nil || len(symbols) > 0 || !isARN(text) {
		return ""
	}
	return text
}

// formerARN is the ARN before the change of an object that it replaces, by which policies
// name it.
func formerARN(o *object, op operation) string {
	if op.action != extractors.Replace {
		return ""
	}
	if v, _ := o.str(o.before, "arn"); isARN(v) {
		return v
	}
	return ""
}

// staying is the setting by which an object stays that the change replaces, or "".
func staying(o *object, op operation) string {
	switch {
	case !op.forgotten:
		return ""
	case isTrue(o.member(o.before, "skip_destroy")):
		return "skip_destroy"
	}
	return "destroy = false"
}

// s3 reports whether the object is a general purpose bucket, whose name makes its ARN.
func (s *subjectObject) s3() bool { return s.typ == "aws_s3_bucket" || s.typ == "awscc_s3_bucket" }
