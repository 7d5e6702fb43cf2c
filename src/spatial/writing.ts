/**
 * Geometries as texts and bytes.
 */
import type { SpatialCall } from './call.ts';
import { hexText, writeWkb } from './ewkb.ts';
import { geohash, geosquare } from './geohash.ts';
import { writeGeoJson } from './geojson.ts';
import { POINT, requireKind, type Spatial } from './geometry.ts';
import { coordinateText, fittingText, PRECISION } from './number-text.ts';
import { invalidArgument } from './spatial-error.ts';
import { writeEwkt, writeWkt } from './wkt.ts';

function asText({ geometry }: Spatial, precision = PRECISION): string {
  return fittingText(writeWkt(geometry, coordinateText(precision)));
}
function asEwkt({ geometry, srid }: Spatial, precision = PRECISION): string {
  return fittingText(writeEwkt(geometry, srid, coordinateText(precision)));
}
function asGeoJson({ geometry }: Spatial, precision = PRECISION): string {
  return fittingText(writeGeoJson(geometry, coordinateText(precision)));
}
function hash(value: Spatial, precision = 20): string | null {
  const [x, y] = requireKind('ST_GeoHash', value, [POINT]).points;
  return x === undefined ? null : geohash(x, y!, precision);
}
function square(value: Spatial, depth = 32): bigint | null {
  const [x, y] = requireKind('ST_GeoSquare', value, [POINT]).points;
  if (x === undefined) throw invalidArgument('ST_GeoSquare: the point is empty');
  return geosquare(x, y!, depth);
}

export const WRITING = {
  st_astext: asText,
  st_asewkt: asEwkt,
  st_asgeojson: asGeoJson,
  st_asbinary: ({ geometry }: Spatial) => writeWkb(geometry, 'ogc'),
  st_asewkb: ({ geometry, srid }: Spatial) => writeWkb(geometry, 'ogc', srid),
  st_ashexwkb: ({ geometry }: Spatial) => fittingText(hexText(writeWkb(geometry, 'ogc'))),
  st_ashexewkb: ({ geometry, srid }: Spatial) => fittingText(hexText(writeWkb(geometry, 'extended', srid))),
  st_geohash: hash,
  st_geosquare: square,
} satisfies Record<string, SpatialCall>;
