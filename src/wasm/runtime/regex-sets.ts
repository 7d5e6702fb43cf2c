/**
 * Character sets of regular expressions: ranges, Perl's classes (\d \w \s and their opposites, \h and \v) and POSIX'
 * named ones, written one behind the other while a pattern is compiled. startSets begins a new pattern.
 *
 * A set: u32 count, u32 negated, then count x (lo, hi).
 */
export let sets: i32 = 0;
export let setsEnd: i32 = 0;

export function startSets(p: i32): void {
  sets = p;
  setsEnd = p;
}
/** Takes a set back that was opened and is not wanted. */
export function dropSet(s: i32): void {
  setsEnd = s;
}
export function openSet(): i32 {
  const s = setsEnd;
  store<i32>(s, 0);
  store<i32>(s, 0, 4);
  setsEnd += 8;
  return s;
}
export function range(s: i32, lo: u32, hi: u32): void {
  store<u32>(setsEnd, lo);
  store<u32>(setsEnd, hi, 4);
  setsEnd += 8;
  store<i32>(s, load<i32>(s) + 1);
}
export function perlClass(s: i32, c: u32): bool {
  switch (c) {
    case 100: range(s, 48, 57); return true;
    case 119:
      range(s, 48, 57);
      range(s, 65, 90);
      range(s, 95, 95);
      range(s, 97, 122);
      return true;
    case 115:
      range(s, 9, 13);
      range(s, 32, 32);
      return true;
    case 68:
      range(s, 0, 47);
      range(s, 58, 0x10ffff);
      return true;
    case 87:
      range(s, 0, 47);
      range(s, 58, 64);
      range(s, 91, 94);
      range(s, 96, 96);
      range(s, 123, 0x10ffff);
      return true;
    case 83:
      range(s, 0, 8);
      range(s, 14, 31);
      range(s, 33, 0x10ffff);
      return true;
    default: return false;
  }
}
/** \h, \v and their opposites, which only Perl has. */
export function spaceClass(s: i32, c: u32): bool {
  switch (c) {
    case 104:
      range(s, 9, 9);
      range(s, 32, 32);
      range(s, 160, 160);
      return true;
    case 118: range(s, 10, 13); return true;
    case 72:
      range(s, 0, 8);
      range(s, 10, 31);
      range(s, 33, 159);
      range(s, 161, 0x10ffff);
      return true;
    case 86:
      range(s, 0, 9);
      range(s, 14, 0x10ffff);
      return true;
    default: return false;
  }
}
export function controlChar(c: u32): u32 {
  return c == 110 ? 10 : c == 116 ? 9 : c == 114 ? 13 : c == 102 ? 12 : c == 118 ? 11 : c;
}
/** A POSIX class by its name of n bytes at p. */
export function namedClass(s: i32, p: i32, n: i32): bool {
  let w: u64 = 0;
  for (let i = 0; i < n && i < 8; i++) w |= <u64>load<u8>(p + i) << (i * 8);
  if (w == WORD("alpha") || w == WORD("alnum")) {
    range(s, 65, 90);
    range(s, 97, 122);
    if (w == WORD("alnum")) range(s, 48, 57);
  } else if (w == WORD("digit")) range(s, 48, 57);
  else if (w == WORD("lower")) range(s, 97, 122);
  else if (w == WORD("upper")) range(s, 65, 90);
  else if (w == WORD("space")) {
    range(s, 9, 13);
    range(s, 32, 32);
  } else if (w == WORD("blank")) {
    range(s, 9, 9);
    range(s, 32, 32);
  } else if (w == WORD("punct")) {
    range(s, 33, 47);
    range(s, 58, 64);
    range(s, 91, 96);
    range(s, 123, 126);
  } else if (w == WORD("cntrl")) {
    range(s, 0, 31);
    range(s, 127, 127);
  } else if (w == WORD("xdigit")) {
    range(s, 48, 57);
    range(s, 65, 70);
    range(s, 97, 102);
  } else if (w == WORD("print")) range(s, 32, 126);
  else if (w == WORD("graph")) range(s, 33, 126);
  else if (w == WORD("word")) return perlClass(s, 119);
  else return false;
  return true;
}
