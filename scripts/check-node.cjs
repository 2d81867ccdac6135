// Runs before `npm start` and `npm test`, on whatever Node npm finds: old syntax only.
'use strict';

var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var least = require('../package.json').engines.node;
var have = process.version.match(/\d+/g).map(Number);
var need = least.match(/\d+/g).map(Number);

if (have[0] < need[0] || (have[0] === need[0] && have[1] < need[1])) {
  // `npm ci` installs a new enough Node as the package `node`, unless its install script was not allowed to run.
  var remedy = fs.existsSync(path.join(root, 'node_modules'))
    ? 'run `npm rebuild node`, which installs one here, then try again'
    : 'run `npm ci` first, which installs one here';
  console.error('Node ' + least + ' is needed, this is ' + process.version + ': ' + remedy + '.');
  process.exit(1);
}
