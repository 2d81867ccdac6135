/** Bodies that no reader may accept, written out byte by byte, each with the requirement that it breaks. */
import { bytes, name } from './bytes.ts';

export interface Malformed {
  readonly requirement: string;
  /** Part of the check's id. */
  readonly slug: string;
  readonly title: string;
  readonly body: Uint8Array;
}

const id16 = '00112233445566778899aabbccddeeff';
const pull = name('Pull');
const push = name('Push');
const bye = name('Bye');

/** `count` map entries with keys a, b, c, … and the value nil. */
const entries = (count: number) =>
  bytes(...Array.from({ length: count }, (_, index) => bytes('a3 782d', (0x61 + index).toString(16), 'c0')));

const row = (requirement: string, slug: string, title: string, ...parts: (string | Uint8Array)[]): Malformed => ({
  requirement,
  slug,
  title,
  body: bytes(...parts),
});

/** Sent after Welcome: Error 1000, close 4000. */
export const MALFORMED: readonly Malformed[] = [
  row('WIRE-26', 'short', 'a Pull without its limit', '92', pull, '00'),
  row('WIRE-26', 'long', 'a Pull with an element behind its extension map', '95', pull, '00 00 80 00'),
  row('WIRE-26', 'push-without-ttl', 'a Push without its ttl', '93', push, 'c410', id16, 'c400'),
  row('WIRE-26', 'list-devices', 'a ListDevices with two elements behind its name', '93', name('ListDevices'), '80 80'),
  row('WIRE-27', 'map', 'an empty map', '80'),
  row('WIRE-27', 'nil', 'nil', 'c0'),
  row('WIRE-27', 'string', 'a name without an array', pull),
  row('WIRE-27', 'empty-array', 'an empty array', '90'),
  row('WIRE-27', 'code', 'the code of Pull in place of its name', '93 20 00 00'),
  row('WIRE-28', 'case', 'a Pull written pull', '93', name('pull'), '00 00'),
  row('WIRE-28', 'prefix', 'the name Pul', '93', name('Pul'), '00 00'),
  row('WIRE-28', 'longer', 'the name Pull with a zero byte behind it', '93', name('Pull\0'), '00 00'),
  row('WIRE-28', 'empty', 'an empty name', '91 a0'),
  row('WIRE-29', 'float64', 'after_cursor as the float 0.0', '93', pull, 'cb0000000000000000 00'),
  row('WIRE-29', 'float32', 'limit as the float 1.0', '93', pull, '00 ca3f800000'),
  row('WIRE-30', 'fixint', 'after_cursor −1', '93', pull, 'ff 00'),
  row('WIRE-30', 'int8', 'limit −1 in 8 bits', '93', pull, '00 d0ff'),
  row('WIRE-30', 'int64', 'after_cursor −2^63 in 64 bits', '93', pull, 'd38000000000000000 00'),
  row('WIRE-31', 'u32', 'limit 2^32', '93', pull, '00 cf0000000100000000'),
  row('WIRE-31', 'u8', 'Presence with status 256', '92', name('Presence'), 'cd0100'),
  row('WIRE-32', 'byte', 'a reason of the byte ff', '92', bye, 'a1ff'),
  row('WIRE-32', 'overlong', 'a reason of an overlong slash', '92', bye, 'a2c0af'),
  row('WIRE-32', 'surrogate', 'a reason of a lone surrogate', '92', bye, 'a3eda080'),
  row('WIRE-32', 'cut', 'a reason that ends within a character', '92', bye, 'a2e282'),
  row('WIRE-32', 'key', 'an extension key of the byte ff', '94', pull, '00 00 81 a1ff c0'),
  row('WIRE-33', 'fixext', 'limit as an ext type', '93', pull, '00 d40000'),
  row('WIRE-33', 'timestamp', 'after_cursor as a timestamp', '93', pull, 'd6ff00000000 00'),
  row('WIRE-34', 'payload', 'a payload as a string', '94', push, 'c410', id16, 'a3616263 00'),
  row('WIRE-34', 'blob-id', 'a blob_id as a UUID in text', '94', push, `d924${'61'.repeat(36)}`, 'c400 00'),
  row('WIRE-35', 'reason', 'a reason as a byte string', '92', bye, 'c40161'),
  row('WIRE-35', 'name', 'the name Pull as a byte string', '93 c40450756c6c 00 00'),
  row('WIRE-36', 'one', 'force as the integer 1', '93', name('Delete'), 'c410', id16, '01'),
  row('WIRE-36', 'zero', 'force as the integer 0', '93', name('Delete'), 'c410', id16, '00'),
  row('WIRE-37', 'nil', 'limit nil', '93', pull, '00 c0'),
  row('WIRE-37', 'bool', 'after_cursor false', '93', pull, 'c2 00'),
  row('WIRE-37', 'text', 'limit as the string "1"', '93', pull, '00 a131'),
  row('WIRE-37', 'array', 'a payload as an array of integers', '94', push, 'c410', id16, '93010203 00'),
  row('WIRE-37', 'map', 'after_cursor as a map', '93', pull, '80 00'),
  row('WIRE-38', 'short', 'a blob_id of 15 bytes', '94', push, 'c40f', id16.slice(2), 'c400 00'),
  row('WIRE-38', 'long', 'a blob_id of 17 bytes', '94', push, 'c411', id16, '00', 'c400 00'),
  row('WIRE-38', 'device-id', 'a device_id of 31 bytes', '94', name('RevokeDevice'), `c41f${'07'.repeat(31)}`, '00 c2'),
  row('WIRE-39', 'unknown', 'an unknown key twice', '94', pull, '00 00 82 a3782d61 01 a3782d61 01'),
  row('WIRE-39', 'widths', 'a key twice, in two widths of header', '94', pull, '00 00 82 a3782d61 01 d903782d61 02'),
  row('WIRE-40', 'byte', 'a byte behind a Pull', '93', pull, '00 00 00'),
  row('WIRE-40', 'message', 'a second Pull behind a Pull in one frame', '93', pull, '00 00 93', pull, '00 00'),
  row('WIRE-41', 'payload', 'a payload that runs past the end', '94', push, 'c410', id16, 'c4ff 0102'),
  row('WIRE-41', 'payload-4g', 'a payload of 4 GiB announced', '94', push, 'c410', id16, 'c6ffffffff 0102'),
  row('WIRE-41', 'string-4g', 'a reason of 4 GiB announced', '92', bye, 'dbffffffff 61'),
  row('WIRE-41', 'missing', 'a Pull that ends within its limit', '93', pull, '00 ce0000'),
  row('WIRE-41', 'name', 'a name that runs past the end', '93 af50756c6c'),
  row('WIRE-41', 'unknown-array-4g', 'an unknown value of 4 G elements', '94', pull, '00 00 81 a3782d61 ddffffffff 00'),
  row('WIRE-42', 'seventeen', 'an extension map of 17 keys', '94', pull, '00 00 de0011', entries(17)),
  row('WIRE-42', 'announced', 'an extension map of 4 G keys announced', '94', pull, '00 00 dfffffffff a3782d61 c0'),
  row('WIRE-43', 'arrays', 'an unknown value of five nested arrays', '94', pull, '00 00 81 a3782d61 9191919190'),
  row(
    'WIRE-43',
    'maps',
    'an unknown value of five nested maps',
    '94',
    pull,
    '00 00 81 a3782d61 81a0 81a0 81a0 81a0 80',
  ),
  row('WIRE-45', 'key', 'an extension key that is an integer', '94', pull, '00 00 81 01 c0'),
  row('WIRE-45', 'array', 'an array in place of the extension map', '94', pull, '00 00 90'),
  row('WIRE-45', 'nil', 'nil in place of the extension map', '94', pull, '00 00 c0'),
  row('WIRE-46', 'field', 'the byte c1 as limit', '93', pull, '00 c1'),
  row('WIRE-46', 'unknown', 'the byte c1 in an unknown value', '94', pull, '00 00 81 a3782d61 91c1'),
];

/** Pulls in forms that every reader accepts: each is answered with a PullResponse. */
export const UNUSUAL: readonly Malformed[] = [
  row('WIRE-16', 'uint8', 'limit 5 in 8 bits', '93', pull, '00 cc05'),
  row('WIRE-16', 'uint16', 'after_cursor 0 in 16 bits', '93', pull, 'cd0000 05'),
  row('WIRE-16', 'uint32', 'limit 5 in 32 bits', '93', pull, '00 ce00000005'),
  row('WIRE-16', 'uint64', 'limit 5 in 64 bits', '93', pull, '00 cf0000000000000005'),
  row('WIRE-17', 'int8', 'limit 5 as a signed integer of 8 bits', '93', pull, '00 d005'),
  row('WIRE-17', 'int16', 'limit 5 as a signed integer of 16 bits', '93', pull, '00 d10005'),
  row('WIRE-17', 'int32', 'after_cursor 0 as a signed integer of 32 bits', '93', pull, 'd200000000 05'),
  row('WIRE-17', 'int64', 'after_cursor 0 as a signed integer of 64 bits', '93', pull, 'd30000000000000000 05'),
  row('WIRE-18', 'array16', 'the message as an array with a header of 16 bits', 'dc0003', pull, '00 05'),
  row('WIRE-18', 'array32', 'the message as an array with a header of 32 bits', 'dd00000003', pull, '00 05'),
  row('WIRE-18', 'str8', 'the name with a header of 8 bits', '93 d90450756c6c 00 05'),
  row('WIRE-18', 'str16', 'the name with a header of 16 bits', '93 da000450756c6c 00 05'),
  row('WIRE-18', 'str32', 'the name with a header of 32 bits', '93 db0000000450756c6c 00 05'),
  row('WIRE-18', 'map16', 'the extension map with a header of 16 bits', '94', pull, '00 05 de0001 a3782d61 c0'),
  row('WIRE-18', 'map32', 'the extension map with a header of 32 bits', '94', pull, '00 05 df00000001 a3782d61 c0'),
  row('WIRE-19', 'unsorted', 'unknown keys that are not sorted', '94', pull, '00 05 82 a3782d62 01 a3782d61 02'),
  row('WIRE-20', 'pull', 'an empty extension map', '94', pull, '00 05 80'),
  row('WIRE-21', 'pull', 'an extension map behind a message without known keys', '94', pull, '00 05 81 a3782d61 c3'),
  row('WIRE-22', 'sixteen', 'an extension map of 16 keys', '94', pull, '00 05 de0010', entries(16)),
  row('WIRE-23', 'arrays', 'an unknown value of four nested arrays', '94', pull, '00 05 81 a3782d61 91919190'),
  row(
    'WIRE-23',
    'four',
    'an unknown value of four containers with a scalar inside',
    '94',
    pull,
    '00 05 81 a3782d61 9191919101',
  ),
  row(
    'WIRE-23',
    'maps',
    'an unknown value of four nested maps',
    '94',
    pull,
    '00 05 81 a3782d61 81a0 81a0 81a0 81a0 c0',
  ),
  row('WIRE-23', 'long', 'an unknown array of 300 elements', '94', pull, `00 05 81 a3782d61 dc012c${'c0'.repeat(300)}`),
  row(
    'WIRE-24',
    'floats',
    'floats in an unknown value',
    '94',
    pull,
    '00 05 81 a3782d61 92 ca7fc00000 cb7ff8000000000000',
  ),
  row(
    'WIRE-24',
    'negatives',
    'negative integers in an unknown value',
    '94',
    pull,
    '00 05 81 a3782d61 92 ff d38000000000000000',
  ),
  row(
    'WIRE-24',
    'ext',
    'ext types in an unknown value',
    '94',
    pull,
    '00 05 81 a3782d61 93 d40001 c70205 0102 d6ff00000000',
  ),
  row('WIRE-24', 'utf8', 'a string that is not UTF-8 in an unknown value', '94', pull, '00 05 81 a3782d61 a2c080'),
  row(
    'WIRE-24',
    'duplicates',
    'a map with a key twice in an unknown value',
    '94',
    pull,
    '00 05 81 a3782d61 82 a161 01 a161 02',
  ),
  row(
    'WIRE-24',
    'keys',
    'a map with keys that are no strings in an unknown value',
    '94',
    pull,
    '00 05 81 a3782d61 82 01 01 c0 02',
  ),
];
