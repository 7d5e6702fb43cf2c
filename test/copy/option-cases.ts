/**
 * Every option of COPY beside every format, as the manual has them: whether it works there, and records whose meaning it changes. The
 * statements are made of it by option-pairs.test.ts. Written from the manual, and on purpose not from the option table of the leader.
 */
import { gzipSync } from 'node:zlib';
import { avroFile, encodeAvro, type TestSchema } from '../../src/formats/avro/test-writer.ts';
import { CODECS } from '../../src/s3/codecs/registry.ts';

export const FORMATS = ['delimited', 'csv', 'fixedwidth', 'json', 'avro', 'shapefile', 'parquet', 'orc'] as const;
export type Format = (typeof FORMATS)[number];
/** Formats whose records are written here; the others come as files. */
export const WRITTEN: readonly Format[] = ['delimited', 'csv', 'fixedwidth', 'json', 'avro'];
export const IN_STATEMENT: Readonly<Record<Format, string>> = {
  delimited: '',
  csv: 'format as csv',
  fixedwidth: `fixedwidth 'a:3,c:6,d:10,e:19,b:12'`,
  json: `format json as 'auto'`,
  avro: `format as avro 'auto'`,
  shapefile: 'format shapefile',
  parquet: 'format as parquet',
  orc: 'format as orc',
};

/** Fields by column; a missing one is empty. `raw`: the bytes of the record as they are, for text formats. */
export interface Fields {
  readonly b?: string | Buffer;
  readonly c?: string;
  readonly d?: string;
  readonly e?: string;
  /** The record ends in front of its last field. */
  readonly short?: true;
  /** Stands in front of the record as a line. */
  readonly before?: string;
}
/** What the record becomes: a row "b|c|d|e"; 'gone' when it is not loaded and the load goes on; 'fails' when the load does. */
export interface Probe {
  readonly fields: Fields;
  readonly with: string;
  readonly without: string;
}
/** How a file is written because of its options. */
export interface Writing {
  delimiter?: string;
  quote?: string;
  encoding?: 'utf16le';
  codec?: 'gzip' | 'bzip2' | 'zstd' | 'lzop';
  manifest?: true;
}
export interface Option {
  readonly name: string;
  /** Ways to write it. */
  readonly texts: readonly string[];
  /** Where it works; elsewhere it is refused with the SQLSTATE, 42601 unless `state` says another. */
  readonly works: readonly Format[];
  readonly state?: Readonly<Partial<Record<Format, string>>>;
  /** Names of options it does not go with. */
  readonly not?: readonly string[];
  readonly probes?: readonly Probe[];
  readonly probesOf?: Readonly<Partial<Record<Format, readonly Probe[]>>>;
  readonly writing?: Writing;
  /** Option that a probe wants besides, where a format cannot show the effect without it. */
  readonly besides?: Readonly<Partial<Record<Format, string>>>;
  /** Shown by something else than rows: option-pairs.test.ts says what. */
  readonly shown?: 'noload' | 'encodings' | 'sample' | 'statistics' | 'identity';
  /** Others decide about it; what it says now. */
  readonly pending?: string;
}

const TEXT: readonly Format[] = ['delimited', 'csv', 'fixedwidth'];
const RECORDS: readonly Format[] = [...TEXT, 'json'];
const ROWS: readonly Format[] = [...RECORDS, 'avro'];
const ALL: readonly Format[] = FORMATS;
/** Refused for columnar files by their own message. */
const COLUMNAR = { parquet: '0A000', orc: '0A000' } as const;
const probe = (fields: Fields, withIt: string, without: string): Probe => ({ fields, with: withIt, without });

export const COPY_OPTION_CASES: readonly Option[] = [
  // How records are told apart
  {
    name: 'DELIMITER',
    texts: [`delimiter ';'`, `delimiter as ';'`, `delimiter '\\073'`],
    works: ['delimited', 'csv'],
    state: COLUMNAR,
    writing: { delimiter: ';' },
    probes: [probe({ b: 'x' }, 'x|||', 'fails')],
  },
  {
    name: 'QUOTE',
    texts: [`quote '%'`, `quote as '%'`],
    works: ['csv'],
    writing: { quote: '%' },
    probes: [probe({ b: '%x%' }, 'x|||', '%x%|||')],
  },
  {
    name: 'ESCAPE',
    texts: ['escape'],
    works: ['delimited'],
    state: COLUMNAR,
    probes: [probe({ b: 'a\\\\b' }, 'a\\b|||', 'a\\\\b|||')],
  },
  {
    name: 'REMOVEQUOTES',
    texts: ['removequotes'],
    works: ['delimited'],
    state: COLUMNAR,
    probes: [probe({ b: '"x"' }, 'x|||', '"x"|||'), probe({ b: `'y'` }, 'y|||', `'y'|||`)],
  },
  {
    name: 'FILLRECORD',
    texts: ['fillrecord'],
    works: [...TEXT, 'parquet', 'orc'],
    probes: [probe({ short: true }, '|||', 'fails')],
  },
  {
    name: 'IGNOREBLANKLINES',
    texts: ['ignoreblanklines'],
    works: TEXT,
    state: COLUMNAR,
    probes: [probe({ before: '', b: 'x' }, 'x|||', 'fails')],
  },
  {
    name: 'IGNOREHEADER',
    texts: ['ignoreheader 1', 'ignoreheader as 1', `ignoreheader '1'`],
    works: RECORDS,
    state: COLUMNAR,
    probes: [probe({ b: 'x' }, 'x|||', 'fails')],
  },
  {
    name: 'ENCODING',
    texts: ['encoding utf16le', `encoding as 'UTF16LE'`, 'encoding as utf16le'],
    works: ['delimited', 'csv', 'json'],
    state: COLUMNAR,
    writing: { encoding: 'utf16le' },
    probes: [probe({ b: 'é' }, 'é|||', 'fails')],
  },
  // What a field becomes
  {
    name: 'NULL',
    texts: [`null 'nix'`, `null as 'nix'`],
    works: TEXT,
    state: COLUMNAR,
    probes: [probe({ b: 'nix' }, 'NULL|||', 'nix|||')],
  },
  {
    name: 'EMPTYASNULL',
    texts: ['emptyasnull'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: '' }, 'NULL|||', '|||')],
    besides: { fixedwidth: 'FILLRECORD' },
    probesOf: { fixedwidth: [probe({ short: true }, 'NULL|||', '|||')] },
  },
  {
    name: 'BLANKSASNULL',
    texts: ['blanksasnull'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: '   ' }, 'NULL|||', '   |||')],
  },
  {
    name: 'TRIMBLANKS',
    texts: ['trimblanks'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 'x  ' }, 'x|||', 'x  |||')],
  },
  {
    name: 'TRUNCATECOLUMNS',
    texts: ['truncatecolumns'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 'longer than' }, 'longer|||', 'fails')],
  },
  {
    name: 'ROUNDEC',
    texts: ['roundec'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 'r', c: '1.239' }, 'r|1.24||', 'r|1.23||')],
  },
  {
    name: 'ACCEPTANYDATE',
    texts: ['acceptanydate'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 'q', d: '2020-13-01' }, 'q|||', 'fails'), probe({ b: 'q', e: 'noon' }, 'q|||', 'fails')],
  },
  {
    name: 'ACCEPTINVCHARS',
    texts: ['acceptinvchars', `acceptinvchars '?'`, `acceptinvchars as '?'`],
    works: ['delimited', 'csv', 'fixedwidth', 'json', 'avro', 'shapefile', 'parquet', 'orc'],
    probes: [probe({ b: Buffer.from([0x61, 0xff]) }, 'a?|||', 'fails')],
  },
  {
    name: 'DATEFORMAT',
    texts: [`dateformat 'DD.MM.YYYY'`, `dateformat as 'DD.MM.YYYY'`],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 'f', d: '02.01.2020' }, 'f||2020-01-02|', 'fails')],
  },
  {
    name: 'TIMEFORMAT',
    texts: [`timeformat 'epochsecs'`, `timeformat as 'epochsecs'`],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    probes: [probe({ b: 't', e: '1500000000' }, 't|||2017-07-14 02:40:00', 'fails')],
  },
  { name: 'EXPLICIT_IDS', texts: ['explicit_ids'], works: ALL, shown: 'identity' },
  // Files
  ...(['gzip', 'bzip2', 'zstd', 'lzop'] as const).map((codec): Option => ({
    name: codec.toUpperCase(),
    texts: [codec],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    not: ['GZIP', 'BZIP2', 'ZSTD', 'LZOP'].filter((n) => n !== codec.toUpperCase()),
    writing: { codec },
    probes: [probe({ b: codec }, `${codec}|||`, 'fails')],
  })),
  {
    name: 'MANIFEST',
    texts: ['manifest'],
    works: ALL,
    writing: { manifest: true },
    probes: [probe({ b: 'm' }, 'm|||', 'fails')],
    // A document, in which nothing of the table stands.
    probesOf: { json: [probe({ b: 'm' }, 'm|||', 'NULL|||')] },
  },
  // The load
  {
    name: 'MAXERROR',
    texts: ['maxerror 2', 'maxerror as 2', `maxerror '2'`],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    not: ['IGNOREALLERRORS'],
    probes: [probe({ b: 'bad', c: 'x' }, 'gone', 'fails'), probe({ b: 'ok' }, 'ok|||', 'fails')],
  },
  {
    name: 'IGNOREALLERRORS',
    texts: ['ignoreallerrors', 'ignoreallerrors on', 'ignoreallerrors true'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    not: ['MAXERROR'],
    probes: [
      probe({ b: 'bad', c: 'x' }, 'gone', 'fails'),
      probe({ b: 'bad', c: 'y' }, 'gone', 'fails'),
      probe({ b: 'ok' }, 'ok|||', 'fails'),
    ],
  },
  {
    name: 'NOLOAD',
    texts: ['noload'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    shown: 'noload',
  },
  {
    name: 'COMPUPDATE',
    texts: ['compupdate preset', 'compupdate on', 'compupdate', 'compupdate true'],
    works: [...ROWS, 'shapefile'],
    state: COLUMNAR,
    shown: 'encodings',
  },
  { name: 'COMPROWS', texts: ['comprows 1000'], works: [...ROWS, 'shapefile'], state: COLUMNAR, shown: 'sample' },
  {
    name: 'STATUPDATE',
    texts: ['statupdate', 'statupdate on', 'statupdate true'],
    works: ALL,
    shown: 'statistics',
  },
];
/** Left to others, with what they say now. */
export const PENDING: Readonly<Record<string, string>> = {
  READRATIO: 'readratio 50',
  SSH: 'ssh',
  ENCRYPTED: 'encrypted',
  MASTER_SYMMETRIC_KEY: `master_symmetric_key 'abc'`,
  REGION: `region 'eu-west-1'`,
  SERIALIZETOJSON: 'serializetojson',
  'USING TEMPLATE': 'using template x',
};

const AVRO_SHAPE = {
  type: 'record',
  name: 'r',
  fields: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, type: name === 'b' ? 'bytes' : 'string' })),
} as unknown as TestSchema;
const WIDTHS = { a: 3, c: 6, d: 10, e: 19, b: 12 } as const;

function textLine(format: Format, number: number, fields: Fields, writing: Writing): Buffer {
  const b = Buffer.isBuffer(fields.b) ? fields.b : Buffer.from(fields.b ?? '');
  const { c = '', d = '', e = '' } = fields;
  if (format === 'json') {
    const [head, tail] = JSON.stringify({ a: String(number), c, d, e, b: '\0' }).split('\\u0000');
    const escaped = Buffer.from(JSON.stringify(b.toString('latin1')).slice(1, -1), 'latin1');
    return Buffer.concat([Buffer.from(head!), escaped, Buffer.from(tail!)]);
  }
  if (format === 'fixedwidth') {
    const head = `${String(number).padEnd(WIDTHS.a)}${c.padEnd(WIDTHS.c)}${d.padEnd(WIDTHS.d)}${e.padEnd(WIDTHS.e)}`;
    return fields.short ? Buffer.from(head) : Buffer.concat([Buffer.from(head), b]);
  }
  const delimiter = writing.delimiter ?? (format === 'csv' ? ',' : '|');
  const front = [String(number), c, d, e].join(delimiter);
  return fields.short ? Buffer.from(front) : Buffer.concat([Buffer.from(front + delimiter), b]);
}
/** A file of records in a format, numbered from 1. */
export async function fileOf(
  format: Format,
  records: readonly Fields[],
  writing: Writing,
  header: boolean,
): Promise<Uint8Array> {
  let bytes: Buffer;
  if (format === 'avro') {
    const rows = records.map(({ b = '', c = '', d = '', e = '' }, i) =>
      encodeAvro(AVRO_SHAPE, { a: String(i + 1), b: Buffer.from(b as string), c, d, e }),
    );
    bytes = avroFile(AVRO_SHAPE, [rows]);
  } else {
    const lines = records.flatMap((r, i) => [
      ...(r.before === undefined ? [] : [Buffer.from(r.before)]),
      textLine(format, i + 1, r, writing),
    ]);
    bytes = Buffer.concat(
      [...(header ? [Buffer.from('header')] : []), ...lines].flatMap((l) => [l, Buffer.from('\n')]),
    );
  }
  if (writing.encoding !== undefined) bytes = Buffer.from(bytes.toString(), writing.encoding);
  if (writing.codec === undefined) return bytes;
  if (writing.codec === 'gzip') return gzipSync(bytes);
  return writing.codec === 'lzop' ? lzopOf(bytes) : await CODECS[writing.codec].pack!(bytes);
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
/** An lzop file whose one block is stored as it is. */
function lzopOf(text: Buffer): Buffer {
  const word = (n: number, size = 4): Buffer => {
    const out = Buffer.alloc(size);
    out.writeUIntBE(n, 0, size);
    return out;
  };
  // Version, library, needed, method LZO1X-1, level, flags (Adler-32 of the text), mode, times, no name.
  const head = Buffer.concat([
    ...[word(0x1030, 2), word(0x20a0, 2), word(0x0940, 2), word(1, 1), word(5, 1), word(1)],
    ...[word(0o100644), word(0), word(0), word(0, 1)],
  ]);
  const magic = Buffer.from([0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = [word(text.length), word(text.length), word(adler32(text)), text];
  return Buffer.concat([magic, head, word(adler32(head)), ...body, word(0)]);
}
