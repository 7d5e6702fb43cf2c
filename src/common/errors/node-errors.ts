/**
 * Errors of statements that ask the leader node for what compute nodes do, or them for what it does.
 */
import { make } from './make-error.ts';

export const leaderOnlyOnTables = make(
  '0A000',
  () => 'Specified types or functions (one per INFO message) not supported on Redshift tables.',
);
export const computeOnlyOnCatalogs = make(
  '0A000',
  () => 'One or more of the used functions must be applied on at least one user created table.',
);
export const patternOfRows = make('0A000', () => 'The pattern must be a valid UTF-8 literal character expression');
