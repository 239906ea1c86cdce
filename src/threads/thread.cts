// What a thread of a pool starts with. It is CommonJS, because Piscina requires it, and Node 20 aborts where a thread is ended
// while it requires an ES module (ModuleWrap::CreateRequiredModuleFacade); so are the chunks of the bundle.
const { workerData } = require('node:worker_threads') as {
  /** The bundled module whose default export takes a task. */
  workerData: { module: string };
};
const { loadChunk } = require('../files/load-chunk.cjs') as {
  loadChunk: import('../files/load-chunk.cts').LoadChunk;
};

/** Begins now, before there is a task; whoever has a task hears of what fails. */
const loaded = new Promise<{ default: (task: unknown) => unknown }>((resolve) => {
  resolve(loadChunk(workerData.module) as { default: (task: unknown) => unknown });
});
loaded.catch(() => {});

module.exports = async (task: unknown): Promise<unknown> => (await loaded).default(task);
