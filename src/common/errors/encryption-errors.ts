/**
 * What is wrong with an object that a COPY with ENCRYPTED reads: no envelope, one of another form, another key, or damage.
 * Redshift's words are known for an IV of the wrong length; the others follow them.
 */
import { internalError } from './catalogue.ts';
import type { SqlError } from './sql-error.ts';

const encryptionError = (what: string, object: string): SqlError =>
  internalError(what, 8001, `S3 key being read : ${object}`);

/** `name`: key, key iv. */
export const envelopePartMissing = (name: string, object: string): SqlError =>
  encryptionError(
    `S3 object encryption ${name} is missing: the object was not encrypted on the client's side with a symmetric key`,
    object,
  );
export const envelopePartSize = (name: string, size: number, expected: number, object: string): SqlError =>
  encryptionError(`S3 object encryption ${name} is of invalid size. Size=${size}. Expected size ${expected}`, object);
export const envelopeNotRead = (what: string, object: string): SqlError =>
  encryptionError(`S3 object encryption ${what} is not supported`, object);
export const instructionDamaged = (object: string): SqlError =>
  encryptionError('S3 object encryption instruction file is not JSON of texts', object);
export const wrongMasterKey = (object: string): SqlError =>
  encryptionError('S3 object encryption key cannot be decrypted with the given MASTER_SYMMETRIC_KEY', object);
export const encryptedDamaged = (what: string, object: string): SqlError =>
  encryptionError(`The encrypted S3 object is damaged: ${what}`, object);
