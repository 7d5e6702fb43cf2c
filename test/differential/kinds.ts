/** Every kind of random queries and changes. */
import type { Kind } from './kind.ts';
import { changes } from './kinds/changes.ts';
import { collations } from './kinds/collations.ts';
import { documents } from './kinds/documents.ts';
import { groups } from './kinds/groups.ts';
import { lateralAliases } from './kinds/lateral-aliases.ts';
import { lists } from './kinds/lists.ts';
import { namedJoins } from './kinds/named-joins.ts';
import { outerOperators } from './kinds/outer-operators.ts';
import { patterns } from './kinds/patterns.ts';
import { percentiles } from './kinds/percentiles.ts';
import { pivots } from './kinds/pivots.ts';
import { qualified } from './kinds/qualified.ts';
import { queries } from './kinds/queries.ts';
import { recursions } from './kinds/recursions.ts';
import { sets } from './kinds/sets.ts';
import { subqueries } from './kinds/subqueries.ts';
import { windows } from './kinds/windows.ts';

export const KINDS: readonly Kind[] = [
  queries,
  subqueries,
  changes,
  collations,
  documents,
  groups,
  lateralAliases,
  lists,
  namedJoins,
  outerOperators,
  patterns,
  percentiles,
  pivots,
  qualified,
  recursions,
  sets,
  windows,
];
