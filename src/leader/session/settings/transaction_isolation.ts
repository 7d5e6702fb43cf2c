/**
 * Setting transaction_isolation: says what the database enforces (`serializable`, or `repeatable read` for snapshot isolation). Isolation is a
 * property of the database; the levels that SET and BEGIN take have no effect, as in Redshift.
 */
import { oneOf, setting } from './define.ts';

export default setting({
  name: 'transaction_isolation',
  default: 'repeatable read',
  doc: "What the database's isolation level enforces; every accepted level is passed over.",
  fromServer: true,
  validate: oneOf('serializable', 'read uncommitted', 'read committed', 'repeatable read', 'snapshot'),
});
