/**
 * Setting default_geometry_encoding: Text encoding of GEOMETRY results.
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'default_geometry_encoding',
  default: '2',
  doc: 'Text encoding of GEOMETRY results.',
  validate: integerValue(1, 4),
});
