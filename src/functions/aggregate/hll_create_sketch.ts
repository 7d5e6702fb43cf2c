/**
 * The HyperLogLog sketch of a group's values.
 */
import { HLLSKETCH } from '../../types/sql-type.ts';
import { sketchOf } from '../aggregate-lowering.ts';
import { aggregate } from '../define.ts';
import { call } from '../expand-nodes.ts';

const EMPTY = '{"version":1,"logm":15,"sparse":{"indices":[],"values":[]}}';

export default aggregate({
  name: 'hll_create_sketch',
  doc: "The HyperLogLog sketch of a group's values. No values give a sketch of none.",
  signatures: [{ args: ['any'], returns: HLLSKETCH }],
  examples: [
    ['hll_create_sketch(1)', '{"version":1,"logm":15,"sparse":{"indices":[22362299],"values":[1]}}'],
    ['hll_create_sketch(null::int)', EMPTY],
  ],
  lower: (args) => ({
    ...sketchOf('sketch', args[0]!),
    final: (p) => ({
      kind: 'coalesce',
      type: HLLSKETCH,
      args: [call('sketch_text', 0, HLLSKETCH, [p[0]!]), { kind: 'const', type: HLLSKETCH, value: EMPTY }],
    }),
  }),
});
