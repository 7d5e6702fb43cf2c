/**
 * STV_WLM_CLASSIFICATION_CONFIG: which statements come to which service class; the first rule that fits counts. Columns
 * that mean nothing here are NULL and listed in `unknown`.
 */
import { SERVICE_CLASSES } from '../scheduler/wlm.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_wlm_classification_config',
  schema: 'pg_catalog',
  doc: 'which statements come to which service class.',
  visibleTo: 'superuser',
  columns: columns(`
    id integer, condition character(128), action_seq integer, action character(64),
    action_service_class integer
  `),
  unknown: ['action_seq'],
  rows: () =>
    SERVICE_CLASSES.map((c, i) => ({
      id: i + 1,
      condition: c.condition,
      action: 'assign',
      action_service_class: c.id,
    })),
});
