/** UNLOAD's parameters, object names, destination check, header and manifest. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LocalObjectStore } from '../../s3/store.ts';
import { INT4, numeric, varchar } from '../../types/sql-type.ts';
import type { CommandOption, Query } from '../parser/ast.ts';
import { headerLine, manifestText, partKey, prepareDestination, unloadTarget } from './files.ts';
import { UNLOAD_OPTIONS } from './option-table.ts';
import { checkUnloadQuery, unloadOptions as optionsOf } from './options.ts';

const opt = (name: string, ...args: (string | number | boolean)[]): CommandOption => ({ name, args, pos: 0 });
/** With an authorisation. */
const unloadOptions = (written: readonly CommandOption[]): ReturnType<typeof optionsOf> =>
  optionsOf([...written, opt('IAM_ROLE', 'default')]);
const root = mkdtempSync(join(tmpdir(), 'slicehouse-unload-'));
const store = new LocalObjectStore(root);
afterAll(() => rmSync(root, { recursive: true }));

test('options', () => {
  expect(unloadOptions([])).toMatchObject({
    write: { kind: 'delimited', delimiter: 124, nullText: '' },
    parallel: true,
    maxFileBytes: 6_200_000_000,
    manifest: 'none',
    extension: '',
  });
  expect(
    unloadOptions([
      opt('FORMAT', 'CSV'),
      opt('GZIP'),
      opt('PARALLEL', false),
      opt('MANIFEST'),
      opt('VERBOSE'),
      opt('MAXFILESIZE', 5, 'mb'),
      opt('HEADER'),
    ]),
  ).toMatchObject({
    write: { kind: 'csv', delimiter: 44 },
    compression: 'gzip',
    extension: '.gz',
    parallel: false,
    manifest: 'verbose',
    maxFileBytes: 5_000_000,
    header: true,
  });
  expect(
    unloadOptions([
      opt('GZIP'),
      opt('EXTENSION', 'csv.gz'),
      opt('MAXFILESIZE', 6.2, 'gb'),
      opt('MANIFEST', 'VERBOSE'),
    ]),
  ).toMatchObject({ extension: '.csv.gz', maxFileBytes: 6_200_000_000, manifest: 'verbose' });
  expect(() => unloadOptions([opt('MAXFILESIZE', 4)])).toThrow(/from 5 MB to 6200 MB/);
  expect(() => unloadOptions([opt('ALLOWOVERWRITE'), opt('CLEANPATH')])).toThrow(
    'ALLOWOVERWRITE is not compatible with CLEANPATH',
  );
  expect(() => unloadOptions([opt('CSV'), opt('ADDQUOTES')])).toThrow(/not compatible/);
  expect(() => unloadOptions([opt('VERBOSE')])).toThrow('VERBOSE needs MANIFEST');
  for (const spec of UNLOAD_OPTIONS.filter((s) => s.supported !== true))
    expect(() => unloadOptions([opt(spec.name)])).toThrow(String(spec.supported));
});
test('object names', () => {
  expect(partKey('out/v_', { parallel: true, extension: '.gz' }, 3, 0)).toBe('out/v_0003_part_00.gz');
  expect(partKey('out/v_', { parallel: false, extension: '' }, 0, 12)).toBe('out/v_012');
});
test('a destination that holds objects is refused, cleaned or overwritten', async () => {
  mkdirSync(join(root, 'lake/out'), { recursive: true });
  for (const name of ['x1', 'x2', 'y']) writeFileSync(join(root, 'lake/out', name), name);
  const options = {
    allowOverwrite: false,
    cleanPath: false,
    credentials: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/writer' } as const,
  };
  const prepare = (prefix: string, o = {}) =>
    prepareDestination(store, unloadTarget(`s3://lake/${prefix}`), { ...options, ...o });
  await expect(prepare('out/x')).rejects.toThrow(/^Specified unload destination on S3 is not empty\./);
  expect(await prepare('out/new')).toEqual([]);
  expect(await prepare('out/x', { allowOverwrite: true })).toEqual([]);
  expect(await prepare('out/x', { cleanPath: true })).toEqual(['out/x1', 'out/x2']);
  expect((await store.list('lake')).objects.map((o) => o.key)).toEqual(['out/y']);
  await expect(
    prepareDestination(store, unloadTarget('s3://none/x'), { ...options, allowOverwrite: true }),
  ).rejects.toThrow(/NoSuchBucket/);
});
test('header and manifest', () => {
  const base = { delimiter: 124, nullText: '', escape: false, addQuotes: false };
  expect(headerLine(['a', 'b|c'], { ...base, kind: 'delimited', escape: true })).toBe('a|b\\|c\n');
  expect(headerLine(['a', 'b"c'], { ...base, kind: 'csv', delimiter: 44 })).toBe('a,"b""c"\n');
  expect(headerLine(['a', 'b'], { ...base, kind: 'delimited', addQuotes: true })).toBe('"a"|"b"\n');
  const target = unloadTarget('s3://lake/out/v_');
  const files = [
    { key: 'out/v_0000_part_00', bytes: 10, rows: 2 },
    { key: 'out/v_0001_part_00', bytes: 5, rows: 1 },
  ];
  const columns = [
    { name: 'id', type: INT4 },
    { name: 'n', type: numeric(10, 2) },
    { name: 't', type: varchar(20) },
  ];
  expect(JSON.parse(manifestText(target, files, columns, false))).toEqual({
    entries: [{ url: 's3://lake/out/v_0000_part_00' }, { url: 's3://lake/out/v_0001_part_00' }],
  });
  expect(JSON.parse(manifestText(target, files, columns, true))).toMatchObject({
    entries: [{ meta: { content_length: 10, record_count: 2 } }, {}],
    meta: { content_length: 15, record_count: 3 },
    author: { name: 'Amazon Redshift' },
    schema: {
      elements: [
        { name: 'id', type: { base: 'integer' } },
        { name: 'n', type: { base: 'numeric', precision: 10, scale: 2 } },
        { name: 't', type: { base: 'character varying', max_length: 20 } },
      ],
    },
  });
});
test('an outer LIMIT is refused', () => {
  expect(() => checkUnloadQuery({ limit: {} } as unknown as Query)).toThrow('Limit clause is not supported');
  expect(() => checkUnloadQuery({} as Query)).not.toThrow();
});
