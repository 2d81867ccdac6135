"""Asks rmp-serde about every body that the oracle files do not hold, and writes ../../sources/rmp-judged.json.

Run by hand when generate/rmp_wrong.py has changed; it needs a Rust tool chain:

    cd vectors/generate/rmp-serde
    cargo build --release --target-dir <folder>
    python3 judge.py <folder>/release/rmp-serde-judge
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent.parent / "sources"
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from codec_rmp import questions  # noqa: E402


def ask(bodies: list[bytes]) -> list[str | None]:
    """What rmp-serde writes for each body it takes, None for what it refuses."""
    lines = "".join(body.hex() + "\n" for body in bodies)
    answers = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    return [None if answer == "refused" else answer for answer in answers]


def agree_with_oracle() -> None:
    """The rebuilt types must write and judge as the deployed ones do, or their verdicts mean nothing."""
    written = json.loads((SOURCES / "rmp.json").read_text(encoding="utf-8"))
    if ask([bytes.fromhex(entry["body_hex"]) for entry in written]) != [entry["body_hex"] for entry in written]:
        raise SystemExit("the rebuilt types do not write the bodies of rmp.json")
    judged = json.loads((SOURCES / "rmp-accept.json").read_text(encoding="utf-8"))
    answers = ask([bytes.fromhex(entry["body_hex"]) for entry in judged])
    if [answer is not None for answer in answers] != [entry["accepted"] for entry in judged]:
        raise SystemExit("the rebuilt types judge otherwise than rmp-accept.json")


def main() -> None:
    agree_with_oracle()
    out = []
    for odd in questions():
        if odd.cuts:
            taken = [
                answer
                for answer in ask([odd.body[:length] for length in range(1, len(odd.body))])
                if answer is not None
            ]
            out.append(
                {"what": odd.what, "body_hex": odd.body.hex(), "cuts": "all", "written": taken[0] if taken else None}
            )
        else:
            out.append({"what": odd.what, "body_hex": odd.body.hex(), "written": ask([odd.body])[0]})
    rows = ",\n".join(" " + json.dumps(entry) for entry in out)
    (SOURCES / "rmp-judged.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8", newline="\n")
    print(f"{len(out)} verdicts, {sum(entry['written'] is not None for entry in out)} taken")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python3 judge.py <the program that cargo built>")
    main()
