/**
 * The catalogue's errors of ALTER TABLE APPEND.
 */
import { make } from './make-error.ts';

export const appendToItself = make('42601', () => 'ALTER TABLE APPEND: source and target must be different tables');
export const appendNotPermanent = make(
  '0A000',
  (name) => `ALTER TABLE APPEND: table "${name}" must be a permanent table`,
);
export const appendInterleaved = make(
  '0A000',
  (name) => `ALTER TABLE APPEND: table "${name}" has an interleaved sort key`,
);
export const appendDiffers = make(
  '42P16',
  (what, column) => `ALTER TABLE APPEND: ${what} of column "${column}" differs between source and target`,
);
export const appendKeysDiffer = make(
  '42P16',
  (what) => `ALTER TABLE APPEND: ${what} of source and target must be the same`,
);
export const appendExtra = make(
  '42P16',
  (column) => `ALTER TABLE APPEND: column "${column}" is in the source table only`,
  'Use IGNOREEXTRA to discard the extra columns.',
);
export const appendMissing = make(
  '42P16',
  (column) => `ALTER TABLE APPEND: column "${column}" is in the target table only`,
  'Use FILLTARGET to fill the column with its default value or NULL.',
);
export const appendNotNull = make(
  '42P16',
  (column) => `ALTER TABLE APPEND: column "${column}" of the target is NOT NULL and has no default`,
);
export const appendIdentity = make(
  '0A000',
  (column) => `ALTER TABLE APPEND: column "${column}" is an IDENTITY column`,
);
