/** Files of load formats that are no text, and of compressions, from a seed: ORC, Parquet, shapefiles, containers, and manifests. */
import { gzipSync } from 'node:zlib';
import type { CodecName } from '../../src/common/compress/compression.ts';
import { Prng } from '../../src/common/prng.ts';
import { delimitedFormat } from '../../src/formats/delimited.ts';
import type { LoadObject, LoadSource } from '../../src/formats/load-format.ts';
import { orc } from '../../src/formats/orc.ts';
import { orcFileOf } from '../../src/formats/orc/footer.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { shapefile } from '../../src/formats/shapefile.ts';
import { testLoad } from '../../src/formats/test-load.ts';
import { parseManifest } from '../../src/leader/copy/sources.ts';
import { CODECS } from '../../src/s3/codecs/registry.ts';
import { unpackedReader } from '../../src/s3/codecs/unpacked-reader.ts';
import { noTraffic } from '../../src/s3/object-io.ts';
import { GEOMETRY, varchar, type SqlType } from '../../src/types/sql-type.ts';
import {
  answered,
  columnsOf,
  damage,
  files,
  Finding,
  NO_HOST,
  read,
  same,
  show,
  SUPER,
  twice,
  verdictOf,
  type Trial,
} from './load-trial.ts';

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
export const orcTrial: Trial = async (prng) => {
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
export const parquetTrial: Trial = async (prng) => {
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
export const shapefileTrial: Trial = async (prng) => {
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
export function containerTrial(codec: CodecName): Trial {
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

export const manifestTrial: Trial = async (prng) => {
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
