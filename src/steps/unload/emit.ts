/**
 * The unload step: a row becomes one line of text in the output buffer, fields separated by the delimiter; strings are
 * quoted and escaped by the kernels unload_field_text and unload_field_csv. Lines for a single writer on the leader are
 * framed like DataRow messages ('D', length, line) behind their sort key, so that the result reader can merge them.
 */
import type { TypedValue } from '../../expressions/code-env.ts';
import { compileExpr } from '../../expressions/compile.ts';
import { isString, type SqlType } from '../../types/sql-type.ts';
import { forRows, type RowSet, type StageEnv } from '../segment-code.ts';
import { SORT_KEY_ID } from '../spec.ts';
import { advance, copyString, OUTPUT, reserve, writeKeyBytes, writeText } from '../return/emit.ts';
import { countInput } from '../keep-rows.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';
import type { UnloadFormat, UnloadSpec } from './spec.ts';

const QUOTE = 0x22;
/** Bytes that texts of numbers, dates and booleans are made of. */
const PLAIN_TEXT = /[\w .:+-]/;
/** Where such a text is written before it is quoted: far enough that the quoted copy never reaches it. */
const ASIDE = 80;

/** Delimiter and flags are part of the code's shape; the NULL text is a parameter. */
export function emitUnload(
  env: StageEnv,
  spec: UnloadSpec,
  wide: WideRow | undefined,
  input: RowSet,
  step: number,
): void {
  const { fb } = env;
  countInput(env, input, step);
  const output = env.code.output;
  const { framed } = spec;
  const nullText = env.settle(compileExpr(env, spec.format.nullAs));
  // Every byte may be escaped; those of VARBYTE are two digits.
  const factor = spec.columns.some((c) => c.type.name === 'varbyte') ? 4 : 2;
  forRows(env, input, (loop) => {
    const row = wide && emitWideRow(env, wide, factor);
    const values = wide ? [] : spec.columns.map((c) => env.settle(compileExpr(env, c.expr)));
    const key = spec.ordered ? env.settle(env.column(SORT_KEY_ID)) : undefined;
    const out = fb.local('i32');
    const start = fb.local('i32');
    const nulls = spec.columns.map(() => nullText);
    reserve(
      env,
      output,
      spec.columns.map((c) => c.type),
      [...(key ? [key] : []), ...values, ...nulls],
      loop,
      step,
      factor,
      row?.bytes,
    );
    env.getState(output + OUTPUT.CUR);
    fb.set(out);
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
    const columns = [...spec.columns.entries()];
    if (wide && row) {
      const { fields } = wide.layout;
      emitInRuns(env, columns, [out, row.tuple], out, (inner, run, [at, from]) => {
        const nullHere = inner.settle(compileExpr(inner, spec.format.nullAs));
        for (const [i, c] of run)
          writeField(inner, at!, i, inner.field(from!, fields[i]!), c.type, spec.format, nullHere);
      });
    } else for (const [i, c] of columns) writeField(env, out, i, values[i]!, c.type, spec.format, nullText);
    byte(env, out, 10);
    if (framed) frameLength(env, start, out);
    env.setState(output + OUTPUT.CUR, () => fb.get(out));
    env.setState(output + OUTPUT.ROWS, () => {
      env.getState(output + OUTPUT.ROWS);
      fb.i32_const(1);
      fb.do('i32_add');
    });
  });
}

/** A column, behind its delimiter. */
function writeField(
  env: StageEnv,
  out: number,
  index: number,
  v: TypedValue,
  type: SqlType,
  format: UnloadFormat,
  nullText: TypedValue,
): void {
  if (index > 0) byte(env, out, format.delimiter);
  const body = (): void => field(env, out, v, type, format);
  if (!v.pushNull) return body();
  v.pushNull();
  env.fb.if_(() => copyString(env, out, nullText), body);
}

/** One value that is not NULL. */
function field(env: StageEnv, out: number, v: TypedValue, type: SqlType, format: UnloadFormat): void {
  if (isString(type)) return quoted(env, out, () => v.push(), format);
  if (type.name === 'varbyte') return quoted(env, out, () => pushHex(env, v), format);
  const delimiterInText = PLAIN_TEXT.test(String.fromCharCode(format.delimiter));
  if (format.csv && delimiterInText) {
    const { fb } = env;
    const aside = fb.local('i32');
    const end = fb.local('i32');
    fb.get(out);
    fb.i32_const(ASIDE);
    fb.do('i32_add');
    fb.tee(aside);
    fb.set(end);
    writeText(env, end, v, type);
    return quoted(
      env,
      out,
      () => {
        fb.get(aside);
        fb.do('i64_extend_i32_u');
        fb.get(end);
        fb.get(aside);
        fb.do('i32_sub', 'i64_extend_i32_u');
        fb.i64_const(32n);
        fb.do('i64_shl', 'i64_or');
      },
      format,
    );
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
function quoted(env: StageEnv, out: number, push: () => void, format: UnloadFormat): void {
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
function frameLength(env: StageEnv, start: number, out: number): void {
  const { fb } = env;
  for (let k = 0; k < 4; k++) {
    fb.get(start);
    fb.get(out);
    fb.get(start);
    fb.do('i32_sub');
    fb.i32_const(24 - k * 8);
    fb.do('i32_shr_u');
    fb.mem('i32_store8', k);
  }
}
