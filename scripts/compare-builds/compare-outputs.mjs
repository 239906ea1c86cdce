// The outputs of one case by both builds, compared value by value under the table of renames and exceptions.
import { NUMBER, readValues } from './read-values.mjs';

/** What is counted over the cases of a command. The columns only in one build go with what is said of them. */
export function newCounts() {
  return {
    values: 0,
    equal: 0,
    meant: 0,
    renamed: 0,
    differences: [],
    onlyOld: new Map(),
    onlyNew: new Map(),
  };
}

/**
 * Compares a case and adds to `counts`; `met` gathers the entries of the table that some value met.
 * `outcome.old` and `outcome.new` are `{ failure }` or `{ outputs: Map from name to bytes }`.
 */
export function compareOutputs({ command, name, outputs }, outcome, table, counts, met) {
  const entryOf = (list, column, also = () => true) => {
    const entry = (table[list] ?? []).find(
      (each) => matches(each.command, command) && matches(each.column, column) && also(each),
    );
    if (entry !== undefined) met.add(`${list} ${entry.command} ${entry.column}`);
    return entry;
  };
  const differ = (place, column, row, before, after) => {
    counts.differences.push({ place, column, row, before: show(before), after: show(after) });
  };
  if (outcome.old.failure !== undefined || outcome.new.failure !== undefined) {
    const how = ({ failure }) => (failure === undefined ? 'succeeds' : `fails: ${failure}`);
    counts.differences.push({
      place: name,
      column: 'the command',
      row: '',
      before: how(outcome.old),
      after: how(outcome.new),
    });
    return;
  }
  for (const output of outputs) {
    const place = `${name}, ${output}`;
    const missing = ['old', 'new'].filter((build) => !outcome[build].outputs.has(output));
    if (missing.length > 0) {
      const has = (build) => (missing.includes(build) ? '(not written)' : '(written)');
      differ(place, 'the file', '', has('old'), has('new'));
      continue;
    }
    const before = readValues(output, outcome.old.outputs.get(output));
    const after = readValues(output, outcome.new.outputs.get(output));
    const valuesBefore = counts.values;
    compareColumns(before, after, place);
    if (counts.values === valuesBefore) differ(place, 'values', '', 'none to compare', 'none to compare');
  }

  function compareColumns(before, after, place) {
    const renames = [...Object.entries(table.renames ?? {})]
      .filter(([pattern]) => matches(pattern, command))
      .flatMap(([pattern, names]) => Object.entries(names).map(([from, to]) => ({ pattern, from, to })));
    const taken = new Set();
    for (const [column, rows] of before) {
      if (entryOf('ignored', column)) continue;
      const renamed = renames
        .map((rename) => ({ ...rename, to: renamedColumn(column, rename.from, rename.to) }))
        .find(({ to }) => to !== undefined && after.has(to));
      if (renamed !== undefined) met.add(`renames ${renamed.pattern} ${renamed.from}`);
      const other = renamed?.to ?? column;
      if (after.has(other)) {
        taken.add(other);
        compareRows(rows, after.get(other), { place, column, other, renamed: renamed !== undefined });
        continue;
      }
      const listed = entryOf('onlyIn', column, ({ build }) => build === 'old');
      if (listed) counts.onlyOld.set(column, `only in the old build: ${listed.reason}`);
      else if ([...rows.values()].every((value) => value === ''))
        counts.onlyOld.set(column, 'only in the old build, and empty there');
      else {
        counts.onlyOld.set(column, 'only in the old build');
        counts.differences.push({
          place,
          column,
          row: '',
          before: `${rows.size} values`,
          after: '(no such column)',
        });
      }
    }
    for (const column of after.keys()) {
      if (taken.has(column) || entryOf('ignored', column)) continue;
      const listed = entryOf('onlyIn', column, ({ build }) => build === 'new');
      counts.onlyNew.set(column, `only in the new build: ${listed?.reason ?? 'not listed in the table'}`);
    }
  }

  function compareRows(before, after, { place, column, other, renamed }) {
    for (const row of new Set([...before.keys(), ...after.keys()])) {
      const pair = [before, after].map((rows) => (rows.has(row) ? rows.get(row) : ABSENT));
      counts.values++;
      if (renamed) counts.renamed++;
      if (sameValue(...pair)) counts.equal++;
      else if (
        entryOf('meant', column, (entry) => matches(entry.case ?? '*', name) && isWithin(entry, ...pair))
      )
        counts.meant++;
      else differ(place, renamed ? `${column} -> ${other}` : column, row, ...pair);
    }
  }
}

const ABSENT = Symbol('absent');

const show = (value) => (value === ABSENT ? '(absent)' : JSON.stringify(value));

/** Numbers as numbers, also in CSV, where 1 and 1.0 are the same; all else as it stands. */
function sameValue(before, after) {
  if (before === after) return true;
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  return NUMBER.test(before) && NUMBER.test(after) && Number(before) === Number(after);
}

/** Whether two values differ, as numbers, by no more than the relative bound of an entry, if it has one. */
const isWithin = ({ within }, before, after) =>
  within === undefined || Math.abs(before - after) <= within * Math.max(Math.abs(before), Math.abs(after));

/** The new name of a column under a rename of itself or of what it lies below; undefined if neither. */
function renamedColumn(column, from, to) {
  if (column === from) return to;
  const below = column.startsWith(from) ? column.slice(from.length) : '';
  return below.startsWith('.') || below.startsWith('[]') ? to + below : undefined;
}

/** Whether a pattern, in which * stands for any text, fits all of a text. */
function matches(pattern, text) {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.[\]()\\^$+?{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
