/**
 * The columns of one Parquet file as readers of the load's columns: by position, as Redshift has it; what does not fit is its error.
 */
import type { SqlType } from '../../types/sql-type.ts';
import {
  columnCountMismatch,
  columnTypeText,
  decimalMismatch,
  incompatibleColumn,
  invalidTypeLength,
} from '../columnar/scan-errors.ts';
import type { PieceUnpacker } from '../columnar/unpack.ts';
import type { VectorTable } from '../columnar/vectors.ts';
import type { LoadHost } from '../load-format.ts';
import { ChunkReader } from './chunk-reader.ts';
import { FlatColumn, MissingColumn, type ParquetColumn, type Refuse } from './flat-column.ts';
import { formFor, type Form } from './forms.ts';
import type { ParquetKernels } from './kernels.ts';
import { NestedColumn } from './nested-column.ts';
import { schemaText, type SchemaNode } from './schema.ts';
import type { Requests } from './window.ts';

const CRC_TABLES_BYTES = 8192;

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

const isNested = ({ leaf, element }: SchemaNode): boolean => leaf === undefined || element.repetition === 'repeated';

/** The form of a column that is not SUPER. Throws the error of a pair that there is not. */
function flatForm(object: FileObject, target: TargetColumn, field: SchemaNode): Form {
  const { address } = object;
  const incompatible = () =>
    incompatibleColumn(address, 'Parquet', object, field.name, columnTypeText(target.type), schemaText(field));
  if (isNested(field)) throw incompatible();
  const form = formFor(target.type, field.element);
  if (!('kind' in form)) return form;
  switch (form.kind) {
    case 'schema':
      throw incompatible();
    case 'length':
      throw invalidTypeLength(address, field.name, form.wanted, form.found);
    default:
      throw decimalMismatch(address, field.name, form.kind, form.found, form.wanted);
  }
}

export function fileColumns(
  load: LoadHost,
  requests: Requests,
  unpacker: PieceUnpacker,
  table: VectorTable,
  noNulls: number,
  refuse: Refuse,
  object: FileObject,
  targets: readonly TargetColumn[],
  fields: readonly SchemaNode[],
  fillRecord: boolean,
  replace: number,
): readonly ParquetColumn[] {
  if (fields.length !== targets.length && !(fillRecord && fields.length < targets.length))
    throw columnCountMismatch(object.address, targets.length, fields.length);
  const crcTables = load.allocate(CRC_TABLES_BYTES);
  (load.kernels as unknown as ParquetKernels).crc32_tables(crcTables);
  const reader = (leaf: SchemaNode, form: Form): ChunkReader =>
    new ChunkReader(load, requests, unpacker, leaf, form, replace, crcTables);
  // All pairs are looked at before anything is allocated.
  const forms = fields.map((field, i) =>
    targets[i]!.type.name === 'super' ? undefined : flatForm(object, targets[i]!, field),
  );
  return targets.map((_, i): ParquetColumn => {
    const field = fields[i];
    if (field === undefined) return new MissingColumn(load, table, i);
    const form = forms[i];
    return form === undefined
      ? new NestedColumn(load, table, i, field, reader)
      : new FlatColumn(load, table, i, reader(field, form), noNulls, refuse);
  });
}
