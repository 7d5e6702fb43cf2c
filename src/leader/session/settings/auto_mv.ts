/**
 * Setting auto_mv: a parameter of the cluster, shown and never set.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'auto_mv',
  default: 'false',
  doc: 'Whether materialized views are made automatically; they are not.',
  validate: readOnlyValue,
  readOnly: true,
});
