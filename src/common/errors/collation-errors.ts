/**
 * The catalogue's errors of collations.
 */
import { make } from './make-error.ts';

export const noCollation = make('42804', (type) => `collations are not supported by type ${type}`);
export const undefinedCollation = make('42704', (name) => `collation "${name}" does not exist`);
export const differentCollations = make('0A000', () => 'Query with different collations is not supported yet.');
export const leaderCollation = make(
  '0A000',
  () => 'Case insensitive collation is not supported in leader node only query.',
);
export const superInCaseInsensitive = make(
  '0A000',
  () => 'SUPER column is not supported in case insensitive database.',
);
export const caseInsensitiveToSuper = make(
  '0A000',
  () => 'Coercing from case insensitive string to SUPER is not supported.',
);
export const databaseHasRelations = make(
  '0A000',
  (d) => `the collation of database "${d}" cannot be changed: it is not empty`,
);
