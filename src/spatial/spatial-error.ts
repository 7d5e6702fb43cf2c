/**
 * What spatial functions refuse. Texts that cannot be read carry the prefix that Redshift's own spatial library uses.
 */
import { SqlError } from '../common/errors/sql-error.ts';
import { GEOMETRY_BYTES_MAX } from '../common/limits.ts';

/** A text or bytes that are no geometry. */
export const unreadable = (why: string): SqlError =>
  new SqlError({ sqlstate: '22P02', message: `Compass I/O exception: ${why}` });
/** An argument that the function does not take. */
export const invalidArgument = (why: string): SqlError => new SqlError({ sqlstate: '22023', message: why });
export const tooLarge = (bytes: number): SqlError =>
  new SqlError({
    sqlstate: '54000',
    message: `Geometry size: ${bytes} is larger than maximum supported size: ${GEOMETRY_BYTES_MAX}`,
  });
/** A computation that would take longer than one call may. */
export const tooComplex = (): SqlError =>
  new SqlError({ sqlstate: '54001', message: 'the geometries are too complex for this operation' });
