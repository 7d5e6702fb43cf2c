/**
 * Step kinds as other views name them: the numbers of STL_QUERY_METRICS.step_type and the words of SYS_QUERY_DETAIL.
 */
const CODES: Readonly<Record<string, number>> = {
  scan: 1,
  insert: 2,
  aggr: 3,
  sort: 6,
  merge: 7,
  dist: 8,
  bcast: 9,
  hjoin: 10,
  mjoin: 11,
  save: 12,
  hash: 14,
  nloop: 15,
  project: 16,
  limit: 17,
  unique: 18,
  delete: 20,
  window: 29,
  udf: 32,
  return: 38,
};
/** null for a kind that has no number (parse, unload). */
export const stepTypeCode = (kind: string): number | null => CODES[kind] ?? null;

const NAMES: Readonly<Record<string, string>> = {
  aggr: 'aggregate',
  bcast: 'broadcast',
  dist: 'distribute',
  hjoin: 'hashjoin',
  mjoin: 'mergejoin',
  nloop: 'nestloop',
};
export const stepName = (kind: string): string => NAMES[kind] ?? kind;
