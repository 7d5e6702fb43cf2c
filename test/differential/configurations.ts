/**
 * Which Slicehouse stands beside PostgreSQL, drawn by a seed: 1 to 32 slices, with forced paths (spills, encodings, row
 * groups, variants of the code), or with tiny batches and rings. None of them may change an answer.
 */
import type { Prng } from '../../src/common/prng.ts';
import { configuration } from '../slt/configurations.ts';
import type { Configuration } from '../slt/cluster.ts';

const TOPOLOGIES = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [3, 1],
  [2, 4],
  [4, 4],
] as const;
/** Now and then: a query takes ten times as long there. */
const MANY_SLICES = [1, 32] as const;
const MANY_SLICES_SHARE = 0.03;

const tiny = (): Configuration => configuration('tiny.json');

function forced(random: Prng): Configuration['testing'] {
  const sometimes = (share: number, path: { readonly [name: string]: unknown }): typeof path =>
    random.float() < share ? path : {};
  return {
    ...sometimes(0.3, { codeVariant: random.pick(['general', 'no-nulls', 'alternate']) }),
    ...sometimes(0.4, { firstGroupRows: random.pick([1, 2, 3, 7]) }),
    ...sometimes(0.3, { encodings: 'in turn' }),
    ...sometimes(0.3, { listItemsMin: random.pick([1, 2, 1_000_000]) }),
    ...sometimes(0.2, { literalsMin: random.pick([1, 2]) }),
    ...sometimes(0.1, { parserThread: true }),
    ...sometimes(0.2, { autoAllRowsMax: 3 }),
    ...sometimes(0.25, { inlineBytesMax: random.pick([12, 30]) }),
    ...sometimes(0.15, { joinAlternatives: true }),
    ...sometimes(0.2, { spillRows: random.pick([1, 3, 20]) }),
  };
}
function any(random: Prng): Configuration {
  const [nodes, slices] = random.float() < MANY_SLICES_SHARE ? MANY_SLICES : random.pick(TOPOLOGIES);
  const small = random.float() < 0.2;
  if (small) return { ...tiny(), nodes: Math.min(2, nodes), slices: Math.min(4, slices) };
  return { nodes, slices, memory: true, testing: forced(random) };
}

/** Where every row spills, and another. */
export function drawConfigurations(random: Prng): readonly Configuration[] {
  const [nodes, slices] = random.pick([
    [1, 1],
    [2, 2],
    [1, 3],
  ] as const);
  const spilling: Configuration = {
    nodes,
    slices,
    memory: true,
    testing: { ...forced(random), spillRows: random.pick([1, 3, 5]) },
  };
  return [spilling, any(random)];
}
/** As it stands in reports. */
export const nameOf = ({ nodes, slices, testing, environment }: Configuration): string =>
  `${nodes}x${slices}${environment === undefined ? '' : ' tiny'}${
    testing === undefined || Object.keys(testing).length === 0 ? '' : ` ${JSON.stringify(testing)}`
  }`;
