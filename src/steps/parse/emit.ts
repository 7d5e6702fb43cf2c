/**
 * COPY's parse step. The host has had the next records read. Texts are converted column by column into the base vectors
 * with the typed load kernels, values are copied there. A record that cannot be converted is reported to the host
 * (env.load_error) and left out of the selection.
 *
 * The parse area of the state, written by the host: PARSE below. Where texts or values of a batch lie, Delivery says
 * (formats/load-format.ts).
 */
import { assert } from '../../common/assert.ts';
import { BATCH_ROWS, VARBYTE_BYTES_MAX } from '../../common/limits.ts';
import { keptUnit } from '../../types/interval-fields.ts';
import { readingOf } from '../../types/interval-text.ts';
import type { ValType } from '../../wasm/assembler.ts';
import { CTX } from '../../wasm/memory-map.ts';
import type { CodeValue } from '../../expressions/code-env.ts';
import { callByName } from '../../expressions/compile-call.ts';
import { FLOAT8, GEOMETRY, INT4, STORE, PHYS_BYTES, physOf, TEXT, type SqlType } from '../../types/sql-type.ts';
import { forBatch } from '../row-loop.ts';
import type { ColumnAccess, RowSet, StageEnv } from '../segment-code.ts';
import { takeBatch } from '../source-code.ts';
import type { ParseSpec } from './spec.ts';

export const PARSE = {
  FIELDS: 0, // u32 address of i64 strings
  NULLS: 4, // u32 address of bytes
  DATE_FORMAT: 8, // i64 string: program
  TIME_FORMAT: 16,
  ERROR: 24, // load error cell, 64 bytes
  BAD: 88, // byte a row
  VECTORS: 88 + ((BATCH_ROWS + 7) & ~7), // u32 address of a table: values, null bytes, u32 each, a column
  BYTES: 96 + ((BATCH_ROWS + 7) & ~7),
} as const;

type Vector = Extract<ColumnAccess, { kind: 'vector' }>;

export function emitParsed(env: StageEnv, rows: RowSet, spec: ParseSpec, vectors: readonly Vector[]): void {
  const { fb } = env;
  const position = fb.local('i32');
  const n = fb.local('i32');
  takeBatch(env, position, n);
  stateAddress(env, PARSE.BAD);
  fb.i32_const(0);
  fb.get(n);
  fb.memory_fill();
  for (const [i, c] of spec.columns.entries()) {
    if (c.delivered === 'text') emitColumn(env, spec, i, vectors[i]!, n);
    else copyColumn(env, c.nullable, i, vectors[i]!, n);
  }
  env.checkError();
  decodeBytes(env, spec, vectors, n);
  emitSelection(env, rows, n);
}

function stateAddress(env: StageEnv, offset: number): void {
  env.fb.get(env.ctx);
  env.fb.i32_const(env.code.chunkFields + offset);
  env.fb.do('i32_add');
}

function emitColumn(env: StageEnv, spec: ParseSpec, index: number, vector: Vector, n: number): void {
  const { fb } = env;
  const column = spec.columns[index]!;
  const area = env.code.chunkFields;
  const fields = fb.local('i32');
  const nulls = fb.local('i32');
  env.getState(area + PARSE.FIELDS);
  fb.i32_const(index * BATCH_ROWS * 8);
  fb.do('i32_add');
  fb.set(fields);
  env.getState(area + PARSE.NULLS);
  fb.i32_const(index * BATCH_ROWS);
  fb.do('i32_add');
  fb.set(nulls);
  const isNull = fb.local('i32');
  forBatch(env, n, (i, skip) => {
    fb.get(env.ctx);
    fb.get(i);
    fb.do('i32_add');
    fb.mem('i32_load8_u', area + PARSE.BAD);
    fb.if_(skip);
    fb.get(nulls);
    fb.get(i);
    fb.do('i32_add');
    fb.mem('i32_load8_u', 0);
    fb.set(isNull);
    nullByte(env, vector, i, () => fb.get(isNull));
    fb.get(isNull);
    fb.if_(() => {
      if (!column.nullable) {
        fb.get(env.ctx);
        stateAddress(env, PARSE.ERROR);
        fb.call(env.kernel('load_not_null', ['i32', 'i32'], []));
        refuse(env, i, index);
      }
      storeZero(env, vector, i);
      skip();
    });
    const text = (): void => {
      fb.get(fields);
      fb.get(i);
      fb.i32_const(3);
      fb.do('i32_shl', 'i32_add');
      fb.mem('i64_load', 0);
    };
    convert(env, spec, column.type, vector, i, text);
    env.getState(area + PARSE.ERROR);
    fb.if_(() => refuse(env, i, index));
    const dated = column.type.name === 'date' || column.type.name.startsWith('timestamp');
    if (!spec.conversion.acceptAnyDate || !dated) return;
    fb.get(env.ctx);
    fb.mem('i32_load', CTX.RET_NULL);
    fb.if_(() => {
      env.setState(CTX.RET_NULL, () => fb.i32_const(0));
      nullByte(env, vector, i, () => fb.i32_const(1));
      if (!column.nullable) {
        fb.get(env.ctx);
        stateAddress(env, PARSE.ERROR);
        fb.call(env.kernel('load_not_null', ['i32', 'i32'], []));
        refuse(env, i, index);
      }
    });
  });
}

/** VARBYTE digits become bytes where they stand, once nothing more of the record can be refused and shown. */
function decodeBytes(env: StageEnv, spec: ParseSpec, vectors: readonly Vector[], n: number): void {
  const { fb } = env;
  for (const [i, c] of spec.columns.entries()) {
    const vector = vectors[i]!;
    if (c.type.name !== 'varbyte' || c.delivered === 'value') continue;
    forBatch(env, n, (row, skip) => {
      for (const flags of [vector.nulls, env.code.chunkFields + PARSE.BAD]) {
        fb.get(env.ctx);
        fb.get(row);
        fb.do('i32_add');
        fb.mem('i32_load8_u', flags);
        fb.if_(skip);
      }
      elementAddress(env, vector, row);
      elementAddress(env, vector, row);
      fb.mem('i64_load', vector.values);
      fb.call(env.kernel('load_varbyte_bytes', ['i64'], ['i64']));
      fb.mem('i64_store', vector.values);
    });
  }
}

/** Values that are of the column's form already. */
function copyColumn(env: StageEnv, nullable: boolean, field: number, vector: Vector, n: number): void {
  const { fb } = env;
  const copy = (into: number, word: number, width: number): void => {
    fb.get(env.ctx);
    fb.i32_const(into);
    fb.do('i32_add');
    env.getState(env.code.chunkFields + PARSE.VECTORS);
    fb.mem('i32_load', field * 8 + word);
    fb.get(n);
    fb.i32_const(width);
    fb.do('i32_mul');
    fb.memory_copy();
  };
  copy(vector.values, 0, PHYS_BYTES[vector.phys]);
  copy(vector.nulls, 4, 1);
  if (nullable) return;
  forBatch(env, n, (i, skip) => {
    fb.get(env.ctx);
    fb.get(i);
    fb.do('i32_add');
    fb.mem('i32_load8_u', vector.nulls);
    fb.do('i32_eqz');
    fb.get(env.ctx);
    fb.get(i);
    fb.do('i32_add');
    fb.mem('i32_load8_u', env.code.chunkFields + PARSE.BAD);
    fb.do('i32_or');
    fb.if_(skip);
    fb.get(env.ctx);
    stateAddress(env, PARSE.ERROR);
    fb.call(env.kernel('load_not_null', ['i32', 'i32'], []));
    refuse(env, i, field);
  });
}

function nullByte(env: StageEnv, vector: Vector, i: number, push: () => void): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(i);
  fb.do('i32_add');
  push();
  fb.mem('i32_store8', vector.nulls);
}
function elementAddress(env: StageEnv, vector: Vector, i: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(i);
  fb.i32_const(Math.log2(PHYS_BYTES[vector.phys]));
  fb.do('i32_shl', 'i32_add');
}
/** NULL strings are empty, so that whoever copies them copies nothing. */
function storeZero(env: StageEnv, vector: Vector, i: number): void {
  if (vector.phys !== 'str') return;
  elementAddress(env, vector, i);
  env.fb.i64_const(0n);
  env.fb.mem('i64_store', vector.values);
}

/** Reports the record; the host counts it, clears the cell, and answers 0 when the load has failed. */
function refuse(env: StageEnv, i: number, field: number): void {
  const { fb } = env;
  fb.get(env.ctx);
  fb.get(i);
  fb.do('i32_add');
  fb.i32_const(1);
  fb.mem('i32_store8', env.code.chunkFields + PARSE.BAD);
  fb.get(env.ctx);
  fb.get(i);
  fb.i32_const(field);
  stateAddress(env, PARSE.ERROR);
  fb.call(env.mb.import('env', 'load_error', ['i32', 'i32', 'i32', 'i32'], ['i32']));
  fb.do('i32_eqz');
  fb.if_(() => env.leaveWithError());
}

/** Stores the converted value of `text` as element `i`. */
function convert(env: StageEnv, spec: ParseSpec, type: SqlType, vector: Vector, i: number, text: () => void): void {
  const { fb } = env;
  const area = env.code.chunkFields;
  const phys = physOf(type);
  const result = ({ i32: 'i32', i64: 'i64', i128: 'i64', str: 'i64', f32: 'f32', f64: 'f64' } as const)[phys];
  const call = (name: string, more: readonly ValType[] = [], push: () => void = () => undefined): void => {
    elementAddress(env, vector, i);
    fb.get(env.ctx);
    text();
    stateAddress(env, PARSE.ERROR);
    push();
    fb.call(env.kernel(name, ['i32', 'i64', 'i32', ...more], [result]));
    fb.mem(STORE[phys], vector.values);
  };
  const numbers =
    (...values: number[]) =>
    (): void =>
      values.forEach((v) => fb.i32_const(v));
  const { acceptAnyDate, roundDec, truncateColumns } = spec.conversion;
  switch (type.name) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'bool':
    case 'time':
    case 'timetz':
      return call(`load_${type.name}`);
    case 'intervaly2m':
    case 'intervald2s': {
      const { unit, minutesFirst } = readingOf(type);
      call(`load_${type.name}`, ['i32', 'i32', 'i64'], () => {
        fb.i32_const(unit);
        fb.i32_const(minutesFirst ? 1 : 0);
        fb.i64_const(keptUnit(type));
      });
      return;
    }
    case 'varbyte':
      return call('load_varbyte', ['i32', 'i32'], numbers(type.length ?? VARBYTE_BYTES_MAX, truncateColumns ? 1 : 0));
    case 'numeric': {
      const push = numbers(type.precision ?? 18, type.scale ?? 0, roundDec ? 1 : 0);
      call(phys === 'i128' ? 'load_numeric' : 'load_numeric_64', ['i32', 'i32', 'i32'], push);
      if (phys !== 'i128') return;
      elementAddress(env, vector, i);
      fb.get(env.ctx);
      fb.mem('i64_load', CTX.RET_HI);
      return fb.mem('i64_store', vector.values + 8);
    }
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return call(`load_${type.name}`, ['i64', 'i32'], () => {
        fb.get(env.ctx);
        fb.mem('i64_load', area + (type.name === 'date' ? PARSE.DATE_FORMAT : PARSE.TIME_FORMAT));
        fb.i32_const(acceptAnyDate ? 1 : 0);
      });
    case 'hllsketch':
      return call('load_hllsketch');
    case 'char':
      return call('load_char', ['i32', 'i32'], numbers(type.length ?? 1, truncateColumns ? 1 : 0));
    case 'varchar':
      return call('load_varchar', ['i32', 'i32'], numbers(type.length ?? 256, truncateColumns ? 1 : 0));
    case 'super':
      return call('load_super');
    case 'geometry':
    case 'geography':
      return spec.conversion.shapes === undefined
        ? convertSpatial(env, type, vector, i, text)
        : convertShape(env, spec.conversion.shapes, vector, i, text);
    default:
      assert(false, `COPY into a column of type ${type.name}`);
  }
}

/** By the function of src/spatial that gives NULL for what is no geometry. */
function convertSpatial(env: StageEnv, type: SqlType, vector: Vector, i: number, text: () => void): void {
  const { fb } = env;
  const value = fb.local('i64');
  text();
  fb.set(value);
  const given: CodeValue = { phys: 'str', push: () => fb.get(value), pushNull: undefined };
  const slots = callByName(env, { name: `load_${type.name}`, args: [TEXT], returns: type }, [given]);
  fb.get(slots);
  fb.mem('i32_load', 16);
  fb.if_(() => {
    fb.get(env.ctx);
    stateAddress(env, PARSE.ERROR);
    fb.call(env.kernel('load_no_geometry', ['i32', 'i32'], []));
  });
  elementAddress(env, vector, i);
  fb.get(slots);
  fb.mem('i64_load', 0);
  fb.mem('i64_store', vector.values);
}

const SIMPLIFIED = { never: 0, all: 1, large: 2 } as const;
/** A shape with its points thinned; NULL where it is too large all the same, which its size says. */
function convertShape(
  env: StageEnv,
  { simplify, tolerance }: NonNullable<ParseSpec['conversion']['shapes']>,
  vector: Vector,
  i: number,
  text: () => void,
): void {
  const { fb } = env;
  const value = fb.local('i64');
  text();
  fb.set(value);
  const place = (): void => {
    fb.get(i);
    fb.i32_const(2);
    fb.do('i32_shl');
    fb.i32_const(SIMPLIFIED[simplify]);
    fb.do('i32_or');
  };
  const slots = callByName(env, { name: 'load_shape', args: [TEXT, INT4, INT4, FLOAT8], returns: GEOMETRY }, [
    { phys: 'str', push: () => fb.get(value), pushNull: undefined },
    { phys: 'i32', push: place, pushNull: undefined },
    { phys: 'i32', push: () => fb.get(env.ctx), pushNull: undefined },
    { phys: 'f64', push: () => fb.f64_const(tolerance), pushNull: undefined },
  ]);
  fb.get(slots);
  fb.mem('i32_load', 16);
  fb.if_(() => {
    stateAddress(env, PARSE.ERROR);
    fb.get(value);
    fb.call(env.kernel('load_large_shape', ['i32', 'i64'], []));
  });
  elementAddress(env, vector, i);
  fb.get(slots);
  fb.mem('i64_load', 0);
  fb.mem('i64_store', vector.values);
}

function emitSelection(env: StageEnv, rows: RowSet, n: number): void {
  const { fb } = env;
  const area = env.code.chunkFields;
  const kept = fb.local('i32');
  fb.i32_const(0);
  fb.set(kept);
  forBatch(env, n, (i, skip) => {
    fb.get(env.ctx);
    fb.get(i);
    fb.do('i32_add');
    fb.mem('i32_load8_u', area + PARSE.BAD);
    fb.if_(skip);
    env.element(kept);
    fb.get(i);
    fb.mem('i32_store', rows.selection);
    fb.get(kept);
    fb.i32_const(1);
    fb.do('i32_add');
    fb.set(kept);
  });
  env.setState(rows.count, () => fb.get(kept));
  env.setState(rows.cursor, () => fb.i32_const(0));
  env.count(0, () => fb.get(kept));
}
