#!/usr/bin/env node
// The launchers of all packages are this one file. It is CommonJS (bin/package.json) in the syntax of ECMAScript 5 and
// loads nothing before it has looked at the version, so that an old Node says what it lacks and not "SyntaxError".
'use strict';

var fs = require('fs');
var path = require('path');
var manifest = require('../package.json');

var name = path.basename(__filename, '.js');
var sources = path.join(__dirname, '..', 'src', 'main.ts');
var built = path.join(__dirname, '..', 'dist', 'main.js');
// Only the workspace has src/. There the sources win over dist/, which may be an older build.
var inWorkspace = fs.existsSync(sources);

function refuse(problem, remedy) {
  console.error(name + ': ' + problem + ': ' + remedy + '.');
  process.exit(2);
}

function isOlder(version, least) {
  var have = version.match(/\d+/g).map(Number);
  var need = least.match(/\d+/g).map(Number);
  return have[0] < need[0] || (have[0] === need[0] && have[1] < need[1]);
}

if (isOlder(process.version, manifest.engines.node)) {
  refuse(
    'Node ' + manifest.engines.node + ' is needed, this is ' + process.version,
    inWorkspace ? 'start it with npx ' + name + ', which takes the Node of this workspace' : 'install a newer Node'
  );
}
if (!inWorkspace && !fs.existsSync(built)) {
  refuse('the package is incomplete, dist/main.js is missing', 'install it again');
}

var condition = '--conditions=source';
if (inWorkspace && process.execArgv.indexOf(condition) < 0) {
  // The flag must hold for worker threads too, which no loader hook reaches. execve replaces this process: same pid, same
  // descriptors, nobody in between who would have to pass on signals and the exit code. Windows has no such call.
  var command = process.execArgv.concat(condition, __filename, process.argv.slice(2));
  if (process.platform !== 'win32') process.execve(process.execPath, [process.execPath].concat(command), process.env);
  process.exit(require('child_process').spawnSync(process.execPath, command, { stdio: 'inherit' }).status);
}

// A crash is no verdict: exit code 1 would read as "not conformant".
process.on('uncaughtException', function (error) {
  console.error(error);
  process.exit(3);
});

var cache = path.join(__dirname, '..', '..', 'node_modules', '.cache', 'compile');
// With its types stripped and compiled once, a command starts in half the time.
if (inWorkspace) require('module').enableCompileCache(cache);

require(inWorkspace ? sources : built).main(process.argv.slice(2));
