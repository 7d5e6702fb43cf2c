/**
 * The discard step counts rows and keeps nothing: the end of a DELETE. Redshift's views do not show it.
 */
import type { SinkStep } from '../definition.ts';
import { countInput } from '../keep-rows.ts';

export interface DiscardSpec {
  readonly kind: 'discard';
}

export const discard: SinkStep<DiscardSpec> = {
  view: () => undefined,
  design: () => ({
    emit: (env, { rows, step }) => {
      countInput(env, rows, step);
      env.setState(rows.cursor, () => env.getState(rows.count));
    },
  }),
};
