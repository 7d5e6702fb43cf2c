/**
 * The text a regular expression is matched against: whether an instruction takes a character, and whether a place in the
 * text is what an instruction asks for. Both matchers (regex.ts, regex-backtrack.ts) ask here.
 */
import { toLower, toUpper } from './letter-case.ts';
import {
  OP_ANY, OP_BEGIN, OP_CHAR, OP_END, OP_LAST, OP_LINE_BEGIN, OP_LINE_END, OP_NOT_NEWLINE, OP_NOT_WORD, OP_WORD, programSets,
} from './regex-program.ts';

export let text: i32 = 0;
export let textEnd: i32 = 0;
export let insensitive: bool = false;

export function startText(from: i32, n: i32, folded: bool): void {
  text = from;
  textEnd = from + n;
  insensitive = folded;
}
function wordAt(p: i32): bool {
  if (p < text || p >= textEnd) return false;
  const c = load<u8>(p);
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c == 95 || (c >= 97 && c <= 122);
}
function setHas(s: i32, c: u32): bool {
  const n = load<i32>(s);
  for (let i = 0; i < n; i++) {
    if (c >= load<u32>(s + 8 + i * 8) && c <= load<u32>(s + 12 + i * 8)) return true;
  }
  return false;
}
/** Whether the instruction at i, one that takes a character, takes c. */
export function accepts(i: i32, c: u32): bool {
  const op = load<i32>(i);
  const a = load<u32>(i, 4);
  if (op == OP_ANY) return true;
  if (op == OP_NOT_NEWLINE) return c != 10;
  const folded = insensitive || load<i32>(i, 8) != 0;
  if (op == OP_CHAR) return a == c || (folded && toLower(a) == toLower(c));
  const s = programSets + <i32>a;
  const hit = setHas(s, c) || (folded && (setHas(s, toLower(c)) || setHas(s, toUpper(c))));
  return hit != (load<i32>(s, 4) != 0);
}
export function isAssertion(op: i32): bool {
  return (op >= OP_BEGIN && op <= OP_NOT_WORD) || (op >= OP_LAST && op <= OP_LINE_END);
}
/** Whether p is the place that an instruction without a character asks for. */
export function holds(op: i32, p: i32): bool {
  if (op == OP_BEGIN) return p == text;
  if (op == OP_END) return p == textEnd;
  if (op == OP_LAST) return p == textEnd || (p + 1 == textEnd && load<u8>(p) == 10);
  if (op == OP_LINE_BEGIN) return p == text || load<u8>(p - 1) == 10;
  if (op == OP_LINE_END) return p == textEnd || load<u8>(p) == 10;
  return (wordAt(p - 1) != wordAt(p)) == (op == OP_WORD);
}
