package terraform

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

// TestPermitActions looks every action that the forms can write up in the catalogue.
func TestPermitActions(t *testing.T) {
	t.Parallel()
	// Values of attributes that stand in actions, where the form passes them on.
	values := map[string][]string{
		"kmsconstrained": {"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo", "CreateGrant",
			"GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "Sign", "Verify", "GenerateMac", "VerifyMac", "DeriveSharedSecret"},
		"license": {"CreateGrant", "CheckoutLicense", "CheckoutBorrowLicense", "CheckInLicense", "ExtendConsumptionLicense", "CreateToken", "ListPurchasedLicenses"},
		"kmsfree": {"DescribeKey", "RetireGrant", "GetPublicKey"},
	}
	checked := 0
	check := func(where, action string) {
		if action == "" {
			return
		}
		checked++
		if strings.ContainsAny(action, "*?") {
			for range catalog.Match(action) {
				return
			}
		} else if _, ok := catalog.Lookup(action); ok {
			return
		}
		t.Errorf("%s: the catalogue does not know %q", where, action)
	}
	for i := range table {
		r := &table[i]
		if r.Permit == nil {
			continue
		}
		for _, s := range r.Permit.statements {
			for _, d := range s.do {
				for _, action := range sampleTexts(d, values) {
					check(r.Type, action)
				}
			}
		}
	}
	for _, actions := range []map[string]aclActions{bucketPermissions, objectPermissions} {
		for _, name := range slices.Sorted(maps.Keys(actions)) {
			for _, a := range append(actions[name].bucket, actions[name].objects...) {
				check(name, a)
			}
		}
	}
	for _, prefix := range slices.Sorted(maps.Values(servicePrefixes)) {
		check("servicePrefixes", prefix+":*")
	}
	check("aws_cloudwatch_event_permission", "events:PutEvents")
	if checked < 150 {
		t.Errorf("only %d actions were checked", checked)
	}
}

// sampleTexts are the texts of a template with all known values in it; none where an
// attribute passes on what the plan says.
func sampleTexts(t template, values map[string][]string) []string {
	texts := []string{""}
	for _, p := range t {
		ends := []string{p.text}
		if p.attrs != nil {
			ends = nil
			switch words := permitWords[p.filter]; {
			case words != nil:
				for _, v := range append(slices.Sorted(maps.Keys(words)), values[p.filter]...) {
					for _, text := range words.of(v) {
						if !strings.HasSuffix(text, ":") {
							ends = append(ends, text)
						}
					}
				}
			case p.filter == "service":
				ends = []string{"guardduty", servicePrefix("config-multiaccountsetup.amazonaws.com"), servicePrefix("access-analyzer.amazonaws.com")}
			case p.filter == "invoke":
				ends = []string{"Invoke"}
			case p.attrs[0].steps[0] == "actions" && strings.HasSuffix(texts[0], ":"):
				ends = []string{"IssueCertificate", "GetCertificate", "ListPermissions"}
			}
		}
		var next []string
		for _, start := range texts {
			for _, end := range ends {
				next = append(next, start+end)
			}
		}
		texts = next
	}
	return texts
}

// TestServicePrefix covers hosts of services whose actions have another prefix.
func TestServicePrefix(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"guardduty.amazonaws.com":                           "guardduty",
		"macie.amazonaws.com":                               "macie2",
		"ipam.amazonaws.com":                                "ec2",
		"member.org.stacksets.cloudformation.amazonaws.com": "cloudformation",
		"config-multiaccountsetup.amazonaws.com":            "config",
		"storage-lens.s3.amazonaws.com":                     "s3",
		"access-analyzer.amazonaws.com":                     "access-analyzer",
		"malware-protection.guardduty.amazonaws.com":        "guardduty",
		"something.new.amazonaws.com":                       "something",
	} {
		if got := servicePrefix(host); got != want {
			t.Errorf("%s: got %s, want %s", host, got, want)
		}
	}
}

// TestFaultyForms makes sure that a typing error in a table does not pass.
func TestFaultyForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{a} can s3:GetObject on *", "each blocks {a} may b", "when x: {a} may b", "{a~nofilter} may b", "{a may b", "{a} may b if StringEquals key"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q: read as a statement", text)
				}
			}()
			parseStatements(text, map[string]bool{})
		}()
	}
}
