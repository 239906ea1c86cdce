import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { markup, markupText, trusted } from '../../src/report/markup.ts';

describe('a template of markup', () => {
  it('escapes texts, in elements and in attributes', () => {
    const text = `<b> & "q" 'a'`;
    expect(markupText(markup`<i title="${text}">${text}${1.5}</i>`)).toBe(
      '<i title="&lt;b&gt; &amp; &quot;q&quot; &#39;a&#39;">&lt;b&gt; &amp; &quot;q&quot; &#39;a&#39;1.5</i>',
    );
  });

  it('takes markup and lists of it as they are', () => {
    const cells = ['<', 'b'].map((text) => markup`<td>${text}</td>`);
    expect(markupText(markup`<tr>${cells}</tr>${trusted('<hr>')}`)).toBe(
      '<tr><td>&lt;</td>\n<td>b</td></tr><hr>',
    );
  });

  it('shows control characters and turns of direction, and keeps lines', () => {
    expect(markupText(markup`${'a\u0000b\u202ec\nd\te'}`)).toBe('a\\x00b\\u202ec\nd\te');
  });

  it('takes nothing read from a file for markup', () => {
    // What JSON can make has no symbol for a key.
    const made = JSON.parse('{"markup": "<b>", "Symbol(markup)": "<b>"}') as never;
    expect(() => markupText(markup`${made}`)).toThrow(TypeError);
  });
});

describe('the source', () => {
  const files = ['src/report', 'src/reproduction', 'src/cli'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${room}/${name}`),
  );
  const whole = files.map((file) => [file, readFileSync(file, 'utf8')] as const);

  it('has no markup outside the template', () => {
    expect(files.length).toBeGreaterThan(40);
    const found = whole.flatMap(([file, text]) =>
      [...text.matchAll(/(?<!markup)[`'"]\s*<[/!a-z][a-z0-9]*[\s>/]/gi)].map(([part]) => `${file}: ${part}`),
    );
    expect(found).toEqual([]);
  });

  it('puts every part of an attribute in double quotes', () => {
    const templates = whole.flatMap(([file, text]) =>
      [...text.matchAll(/markup`((?:[^`\\]|\\.)*)/g)].map(([, inside]) => [file, inside!] as const),
    );
    expect(templates.length).toBeGreaterThan(40);
    expect(templates.filter(([, inside]) => /[\w-]=('|\$\{)/.test(inside))).toEqual([]);
  });

  it('trusts no more texts than scripts, the style sheet and the data of the charts', () => {
    const calls = whole.flatMap(([, text]) =>
      [...text.matchAll(/\btrusted\(([^)]*\)?)/g)].map(([, of]) => of),
    );
    expect(calls.filter((of) => of !== 'text: string)').sort()).toEqual(
      ['PAGE_STYLE)', 'chartData({ charts, whole })', 'script)'].sort(),
    );
  });
});
