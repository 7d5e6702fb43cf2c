/**
 * Columns of a spatial type, for SVV_GEOMETRY_COLUMNS and SVV_GEOGRAPHY_COLUMNS. The types have no modifiers: a column holds
 * shapes of every kind, SRID and dimension, and is listed with what a type says that names none.
 */
import type { SystemContext, SystemRow } from './define.ts';
import type { Sequence } from '../../common/sequence.ts';
import { userRelations } from './relation-list.ts';

const DIMENSION = 2;

export const spatialColumns = (
  ctx: SystemContext,
  type: 'geometry' | 'geography',
  srid: number,
): Sequence<SystemRow> =>
  userRelations(ctx).flatMap((r) =>
    r.columns
      .filter((c) => c.type.name === type)
      .map((c) => ({
        f_table_catalog: ctx.catalog.database.name,
        f_table_schema: r.schema,
        f_table_name: r.name,
        [`f_${type}_column`]: c.name,
        coord_dimension: DIMENSION,
        srid,
        type: type.toUpperCase(),
      })),
  );
