/**
 * How COPY reads and UNLOAD writes text, as a plain value that travels in a fragment: made by delimited.ts and csv.ts
 * from validated options, turned into the scanner's state by scan-state.ts and read by the parse and unload steps.
 */
import type { TextEncoding } from './encoding.ts';

export interface TextFormat {
  readonly kind: 'delimited' | 'csv' | 'fixedwidth' | 'json' | 'avro' | 'shapefile' | 'dynamodb';
  /** Byte values. */
  readonly delimiter: number;
  readonly quote: number;
  /** NULL AS; undefined = no text means NULL. */
  readonly nullText: string | undefined;
  readonly escape: boolean;
  readonly removeQuotes: boolean;
  readonly ignoreHeader: number;
  readonly ignoreBlankLines: boolean;
  readonly emptyAsNull: boolean;
  readonly blanksAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly fillRecord: boolean;
  readonly encoding: TextEncoding;
  /** ACCEPTINVCHARS: the byte that replaces a bad one; undefined = bad bytes are errors. */
  readonly acceptInvChars: number | undefined;
}

/** What the typed conversions need besides the column's type. */
export interface LoadConversion {
  /** As written; 'auto', or the default when undefined. */
  readonly dateFormat: string | undefined;
  readonly timeFormat: string | undefined;
  readonly acceptAnyDate: boolean;
  readonly roundDec: boolean;
  readonly truncateColumns: boolean;
  /** Of shapefiles: which shapes lose points, those beyond the tolerance. */
  readonly shapes?: { readonly simplify: 'never' | 'all' | 'large'; readonly tolerance: number } | undefined;
}

/** Everything but the kind's own parts; both makers start here. */
export interface TextOptions extends Partial<Omit<TextFormat, 'kind' | 'delimiter' | 'quote' | 'acceptInvChars'>> {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly acceptInvChars?: string;
}

export const byteOf = (text: string): number => Buffer.from(text, 'latin1')[0] ?? 0;
