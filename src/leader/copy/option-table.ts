/**
 * Every parameter of COPY: argument, default, whether we have it, and what it cannot stand beside. Read by options.ts;
 * a parameter that Redshift has and we have not is refused by name with 0A000.
 */
import { authorisation, compressionOptions, type OptionSpec } from './option-spec.ts';

const flag = { kind: 'flag' } as const;
const text = { kind: 'text' } as const;
const optionalText = { kind: 'text', optional: true } as const;
const no = (what: string): string => `COPY with ${what} is not supported`;

/** What says how delimited text is written, and other formats. */
const NOT_WITH_DOCUMENTS = [
  'DELIMITER',
  'ESCAPE',
  'FILLRECORD',
  'FIXEDWIDTH',
  'IGNOREBLANKLINES',
  'NULL',
  'READRATIO',
  'REMOVEQUOTES',
  'SHAPEFILE',
  'PARQUET',
  'ORC',
];

/** All that may stand beside a columnar format. */
export const COLUMNAR_OPTIONS: ReadonlySet<string> = new Set([
  ...authorisation().map((o) => o.name),
  'PARQUET',
  'ORC',
  'REGION',
  'MANIFEST',
  'SERIALIZETOJSON',
  'ACCEPTINVCHARS',
  'EXPLICIT_IDS',
  'FILLRECORD',
  'STATUPDATE',
]);

export const COPY_OPTIONS: readonly OptionSpec[] = [
  // Authorisation
  ...authorisation('MASTER_SYMMETRIC_KEY'),
  // Source
  { name: 'REGION', argument: text, default: "the cluster's region", supported: true },
  { name: 'MANIFEST', argument: flag, default: 'off', supported: true },
  {
    name: 'READRATIO',
    argument: { kind: 'integer', low: 1, high: 200 },
    default: 'required for DynamoDB',
    supported: true,
  },
  { name: 'SSH', argument: flag, default: 'off', supported: true },
  { name: 'ENCRYPTED', argument: flag, default: 'off', supported: true },
  { name: 'MASTER_SYMMETRIC_KEY', argument: text, default: 'none', supported: true, needs: 'ENCRYPTED' },
  { name: 'USING TEMPLATE', argument: text, default: 'none', supported: no('USING TEMPLATE') },
  // What makes a job of it, which the parser takes off.
  { name: 'JOB CREATE', argument: text, default: 'none', supported: true },
  { name: 'AUTO', argument: { kind: 'switch' }, default: 'on', supported: true, needs: 'JOB CREATE' },
  // Format
  {
    name: 'CSV',
    argument: optionalText,
    default: "delimited text with '|'",
    supported: true,
    conflicts: ['FIXEDWIDTH', 'REMOVEQUOTES', 'ESCAPE'],
  },
  { name: 'QUOTE', argument: { kind: 'char' }, default: '"', supported: true, needs: 'CSV' },
  {
    name: 'DELIMITER',
    argument: { kind: 'char' },
    default: "'|', ',' with CSV",
    supported: true,
    conflicts: ['FIXEDWIDTH'],
  },
  {
    name: 'FIXEDWIDTH',
    argument: text,
    default: 'off',
    supported: true,
    conflicts: ['CSV', 'DELIMITER', 'ESCAPE', 'REMOVEQUOTES', 'SHAPEFILE'],
  },
  {
    name: 'SHAPEFILE',
    argument: flag,
    default: 'off',
    supported: true,
    conflicts: [
      ...['CSV', 'JSON', 'AVRO', 'PARQUET', 'ORC', 'DELIMITER', 'ESCAPE', 'FIXEDWIDTH', 'REMOVEQUOTES'],
      ...['NULL', 'FILLRECORD', 'IGNOREHEADER', 'IGNOREBLANKLINES', 'ENCODING', 'READRATIO'],
    ],
  },
  { name: 'SIMPLIFY', argument: { kind: 'names' }, default: 'off', supported: true, needs: 'SHAPEFILE' },
  {
    name: 'AVRO',
    argument: optionalText,
    default: "'auto'",
    supported: true,
    conflicts: ['CSV', 'JSON', 'ENCODING', 'IGNOREHEADER', ...NOT_WITH_DOCUMENTS],
  },
  {
    name: 'JSON',
    argument: optionalText,
    default: "'auto'",
    supported: true,
    conflicts: ['CSV', ...NOT_WITH_DOCUMENTS],
  },
  { name: 'PARQUET', argument: flag, default: 'off', supported: true },
  { name: 'ORC', argument: flag, default: 'off', supported: true },
  { name: 'SERIALIZETOJSON', argument: flag, default: 'off', supported: true },
  // Compression
  ...compressionOptions('gzip', 'bzip2', 'lzop', 'zstd'),
  // Conversion
  { name: 'ACCEPTANYDATE', argument: flag, default: 'off', supported: true },
  { name: 'ACCEPTINVCHARS', argument: { kind: 'char', optional: true }, default: "'?'", supported: true },
  { name: 'BLANKSASNULL', argument: flag, default: 'off', supported: true },
  { name: 'DATEFORMAT', argument: text, default: "'YYYY-MM-DD'", supported: true },
  { name: 'EMPTYASNULL', argument: flag, default: 'off', supported: true },
  { name: 'ENCODING', argument: text, default: 'UTF8', supported: true },
  { name: 'ESCAPE', argument: flag, default: 'off', supported: true, conflicts: ['FIXEDWIDTH', 'CSV'] },
  { name: 'EXPLICIT_IDS', argument: flag, default: 'off', supported: true },
  { name: 'FILLRECORD', argument: flag, default: 'off', supported: true },
  { name: 'IGNOREBLANKLINES', argument: flag, default: 'off', supported: true },
  { name: 'IGNOREHEADER', argument: { kind: 'integer', low: 0, high: 2147483647 }, default: '0', supported: true },
  { name: 'NULL', argument: text, default: "'\\N'", supported: true },
  { name: 'REMOVEQUOTES', argument: flag, default: 'off', supported: true, conflicts: ['CSV'] },
  { name: 'ROUNDEC', argument: flag, default: 'off', supported: true },
  { name: 'TIMEFORMAT', argument: text, default: "'YYYY-MM-DD HH:MI:SS'", supported: true },
  { name: 'TRIMBLANKS', argument: flag, default: 'off', supported: true },
  { name: 'TRUNCATECOLUMNS', argument: flag, default: 'off', supported: true },
  // Load
  {
    name: 'COMPROWS',
    argument: { kind: 'integer', low: 1000, high: 2147483647 },
    default: '100000',
    supported: true,
  },
  {
    name: 'COMPUPDATE',
    argument: { kind: 'switch', words: ['preset'] },
    default: 'preset for an empty table',
    supported: true,
  },
  { name: 'IGNOREALLERRORS', argument: { kind: 'switch' }, default: 'off', supported: true },
  { name: 'MAXERROR', argument: { kind: 'integer', low: 0, high: 100000 }, default: '0', supported: true },
  { name: 'NOLOAD', argument: flag, default: 'off', supported: true },
  { name: 'STATUPDATE', argument: { kind: 'switch' }, default: 'on for an empty table', supported: true },
];
