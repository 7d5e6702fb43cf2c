/**
 * The least rectangle around something, as a geometry: a point or a linestring of two where it has no area, else a polygon that
 * goes clockwise from its lower left corner.
 */
import { FLAT, line, point, polygon, type Box, type Geometry } from './geometry.ts';

export function envelope({ xmin, ymin, xmax, ymax }: Box): Geometry {
  if (xmin === xmax && ymin === ymax) return point(FLAT, Float64Array.of(xmin, ymin));
  if (xmin === xmax || ymin === ymax) return line(FLAT, Float64Array.of(xmin, ymin, xmax, ymax));
  return polygon(FLAT, [Float64Array.of(xmin, ymin, xmin, ymax, xmax, ymax, xmax, ymin, xmin, ymin)]);
}
