/**
 * Setting pg_federation_repeatable_read: whether federated queries run at repeatable read. What it would change is
 * not there, so only the default is accepted.
 */
import { booleanValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'pg_federation_repeatable_read',
  default: 'on',
  doc: 'Whether federated queries run at repeatable read.',
  validate: onlyValue(booleanValue(), 'on', 'federated queries'),
});
