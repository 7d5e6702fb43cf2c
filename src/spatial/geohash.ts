/**
 * Cells of the longitude-latitude plane with names: geohashes (five bits a character, longitude first) and geosquares (a
 * leading 1, a bit for the hemisphere, then two bits for each halving of a square: lower half, right half).
 */
import { envelope } from './boxes.ts';
import type { Geometry } from './geometry.ts';
import { invalidArgument, unreadable } from './spatial-error.ts';

const LETTERS = '0123456789bcdefghjkmnpqrstuvwxyz';
/** Characters that a text of this length could have; the numbers do not halve any further long before. */
const GEOHASH_LENGTH_MAX = 65_535;
/** Levels of the 64 bits of a geosquare: the hemisphere, and 31 halvings. */
const GEOSQUARE_DEPTH_MAX = 32;

function checkRange(name: string, longitude: number, latitude: number): void {
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90))
    throw invalidArgument(`${name}: a longitude in [-180, 180] and a latitude in [-90, 90] are expected`);
}

export function geohash(longitude: number, latitude: number, length: number): string {
  checkRange('ST_GeoHash', longitude, latitude);
  if (length > GEOHASH_LENGTH_MAX) throw invalidArgument(`ST_GeoHash: precision ${length} is out of range`);
  let [west, east, south, north] = [-180, 180, -90, 90];
  let text = '';
  let isLongitude = true;
  for (let n = Math.max(length, 1); n > 0; n--) {
    let letter = 0;
    for (let bit = 16; bit > 0; bit >>= 1, isLongitude = !isLongitude) {
      const middle = isLongitude ? (west + east) / 2 : (south + north) / 2;
      const isUpper = isLongitude ? longitude >= middle : latitude >= middle;
      if (isUpper) letter |= bit;
      if (isLongitude && isUpper) west = middle;
      else if (isLongitude) east = middle;
      else if (isUpper) south = middle;
      else north = middle;
    }
    text += LETTERS[letter];
  }
  return text;
}

export function geometryOfGeohash(text: string, precision: number | undefined): Geometry {
  if (text === '') throw unreadable('Invalid geohash: it is empty');
  const length = precision === undefined || precision < 0 || precision > text.length ? text.length : precision;
  let [west, east, south, north] = [-180, 180, -90, 90];
  let isLongitude = true;
  for (const [i, character] of [...text.toLowerCase()].entries()) {
    const letter = LETTERS.indexOf(character);
    if (letter < 0) throw unreadable(`Invalid geohash: character '${character}'`);
    if (i >= length) continue;
    for (let bit = 16; bit > 0; bit >>= 1, isLongitude = !isLongitude) {
      const isUpper = (letter & bit) !== 0;
      const middle = isLongitude ? (west + east) / 2 : (south + north) / 2;
      if (isLongitude && isUpper) west = middle;
      else if (isLongitude) east = middle;
      else if (isUpper) south = middle;
      else north = middle;
    }
  }
  return envelope({ xmin: west, ymin: south, xmax: east, ymax: north });
}

function checkDepth(name: string, depth: number): void {
  if (depth < 1 || depth > GEOSQUARE_DEPTH_MAX)
    throw invalidArgument(`${name}: the depth must be between 1 and ${GEOSQUARE_DEPTH_MAX}`);
}

export function geosquare(longitude: number, latitude: number, depth: number): bigint {
  checkRange('ST_GeoSquare', longitude, latitude);
  checkDepth('ST_GeoSquare', depth);
  let code = longitude >= 0 ? 3n : 2n;
  let [west, south, side] = [longitude >= 0 ? 0 : -180, -90, 180];
  for (let level = 1; level < depth; level++) {
    side /= 2;
    const isRight = longitude >= west + side;
    const isUpper = latitude >= south + side;
    if (isRight) west += side;
    if (isUpper) south += side;
    code = (code << 2n) | (isUpper ? 0n : 2n) | (isRight ? 1n : 0n);
  }
  return BigInt.asIntN(64, code);
}

export function geometryOfGeosquare(given: bigint, depth: number): Geometry {
  checkDepth('ST_GeomFromGeoSquare', depth);
  const bits = BigInt.asUintN(64, given).toString(2);
  if (given === 0n || bits.length % 2 !== 0) throw invalidArgument(`ST_GeomFromGeoSquare: ${given} is no geosquare`);
  let [west, south, side] = [bits[1] === '1' ? 0 : -180, -90, 180];
  for (let at = 2, level = 1; at < bits.length && level < depth; at += 2, level++) {
    side /= 2;
    if (bits[at] === '0') south += side;
    if (bits[at + 1] === '1') west += side;
  }
  return envelope({ xmin: west, ymin: south, xmax: west + side, ymax: south + side });
}
