/**
 * Outer joins become weaker when a condition above them cannot hold for the NULLs they add: left to inner, full to left
 * or right. `rejectsNull` proves that; what it cannot see through counts as not rejecting.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { JoinType } from '../../expressions/relation.ts';

/** Calls known to give NULL for a NULL argument. */
const STRICT_CALLS = [
  'like',
  'ilike',
  'similar',
  'regex_match',
  'concat_op',
  'date_add_days',
  'date_diff_days',
  'datetime_plus_interval',
  'datetime_minus_interval',
  'timestamp_minus_timestamp',
  'interval_add',
  'interval_sub',
  'interval_mul',
  'abs',
  'upper',
  'lower',
  'length',
  'power',
  'bit_and_op',
  'bit_or_op',
];

/** The expression is NULL whenever all of `ids` are. */
function isNullFor(e: BoundExpr, ids: ReadonlySet<ColId>): boolean {
  switch (e.kind) {
    case 'column':
      return ids.has(e.id);
    case 'const':
      return e.value === null;
    case 'compare':
    case 'arith':
      return isNullFor(e.left, ids) || isNullFor(e.right, ids);
    case 'neg':
    case 'cast':
    case 'trycast':
    case 'not':
    case 'inlist':
      return isNullFor(e.arg, ids);
    case 'call':
      return STRICT_CALLS.includes(e.name) && e.args.some((a) => isNullFor(a, ids));
    case 'coalesce':
    case 'and':
    case 'or':
      return e.args.every((a) => isNullFor(a, ids));
    default:
      return false;
  }
}

/** The condition is false or unknown whenever all of `ids` are NULL. */
export function rejectsNull(e: BoundExpr, ids: ReadonlySet<ColId>): boolean {
  if (e.kind === 'and') return e.args.some((a) => rejectsNull(a, ids));
  if (e.kind === 'or') return e.args.every((a) => rejectsNull(a, ids));
  if (e.kind === 'isnull') return e.negated && isNullFor(e.arg, ids);
  if (e.kind === 'istest') return !e.negated && e.test !== 'unknown' && isNullFor(e.arg, ids);
  return isNullFor(e, ids);
}

export function simplifyJoinType(
  type: JoinType,
  preds: readonly BoundExpr[],
  left: ReadonlySet<ColId>,
  right: ReadonlySet<ColId>,
): JoinType {
  const rejects = (ids: ReadonlySet<ColId>): boolean => preds.some((p) => rejectsNull(p, ids));
  if (type === 'left') return rejects(right) ? 'inner' : 'left';
  if (type === 'right') return rejects(left) ? 'inner' : 'right';
  if (type !== 'full') return type;
  const [l, r] = [rejects(left), rejects(right)];
  return l && r ? 'inner' : l ? 'left' : r ? 'right' : 'full';
}
