// Runs the built program again and again in one process, which spares each run the second in which it loads. The first
// run is the program's own start; the next ones call its `main`. Each ends with a mark on both streams, so that whoever
// asked knows what belongs to it.
import { fileURLToPath } from 'node:url';

const [program] = process.argv.slice(2);
const { writeAll } = await import(new URL('../files/write-all.js', program).href);

let main;
let isStandardOutputTaken;

process.on('message', async ({ args, mark, folder }) => {
  process.chdir(folder);
  process.argv = [process.execPath, fileURLToPath(program), ...args];
  process.exitCode = undefined;
  if (main === undefined) ({ main, isStandardOutputTaken } = await import(program));
  else process.exitCode = await main(args);
  const code = Number(process.exitCode);
  // What the program removes when it ends: temporary files, and its claim of the folder of its results.
  process.emit('exit', code);
  process.exitCode = undefined;
  for (const stream of [1, 2]) writeAll(stream, new TextEncoder().encode(mark));
  // A run that gave its standard output to a result says everything else on standard error, and so would the next.
  process.send({ code, last: isStandardOutputTaken() });
});
