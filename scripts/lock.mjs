// `npm ci` refuses a lock file that leaves out an optional package, even one for another platform; npm itself leaves it
// out when the registry asked does not carry it. `node scripts/lock.mjs` adds such entries after an `npm install`;
// `--check` names them, as well as download addresses, and install scripts that allowScripts does not decide on.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { allowScripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** `os`, `cpu` and `libc` of a package, read from a name such as `@rollup/rollup-linux-x64-musl`. */
function platformOf(name) {
  const pattern = /-(?<os>[a-z0-9]+)-(?<cpu>arm64|arm|x64|ia32|loong64|ppc64|riscv64|s390x)(?:-(?<abi>[a-z]+))?$/;
  const found = pattern.exec(name);
  if (!found) throw new Error(`${name}: the name does not end in an operating system and a processor`);
  const { os, cpu, abi } = found.groups;
  const libc = os === 'linux' && abi && { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] };
  return { cpu: [cpu], ...libc, os: [os] };
}

const missing = {};
for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    if (!lock.packages[path]) missing[path] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
  }
}

const undecided = Object.entries(lock.packages)
  .filter(([path, entry]) => entry.hasInstallScript && !(path.replace(/^.*node_modules\//, '') in allowScripts))
  .map(([path]) => `${path}: has an install script; decide on it in package.json, allowScripts`);
const addressed = Object.entries(lock.packages)
  .filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
  .map(([path]) => `${path}: records a download address; .npmrc has omit-lockfile-registry-resolved=true`);

const faults = [...undecided, ...addressed];
if (process.argv.includes('--check')) {
  faults.push(...Object.keys(missing).map((path) => `${path}: missing; run node scripts/lock.mjs`));
} else {
  lock.packages = Object.fromEntries(
    Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
for (const fault of faults) console.error(`package-lock.json: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
