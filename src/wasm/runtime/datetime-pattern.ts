/**
 * Patterns of to_char, to_date and to_timestamp: one scanner for every direction. `width` and `style` are return registers of
 * `nextPattern`: read them right after the call.
 */
export const F_LITERAL: i32 = 0;
export const F_YYYY: i32 = 1;
export const F_YYY: i32 = 2;
export const F_YY: i32 = 3;
export const F_Y: i32 = 4;
export const F_YCOMMA: i32 = 5;
export const F_IYYY: i32 = 6;
export const F_IYY: i32 = 7;
export const F_IY: i32 = 8;
export const F_I: i32 = 9;
export const F_Q: i32 = 10;
export const F_MONTH: i32 = 11;
export const F_MON: i32 = 12;
export const F_MM: i32 = 13;
export const F_RM: i32 = 14;
export const F_W: i32 = 15;
export const F_WW: i32 = 16;
export const F_IW: i32 = 17;
export const F_DAY: i32 = 18;
export const F_DY: i32 = 19;
export const F_DDD: i32 = 20;
export const F_IDDD: i32 = 21;
export const F_DD: i32 = 22;
export const F_D: i32 = 23;
export const F_ID: i32 = 24;
export const F_J: i32 = 25;
export const F_HH24: i32 = 26;
export const F_HH12: i32 = 27;
export const F_MI: i32 = 28;
export const F_SS: i32 = 29;
export const F_MS: i32 = 30;
export const F_US: i32 = 31;
export const F_AM: i32 = 32;
export const F_AMDOT: i32 = 33;
export const F_BC: i32 = 34;
export const F_BCDOT: i32 = 35;
export const F_CC: i32 = 36;
export const F_TZ: i32 = 37;
export const F_OF: i32 = 38;
export const F_FM: i32 = 39;
export const F_SSSS: i32 = 40;
export const F_TH: i32 = 41;

export let width: i32 = 0;
/** Case of the pattern's letters: 0 lower, 1 first upper, 2 all upper. */
export let style: i32 = 0;
/** Whether the format at p starts with the word (any case). */
function at(p: i32, end: i32, word: u64, n: i32): bool {
  if (p + n > end) return false;
  for (let i = 0; i < n; i++) {
    let c = <u64>load<u8>(p + i);
    if (c >= 97 && c <= 122) c -= 32;
    if (c != ((word >>> (<u64>i * 8)) & 0xff)) return false;
  }
  width = n;
  const a = load<u8>(p);
  const b = n > 1 ? load<u8>(p + 1) : a;
  style = a >= 97 ? 0 : b >= 97 && b <= 122 ? 1 : 2;
  return true;
}
export function nextPattern(p: i32, end: i32): i32 {
  const c = load<u8>(p) & 0xdf;
  if (c == 89) {
    if (at(p, end, WORD("YYYY"), 4)) return F_YYYY;
    if (at(p, end, WORD("Y,YYY"), 5)) return F_YCOMMA;
    if (at(p, end, WORD("YYY"), 3)) return F_YYY;
    if (at(p, end, WORD("YY"), 2)) return F_YY;
    width = 1;
    return F_Y;
  }
  if (c == 77) {
    if (at(p, end, WORD("MONTH"), 5)) return F_MONTH;
    if (at(p, end, WORD("MON"), 3)) return F_MON;
    if (at(p, end, WORD("MM"), 2)) return F_MM;
    if (at(p, end, WORD("MI"), 2)) return F_MI;
    if (at(p, end, WORD("MS"), 2)) return F_MS;
  } else if (c == 68) {
    if (at(p, end, WORD("DAY"), 3)) return F_DAY;
    if (at(p, end, WORD("DDD"), 3)) return F_DDD;
    if (at(p, end, WORD("DD"), 2)) return F_DD;
    if (at(p, end, WORD("DY"), 2)) return F_DY;
    if (at(p, end, WORD("D"), 1)) return F_D;
  } else if (c == 72) {
    if (at(p, end, WORD("HH24"), 4)) return F_HH24;
    if (at(p, end, WORD("HH12"), 4)) return F_HH12;
    if (at(p, end, WORD("HH"), 2)) return F_HH12;
  } else if (c == 73) {
    if (at(p, end, WORD("IYYY"), 4)) return F_IYYY;
    if (at(p, end, WORD("IDDD"), 4)) return F_IDDD;
    if (at(p, end, WORD("IYY"), 3)) return F_IYY;
    if (at(p, end, WORD("IY"), 2)) return F_IY;
    if (at(p, end, WORD("IW"), 2)) return F_IW;
    if (at(p, end, WORD("ID"), 2)) return F_ID;
    if (at(p, end, WORD("I"), 1)) return F_I;
  }
  return otherPattern(p, end, c);
}
function otherPattern(p: i32, end: i32, c: i32): i32 {
  if (c == 83) {
    if (at(p, end, WORD("SSSS"), 4)) return F_SSSS;
    if (at(p, end, WORD("SS"), 2)) return F_SS;
  } else if (c == 65 || c == 80 || c == 66) {
    if (at(p, end, WORD("A.M."), 4) || at(p, end, WORD("P.M."), 4)) return F_AMDOT;
    if (at(p, end, WORD("AM"), 2) || at(p, end, WORD("PM"), 2)) return F_AM;
    if (at(p, end, WORD("A.D."), 4) || at(p, end, WORD("B.C."), 4)) return F_BCDOT;
    if (at(p, end, WORD("AD"), 2) || at(p, end, WORD("BC"), 2)) return F_BC;
  } else if (c == 87) {
    if (at(p, end, WORD("WW"), 2)) return F_WW;
    if (at(p, end, WORD("W"), 1)) return F_W;
  } else if (c == 84) {
    if (at(p, end, WORD("TZ"), 2)) return F_TZ;
    if (at(p, end, WORD("TH"), 2)) return F_TH;
  } else if (at(p, end, WORD("Q"), 1)) return F_Q;
  else if (at(p, end, WORD("US"), 2)) return F_US;
  else if (at(p, end, WORD("RM"), 2)) return F_RM;
  else if (at(p, end, WORD("CC"), 2)) return F_CC;
  else if (at(p, end, WORD("OF"), 2)) return F_OF;
  else if (at(p, end, WORD("FM"), 2)) return F_FM;
  else if (at(p, end, WORD("J"), 1)) return F_J;
  width = 1;
  return F_LITERAL;
}
