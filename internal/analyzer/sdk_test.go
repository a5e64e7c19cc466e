package analyzer_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
)

// client returns the AWS SDK's client of a server: signed requests, no retries.
func client(t testing.TB, o analyzer.Options) *accessanalyzer.Client {
	t.Helper()
	s := httptest.NewServer(analyzer.NewHandler(o))
	t.Cleanup(s.Close)
	return clientAt(s.URL)
}

func clientAt(url string) *accessanalyzer.Client {
	return accessanalyzer.New(accessanalyzer.Options{
		BaseEndpoint: aws.String(url),
		Region:       "eu-west-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token"}, nil
		}),
		Retryer: aws.NopRetryer{},
	})
}

type sdk = *accessanalyzer.Client

// response is what the operations have in common.
type response struct {
	Result, Message string
	Reasons         []types.ReasonSummary
}

func noNewAccess(t testing.TB, c sdk, existing, new string, kind types.AccessCheckPolicyType) (response, error) {
	t.Helper()
	out, err := c.CheckNoNewAccess(t.Context(), &accessanalyzer.CheckNoNewAccessInput{
		ExistingPolicyDocument: &existing, NewPolicyDocument: &new, PolicyType: kind,
	})
	if err != nil {
		return response{}, err
	}
	return response{string(out.Result), aws.ToString(out.Message), out.Reasons}, nil
}

func accessNotGranted(t testing.TB, c sdk, policy string, kind types.AccessCheckPolicyType, listed ...types.Access) (response, error) {
	t.Helper()
	out, err := c.CheckAccessNotGranted(t.Context(), &accessanalyzer.CheckAccessNotGrantedInput{
		PolicyDocument: &policy, PolicyType: kind, Access: listed,
	})
	if err != nil {
		return response{}, err
	}
	return response{string(out.Result), aws.ToString(out.Message), out.Reasons}, nil
}

func noPublicAccess(t testing.TB, c sdk, policy string, resourceType types.AccessCheckResourceType) (response, error) {
	t.Helper()
	out, err := c.CheckNoPublicAccess(t.Context(), &accessanalyzer.CheckNoPublicAccessInput{PolicyDocument: &policy, ResourceType: resourceType})
	if err != nil {
		return response{}, err
	}
	return response{string(out.Result), aws.ToString(out.Message), out.Reasons}, nil
}

const (
	identity = types.AccessCheckPolicyTypeIdentityPolicy
	resource = types.AccessCheckPolicyTypeResourcePolicy
)

// TestSDK asks every operation with the AWS SDK.
func TestSDK(t *testing.T) {
	c := client(t, analyzer.Options{})
	reason := func(text string, index int32, id *string) []types.ReasonSummary {
		return []types.ReasonSummary{{Description: &text, StatementIndex: &index, StatementId: id}}
	}
	const bucket = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*"}}`
	const public = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"},` +
		`{"Sid":"All of it","Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]}`
	for name, c := range map[string]struct {
		ask  func() (response, error)
		want response
	}{
		"no new access, pass": {
			func() (response, error) { return noNewAccess(t, c, wide, narrow, identity) },
			response{"PASS", "The modified permissions do not grant new access compared to your existing policy.", nil},
		},
		"no new access, by sid": {
			func() (response, error) { return noNewAccess(t, c, narrow, wide, identity) },
			response{"FAIL", "The modified permissions grant new access compared to your existing policy.",
				reason("New access in the statement with sid: Del.", 1, aws.String("Del"))},
		},
		"no new access, by index": {
			func() (response, error) { return noNewAccess(t, c, narrow, noSid, identity) },
			response{"FAIL", "The modified permissions grant new access compared to your existing policy.",
				reason("New access in the statement with index: 0.", 0, nil)},
		},
		"no new access, resource policies": {
			func() (response, error) {
				return noNewAccess(t, c, bucket, strings.Replace(bucket, "111122223333", "*", 1), resource)
			},
			response{"FAIL", "The modified permissions grant new access compared to your existing policy.",
				reason("New access in the statement with index: 0.", 0, nil)},
		},
		"not granted, pass": {
			func() (response, error) {
				return accessNotGranted(t, c, narrow, identity, types.Access{Actions: []string{"s3:PutObject"}})
			},
			response{"PASS", "The policy document does not grant access to perform one or more of the listed actions.", nil},
		},
		"not granted, by sid": {
			func() (response, error) {
				return accessNotGranted(t, c, wide, identity, types.Access{Actions: []string{"s3:DeleteObject"}, Resources: []string{"arn:aws:s3:::reports/*"}})
			},
			response{"FAIL", "The policy document grants access to one or more listed resources to perform one or more listed actions.",
				reason("One or more of the listed actions and/or resources in the statement with sid: Del.", 1, aws.String("Del"))},
		},
		"not granted, by index": {
			func() (response, error) {
				return accessNotGranted(t, c, bucket, resource, types.Access{Resources: []string{"arn:aws:s3:::reports/x"}})
			},
			response{"FAIL", "The policy document grants access to one or more of the listed resources.",
				reason("One or more of the listed resources in the statement with index: 0.", 0, nil)},
		},
		"no public access, pass": {
			func() (response, error) { return noPublicAccess(t, c, bucket, types.AccessCheckResourceTypeS3Bucket) },
			response{"PASS", "The resource policy does not grant public access for the given resource type.", nil},
		},
		"no public access, by index": {
			func() (response, error) {
				return noPublicAccess(t, c, strings.Replace(bucket, "111122223333", "*", 1), types.AccessCheckResourceTypeS3Bucket)
			},
			response{"FAIL", "The resource policy grants public access for the given resource type.",
				reason("Public access granted in the following statement with index: 0.", 0, nil)},
		},
		"no public access, by sid": {
			func() (response, error) {
				return noPublicAccess(t, c, public, types.AccessCheckResourceTypeKmsKey)
			},
			response{"FAIL", "The resource policy grants public access for the given resource type.",
				reason("Public access granted in the following statement with sid: All of it.", 1, aws.String("All of it"))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.ask()
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(types.ReasonSummary{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestSDKValidation: what is wrong with a request arrives as the SDK's typed error,
// with the reason and the members.
func TestSDKValidation(t *testing.T) {
	c := client(t, analyzer.Options{})
	granted := func(listed ...types.Access) error {
		_, err := accessNotGranted(t, c, narrow, identity, listed...)
		return err
	}
	compared := func(existing, new string, kind types.AccessCheckPolicyType) error {
		_, err := noNewAccess(t, c, existing, new, kind)
		return err
	}
	public := func(policy string, resourceType types.AccessCheckResourceType) error {
		_, err := noPublicAccess(t, c, policy, resourceType)
		return err
	}
	for name, c := range map[string]struct {
		err     error
		reason  types.ValidationExceptionReason
		message string // begins with
		fields  []string
	}{
		"text that is no JSON": {
			compared(narrow, `{"Statement":`, identity), types.ValidationExceptionReasonCannotParse,
			"newPolicyDocument: line 1, column", []string{"newPolicyDocument"},
		},
		"both texts": {
			compared(``, `[`, identity), types.ValidationExceptionReasonCannotParse,
			"newPolicyDocument: ", []string{"newPolicyDocument", "existingPolicyDocument"},
		},
		"resource that is no ARN": {
			compared(narrow, strings.Replace(narrow, "arn:aws:s3:::reports/*", "example", 1), identity),
			types.ValidationExceptionReasonFieldValidationFailed, "newPolicyDocument: ", []string{"newPolicyDocument"},
		},
		"no principal": {
			compared(narrow, narrow, resource), types.ValidationExceptionReasonFieldValidationFailed,
			"newPolicyDocument: ", []string{"newPolicyDocument", "existingPolicyDocument"},
		},
		"unknown type": {
			compared(narrow, narrow, "SERVICE_CONTROL_POLICY"), types.ValidationExceptionReasonFieldValidationFailed,
			`policyType: unknown value "SERVICE_CONTROL_POLICY", expected IDENTITY_POLICY or RESOURCE_POLICY`, []string{"policyType"},
		},
		"listed resource that is no ARN": {
			granted(types.Access{Actions: []string{"s3:GetObject"}, Resources: []string{"*", "example"}}),
			types.ValidationExceptionReasonFieldValidationFailed, "Invalid ARN", []string{"access[0].resources[1]"},
		},
		"listed action that is none": {
			granted(types.Access{Actions: []string{"s3:GetObject", "GetObject", "s3"}}),
			types.ValidationExceptionReasonFieldValidationFailed, "Invalid action", []string{"access[0].actions[1]", "access[0].actions[2]"},
		},
		"nothing listed": {
			granted(types.Access{}), types.ValidationExceptionReasonFieldValidationFailed, "access[0]: no access listed", []string{"access[0]"},
		},
		"no entry": {
			granted([]types.Access{}...), types.ValidationExceptionReasonFieldValidationFailed, "access: ", []string{"access"},
		},
		"two entries": {
			granted(types.Access{Actions: []string{"s3:*"}}, types.Access{Actions: []string{"iam:*"}}),
			types.ValidationExceptionReasonFieldValidationFailed, "access: 2 entries", []string{"access"},
		},
		"too many actions": {
			granted(types.Access{Actions: strings.Split(strings.Repeat("s3:GetObject ", 100)+"s3:GetObject", " ")}),
			types.ValidationExceptionReasonFieldValidationFailed, "access[0]: too many", []string{"access[0]"},
		},
		"another operation": {
			func() error {
				_, err := c.ValidatePolicy(t.Context(), &accessanalyzer.ValidatePolicyInput{PolicyDocument: aws.String(narrow), PolicyType: types.PolicyTypeIdentityPolicy})
				return err
			}(), types.ValidationExceptionReasonUnknownOperation, "There is no operation at \"/policy/validation\"", nil,
		},
		"public, no principal": {
			public(narrow, types.AccessCheckResourceTypeS3Bucket), types.ValidationExceptionReasonFieldValidationFailed,
			"policyDocument: ", []string{"policyDocument"},
		},
		"public, unknown type": {
			public(`{"Statement":[]}`, "AWS::EC2::Instance"), types.ValidationExceptionReasonFieldValidationFailed,
			`resourceType: unknown value "AWS::EC2::Instance", expected one of AWS::`, []string{"resourceType"},
		},
		"too large": {
			compared(narrow, strings.Repeat(" ", analyzer.MaxBody), identity), types.ValidationExceptionReasonOther, "The body has more than 1048576 bytes", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := errors.AsType[*types.ValidationException](c.err)
			if !ok {
				t.Fatalf("expected a ValidationException, got %v", c.err)
			}
			var fields []string
			for _, f := range got.FieldList {
				fields = append(fields, aws.ToString(f.Name))
				if aws.ToString(f.Message) == "" {
					t.Errorf("%s: no message", aws.ToString(f.Name))
				}
			}
			if got.Reason != c.reason || !strings.HasPrefix(got.ErrorMessage(), c.message) {
				t.Errorf("got %s: %s", got.Reason, got.ErrorMessage())
			}
			if d := cmp.Diff(c.fields, fields); d != "" {
				t.Errorf("fields (-want +got):\n%s", d)
			}
		})
	}
}

// TestResourceTypes: the types are those that the SDK knows, each is answered.
func TestResourceTypes(t *testing.T) {
	c := client(t, analyzer.Options{})
	var known []string
	for _, resourceType := range types.AccessCheckResourceType("").Values() {
		known = append(known, string(resourceType))
		if got, err := noPublicAccess(t, c, everyone, resourceType); err != nil || got.Result != "FAIL" {
			t.Errorf("%s: got %v, %v; want FAIL", resourceType, got, err)
		}
	}
	slices.Sort(known)
	if d := cmp.Diff(known, access.ResourceTypes()); d != "" {
		t.Errorf("(-SDK +ours):\n%s", d)
	}
}

// TestStrictOpenWorld: the option reaches the engine.
func TestStrictOpenWorld(t *testing.T) {
	by := func(operator, value string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:*","Resource":"*",` +
			`"Condition":{"` + operator + `":{"aws:PrincipalAccount":"` + value + `"}}}}`
	}
	other := by("StringEquals", "444455556666") // whom no role of another account is
	for want, o := range map[string]analyzer.Options{"PASS": {}, "FAIL": {StrictOpenWorld: true}} {
		c := client(t, o)
		if got, err := noNewAccess(t, c, by("StringEquals", "111122223333"), by("StringLike", "*"), resource); err != nil || got.Result != want {
			t.Errorf("no-new-access, %+v: got %v, %v; want %s", o, got, err, want)
		}
		if got, err := accessNotGranted(t, c, other, resource, types.Access{Actions: []string{"s3:GetObject"}}); err != nil || got.Result != want {
			t.Errorf("access-not-granted, %+v: got %v, %v; want %s", o, got, err, want)
		}
	}
}

// TestSDKErrors: every other exception arrives as the SDK's type.
func TestSDKErrors(t *testing.T) {
	t.Run("undetermined is no pass", func(t *testing.T) {
		c := client(t, analyzer.Options{Work: 1})
		_, err := noNewAccess(t, c, narrow, wide, identity)
		if e, ok := errors.AsType[*types.UnprocessableEntityException](err); !ok || !strings.HasPrefix(e.ErrorMessage(), "It could not be decided whether the modified permissions grant new access: ") {
			t.Errorf("got %v", err)
		}
		_, err = accessNotGranted(t, c, wide, identity, types.Access{Actions: []string{"s3:DeleteObject"}})
		if e, ok := errors.AsType[*types.UnprocessableEntityException](err); !ok || !strings.HasPrefix(e.ErrorMessage(), "It could not be decided whether the policy document grants access to perform one or more of the listed actions: ") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("undetermined is not private", func(t *testing.T) {
		_, err := noPublicAccess(t, client(t, analyzer.Options{Work: 1}), everyone, types.AccessCheckResourceTypeSqsQueue)
		if e, ok := errors.AsType[*types.UnprocessableEntityException](err); !ok || !strings.HasPrefix(e.ErrorMessage(), "It could not be decided whether the resource policy grants public access") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a policy that only denies", func(t *testing.T) {
		deny := strings.Replace(narrow, "Allow", "Deny", 1)
		if got, err := noNewAccess(t, client(t, analyzer.Options{}), narrow, deny, identity); err != nil || got.Result != "PASS" {
			t.Errorf("got %v, %v; want PASS", got, err)
		}
		c := client(t, analyzer.Options{RefuseDenyOnly: true})
		_, err := noNewAccess(t, c, narrow, deny, identity)
		if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
			t.Errorf("no-new-access: got %v", err)
		}
		_, err = accessNotGranted(t, c, deny, identity, types.Access{Actions: []string{"s3:*"}})
		if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
			t.Errorf("access-not-granted: got %v", err)
		}
		_, err = noPublicAccess(t, c, strings.Replace(everyone, "Allow", "Deny", 1), types.AccessCheckResourceTypeSqsQueue)
		if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
			t.Errorf("no-public-access: got %v", err)
		}
		if got, err := noNewAccess(t, c, deny, narrow, identity); err != nil || got.Result != "FAIL" {
			t.Errorf("only the reference denies: got %v, %v; want FAIL", got, err)
		}
	})
	t.Run("a foreign host name", func(t *testing.T) {
		s := httptest.NewServer(analyzer.NewHandler(analyzer.Options{}))
		defer s.Close()
		_, err := noNewAccess(t, hosted(s.URL, "rebound.example:80"), narrow, wide, identity)
		if _, ok := errors.AsType[*types.AccessDeniedException](err); !ok {
			t.Errorf("got %v", err)
		}
	})
}
