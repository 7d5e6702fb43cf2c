/**
 * Setting transaction_isolation: every level asked for acts as serializable, as in Redshift.
 */
import { oneOf, setting } from './define.ts';

const level = oneOf('serializable', 'read uncommitted', 'read committed', 'repeatable read', 'snapshot');

export default setting({
  name: 'transaction_isolation',
  default: 'serializable',
  doc: 'Isolation level; every accepted level acts as serializable.',
  validate: (values, name) => {
    level(values, name);
    return 'serializable';
  },
});
