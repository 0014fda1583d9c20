"""Ink that is fainter in places, as where a pencil is hardly pressed: told by the ink that it goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.recognition.paper import rim

if TYPE_CHECKING:
    from cv2.typing import MatLike

CLEAN: Final = 0.5  # of a picture has ink at most, where it is not of noise
FAINT: Final = 20  # of 255, ink at least: less is a soft shadow, or the trace of a compression
STRONG: Final = 140  # of 255, ink at least that is seen as it is
TRACE: Final = 0.15  # of the strong ink, faint ink apart from it at least
REACH: Final = 20  # th of the picture's longer side: so near is the ink that faint ink goes on from, or is the edge of
SOFT: Final = 7  # px, at least, however small the picture: so wide is the edge of what was enlarged


def evened(levels: MatLike, mask: MatLike) -> tuple[MatLike, MatLike]:  # (H, W), (H, W) -> (H, W), (H, W)
    """Return levels of ink, and where they are ink, with faint ink as strong as what it goes on from."""
    if cv2.countNonZero(levels) > CLEAN * levels.size:
        return levels, mask
    strong = _from(levels, STRONG)
    near = np.ones(2 * [max(max(levels.shape) // REACH, SOFT)], np.uint8)
    apart = cv2.bitwise_and(_from(levels, FAINT), cv2.bitwise_not(cv2.dilate(strong, near)))
    if cv2.countNonZero(apart) < TRACE * cv2.countNonZero(strong):  # nearly always
        return levels, mask
    strongest = cv2.blur(cv2.dilate(levels, near), near.shape)
    even = cv2.divide(levels, cv2.max(strongest, np.full_like(strongest, FAINT)), scale=255)
    whole = _going_on(mask, cv2.bitwise_and(_from(even, STRONG), _from(levels, FAINT)))
    if rim(np.asarray(cv2.bitwise_and(whole, apart), np.uint8)).any():  # lines of the paper
        return levels, mask
    return cv2.max(levels, cv2.bitwise_and(even, whole)), whole


def _from(levels: MatLike, least: int) -> MatLike:  # (H, W) -> (H, W)
    """Return 255 where there is at least so much ink, 0 elsewhere."""
    return cv2.threshold(levels, least - 1, 255, cv2.THRESH_BINARY)[1]


def _going_on(mask: MatLike, more: MatLike) -> MatLike:  # (H, W), (H, W) -> (H, W)
    """Return the mask with what of `more` is connected to it."""
    count, labels = cv2.connectedComponents(cv2.bitwise_or(mask, more))
    kept = np.zeros(count, np.uint8)
    kept[labels[mask > 0]] = 255
    return np.asarray(kept[labels])
