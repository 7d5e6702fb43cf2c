/**
 * Columns of a terminal that a text takes: two for East Asian wide characters and emoji, none for what combines.
 */
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ASCII = /^[\x20-\x7e]*$/;
/** East_Asian_Width W and F of Unicode 15, by script and block, and what is shown as an emoji. */
const WIDE =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{Emoji_Presentation}\u3000-\u303e\u3190-\u31ef\uff01-\uff60\uffe0-\uffe6]|.\ufe0f)/u;
const HALF = /^[\uff61-\uffdc\uffe8-\uffee]/;
const NONE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text))
    width += NONE.test(segment) ? 0 : WIDE.test(segment) && !HALF.test(segment) ? 2 : 1;
  return width;
}
const blanks = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text)));
export const padEnd = (text: string, width: number): string => text + blanks(text, width);
export const padStart = (text: string, width: number): string => blanks(text, width) + text;
export function centred(text: string, width: number): string {
  const left = Math.max(0, width - widthOf(text)) >> 1;
  return padEnd(' '.repeat(left) + text, width);
}
