/**
 * The load formats of COPY by name. The leader splits and plans with an entry, slices open it.
 */
import { avro } from './avro.ts';
import { csv } from './csv.ts';
import { delimited } from './delimited.ts';
import { dynamodb } from './dynamodb.ts';
import { fixedwidth } from './fixedwidth.ts';
import { json } from './json.ts';
import { orc } from './orc.ts';
import { parquet } from './parquet.ts';
import { shapefile } from './shapefile.ts';
import type { LoadFormat } from './load-format.ts';

export type LoadFormatName =
  'avro' | 'delimited' | 'csv' | 'dynamodb' | 'fixedwidth' | 'json' | 'orc' | 'parquet' | 'shapefile';
export const LOAD_FORMATS: Readonly<Record<LoadFormatName, LoadFormat>> = {
  avro,
  delimited,
  csv,
  dynamodb,
  fixedwidth,
  json,
  orc,
  parquet,
  shapefile,
};
