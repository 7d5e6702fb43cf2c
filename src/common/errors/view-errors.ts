/**
 * The catalogue's errors of materialized views.
 */
import { make } from './make-error.ts';

export const noAutoRefresh = make(
  '0A000',
  (view, f) => `materialized view "${view}" cannot be refreshed automatically: it calls the mutable function ${f}`,
);
