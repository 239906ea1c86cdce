/** How the beginning of a file tells its format. */
export type Signature =
  /** A binary file begins with these bytes. */
  | { readonly magic: Uint8Array }
  /** The whole first line of a text file has this form, or it has the shorter one and the second line has this. */
  | { readonly line: RegExp; readonly shorterFirst?: RegExp }
  /** The first line of a text file begins like this; where two formats share a form, the file's name decides. */
  | { readonly lineStart: RegExp; readonly fileName?: RegExp };

interface Signed {
  readonly signature: Signature;
}

/** The binary format among these whose magic number a file begins with. */
export const binaryFormatOf = <Format extends Signed>(
  formats: readonly Format[],
  head: Uint8Array,
): Format | undefined =>
  formats.find(
    ({ signature }) => 'magic' in signature && signature.magic.every((byte, i) => head[i] === byte),
  );

/**
 * The text format among these whose form the first lines have. Stricter forms are tried first: those of a whole line, then
 * those of a line's beginning that also need a file name, then the other beginnings; within each, the order of the list.
 */
export function textFormatOf<Format extends Signed>(
  formats: readonly Format[],
  firstLine: string,
  file: string,
  secondLine?: string,
): Format | undefined {
  const shorter = formats.find(
    ({ signature }) =>
      'line' in signature &&
      secondLine !== undefined &&
      signature.shorterFirst?.test(firstLine) &&
      signature.line.test(secondLine),
  );
  if (shorter) return shorter;
  const whole = formats.find(({ signature }) => 'line' in signature && signature.line.test(firstLine));
  if (whole) return whole;
  const begun = formats.filter(
    ({ signature }) => 'lineStart' in signature && signature.lineStart.test(firstLine),
  );
  return (
    begun.find((format) => fileNameOf(format)?.test(file)) ?? begun.find((format) => !fileNameOf(format))
  );
}

/** Whether a file that begins so, with these two lines if it is text, can be of the format. */
export function fits(
  { signature }: Signed,
  head: Uint8Array,
  firstLine: string | undefined,
  secondLine?: string,
): boolean {
  if ('magic' in signature) return binaryFormatOf([{ signature }], head) !== undefined;
  if (firstLine === undefined) return false;
  if ('lineStart' in signature) return signature.lineStart.test(firstLine);
  return (
    signature.line.test(firstLine) ||
    (secondLine !== undefined &&
      signature.shorterFirst?.test(firstLine) === true &&
      signature.line.test(secondLine))
  );
}

const fileNameOf = ({ signature }: Signed): RegExp | undefined =>
  'lineStart' in signature ? signature.fileName : undefined;
