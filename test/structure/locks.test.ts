/**
 * `npm ci` must take every package-lock.json on every platform: whatever an entry of the lock depends on, optional
 * packages of other platforms included, has an entry of its own where Node would look for it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Where Node would find `name` from the package at `path`; undefined when the lock has no such entry. */
function find(packages: Lock['packages'], path: string, name: string): string | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (at === '') return undefined;
  }
}

test.each(['.', 'test/oracles'])('the lock of %s is whole', (folder) => {
  const lock = read(`${folder}/package-lock.json`) as Lock;
  const own = read(`${folder}/package.json`) as Entry;
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => find(lock.packages, path, name) === undefined)
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
    expect(lock.packages['']?.[kind] ?? {}).toEqual(own[kind] ?? {});
});
