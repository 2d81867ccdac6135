// Certifies a port with all checks of codecs, and then copies of it with a fault put in: `check-port.ts NAME COMMAND [BUILD]`,
// the command being run in the folder of the port, and before it, if the language asks for that, the one that builds it. Each
// fault has to be found by a check of its rule, and shrunk to a request that a person can read.
import { execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A change of one file of a port, and what has to come of it. */
interface Fault {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A check that makes its requests at random. */
  readonly check: string;
  /** The rule that it has to find broken. */
  readonly requirement: string;
  /** The most characters that the request may have. */
  readonly shrunk: number;
}

const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  python: [
    {
      file: 'messages.py',
      find: '0xD2: ">i"',
      replace: '0xD2: ">I"',
      check: 'WIRE-37/random-faults',
      requirement: 'WIRE-30',
      shrunk: 300,
    },
    {
      file: 'messages.py',
      find: 'refuse_unless(key not in out, "duplicate-key")',
      replace: 'pass',
      check: 'WIRE-37/random-faults',
      requirement: 'WIRE-39',
      shrunk: 200,
    },
    {
      file: 'sealing.py',
      find: 'exponent - exponent.bit_length()',
      replace: 'exponent - exponent.bit_length() + 1',
      check: 'SEAL-14/random-padded-length',
      requirement: 'SEAL-14',
      shrunk: 60,
    },
    {
      file: 'noise.py',
      find: 'self.counter += 1',
      replace: 'self.counter += 1 if self.counter != 65_534 else 2',
      check: 'HS-15/random-transport',
      requirement: 'HS-15',
      shrunk: 300,
    },
  ],
  go: [
    {
      file: 'msgpack.go',
      find: 'form.is == signed && number[0] < 0x80',
      replace: 'form.is == signed',
      check: 'WIRE-37/random-faults',
      requirement: 'WIRE-30',
      shrunk: 300,
    },
    {
      file: 'msgpack.go',
      find: 'require(depth > 0, "too-deep")',
      replace: 'require(depth >= 0, "too-deep")',
      check: 'WIRE-37/random-faults',
      requirement: 'WIRE-43',
      shrunk: 300,
    },
    {
      file: 'seals.go',
      find: 'in.bytes("group_id"), in.bytes("device_id")',
      replace: 'in.bytes("device_id"), in.bytes("group_id")',
      check: 'SEAL-26/random-seal-name',
      requirement: 'SEAL-26',
      shrunk: 350,
    },
    {
      file: 'cipher.go',
      find: 'c.n%rekeyAfter == 0',
      replace: 'c.n%rekeyAfter == 1',
      check: 'HS-15/random-transport',
      requirement: 'HS-15',
      shrunk: 300,
    },
  ],
  rust: [
    {
      file: 'src/messagepack.rs',
      find: '0xdc..=0xdd => self.uint(2 * wide(0xdc))',
      replace: '0xdc..=0xdd => self.uint(2)',
      check: 'WIRE-18/random-forms',
      requirement: 'WIRE-18',
      shrunk: 300,
    },
    {
      file: 'src/seals.rs',
      find: 'length != plaintext.len()',
      replace: 'length > plaintext.len()',
      check: 'SEAL-16/random-padding',
      requirement: 'SEAL-16',
      shrunk: 1200,
    },
    {
      file: 'src/frames.rs',
      find: '4 + length as usize => Ok(None)',
      replace: '5 + length as usize => Ok(None)',
      check: 'FRAME-01/random-frames',
      requirement: 'FRAME-01',
      shrunk: 100,
    },
  ],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'conformance/bin/0k-conformance.js');
const [name = '', command = '', build = ''] = process.argv.slice(2);
const work = await mkdtemp(join(tmpdir(), 'port-'));

interface Report {
  verdict: string;
  checks: {
    id: string;
    verdict: string;
    requirement?: string;
    request?: { op: string; input: object };
  }[];
}

/** Builds the port in a folder, and runs the certifier on it. */
async function certify(folder: string, ...args: string[]): Promise<{ code: number; report: Report }> {
  if (build !== '') execSync(build, { cwd: folder, stdio: 'inherit' });
  const json = join(work, 'report.json');
  const driver = `cd '${folder}' && ${command}`;
  const child = spawn(process.execPath, [bin, '--codec', driver, '--seed', '1', '--json', json, ...args], {
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, report: JSON.parse(await readFile(json, 'utf8')) as Report };
}

/** A copy of the port, with the specification where the port looks for it. */
async function faulty({ file, find, replace }: Fault, number: number): Promise<string> {
  const copy = join(work, `fault-${number}`);
  const folder = join(copy, 'ports', name);
  await mkdir(join(copy, 'ports'), { recursive: true });
  await cp(join(root, 'ports', name), folder, { recursive: true });
  await symlink(join(root, 'spec'), join(copy, 'spec'));
  const source = await readFile(join(folder, file), 'utf8');
  if (source.split(find).length !== 2) throw new Error(`ports/${name}/${file} does not hold once: ${find}`);
  await writeFile(join(folder, file), source.replace(find, replace));
  return folder;
}

const problems: string[] = [];
try {
  const { code, report } = await certify(join(root, 'ports', name));
  if (code !== 0 || report.verdict !== 'conformant') problems.push(`ports/${name}: ${report.verdict}`);
  for (const [number, fault] of (FAULTS[name] ?? []).entries()) {
    const what = `ports/${name}/${fault.file} with "${fault.replace}"`;
    const { report: found } = await certify(await faulty(fault, number), '--only', fault.check);
    const check = found.checks.find(({ id }) => id === fault.check);
    const request = JSON.stringify(check?.request ?? '');
    if (check?.verdict !== 'fail' || check.requirement !== fault.requirement) {
      problems.push(
        `${what}: ${fault.check} ${check?.verdict} for ${check?.requirement}, not for ${fault.requirement}`,
      );
    } else if (request.length > fault.shrunk) {
      problems.push(
        `${what}: ${fault.check} shows a request of ${request.length} characters, not at most ${fault.shrunk}`,
      );
    }
  }
  if ((FAULTS[name] ?? []).length === 0) problems.push(`ports/${name}: there is no fault to be found`);
} finally {
  await rm(work, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(`ports/${name}: ${problems.length === 0 ? 'certified, and each fault found' : 'not as it should be'}`);
process.exitCode = problems.length === 0 ? 0 : 1;
