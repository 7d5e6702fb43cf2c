/**
 * One part of a windowed source's code: what some functions of the window need for a row.
 */
import type { ColId } from '../../common/ids.ts';
import type { TupleField } from '../../types/tuple-layout.ts';
import type { Label } from '../../wasm/assembler.ts';
import type { StageEnv } from '../segment-code.ts';
import type { RowLocals } from './window-code.ts';

export interface WindowPartCode {
  /** Of its code (expressions/code-size.ts). */
  readonly weight: number;
  /** A partition begins. */
  reset?(env: StageEnv): void;
  /** A row begins: entered once for each. */
  begin?(env: StageEnv, row: number, marks: number): void;
  /** Computes and stores the row's results; may be entered again for the same row when it left through `exit`. */
  emit(env: StageEnv, at: RowLocals, exit: Label): void;
}
export type ResultField = (id: ColId) => TupleField;
