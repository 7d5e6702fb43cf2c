/**
 * Builds another commit of this repository aside, for `--against`: its files below node_modules/.cache, its own packages,
 * its own dist/. Kept for the next time, since a commit does not change.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './engine.ts';

const root = join(import.meta.dirname, '../..');

export interface OtherBuild {
  /** Short commit name. */
  readonly name: string;
  readonly tree: string;
}
/** Throws with a sentence when `revision` names no commit here. */
export function buildAt(revision: string): OtherBuild {
  let commit: string;
  try {
    commit = execFileSync('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { cwd: root })
      .toString()
      .trim();
  } catch {
    throw new TypeError(`--against ${revision}: no such commit in this repository`);
  }
  const name = commit.slice(0, 9);
  const tree = join(root, 'node_modules/.cache/slicehouse-bench/builds', commit);
  const built = join(tree, '.built');
  if (existsSync(built)) return { name, tree };
  say(`building ${name} aside`);
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const archive = join(tree, 'tree.tar');
  execFileSync('git', ['archive', '--format=tar', '-o', archive, commit], { cwd: root });
  execFileSync('tar', ['-xf', archive], { cwd: tree });
  rmSync(archive);
  const quiet = { cwd: tree, stdio: ['ignore', 2, 2] as ['ignore', number, number] };
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    ...quiet,
    shell: process.platform === 'win32',
  });
  execFileSync(process.execPath, ['tools/build.mjs'], quiet);
  writeFileSync(built, '');
  return { name, tree };
}
