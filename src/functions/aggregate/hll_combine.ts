/**
 * The union of HyperLogLog sketches.
 */
import { HLLSKETCH } from '../../types/sql-type.ts';
import { sketchOf } from '../aggregate-lowering.ts';
import { aggregate } from '../define.ts';
import { call } from '../expand-nodes.ts';

export default aggregate({
  name: 'hll_combine',
  doc: 'The union of HyperLogLog sketches. NULLs are left out; no sketches give NULL.',
  signatures: [{ args: ['hllsketch'], returns: HLLSKETCH }],
  examples: [
    [
      `hll_combine('{"logm":15,"sparse":{"indices":[7],"values":[1]}}'::hllsketch)`,
      '{"version":1,"logm":15,"sparse":{"indices":[7],"values":[1]}}',
    ],
    ['hll_combine(null::hllsketch)', 'NULL'],
  ],
  lower: (args) => ({
    ...sketchOf('sketch_combine', args[0]!),
    final: (p) => call('sketch_text', 0, HLLSKETCH, [p[0]!]),
  }),
});
