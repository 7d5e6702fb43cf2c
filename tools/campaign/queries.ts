/** Every kind of random queries and changes beside PostgreSQL (test/differential). */
import { KINDS } from '../../test/differential/kinds.ts';
import { besidePostgres } from '../differential/beside-postgres.ts';

export const campaign = besidePostgres({
  about: 'random queries and changes of every kind give what PostgreSQL gives, in drawn configurations',
  trials: 30_000,
  report: 'QUERY-CAMPAIGN.md',
  title: 'Random queries against PostgreSQL',
  kinds: KINDS,
});
