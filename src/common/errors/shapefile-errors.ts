/**
 * What COPY says of shapefiles that it cannot load.
 */
import { make } from './make-error.ts';

export const shapefileMissing = make(
  'XX000',
  (url, ending) => `The shapefile ${url} has no ${ending} file beside it`,
);
export const shapefileUnreadable = make(
  'XX000',
  (url, what) => `The attributes of a shapefile cannot be read: ${url}${what === '' ? '' : `, ${what}`}`,
);
export const shapefileColumns = make(
  'XX000',
  (file, table) =>
    `Number of columns of the shapefile and the table should match. Shapefile: ${file}, table: ${table}`,
);
export const shapefileGeometry = make(
  '42804',
  (column) => `The first column that a shapefile fills has to be of type geometry: "${column}" is not`,
);
export const noShapefiles = make('XX000', (url) => `There is no shapefile (.shp) at ${url}`);
