/**
 * AVRO: object container files, whose fields fill columns by name ('auto') or by the paths of a jsonpaths file. Records, arrays and maps
 * are JSON, enums their symbols. Of logical types decimals alone mean something, as in Redshift: dates and times are the numbers
 * stored, which TIMEFORMAT 'epochsecs' and 'epochmillisecs' read. A file is cut behind the marks that stand behind its blocks.
 */
import { optionValue } from '../common/errors/catalogue.ts';
import { physOf, PHYS_BYTES, type TypeName } from '../types/sql-type.ts';
import { AVRO_HEADER_BYTES_MAX, AVRO_SYNC_BYTES, AvroDamage, readBlockHead, readHeader } from './avro/container.ts';
import { AvroReader, type AvroPlan, type AvroTarget } from './avro/reader.ts';
import { treeOfNames, treeOfPaths, type PathArgument, type PathNode } from './json/path-tree.ts';
import type { LoadColumn, LoadFormat, LoadObject } from './load-format.ts';
import { COLUMN_KIND } from './text/scan-state.ts';
import { textPlan, type TextLoadOptions } from './text/text-load.ts';

export interface AvroLoadOptions extends TextLoadOptions {
  readonly paths: PathArgument;
}

/** CLASS of wasm/runtime/avro-load.ts; those from int2 on get values. */
const CLASSES: Readonly<Partial<Record<TypeName, number>>> = {
  super: 1,
  varbyte: 2,
  int2: 5,
  int4: 6,
  int8: 7,
  float4: 8,
  float8: 9,
  bool: 10,
  date: 11,
  timestamp: 12,
  timestamptz: 13,
};
const FIRST_OF_VALUES = 5;

function targetOf({ type }: LoadColumn, options: AvroLoadOptions): AvroTarget {
  const class_ = CLASSES[type.name] ?? 0;
  const hasDate = type.name === 'date' || type.name.startsWith('timestamp');
  return {
    class: class_,
    width: class_ < FIRST_OF_VALUES ? 0 : PHYS_BYTES[physOf(type)],
    anyDate: options.acceptAnyDate === true && hasDate,
  };
}

const PROBE_BYTES = 256 * 1024;
/** First byte behind a mark at or behind `from`; the size when there is none. */
async function nextBlock(object: LoadObject, sync: Uint8Array, from: number): Promise<number> {
  for (let at = from; at < object.size; at += PROBE_BYTES) {
    const bytes = Buffer.from(await object.read(at, at + PROBE_BYTES + AVRO_SYNC_BYTES - 1));
    const found = bytes.indexOf(sync);
    if (found >= 0) return at + found + AVRO_SYNC_BYTES;
  }
  return object.size;
}
async function headerOf(object: LoadObject): Promise<ReturnType<typeof readHeader>> {
  try {
    return readHeader(await object.read(0, Math.min(object.size, AVRO_HEADER_BYTES_MAX)));
  } catch (error) {
    // The slice that reads it says so.
    if (error instanceof AvroDamage) return undefined;
    throw error;
  }
}

export const avro: LoadFormat<AvroLoadOptions, AvroPlan> = {
  split: async (object, wishes) => {
    const header = await headerOf(object);
    if (header === undefined) return [];
    const cuts: number[] = [];
    for (const wish of wishes) cuts.push(await nextBlock(object, header.sync, Math.max(wish, header.bytes)));
    return cuts;
  },
  linesBefore: async (object, start) => {
    const header = await headerOf(object);
    let records = 0;
    for (let at = header?.bytes ?? start; at < start;) {
      const head = readBlockHead(await object.read(at, Math.min(at + 20, start)));
      if (head === undefined) break;
      records += head.records;
      at += head.headBytes + head.bytes + AVRO_SYNC_BYTES;
    }
    return records;
  },
  schema: async (columns, options, _first, host) => {
    const { paths } = options;
    if (paths === 'noshred') throw optionValue('AVRO', '"noshred"', undefined);
    const ignoresCase = paths === 'auto ignorecase';
    let tree: PathNode | undefined;
    if (typeof paths === 'object')
      tree = treeOfPaths(Buffer.from(await host.object(paths.url)).toString('utf8'), columns.length);
    const targets = columns.map((column) => targetOf(column, options));
    const plan = textPlan(columns, options);
    return {
      delivers: 'text',
      values: targets.map((t) => t.width > 0),
      plan: {
        ...plan,
        kinds: columns.map(({ type }, i) => (type.name === 'super' ? COLUMN_KIND.super : plan.kinds[i]!)),
        tree:
          tree ??
          treeOfNames(
            columns.map((c) => c.name),
            ignoresCase,
          ),
        ignoresCase,
        targets,
      },
    };
  },
  open: (load, plan) => new AvroReader(load, plan),
};
