#!/usr/bin/env bash
# The step of action.yml: gets a grantdiff binary, scans, writes the step's outputs
# and ends with the exit code of the scan.
#
# Inputs arrive in INPUT_* variables and nowhere else; every one is taken for hostile.
# They are only ever used as one word of a command, behind -- where they name files.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
: "${GITHUB_OUTPUT:?expected the runner to set GITHUB_OUTPUT}"
work=$(mktemp -d -- "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/grantdiff.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

# say prints a message as an annotation of the given level; the runner would take
# unescaped text in it for further commands.
say() {
	local text=$2
	text=${text//'%'/'%25'}
	text=${text//$'\r'/'%0D'}
	text=${text//$'\n'/'%0A'}
	printf '::%s title=grantdiff::%s\n' "$1" "$text"
}

# fail ends the step for trouble with its usage or surroundings.
fail() {
	say error "$1"
	printf 'result=error\n' >>"$GITHUB_OUTPUT"
	exit 2
}

flag() { # input name, value
	case $2 in
	true | false) ;;
	*) fail "input $1 is '$2': expected true or false" ;;
	esac
}

# obtain sets bin to the binary to run.
obtain() {
	if [ -n "${INPUT_BIN:-}" ]; then
		bin=$(command -v -- "$INPUT_BIN") || fail "input bin is '$INPUT_BIN': expected the path of an executable file, or a name on PATH"
	elif [ -n "${INPUT_VERSION:-}" ]; then
		download
	else
		build
	fi
}

# build compiles the source that the action was checked out with, for this runner: a
# job may have set GOOS and its like for what it builds itself.
build() {
	command -v go >/dev/null || fail 'there is no Go on this runner: put a step with actions/setup-go before this one, or set the input bin to a grantdiff binary'
	bin=$work/grantdiff
	[ "$(go env GOHOSTOS)" != windows ] || bin=$bin.exe
	echo '::group::Build grantdiff'
	if ! (cd -- "$here/../.." && GOOS=$(go env GOHOSTOS) GOARCH=$(go env GOHOSTARCH) GOWORK=off GOFLAGS='' CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -o "$bin" ./cmd/grantdiff); then
		echo '::endgroup::'
		fail 'grantdiff could not be built from the source of the action, see the log above'
	fi
	echo '::endgroup::'
}

# download fetches a release and compares it with the checksum that the action itself
# carries, so that an archive which was replaced later is refused.
download() {
	local version=${INPUT_VERSION#v} os arch archive line
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "input version is '$INPUT_VERSION': expected a release such as 1.2.3"
	case $(uname -s) in
	Linux) os=linux ;;
	Darwin) os=darwin ;;
	*) os=windows ;;
	esac
	case $(uname -m) in
	arm64 | aarch64) arch=arm64 ;;
	*) arch=amd64 ;;
	esac
	archive=grantdiff_${version}_${os}_${arch}.tar.gz
	line=$(grep -E -- "^[0-9a-f]{64}  ${archive//./\\.}\$" "$here/checksums.txt" 2>/dev/null) ||
		fail "this revision of the action has no checksum of $archive: leave the input version empty to build from source, or use the revision of the action that belongs to the release"
	echo "Download $archive"
	curl --fail --silent --show-error --location --proto =https --retry 3 --output "$work/$archive" -- \
		"https://github.com/grantdiff/grantdiff/releases/download/v$version/$archive" ||
		fail "$archive could not be downloaded"
	if command -v sha256sum >/dev/null; then
		(cd -- "$work" && sha256sum --check <<<"$line" >/dev/null) || fail "$archive is not the release: its checksum differs"
	else
		(cd -- "$work" && shasum -a 256 --check <<<"$line" >/dev/null) || fail "$archive is not the release: its checksum differs"
	fi
	tar -xzf "$work/$archive" -C "$work"
	bin=$work/grantdiff
	[ -x "$bin" ] || bin=$work/grantdiff.exe
	[ -x "$bin" ] || fail "$archive holds no grantdiff binary"
}

# scan runs the binary; its outputs go to a file of our own first, so that they are
# known to be there once.
scan() {
	local line plans=() args=(scan --format github)
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		line=${line#"${line%%[![:blank:]]*}"}
		line=${line%"${line##*[![:blank:]]}"}
		[ -z "$line" ] || plans+=("$line")
	done <<<"${INPUT_PLAN:-}"
	[ "${#plans[@]}" -gt 0 ] || fail 'input plan is empty: expected the path of a plan as JSON, or several, one a line'
	[ -z "${INPUT_SARIF_FILE:-}" ] || args+=(--format "sarif=$INPUT_SARIF_FILE")
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		line=${line#"${line%%[![:blank:]]*}"}
		line=${line%"${line##*[![:blank:]]}"}
		[ -n "$line" ] || continue
		[[ $line =~ ^[a-z]+(-[a-z]+)*=. ]] || fail "input reports has the line '$line': expected FORMAT=FILE, such as html=review.html"
		args+=(--format "$line")
	done <<<"${INPUT_REPORTS:-}"
	[ "$INPUT_COMMENT" = false ] || args+=(--format "markdown=$work/comment.md")
	[ -z "${INPUT_FAIL_ON:-}" ] || args+=(--fail-on "$INPUT_FAIL_ON")
	[ -z "${INPUT_CONFIG:-}" ] || args+=(--config "$INPUT_CONFIG")
	[ -z "${INPUT_SOURCE:-}" ] || args+=(--source "$INPUT_SOURCE")
	[ -z "${INPUT_PRIOR:-}" ] || args+=(--prior "$INPUT_PRIOR")

	# shellcheck disable=SC2016 # matches nothing
	local summary=${GITHUB_STEP_SUMMARY:-} hide='^$never'
	[ "$INPUT_SUMMARY" = true ] || summary=
	[ "$INPUT_ANNOTATIONS" = true ] || hide='^::(error|warning|notice) '
	: >"$work/output"
	set +e
	GITHUB_OUTPUT=$work/output GITHUB_STEP_SUMMARY=$summary \
		"$bin" "${args[@]}" -- "${plans[@]}" </dev/null | grep -vE -- "$hide"
	status=${PIPESTATUS[0]}
	set -e
}

# api calls the API of the code host and leaves the answer in $work/answer. The token
# stands in a file, since arguments can be seen by every process.
api() { # method, path, file of the body or nothing
	local base=${GITHUB_API_URL:-https://api.github.com} proto='=https' call
	case $base in
	https://*) ;;
	http://127.0.0.1:*) proto='=http' ;;
	*) return 1 ;;
	esac
	call=(curl --silent --show-error --proto "$proto" --max-time 30 --request "$1" --header "@$work/headers" --output "$work/answer" --write-out '%{http_code}')
	[ -z "${3:-}" ] || call+=(--data-binary "@$3")
	code=$("${call[@]}" -- "$base$2" 2>"$work/curl") || code=none
	[[ $code == 2[0-9][0-9] ]]
}

# comment keeps one comment of the pull request up to date, found by its first line. It is
# a convenience: whatever goes wrong with it is told and changes nothing.
comment() {
	local tool number mark id='' page=1 code=none
	for tool in curl jq; do
		command -v "$tool" >/dev/null || { say notice "no comment is written: there is no $tool on this runner"; return; }
	done
	[[ ${INPUT_COMMENT_KEY:=plan} =~ ^[A-Za-z0-9._-]{1,64}$ ]] || { say warning "no comment is written: input comment-key is '$INPUT_COMMENT_KEY', expected letters, digits, dots, hyphens and underscores"; return; }
	[ -s "$work/comment.md" ] || { say notice 'no comment is written: there is no review'; return; }
	number=$(jq -r '.pull_request.number // empty' -- "${GITHUB_EVENT_PATH:-/dev/null}" 2>/dev/null) || number=
	[[ $number =~ ^[0-9]+$ ]] || { say notice 'no comment is written: this run is not of a pull request'; return; }
	[[ ${GITHUB_REPOSITORY:-} =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ && -n ${INPUT_GITHUB_TOKEN:-} && $INPUT_GITHUB_TOKEN != *[!A-Za-z0-9_.-]* ]] ||
		{ say notice 'no comment is written: there is no repository or no token'; return; }

	printf 'Authorization: Bearer %s\nAccept: application/vnd.github+json\nX-GitHub-Api-Version: 2022-11-28\n' "$INPUT_GITHUB_TOKEN" >"$work/headers"
	mark="<!-- grantdiff $INPUT_COMMENT_KEY -->"
	# Somebody else may begin a comment with our line: only those of a bot count.
	while [ -z "$id" ] && [ "$page" -le 20 ]; do
		api GET "/repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100&page=$page" || break
		id=$(jq -r --arg mark "$mark" '[.[] | select(.user.type == "Bot" and (.body | startswith($mark))) | .id] | first // empty' -- "$work/answer") || break
		[ "$(jq length -- "$work/answer")" = 100 ] || break
		page=$((page + 1))
	done
	[[ $code == 2[0-9][0-9] && $id =~ ^[0-9]*$ ]] || { say notice "no comment is written: the comments could not be read ($code)"; return; }
	if [ -z "$id" ] && grep -q '^## 🟢 ' -- "$work/comment.md"; then
		return # nothing to say, and nothing to correct
	fi
	{ printf '%s\n' "$mark" && tail -n +2 -- "$work/comment.md"; } >"$work/body.md"
	jq -n --rawfile body "$work/body.md" '{body: $body}' >"$work/body.json" || return
	if [ -n "$id" ]; then
		api PATCH "/repos/$GITHUB_REPOSITORY/issues/comments/$id" "$work/body.json"
	else
		api POST "/repos/$GITHUB_REPOSITORY/issues/$number/comments" "$work/body.json"
	fi || say notice "the comment could not be written ($code): the job needs the permission pull-requests: write, and a pull request from a fork has a token that only reads. The step summary has the review."
}

INPUT_SUMMARY=${INPUT_SUMMARY:-true}
INPUT_COMMENT=${INPUT_COMMENT:-false}
INPUT_ANNOTATIONS=${INPUT_ANNOTATIONS:-true}
flag summary "$INPUT_SUMMARY"
flag annotations "$INPUT_ANNOTATIONS"
flag comment "$INPUT_COMMENT"
case ${INPUT_SARIF_FILE:-} in
*[$'\r\n']*) fail 'input sarif-file has more than one line: expected one path' ;;
esac

obtain
scan

# Exit codes are those of docs/interface.md; others are of a process that was killed.
[ "$status" -le 3 ] || {
	say error "grantdiff ended with exit code $status: see the log of this step"
	status=2
}
if [ "$status" = 2 ]; then
	# Outputs may have been written all the same; they are not those of a whole scan.
	say error 'grantdiff could not do what it was asked to: see the log of this step'
	printf 'result=error\n' >>"$GITHUB_OUTPUT"
elif [ -s "$work/output" ]; then
	cat -- "$work/output" >>"$GITHUB_OUTPUT"
	if [ -n "${INPUT_SARIF_FILE:-}" ] && [ -f "$INPUT_SARIF_FILE" ]; then
		printf 'sarif-file=%s\n' "$INPUT_SARIF_FILE" >>"$GITHUB_OUTPUT"
	fi
else
	result=error
	[ "$status" != 3 ] || result=undecided
	printf 'result=%s\n' "$result" >>"$GITHUB_OUTPUT"
	say error "grantdiff ended with exit code $status and no result: see the log of this step"
	[ "$status" != 0 ] || status=3 # a scan that says nothing is no pass
fi
[ "$INPUT_COMMENT" = false ] || [ "$status" = 2 ] || (comment) || true
exit "$status"
