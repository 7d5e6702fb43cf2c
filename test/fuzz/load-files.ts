/**
 * Files for COPY from a seed, most of them damaged, read by the load formats as a slice reads them. A finding is an exception that is
 * no error of SQL, bytes of node memory that stay taken, another result when the bytes come in other portions, a read that takes
 * too long, and a result that a second reader does not agree with: text-oracle.ts, JSON.parse, a plain Avro decoder, the checksums
 * of a container. One entry of FORMATS a format; the caller adds what needs a server or DuckDB.
 */
import { avro } from '../../src/formats/avro.ts';
import { avroFile, encodeAvro, PACK, type TestSchema } from '../../src/formats/avro/test-writer.ts';
import { Prng } from '../../src/common/prng.ts';
import { csv, csvFormat } from '../../src/formats/csv.ts';
import { delimited, delimitedFormat } from '../../src/formats/delimited.ts';
import { fixedwidth } from '../../src/formats/fixedwidth.ts';
import { json } from '../../src/formats/json.ts';
import { testLoad, type TestLoaded } from '../../src/formats/test-load.ts';
import type { TextOptions } from '../../src/formats/text/text-format.ts';
import type { SqlType } from '../../src/types/sql-type.ts';
import { containerTrial, manifestTrial, orcTrial, parquetTrial, shapefileTrial } from './load-binaries.ts';
import {
  columnsOf,
  damage,
  files,
  Finding,
  NO_HOST,
  read,
  same,
  show,
  SUPER,
  TEXT,
  told,
  twice,
  verdictOf,
  type Trial,
  type Verdict,
} from './load-trial.ts';
import { readAsOracle, Undecided, type OracleFormat } from './text-oracle.ts';

// ---- text

const ALPHABET = [
  'a',
  'b',
  '1',
  ' ',
  'é',
  '😀',
  '"',
  "'",
  '\\',
  '|',
  ',',
  '\\N',
  '\t',
  '\r',
  '\n',
  '',
  '\0',
  '\ufffe',
  '\ufeff',
];
const text = (prng: Prng, most: number, letters = ALPHABET): string =>
  Array.from({ length: prng.int(0, most) }, () => prng.pick(letters)).join('');

function textTrial(kind: 'delimited' | 'csv' | 'fixedwidth'): Trial {
  return async (prng) => {
    const columns = prng.int(1, 4);
    const widths = Array.from({ length: columns }, () => prng.int(1, 6));
    const flag = (): boolean => prng.int(0, 3) === 0;
    const delimiter = prng.pick(kind === 'csv' ? [',', '|', '\t', ';', ' '] : ['|', ',', '\t', '~']);
    const isDelimited = kind === 'delimited';
    const options = {
      delimiter,
      nullText: prng.pick(['\\N', '', 'a', '\0', '\\N']),
      escape: isDelimited && flag(),
      removeQuotes: isDelimited && flag(),
      ignoreHeader: prng.int(0, 5) === 0 ? 2 : 0,
      ignoreBlankLines: flag(),
      emptyAsNull: flag(),
      blanksAsNull: flag(),
      trimBlanks: flag(),
      fillRecord: flag(),
    };
    const quote = kind === 'csv' ? prng.pick(['"', '"', "'", '%']) : '"';
    const cell = (i: number): string => {
      const value = text(prng, kind === 'fixedwidth' ? 6 : 5);
      if (kind === 'fixedwidth')
        return [...value.replaceAll('\n', 'n')].slice(0, widths[i]).join('').padEnd(widths[i]!);
      if (kind === 'csv' && prng.int(0, 2) === 0) return `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
      return value.replaceAll('\n', prng.int(0, 4) === 0 ? '\n' : 'n').replaceAll(delimiter, 'd');
    };
    const lines = Array.from({ length: prng.int(0, 12) }, () =>
      Array.from({ length: prng.int(0, 9) === 0 ? columns + 1 : columns }, (_, i) => cell(i % columns)).join(
        kind === 'fixedwidth' ? '' : delimiter,
      ),
    );
    const whole = Buffer.from(lines.join(prng.pick(['\n', '\n', '\r\n', '\n\n'])) + prng.pick(['', '\n']));
    const bytes = prng.int(0, 2) === 0 ? whole : damage(prng, whole);
    const input = (): string =>
      `${kind} ${columns} columns ${JSON.stringify({ ...options, quote, widths })} ${show(bytes)}`;
    const written: TextOptions = options;
    const types = Array.from({ length: columns }, () => TEXT);
    const common = { dateFormat: undefined, timeFormat: undefined };
    const load = async (more: TextOptions): Promise<TestLoaded | undefined> => {
      const given = { ...written, ...more };
      if (kind === 'fixedwidth') {
        const shape = { ...common, text: { ...delimitedFormat(given), kind }, widths };
        const { plan } = await fixedwidth.schema(columnsOf(types), shape, undefined, NO_HOST);
        return twice(prng, input, (most) => testLoad(fixedwidth, plan, columns, bytes, most));
      }
      const [format, shape] =
        kind === 'csv' ? [csv, csvFormat({ ...given, quote })] : [delimited, delimitedFormat(given)];
      const { plan } = await format.schema(columnsOf(types), { ...common, text: shape }, undefined, NO_HOST);
      return twice(prng, input, (most) => testLoad(format, plan, columns, bytes, most));
    };
    if (prng.int(0, 4) === 0) return verdictOf(await load({ acceptInvChars: '?' }));
    const loaded = await load({});
    if (loaded === undefined) return verdictOf(loaded);
    const oracle: OracleFormat = {
      ...options,
      kind,
      columns,
      delimiter: delimiter.charCodeAt(0),
      quote: quote.charCodeAt(0),
      widths,
    };
    let wanted: ReturnType<typeof readAsOracle>;
    try {
      wanted = readAsOracle(bytes, oracle);
    } catch (error) {
      if (error instanceof Undecided) return verdictOf(loaded);
      throw error;
    }
    same(
      JSON.stringify([loaded.rows, loaded.refused.length]),
      JSON.stringify([
        wanted.filter((r) => typeof r !== 'number'),
        wanted.filter((r) => typeof r === 'number').length,
      ]),
      'another reader reads otherwise',
      input,
    );
    return verdictOf(loaded, true);
  };
}

// ---- JSON

function anyValue(prng: Prng, depth: number): unknown {
  switch (prng.int(0, depth > 2 ? 4 : 6)) {
    case 0:
      return null;
    case 1:
      return prng.pick([true, false]);
    case 2:
      return prng.pick([0, -1, 12.5, 1e21, -3.25e-7, 123456789, prng.int(-1e9, 1e9)]);
    case 5:
      return Array.from({ length: prng.int(0, 3) }, () => anyValue(prng, depth + 1));
    case 6:
      return Object.fromEntries(
        Array.from({ length: prng.int(0, 3) }, (_, i) => [`${text(prng, 2)}${i}`, anyValue(prng, depth + 1)]),
      );
    default:
      return text(prng, 8, [...ALPHABET, '{', '}', '[', ']', ':', '\u0001', '/']);
  }
}
/** The documents of a text, each from a brace to the one that closes it; undefined: something else stands there. */
function documentsOf(bytes: Uint8Array): readonly Record<string, unknown>[] | undefined {
  const out: Record<string, unknown>[] = [];
  try {
    const all = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    let [depth, start, isString] = [0, -1, false];
    for (let i = 0; i < all.length; i++) {
      const c = all[i]!;
      if (isString) {
        if (c === '\\') i++;
        else if (c === '"') isString = false;
        continue;
      }
      if (depth === 0 && c !== '{') {
        if (' \t\r\n'.includes(c)) continue;
        return undefined;
      }
      if (c === '"') isString = true;
      else if (c === '{' || c === '[') {
        if (depth === 0) start = i;
        depth++;
      } else if ((c === '}' || c === ']') && --depth === 0)
        out.push(JSON.parse(all.slice(start, i + 1)) as Record<string, unknown>);
    }
    return depth === 0 ? out : undefined;
  } catch {
    return undefined;
  }
}
/** Escapes that JSON has not: what is passed on as text, and names that nobody wants, are not looked at so closely. */
const UNREAD = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const isUtf8 = (bytes: Uint8Array): boolean => !Buffer.from(bytes).toString().includes('\ufffd');
const canonical = (value: string | null): unknown => {
  if (value === null || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};
const fieldOf = (value: unknown): unknown =>
  value === undefined || value === null ? null : typeof value === 'number' ? String(value) : value;

const jsonTrial: Trial = async (prng) => {
  const names = ['c0', 'c1', 'c2'];
  const documents = Array.from({ length: prng.int(1, 10) }, () =>
    Object.fromEntries(prng.pick([names, ['c1', 'x', 'c0'], ['c2']]).map((n) => [n, anyValue(prng, 0)])),
  );
  const whole = Buffer.from(documents.map((d) => JSON.stringify(d, undefined, prng.pick([0, 0, 1]))).join('\n'));
  const bytes = prng.int(0, 3) === 0 ? whole : damage(prng, whole);
  const input = (): string => `json ${show(bytes)}`;
  const types = names.map(() => TEXT);
  const shape = {
    text: { ...delimitedFormat({}), kind: 'json' as const, nullText: undefined },
    paths: 'auto' as const,
  };
  const given = { ...shape, dateFormat: undefined, timeFormat: undefined };
  const { plan } = await json.schema(columnsOf(types), given, undefined, NO_HOST);
  const loaded = await twice(prng, input, (most) => testLoad(json, plan, names.length, bytes, most));
  // A zero byte is a character for JSON.parse.
  if (loaded === undefined || bytes.includes(0) || bytes.includes('\\u0000')) return verdictOf(loaded);
  const wanted = documentsOf(bytes);
  if (wanted !== undefined) {
    const rows = wanted.map((d) => JSON.stringify(names.map((n) => asDouble(nested(fieldOf(d[n]))))));
    const ours = loaded.rows.map((r) => JSON.stringify(r.map((c) => asDouble(canonical(c)))));
    same(
      JSON.stringify([ours, loaded.refused.length]),
      JSON.stringify([rows, 0]),
      'JSON.parse reads otherwise',
      input,
    );
  } else if (loaded.refused.length === 0 && !UNREAD.test(bytes.toString('latin1')) && isUtf8(bytes))
    throw new Finding(`loads what JSON.parse refuses\n${JSON.stringify(loaded.rows)}\n${input()}`);
  return verdictOf(loaded, true);
};
/** Columns have the digits that are written, JSON.parse those of a double. */
const asDouble = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? String(Number(value)) : value;
const nested = (value: unknown): unknown =>
  typeof value === 'boolean' ? String(value) : typeof value === 'string' ? canonical(value) : value;

// ---- Avro

interface Decoder {
  at: number;
  readonly bytes: Buffer;
}
const take = (d: Decoder, count: number): Buffer => {
  if (!(count >= 0) || d.at + count > d.bytes.length) throw new TypeError('short');
  d.at += count;
  return d.bytes.subarray(d.at - count, d.at);
};
const whole = (d: Decoder): bigint => {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = take(d, 1)[0]!;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) break;
    if (shift >= 63n) throw new TypeError('long');
  }
  const v = BigInt.asUintN(64, value);
  return BigInt.asIntN(64, (v >> 1n) ^ -(v & 1n));
};
const AVRO_SHAPE = {
  type: 'record',
  name: 'r',
  fields: [
    { name: 'c0', type: 'long' },
    { name: 'c1', type: 'string' },
    { name: 'c2', type: ['null', 'string'] },
    { name: 'c3', type: 'boolean' },
  ],
} as unknown as TestSchema;
/** A file of AVRO_SHAPE without a codec, decoded after the specification; undefined: it is none. */
function avroRows(bytes: Buffer, headBytes: number, sync: Buffer): readonly (string | null)[][] | undefined {
  const d: Decoder = { at: headBytes, bytes };
  const rows: (string | null)[][] = [];
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    while (d.at < bytes.length) {
      const count = whole(d);
      const size = whole(d);
      const block: Decoder = { at: 0, bytes: take(d, Number(size)) };
      for (let i = 0n; i < count; i++) {
        const id = whole(block);
        const name = utf8.decode(take(block, Number(whole(block))));
        const branch = whole(block);
        if (branch !== 0n && branch !== 1n) return undefined;
        const more = branch === 0n ? null : utf8.decode(take(block, Number(whole(block))));
        const isTrue = take(block, 1)[0]!;
        if (isTrue > 1) return undefined;
        rows.push([String(id), name, more, isTrue === 1 ? 'true' : 'false']);
      }
      if (block.at !== block.bytes.length || !take(d, 16).equals(sync)) return undefined;
    }
    return rows;
  } catch {
    return undefined;
  }
}

const avroTrial: Trial = async (prng) => {
  const isOwn = prng.int(0, 3) > 0;
  const types: SqlType[] = isOwn
    ? [TEXT, TEXT, TEXT, TEXT]
    : [SUPER, TEXT, { name: 'int4' }, TEXT, { name: 'timestamp' }];
  const names = isOwn ? ['c0', 'c1', 'c2', 'c3'] : ['station', 'name', 'temp', 'a', 'time'];
  const codec = prng.pick(['null', 'null', 'deflate', 'snappy', 'zstandard']);
  const blocks = Array.from({ length: prng.int(1, 3) }, () =>
    Array.from({ length: prng.int(1, 6) }, () =>
      encodeAvro(AVRO_SHAPE, {
        c0: BigInt(prng.u32() | 0) * BigInt(prng.int(1, 1000)),
        c1: text(prng, 5),
        c2: prng.int(0, 1) === 0 ? { branch: 0, value: null } : { branch: 1, value: text(prng, 3) },
        c3: prng.int(0, 1) === 1,
      }),
    ),
  );
  const empty = avroFile(AVRO_SHAPE, [], codec, PACK[codec]);
  const good = isOwn
    ? avroFile(AVRO_SHAPE, blocks, codec)
    : read('copy/avro', prng.pick(files('copy/avro', '.avro')));
  const keepsHead = isOwn && prng.int(0, 2) > 0;
  const bytes = damage(prng, good, keepsHead ? empty.length : 0);
  const input = (): string => `avro ${codec} ${show(bytes)}`;
  const shape = {
    text: { ...delimitedFormat({}), kind: 'avro' as const, nullText: undefined },
    paths: 'auto' as const,
  };
  const columns = names.map((name, i) => ({ name, type: types[i]!, nullable: true }));
  const given = { ...shape, dateFormat: undefined, timeFormat: undefined };
  const { plan } = await avro.schema(columns, given, undefined, NO_HOST);
  const loaded = await twice(prng, input, (most) => testLoad(avro, plan, types.length, bytes, most, {}, types));
  if (loaded === undefined || !keepsHead || codec !== 'null') return verdictOf(loaded);
  const wanted = avroRows(bytes, empty.length, empty.subarray(-16));
  if (loaded.refused.length === 0 && bytes.length > empty.length)
    same(JSON.stringify(loaded.rows), JSON.stringify(wanted ?? 'refused'), 'another decoder reads otherwise', input);
  else if (wanted !== undefined && wanted.length > 0)
    throw new Finding(`refuses what another decoder reads: ${told(loaded)}\n${input()}`);
  return verdictOf(loaded, true);
};

export const FORMATS: Readonly<Record<string, Trial>> = {
  delimited: textTrial('delimited'),
  csv: textTrial('csv'),
  fixedwidth: textTrial('fixedwidth'),
  json: jsonTrial,
  avro: avroTrial,
  orc: orcTrial,
  parquet: parquetTrial,
  shapefile: shapefileTrial,
  gzip: containerTrial('gzip'),
  bzip2: containerTrial('bzip2'),
  lzop: containerTrial('lzop'),
  zstd: containerTrial('zstd'),
  manifest: manifestTrial,
};

export interface FormatReport {
  readonly counts: Map<Verdict['what'], number>;
  judged: number;
  readonly findings: string[];
}
/** So many files of one format; each from a seed of its own, so that a finding can be had again alone. */
export async function fuzzFormat(
  name: string,
  seed: number,
  count: number,
  enough: () => boolean = () => false,
  beat: (trial: string) => void = () => undefined,
): Promise<FormatReport> {
  const report: FormatReport = { counts: new Map(), judged: 0, findings: [] };
  const trial = FORMATS[name]!;
  for (let i = 0; i < count && !enough(); i++) {
    const own = (Math.imul(seed, 0x9e3779b1) + Math.imul(i, 0x85ebca6b)) >>> 0;
    beat(`${name} ${own}`);
    try {
      const { what, judged } = await trial(new Prng(own));
      report.counts.set(what, (report.counts.get(what) ?? 0) + 1);
      if (judged) report.judged++;
    } catch (error) {
      report.findings.push(
        `${name}, seed of the trial ${own}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return report;
}
