/**
 * Named time zones for convert_timezone, AT TIME ZONE and zone words in timestamp text: fixed abbreviations, numeric and
 * POSIX offsets (NAME+2 is WEST of UTC), and IANA names by their current standard offset and daylight-saving rule.
 * Rules: 1 United States (the rules of 1967, 1976, 1987 and 2007), 2 European Union (1981 on), 3 south-east Australia,
 * 4 New Zealand. The session zone does not come through here: it has its own transition table.
 */
import { DAY_US, dayOf, dayOfWeek, daysFromCivil, civil, HOUR_US, MINUTE_US, YEAR } from './calendar.ts';
import { nameHash } from './text-hash.ts';

/** Return register of zoneByName: the standard offset in minutes east. */
export let ZONE_MINUTES: i32 = 0;

/** Rule number (0 = fixed offset) or -1 for an unknown name; offset in ZONE_MINUTES. */
export function zoneByName(p: i32, n: i32, posix: bool): i32 {
  const h = nameHash(p, n);
  const word = abbreviation(h);
  if (word != NONE) {
    ZONE_MINUTES = word;
    return 0;
  }
  const rule = ianaZone(h);
  if (rule >= 0) return rule;
  return offsetZone(p, n, posix);
}
const NONE: i32 = -99999;
function abbreviation(h: u64): i32 {
  if (h == HASH("utc") || h == HASH("gmt") || h == HASH("z") || h == HASH("zulu") || h == HASH("ut") || h == HASH("uct")) return 0;
  if (h == HASH("wet")) return 0;
  if (h == HASH("bst") || h == HASH("cet") || h == HASH("west") || h == HASH("met")) return 60;
  if (h == HASH("cest") || h == HASH("eet") || h == HASH("mest") || h == HASH("sast")) return 120;
  if (h == HASH("eest") || h == HASH("msk")) return 180;
  if (h == HASH("msd")) return 240;
  if (h == HASH("pkt")) return 300;
  if (h == HASH("ist")) return 330;
  if (h == HASH("npt")) return 345;
  if (h == HASH("ict")) return 420;
  if (h == HASH("sgt") || h == HASH("hkt") || h == HASH("awst") || h == HASH("pht")) return 480;
  if (h == HASH("jst") || h == HASH("kst")) return 540;
  if (h == HASH("acst")) return 570;
  if (h == HASH("aest")) return 600;
  if (h == HASH("acdt")) return 630;
  if (h == HASH("aedt")) return 660;
  if (h == HASH("nzst")) return 720;
  if (h == HASH("nzdt")) return 780;
  if (h == HASH("brst")) return -120;
  if (h == HASH("ndt")) return -150;
  if (h == HASH("adt") || h == HASH("brt") || h == HASH("art") || h == HASH("clst")) return -180;
  if (h == HASH("nst")) return -210;
  if (h == HASH("ast") || h == HASH("edt") || h == HASH("clt")) return -240;
  if (h == HASH("est") || h == HASH("cdt")) return -300;
  if (h == HASH("cst") || h == HASH("mdt")) return -360;
  if (h == HASH("mst") || h == HASH("pdt")) return -420;
  if (h == HASH("pst") || h == HASH("akdt")) return -480;
  if (h == HASH("akst")) return -540;
  if (h == HASH("hst")) return -600;
  return NONE;
}
// @ts-ignore: decorator
@inline
function zone(minutes: i32, rule: i32): i32 {
  ZONE_MINUTES = minutes;
  return rule;
}
function ianaZone(h: u64): i32 {
  const america = americanZone(h);
  if (america >= 0) return america;
  const europe = europeanZone(h);
  if (europe >= 0) return europe;
  if (h == HASH("etc/utc") || h == HASH("etc/gmt") || h == HASH("universal") || h == HASH("greenwich")) return zone(0, 0);
  if (h == HASH("africa/abidjan") || h == HASH("africa/accra") || h == HASH("africa/dakar")) return zone(0, 0);
  if (h == HASH("africa/lagos") || h == HASH("africa/algiers") || h == HASH("africa/tunis")) return zone(60, 0);
  if (h == HASH("africa/johannesburg") || h == HASH("africa/harare") || h == HASH("africa/maputo")) return zone(120, 0);
  if (h == HASH("africa/nairobi") || h == HASH("africa/addis_ababa") || h == HASH("africa/kampala")) return zone(180, 0);
  if (h == HASH("asia/baghdad") || h == HASH("asia/riyadh") || h == HASH("asia/kuwait") || h == HASH("asia/qatar")) return zone(180, 0);
  if (h == HASH("asia/dubai") || h == HASH("asia/muscat") || h == HASH("asia/baku") || h == HASH("asia/yerevan")) return zone(240, 0);
  if (h == HASH("asia/kabul")) return zone(270, 0);
  if (h == HASH("asia/karachi") || h == HASH("asia/tashkent")) return zone(300, 0);
  if (h == HASH("asia/kolkata") || h == HASH("asia/calcutta") || h == HASH("asia/colombo")) return zone(330, 0);
  if (h == HASH("asia/kathmandu") || h == HASH("asia/katmandu")) return zone(345, 0);
  if (h == HASH("asia/dhaka") || h == HASH("asia/thimphu")) return zone(360, 0);
  if (h == HASH("asia/yangon") || h == HASH("asia/rangoon")) return zone(390, 0);
  if (h == HASH("asia/bangkok") || h == HASH("asia/jakarta") || h == HASH("asia/ho_chi_minh") || h == HASH("asia/saigon")) return zone(420, 0);
  if (h == HASH("asia/shanghai") || h == HASH("asia/hong_kong") || h == HASH("asia/singapore") || h == HASH("asia/taipei")) return zone(480, 0);
  if (h == HASH("asia/manila") || h == HASH("asia/kuala_lumpur") || h == HASH("australia/perth") || h == HASH("prc")) return zone(480, 0);
  if (h == HASH("hongkong") || h == HASH("singapore") || h == HASH("asia/macau")) return zone(480, 0);
  if (h == HASH("asia/tokyo") || h == HASH("asia/seoul") || h == HASH("japan") || h == HASH("rok")) return zone(540, 0);
  if (h == HASH("australia/darwin")) return zone(570, 0);
  if (h == HASH("australia/adelaide") || h == HASH("australia/south")) return zone(570, 3);
  if (h == HASH("australia/brisbane") || h == HASH("australia/queensland") || h == HASH("pacific/guam")) return zone(600, 0);
  if (h == HASH("australia/sydney") || h == HASH("australia/melbourne") || h == HASH("australia/hobart")) return zone(600, 3);
  if (h == HASH("australia/canberra") || h == HASH("australia/act") || h == HASH("australia/nsw")) return zone(600, 3);
  if (h == HASH("pacific/auckland") || h == HASH("nz") || h == HASH("antarctica/mcmurdo")) return zone(720, 4);
  if (h == HASH("pacific/honolulu") || h == HASH("us/hawaii")) return zone(-600, 0);
  return -1;
}
function americanZone(h: u64): i32 {
  if (h == HASH("us/eastern") || h == HASH("america/new_york") || h == HASH("est5edt") || h == HASH("america/detroit")) return zone(-300, 1);
  if (h == HASH("america/toronto") || h == HASH("canada/eastern") || h == HASH("america/montreal")) return zone(-300, 1);
  if (h == HASH("us/east-indiana") || h == HASH("america/indianapolis") || h == HASH("us/michigan")) return zone(-300, 1);
  if (h == HASH("us/central") || h == HASH("america/chicago") || h == HASH("cst6cdt") || h == HASH("america/winnipeg")) return zone(-360, 1);
  if (h == HASH("canada/central")) return zone(-360, 1);
  if (h == HASH("us/mountain") || h == HASH("america/denver") || h == HASH("mst7mdt") || h == HASH("america/edmonton")) return zone(-420, 1);
  if (h == HASH("america/boise") || h == HASH("canada/mountain") || h == HASH("navajo")) return zone(-420, 1);
  if (h == HASH("us/pacific") || h == HASH("america/los_angeles") || h == HASH("pst8pdt") || h == HASH("america/vancouver")) return zone(-480, 1);
  if (h == HASH("us/pacific-new") || h == HASH("canada/pacific") || h == HASH("america/tijuana")) return zone(-480, 1);
  if (h == HASH("us/alaska") || h == HASH("america/anchorage") || h == HASH("america/juneau")) return zone(-540, 1);
  if (h == HASH("america/halifax") || h == HASH("canada/atlantic") || h == HASH("atlantic/bermuda")) return zone(-240, 1);
  if (h == HASH("america/st_johns") || h == HASH("canada/newfoundland")) return zone(-210, 1);
  if (h == HASH("us/arizona") || h == HASH("america/phoenix")) return zone(-420, 0);
  if (h == HASH("america/regina") || h == HASH("america/costa_rica") || h == HASH("america/guatemala")) return zone(-360, 0);
  if (h == HASH("america/panama") || h == HASH("america/jamaica") || h == HASH("america/bogota") || h == HASH("america/lima")) return zone(-300, 0);
  if (h == HASH("america/puerto_rico") || h == HASH("america/la_paz") || h == HASH("america/caracas")) return zone(-240, 0);
  if (h == HASH("america/argentina/buenos_aires") || h == HASH("america/buenos_aires")) return zone(-180, 0);
  return -1;
}
function europeanZone(h: u64): i32 {
  if (h == HASH("europe/london") || h == HASH("gb") || h == HASH("europe/dublin") || h == HASH("europe/lisbon")) return zone(0, 2);
  if (h == HASH("portugal") || h == HASH("europe/belfast") || h == HASH("atlantic/canary")) return zone(0, 2);
  if (h == HASH("atlantic/reykjavik") || h == HASH("iceland")) return zone(0, 0);
  if (h == HASH("europe/berlin") || h == HASH("europe/paris") || h == HASH("europe/madrid") || h == HASH("europe/rome")) return zone(60, 2);
  if (h == HASH("europe/vienna") || h == HASH("europe/zurich") || h == HASH("europe/amsterdam")) return zone(60, 2);
  if (h == HASH("europe/brussels") || h == HASH("europe/copenhagen") || h == HASH("europe/oslo")) return zone(60, 2);
  if (h == HASH("europe/stockholm") || h == HASH("europe/prague") || h == HASH("europe/warsaw") || h == HASH("poland")) return zone(60, 2);
  if (h == HASH("europe/budapest") || h == HASH("europe/belgrade") || h == HASH("europe/luxembourg")) return zone(60, 2);
  if (h == HASH("europe/athens") || h == HASH("europe/helsinki") || h == HASH("europe/bucharest")) return zone(120, 2);
  if (h == HASH("europe/sofia") || h == HASH("europe/kiev") || h == HASH("europe/kyiv") || h == HASH("europe/vilnius")) return zone(120, 2);
  if (h == HASH("europe/riga") || h == HASH("europe/tallinn")) return zone(120, 2);
  if (h == HASH("europe/moscow") || h == HASH("europe/istanbul") || h == HASH("europe/minsk") || h == HASH("turkey")) return zone(180, 0);
  return -1;
}
/** "+02:30", "-7" (east positive), and POSIX "NAME+2", "NAME-2:15" (west positive). */
function offsetZone(p: i32, n: i32, posix: bool): i32 {
  let i = 0;
  while (i < n && load<u8>(p + i) == 32) i++;
  const start = i;
  while (i < n && isNamePart(load<u8>(p + i))) i++;
  const named = i > start;
  if (named && (!posix || i - start < 3)) return -1;
  if (i >= n) return -1;
  let negative = false;
  const sign = load<u8>(p + i);
  if (sign == 43 || sign == 45) {
    negative = sign == 45;
    i++;
  } else if (named) return -1;
  let hours = 0;
  let minutes = 0;
  let digits = 0;
  while (i < n && load<u8>(p + i) >= 48 && load<u8>(p + i) <= 57) {
    hours = hours * 10 + load<u8>(p + i) - 48;
    digits++;
    i++;
  }
  if (digits == 0 || digits > 4) return -1;
  if (digits > 2) {
    minutes = hours % 100;
    hours /= 100;
  }
  if (i + 2 < n && load<u8>(p + i) == 58) {
    minutes = (load<u8>(p + i + 1) - 48) * 10 + load<u8>(p + i + 2) - 48;
    i += 3;
  }
  if (hours > 167 || minutes > 59 || minutes < 0) return -1;
  let total = hours * 60 + minutes;
  if (negative) total = -total;
  ZONE_MINUTES = named ? -total : total;
  return 0;
}
function isNamePart(c: u8): bool {
  return (c | 32) >= 97 && (c | 32) <= 122 || c == 95 || c == 47;
}
/** n-th (1..) or last (0) Sunday of a month as a day number. */
function sunday(year: i32, month: i32, n: i32): i32 {
  if (n == 0) {
    const last = daysFromCivil(year, month + 1, 1) - 1;
    return last - dayOfWeek(last);
  }
  const first = daysFromCivil(year, month, 1);
  return first + ((7 - dayOfWeek(first)) % 7) + (n - 1) * 7;
}
/** Whether daylight saving holds at a UTC instant. */
function daylight(rule: i32, standard: i64, utc: i64): bool {
  civil(dayOf(utc + standard));
  const y = YEAR;
  let from: i64;
  let to: i64;
  if (rule == 1) {
    if (y < 1967) return false;
    const start = y >= 2007 ? sunday(y, 3, 2) : y >= 1987 ? sunday(y, 4, 1) : sunday(y, 4, 0);
    const end = y >= 2007 ? sunday(y, 11, 1) : sunday(y, 10, 0);
    from = start * DAY_US + 2 * HOUR_US - standard;
    to = end * DAY_US + HOUR_US - standard;
    return utc >= from && utc < to;
  }
  if (rule == 2) {
    if (y < 1981) return false;
    from = sunday(y, 3, 0) * DAY_US + HOUR_US;
    to = (y < 1996 ? sunday(y, 9, 0) : sunday(y, 10, 0)) * DAY_US + HOUR_US;
    return utc >= from && utc < to;
  }
  const spring = rule == 4 ? (y >= 2007 ? sunday(y, 9, 0) : sunday(y, 10, 1)) : y >= 2008 ? sunday(y, 10, 1) : sunday(y, 10, 0);
  const autumn = y >= 2008 ? sunday(y, 4, 1) : rule == 4 ? sunday(y, 3, 3) : sunday(y, 3, 0);
  from = spring * DAY_US + 2 * HOUR_US - standard;
  to = autumn * DAY_US + 2 * HOUR_US - standard;
  return utc >= from || utc < to;
}
export function namedOffsetAt(rule: i32, minutes: i32, utc: i64): i64 {
  const standard = <i64>minutes * MINUTE_US;
  if (rule <= 0) return standard;
  return daylight(rule, standard, utc) ? standard + HOUR_US : standard;
}
export function namedLocalToUtc(rule: i32, minutes: i32, local: i64): i64 {
  const standard = <i64>minutes * MINUTE_US;
  if (rule <= 0) return local - standard;
  const summer = local - standard - HOUR_US;
  if (namedOffsetAt(rule, minutes, summer) == standard + HOUR_US) return summer;
  return local - standard;
}
