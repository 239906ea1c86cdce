/** A result file of another simulator is not what its source says that it writes. */
export class PeerOutputError extends Error {}

/** @param name the file, for the message */
export function parseJson(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PeerOutputError(`${name}: no JSON: ${error.message}`);
  }
}
