/**
 * What CSV and delimited text have in common as load formats: fields fill the columns by position, and the parse step's
 * code converts them. They differ in where a file may be cut.
 */
import type { LoadColumn, LoadFormat } from '../load-format.ts';
import { TextReader } from './text-reader.ts';
import type { TextFormat } from './text-format.ts';
import { COLUMN_KIND } from './scan-state.ts';
import { compileDateFormat, compileTimeFormat } from './time-format.ts';

export interface TextLoadOptions {
  readonly text: TextFormat;
  /** As written, and known to be right. */
  readonly dateFormat: string | undefined;
  readonly timeFormat: string | undefined;
  readonly acceptAnyDate?: boolean;
}
export interface TextPlan {
  readonly text: TextFormat;
  /** COLUMN_KIND of each field of a record. */
  readonly kinds: readonly number[];
  /** Programs of time-format.ts. */
  readonly dateProgram: Uint8Array;
  readonly timeProgram: Uint8Array;
}

const kindOf = ({ type }: LoadColumn): number =>
  type.name === 'char' ? COLUMN_KIND.char : type.name === 'varchar' ? COLUMN_KIND.varchar : COLUMN_KIND.other;

export const textPlan = (
  columns: readonly LoadColumn[],
  { text, dateFormat, timeFormat }: TextLoadOptions,
): TextPlan => ({
  text,
  kinds: columns.map(kindOf),
  dateProgram: compileDateFormat(dateFormat)!,
  timeProgram: compileTimeFormat(timeFormat)!,
});

export const textFormat = (
  split: LoadFormat<TextLoadOptions, TextPlan>['split'],
): LoadFormat<TextLoadOptions, TextPlan> => ({
  split,
  schema: (columns, options) => Promise.resolve({ delivers: 'text', plan: textPlan(columns, options) }),
  open: (load, plan) => new TextReader(load, plan),
});
