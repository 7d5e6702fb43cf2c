/**
 * The zones there are, for pg_timezone_names: those that Intl lists, and the other names of the tz database, which Intl takes
 * without listing them. Abbreviations are timezone.ts's.
 */
import { formatOffset } from './timezone.ts';

/** By what they begin with. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '': `
    CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland
    Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC
    ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu
  `,
  'Africa/': `
    Asmara Timbuktu
  `,
  'America/': `
    Argentina/Buenos_Aires Argentina/Catamarca Argentina/ComodRivadavia Argentina/Cordoba Argentina/Jujuy
    Argentina/Mendoza Atikokan Atka Ensenada Fort_Wayne Indiana/Indianapolis Kentucky/Louisville Knox_IN
    Montreal Nipigon Nuuk Pangnirtung Porto_Acre Rainy_River Rosario Santa_Isabel Shiprock Thunder_Bay Virgin
    Yellowknife
  `,
  'Antarctica/': `
    South_Pole
  `,
  'Asia/': `
    Ashkhabad Choibalsan Chongqing Chungking Dacca Harbin Ho_Chi_Minh Istanbul Kashgar Kathmandu Kolkata Macao
    Tel_Aviv Thimbu Ujung_Pandang Ulan_Bator Yangon
  `,
  'Atlantic/': `
    Faroe Jan_Mayen
  `,
  'Australia/': `
    ACT Canberra Currie LHI NSW North Queensland South Tasmania Victoria West Yancowinna
  `,
  'Brazil/': `
    Acre DeNoronha East West
  `,
  'Canada/': `
    Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon
  `,
  'Chile/': `
    Continental EasterIsland
  `,
  'Etc/': `
    GMT GMT+0 GMT+1 GMT+10 GMT+11 GMT+12 GMT+2 GMT+3 GMT+4 GMT+5 GMT+6 GMT+7 GMT+8 GMT+9 GMT-0 GMT-1 GMT-10
    GMT-11 GMT-12 GMT-13 GMT-14 GMT-2 GMT-3 GMT-4 GMT-5 GMT-6 GMT-7 GMT-8 GMT-9 GMT0 Greenwich UCT UTC
    Universal Zulu
  `,
  'Europe/': `
    Belfast Kyiv Nicosia Tiraspol Uzhgorod Zaporozhye
  `,
  'Mexico/': `
    BajaNorte BajaSur General
  `,
  'Pacific/': `
    Chuuk Johnston Kanton Pohnpei Samoa Yap
  `,
  'US/': `
    Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific Samoa
  `,
};
const others = Object.entries(OTHER_NAMES).flatMap(([start, names]) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => start + name),
);

/** In the order of their bytes. */
export const zoneNames = (): readonly string[] =>
  [...new Set([...Intl.supportedValuesOf('timeZone'), ...others])].sort((a, b) => (a < b ? -1 : 1));

export interface ZoneToday {
  readonly abbreviation: string;
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly isDaylightSaving: boolean;
}
/** A locale abbreviates the zones of its own countries, and gives an offset for those of others. */
const LOCALES: Readonly<Record<string, string>> = {
  ...{ Africa: 'en-ZA', Asia: 'en-IN', Australia: 'en-AU', Canada: 'en-CA', Europe: 'en-GB', Pacific: 'en-NZ' },
};
const HALF_YEAR_MS = 182 * 86_400_000;

type Shown = (ms: number) => string;
function shown(zone: string, locale: string, timeZoneName: 'short' | 'longOffset'): Shown {
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName });
  return (ms) => format.formatToParts(ms).find((p) => p.type === 'timeZoneName')!.value;
}
function secondsOf(offset: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(offset) ?? [];
  const east = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -east : east;
}
function abbreviation(zone: string, ms: number): string | undefined {
  const own = LOCALES[zone.split('/')[0]!];
  for (const locale of own === undefined ? ['en-US', 'en-GB'] : [own, 'en-US']) {
    const name = shown(zone, locale, 'short')(ms);
    if (/^[A-Z]{3,5}$/.test(name)) return name;
  }
  return undefined;
}
/** A zone without letters of its own is called by its offset: -03, +0545. */
const offsetName = (offset: number): string => formatOffset(offset).replace(/:00$/, '').replace(':', '');

/** What the zone's clocks show at a moment. */
export function zoneAt(zone: string, ms: number): ZoneToday {
  const offsetAt = shown(zone, 'en-US', 'longOffset');
  const offset = secondsOf(offsetAt(ms));
  return {
    abbreviation: abbreviation(zone, ms) ?? offsetName(offset),
    offset,
    // Clocks are put forward in summer: half a year from it they show less.
    isDaylightSaving: offset > secondsOf(offsetAt(ms + HALF_YEAR_MS)),
  };
}
