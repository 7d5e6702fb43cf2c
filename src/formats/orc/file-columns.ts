/**
 * The columns of one ORC file as readers of the load's columns: by position, as Redshift has it; what does not fit is its error.
 */
import { physOf, type SqlType } from '../../types/sql-type.ts';
import { columnCountMismatch, columnTypeText, decimalMismatch, incompatibleColumn } from '../columnar/scan-errors.ts';
import type { PieceUnpacker } from '../columnar/unpack.ts';
import type { VectorTable } from '../columnar/vectors.ts';
import type { ChunkHost } from './chunks.ts';
import { FlatColumn, MissingColumn, type BadValue, type OrcColumn } from './flat-column.ts';
import type { LeafForm } from './leaf.ts';
import { orcTypeText, type OrcKind, type OrcType } from './metadata.ts';
import { NestedColumn } from './nested-column.ts';

/** What travels in a plan. */
export interface TargetColumn {
  readonly name: string;
  readonly type: SqlType;
}
export interface FileObject {
  readonly bucket: string;
  readonly key: string;
  readonly address: string;
}

const TEXTS: readonly OrcKind[] = ['string', 'varchar', 'char'];
const STAMPS: readonly OrcKind[] = ['timestamp', 'timestamp with local time zone'];
/** Which types of the file a type of the table takes. */
const PAIRS: Readonly<Partial<Record<SqlType['name'], readonly OrcKind[]>>> = {
  bool: ['boolean'],
  int2: ['smallint', 'tinyint'],
  int4: ['int', 'smallint', 'tinyint'],
  int8: ['bigint'],
  float4: ['float'],
  float8: ['double'],
  numeric: ['decimal'],
  date: ['date'],
  timestamp: STAMPS,
  timestamptz: STAMPS,
  char: TEXTS,
  varchar: TEXTS,
  varbyte: ['binary'],
};

function formOf(object: FileObject, target: TargetColumn, name: string, type: OrcType): LeafForm {
  const { address } = object;
  const wanted = target.type;
  if (PAIRS[wanted.name]?.includes(type.kind) !== true)
    throw incompatibleColumn(address, 'ORC', object, name, columnTypeText(wanted), orcTypeText(type));
  const precision = wanted.precision ?? 18;
  if (wanted.name === 'numeric') {
    if (type.scale !== (wanted.scale ?? 0))
      throw decimalMismatch(address, name, 'scale', type.scale, wanted.scale ?? 0);
    if (type.precision > precision) throw decimalMismatch(address, name, 'precision', type.precision, precision);
  }
  return { phys: physOf(wanted), precision };
}

export function fileColumns(
  host: ChunkHost,
  unpacker: PieceUnpacker,
  table: VectorTable,
  refuse: (column: number, bad: BadValue) => never,
  object: FileObject,
  targets: readonly TargetColumn[],
  root: OrcType,
  fillRecord: boolean,
  replace: number,
): readonly OrcColumn[] {
  const fields = root.children;
  const isFilled = fillRecord && fields.length > 0 && fields.length < targets.length;
  if (fields.length !== targets.length && !isFilled)
    throw columnCountMismatch(object.address, targets.length, fields.length);
  // All pairs are looked at before anything is allocated.
  const forms = fields.map((field, i) =>
    targets[i]!.type.name === 'super' ? undefined : formOf(object, targets[i]!, root.names[i]!, field),
  );
  return targets.map(({ type }, i): OrcColumn => {
    const field = fields[i];
    if (field === undefined) return new MissingColumn(host, table, i);
    const form = forms[i];
    return form === undefined
      ? new NestedColumn(host, unpacker, table, i, field)
      : new FlatColumn(host, unpacker, table, i, type, field, form, replace, refuse);
  });
}
