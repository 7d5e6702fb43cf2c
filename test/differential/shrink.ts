/** Makes a scenario smaller as long as it fails in the same way: its changes, its query, its rows. */
import type { Scenario } from './kind.ts';
import { isBlockWord } from './scenario.ts';
import { smaller, type Node } from './tree.ts';

const TRIES_MAX = 600;
const ROW_TRIES_MAX = 150;

/** `fails` is told whether the tables' rows are those it saw last. */
export async function shrink(scenario: Scenario, fails: (s: Scenario) => Promise<boolean>): Promise<Scenario> {
  let current = scenario;
  const tries = { left: TRIES_MAX };
  const take = async (s: Scenario): Promise<boolean> => {
    if (tries.left-- <= 0 || !(await fails(s))) return false;
    current = s;
    return true;
  };
  for (let i = current.changes.length - 1; i >= 0; i--) {
    await take({ ...current, changes: current.changes.filter((_, k) => k !== i) });
  }
  const whittle = async (of: () => Node, put: (n: Node) => Scenario): Promise<void> => {
    for (let again = true; again && tries.left > 0;) {
      again = false;
      for (const n of smaller(of())) {
        if (tries.left <= 0) break;
        if (!(await take(put(n)))) continue;
        again = true;
        break;
      }
    }
  };
  for (let i = 0; i < current.changes.length; i++) {
    if (isBlockWord(current.changes[i]!)) continue;
    await whittle(
      () => current.changes[i]!,
      (n) => ({ ...current, changes: current.changes.map((old, k) => (k === i ? n : old)) }),
    );
  }
  await whittle(
    () => current.query.tree,
    (tree) => ({ ...current, query: { ...current.query, tree } }),
  );
  tries.left = ROW_TRIES_MAX;
  for (let i = 0; i < current.tables.length; i++) {
    for (
      let step = Math.ceil(current.tables[i]!.rows.length / 2);
      step >= 1;
      step = step === 1 ? 0 : Math.ceil(step / 2)
    ) {
      for (let from = 0; from < current.tables[i]!.rows.length && tries.left > 0;) {
        const table = current.tables[i]!;
        const fewer = { ...table, rows: table.rows.filter((_, r) => r < from || r >= from + step) };
        if (!(await take({ ...current, tables: current.tables.map((t, k) => (k === i ? fewer : t)) }))) from += step;
      }
    }
  }
  return current;
}
