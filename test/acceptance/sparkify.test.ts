/**
 * The tutorial of README over song files and event logs in JSON: staged by COPY, made into a star schema, asked; what PostgreSQL
 * answers over the same rows lies beside it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, Subject } from './cluster.ts';

let db: Subject;
const folder = join(root, 'fixtures/sparkify');
beforeAll(async () => {
  db = await Subject.start(2, 2);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    db.put(`../sparkify/${path.slice(folder.length + 1)}`, readFileSync(path));
  }
});
afterAll(() => db?.close());

test('songs and events: staged, transformed, asked', async () => {
  const statements = readFileSync(join(folder, 'tutorial.sql'), 'utf8')
    .replace(/^--.*$/gm, '')
    .split(/;\s*\n/)
    .map((s) => s.trim())
    .filter((s) => s !== '');
  let answers = '';
  for (const sql of statements) {
    if (!/^(select|with)/.test(sql)) await db.run(sql);
    else if (sql.includes('stl_load_errors')) expect(await db.value(sql)).toBe('0');
    else {
      const rows = await db.rows(sql);
      answers += `##\n${rows.map((row) => `${row.map((c) => c?.trimEnd() ?? 'NULL').join('\t')}\n`).join('')}`;
    }
  }
  expect(answers).toBe(readFileSync(join(folder, 'answers.txt'), 'utf8'));
  expect(await db.rows('select (select count(*) from staging_songs), (select count(*) from staging_events)')).toEqual(
    [['71', '8056']],
  );
});
