/**
 * COPY's options from the syntax tree to one checked value. `format` is for the load format, `conversion` for the parse
 * step; the rest steers the leader.
 */
import { columnarNeedsRole } from '../../common/errors/authorization-errors.ts';
import {
  maxErrorConflict,
  optionConflict,
  optionNeeds,
  optionNotColumnar,
  optionValue,
} from '../../common/errors/catalogue.ts';
import type { Compression } from '../../common/compress/compression.ts';
import { csvFormat } from '../../formats/csv.ts';
import { delimitedFormat } from '../../formats/delimited.ts';
import { parseWidths } from '../../formats/fixedwidth.ts';
import { pathArgument, type PathArgument } from '../../formats/json/path-tree.ts';
import type { ColumnarLoadOptions } from '../../formats/columnar/load-options.ts';
import type { LoadFormatName } from '../../formats/registry.ts';
import { TEXT_ENCODINGS, type TextEncoding } from '../../formats/text/encoding.ts';
import { byteOf, type LoadConversion, type TextFormat, type TextOptions } from '../../formats/text/text-format.ts';
import type { TextLoadOptions } from '../../formats/text/text-load.ts';
import { compileDateFormat, compileTimeFormat } from '../../formats/text/time-format.ts';
import type { CommandOption } from '../parser/ast.ts';
import { readCredentials, readMasterKey, type Credentials } from './credentials.ts';
import { readRegion, compressionOf, readOptions, type ReadOptions } from './option-spec.ts';
import { COLUMNAR_OPTIONS, COPY_OPTIONS } from './option-table.ts';
import { sourceKind, type SourceKind } from './source-kinds.ts';

export interface CopyOptions {
  readonly source: SourceKind;
  readonly format: { readonly name: LoadFormatName; readonly options: TextLoadOptions | ColumnarLoadOptions };
  readonly conversion: LoadConversion;
  readonly compression: Compression;
  readonly manifest: boolean;
  readonly credentials: Credentials;
  readonly region: string | undefined;
  /** ENCRYPTED: of objects that were encrypted before they came. */
  readonly masterKey: string | undefined;
  /** Of DynamoDB: percent of the table's read capacity. */
  readonly readRatio: number | undefined;
  readonly explicitIds: boolean;
  /** Errors at which the load fails; 0 and 1 both fail at the first. */
  readonly maxError: number;
  readonly ignoreAllErrors: boolean;
  readonly noLoad: boolean;
  readonly compUpdate: 'default' | 'preset' | 'on' | 'off';
  readonly compRows: number | undefined;
  readonly statUpdate: 'default' | 'on' | 'off';
}

/** NULL AS: \0 and \000 mean a lone NUL byte; a line feed cannot stand for NULL. */
function nullText(options: ReadOptions): string | undefined {
  const text = options.values.get('NULL') as string | undefined;
  if (text === undefined) return undefined;
  if (text === '\\0' || text === '\\000' || text === '\\00') return '\0';
  if (text.includes('\n') || text === '\\n')
    throw optionValue('NULL AS', 'a line feed cannot be used', options.position('NULL'));
  return text;
}

function checkText(options: ReadOptions, text: TextFormat): void {
  const at = options.position('DELIMITER') ?? options.position('QUOTE');
  if (text.delimiter === 10 || text.delimiter === 13 || text.delimiter === 0)
    throw optionValue('DELIMITER', 'a line end cannot be used', at);
  if (text.kind === 'csv' && text.delimiter === text.quote) throw optionConflict('QUOTE', 'DELIMITER', at);
  if (text.escape && text.delimiter === 92) throw optionConflict('ESCAPE', 'DELIMITER', at);
  if (text.kind === 'csv' && (text.quote === 10 || text.quote === 13))
    throw optionValue('QUOTE', 'a line end cannot be used', at);
}

function textFormatOf({ values }: ReadOptions, shared: TextOptions, source: SourceKind): TextFormat {
  if (source === 'dynamodb') return { ...delimitedFormat(shared), kind: 'dynamodb', nullText: undefined };
  if (values.has('SHAPEFILE')) return { ...delimitedFormat(shared), kind: 'shapefile', nullText: undefined };
  if (values.has('AVRO')) return { ...delimitedFormat(shared), kind: 'avro', nullText: undefined };
  if (values.has('JSON')) return { ...delimitedFormat(shared), kind: 'json', nullText: undefined };
  if (values.has('FIXEDWIDTH')) return { ...delimitedFormat(shared), kind: 'fixedwidth' };
  if (values.has('CSV')) return csvFormat({ ...shared, quote: values.get('QUOTE') as string | undefined });
  return delimitedFormat({ ...shared, escape: values.has('ESCAPE'), removeQuotes: values.has('REMOVEQUOTES') });
}
/** SIMPLIFY [AUTO] [tolerance]. */
function simplification(options: ReadOptions): LoadConversion['shapes'] {
  if (!options.values.has('SHAPEFILE')) return undefined;
  const written = options.values.get('SIMPLIFY') as readonly string[] | undefined;
  if (written === undefined) return { simplify: 'never', tolerance: 0 };
  const isAuto = written[0] === 'auto';
  const [tolerance, ...more] = isAuto ? written.slice(1) : written;
  const number =
    tolerance === undefined ? (isAuto ? Infinity : NaN) : tolerance.trim() === '' ? NaN : Number(tolerance);
  if (more.length > 0 || !(number >= 0))
    throw optionValue(
      'SIMPLIFY',
      written.length === 0 ? 'a tolerance is missing' : `"${written.join(' ')}"`,
      options.position('SIMPLIFY'),
    );
  return { simplify: isAuto ? 'large' : 'all', tolerance: number };
}
function pathsOf(options: ReadOptions, name: string): PathArgument {
  const written = options.values.get(name);
  const paths = pathArgument(written === true ? undefined : String(written));
  if (paths === undefined) throw optionValue(name, `"${String(written)}"`, options.position(name));
  return paths;
}

function masterKeyOf(options: ReadOptions): string | undefined {
  const key = readMasterKey(options);
  if (key === undefined && options.values.has('ENCRYPTED'))
    throw optionNeeds('ENCRYPTED', 'MASTER_SYMMETRIC_KEY', options.position('ENCRYPTED'));
  return key;
}

/** The columnar format, if it is one; few options go with it. */
function columnarFormat({ values, position }: ReadOptions): CopyOptions['format'] | undefined {
  const name = values.has('PARQUET') ? 'parquet' : values.has('ORC') ? 'orc' : undefined;
  if (name === undefined) {
    if (values.has('SERIALIZETOJSON')) throw optionNeeds('SERIALIZETOJSON', 'PARQUET', position('SERIALIZETOJSON'));
    return undefined;
  }
  for (const option of values.keys())
    if (!COLUMNAR_OPTIONS.has(option)) throw optionNotColumnar(option, name.toUpperCase(), position(option));
  const replace = values.get('ACCEPTINVCHARS');
  return {
    name,
    options: {
      fillRecord: values.has('FILLRECORD'),
      acceptInvChars: replace === undefined ? undefined : byteOf(replace === true ? '?' : (replace as string)),
      serializeToJson: values.has('SERIALIZETOJSON'),
    },
  };
}

/** `from`: what stands behind FROM, which decides what goes with it. */
export function copyOptions(written: readonly CommandOption[], from: string): CopyOptions {
  const options = readOptions('COPY', COPY_OPTIONS, written);
  const source = sourceKind(from, options);
  const { values } = options;
  const has = (name: string): boolean => values.has(name) && values.get(name) !== false;
  const string = (name: string): string | undefined => values.get(name) as string | undefined;
  const columnar = columnarFormat(options);
  if (values.has('MAXERROR') && has('IGNOREALLERRORS')) throw maxErrorConflict(options.position('MAXERROR'));
  const encoding = (string('ENCODING') ?? 'utf8').toLowerCase().replaceAll('-', '') as TextEncoding;
  if (!TEXT_ENCODINGS.includes(encoding)) throw optionValue('ENCODING', encoding, options.position('ENCODING'));
  const invChars = values.get('ACCEPTINVCHARS');
  const shared = {
    delimiter: string('DELIMITER'),
    nullText: nullText(options),
    ignoreHeader: values.get('IGNOREHEADER') as number | undefined,
    ignoreBlankLines: has('IGNOREBLANKLINES'),
    emptyAsNull: has('EMPTYASNULL'),
    blanksAsNull: has('BLANKSASNULL'),
    trimBlanks: has('TRIMBLANKS'),
    fillRecord: has('FILLRECORD'),
    encoding,
    acceptInvChars: invChars === true ? '?' : (invChars as string | undefined),
  };
  if (shared.acceptInvChars === '\0')
    throw optionValue('ACCEPTINVCHARS', 'NUL cannot be used', options.position('ACCEPTINVCHARS'));
  const text = textFormatOf(options, shared, source);
  checkText(options, text);
  if (text.kind === 'fixedwidth' && encoding !== 'utf8')
    throw optionConflict('FIXEDWIDTH', 'ENCODING', options.position('ENCODING'));
  const paths =
    text.kind === 'json' || text.kind === 'avro' ? { paths: pathsOf(options, text.kind.toUpperCase()) } : {};
  const acceptAnyDate = has('ACCEPTANYDATE');
  const widths =
    text.kind === 'fixedwidth' ? { widths: parseWidths(string('FIXEDWIDTH')!, options.position('FIXEDWIDTH')) } : {};
  const [dateFormat, timeFormat] = [string('DATEFORMAT'), string('TIMEFORMAT')];
  if (compileDateFormat(dateFormat) === undefined)
    throw optionValue('DATEFORMAT', `"${dateFormat}"`, options.position('DATEFORMAT'));
  if (compileTimeFormat(timeFormat) === undefined)
    throw optionValue('TIMEFORMAT', `"${timeFormat}"`, options.position('TIMEFORMAT'));
  const credentials = readCredentials(options);
  if (columnar !== undefined && credentials.kind === 'keys') throw columnarNeedsRole();
  const tri = (name: string): 'default' | 'on' | 'off' =>
    values.has(name) ? (values.get(name) === false ? 'off' : 'on') : 'default';
  return {
    source,
    format: columnar ?? {
      name: text.kind,
      options: { text, dateFormat, timeFormat, acceptAnyDate, ...paths, ...widths },
    },
    conversion: {
      dateFormat,
      timeFormat,
      acceptAnyDate,
      roundDec: has('ROUNDEC'),
      truncateColumns: has('TRUNCATECOLUMNS'),
      shapes: simplification(options),
    },
    compression: compressionOf(options),
    manifest: has('MANIFEST'),
    credentials,
    region: readRegion(options),
    masterKey: masterKeyOf(options),
    readRatio: values.get('READRATIO') as number | undefined,
    explicitIds: has('EXPLICIT_IDS'),
    maxError: (values.get('MAXERROR') as number | undefined) ?? 0,
    ignoreAllErrors: has('IGNOREALLERRORS'),
    noLoad: has('NOLOAD'),
    // Columnar loads set no encodings.
    compUpdate: columnar !== undefined ? 'off' : values.get('COMPUPDATE') === 'preset' ? 'preset' : tri('COMPUPDATE'),
    compRows: values.get('COMPROWS') as number | undefined,
    statUpdate: tri('STATUPDATE'),
  };
}
