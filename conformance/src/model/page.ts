import type { Finding } from '../verdict.ts';
import type { ModelBlob } from './group.ts';

/** One blob of a PullResponse, reduced to what can be compared. */
export interface PageBlob {
  readonly blobId: string;
  readonly cursor: bigint;
  /** SHA-256 of the payload. */
  readonly digest: string;
  /** Empty if nobody said. */
  readonly sender: string;
}

export interface Page {
  readonly blobs: readonly PageBlob[];
  readonly hasMore: boolean;
  readonly maxCursor: bigint;
}

export interface PullRequest {
  readonly after: bigint;
  readonly limit: number;
}

/** What is wrong with a page, named after the rule that it breaks. */
export interface PageFinding extends Finding {
  readonly rule: 'not-after' | 'order' | 'limit' | 'max-cursor' | 'content' | 'progress' | 'has-more' | 'no-more';
}

/** How many blobs a Pull may be answered with: 0 means 100, more than the relay's maximum is clamped. */
export function effectiveLimit(limit: number, maxPullLimit: number): number {
  return Math.min(limit === 0 ? 100 : limit, maxPullLimit);
}

/** What must be right about every page, whatever else happens in the group at that moment. */
export function judgeShape(request: PullRequest, page: Page, maxPullLimit: number): PageFinding | undefined {
  let previous = request.after;
  for (const blob of page.blobs) {
    if (blob.cursor <= previous) {
      return {
        rule: blob.cursor <= request.after ? 'not-after' : 'order',
        expected: [`a cursor above ${previous}`],
        actual: `cursor ${blob.cursor} in the answer to Pull(${request.after}, ${request.limit})`,
      };
    }
    previous = blob.cursor;
  }
  const most = effectiveLimit(request.limit, maxPullLimit);
  if (page.blobs.length > most) {
    return { rule: 'limit', expected: [`at most ${most} blobs`], actual: `${page.blobs.length} blobs` };
  }
  // `previous` is now the last cursor, or after_cursor if there is none.
  if (page.maxCursor !== previous) {
    return { rule: 'max-cursor', expected: [`max_cursor ${previous}`], actual: `max_cursor ${page.maxCursor}` };
  }
  return undefined;
}

/**
 * What must be right about a page while nothing else happens in the group.
 *
 * @param live - every live blob after `request.after`, ascending.
 * @param isExpiring - whether a blob among them may have expired at that moment: with it and without it the page is right.
 */
export function judgeQuietPage(
  request: PullRequest,
  page: Page,
  live: readonly ModelBlob[],
  maxPullLimit: number,
  isExpiring: (blob: ModelBlob) => boolean = () => false,
): PageFinding | undefined {
  const shape = judgeShape(request, page, maxPullLimit);
  if (shape) return shape;
  const pull = `Pull(${request.after}, ${request.limit})`;
  let next = 0;
  for (const [index, blob] of page.blobs.entries()) {
    while (live[next] && isExpiring(live[next]!) && !isSameBlob(live[next]!, blob)) next++;
    const expected = live[next++];
    if (expected && isSameBlob(expected, blob)) continue;
    return {
      rule: 'content',
      expected: [expected ? describeBlob(expected) : `nothing more after ${live.length} blobs`],
      actual: `${describeBlob(blob)} as blob ${index + 1} of the answer to ${pull}`,
    };
  }
  const left = live.slice(next);
  const surely = left.filter((blob) => !isExpiring(blob)).length;
  if (page.blobs.length === 0 && surely > 0) {
    return {
      rule: 'progress',
      expected: [`at least one of ${live.length} live blobs`],
      actual: `none in the answer to ${pull}`,
    };
  }
  if (page.hasMore ? left.length === 0 : surely > 0) {
    return {
      rule: page.hasMore ? 'no-more' : 'has-more',
      expected: [`has_more ${!page.hasMore}: ${page.blobs.length} of ${live.length} live blobs were returned`],
      actual: `has_more ${page.hasMore} in the answer to ${pull}`,
    };
  }
  return undefined;
}

function isSameBlob(expected: ModelBlob, blob: PageBlob): boolean {
  return (
    expected.cursor === blob.cursor &&
    expected.blobId === blob.blobId &&
    expected.digest === blob.digest &&
    (blob.sender === '' || expected.sender === '' || blob.sender === expected.sender)
  );
}

function describeBlob(blob: { blobId: string; cursor: bigint; digest: string; sender: string }): string {
  const from = blob.sender === '' ? '' : ` from device ${blob.sender.slice(0, 8)}`;
  return `cursor ${blob.cursor}: ${nameOf(blob)} with payload #${blob.digest.slice(0, 8)}${from}`;
}

const BLOB_ID = /^[0-9a-f]{32}$/;

/** A blob by its name in a plan, else by the beginning of its id. */
export function nameOf({ blobId }: { readonly blobId: string }): string {
  return BLOB_ID.test(blobId) ? `blob ${blobId.slice(0, 8)}` : blobId;
}
