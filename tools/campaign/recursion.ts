/** Recursive queries and CONNECT BY beside PostgreSQL (test/differential/kinds). */
import { recursions } from '../../test/differential/kinds/recursions.ts';
import { besidePostgres } from '../differential/beside-postgres.ts';

export const campaign = besidePostgres({
  about: 'random recursive queries and CONNECT BY give what PostgreSQL gives, in drawn configurations',
  trials: 5_000,
  report: 'RECURSION-CAMPAIGN.md',
  title: 'Random recursive queries against PostgreSQL',
  kinds: [recursions],
});
