/**
 * (start, end) OVERLAPS (start, end): whether two periods have a moment in common. Ends may come in either order; a period
 * ends before its end begins, unless it is one moment. Ends that are not known answer as far as the others decide.
 */
import { BOOL } from '../../../types/sql-type.ts';
import type { BoundExpr, CompareOp } from '../../../expressions/bound.ts';
import { boolean } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

const UNKNOWN: BoundExpr = { kind: 'const', type: BOOL, value: null };
const compare = (left: BoundExpr, op: CompareOp, right: BoundExpr): BoundExpr => ({
  kind: 'compare',
  type: BOOL,
  op,
  left,
  right,
});
const isNull = (arg: BoundExpr): BoundExpr => ({ kind: 'isnull', type: BOOL, arg, negated: false });
const choose = (whens: readonly (readonly [BoundExpr, BoundExpr])[], otherwise: BoundExpr): BoundExpr => ({
  kind: 'case',
  type: otherwise.type,
  whens: whens.map(([when, then]) => ({ when, then })),
  otherwise,
});

interface Period {
  /** The earlier end, or the only one that is known. */
  readonly start: BoundExpr;
  /** NULL when but one is known. */
  readonly end: BoundExpr;
}
function period(a: BoundExpr, b: BoundExpr): Period {
  const turned = compare(a, '>', b);
  const either: BoundExpr = { kind: 'or', type: BOOL, args: [isNull(a), isNull(b)] };
  const none: BoundExpr = { kind: 'const', type: a.type, value: null };
  return {
    start: choose(
      [
        [isNull(a), b],
        [turned, b],
      ],
      a,
    ),
    end: choose(
      [
        [either, none],
        [turned, a],
      ],
      b,
    ),
  };
}
/** `first` begins earlier. */
const reaches = (first: Period, second: Period): BoundExpr =>
  choose(
    [
      [isNull(first.end), UNKNOWN],
      [compare(second.start, '<', first.end), boolean(true)],
      [isNull(second.end), UNKNOWN],
    ],
    boolean(false),
  );

export default scalar({
  name: 'overlaps',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Whether two periods, written (start, end) OVERLAPS (start, end), have a moment in common.',
  signatures: (['timestamp', 'timestamptz', 'time', 'timetz'] as const).map((t) => ({
    args: [t, t, t, t],
    returns: BOOL,
  })),
  examples: [
    ["(date '2001-02-16', date '2001-12-21') overlaps (date '2001-10-30', date '2002-10-30')", 't'],
    ["(date '2001-02-16', date '2001-03-01') overlaps (date '2001-10-30', date '2002-10-30')", 'f'],
    [
      "(timestamp '2001-01-02', timestamp '2001-01-01') overlaps (timestamp '2001-01-02', timestamp '2001-01-03')",
      'f',
    ],
    ["(time '10:00', time '12:00') overlaps (time '11:00', null)", 't'],
    ["(time '10:00', null::time) overlaps (time '11:00', time '12:00')", 'NULL'],
  ],
  expand: ([a, b, c, d]) => {
    const first = period(a!, b!);
    const second = period(c!, d!);
    return choose(
      [
        [{ kind: 'or', type: BOOL, args: [isNull(first.start), isNull(second.start)] }, UNKNOWN],
        [compare(first.start, '<', second.start), reaches(first, second)],
        [compare(first.start, '>', second.start), reaches(second, first)],
        [{ kind: 'or', type: BOOL, args: [isNull(first.end), isNull(second.end)] }, UNKNOWN],
      ],
      boolean(true),
    );
  },
});
