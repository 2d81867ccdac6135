/** Every check of the kit. Importing this fills the registry; a check that cites an unknown requirement fails right here. */
import '../property/plans-check.ts';
import './crash.ts';
import './epoch.ts';
import './error.ts';
import './frame.ts';
import './handshake.ts';
import './limit.ts';
import './membership.ts';
import './notify.ts';
import './pull.ts';
import './push.ts';
import './session.ts';
import './wire.ts';

export { registry } from '../registry.ts';
