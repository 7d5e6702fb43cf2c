/** The columns that SVL_SPATIAL_SIMPLIFY and SYS_SPATIAL_SIMPLIFY share. */
import type { SimplificationRecord } from '../history/types.ts';
import type { SystemRow } from './define.ts';

export const simplificationRow = (s: SimplificationRecord): SystemRow => ({
  userid: s.userid,
  line_number: s.line ?? null,
  maximum_tolerance: s.maximumTolerance,
  initial_size: s.initialBytes ?? null,
  simplified: s.fits === undefined ? null : s.fits ? 't' : 'f',
  final_size: s.finalBytes ?? null,
  final_tolerance: s.tolerance ?? null,
});
