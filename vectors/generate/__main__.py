"""Rewrites every vector file, or with --check says which of them are stale.

    python3 vectors/generate            rewrite
    python3 vectors/generate --check    compare; exit 1 when one differs

The output depends on these modules, ../sources and the pinned libraries, on nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.dont_write_bytecode = True

import backoff  # noqa: E402
import codec_bin  # noqa: E402
import codec_rmp  # noqa: E402
import content  # noqa: E402
import cursor_tracker  # noqa: E402
import device_name  # noqa: E402
import dialogue_schema  # noqa: E402
import dialogues  # noqa: E402
import envelope  # noqa: E402
import framing  # noqa: E402
import ids  # noqa: E402
import invite  # noqa: E402
import kdf  # noqa: E402
import membership  # noqa: E402
import message_schema  # noqa: E402
import noise  # noqa: E402
import padding  # noqa: E402
import passphrase  # noqa: E402
import seals  # noqa: E402
import self_check  # noqa: E402
import short_code  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent

FILES = {
    "codec-bin.json": codec_bin.build,
    "codec-rmp.json": codec_rmp.build,
    "framing.json": framing.build,
    "noise.json": noise.build,
    "ids.json": ids.build,
    "membership.json": membership.build,
    "kdf.json": kdf.build,
    "argon2.json": passphrase.build,
    "padme.json": padding.build,
    "seal-1.json": seals.build_1,
    "seal-2.json": seals.build_2,
    "content.json": content.build,
    "device-name.json": device_name.build,
    "envelope.json": envelope.build,
    "invite.json": invite.build,
    "short-code.json": short_code.build,
    "cursor-tracker.json": cursor_tracker.build,
    "backoff.json": backoff.build,
    "session-dialogues.json": dialogues.build,
    "schemas/message.schema.json": message_schema.build,
    "schemas/ids.schema.json": ids.schema,
    "schemas/membership.schema.json": membership.schema,
    "schemas/kdf.schema.json": kdf.schema,
    "schemas/argon2.schema.json": passphrase.schema,
    "schemas/padme.schema.json": padding.schema,
    "schemas/seal-1.schema.json": seals.schema_1,
    "schemas/seal-2.schema.json": seals.schema_2,
    "schemas/content.schema.json": content.schema,
    "schemas/device-name.schema.json": device_name.schema,
    "schemas/envelope.schema.json": envelope.schema,
    "schemas/invite.schema.json": invite.schema,
    "schemas/short-code.schema.json": short_code.schema,
    "schemas/cursor-tracker.schema.json": cursor_tracker.schema,
    "schemas/backoff.schema.json": backoff.schema,
    "schemas/session-dialogues.schema.json": dialogue_schema.schema,
}


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: python3 vectors/generate [--check]", file=sys.stderr)
        return 2
    stale = []
    for name, build in FILES.items():
        path = ROOT / name
        text = build()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not arguments:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {name}")
    if arguments and stale:
        print("stale, run python3 vectors/generate: " + ", ".join(stale), file=sys.stderr)
        return 1
    faults = self_check.faults()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
