/**
 * How a source's runtime hands input to the code of its segment: it writes the input fields of the segment's state
 * (segment-code.ts), which every source stage reads.
 */
import type { SegmentHost, StepHost } from './host.ts';
import { STATE } from './segment-code.ts';

export function setInput(
  run: StepHost,
  segment: SegmentHost,
  address: number,
  rows: number,
  pointers: boolean,
  end = 0,
): void {
  const { memory } = run;
  memory.setU32(segment.state + STATE.INPUT_ADDRESS, address);
  memory.setU32(segment.state + STATE.INPUT_ROWS, rows);
  memory.setU32(segment.state + STATE.INPUT_POSITION, 0);
  memory.setU32(segment.state + STATE.INPUT_POINTERS, pointers ? 1 : 0);
  memory.setU32(segment.state + STATE.INPUT_END, end);
}
