/**
 * Damage is named or harmless, never served: a seeded sample of the damage campaign, with the newest log segment and the
 * whole catalog folder always among it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prng } from '../../src/common/prng.ts';
import { makeTemplates, planTrials, removeTemplates, runTrial, type Plan, type Template } from './damage.ts';

const SEED = Number(process.env['DAMAGE_SEED'] ?? Math.trunc(performance.timeOrigin) % 100_000);
const ALWAYS: readonly (readonly [string, string, string])[] = [
  ['newest log segment', 'delete', 'refused'],
  ['newest log segment', 'truncate', 'refused'],
  ['newest log segment', 'older state', 'refused'],
  // Never acknowledged, so cut off; but said.
  ['newest log segment', 'append', 'refused|warned, all right'],
  ['folder', 'delete', 'refused'],
  // Rows of the file may all be deleted: then nothing reads it.
  ['block file', 'delete', 'named at the query|warned, all right'],
];
let templates: readonly Template[] = [];
beforeAll(async () => {
  templates = await makeTemplates(SEED);
});
afterAll(() => removeTemplates(templates));

test.each(ALWAYS)('%s, %s: %s', async (kind, damage, outcome) => {
  const plans = planTrials(templates, SEED, 200).filter((p) => p.kind === kind && p.damage === damage);
  const isMeant = (p: Plan): boolean =>
    p.template.name === 'killed' && (kind !== 'folder' || p.files[0] === 'catalog');
  const plan = plans.find(isMeant) ?? {
    ...plans[0]!,
    template: templates[1]!,
    files: kind === 'folder' ? ['catalog'] : plans[0]!.files,
  };
  expect((await runTrial(plan, new Prng(SEED))).outcome, `seed ${SEED}`).toMatch(new RegExp(`^(${outcome})$`));
});

test(`a sample, seed ${SEED}`, async () => {
  const random = new Prng(SEED + 1);
  const plans = planTrials(templates, SEED + 2, 90);
  for (let n = 0; n < 12; n++) {
    const trial = await runTrial(random.pick(plans), random);
    expect(trial.outcome).toMatch(/refused|named|right/);
  }
}, 120_000);
