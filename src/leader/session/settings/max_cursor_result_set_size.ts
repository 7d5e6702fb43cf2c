/**
 * Setting max_cursor_result_set_size: deprecated by Redshift and without effect there. Cursors stream and have no limit,
 * so only the default is accepted, by its name or as 0.
 */
import { featureNotSupported, invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export default setting({
  name: 'max_cursor_result_set_size',
  default: 'default',
  doc: 'Megabytes a cursor may hold; no limit.',
  validate: (values, name) => {
    const text = values.join(', ').trim().toLowerCase();
    if (text === 'default' || /^0+$/.test(text)) return 'default';
    if (!/^\d+$/.test(text)) throw invalidSettingValue(name, text);
    throw featureNotSupported(`${name} = ${text} is not supported: there is no limit on cursors`);
  },
});
