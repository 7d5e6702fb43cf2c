/**
 * ENCODING: text of other encodings becomes UTF-8 while it is read. UTF-16 without an order of bytes needs a byte order mark,
 * and a mark that contradicts the option says that the file is of another encoding (load error 1221). A half of a
 * surrogate pair alone becomes the three bytes that UTF-8 forbids, so that the scanner refuses or replaces it.
 */
import type { ByteSource } from '../load-format.ts';

export type TextEncoding = 'utf8' | 'utf16' | 'utf16le' | 'utf16be' | 'iso88591';
export const TEXT_ENCODINGS: readonly TextEncoding[] = ['utf8', 'utf16', 'utf16le', 'utf16be', 'iso88591'];

const RAW_BYTES = 64 * 1024;
/** Bytes of UTF-8 that two bytes of input become at most; a code unit alone three. */
const UTF8_BYTES_PER_UNIT = 3;

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** Writes a character's UTF-8 and gives the end. */
function encode(into: Uint8Array, at: number, code: number): number {
  if (code < 0x80) into[at++] = code;
  else if (code < 0x800) {
    into[at++] = 0xc0 | (code >> 6);
    into[at++] = 0x80 | (code & 63);
  } else {
    if (code < 0x10000) into[at++] = 0xe0 | (code >> 12);
    else {
      into[at++] = 0xf0 | (code >> 18);
      into[at++] = 0x80 | ((code >> 12) & 63);
    }
    into[at++] = 0x80 | ((code >> 6) & 63);
    into[at++] = 0x80 | (code & 63);
  }
  return at;
}

export class TranscodedSource implements ByteSource {
  /** The file is of another encoding; nothing of it is given. */
  isMismatched = false;
  private readonly raw = Buffer.alloc(RAW_BYTES);
  private used = 0;
  private isAtStart = true;
  private isLittle: boolean;

  constructor(
    private readonly source: ByteSource,
    private readonly encoding: Exclude<TextEncoding, 'utf8'>,
  ) {
    this.isLittle = encoding !== 'utf16be';
  }
  read(into: Uint8Array): number | 'wait' {
    if (this.isMismatched) return 0;
    for (;;) {
      // So much fits into `into` whatever it becomes.
      const most = Math.min(RAW_BYTES, Math.floor(into.length / UTF8_BYTES_PER_UNIT));
      const n = this.used >= most ? 0 : this.source.read(this.raw.subarray(this.used, most));
      if (n === 'wait') return 'wait';
      const isLast = n === 0 && this.used < most;
      this.used += n;
      if (isLast && this.used === 0) return 0;
      const given = this.encoding === 'iso88591' ? this.fromLatin1(into) : this.fromUtf16(into, isLast);
      if (given > 0 || isLast || this.isMismatched) return given;
    }
  }
  private fromLatin1(into: Uint8Array): number {
    let to = 0;
    for (let i = 0; i < this.used; i++) to = encode(into, to, this.raw[i]!);
    this.used = 0;
    return to;
  }
  private unit(at: number): number {
    const [a, b] = [this.raw[at]!, this.raw[at + 1]!];
    return this.isLittle ? a | (b << 8) : (a << 8) | b;
  }
  /** Reads the mark; gives the bytes to skip, or undefined when the file is of another encoding. */
  private mark(): number | undefined {
    const isLittleMark = this.raw[0] === 0xff && this.raw[1] === 0xfe;
    const isBigMark = this.raw[0] === 0xfe && this.raw[1] === 0xff;
    if (this.encoding === 'utf16') {
      if (!isLittleMark && !isBigMark) return undefined;
      this.isLittle = isLittleMark;
      return 2;
    }
    if (this.isLittle ? isBigMark : isLittleMark) return undefined;
    return isLittleMark || isBigMark ? 2 : 0;
  }
  private fromUtf16(into: Uint8Array, isLast: boolean): number {
    let at = 0;
    if (this.isAtStart) {
      if (this.used < 2 && !isLast) return 0;
      const skip = this.used < 2 ? undefined : this.mark();
      if (skip === undefined) {
        this.isMismatched = true;
        return 0;
      }
      at = skip;
      this.isAtStart = false;
    }
    let to = 0;
    while (at + 2 <= this.used) {
      const unit = this.unit(at);
      if (!isHigh(unit)) {
        to = encode(into, to, unit);
        at += 2;
        continue;
      }
      if (at + 4 > this.used && !isLast) break;
      const next = at + 4 <= this.used ? this.unit(at + 2) : 0;
      const isPair = isLow(next);
      to = encode(into, to, isPair ? 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00) : unit);
      at += isPair ? 4 : 2;
    }
    // An odd byte at the end is no character.
    if (isLast && at < this.used) {
      to = encode(into, to, 0xdfff);
      at = this.used;
    }
    this.raw.copyWithin(0, at, this.used);
    this.used -= at;
    return to;
  }
  close(): void {
    this.source.close();
  }
}
