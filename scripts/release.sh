#!/bin/sh
# Releases a version: scripts/release.sh 0.2.0 [--dry-run]
#
# Refuses a tree with changes, another branch than main and a version that is not newer. What is published is the tarball
# of the tree that was tested. With --dry-run nothing leaves this machine and the files are put back.
set -eu
version=${1:-} mode=${2:-}
fail() { echo "release: $*" >&2; exit 1; }
echo "$version" | grep -Eq '^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$' || fail "usage: scripts/release.sh 1.2.3 [--dry-run]"
[ -z "$mode" ] || [ "$mode" = --dry-run ] || fail "$mode is no option: there is --dry-run"
cd "$(dirname "$0")/.."
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed"
[ "$(git symbolic-ref --short HEAD 2>/dev/null)" = main ] || fail "not on the branch main"
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || fail "there is a v$version already"
now=$(node -p 'require("./js/package.json").version')
[ "$now" = "$version" ] || [ "$(printf '%s\n%s\n' "$now" "$version" | sort -V | tail -1)" = "$version" ] || fail "$version is older than $now"
sed -n '/^## Unreleased$/,/^## [0-9]/p' CHANGELOG.md | grep -q '^- ' || fail "CHANGELOG.md has nothing under Unreleased"

restore() { git checkout -q -- js/package.json js/package-lock.json js/src/engine/protocol.ts CHANGELOG.md; }
trap restore EXIT
npm version "$version" --prefix js --no-git-tag-version --allow-same-version >/dev/null
sed -i.old "s/^export const VERSION = \".*\";\$/export const VERSION = \"$version\";/" js/src/engine/protocol.ts
sed -i.old "s/^## Unreleased\$/## Unreleased\\
\\
## $version, $(date -u +%Y-%m-%d)/" CHANGELOG.md
rm -f js/src/engine/protocol.ts.old CHANGELOG.md.old
grep -q "VERSION = \"$version\"" js/src/engine/protocol.ts || fail "js/src/engine/protocol.ts has no line of the version"
${RELEASE_TEST:-make test}
tarball=$(npm pack --silent ./js)
echo "release: packed $tarball"
if [ "$mode" = --dry-run ]; then
  rm -f "$tarball"
  echo "release: nothing was published"
  exit 0
fi
git commit -qam "focalfit $version"
git tag -a "v$version" -m "focalfit $version"
trap - EXIT
npm publish "$tarball" --access public
rm -f "$tarball"
git push --follow-tags
