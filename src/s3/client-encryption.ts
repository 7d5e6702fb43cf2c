/**
 * Encryption of objects on the client's side with a symmetric key, in the first format of S3's encryption client ("encryption
 * only"). Each object has a data key and an IV of its own:
 *
 *   body                               AES-256 CBC under the data key, padded by PKCS#5
 *   x-amz-key                          the data key under the master key: AES-256 ECB, padded by PKCS#5; Base64
 *   x-amz-iv                           16 bytes; Base64
 *   x-amz-matdesc                      JSON; {} where the key has no description
 *   x-amz-unencrypted-content-length   bytes before encryption; may be missing
 *
 * These are the object's metadata, or a JSON object in `<key>.instruction` beside it. CBC tells nothing of a body that was
 * changed, and of one that was cut only by its padding and the length above. Used where objects are opened and written.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  encryptedDamaged,
  envelopeNotRead,
  envelopePartMissing,
  envelopePartSize,
  instructionDamaged,
  wrongMasterKey,
} from '../common/errors/encryption-errors.ts';
import { systemClock } from '../common/clock.ts';
import type { ObjectReader, ObjectWriter } from './object-io.ts';

const KEY_BYTES = 32;
const IV_BYTES = 16;
const BLOCK_BYTES = 16;
/** A data key, padded. */
const WRAPPED_BYTES = 48;
const READ_BYTES = 256 * 1024;
const LENGTH = 'x-amz-unencrypted-content-length';
const INSTRUCTION = '.instruction';
export const INSTRUCTION_BYTES_MAX = 64 * 1024;
/** What other formats call the key. */
const OTHER_KEYS: Readonly<Record<string, string>> = {
  'x-amz-key-v2': 'of format 2 (x-amz-key-v2)',
  'x-amz-3': 'of format 3 (x-amz-3)',
};
export const instructionKey = (key: string): string => `${key}${INSTRUCTION}`;
/** The keys without the instruction files of others among them. */
export function withoutInstructions<T extends { readonly key: string }>(objects: readonly T[]): readonly T[] {
  const keys = new Set(objects.map((o) => o.key));
  return objects.filter(({ key }) => !key.endsWith(INSTRUCTION) || !keys.has(key.slice(0, -INSTRUCTION.length)));
}

/** Base64 of 256 bits, with its padding; undefined: it is none. */
export function masterKeyBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === KEY_BYTES && bytes.toString('base64') === text ? bytes : undefined;
}
const masterKey = (text: string): Buffer => masterKeyBytes(text)!;

// ---- reading ----

export type Metadata = Readonly<Record<string, string>>;
interface Envelope {
  readonly key: Buffer;
  readonly iv: Buffer;
  /** Of the text; undefined: not told. */
  readonly length: number | undefined;
}
/** An encrypted object as it is opened. */
export interface Sealed {
  /** `s3://bucket/key` */
  readonly name: string;
  readonly size: number;
  readonly metadata: Metadata | undefined;
  /** Its instruction file, at most INSTRUCTION_BYTES_MAX of it; undefined: there is none. */
  instruction(): Promise<Uint8Array | undefined>;
}

/** Whether the object's own metadata is of this format. */
export const isEncrypted = (metadata: Metadata | undefined): boolean => metadata?.['x-amz-key'] !== undefined;

async function envelopeOf(sealed: Sealed, master: string): Promise<Envelope> {
  const { name, size } = sealed;
  const metadata = sealed.metadata ?? {};
  const isTold = 'x-amz-key' in metadata || Object.keys(OTHER_KEYS).some((k) => k in metadata);
  const told = isTold ? metadata : { ...metadata, ...(await instructionsOf(sealed)) };
  const other = Object.keys(OTHER_KEYS).find((k) => k in told);
  if (other !== undefined) throw envelopeNotRead(`key ${OTHER_KEYS[other]}`, name);
  const [wrapped, iv] = [part(told, 'x-amz-key', 'key', name), part(told, 'x-amz-iv', 'key iv', name)];
  const cipher = told['x-amz-cek-alg'];
  if (cipher !== undefined && cipher !== 'AES/CBC/PKCS5Padding') throw envelopeNotRead(`by ${cipher}`, name);
  if (iv.length !== IV_BYTES) throw envelopePartSize('key iv', iv.length, IV_BYTES, name);
  if (wrapped.length !== WRAPPED_BYTES) throw envelopePartSize('key', wrapped.length, WRAPPED_BYTES, name);
  const key = unwrapped(wrapped, masterKey(master), name);
  const length = told[LENGTH] === undefined ? undefined : Number(told[LENGTH]);
  if (size === 0 || size % BLOCK_BYTES !== 0)
    throw encryptedDamaged(`its ${size} bytes are no whole blocks of ${BLOCK_BYTES}`, name);
  if (length !== undefined && encryptedBytes(length) !== size)
    throw encryptedDamaged(
      `it has ${size} bytes, not the ${encryptedBytes(length)} that its text has encrypted`,
      name,
    );
  return { key, iv, length };
}
function part(told: Metadata, header: string, what: string, name: string): Buffer {
  const text = told[header];
  if (text === undefined) throw envelopePartMissing(what, name);
  return Buffer.from(text, 'base64');
}
function unwrapped(wrapped: Buffer, master: Buffer, name: string): Buffer {
  const decipher = createDecipheriv('aes-256-ecb', master, null);
  let key: Buffer;
  try {
    key = Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    // Padding that is none.
    throw wrongMasterKey(name);
  }
  if (key.length !== KEY_BYTES) throw wrongMasterKey(name);
  return key;
}
async function instructionsOf({ instruction, name }: Sealed): Promise<Metadata> {
  const bytes = await instruction();
  if (bytes === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw instructionDamaged(name);
  }
  if (typeof json !== 'object' || json === null || Object.values(json).some((v) => typeof v !== 'string'))
    throw instructionDamaged(name);
  return json as Metadata;
}

/** The object's bytes before encryption. Closes `raw` when it cannot be decrypted. */
export async function decryptedReader(raw: ObjectReader, sealed: Sealed, master: string): Promise<ObjectReader> {
  try {
    return new DecryptedReader(raw, sealed.name, await envelopeOf(sealed, master));
  } catch (error) {
    await raw.close();
    throw error;
  }
}
class DecryptedReader implements ObjectReader {
  readonly traffic;
  private readonly decipher;
  private readonly input = Buffer.allocUnsafeSlow(READ_BYTES);
  private text: Buffer = Buffer.alloc(0);
  private isEnded = false;
  private given = 0;
  constructor(
    private readonly raw: ObjectReader,
    private readonly name: string,
    private readonly envelope: Envelope,
  ) {
    this.traffic = raw.traffic;
    this.decipher = createDecipheriv('aes-256-cbc', envelope.key, envelope.iv);
  }
  async read(into: Uint8Array): Promise<number> {
    while (this.text.length === 0) {
      if (this.isEnded) return 0;
      await this.more();
    }
    const n = Math.min(into.length, this.text.length);
    into.set(this.text.subarray(0, n));
    this.text = this.text.subarray(n);
    return n;
  }
  private async more(): Promise<void> {
    const n = await this.raw.read(this.input);
    const start = systemClock.monotonicMs();
    if (n === 0) this.end();
    else this.text = this.decipher.update(this.input.subarray(0, n));
    this.given += this.text.length;
    this.traffic.packMicros += (systemClock.monotonicMs() - start) * 1000;
    const { length } = this.envelope;
    if (this.isEnded && length !== undefined && this.given !== length)
      throw encryptedDamaged(`its text has ${this.given} bytes instead of ${length}`, this.name);
  }
  private end(): void {
    this.isEnded = true;
    try {
      this.text = this.decipher.final();
    } catch {
      throw encryptedDamaged('its last block is not padded', this.name);
    }
  }
  close(): Promise<void> {
    return this.raw.close();
  }
}

// ---- writing ----

/** Bytes of an object by those of its text. */
export const encryptedBytes = (length: number): number => (Math.floor(length / BLOCK_BYTES) + 1) * BLOCK_BYTES;

/** An object's cipher, and the metadata it wants when it is through. */
function encryption(master: string): {
  readonly cipher: ReturnType<typeof createCipheriv>;
  metadata(length: number): Metadata;
} {
  const [key, iv] = [randomBytes(KEY_BYTES), randomBytes(IV_BYTES)];
  const wrap = createCipheriv('aes-256-ecb', masterKey(master), null);
  const wrapped = Buffer.concat([wrap.update(key), wrap.final()]);
  return {
    cipher: createCipheriv('aes-256-cbc', key, iv),
    metadata: (length) => ({
      'x-amz-key': wrapped.toString('base64'),
      'x-amz-iv': iv.toString('base64'),
      'x-amz-matdesc': '{}',
      [LENGTH]: String(length),
    }),
  };
}
/** A small object as a whole. */
export function encrypted(
  text: Uint8Array,
  master: string,
): { readonly bytes: Uint8Array; readonly metadata: Metadata } {
  const { cipher, metadata } = encryption(master);
  return { bytes: Buffer.concat([cipher.update(text), cipher.final()]), metadata: metadata(text.length) };
}
export class EncryptedWriter implements ObjectWriter {
  readonly traffic;
  private readonly encryption;
  private length = 0;
  constructor(
    private readonly raw: ObjectWriter,
    master: string,
  ) {
    this.traffic = raw.traffic;
    this.encryption = encryption(master);
  }
  /** For the object when it is placed. */
  get metadata(): Metadata {
    return this.encryption.metadata(this.length);
  }
  async write(bytes: Uint8Array): Promise<void> {
    const start = systemClock.monotonicMs();
    const out = this.encryption.cipher.update(bytes);
    this.traffic.packMicros += (systemClock.monotonicMs() - start) * 1000;
    this.length += bytes.length;
    if (out.length > 0) await this.raw.write(out);
  }
  async seal(): Promise<string> {
    await this.raw.write(this.encryption.cipher.final());
    return this.raw.seal();
  }
  abort(): Promise<void> {
    return this.raw.abort();
  }
}
