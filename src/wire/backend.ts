/**
 * Backend messages, one function each, written into a MessageWriter. Layouts are PostgreSQL protocol 3.0; ErrorResponse
 * carries S C M D H P F L R and, like Redshift, no V. F, L and R name the place in our own sources that raised the error.
 */
import type { Notice } from '../common/errors/sql-error.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { formatOf, RESULT_FORMAT } from '../common/result-format.ts';
import type { FieldDescription } from '../common/sql-service.ts';
import type { MessageWriter } from './writer.ts';

export function authenticationOk(out: MessageWriter): void {
  out.begin('R').int32(0).end();
}
export function authenticationMd5(out: MessageWriter, salt: Uint8Array): void {
  out.begin('R').int32(5).bytes(salt).end();
}
export function authenticationCleartext(out: MessageWriter): void {
  out.begin('R').int32(3).end();
}
/** Redshift's digest: algorithm 0 is SHA-256. */
export function authenticationDigest(out: MessageWriter, salt: Uint8Array, nonce: Uint8Array): void {
  out.begin('R').int32(13).int32(0).int32(salt.length).bytes(salt).int32(nonce.length).bytes(nonce).end();
}
export function negotiateProtocolVersion(out: MessageWriter, minor: number, options: readonly string[]): void {
  out.begin('v').int32(minor).int32(options.length);
  for (const option of options) out.text(option);
  out.end();
}
export function parameterStatus(out: MessageWriter, name: string, value: string): void {
  out.begin('S').text(name).text(value).end();
}
export function backendKeyData(out: MessageWriter, pid: number, secret: number): void {
  out.begin('K').int32(pid).int32(secret).end();
}
export function readyForQuery(out: MessageWriter, status: 'I' | 'T' | 'E'): void {
  out.begin('Z').byte(status.charCodeAt(0)).end();
}
export const parseComplete = (out: MessageWriter): void => out.begin('1').end();
export const bindComplete = (out: MessageWriter): void => out.begin('2').end();
export const closeComplete = (out: MessageWriter): void => out.begin('3').end();
export const noData = (out: MessageWriter): void => out.begin('n').end();
export const portalSuspended = (out: MessageWriter): void => out.begin('s').end();
export const emptyQueryResponse = (out: MessageWriter): void => out.begin('I').end();
export const commandComplete = (out: MessageWriter, tag: string): void => out.begin('C').text(tag).end();

export function parameterDescription(out: MessageWriter, oids: readonly number[]): void {
  out.begin('t').int16(oids.length);
  for (const oid of oids) out.int32(oid);
  out.end();
}

/** Bits of a column's flags from transfer protocol 1 on; the last is of protocol 3. */
const FLAG = { notNull: 1, identity: 1 << 4, searchable: 1 << 12, caseSensitive: 1 << 1 } as const;
const CASE_PROTOCOL = 3;

/**
 * From transfer protocol 1 on, four names and int16 flags stand behind each column: schema, table, column, database; empty
 * for what is no plain table column.
 */
function columnSource(out: MessageWriter, field: FieldDescription, protocol: number): void {
  const { source } = field;
  out.text(source?.schema ?? '').text(source?.table ?? '');
  out.text(source?.column ?? '').text(source?.database ?? '');
  out.int16(
    (source?.notNull === true ? FLAG.notNull : 0) |
      (source?.identity === true ? FLAG.identity : 0) |
      (field.searchable === true ? FLAG.searchable : 0) |
      (field.caseSensitive === true && protocol >= CASE_PROTOCOL ? FLAG.caseSensitive : 0),
  );
}

/** `formats`: none = all text, one = for every column, else one each (common/result-format.ts). */
export function rowDescription(
  out: MessageWriter,
  fields: readonly FieldDescription[],
  formats: readonly number[],
  protocol: number,
): void {
  out.begin('T').int16(fields.length);
  fields.forEach((field, i) => {
    const isText = field.textOnly === true || formatOf(formats, i) === RESULT_FORMAT.text;
    out.text(field.name).int32(field.tableOid).int16(field.columnNumber).int32(field.typeOid);
    out
      .int16(field.typeSize)
      .int32(field.typeModifier)
      .int16(isText ? RESULT_FORMAT.text : RESULT_FORMAT.binary);
    if (protocol > 0) columnSource(out, field, protocol);
  });
  out.end();
}

interface Origin {
  readonly file: string;
  readonly line: string;
  readonly routine: string;
}
const NOWHERE: Origin = { file: 'slicehouse', line: '0', routine: 'report' };

/** Where an error was made: the first stack frame outside the error catalogue. Base names only. */
function originOf(error: Error): Origin {
  for (const line of (error.stack ?? '').split('\n').slice(1)) {
    const match = /at (?:async )?(?:new )?(?:(\S+) (?:\[as \S+\] )?\()?(?:.*[\\/])?([^\\/:()]+):(\d+):\d+\)?$/.exec(
      line,
    );
    if (match === null) continue;
    const [, routine = 'report', file = '', number = '0'] = match;
    if (file === 'catalogue.ts' || file === 'sql-error.ts' || routine === 'SqlError') continue;
    return { file, line: number, routine: routine.replace(/^.*\./, '') };
  }
  return NOWHERE;
}

const field = (out: MessageWriter, code: string, value: string | undefined): void => {
  if (value !== undefined && value !== '') out.byte(code.charCodeAt(0)).text(value);
};

/** Any exception as ErrorResponse; what is not a SqlError is a bug and shows as XX000. */
export function errorResponse(out: MessageWriter, error: unknown): void {
  const cause = error instanceof Error ? error : new SqlError({ sqlstate: 'XX000', message: String(error) });
  const sql = cause instanceof SqlError ? cause : undefined;
  const origin = originOf(cause);
  for (const notice of sql?.notices ?? []) noticeResponse(out, notice);
  out.begin('E');
  field(out, 'S', sql?.severity ?? 'ERROR');
  field(out, 'C', sql?.sqlstate ?? 'XX000');
  field(out, 'M', cause.message === '' ? 'internal error' : cause.message);
  field(out, 'D', sql?.detail);
  field(out, 'H', sql?.hint);
  if (sql !== undefined && sql.context.length > 0) field(out, 'W', sql.context.join('\n'));
  field(out, 'P', sql?.position === undefined ? undefined : String(sql.position));
  field(out, 'F', origin.file);
  field(out, 'L', origin.line);
  field(out, 'R', origin.routine);
  out.byte(0).end();
}

export function noticeResponse(out: MessageWriter, notice: Notice): void {
  out.begin('N');
  field(out, 'S', notice.severity);
  field(out, 'C', notice.sqlstate);
  field(out, 'M', notice.message);
  field(out, 'D', notice.detail);
  field(out, 'H', notice.hint);
  field(out, 'F', NOWHERE.file);
  field(out, 'L', NOWHERE.line);
  field(out, 'R', 'notice');
  out.byte(0).end();
}
