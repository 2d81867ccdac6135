/** Every check of the kit. Importing this fills the registry; a check that cites an unknown requirement fails right here. */
import '../property/plans-check.ts';
import './connection-rate.ts';
import './crash.ts';
import './crowd.ts';
import './devices.ts';
import './epoch.ts';
import './error.ts';
import './frame.ts';
import './handshake.ts';
import './limit.ts';
import './membership.ts';
import './message-rate.ts';
import './notify.ts';
import './operator.ts';
import './output.ts';
import './pull.ts';
import './push.ts';
import './rekey.ts';
import './session.ts';
import './shutdown.ts';
import './timer.ts';
import './wake-up.ts';
import './wire.ts';

export { registry } from '../registry.ts';
