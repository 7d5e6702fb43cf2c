/**
 * Protocol buffers as ORC's metadata needs them: fields by their number, numbers below 2^53, bytes, messages. What is not asked for
 * is passed over.
 */
import { SqlError } from '../../common/errors/sql-error.ts';

/** The file is not what its format says. */
export class OrcDamage extends SqlError {
  constructor(what: string) {
    super({ sqlstate: 'XX000', message: what });
  }
}

const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

export interface Message {
  /** Of a number field the last one, or undefined. */
  number(field: number): number | undefined;
  numbers(field: number): readonly number[];
  bytes(field: number): readonly Uint8Array[];
  text(field: number): string | undefined;
  messages(field: number): readonly Message[];
}

function varint(bytes: Uint8Array, from: number): readonly [value: number, next: number] {
  let value = 0;
  let at = from;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined || at - from > 10) throw new OrcDamage('its metadata is cut off');
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

class Fields implements Message {
  private readonly values = new Map<number, (number | Uint8Array)[]>();
  constructor(bytes: Uint8Array) {
    let at = 0;
    while (at < bytes.length) {
      const [tag, behind] = varint(bytes, at);
      const [field, wire] = [Math.floor(tag / 8), tag % 8];
      at = behind;
      let value: number | Uint8Array;
      if (wire === WIRE.varint) [value, at] = varint(bytes, at);
      else {
        let length: number = wire === WIRE.eight ? 8 : 4;
        if (wire === WIRE.bytes) [length, at] = varint(bytes, at);
        else if (wire !== WIRE.eight && wire !== WIRE.four) throw new OrcDamage('its metadata is of no known form');
        if (length > bytes.length - at) throw new OrcDamage('its metadata is cut off');
        value = bytes.subarray(at, at + length);
        at += length;
      }
      const known = this.values.get(field);
      if (known === undefined) this.values.set(field, [value]);
      else known.push(value);
    }
  }
  number(field: number): number | undefined {
    const value = this.values.get(field)?.at(-1);
    return typeof value === 'number' ? value : undefined;
  }
  /** One by one, or packed. */
  numbers(field: number): readonly number[] {
    const out: number[] = [];
    for (const value of this.values.get(field) ?? []) {
      if (typeof value === 'number') out.push(value);
      else
        for (let at = 0; at < value.length;) {
          const [number, next] = varint(value, at);
          out.push(number);
          at = next;
        }
    }
    return out;
  }
  bytes(field: number): readonly Uint8Array[] {
    return (this.values.get(field) ?? []).filter((v) => typeof v !== 'number');
  }
  text(field: number): string | undefined {
    const [value] = this.bytes(field);
    return value === undefined ? undefined : Buffer.from(value).toString();
  }
  messages(field: number): readonly Message[] {
    return this.bytes(field).map((bytes) => new Fields(bytes));
  }
}
export const readMessage = (bytes: Uint8Array): Message => new Fields(bytes);
