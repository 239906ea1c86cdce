/** Runs of a measurement. */
export const REPEATS = 5;

/** CPU time of an image in ms, since other work on the machine must not count: "median (lowest to highest)". */
export function measure(images, work, digits) {
  const times = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / images;
  }).sort((a, b) => a - b);
  const [low, median, high] = [times[0], times[REPEATS >> 1], times[REPEATS - 1]].map((time) =>
    time.toFixed(digits),
  );
  return `${median} (${low} to ${high})`;
}
