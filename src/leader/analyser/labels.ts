/**
 * Default labels of result columns: a column keeps its name, a function gives Redshift's internal name (date_part prints
 * pgdate_part), a cast the label below it or the type's name, everything else `?column?`.
 */
import type { AnalyserContext } from './context.ts';
import type { Expr } from '../parser/ast.ts';
import { castLabel, typeOfRef } from './type-rules.ts';

const UNNAMED = '?column?';

const FUNCTION_LABELS: Readonly<Record<string, string>> = {
  nvl: 'coalesce',
  coalesce: 'coalesce',
  decode: 'case',
  nvl2: 'case',
  nullif: 'case',
  dateadd: 'date_add',
  datediff: 'date_diff',
  date_part: 'pgdate_part',
  trim: 'btrim',
  log: 'dlog10',
  sysdate: 'timestamp',
  getdate: 'getdate',
  current_date: 'date',
  user: 'current_user',
};

interface Label {
  readonly text: string;
  /** A weak label gives way to a type's name when a cast stands above. */
  readonly strong: boolean;
}
const weak = (text: string): Label => ({ text, strong: false });
const strong = (text: string): Label => ({ text, strong: true });

function labelled(e: Expr, context: AnalyserContext): Label {
  switch (e.kind) {
    case 'name':
      return strong(e.parts[e.parts.length - 1]!);
    case 'call': {
      const registered = context.functions.lookup(e.name.name);
      const own = registered?.kind === 'scalar' ? registered.label : undefined;
      return strong(e.label ?? FUNCTION_LABELS[e.name.name] ?? own ?? e.name.name);
    }
    case 'cast': {
      const below = labelled(e.arg, context);
      return below.strong ? below : weak(castLabel(typeOfRef(e.type)));
    }
    case 'case': {
      const below = e.otherwise === undefined ? weak(UNNAMED) : labelled(e.otherwise, context);
      return below.strong ? below : weak('case');
    }
    case 'interval':
      return weak('interval');
    case 'array':
      return weak('array');
    case 'row':
      return weak('row');
    case 'subscript':
      return labelled(e.arg, context);
    case 'literal':
      return e.form === 'bool' ? weak('bool') : weak(UNNAMED);
    case 'subquery':
      return e.form === 'array' ? weak('?column?') : weak(UNNAMED);
    default:
      return weak(UNNAMED);
  }
}

export const defaultLabel = (e: Expr, context: AnalyserContext): string => labelled(e, context).text;
