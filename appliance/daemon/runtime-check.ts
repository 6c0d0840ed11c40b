/** First import of the daemon: better-sqlite3 crashes below Node-API 10 without saying why, so this says it before. */
if (Number(process.versions['napi']) < 10) {
  console.error(
    `Perigee needs Node 22.14 or newer to run, this is ${process.versions.node}. ` +
      "Start it with 'npm start', which brings its own.",
  );
  process.exit(1);
}
