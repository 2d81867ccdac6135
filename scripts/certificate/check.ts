// Certificates hold between this implementation and others: one made here is verified by check.py, and one made there by the
// command. `node --conditions=source scripts/certificate/check.ts PYTHON`, whose packages are in requirements.txt.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [python = 'python3'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
const file = (name: string) => join(folder, name);
const kit = fileURLToPath(new URL('../../conformance/bin/0k-conformance.js', import.meta.url));
const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'inherit' });
try {
  run(process.execPath, kit, 'keygen', file('signer.json'));
  // The smallest profile.
  run(
    process.execPath,
    kit,
    '--profile',
    'push',
    '--certificate',
    file('certificate.json'),
    '--key',
    file('signer.json'),
  );
  const check = fileURLToPath(new URL('check.py', import.meta.url));
  const theirs = [file('theirs.json'), file('theirs.public.json')] as const;
  run(python, check, file('certificate.json'), file('signer.public.json'), ...theirs);
  run(process.execPath, kit, 'verify', theirs[0], '--public-key', theirs[1]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
