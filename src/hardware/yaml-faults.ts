/** A fault of a YAML file in words for a user, and what to do about it. */
export type YamlFault = readonly [what: string, remedy: string];

/** Deepest nesting of lists and maps. */
export const DEEPEST = 64;

/** What the YAML parser finds, by its codes. A key that stands twice is found elsewhere, with its name. */
const FAULTS: Readonly<Record<string, YamlFault>> = {
  MULTIPLE_DOCS: ['the file holds a second YAML document', 'one document is read: remove the line "---"'],
  RESOURCE_EXHAUSTION: ['lists and maps are nested too deeply', `at most ${DEEPEST} levels are read`],
  TAG_RESOLVE_FAILED: ['values have no tags here', 'remove what begins with "!"'],
  BAD_COLLECTION_TYPE: ['values have no tags here', 'remove what begins with "!"'],
  MULTIPLE_TAGS: ['values have no tags here', 'remove what begins with "!"'],
  TAB_AS_INDENT: ['not valid YAML: a tab indents this line', 'indent with spaces'],
  BAD_INDENT: [
    'not valid YAML: an indentation does not fit, or a bracket is not closed',
    'close every bracket; indent the entries of a list or map by the same number of spaces, what belongs to one by more',
  ],
  MISSING_CHAR: [
    'not valid YAML: a character is missing here or just before',
    'look for a quotation mark or bracket that is not closed, a ":" and a space behind a key, a "," between entries, a space before "#"',
  ],
  UNEXPECTED_TOKEN: [
    'not valid YAML: this does not belong here',
    'look for a bracket, brace or comma too many, and for a text that needs quotation marks',
  ],
  BAD_SCALAR_START: [
    'not valid YAML: a text cannot begin with this character',
    'put the text in quotation marks',
  ],
  BAD_DQ_ESCAPE: [
    'not valid YAML: no such escape in a text in double quotation marks',
    'write \\\\ for a backslash, or put the text in single quotation marks',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'not valid YAML: a key with its ":" stands inside a value',
    'indent the keys of one map by the same number of spaces; a text that holds ": " needs quotation marks',
  ],
  BLOCK_IN_FLOW: [
    'not valid YAML: an entry between brackets is not written as one',
    'look for a "," that is missing between entries, and for a bracket that is not closed',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'not valid YAML: a key goes over several lines',
    'write the key and its ":" on one line; look for a ":" that is missing further up',
  ],
  KEY_OVER_1024_CHARS: [
    'not valid YAML: a key of more than 1024 characters',
    'look for a ":" or a quotation mark that is missing',
  ],
  BAD_DIRECTIVE: ['not valid YAML: an unknown directive', 'remove the line that begins with "%"'],
  BAD_ALIAS: [
    'not valid YAML: the name of an anchor or alias is missing, or ends in ":"',
    'write "&name" and "*name"; a text that begins with & or * needs quotation marks',
  ],
  ALIAS_PROPS: [
    'not valid YAML: an alias cannot have an anchor of its own',
    'remove what stands before the "*"',
  ],
  MULTIPLE_ANCHORS: ['not valid YAML: a value has two anchors', 'remove one of the two that begin with "&"'],
  BAD_PROP_ORDER: [
    'not valid YAML: an anchor stands before a "-", "?" or ":"',
    'write what begins with "&" behind it',
  ],
  NON_STRING_KEY: ['a key must be a plain name', 'write the key as a text'],
};

/** Whatever else a version of the parser may find. */
const OTHER: YamlFault = [
  'not valid YAML',
  'look for indentation, quotation marks and brackets here and in the line before',
];

/** The parser's finding in plain words, by its code. */
export const yamlFault = (code: string): YamlFault => FAULTS[code] ?? OTHER;
