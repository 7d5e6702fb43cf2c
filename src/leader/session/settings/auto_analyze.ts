/**
 * Setting auto_analyze: a parameter of the cluster, shown and never set: statistics are made by ANALYZE, COPY and CREATE TABLE AS only.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'auto_analyze',
  default: 'false',
  doc: 'Whether ANALYZE runs in the background; it does not.',
  validate: readOnlyValue,
  readOnly: true,
});
