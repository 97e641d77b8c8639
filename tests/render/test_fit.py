"""Words are fitted as if every size had been tried."""

import random
from collections.abc import Sequence

import pytest

from render import Card
from render.breaks import Span
from render.engine import Engine
from render.fit import Block, Fitter
from render.measure import Measure
from render.template import Slot
from render.text import language
from render.typeset import Typesetter

_WORDS = {
    "latin": "WordPress plugin for AVATAR, fjord ffi – “quotes” … WooCommerce Übergröße e-mail",
    "cyrillic": "Плагин для записи, перевода и обмена сообщениями в магазине WooCommerce",
    "arabic": "إضافة لإرسال الرسائل عبر WooCommerce 2.0 في المتجر والمدونة",
    "hebrew": "תוסף טפסים פשוט עבור WordPress 6.4 ועוד",
    "indic": "हिन्दी संपर्क फ़ॉर्म और সহজ প্লাগইন தமிழ் செருகுநிரல்",
    "thai": "ปลั๊กอินภาษาไทย สำหรับร้านค้า WooCommerce",
    "han": "日本語の直し方、プラグインです。 插件支持多种语言，简单易用。 Latin 한국어 문의 양식",
    "emoji": "\N{ROCKET} Launch 1\ufe0f\u20e3 ễ ộ № ™ \U0001f1ef\U0001f1f5 fast",
}

_KERNED = "Twenty Twenty-Three"  # at the end of a line its hyphen is wider


class _Plain(Fitter):
    """Tries every size."""

    def _measure(self, slot: Slot, text: str, size: float, whole: Sequence[Span]) -> Measure | None:
        return None


def _told(block: Block) -> object:
    setting = block.setting
    return block.state, setting.size, setting.width, setting.words(), block.top, block.bottom


def _texts(script: str) -> list[str]:
    chance = random.Random(script)
    words = _WORDS[script].split()
    lengths = [*range(1, 12), *chance.choices(range(12, 60), k=9)]
    return [_KERNED, *(" ".join(chance.choices(words, k=length)) for length in lengths)]


@pytest.mark.parametrize("script", _WORDS)
def test_words_are_fitted_as_if_every_size_had_been_tried(script: str, engine: Engine) -> None:
    """What is told by arithmetic of sizes and lines is what trying all of them comes to."""
    slots = [slot for slot in engine.art(Card("plugin", "x")).template.slots() if not slot.literal]
    typesetter = Typesetter()
    for text in _texts(script):
        quick, plain = (kind(typesetter, language(text), {}) for kind in (Fitter, _Plain))
        for slot in slots:
            assert _told(quick.fit(slot, text)) == _told(plain.fit(slot, text)), (slot.id, text)
