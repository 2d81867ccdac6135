/** What is stored under each blob_id and at each cursor, whoever says so. */
import { BLOB_OVERHEAD } from '../model/group.ts';
import { nameOf, type PageBlob } from '../model/page.ts';
import { type BlobFacts, type Facts, faultBetween, possiblyFirst, seenAt } from './facts.ts';
import { completedAt, describeOperation, isRefused, type PullOperation, type PushOperation } from './history.ts';
import { finding, type HistoryFinding } from './rules.ts';

/** Where two answers of a group cannot both be true, and refusals that nothing explains. */
export function checkContents(facts: Facts): HistoryFinding[] {
  return [
    ...checkPlaces(facts),
    ...facts.operations.flatMap((operation) => {
      if (operation.kind === 'pull') return checkReading(facts, operation);
      return operation.kind === 'push' ? checkAcknowledgement(facts, operation) : [];
    }),
    ...checkAssignment(facts),
    ...checkRefusals(facts),
  ];
}

/** One cursor for each blob, and one blob at each cursor. */
function checkPlaces(facts: Facts): HistoryFinding[] {
  return facts.placements.flatMap(({ blob, cursor, at, operation }) => {
    const where = `the answer to the ${describeOperation(operation)}`;
    const first = facts.byCursor.get(cursor)!;
    const findings: HistoryFinding[] = [];
    if (blob.cursor !== cursor) {
      const rule = faultBetween(facts, seenAt(blob), at) ? 'moved-by-restart' : 'moved-blob';
      findings.push(
        finding(rule, `${nameOf(blob)} at cursor ${blob.cursor}`, `cursor ${cursor} in ${where}`, operation),
      );
    }
    if (first !== blob) {
      const rule = faultBetween(facts, seenAt(first), at) ? 'reused-cursor' : 'shared-cursor';
      const expected = `${nameOf(first)} alone at cursor ${cursor}`;
      findings.push(finding(rule, expected, `${nameOf(blob)} there in ${where}`, operation));
    }
    return findings;
  });
}

/** Consecutive from 1. */
function checkAssignment({ byCursor }: Facts): HistoryFinding[] {
  const cursors = [...byCursor.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const [index, cursor] of cursors.entries()) {
    const expected = BigInt(index + 1);
    if (cursor === expected) continue;
    const rule = index === 0 ? 'first-cursor' : 'gap';
    return [finding(rule, `cursor ${expected} for one of the blobs`, `${cursor} as the next cursor in use`)];
  }
  return [];
}

function checkAcknowledgement(facts: Facts, push: PushOperation): HistoryFinding[] {
  const { answer } = push;
  if (answer?.kind !== 'ack') return [];
  const blob = facts.blobs.get(push.blobId)!;
  const where = `the answer to the ${describeOperation(push)}`;
  const findings: HistoryFinding[] = [];
  if (facts.limits.maxBlob !== undefined && push.size > facts.limits.maxBlob) {
    const expected = `Error 2001 for a payload of ${push.size} bytes`;
    findings.push(finding('too-large', expected, `PushAck in ${where}`, push));
  }
  if (answer.digest !== '' && answer.digest !== push.digest) {
    const actual = `${answer.digest.slice(0, 8)} in ${where}`;
    findings.push(finding('ack-digest', `digest ${push.digest.slice(0, 8)}`, actual, push));
  }
  if (blob.digest !== push.digest) {
    const expected = `Error 1006: the blob_id is taken by payload #${blob.digest?.slice(0, 8)}`;
    findings.push(finding('double-accept', expected, `PushAck in ${where}`, push));
  }
  return findings;
}

function checkReading(facts: Facts, pull: PullOperation): HistoryFinding[] {
  if (pull.answer?.kind !== 'page') return [];
  const where = `the answer to the ${describeOperation(pull)}`;
  return pull.answer.blobs.flatMap((read) => {
    const blob = facts.blobs.get(read.blobId);
    if (!blob) {
      return [finding('unknown-blob', 'a blob_id that was pushed', `${read.blobId.slice(0, 8)} in ${where}`, pull)];
    }
    return judgeContent(blob, read, where, pull);
  });
}

/** Whether what was read is what somebody pushed, and by whom. */
function judgeContent(blob: BlobFacts, read: PageBlob, where: string, pull: PullOperation): HistoryFinding[] {
  const same = blob.pushes.filter((push) => push.digest === read.digest);
  const actual = `#${read.digest.slice(0, 8)} for ${nameOf(blob)} in ${where}`;
  if (same.length === 0) {
    if (blob.torn.some((push) => push.digest === read.digest)) {
      const expected = 'nothing of a Push whose connection was cut before its last byte';
      return [finding('torn-push', expected, `${nameOf(blob)} in ${where}`, pull)];
    }
    const pushed = blob.pushes.map((push) => `payload #${push.digest.slice(0, 8)}`);
    return [finding('altered-payload', [...new Set(pushed)], actual, pull)];
  }
  const findings: HistoryFinding[] = [];
  if (same.every(isRefused)) {
    const expected = 'nothing: every Push of this payload was refused';
    findings.push(finding('aborted-read', expected, `${nameOf(blob)} in ${where}`, pull));
  } else if (blob.digest !== read.digest) {
    findings.push(finding('altered-payload', `payload #${blob.digest!.slice(0, 8)}`, actual, pull));
  }
  if (read.sender === '') return findings;
  blob.sender ??= read.sender;
  const possible = new Set(possiblyFirst(blob).map(({ device }) => device));
  if (read.sender !== blob.sender || !possible.has(read.sender)) {
    const expected = [...possible].map((device) => `sender ${device.slice(0, 8)}`);
    const got = `sender ${read.sender.slice(0, 8)} for ${nameOf(blob)} in ${where}`;
    findings.push(finding('wrong-sender', expected, got, pull));
  }
  return findings;
}

/** Refusals that nothing explains. */
function checkRefusals(facts: Facts): HistoryFinding[] {
  return [...facts.blobs.values()].flatMap((blob) =>
    blob.pushes.flatMap((push) => (push.answer?.kind === 'error' ? judgeRefusal(facts, blob, push) : [])),
  );
}

function judgeRefusal(facts: Facts, blob: BlobFacts, push: PushOperation): HistoryFinding[] {
  const { code } = push.answer as { code: number };
  const where = `to the ${describeOperation(push)}`;
  const { maxBlob, quota } = facts.limits;
  // 3002 is a relay's right at any time; what it stored is seen by what is read later.
  if (code === 3002) return [];
  if (code === 2001 && (maxBlob === undefined || push.size > maxBlob)) return [];
  if (code === 2002) {
    if (blob.acknowledged < push.invoked) {
      const expected = blob.digest === push.digest ? `PushAck with cursor ${blob.cursor} again` : 'Error 1006';
      return [finding('full-for-repeat', expected, `Error 2002 ${where}`, push)];
    }
    if (quota === undefined) return [];
    const used = usedAtMost(facts, push);
    if (used + push.size + BLOB_OVERHEAD > quota) return [];
    const expected = `PushAck: at most ${used} of ${quota} bytes were in use`;
    return [finding('early-quota', expected, `Error 2002 ${where}`, push)];
  }
  if (code !== 1006) {
    const expected = ['PushAck', 'Error 1006 for a blob_id that is taken'];
    return [finding('unexpected-error', expected, `Error ${code} ${where}`, push)];
  }
  const rival = blob.pushes.some((other) => other.digest !== push.digest && other.invoked < completedAt(push));
  if (!rival || blob.digest === push.digest) {
    const expected = 'PushAck: no other payload has this blob_id';
    return [finding('false-conflict', expected, `Error 1006 ${where}`, push)];
  }
  if (blob.cursor === undefined) {
    const expected = 'one of the payloads under this blob_id stored';
    return [finding('false-conflict', expected, `Error 1006 ${where}, and nothing stored`, push)];
  }
  return [];
}

/** The most that a group can have held while a Push was under way: all that had been sent by then and was not surely refused before. */
function usedAtMost({ blobs }: Facts, push: PushOperation): number {
  let used = 0;
  for (const blob of blobs.values()) {
    if (blob.blobId === push.blobId) continue;
    const sizes = blob.pushes
      .filter((other) => other.invoked < completedAt(push) && !(isRefused(other) && completedAt(other) < push.invoked))
      .map(({ size }) => size + BLOB_OVERHEAD);
    used += Math.max(0, ...sizes);
  }
  return used;
}

/** No acknowledged blob brings the group above its quota. Blobs that may have expired by then count for nothing. */
export function checkQuota({ byCursor, limits: { quota } }: Facts): HistoryFinding[] {
  if (quota === undefined) return [];
  let used = 0;
  for (const [cursor, blob] of [...byCursor].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stored = blob.pushes.find(({ digest }) => digest === blob.digest);
    if (!stored || blob.ttl.least < 3600) continue;
    used += stored.size + BLOB_OVERHEAD;
    if (used > quota) {
      const expected = `Error 2002 for what goes beyond ${quota} bytes`;
      return [finding('over-quota', expected, `${used} bytes up to cursor ${cursor}`, stored)];
    }
  }
  return [];
}
