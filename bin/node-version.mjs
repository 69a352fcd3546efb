// Stands before every other import, and in syntax that an old Node can read, so that it can say what is wrong.
const NODE_MAJOR_MIN = 20;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  console.error(
    `tenon: this is Node ${process.versions.node} (${process.execPath}), but Node ${NODE_MAJOR_MIN} or later is needed. ` +
      "Install a newer one from https://nodejs.org and run the command again.",
  );
  process.exit(1);
}
