/**
 * Qualifiers of intervals: which family the fields YEAR ... SECOND make, what the last of them keeps, and the type
 * modifier that says so in catalogs and row descriptions.
 */
import type { SqlType } from './sql-type.ts';

interface Field {
  /** Bit in PostgreSQL's mask of fields. */
  readonly bit: number;
  /** Size in months or microseconds. */
  readonly months?: number;
  readonly micros?: bigint;
}
const DAY = 86_400_000_000n;
export const FIELDS: Readonly<Record<string, Field>> = {
  year: { bit: 1 << 2, months: 12 },
  month: { bit: 1 << 1, months: 1 },
  day: { bit: 1 << 3, micros: DAY },
  hour: { bit: 1 << 10, micros: 3_600_000_000n },
  minute: { bit: 1 << 11, micros: 60_000_000n },
  second: { bit: 1 << 12, micros: 1n },
};
const NAMES = Object.keys(FIELDS);
const DIGITS_MAX = 6;
const NO_DIGITS = 0xffff;
const ALL_FIELDS = { intervaly2m: 'year to month', intervald2s: 'day to second' } as const;

export interface Qualifier {
  readonly first: string;
  readonly last: string;
  /** Digits of a second behind the point. */
  readonly digits: number | undefined;
}

/** 'day to second(3)' taken apart. */
export function qualifierOf(fields: string): Qualifier {
  const [, words = fields, digits] = /^([^(]*?)\s*(?:\((\d+)\))?$/.exec(fields.toLowerCase()) ?? [];
  const [first = '', last = first] = words.split(' to ');
  return { first, last, digits: digits === undefined ? undefined : Number(digits) };
}

/** The type a qualifier names; without `fields` where the qualifier keeps everything. */
export function intervalType(fields: string): SqlType {
  const words = fields.toLowerCase();
  const name = FIELDS[qualifierOf(words).last]?.months === undefined ? 'intervald2s' : 'intervaly2m';
  return words === ALL_FIELDS[name] ? { name } : { name, fields: words };
}

/** What a column of the type keeps of a value: a multiple of this many months or microseconds. */
export function keptUnit(type: SqlType): bigint {
  if (type.fields === undefined) return 1n;
  const { last, digits } = qualifierOf(type.fields);
  const field = FIELDS[last];
  if (field?.months !== undefined) return BigInt(field.months);
  return last === 'second' ? 10n ** BigInt(DIGITS_MAX - (digits ?? DIGITS_MAX)) : (field?.micros ?? 1n);
}
/** True where what is finer than the unit of microseconds is rounded (digits of a second), not cut (fields). */
export const isRoundedUnit = (unit: bigint): boolean => unit <= 1_000_000n;

/** The mask of fields above the digits of a second. */
export function intervalModifier(type: SqlType): number {
  const { first, last, digits } = qualifierOf(
    type.fields ?? ALL_FIELDS[type.name === 'intervaly2m' ? 'intervaly2m' : 'intervald2s'],
  );
  const between = NAMES.slice(NAMES.indexOf(first), NAMES.indexOf(last) + 1);
  const mask = between.reduce((bits, name) => bits | FIELDS[name]!.bit, 0);
  return (mask << 16) | (digits ?? NO_DIGITS);
}

/** The type of a modifier; undefined for none. */
export function intervalOfModifier(modifier: number): SqlType | undefined {
  const mask = (modifier >> 16) & 0x7fff;
  const found = NAMES.filter((name) => (mask & FIELDS[name]!.bit) !== 0);
  if (modifier < 0 || found.length === 0) return undefined;
  const digits = modifier & NO_DIGITS;
  const words = found.length === 1 ? found[0]! : `${found[0]} to ${found[found.length - 1]}`;
  return intervalType(digits === NO_DIGITS ? words : `${words}(${digits})`);
}
