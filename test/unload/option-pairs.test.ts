/**
 * Every option of UNLOAD beside every format (option-cases.ts): alone in every way it is written, with other ones, and some
 * together, in an order drawn by a seed: what lies in the bucket afterwards is what the table of options says, byte by byte, and
 * manifest and system views tell of it; or the statement is refused and nothing is left. Of the pairs a run takes some of each
 * format, and asks the system views after some of the statements (common/test-trials.ts). SLICEHOUSE_SEED draws other orders.
 */
import { createDecipheriv } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { sampled } from '../../src/common/test-trials.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { CODECS } from '../../src/s3/codecs/registry.ts';
import { LocalObjectStore } from '../../src/s3/store.ts';
import { Lake, type Failure } from '../copy/cluster.ts';
import {
  COLUMNS,
  endingOf,
  folderOf,
  formatTexts,
  FORMATS,
  headerOf,
  lineOf,
  MASTER_KEY,
  ROWS,
  TYPES,
  UNLOAD_OPTION_CASES,
  writtenColumns,
  type Effect,
  type Format,
  type Option,
  type Row,
} from './option-cases.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261128);
const REFUSED = /not compatible|needs |conflicting or redundant/;
/** Where something lies already; with partitions inside of one that is written, and beside. */
const STALE = ['stale', 'p=eu/stale', 'q=1/p=eu/stale', 'f=t/stale', 'p=never/stale'];
let lake: Lake;
let store: LocalObjectStore;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
  store = new LocalObjectStore(dirname(dirname(lake.path('x'))));
  await lake.run(
    'create table t (a int, b varchar(24), n numeric(6,2), f boolean, p varchar(10), q smallint) diststyle even',
  );
  const literal = (v: Row[keyof Row]): string =>
    v === undefined
      ? 'null'
      : typeof v === 'string'
        ? `'${v.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
        : String(v);
  for (const { a, b, n, f, p, q } of ROWS)
    await lake.run(`insert into t values (${[a, b, n, f, p, q].map(literal).join()})`);
  expect(await lake.rows('select count(*), count(distinct b) from t')).toEqual([[String(ROWS.length), '6']]);
}, 300_000);
afterAll(() => lake.close());

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
let statements = 0;
function shuffled<T>(prng: Prng, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = prng.int(0, i);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
async function plainBytes(key: string, effect: Effect): Promise<Buffer> {
  const body = lake.get(key);
  if (effect.encryption !== 'client') return body;
  const { metadata } = (await store.head('lake', key))!;
  const bytes = (name: string): Buffer => Buffer.from(metadata![name]!, 'base64');
  const unwrap = createDecipheriv('aes-256-ecb', Buffer.from(MASTER_KEY, 'base64'), null);
  const dataKey = Buffer.concat([unwrap.update(bytes('x-amz-key')), unwrap.final()]);
  const cipher = createDecipheriv('aes-256-cbc', dataKey, bytes('x-amz-iv'));
  return Buffer.concat([cipher.update(body), cipher.final()]);
}
async function unpacked(key: string, effect: Effect): Promise<Buffer> {
  const bytes = await plainBytes(key, effect);
  if (effect.codec === undefined) return bytes;
  if (effect.codec === 'gzip') return gunzipSync(bytes);
  const pieces: Uint8Array[] = [];
  for await (const piece of CODECS[effect.codec].unpack(inOnePiece(bytes))) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}
/** The lines of a file, of those that are expected: a value may hold a line end. */
async function linesOf(key: string, format: Format, effect: Effect, expected: readonly string[]): Promise<string[]> {
  if (format === 'parquet') {
    const { names, rows } = await readParquet(lake.get(key));
    expect(names).toEqual(writtenColumns(effect));
    return rows.map((r) => JSON.stringify(r));
  }
  let text = (await unpacked(key, effect)).toString();
  const header = headerOf(format, effect);
  expect(text.startsWith(header), `${key}: ${text}`).toBe(true);
  text = text.slice(header.length);
  const lines: string[] = [];
  while (text !== '') {
    const line = expected.find((l) => text.startsWith(l));
    if (line === undefined) throw new TypeError(`${key}: ${JSON.stringify(text)}`);
    lines.push(line);
    text = text.slice(line.length);
  }
  return lines;
}

/** What headers and system views tell of the files: `lineCounts` of them, `written` in the statement. */
async function checkTold(
  format: Format,
  effect: Effect,
  sql: string,
  prefix: string,
  written: string,
  lineCounts: ReadonlyMap<string, number>,
): Promise<void> {
  const files = [...lineCounts.keys()];
  const sizes = new Map(files.map((k) => [k, lake.get(k).length]));
  for (const key of [...files, ...(effect.manifest === undefined ? [] : [`${prefix}manifest`])]) {
    const wanted =
      effect.encryption === 'aws:kms' ? 'aws:kms' : effect.encryption === 'AES256' ? 'AES256' : undefined;
    if (wanted === undefined) continue;
    const { headers } = await fetch(`${lake.cluster.httpUrl}/lake/${encodeURI(key)}`, { method: 'HEAD' });
    expect(headers.get('x-amz-server-side-encryption'), sql).toBe(wanted);
  }
  const shown = format === 'csv' || format === 'json' || format === 'parquet' ? format.toUpperCase() : 'TEXT';
  const views = await lake.rows(`select trim(path), line_count, transfer_size, trim(file_format) from stl_unload_log
      where query = pg_last_unload_id()
    union all select trim(file_name), line_count, transfer_size, trim(file_format) from sys_unload_detail
      where query_id = pg_last_unload_id() order by 1`);
  const rows = files.map((k) => [`s3://lake/${k}`, String(lineCounts.get(k)), String(sizes.get(k)), shown]);
  const inOrder = (list: readonly unknown[]): string[] => list.map((r) => JSON.stringify(r)).toSorted();
  expect(inOrder(views), sql).toEqual(inOrder([...rows, ...rows]));
  expect(
    await lake.rows(`select status, file_format, compression_type, unloaded_location, unloaded_rows, unloaded_files_count,
      unloaded_files_size, error_message from sys_unload_history where query_id = pg_last_unload_id()`),
    sql,
  ).toEqual([
    [
      'completed',
      shown,
      effect.codec?.toUpperCase() ?? 'NONE',
      `s3://lake/${written}`,
      String(ROWS.length),
      String(files.length),
      String([...sizes.values()].reduce((n, v) => n + v, 0)),
      '',
    ],
  ]);
}
/** Unloads, and checks what lies there; `isTold`: and what system views and headers tell of it. */
async function check(
  format: Format,
  options: readonly Option[],
  texts: readonly string[],
  prng: Prng,
  isTold = true,
): Promise<boolean> {
  const effect: Effect = Object.assign({}, ...options.map((o) => o.effect));
  const prefix = `out/${statements++}${effect.partition === undefined ? '_' : '/'}`;
  const written = effect.partition !== undefined && prng.int(0, 1) === 0 ? prefix.slice(0, -1) : prefix;
  const words = shuffled(prng, ['iam_role default', prng.pick(formatTexts(format, effect)), ...texts]);
  const sql = `unload ('select * from t order by a') to 's3://lake/${written}' ${words.join(' ')}`;
  const names = options.map((o) => o.name);
  const isRefused = options.some((o) => !o.works.includes(format) || o.not?.some((n) => names.includes(n)));
  if (effect.existing !== undefined) for (const key of STALE) lake.put(prefix + key, 'stale');
  let failure: Failure | undefined;
  await lake.run(sql).catch((error: unknown) => (failure = error as Failure));
  if (isRefused) {
    expect([failure?.code, failure?.message], sql).toEqual(['42601', expect.stringMatching(REFUSED)]);
    expect(
      lake.keys(prefix).filter((k) => !k.endsWith('stale')),
      sql,
    ).toEqual([]);
    return false;
  }
  expect(failure?.message, sql).toBeUndefined();

  // Which files there are, and what they hold.
  const keys = lake.keys(prefix);
  const files = keys.filter((k) => !k.endsWith('stale') && k !== `${prefix}manifest`);
  const folders = new Set(ROWS.map((r) => folderOf(effect, r)));
  const name = effect.serial ? '000' : '000[01]_part_00';
  const lineCounts = new Map<string, number>();
  for (const folder of folders) {
    const own = files.filter(
      (k) => k.startsWith(prefix + folder) && !k.slice((prefix + folder).length).includes('/'),
    );
    for (const key of own)
      expect(key.slice((prefix + folder).length), sql).toMatch(
        new RegExp(`^${name}${endingOf(format, effect).replaceAll('.', '\\.')}$`),
      );
    const expected = ROWS.filter((r) => folderOf(effect, r) === folder).map((r) => lineOf(format, effect, r));
    const all: string[] = [];
    for (const key of own) {
      const lines = await linesOf(key, format, effect, expected);
      // Each file is in the query's order.
      expect(lines, sql).toEqual(expected.filter((l) => lines.includes(l)));
      all.push(...lines);
      lineCounts.set(key, lines.length);
    }
    expect(all.toSorted(), sql).toEqual(expected.toSorted());
  }
  expect(
    files.filter((k) => !lineCounts.has(k)),
    sql,
  ).toEqual([]);
  if (effect.existing !== undefined) {
    const touched = (key: string): boolean =>
      effect.partition === undefined || [...folders].some((f) => key.startsWith(f));
    const left = STALE.filter((k) => effect.existing === 'replaced' || !touched(k)).map((k) => prefix + k);
    expect(
      keys.filter((k) => k.endsWith('stale')),
      sql,
    ).toEqual(left.toSorted());
  }

  // What is told of them.
  const sizes = new Map(files.map((k) => [k, lake.get(k).length]));
  const headerLines = effect.header ? 1 : 0;
  expect(keys.includes(`${prefix}manifest`), sql).toBe(effect.manifest !== undefined);
  if (effect.manifest !== undefined) {
    const manifest = JSON.parse((await plainBytes(`${prefix}manifest`, effect)).toString()) as {
      entries: { url: string }[];
    };
    const counted = files.map((k) => ({
      content_length: sizes.get(k)!,
      record_count: lineCounts.get(k)! + headerLines,
    }));
    const entries = files.map((k, i) => ({
      url: `s3://lake/${k}`,
      ...(effect.manifest === 'verbose'
        ? { meta: counted[i] }
        : format === 'parquet'
          ? { meta: { content_length: counted[i]!.content_length } }
          : {}),
    }));
    const sum = (values: readonly number[]): number => values.reduce((n, v) => n + v, 0);
    const sorted = manifest.entries.toSorted((x, y) => (x.url < y.url ? -1 : 1));
    const told =
      effect.manifest === 'plain'
        ? {}
        : {
            // Of the query: partition columns are among them.
            schema: { elements: COLUMNS.map((c) => ({ name: c, type: TYPES[c] })) },
            meta: {
              content_length: sum(counted.map((c) => c.content_length)),
              record_count: sum(counted.map((c) => c.record_count)),
            },
            author: { name: 'Amazon Redshift', version: '1.0.0' },
          };
    expect({ ...manifest, entries: sorted }, sql).toEqual({ entries, ...told });
  }
  if (isTold) await checkTold(format, effect, sql, prefix, written, lineCounts);
  rmSync(lake.path(effect.partition === undefined ? 'out' : prefix), { recursive: true });
  return true;
}

/** How many of each format a run takes, of 136 pairs and 40 larger sets, and after how many statements it asks the views. */
const PAIRS = 36;
const SETS = 10;
const TOLD = 8;

/** A seed of its own for each statement: it is the same whichever others are drawn. */
const prngOf = (format: Format, kind: number, at: number): Prng =>
  new Prng(seed + FORMATS.indexOf(format) + kind * 1000 + at * 100_000);

describe.each(FORMATS)('%s', (format) => {
  test('every option alone, in every way it is written', async () => {
    const alone = UNLOAD_OPTION_CASES.flatMap((option) => option.texts.map((text) => ({ option, text })));
    const told = new Set(sampled(`told of ${format}`, alone, TOLD));
    await check(format, [], [], prngOf(format, 0, 0));
    for (const [at, one] of alone.entries())
      await check(format, [one.option], [one.text], prngOf(format, 0, at + 1), told.has(one));
  }, 300_000);
  test(`options in pairs, in any order, seed ${seed}`, async () => {
    const pairs = UNLOAD_OPTION_CASES.flatMap((one, i) =>
      UNLOAD_OPTION_CASES.slice(i + 1).map((other) => [one, other]),
    );
    let accepted = 0;
    const places = sampled(`pairs of ${format}`, [...pairs.keys()], PAIRS);
    for (const at of places) {
      const prng = prngOf(format, 1, at);
      const texts = pairs[at]!.map((o) => prng.pick(o.texts));
      if (await check(format, pairs[at]!, texts, prng, false)) accepted++;
    }
    expect(accepted).toBeGreaterThan(places.length / 5);
  }, 600_000);
  test(`some together, seed ${seed}`, async () => {
    const fitting = UNLOAD_OPTION_CASES.filter((o) => o.works.includes(format));
    for (const at of sampled(`sets of ${format}`, [...Array(40).keys()], SETS)) {
      const prng = prngOf(format, 2, at);
      const some: Option[] = [];
      const wanted = prng.int(3, 7);
      for (const o of shuffled(prng, fitting))
        if (some.length < wanted && !some.some((s) => s.not?.includes(o.name))) some.push(o);
      expect(
        await check(
          format,
          some,
          some.map((o) => prng.pick(o.texts)),
          prng,
        ),
      ).toBe(true);
    }
  }, 600_000);
});
