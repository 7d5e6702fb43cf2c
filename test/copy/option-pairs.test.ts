/**
 * Every option of COPY beside every format (option-cases.ts): alone it changes what its records become, or is refused; two to four
 * drawn by a seed, in an order drawn by it, act together or are refused as the table says. SLICEHOUSE_SEED draws others. A run
 * takes some options of each format and fewer sets (common/test-trials.ts).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { isWhole, sampled, trials } from '../../src/common/test-trials.ts';
import { AUTH, Lake, type Failure } from './cluster.ts';
import {
  COPY_OPTION_CASES,
  fileOf,
  FORMATS,
  IN_STATEMENT,
  PENDING,
  WRITTEN,
  type Format,
  type Option,
  type Probe,
  type Writing,
} from './option-cases.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? 20261127);
const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../fixtures/copy', name));
/** Options of each format, and sets of them, that a run takes. */
const ALONE = 12;
const SETS = 20;
let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
  await lake.run('create table t (a int, b varchar(6), c decimal(8,2), d date, e timestamp)');
  await lake.run('create table source (a int, b varchar(6)) diststyle all');
  await lake.run(`insert into source values (1, 'x'), (2, 'y')`);
  await lake.run(
    `unload ('select a, b from source order by a') to 's3://lake/files/p_' ${AUTH} parallel off parquet`,
  );
  lake.put('files/o_000.orc', fixture('orc/TestOrcFile.testStripeLevelStats.orc'));
  for (const e of ['shp', 'shx', 'dbf']) lake.put(`files/s.${e}`, fixture(`shapefile/points.${e}`));
}, 300_000);
afterAll(() => lake.close());

const named = (name: string): Option => COPY_OPTION_CASES.find((o) => o.name === name)!;
const probesOf = (option: Option, format: Format): readonly Probe[] =>
  option.probesOf?.[format] ?? option.probes ?? [{ fields: { b: 'any' }, with: 'any|||', without: 'any|||' }];
/** A field of a fixed width has its blanks, which are cut off from both. */
const shownAs = (row: string): string => row.replace(/ +(?=\|)/g, '');
async function loaded(): Promise<string[]> {
  const rows = await lake.rows(`select nvl(b, 'NULL'), c, d, e from t order by a`);
  return rows.map((r) => shownAs(r.map((c) => c ?? '').join('|')));
}
let files = 0;
/** The statement of some options over a file with these records. */
async function statementOf(
  format: Format,
  options: readonly string[],
  records: readonly Probe[],
  writing: Writing,
  header: boolean,
): Promise<string> {
  const key = `pairs/${files++}_`;
  if (WRITTEN.includes(format)) {
    const fields = records.map((r) => r.fields);
    lake.put(key, await fileOf(format, fields, writing, header));
  }
  const kept = { parquet: 'files/p_000.parquet', orc: 'files/o_000.orc', shapefile: 'files/s.shp' } as const;
  const source = kept[format as keyof typeof kept] ?? key;
  const meta = { content_length: lake.get(source).length };
  lake.put(`manifests/${key}`, JSON.stringify({ entries: [{ url: `s3://lake/${source}`, mandatory: true, meta }] }));
  const table = { parquet: 'source_like (a, b)', orc: 'source_like (a, b)', shapefile: 'shapes' } as const;
  const from = writing.manifest ? `manifests/${key}` : source;
  return `copy ${table[format as keyof typeof table] ?? 't (a, c, d, e, b)'} from 's3://lake/${from}' ${AUTH} ${options.join(' ')}`;
}
const failureOf = async (sql: string): Promise<Failure | undefined> => {
  try {
    await lake.run(sql);
    return undefined;
  } catch (error) {
    return error as Failure;
  }
};
const merged = (options: readonly Option[]): Writing => Object.assign({}, ...options.map((o) => o.writing ?? {}));
const REFUSED = /not compatible|not supported|needs |redundant|can't be used together/;

describe.each(WRITTEN)('%s', (format) => {
  const names = COPY_OPTION_CASES.map((o) => o.name);
  test.each(sampled(`COPY ${format}`, names, ALONE))('%s alone', async (name) => {
    const option = named(name);
    const besides = option.besides?.[format];
    const others = besides === undefined ? [] : named(besides).texts.slice(0, 1);
    const probes = probesOf(option, format);
    const header = name === 'IGNOREHEADER';
    for (const text of option.texts) {
      await lake.run('truncate t');
      const options = [IN_STATEMENT[format], text, ...others];
      const sql = await statementOf(format, options, probes, merged([option]), header);
      const failure = await failureOf(sql);
      if (!option.works.includes(format)) {
        expect([failure?.code, failure?.message], sql).toEqual([
          option.state?.[format] ?? '42601',
          expect.stringMatching(REFUSED),
        ]);
        continue;
      }
      if (option.shown === 'identity') continue;
      expect(failure?.message, sql).toBeUndefined();
      const wanted = option.shown === 'noload' ? [] : probes.map((p) => p.with).filter((r) => r !== 'gone');
      expect(await loaded(), sql).toEqual(wanted.map(shownAs));
    }
    if (!option.works.includes(format) || option.probes === undefined) return;
    // Without it each record is something else.
    for (const p of probes) {
      const group = p.without === 'fails' ? probes : [p];
      await lake.run('truncate t');
      const sql = await statementOf(format, [IN_STATEMENT[format], ...others], group, merged([option]), header);
      const failure = await failureOf(sql);
      // A field of blanks shows nothing of TRIMBLANKS once its blanks are cut off.
      const text = failure === undefined ? await lake.rows(`select nvl(b, 'NULL') || '|', c, d, e from t`) : [];
      const rows = text.map((r) => r.map((c, i) => (i === 0 ? c!.slice(0, -1) : (c ?? ''))).join('|'));
      if (p.without === 'fails' || failure !== undefined) expect(failure?.code ?? rows, sql).toBe('XX000');
      else expect(rows[0]!.trimEnd(), sql).not.toBe(p.with);
    }
  });

  test(`some together, in any order, seed ${seed}`, async () => {
    const prng = new Prng(seed + FORMATS.indexOf(format));
    const all = COPY_OPTION_CASES.filter((o) => o.shown !== 'identity');
    let accepted = 0;
    for (let round = 0; round < trials(isWhole ? 60 : SETS); round++) {
      const wanted = new Set<Option>();
      // Mostly such as go with the format.
      while (wanted.size < prng.int(2, 4))
        wanted.add(prng.pick(prng.int(0, 4) === 0 ? all : all.filter((o) => o.works.includes(format))));
      const options = [...wanted];
      const texts = [IN_STATEMENT[format], ...options.map((o) => prng.pick(o.texts))].filter((t) => t !== '');
      for (let i = texts.length - 1; i > 0; i--) {
        const j = prng.int(0, i);
        [texts[i], texts[j]] = [texts[j]!, texts[i]!];
      }
      const foreign = options.filter((o) => !o.works.includes(format));
      const conflict = options.some((o) => options.some((p) => o.not?.includes(p.name)));
      const names = new Set(options.map((o) => o.name));
      // Records of MAXERROR 2 and IGNOREALLERRORS are bad ones: only these options bear them.
      const records = options.flatMap((o) => {
        const besides = o.besides?.[format];
        // Bytes that are no UTF-8 have no form in another encoding.
        const isLost = o.name === 'ACCEPTINVCHARS' && names.has('ENCODING');
        return isLost || (besides !== undefined && !names.has(besides)) ? [] : probesOf(o, format);
      });
      await lake.run('truncate t');
      const sql = await statementOf(format, texts, records, merged(options), names.has('IGNOREHEADER'));
      const failure = await failureOf(sql);
      if (foreign.length > 0 || conflict) {
        expect(failure?.message, sql).toMatch(REFUSED);
        expect(['42601', '0A000', 'XX000'], sql).toContain(failure?.code);
        continue;
      }
      accepted++;
      expect(failure?.message, sql).toBeUndefined();
      const rows = records.map((p) => p.with).filter((r) => r !== 'gone');
      // What is empty or blank is what EMPTYASNULL and BLANKSASNULL make of it in every record.
      const seen = rows.map((r) => {
        const [b, ...rest] = r.split('|');
        const isNull = (b === '' && names.has('EMPTYASNULL')) || (/^ +$/.test(b!) && names.has('BLANKSASNULL'));
        return shownAs([isNull ? 'NULL' : b, ...rest].join('|'));
      });
      expect(await loaded(), sql).toEqual(names.has('NOLOAD') ? [] : seen);
    }
    expect(accepted).toBeGreaterThan(0);
  });
});

test.each(['parquet', 'orc', 'shapefile'] as const)('%s beside every option', async (format) => {
  await lake.run('drop table if exists source_like');
  await lake.run('create table source_like (a int, b varchar(40), i int identity(1,1))');
  await lake.run('drop table if exists shapes');
  await lake.run('create table shapes (shape geometry, attribute varchar(20))');
  for (const option of COPY_OPTION_CASES) {
    // A shapefile is packed file by file, and its other parts are found by their names.
    if (format === 'shapefile' && (option.writing?.codec !== undefined || option.shown === 'identity')) continue;
    for (const text of option.texts) {
      const sql = await statementOf(format, [IN_STATEMENT[format], text], [], merged([option]), false);
      const failure = await failureOf(option.shown === 'identity' ? sql.replace('(a, b)', '(i, b)') : sql);
      if (option.works.includes(format)) expect(failure?.message, sql).toBeUndefined();
      else
        expect([failure?.code, failure?.message], sql).toEqual([
          option.state?.[format] ?? '42601',
          expect.stringMatching(REFUSED),
        ]);
    }
  }
});
test('EXPLICIT_IDS, COMPUPDATE, COMPROWS and STATUPDATE in every format of records', async () => {
  const records = Array.from({ length: 3000 }, (): Probe => ({ fields: { b: 'x' }, with: '', without: '' }));
  for (const format of WRITTEN) {
    const run = async (options: string, ddl: string): Promise<void> => {
      await lake.run('drop table if exists o');
      await lake.run(`create table o (${ddl})`);
      const sql = await statementOf(format, [IN_STATEMENT[format], options], records.slice(0, 900), {}, false);
      await lake.run(sql.replace('copy t ', 'copy o '));
    };
    const columns = 'a int encode raw, b varchar(6), c decimal(8,2), d date, e timestamp';
    const encoding = (): Promise<string | null> =>
      lake.value(`select trim(encoding) from pg_table_def where tablename = 'o' and "column" = 'a'`);
    const stats = (): Promise<string | null> =>
      lake.value(`select stats_off from svv_table_info where "table" = 'o'`);
    await run('compupdate off statupdate off', columns);
    expect([format, await encoding(), await stats()]).toEqual([format, 'none', '100.00']);
    await run('compupdate preset statupdate on', columns);
    expect([format, await encoding(), await stats()]).toEqual([format, 'az64', '0.00']);
    await run('compupdate on comprows 1000 statupdate off', columns);
    expect(
      await lake.value(
        `select count(*) from stl_query where querytxt like 'COPY ANALYZE o%' and query > pg_last_copy_id() - 3`,
      ),
    ).not.toBe('0');
    const identity = 'a bigint identity(1,1), b varchar(6), c decimal(8,2), d date, e timestamp';
    await expect(run('', identity)).rejects.toMatchObject({ code: '0A000' });
    await run('explicit_ids', identity);
    expect(await lake.rows('select min(a), max(a) from o')).toEqual([['1', '900']]);
  }
});
test('what is given twice, at the wrong place, or not known', async () => {
  const failing = async (options: string): Promise<(string | undefined)[]> => {
    const failure = await failureOf(await statementOf('delimited', [options], [], {}, false));
    return [failure?.code, failure?.message];
  };
  for (const option of COPY_OPTION_CASES.filter((o) => o.works.includes('delimited') && o.shown !== 'identity'))
    expect(
      await failing(`${option.texts[0]} gzip ${option.texts.at(-1)}`.replace(/(^gzip) gzip/, '$1')),
      option.name,
    ).toEqual(['42601', expect.stringMatching(/redundant|not compatible/)]);
  expect(await failing('addquotes')).toEqual(['42601', 'ADDQUOTES is not an option of COPY']);
  expect(await failing('csv json')).toEqual(['42601', expect.stringMatching(/not compatible/)]);
  for (const [name, text] of Object.entries(PENDING)) {
    const [code] = await failing(text);
    expect(['0A000', '42601', '22023', 'XX000', undefined], name).toContain(code);
  }
});
