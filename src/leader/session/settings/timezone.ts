/**
 * Setting timezone: IANA names, fixed offsets and well-known abbreviations; held in canonical form (types/timezone.ts).
 */
import { invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { canonicalZone } from '../../../types/timezone.ts';
import { setting } from './define.ts';

export default setting({
  name: 'timezone',
  default: 'UTC',
  doc: 'Zone in which timestamps with time zone are read and shown.',
  report: 'TimeZone',
  validate: (values, name) => {
    const text = values
      .join(' ')
      .replace(/^interval\s+/i, '')
      .replace(/\s+hour to minute$/i, '')
      .replace(/^'(.*)'$/, '$1');
    if (/^(local|default)$/i.test(text)) return 'UTC';
    const zone = canonicalZone(text);
    if (zone === undefined) throw invalidSettingValue(name, text);
    return zone;
  },
});
