/**
 * H3: hexagonal cells of the earth by a number of 64 bits, which SQL knows as a BIGINT or as the text of its hexadecimal digits.
 */
import {
  cellToBoundary,
  cellToChildren,
  cellToChildrenSize,
  cellToLatLng,
  cellToParent,
  getResolution,
  isValidCell,
  latLngToCell,
  polygonToCells,
} from 'h3-js';
import { H3_CELLS_MAX } from '../common/limits.ts';
import type { SpatialCall } from './call.ts';
import {
  FLAT,
  isEmpty,
  leaves,
  MULTIPOLYGON,
  point,
  POINT,
  polygon,
  POLYGON,
  requireKind,
  spatial,
  stride,
  type Spatial,
} from './geometry.ts';
import { geodesicRingArea, spheroidOf } from './geodesy.ts';
import { invalidArgument, tooComplex } from './spatial-error.ts';

type Index = bigint | string;
const RESOLUTION_MAX = 15;
/** Every cell that may be inside is compared with every corner. */
const CELLS_TIMES_CORNERS_MAX = 2e8;
/** Mean area of a cell of resolution 0, square meters; each further resolution has a seventh. */
const CELL_AREA = 4.357449416078383e12;

const digits = (index: Index): string =>
  typeof index === 'string' ? index.trim().toLowerCase() : BigInt.asUintN(64, index).toString(16);
const number = (cell: string): bigint => BigInt.asIntN(64, BigInt(`0x${cell}`));
const isCell = (index: Index): boolean => /^[0-9a-f]{1,16}$/.test(digits(index)) && isValidCell(digits(index));
function cellOf(name: string, index: Index): string {
  if (!isCell(index)) throw invalidArgument(`${name}: ${index} is not a valid H3 index`);
  return digits(index);
}
function checkResolution(name: string, resolution: number): number {
  if (resolution < 0 || resolution > RESOLUTION_MAX)
    throw invalidArgument(`${name}: the resolution must be between 0 and ${RESOLUTION_MAX}`);
  return resolution;
}

function fromLongLat(name: string, longitude: number, latitude: number, resolution: number): bigint {
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90))
    throw invalidArgument(`${name}: a longitude in [-180, 180] and a latitude in [-90, 90] are expected`);
  return number(latLngToCell(latitude, longitude, checkResolution(name, resolution)));
}
function fromPoint(value: Spatial, resolution: number): bigint {
  const name = 'H3_FromPoint';
  const g = requireKind(name, value, [POINT]);
  if (isEmpty(g)) throw invalidArgument(`${name}: the point is empty`);
  return fromLongLat(name, g.points[0]!, g.points[1]!, resolution);
}
function center(index: Index): Spatial {
  const [latitude, longitude] = cellToLatLng(cellOf('H3_Center', index));
  return spatial(point(FLAT, Float64Array.of(longitude, latitude)));
}
function boundary(index: Index): Spatial {
  const ring = cellToBoundary(cellOf('H3_Boundary', index), true);
  return spatial(polygon(FLAT, [Float64Array.from(ring.flat())]));
}
function toParent(index: Index, resolution: number): bigint {
  const name = 'H3_ToParent';
  const cell = cellOf(name, index);
  if (checkResolution(name, resolution) > getResolution(cell))
    throw invalidArgument(`${name}: the resolution is finer than the cell's own`);
  return number(cellToParent(cell, resolution));
}
const listText = (cells: readonly string[]): string => `[${cells.map(number).join(',')}]`;
function toChildren(index: Index, resolution: number): string {
  const name = 'H3_ToChildren';
  const cell = cellOf(name, index);
  if (checkResolution(name, resolution) < getResolution(cell))
    throw invalidArgument(`${name}: the resolution is coarser than the cell's own`);
  if (cellToChildrenSize(cell, resolution) > H3_CELLS_MAX) throw tooComplex();
  return listText(cellToChildren(cell, resolution));
}

function polyfill(value: Spatial, resolution: number): string {
  const name = 'H3_Polyfill';
  const g = requireKind(name, value, [POLYGON, MULTIPOLYGON]);
  checkResolution(name, resolution);
  const cells = new Set<string>();
  for (const leaf of leaves(g)) {
    const [shell] = leaf.rings;
    if (shell === undefined || shell.length === 0) continue;
    const area = Math.abs(geodesicRingArea(shell, stride(leaf), spheroidOf(4326)));
    const cellCount = area / (CELL_AREA / 7 ** resolution);
    const corners = leaf.rings.reduce((n, r) => n + r.length / stride(leaf), 0);
    if (cellCount > H3_CELLS_MAX || cellCount * corners > CELLS_TIMES_CORNERS_MAX) throw tooComplex();
    const rings = leaf.rings.map((ring) => {
      const step = stride(leaf);
      return Array.from({ length: ring.length / step }, (_, i) => [ring[i * step]!, ring[i * step + 1]!]);
    });
    for (const cell of polygonToCells(rings, resolution, true)) cells.add(cell);
  }
  return listText([...cells]);
}

export const H3 = {
  h3_isvalid: (index: Index) => isCell(index),
  h3_resolution: (index: Index) => getResolution(cellOf('H3_Resolution', index)),
  h3_center: center,
  h3_boundary: boundary,
  h3_fromlonglat: (longitude: number, latitude: number, resolution: number) =>
    fromLongLat('H3_FromLongLat', longitude, latitude, resolution),
  h3_frompoint: fromPoint,
  h3_toparent: toParent,
  h3_tochildren: toChildren,
  h3_polyfill: polyfill,
} satisfies Record<string, SpatialCall>;
