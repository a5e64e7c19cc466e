package access

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A trustedKey is a condition key whose fixed values say who is meant, or from
// where, so that a statement which asks for one of them does not grant public access.
// A fixed value has no wildcard and no policy variable.
type trustedKey struct {
	name string // lower case
	kind trustKind
	// shape matches the patterns that count as fixed although they hold a wildcard:
	// what stands before the wildcard says it all. nil: there are none.
	shape *regexp.Regexp
	// never reports the texts that are fixed and say nothing of who is meant. nil: there
	// are none.
	never func(text string) bool
}

// notAccount reports whether a value of a key about accounts names none: callers who are
// not signed have such a value, too.
func notAccount(text string) bool { return !isAccountID(text) }

// unsigned is the value of aws:userid for callers who are not signed (AWS global
// condition context keys).
func unsigned(text string) bool { return strings.EqualFold(text, "anonymous") }

// trustKind is what a trusted key is compared with.
type trustKind int

const (
	trustText   trustKind = iota // any text that is fixed
	trustTrue                    // the Boolean true
	trustRanges                  // ranges of addresses that are not too broad
)

// publicType is what NoPublicAccess knows of a resource type.
type publicType struct {
	keys []trustedKey
	// federation: the policy is the trust policy of a role, the only kind in which
	// identity providers are principals. In any other, a provider is nobody special
	// (Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", June
	// 2023 edition: a bucket policy for graph.facebook.com is public).
	federation bool
	// unattended are service principals that act for everyone, so that naming one is
	// not enough.
	unattended *regexp.Regexp
}

// unattendedS3 is Amazon S3 as a service principal, in all its spellings.
var unattendedS3 = regexp.MustCompile(`(?i)^s3(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$`)

// anonymousS3 is the canonical user of Amazon S3 for callers who are not signed.
const anonymousS3 = "65a011a29cdf8ec533ec3d1ccaae921c"

// The shapes. Each names one account, role or organization in front of its first
// wildcard. Whether the service takes them is documented for the last one only; see
// docs/public-access.md.
var (
	anyOfAccount      = regexp.MustCompile(`^arn:[a-z-]+:(iam|sts)::[0-9]{12}:.+$`)
	anySession        = regexp.MustCompile(`^AROA[A-Z0-9]{8,}:.+$`)
	anyUnitOfOrg      = regexp.MustCompile(`^o-([a-z0-9]{10,32}|\([^*?]+\))/.*$`) // also of one that is not known, as extractors write it
	anyPointOfAccount = regexp.MustCompile(`^arn:[a-z-]+:s3:[a-z0-9-]*:[0-9]{12}:accesspoint/.+$`)
)

// commonKeys are trusted for every type: those that all published definitions of
// "public" list (Amazon S3 User Guide, "Blocking public access to your Amazon S3
// storage"; Amazon EFS User Guide, "Blocking public access to EFS file systems";
// Amazon DynamoDB Developer Guide, "Blocking public access to resource-based
// policies"). The first two say "an AWS principal, user, role, or service principal"
// where the third names keys.
var commonKeys = []trustedKey{
	{name: "aws:principalaccount", never: notAccount},
	{name: "aws:principalarn", shape: anyOfAccount},
	{name: "aws:principalorgid"},
	{name: "aws:principalorgpaths", shape: anyUnitOfOrg},
	{name: "aws:principalservicename"},
	{name: "aws:principalservicenameslist"},
	{name: "aws:sourceaccount", never: notAccount},
	{name: "aws:sourcearn"},
	{name: "aws:sourcevpc"},
	{name: "aws:sourcevpce"},
}

// Further keys, by the definition that lists them.
var (
	userID   = trustedKey{name: "aws:userid", never: unsigned}
	sourceIP = trustedKey{name: "aws:sourceip", kind: trustRanges}
	owner    = trustedKey{name: "aws:sourceowner", never: notAccount}

	commonAndUser = slices.Concat(commonKeys, []trustedKey{userID})
	storageKeys   = slices.Concat(commonKeys, []trustedKey{{name: "aws:userid", shape: anySession, never: unsigned}, sourceIP, owner})
	tableKeys     = slices.Concat(commonAndUser, []trustedKey{
		{name: "aws:ec2instancesourcevpc"},
		{name: "aws:principalisawsservice", kind: trustTrue},
		{name: "aws:sourceorgid"},
		{name: "aws:sourceorgpaths"},
	})
	pointAccount = trustedKey{name: "s3:dataaccesspointaccount", never: notAccount}
)

// publicTypes are the resource types that can be checked (IAM Access Analyzer API
// Reference, "CheckNoPublicAccess", resourceType). For those without a published
// definition only the keys that are in all of them count, and one more where
// something is published about it: what is uncertain is public.
var publicTypes = map[string]publicType{
	"AWS::ApiGateway::RestApi":           {keys: slices.Concat(commonAndUser, []trustedKey{sourceIP})}, // a recorded answer
	"AWS::Backup::BackupVault":           {keys: commonAndUser},
	"AWS::CloudTrail::Dashboard":         {keys: commonAndUser},
	"AWS::CloudTrail::EventDataStore":    {keys: commonAndUser},
	"AWS::CodeArtifact::Domain":          {keys: commonAndUser},
	"AWS::DynamoDB::Stream":              {keys: tableKeys},
	"AWS::DynamoDB::Table":               {keys: tableKeys},
	"AWS::EFS::FileSystem":               {keys: slices.Concat(storageKeys, []trustedKey{{name: "elasticfilesystem:accessedviamounttarget", kind: trustTrue}})},
	"AWS::IAM::AssumeRolePolicyDocument": {keys: commonAndUser, federation: true},
	"AWS::KMS::Key":                      {keys: slices.Concat(commonAndUser, []trustedKey{{name: "kms:calleraccount", never: notAccount}})}, // a filter of external access findings
	"AWS::Kinesis::Stream":               {keys: commonAndUser},
	"AWS::Kinesis::StreamConsumer":       {keys: commonAndUser},
	// AWS Config, "lambda-function-public-access-prohibited": Amazon S3 as the
	// principal, without a condition such as aws:SourceAccount, is public.
	"AWS::Lambda::Function":           {keys: commonAndUser, unattended: unattendedS3},
	"AWS::OpenSearchService::Domain":  {keys: commonAndUser},
	"AWS::S3::AccessPoint":            {keys: slices.Concat(storageKeys, []trustedKey{pointAccount, {name: "s3:dataaccesspointarn"}})},
	"AWS::S3::Bucket":                 {keys: slices.Concat(storageKeys, []trustedKey{pointAccount, {name: "s3:dataaccesspointarn", shape: anyPointOfAccount}})},
	"AWS::S3::Glacier":                {keys: commonAndUser},
	"AWS::S3Express::AccessPoint":     {keys: storageKeys},
	"AWS::S3Express::DirectoryBucket": {keys: storageKeys},
	"AWS::S3Outposts::AccessPoint":    {keys: storageKeys},
	"AWS::S3Outposts::Bucket":         {keys: storageKeys},
	"AWS::S3Tables::Table":            {keys: commonAndUser},
	"AWS::S3Tables::TableBucket":      {keys: commonAndUser},
	"AWS::SNS::Topic":                 {keys: slices.Concat(commonAndUser, []trustedKey{owner})}, // the policy that topics start with
	"AWS::SQS::Queue":                 {keys: slices.Concat(commonAndUser, []trustedKey{owner})},
	"AWS::SecretsManager::Secret":     {keys: commonAndUser},
}

// ResourceTypes lists the resource types that NoPublicAccess takes, sorted.
func ResourceTypes() []string { return slices.Sorted(maps.Keys(publicTypes)) }

// A claim is a key of a web identity token, behind the name of its provider.
type claim struct {
	name  string
	shape *regexp.Regexp
}

// ownClaims are trusted with a provider whose address is its customer's own: who can
// have a token of it is decided by that customer, and which of them by either claim.
var ownClaims = []claim{{name: "aud"}, {name: "sub"}}

// sharedClaims are the claims that tell the customers of a shared provider apart. For
// the providers that need no ARN they are the keys of IAM User Guide, "IAM and AWS STS
// condition context keys"; the others are in "Identity-provider controls for shared
// OIDC providers" with the claim that IAM wants to see. Their audience is the
// caller's choice, or the same for all. The shapes are the forms in which the
// providers write the customer's name, who alone says what stands behind it.
var sharedClaims = map[string][]claim{
	"accounts.google.com":            {{name: "aud"}, {name: "oaud"}, {name: "sub"}},
	"cognito-identity.amazonaws.com": {{name: "aud"}, {name: "sub"}},
	"graph.facebook.com":             {{name: "app_id"}, {name: "id"}},
	"www.amazon.com":                 {{name: "app_id"}, {name: "user_id"}},

	"agent.buildkite.com": {{name: "sub", shape: regexp.MustCompile(`^organization:[^*?:]+:.*$`)}},
	"app.terraform.io":    {{name: "sub", shape: regexp.MustCompile(`^organization:[^*?:]+:.*$`)}},
	"gitlab.com":          {{name: "sub", shape: regexp.MustCompile(`^project_path:[^*?/]+/.*$`)}},
	"oidc-configuration.audit-log.githubusercontent.com": {{name: "sub"}},
	"oidc.codefresh.io":                                    {{name: "sub"}},
	"proidc.upbound.io":                                    {{name: "sub"}},
	"scalr.io":                                             {{name: "sub"}},
	"studio.datachain.ai/api":                              {{name: "sub"}},
	"token.actions.githubusercontent.com":                  {{name: "sub", shape: regexp.MustCompile(`^repo:[^*?/]+/.*$`)}},
	"tokens.cloud.shisho.dev":                              {{name: "sub"}},
	"vstoken.actions.githubusercontent.com":                {{name: "sub", shape: regexp.MustCompile(`^repo:[^*?/]+/.*$`)}},
	"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": {{name: "sub"}},
}
