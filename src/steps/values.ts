/**
 * JavaScript values in node memory: parameters, rows of system views and VALUES, arguments and results of host
 * functions. Only small things pass here, never rows in bulk.
 */
import { assert } from '../common/assert.ts';
import { physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import { writeForm } from '../types/value-table.ts';
import type { TupleField, TupleLayout } from '../types/tuple-layout.ts';
import type { StepMemory } from './host.ts';
import { PARAM_BYTES } from './segment-code.ts';

const fromUtf8 = new TextDecoder();

/** Writes one value at `at`; texts go where `place` says, to query memory unless told otherwise. */
export function writeValue(
  memory: StepMemory,
  at: number,
  type: SqlType,
  value: unknown,
  place: (bytes: number) => number = (bytes) => memory.small(bytes),
): void {
  writeForm(memory.view, at, type, value, (text) => placed(memory, text, place));
}

/** Copies a text and gives the string value. */
function placed(memory: StepMemory, text: Uint8Array, place: (bytes: number) => number): bigint {
  if (text.length === 0) return 0n;
  const at = place(text.length);
  memory.bytes.set(text, at);
  return BigInt(at) | (BigInt(text.length) << 32n);
}

/** Reads one value as a JavaScript value (bigint for i64 and i128, string for str). */
export function readValue(memory: StepMemory, at: number, type: SqlType): unknown {
  const { view } = memory;
  switch (physOf(type)) {
    case 'i32':
      return type.name === 'bool' ? view.getInt32(at, true) !== 0 : view.getInt32(at, true);
    case 'i64':
      return memory.i64(at);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    case 'i128':
      return (memory.i64(at + 8) << 64n) | BigInt.asUintN(64, memory.i64(at));
    case 'str':
      return type.name === 'varbyte'
        ? Buffer.from(stringAt(memory.bytes, memory.i64(at))).toString('hex')
        : readString(memory.bytes, memory.i64(at));
  }
}

/** A copy of the bytes of a string value. */
function stringAt(bytes: Uint8Array, value: bigint): Uint8Array {
  const address = Number(value & 0xffffffffn);
  const length = Number((value >> 32n) & 0xffffffffn);
  return bytes.slice(address, address + length);
}
/** A copy of the bytes of the string value at `at`. */
export const readBytes = (memory: StepMemory, at: number): Uint8Array => stringAt(memory.bytes, memory.i64(at));
export const readString = (bytes: Uint8Array, value: bigint): string => fromUtf8.decode(stringAt(bytes, value));

/** A parameter slot: value, then the null flag at +16. */
export function writeParameter(
  memory: StepMemory,
  block: number,
  slot: number,
  type: SqlType,
  value: unknown,
  place?: (bytes: number) => number,
): void {
  const at = block + slot * PARAM_BYTES;
  memory.zero(at, PARAM_BYTES);
  if (value === null || value === undefined) memory.setU32(at + 16, 1);
  else writeValue(memory, at, type, value, place);
}

export function writeTuple(
  memory: StepMemory,
  at: number,
  layout: TupleLayout,
  types: readonly SqlType[],
  row: readonly unknown[],
): void {
  memory.zero(at, layout.size);
  for (const [i, f] of layout.fields.entries()) writeField(memory, at, f, types[i]!, row[i]);
}
function writeField(memory: StepMemory, tuple: number, f: TupleField, type: SqlType, value: unknown): void {
  if (value === null || value === undefined) {
    assert(f.nullOffset >= 0, 'NULL in a field that cannot be NULL');
    memory.bytes[tuple + f.nullOffset] = 1;
  } else writeValue(memory, tuple + f.offset, type, value);
}

export type { Phys };
