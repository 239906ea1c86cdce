// What a thread of a pool starts with. It is CommonJS, because Piscina requires it, and Node 20 aborts where a thread is ended
// while it requires an ES module (ModuleWrap::CreateRequiredModuleFacade); ended while it imports one, it just ends.
const { workerData } = require('node:worker_threads') as {
  /** URL of the module whose default export takes a task. */
  workerData: { module: string };
};
const { module: url } = workerData;

/** Begins now, before there is a task; whoever has a task hears of what fails. */
const loaded: Promise<{ default: (task: unknown) => unknown }> = import(url);
loaded.catch(() => {});

module.exports = async (task: unknown): Promise<unknown> => (await loaded).default(task);
