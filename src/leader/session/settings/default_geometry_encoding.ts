/**
 * Setting default_geometry_encoding: whether geometries that a session makes are kept with their bounding box (2) or without
 * (1).
 */
import { integerValue, setting } from './define.ts';

export default setting({
  name: 'default_geometry_encoding',
  default: '2',
  doc: 'Whether geometries that a session makes are kept with their bounding box (2) or without (1).',
  validate: integerValue(1, 2),
});
