/**
 * The shape of a spatial function: its arguments as JavaScript values, none of them NULL, and its result. GEOMETRY and GEOGRAPHY
 * values come decoded and go as they are; VARBYTE values are bytes, BIGINT values bigints.
 */
import type { Spatial } from './geometry.ts';

export type Argument = number | bigint | string | boolean | Uint8Array | Spatial;
export type Result = Argument | null;
/** What the session says of the geometries that are made. */
export interface CallContext {
  /** default_geometry_encoding 2. */
  readonly boxed: boolean;
}
export type SpatialCall = (...args: never[]) => Result;
