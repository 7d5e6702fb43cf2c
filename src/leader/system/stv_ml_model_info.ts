/**
 * STV_ML_MODEL_INFO: ML model state; there are no machine-learning models.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stv_ml_model_info',
  schema: 'pg_catalog',
  doc: 'ML model state.',
  visibleTo: 'everyone',
  without: 'machine-learning models',
  columns: columns(`
    schema_name character(128), user_name character(128), model_name character(128),
    life_cycle character(20), is_refreshable integer, model_state character(128)
  `),
});
