// The release, as far as it goes without publishing: in a repository of its own, on a tree that is clean, and not on others.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

/** What a release reads and writes. */
const touched = ["README.md", "CHANGELOG.md", "scripts/release.sh", "js/package.json", "js/package-lock.json", "js/src/engine/protocol.ts"];
const repository = mkdtempSync(join(tmpdir(), "focalfit-release-"));
after(() => rmSync(repository, { recursive: true, force: true }));
const run = (command, ...args) => spawnSync(command, args, { cwd: repository, encoding: "utf8", env: { ...process.env, RELEASE_TEST: "true" } });
const release = (...args) => run("sh", "scripts/release.sh", ...args);
const changes = () => run("git", "status", "--porcelain").stdout;

test("a release begins on a clean tree of main alone, with a version that is newer, and a dry run leaves it clean", () => {
  for (const file of touched) cpSync(join(process.env.FOCALFIT_ROOT, file), join(repository, file));
  run("git", "init", "-q", "-b", "main");
  run("git", "add", "-A");
  assert.equal(run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "all").status, 0);
  for (const [args, message] of [[[], /usage/], [["one"], /usage/], [["0.0.1"], /older/], [["99.0.0", "--now"], /no option/]]) {
    const { status, stderr } = release(...args);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
  const dry = release("99.0.0", "--dry-run");
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /packed focalfit-99\.0\.0\.tgz[\s\S]*nothing was published/);
  assert.equal(changes(), "");
  run("git", "checkout", "-q", "-b", "other");
  assert.match(release("99.0.0", "--dry-run").stderr, /not on the branch main/);
  run("git", "checkout", "-q", "main");
  appendFileSync(join(repository, "README.md"), "\n");
  assert.match(release("99.0.0", "--dry-run").stderr, /changes that are not committed/);
});
