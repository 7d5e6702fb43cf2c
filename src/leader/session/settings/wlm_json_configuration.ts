/**
 * Setting wlm_json_configuration: The workload management configuration.
 */
import { readOnlyValue, setting } from './define.ts';

export default setting({
  name: 'wlm_json_configuration',
  default: '[{"auto_wlm":true}]',
  doc: 'The workload management configuration.',
  validate: readOnlyValue,
  readOnly: true,
});
