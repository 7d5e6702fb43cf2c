/**
 * The folded form of a text, which is what counts of it under the collation case_insensitive: every character in lower case,
 * as LOWER has it. The leader's twin of the kernel str_fold (wasm/runtime/collation.ts, letter-case.ts); a test holds them
 * together over every character.
 */
/** [first, last, distance to the lower case] of capitals in a row. */
const ROWS: readonly (readonly [number, number, number])[] = [
  [0x41, 0x5a, 32],
  [0xc0, 0xd6, 32],
  [0xd8, 0xde, 32],
  [0x388, 0x38a, 37],
  [0x391, 0x3a1, 32],
  [0x3a3, 0x3ab, 32],
  [0x400, 0x40f, 80],
  [0x410, 0x42f, 32],
  [0x531, 0x556, 48],
  [0xff21, 0xff3a, 32],
];
/** [first, last] where a capital stands before its small letter. */
const PAIRS: readonly (readonly [number, number])[] = [
  [0x100, 0x12f],
  [0x132, 0x137],
  [0x139, 0x148],
  [0x14a, 0x177],
  [0x179, 0x17e],
  [0x1cd, 0x1dc],
  [0x1de, 0x1ef],
  [0x1f8, 0x21f],
  [0x222, 0x233],
  [0x246, 0x24f],
  [0x3d8, 0x3ef],
  [0x460, 0x481],
  [0x48a, 0x4bf],
  [0x4c1, 0x4ce],
  [0x4d0, 0x52f],
  [0x1e00, 0x1e95],
  [0x1ea0, 0x1eff],
];
const SINGLE: readonly (readonly [number, number])[] = [
  [0x130, 0x69],
  [0x178, 0xff],
  [0x386, 0x3ac],
  [0x38c, 0x3cc],
  [0x38e, 0x3cd],
  [0x38f, 0x3ce],
  [0x4c0, 0x4cf],
  [0x1e9e, 0xdf],
];

function lowerCases(): ReadonlyMap<string, string> {
  const found = new Map<number, number>();
  for (const [from, to, distance] of ROWS) for (let c = from; c <= to; c++) found.set(c, c + distance);
  for (const [from, to] of PAIRS) for (let c = from; c < to; c += 2) found.set(c, c + 1);
  for (const [c, lower] of SINGLE) if (!found.has(c)) found.set(c, lower);
  return new Map([...found].map(([c, lower]) => [String.fromCharCode(c), String.fromCharCode(lower)]));
}
let lower: ReadonlyMap<string, string> | undefined;

/** All capitals are among the first 65,536 characters. */
export function foldCase(text: string): string {
  // Nothing but ASCII.
  if (!/[^\0-\x7f]/.test(text)) return text.toLowerCase();
  const map = (lower ??= lowerCases());
  return text.replace(/[A-Z\x80-\uffff]/g, (c) => map.get(c) ?? c);
}
