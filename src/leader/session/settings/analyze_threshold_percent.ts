/**
 * Setting analyze_threshold_percent: share of changed rows below which ANALYZE skips a table, 0 to 100.
 */
import { invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export default setting({
  name: 'analyze_threshold_percent',
  default: '10',
  doc: 'Share of changed rows, in percent, below which ANALYZE skips a table.',
  validate: (values, name) => {
    const text = values.join(', ').trim();
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value > 100) throw invalidSettingValue(name, text);
    return String(value);
  },
});
