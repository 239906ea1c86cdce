/** Commands of the program in the fenced and indented blocks of a page, in their order, comments left out. */
export function commandsOf(page: string): string[] {
  let fenced = false;
  const commands: string[] = [];
  for (const line of page.split('\n')) {
    if (/^```/.test(line)) fenced = !fenced;
    const [, command] = (fenced ? /^(sparkxd .*)$/ : /^ {4}(sparkxd .*)$/).exec(line) ?? [];
    if (command !== undefined) commands.push(command.replace(/\s+#.*$/, '').trim());
  }
  return commands;
}

/** The words of a command as a shell splits one without quotation marks. */
export const wordsOf = (command: string): string[] => command.split(/\s+/).slice(1);

/** Links of a page that are no addresses of the web: file and anchor. */
export function linksOf(page: string): { readonly file: string; readonly anchor: string }[] {
  const text = page.replace(/```.*?```/gs, '').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#');
      return { file, anchor };
    });
}

/** Anchors of the headings of a page, as GitHub and VitePress make them. */
export const anchorsOf = (page: string): string[] =>
  [...page.replace(/```.*?```/gs, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
