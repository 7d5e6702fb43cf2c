/**
 * What COPY's options say to a columnar format.
 */
export interface ColumnarLoadOptions {
  readonly fillRecord: boolean;
  /** The byte for what is no UTF-8. */
  readonly acceptInvChars: number | undefined;
  readonly serializeToJson: boolean;
}
