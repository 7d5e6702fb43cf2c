/**
 * Coordinates as text: C's %.{precision}g, 15 significant digits unless a function says otherwise.
 */
import { VARCHAR_BYTES_MAX } from '../common/limits.ts';
import { formatFloat } from '../types/float-format.ts';
import { invalidArgument } from './spatial-error.ts';

export const PRECISION = 15;
const PRECISION_MAX = 20;

export function coordinateText(precision: number): (v: number) => string {
  if (!Number.isInteger(precision) || precision < 1 || precision > PRECISION_MAX)
    throw invalidArgument(`precision must be between 1 and ${PRECISION_MAX}`);
  return (v) => formatFloat(v, precision);
}
/** A text that is a VARCHAR. */
export function fittingText(text: string): string {
  if (text.length > VARCHAR_BYTES_MAX)
    throw invalidArgument(`the text of the geometry is longer than ${VARCHAR_BYTES_MAX} bytes`);
  return text;
}
