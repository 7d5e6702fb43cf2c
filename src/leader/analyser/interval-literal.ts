/**
 * INTERVAL literals with a qualifier: YEAR, MONTH and YEAR TO MONTH make a number of months, all others a length in days
 * and microseconds. The last field names the unit of a bare number; what is finer than it is cut. Parts of the other
 * family are dropped, or refused when interval_forbid_composite_literals is on.
 */
import { compositeInterval } from '../../common/errors/catalogue.ts';
import { DAY_MICROS } from '../../types/datetime-text.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from '../../types/text.ts';
import { readInterval } from '../../types/kernel-text.ts';
import type { IntervalValue } from '../../types/value.ts';

interface Field {
  /** Unit of a bare number, as the kernel numbers units (wasm/runtime/interval-parse.ts). */
  readonly unit: number;
  /** Size in months or microseconds. */
  readonly months?: number;
  readonly micros?: bigint;
}
const FIELDS: Readonly<Record<string, Field>> = {
  year: { unit: 10, months: 12 },
  month: { unit: 8, months: 1 },
  day: { unit: 6, micros: DAY_MICROS },
  hour: { unit: 5, micros: 3_600_000_000n },
  minute: { unit: 4, micros: 60_000_000n },
  second: { unit: 3, micros: 1n },
};
const SECOND: Field = FIELDS['second']!;

export function intervalLiteral(
  text: string,
  qualifier: string | undefined,
  settings: TextSettings = DEFAULT_TEXT_SETTINGS,
): IntervalValue {
  if (qualifier === undefined) return readInterval(text, SECOND.unit, false, settings);
  const [, words = qualifier, digits] = /^([^(]*?)\s*(?:\((\d)\))?$/.exec(qualifier.toLowerCase()) ?? [];
  const [first = '', last = first] = words.split(' to ');
  const field = FIELDS[last] ?? SECOND;
  const value = readInterval(text, field.unit, first === 'minute' && last === 'second', settings);
  return field.months === undefined
    ? dayToSecond(value, field, digits, settings)
    : yearToMonth(value, field, settings);
}

function yearToMonth(value: IntervalValue, field: Field, settings: TextSettings): IntervalValue {
  if (settings.forbidCompositeIntervals === true && (value.days !== 0 || value.micros !== 0n))
    throw compositeInterval('Year To Month', 'day-second');
  const unit = field.months ?? 1;
  return { months: Math.trunc(value.months / unit) * unit, days: 0, micros: 0n };
}

function dayToSecond(
  value: IntervalValue,
  field: Field,
  digits: string | undefined,
  settings: TextSettings,
): IntervalValue {
  if (settings.forbidCompositeIntervals === true && value.months !== 0)
    throw compositeInterval('Day To Second', 'year-month');
  const total = BigInt(value.days) * DAY_MICROS + value.micros;
  const unit = field.micros ?? 1n;
  const cut = rounded((total / unit) * unit, digits);
  return { months: 0, days: Number(cut / DAY_MICROS), micros: cut % DAY_MICROS };
}

/** SECOND(p) rounds half away from zero. */
function rounded(micros: bigint, digits: string | undefined): bigint {
  if (digits === undefined) return micros;
  const unit = 10n ** BigInt(6 - Number(digits));
  const half = micros < 0n ? -(unit / 2n) : unit / 2n;
  return ((micros + half) / unit) * unit;
}
