/**
 * Strings of a Parquet file that are no UTF-8, or wider than a CHAR takes: refused as records of STL_LOAD_ERRORS, or replaced byte by byte; in
 * dictionaries and without.
 */
import { expect, test } from 'vitest';
import { char, varchar } from '../../types/sql-type.ts';
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { RegionPool } from '../../wasm/region-pool.ts';
import { ParquetRows } from './parquet-rows.ts';
import { readParquet } from './test-read.ts';

const COLUMNS = [{ name: 's', type: varchar(40) }];
const PAGES = 1024;

/** A file of one column of strings. */
function written(texts: readonly (Buffer | null)[]): Buffer {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
  const pool = new RegionPool(65_536, (PAGES - 1) * 65_536);
  const host = {
    memory: { bytes: new Uint8Array(memory.buffer), view: new DataView(memory.buffer) },
    kernels: new WebAssembly.Instance(kernelsModule(), { env }).exports,
    allocate: (bytes: number) => pool.allocate(bytes),
    free: (address: number) => pool.free(address),
  };
  const out: Uint8Array[] = [];
  const unload = { columns: COLUMNS, rowGroupBytes: 32e6, maxFileBytes: 1e9, isPartitioned: false };
  const rows = new ParquetRows(host, unload, (_, bytes) => void out.push(bytes ?? Buffer.alloc(0)));
  const row = (text: Buffer | null): Buffer => {
    if (text === null) return Buffer.from([0]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeUInt32LE(text.length, 1);
    return Buffer.concat([head, text]);
  };
  rows.write(Buffer.concat(texts.map(row)));
  rows.finish();
  return Buffer.concat(out);
}
const BAD = Buffer.from([0x61, 0xe9, 0x62, 0xff]);
const few = [Buffer.from('één'), null, BAD, Buffer.from('z ')];
/** Too many of them for a dictionary. */
const many = Array.from({ length: 3000 }, (_, i) => (i === 2500 ? BAD : Buffer.from(`text ${i}`)));

test.each([
  ['numbered', few, 3],
  ['plain', many, 2501],
] as const)('no UTF-8, %s', async (_, texts, line) => {
  const file = written(texts);
  const { refused } = await readParquet(file, { columns: COLUMNS });
  expect(refused.map((r) => [r.code, r.line, r.column, Buffer.from(r.rawValue).toString('hex')])).toEqual([
    [1220, line, 0, '61e962ff'],
  ]);
  const { rows } = await readParquet(file, { columns: COLUMNS, acceptInvChars: 0x3f });
  expect(rows.length).toBe(texts.length);
  expect(rows[line - 1]).toEqual(['a?b?']);
});
test('CHAR: one byte a character, no blanks at the end', async () => {
  const columns = [{ name: 's', type: char(4) }];
  const { refused } = await readParquet(written([Buffer.from('ab  '), Buffer.from('é')]), { columns });
  expect(refused.map((r) => [r.code, r.line])).toEqual([[1215, 2]]);
  expect((await readParquet(written([Buffer.from('ab      '), null]), { columns })).rows).toEqual([['ab'], [null]]);
});
