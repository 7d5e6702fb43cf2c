/**
 * The catalogue's errors of names in other databases.
 */
import { make } from './make-error.ts';

export const crossDatabaseView = make(
  '0A000',
  () => 'a view that refers to another database must be created WITH NO SCHEMA BINDING',
);
export const crossDatabaseWrite = make('0A000', (name) => `cross-database write to "${name}" is not supported`);
export const crossDatabase = make('0A000', (name) => `cross-database reference "${name}" may stand in queries only`);
