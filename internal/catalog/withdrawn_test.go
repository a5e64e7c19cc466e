package catalog_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

func TestDeniesNothing(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]bool{
		"arn:aws:iam::aws:policy/service-role/AWSConfigRole":          true,
		"arn:aws-cn:iam::aws:policy/service-role/AWSConfigRole":       true,
		"arn:aws:iam::111122223333:policy/service-role/AWSConfigRole": false,
		"arn:aws:iam::aws:policy/AWSConfigRole":                       false,
		"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV9":       false,
		"arn:aws:iam::aws:policy/AWSDenyAll":                          false,
		"AWSConfigRole":                                               false,
	} {
		if got := catalog.DeniesNothing(arn); got != want {
			t.Errorf("%s: %v", arn, got)
		}
		if _, known := catalog.ManagedPolicy(arn); want && known {
			t.Errorf("%s has a document", arn)
		}
	}
}
