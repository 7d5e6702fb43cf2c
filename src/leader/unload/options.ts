/**
 * UNLOAD's options from the syntax tree to one checked value. `write` travels in the fragment to the unload step.
 */
import {
  featureNotSupported,
  optionConflict,
  optionNeeds,
  optionValue,
  unloadLimit,
} from '../../common/errors/catalogue.ts';
import type { Compression } from '../../common/compress/compression.ts';
import { CODECS } from '../../s3/codecs/registry.ts';
import { isKmsKey, SSE_S3, type ServerSideEncryption } from '../../s3/server-side-encryption.ts';
import { parseWidths } from '../../formats/fixedwidth.ts';
import { byteOf } from '../../formats/text/text-format.ts';
import { readCredentials, readMasterKey, type Credentials } from '../copy/credentials.ts';
import { readRegion, compressionOf, readOptions, type ReadOptions } from '../copy/option-spec.ts';
import type { CommandOption, Query } from '../parser/ast.ts';
import { FILE_BYTES_MAX, ROW_GROUP_BYTES_MIN, UNLOAD_OPTIONS } from './option-table.ts';

/** How rows become bytes. */
export type UnloadFormat =
  | {
      readonly kind: 'delimited' | 'csv';
      readonly delimiter: number;
      readonly nullText: string;
      readonly escape: boolean;
      readonly addQuotes: boolean;
    }
  | { readonly kind: 'fixedwidth'; readonly widths: readonly number[]; readonly nullText: string }
  | { readonly kind: 'json' }
  | { readonly kind: 'parquet'; readonly rowGroupBytes: number };
export interface UnloadOptions {
  readonly write: UnloadFormat;
  readonly header: boolean;
  readonly compression: Compression;
  readonly manifest: 'none' | 'plain' | 'verbose';
  readonly partition: { readonly names: readonly string[]; readonly include: boolean } | undefined;
  /** Behind the part number, with its dot. */
  readonly extension: string;
  readonly parallel: boolean;
  readonly maxFileBytes: number;
  readonly allowOverwrite: boolean;
  readonly cleanPath: boolean;
  readonly credentials: Credentials;
  readonly region: string | undefined;
  /** Objects are encrypted under it before they go. */
  readonly masterKey: string | undefined;
  /** On the server's side, undefined: as it does by itself; 'bucket': by the bucket's own key of KMS, if it has one. */
  readonly encryption: ServerSideEncryption | 'bucket' | undefined;
}

/** MANIFEST VERBOSE comes as one option with an argument or as two; the table knows two. */
function splitManifest(options: readonly CommandOption[]): readonly CommandOption[] {
  return options.flatMap((o) =>
    o.name === 'MANIFEST' && String(o.args[0]).toUpperCase() === 'VERBOSE'
      ? [
          { ...o, args: [] },
          { name: 'VERBOSE', args: [], pos: o.pos },
        ]
      : [o],
  );
}

function writeFormat({ values, position }: ReadOptions, delimiter: string): UnloadFormat {
  const nullText = (values.get('NULL') as string | undefined) ?? '';
  if (values.has('JSON')) return { kind: 'json' };
  if (values.has('PARQUET'))
    return {
      kind: 'parquet',
      rowGroupBytes: (values.get('ROWGROUPSIZE') as number | undefined) ?? ROW_GROUP_BYTES_MIN,
    };
  if (values.has('FIXEDWIDTH')) {
    const widths = parseWidths(String(values.get('FIXEDWIDTH')), position('FIXEDWIDTH'));
    return { kind: 'fixedwidth', widths, nullText };
  }
  return {
    kind: values.has('CSV') ? 'csv' : 'delimited',
    delimiter: byteOf(delimiter),
    nullText,
    escape: values.has('ESCAPE'),
    addQuotes: values.has('ADDQUOTES'),
  };
}

export function unloadOptions(written: readonly CommandOption[]): UnloadOptions {
  const options = readOptions('UNLOAD', UNLOAD_OPTIONS, splitManifest(written));
  const { values } = options;
  const has = (name: string): boolean => values.has(name) && values.get(name) !== false;
  const csv = has('CSV');
  const delimiter = (values.get('DELIMITER') as string | undefined) ?? (csv ? ',' : '|');
  const at = options.position('DELIMITER');
  if ('\n\r\0'.includes(delimiter)) throw optionValue('DELIMITER', 'a line end cannot be used', at);
  if (has('ESCAPE') && delimiter === '\\') throw optionConflict('ESCAPE', 'DELIMITER', at);
  if ((csv || has('ADDQUOTES')) && delimiter === '"')
    throw optionConflict('DELIMITER', csv ? 'CSV' : 'ADDQUOTES', at);
  const compression = compressionOf(options);
  const ending = has('PARQUET') ? '.parquet' : compression === 'none' ? '' : CODECS[compression].extension;
  const extension = values.get('EXTENSION') as string | undefined;
  return {
    write: writeFormat(options, delimiter),
    header: has('HEADER'),
    compression,
    partition: partitionOf(options),
    manifest: has('VERBOSE') ? 'verbose' : has('MANIFEST') ? 'plain' : 'none',
    extension: extension !== undefined ? `.${extension}` : ending,
    parallel: values.get('PARALLEL') !== false,
    maxFileBytes: (values.get('MAXFILESIZE') as number | undefined) ?? FILE_BYTES_MAX,
    allowOverwrite: has('ALLOWOVERWRITE'),
    cleanPath: has('CLEANPATH'),
    credentials: readCredentials(options),
    region: readRegion(options),
    ...encryptionOf(options),
  };
}

/** ENCRYPTED is on the client's side with MASTER_SYMMETRIC_KEY, else on the server's. */
function encryptionOf(options: ReadOptions): Pick<UnloadOptions, 'masterKey' | 'encryption'> {
  const { values, position } = options;
  const masterKey = readMasterKey(options);
  const key = values.get('KMS_KEY_ID') as string | undefined;
  const encrypted = values.get('ENCRYPTED');
  const other = encrypted === 'auto' ? 'ENCRYPTED AUTO' : values.has('PARQUET') ? 'PARQUET' : undefined;
  if (masterKey !== undefined && other !== undefined)
    throw optionConflict('MASTER_SYMMETRIC_KEY', other, position('ENCRYPTED'));
  if (encrypted === true && values.has('PARQUET') && key === undefined)
    throw optionNeeds('ENCRYPTED with PARQUET', 'KMS_KEY_ID', position('ENCRYPTED'));
  if (key !== undefined && encrypted === 'auto')
    throw optionConflict('KMS_KEY_ID', 'ENCRYPTED AUTO', position('KMS_KEY_ID'));
  if (encrypted === undefined || encrypted === false || masterKey !== undefined)
    return { masterKey, encryption: undefined };
  if (encrypted === 'auto') return { masterKey, encryption: 'bucket' };
  if (key !== undefined && !isKmsKey(key))
    throw optionValue('KMS_KEY_ID', `"${key}" is no key of KMS`, position('KMS_KEY_ID'));
  return { masterKey, encryption: key === undefined ? SSE_S3 : { algorithm: 'aws:kms', key } };
}

function partitionOf({ values }: ReadOptions): UnloadOptions['partition'] {
  const names = values.get('PARTITION BY') as readonly string[] | undefined;
  return names && { names, include: values.has('INCLUDE') };
}

/** UNLOAD takes one SELECT without an outer LIMIT (a nested one is fine). */
export function checkUnloadQuery(query: Query): void {
  if (query.limit !== undefined) throw unloadLimit();
  if (query.offset !== undefined) throw featureNotSupported('Offset clause is not supported');
}
