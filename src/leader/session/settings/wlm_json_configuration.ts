/**
 * Setting wlm_json_configuration: The workload management configuration.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'wlm_json_configuration',
  default: '[{"query_concurrency":5}]',
  doc: 'The workload management configuration.',
  validate: readOnlyValue,
  readOnly: true,
});
