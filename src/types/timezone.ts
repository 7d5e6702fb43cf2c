/**
 * Time zones on the leader: IANA names through Intl, fixed offsets ('+05:30', '-8', 'UTC+3') and the abbreviations that
 * Postgres knows best. A zone is held in canonical form: an IANA name or '+hh:mm[:ss]' (east of Greenwich positive).
 * Callers: datetime-text.ts, the TimeZone setting.
 */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  z: 'UTC',
  utc: 'UTC',
  gmt: 'UTC',
  ut: 'UTC',
  zulu: 'UTC',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
  akst: '-09:00',
  akdt: '-08:00',
  hst: '-10:00',
  cet: '+01:00',
  cest: '+02:00',
  met: '+01:00',
  mest: '+02:00',
  eet: '+02:00',
  eest: '+03:00',
  wet: '+00:00',
  west: '+01:00',
  bst: '+01:00',
  ist: '+02:00',
  msk: '+03:00',
  jst: '+09:00',
  kst: '+09:00',
  aest: '+10:00',
  aedt: '+11:00',
  acst: '+09:30',
  awst: '+08:00',
  nzst: '+12:00',
  nzdt: '+13:00',
  sast: '+02:00',
};

const two = (n: number): string => String(n).padStart(2, '0');

/** '+hh:mm' for seconds east of Greenwich. */
export function formatOffset(seconds: number): string {
  const rest = Math.abs(seconds);
  const tail = rest % 60 === 0 ? '' : `:${two(rest % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}${tail}`;
}

/** Seconds east of Greenwich of '+5', '-0530', '+05:30'; undefined when the text is no offset. */
export function parseOffset(text: string): number | undefined {
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes = '0', seconds = '0'] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return sign === '-' ? -total : total;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}

/** Canonical form of a zone as a user writes it, or undefined when nobody knows it. */
export function canonicalZone(text: string): string | undefined {
  const trimmed = text.trim();
  const offset = parseOffset(trimmed);
  if (offset !== undefined) return formatOffset(offset);
  const known = ABBREVIATIONS[trimmed.toLowerCase()];
  if (known !== undefined) return known;
  const posix = /^[A-Za-z]{3,}([+-]\d{1,2}(?::?\d{2})?)$/.exec(trimmed);
  if (posix !== null) {
    // POSIX counts west of Greenwich.
    const west = parseOffset(posix[1] as string);
    return west === undefined ? undefined : formatOffset(-west);
  }
  if (/^[+-]?\d+(\.\d+)?$/.test(trimmed)) return formatOffset(Math.round(Number(trimmed) * 3600));
  const format = /^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(trimmed) ? formatOf(trimmed) : undefined;
  return format?.resolvedOptions().timeZone;
}

/** Milliseconds between 1970 and 2000-01-01 UTC. */
export const EPOCH_2000_MS = 946_684_800_000;
const DATE_MS_MAX = 8.64e15;

/** Seconds east of Greenwich in a canonical zone at an instant (us since 2000-01-01 UTC). */
export function zoneOffsetAt(zone: string, micros: bigint): number {
  const fixed = parseOffset(zone);
  if (fixed !== undefined) return fixed;
  if (zone === 'UTC') return 0;
  const format = formatOf(zone);
  if (format === undefined) return 0;
  const exact = Number(micros / 1_000_000n) * 1000 + EPOCH_2000_MS;
  const ms = Math.max(-DATE_MS_MAX, Math.min(DATE_MS_MAX, exact));
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(new Date(ms))) part[type] = value;
  const year = part['era']?.startsWith('B') ? 1 - Number(part['year']) : Number(part['year']);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
  local.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
  return Math.round((local.getTime() - Math.floor(ms / 1000) * 1000) / 1000);
}

/** The instant at which clocks of `zone` show `localMicros`; in a gap or overlap the offset before the change wins. */
export function localToUtc(zone: string, localMicros: bigint): bigint {
  const shifted = (offset: number): bigint => localMicros - BigInt(offset) * 1_000_000n;
  const before = zoneOffsetAt(zone, shifted(0) - 86_400_000_000n);
  const after = zoneOffsetAt(zone, shifted(0) + 86_400_000_000n);
  if (zoneOffsetAt(zone, shifted(before)) === before) return shifted(before);
  if (zoneOffsetAt(zone, shifted(after)) === after) return shifted(after);
  return shifted(before);
}
