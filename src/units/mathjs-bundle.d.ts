/** The one-file build of mathjs: the same functions as `mathjs`, which is 2,000 modules and takes a second to load. */
declare module 'mathjs/lib/browser/math.js' {
  const math: typeof import('mathjs');
  export default math;
}
