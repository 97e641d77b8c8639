"""Cards by hazard: the one table that the golden test and its regenerator share."""

from pathlib import Path

from catalog.record import parse
from catalog.source import read
from render import Card, CardRenderer, Plate, group_card, package_card, site_card, told
from tests.render import pictures

SAMPLE = Path(__file__).parents[2] / "data" / "sources" / "sample.jsonl"


def _plugin(name: str, description: str = "What it does, in a sentence.", **more: object) -> Card:
    facts: dict[str, object] = {
        "version": "1.2.3",
        "author": "Ada & Co.",
        "active_installs": 40_000,
        "downloads": 1_234,
        "slug": "golden",
    }
    facts |= more
    return package_card(type="plugin", name=name, description=description, **facts)  # type: ignore[arg-type]


def _group(kind: str, name: str, packages: int) -> Card:
    """Give the card of an author or a tag, with a face of every kind."""
    cards = [
        _plugin("Akismet Anti-spam"),
        _plugin("Wordfence", picture=pictures.named("flat")),
        package_card(type="theme", slug="astra", name="Astra", picture=pictures.named("light")),
        package_card(type="theme", slug="g", name="Gone", closed=True),
    ]
    return group_card(
        kind=kind,
        name=name,
        packages=packages,
        first=[card.name for card in cards],
        faces=told([plate for card in cards if (plate := Plate.of(card))]),
    )


GOLDEN: dict[str, Card] = {
    "plain": _plugin("Contact Form 7", "Just another contact form plugin. Simple but flexible."),
    "theme": package_card(
        type="theme",
        slug="twentytwentyfive",
        name="Twenty Twenty-Five",
        description="Simplicity and adaptability, with flexible design options.",
        version="1.3",
        author="the WordPress team",
        active_installs=1_000_000,
    ),
    "closed": package_card(
        type="plugin",
        slug="gone",
        name="Gone",
        author="Nobody",
        closed=True,
        closed_on="2026-05-12",
        closed_for="Security Issue",
    ),
    "closed-theme": package_card(type="theme", slug="g", name="Gone for no reason", closed=True),
    "vulnerable": _plugin(
        "Open Door",
        "Lets in whoever knocks.",
        version="14.13.1",
        advisories=["CVE-2026-12345"],
    ),
    "vulnerable-theme": package_card(
        type="theme",
        slug="ajar",
        name="Ajar",
        description="A frame with a gap.",
        version="4.11.15",
        author="Ada & Co.",
        active_installs=1_000_000,
        downloads=12_345,
        advisories=["CVE-2026-12345", ""],
        picture=pictures.named("light"),
    ),
    "site": site_card(),
    "no-command": _plugin("Kept Elsewhere", "No file of it is to be had.", command=""),
    "no-command-no-facts": package_card(
        type="plugin", slug="x", name="Nothing of it", description="But this.", command=""
    ),
    "version-note": _plugin("Untagged", version="6.0, trunk"),
    "minimal": package_card(type="plugin", slug="x", name="Hello Dolly"),
    "overflow": _plugin("All of the words " * 12, "More words than anybody reads, " * 12),
    "unbroken": _plugin("Donaudampfschifffahrtselektrizitaeten" * 4, "x" * 300),
    "joints": _plugin("WooCommerce_SuperCheckout-FieldEditor/ManagerProfessional", slug="a-b" * 20),
    "escaping": _plugin("<b>&amp; 'quotes' \"double\"</b>", "]]> <!-- &lt;script&gt; %s {x} $y"),
    "whitespace": _plugin(" \t Spaced \n\n out \u2003 name ", "\u2028 one \u00a0\u00a0 two \r\n"),
    "controls": _plugin("Con\x00trol\x1b[31m\x7f \u200b\u2060\ufeff", "A\u00adB\u0085C\ud800D"),
    "override": _plugin("evil\u202etxt.exe\u202c \u2066name\u2069", "\u202b\u200fright to left?"),
    "zalgo": _plugin("Z" + "\u0300\u0316\u0488" * 20 + "algo", "w" + "\u033f" * 200),
    "arabic": _plugin("إضافة WooCommerce 2.0 للمتاجر", "تعمل مع كل القوالب (الإصدار 6.1) مجانا"),
    "hebrew": _plugin("תוסף טפסים Forms", "טפסים יפים לכל אתר, בלי קוד."),
    "devanagari": _plugin("हिन्दी संपर्क फ़ॉर्म", "एक सरल और लचीला संपर्क फ़ॉर्म।"),
    "thai": _plugin("ปลั๊กอินภาษาไทยที่ดีที่สุด", "ฟอร์มติดต่อที่ใช้งานง่ายและยืดหยุ่น"),
    "japanese": _plugin("日本語の直し方と骨", "簡単で柔軟なお問い合わせフォームです。直・骨・角。"),
    "katakana": _plugin(
        "ショッピングカートプラグイン 国 WordPress",
        "カスタムフィールドテンプレートをメールフォームコンポーネントとショッピングカートにコピーします。",
    ),
    "chinese": _plugin("直骨角 – 简体中文插件", "简单而灵活的联系表单。"),
    "korean": _plugin(
        "한국어 Contact 문의 양식",
        "간단하고 유연한 문의 양식 플러그인으로 어디서나 보이고 자료실을 사용하지 않습니다.",
    ),
    "compound": _plugin("Betriebsunterbrechungsversicherungsrechner", "Rechnet aus, was ausfällt."),
    "separators": _plugin(
        "Short – a | b · c",
        "Half of it is said before — the other — half behind the dash that is – here – or there.",
    ),
    "hyphens": _plugin(
        "Collab Pay \u2011 Share",
        "Half \u2010 and half \u2212 or │ a third of it, as it is agreed.",
    ),
    "subtitle": _plugin("Akismet Anti-spam: Spam Protection, and a good deal more of it"),
    "brackets": _plugin("Welcart e-Commerce（日本生まれのネットショップ）", "代引き、のし。"),
    "tall": _plugin(
        "ဝပ်ပို့စ်ဗျူး ရေတွက်မှု ကိရိယာ ပလပ်အင် – လည်ပတ်မှု", "ဆောင်းပါးတစ်ပုဒ်ကို ဘယ်နှစ်ကြိမ် ဖတ်ခဲ့သည်ကို ရေတွက်ပြီး ပြသပေးသည်။ " * 2
    ),
    "overlays": _plugin("S\u0336t\u0336ruck ≠ n\u0338ot", "o\u0334v\u0335e\u0337r"),
    "figures": _plugin("10up 2.0: 0123456789", version="2.0.10"),
    "vietnamese": _plugin("Tiếng Việt: ễ ộ ử ặ", "Biểu mẫu liên hệ đơn giản nhưng linh hoạt."),
    "stacks": _plugin("ភាសាខ្មែរ မြန်မာ བོད་ཡིག", "தமிழ் తెలుగు ქართული Հայերեն አማርኛ"),
    "emoji": _plugin("🚀 Launch 👩‍👩‍👧 🇯🇵 👍🏽", "Families, flags and skin tones 🏴󠁧󠁢󠁥󠁮󠁧󠁿."),
    "keycaps": _plugin("1️⃣ One #️⃣ ▶️ Play", "©️ ❤️ ☎️ and 2️⃣, but not ▶ © 2."),
    "letters": _plugin("𝓜𝓪𝓽𝓱 𝔏𝔢𝔱𝔱𝔢𝔯𝔰 ①②③ ﷺ", "№ ™ © ½ → ★ ☎ ∑ ≠ ⌘"),
    "unknown": _plugin("Unknown \U0010fffd \ue000 sign", "\ufffe and \U000e0fff"),
    "long-version": _plugin("Versioned", version="20251123.4567.89-beta.12+build.sha.5114f85"),
    "three-facts": _plugin(
        "Facts", version="14.13.1", active_installs=12_000_000, downloads=1_234_567
    ),
    "initial-arabic": _plugin("ووکامرس فارسی", "فروشگاه به زبان فارسی."),
    "initial-han": _plugin("多合一搜索自动推送管理插件", "文章一发布。"),
    "initial-devanagari": _plugin("हिन्दी", "क्षमा"),
    "initial-thai": _plugin("เว็บไซต์", "ไทย"),
    "initial-wide": _plugin("Wwww"),
    "initial-lozenge": package_card(type="theme", slug="w", name="Woo Möbius", version="1"),
    "icon": _plugin("Wordfence Security: Firewall", picture=pictures.named("flat")),
    "icon-photo": _plugin("Landscapes 🚀", picture=pictures.named("photo")),
    "icon-soft": _plugin("Soft Shadows", picture=pictures.named("soft")),
    "icon-tall": _plugin("Tall", picture=pictures.named("tall")),
    "icon-wide": _plugin("Wide", picture=pictures.named("wide")),
    "screenshot-light": package_card(
        type="theme",
        slug="astra",
        name="Astra",
        description="A light frame for any page builder: under fifty kilobytes.",
        version="4.11.15",
        author="Brainstorm Force",
        active_installs=1_000_000,
        downloads=12_345,
        picture=pictures.named("light"),
    ),
    "screenshot-dark": package_card(
        type="theme",
        slug="twentytwentyfive",
        name="Twenty Twenty-Five – a theme for photographers",
        description="Simplicity and adaptability, with flexible design options, " * 4,
        version="1.3",
        author="the WordPress team",
        active_installs=1_000_000,
        picture=pictures.named("dark"),
    ),
    "author": _group("author", "Automattic", 21),
    "tag": _group("tag", "search engine optimisation, and all that goes with it", 1_234),
    "long-author": _plugin(
        "Authored", author="Ann, Bob, Cid, Dot, Eve, Fay, Gus, Hal and others " * 3
    ),
}


def renderer() -> CardRenderer:
    """Give a renderer that has the pictures of these cards."""
    return CardRenderer(pictures=pictures.by_digest)


def sample() -> list[Card]:
    """Give the cards of the embedded catalogue."""
    records = (parse(line.content) for line in read(str(SAMPLE)))
    return [
        package_card(
            type=record.type,
            slug=record.slug,
            name=record.name,
            description=record.description,
            version=record.version,
            author=record.author,
            active_installs=record.active_installs,
            downloads=(record.active_installs or 0) // 7,
            closed=record.closure is not None,
        )
        for record in records
    ]
