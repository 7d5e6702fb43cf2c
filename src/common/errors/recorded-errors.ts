/**
 * Errors that the history keeps a record of: a transaction given up for what others did (1023), a full disk. They come from
 * slices as texts, so what a record needs is read from where it is written here.
 */
import type { TableId } from '../ids.ts';
import { internalError } from './catalogue.ts';
import { SqlError } from './sql-error.ts';

export const serializableViolation = (detail: string): SqlError =>
  new SqlError({ sqlstate: 'XX000', message: '1023', detail });
/** The table of such an error; 0: it names none; undefined: another error. */
export function conflictOf({ sqlstate, message, detail }: SqlError): TableId | undefined {
  if (sqlstate !== 'XX000' || message !== '1023') return undefined;
  return Number(/\btable (?:- )?(\d+)/.exec(detail ?? '')?.[1] ?? 0);
}

const DISK_FULL = 'Disk Full';
/** `temporaryBytes`: of the slice's temporary files. */
export const diskFull = (slice: number, temporaryBytes = 0): SqlError =>
  internalError(DISK_FULL, 1016, `slice: ${slice}, temporary bytes: ${temporaryBytes}`);
export const diskFullAtCommit = (): SqlError => internalError(DISK_FULL, 1016, 'commit log');

/** Where a disk was full; `slice` undefined: on the leader. Undefined: another error. */
export function fullDiskOf({
  message,
  detail,
}: SqlError): { readonly slice: number | undefined; readonly temporaryBytes: number } | undefined {
  if (message !== DISK_FULL) return undefined;
  const [, slice, bytes] = /slice: (\d+), temporary bytes: (\d+)/.exec(detail ?? '') ?? [];
  return { slice: slice === undefined ? undefined : Number(slice), temporaryBytes: Number(bytes ?? 0) };
}
