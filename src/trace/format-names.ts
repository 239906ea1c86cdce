interface Named {
  readonly name: string;
}

type Names<Formats extends readonly Named[]> = { readonly [Index in keyof Formats]: Formats[Index]['name'] };

/** The names of formats, in their order, as a tuple of literal types. */
export function formatNames<const Formats extends readonly Named[]>(formats: Formats): Names<Formats> {
  // `map` gives an array type; the lengths and the order are those of the tuple.
  return formats.map(({ name }) => name) as Names<Formats>;
}
