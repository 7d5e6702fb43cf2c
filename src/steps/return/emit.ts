/**
 * The return step: rows become DataRow messages on the slice. Each output entry is
 *
 *   u32 key length, key bytes (only when ordered), then the message: 'D', int32 length, int16 columns, cells
 *
 * When a row might not fit into the buffer (output-buffer.ts), env.output_flush(ctx, need) sends it on (growing it for a very
 * long row); 0 means the exchange is full.
 */
import { RESULT_FORMAT, type ResultFormat } from '../../common/result-format.ts';
import type { CodeValue, TypedValue } from '../../expressions/code-env.ts';
import { TYPE_INFO, elementName, isArray, isInteger, type SqlType, PHYS_BYTES, STORE } from '../../types/sql-type.ts';
import type { ValType } from '../../wasm/assembler.ts';
import { CELL_FORM } from './late-cell.ts';
import { OUTPUT } from './output-buffer.ts';
import {
  addHole,
  cellValue,
  countHole,
  endLongRow,
  flushOutput,
  hexForm,
  leaveWhilePending,
  mayHaveHoles,
  orHole,
  pushHoleBytes,
  pushLongBytes,
} from './holes.ts';
import { forRows, type RowLoop } from '../row-loop.ts';
import type { RowSet, StageEnv } from '../segment-code.ts';
import { rowBytes } from '../row-bytes.ts';
import { emitInRuns, emitWideRow, type WideRow } from '../wide-row.ts';
import { SORT_KEY_ID } from '../spec.ts';
import { countInput } from '../keep-rows.ts';
import { push128 } from '../../expressions/compile-arith.ts';
import type { ReturnSpec } from './spec.ts';

/** An array's binary form is at most so many times its text (wasm/runtime/array-send.ts). */
const ARRAY_FACTOR = 4;
/** Digits of a byte in the text of VARBYTE. */
const HEX_FACTOR = 2;
const factorOf = ({ type, format }: ReturnSpec['columns'][number]): number =>
  format !== RESULT_FORMAT.text ? (isArray(type) ? ARRAY_FACTOR : 1) : type.name === 'varbyte' ? HEX_FACTOR : 1;
/** A scaled NUMERIC of so many digits takes 8 bytes. */
const SCALED_DIGITS_MAX = 18;
/** Longest text of a fixed-size value with its length word. */
const FIXED_CELL_BYTES = 104;

export function emitReturn(
  env: StageEnv,
  spec: ReturnSpec,
  wide: WideRow | undefined,
  input: RowSet,
  step: number,
): void {
  const { fb } = env;
  countInput(env, input, step);
  const output = env.code.output;
  forRows(env, input, (loop) => {
    const factor = Math.max(...spec.columns.map(factorOf), 1);
    const hasHoles = mayHaveHoles(spec);
    if (hasHoles) leaveWhilePending(env, loop, step);
    const row = wide && emitWideRow(env, wide, factor, (at, expr) => cellValue(at, expr));
    const values = wide ? [] : spec.columns.map((c) => env.settle(cellValue(env, c.expr)));
    const key = spec.ordered ? env.settle(env.kept(SORT_KEY_ID)) : undefined;
    const entry = fb.local('i32');
    const out = fb.local('i32');
    const start = fb.local('i32');
    const types = spec.columns.map((c) => c.type);
    reserve(env, output, types, key ? [...values, key] : values, loop, step, factor, row?.bytes);
    env.getState(output + OUTPUT.CUR);
    fb.tee(out);
    fb.set(entry);
    if (key) writeKeyBytes(env, out, key);
    fb.get(out);
    fb.set(start);
    fb.get(out);
    fb.i32_const(0x44);
    fb.mem('i32_store8', 0);
    storeBE16(env, out, 5, spec.columns.length);
    advance(env, out, 7);
    if (wide && row) writeWide(env, out, spec, wide, row.tuple);
    else for (const [i, c] of spec.columns.entries()) writeCell(env, out, values[i]!, c.type, c.format);
    // Message length: everything behind the type byte.
    storeBE32(env, start, 1, () => {
      fb.get(out);
      fb.get(start);
      fb.do('i32_sub');
      fb.i32_const(1);
      fb.do('i32_sub');
      if (hasHoles) pushHoleBytes(env);
    });
    env.setState(output + OUTPUT.CUR, () => fb.get(out));
    if (hasHoles) endLongRow(env, entry);
    env.setState(output + OUTPUT.ROWS, () => {
      env.getState(output + OUTPUT.ROWS);
      fb.i32_const(1);
      fb.do('i32_add');
    });
  });
}

const writeWide = (env: StageEnv, out: number, spec: ReturnSpec, { layout }: WideRow, tuple: number): void =>
  emitInRuns(env, [...spec.columns.entries()], [out, tuple], out, (inner, run, [at, row]) => {
    for (const [i, c] of run) writeCell(inner, at!, inner.keptField(row!, layout.fields[i]!), c.type, c.format);
  });

/** Makes room for the row, or leaves with OUTPUT_FULL. CHAR columns are padded to their length. */
export function reserve(
  env: StageEnv,
  output: number,
  types: readonly SqlType[],
  values: readonly TypedValue[],
  loop: RowLoop,
  step: number,
  factor = 1,
  /** i64 local: bytes of texts that are not among the values. */
  textBytes?: number,
): void {
  const { fb } = env;
  const padding = types.reduce((sum, t) => sum + (t.name === 'char' ? (t.length ?? 1) : 0), 0);
  const fixed = 64 + Math.max(types.length + 1, values.length) * FIXED_CELL_BYTES + padding * factor;
  const need = rowBytes(env, fixed, values, factor, textBytes);
  env.getState(output + OUTPUT.END);
  env.getState(output + OUTPUT.CUR);
  fb.do('i32_sub');
  fb.get(need);
  fb.do('i32_lt_s');
  fb.if_(() => flushOutput(env, () => fb.get(need), loop, step));
}

export function writeKeyBytes(env: StageEnv, out: number, key: TypedValue): void {
  const { fb } = env;
  fb.get(out);
  key.push();
  fb.i64_const(32n);
  fb.do('i64_shr_u', 'i32_wrap_i64');
  fb.mem('i32_store', 0);
  advance(env, out, 4);
  orHole(
    env,
    key,
    () => copyString(env, out, key),
    () => addHole(env, out, key, CELL_FORM.bytes),
  );
}

export function advance(env: StageEnv, out: number, by: number): void {
  const { fb } = env;
  fb.get(out);
  fb.i32_const(by);
  fb.do('i32_add');
  fb.set(out);
}

/** Copies a string value to `out`, which moves behind it. */
export function copyString(env: StageEnv, out: number, v: CodeValue): void {
  const { fb } = env;
  const length = fb.local('i32');
  v.push();
  fb.i64_const(32n);
  fb.do('i64_shr_u', 'i32_wrap_i64');
  fb.set(length);
  fb.get(out);
  v.push();
  fb.do('i32_wrap_i64');
  fb.get(length);
  fb.call(env.kernel('copy_text', ['i32', 'i32', 'i32'], []));
  fb.get(out);
  fb.get(length);
  fb.do('i32_add');
  fb.set(out);
}

function storeBE16(env: StageEnv, base: number, offset: number, value: number): void {
  const { fb } = env;
  fb.get(base);
  fb.i32_const(((value & 0xff) << 8) | (value >> 8));
  fb.mem('i32_store16', offset);
}
function storeBE32(env: StageEnv, base: number, offset: number, push: () => void): void {
  const { fb } = env;
  const v = fb.local('i32');
  push();
  fb.set(v);
  fb.get(base);
  swap32(env, v);
  fb.mem('i32_store', offset);
}
/** Pushes the byte-swapped i32 local. */
function swap32(env: StageEnv, v: number): void {
  const { fb } = env;
  fb.get(v);
  fb.i32_const(8);
  fb.do('i32_rotl');
  fb.i32_const(0x00ff00ff);
  fb.do('i32_and');
  fb.get(v);
  fb.i32_const(8);
  fb.do('i32_rotr');
  fb.i32_const(0xff00ff00 | 0);
  fb.do('i32_and', 'i32_or');
}

function writeCell(env: StageEnv, out: number, v: TypedValue, type: SqlType, format: ResultFormat): void {
  const { fb } = env;
  const body = (): void => {
    const at = fb.local('i32');
    fb.get(out);
    fb.set(at);
    advance(env, out, 4);
    if (format === RESULT_FORMAT.text) writeText(env, out, v, type);
    else if (format === RESULT_FORMAT.scaled && type.name === 'numeric') writeScaled(env, out, v, type);
    else writeBinary(env, out, v, type);
    storeBE32(env, at, 0, () => {
      fb.get(out);
      fb.get(at);
      fb.do('i32_sub');
      fb.i32_const(4);
      fb.do('i32_sub');
    });
  };
  const cell = (): void => orHole(env, v, body, () => writeLongCell(env, out, v, type, format));
  if (!v.pushNull) return cell();
  v.pushNull();
  fb.if_(() => {
    fb.get(out);
    fb.i32_const(-1);
    fb.mem('i32_store', 0);
    advance(env, out, 4);
  }, cell);
}

/** The length of a long value, which follows when the row is sent. */
function writeLongCell(env: StageEnv, out: number, v: TypedValue, type: SqlType, format: ResultFormat): void {
  const isHex = format === RESULT_FORMAT.text && type.name === 'varbyte';
  const form = isHex ? hexForm(type) : CELL_FORM.bytes;
  storeBE32(env, out, 0, () => pushLongBytes(env, v, form));
  advance(env, out, 4);
  addHole(env, out, v, form);
  countHole(env, v, form);
}

/** Types of form i32 that do not print as numbers. */
const OWN_TEXT: readonly string[] = ['bool', 'date', 'intervaly2m'];

/** Output text of a value at `out`, which moves behind it. */
/** A value as it lies in memory: 4, 8 or 16 bytes, or the length of a string and its bytes (`late`: those of a long one). */
export function writePlain(env: StageEnv, out: number, v: TypedValue, late: () => void): void {
  const { fb } = env;
  fb.get(out);
  v.push();
  if (v.phys === 'str') {
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
    fb.mem('i32_store', 0);
    advance(env, out, 4);
    return orHole(env, v, () => copyString(env, out, v), late);
  }
  fb.mem(STORE[v.phys], 0);
  if (v.pushHi !== undefined) {
    fb.get(out);
    v.pushHi();
    fb.mem('i64_store', 8);
  }
  advance(env, out, PHYS_BYTES[v.phys]);
}

export function writeText(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  const { fb } = env;
  const call = (name: string, params: readonly ValType[], push: () => void): void => {
    fb.get(env.ctx);
    fb.get(out);
    push();
    fb.call(env.kernel(name, ['i32', 'i32', ...params], ['i32']));
    fb.set(out);
  };
  if (type.name === 'varbyte')
    return call(type.digits === 'upper' ? 'fmt_varbyte_upper' : 'fmt_varbyte', ['i64'], () => v.push());
  if (v.phys === 'str') {
    const start = fb.local('i32');
    fb.get(out);
    fb.set(start);
    copyString(env, out, v);
    if (type.name === 'char') padChar(env, out, start, v, type.length ?? 1);
    return;
  }
  if (type.name === 'numeric') {
    call('fmt_numeric', ['i64', 'i64', 'i32'], () => {
      push128(env, v);
      fb.i32_const(type.scale ?? 0);
    });
    return;
  }
  if (isInteger(type) || (v.phys === 'i32' && !OWN_TEXT.includes(type.name))) {
    call('fmt_int8', ['i64'], () => env.pushAs(v, 'i64'));
    return;
  }
  if (type.name === 'interval') {
    call('fmt_interval', ['i64', 'i64'], () => (v.push(), v.pushHi!()));
    return;
  }
  call(
    `fmt_${type.name}`,
    [v.phys === 'f32' ? 'f32' : v.phys === 'f64' ? 'f64' : v.phys === 'i32' ? 'i32' : 'i64'],
    () => v.push(),
  );
}

/** CHAR(n) is printed with blanks up to n bytes. */
function padChar(env: StageEnv, out: number, start: number, v: TypedValue, length: number): void {
  const { fb } = env;
  void v;
  const missing = fb.local('i32');
  fb.i32_const(length);
  fb.get(out);
  fb.get(start);
  fb.do('i32_sub', 'i32_sub');
  fb.tee(missing);
  fb.i32_const(0);
  fb.do('i32_gt_s');
  fb.if_(() => {
    fb.get(out);
    fb.i32_const(0x20);
    fb.get(missing);
    fb.memory_fill();
    fb.get(out);
    fb.get(missing);
    fb.do('i32_add');
    fb.set(out);
  });
}

function writeBinary(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  const { fb } = env;
  if (isArray(type) && elementName(type) !== 'aclitem') return writeArray(env, out, v, type);
  if (type.name === 'varbyte') return copyString(env, out, v);
  if (v.phys === 'str') return writeText(env, out, v, type);
  const big32 = (offset: number, push: () => void): void => storeBE32(env, out, offset, push);
  switch (type.name) {
    case 'bool':
      fb.get(out);
      v.push();
      fb.mem('i32_store8', 0);
      return advance(env, out, 1);
    case 'int2': {
      fb.get(out);
      v.push();
      fb.i32_const(8);
      fb.do('i32_shr_u');
      fb.mem('i32_store8', 0);
      fb.get(out);
      v.push();
      fb.mem('i32_store8', 1);
      return advance(env, out, 2);
    }
    case 'numeric':
      fb.get(env.ctx);
      fb.get(out);
      push128(env, v);
      fb.i32_const(type.scale ?? 0);
      fb.call(env.kernel('fmt_numeric_binary', ['i32', 'i32', 'i64', 'i64', 'i32'], ['i32']));
      fb.set(out);
      return;
    case 'interval':
      return writeInterval(env, out, v);
    case 'timetz':
      return writeTimetz(env, out, v);
    default:
  }
  if (type.name !== 'int8' && (v.phys === 'i32' || v.phys === 'f32')) {
    big32(0, () => (v.push(), v.phys === 'f32' ? fb.do('i32_reinterpret_f32') : undefined));
    return advance(env, out, 4);
  }
  const wide = fb.local('i64');
  if (type.name === 'int8') env.pushAs(v, 'i64');
  else v.push();
  if (v.phys === 'f64') fb.do('i64_reinterpret_f64');
  fb.set(wide);
  storeBE64(env, out, wide);
}

/** The i64 local at `out`, which moves behind it. */
function storeBE64(env: StageEnv, out: number, wide: number): void {
  const { fb } = env;
  storeBE32(env, out, 0, () => {
    fb.get(wide);
    fb.i64_const(32n);
    fb.do('i64_shr_u', 'i32_wrap_i64');
  });
  storeBE32(env, out, 4, () => (fb.get(wide), fb.do('i32_wrap_i64')));
  advance(env, out, 8);
}

/** A NUMERIC as the integer it is, 16 bytes when its type has more digits than 8 bytes hold. */
function writeScaled(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  const { fb } = env;
  const [low, high] = [fb.local('i64'), fb.local('i64')];
  push128(env, v);
  fb.set(high);
  fb.set(low);
  if ((type.precision ?? SCALED_DIGITS_MAX + 1) > SCALED_DIGITS_MAX) storeBE64(env, out, high);
  storeBE64(env, out, low);
}

/** timetz_send: microseconds, seconds west of UTC, which are none. */
function writeTimetz(env: StageEnv, out: number, v: TypedValue): void {
  const { fb } = env;
  const wide = fb.local('i64');
  v.push();
  fb.set(wide);
  storeBE64(env, out, wide);
  storeBE32(env, out, 0, () => fb.i32_const(0));
  advance(env, out, 4);
}

/** interval_send: microseconds, days, months. The high word holds months above days. */
function writeInterval(env: StageEnv, out: number, v: TypedValue): void {
  const { fb } = env;
  const word = fb.local('i64');
  v.push();
  fb.set(word);
  storeBE64(env, out, word);
  v.pushHi!();
  fb.i64_const(32n);
  fb.do('i64_rotl');
  fb.set(word);
  storeBE64(env, out, word);
}

function writeArray(env: StageEnv, out: number, v: TypedValue, type: SqlType): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(out);
  v.push();
  fb.i32_const(TYPE_INFO[elementName(type)].oid);
  fb.i32_const(type.name === 'int2vector' || type.name === 'oidvector' ? 1 : 0);
  fb.call(env.kernel('fmt_array_binary', ['i32', 'i32', 'i64', 'i32', 'i32'], ['i32']));
  fb.set(out);
  env.checkError();
}
