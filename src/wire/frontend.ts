/**
 * Frontend messages: frame bodies decoded into values. Every read is checked against the body's end; a message that
 * lies about its own lengths is a protocol violation (08P01), never a read outside the body. Text is decoded strictly:
 * bytes that are no UTF-8 give 22021. Used by connection.ts.
 */
import { BufferReader } from 'pg-protocol/dist/buffer-reader.js';
import { invalidEncoding, protocolViolation } from '../common/errors/catalogue.ts';
import { PARAMETERS_MAX } from '../common/limits.ts';
import type { Frame } from './reader.ts';

/** Codes that stand where a start-up packet has its protocol version. */
export const SSL_REQUEST = 80877103;
export const GSSENC_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'parse'; readonly name: string; readonly text: string; readonly types: readonly number[] }
  | {
      readonly kind: 'bind';
      readonly portal: string;
      readonly statement: string;
      readonly formats: readonly number[];
      readonly values: readonly (Uint8Array | null)[];
      readonly resultFormats: readonly number[];
    }
  | { readonly kind: 'describe' | 'close'; readonly what: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'password'; readonly text: string }
  | { readonly kind: 'sync' | 'flush' | 'terminate' | 'copy' | 'function-call' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** pg-protocol's reader with every read checked against the end of the body. */
class BodyReader {
  private readonly reader = new BufferReader();
  private offset = 0;
  constructor(private readonly body: Buffer) {
    this.reader.setBuffer(0, body);
  }
  get atEnd(): boolean {
    return this.offset >= this.body.length;
  }
  private advance(length: number): void {
    if (length < 0 || this.offset + length > this.body.length) {
      throw protocolViolation('insufficient data left in message');
    }
    this.offset += length;
  }
  byte(): number {
    this.advance(1);
    return this.reader.byte();
  }
  int16(): number {
    this.advance(2);
    return this.reader.int16();
  }
  uint16(): number {
    return this.int16() & 0xffff;
  }
  int32(): number {
    this.advance(4);
    return this.reader.int32();
  }
  uint32(): number {
    this.advance(4);
    return this.reader.uint32();
  }
  take(length: number): Buffer {
    this.advance(length);
    return this.reader.bytes(length);
  }
  text(): string {
    const end = this.body.indexOf(0, this.offset);
    if (end < 0) throw protocolViolation('invalid string in message');
    return decodeText(this.take(end - this.offset + 1).subarray(0, -1));
  }
  list<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidEncoding(firstInvalidByte(bytes));
  }
}

/** The byte a strict decoder stops at, printed as Postgres does. */
function firstInvalidByte(bytes: Uint8Array): string {
  const good = new TextEncoder().encode(new TextDecoder().decode(bytes));
  let i = 0;
  while (i < bytes.length && bytes[i] === good[i]) i++;
  return `0x${(bytes[i] ?? 0).toString(16).padStart(2, '0')}`;
}

/** Start-up parameters: name and value pairs behind the protocol code. */
export function decodeStartup(body: Buffer): Map<string, string> {
  const reader = new BodyReader(body.subarray(4));
  const parameters = new Map<string, string>();
  while (!reader.atEnd) {
    const name = reader.text();
    if (name === '') break;
    parameters.set(name, reader.text());
  }
  return parameters;
}

/** The answer to authentication 13, message 'd': int32 length and digest, int32 length and the client's nonce. */
export function decodeDigestAnswer(frame: Frame): { digest: Uint8Array; nonce: Uint8Array } | undefined {
  if (String.fromCharCode(frame.type) !== 'd') return undefined;
  const reader = new BodyReader(frame.body);
  return { digest: reader.take(reader.int32()), nonce: reader.take(reader.int32()) };
}

function decodeBind(reader: BodyReader): FrontendMessage {
  const portal = reader.text();
  const statement = reader.text();
  const formats = reader.list(reader.uint16(), () => reader.int16());
  const count = reader.uint16();
  if (count > PARAMETERS_MAX) throw protocolViolation(`bind message has ${count} parameters`);
  const values = reader.list(count, () => {
    const length = reader.int32();
    return length < 0 ? null : reader.take(length);
  });
  const resultFormats = reader.list(reader.uint16(), () => reader.int16());
  for (const format of [...formats, ...resultFormats]) {
    if (format !== 0 && format !== 1) throw protocolViolation(`unsupported format code: ${format}`);
  }
  if (formats.length > 1 && formats.length !== count) {
    throw protocolViolation(`bind message has ${formats.length} parameter formats but ${count} parameters`);
  }
  return { kind: 'bind', portal, statement, formats, values, resultFormats };
}

function decodeTarget(kind: 'describe' | 'close', reader: BodyReader): FrontendMessage {
  const code = String.fromCharCode(reader.byte());
  if (code !== 'S' && code !== 'P') throw protocolViolation(`invalid ${kind.toUpperCase()} message subtype`);
  return { kind, what: code === 'S' ? 'statement' : 'portal', name: reader.text() };
}

/** A typed frame as a message. Throws 08P01 for an unknown type or a malformed body. */
export function decodeMessage(frame: Frame): FrontendMessage {
  const reader = new BodyReader(frame.body);
  switch (String.fromCharCode(frame.type)) {
    case 'Q':
      return { kind: 'query', text: reader.text() };
    case 'P': {
      const name = reader.text();
      const text = reader.text();
      return { kind: 'parse', name, text, types: reader.list(reader.uint16(), () => reader.uint32()) };
    }
    case 'B':
      return decodeBind(reader);
    case 'D':
      return decodeTarget('describe', reader);
    case 'C':
      return decodeTarget('close', reader);
    case 'E':
      return { kind: 'execute', portal: reader.text(), maxRows: Math.max(0, reader.int32()) };
    case 'S':
      return { kind: 'sync' };
    case 'H':
      return { kind: 'flush' };
    case 'X':
      return { kind: 'terminate' };
    case 'p':
      return { kind: 'password', text: reader.text() };
    case 'd':
    case 'c':
    case 'f':
      return { kind: 'copy' };
    case 'F':
      return { kind: 'function-call' };
    default:
      throw protocolViolation(`invalid frontend message type ${frame.type}`);
  }
}
