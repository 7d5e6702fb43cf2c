/**
 * The datestyle setting as the number kernels read at ctx+DATE_STYLE (memory-map.ts): the output style in the low four
 * bits, 16 for DMY, 32 for YMD. The setting's value is always 'STYLE, ORDER'. The intervalstyle setting's number lies above.
 */
export const OUTPUT_STYLES = ['ISO', 'SQL', 'German', 'Postgres'] as const;
export const DATE_ORDERS = ['MDY', 'DMY', 'YMD'] as const;
export const INTERVAL_STYLES = ['postgres', 'postgres_verbose', 'sql_standard'] as const;
const INTERVAL_STYLE_UNIT = 256;

export function dateStyleCode(setting: string, intervalStyle: string): number {
  const [style, order] = setting.split(', ');
  const output = OUTPUT_STYLES.findIndex((s) => s === style);
  const intervals =
    INTERVAL_STYLE_UNIT *
    Math.max(
      0,
      INTERVAL_STYLES.findIndex((s) => s === intervalStyle),
    );
  return intervals + Math.max(0, output) + (order === 'DMY' ? 16 : order === 'YMD' ? 32 : 0);
}
