/**
 * Texts of the two types of intervals. YEAR, MONTH and YEAR TO MONTH make a number of months, all others microseconds. The
 * last field names the unit of a bare number; what is finer than it is cut. Parts of the other family are dropped, or
 * refused when interval_forbid_composite_literals is on.
 */
import { compositeInterval, datetimeResult } from '../common/errors/catalogue.ts';
import { DAY_MICROS } from './datetime-text.ts';
import { FIELDS, isRoundedUnit, keptUnit, qualifierOf } from './interval-fields.ts';
import { readInterval, type KernelTextSettings } from './kernel-text.ts';
import type { SqlType } from './sql-type.ts';
import type { IntervalValue } from './value.ts';

export interface IntervalTextSettings extends KernelTextSettings {
  readonly forbidCompositeIntervals?: boolean;
}

/** Units of a bare number, as the kernel numbers them (wasm/runtime/interval-parse.ts). */
const UNITS: Readonly<Record<string, number>> = { year: 10, month: 8, day: 6, hour: 5, minute: 4, second: 3 };
const SECOND = 3;
const MONTH = 8;

/** How a text in front of these fields is read: the unit of a bare number, and whether a clock of two is minutes:seconds. */
export function readingOf(type: SqlType): { readonly unit: number; readonly minutesFirst: boolean } {
  if (type.fields === undefined) return { unit: type.name === 'intervaly2m' ? MONTH : SECOND, minutesFirst: false };
  const { first, last } = qualifierOf(type.fields);
  return { unit: UNITS[last] ?? SECOND, minutesFirst: first === 'minute' && last === 'second' };
}

/** An untyped interval. */
export const plainInterval = (text: string, settings: IntervalTextSettings): IntervalValue =>
  readInterval(text, SECOND, false, settings);

/** Months (a number) or microseconds (a bigint) of a text for a type of intervals. */
export function intervalOfText(type: SqlType, text: string, settings: IntervalTextSettings): number | bigint {
  const { unit, minutesFirst } = readingOf(type);
  const value = readInterval(text, unit, minutesFirst, settings);
  const forbid = settings.forbidCompositeIntervals === true;
  if (type.name === 'intervaly2m') {
    if (forbid && (value.days !== 0 || value.micros !== 0n)) throw compositeInterval('Year To Month', 'day-second');
    return Number(cutInterval(BigInt(value.months), type));
  }
  if (forbid && value.months !== 0) throw compositeInterval('Day To Second', 'year-month');
  const micros = cutInterval(BigInt(value.days) * DAY_MICROS + value.micros, type);
  if (!isIntervalWord(micros)) throw datetimeResult('interval');
  return micros;
}

/** Whether so many months or microseconds fit an interval. */
export const isIntervalWord = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** What the type keeps of a number of months or microseconds; digits of a second that are rounded up may not fit any more. */
export function cutInterval(value: bigint, type: SqlType): bigint {
  const unit = keptUnit(type);
  if (unit === 1n) return value;
  const isSeconds = type.name === 'intervald2s' && isRoundedUnit(unit);
  const half = !isSeconds ? 0n : value < 0n ? -(unit / 2n) : unit / 2n;
  return ((value + half) / unit) * unit;
}

/** True for the names of fields. */
export const isField = (word: string): boolean => Object.hasOwn(FIELDS, word);
