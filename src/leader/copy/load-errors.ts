/**
 * STL_LOAD_ERRORS: the row made from what a slice reports. Slices send the record's bytes and the
 * kernel's numbers; texts are made here once.
 */
import type { QueryId, SliceId, TableId, Xid } from '../../common/ids.ts';
import { loadReason } from '../../formats/text/load-reason.ts';
import type { LoadConversion } from '../../formats/text/text-format.ts';
import { TYPE_INFO, formatType, type SqlType } from '../../types/sql-type.ts';
import type { LoadErrorRecord } from '../history/types.ts';

/** One refused record as a slice reports it. */
export interface RefusedRecord {
  readonly slice: SliceId;
  readonly file: string;
  readonly line: number;
  /** Index into the load's columns; -1 when the record as a whole is bad. */
  readonly column: number;
  readonly position: number;
  readonly rawLine: Uint8Array;
  readonly rawValue: Uint8Array;
  readonly code: number;
  readonly reason: number;
  readonly before?: readonly (Uint8Array | undefined)[] | undefined;
}
export interface LoadContext {
  readonly userid: number;
  readonly tableId: TableId;
  readonly session: number;
  readonly xid?: Xid;
  readonly database?: string;
  readonly query: QueryId;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly conversion: LoadConversion;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number | undefined;
}

const RAW_CHARACTERS_MAX = 1024;
const NAME_CHARACTERS_MAX = 127;
const REASON_CHARACTERS_MAX = 100;
/** A record as the views show it. */
export const rawText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, RAW_CHARACTERS_MAX)).toString('utf8').replaceAll('\0', '');

function typeName(type: SqlType): string {
  if (
    type.name === 'varchar' ||
    type.name === 'char' ||
    type.name === 'int8' ||
    type.name === 'int2' ||
    type.name === 'int4'
  ) {
    return type.name === 'int8' ? 'int8' : type.name;
  }
  return type.name in TYPE_INFO ? type.name : formatType(type);
}
function columnLength(type: SqlType): string {
  if (type.name === 'numeric') return `${type.precision ?? 18}, ${type.scale ?? 0}`;
  return type.length === undefined ? '0' : String(type.length);
}

export function loadErrorRecord(refused: RefusedRecord, load: LoadContext, nowMicros: bigint): LoadErrorRecord {
  const column = load.columns[refused.column];
  const reason = loadReason({
    code: refused.code,
    reason: refused.reason,
    position: refused.position,
    value: refused.rawValue,
    type: column?.type,
    dateFormat: load.conversion.dateFormat,
    timeFormat: load.conversion.timeFormat,
  });
  return {
    userid: load.userid,
    copyJob: load.copyJob,
    slice: refused.slice,
    tableId: load.tableId,
    session: load.session,
    query: load.query,
    timeMicros: nowMicros,
    filename: refused.file,
    line: refused.line,
    column: (column?.name ?? '').slice(0, NAME_CHARACTERS_MAX),
    type: column === undefined ? '' : typeName(column.type),
    columnLength: column === undefined ? '' : columnLength(column.type),
    position: refused.position,
    rawLine: rawText(refused.rawLine),
    rawValue: rawText(refused.rawValue),
    code: refused.code,
    reason: reason.slice(0, REASON_CHARACTERS_MAX),
    xid: load.xid,
    database: load.database,
    field: refused.column + 1,
    before: refused.before?.map((value, i) => {
      const { name, type } = load.columns[i]!;
      return { column: name, type: typeName(type), columnLength: columnLength(type), value: value && rawText(value) };
    }),
  };
}
