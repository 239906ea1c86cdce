/** Where the site has its contents page, as the front page sees it. */
export const CONTENTS: string;
/** The studio's page with a link to the documentation. Throws Error for a page that has no place for it. */
export function withDocumentation(page: string): string;
/** Copies the studio into the site as its front page. Throws Error where either was not built, and rather than overwrite a file. */
export function putInFront(studio: string, site: string): void;
