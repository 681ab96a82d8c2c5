// Shows the pod's shared volume at work: each request is noted in DATA_DIR, and the answer lists it.
'use strict';
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');

const dataDir = process.env.DATA_DIR || '/usr/src/app';
const port = Number(process.env.PORT || 3000);
const visitsFile = path.join(dataDir, 'visits.log');
const visitsBytesMax = 1024 * 1024;

function note(request) {
  fs.mkdirSync(dataDir, { recursive: true });
  const size = fs.existsSync(visitsFile) ? fs.statSync(visitsFile).size : 0;
  const line = `${new Date().toISOString()} ${request.method} ${request.url}\n`;
  fs.writeFileSync(visitsFile, line, { flag: size > visitsBytesMax ? 'w' : 'a' });
}

function list() {
  return fs.readdirSync(dataDir).sort().map((name) => {
    const stat = fs.statSync(path.join(dataDir, name));
    return { name, bytes: stat.size, directory: stat.isDirectory() };
  });
}

const server = http.createServer((request, response) => {
  let code = 200;
  let body;
  try {
    note(request);
    body = { host: os.hostname(), node: process.version, directory: dataDir, files: list() };
  } catch (error) {
    code = 500;
    body = { error: String(error) };
  }
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body, null, 2) + '\n');
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    setTimeout(() => process.exit(0), 2000).unref();
  });
}
server.listen(port, () => console.log(`listening on ${port}, data in ${dataDir}`));
