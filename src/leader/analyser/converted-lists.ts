/**
 * The analyser works at once, and long statements take it long. Very long lists of literals are converted in steps: where
 * it comes to one that was not converted yet it throws ListToConvert; whoever called it runs the steps in turns with other
 * work and analyses the statement again, which then finds the list here. Long lists of expressions (rows of VALUES, arms
 * of AND, OR and CASE) are bound in the same way, some in each run: what earlier runs bound is found here.
 */
import { systemClock } from '../../common/clock.ts';
import { atOnce, inTurns, nextTurn, type Steps } from '../../common/steps.ts';
import type { LiteralList } from '../parser/literal-list.ts';
import type { AnalyserState } from './context.ts';

export class ConvertedLists {
  private readonly byList = new Map<LiteralList, Map<string, unknown>>();
  private readonly byNode = new Map<object, Map<string, unknown[]>>();
  private begun = systemClock.monotonicMs();
  private runs = 0;
  private catalog: object | undefined;

  /** A run under that state of the catalog begins; what was bound under another is not right any more. */
  begin(catalog: object | undefined): void {
    this.begun = systemClock.monotonicMs();
    this.runs++;
    if (this.catalog !== catalog) this.byNode.clear();
    this.catalog = catalog;
  }
  get now(): number {
    return systemClock.monotonicMs() - this.begun;
  }
  /** No statement is analysed without end. */
  get mayStop(): boolean {
    return this.runs < RUNS_MAX;
  }
  boundOf(node: object, as: string): unknown[] {
    const forms = this.byNode.get(node) ?? new Map<string, unknown[]>();
    this.byNode.set(node, forms);
    const bound = forms.get(as) ?? [];
    forms.set(as, bound);
    return bound;
  }

  get(list: LiteralList, as: string): unknown {
    return this.byList.get(list)?.get(as);
  }
  set(list: LiteralList, as: string, converted: unknown): void {
    const forms = this.byList.get(list) ?? new Map<string, unknown>();
    this.byList.set(list, forms.set(as, converted));
  }
}

/** Not an error: the thread's other work has its turn, then the analyser goes on. */
class TurnOver {}
/** Not an error: the analyser's caller takes it up. */
class ListToConvert {
  constructor(
    readonly list: LiteralList,
    readonly as: string,
    readonly steps: Steps<unknown>,
  ) {}
}

/** Literals that are converted at once even where there is somebody to do it in turns. */
const AT_ONCE_MAX = 4096;

const RUNS_MAX = 250;
/** Shorter lists are bound at once. */
const BOUND_MIN = 64;
/** Time for which a run binds what is new; a run that took long to come to it goes on for longer. */
const BINDING_MS = 4;

/**
 * The items of `node` bound in order. Those whose binding does nothing but give a value are kept for later runs, which
 * number the columns they make alike: `place` and the number of the last one say where the node stands.
 */
export function boundItems<I, T>(
  state: AnalyserState,
  place: string,
  node: object,
  items: readonly I[],
  bind: (item: I) => T,
): T[] {
  const { context, usage } = state;
  const { lists } = context;
  if (lists === undefined || items.length < BOUND_MIN || state.viewStack.length > 0 || context.names !== undefined)
    return items.map(bind);
  const effects = (): string =>
    `${usage.columns} ${usage.leaderFunctions.size} ${usage.patternOfRows} ${usage.monthsOfRows} ${usage.readsUserTable} ${context.parameterTypes.length > 0}`;
  const known = lists.boundOf(node, `${place} ${effects()}`) as T[];
  const out = known.slice(0, items.length);
  const from = lists.now;
  for (let next = out.length; next < items.length; next++) {
    const before = effects();
    out.push(bind(items[next]!));
    if (known.length !== next || effects() !== before || context.parameterTypes.length > 0) continue;
    known.push(out[next]!);
    if (lists.now - from > Math.max(BINDING_MS, from) && lists.mayStop) throw new TurnOver();
  }
  return out;
}

/** What `convert` makes of the list, now or found from an earlier run of the analyser; `as` says what it depends on. */
export function converted<T>(
  lists: ConvertedLists | undefined,
  list: LiteralList,
  as: string,
  convert: () => Steps<T>,
): T {
  if (lists === undefined || list.length <= AT_ONCE_MAX) return atOnce(convert());
  const known = lists.get(list, as);
  if (known === undefined) throw new ListToConvert(list, as, convert());
  return known as T;
}

/** Runs the analyser, with its very long lists converted between the events of the thread. */
export async function analysedInTurns<T>(analyse: (lists: ConvertedLists) => T, signal: AbortSignal): Promise<T> {
  const lists = new ConvertedLists();
  for (;;) {
    let missing: ListToConvert;
    try {
      return analyse(lists);
    } catch (error) {
      if (error instanceof TurnOver) {
        await nextTurn();
        signal.throwIfAborted();
        continue;
      }
      if (!(error instanceof ListToConvert)) throw error;
      missing = error;
    }
    lists.set(missing.list, missing.as, await inTurns(missing.steps, signal));
  }
}
