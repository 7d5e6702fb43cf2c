/** Any queries over any tables, a view among them. */
import { Prng } from '../../../src/common/prng.ts';
import { Generator } from '../generator.ts';
import { anyTables, type Kind } from '../kind.ts';

const VIEW_TYPES = ['int', 'str', 'dec'];

export const queries: Kind = {
  name: 'queries',
  about: 'queries',
  tables: anyTables,
  views: (random: Prng, tables) => [
    {
      name: 'v0',
      columns: VIEW_TYPES.map((type, i) => ({ name: `c${i}`, type })),
      body: new Generator(random, tables).select(VIEW_TYPES, [], 1),
    },
  ],
  queries: (random, tables, views) => {
    const generator = new Generator(random, [...tables, ...views]);
    return () => generator.query();
  },
};
