/**
 * SVV_ML_MODEL_PRIVILEGES: model grants; there are no machine-learning models.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_ml_model_privileges',
  schema: 'pg_catalog',
  doc: 'model grants.',
  visibleTo: 'accessible',
  without: 'machine-learning models',
  columns: columns(`
    namespace_name text, model_name text, model_version integer, privilege_type text,
    identity_id integer, identity_name text, identity_type text, admin_option boolean
  `),
});
