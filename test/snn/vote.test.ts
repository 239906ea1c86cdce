import { describe, expect, it } from 'vitest';
import type { ClassResponses } from '../../src/snn/network.ts';
import { NO_CLASS, neuronLabels } from '../../src/snn/neuron-labels.ts';
import { createClassifier, VOTES, voteOf } from '../../src/snn/vote.ts';
import { listedFiles } from '../listed-files.ts';

/** Three neurons, two classes; class 1 was shown twice as often. The last neuron never fired. */
const responses: ClassResponses = {
  spikes: Uint32Array.of(10, 12, 0, 8, 0, 0),
  images: Uint32Array.of(5, 10),
};

describe('neuron labels', () => {
  it('go to the class of the highest mean response, not of the most spikes', () => {
    expect([...neuronLabels(responses)]).toEqual([0, 1, NO_CLASS]);
  });
});

describe('the list of votes', () => {
  it('has every file of its folder, each the definition of its name, with a summary of one line', async () => {
    const files = await listedFiles('snn/votes');
    expect(files.map(({ file }) => file)).toEqual(VOTES.toSorted());
    for (const name of VOTES) {
      expect(files.find(({ file }) => file === name)!.exported).toBe(voteOf(name));
      expect(voteOf(name).summary).toMatch(/^\S.{10,100}\S$/);
    }
  });
});

describe('votes', () => {
  it.each(VOTES)(
    'by %s answer silence, and spikes of a neuron that means nothing, without a crash',
    (vote) => {
      const classify = createClassifier(responses, vote);
      expect(classify(Uint16Array.of(0, 0, 0))).toBe(NO_CLASS);
      expect(classify(Uint16Array.of(0, 0, 4))).toBe(0);
    },
  );

  it('by activity average the counts of the neurons labelled with a class', () => {
    const classify = createClassifier(responses, 'activity');
    expect(classify(Uint16Array.of(3, 2, 9))).toBe(0);
    expect(classify(Uint16Array.of(2, 3, 9))).toBe(1);
  });

  it('by proportion share each spike among the classes', () => {
    // Neuron 0 answers with 2.0 and 1.2 spikes an image: 0.625 and 0.375 of a vote.
    const classify = createClassifier(responses, 'proportion');
    expect(classify(Uint16Array.of(5, 1, 0))).toBe(0);
    expect(classify(Uint16Array.of(3, 1, 0))).toBe(1);
  });

  it('by likelihood add log probabilities, smoothed by 0.3 spikes a class', () => {
    const classify = createClassifier(responses, 'likelihood');
    const score = (counts: readonly number[], c: number) =>
      counts[0]! * Math.log(((c === 0 ? 10 : 12) + 0.3) / 22.6) +
      counts[1]! * Math.log(((c === 0 ? 0 : 8) + 0.3) / 8.6);
    for (const counts of [
      [1, 0, 0],
      [4, 1, 0],
      [40, 1, 0],
    ])
      expect(classify(Uint16Array.from(counts))).toBe(score(counts, 0) > score(counts, 1) ? 0 : 1);
  });
});
