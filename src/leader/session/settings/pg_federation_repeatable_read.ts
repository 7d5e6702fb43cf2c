/**
 * Setting pg_federation_repeatable_read: Whether federated queries run at repeatable read.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'pg_federation_repeatable_read',
  default: 'on',
  doc: 'Whether federated queries run at repeatable read.',
  validate: booleanValue(),
});
