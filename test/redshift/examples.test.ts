/**
 * Every documented example of Redshift's functions, types and queries (fixtures/redshift/examples-functions.tsv) over the
 * wire, each in a session of its own, its answer compared exactly. fixtures/redshift/examples-failing.tsv lists the rows
 * that do not pass yet, each with its reason: a listed row that passes fails here, as does any other row that does not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, Subject } from '../acceptance/cluster.ts';
import { difference, type Example, readExamples, type Row } from './examples.ts';

const folder = join(root, 'fixtures/redshift');
const examples = readExamples(readFileSync(join(folder, 'examples-functions.tsv'), 'utf8'));
const failing = new Map(
  readFileSync(join(folder, 'examples-failing.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t') as [string, string]),
);
const text = (value: string): string => value;

let db: Subject;
let url: string;
beforeAll(async () => {
  db = await Subject.start(2, 2);
  url = db.url;
  for (const statement of readFileSync(join(folder, 'fixtures.sql'), 'utf8').split(/;\s*$/m)) {
    // A fixture of a type that is not supported makes the rows that read it fail, and those are listed.
    if (/^\s*(drop|create|insert)\s/im.test(statement)) await db.run(statement).catch(() => undefined);
  }
});
afterAll(() => db?.close());

/** The rows of the last statement, or its error as `ERROR: message`. */
async function answer(example: Example): Promise<readonly Row[] | string> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => text } as never });
  await client.connect();
  try {
    const given = await client.query<(string | null)[]>({ text: example.sql, rowMode: 'array' });
    const results = (Array.isArray(given) ? given : [given]) as readonly pg.QueryArrayResult<(string | null)[]>[];
    return results[results.length - 1]?.rows ?? [];
  } catch (error) {
    return `ERROR: ${(error as Error).message}`;
  } finally {
    for (const table of example.cleanup) await client.query(`drop table if exists ${table}`).catch(() => undefined);
    await client.end();
  }
}

test('documented examples answer as documented', async () => {
  const counts = new Map<string, { passed: number; all: number }>();
  const unexpected: string[] = [];
  for (const example of examples) {
    const found = difference(example, await answer(example));
    const count = counts.get(example.category) ?? { passed: 0, all: 0 };
    counts.set(example.category, { passed: count.passed + (found === undefined ? 1 : 0), all: count.all + 1 });
    if (found !== undefined && !failing.has(example.id)) unexpected.push(`${example.id}\t${found}`);
    if (found === undefined && failing.has(example.id)) unexpected.push(`${example.id}\tpasses, but is listed`);
  }
  process.stdout.write(`${shares(counts)}\n`);
  expect(unexpected.join('\n')).toBe('');
}, 600_000);

test('the list names rows that exist, each with a reason', () => {
  const ids = new Set(examples.map((example) => example.id));
  expect([...failing].filter(([id, reason]) => !ids.has(id) || (reason ?? '').length < 8)).toEqual([]);
});

/** One line a category, and the sums with and without the spatial rows. */
function shares(counts: ReadonlyMap<string, { passed: number; all: number }>): string {
  const sum = (name: string, of: Iterable<{ passed: number; all: number }>): string => {
    let [passed, all] = [0, 0];
    for (const count of of) [passed, all] = [passed + count.passed, all + count.all];
    return `${name.padEnd(18)} ${`${passed} of ${all}`.padStart(10)} ${((100 * passed) / Math.max(1, all)).toFixed(1).padStart(6)} %`;
  };
  return [
    ...[...counts].map(([category, count]) => sum(category, [count])),
    sum(
      'all but spatial',
      [...counts].filter(([category]) => category !== 'spatial').map(([, count]) => count),
    ),
    sum('all', counts.values()),
  ].join('\n');
}
