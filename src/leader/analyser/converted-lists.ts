/**
 * Very long lists of literals are converted in steps, while the analyser works at once: where it comes to a list that was
 * not converted yet it throws ListToConvert; whoever called it runs the steps in turns with other work and analyses the
 * statement again, which then finds the list here.
 */
import { atOnce, inTurns, type Steps } from '../../common/steps.ts';
import type { LiteralList } from '../parser/literal-list.ts';

export class ConvertedLists {
  private readonly byList = new Map<LiteralList, Map<string, unknown>>();

  get(list: LiteralList, as: string): unknown {
    return this.byList.get(list)?.get(as);
  }
  set(list: LiteralList, as: string, converted: unknown): void {
    const forms = this.byList.get(list) ?? new Map<string, unknown>();
    this.byList.set(list, forms.set(as, converted));
  }
}

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
      if (!(error instanceof ListToConvert)) throw error;
      missing = error;
    }
    lists.set(missing.list, missing.as, await inTurns(missing.steps, signal));
  }
}
