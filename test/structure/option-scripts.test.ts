/**
 * No option of COPY and UNLOAD is accepted without a script that shows what it does, and none is refused without one that
 * shows the refusal: every name of the two option tables stands in a statement of its script, or in a test with the source it needs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COPY_OPTIONS } from '../../src/leader/copy/option-table.ts';
import { UNLOAD_OPTIONS } from '../../src/leader/unload/option-table.ts';
import { parseScript } from '../slt/parse.ts';

/** What acts with sources that no script has. */
const ELSEWHERE: Readonly<Record<string, string>> = { READRATIO: 'dynamodb.test.ts', SSH: 'ssh.test.ts' };

const statements = (file: string): string[] =>
  parseScript(readFileSync(join(import.meta.dirname, '../slt/clauses', file), 'utf8')).flatMap((r) =>
    r.kind === 'statement' && r.expect.kind !== 'error'
      ? [`ok ${r.sql.toLowerCase()}`]
      : r.kind === 'statement' && r.expect.kind === 'error'
        ? [`${r.expect.sqlstate} ${r.sql.toLowerCase()}`]
        : [],
  );

test.each([
  ['copy-options.slt', 'copy', COPY_OPTIONS],
  ['unload-options.slt', 'unload', UNLOAD_OPTIONS],
] as const)('%s has every option', (file, command, table) => {
  const said = statements(file);
  for (const { name, supported } of table) {
    const word = new RegExp(`\\b${name.toLowerCase()}\\b`);
    const other = ELSEWHERE[name];
    if (other !== undefined)
      expect(readFileSync(join(import.meta.dirname, '../copy', other), 'utf8').toLowerCase()).toMatch(word);
    if (other !== undefined) continue;
    const outcome = supported === true ? 'ok ' : '0A000 ';
    expect(
      said.filter((s) => s.startsWith(`${outcome}${command} `) && word.test(s)),
      `${name} (${outcome.trim()})`,
    ).not.toEqual([]);
  }
});
