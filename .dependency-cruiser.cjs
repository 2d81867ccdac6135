// The direction of imports, checked by `npm run lint`. scripts/imports.test.ts breaks each rule once, to see it fail.

const mayImport = {
  spec: [],
  vectors: ['spec'],
  reference: ['spec'],
  relay: ['spec', 'reference'],
  conformance: ['spec', 'vectors', 'reference'],
  cli: ['spec', 'reference', 'relay'],
  'docs-site': ['spec', 'vectors', 'reference', 'conformance'],
};
const folders = Object.keys(mayImport);
const manifests = Object.fromEntries(folders.map((folder) => [folder, require(`./${folder}/package.json`)]));

/** Of the folders that `folder` may import, those that its package.json declares. */
function imports(folder) {
  const { dependencies, devDependencies } = manifests[folder];
  return mayImport[folder].filter((other) => manifests[other].name in { ...dependencies, ...devDependencies });
}

/** Tests may import anything that they can reach, and saboteurs wrap the relay: neither is published. */
const unpublished = '[.]test[.]ts$|^[a-z-]+/test/|^conformance/saboteurs/';
/** The files that tie the reference to Node: its entry for Node, the provider on node:crypto, the transport on ws. */
const nodeAdapter = '^reference/src/(?:node|crypto/node|transport/websocket)[.]ts$';
/** A relay on a WebSocket that answers from the model, to be wrong in chosen ways. */
const scriptedRelay = '^conformance/src/model/scripted-relay[.]ts$';
/** What runs in a browser too: the tables, the reference without its adapters, the model of a relay. */
const portable = '^(?:spec/src|reference/src|conformance/src/model)/';
const published = `^(?:${folders.slice(0, -1).join('|')})/(?:src|bin)/`;

const directions = folders.map((folder) => ({
  name: `direction-${folder}`,
  comment: `The arrows go one way: ${folder}/ may import ${mayImport[folder].join(', ') || 'no other folder'}, if package.json declares it.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: unpublished },
  to: { path: `^(?:${folders.filter((other) => ![folder, ...imports(folder)].includes(other)).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'no-cycle',
      comment: 'Two files that need each other to run are one idea in two files. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'portable-core',
      comment: 'This part runs in a browser too: what needs Node belongs into an adapter (nodeAdapter).',
      severity: 'error',
      from: { path: portable, pathNot: [unpublished, nodeAdapter, scriptedRelay] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'portable-entry',
      comment: "The reference's portable entry must not reach an adapter for Node; @0k-sync/reference/node does that.",
      severity: 'error',
      from: { path: '^reference/src/index[.]ts$' },
      to: { path: nodeAdapter, reachable: true },
    },
    {
      name: 'one-log',
      comment: 'What is logged goes through the list of events in relay/src/log.ts.',
      severity: 'error',
      from: { path: published, pathNot: [unpublished, '^relay/src/log[.]ts$'] },
      to: { path: '(?:^|/)node_modules/pino/' },
    },
    {
      name: 'one-registry',
      comment: 'The metrics of a relay are in one file.',
      severity: 'error',
      from: { path: published, pathNot: [unpublished, '^relay/src/metrics[.]ts$'] },
      to: { path: '(?:^|/)node_modules/prom-client/' },
    },
    {
      name: 'ws-in-its-adapter',
      comment:
        'ws is imported by one adapter of the reference, one of the relay, the raw access and the scripted relay of the certifier.',
      severity: 'error',
      from: {
        path: published,
        pathNot: [
          unpublished,
          nodeAdapter,
          '^relay/src/websocket[.]ts$',
          '^conformance/src/access/wire[.]ts$',
          scriptedRelay,
        ],
      },
      to: { path: '(?:^|/)node_modules/(?:@types/)?ws/' },
    },
    {
      name: 'sqlite-in-its-adapter',
      comment: 'node:sqlite stays behind the Storage interface, in relay/src/sqlite/.',
      severity: 'error',
      from: { path: published, pathNot: [unpublished, '^relay/src/sqlite/'] },
      to: { path: '^(?:node:)?sqlite$' },
    },
    {
      name: 'declared-dependency',
      comment:
        'What is published runs without devDependencies: declare the package under dependencies of its own package.json.',
      severity: 'error',
      from: { path: published, pathNot: unpublished },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-test-code',
      comment: 'Published files import no tests and no saboteurs.',
      severity: 'error',
      from: { path: published, pathNot: unpublished },
      to: { path: unpublished },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere escapes all other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^[a-z-]+/dist/' },
    // Types count as imports: a type from a forbidden place ties two parts together as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
