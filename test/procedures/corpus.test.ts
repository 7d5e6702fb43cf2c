/**
 * Procedures of the kinds that people write: every file of fixtures/procedures in a schema of its own, its statements in
 * blocks with blank lines between. Lines behind a statement say what it gives: `-- > ` a row, `-- i ` a message (a part of
 * it), `-- ! ` an error's SQLSTATE and a part of its text.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOwn } from '../clients/cluster.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/procedures');
const EXPECTED = /^-- ([>i!]) ?(.*)$/;

interface Block {
  readonly line: number;
  readonly sql: string;
  readonly rows: readonly string[];
  readonly messages: readonly string[];
  readonly error: string | undefined;
}

function blocksOf(text: string): readonly Block[] {
  const found: Block[] = [];
  let line = 1;
  for (const block of text.split('\n\n')) {
    const lines = block.split('\n');
    const expected = lines.flatMap((l) => EXPECTED.exec(l) ?? []);
    const ofKind = (kind: string): string[] =>
      lines.flatMap((l) => (EXPECTED.exec(l)?.[1] === kind ? [EXPECTED.exec(l)![2]!] : []));
    const sql = lines
      .filter((l) => !l.startsWith('-- '))
      .join('\n')
      .trim();
    if (sql !== '')
      found.push({
        line,
        sql,
        rows: ofKind('>'),
        messages: ofKind('i'),
        error: expected.length > 0 ? ofKind('!')[0] : undefined,
      });
    line += lines.length + 1;
  }
  return found;
}

let folder: string;
let port: number;
let close: () => Promise<void>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'procedures-'));
  mkdirSync(join(folder, 'proc-bucket'));
  const cluster = await startOwn({ nodes: 2, slices: 2, memory: true, s3Root: folder });
  ({ port } = cluster);
  close = () => cluster.close();
}, 120_000);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const cell = (value: unknown): string => (value === null ? 'NULL' : String(value));

async function run(client: pg.Client, block: Block, messages: string[]): Promise<string | undefined> {
  messages.length = 0;
  const got: string[] = [];
  let error = '';
  try {
    const { rows } = await client.query<unknown[]>({ text: block.sql, rowMode: 'array' });
    got.push(...rows.map((row) => row.map(cell).join('|')));
  } catch (thrown) {
    const { code, message } = thrown as pg.DatabaseError;
    error = `${code} ${message}`;
  }
  const [state = '', ...words] = (block.error ?? '').split(' ');
  const isWanted = block.error !== undefined && error.startsWith(state) && error.includes(words.join(' '));
  const faults: string[] = [];
  if (block.error === undefined ? error !== '' : error === '' || !isWanted)
    faults.push(`error: ${error || 'none'}; wanted: ${block.error ?? 'none'}`);
  if (error === '' && got.join('\n') !== block.rows.join('\n'))
    faults.push(`rows:\n${got.join('\n')}\nwanted:\n${block.rows.join('\n')}`);
  if (block.messages.some((m, i) => messages[i]?.includes(m) !== true) || messages.length !== block.messages.length)
    faults.push(`messages:\n${messages.join('\n')}\nwanted:\n${block.messages.join('\n')}`);
  return faults.length === 0 ? undefined : `line ${block.line}: ${block.sql.split('\n')[0]}\n${faults.join('\n')}`;
}

describe('procedures', () => {
  test.each(readdirSync(FOLDER))('%s', { timeout: 120_000 }, async (file) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'awsuser', database: 'dev' });
    // As text, whatever the type.
    const text = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;
    Object.assign(client, { _types: { getTypeParser: text.getTypeParser } });
    const messages: string[] = [];
    client.on('notice', (n) => messages.push(n.message ?? ''));
    await client.connect();
    const schema = file.replace('.sql', '').replaceAll('-', '_');
    await client.query(`create schema ${schema}`);
    await client.query(`set search_path to ${schema}`);
    const faults: string[] = [];
    for (const block of blocksOf(readFileSync(join(FOLDER, file), 'utf8'))) {
      const fault = await run(client, block, messages);
      if (fault !== undefined) faults.push(fault);
    }
    await client.end();
    expect(faults.join('\n\n')).toBe('');
  });
});
