"""Short needs and seeds for tests, and strategies that make such texts."""

from hypothesis import strategies as st

from registry.matching import Item, Text, prepare

WORDS = (
    "めっき", "鍍金", "メッキ", "射出成形", "金型", "超音波洗浄機", "洗浄", "ｾﾝｻｰ", "センサ", "ＩｏＴ",
    "溶接", "自動化", "養殖", "水温", "welding", "sensors", "plating", "retail", "AI", "aquaculture",
    "コンピューータ", "塗る", "塗装", "引っ張り", "が\u3099ラス", "café", "①", "㈱", "水", "5G", "wi-fi",
    "𠮷野", "\n", "  ", "。", "、", "ー", "〜", "\u200b",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=14).map("".join)


def texts(ref: str) -> st.SearchStrategy[Text]:
    """Texts of one ref with all three fields."""
    return st.builds(
        lambda title, description, keywords: Text(ref, title, description, keywords),
        TEXTS,
        TEXTS,
        TEXTS,
    )


def item(ref: str, title: str, description: str = "", tags: str = "") -> Item:
    """An item without vectors."""
    return prepare(Text(ref, title, description, "", frozenset(tags.split())))


PLATING = item("S1", "めっき加工", "小物部品に金めっきをします。", "open surface")
MOULDS = item("S2", "射出成形金型の製作", "樹脂用の型を作ります。", "open tooling")
SENSORS = item("S3", "水温センサー", "養殖いけすの水温を測ります。", "closed fishery")
WELDING = item("S4", "Robot welding cells", "Automatic welding for small batches.", "open")
SEEDS = (PLATING, MOULDS, SENSORS, WELDING)
