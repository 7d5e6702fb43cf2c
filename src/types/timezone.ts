/**
 * Time zone names. A zone is held in canonical form: an IANA name, 'UTC', or '+hh:mm[:ss]' (EAST of Greenwich positive);
 * zone-table.ts makes its transitions. Who names it decides what a text means:
 *
 *   the timezone setting   a number of hours (east positive, as SET TIME ZONE -3), an IANA name, an abbreviation, or POSIX
 *                          (NAME+2, '+05:30', '<+03>-03': WEST positive, not validated)
 *   AT TIME ZONE           an abbreviation, an IANA name or a bare offset (east positive); no POSIX zones
 *   CONVERT_TIMEZONE       the same, and POSIX NAME+2 (west positive)
 *   text of a timestamp    the same as CONVERT_TIMEZONE; a bare offset is the parser's own (east positive)
 *
 * Abbreviations are fixed offsets with Postgres' meaning and never know daylight saving; full names do.
 */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  ...{ z: 0, utc: 0, gmt: 0, ut: 0, uct: 0, zulu: 0, wet: 0, universal: 0 },
  ...{ bst: 60, cet: 60, met: 60, west: 60, wat: 60, cest: 120, mest: 120, eet: 120, sast: 120, cat: 120, ist: 120 },
  ...{ eest: 180, msk: 180, eat: 180, msd: 240, pkt: 300, npt: 345, ict: 420, wib: 420 },
  ...{
    sgt: 480,
    hkt: 480,
    awst: 480,
    wst: 480,
    pht: 480,
    jst: 540,
    kst: 540,
    wdt: 540,
    acst: 570,
    aest: 600,
    acdt: 630,
    aedt: 660,
  },
  ...{ nzst: 720, nzdt: 780, brst: -120, ndt: -150, adt: -180, brt: -180, art: -180, clst: -180, uyt: -180 },
  ...{ nst: -210, ast: -240, edt: -240, clt: -240, est: -300, cdt: -300, cst: -360, mdt: -360, mst: -420, pdt: -420 },
  ...{ pst: -480, akdt: -480, akst: -540, hst: -600 },
};
const SUMMER = new Set(
  'bst wdt west cest mest eest msd brst clst acdt aedt nzdt ndt adt edt cdt mdt pdt akdt'.split(' '),
);
/** Every abbreviation, in capitals and in order, with its minutes east of Greenwich. */
export const zoneAbbreviations = (): readonly (readonly [name: string, minutes: number, isSummer: boolean])[] =>
  Object.entries(ABBREVIATIONS)
    .map(([name, minutes]) => [name.toUpperCase(), minutes, SUMMER.has(name)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
/** Zone names of the tz database that are fixed offsets, whatever they are linked to today. */
const FIXED_NAMES = new Set(['est', 'mst', 'hst']);
const OFFSET_HOURS_MAX = 167;

const two = (n: number): string => String(n).padStart(2, '0');

/** '+hh:mm[:ss]' for seconds east of Greenwich. */
export function formatOffset(seconds: number): string {
  const rest = Math.abs(seconds);
  const tail = rest % 60 === 0 ? '' : `:${two(rest % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}${tail}`;
}

/** Signed seconds of '5', '+5', '-0530', '+05:30', '-04:56:02'; undefined when the text is no offset. */
export function parseOffset(text: string): number | undefined {
  const match = /^([+-]?)(\d{1,3}|\d{4})(?::(\d{2}))?(?::(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', minutes = '0', seconds = '0'] = match;
  const whole = digits.length === 4 ? [digits.slice(0, 2), digits.slice(2)] : [digits, minutes];
  const [h, m, s] = [Number(whole[0]), Number(whole[1]), Number(seconds)];
  if (h > OFFSET_HOURS_MAX || m > 59 || s > 59) return undefined;
  const total = h * 3600 + m * 60 + s;
  return sign === '-' ? -total : total;
}

/** Least recently used names go first; a name that nobody knows is remembered too, as undefined. */
const NAMES_MAX = 2000;
const names = new Map<string, string | undefined>();

/** The canonical IANA name, or undefined for a name that Intl does not know. */
function ianaName(text: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(text)) return undefined;
  const key = text.toLowerCase();
  if (names.has(key)) return names.get(key);
  if (names.size >= NAMES_MAX) names.clear();
  let name: string | undefined;
  try {
    name = new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    name = undefined;
  }
  names.set(key, name);
  return name;
}

/** Offset of a POSIX zone in canonical form: what it says is WEST. */
function posixZone(text: string, prefix: RegExp): string | undefined {
  const match = prefix.exec(text);
  const west = match === null ? undefined : parseOffset(text.slice(match[0].length).trim());
  return west === undefined ? undefined : formatOffset(-west || 0);
}
const NAMED_POSIX = /^[A-Za-z][A-Za-z_/]{2,}(?=[+-])\s*/;
/** The setting takes what has a name of letters or none, and the form <+03>-03 that it shows. */
const SETTING_POSIX = /^(?:<[A-Za-z0-9+\-:]+>|[A-Za-z][A-Za-z_/]{2,}\s*|(?=[+-]\d+:))/;

/** 0 AT TIME ZONE, 1 CONVERT_TIMEZONE, 2 a word in the text of a timestamp. */
export type ZoneKind = 0 | 1 | 2;

/** Canonical form of a zone that SQL names, or undefined when there is no such zone. */
export function namedZone(text: string, kind: ZoneKind): string | undefined {
  const trimmed = text.trim();
  const minutes = ABBREVIATIONS[trimmed.toLowerCase()];
  if (minutes !== undefined) return minutes === 0 ? 'UTC' : formatOffset(minutes * 60);
  const iana = ianaName(trimmed);
  if (iana !== undefined) return iana;
  if (kind !== 2) {
    const offset = parseOffset(trimmed);
    if (offset !== undefined) return formatOffset(offset);
  }
  return kind === 0 ? undefined : posixZone(trimmed, NAMED_POSIX);
}

export interface SettingZone {
  /** As SHOW tells it; setting it again gives the same zone. */
  readonly shown: string;
  readonly zone: string;
}

/** The zone a value of the timezone setting names. */
export function settingZone(text: string): SettingZone | undefined {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,3}(\.\d+)?$/.test(trimmed)) return fixedZone(Math.round(Number(trimmed) * 3600));
  const lower = trimmed.toLowerCase();
  const minutes = ABBREVIATIONS[lower];
  const fixed = minutes === undefined ? undefined : formatOffset(minutes * 60);
  if (fixed !== undefined && FIXED_NAMES.has(lower)) return { shown: trimmed.toUpperCase(), zone: fixed };
  const iana = ianaName(trimmed);
  if (iana !== undefined) {
    const same = iana.toLowerCase() === lower;
    return { shown: same ? iana : trimmed.length <= 4 ? trimmed.toUpperCase() : trimmed, zone: iana };
  }
  if (fixed !== undefined) return { shown: trimmed.toUpperCase(), zone: minutes === 0 ? 'UTC' : fixed };
  const posix = posixZone(trimmed, SETTING_POSIX);
  return posix === undefined ? undefined : { shown: trimmed, zone: posix };
}

/** A zone given by its distance east in seconds: shown as POSIX writes it, <-03>+03. */
export function fixedZone(east: number): SettingZone | undefined {
  if (Math.abs(east) > OFFSET_HOURS_MAX * 3600 + 3599) return undefined;
  const short = (seconds: number): string => formatOffset(seconds).replace(/:00$/, '');
  return { shown: `<${short(east)}>${short(-east || 0)}`, zone: formatOffset(east) };
}

const settingZones = new Map<string, string>();
/** Canonical zone of the setting's value; the setting only holds values that name one. Every statement asks. */
export function zoneOfSetting(value: string): string {
  let zone = settingZones.get(value);
  if (zone === undefined) {
    if (settingZones.size >= NAMES_MAX) settingZones.clear();
    zone = settingZone(value)?.zone ?? 'UTC';
    settingZones.set(value, zone);
  }
  return zone;
}
