/**
 * The unload step: a row becomes one line of text in the output buffer: fields separated by a delimiter, fields of so many
 * characters, or a JSON object. Lines for a single writer on the leader are framed like DataRow messages ('D', length,
 * line) behind their sort key, so that the result reader can merge them.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { typedValue, type TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { isInteger, isString, TEXT, type SqlType } from '../../types/sql-type.ts';
import { forRows } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import { SORT_KEY_ID } from '../spec.ts';
import { advance, copyString, reserve, writeKeyBytes, writePlain, writeText } from '../return/emit.ts';
import {
  addHole,
  cellValue,
  countHole,
  endLongRow,
  hexForm,
  leaveWhilePending,
  mayHaveHoles,
  orHole,
  pushHoleBytes,
} from '../return/holes.ts';
import { CELL_FORM } from '../return/late-cell.ts';
import { OUTPUT } from '../return/output-buffer.ts';
import { countInput } from '../keep-rows.ts';
import { pushRowBytes } from '../row-bytes.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';
import type { DelimitedFormat, FixedWidthFormat, JsonFormat, UnloadSpec } from './spec.ts';

const QUOTE = 0x22;
const LINE_FEED = 10;
/** Of a frame of PARTITION BY: s3/partitioned-writer.ts. */
const FRAME_HEAD_BYTES = 8;
/** runtime-errors.ts */
const UNLOAD_FIELD_WIDTH = 80;
/** Bytes that texts of numbers, dates and booleans are made of. */
const PLAIN_TEXT = /[\w .:+-]/;
/** Where such a text is written before it is quoted: far enough that the quoted copy never reaches it. */
const ASIDE = 80;
/** Around a field. */
const QUOTES_BYTES = 2;

/** Writes the columns of a row; what it evaluates itself is settled before the row is reserved. */
interface LineWriter {
  /** Bytes that a byte of a text may become. */
  readonly factor: number;
  /** Texts that a line holds besides the row's values. */
  readonly texts: readonly BoundExpr[];
  /** Bytes that blanks may take. */
  readonly padding: number;
  /** A column's value; in place of a long one what its field will hold, or the bytes of a VARBYTE. */
  value(env: StageEnv, column: Column & { readonly expr: BoundExpr }): TypedValue;
  field(env: StageEnv, out: number, index: number, v: TypedValue, column: Column): void;
  /** Behind the last field. */
  readonly end: readonly number[];
}
interface Column {
  readonly type: SqlType;
  /** The expression is JSON text already. */
  readonly isJson?: boolean;
}

/** Delimiter and flags are part of the code's shape; the NULL text is a parameter. */
export function emitUnload(
  env: StageEnv,
  spec: UnloadSpec & { readonly columns: readonly (Column & { readonly expr: BoundExpr })[] },
  wide: WideRow | undefined,
  input: RowSet,
  step: number,
): void {
  const { fb } = env;
  countInput(env, input, step);
  const output = env.code.output;
  const { framed } = spec;
  const writer = writerOf(spec);
  const { factor } = writer;
  const texts = writer.texts.map((e) => env.settle(compileExpr(env, e)));
  forRows(env, input, (loop) => {
    const hasHoles = mayHaveHoles(spec);
    if (hasHoles) leaveWhilePending(env, loop, step);
    const row = wide && emitWideRow(env, wide, factor, (at, _, i) => writer.value(at, spec.columns[i]!));
    const values = wide ? [] : spec.columns.map((c) => env.settle(writer.value(env, c)));
    const partition = (spec.partition ?? []).map((p) => env.settle(compileExpr(env, p.expr)));
    const key = spec.ordered ? env.settle(env.kept(SORT_KEY_ID)) : undefined;
    const entry = fb.local('i32');
    const out = fb.local('i32');
    const start = fb.local('i32');
    // A NULL text may stand for every column.
    const beside = spec.format.kind === 'json' ? texts : spec.columns.flatMap(() => texts);
    const blanks: SqlType = { name: 'char', length: writer.padding };
    reserve(
      env,
      output,
      [...[...spec.columns, ...(spec.partition ?? [])].map((c) => c.type), ...(writer.padding > 0 ? [blanks] : [])],
      [...(key ? [key] : []), ...values, ...partition, ...beside],
      loop,
      step,
      factor,
      row?.bytes,
    );
    env.getState(output + OUTPUT.CUR);
    fb.tee(out);
    fb.set(entry);
    if (key) writeKeyBytes(env, out, key);
    if (framed) {
      fb.get(out);
      fb.i32_const(0x44);
      fb.mem('i32_store8', 0);
      advance(env, out, 1);
      fb.get(out);
      fb.set(start);
      advance(env, out, 4);
    }
    const frame = spec.partition && beginFrame(env, out, partition, spec.partition);
    const columns = [...spec.columns.entries()];
    if (wide && row) {
      const { fields } = wide.layout;
      emitInRuns(env, columns, [out, row.tuple], out, (inner, run, [at, from]) => {
        for (const [i, c] of run) writer.field(inner, at!, i, inner.keptField(from!, fields[i]!), c);
      });
    } else for (const [i, c] of columns) writer.field(env, out, i, values[i]!, c);
    for (const value of writer.end) byte(env, out, value);
    if (frame !== undefined) endFrame(env, frame, out, hasHoles);
    if (framed) frameLength(env, start, out, hasHoles);
    env.setState(output + OUTPUT.CUR, () => fb.get(out));
    if (hasHoles) endLongRow(env, entry);
    env.setState(output + OUTPUT.ROWS, () => {
      env.getState(output + OUTPUT.ROWS);
      fb.i32_const(1);
      fb.do('i32_add');
    });
  });
}

/** Writes the partition's values behind room for the head; gives where that is. */
function beginFrame(env: StageEnv, out: number, values: readonly TypedValue[], columns: readonly Column[]): number {
  const { fb } = env;
  const frame = fb.local('i32');
  fb.get(out);
  fb.set(frame);
  advance(env, out, FRAME_HEAD_BYTES);
  for (const [i, v] of values.entries()) {
    orNull(
      env,
      v,
      () => byte(env, out, 0),
      () => {
        if (isString(columns[i]!.type)) return partitionText(env, out, v);
        byte(env, out, 1);
        writeText(env, out, v, columns[i]!.type);
      },
    );
    if (i < values.length - 1) byte(env, out, 0);
  }
  fb.get(frame);
  bytesBehind(env, frame, FRAME_HEAD_BYTES, out);
  fb.mem('i32_store', 4);
  return frame;
}
function partitionText(env: StageEnv, out: number, v: TypedValue): void {
  const { fb } = env;
  fb.get(out);
  v.push();
  fb.call(env.kernel('unload_partition', ['i32', 'i64'], ['i32']));
  fb.set(out);
}
function endFrame(env: StageEnv, frame: number, out: number, hasHoles: boolean): void {
  const { fb } = env;
  fb.get(frame);
  bytesBehind(env, frame, 4, out);
  if (hasHoles) pushHoleBytes(env);
  fb.mem('i32_store', 0);
}
/** Pushes the bytes between `start` + `offset` and `out`. */
function bytesBehind({ fb }: StageEnv, start: number, offset: number, out: number): void {
  fb.get(out);
  fb.get(start);
  fb.i32_const(offset);
  fb.do('i32_add', 'i32_sub');
}

function writerOf({ format, columns }: UnloadSpec): LineWriter {
  if (format.kind === 'json') return jsonWriter(format);
  if (format.kind === 'values') return valuesWriter();
  // Every byte may be escaped; those of VARBYTE are two digits.
  const factor = columns.some((c) => c.type.name === 'varbyte') ? 4 : 2;
  return { factor, ...(format.kind === 'fixedwidth' ? fixedWidthWriter(format) : delimitedWriter(format)) };
}
/** Either of what is not NULL and of what is. */
function orNull(env: StageEnv, v: TypedValue, whenNull: () => void, otherwise: () => void): void {
  if (!v.pushNull) return otherwise();
  v.pushNull();
  env.fb.if_(whenNull, otherwise);
}
const copyText = (env: StageEnv, out: number, text: BoundExpr): void =>
  copyString(env, out, env.settle(compileExpr(env, text)));

/** Values as they lie in memory. */
function valuesWriter(): LineWriter {
  return {
    factor: 1,
    texts: [],
    padding: 0,
    end: [],
    value: (env, { expr }) => cellValue(env, expr),
    field(env, out, _, v) {
      orNull(
        env,
        v,
        () => byte(env, out, 0),
        () => {
          byte(env, out, 1);
          writePlain(env, out, v, () => hole(env, out, v, CELL_FORM.bytes));
        },
      );
    },
  };
}
function delimitedWriter(format: DelimitedFormat): Omit<LineWriter, 'factor'> {
  return {
    texts: [format.nullAs],
    padding: 0,
    end: [LINE_FEED],
    value: (env, { expr }) => delimitedValue(env, expr, format),
    field(env, out, index, v, { type, isJson }) {
      if (index > 0) byte(env, out, format.delimiter);
      orNull(
        env,
        v,
        // NULL of a document is JSON's, whatever NULL AS says.
        () => (isJson === true ? word(env, out, 'null') : copyText(env, out, format.nullAs)),
        () =>
          orHole(
            env,
            v,
            () => field(env, out, v, type, format),
            () => longField(env, out, v, type, format),
          ),
      );
    },
  };
}

/** The kernel pads; what is longer than its field is an error. */
function fixedWidthWriter({ widths, nullAs }: FixedWidthFormat): Omit<LineWriter, 'factor'> {
  return {
    texts: [nullAs],
    padding: widths.reduce((sum, width) => sum + width, 0),
    end: [LINE_FEED],
    value: (env, { expr }) => compileExpr(env, expr),
    field(env, out, index, v, { type }) {
      const { fb } = env;
      const start = fb.local('i32');
      fb.get(out);
      fb.set(start);
      const width = widths[index]!;
      const pad = (otherwise: () => void): void => {
        const end = fb.local('i32');
        fb.get(start);
        fb.get(out);
        fb.i32_const(width);
        fb.call(env.kernel('unload_pad', ['i32', 'i32', 'i32'], ['i32']));
        fb.tee(end);
        fb.do('i32_eqz');
        fb.if_(otherwise);
        fb.get(end);
        fb.set(out);
      };
      const tooNarrow = (): void => env.raise(UNLOAD_FIELD_WIDTH);
      orNull(
        env,
        v,
        () => {
          copyText(env, out, nullAs);
          if (isString(type)) return pad(tooNarrow);
          // A NULL text that does not fit a field that is no string is left out.
          const longer = fb.local('i32');
          fb.i32_const(0);
          fb.set(longer);
          pad(() => {
            fb.i32_const(1);
            fb.set(longer);
          });
          fb.get(longer);
          fb.if_(() => {
            fb.get(start);
            fb.set(out);
            pad(tooNarrow);
          });
        },
        () => {
          if (isString(type)) copyString(env, out, v);
          else writeText(env, out, v, type);
          pad(tooNarrow);
        },
      );
    },
  };
}

/** A control character takes six bytes. */
const JSON_FACTOR = 6;
/** Numbers and documents stand as they are, everything else in quotes. */
function jsonWriter({ heads }: JsonFormat): LineWriter {
  return {
    factor: JSON_FACTOR,
    texts: heads,
    padding: 0,
    end: [0x7d, LINE_FEED],
    value(env, { expr, type, isJson }) {
      if (isJson === true || !isString(type)) return cellValue(env, expr);
      return cellValue(env, expr, (text) => aside(env, text, JSON_FACTOR, (out) => jsonString(env, out, text)));
    },
    field(env, out, index, v, { type, isJson }) {
      copyText(env, out, heads[index]!);
      orNull(
        env,
        v,
        () => word(env, out, 'null'),
        () => {
          if (isJson === true)
            orHole(
              env,
              v,
              () => copyString(env, out, v),
              () => hole(env, out, v, CELL_FORM.bytes),
            );
          else if (isString(type))
            orHole(
              env,
              v,
              () => jsonString(env, out, v),
              () => hole(env, out, v, CELL_FORM.bytes),
            );
          else if (isInteger(type) || type.name === 'numeric') writeText(env, out, v, type);
          else if (type.name === 'float4' || type.name === 'float8') jsonFloat(env, out, v, type);
          else inQuotes(env, out, v, type);
        },
      );
    },
  };
}
function jsonString(env: StageEnv, out: number, v: TypedValue): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(out);
  v.push();
  fb.call(env.kernel('unload_field_json', ['i32', 'i32', 'i64'], ['i32']));
  fb.set(out);
}
function inQuotes(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  byte(env, out, QUOTE);
  orHole(
    env,
    v,
    () => writeText(env, out, v, type),
    () => hole(env, out, v, hexForm(type)),
  );
  byte(env, out, QUOTE);
}
/** NaN and the infinities are no numbers of JSON. */
function jsonFloat(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  const { fb } = env;
  env.pushAs(v, 'f64');
  env.pushAs(v, 'f64');
  fb.do('f64_sub');
  fb.f64_const(0);
  fb.do('f64_eq');
  fb.if_(
    () => writeText(env, out, v, type),
    () => inQuotes(env, out, v, type),
  );
}
function word(env: StageEnv, out: number, text: string): void {
  for (const value of Buffer.from(text)) byte(env, out, value);
}

/** Texts that are quoted or escaped when they are written. */
const isPlain = ({ csv, addQuotes, escape }: DelimitedFormat): boolean => !csv && !addQuotes && !escape;
/** The delimiter may stand in the digits of a VARBYTE. */
const cutsDigits = ({ delimiter }: DelimitedFormat): boolean => /[\da-f]/i.test(String.fromCharCode(delimiter));

function delimitedValue(env: StageEnv, expr: BoundExpr, format: DelimitedFormat): TypedValue {
  const isBytes = expr.type.name === 'varbyte';
  if (isPlain(format) || (isBytes && !(format.escape && cutsDigits(format)))) return cellValue(env, expr);
  return cellValue(env, expr, (value) => {
    const text = env.variable('str', false);
    if (isBytes) pushHex(env, value);
    else value.push();
    env.fb.set(text.low);
    return aside(env, typedValue(env, TEXT, text), 2, (out) => quoted(env, out, () => text.push(), format));
  });
}
/** What `write` makes of a text, in scratch: at most `factor` bytes of one, and quotes. */
function aside(env: StageEnv, text: TypedValue, factor: number, write: (out: number) => void): TypedValue {
  const { fb } = env;
  const made = env.variable('str', false);
  const [start, out] = [fb.local('i32'), fb.local('i32')];
  fb.get(env.ctx);
  pushRowBytes(env, QUOTES_BYTES, [text], factor);
  fb.call(env.kernel('alloc_scratch', ['i32', 'i64'], ['i32']));
  fb.tee(start);
  fb.tee(out);
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
  write(out);
  pushString(env, start, out);
  fb.set(made.low);
  return typedValue(env, TEXT, made);
}
/** Pushes the string from the local `start` to the local `end`. */
function pushString(env: StageEnv, start: number, end: number): void {
  const { fb } = env;
  fb.get(start);
  fb.do('i64_extend_i32_u');
  fb.get(end);
  fb.get(start);
  fb.do('i32_sub', 'i64_extend_i32_u');
  fb.i64_const(32n);
  fb.do('i64_shl', 'i64_or');
}
/** A long value, or what was made of it, follows when the row is sent. */
function hole(env: StageEnv, out: number, v: TypedValue, form: number): void {
  addHole(env, out, v, form);
  countHole(env, v, form);
}
function longField(env: StageEnv, out: number, v: TypedValue, type: SqlType, format: DelimitedFormat): void {
  const isHex = type.name === 'varbyte' && !(format.escape && cutsDigits(format));
  const quotes = isHex && (format.csv ? cutsDigits(format) : format.addQuotes);
  if (quotes) byte(env, out, QUOTE);
  hole(env, out, v, isHex ? hexForm(type) : CELL_FORM.bytes);
  if (quotes) byte(env, out, QUOTE);
}

/** One value that is not NULL. */
function field(env: StageEnv, out: number, v: TypedValue, type: SqlType, format: DelimitedFormat): void {
  if (type.name === 'varbyte') return quoted(env, out, () => pushHex(env, v), format);
  // A sketch is text, too.
  if (isString(type) || type.name === 'hllsketch') return quoted(env, out, () => v.push(), format);
  const delimiterInText = PLAIN_TEXT.test(String.fromCharCode(format.delimiter));
  if (format.csv && delimiterInText) {
    const { fb } = env;
    const from = fb.local('i32');
    const end = fb.local('i32');
    fb.get(out);
    fb.i32_const(ASIDE);
    fb.do('i32_add');
    fb.tee(from);
    fb.set(end);
    writeText(env, end, v, type);
    return quoted(env, out, () => pushString(env, from, end), format);
  }
  if (format.addQuotes) byte(env, out, QUOTE);
  writeText(env, out, v, type);
  if (format.addQuotes) byte(env, out, QUOTE);
}

/** Pushes the digits of a VARBYTE as a string. */
function pushHex(env: StageEnv, v: TypedValue): void {
  const { fb } = env;
  env.usesScratch = true;
  fb.get(env.ctx);
  v.push();
  fb.call(env.kernel('varbyte_to_hex', ['i32', 'i64'], ['i64']));
  env.checkError();
}

/** Quotes and escapes the string that `push` gives. */
function quoted(env: StageEnv, out: number, push: () => void, format: DelimitedFormat): void {
  const { fb } = env;
  if (!format.csv && !format.addQuotes && !format.escape) {
    const v = env.variable('str', false);
    push();
    fb.set(v.low);
    return copyString(env, out, v);
  }
  fb.get(env.ctx);
  fb.get(out);
  push();
  fb.i32_const(format.delimiter);
  if (format.csv) {
    fb.i32_const(QUOTE);
    fb.call(env.kernel('unload_field_csv', ['i32', 'i32', 'i64', 'i32', 'i32'], ['i32']));
  } else {
    fb.i32_const(format.escape ? 1 : 0);
    fb.i32_const(format.addQuotes ? 1 : 0);
    fb.call(env.kernel('unload_field_text', ['i32', 'i32', 'i64', 'i32', 'i32', 'i32'], ['i32']));
  }
  fb.set(out);
}

function byte(env: StageEnv, out: number, value: number): void {
  const { fb } = env;
  fb.get(out);
  fb.i32_const(value);
  fb.mem('i32_store8', 0);
  advance(env, out, 1);
}

/** Big-endian length of [start, out) at `start`. */
function frameLength(env: StageEnv, start: number, out: number, hasHoles: boolean): void {
  const { fb } = env;
  for (let k = 0; k < 4; k++) {
    fb.get(start);
    fb.get(out);
    fb.get(start);
    fb.do('i32_sub');
    if (hasHoles) pushHoleBytes(env);
    fb.i32_const(24 - k * 8);
    fb.do('i32_shr_u');
    fb.mem('i32_store8', k);
  }
}
