/**
 * Every parameter of UNLOAD: argument, default, whether we have it, and what it cannot stand beside. Read by options.ts.
 */
import { authorisation, compressionOptions, type OptionSpec } from '../copy/option-spec.ts';

const flag = { kind: 'flag' } as const;
const text = { kind: 'text' } as const;

export const FILE_BYTES_MIN = 5_000_000;
export const FILE_BYTES_MAX = 6_200_000_000;
/** And the default. */
export const ROW_GROUP_BYTES_MIN = 32_000_000;

export const UNLOAD_OPTIONS: readonly OptionSpec[] = [
  ...authorisation('KMS_KEY_ID', 'MASTER_SYMMETRIC_KEY'),
  {
    name: 'CSV',
    argument: flag,
    default: "delimited text with '|'",
    supported: true,
    conflicts: ['FIXEDWIDTH', 'ADDQUOTES', 'ESCAPE'],
  },
  {
    name: 'PARQUET',
    argument: flag,
    default: 'off',
    supported: true,
    conflicts: [
      'CSV',
      'JSON',
      'DELIMITER',
      'FIXEDWIDTH',
      'ADDQUOTES',
      'ESCAPE',
      'NULL',
      'HEADER',
      'GZIP',
      'BZIP2',
      'ZSTD',
    ],
  },
  {
    name: 'JSON',
    argument: flag,
    default: 'off',
    supported: true,
    conflicts: ['CSV', 'PARQUET', 'DELIMITER', 'FIXEDWIDTH', 'ADDQUOTES', 'ESCAPE', 'NULL', 'HEADER'],
  },
  { name: 'PARTITION BY', argument: { kind: 'names' }, default: 'none', supported: true },
  { name: 'INCLUDE', argument: flag, default: 'off', supported: true, needs: 'PARTITION BY' },
  { name: 'MANIFEST', argument: flag, default: 'off', supported: true },
  { name: 'VERBOSE', argument: flag, default: 'off', supported: true, needs: 'MANIFEST' },
  { name: 'HEADER', argument: flag, default: 'off', supported: true, conflicts: ['FIXEDWIDTH'] },
  {
    name: 'DELIMITER',
    argument: { kind: 'char' },
    default: "'|', ',' with CSV",
    supported: true,
    conflicts: ['FIXEDWIDTH'],
  },
  { name: 'FIXEDWIDTH', argument: text, default: 'off', supported: true, conflicts: ['CSV', 'DELIMITER', 'HEADER'] },
  { name: 'ADDQUOTES', argument: flag, default: 'off', supported: true, conflicts: ['FIXEDWIDTH', 'CSV'] },
  { name: 'ESCAPE', argument: flag, default: 'off', supported: true, conflicts: ['FIXEDWIDTH', 'CSV'] },
  { name: 'NULL', argument: text, default: "''", supported: true },
  ...compressionOptions('gzip', 'bzip2', 'zstd'),
  { name: 'EXTENSION', argument: text, default: "the compression's", supported: true },
  { name: 'ENCRYPTED', argument: { kind: 'switch', words: ['auto'] }, default: 'off', supported: true },
  { name: 'KMS_KEY_ID', argument: text, default: 'none', supported: true, needs: 'ENCRYPTED' },
  {
    name: 'MASTER_SYMMETRIC_KEY',
    argument: text,
    default: 'none',
    supported: true,
    needs: 'ENCRYPTED',
    conflicts: ['PARQUET', 'KMS_KEY_ID'],
  },
  { name: 'ALLOWOVERWRITE', argument: flag, default: 'off', supported: true, conflicts: ['CLEANPATH'] },
  { name: 'CLEANPATH', argument: flag, default: 'off', supported: true, conflicts: ['ALLOWOVERWRITE'] },
  { name: 'PARALLEL', argument: { kind: 'switch' }, default: 'on', supported: true },
  {
    name: 'MAXFILESIZE',
    argument: { kind: 'size', low: FILE_BYTES_MIN, high: FILE_BYTES_MAX },
    default: '6.2 GB',
    supported: true,
  },
  {
    name: 'ROWGROUPSIZE',
    argument: { kind: 'size', low: ROW_GROUP_BYTES_MIN, high: 128_000_000 },
    default: '32 MB',
    supported: true,
    needs: 'PARQUET',
  },
  { name: 'REGION', argument: text, default: "the cluster's region", supported: true },
];
