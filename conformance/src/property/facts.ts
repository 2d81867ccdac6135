import type { Operation, PushOperation } from './history.ts';
import { completedAt, describeOperation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/** What a history says about one blob_id. */
export interface BlobFacts {
  readonly blobId: string;
  /** Every Push of it, in the order of invocation. */
  readonly pushes: PushOperation[];
  /** Where the relay says it is; the first that was seen. */
  cursor?: bigint;
  /** SHA-256 of the payload that the relay holds, as acknowledged or read. */
  digest?: string;
  sender?: string;
  /** The tick of the first answer that showed it. */
  seen: number;
  acknowledged: boolean;
}

/** What a history says about the group as a whole. */
export interface Facts {
  readonly blobs: ReadonlyMap<string, BlobFacts>;
  readonly byCursor: ReadonlyMap<bigint, BlobFacts>;
  /** Contradictions met while collecting. */
  readonly findings: readonly HistoryFinding[];
}

/** Collects all that acknowledgements and pages say, and reports where two of them cannot both be true. Linear in their sum. */
export function collectFacts(operations: readonly Operation[]): Facts {
  const blobs = new Map<string, BlobFacts>();
  const byCursor = new Map<bigint, BlobFacts>();
  const findings: HistoryFinding[] = [];

  const factsOf = (blobId: string): BlobFacts => {
    let facts = blobs.get(blobId);
    if (!facts)
      blobs.set(blobId, (facts = { blobId, pushes: [], seen: Number.POSITIVE_INFINITY, acknowledged: false }));
    return facts;
  };
  const place = (facts: BlobFacts, cursor: bigint, digest: string, at: number, where: string) => {
    facts.seen = Math.min(facts.seen, at);
    if (facts.cursor === undefined) {
      facts.cursor = cursor;
    } else if (facts.cursor !== cursor) {
      findings.push(
        finding('moved-blob', `blob ${name(facts)} at cursor ${facts.cursor}`, `cursor ${cursor} in ${where}`),
      );
    }
    const other = byCursor.get(cursor);
    if (!other) {
      byCursor.set(cursor, facts);
    } else if (other !== facts) {
      findings.push(
        finding(
          'shared-cursor',
          `blob ${name(other)} alone at cursor ${cursor}`,
          `blob ${name(facts)} there in ${where}`,
        ),
      );
    }
    facts.digest ??= digest;
  };

  for (const operation of operations) {
    if (operation.kind === 'push') factsOf(operation.blobId).pushes.push(operation);
  }
  for (const facts of blobs.values()) facts.pushes.sort((a, b) => a.invoked - b.invoked);

  for (const operation of [...operations].sort((a, b) => completedAt(a) - completedAt(b))) {
    if (operation.kind === 'push' && operation.answer?.kind === 'ack') {
      const facts = factsOf(operation.blobId);
      const { cursor, digest } = operation.answer;
      const where = `the answer to the ${describeOperation(operation)}`;
      if (digest !== '' && digest !== operation.digest) {
        findings.push(
          finding('ack-digest', `digest ${operation.digest.slice(0, 8)}`, `${digest.slice(0, 8)} in ${where}`),
        );
      }
      if (facts.digest !== undefined && facts.digest !== operation.digest) {
        findings.push(
          finding(
            'double-accept',
            `Error 1006: the blob_id is taken by payload #${facts.digest.slice(0, 8)}`,
            `PushAck in ${where}`,
          ),
        );
      }
      place(facts, cursor, operation.digest, completedAt(operation), where);
      facts.acknowledged = true;
    }
    if (operation.kind === 'pull' && operation.answer?.kind === 'page') {
      const where = `the answer to the ${describeOperation(operation)}`;
      for (const blob of operation.answer.blobs) {
        const facts = blobs.get(blob.blobId);
        if (!facts) {
          findings.push(finding('unknown-blob', 'a blob_id that was pushed', `${blob.blobId.slice(0, 8)} in ${where}`));
          continue;
        }
        place(facts, blob.cursor, blob.digest, completedAt(operation), where);
        findings.push(...judgeContent(facts, blob, where));
      }
    }
  }
  for (const facts of blobs.values()) findings.push(...judgeRefusals(facts));
  return { blobs, byCursor, findings };
}

/** Whether what was read is what somebody pushed, and by whom. */
function judgeContent(facts: BlobFacts, blob: { digest: string; sender: string }, where: string): HistoryFinding[] {
  const findings: HistoryFinding[] = [];
  const same = facts.pushes.filter((push) => push.digest === blob.digest);
  if (same.length === 0) {
    const pushed = facts.pushes.map((push) => `payload #${push.digest.slice(0, 8)}`);
    return [
      finding(
        'altered-payload',
        [...new Set(pushed)],
        `#${blob.digest.slice(0, 8)} for blob ${name(facts)} in ${where}`,
      ),
    ];
  }
  if (same.every(isRefused)) {
    findings.push(
      finding('aborted-read', `nothing: every Push of this payload was refused`, `blob ${name(facts)} in ${where}`),
    );
  } else if (facts.digest !== blob.digest) {
    findings.push(
      finding(
        'altered-payload',
        `payload #${facts.digest!.slice(0, 8)}`,
        `#${blob.digest.slice(0, 8)} for blob ${name(facts)} in ${where}`,
      ),
    );
  }
  if (blob.sender !== '') {
    facts.sender ??= blob.sender;
    if (blob.sender !== facts.sender || !possibleSenders(same).has(blob.sender)) {
      const expected = [...possibleSenders(same)].map((device) => `sender ${device.slice(0, 8)}`);
      findings.push(
        finding('wrong-sender', expected, `sender ${blob.sender.slice(0, 8)} for blob ${name(facts)} in ${where}`),
      );
    }
  }
  return findings;
}

/** The devices whose Push may have been the first to be stored: not those that began after another had been acknowledged. */
function possibleSenders(pushes: readonly PushOperation[]): Set<string> {
  const acknowledged = pushes.filter((push) => push.answer?.kind === 'ack').map(completedAt);
  const first = Math.min(...acknowledged, Number.POSITIVE_INFINITY);
  return new Set(pushes.filter((push) => push.invoked < first && !isRefused(push)).map((push) => push.device));
}

/** Refusals that nothing explains. */
function judgeRefusals(facts: BlobFacts): HistoryFinding[] {
  const findings: HistoryFinding[] = [];
  for (const push of facts.pushes) {
    if (push.answer?.kind !== 'error') continue;
    const where = `to the ${describeOperation(push)}`;
    if (push.answer.code !== 1006) {
      // 3002 is a relay's right at any time; what it stored is seen by what is read later.
      if (push.answer.code === 3002) continue;
      findings.push(
        finding(
          'unexpected-error',
          ['PushAck', 'Error 1006 for a blob_id that is taken'],
          `Error ${push.answer.code} ${where}`,
        ),
      );
      continue;
    }
    const rival = facts.pushes.some((other) => other.digest !== push.digest && other.invoked < completedAt(push));
    if (!rival || facts.digest === push.digest) {
      findings.push(finding('false-conflict', 'PushAck: no other payload has this blob_id', `Error 1006 ${where}`));
    } else if (facts.cursor === undefined) {
      findings.push(
        finding(
          'false-conflict',
          'one of the payloads under this blob_id stored',
          `Error 1006 ${where}, and nothing stored`,
        ),
      );
    }
  }
  return findings;
}

/** Whether the relay said that it did not store it. After 3002 it may have, as after no answer at all. */
function isRefused(push: PushOperation): boolean {
  return push.answer?.kind === 'error' && push.answer.code !== 3002;
}

function name(facts: BlobFacts): string {
  return facts.blobId.slice(0, 8);
}
