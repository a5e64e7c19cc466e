package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIdentityProviders covers what identity providers sign users in for: a new one
// gives nothing, and an audience that an existing one takes in addition is a statement.
func TestIdentityProviders(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::111122223333:oidc-provider/ci.example.com/x"
	const p = "aws_iam_openid_connect_provider.p"
	oidc := func(url string, thumbprint string, ids ...any) m {
		return m{"arn": arn, "id": arn, "url": url, "client_id_list": ids, "thumbprint_list": []any{thumbprint}}
	}
	const url = "https://ci.example.com/x"
	aud := func(id string) string {
		return "Allow Federated=" + arn + " sts:AssumeRoleWithWebIdentity StringEquals ci.example.com/x:aud=" + id
	}
	fresh := m{"url": url, "client_id_list": []any{"a"}}
	saml := func(name, text string) m { return m{"name": name, "saml_metadata_document": text} }
	own := m{"client_id": "b", "openid_connect_provider_arn": arn}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"new", []m{rc(p, "create", nil, fresh, unknown("arn", "id", "thumbprint_list"))}, nil, nil},
		{"new, with a URL that is not known", []m{rc(p, "create", nil, m{"client_id_list": []any{"a"}}, unknown("arn", "id", "url"))}, nil, nil},
		{"new audience", []m{rc(p, "update", oidc(url, "t", "a"), oidc(url, "t", "a", "b"))}, nil,
			[]string{p + " client_id_list | " + aud("a") + " > " + aud("a") + " | " + aud("b")}},
		{"audience that is not known", []m{rc(p, "update", oidc(url, "t", "a"), oidc(url, "t", "a", nil), m{"after_unknown": m{"client_id_list": []any{false, true}}})}, nil,
			[]string{p + " client_id_list | " + aud("a") + " > " + aud("a") + " | " + aud("unknown:"+p+".client_id_list at client_id_list[1]")}},
		{"audiences that are not known", []m{rc(p, "update", oidc(url, "t", "a"), oidc(url, "t"), unknown("client_id_list"))}, nil,
			[]string{p + " client_id_list | " + aud("a") + " > unknown"}},
		{"another URL", []m{rc(p, "delete,create", oidc(url, "t", "a"), m{"url": "https://other.example.com", "client_id_list": []any{"a", "b"}, "thumbprint_list": []any{"t"}}, unknown("arn", "id"))}, nil,
			[]string{p + " url | unknown > unknown", p + " client_id_list | " + aud("a") + " > absent"}},
		{"another certificate", []m{rc(p, "update", oidc(url, "t", "a"), oidc(url, "u", "a"))}, nil,
			[]string{p + " thumbprint_list | unknown > unknown", p + " client_id_list | " + aud("a") + " > " + aud("a")}},
		{"gone", []m{rc(p, "delete", oidc(url, "t", "a"), nil)}, nil, nil},
		{"new in the place of one that goes", []m{rc(p, "delete", oidc("ci.example.com/x", "t", "a"), nil), rc("aws_iam_openid_connect_provider.q", "create", nil, fresh, unknown("arn", "id"))}, nil,
			[]string{"aws_iam_openid_connect_provider.q url | absent > unknown"}},

		{"audience of its own", []m{stay(p, oidc(url, "t", "a")), rc("aws_iam_openid_connect_provider_client_id.c", "create", nil, own)}, nil,
			[]string{p + " client_id_list | " + aud("a") + " > " + aud("a"), "aws_iam_openid_connect_provider_client_id.c client_id | absent > " + aud("b")}},
		{"audience of its own for a new provider", []m{rc(p, "create", nil, fresh, unknown("arn", "id")), rc("aws_iam_openid_connect_provider_client_id.c", "create", nil, m{"client_id": "b"}, unknown("openid_connect_provider_arn"))},
			[]m{conf("aws_iam_openid_connect_provider_client_id.c", map[string][]string{"openid_connect_provider_arn": {p + ".arn"}})}, nil},

		{"new SAML provider", []m{rc("aws_iam_saml_provider.s", "create", nil, saml("s", "<x/>"), unknown("arn"))}, nil, nil},
		{"other SAML metadata", []m{rc("aws_iam_saml_provider.s", "update", saml("s", "<x/>"), saml("s", "<y/>"))}, nil,
			[]string{"aws_iam_saml_provider.s saml_metadata_document | unknown > unknown"}},
		{"SAML provider in the place of one that goes", []m{rc("aws_iam_saml_provider.s", "delete", saml("s", "<x/>"), nil), rc("aws_iam_saml_provider.t", "create", nil, saml("s", "<y/>"), unknown("arn"))}, nil,
			[]string{"aws_iam_saml_provider.t saml_metadata_document | absent > unknown"}},

		{"Cloud Control, audiences that nothing sets", []m{rc("awscc_iam_oidc_provider.p", "update", oidc(url, "t", "a"), m{"arn": arn, "url": url, "thumbprint_list": []any{"t"}}, unknown("client_id_list"))},
			[]m{conf("awscc_iam_oidc_provider.p", map[string][]string{"url": nil})}, []string{"awscc_iam_oidc_provider.p client_id_list | " + aud("a") + " > " + aud("a")}},
		{"Cloud Control, new audience", []m{rc("awscc_iam_oidc_provider.p", "update", oidc(url, "t"), oidc(url, "t", "b"))}, nil,
			[]string{"awscc_iam_oidc_provider.p client_id_list | absent > " + aud("b")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			grants := clean(t, plan(tt.changes, tt.resources))
			for i, s := range sides(grants) {
				got = append(got, grants[i].Address+" "+grants[i].Attribute+" | "+s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}
