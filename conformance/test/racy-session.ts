import type { Push } from '@0k-sync/spec';
import { type ScriptedGroup, ScriptedSession } from '../src/model/scripted-relay.ts';

/** Of each group, the blob whose storing has begun in this turn of the event loop, and by whom. */
const begun = new WeakMap<ScriptedGroup, { readonly blobId: string; readonly device: string }>();

/**
 * A relay that loses a blob where two devices push in the same turn of its event loop: both are acknowledged, with cursors of
 * their own, and the first of the two is overwritten by the other.
 */
export class RacySession extends ScriptedSession {
  override push(push: Push): void {
    const group = this.group!;
    const highest = group.model.maxCursor;
    super.push(push);
    if (group.model.maxCursor === highest) return;
    const other = begun.get(group);
    if (other && other.device !== this.device) group.model.remove(other.blobId);
    begun.set(group, { blobId: Buffer.from(push.blob_id).toString('hex'), device: this.device });
    setImmediate(() => begun.delete(group));
  }
}
