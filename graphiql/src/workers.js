// Monaco asks for its workers through this global. build.mjs puts each in a file of its own and names it here.
const workers = WORKER_FILES;

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const file = workers[label] ?? workers.editor;
    return new Worker(new URL(file, import.meta.url), { name: label });
  },
};
