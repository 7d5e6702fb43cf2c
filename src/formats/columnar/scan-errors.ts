/**
 * Errors of columnar loads as Redshift words them: they come from its scanner of external files and name the file by its address.
 */
import { DEFAULT_REGION } from '../../common/account.ts';
import { spectrumScanError } from '../../common/errors/catalogue.ts';
import { formatType, TYPE_INFO, type SqlType } from '../../types/sql-type.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { LoadPiece } from '../load-work.ts';

/** An object, as the scanner names it. */
export const objectAddress = ({
  bucket,
  key,
  region = DEFAULT_REGION,
}: Pick<LoadPiece, 'bucket' | 'key' | 'region'>): string =>
  `https://s3.${region}.amazonaws.com/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

export const columnCountMismatch = (address: string, table: number, file: number): SqlError =>
  spectrumScanError(
    `Unmatched number of columns between table and file. Table columns: ${table}, Data columns: ${file}, File name: ${address}`,
  );
export const incompatibleColumn = (
  address: string,
  format: 'Parquet' | 'ORC',
  object: { readonly bucket: string; readonly key: string },
  column: string,
  type: string,
  schema: string,
): SqlError =>
  spectrumScanError(
    `File '${address}' has an incompatible ${format} schema for column 's3://${object.bucket}/${object.key}.${column}'. Column type: ${type}, ${format} schema:\n${schema}`,
  );
export const valueTooLongForColumn = (address: string, column: string, table: number, data: number): SqlError =>
  spectrumScanError(
    `The length of the data column ${column} is longer than the length defined in the table. Table: ${table}, Data: ${data}, File name: ${address}`,
  );
export const valueOutOfRange = (address: string, column: string): SqlError =>
  spectrumScanError(`A value of column ${column} is out of range of its type. File name: ${address}`);
export const invalidTypeLength = (address: string, column: string, wanted: number, found: number): SqlError =>
  spectrumScanError(
    `File '${address}' column '${column}' has an invalid type length. Expecting: ${wanted} len in file: ${found}`,
    15001,
  );
export const decimalMismatch = (
  address: string,
  column: string,
  what: 'precision' | 'scale',
  file: number,
  table: number,
): SqlError =>
  spectrumScanError(
    `File '${address}' column '${column}' has a ${what} that does not match the table metadata ${what}. File metadata ${what}: ${file}, table metadata ${what}: ${table}`,
    15001,
  );
export const damagedFile = (address: string, what: string): SqlError =>
  spectrumScanError(`File '${address}' is corrupt: ${what}`, 15001);
export const noSuchFormat = (address: string, magic: string): SqlError =>
  spectrumScanError(
    `File '${address}' has an invalid version number: ${magic}. Please check that the file is of the format that COPY names`,
    15001,
  );

/** A column's type as the errors of columnar loads spell it. */
export function columnTypeText(type: SqlType): string {
  switch (type.name) {
    case 'int4':
      return 'INT';
    case 'float4':
      return 'FLOAT';
    case 'float8':
      return 'DOUBLE';
    case 'numeric':
      return `DECIMAL(${type.precision ?? 18}, ${type.scale ?? 0})`;
    case 'char':
    case 'varchar':
      return type.name.toUpperCase();
    default:
      return (
        type.name in TYPE_INFO && /^[a-z]+$/.test(TYPE_INFO[type.name].sqlName)
          ? TYPE_INFO[type.name].sqlName
          : type.name.startsWith('timestamp') || type.name.startsWith('time')
            ? type.name
            : formatType(type)
      ).toUpperCase();
  }
}
