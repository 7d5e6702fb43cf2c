/**
 * Geometries from texts and bytes, and from numbers.
 */
import { SqlError } from '../common/errors/sql-error.ts';
import type { SpatialCall } from './call.ts';
import { envelope } from './boxes.ts';
import { hexBytes, isStorable, readWkb, sizeOfValue } from './ewkb.ts';
import { geometryOfGeohash, geometryOfGeosquare } from './geohash.ts';
import { readGeoJson } from './geojson.ts';
import { boxOf, FLAT, point, spatial, type Geometry, type Spatial } from './geometry.ts';
import { simplify } from './simplify.ts';
import { invalidArgument } from './spatial-error.ts';
import { readWkt } from './wkt.ts';

export const GEOGRAPHY_SRID = 4326;

export function checkSrid(name: string, srid: number): number {
  if (srid < 0) throw invalidArgument(`${name}: SRID ${srid} is negative`);
  return srid;
}
const bytesOf = (wkb: string | Uint8Array): Uint8Array => (typeof wkb === 'string' ? hexBytes(wkb) : wkb);
const isHex = (text: string): boolean => /^\s*[0-9a-fA-F]+\s*$/.test(text);

/** A text as values are given: hexadecimal (E)WKB, or (E)WKT. */
export function readAny(text: string, srid: number): Spatial {
  const read = isHex(text) ? readWkb(hexBytes(text.trim())) : readWkt(text, true);
  return spatial(read.geometry, read.srid ?? srid);
}

/** A field of a COPY; null where it is none, which refuses the record. */
function loaded(text: string, srid: number): Spatial | null {
  try {
    return readAny(text, srid);
  } catch (error) {
    if (error instanceof SqlError) return null;
    throw error;
  }
}

/** SIMPLIFY AUTO looks for the tolerance's power of two: in so many halvings, from so far below the geometry's size. */
const HALVINGS = 10;
const LEAST_POWER = -60;
/** What SIMPLIFY AUTO did to a shape that was too large. */
export interface SimplifiedShape {
  /** In its batch. */
  readonly row: number;
  readonly initialBytes: number;
  /** Whether it is small enough then. */
  readonly fits: boolean;
  readonly finalBytes: number;
  readonly tolerance: number;
}
/** Of the batches under way, by whose they are. */
const simplifiedShapes = new Map<number, SimplifiedShape[]>();
export function takeSimplified(owner: number): readonly SimplifiedShape[] {
  const shapes = simplifiedShapes.get(owner) ?? [];
  simplifiedShapes.delete(owner);
  return shapes;
}

/** With the least tolerance, of at most `most`, with which it fits, else with the largest. */
function fitted(value: Spatial, most: number): { readonly shape: Spatial; readonly tolerance: number } {
  const box = boxOf(value.geometry);
  const reach = box === undefined ? 0 : Math.hypot(box.xmax - box.xmin, box.ymax - box.ymin);
  const largest = Math.min(most, reach);
  let found = { shape: simplify(value, largest), tolerance: largest };
  if (!isStorable(found.shape)) return found;
  let [low, high] = [LEAST_POWER, 0];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const tolerance = largest * 2 ** middle;
    const shape = simplify(value, tolerance);
    if (isStorable(shape)) [high, found] = [middle, { shape, tolerance }];
    else low = middle;
  }
  return found;
}
/**
 * A shape of a shapefile; null where it is too large. The low two bits of `place` say: 0 as it is, 1 simplified, 2 simplified where it is
 * too large; the others are its row in the batch of `owner`.
 */
function loadShape(text: string, place: number, owner: number, tolerance: number): Spatial | null {
  const mode = place & 3;
  try {
    const { geometry, srid } = readWkb(hexBytes(text));
    const value = spatial(geometry, srid ?? 0);
    if (mode === 1) return orNull(simplify(value, tolerance));
    if (isStorable(value) || mode === 0) return orNull(value);
    const { shape, tolerance: used } = fitted(value, tolerance);
    const fits = isStorable(shape);
    const sizes = { initialBytes: sizeOfValue(value), finalBytes: sizeOfValue(shape) };
    const shapes = simplifiedShapes.get(owner) ?? [];
    simplifiedShapes.set(owner, shapes);
    shapes.push({ row: place >> 2, ...sizes, fits, tolerance: used });
    return fits ? shape : null;
  } catch (error) {
    if (error instanceof SqlError) return null;
    throw error;
  }
}
const orNull = (value: Spatial): Spatial | null => (isStorable(value) ? value : null);

function geomFromText(text: string, srid?: number): Spatial | null {
  if (srid !== undefined && srid < 0) return null;
  return spatial(readWkt(text, false).geometry, srid ?? 0);
}
function geomFromEwkt(text: string): Spatial {
  const { geometry, srid } = readWkt(text, true);
  return spatial(geometry, srid ?? 0);
}
function geomFromWkb(wkb: string | Uint8Array, srid?: number): Spatial | null {
  if (srid !== undefined && srid < 0) return null;
  return spatial(readWkb(bytesOf(wkb)).geometry, srid ?? 0);
}
function geomFromEwkb(wkb: string | Uint8Array): Spatial {
  const { geometry, srid } = readWkb(bytesOf(wkb));
  return spatial(geometry, srid ?? 0);
}
function geogFromText(text: string): Spatial {
  const { geometry, srid } = readWkt(text, true);
  return spatial(geometry, srid ?? GEOGRAPHY_SRID);
}
function geogFromWkb(wkb: string | Uint8Array): Spatial {
  const { geometry, srid } = readWkb(bytesOf(wkb));
  return spatial(geometry, srid ?? GEOGRAPHY_SRID);
}
function makePoint(...numbers: readonly number[]): Spatial {
  const d = { hasZ: numbers.length > 2, hasM: numbers.length > 3 };
  return spatial(point(d, Float64Array.from(numbers)));
}
function makeEnvelope(xmin: number, ymin: number, xmax: number, ymax: number, srid = 0): Spatial {
  return spatial(envelope({ xmin, ymin, xmax, ymax }), checkSrid('ST_MakeEnvelope', srid));
}
const flat = (geometry: Geometry): Spatial => spatial(geometry);

export const READING = {
  geometry_of_text: (text: string) => readAny(text, 0),
  geography_of_text: (text: string) => readAny(text, GEOGRAPHY_SRID),
  geometry_of_bytes: geomFromEwkb,
  load_shape: loadShape,
  load_geometry: (text: string) => loaded(text, 0),
  load_geography: (text: string) => loaded(text, GEOGRAPHY_SRID),
  st_geomfromtext: geomFromText,
  st_geomfromewkt: geomFromEwkt,
  st_geomfromwkb: geomFromWkb,
  st_geomfromewkb: geomFromEwkb,
  st_geomfromgeojson: (text: string) => spatial(readGeoJson(text), GEOGRAPHY_SRID),
  st_geogfromtext: geogFromText,
  st_geogfromwkb: geogFromWkb,
  st_geomfromgeohash: (text: string, precision?: number) => flat(geometryOfGeohash(text, precision)),
  st_geomfromgeosquare: (code: bigint, depth = 32) => flat(geometryOfGeosquare(code, depth)),
  st_point: (x: number, y: number) => spatial(point(FLAT, Float64Array.of(x, y))),
  st_makepoint: makePoint,
  st_makeenvelope: makeEnvelope,
} satisfies Record<string, SpatialCall>;
