/**
 * Setting default_geometry_encoding: text encoding of GEOMETRY results. There is no GEOMETRY, so only the default is
 * accepted.
 */
import { integerValue, onlyValue, setting } from './define.ts';

export default setting({
  name: 'default_geometry_encoding',
  default: '2',
  doc: 'Text encoding of GEOMETRY results.',
  validate: onlyValue(integerValue(1, 4), '2', 'type GEOMETRY'),
});
