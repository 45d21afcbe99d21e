"""Which kernel answers: numpy's at once, the compiled one as soon as it is there.

Reading the compiled loops takes a second, making them some ten at an installation's first use. A
process that has just started does not wait for them: both kernels give equal results.
"""

from __future__ import annotations

import os
import threading

from registry.matching.counting import compiles
from registry.matching.kernel import Kernel, NumpyKernel

_LATER = 0.5
"""Seconds after the first question until the compiled kernel is fetched."""

_lock = threading.Lock()
_numpy: Kernel = NumpyKernel()
_best: Kernel | None = None
_asked = False

if hasattr(os, "register_at_fork"):
    # a process that is forked while the loops are being fetched would wait for them for ever
    os.register_at_fork(
        before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release
    )


def current_kernel() -> Kernel:
    """The best kernel that can answer now; the first call has the compiled one fetched soon."""
    global _asked
    if _best is not None:
        return _best
    if not _asked:
        _asked = True
        timer = threading.Timer(_LATER, choose_kernel)
        timer.daemon = True
        timer.start()
    return _numpy


def choose_kernel() -> Kernel:
    """The compiled kernel when numba is installed (extra `fast`), else numpy's; waits for it.

    MUSUBI_KERNEL=numpy asks for the latter.
    """
    global _best
    with _lock:
        if _best is None:
            if compiles():
                from registry.matching.compiled import CompiledKernel

                _best = CompiledKernel()
            else:
                _best = _numpy
        return _best
