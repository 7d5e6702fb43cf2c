/**
 * The sources of COPY as data: how FROM and the options tell which one is meant, and which options go with it. An option that does not
 * go with its source is refused, as the manual lists them.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { optionNotOfSource, sourceNeedsOption } from '../../common/errors/remote-errors.ts';
import type { ReadOptions } from './option-spec.ts';

export type SourceKind = 's3' | 'dynamodb' | 'ssh';
interface SourceSpec {
  readonly title: string;
  readonly refuses: readonly string[];
  readonly needs?: string;
}
const DATA_FORMATS = [
  ...['CSV', 'QUOTE', 'DELIMITER', 'FIXEDWIDTH', 'SHAPEFILE', 'SIMPLIFY', 'AVRO', 'JSON', 'PARQUET', 'ORC'],
  'SERIALIZETOJSON',
];
const SOURCES: Readonly<Record<SourceKind, SourceSpec>> = {
  s3: { title: 'Amazon S3', refuses: ['READRATIO'] },
  dynamodb: {
    title: 'DynamoDB',
    needs: 'READRATIO',
    refuses: [
      ...DATA_FORMATS,
      ...['GZIP', 'BZIP2', 'LZOP', 'ZSTD', 'ENCODING'],
      ...['ESCAPE', 'FILLRECORD', 'IGNOREBLANKLINES', 'IGNOREHEADER', 'NULL', 'REMOVEQUOTES', 'ACCEPTINVCHARS'],
      ...['MANIFEST', 'ENCRYPTED', 'MASTER_SYMMETRIC_KEY', 'SSH'],
    ],
  },
  ssh: {
    title: 'a remote host (SSH)',
    refuses: [
      ...['MANIFEST', 'ENCRYPTED', 'MASTER_SYMMETRIC_KEY', 'READRATIO'],
      ...['SHAPEFILE', 'SIMPLIFY', 'PARQUET', 'ORC', 'SERIALIZETOJSON', 'ZSTD'],
    ],
  },
};

/** Which source is meant, with options that go with it. */
export function sourceKind(from: string, { values, position }: ReadOptions): SourceKind {
  const scheme = /^([a-z0-9]+):\/\//i.exec(from)?.[1]?.toLowerCase();
  if (scheme === 'emr')
    throw featureNotSupported('COPY from Amazon EMR (emr://) is not supported: load the files from s3:// instead');
  const kind: SourceKind = scheme === 'dynamodb' ? 'dynamodb' : values.has('SSH') ? 'ssh' : 's3';
  const { title, refuses, needs } = SOURCES[kind];
  for (const option of values.keys())
    if (refuses.includes(option)) throw optionNotOfSource(option, title, position(option));
  if (needs !== undefined && !values.has(needs)) throw sourceNeedsOption(title, needs);
  return kind;
}
