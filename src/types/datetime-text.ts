/**
 * Text forms of date, time, timestamp, timestamptz and interval for the leader's few conversions (parameters, catalog
 * cells, literals): days or microseconds since 2000-01-01. Gregorian in both directions, 4713 BC to 294276 AD.
 * `undefined` means "no such form"; text.ts turns that into the catalogue's errors.
 */
import type { IntervalValue } from './value.ts';
import { canonicalZone, formatOffset, localToUtc, zoneOffsetAt } from './timezone.ts';

export const DAY_MICROS = 86_400_000_000n;
const DAYS_1970_TO_2000 = 10957;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 2000-01-01 of a proleptic Gregorian date (year 0 = 1 BC). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468 - DAYS_1970_TO_2000;
}

export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + DAYS_1970_TO_2000 + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}

const isLeap = (y: number): boolean => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;

export type DateOrder = 'MDY' | 'DMY' | 'YMD';
/** 'range' = a field is out of its range (22008). */
export type Parsed<T> = T | undefined | 'range';

function checkedDays(year: number, month: number, day: number): Parsed<number> {
  if (month < 1 || month > 12 || day < 1) return 'range';
  if (day > (MONTH_DAYS[month - 1] as number) + (month === 2 && isLeap(year) ? 1 : 0)) return 'range';
  if (year < -4712 || year > 294276) return 'range';
  return daysFromCivil(year, month, day);
}

const fullYear = (text: string): number =>
  text.length > 2 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900);

function dateFields(text: string, order: DateOrder): readonly [string, number, number] | undefined {
  let m = /^(\d{3,6})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (m !== null) return [m[1] as string, Number(m[2]), Number(m[3])];
  m = /^(\d{4,6})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (m !== null) return [m[1] as string, Number(m[2]), Number(m[3])];
  m = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,6})$/.exec(text);
  if (m !== null) {
    const [a, b, c] = [m[1] as string, m[2] as string, m[3] as string];
    if (order === 'YMD') return [a, Number(b), Number(c)];
    return order === 'DMY' ? [c, Number(b), Number(a)] : [c, Number(a), Number(b)];
  }
  const month = (word: string): number => MONTHS.indexOf(word.slice(0, 3)) + 1;
  m = /^([a-z]{3,9})[-\s.]*(\d{1,2})[,\s-]+(\d{1,6})$/.exec(text);
  if (m !== null) return [m[3] as string, month(m[1] as string), Number(m[2])];
  m = /^(\d{1,2})[-\s]*([a-z]{3,9})[-\s,]*(\d{1,6})$/.exec(text);
  if (m !== null) return [m[3] as string, month(m[2] as string), Number(m[1])];
  m = /^(\d{3,6})[-\s]*([a-z]{3,9})[-\s]*(\d{1,2})$/.exec(text);
  if (m !== null) return [m[1] as string, month(m[2] as string), Number(m[3])];
  return undefined;
}

function parseDatePart(text: string, order: DateOrder): Parsed<number> {
  const era = /^(.*?)\s*(bc|ad)$/.exec(text);
  const body = (era === null ? text : (era[1] as string)).replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/, '');
  const fields = dateFields(body.trim(), order);
  if (fields === undefined) return undefined;
  const year = fullYear(fields[0]);
  return checkedDays(era?.[2] === 'bc' ? 1 - year : year, fields[1], fields[2]);
}

/** hh:mm[:ss[.f]] [am|pm] in microseconds. */
function parseClock(text: string): Parsed<bigint> {
  const compact = /^(\d{2})(\d{2})(\d{2})(\.\d+)?$/.exec(text);
  const source = compact === null ? text : `${compact[1]}:${compact[2]}:${compact[3]}${compact[4] ?? ''}`;
  const m = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?\s*(am|pm)?$/.exec(source);
  if (m === null) return undefined;
  let hours = Number(m[1]);
  if (m[5] !== undefined) {
    if (hours < 1 || hours > 12) return 'range';
    hours = (hours % 12) + (m[5] === 'pm' ? 12 : 0);
  }
  const minutes = Number(m[2]);
  const seconds = Number(m[3] ?? '0');
  const fraction = BigInt(Math.round(Number(`0.${m[4] ?? '0'}`) * 1e6));
  const total = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n + fraction;
  if (minutes > 59 || seconds > 60 || total > DAY_MICROS) return 'range';
  return total;
}

export interface DatetimeParts {
  readonly days: number;
  readonly micros: bigint;
  /** Canonical zone written behind the time, undefined when none was. */
  readonly zone: string | undefined;
}

/** Splits 'date [time] [zone]'; the zone may follow a date directly ('2024-01-02 +00'). */
export function parseDatetime(input: string, order: DateOrder): Parsed<DatetimeParts> {
  const text = input.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === 'epoch') return { days: -DAYS_1970_TO_2000, micros: 0n, zone: undefined };
  const era = /\s*\b(bc|ad)$/.exec(text);
  const body = era === null ? text : text.slice(0, era.index);
  const clock = /(?:^|[t ])(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?(?: ?[ap]m(?![a-z]))?)(.*)$/.exec(body);
  const compact = clock === null ? /t(\d{6}(?:\.\d+)?)(.*)$/.exec(body) : null;
  const found = clock ?? compact;
  let datePart = found === null ? body : body.slice(0, found.index).trim();
  let zoneText = found === null ? '' : (found[2] as string).trim();
  if (found === null) {
    const tail = /^(.*\d) ?(z|[+-]\d{1,2}(?::?\d{2})?|[a-z]{3,4}|[a-z]+\/[a-z_]+)$/.exec(body);
    const spaced = /^\S+ [+-]\d/.test(body) || /[a-z]$/.test(body);
    if (tail !== null && spaced && parseDatePart(body, order) === undefined) {
      datePart = (tail[1] as string).trim();
      zoneText = tail[2] as string;
    }
  }
  const zone = zoneText === '' ? undefined : canonicalZone(zoneText);
  if (zoneText !== '' && zone === undefined) return undefined;
  const days = parseDatePart(era === null ? datePart : `${datePart} ${era[1]}`, order);
  if (typeof days !== 'number') return days;
  const micros = found === null ? 0n : parseClock(found[1] as string);
  if (micros === undefined || micros === 'range') return micros;
  return { days, micros, zone };
}

/** Time of day; a zone behind it is ignored, a date in front of it too. */
export function parseTime(input: string): Parsed<bigint> {
  const text = input.trim().toLowerCase();
  const m =
    /^(?:\S*[-/]\S*[ t])?t?(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?(?: ?[ap]m(?![a-z]))?|\d{6}(?:\.\d+)?)\s*(.*)$/.exec(
      text,
    );
  if (m === null) return undefined;
  if (m[2] !== '' && canonicalZone(m[2] as string) === undefined) return undefined;
  return parseClock(m[1] as string);
}

export const microsOf = (parts: DatetimeParts): bigint => BigInt(parts.days) * DAY_MICROS + parts.micros;
export const utcMicrosOf = (parts: DatetimeParts, sessionZone: string): bigint =>
  localToUtc(parts.zone ?? sessionZone, microsOf(parts));

// ---- output -------------------------------------------------------------------------------------------------------

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const shown = year <= 0 ? 1 - year : year;
  return `${pad(shown, 4)}-${pad(month, 2)}-${pad(day, 2)}${year <= 0 ? ' BC' : ''}`;
}
export function formatTime(micros: bigint): string {
  const total = Number(micros / 1_000_000n);
  const fraction = Number(micros % 1_000_000n);
  const tail = fraction === 0 ? '' : `.${pad(fraction, 6).replace(/0+$/, '')}`;
  return `${pad(Math.floor(total / 3600), 2)}:${pad(Math.floor(total / 60) % 60, 2)}:${pad(total % 60, 2)}${tail}`;
}
export function splitMicros(micros: bigint): { days: number; rest: bigint } {
  let days = micros / DAY_MICROS;
  if (micros % DAY_MICROS < 0n) days -= 1n;
  return { days: Number(days), rest: micros - days * DAY_MICROS };
}
export function formatTimestamp(micros: bigint, zoneSuffix = ''): string {
  const { days, rest } = splitMicros(micros);
  const date = formatDate(days);
  const bc = date.endsWith(' BC');
  return `${bc ? date.slice(0, -3) : date} ${formatTime(rest)}${zoneSuffix}${bc ? ' BC' : ''}`;
}
export function formatTimestamptz(micros: bigint, zone: string): string {
  const offset = zoneOffsetAt(zone, micros);
  const suffix = formatOffset(offset).replace(/:00$/, '');
  return formatTimestamp(micros + BigInt(offset) * 1_000_000n, suffix);
}

// ---- interval -----------------------------------------------------------------------------------------------------

const UNITS: Readonly<Record<string, readonly ['months' | 'days' | 'micros', number]>> = {
  millennium: ['months', 12000],
  century: ['months', 1200],
  centurie: ['months', 1200],
  decade: ['months', 120],
  year: ['months', 12],
  yr: ['months', 12],
  y: ['months', 12],
  quarter: ['months', 3],
  month: ['months', 1],
  mon: ['months', 1],
  week: ['days', 7],
  w: ['days', 7],
  day: ['days', 1],
  d: ['days', 1],
  hour: ['micros', 3.6e9],
  hr: ['micros', 3.6e9],
  h: ['micros', 3.6e9],
  minute: ['micros', 6e7],
  min: ['micros', 6e7],
  m: ['micros', 6e7],
  second: ['micros', 1e6],
  sec: ['micros', 1e6],
  s: ['micros', 1e6],
  millisecond: ['micros', 1e3],
  ms: ['micros', 1e3],
  msec: ['micros', 1e3],
  microsecond: ['micros', 1],
  us: ['micros', 1],
  usec: ['micros', 1],
};

/** '1 year 2 mons -3 days 04:05:06.7', '5' (seconds), '1-2' (years-months), '@ 1 day ago'. */
export function parseInterval(input: string): Parsed<IntervalValue> {
  let text = input.trim().toLowerCase().replace(/^@\s*/, '');
  const ago = / ago$/.test(text);
  if (ago) text = text.slice(0, -4);
  const total = { months: 0, days: 0, micros: 0 };
  const token =
    /\s*(?:([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?|([+-]?)(\d+)-(\d{1,2})(?![\d])|([+-]?\s*(?:\d+(?:\.\d*)?|\.\d+))\s*([a-z]*))[,\s]*/y;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const m = token.exec(text);
    if (m === null || token.lastIndex === at) return undefined;
    at = token.lastIndex;
    if (m[2] !== undefined) {
      const clock = (Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4] ?? 0)) * 1e6;
      total.micros += m[1] === '-' ? -clock : clock;
    } else if (m[6] !== undefined) {
      const months = Number(m[6]) * 12 + Number(m[7]);
      total.months += m[5] === '-' ? -months : months;
    } else {
      const word = m[9] === '' || m[9] === undefined ? 'second' : m[9];
      const unit = UNITS[word] ?? UNITS[word.replace(/s$/, '')];
      if (unit === undefined) return undefined;
      addUnit(total, Number((m[8] as string).replace(/\s/g, '')), unit);
    }
  }
  if (at === 0) return undefined;
  const sign = ago ? -1 : 1;
  const micros = BigInt(Math.round(total.micros)) * BigInt(sign);
  return { months: total.months * sign + 0, days: total.days * sign + 0, micros };
}

/** Fractions go down: of months to days of 30, of days to microseconds. */
function addUnit(
  total: { months: number; days: number; micros: number },
  amount: number,
  [field, factor]: readonly ['months' | 'days' | 'micros', number],
): void {
  const value = amount * factor;
  if (field === 'micros') {
    total.micros += value;
    return;
  }
  const whole = Math.trunc(value);
  total[field] += whole;
  const rest = value - whole;
  if (rest === 0) return;
  if (field === 'months') addUnit(total, rest * 30, ['days', 1]);
  else total.micros += rest * 86_400e6;
}

export function formatInterval(value: IntervalValue): string {
  const parts: string[] = [];
  const plural = (n: number, word: string): void => {
    if (n !== 0) parts.push(`${n} ${word}${Math.abs(n) === 1 ? '' : 's'}`);
  };
  plural(Math.trunc(value.months / 12), 'year');
  plural(value.months % 12, 'mon');
  plural(value.days, 'day');
  if (value.micros !== 0n || parts.length === 0) {
    const negative = value.micros < 0n;
    parts.push(`${negative ? '-' : ''}${formatTime(negative ? -value.micros : value.micros)}`);
  }
  return parts.join(' ');
}
