/**
 * Errors of the in-process API, of the init folder and of the HTTP query door.
 */
import { make } from './make-error.ts';
import { SqlError } from './sql-error.ts';

export const fixtureNotUsable = make('22023', (name, why) => `fixture "${name}" cannot be used: ${why}`);
/** The error of a script or data file, with its name in front. */
export const fixtureFailed = (name: string, error: SqlError): SqlError =>
  new SqlError({
    sqlstate: error.sqlstate,
    message: `${name}: ${error.message}`,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.position !== undefined && { position: error.position }),
  });
