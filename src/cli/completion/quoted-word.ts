/** A text as one word of a shell, whatever it holds. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
