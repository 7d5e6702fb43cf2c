/**
 * Files for COPY from a seed, most of them damaged, read by the load formats as a slice reads them. A finding is an exception that is
 * no error of SQL, bytes of node memory that stay taken, another result when the bytes come in other portions, a read that takes
 * too long, and a result that a second reader does not agree with: text-oracle.ts, JSON.parse, a plain Avro decoder, the checksums
 * of a container. One entry of FORMATS a format; the caller adds what needs a server or DuckDB.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../src/common/clock.ts';
import type { CodecName } from '../../src/common/compress/compression.ts';
import { SqlError } from '../../src/common/errors/sql-error.ts';
import { Prng } from '../../src/common/prng.ts';
import { avro } from '../../src/formats/avro.ts';
import { avroFile, encodeAvro, PACK, type TestSchema } from '../../src/formats/avro/test-writer.ts';
import { csv, csvFormat } from '../../src/formats/csv.ts';
import { delimited, delimitedFormat } from '../../src/formats/delimited.ts';
import { fixedwidth } from '../../src/formats/fixedwidth.ts';
import { json } from '../../src/formats/json.ts';
import type { LoadObject, LoadSource } from '../../src/formats/load-format.ts';
import { orc } from '../../src/formats/orc.ts';
import { orcFileOf } from '../../src/formats/orc/footer.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { shapefile } from '../../src/formats/shapefile.ts';
import { testLoad, type TestLoaded } from '../../src/formats/test-load.ts';
import type { TextOptions } from '../../src/formats/text/text-format.ts';
import { parseManifest } from '../../src/leader/copy/sources.ts';
import { CODECS } from '../../src/s3/codecs/registry.ts';
import { unpackedReader } from '../../src/s3/codecs/unpacked-reader.ts';
import { noTraffic } from '../../src/s3/object-io.ts';
import { GEOMETRY, varchar, type SqlType } from '../../src/types/sql-type.ts';
import { readAsOracle, Undecided, type OracleFormat } from './text-oracle.ts';

export interface Verdict {
  readonly what: 'loaded' | 'records refused' | 'file refused';
  /** A second reader read it too. */
  readonly judged: boolean;
}
/** What a campaign counts as one. */
export class Finding extends TypeError {}
export type Trial = (prng: Prng) => Promise<Verdict>;

const READ_MS_MAX = 20_000;
const fixtures = join(import.meta.dirname, '../../fixtures');
const TEXT = varchar(65535);
const SUPER: SqlType = { name: 'super' };
const NO_HOST = { object: () => Promise.reject(new TypeError('nothing to read')) };
const files = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(fixtures, folder)).filter((f) => f.endsWith(ending));
const read = (folder: string, name: string): Buffer => readFileSync(join(fixtures, folder, name));
const columnsOf = (types: readonly SqlType[]) => types.map((type, i) => ({ name: `c${i}`, type, nullable: true }));
const show = (bytes: Uint8Array): string =>
  `${bytes.length} bytes ${Buffer.from(bytes.subarray(0, 3000)).toString('base64')}`;

/** Bytes changed, taken out, doubled or cut off. */
export function damage(prng: Prng, bytes: Uint8Array, from = 0): Buffer {
  let out = Buffer.from(bytes);
  for (let i = prng.int(1, 5); i > 0 && out.length > from; i--) {
    const at = prng.int(from, out.length - 1);
    const length = Math.min(prng.int(1, 40), out.length - at);
    switch (prng.int(0, 7)) {
      case 0:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 1:
        out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)]);
        break;
      case 2:
        if (prng.int(0, 3) === 0) out = out.subarray(0, at);
        break;
      case 3:
        out[at] = out[at]! ^ (1 << prng.int(0, 7));
        break;
      default:
        out[at] = prng.pick([0, 1, 127, 128, 255, 10, 13, 34, 92, 44, 124, prng.int(0, 255)]);
    }
  }
  return out;
}
/** Runs a read; errors of SQL and a test's memory that is full are answers. */
async function answered<T>(input: () => string, work: () => Promise<T> | T): Promise<T | undefined> {
  const started = systemClock.monotonicMs();
  try {
    const result = await work();
    if (systemClock.monotonicMs() - started > READ_MS_MAX) throw new Finding(`took too long: ${input()}`);
    return result;
  } catch (error) {
    if (error instanceof SqlError || (error instanceof Error && /out of memory$/.test(error.message)))
      return undefined;
    if (error instanceof Finding) throw error;
    throw new Finding(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${input()}`);
  }
}
const verdictOf = (loaded: TestLoaded | undefined, judged = false): Verdict => ({
  what: loaded === undefined ? 'file refused' : loaded.refused.length > 0 ? 'records refused' : 'loaded',
  judged,
});
const told = ({ rows, refused, failed }: TestLoaded): string =>
  JSON.stringify([failed ? 'failed' : rows, refused.map((r) => [r.line, r.column, r.code, r.reason, r.position])]);
function same(one: string, two: string, what: string, input: () => string): void {
  if (one !== two) throw new Finding(`${what}\n${one.slice(0, 2000)}\n${two.slice(0, 2000)}\n${input()}`);
}
/** Reads whole and in portions, which must give the same. */
async function twice(
  prng: Prng,
  input: () => string,
  load: (most?: () => number) => TestLoaded,
): Promise<TestLoaded | undefined> {
  const whole = await answered(input, () => load());
  const most = prng.pick([1, 7, 60, 1000]);
  const portions = new Prng(prng.u32());
  const parts = await answered(input, () => load(() => portions.int(0, most)));
  same(
    whole === undefined ? 'refused' : told(whole),
    parts === undefined ? 'refused' : told(parts),
    `in portions of up to ${most} bytes it is another file`,
    input,
  );
  return whole;
}

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
    const rows = wanted.map((d) => JSON.stringify(names.map((n) => nested(fieldOf(d[n])))));
    const ours = loaded.rows.map((r) => JSON.stringify(r.map(canonical)));
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

// ---- columnar

const ORC_FLAT: Readonly<Partial<Record<string, SqlType>>> = {
  int: { name: 'int4' },
  bigint: { name: 'int8' },
  string: varchar(100),
  timestamp: { name: 'timestamp' },
  boolean: { name: 'bool' },
  double: { name: 'float8' },
  smallint: { name: 'int2' },
};
const SMALL_BYTES_MAX = 40_000;
const orcFiles = files('copy/orc', '.orc').filter((f) => read('copy/orc', f).length < SMALL_BYTES_MAX);
const objectOf = (bytes: Uint8Array): LoadObject => ({
  size: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  stream: () => {
    throw new TypeError('not asked for');
  },
});
const orcTrial: Trial = async (prng) => {
  const name = prng.pick(orcFiles);
  const good = read('copy/orc', name);
  const bytes = damage(prng, good, prng.int(0, 1) === 0 ? 0 : Math.max(0, good.length - 600));
  const input = (): string => `orc ${name} ${show(bytes)}`;
  const fields = await answered(input, async () => (await orcFileOf(objectOf(good))).root.children);
  if (fields === undefined) return { what: 'file refused', judged: false };
  const types = fields.map((f) => (prng.int(0, 3) > 0 ? (ORC_FLAT[f.kind] ?? SUPER) : SUPER));
  const options = { fillRecord: false, acceptInvChars: undefined, serializeToJson: true };
  const { plan } = await orc.schema(columnsOf(types), options, undefined, NO_HOST);
  const loaded = await twice(prng, input, (most) =>
    testLoad(orc, plan, types.length, bytes, most, { start: 0, end: bytes.length, first: true }, types),
  );
  if (loaded !== undefined && loaded.kept !== 0) throw new Finding(`${loaded.kept} bytes stay taken: ${input()}`);
  return verdictOf(loaded);
};
export const parquetFiles = files('copy/parquet', '.parquet');
const parquetTrial: Trial = async (prng) => {
  const name = prng.pick(parquetFiles);
  const good = read('copy/parquet', name);
  const bytes = damage(prng, good, prng.int(0, 1) === 0 ? 0 : Math.max(0, good.length - 600));
  const input = (): string => `parquet ${name} ${show(bytes)}`;
  const whole = await answered(input, () => readParquet(bytes));
  const most = prng.pick([100, 3000]);
  const portions = new Prng(prng.u32());
  const parts = await answered(input, () => readParquet(bytes, { most: () => portions.int(0, most) }));
  for (const r of [whole, parts])
    if (r !== undefined && r.kept !== 0) throw new Finding(`${r.kept} bytes stay: ${input()}`);
  same(JSON.stringify(whole?.rows), JSON.stringify(parts?.rows), `in portions of up to ${most} it differs`, input);
  return {
    what: whole === undefined ? 'file refused' : whole.refused.length > 0 ? 'records refused' : 'loaded',
    judged: false,
  };
};

// ---- shapefiles

const shapeNames = files('copy/shapefile', '.shx').map((f) => f.slice(0, -4));
const shapefileTrial: Trial = async (prng) => {
  const name = prng.pick(shapeNames);
  const parts: Record<string, Uint8Array> = {};
  for (const ending of ['shp', 'shx', 'dbf', 'prj', 'cpg'])
    if (files('copy/shapefile', `.${ending}`).includes(`${name}.${ending}`)) {
      const bytes = read('copy/shapefile', `${name}.${ending}`);
      parts[`${name}.${ending}`] = prng.int(0, 1) === 0 || bytes.length === 0 ? bytes : damage(prng, bytes);
    }
  const shape = `${name}.shp`;
  const columns = prng.int(1, 4);
  const input = (): string =>
    `shapefile ${columns} ${Object.entries(parts)
      .map(([k, v]) => `${k} ${show(v)}`)
      .join('\n')}`;
  const types = Array.from({ length: columns }, (_, i) => (i === 0 ? GEOMETRY : varchar(1000)));
  const source = (key: string): LoadSource => ({
    bucket: 'b',
    key,
    state: { size: parts[key]!.length, modifiedMs: 0 },
  });
  const host = {
    ...NO_HOST,
    shapefiles: {
      sources: [source(shape)],
      readsSrid: prng.int(0, 1) === 0,
      find: (_bucket: string, key: string) => Promise.resolve(parts[key] === undefined ? undefined : source(key)),
      begin: ({ key }: LoadSource, bytes: number) => Promise.resolve(parts[key]!.subarray(0, bytes)),
    },
  };
  const options = {
    text: { ...delimitedFormat({}), kind: 'shapefile' as const, nullText: undefined },
    dateFormat: undefined,
    timeFormat: undefined,
  };
  const plan = await answered(
    input,
    async () => (await shapefile.schema(columnsOf(types), options, undefined, host)).plan,
  );
  if (plan === undefined) return { what: 'file refused', judged: false };
  return verdictOf(
    await twice(prng, input, (most) =>
      testLoad(shapefile, plan, columns, parts[shape]!, most, { key: shape }, [], parts),
    ),
  );
};

// ---- containers

const into = Buffer.from(new SharedArrayBuffer(65536));
/** What stands in the file in the end, or undefined. */
async function unpacked(codec: CodecName, data: Uint8Array, piece: number): Promise<Buffer | undefined> {
  let at = 0;
  const raw = {
    traffic: noTraffic(),
    read: (into: Uint8Array) => {
      const n = Math.min(into.length, piece, data.length - at);
      into.set(data.subarray(at, at + n));
      at += n;
      return Promise.resolve(n);
    },
    close: () => Promise.resolve(),
  };
  const reader = unpackedReader(raw, codec);
  const parts: Buffer[] = [];
  try {
    return await answered(
      () => `${codec} in portions of ${piece}: ${show(data)}`,
      async () => {
        for (let bytes = 0; ;) {
          const n = await reader.read(into);
          if (n === 0) return Buffer.concat(parts);
          bytes += n;
          if (bytes > 1 << 26) return undefined;
          parts.push(Buffer.from(into.subarray(0, n)));
        }
      },
    );
  } finally {
    await reader.close();
  }
}
const CONTAINER_TEXT = read('codecs', 'text.txt');
function containerTrial(codec: CodecName): Trial {
  const ready = files('codecs', '').filter((f) => f.startsWith(codec) && read('codecs', f).length < 200_000);
  return async (prng) => {
    let good: Buffer;
    let contents: Buffer;
    // Without a checksum anything may stand there.
    let isChecked = true;
    const pack = CODECS[codec].pack;
    if (pack !== undefined && prng.int(0, 4) > 0) {
      contents = Buffer.from(Array.from({ length: prng.int(0, 200) }, () => `${prng.int(0, 99_999)}|x\n`).join(''));
      good = Buffer.from(codec === 'gzip' ? gzipSync(contents, { level: prng.int(0, 9) }) : await pack(contents));
      isChecked = codec !== 'zstd';
    } else {
      const name = prng.pick(ready);
      good = read('codecs', name);
      contents = name.includes('two') ? Buffer.concat([CONTAINER_TEXT, CONTAINER_TEXT]) : CONTAINER_TEXT;
      isChecked = !name.includes('nosum');
    }
    const isDamaged = prng.int(0, 19) > 0;
    const bytes = isDamaged ? damage(prng, good) : good;
    const [one, two] = [
      await unpacked(codec, bytes, 1 << 20),
      await unpacked(codec, bytes, prng.pick([1, 13, 1000])),
    ];
    const input = (): string => `${codec} ${show(bytes)}`;
    same(String(one?.toString('latin1')), String(two?.toString('latin1')), 'in portions it is another file', input);
    // Members that are whole may stand there twice, or not at all.
    const pieces = [contents, Buffer.concat([contents, contents]), CONTAINER_TEXT];
    if (one !== undefined && isChecked && !pieces.some((p) => p.equals(one)))
      throw new Finding(`unpacks to what was never packed: ${show(one)}\n${input()}`);
    if (one === undefined && !isDamaged) throw new Finding(`refuses a whole file: ${input()}`);
    return { what: one === undefined ? 'file refused' : 'loaded', judged: isChecked };
  };
}

// ---- manifests

const manifestTrial: Trial = async (prng) => {
  const entry = (): unknown => ({
    url: prng.pick(['s3://b/k', 's3://b/k/', 's3:/b', '', 's3://b', 7, 's3://b/ä b', null]),
    mandatory: prng.pick([true, false, 'true', null]),
    meta: prng.pick([undefined, { content_length: prng.pick([5, -1, 1.5, '5', 2 ** 60]) }, [], 'x']),
  });
  const bytes = damage(prng, Buffer.from(JSON.stringify({ entries: Array.from({ length: prng.int(0, 3) }, entry) })));
  const textOf = prng.pick([bytes.toString('utf8'), bytes.toString('latin1')]);
  const input = (): string => `manifest ${show(Buffer.from(textOf))}`;
  const entries = await answered(input, () => parseManifest(textOf, 's3://b/m'));
  if (entries === undefined) return { what: 'file refused', judged: false };
  const plain = JSON.parse(textOf) as { entries: { url: string; mandatory?: boolean }[] };
  same(
    JSON.stringify(entries.map((e) => [e.url, e.mandatory])),
    JSON.stringify(plain.entries.map((e) => [e.url, e.mandatory ?? false])),
    'JSON.parse reads otherwise',
    input,
  );
  return { what: 'loaded', judged: true };
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
